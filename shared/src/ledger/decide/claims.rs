//! Claims that come true: transfers, WeChat and Alipay that arrive, cheques and bills that clear or bounce.

use crate::{ids::DocumentId, money::Money};

use super::{Effect, Known, Standing, account::paid_enough, credits, entry_of, standing_at};
use crate::ledger::{
    account::Account,
    command::{BANK_LINE_CHARS, Body, Command, CommandError, Debt},
    custody::Custody,
    entry::EntryKind,
};

/// What the bank keeps is at least nothing and less than the sum.
fn checked_fee(standing: &Standing, fee: Money) -> Result<Money, CommandError> {
    if fee.is_negative() {
        return Err(CommandError::NotPositive);
    }
    if fee >= standing.amount {
        return Err(CommandError::TooMuch(standing.amount));
    }
    Ok(standing.amount.checked_sub(fee)?)
}

/// The rule is switched on or off; not to what it is already.
pub(super) fn switch_rule<K: Known>(
    command: &Command,
    on: bool,
    known: &K,
) -> Result<Effect, K::Error> {
    if known.bank_rule()?.is_some() == on {
        return Err(CommandError::Decided.into());
    }
    Ok(Effect {
        bank_rule: Some(on.then_some(command.id)),
        ..Effect::default()
    })
}

/// As [`confirm_transfer`], for a line that has the claim's sum, while the rule is on that it names.
pub(super) fn confirm_by_rule<K: Known>(command: &Command, known: &K) -> Result<Effect, K::Error> {
    let Body::ConfirmByRule {
        receipt,
        bank_line,
        rule,
    } = &command.body
    else {
        return Ok(Effect::default());
    };
    if known.bank_rule()? != Some(*rule) {
        return Err(CommandError::NoSuch("rule").into());
    }
    let by_line = Command {
        body: Body::ConfirmTransfer {
            receipt: *receipt,
            fee: Money::ZERO,
            bank_line: Some(bank_line.clone()),
            booked: None,
        },
        ..command.clone()
    };
    confirm_transfer(&by_line, known)
}

/// Dr Bank (Dr BankFees) / Cr Receivable. Money that finance had booked before is only moved to what the
/// receipt says that it pays.
pub(super) fn confirm_transfer<K: Known>(command: &Command, known: &K) -> Result<Effect, K::Error> {
    let Body::ConfirmTransfer {
        receipt,
        fee,
        bank_line,
        booked,
    } = &command.body
    else {
        return Ok(Effect::default());
    };
    let standing = standing_at(known, *receipt, Custody::Claim)?;
    let arrived = checked_fee(&standing, *fee)?;
    let line = match (bank_line, booked) {
        (Some(_), Some(_)) => return Err(CommandError::LineUsed.into()),
        (Some(line), None) => Some(format!("bank:{}", line.trim())),
        (None, Some(payment)) => Some(format!("payment:{payment}")),
        (None, None) => None,
    };
    if let Some(line) = &line {
        if line == "bank:" || line.chars().count() > BANK_LINE_CHARS {
            return Err(CommandError::NoSuch("bank line").into());
        }
        if known.line_used(line)? {
            return Err(CommandError::LineUsed.into());
        }
    }
    let mut lines = match booked {
        None => vec![(Account::Bank, arrived), (Account::BankFees, *fee)],
        Some(id) => {
            let payment = known
                .payment(*id)?
                .filter(|payment| payment.customer == standing.customer)
                .ok_or(CommandError::NoSuch("payment of this customer"))?;
            if payment.amount != standing.amount || !fee.is_zero() {
                return Err(CommandError::SumDiffers(payment.amount).into());
            }
            let (customer, invoice) = (payment.customer, payment.invoice);
            // Paid back or moved meanwhile, it is not there any more to pay what the receipt says.
            let there = Debt { customer, invoice };
            paid_enough(known, there, None, payment.amount)?;
            vec![(Account::Receivable { customer, invoice }, standing.amount)]
        }
    };
    lines.extend(credits(standing.customer, &known.claimed(*receipt)?));
    // Money that the books have already stays theirs: were it the receipt's as well, it could go back twice.
    let owner = booked.is_none().then_some(*receipt);
    Ok(Effect {
        entry: entry_of(command, EntryKind::Transfer, owner, lines)?,
        moves: vec![(*receipt, Custody::Bank)],
        line,
        ..Effect::default()
    })
}

/// Dr Bank (Dr BankFees) / Cr Cheques, and Dr ChequesUncleared / Cr Receivable.
pub(super) fn cleared<K: Known>(
    command: &Command,
    receipt: DocumentId,
    fee: Money,
    known: &K,
) -> Result<Effect, K::Error> {
    let standing = standing_at(known, receipt, Custody::Clearing)?;
    let arrived = checked_fee(&standing, fee)?;
    let mut lines = vec![
        (Account::Bank, arrived),
        (Account::BankFees, fee),
        (Account::Cheques, standing.amount.negated()),
        (Account::ChequesUncleared, standing.amount),
    ];
    lines.extend(credits(standing.customer, &known.claimed(receipt)?));
    Ok(Effect {
        entry: entry_of(command, EntryKind::Cleared, Some(receipt), lines)?,
        moves: vec![(receipt, Custody::Bank)],
        ..Effect::default()
    })
}

/// Dr ChequesUncleared / Cr Cheques: the debt stands.
pub(super) fn bounced<K: Known>(
    command: &Command,
    receipt: DocumentId,
    known: &K,
) -> Result<Effect, K::Error> {
    let standing = standing_at(known, receipt, Custody::Clearing)?;
    let lines = vec![
        (Account::ChequesUncleared, standing.amount),
        (Account::Cheques, standing.amount.negated()),
    ];
    Ok(Effect {
        entry: entry_of(command, EntryKind::Bounced, Some(receipt), lines)?,
        moves: vec![(receipt, Custody::Bounced)],
        ..Effect::default()
    })
}

/// Dr Cheques / Cr ChequesUncleared: a bounced cheque goes to the bank once more.
pub(super) fn presented<K: Known>(
    command: &Command,
    receipt: DocumentId,
    known: &K,
) -> Result<Effect, K::Error> {
    let standing = standing_at(known, receipt, Custody::Bounced)?;
    let lines = vec![
        (Account::Cheques, standing.amount),
        (Account::ChequesUncleared, standing.amount.negated()),
    ];
    Ok(Effect {
        entry: entry_of(command, EntryKind::Presented, Some(receipt), lines)?,
        moves: vec![(receipt, Custody::Clearing)],
        ..Effect::default()
    })
}
