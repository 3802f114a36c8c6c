//! `POST /v1/devices`: an administrator makes an enrolment code for somebody's device.

use axum::{Json, extract::State, http::HeaderMap, http::StatusCode, http::header};
use qrcode::{QrCode, render::svg};
use serde::{Deserialize, Serialize};
use shared::ids::PersonId;
use utoipa::ToSchema;

use crate::{
    auth::Caller, clock, problem::Problem, random, scope, state::AppState, store::devices,
};

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
    security(("token" = []), ("desk" = [])))]
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
    if !scope::may_enrol(&device.person, person) {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The dark rectangles of a drawing, `M` left top `h` width `v` height: left, top, width, height.
    fn rectangles(svg: &str) -> Vec<[usize; 4]> {
        let path = svg.split(" d=\"").nth(1).and_then(|p| p.split('"').next());
        let number = |text: &str| text.parse::<usize>().unwrap();
        path.unwrap()
            .split('M')
            .skip(1)
            .map(|rectangle| {
                let mut parts = rectangle.split([' ', 'h', 'v', 'H']).map(number);
                std::array::from_fn(|_| parts.next().unwrap())
            })
            .collect()
    }

    #[test]
    fn a_camera_reads_the_link_off_the_page() {
        let link = "https://huikuan.example.com/enrol#ABCDE-FGHJK";
        let dark = rectangles(&qr_svg(link).unwrap());
        // The smallest rectangle is a module; the quiet zone around is as wide on every side.
        let module = dark.iter().map(|[_, _, width, _]| *width).min().unwrap();
        let end = dark.iter().map(|[left, _, width, _]| left + width).max();
        let begin = dark.iter().map(|[left, ..]| *left).min().unwrap();
        let side = (end.unwrap() + begin) / module;
        let is_dark = |x: usize, y: usize| {
            let (x, y) = (x * module, y * module);
            let holds = |[left, top, width, height]: &[usize; 4]| {
                (*left..left + width).contains(&x) && (*top..top + height).contains(&y)
            };
            dark.iter().any(holds)
        };
        assert_eq!(crate::qr_reader::read(side, side, is_dark), link);
    }
}
