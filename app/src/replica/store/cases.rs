//! Collection cases as the server tells them, and what the rules go by beside the company's settings.

use rusqlite::{Connection, params};
use shared::{
    ids::CustomerId,
    policy::{Settings, account::CaseStep, figures::Figures},
    sync::message::{CaseRow, RulesRow},
};

use super::{customer_id, day, day_or_none};
use crate::replica::error::Result;

/// Puts a case in place of the one before.
pub fn put_row(db: &Connection, row: &CaseRow) -> Result<()> {
    let customer = row.customer.0.into_bytes();
    db.prepare_cached("DELETE FROM case_step WHERE customer = ?1")?
        .execute([customer])?;
    let mut insert = db.prepare_cached(
        "INSERT INTO case_step (customer, place, what, day, next)
         VALUES (?1, (SELECT COUNT(*) FROM case_step WHERE customer = ?1), ?2, ?3, ?4)",
    )?;
    for one in &row.steps {
        let then = one.then.map(|day| day.number());
        insert.execute(params![customer, one.what, one.on.number(), then])?;
    }
    Ok(())
}

/// Hands out the cases of one customer (`only`) or of all, step by step.
pub fn steps(
    db: &Connection,
    only: Option<[u8; 16]>,
    take: &mut dyn FnMut(CustomerId, CaseStep),
) -> Result<()> {
    let mut statement = db.prepare_cached(
        "SELECT customer, what, day, next FROM case_step
         WHERE ?1 IS NULL OR customer = ?1 ORDER BY customer, place",
    )?;
    let mut rows = statement.query(params![only])?;
    while let Some(row) = rows.next()? {
        let step = CaseStep {
            what: row.get(1)?,
            on: day(row, 2)?,
            then: day_or_none(row, 3)?,
        };
        take(customer_id(row, 0)?, step);
    }
    Ok(())
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
        settings.figures = Figures::of(&serde_json::from_str::<Vec<u32>>(text(1)?)?);
    }
    Ok(())
}
