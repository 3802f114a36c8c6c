//! Collection cases as phones are told of them: letters that went out, and the step at law taken last.
//!
//! Invariant: the row says what the commands of the case say (`commands::of_case`), so it can be made anew at any time.

use rusqlite::Connection;
use shared::{
    ids::CustomerId,
    ledger::command::{Body, Command},
    policy::{
        account::SentLetter,
        legal::{self, LegalStep},
    },
    sync::message::{CaseRow, Row},
};

use super::{StoreError, WriteTx, commands, rows, sql};

/// The letters that went out to a customer, in the order in which they were noted. What was noted later of the same
/// letter (who took it, and when) takes the place of what was said before.
pub fn letters(conn: &Connection, customer: CustomerId) -> Result<Vec<SentLetter>, StoreError> {
    Ok(letters_of(&commands::of_case(conn, customer)?))
}

fn letters_of(noted: &[Command]) -> Vec<SentLetter> {
    let mut letters: Vec<SentLetter> = Vec::new();
    for command in noted {
        let Body::LetterSent {
            letter, delivery, ..
        } = &command.body
        else {
            continue;
        };
        let said = SentLetter {
            letter: *letter,
            sent: delivery.sent,
            received: delivery.received,
        };
        let is_same =
            |known: &&mut SentLetter| (known.letter, known.sent) == (said.letter, said.sent);
        match letters.iter_mut().find(is_same) {
            Some(known) => *known = said,
            None => letters.push(said),
        }
    }
    letters
}

/// The step with the latest day; of several on one day the one noted last.
fn last_step(noted: &[Command]) -> Option<(LegalStep, shared::day::Day)> {
    let steps = noted.iter().filter_map(|command| match &command.body {
        Body::LegalStep { step, on, .. } => Some((*step, *on)),
        _ => None,
    });
    steps.max_by_key(|(_, on)| *on)
}

/// Tells the phones of a customer's case, if there is anything to tell.
pub(crate) fn send(tx: &mut WriteTx<'_>, customer: CustomerId) -> Result<(), StoreError> {
    let noted = commands::of_case(tx, customer)?;
    let law = last_step(&noted).map(|(step, on)| {
        let until = legal::runs_until(step, on).map(|(_, until)| until);
        (step, on, until)
    });
    let letters = letters_of(&noted);
    if letters.is_empty() && law.is_none() {
        return Ok(());
    }
    let row = CaseRow {
        customer,
        letters,
        law,
    };
    rows::emit(tx, &Row::Case(row))
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
