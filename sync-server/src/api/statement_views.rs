//! What the API tells of statements, and what it is asked.

use serde::{Deserialize, Serialize};
use shared::{day::Day, ids::StatementId, statement::StatementState};
use utoipa::{IntoParams, ToSchema};

use super::statements::today;
use crate::store::{
    Connection, StoreError,
    statements::{self, Kept, KeptAnswer},
};

/// Which statements are to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RunRequest {
    /// `monthly`, `quarterly`, `confirmation` or `single`.
    pub purpose: String,
    /// The day at whose end the balance is taken, `2026-10-31`; it has to be over.
    #[schema(value_type = String, format = "date")]
    pub as_of: Day,
    /// Customer id or number: of this one alone. Needed for `single`.
    pub customer: Option<String>,
}

/// A statement that would be made.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Planned {
    /// Customer id.
    pub customer: String,
    /// What it comes to.
    pub closing: String,
}

/// What a run makes, or would make.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RunView {
    /// The day.
    pub as_of: String,
    /// First day of the period.
    pub from: String,
    /// The last day on which they are to be agreed.
    pub until: String,
    /// How many are new.
    pub new: u64,
    /// What these come to.
    pub sum: String,
    /// How many stand already and stay as they are.
    pub standing: u64,
    /// The first of the new ones.
    pub first: Vec<Planned>,
}

/// A statement in the list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StatementLineView {
    /// Statement id.
    pub id: String,
    /// Customer id.
    pub customer: String,
    /// `monthly`, `quarterly`, `confirmation` or `single`.
    pub purpose: String,
    /// Its day.
    pub as_of: String,
    /// 1, and one more for each that replaces another.
    pub revision: u32,
    /// What it comes to.
    pub closing: String,
    /// The last day on which it is to be agreed.
    pub until: String,
    /// Is it still to be agreed although that day has passed?
    pub overdue: bool,
    /// `sent`, `agreed`, `disputed`, `answered`, `closed` or `replaced`.
    pub state: String,
    /// Why it was closed or replaced; else empty.
    pub note: String,
    /// When it came to stand where it does, milliseconds since 1970 UTC.
    pub at: i64,
}

/// How many stand where.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StateTotal {
    /// State.
    pub state: String,
    /// How many.
    pub count: u64,
    /// What they come to.
    pub sum: String,
}

/// Statements.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Statements {
    /// The day asked for, else the newest; none while there are no statements.
    pub as_of: Option<String>,
    /// Days of which there are statements, the newest first.
    pub days: Vec<String>,
    /// All of the day by state, whatever the list leaves out.
    pub totals: Vec<StateTotal>,
    /// By customer's number.
    pub statements: Vec<StatementLineView>,
}

/// Which statements.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Of this day; of the newest if left out.
    #[param(value_type = Option<String>, format = "date")]
    pub as_of: Option<Day>,
    /// In this state.
    pub state: Option<String>,
    /// Of this customer (id or number), of all days unless one is named.
    pub customer: Option<String>,
}

/// A line that the customer disputes, and what finance said to it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DisputedView {
    /// Its place among the statement's lines, from 0.
    pub line: u32,
    /// Number of the invoice; may be empty.
    pub number: String,
    /// What the statement says is open of it.
    pub outstanding: String,
    /// Why, for example `price`.
    pub reason: String,
    /// In the customer's words.
    pub words: String,
    /// What it should be, as they say.
    pub says: Option<String>,
    /// Is the customer right, as finance says? None while that is open.
    pub accepted: Option<bool>,
    /// Said with it.
    pub note: String,
}

/// An answer from the field.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AnswerView {
    /// Document id.
    pub document: String,
    /// Person id of the salesperson before whom it was said.
    pub person: String,
    /// When, by the phone's clock, milliseconds since 1970 UTC.
    pub made_at: i64,
    /// When it came in, milliseconds since 1970 UTC.
    pub received_at: i64,
    /// `stands`, `second`, `replaced`, `closed`, `differs` or `no_such`.
    pub standing: String,
    /// Lines that are disputed; none: agreed.
    pub disputed: Vec<DisputedView>,
    /// Signer, strokes, time and place as sealed; none if a dispute was not signed.
    #[schema(value_type = Option<Object>)]
    pub signature: Option<serde_json::Value>,
    /// How many photos there are of it.
    pub photos: usize,
}

/// A statement with its lines and answers.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StatementView {
    /// Where it stands.
    #[serde(flatten)]
    pub line: StatementLineView,
    /// What it says, as frozen: `shared::statement::Statement`.
    #[schema(value_type = Object)]
    pub content: serde_json::Value,
    /// SHA-256 of its canonical bytes.
    pub digest: String,
    /// Who made it, and when.
    pub made_by: String,
    /// Milliseconds since 1970 UTC.
    pub made_at: i64,
    /// Every answer: the one that stands, then the others in the order in which they came.
    pub answers: Vec<AnswerView>,
    /// The revision that stands in its place.
    pub replaced_by: Option<String>,
}

/// What finance says to a disputed line.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyRequest {
    /// Its place among the statement's lines.
    pub line: u32,
    /// Is the customer right?
    pub accepted: bool,
    /// At most 500 characters; needed if they are not.
    pub note: String,
}

/// Why something is done.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhyRequest {
    /// 1 to 500 characters.
    pub reason: String,
}

pub(super) fn line_view(kept: &Kept, today: Day) -> StatementLineView {
    StatementLineView {
        id: kept.id.to_string(),
        customer: kept.customer.to_string(),
        purpose: kept.purpose.slug().to_owned(),
        as_of: kept.as_of.to_string(),
        revision: kept.revision,
        closing: kept.closing.to_string(),
        until: kept.until.to_string(),
        overdue: kept.state == StatementState::Sent && kept.until < today,
        state: kept.state.slug().to_owned(),
        note: kept.note.clone(),
        at: kept.at.0,
    }
}

fn answer_view(kept: &Kept, answer: KeptAnswer) -> Result<AnswerView, StoreError> {
    let stands = kept.answer == Some(answer.document);
    let core = answer.core;
    let disputed = core.disputed.into_iter().map(|line| {
        let said = kept.replies.iter().find(|reply| reply.line == line.line);
        let said = said.filter(|_| stands);
        DisputedView {
            line: line.line,
            number: line.number,
            outstanding: line.outstanding.to_string(),
            reason: line.reason.slug().to_owned(),
            words: line.words,
            says: line.says.map(|sum| sum.to_string()),
            accepted: said.map(|reply| reply.accepted),
            note: said.map_or_else(String::new, |reply| reply.note.clone()),
        }
    });
    Ok(AnswerView {
        document: answer.document.to_string(),
        person: core.person.to_string(),
        made_at: core.made_at.0,
        received_at: answer.received_at.0,
        standing: answer.standing.slug().to_owned(),
        disputed: disputed.collect(),
        signature: core.signature.map(serde_json::to_value).transpose()?,
        photos: answer.photos,
    })
}

pub(super) fn view(conn: &Connection, id: StatementId) -> Result<StatementView, StoreError> {
    let kept = statements::get(conn, id)?.ok_or(StoreError::NotFound("statement"))?;
    let answers = statements::answers(conn, id)?;
    let next = shared::statement::id(
        kept.customer,
        kept.confirmation,
        kept.as_of,
        kept.revision + 1,
    );
    let answers: Result<Vec<_>, _> = answers
        .into_iter()
        .map(|answer| answer_view(&kept, answer))
        .collect();
    Ok(StatementView {
        line: line_view(&kept, today(conn)?),
        content: serde_json::from_str(&kept.content)?,
        digest: kept.digest.to_string(),
        made_by: kept.made_by.to_string(),
        made_at: kept.made_at.0,
        answers: answers?,
        replaced_by: (kept.state == StatementState::Replaced).then(|| next.to_string()),
    })
}
