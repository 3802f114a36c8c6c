//! `/v1/desk/session`: signing in to the desk of finance, and out. See [`crate::desk_sessions`].

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
};

use crate::{
    auth::{self, Sender, forbidden},
    clock,
    desk_sessions::{self, COOKIE},
    problem::Problem,
    random, scope,
    state::AppState,
};

type Answer = (StatusCode, [(header::HeaderName, HeaderValue); 1]);

/// The cookie as it is set; an empty token takes it away.
fn cookie(state: &AppState, token: &str) -> Result<Answer, Problem> {
    let is_https = |url: &String| url.starts_with("https://");
    let secure = match state.tls || state.public_url.as_ref().is_some_and(is_https) {
        true => "; Secure",
        false => "",
    };
    let over = match token {
        "" => "; Max-Age=0",
        _ => "",
    };
    let text = format!("{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/v1{over}{secure}");
    let value = HeaderValue::from_str(&text).map_err(|_| Problem::internal())?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, value)]))
}

/// Begins a session of the desk: the cookie counts beside the header `x-huikuan-desk: 1`, until the browser is
/// closed, for twelve hours at most.
#[utoipa::path(post, path = "/v1/desk/session", responses((status = 204, description = "The cookie is set"),
    (status = 401, body = Problem), (status = 403, body = Problem)), security(("token" = [])))]
pub async fn begin(
    State(state): State<AppState>,
    Sender(device): Sender,
) -> Result<Answer, Problem> {
    let device = auth::check(Some(device))?;
    if !scope::may_work_at_desk(device.person.role) {
        return Err(forbidden());
    }
    let token = random::token()?;
    state.desk_sessions.begin(device.id, &token, clock::now());
    cookie(&state, &token)
}

/// Ends the session of the cookie.
#[utoipa::path(delete, path = "/v1/desk/session", responses((status = 204, description = "It is over")),
    security(("desk" = [])))]
pub async fn end(State(state): State<AppState>, headers: HeaderMap) -> Result<Answer, Problem> {
    if let Some(token) = desk_sessions::token(&headers) {
        state.desk_sessions.end(token);
    }
    cookie(&state, "")
}
