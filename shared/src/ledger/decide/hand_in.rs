//! Hand-ins 交账: cash counted blind, cheques taken over, and what becomes of a difference. A difference stays
//! on the salesperson until it is decided.

use std::collections::BTreeSet;

use super::{Effect, HandIn, Known, entry_of, positive};
use crate::{
    ledger::{
        account::Account,
        command::{Body, Command, CommandError, Difference, HAND_IN_RECEIPTS},
        entry::EntryKind,
    },
    money::Money,
    receipt::MethodKind,
};

/// Dr Cash / Cr Field:Cash:rep for the counted sum, Dr Cheques / Cr Field:Cheques:rep for the cheques.
pub(super) fn accept<K: Known>(command: &Command, known: &K) -> Result<Effect, K::Error> {
    let Body::HandIn {
        person,
        receipts,
        counted,
    } = &command.body
    else {
        return Ok(Effect::default());
    };
    if *person == command.person {
        return Err(CommandError::SamePerson.into());
    }
    let once: BTreeSet<_> = receipts.iter().collect();
    if once.len() != receipts.len() || !(1..=HAND_IN_RECEIPTS).contains(&receipts.len()) {
        return Err(CommandError::Receipts.into());
    }
    if counted.is_negative() {
        return Err(CommandError::NotPositive.into());
    }
    let (mut expected, mut cheques) = (Money::ZERO, Money::ZERO);
    let mut moves = Vec::with_capacity(receipts.len());
    let mut known_by_now = BTreeSet::new();
    for id in receipts {
        let standing = known.receipt(*id)?.ok_or(CommandError::NoSuch("receipt"))?;
        if standing.person != *person {
            return Err(CommandError::OtherHands(standing.number).into());
        }
        let Some(custody) = standing.custody.handed_in(standing.method) else {
            return Err(CommandError::Custody(standing.number).into());
        };
        let sum = match standing.method {
            MethodKind::Cash => &mut expected,
            _ => &mut cheques,
        };
        *sum = sum
            .checked_add(standing.amount)
            .map_err(CommandError::from)?;
        // A receipt that was entered from its paper has a second id.
        if !known_by_now.insert(standing.document) {
            return Err(CommandError::Receipts.into());
        }
        moves.push((standing.document, custody));
    }
    let lines = vec![
        (Account::Cash, *counted),
        (Account::FieldCash(*person), counted.negated()),
        (Account::Cheques, cheques),
        (Account::FieldCheques(*person), cheques.negated()),
    ];
    let open = expected.checked_sub(*counted).map_err(CommandError::from)?;
    Ok(Effect {
        entry: entry_of(command, EntryKind::HandIn, None, lines)?,
        moves,
        hand_in: Some(HandIn {
            id: command.id,
            person: *person,
            expected,
            counted: *counted,
            open,
        }),
        ..Effect::default()
    })
}

/// Cash that is missing: found (Dr Cash) or a loss (Dr CashShort) / Cr Field:Cash:rep; a surplus the other way
/// round.
pub(super) fn difference<K: Known>(command: &Command, known: &K) -> Result<Effect, K::Error> {
    let Body::DecideDifference {
        hand_in,
        what,
        amount,
    } = &command.body
    else {
        return Ok(Effect::default());
    };
    positive(*amount)?;
    let hand_in = known
        .hand_in(*hand_in)?
        .ok_or(CommandError::NoSuch("hand-in"))?;
    if hand_in.person == command.person {
        return Err(CommandError::SamePerson.into());
    }
    let there = match hand_in.open.is_negative() {
        true => hand_in.open.negated(),
        false => hand_in.open,
    };
    if there.is_zero() {
        return Err(CommandError::Decided.into());
    }
    if *amount > there {
        return Err(CommandError::TooMuch(there).into());
    }
    let amount = match hand_in.open.is_negative() {
        true => amount.negated(),
        false => *amount,
    };
    let other = match what {
        Difference::Found => Account::Cash,
        Difference::CashShort => Account::CashShort,
    };
    let lines = vec![
        (other, amount),
        (Account::FieldCash(hand_in.person), amount.negated()),
    ];
    let open = hand_in
        .open
        .checked_sub(amount)
        .map_err(CommandError::from)?;
    Ok(Effect {
        entry: entry_of(command, EntryKind::Difference, None, lines)?,
        hand_in: Some(HandIn { open, ..hand_in }),
        ..Effect::default()
    })
}
