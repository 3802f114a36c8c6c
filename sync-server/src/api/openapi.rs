//! `GET /v1/openapi.json`: the JSON side of the API, described for other programs.

use axum::{Json, response::IntoResponse};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        Content, Ref, RefOr, Response,
        path::Operation,
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
    },
};

use crate::problem::Problem;

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
        super::attachments::post,
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
        super::desk_upload::bank_statement,
        super::desk_upload::preview,
        super::desk_upload::import,
    ),
    components(schemas(Problem, super::desk_reads::AgingBy)),
    modifiers(&BearerToken, &Problems)
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

/// Whatever the server refuses, it answers with a problem, described by its own type of content.
struct Problems;

const PROBLEM_JSON: &str = "application/problem+json";

impl Modify for Problems {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        for item in openapi.paths.paths.values_mut() {
            let with_body = [
                &mut item.get,
                &mut item.post,
                &mut item.patch,
                &mut item.delete,
                &mut item.options,
            ];
            for operation in with_body.into_iter().flatten() {
                describe(operation, true);
            }
            if let Some(operation) = &mut item.head {
                describe(operation, false);
            }
        }
    }
}

fn describe(operation: &mut Operation, has_body: bool) {
    let responses = &mut operation.responses.responses;
    for (status, response) in responses.iter_mut() {
        if let RefOr::T(response) = response
            && status.starts_with(['4', '5'])
        {
            let content = std::mem::take(&mut response.content).into_iter();
            response.content = content
                .map(|(_, content)| (PROBLEM_JSON.to_owned(), content))
                .collect();
        }
    }
    let mut other = Response::new("refused, for a reason that `code` names");
    if has_body {
        let problem = Content::new(Some(Ref::from_schema_name("Problem")));
        other
            .content
            .insert(PROBLEM_JSON.to_owned(), RefOr::T(problem));
    }
    responses.insert("default".to_owned(), RefOr::T(other));
}

/// The description as JSON.
pub async fn openapi() -> impl IntoResponse {
    Json(ApiDescription::openapi())
}
