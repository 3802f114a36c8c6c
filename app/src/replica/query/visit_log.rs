//! The visit log: filtered, with position against the customer's place and a sane clock.

use std::collections::BTreeSet;

use rusqlite::{Row, params, types::Value};
use shared::{
    evidence::Fix,
    ids::{CustomerId, PersonId},
    policy::{Settings, place::PlaceCheck},
    visit::{UnpaidReason, VisitPurpose, VisitResult, WarningSign},
};

use super::{
    super::{
        api::{VisitLine, VisitLogFilter, VisitLogView},
        error::Result,
        open::Open,
        store::{customer_id, document_id, money, person_id, place, time},
    },
    customers::escaped,
};

/// Most lines that are ever given.
const MOST: u32 = 2_000;

const SELECT: &str =
    "SELECT v.document, v.person, v.customer, c.name, v.started_at, v.ended_at, v.person_met,
      v.purpose, v.result, v.reason, v.signs, v.photos, v.comments, v.lat, v.lon, v.accuracy_m,
      COALESCE(b.lat, c.lat), COALESCE(b.lon, c.lon), d.clock_offset_ms
    FROM visit v JOIN customer c ON c.id = v.customer JOIN document d ON d.place = v.place
      LEFT JOIN book b ON b.customer = v.customer";

/// The visits that match a filter.
pub fn view(open: &Open, filter: &VisitLogFilter) -> Result<VisitLogView> {
    let settings = open.settings()?;
    let (condition, values) = condition(open, filter)?;
    let sql = format!("{SELECT} WHERE {condition} ORDER BY v.started_at DESC, v.document");
    let mut statement = open.db.prepare_cached(&sql)?;
    let found = statement.query_map(rusqlite::params_from_iter(values), |row| {
        line(row, &settings)
    })?;
    let limit = filter.limit.min(MOST) as usize;
    let mut view = VisitLogView {
        lines: vec![],
        total: 0,
        customers: 0,
        people: 0,
        conspicuous: 0,
    };
    let mut customers: BTreeSet<CustomerId> = BTreeSet::new();
    let mut people: BTreeSet<PersonId> = BTreeSet::new();
    for line in found {
        let line = line?;
        let conspicuous = is_conspicuous(&line);
        if filter.only_conspicuous && !conspicuous {
            continue;
        }
        view.total += 1;
        view.conspicuous += u32::from(conspicuous);
        customers.insert(line.customer.0);
        people.insert(line.person.0);
        if view.lines.len() < limit {
            view.lines.push(line);
        }
    }
    for line in &mut view.lines {
        complete(open, line)?;
    }
    view.customers = u32::try_from(customers.len()).unwrap_or(u32::MAX);
    view.people = u32::try_from(people.len()).unwrap_or(u32::MAX);
    Ok(view)
}

fn condition(open: &Open, filter: &VisitLogFilter) -> Result<(String, Vec<Value>)> {
    let mut parts = vec!["1".to_owned()];
    let mut values: Vec<Value> = vec![];
    let mut and = |sql: &str, value: Value| {
        parts.push(sql.to_owned());
        values.push(value);
    };
    if let Some(rep) = filter.rep {
        and("v.person = ?", Value::Blob(rep.0.as_bytes().to_vec()));
    }
    if let Some(customer) = filter.customer {
        and(
            "v.customer = ?",
            Value::Blob(customer.0.as_bytes().to_vec()),
        );
    }
    if let Some(from) = filter.from {
        and("v.started_at >= ?", Value::Integer(open.day_start(from)?.0));
    }
    if let Some(to) = filter.to {
        and(
            "v.started_at < ?",
            Value::Integer(open.day_start(to.plus_days(1))?.0),
        );
    }
    if let Some(result) = filter.result {
        and("v.result = ?", Value::Text(result.slug().to_owned()));
    }
    let search = filter.customer_search.trim().to_lowercase();
    if !search.is_empty() {
        let search = escaped(&search);
        and(
            "(c.name || ' ' || c.search_key) LIKE ? ESCAPE '\\'",
            Value::Text(format!("%{search}%")),
        );
    }
    Ok((parts.join(" AND "), values))
}

fn line(row: &Row<'_>, settings: &Settings) -> rusqlite::Result<VisitLine> {
    let accuracy_m: Option<u32> = row.get(15)?;
    let signs: String = row.get(10)?;
    let reason: Option<String> = row.get(9)?;
    let off: Option<i64> = row.get(18)?;
    let started_at = time(row, 4)?;
    let check_in = place(row, 13)?.map(|point| Fix {
        point,
        accuracy_m: accuracy_m.unwrap_or(0),
        at: started_at,
    });
    let tolerance_ms = i64::from(settings.clock_skew_minutes) * 60_000;
    Ok(VisitLine {
        document: document_id(row, 0)?,
        person: (person_id(row, 1)?, String::new()),
        customer: (customer_id(row, 2)?, row.get(3)?),
        started_at,
        ended_at: time(row, 5)?,
        person_met: row.get(6)?,
        purpose: VisitPurpose::from_slug(&row.get::<_, String>(7)?),
        result: VisitResult::from_slug(&row.get::<_, String>(8)?),
        reason: reason.map(|slug| UnpaidReason::from_slug(&slug)),
        place: PlaceCheck::of(check_in, place(row, 16)?, settings),
        clock_off_ms: off.filter(|ms| ms.abs() > tolerance_ms),
        collected: shared::money::Money::ZERO,
        promised: false,
        signs: signs
            .split_whitespace()
            .map(WarningSign::from_slug)
            .collect(),
        photos: row.get(11)?,
        comments: row.get(12)?,
    })
}

fn is_conspicuous(line: &VisitLine) -> bool {
    matches!(line.place, PlaceCheck::Far { .. } | PlaceCheck::NoFix) || line.clock_off_ms.is_some()
}

/// Names and what was taken and promised: only for the lines that are shown. Records count that the
/// visit names, and those made by the same person at the same customer while it lasted.
fn complete(open: &Open, line: &mut VisitLine) -> Result<()> {
    line.person.1 = open.name_of(line.person.0)?;
    let key = params![
        line.document.0,
        line.customer.0.0.into_bytes(),
        line.person.0.0.into_bytes(),
        line.started_at.0,
        line.ended_at.0,
    ];
    let (collected, promised) = open
        .db
        .prepare_cached(
            "SELECT COALESCE((SELECT SUM(r.amount) FROM receipt r WHERE r.customer = ?2 AND r.voided = 0 AND (
                 r.document IN (SELECT document FROM visit_related WHERE visit = ?1)
                 OR (r.person = ?3 AND r.issued_at BETWEEN ?4 AND ?5))), 0),
               EXISTS (SELECT 1 FROM promise p WHERE p.customer = ?2 AND (
                 p.document IN (SELECT document FROM visit_related WHERE visit = ?1)
                 OR (p.person = ?3 AND p.made_at BETWEEN ?4 AND ?5)))",
        )?
        .query_row(key, |row| Ok((money(row, 0)?, row.get(1)?)))?;
    line.collected = collected;
    line.promised = promised;
    Ok(())
}
