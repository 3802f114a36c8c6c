//! The company's rule that lines of a bank statement which name a transfer in transit, with its sum, are posted when
//! the statement is read: off by default, switched on by two persons, off by one.
//!
//! Invariants: every posting by the rule names the command that switched it on; while it is off, nothing is posted.

use rusqlite::{Connection, OptionalExtension, params};
use shared::{
    ids::{CommandId, PersonId},
    ledger::{
        bank_match::{self, BankLine, Claim, Match},
        command::{Body, Command},
    },
};

use super::{
    StoreError, WriteTx, bank, commands, desk,
    sql::{self, BlobId},
};

/// The rule while it is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InForce {
    /// The command that proposed it.
    pub command: CommandId,
    /// The second word.
    pub approval: CommandId,
}

/// The rule, if it is on.
pub fn in_force(conn: &Connection) -> Result<Option<InForce>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT command, approval FROM bank_rule WHERE ended IS NULL")?
        .query_row([], |row| {
            Ok(InForce {
                command: sql::id(row, 0)?,
                approval: sql::id(row, 1)?,
            })
        })
        .optional()?)
}

/// A proposal to switch it on that waits for a second person.
pub fn waiting(conn: &Connection) -> Result<Option<Command>, StoreError> {
    let open = commands::list(conn, None, true, u32::MAX)?;
    let is_rule = |command: &Command| matches!(command.body, Body::BankRule { on: true });
    Ok(open.into_iter().find(is_rule))
}

/// Keeps that it was switched on by a command (`by` is the second word), or off.
pub(crate) fn keep(
    tx: &WriteTx<'_>,
    by: CommandId,
    switched: Option<CommandId>,
) -> Result<(), StoreError> {
    match switched {
        Some(command) => tx
            .prepare_cached("INSERT INTO bank_rule (command, approval) VALUES (?1, ?2)")?
            .execute(params![command.blob(), by.blob()])?,
        None => tx
            .prepare_cached("UPDATE bank_rule SET ended = ?1 WHERE ended IS NULL")?
            .execute([by.blob()])?,
    };
    Ok(())
}

/// What the rule posted.
#[derive(Clone, Debug)]
pub struct Posted {
    /// The line.
    pub line: BankLine,
    /// The claim that it names.
    pub claim: Claim,
    /// The command.
    pub command: CommandId,
}

/// Posts, if the rule is on, the lines that name a claim, with its sum: for who reads the statement, and with the
/// reason for which the rule was switched on. A line that the ledger's rules refuse is left to a person.
pub fn post(
    tx: &mut WriteTx<'_>,
    lines: &[BankLine],
    reader: PersonId,
) -> Result<Vec<Posted>, StoreError> {
    let Some(rule) = in_force(tx)? else {
        return Ok(Vec::new());
    };
    let reason = commands::get(tx, rule.command)?.map(|command| command.reason);
    let (at, day) = (tx.now(), tx.today()?);
    let mut posted = Vec::new();
    for found in bank::matched(tx, lines.to_vec())? {
        let (Match::Exact(receipt), Some(claim)) = (found.found, found.claims.first()) else {
            continue;
        };
        let bank_line = found.line.reference.trim().to_owned();
        let command = Command {
            id: bank_match::confirmation_id(&bank_line, receipt),
            person: reader,
            at,
            day,
            reason: reason.clone().unwrap_or_default(),
            body: Body::ConfirmByRule {
                receipt,
                bank_line,
                rule: rule.command,
            },
        };
        match tx.attempt(|tx| desk::take(tx, &command)) {
            Ok(taken) if taken.is_new => posted.push(Posted {
                command: command.id,
                claim: claim.clone(),
                line: found.line,
            }),
            Ok(_) | Err(StoreError::Command(_) | StoreError::Ledger { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(posted)
}
