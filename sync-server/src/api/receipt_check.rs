//! `/v1/desk/receipt-check`: is the receipt that somebody shows to be relied on? Nothing changes.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use shared::{
    ids::DocumentId,
    paper::{qr::QrFacts, receipt_check::InLedger},
    people::Person,
    receipt::ReceiptState,
};
use utoipa::ToSchema;

use crate::{
    auth::{Caller, forbidden},
    problem::Problem,
    scope,
    state::AppState,
    store::{
        Connection, StoreError, paper,
        receipt_check::{self, Found},
    },
};

/// A code that was read.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiptCode {
    /// The text of the receipt's QR code, as any reader of such codes gives it.
    pub text: String,
}

/// What a code says. Whoever wrote it: only `proof` tells whether a device of the company did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CodeFacts {
    /// Number of the receipt.
    pub number: String,
    /// Date printed.
    pub day: String,
    /// Sum, `12345.60`.
    pub amount: String,
    /// Payer, cut to 60 characters.
    pub payer: String,
}

/// The device that a receipt's number names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CodeDevice {
    /// Its code.
    pub code: String,
    /// Person id of whose it is.
    pub person: String,
    /// The day on which it was revoked.
    pub revoked_on: Option<String>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReceiptCheck {
    /// `good`; `doubtful` (a device of the company signed it, but something has to be cleared first); `bad`.
    pub verdict: String,
    /// `genuine`, `revoked_since`, `revoked_that_day`, `revoked_before` (when the device was revoked, against the day
    /// of the receipt), `person_disabled`, `altered`, `unknown_device`, `newer_code`, `no_receipt`.
    pub proof: String,
    /// What the code says; none if it cannot be read.
    pub code: Option<CodeFacts>,
    /// The device; none if there is none with this code.
    pub device: Option<CodeDevice>,
    /// `same`, `differs` (the same record with another sum or day), `other_receipt` (another record under the
    /// number), `refused`, `corrected` (refused, and another one corrects it), `in_review` (from a revoked device, kept
    /// for review), `not_received`, `hidden` (the customer is not in the asker's scope); none without a good signature.
    pub ledger: Option<String>,
    /// `posted`, `in_transit`, `void_pending`, `voided`, `cleared` or `bounced`, if the ledger has it.
    pub state: Option<String>,
    /// Customer id by the ledger.
    pub customer: Option<String>,
    /// May the asker enter it from its paper copy (command `enter_paper`)?
    pub may_enter: bool,
    /// Then: customer ids of those who bear the payer's name.
    pub payers: Vec<String>,
    /// How it was entered, if the ledger has it from its paper copy.
    pub entered: Option<EnteredPaper>,
}

/// Who entered a receipt from its paper copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EnteredPaper {
    /// Person id of who did.
    pub person: String,
    /// When, milliseconds since 1970 UTC.
    pub at: i64,
    /// Why.
    pub reason: String,
    /// Has its record come since?
    pub has_record: bool,
}

impl From<&QrFacts> for CodeFacts {
    fn from(facts: &QrFacts) -> Self {
        Self {
            number: facts.number.to_string(),
            day: facts.day.to_string(),
            amount: facts.amount.to_string(),
            payer: facts.payer.clone(),
        }
    }
}

fn view(conn: &Connection, asker: &Person, found: Found) -> Result<ReceiptCheck, StoreError> {
    let mut checked = found.checked;
    let may_see = match found.customer {
        Some(customer) => scope::sees_account_of(conn, asker, customer)?,
        None => true,
    };
    let ledger = checked.ledger.filter(|_| may_see);
    let is_hidden = checked.ledger.is_some() && !may_see;
    checked.ledger = ledger;
    let state: Option<ReceiptState> = match ledger {
        Some(InLedger::Same(state)) => Some(state),
        _ => None,
    };
    let may_enter = checked.may_be_entered() && scope::may_enter_papers(asker.role);
    let payers = match &checked.facts {
        Some(facts) if may_enter => receipt_check::payers(conn, &facts.payer)?,
        _ => Vec::new(),
    };
    let entered = match found.receipt.filter(|_| may_see) {
        Some(receipt) => entered(conn, receipt)?,
        None => None,
    };
    Ok(ReceiptCheck {
        may_enter,
        payers: payers.iter().map(ToString::to_string).collect(),
        entered,
        verdict: checked.verdict().slug().to_owned(),
        proof: checked.proof.slug().to_owned(),
        code: checked.facts.as_ref().map(CodeFacts::from),
        device: found.device.map(|device| CodeDevice {
            code: device.code,
            person: device.person.id.to_string(),
            revoked_on: found.revoked_on.map(|day| day.to_string()),
        }),
        ledger: match is_hidden {
            true => Some("hidden".to_owned()),
            false => ledger.map(|ledger| ledger.slug().to_owned()),
        },
        state: state.map(|state| state.slug().to_owned()),
        customer: found
            .customer
            .filter(|_| may_see)
            .map(|customer| customer.to_string()),
    })
}

fn entered(conn: &Connection, receipt: DocumentId) -> Result<Option<EnteredPaper>, StoreError> {
    let Some((command, _)) = paper::words(conn, receipt)? else {
        return Ok(None);
    };
    Ok(Some(EnteredPaper {
        person: command.person.to_string(),
        at: command.at.0,
        reason: command.reason,
        has_record: !paper::is_without_record(conn, receipt)?,
    }))
}

/// Checks the code of a receipt against the device that its number names, and tells what the ledger has of it.
#[utoipa::path(post, path = "/v1/desk/receipt-check", request_body = ReceiptCode, responses(
    (status = 200, body = ReceiptCheck), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 413, body = Problem), (status = 422, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn check(
    State(state): State<AppState>,
    Caller(device): Caller,
    Json(code): Json<ReceiptCode>,
) -> Result<Json<ReceiptCheck>, Problem> {
    let asker = device.person;
    if !scope::may_check_receipts(asker.role) {
        return Err(forbidden());
    }
    let found = state
        .blocking(move |store| {
            let found = store.read(|conn| -> Result<_, StoreError> {
                let found = receipt_check::check(conn, &code.text)?;
                view(conn, &asker, found)
            })?;
            Ok(found)
        })
        .await?;
    Ok(Json(found))
}
