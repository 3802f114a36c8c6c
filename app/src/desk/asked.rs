//! What the server says of proposals: what the field asks for, and who said what to it.

use serde::Deserialize;
use shared::{day::Day, money::Money};

/// An invoice that a proposal is about.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct AskedInvoice {
    /// Invoice id.
    pub id: String,
    /// Number.
    pub number: String,
    /// Due day.
    pub due: Day,
    /// Amount.
    pub amount: Money,
    /// What is open.
    pub outstanding: Money,
}

/// Something that was said on the record.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Said {
    /// Person id.
    pub author: String,
    /// When.
    pub at: i64,
    /// Words.
    pub text: String,
}

/// A photo of the record.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct AskedPhoto {
    /// SHA-256.
    pub content: String,
    /// What it shows.
    pub caption: String,
}

/// The word of a supervisor or of finance.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Word {
    /// Person id.
    pub person: String,
    /// When.
    pub at: i64,
    /// Agreed, or declined.
    pub agreed: bool,
    /// Words.
    pub words: String,
    /// Agreed to, if that is less than was asked for.
    pub amount: Option<Money>,
    /// What became of the command by which it is posted.
    pub decision: Option<String>,
}

/// A proposal.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Proposal {
    /// Document id.
    pub document: String,
    /// Customer id.
    pub customer: String,
    /// Person id of who asks.
    pub person: String,
    /// When it came in.
    pub received_at: i64,
    /// Kind.
    pub what: String,
    /// What is contested.
    pub reason: Option<String>,
    /// Invoices.
    pub invoices: Vec<AskedInvoice>,
    /// Sum.
    pub amount: Money,
    /// The most that may be posted.
    pub most: Money,
    /// The new day.
    pub until: Option<Day>,
    /// Why.
    pub words: String,
    /// State.
    pub state: String,
    /// Since when.
    pub changed_at: i64,
    /// The supervisor's word.
    pub sales: Option<Word>,
    /// The word of finance.
    pub finance: Option<Word>,
    /// What was said on the record.
    pub comments: Vec<Said>,
    /// Photos.
    pub photos: Vec<AskedPhoto>,
    /// May finance agree now with nothing to post?
    pub may_agree: bool,
    /// By a command?
    pub may_post: bool,
    /// Decline?
    pub may_decline: bool,
}

/// Proposals.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Proposals {
    /// In the server's order.
    pub proposals: Vec<Proposal>,
}
