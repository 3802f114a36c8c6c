//! Statements: what is shown of one, and what a customer answers to it.

use serde::{Deserialize, Serialize};
use shared::{
    customer::ContactRole,
    day::Day,
    evidence::{Fix, Signer, Strokes},
    ids::{DocumentId, StatementId},
    money::Money,
    proposal::DisputeReason,
    statement::StatementState,
    sync::message::StatementRow,
};

/// A statement as the customer's screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementLink {
    /// Which.
    pub statement: StatementId,
    /// Is it a confirmation with legal effect?
    pub confirmation: bool,
    /// Its day.
    pub as_of: Day,
    /// Its balance.
    pub closing: Money,
    /// The last day on which it is to be agreed.
    pub until: Day,
    /// Where it stands, as the server says.
    pub state: StatementState,
    /// The answer: that which stands, else that which waits on this device.
    pub answer: Option<DocumentId>,
}

/// A statement to be agreed or disputed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementView {
    /// What it says and where it stands.
    pub row: StatementRow,
    /// The customer's name.
    pub customer_name: String,
    /// The answer: that which stands, else that which waits on this device.
    pub answer: Option<DocumentId>,
    /// The paper line by line, in the language asked for.
    pub letter: Vec<String>,
    /// Contacts to pick a signer from: name, role, phone.
    pub contacts: Vec<(String, ContactRole, String)>,
}

/// A disputed line as it is filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewDispute {
    /// Its place among the statement's lines.
    pub line: u32,
    /// Why.
    pub reason: Option<DisputeReason>,
    /// In words.
    pub words: String,
    /// What the customer says it should be, as typed; may be empty.
    pub says: String,
}

/// An answer as it is filled in, and as it is handed over to be sealed. The form keeps it as its draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAnswer {
    /// Are lines disputed?
    pub disputing: bool,
    /// Which; left aside where all is agreed.
    pub disputed: Vec<NewDispute>,
    /// Who signs.
    pub signer: Signer,
    /// What they drew.
    pub strokes: Strokes,
    /// Where, if the phone knows.
    pub fix: Option<Fix>,
    /// Language of the paper.
    pub language: String,
}
