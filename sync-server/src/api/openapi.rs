//! `GET /v1/openapi.json`: the JSON side of the API, described for other programs.

use axum::{Json, response::IntoResponse};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
};

/// The description.
#[derive(Debug, OpenApi)]
#[openapi(
    info(title = "Huikuan", description = "Field collection and the central receivables ledger. Devices sync by POST /v1/sync in a binary format of their own."),
    paths(
        super::health::health,
        super::enrol::enrol,
        super::me::me,
        super::devices::create_code,
        super::live::live,
        super::attachments::status,
        super::attachments::append,
        super::attachments::fetch,
        super::tus::options,
        super::ledger::accounts,
        super::ledger::entries,
        super::ledger::exceptions,
        super::desk::command,
        super::desk::list,
        super::desk::hand_ins,
        super::desk::waiting,
        super::bank::matches,
        super::desk_session::begin,
        super::desk_session::end,
        super::desk_reads::directory,
        super::desk_reads::receipts,
        super::desk_reads::voids,
        super::desk_reads::aging,
        super::desk_reads::journal_page,
        super::desk_reads::promises_of,
    ),
    modifiers(&BearerToken)
)]
pub struct ApiDescription;

struct BearerToken;

impl Modify for BearerToken {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_with(Default::default);
        components.add_security_scheme(
            "token",
            SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)),
        );
        components.add_security_scheme(
            "desk",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
                crate::desk_sessions::COOKIE,
                "Counts only beside the header `x-huikuan-desk: 1`.",
            ))),
        );
    }
}

/// The description as JSON.
pub async fn openapi() -> impl IntoResponse {
    Json(ApiDescription::openapi())
}
