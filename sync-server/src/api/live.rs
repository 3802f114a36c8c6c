//! `GET /v1/live`: server-sent events that carry only the newest number of the log. Devices then sync;
//! nothing of the ledger goes this way.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::HeaderMap,
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures::{Stream, stream};
use tokio::sync::watch;

use crate::{
    auth::{self, Caller},
    problem::Problem,
    state::AppState,
    store::devices,
};

/// How often a silent channel says that it is alive, and asks whether its device still may listen.
const ALIVE_EVERY: Duration = Duration::from_secs(20);

/// Opens the channel.
#[utoipa::path(get, path = "/v1/live", responses(
    (status = 200, description = "text/event-stream: `event: head`, `data: <newest number>`"),
    (status = 401, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn live(
    State(state): State<AppState>,
    _caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let token = auth::token(&headers)?.to_owned();
    let events = Sse::new(heads(state, token));
    let alive = KeepAlive::new().interval(ALIVE_EVERY).text("alive");
    let mut response = events.keep_alive(alive).into_response();
    let plain = axum::http::HeaderValue::from_static("no-store, no-transform");
    response
        .headers_mut()
        .insert(axum::http::header::CACHE_CONTROL, plain);
    Ok(response)
}

struct Listener {
    state: AppState,
    token: String,
    heads: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
    first: bool,
}

/// The newest number at once, then every growth; ends when the device is revoked or the server stops.
fn heads(state: AppState, token: String) -> impl Stream<Item = Result<Event, Infallible>> {
    let listener = Listener {
        heads: state.store.watch_head(),
        stopping: state.stopping.clone(),
        state,
        token,
        first: true,
    };
    stream::unfold(listener, |mut listener| async move {
        loop {
            if !std::mem::take(&mut listener.first) {
                let grown = tokio::select! {
                    grown = listener.heads.changed() => grown.ok().map(|()| true)?,
                    _ = listener.stopping.wait_for(|stopping| *stopping) => return None,
                    () = tokio::time::sleep(ALIVE_EVERY) => false,
                };
                if !grown {
                    may_listen(&listener).await?;
                    continue;
                }
            }
            may_listen(&listener).await?;
            let head = *listener.heads.borrow_and_update();
            let event = Event::default().event("head").data(head.to_string());
            return Some((Ok(event), listener));
        }
    })
}

async fn may_listen(listener: &Listener) -> Option<()> {
    let token = listener.token.clone();
    let device = listener
        .state
        .blocking(move |store| Ok(store.read(|conn| devices::by_token(conn, &token))?))
        .await;
    device.and_then(auth::check).ok().map(|_| ())
}
