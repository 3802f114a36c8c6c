//! `/v1/desk/hand-ins`: hand-ins as the field offers them. Finance counts blind: what the phone counted is in no answer
//! before finance has entered its own count (a command, `hand_in`, of just the receipts of the offer).

use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};
use shared::{hand_in::HandInState, ids::DocumentId, money::Money, receipt::MethodKind};
use utoipa::ToSchema;

use super::desk::HandInView;
use crate::{
    auth::{Caller, LedgerReader, forbidden},
    problem::Problem,
    scope,
    state::AppState,
    store::{
        Connection, StoreError, commands,
        hand_ins::{self, Offer},
    },
};

/// Offers to be counted in one answer at most.
const OPEN: u32 = 200;
/// Offers decided last that are shown beside them.
const DECIDED: u32 = 20;

/// A receipt of an offer.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OfferedReceipt {
    /// Document id.
    pub document: String,
    /// Printed number.
    pub number: String,
    /// `cash`, `cheque` or `acceptance_bill`.
    pub method: String,
    /// Sum; of cash only once it was counted.
    pub amount: Option<String>,
    /// Is its money in the person's hands, so that it can be handed in?
    pub in_hands: bool,
}

/// What the phone counted; told once finance has counted.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PhoneCount {
    /// Cash as counted.
    pub cash: String,
    /// Cash by the receipts.
    pub expected: String,
    /// Why they differ; may be empty.
    pub note: String,
}

/// A hand-in that came from the field.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OfferView {
    /// Document id.
    pub document: String,
    /// Person id of who hands in.
    pub person: String,
    /// Name of who signed for it at the company.
    pub receiver: String,
    /// Business day.
    pub day: String,
    /// When both signed by the phone's clock, milliseconds since 1970 UTC.
    pub made_at: i64,
    /// When it came in, milliseconds since 1970 UTC.
    pub received_at: i64,
    /// `offered`, `accepted` or `returned`.
    pub state: String,
    /// Its receipts.
    pub receipts: Vec<OfferedReceipt>,
    /// Cheques and bills by their papers.
    pub cheques: String,
    /// Why it was returned; empty if its money was handed in otherwise.
    pub reason: String,
    /// What the phone counted; left out until finance has counted it.
    pub phone: Option<PhoneCount>,
    /// What finance counted.
    pub counted: Option<HandInView>,
}

/// Hand-ins from the field.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Offers {
    /// To be counted, the oldest first.
    pub open: Vec<OfferView>,
    /// Decided last, the newest first.
    pub decided: Vec<OfferView>,
}

/// Why an offer goes back.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnRequest {
    /// Told to the person, 1 to 500 characters.
    pub reason: String,
}

fn view(conn: &Connection, offer: Offer) -> Result<OfferView, StoreError> {
    // What goes back is counted another time.
    let is_blind = offer.state != HandInState::Accepted;
    let core = offer.core;
    let receipts = core.receipts.iter().map(|handed_in| OfferedReceipt {
        document: handed_in.receipt.to_string(),
        number: handed_in.number.clone(),
        method: handed_in.method.slug().to_owned(),
        amount: (!is_blind || handed_in.method != MethodKind::Cash)
            .then(|| handed_in.amount.to_string()),
        in_hands: !offer.gone.contains(&handed_in.receipt),
    });
    let counted = match offer.command {
        Some(command) => commands::hand_in(conn, command)?.map(HandInView::from),
        None => None,
    };
    let sum = |sum: Money| sum.to_string();
    Ok(OfferView {
        document: offer.document.to_string(),
        person: offer.person.to_string(),
        receiver: core.received.signer.name,
        day: core.day.to_string(),
        made_at: core.made_at.0,
        received_at: offer.received_at.0,
        state: offer.state.slug().to_owned(),
        receipts: receipts.collect(),
        cheques: sum(core.cheques),
        reason: offer.reason,
        phone: (!is_blind).then(|| PhoneCount {
            cash: sum(core.cash),
            expected: sum(core.expected),
            note: core.note,
        }),
        counted,
    })
}

fn views(conn: &Connection, offers: Vec<Offer>) -> Result<Vec<OfferView>, StoreError> {
    offers.into_iter().map(|offer| view(conn, offer)).collect()
}

/// Hand-ins that came from the field: those to be counted, and those decided last.
#[utoipa::path(get, path = "/v1/desk/hand-ins", responses((status = 200, body = Offers),
    (status = 403, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn offers(
    State(state): State<AppState>,
    _reader: LedgerReader,
) -> Result<Json<Offers>, Problem> {
    let offers = state
        .blocking(|store| {
            let found = store.read(|conn| -> Result<_, StoreError> {
                Ok(Offers {
                    open: views(conn, hand_ins::list(conn, true, OPEN)?)?,
                    decided: views(conn, hand_ins::list(conn, false, DECIDED)?)?,
                })
            })?;
            Ok(found)
        })
        .await?;
    Ok(Json(offers))
}

/// Sends a hand-in back to the person: it is not counted, its money stays in their hands.
#[utoipa::path(post, path = "/v1/desk/hand-ins/{document}/return", request_body = ReturnRequest,
    params(("document" = String, Path, description = "Document id of the hand-in")),
    responses((status = 200, body = OfferView, description = "Returned, or had been with the same words"),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
    (status = 422, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn send_back(
    State(state): State<AppState>,
    Caller(device): Caller,
    Path(document): Path<String>,
    Json(request): Json<ReturnRequest>,
) -> Result<Json<OfferView>, Problem> {
    if !scope::sees_all(device.person.role) {
        return Err(forbidden());
    }
    let missing = || Problem::from(StoreError::NotFound("hand-in"));
    let document: DocumentId = document.parse().map_err(|_| missing())?;
    let returned = state
        .writing(move |store| {
            let returned = store.write(|tx| -> Result<_, StoreError> {
                hand_ins::send_back(tx, document, device.person.id, &request.reason)?;
                let offer = hand_ins::get(tx, document)?.ok_or(StoreError::NotFound("hand-in"))?;
                view(tx, offer)
            })?;
            Ok(returned)
        })
        .await?;
    Ok(Json(returned))
}
