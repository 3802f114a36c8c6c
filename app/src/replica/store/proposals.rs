//! What was asked for, and the server's word on it.

use rusqlite::{Connection, OptionalExtension, Row, params};
use shared::{
    ids::DocumentId,
    money::Money,
    proposal::{Proposal, ProposalRow, ProposalState},
};

use super::{customer_id, money, person_id, time};
use crate::replica::{
    api::ProposalLine,
    error::{Error, Result},
};

/// Writes the rows of a proposal.
pub fn put(db: &Connection, id: DocumentId, proposal: &Proposal) -> Result<()> {
    let word = proposal.decisions.first().map(|word| word.approved);
    db.prepare_cached(
        "INSERT OR REPLACE INTO proposal (document, customer, person, made_at, what, amount, word, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        id.0,
        proposal.customer.0.into_bytes(),
        proposal.person.0.into_bytes(),
        proposal.made_at.0,
        proposal.ask.what.slug(),
        proposal.ask.amount.fen(),
        word,
        serde_json::to_string(&proposal.ask)?,
    ])?;
    Ok(())
}

/// Puts the server's word on a proposal in its place.
pub fn put_row(db: &Connection, row: &ProposalRow, seq: i64) -> Result<()> {
    db.prepare_cached(
        "INSERT INTO proposal_state (document, customer, state, amount, person, words, at, row_seq)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (document) DO UPDATE SET state = ?3, amount = ?4, person = ?5, words = ?6, at = ?7, row_seq = ?8
           WHERE row_seq <= ?8",
    )?
    .execute(params![
        row.document.0,
        row.customer.0.into_bytes(),
        row.state.slug(),
        row.amount.map(Money::fen),
        row.by.map(|person| person.0.into_bytes()),
        row.words,
        row.at.0,
        seq
    ])?;
    Ok(())
}

/// The server's word on a proposal.
pub fn word_on(db: &Connection, id: DocumentId) -> Result<Option<ProposalRow>> {
    let found = db
        .prepare_cached(
            "SELECT customer, state, amount, person, words, at FROM proposal_state WHERE document = ?1",
        )?
        .query_row(params![id.0], |row| {
            let amount: Option<i64> = row.get(2)?;
            let by: Option<[u8; 16]> = row.get(3)?;
            Ok(ProposalRow {
                document: id,
                customer: customer_id(row, 0)?,
                state: ProposalState::from_slug(&row.get::<_, String>(1)?),
                amount: amount.map(|_| money(row, 2)).transpose()?,
                by: by.map(|_| person_id(row, 3)).transpose()?,
                words: row.get(4)?,
                at: time(row, 5)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// Where a proposal stands: what the server says, and before it has heard of a supervisor's word here, that word.
pub fn standing(said: Option<ProposalState>, word: Option<bool>) -> ProposalState {
    match (said.unwrap_or(ProposalState::Open), word) {
        (ProposalState::Open, Some(true)) => ProposalState::AgreedBySales,
        (said, Some(false)) if said.waits_for_sales() => ProposalState::DeclinedBySales,
        (said, _) => said,
    }
}

/// What [`line()`] reads, of `proposal p LEFT JOIN proposal_state s`.
pub const LINE: &str = "p.body, p.word, s.state";

/// A line of a list, from three columns on.
pub fn line(row: &Row<'_>, column: usize) -> Result<ProposalLine> {
    let said: Option<String> = row.get(column + 2)?;
    Ok(ProposalLine {
        ask: serde_json::from_str(&row.get::<_, String>(column)?)?,
        state: standing(
            said.as_deref().map(ProposalState::from_slug),
            row.get(column + 1)?,
        ),
    })
}

/// One proposal's line.
pub fn get(db: &Connection, id: DocumentId) -> Result<ProposalLine> {
    let sql = format!(
        "SELECT {LINE} FROM proposal p LEFT JOIN proposal_state s ON s.document = p.document WHERE p.document = ?1"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params![id.0])?;
    match rows.next()? {
        Some(row) => line(row, 0),
        None => Err(Error::NotFound("proposal")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProposalState::{
        AgreedByFinance, AgreedBySales, DeclinedByFinance, DeclinedBySales, Open, Settled,
    };

    #[test]
    fn a_word_given_here_shows_until_the_server_has_said_where_it_stands() {
        for (said, word, expected) in [
            (None, None, Open),
            (None, Some(true), AgreedBySales),
            (Some(Open), Some(false), DeclinedBySales),
            (Some(AgreedByFinance), Some(true), AgreedByFinance),
            (Some(AgreedByFinance), Some(false), DeclinedBySales),
            (Some(DeclinedByFinance), Some(true), DeclinedByFinance),
            (Some(Settled), Some(false), Settled),
        ] {
            assert_eq!(standing(said, word), expected, "{said:?} {word:?}");
        }
    }
}
