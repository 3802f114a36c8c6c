//! What a customer answers to a statement, and how that is taken: the first answer to what was shown stands, finance
//! answers disputed lines one by one.

use serde::{Deserialize, Serialize};

use super::{StatementError, StatementState};
use crate::{
    day::{Day, Timestamp},
    evidence::{Attachment, Comment, Fix, Signature},
    ids::{CustomerId, Digest, DocumentId, PersonId, StatementId},
    money::Money,
    proposal::DisputeReason,
};

crate::slug_enum! {
    /// How an answer from the field stands to its statement.
    pub enum AnswerStanding {
        /// The first: it is the customer's answer.
        Stands = "stands",
        /// Another one had come before.
        Second = "second",
        /// The statement had been replaced by then.
        Replaced = "replaced",
        /// Finance had closed the statement by then.
        Closed = "closed",
        /// What was shown is not what the statement says.
        Differs = "differs",
        /// There is no such statement.
        NoSuch = "no_such",
    }
}

/// A line that the customer disputes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputedLine {
    /// Its place among the statement's lines, from 0.
    pub line: u32,
    /// Number of the invoice as shown; empty for what is none.
    pub number: String,
    /// What was shown as open of it.
    pub outstanding: Money,
    /// Why.
    pub reason: DisputeReason,
    /// In the customer's words; may be empty, unless the reason is another one.
    pub words: String,
    /// What the customer says it should be, if they know.
    pub says: Option<Money>,
}

/// The sealed core of an answer: unchangeable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerCore {
    /// Debtor.
    pub customer: CustomerId,
    /// Debtor's name as shown.
    pub customer_name: String,
    /// Creditor's name as shown.
    pub company_name: String,
    /// The salesperson before whom it was said.
    pub person: PersonId,
    /// Their name.
    pub person_name: String,
    /// When, by the phone's clock.
    pub made_at: Timestamp,
    /// The business day.
    pub day: Day,
    /// The statement.
    pub statement: StatementId,
    /// Digest of what was shown of it: its canonical bytes.
    pub digest: Digest,
    /// Its day.
    pub as_of: Day,
    /// Its balance.
    pub closing: Money,
    /// The paper exactly as shown to the signer, line by line.
    pub letter: Vec<String>,
    /// Lines that are disputed, each once; none: agreed.
    pub disputed: Vec<DisputedLine>,
    /// The customer's signature; always there if it was agreed.
    pub signature: Option<Signature>,
    /// Where, if the phone knew.
    pub fix: Option<Fix>,
}

impl AnswerCore {
    /// Was it agreed?
    pub fn is_agreed(&self) -> bool {
        self.disputed.is_empty()
    }
}

/// An answer document as read: sealed core and what has grown around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementAnswer {
    /// What was said and signed.
    pub core: AnswerCore,
    /// Comments.
    pub comments: Vec<Comment>,
    /// Photos (company seal, paper).
    pub attachments: Vec<Attachment>,
}

/// What finance says to a disputed line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineReply {
    /// Its place among the statement's lines.
    pub line: u32,
    /// Is the customer right?
    pub accepted: bool,
    /// What is said with it; may be empty if the customer is right.
    pub note: String,
}

/// What is stored of a statement when an answer to it comes.
#[derive(Clone, Copy, Debug)]
pub struct Stored {
    /// Whose it is.
    pub customer: CustomerId,
    /// Where it stands.
    pub state: StatementState,
    /// Digest of its content.
    pub digest: Digest,
    /// The answer that stands.
    pub answer: Option<DocumentId>,
}

/// How an answer stands to what is stored: the first one of what was shown counts, every other is kept and said to be
/// what it is.
pub fn standing(stored: Option<&Stored>, core: &AnswerCore) -> AnswerStanding {
    match stored.filter(|stored| stored.customer == core.customer) {
        None => AnswerStanding::NoSuch,
        Some(stored) if stored.digest != core.digest => AnswerStanding::Differs,
        Some(stored) => match (stored.state, stored.answer) {
            (StatementState::Replaced, _) => AnswerStanding::Replaced,
            (_, Some(_)) => AnswerStanding::Second,
            (StatementState::Sent, None) => AnswerStanding::Stands,
            (_, None) => AnswerStanding::Closed,
        },
    }
}

/// Adds what finance says to a line. The same again changes nothing; the state is [`StatementState::Answered`] once
/// every disputed line has its answer.
pub fn reply(
    state: StatementState,
    disputed: &[DisputedLine],
    replies: &mut Vec<LineReply>,
    new: LineReply,
) -> Result<StatementState, StatementError> {
    if let Some(known) = replies.iter().find(|known| known.line == new.line) {
        return match *known == new {
            true => Ok(state),
            false => Err(StatementError::Replied),
        };
    }
    if state != StatementState::Disputed {
        return Err(StatementError::State);
    }
    if !disputed.iter().any(|line| line.line == new.line) {
        return Err(StatementError::Line);
    }
    replies.push(new);
    replies.sort_by_key(|reply| reply.line);
    Ok(match replies.len() == disputed.len() {
        true => StatementState::Answered,
        false => state,
    })
}
