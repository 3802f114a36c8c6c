//! The salesperson's day: how far from zero, what was collected, whom to see and why.

use std::collections::BTreeMap;

use rusqlite::params;
use shared::{
    customer::ContactRole, day::Day, evidence::GeoPoint, ids::CustomerId, money::Money,
    people::Role, policy::work_list,
};

use super::{
    super::{
        api::{TodayItem, TodayView},
        error::Result,
        host::Host,
        open::Open,
        store::{customer_id, laid_ready, money, place},
    },
    facts,
};

/// The day's view: as it was laid ready, or made out now and laid ready.
pub fn view(open: &Open, host: &Host) -> Result<TodayView> {
    let today = open.day(host.clock.now())?;
    ready_or_made(open, host, today)
}

/// Makes out today's and the next day's view, so that the app opens with either at once: for when nobody looks.
pub fn lay_ready(open: &Open, host: &Host) -> Result<()> {
    let today = open.day(host.clock.now())?;
    if host.build.is_some() && open.role()? == Role::Rep {
        ready_or_made(open, host, today)?;
        ready_or_made(open, host, today.plus_days(1))?;
    }
    Ok(())
}

fn ready_or_made(open: &Open, host: &Host, day: Day) -> Result<TodayView> {
    let Some(build) = &host.build else {
        return made(open, day);
    };
    if let Some(bytes) = laid_ready::load(&open.db, build, day)?
        // What cannot be read was not written by this build: it is made out anew.
        && let Ok(view) = postcard::from_bytes(&bytes)
    {
        return Ok(view);
    }
    let view = made(open, day)?;
    if let Ok(bytes) = postcard::to_allocvec(&view) {
        // Without room on the disk the view is as good.
        let _ = laid_ready::keep(&open.db, build, day, &bytes);
    }
    Ok(view)
}

fn made(open: &Open, today: Day) -> Result<TodayView> {
    let accounts = facts::accounts(open, today, None)?;
    let customer_count = u32::try_from(accounts.len()).unwrap_or(u32::MAX);
    let appointments: BTreeMap<CustomerId, Day> = accounts
        .values()
        .filter_map(|a| Some((a.customer, a.appointment?)))
        .collect();
    let accounts: Vec<_> = accounts.into_values().collect();
    let list = work_list::work_list(&accounts, today, &open.settings()?)?;
    let mut faces = faces(open)?;
    let items = list
        .into_iter()
        .filter_map(|item| {
            let face = faces.remove(&item.customer)?;
            Some(TodayItem {
                customer: item.customer,
                name: face.name,
                outstanding: item.outstanding,
                overdue: item.overdue,
                contact: face.contact,
                best_time: face.best_time,
                position: face.position,
                why: item.reasons,
                appointment: appointments.get(&item.customer).copied(),
                hold: face.hold,
            })
        })
        .collect();
    let month = month(open, today)?;
    Ok(TodayView {
        today,
        to_zero: month.to_zero,
        paid_permille: permille(month.paid, month.whole),
        in_transit_permille: permille(month.in_transit.min(month.to_zero), month.whole),
        collected_today: collected_on(open, today)?,
        items,
        customer_count,
    })
}

/// What a card shows beside the figures.
struct Face {
    name: String,
    contact: Option<(String, ContactRole)>,
    best_time: String,
    position: Option<GeoPoint>,
    hold: bool,
}

fn faces(open: &Open) -> Result<BTreeMap<CustomerId, Face>> {
    let mut statement = open.db.prepare_cached(
        "SELECT c.id, c.name, c.contact, c.contact_role, COALESCE(b.best_time, ''),
           COALESCE(b.lat, c.lat), COALESCE(b.lon, c.lon), c.hold
         FROM customer c LEFT JOIN book b ON b.customer = c.id",
    )?;
    let rows = statement.query_map([], |row| {
        let contact: String = row.get(2)?;
        let role = ContactRole::from_slug(&row.get::<_, String>(3)?);
        let face = Face {
            name: row.get(1)?,
            contact: (!contact.is_empty()).then_some((contact, role)),
            best_time: row.get(4)?,
            position: place(row, 5)?,
            hold: row.get(7)?,
        };
        Ok((customer_id(row, 0)?, face))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

struct Month {
    to_zero: Money,
    paid: Money,
    whole: Money,
    in_transit: Money,
}

/// What is due by the month's end: still to pay; paid of what falls due this month; both together.
fn month(open: &Open, today: Day) -> Result<Month> {
    let end = today.month_end();
    let first = Day::new(
        chrono::Datelike::year(&today.0),
        chrono::Datelike::month(&today.0),
        1,
    )
    .unwrap_or(today);
    let (to_zero, unpaid_of_month) = open
        .db
        .prepare_cached(
            "SELECT COALESCE(SUM(MAX(outstanding, 0)), 0),
               COALESCE(SUM(CASE WHEN due >= ?2 THEN MAX(outstanding, 0) ELSE 0 END), 0)
             FROM open_invoice WHERE due <= ?1 AND amount > 0",
        )?
        .query_row(params![end.number(), first.number()], |row| {
            Ok((money(row, 0)?, money(row, 1)?))
        })?;
    let due_of_month = open
        .db
        .prepare_cached(
            "SELECT COALESCE(SUM(amount), 0) FROM invoice WHERE due BETWEEN ?2 AND ?1 AND amount > 0",
        )?
        .query_row(params![end.number(), first.number()], |row| money(row, 0))?;
    let paid = due_of_month.checked_sub(unpaid_of_month)?.max(Money::ZERO);
    let in_transit = open
        .db
        .prepare_cached(
            "SELECT COALESCE((SELECT SUM(in_transit) FROM account), 0) + COALESCE((
               SELECT SUM(o.amount) FROM own_receipt o LEFT JOIN account a ON a.customer = o.customer
               WHERE o.method <> 'cash' AND (o.seq IS NULL OR o.seq > COALESCE(a.row_seq, 0))), 0)",
        )?
        .query_row([], |row| money(row, 0))?;
    Ok(Month {
        to_zero,
        paid,
        whole: to_zero.checked_add(paid)?,
        in_transit,
    })
}

fn permille(part: Money, whole: Money) -> u16 {
    if !whole.is_positive() {
        return 0;
    }
    let permille = part.fen().saturating_mul(1_000) / whole.fen();
    u16::try_from(permille.clamp(0, 1_000)).unwrap_or(0)
}

/// What this person took on a day, voided receipts left out.
pub fn collected_on(open: &Open, day: Day) -> Result<Money> {
    Ok(open
        .db
        .prepare_cached(
            "SELECT COALESCE(SUM(amount), 0) FROM receipt WHERE person = ?1 AND day = ?2 AND voided = 0",
        )?
        .query_row(
            params![open.identity.person.0.into_bytes(), day.number()],
            |row| money(row, 0),
        )?)
}
