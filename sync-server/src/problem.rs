//! Errors of the HTTP API: RFC 9457 problem JSON with a stable `code`. Nothing in them comes from
//! customer data or tokens.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use shared::{ledger::command::CommandError, proposal::AnswerError, statement::StatementError};
use utoipa::ToSchema;

use crate::store::{StoreError, devices::EnrolError, settings::SettingsError};

/// A problem as clients get it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the code says what it is.
    #[serde(rename = "type")]
    pub kind: String,
    /// HTTP status.
    pub status: u16,
    /// Stable code, for example `auth.revoked`; clients show their own sentence for it.
    pub code: String,
    /// The HTTP status in words.
    pub title: String,
    /// One sentence for people who read logs.
    pub detail: String,
}

impl Problem {
    /// A problem with its code and one sentence.
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank".to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            detail: detail.into(),
        }
    }

    /// There is no such address.
    pub fn no_such_address() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "http.not_found",
            "there is no such address",
        )
    }

    /// The server failed; what exactly stands in its log.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "server.internal",
            "the server failed on this request",
        )
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let json = HeaderValue::from_static("application/problem+json");
        let fresh = HeaderValue::from_static("no-store");
        let headers = [(header::CONTENT_TYPE, json), (header::CACHE_CONTROL, fresh)];
        (status, headers, body).into_response()
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let status = match &error {
            StoreError::NotFound(_) => StatusCode::NOT_FOUND,
            StoreError::Conflict(_) => StatusCode::CONFLICT,
            StoreError::Command(CommandError::NoSuch(_)) => StatusCode::NOT_FOUND,
            StoreError::Command(CommandError::SamePerson) => StatusCode::FORBIDDEN,
            StoreError::Command(
                CommandError::Reason
                | CommandError::NotPositive
                | CommandError::TooLarge
                | CommandError::Receipts
                | CommandError::SamePlace
                | CommandError::PaperCode
                | CommandError::PaperPayer
                | CommandError::PaperWords
                | CommandError::Case
                | CommandError::Credit
                | CommandError::Target,
            ) => StatusCode::UNPROCESSABLE_ENTITY,
            StoreError::Proposal(
                AnswerError::NeedsCommand | AnswerError::OtherMatter | AnswerError::TooMuch(_),
            ) => StatusCode::UNPROCESSABLE_ENTITY,
            StoreError::Command(_) | StoreError::Proposal(_) => StatusCode::CONFLICT,
            StoreError::Statement(
                StatementError::State | StatementError::Line | StatementError::Replied,
            ) => StatusCode::CONFLICT,
            StoreError::Statement(_) => StatusCode::UNPROCESSABLE_ENTITY,
            StoreError::Settings(SettingsError::Stale | SettingsError::OtherChange) => {
                StatusCode::CONFLICT
            }
            StoreError::Settings(_) => StatusCode::UNPROCESSABLE_ENTITY,
            StoreError::ReviewFull => StatusCode::UNAUTHORIZED,
            StoreError::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
            StoreError::Busy => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        if status.is_server_error() {
            // SQLite's own texts name tables and constraints, never values.
            tracing::error!(code = error.code(), %error, "the store failed");
            return Self::new(status, error.code(), "the server could not do this now");
        }
        Self::new(status, error.code(), error.to_string())
    }
}

impl From<EnrolError> for Problem {
    fn from(error: EnrolError) -> Self {
        match error {
            EnrolError::Store(error) => error.into(),
            other => Self::new(StatusCode::FORBIDDEN, other.code(), other.to_string()),
        }
    }
}
