//! Statements and what customers answered to them.

use rusqlite::{Connection, OptionalExtension, Row, params};
use shared::{
    ids::{CustomerId, DocumentId, StatementId},
    statement::{StatementAnswer, StatementState},
    sync::message::StatementRow,
};

use super::{customer_id, day, document_id, money, time};
use crate::replica::error::{Error, Result};

/// Statements of a customer that are shown.
const SHOWN: u32 = 4;

/// Writes the row of an answer.
pub fn put(db: &Connection, id: DocumentId, answer: &StatementAnswer) -> Result<()> {
    let core = &answer.core;
    db.prepare_cached(
        "INSERT OR REPLACE INTO statement_answer (document, customer, statement, as_of, closing, disputed, day, made_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        id.0,
        core.customer.0.into_bytes(),
        core.statement.0,
        core.as_of.number(),
        core.closing.fen(),
        core.disputed.len() as i64,
        core.day.number(),
        core.made_at.0,
    ])?;
    Ok(())
}

/// Puts the server's word in its place. What a statement says stays here when it is not sent any more. (A server that was
/// restored may have made it anew of other figures.)
pub fn put_row(db: &Connection, row: &StatementRow, seq: i64) -> Result<()> {
    db.prepare_cached(
        "INSERT INTO statement (id, customer, confirmation, as_of, revision, closing, until, state, content, document,
           replies, note, at, row_seq)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
         ON CONFLICT (id) DO UPDATE SET closing = ?6, until = ?7, state = ?8, document = ?10, replies = ?11, note = ?12, at = ?13,
           content = CASE ?9 WHEN '' THEN content ELSE ?9 END, row_seq = ?14 WHERE row_seq <= ?14",
    )?
    .execute(params![
        row.statement.0,
        row.customer.0.into_bytes(),
        row.confirmation,
        row.as_of.number(),
        row.revision,
        row.closing.fen(),
        row.until.number(),
        row.state.slug(),
        row.content,
        row.document.map(|id| id.0),
        serde_json::to_string(&row.replies)?,
        row.note,
        row.at.0,
        seq
    ])?;
    Ok(())
}

const COLUMNS: &str = "id, customer, confirmation, as_of, revision, closing, until, state, content, document, replies, note, at";

fn read(row: &Row<'_>) -> Result<StatementRow> {
    Ok(StatementRow {
        statement: StatementId(row.get(0)?),
        customer: customer_id(row, 1)?,
        confirmation: row.get(2)?,
        as_of: day(row, 3)?,
        revision: row.get(4)?,
        closing: money(row, 5)?,
        until: day(row, 6)?,
        state: StatementState::from_slug(&row.get::<_, String>(7)?),
        content: row.get(8)?,
        document: row.get::<_, Option<[u8; 32]>>(9)?.map(DocumentId),
        replies: serde_json::from_str(&row.get::<_, String>(10)?)?,
        note: row.get(11)?,
        at: time(row, 12)?,
    })
}

/// A statement.
pub fn get(db: &Connection, id: StatementId) -> Result<Option<StatementRow>> {
    let mut statement =
        db.prepare_cached(&format!("SELECT {COLUMNS} FROM statement WHERE id = ?1"))?;
    let mut rows = statement.query(params![id.0])?;
    rows.next()?.map(read).transpose()
}

/// A statement that has to be here with what it says.
pub fn whole(db: &Connection, id: StatementId) -> Result<StatementRow> {
    let found = get(db, id)?.filter(|row| !row.content.is_empty());
    found.ok_or(Error::NotFound("statement"))
}

/// The newest statements of a customer that are not replaced, the newest first.
pub fn of_customer(db: &Connection, customer: CustomerId) -> Result<Vec<StatementRow>> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM statement WHERE customer = ?1 AND state <> 'replaced' AND content <> ''
         ORDER BY as_of DESC, confirmation DESC LIMIT ?2"
    ))?;
    let mut rows = statement.query(params![customer.0.into_bytes(), SHOWN])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

/// The answer to a statement that is on this device and was not refused, the first one that was made.
pub fn answer_to(
    db: &Connection,
    id: StatementId,
    customer: CustomerId,
) -> Result<Option<DocumentId>> {
    Ok(db
        .prepare_cached(
            "SELECT a.document FROM statement_answer a JOIN document d ON d.filed IN (0, 1) AND d.id = a.document
             WHERE a.customer = ?2 AND a.statement = ?1 AND d.rejected IS NULL ORDER BY a.made_at LIMIT 1",
        )?
        .query_row(params![id.0, customer.0.into_bytes()], |row| document_id(row, 0))
        .optional()?)
}
