//! `POST /v1/enrol`: a one-time code and a public key become a device with a token.

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use shared::{day::Timestamp, ids::DeviceId, sync::limits};
use utoipa::ToSchema;

use crate::{
    clock, hex,
    problem::Problem,
    random,
    state::AppState,
    store::{
        StoreError, company,
        devices::{self, EnrolError, NewDevice},
        former_devices::FormerDevice,
        log,
    },
};

use super::me::{CompanyView, PersonView};

/// What a device sends to be enrolled.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EnrolRequest {
    /// The code as typed or from the link: case, dashes and blanks do not matter.
    pub code: String,
    /// Ed25519 public key: 64 hex digits.
    pub public_key: String,
    /// What the owner calls the device; may be empty.
    #[serde(default)]
    pub label: String,
    /// What the device was before, if it was enrolled already: a server that was restored from an older backup
    /// takes in what was made then.
    #[serde(default)]
    pub former: Vec<FormerView>,
}

/// A device identity that the device had before.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FormerView {
    /// Person id; those of other people than the code's are left alone.
    pub person: String,
    /// Device id.
    pub device: String,
    /// Its code.
    pub device_code: String,
    /// Its Ed25519 public key: 64 hex digits.
    pub public_key: String,
    /// Its signature over person, device, code and the new public key: 128 hex digits.
    pub signature: String,
}

impl FormerView {
    /// Reads it; none if something in it is not what it should be.
    pub fn read(&self) -> Option<FormerDevice> {
        let (first, second) = self.signature.split_at_checked(64)?;
        let mut signature = [0; 64];
        let halves = hex::decode_32(first)?
            .into_iter()
            .chain(hex::decode_32(second)?);
        signature
            .iter_mut()
            .zip(halves)
            .for_each(|(to, from)| *to = from);
        Some(FormerDevice {
            person: self.person.parse().ok()?,
            device: self.device.parse().ok()?,
            code: self.device_code.clone(),
            public_key: hex::decode_32(&self.public_key)?,
            signature,
        })
    }
}

/// What the device is from now on.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EnrolResponse {
    /// Device id.
    pub device: String,
    /// Short code that its receipt numbers begin with.
    pub device_code: String,
    /// Bearer token; it is shown only here.
    pub token: String,
    /// Whose device it is.
    pub person: PersonView,
    /// The company.
    pub company: CompanyView,
    /// Newest number of the log.
    pub head_seq: u64,
    /// The server's clock, milliseconds since 1970 UTC.
    pub server_clock: i64,
}

/// Enrols a device.
#[utoipa::path(post, path = "/v1/enrol", request_body = EnrolRequest, responses(
    (status = 201, body = EnrolResponse), (status = 400, body = Problem),
    (status = 403, description = "unknown, used or expired code", body = Problem),
    (status = 429, description = "too many wrong codes", body = Problem)))]
pub async fn enrol(
    State(state): State<AppState>,
    Json(request): Json<EnrolRequest>,
) -> Result<Response, Problem> {
    let now = clock::now();
    if let Err(wait_s) = state.enrol_limiter.check(now) {
        let problem = Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "enrol.too_many_tries",
            "too many wrong codes: wait a minute",
        );
        let mut response = problem.into_response();
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(wait_s));
        return Ok(response);
    }
    let invalid = |code, detail: &str| Problem::new(StatusCode::BAD_REQUEST, code, detail);
    let public_key = hex::decode_32(&request.public_key)
        .filter(|key| ed25519_dalek::VerifyingKey::from_bytes(key).is_ok())
        .ok_or_else(|| {
            invalid(
                "enrol.bad_key",
                "the public key is not an Ed25519 key in hex",
            )
        })?;
    if request.label.chars().count() > limits::NAME_CHARS {
        return Err(invalid("enrol.label_too_long", "the label is too long"));
    }
    let former: Option<Vec<FormerDevice>> = request.former.iter().map(FormerView::read).collect();
    let former = former
        .filter(|former| former.len() <= limits::FORMER_DEVICES)
        .ok_or_else(|| invalid("enrol.former_device", "a former device cannot be read"))?;
    let device = NewDevice {
        id: DeviceId(random::uuid_v7(now)?),
        label: request.label,
        public_key,
        token: random::token()?,
    };
    let limiter = state.enrol_limiter.clone();
    let response = state
        .writing(move |store| enrol_now(store, &request.code, device, &former, now, &limiter))
        .await?;
    Ok((StatusCode::CREATED, Json(response)).into_response())
}

fn enrol_now(
    store: &crate::store::Store,
    code: &str,
    device: NewDevice,
    former: &[FormerDevice],
    now: Timestamp,
    limiter: &crate::auth::EnrolLimiter,
) -> Result<EnrolResponse, Problem> {
    let enrolled = store.write_at(now, |tx| {
        devices::enrol_again(tx, code, &device, former, now)
    });
    if let Err(EnrolError::Unknown) = &enrolled {
        limiter.count_wrong(now);
    }
    let enrolled = enrolled?;
    tracing::info!(device = enrolled.code, "enrolled");
    let (company, head) = store.read(|conn| -> Result<_, StoreError> {
        let company = company::get(conn)?.ok_or(StoreError::NotFound("company"))?;
        Ok((company, log::head(conn)?))
    })?;
    Ok(EnrolResponse {
        device: enrolled.id.to_string(),
        device_code: enrolled.code,
        token: device.token,
        person: PersonView::from(&enrolled.person),
        company: CompanyView::from(&company),
        head_seq: head.seq,
        server_clock: now.0,
    })
}
