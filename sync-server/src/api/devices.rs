//! `POST /v1/devices`: an administrator makes an enrolment code for somebody's device.

use axum::{Json, extract::State, http::HeaderMap, http::StatusCode, http::header};
use qrcode::{QrCode, render::svg};
use serde::{Deserialize, Serialize};
use shared::{ids::PersonId, people::Role};
use utoipa::ToSchema;

use crate::{auth::Caller, clock, problem::Problem, random, state::AppState, store::devices};

/// Whose device is to be enrolled.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CodeRequest {
    /// Person id; none for a further device of the caller's own.
    #[serde(default)]
    pub person: Option<String>,
}

/// A code, valid once.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CodeResponse {
    /// Ten characters with a dash in the middle, to be typed.
    pub code: String,
    /// Link that opens the app with the code.
    pub link: String,
    /// The link as a QR code, SVG.
    pub qr_svg: String,
    /// Until when it is good, milliseconds since 1970 UTC.
    pub expires_at: i64,
}

/// Makes an enrolment code: administrators for anybody, everybody for a further device of their own.
#[utoipa::path(post, path = "/v1/devices", request_body = CodeRequest, responses(
    (status = 201, body = CodeResponse), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("token" = [])))]
pub async fn create_code(
    State(state): State<AppState>,
    Caller(device): Caller,
    headers: HeaderMap,
    Json(request): Json<CodeRequest>,
) -> Result<(StatusCode, Json<CodeResponse>), Problem> {
    let own = device.person.id;
    let person = match request.person {
        None => own,
        Some(text) => text
            .parse::<PersonId>()
            .map_err(|e| Problem::new(StatusCode::BAD_REQUEST, e.code(), "not a person's id"))?,
    };
    if person != own && device.person.role != Role::Admin {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "auth.forbidden",
            "only an administrator enrols other people's devices",
        ));
    }
    let now = clock::now();
    let random = random::bytes()?;
    let code = state
        .writing(move |store| {
            let code = store.write_at(now, |tx| devices::create_code(tx, person, now, random))?;
            Ok(code)
        })
        .await?;
    let link = link(&state, &headers, &code);
    Ok((
        StatusCode::CREATED,
        Json(CodeResponse {
            qr_svg: qr_svg(&link)?,
            link,
            code,
            expires_at: now.plus_ms(devices::CODE_VALID_MS).0,
        }),
    ))
}

/// The link that opens the app with a code. The code stands behind `#`, which browsers do not send.
fn link(state: &AppState, headers: &HeaderMap, code: &str) -> String {
    let base = state.public_url.clone().unwrap_or_else(|| {
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok())
            .unwrap_or("localhost");
        let scheme = if state.tls { "https" } else { "http" };
        format!("{scheme}://{host}")
    });
    format!("{}/enrol#{code}", base.trim_end_matches('/'))
}

fn qr_svg(text: &str) -> Result<String, Problem> {
    let code = QrCode::new(text).map_err(|_| Problem::internal())?;
    Ok(code
        .render::<svg::Color<'_>>()
        .min_dimensions(240, 240)
        .build())
}
