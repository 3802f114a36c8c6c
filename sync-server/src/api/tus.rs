//! What is general in tus 1.0 (<https://tus.io/protocols/resumable-upload>, "Core Protocol"): which version
//! is spoken, what the server can do, PATCH for clients that may only POST.
//!
//! Of the extensions none: an upload is made by the record that names it, not by the client.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use shared::sync::limits;

use crate::problem::Problem;

/// Where the next piece begins.
pub const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
/// Length of the whole.
pub const LENGTH: HeaderName = HeaderName::from_static("upload-length");
/// Media type of a piece.
pub const PIECE: &str = "application/offset+octet-stream";

const VERSION: &str = "1.0.0";
const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const VERSIONS: HeaderName = HeaderName::from_static("tus-version");
const MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
const OVERRIDE: HeaderName = HeaderName::from_static("x-http-method-override");

/// A header's number.
pub fn number(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

/// Is this the body of a piece?
pub fn is_piece(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(PIECE.as_bytes()))
}

/// Does a POST stand for a PATCH? (Some networks let no PATCH through.)
pub fn means_patch(headers: &HeaderMap) -> bool {
    headers
        .get(OVERRIDE)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"PATCH"))
}

/// What the server can do.
#[utoipa::path(options, path = "/v1/attachments/{sha256}", params(("sha256" = String, Path)), responses(
    (status = 204, description = "Tus-Version and Tus-Max-Size")))]
pub async fn options() -> impl IntoResponse {
    let headers = [
        (VERSIONS, HeaderValue::from_static(VERSION)),
        (MAX_SIZE, HeaderValue::from(limits::ATTACHMENT_BYTES)),
        (
            header::ALLOW,
            HeaderValue::from_static("GET, HEAD, OPTIONS, PATCH, POST"),
        ),
    ];
    (StatusCode::NO_CONTENT, headers)
}

/// Refuses another version before anything is done, and says in every answer which one this is.
pub async fn speak(request: Request<Body>, next: Next) -> Response {
    let said = request.headers().get(RESUMABLE);
    let other = match *request.method() {
        Method::PATCH | Method::POST => said.is_none_or(|version| version != VERSION),
        Method::HEAD => said.is_some_and(|version| version != VERSION),
        _ => false,
    };
    let mut response = if other {
        let refused = Problem::new(
            StatusCode::PRECONDITION_FAILED,
            "attachment.tus_version",
            "tus 1.0.0 is spoken here",
        );
        let versions = [(VERSIONS, HeaderValue::from_static(VERSION))];
        (versions, refused).into_response()
    } else {
        next.run(request).await
    };
    response
        .headers_mut()
        .insert(RESUMABLE, HeaderValue::from_static(VERSION));
    response
}
