//! Changes of others that a restored server lost (state 'base'): what own changes that wait build on stays to be
//! seen until others' phones have brought it back, and goes when they have not.
//!
//! Invariant: what an admitted change builds on is at the server, whatever it was that brought it there, and is
//! admitted too. (The customer may have left meanwhile: then it never comes here again, seed 22.)

use rusqlite::{Connection, params};
use shared::{
    document,
    ids::{ChangeHash, DocumentId},
};

use super::document_id;
use crate::replica::error::Result;

/// Documents with changes in state 'base', and whether these can go: nothing own waits, and the record itself
/// is not one of them. Reads all changes.
pub fn all(db: &Connection) -> Result<Vec<(DocumentId, bool)>> {
    let mut statement = db.prepare_cached(
        "SELECT DISTINCT b.document, NOT EXISTS (SELECT 1 FROM change c WHERE (c.hash = b.document OR c.document = b.document AND c.hash <> c.document)
           AND (c.state IN ('waiting', 'parked', 'held') OR (c.state = 'base' AND c.hash = c.document)))
         FROM change b WHERE b.state = 'base'",
    )?;
    let found = statement.query_map([], |row| Ok((document_id(row, 0)?, row.get(1)?)))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Lets go of what the server lost and nobody has brought back: what waits has been made anew, or nothing does.
/// What is put off may build on it still. False if nothing went.
pub fn let_go(db: &Connection, document: DocumentId) -> Result<bool> {
    admit_evident(db, document)?;
    let gone = db
        .prepare_cached(
            concat!("DELETE FROM change WHERE ", of_document!(), " AND state = 'base'
               AND NOT EXISTS (SELECT 1 FROM change c WHERE c.document = ?1 AND c.state = 'parked')"),
        )?
        .execute(params![document.0])?;
    Ok(gone > 0)
}

/// What admitted changes build on is admitted, at the latest where they are.
fn admit_evident(db: &Connection, document: DocumentId) -> Result<()> {
    let mut statement = db.prepare_cached(concat!(
        "SELECT hash, bytes, seq, state = 'base' FROM change
         WHERE ",
        of_document!(),
        " AND state IN ('base', 'admitted')"
    ))?;
    let mut rows = statement.query(params![document.0])?;
    // (Few: a document has dozens of changes.)
    let (mut bases, mut look_at) = (Vec::new(), Vec::<(Vec<u8>, Option<i64>)>::new());
    while let Some(row) = rows.next()? {
        let (bytes, seq) = (row.get(1)?, row.get(2)?);
        match row.get(3)? {
            true => bases.push((ChangeHash(row.get(0)?), bytes)),
            false => look_at.push((bytes, seq)),
        }
    }
    while let Some((bytes, seq)) = look_at.pop() {
        // What cannot be read here is no reason to let anything go.
        for hash in document::dependencies(&bytes).unwrap_or_default() {
            let Some(found) = bases.iter().position(|(base, _)| *base == hash) else {
                continue;
            };
            db.prepare_cached("UPDATE change SET state = 'admitted', seq = ?2 WHERE hash = ?1")?
                .execute(params![hash.0, seq])?;
            look_at.push((bases.swap_remove(found).1, seq));
        }
    }
    Ok(())
}
