//! Collection cases as the server tells them, and what the rules go by beside the company's settings.

use rusqlite::{Connection, params};
use shared::{
    ids::CustomerId,
    policy::{Settings, account::SentLetter, figures::Figures, legal::LegalStep},
    sync::message::{CaseRow, RulesRow},
};

use super::{customer_id, day, day_or_none};
use crate::replica::error::Result;

/// Puts a case in place of the one before, unless that is newer.
pub fn put_row(db: &Connection, row: &CaseRow, seq: i64) -> Result<()> {
    let customer = row.customer.0.into_bytes();
    let (step, on, until) = match row.law {
        Some((step, on, until)) => (Some(step.slug()), Some(on.number()), until),
        None => (None, None, None),
    };
    let put = db
        .prepare_cached(
            "INSERT INTO collection_case (customer, step, step_on, until, row_seq) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (customer) DO UPDATE SET step = ?2, step_on = ?3, until = ?4, row_seq = ?5 WHERE row_seq <= ?5",
        )?
        .execute(params![customer, step, on, until.map(|day| day.number()), seq])?;
    if put == 0 {
        return Ok(());
    }
    db.prepare_cached("DELETE FROM letter WHERE customer = ?1")?
        .execute([customer])?;
    let mut insert = db.prepare_cached(
        "INSERT INTO letter (customer, place, letter, sent, received)
         VALUES (?1, (SELECT COUNT(*) FROM letter WHERE customer = ?1), ?2, ?3, ?4)",
    )?;
    for one in &row.letters {
        insert.execute(params![
            customer,
            one.letter,
            one.sent.number(),
            one.received.map(|day| day.number())
        ])?;
    }
    Ok(())
}

/// Hands out the letters of one customer (`only`) or of all, in the order noted.
pub fn letters(
    db: &Connection,
    only: Option<[u8; 16]>,
    take: &mut dyn FnMut(CustomerId, SentLetter),
) -> Result<()> {
    let mut statement = db.prepare_cached(
        "SELECT customer, letter, sent, received FROM letter
         WHERE ?1 IS NULL OR customer = ?1 ORDER BY customer, place",
    )?;
    let mut rows = statement.query(params![only])?;
    while let Some(row) = rows.next()? {
        let letter = SentLetter {
            letter: row.get(1)?,
            sent: day(row, 2)?,
            received: day_or_none(row, 3)?,
        };
        take(customer_id(row, 0)?, letter);
    }
    Ok(())
}

/// A customer's case; an empty one if nothing was told of one.
pub fn get(db: &Connection, customer: CustomerId) -> Result<CaseRow> {
    let key = customer.0.into_bytes();
    let mut case = CaseRow {
        customer,
        letters: vec![],
        law: None,
    };
    letters(db, Some(key), &mut |_, letter| case.letters.push(letter))?;
    let mut statement = db.prepare_cached(
        "SELECT step, step_on, until FROM collection_case WHERE customer = ?1 AND step IS NOT NULL",
    )?;
    let mut rows = statement.query([key])?;
    if let Some(row) = rows.next()? {
        let step = LegalStep::from_slug(row.get_ref(0)?.as_str().unwrap_or_default());
        case.law = Some((step, day(row, 1)?, day_or_none(row, 2)?));
    }
    Ok(case)
}

/// Puts what the rules go by in place of what was there.
pub fn put_rules(db: &Connection, row: &RulesRow) -> Result<()> {
    let (curve, figures) = (
        serde_json::to_string(&row.curve)?,
        serde_json::to_string(&row.figures)?,
    );
    db.prepare_cached("INSERT OR REPLACE INTO rules (one, curve, figures) VALUES (1, ?1, ?2)")?
        .execute([curve, figures])?;
    Ok(())
}

/// Puts it into settings: the company's own curve if it has one, and the figures.
pub fn add_rules(db: &Connection, settings: &mut Settings) -> Result<()> {
    let mut statement = db.prepare_cached("SELECT curve, figures FROM rules")?;
    let mut rows = statement.query([])?;
    if let Some(row) = rows.next()? {
        let text = |at| {
            row.get_ref(at)
                .map(|text| text.as_str().unwrap_or_default())
        };
        let curve: Vec<_> = serde_json::from_str(text(0)?)?;
        if !curve.is_empty() {
            settings.recovery_curve = curve;
        }
        let figures: Vec<u32> = serde_json::from_str(text(1)?)?;
        settings.figures = Figures::of(&figures);
    }
    Ok(())
}
