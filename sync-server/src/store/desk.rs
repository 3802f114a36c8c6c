//! Commands of finance are taken here: decided by the ledger's rules, posted, kept, and what they lead to moved,
//! all in one transaction. The same command again changes nothing.

use rusqlite::params;
use shared::{
    document::Record,
    ids::{CustomerId, Digest, DocumentId},
    ledger::{
        command::{Body, Command, CommandError, Debt},
        custody::Custody,
        decide::{self, Effect, HandIn},
        entry::Source,
        exceptions,
    },
    money::Money,
    receipt::ReceiptState,
};

use super::{
    StoreError, WriteTx, bank_rule, cases,
    commands::{self, invoice_key},
    credit, documents, exceptions as kept, facts, hand_ins, journal,
    known::{self, Books},
    paper, proposals, receipts,
    sql::BlobId,
    targets,
};

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// False if it had been taken before.
    pub is_new: bool,
    /// The entry that it posted now, if any.
    pub entry: Option<Digest>,
}

/// Takes a command. Who may issue it was asked before ([`crate::scope::may_command`]).
pub fn take(tx: &mut WriteTx<'_>, command: &Command) -> Result<Taken, StoreError> {
    if let Some(known) = commands::get(tx, command.id)? {
        return match known.is_again(command) {
            true => Ok(Taken {
                is_new: false,
                entry: None,
            }),
            false => Err(CommandError::OtherCommand.into()),
        };
    }
    let today = tx.today()?;
    paper::check(tx, &command.body)?;
    credit::check(tx, &command.body)?;
    targets::check(tx, &command.body)?;
    let decided = match &command.body {
        Body::Approve { proposal } | Body::Reject { proposal } => Some(*proposal),
        _ => None,
    };
    // Who asked for it in the field has no word on it, whatever they are by now.
    if let Some(proposed) = decided
        && proposals::is_asked_by(tx, proposed, command.person)?
    {
        return Err(CommandError::SamePerson.into());
    }
    let effect = decide::decide(command, &Books(tx), today)?;
    keep(tx, command)?;
    let entry = effect.entry.as_ref().map(|entry| entry.id);
    if let Some(entry) = &effect.entry {
        let received_at = tx.now();
        match effect.own_day {
            Some(own) => journal::post_own(tx, entry, Some(command.person), received_at, own)?,
            None => {
                journal::post(tx, entry, Some(command.person), received_at)?;
            }
        }
    }
    if let Some(receipt) = &effect.paper {
        let day = effect.entry.as_ref().map(|entry| entry.day);
        paper::enter(tx, command.id, receipt, day)?;
    }
    let moved = effect
        .entry
        .as_ref()
        .and_then(|entry| entry.source.receipt());
    if let Some(switched) = effect.bank_rule {
        bank_rule::keep(tx, command.id, switched)?;
    }
    if let Body::LetterSent { customer, .. } | Body::LegalStep { customer, .. } = &command.body {
        cases::send(tx, *customer)?;
    }
    let counted = effect.hand_in.map(|hand_in| hand_in.id);
    carry_out(tx, effect)?;
    match counted {
        Some(id) if id == command.id => hand_ins::note_counted(tx, command)?,
        Some(id) => hand_ins::note_decided(tx, id)?,
        None => {}
    }
    if let Some(proposed) = decided {
        proposals::note_decided(tx, proposed)?;
    }
    if let Some(receipt) = moved {
        paper::judge(tx, receipt)?;
    }
    Ok(Taken {
        is_new: true,
        entry,
    })
}

fn keep(tx: &mut WriteTx<'_>, command: &Command) -> Result<(), StoreError> {
    let customer = customer(tx, &command.body)?;
    tx.prepare_cached(
        "INSERT INTO finance_command (id, person, at, day, kind, customer, reason, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        command.id.blob(),
        command.person.blob(),
        command.at.0,
        command.day.number(),
        command.body.slug(),
        customer.as_ref().map(BlobId::blob),
        command.reason,
        serde_json::to_string(&command.body)?
    ])?;
    let (id, receipt) = (command.id, None);
    facts::keep(tx, &Source::Command { id, receipt }, tx.now())
}

/// Whom a command is about, if it is one customer.
pub(crate) fn customer(
    conn: &rusqlite::Connection,
    body: &Body,
) -> Result<Option<CustomerId>, StoreError> {
    match body {
        Body::ConfirmTransfer { receipt, .. }
        | Body::ConfirmByRule { receipt, .. }
        | Body::ChequeCleared { receipt, .. }
        | Body::ChequeBounced { receipt }
        | Body::ChequePresented { receipt }
        | Body::ConfirmVoid { receipt } => receipts::customer_of(conn, *receipt),
        Body::Approve { proposal } | Body::Reject { proposal } => {
            let proposed = commands::get(conn, *proposal)?;
            Ok(proposed.and_then(|command| commands::customer_of(&command.body)))
        }
        body => Ok(commands::customer_of(body)),
    }
}

fn carry_out(tx: &mut WriteTx<'_>, effect: Effect) -> Result<(), StoreError> {
    for (receipt, custody) in effect.moves {
        move_to(tx, receipt, custody)?;
    }
    if let Some(hand_in) = effect.hand_in {
        keep_hand_in(tx, &hand_in)?;
    }
    if let Some((command, decision)) = effect.decided {
        let decision = commands::decision_slug(decision);
        tx.prepare_cached(
            "INSERT INTO proposal (command, decision) VALUES (?1, ?2)
             ON CONFLICT (command) DO UPDATE SET decision = ?2",
        )?
        .execute(params![command.blob(), decision])?;
    }
    if let Some(line) = effect.line {
        tx.prepare_cached("INSERT INTO settled_line (line) VALUES (?1)")?
            .execute([line])?;
    }
    if let Some((debt, amount)) = effect.written_off {
        add_written_off(tx, debt, amount)?;
    }
    if let Some(rated) = effect.credit {
        credit::apply(tx, &rated)?;
    }
    if let Some(day) = effect.closed_through {
        tx.execute("UPDATE company SET closed_through = ?1", [day.number()])?;
        tx.forget_company();
    }
    Ok(())
}

/// Puts the money of a receipt where the command has brought it.
fn move_to(tx: &mut WriteTx<'_>, receipt: DocumentId, custody: Custody) -> Result<(), StoreError> {
    let standing = known::standing(tx, receipt)?.ok_or(StoreError::NotFound("receipt"))?;
    if custody != Custody::Voided {
        let void_open = receipts::state(tx, receipt)? == Some(ReceiptState::VoidPending);
        return receipts::place(tx, &standing, custody, void_open);
    }
    receipts::place(tx, &standing, custody, false)?;
    let receipt = standing.document;
    let Some(Record::Receipt(record, _)) = documents::record(tx, receipt)? else {
        return Err(StoreError::NotFound("receipt"));
    };
    let finding = exceptions::void_pending(receipt, &record.core, false, tx.now());
    kept::keep(tx, &finding)?;
    receipts::no_longer_doubled(tx, receipt, &record.core)
}

fn keep_hand_in(tx: &WriteTx<'_>, hand_in: &HandIn) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO hand_in (command, person, expected, counted, undecided) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (command) DO UPDATE SET undecided = ?5",
    )?
    .execute(params![
        hand_in.id.blob(),
        hand_in.person.blob(),
        hand_in.expected.fen(),
        hand_in.counted.fen(),
        hand_in.open.fen()
    ])?;
    Ok(())
}

fn add_written_off(tx: &WriteTx<'_>, debt: Debt, amount: Money) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO written_off (customer, invoice, amount) VALUES (?1, ?2, ?3)
         ON CONFLICT (customer, invoice) DO UPDATE SET amount = amount + ?3",
    )?
    .execute(params![
        debt.customer.blob(),
        invoice_key(&debt),
        amount.fen()
    ])?;
    Ok(())
}
