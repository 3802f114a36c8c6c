//! Collection cases as phones are told of them: letters that went out, and the step at law taken last.
//!
//! Invariant: the row says what the commands of the case say (`commands::of_case`), so it can be made anew at any time.

use rusqlite::Connection;
use shared::{
    ids::CustomerId,
    ledger::command::{Body, Command},
    policy::account::CaseStep,
    sync::message::{CaseRow, Row},
};

use super::{StoreError, WriteTx, commands, rows, sql};

/// The letters that went out to a customer, in the order in which they were noted, and the step at law taken last. What
/// was noted later of the same letter (who took it, and when) takes the place of what was said before.
pub fn steps(conn: &Connection, customer: CustomerId) -> Result<Vec<CaseStep>, StoreError> {
    let noted = commands::of_case(conn, customer)?;
    let mut steps = letters(&noted);
    steps.extend(last_at_law(&noted));
    Ok(steps)
}

fn letters(noted: &[Command]) -> Vec<CaseStep> {
    let mut letters: Vec<CaseStep> = Vec::new();
    for command in noted {
        let Body::LetterSent {
            letter, delivery, ..
        } = &command.body
        else {
            continue;
        };
        let said = CaseStep {
            what: *letter,
            on: delivery.sent,
            then: delivery.received,
        };
        let is_same = |known: &&mut CaseStep| (known.what, known.on) == (said.what, said.on);
        match letters.iter_mut().find(is_same) {
            Some(known) => *known = said,
            None => letters.push(said),
        }
    }
    letters
}

/// The step with the latest day; of several on one day the one noted last.
fn last_at_law(noted: &[Command]) -> Option<CaseStep> {
    let steps = noted.iter().filter_map(|command| match &command.body {
        Body::LegalStep { step, on, .. } => CaseStep::of_law(*step, *on),
        _ => None,
    });
    steps.max_by_key(|step| step.on)
}

/// Tells the phones of a customer's case, if there is anything to tell.
pub(crate) fn send(tx: &mut WriteTx<'_>, customer: CustomerId) -> Result<(), StoreError> {
    let steps = steps(tx, customer)?;
    match steps.is_empty() {
        true => Ok(()),
        false => rows::emit(tx, &Row::Case(CaseRow { customer, steps })),
    }
}

/// Tells of every case what was not told yet: those noted before phones were told of cases.
pub(crate) fn send_all(tx: &mut WriteTx<'_>) -> Result<(), StoreError> {
    let customers: Vec<CustomerId> = tx
        .prepare_cached(
            "SELECT DISTINCT customer FROM finance_command
             WHERE customer IS NOT NULL AND kind IN ('letter_sent', 'legal_step')",
        )?
        .query_map([], |row| sql::id(row, 0))?
        .collect::<Result<_, _>>()?;
    for customer in customers {
        send(tx, customer)?;
    }
    Ok(())
}
