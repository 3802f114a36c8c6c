//! Saving a visit: the record, its photos, what it teaches the contact book, in one transaction.

use shared::{
    day::Timestamp,
    document::{self, Record, edit::Edit},
    evidence::Fix,
    ids::{CustomerId, DocumentId},
    visit::Visit,
};

use super::{
    attach, book, correct::Correcting, drop_draft, keep_photos, next_origin, put_new, text,
};
use crate::replica::{
    api::NewVisit,
    error::Result,
    host::Host,
    open::Open,
    store::{place, rows},
};

/// A check-in this accurate may set a customer's place, in metres.
const GOOD_FIX_M: u32 = 100;

/// Saves a visit; the check-out is now.
pub fn save(open: &mut Open, host: &Host, new: NewVisit, now: Timestamp) -> Result<DocumentId> {
    save_as(open, host, new, None, now)
}

/// Saves a visit, perhaps in place of a refused one; that was then and there.
pub fn save_as(
    open: &mut Open,
    host: &Host,
    new: NewVisit,
    old: Option<&Correcting>,
    now: Timestamp,
) -> Result<DocumentId> {
    rows::customer(&open.db, new.customer)?;
    let was = old.and_then(Correcting::visit);
    let visit = Visit {
        customer: new.customer,
        person: open.identity.person,
        started_at: was.map_or(new.started_at.min(now), |was| was.started_at),
        ended_at: was.map_or(now, |was| was.ended_at),
        check_in: was.map_or(new.check_in, |was| was.check_in),
        check_out: was.map_or(new.check_out, |was| was.check_out),
        purpose: new.purpose,
        person_met: text(&new.person_met, "visit.person_met_too_long")?,
        result: new.result,
        reason: new.reason,
        signs: new.signs,
        next_day: new.next_day,
        related: new.related,
        notes: text(&new.notes, "visit.notes_too_long")?,
        comments: vec![],
        attachments: attach(open, host, &new.photos, now)?,
        corrects: old.map(Correcting::corrects).unwrap_or_default(),
    };
    let mut identity = open.identity.clone();
    let origin = next_origin(open, &mut identity, now);
    let change = document::create_visit(&visit, origin)?;
    let photos = visit.attachments.clone();
    let (mut signs, check_in) = (visit.signs.clone(), visit.check_in);
    // What the refused visit taught the contact book stands there.
    signs.retain(|sign| !was.is_some_and(|was| was.signs.contains(sign)));
    let tx = open.begin()?;
    put_new(
        &tx,
        open,
        &change,
        (new.customer, &Record::Visit(visit)),
        origin,
        now,
    )?;
    keep_photos(&tx, change.document, &new.photos, now)?;
    book::add_signs(&tx, open, host, new.customer, &signs, now)?;
    if let Some(fix) = check_in {
        place_customer(&tx, open, new.customer, fix, now)?;
    }
    match old {
        Some(old) => old.finish(&tx, open, host, change.document, &photos, now)?,
        None => drop_draft(&tx, "visit", new.customer)?,
    }
    identity.save_counters(&tx)?;
    tx.commit()?;
    open.identity = identity;
    Ok(change.document)
}

/// The first good check-in sets the customer's place, if neither the books nor the contact book know it.
fn place_customer(
    db: &rusqlite::Connection,
    open: &Open,
    customer: CustomerId,
    fix: Fix,
    now: Timestamp,
) -> Result<()> {
    let known: bool = db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM customer WHERE id = ?1 AND lat IS NOT NULL)
                 OR EXISTS (SELECT 1 FROM book WHERE customer = ?1 AND lat IS NOT NULL)",
        )?
        .query_row([customer.0.into_bytes()], |row| row.get(0))?;
    if known || fix.accuracy_m > GOOD_FIX_M {
        return Ok(());
    }
    let book = book::ensure(db, open, customer, now)?;
    super::edit::apply(db, open, book, &Edit::BookPosition(fix.point), now)
}

/// The customer's place: what the field found out, else what the books say.
pub fn known_place(
    db: &rusqlite::Connection,
    customer: CustomerId,
) -> Result<Option<shared::evidence::GeoPoint>> {
    let found = db
        .prepare_cached(
            "SELECT COALESCE(b.lat, c.lat), COALESCE(b.lon, c.lon) FROM customer c
             LEFT JOIN book b ON b.customer = c.id WHERE c.id = ?1",
        )?
        .query_row([customer.0.into_bytes()], |row| place(row, 0));
    match found {
        Ok(found) => Ok(found),
        Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
