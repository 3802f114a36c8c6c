//! Attachments: which records name them, how much of each has arrived. Bytes lie beside the database
//! (see [`crate::blobs`]).

use rusqlite::{Connection, OptionalExtension, params};
use shared::{
    evidence::Attachment,
    ids::{ContentHash, CustomerId, DocumentId, PersonId},
};

use super::{
    StoreError, WriteTx,
    sql::{self, BlobId},
};

/// What a person may know of an attachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Length that its record states, in bytes.
    pub size_bytes: u64,
    /// Media type that its record states.
    pub media_type: String,
    /// All bytes have arrived and have the right hash.
    pub complete: bool,
}

/// Records that a document names an attachment.
pub(crate) fn name(
    tx: &WriteTx<'_>,
    document: DocumentId,
    customer: CustomerId,
    attachment: &Attachment,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO attachment_ref (hash, document, customer, media_type, size) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING",
    )?
    .execute(params![
        attachment.content.blob(),
        document.blob(),
        customer.blob(),
        attachment.media_type,
        sql::int(attachment.size_bytes)
    ])?;
    Ok(())
}

/// The attachment as far as one of its records' customers is in the person's scope, or one of its
/// records is the person's own; none otherwise.
pub fn known_to(
    conn: &Connection,
    hash: ContentHash,
    person: PersonId,
) -> Result<Option<Known>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT r.size, r.media_type,
                    EXISTS (SELECT 1 FROM attachment a WHERE a.hash = r.hash AND a.complete)
             FROM attachment_ref r CROSS JOIN document_by_id i ON i.filed IN (0, 1) AND i.id = r.document
               JOIN document d ON d.seq = i.seq
             WHERE r.hash = ?1 AND (d.person = ?2 OR EXISTS (
               SELECT 1 FROM scope s WHERE s.person = ?2 AND s.customer = r.customer))
             ORDER BY r.document LIMIT 1",
        )?
        .query_row([hash.blob(), person.blob()], |row| {
            Ok(Known {
                size_bytes: sql::uint(row, 0)?,
                media_type: row.get(1)?,
                complete: row.get(2)?,
            })
        })
        .optional()?)
}

/// Records that all bytes of an attachment have arrived.
pub fn complete(tx: &mut WriteTx<'_>, hash: ContentHash, size: u64) -> Result<(), StoreError> {
    let now = tx.now().0;
    tx.execute(
        "INSERT INTO attachment (hash, size, received, complete, created_at) VALUES (?1, ?2, ?2, 1, ?3)
         ON CONFLICT (hash) DO UPDATE SET received = ?2, complete = 1",
        params![hash.blob(), sql::int(size), now],
    )?;
    Ok(())
}
