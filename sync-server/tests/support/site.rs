//! The whole server as a service, without a socket.

use std::{path::PathBuf, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode},
};
use shared::ids::PersonId;
use sync_server::{
    auth::EnrolLimiter,
    blobs::Blobs,
    router::router,
    state::{AppState, PLACES, WRITERS},
    store::devices,
};
use tower::ServiceExt;

use super::Company;

pub struct Answered {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answered {
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| {
            panic!("{e}: {}", String::from_utf8_lossy(&self.body));
        })
    }
    pub fn code(&self) -> String {
        self.json::<sync_server::problem::Problem>().code
    }
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

pub struct Site {
    pub company: Company,
    pub router: Router,
    pub state: AppState,
    _stop: tokio::sync::watch::Sender<bool>,
}

impl Site {
    pub fn new() -> Self {
        Self::with_web(None)
    }

    pub fn with_web(web: Option<PathBuf>) -> Self {
        let company = Company::new();
        let (stop, stopping) = tokio::sync::watch::channel(false);
        let state = AppState {
            store: Arc::clone(&company.store),
            blobs: Arc::new(Blobs::new(company.dir.path())),
            enrol_limiter: Arc::new(EnrolLimiter::default()),
            desk_sessions: Arc::default(),
            web,
            public_url: None,
            tls: false,
            places: Arc::new(tokio::sync::Semaphore::new(PLACES)),
            writers: Arc::new(tokio::sync::Semaphore::new(WRITERS)),
            stopping,
        };
        Self {
            router: router(state.clone()),
            state,
            company,
            _stop: stop,
        }
    }

    pub async fn call(&self, request: Request<Body>) -> Answered {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 64 << 20).await.unwrap().to_vec();
        Answered {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    pub async fn get(&self, path: &str, token: Option<&str>) -> Answered {
        self.call(request(Method::GET, path, token, &[], Vec::new()))
            .await
    }

    pub async fn post(&self, path: &str, token: Option<&str>, json: serde_json::Value) -> Answered {
        let headers = [("content-type", "application/json")];
        let body = serde_json::to_vec(&json).unwrap();
        self.call(request(Method::POST, path, token, &headers, body))
            .await
    }

    pub fn code_for(&self, person: PersonId, at: shared::day::Timestamp, seed: u8) -> String {
        self.company
            .store
            .write_at(at, |tx| devices::create_code(tx, person, at, [seed; 10]))
            .unwrap()
    }
}

pub fn request(
    method: Method,
    path: &str,
    token: Option<&str>,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body)).unwrap()
}
