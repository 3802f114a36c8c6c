//! Everything that waits for the server or was refused by it.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, Row};
use shared::{
    day::Timestamp,
    document::{Kind, edit::Edit},
    ids::DocumentId,
    sync::client::Status,
};

use super::{
    super::{
        api::{LineState, QueueLine, QueueView, SyncLine},
        error::Result,
        open::Open,
        store::{attachments, corrections, document_id, sync_state::SyncState, time},
        sync::{BASE, REVIEW, REVOKED},
    },
    record,
};

/// The queue.
pub fn view(open: &Open, sync: SyncLine) -> Result<QueueView> {
    let mut lines = records(open, &sync.status)?;
    for photo in attachments::waiting(&open.db, false)? {
        lines.push(photo_line(open, &photo, sync.photos_wait_for_wifi)?);
    }
    lines.sort_by_key(|line| (line.at, line.photo));
    Ok(QueueView { sync, lines })
}

struct Found {
    document: DocumentId,
    kind: Kind,
    customer_name: String,
    changes: u32,
    bytes: u64,
    at: Timestamp,
    rejected: Option<String>,
    refused_whole: bool,
    corrected_by: Option<DocumentId>,
    reviewed: bool,
}

fn found(row: &Row<'_>) -> rusqlite::Result<Found> {
    Ok(Found {
        document: document_id(row, 0)?,
        kind: Kind::from_slug(&row.get::<_, String>(1)?),
        customer_name: row.get(2)?,
        changes: row.get(3)?,
        bytes: row.get::<_, i64>(4)?.unsigned_abs(),
        at: time(row, 5)?,
        rejected: row.get(6)?,
        refused_whole: row.get(7)?,
        corrected_by: row.get::<_, Option<[u8; 32]>>(8)?.map(DocumentId),
        reviewed: row.get(9)?,
    })
}

fn put_off(code: &str, retry_at: Option<Timestamp>) -> LineState {
    LineState::PutOff {
        code: code.to_owned(),
        retry_at,
    }
}

impl Found {
    /// `is_tried`: the last request carried it, with this result.
    fn state(&self, is_tried: bool, failure: Option<&str>, status: &Status) -> LineState {
        let retry_at = match status {
            Status::Offline { retry_at } | Status::Refused { retry_at, .. } => Some(*retry_at),
            _ => None,
        };
        match (status, failure) {
            _ if self.changes == 0 => put_off(BASE, None),
            _ if self.reviewed => put_off(REVIEW, None),
            (Status::Syncing, _) if is_tried => LineState::Sending,
            (Status::Revoked, _) => put_off(REVOKED, None),
            (_, Some(code)) if is_tried => put_off(code, retry_at),
            _ => LineState::Waiting,
        }
    }
}

/// The records of which the last request carried something that is not answered.
fn tried(open: &Open) -> Result<BTreeSet<DocumentId>> {
    let state = SyncState::load(&open.db)?;
    let mut tried = BTreeSet::new();
    if state.batch != open.tries.borrow().batch {
        return Ok(tried);
    }
    let mut statement = open
        .db
        .prepare_cached("SELECT document FROM outbox WHERE hash = ?1")?;
    for hash in state.batch_hashes.unwrap_or_default() {
        let found = statement.query_row([hash.0], |row| document_id(row, 0));
        tried.extend(found.optional()?);
    }
    Ok(tried)
}

fn records(open: &Open, status: &Status) -> Result<Vec<QueueLine>> {
    let tried = tried(open)?;
    let failure = open.tries.borrow().failure.clone();
    let mut statement = open.db.prepare_cached(
        "SELECT d.id, d.kind, COALESCE(c.name, ''), COUNT(o.hash), COALESCE(SUM(o.size), 0), d.saved_at,
           (SELECT q.code FROM quarantine q WHERE q.document = d.id AND q.own = 1 AND q.dismissed = 0
            ORDER BY q.at DESC, q.hash LIMIT 1),
           d.rejected IS NOT NULL, (SELECT document FROM correction WHERE corrected = d.id), COALESCE(MIN(o.reviewed), 0)
         FROM document d LEFT JOIN customer c ON c.id = d.customer LEFT JOIN outbox o ON o.document = d.id
         WHERE d.filed IN (0, 1) AND d.id IN (SELECT document FROM outbox
                        UNION SELECT document FROM change WHERE state = 'parked'
                        UNION SELECT document FROM quarantine WHERE own = 1 AND dismissed = 0
                        UNION SELECT c.corrected FROM correction c JOIN outbox o ON o.hash = c.document)
         GROUP BY d.id",
    )?;
    let all = statement
        .query_map([], found)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    all.into_iter()
        .map(|found| {
            let mut label = record::label(open, found.document, found.kind)?;
            if label.is_empty() && found.rejected.is_some() {
                label = refused_words(open, found.document)?;
            }
            let is_tried = tried.contains(&found.document);
            let state = found.state(is_tried, failure.as_deref(), status);
            Ok(QueueLine {
                document: found.document,
                kind: found.kind,
                customer_name: found.customer_name,
                label,
                changes: found.changes,
                bytes: found.bytes,
                at: found.at,
                photo: false,
                state,
                correctable: found.refused_whole
                    && !matches!(
                        found.kind,
                        Kind::ContactBook | Kind::HandIn | Kind::Proposal | Kind::Statement
                    )
                    && found
                        .rejected
                        .as_deref()
                        .is_some_and(corrections::is_correctable),
                corrected_by: found.corrected_by,
                rejected: found.rejected,
            })
        })
        .collect()
}

/// What was written in an addition that was refused: the record itself may not be here any more.
fn refused_words(open: &Open, document: DocumentId) -> Result<String> {
    let edit: Option<String> = open
        .db
        .prepare_cached(
            "SELECT c.edit FROM quarantine q JOIN change c ON c.hash = q.hash
             WHERE q.document = ?1 AND q.own = 1 AND q.dismissed = 0 AND c.edit IS NOT NULL
             ORDER BY q.at DESC, c.place DESC LIMIT 1",
        )?
        .query_row([document.0], |row| row.get(0))
        .optional()?;
    let edit: Option<Edit> = edit.map(|json| serde_json::from_str(&json)).transpose()?;
    Ok(match edit {
        Some(Edit::Notes(text) | Edit::BookField(_, text)) => text,
        Some(Edit::Comment(comment)) => comment.text,
        Some(Edit::RequestVoid(request)) => request.reason,
        Some(Edit::DecideVoid(decision)) => decision.note,
        Some(Edit::DecideProposal(decision)) => decision.note,
        Some(Edit::CancelPromise(cancellation)) => cancellation.reason,
        Some(Edit::BookContact(contact)) => contact.name,
        Some(Edit::Attachment(photo)) => photo.caption,
        Some(Edit::BookPosition(_) | Edit::BookSign(_)) | None => String::new(),
    })
}

fn photo_state(open: &Open, photo: &attachments::Waiting, for_wifi: bool) -> LineState {
    let tries = open.tries.borrow();
    let failed = tries.photos.iter().find(|(hash, _)| *hash == photo.hash);
    match failed {
        _ if tries.photo == Some(photo.hash) => LineState::Sending,
        _ if for_wifi => LineState::ForWifi,
        Some((_, code)) => put_off(code, None),
        None => LineState::Waiting,
    }
}

fn photo_line(open: &Open, photo: &attachments::Waiting, for_wifi: bool) -> Result<QueueLine> {
    let (kind, customer_name, rejected) = open
        .db
        .prepare_cached(
            "SELECT d.kind, COALESCE(c.name, ''), d.rejected FROM document d
             LEFT JOIN customer c ON c.id = d.customer WHERE d.filed IN (0, 1) AND d.id = ?1",
        )?
        .query_row([photo.document.0], |row| {
            Ok((
                Kind::from_slug(&row.get::<_, String>(0)?),
                row.get(1)?,
                row.get(2)?,
            ))
        })?;
    Ok(QueueLine {
        document: photo.document,
        kind,
        customer_name,
        label: record::label(open, photo.document, kind)?,
        changes: 0,
        bytes: photo.size,
        at: photo.at,
        photo: true,
        state: photo_state(open, photo, for_wifi),
        correctable: false,
        corrected_by: None,
        rejected,
    })
}
