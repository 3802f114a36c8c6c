//! Voids: requests and decisions on a receipt's record. An approved void is posted once and stands for good;
//! once the company has the money, it waits for finance as the second person.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};
use shared::{
    ids::{DocumentId, PersonId},
    ledger::{
        custody::Custody,
        decide::{self, Approval},
        entry::Source,
        exceptions, posting,
    },
    planted::{self, Bug},
    receipt::{Receipt, ReceiptState},
};

use crate::scope;

use super::{
    StoreError, WriteTx, exceptions as kept, facts, hand_ins, journal, known, paper, people,
    receipts,
    sql::{self, BlobId},
};

/// Judges what was asked and decided about voiding a receipt.
pub(crate) fn judge(
    tx: &mut WriteTx<'_>,
    document: DocumentId,
    receipt: &Receipt,
) -> Result<(), StoreError> {
    let before = receipts::state(tx, document)?.ok_or(StoreError::NotFound("receipt"))?;
    if before == ReceiptState::Voided || receipt.void_requests.is_empty() {
        return Ok(());
    }
    let approvers = approvers(tx, receipt)?;
    let may_approve = |person: PersonId| approvers.contains(&person);
    let (requests, decisions) = (&receipt.void_requests, &receipt.void_decisions);
    let approved = posting::void_approval(requests, decisions, &may_approve);
    if planted::is(Bug::LoseVoid) && approved.is_some() {
        return Ok(());
    }
    let standing = known::standing(tx, document)?.ok_or(StoreError::NotFound("receipt"))?;
    let mut open = posting::void_is_open(requests, decisions, &may_approve);
    let mut custody = standing.custody;
    if let Some(decision) = approved {
        let request = requests.iter().find(|r| r.id == decision.request);
        let approval = Approval {
            decision: decision.id,
            requester: request.map_or(decision.author, |request| request.author),
            approver: decision.author,
        };
        let is_new = keep(tx, document, approval)?;
        // What waited for finance goes on waiting, wherever the money went meanwhile.
        open = decide::void_waits(&standing) || !is_new && custody != Custody::Voided;
        if is_new && !open {
            let today = tx.today()?;
            let day = facts::open_day(tx, today)?;
            let entry = decide::void_entry(&standing, decision.id, day).map_err(known::refused)?;
            if let Some(entry) = entry {
                let received_at = tx.now();
                journal::post_own(tx, &entry, Some(decision.author), received_at, today)?;
            }
        }
        if !open {
            custody = Custody::Voided;
        }
    }
    let finding = exceptions::void_pending(document, &receipt.core, open, tx.now());
    kept::keep(tx, &finding)?;
    receipts::place(tx, &standing, custody, open)?;
    if custody == Custody::Voided && standing.custody == Custody::Field {
        hand_ins::note_voided(tx, document, standing.person)?;
    }
    if custody == Custody::Voided {
        receipts::no_longer_doubled(tx, document, &receipt.core)?;
    }
    paper::judge(tx, document)
}

/// Keeps the approval that counts; false if one is kept already.
fn keep(tx: &WriteTx<'_>, receipt: DocumentId, approval: Approval) -> Result<bool, StoreError> {
    if self::approval(tx, receipt)?.is_some() {
        return Ok(false);
    }
    let decision = approval.decision;
    tx.prepare_cached(
        "INSERT INTO void_approval (receipt, decision, requester, approver) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        receipt.blob(),
        decision.blob(),
        approval.requester.blob(),
        approval.approver.blob()
    ])?;
    facts::keep(tx, &Source::Void { receipt, decision }, tx.now())?;
    Ok(true)
}

/// Every approval that is kept, by its receipt.
pub(crate) fn approvals(conn: &Connection) -> Result<BTreeMap<DocumentId, Approval>, StoreError> {
    Ok(conn
        .prepare("SELECT receipt, decision, requester, approver FROM void_approval")?
        .query_map([], |row| {
            let approval = Approval {
                decision: sql::id(row, 1)?,
                requester: sql::id(row, 2)?,
                approver: sql::id(row, 3)?,
            };
            Ok((sql::id(row, 0)?, approval))
        })?
        .collect::<Result<_, _>>()?)
}

/// The approval of a void that counts.
pub(crate) fn approval(
    conn: &Connection,
    receipt: DocumentId,
) -> Result<Option<Approval>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT decision, requester, approver FROM void_approval WHERE receipt = ?1",
        )?
        .query_row([receipt.blob()], |row| {
            Ok(Approval {
                decision: sql::id(row, 0)?,
                requester: sql::id(row, 1)?,
                approver: sql::id(row, 2)?,
            })
        })
        .optional()?)
}

/// Those who wrote a decision that counts: supervisors and administrators who (ever) had the customer
/// in scope, never the salesperson of the receipt.
fn approvers(conn: &Connection, receipt: &Receipt) -> Result<BTreeSet<PersonId>, StoreError> {
    let mut found = BTreeSet::new();
    for decision in &receipt.void_decisions {
        let author = decision.author;
        if author == receipt.core.person || found.contains(&author) {
            continue;
        }
        let Some(person) = people::get(conn, author)? else {
            continue;
        };
        if scope::may_approve_void(conn, &person, receipt.core.customer)? {
            found.insert(author);
        }
    }
    Ok(found)
}
