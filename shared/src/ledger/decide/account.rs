//! What changes a customer's account without a receipt: reallocation, refund, discount, interest, goods taken
//! back, write-off and recovery; and opening balances.

use super::{Effect, Known, entry_of, positive};
use crate::{
    ids::DocumentId,
    ledger::{
        account::Account,
        command::{Body, Command, CommandError, Debt, OpeningOf, RecoveredFrom, Till},
        entry::EntryKind,
    },
    money::Money,
};

pub(super) fn carry_out<K: Known>(command: &Command, known: &K) -> Result<Effect, K::Error> {
    match &command.body {
        Body::Reallocate {
            customer,
            receipt,
            from,
            to,
            amount,
        } => {
            let debt = |invoice| Debt {
                customer: *customer,
                invoice,
            };
            let (from, to) = (debt(*from), debt(*to));
            reallocate(command, known, *receipt, (from, to), *amount)
        }
        Body::Refund {
            debt,
            receipt,
            out_of,
            amount,
        } => {
            check(known, *debt, *amount)?;
            paid_enough(known, *debt, *receipt, *amount)?;
            with_company(known, *receipt)?;
            let lines = vec![(account(*debt), *amount), (till(*out_of), amount.negated())];
            post(command, EntryKind::Refund, *receipt, lines)
        }
        Body::Discount { debt, amount } => {
            check(known, *debt, *amount)?;
            owed_enough(known, *debt, *amount)?;
            lower(
                command,
                EntryKind::Discount,
                Account::Discounts,
                *debt,
                *amount,
            )
        }
        Body::Interest { debt, amount } => {
            check(known, *debt, *amount)?;
            let lines = vec![
                (account(*debt), *amount),
                (Account::Interest, amount.negated()),
            ];
            post(command, EntryKind::Interest, None, lines)
        }
        Body::GoodsReturn { debt, amount } => {
            check(known, *debt, *amount)?;
            owed_enough(known, *debt, *amount)?;
            lower(command, EntryKind::Return, Account::Returns, *debt, *amount)
        }
        Body::WriteOff { debt, amount } => {
            check(known, *debt, *amount)?;
            owed_enough(known, *debt, *amount)?;
            let effect = lower(
                command,
                EntryKind::WriteOff,
                Account::BadDebt,
                *debt,
                *amount,
            )?;
            Ok(Effect {
                written_off: Some((*debt, *amount)),
                ..effect
            })
        }
        Body::Recover { debt, from, amount } => recover(command, known, *debt, *from, *amount),
        Body::Opening { of, amount } => opening(command, known, *of, *amount),
        _ => Ok(Effect::default()),
    }
}

fn account(debt: Debt) -> Account {
    Account::Receivable {
        customer: debt.customer,
        invoice: debt.invoice,
    }
}

fn till(till: Till) -> Account {
    match till {
        Till::Cash => Account::Cash,
        Till::Bank => Account::Bank,
    }
}

/// The debt is there, and the sum is one.
fn check<K: Known>(known: &K, debt: Debt, amount: Money) -> Result<(), K::Error> {
    positive(amount)?;
    if !known.has_customer(debt.customer)? {
        return Err(CommandError::NoSuch("customer").into());
    }
    let Some(invoice) = debt.invoice else {
        return Ok(());
    };
    match known.owner(invoice)? {
        None => Err(CommandError::NoSuch("invoice").into()),
        Some(owner) if owner != debt.customer => Err(CommandError::ForeignInvoice.into()),
        Some(_) => Ok(()),
    }
}

/// So much of the customer's money from there stands on the debt still.
pub(super) fn paid_enough<K: Known>(
    known: &K,
    debt: Debt,
    receipt: Option<DocumentId>,
    amount: Money,
) -> Result<(), K::Error> {
    if let Some(id) = receipt
        && known.receipt(id)?.is_none()
    {
        return Err(CommandError::NoSuch("receipt").into());
    }
    let paid = known.paid(debt, receipt)?;
    match paid >= amount {
        true => Ok(()),
        false => Err(CommandError::TooMuch(paid.max(Money::ZERO)).into()),
    }
}

/// The money of a receipt is paid back by the company only once the company has it.
fn with_company<K: Known>(known: &K, receipt: Option<DocumentId>) -> Result<(), K::Error> {
    let Some(id) = receipt else {
        return Ok(());
    };
    match known.receipt(id)? {
        Some(standing) if !standing.custody.with_company() => {
            Err(CommandError::Custody(standing.number).into())
        }
        _ => Ok(()),
    }
}

fn owed_enough<K: Known>(known: &K, debt: Debt, amount: Money) -> Result<(), K::Error> {
    let owed = known.balance(account(debt))?;
    match owed >= amount {
        true => Ok(()),
        false => Err(CommandError::TooMuch(owed.max(Money::ZERO)).into()),
    }
}

fn post<E: From<CommandError>>(
    command: &Command,
    kind: EntryKind,
    receipt: Option<DocumentId>,
    lines: Vec<(Account, Money)>,
) -> Result<Effect, E> {
    Ok(Effect {
        entry: entry_of(command, kind, receipt, lines)?,
        ..Effect::default()
    })
}

/// Dr something / Cr Receivable.
fn lower<E: From<CommandError>>(
    command: &Command,
    kind: EntryKind,
    debit: Account,
    debt: Debt,
    amount: Money,
) -> Result<Effect, E> {
    let lines = vec![(debit, amount), (account(debt), amount.negated())];
    post(command, kind, None, lines)
}

/// Dr Receivable (from) / Cr Receivable (to).
fn reallocate<K: Known>(
    command: &Command,
    known: &K,
    receipt: Option<DocumentId>,
    (from, to): (Debt, Debt),
    amount: Money,
) -> Result<Effect, K::Error> {
    check(known, from, amount)?;
    check(known, to, amount)?;
    if from == to {
        return Err(CommandError::SamePlace.into());
    }
    paid_enough(known, from, receipt, amount)?;
    let lines = vec![(account(from), amount), (account(to), amount.negated())];
    post(command, EntryKind::Reallocation, receipt, lines)
}

/// Dr Bank, Cash, or the account on which it was paid / Cr BadDebt.
fn recover<K: Known>(
    command: &Command,
    known: &K,
    debt: Debt,
    from: RecoveredFrom,
    amount: Money,
) -> Result<Effect, K::Error> {
    check(known, debt, amount)?;
    let there = known.written_off(debt)?;
    if amount > there {
        return Err(CommandError::TooMuch(there).into());
    }
    let debit = match from {
        RecoveredFrom::Cash => Account::Cash,
        RecoveredFrom::Bank => Account::Bank,
        RecoveredFrom::Account => {
            let credit = known.balance(account(debt))?.negated();
            if amount > credit {
                return Err(CommandError::TooMuch(credit.max(Money::ZERO)).into());
            }
            account(debt)
        }
    };
    let lines = vec![(debit, amount), (Account::BadDebt, amount.negated())];
    let effect: Effect = post::<CommandError>(command, EntryKind::Recovery, None, lines)?;
    Ok(Effect {
        written_off: Some((debt, amount.negated())),
        ..effect
    })
}

fn opening<K: Known>(
    command: &Command,
    known: &K,
    of: OpeningOf,
    amount: Money,
) -> Result<Effect, K::Error> {
    let line = match of {
        OpeningOf::Cash => (Account::Cash, amount),
        OpeningOf::Bank => (Account::Bank, amount),
        OpeningOf::OnAccount(customer) => {
            let invoice = None;
            check(known, Debt { customer, invoice }, amount)?;
            (Account::Receivable { customer, invoice }, amount.negated())
        }
    };
    if amount.is_zero() {
        return Err(CommandError::NotPositive.into());
    }
    let lines = vec![line, (Account::Opening, line.1.negated())];
    post(command, EntryKind::Opening, None, lines)
}
