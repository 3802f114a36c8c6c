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
        super::hand_ins::offers,
        super::hand_ins::send_back,
        super::proposals::list,
        super::proposals::answer,
        super::statements::run,
        super::statements::preview,
        super::statements::list,
        super::statements::one,
        super::statements::reply,
        super::statements::close,
        super::statements::revise,
        super::period::period,
        super::bank_rule::bank_rule,
        super::interest::rate,
        super::settings::settings,
        super::settings::change,
        super::case::case,
        super::receipt_check::check,
        super::desk_upload::bank_statement,
        super::desk_upload::preview,
        super::desk_upload::import,
        super::collection::of_person,
        super::team::team,
        super::credit::list,
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    fn described() -> Value {
        serde_json::to_value(ApiDescription::openapi()).unwrap()
    }

    /// Every object of a JSON text.
    fn objects<'a>(value: &'a Value, out: &mut Vec<&'a Value>) {
        match value {
            Value::Object(members) => {
                out.push(value);
                members.values().for_each(|member| objects(member, out));
            }
            Value::Array(items) => items.iter().for_each(|item| objects(item, out)),
            _ => {}
        }
    }

    #[test]
    fn the_description_holds_what_it_refers_to_and_describes_every_refusal_as_a_problem() {
        let described = described();
        let mut all = Vec::new();
        objects(&described, &mut all);
        for reference in all.iter().filter_map(|object| object["$ref"].as_str()) {
            let pointer = reference.trim_start_matches('#');
            assert!(described.pointer(pointer).is_some(), "{reference}");
        }
        for (path, item) in described["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let responses = operation["responses"].as_object().unwrap();
                assert!(responses.contains_key("default"), "{method} {path}");
                for (status, response) in responses {
                    let is_refusal = status.starts_with(['4', '5']) || status == "default";
                    let mut kinds = response["content"].as_object().into_iter().flatten();
                    let described_well = kinds.all(|(kind, _)| kind == "application/problem+json");
                    assert!(!is_refusal || described_well, "{method} {path} {status}");
                }
            }
        }
    }

    /// Every address of the router with each of its methods.
    fn routes() -> BTreeSet<(String, &'static str)> {
        let source = include_str!("../router.rs");
        let mut routes = BTreeSet::new();
        for rest in source.split(".route(").skip(1) {
            let path = rest.split('"').nth(1).unwrap();
            let handlers = rest.split(';').next().unwrap();
            for method in ["get", "post", "head", "patch", "delete", "options"] {
                let is_named = [" ", ".", "("].map(|before| format!("{before}{method}(api::"));
                if is_named.iter().any(|name| handlers.contains(name)) {
                    routes.insert((path.to_owned(), method));
                }
            }
        }
        routes
    }

    #[test]
    fn the_description_names_every_address_and_method_but_the_binary_one_and_its_own() {
        let mut routes = routes();
        for (path, method) in [("/v1/sync", "post"), ("/v1/openapi.json", "get")] {
            assert!(routes.remove(&(path.to_owned(), method)), "{path}");
        }
        let described = described();
        let items = described["paths"].as_object().unwrap();
        let described: BTreeSet<_> = items
            .iter()
            .flat_map(|(path, item)| {
                let methods = item.as_object().unwrap().keys();
                methods.map(|method| (path.clone(), method.as_str()))
            })
            .collect();
        assert_eq!(described, routes);
    }

    #[test]
    fn whatever_takes_a_token_takes_the_cookie_of_the_desk_but_for_beginning_its_session() {
        for (path, item) in described()["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let schemes: BTreeSet<_> = operation["security"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .flat_map(|one| one.as_object().unwrap().keys().map(String::as_str))
                    .collect();
                let expected: &[&str] = match (method.as_str(), path.as_str()) {
                    ("options", _) | (_, "/healthz" | "/v1/enrol") => &[],
                    ("post", "/v1/desk/session") => &["token"],
                    ("delete", "/v1/desk/session") => &["desk"],
                    _ => &["desk", "token"],
                };
                let expected = expected.iter().copied().collect();
                assert_eq!(schemes, expected, "{method} {path}");
            }
        }
    }
}
