//! Every address of the server in one place.

use std::{any::Any, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::DefaultBodyLimit,
    http::{Request, StatusCode},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, head, post},
};
use shared::sync::limits;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, trace::TraceLayer};

use crate::{api, problem::Problem, state::AppState, web};

/// How long a request may take, the live channel apart.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The whole server as a service.
pub fn router(state: AppState) -> Router {
    let json = Router::new()
        .route("/healthz", get(api::health::health))
        .route("/v1/enrol", post(api::enrol::enrol))
        .route("/v1/me", get(api::me::me))
        .route("/v1/devices", post(api::devices::create_code))
        .route("/v1/ledger/accounts", get(api::ledger::accounts))
        .route("/v1/ledger/entries", get(api::ledger::entries))
        .route("/v1/ledger/exceptions", get(api::ledger::exceptions))
        .route(
            "/v1/ledger/commands",
            get(api::desk::list).post(api::desk::command),
        )
        .route("/v1/ledger/hand-ins", get(api::desk::hand_ins))
        .route("/v1/ledger/receipts", get(api::desk::waiting))
        .route(
            "/v1/ledger/bank-lines",
            post(api::bank::matches).layer(DefaultBodyLimit::max(api::bank::BYTES)),
        )
        .route(
            "/v1/desk/session",
            post(api::desk_session::begin).delete(api::desk_session::end),
        )
        .route("/v1/desk/directory", get(api::desk_reads::directory))
        .route("/v1/desk/receipts", get(api::desk_reads::receipts))
        .route("/v1/desk/voids", get(api::desk_reads::voids))
        .route("/v1/desk/aging", get(api::desk_reads::aging))
        .route("/v1/desk/journal", get(api::desk_reads::journal_page))
        .route("/v1/desk/promises", get(api::desk_reads::promises_of))
        .route("/v1/desk/hand-ins", get(api::hand_ins::offers))
        .route(
            "/v1/desk/hand-ins/{document}/return",
            post(api::hand_ins::send_back),
        )
        .route("/v1/desk/proposals", get(api::proposals::list))
        .route(
            "/v1/desk/proposals/{document}/answer",
            post(api::proposals::answer),
        )
        .route("/v1/desk/statement-runs", post(api::statements::run))
        .route(
            "/v1/desk/statement-runs/preview",
            post(api::statements::preview),
        )
        .route("/v1/desk/statements", get(api::statements::list))
        .route("/v1/desk/statements/{statement}", get(api::statements::one))
        .route(
            "/v1/desk/statements/{statement}/replies",
            post(api::statements::reply),
        )
        .route(
            "/v1/desk/statements/{statement}/close",
            post(api::statements::close),
        )
        .route(
            "/v1/desk/statements/{statement}/revise",
            post(api::statements::revise),
        )
        .route("/v1/desk/period", get(api::period::period))
        .route("/v1/desk/bank-rule", get(api::bank_rule::bank_rule))
        .route("/v1/desk/interest-rate", get(api::interest::rate))
        .route(
            "/v1/desk/settings",
            get(api::settings::settings).post(api::settings::change),
        )
        .route("/v1/desk/case", get(api::case::case))
        .route("/v1/desk/receipt-check", post(api::receipt_check::check))
        .route("/v1/desk/work-list", get(api::collection::of_person))
        .route("/v1/desk/team", get(api::team::team))
        .route("/v1/desk/credit", get(api::credit::list))
        .merge(uploads())
        .route("/v1/openapi.json", get(api::openapi::openapi))
        .layer(CompressionLayer::new())
        .layer(DefaultBodyLimit::max(limits::JSON_BYTES));
    let sync = Router::new()
        .route("/v1/sync", post(api::sync::sync))
        .layer(DefaultBodyLimit::max(limits::REQUEST_BYTES));
    let attachments = Router::new()
        .route(
            "/v1/attachments/{sha256}",
            head(api::attachments::status)
                .patch(api::attachments::append)
                .post(api::attachments::post)
                .get(api::attachments::fetch)
                .options(api::tus::options),
        )
        .layer(middleware::from_fn(api::tus::speak));
    let timed = json
        .merge(sync)
        .merge(attachments)
        .layer(middleware::from_fn(timed));
    let live = Router::new().route("/v1/live", get(api::live::live));
    let client = match &state.web {
        Some(dir) => web::files(dir),
        None => Router::new().fallback(web::no_files),
    };
    let all = timed.merge(live).merge(client);
    web::with_security(all)
        .layer(middleware::from_fn(as_problem))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .with_state(state)
}

/// Files that finance uploads: larger than other bodies of the JSON side.
fn uploads() -> Router<AppState> {
    Router::new()
        .route(
            "/v1/desk/bank-statement",
            post(api::desk_upload::bank_statement),
        )
        .route("/v1/desk/imports/{kind}", post(api::desk_upload::import))
        .route(
            "/v1/desk/imports/{kind}/preview",
            post(api::desk_upload::preview),
        )
        .layer(DefaultBodyLimit::max(limits::UPLOAD_BYTES))
}

/// Method and route pattern only: addresses hold ids, headers hold tokens.
fn span(request: &Request<Body>) -> tracing::Span {
    let route = request
        .extensions()
        .get::<axum::extract::MatchedPath>()
        .map_or("file", |path| path.as_str());
    tracing::info_span!("http", method = %request.method(), route)
}

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a handler failed");
    Problem::internal().into_response()
}

async fn timed(request: Request<Body>, next: Next) -> Response {
    match tokio::time::timeout(TIMEOUT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "server.timeout",
            "the server took too long",
        )
        .into_response(),
    }
}

/// What axum itself refuses (body too large, not JSON, wrong method) becomes a problem, too.
async fn as_problem(request: Request<Body>, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let typed = response
        .headers()
        .contains_key(axum::http::header::CACHE_CONTROL);
    let code = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "http.too_large",
        StatusCode::METHOD_NOT_ALLOWED => "http.method",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "http.media_type",
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => "http.malformed",
        _ => return response,
    };
    if typed {
        return response;
    }
    let detail = status.canonical_reason().unwrap_or("refused");
    Problem::new(status, code, detail).into_response()
}
