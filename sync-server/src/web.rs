//! The client's files: what the bundler made, with what it compressed beside it, and the headers that
//! keep the page from loading anything else.

use std::path::Path;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use tower::ServiceExt;
use tower_http::services::{ServeDir, ServeFile};

use crate::problem::Problem;

const CSP: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' blob: data:; connect-src 'self'; worker-src 'self'; frame-ancestors 'none'; \
    base-uri 'none'; form-action 'self'";

const SECURITY: &[(&str, &str)] = &[
    ("content-security-policy", CSP),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("permissions-policy", "geolocation=(self), camera=(self)"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Puts the security headers on every answer.
pub async fn secure(request: Request<Body>, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in SECURITY {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    response
}

/// Serves a folder. Addresses of the app's screens (no ending, asked for by navigation) get the page.
pub fn files<S: Clone + Send + Sync + 'static>(dir: &Path) -> Router<S> {
    let page = ServeFile::new(dir.join("index.html"))
        .precompressed_br()
        .precompressed_gzip();
    let desk = ServeFile::new(dir.join("desk/index.html"))
        .precompressed_br()
        .precompressed_gzip();
    let serve = ServeDir::new(dir)
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false);
    let handler = move |request: Request<Body>| {
        let (serve, page, desk) = (serve.clone(), page.clone(), desk.clone());
        async move {
            let (path, method) = (request.uri().path().to_owned(), request.method().clone());
            if method != Method::GET && method != Method::HEAD {
                return Problem::no_such_address().into_response();
            }
            let response = match is_screen(&path) {
                true if is_desk(&path) => desk.oneshot(request).await,
                true => page.oneshot(request).await,
                false => serve.oneshot(request).await,
            };
            let Ok(response) = response;
            match response.status() {
                StatusCode::NOT_FOUND => Problem::no_such_address().into_response(),
                _ => cached(&path, response.into_response()),
            }
        }
    };
    Router::new().fallback(handler)
}

/// Without the client's files there is only the API.
pub async fn no_files(uri: Uri) -> Response {
    match uri.path() {
        "/" => {
            "Huikuan sync server: the client's files are not served here (--web).\n".into_response()
        }
        _ => Problem::no_such_address().into_response(),
    }
}

/// Is it an address of the app (a screen), not of a file?
fn is_screen(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    let api = path == "/v1" || path.starts_with("/v1/");
    !api && !last.contains('.')
}

/// Is it an address of the desk of finance? It has a page of its own.
fn is_desk(path: &str) -> bool {
    path == "/desk" || path.starts_with("/desk/")
}

/// Names with the hash of their content (`app-0123456789abcdef.js`) never change; all else is asked
/// for every time.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    stem.rsplit_once('-')
        .is_some_and(|(_, hash)| hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn cached(path: &str, mut response: Response) -> Response {
    let rule = match is_hashed(path) {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(rule));
    if path.ends_with(".webmanifest") {
        let json = HeaderValue::from_static("application/manifest+json");
        headers.insert(header::CONTENT_TYPE, json);
    }
    response
}

/// The layer that puts the security headers on.
pub fn with_security<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    router.layer(middleware::from_fn(secure))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn screens_get_the_page_and_missing_files_do_not() {
        let check = |path, expected| assert_eq!(is_screen(path), expected, "{path}");
        check("/", true);
        check("/enrol", true);
        check("/customers/0190-77/receipt", true);
        check("/app-0123456789abcdef.js", false);
        check("/missing.css", false);
        check("/v1/unknown", false);
        check("/v1", false);
        check("/v10", true);
        check("/desk/receipts", true);
        check("/desk/boot.js", false);
    }

    #[test]
    fn the_desk_has_a_page_of_its_own() {
        let check = |path, expected| assert_eq!(is_desk(path), expected, "{path}");
        check("/desk", true);
        check("/desk/", true);
        check("/desk/customer/1", true);
        check("/desks", false);
        check("/", false);
    }

    #[test]
    fn only_names_with_their_hash_are_kept_for_ever() {
        let check = |path, expected| assert_eq!(is_hashed(path), expected, "{path}");
        check("/app-0123456789abcdef.js", true);
        check("/app_bg-0123456789abcdef.wasm", true);
        check("/index.html", false);
        check("/sw.js", false);
        check("/icons/icon-192.png", false);
        check("/", false);
    }
}
