//! The observer of hand-ins, requests and statements: what they are about and where they stand, as plain values.

use std::collections::BTreeSet;

use app::replica::api::{RecordContent, Reply, Request};
use rusqlite::Connection;
use shared::{
    document::Record,
    ids::DocumentId,
    money::Money,
    statement::{LineReply, Statement},
    sync::message::{Item, Row, SyncResponse},
};

use super::{
    auditor::{
        AnswerFact, AskFact, AskStanding, HandInFact, PaperFact, PhoneAtRest, Standings,
        StatementStanding,
    },
    observe::{hex, rows, uuid},
    phone::Phone,
};

/// What a record is about, if it is a paper.
pub fn fact(record: &Record) -> Option<PaperFact> {
    match record {
        Record::HandIn(hand_in, _) => {
            let core = &hand_in.core;
            Some(PaperFact::HandIn(HandInFact {
                person: core.person.to_string(),
                receipts: core
                    .receipts
                    .iter()
                    .map(|r| r.receipt.to_string())
                    .collect(),
                cash: core.cash.fen(),
                expected: core.expected.fen(),
                cheques: core.cheques.fen(),
            }))
        }
        Record::Proposal(proposal) => Some(PaperFact::Ask(AskFact {
            person: proposal.person.to_string(),
            customer: proposal.customer.to_string(),
            what: proposal.ask.what.slug().to_owned(),
            amount: proposal.ask.amount.fen(),
            decisions: proposal
                .decisions
                .iter()
                .map(|d| (d.author.to_string(), d.approved, d.amount.map(Money::fen)))
                .collect(),
        })),
        Record::Statement(answer, _) => {
            let core = &answer.core;
            Some(PaperFact::Answer(AnswerFact {
                customer: core.customer.to_string(),
                statement: core.statement.to_string(),
                digest: hex(&core.digest.0),
                disputed: core.disputed.iter().map(|d| d.line).collect(),
            }))
        }
        _ => None,
    }
}

/// Where all papers stand at the server. What a statement says is read if it is not known yet.
pub fn standings(conn: &Connection, is_known: &dyn Fn(&str) -> bool) -> Standings {
    let hand_ins: Vec<(Vec<u8>, String)> = rows(
        conn,
        "SELECT document, state FROM hand_in_offer",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    );
    let asks = rows(
        conn,
        "SELECT p.document, p.state, s.person, s.agreed, a.person, a.agreed FROM field_proposal p
           LEFT JOIN field_proposal_sales s ON s.document = p.document
           LEFT JOIN field_proposal_answer a ON a.document = p.document",
        [],
        |row| {
            let word = |at: usize| -> rusqlite::Result<Option<(String, bool)>> {
                let by: Option<Vec<u8>> = row.get(at)?;
                by.map(|by| Ok((uuid(&by), row.get(at + 1)?))).transpose()
            };
            let standing = AskStanding {
                state: row.get(1)?,
                sales: word(2)?,
                finance: word(4)?,
            };
            Ok((hex(&row.get::<_, Vec<u8>>(0)?), standing))
        },
    );
    let statements = rows(
        conn,
        "SELECT id, customer, as_of, revision, closing, content, state, answer, replies FROM statement",
        [],
        |row| {
            let id = hex(&row.get::<_, Vec<u8>>(0)?);
            let content: String = row.get(5)?;
            let said = match is_known(&id) {
                true => None,
                false => Statement::read(&content).ok(),
            };
            let lines = said.iter().flat_map(|said| &said.lines);
            let replies: Vec<LineReply> =
                serde_json::from_str(&row.get::<_, String>(8)?).unwrap_or_default();
            let standing = StatementStanding {
                customer: uuid(&row.get::<_, Vec<u8>>(1)?),
                day: row.get(2)?,
                revision: row.get(3)?,
                closing: row.get(4)?,
                lines: lines.map(|line| line.outstanding.fen()).collect(),
                content,
                state: row.get(6)?,
                answer: row.get::<_, Option<Vec<u8>>>(7)?.map(|id| hex(&id)),
                replied: replies.iter().map(|reply| reply.line).collect(),
            };
            Ok((id, standing))
        },
    );
    Standings {
        hand_ins: hand_ins
            .into_iter()
            .map(|(id, state)| (hex(&id), state))
            .collect(),
        asks: asks.into_iter().collect(),
        statements: statements.into_iter().collect(),
    }
}

/// Adds what a phone at rest shows of money in hand and of requests.
pub fn at_rest(phone: &Phone, rest: &mut PhoneAtRest) {
    if let Reply::HandIns(view) = phone.ask(Request::HandIns) {
        rest.hands = Some((view.cash_in_hand.fen(), view.cheques_in_hand.fen()));
        let held = view.held.iter();
        rest.held = held.map(|held| held.receipt.receipt.to_string()).collect();
    }
    let asked: Option<Vec<[u8; 32]>> = phone.look(|db| {
        let sql = "SELECT id FROM document WHERE kind = 'proposal' AND rejected IS NULL";
        rows(db, sql, [], |row| row.get(0))
    });
    for id in asked.unwrap_or_default() {
        if let Reply::Record(view) = phone.ask(Request::Record(DocumentId(id)))
            && let RecordContent::Proposal(asked) = &view.content
        {
            rest.asked.insert(hex(&id), asked.state.slug().to_owned());
        }
    }
}

/// What kinds of records and rows an answer of the server brings.
pub fn kinds(response: &SyncResponse) -> BTreeSet<String> {
    let kinds = response.entries.iter().map(|entry| match &entry.item {
        Item::Change(change) => change.kind.slug(),
        Item::Digest(digest) => digest.kind.slug(),
        Item::Row(row) => match **row {
            Row::Case(_) => "case",
            Row::Rules(_) => "rules",
            _ => "row",
        },
        Item::Enter(_) | Item::Leave(_) => "scope",
    });
    kinds.map(str::to_owned).collect()
}
