//! `/v1/ledger/bank-lines`: a bank statement matched to transfers in transit. It posts nothing: who reads it confirms
//! each claim (`confirm_transfer` with the line's reference as `bank_line`), which a line settles once.

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use shared::{
    day::Day,
    ledger::{
        bank_match::{BankLine, Match},
        command::BANK_LINE_CHARS,
    },
    money::Money,
};
use utoipa::ToSchema;

use crate::{
    auth::LedgerReader,
    problem::Problem,
    state::AppState,
    store::bank::{self, Matched},
};

/// Lines in one request at most.
const LINES: usize = 2_000;
/// Bytes of a request with so many lines.
pub(crate) const BYTES: usize = 1 << 20;

/// A line of a statement.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The bank's own number of it, 1 to 95 characters.
    pub reference: String,
    /// Booking day.
    #[schema(value_type = String, format = "date")]
    pub day: Day,
    /// Sum, `12345.60`; negative for money that went out.
    #[schema(value_type = String)]
    pub amount: Money,
    /// Who paid, as the bank writes it.
    #[serde(default)]
    pub payer: String,
    /// Purpose, remark.
    #[serde(default)]
    pub text: String,
}

/// A statement, or a part of it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// At most 2,000.
    pub lines: Vec<Line>,
}

/// A claim that a line may be the money of.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ClaimView {
    /// Document id of the receipt.
    pub receipt: String,
    /// Its printed number.
    pub number: String,
    /// Payer by the receipt.
    pub payer: String,
    /// Day of the receipt.
    pub day: String,
    /// Sum.
    pub amount: String,
}

/// What a line is found to be.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LineView {
    /// The bank's own number of it.
    pub reference: String,
    /// `settled` (it has settled a claim), `outgoing`, `exact` (it names the claim, with its sum), `likely` (sum, payer
    /// and days fit one claim only), `suggested` (it may be one of these), `none`.
    pub found: String,
    /// The claims, the likeliest first; one of `exact` and `likely`, at most five of `suggested`.
    pub claims: Vec<ClaimView>,
}

/// What a statement is found to be.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StatementView {
    /// In the order of the statement.
    pub lines: Vec<LineView>,
}

/// The short text that names what a line is.
pub(crate) fn slug(found: &Match) -> &'static str {
    match found {
        Match::Settled => "settled",
        Match::Outgoing => "outgoing",
        Match::Exact(_) => "exact",
        Match::Likely(_) => "likely",
        Match::Suggested(receipts) if receipts.is_empty() => "none",
        Match::Suggested(_) => "suggested",
    }
}

impl From<Matched> for LineView {
    fn from(matched: Matched) -> Self {
        let claims = matched.claims.into_iter().map(|claim| ClaimView {
            receipt: claim.receipt.to_string(),
            number: claim.number,
            payer: claim.payers.into_iter().next().unwrap_or_default(),
            day: claim.day.to_string(),
            amount: claim.amount.to_string(),
        });
        Self {
            found: slug(&matched.found).to_owned(),
            reference: matched.line.reference,
            claims: claims.collect(),
        }
    }
}

/// Matches the lines of a bank statement to transfers in transit. Nothing changes.
#[utoipa::path(post, path = "/v1/ledger/bank-lines", request_body = Statement, responses(
    (status = 200, body = StatementView), (status = 403, body = Problem), (status = 413, body = Problem),
    (status = 422, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn matches(
    State(state): State<AppState>,
    _reader: LedgerReader,
    Json(statement): Json<Statement>,
) -> Result<Json<StatementView>, Problem> {
    let lines: Vec<BankLine> = statement.lines.into_iter().map(line).collect();
    let most = BANK_LINE_CHARS - "bank:".len();
    let fits = |line: &BankLine| (1..=most).contains(&line.reference.chars().count());
    if lines.len() > LINES || !lines.iter().all(fits) {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "bank.lines",
            "a statement has at most 2000 lines, each with a reference of 1 to 95 characters",
        ));
    }
    let found = state
        .blocking(move |store| Ok(store.read(|conn| bank::matched(conn, lines))?))
        .await?;
    let lines = found.into_iter().map(LineView::from).collect();
    Ok(Json(StatementView { lines }))
}

fn line(line: Line) -> BankLine {
    BankLine {
        reference: line.reference.trim().to_owned(),
        day: line.day,
        amount: line.amount,
        payer: line.payer,
        text: line.text,
    }
}
