//! Voids: a receipt is reversed from where its money is now. While the money is in the field the supervisor's
//! approval on the record is enough; once the company has it, finance confirms as the second person.

use super::{Effect, Known, Standing, credits, entry};
use crate::{
    day::Day,
    ids::{DocumentId, ElementId, PersonId},
    ledger::{
        account::Account,
        command::{Command, CommandError},
        custody::Custody,
        entry::{Entry, EntryKind, Source},
    },
    money::Money,
    receipt::MethodKind,
};

/// An approval of a void as it stands on a receipt's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Approval {
    /// The decision.
    pub decision: ElementId,
    /// Who had asked for it.
    pub requester: PersonId,
    /// Who approved it.
    pub approver: PersonId,
}

/// Does an approved void wait for finance, because the company has the money already?
pub fn void_waits(standing: &Standing) -> bool {
    standing.custody.with_company()
}

/// The entry that voids a receipt, from where its money is now; none if nothing of it is posted (a claim that
/// did not arrive, a cheque that bounced). What it paid, and where that was moved to since, is owed again.
pub fn void_entry(
    standing: &Standing,
    decision: ElementId,
    day: Day,
) -> Result<Option<Entry>, CommandError> {
    let mut owed = credits(standing.customer, &standing.applied);
    owed.iter_mut().for_each(|line| line.1 = line.1.negated());
    let applied = Money::sum(standing.applied.values().copied())?;
    let is_cash = standing.method == MethodKind::Cash;
    let mut lines = match standing.custody {
        Custody::Field if is_cash => vec![(Account::FieldCash(standing.person), applied.negated())],
        Custody::Field => vec![
            (
                Account::FieldCheques(standing.person),
                standing.amount.negated(),
            ),
            (Account::ChequesUncleared, standing.amount),
        ],
        Custody::Company => vec![(Account::Cash, applied.negated())],
        Custody::Clearing => vec![
            (Account::Cheques, standing.amount.negated()),
            (Account::ChequesUncleared, standing.amount),
        ],
        Custody::Bank => vec![(Account::Bank, applied.negated())],
        Custody::Claim | Custody::Bounced => return Ok(None),
        Custody::Voided | Custody::Unknown => {
            return Err(CommandError::Custody(standing.number.clone()));
        }
    };
    lines.append(&mut owed);
    let source = Source::Void {
        receipt: standing.document,
        decision,
    };
    entry(EntryKind::Void, source, day, lines, standing.posted)
}

/// Finance confirms a void that a supervisor has approved: neither who asked for it nor who approved it, nor who took
/// the money.
pub(super) fn confirm<K: Known>(
    command: &Command,
    receipt: DocumentId,
    known: &K,
) -> Result<Effect, K::Error> {
    let standing = known
        .receipt(receipt)?
        .ok_or(CommandError::NoSuch("receipt"))?;
    // (A cheque may have bounced since the approval.)
    if !void_waits(&standing) && standing.custody != Custody::Bounced {
        return Err(CommandError::Custody(standing.number).into());
    }
    let approval = known.approval(receipt)?.ok_or(CommandError::NotApproved)?;
    if [approval.requester, approval.approver, standing.person].contains(&command.person) {
        return Err(CommandError::SamePerson.into());
    }
    Ok(Effect {
        entry: void_entry(&standing, approval.decision, command.day)?,
        moves: vec![(receipt, Custody::Voided)],
        ..Effect::default()
    })
}
