//! `/v1/attachments/{sha256}`: photos of records, content-addressed. Up in pieces by tus 1.0 (HEAD
//! tells how much has arrived, PATCH goes on from there), down whole or in ranges.
//!
//! What has arrived of a piece is kept, also when the connection ends in its middle. Records come first: only what an admitted record in the caller's scope names may go up or down.

use axum::{
    body::{Body, BodyDataStream},
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use futures::StreamExt as _;
use shared::{ids::ContentHash, sync::limits};

use super::tus;
use crate::{
    auth::Caller,
    blobs::{BlobError, Blobs},
    problem::Problem,
    state::AppState,
    store::{
        Store,
        attachments::{self, Known},
        devices::Device,
    },
};

/// Bytes that are gathered before they are written.
const WRITTEN_AT_ONCE: usize = 256 << 10;

fn bad(code: &str, detail: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, code, detail)
}

async fn known(
    state: &AppState,
    device: &Device,
    hash: &str,
) -> Result<(ContentHash, Known), Problem> {
    let hash: ContentHash = hash
        .parse()
        .map_err(|_| bad("attachment.bad_hash", "the address is not a SHA-256 in hex"))?;
    let person = device.person.id;
    let known = state
        .blocking(move |store| Ok(store.read(|conn| attachments::known_to(conn, hash, person))?))
        .await?
        .ok_or_else(|| {
            let detail = "no record that you may see names this attachment";
            Problem::new(StatusCode::NOT_FOUND, "attachment.unknown", detail)
        })?;
    if known.size_bytes > limits::ATTACHMENT_BYTES {
        return Err(Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "attachment.too_large",
            "the attachment is larger than allowed",
        ));
    }
    Ok((hash, known))
}

/// How much has arrived.
#[utoipa::path(head, path = "/v1/attachments/{sha256}", params(("sha256" = String, Path)), responses(
    (status = 200, description = "Upload-Offset and Upload-Length"), (status = 404)),
    security(("token" = []), ("desk" = [])))]
pub async fn status(
    State(state): State<AppState>,
    Caller(device): Caller,
    Path(hash): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let (hash, known) = known(&state, &device, &hash).await?;
    let blobs = state.blobs.clone();
    let asked = known.clone();
    let received = state
        .writing(move |store| arrived(store, &blobs, hash, &asked))
        .await?;
    let length = |n: u64| HeaderValue::from(n);
    Ok((
        StatusCode::OK,
        [
            (tus::OFFSET, length(received)),
            (tus::LENGTH, length(known.size_bytes)),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ],
    ))
}

/// How much has arrived. Where the server was stopped between the last byte and its check, that is done
/// now: a device that hears of the whole length has nothing more to send.
fn arrived(store: &Store, blobs: &Blobs, hash: ContentHash, known: &Known) -> Result<u64, Problem> {
    let received = blobs.received(hash);
    if received < known.size_bytes || (known.complete && blobs.is_complete(hash)) {
        return Ok(received);
    }
    match blobs.append(hash, received, &[], known.size_bytes) {
        Err(BlobError::WrongHash) => return Ok(0),
        checked => checked.map_err(refused)?,
    };
    if !known.complete {
        store.write(|tx| attachments::complete(tx, hash, known.size_bytes))?;
    }
    Ok(received)
}

/// Takes a piece of any length.
#[utoipa::path(patch, path = "/v1/attachments/{sha256}", params(("sha256" = String, Path)),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"), responses(
    (status = 204, description = "taken; Upload-Offset says where the next piece begins"),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem),
    (status = 413, body = Problem), (status = 415, body = Problem),
    (status = 422, description = "all bytes are there and their hash is another one", body = Problem)),
    security(("token" = []), ("desk" = [])))]
pub async fn append(
    State(state): State<AppState>,
    Caller(device): Caller,
    Path(hash): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response<Body>, Problem> {
    let (hash, known) = known(&state, &device, &hash).await?;
    let offset = tus::number(&headers, &tus::OFFSET)
        .ok_or_else(|| bad("attachment.no_offset", "Upload-Offset is missing"))?;
    if !tus::is_piece(&headers) {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "attachment.media_type",
            "a piece comes as application/offset+octet-stream",
        ));
    }
    if tus::number(&headers, &tus::LENGTH).is_some_and(|length| length != known.size_bytes) {
        return Err(bad(
            "attachment.other_length",
            "the record states another length",
        ));
    }
    let announced = tus::number(&headers, &header::CONTENT_LENGTH).unwrap_or(0);
    if offset.saturating_add(announced) > known.size_bytes {
        return Err(refused(BlobError::TooLong));
    }
    let upload = Upload { state, hash, known };
    let mut body = body.into_data_stream();
    let result = upload.take(offset, &mut body).await;
    if result.is_err() {
        drain(&mut body).await;
    }
    answer(result)
}

/// PATCH, from where only POST comes through.
#[utoipa::path(post, path = "/v1/attachments/{sha256}", params(("sha256" = String, Path),
    ("x-http-method-override" = String, Header, description = "PATCH")),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"), responses(
    (status = 204, description = "taken; Upload-Offset says where the next piece begins"),
    (status = 405, description = "nothing is made by it", body = Problem)),
    security(("token" = []), ("desk" = [])))]
pub async fn post(
    state: State<AppState>,
    caller: Caller,
    path: Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response<Body>, Problem> {
    if tus::means_patch(&headers) {
        return append(state, caller, path, headers, body).await;
    }
    Err(Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "attachment.no_creation",
        "an attachment is made by the record that names it",
    ))
}

/// A piece on its way.
struct Upload {
    state: AppState,
    hash: ContentHash,
    known: Known,
}

/// How a piece ended that was not taken whole.
enum Ended {
    Refused(BlobError),
    Failed(Problem),
    /// The connection did.
    CutOff {
        received: u64,
    },
}

impl Upload {
    /// Writes a piece as it comes; gives how much there is now.
    async fn take(&self, mut offset: u64, body: &mut BodyDataStream) -> Result<u64, Ended> {
        // Asked before anything is read: does it go on where the last one ended?
        offset = self.write(offset, Vec::new()).await?;
        let mut gathered = Vec::new();
        while let Some(part) = body.next().await {
            let Ok(part) = part else {
                let received = self.write(offset, gathered).await?;
                return Err(Ended::CutOff { received });
            };
            gathered.extend_from_slice(&part);
            if gathered.len() >= WRITTEN_AT_ONCE {
                offset = self.write(offset, std::mem::take(&mut gathered)).await?;
            }
        }
        self.write(offset, gathered).await
    }

    async fn write(&self, offset: u64, bytes: Vec<u8>) -> Result<u64, Ended> {
        let (blobs, hash) = (self.state.blobs.clone(), self.hash);
        let (size, complete) = (self.known.size_bytes, self.known.complete);
        self.state
            .writing(move |store| {
                let received = blobs.append(hash, offset, &bytes, size);
                if matches!(&received, Ok(n) if *n == size) && !complete {
                    store.write(|tx| attachments::complete(tx, hash, size))?;
                }
                Ok(received)
            })
            .await
            .map_err(Ended::Failed)?
            .map_err(Ended::Refused)
    }
}

/// Reads on for a while, so that a client that is still sending gets to see the answer.
async fn drain(body: &mut BodyDataStream) {
    let mut left = limits::ATTACHMENT_CHUNK_BYTES;
    while let Some(Ok(part)) = body.next().await {
        match left.checked_sub(part.len()) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}

fn answer(result: Result<u64, Ended>) -> Result<Response<Body>, Problem> {
    let (mut response, offset) = match result {
        Ok(received) => (StatusCode::NO_CONTENT.into_response(), Some(received)),
        Err(Ended::Failed(problem)) => return Err(problem),
        Err(Ended::Refused(error)) => {
            let offset = match error {
                BlobError::Offset { expected } => Some(expected),
                _ => None,
            };
            (refused(error).into_response(), offset)
        }
        Err(Ended::CutOff { received }) => {
            let problem = bad("attachment.cut_off", "the connection ended in the piece");
            (problem.into_response(), Some(received))
        }
    };
    if let Some(offset) = offset {
        response
            .headers_mut()
            .insert(tus::OFFSET, HeaderValue::from(offset));
    }
    Ok(response)
}

fn refused(error: BlobError) -> Problem {
    let detail = error.to_string();
    let (status, code) = match error {
        BlobError::Offset { .. } => (StatusCode::CONFLICT, "attachment.offset"),
        BlobError::TooLong => (StatusCode::PAYLOAD_TOO_LARGE, "attachment.too_long"),
        BlobError::WrongHash => (StatusCode::UNPROCESSABLE_ENTITY, "attachment.wrong_hash"),
        BlobError::Locked => (StatusCode::LOCKED, "attachment.locked"),
        BlobError::Store(error) => return error.into(),
    };
    Problem::new(status, code, detail)
}

/// Media types that a browser may show; all else is only a download.
fn shown_type(media_type: &str) -> &'static str {
    match media_type {
        "image/jpeg" => "image/jpeg",
        "image/png" => "image/png",
        "image/webp" => "image/webp",
        _ => "application/octet-stream",
    }
}

/// The bytes, whole or one range.
#[utoipa::path(get, path = "/v1/attachments/{sha256}", params(("sha256" = String, Path)), responses(
    (status = 200), (status = 206), (status = 404, body = Problem), (status = 416, body = Problem)),
    security(("token" = []), ("desk" = [])))]
pub async fn fetch(
    State(state): State<AppState>,
    Caller(device): Caller,
    Path(hash): Path<String>,
    headers: HeaderMap,
) -> Result<Response<Body>, Problem> {
    let (hash, known) = known(&state, &device, &hash).await?;
    let asked = headers
        .get(header::RANGE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| range(value, known.size_bytes));
    let (from, to) = match asked {
        Some(Err(())) => {
            let detail = "the range lies outside the attachment";
            return Err(Problem::new(
                StatusCode::RANGE_NOT_SATISFIABLE,
                "attachment.range",
                detail,
            ));
        }
        Some(Ok(range)) => range,
        None => (0, u64::MAX),
    };
    let blobs = state.blobs.clone();
    let (bytes, length) = state
        .blocking(move |_| Ok(blobs.read(hash, from, to)?))
        .await?
        .ok_or_else(|| {
            let detail = "the attachment has not arrived yet";
            Problem::new(StatusCode::NOT_FOUND, "attachment.not_yet", detail)
        })?;
    let mut response = Response::builder()
        .header(header::CONTENT_TYPE, shown_type(&known.media_type))
        .header(
            header::CACHE_CONTROL,
            "private, max-age=31536000, immutable",
        )
        .header(header::ETAG, format!("\"{hash}\""))
        .header(header::ACCEPT_RANGES, "bytes")
        .header(header::VARY, "authorization");
    if asked.is_some() {
        let last = (from + bytes.len() as u64).saturating_sub(1);
        response = response.status(StatusCode::PARTIAL_CONTENT).header(
            header::CONTENT_RANGE,
            format!("bytes {from}-{last}/{length}"),
        );
    }
    response
        .body(Body::from(bytes))
        .map_err(|_| Problem::internal())
}

/// Reads `bytes=a-b`, `bytes=a-`, `bytes=-n` as first and behind-last byte. None for anything else,
/// which is then answered whole; an error if it lies outside.
fn range(header: &str, length: u64) -> Option<Result<(u64, u64), ()>> {
    let (first, last) = header.trim().strip_prefix("bytes=")?.split_once('-')?;
    let (from, to) = match (first.is_empty(), last.is_empty()) {
        (true, true) => return None,
        (true, false) => (length.saturating_sub(last.parse().ok()?), length),
        (false, true) => (first.parse().ok()?, length),
        (false, false) => (
            first.parse().ok()?,
            last.parse::<u64>().ok()?.checked_add(1)?.min(length),
        ),
    };
    Some(if from < to { Ok((from, to)) } else { Err(()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_http_says() {
        let check = |header, expected| assert_eq!(range(header, 10), expected, "{header}");
        check("bytes=0-3", Some(Ok((0, 4))));
        check("bytes=4-", Some(Ok((4, 10))));
        check("bytes=-3", Some(Ok((7, 10))));
        check("bytes=8-99", Some(Ok((8, 10))));
        check("bytes=10-", Some(Err(())));
        check("bytes=3-2", Some(Err(())));
        check("bytes=-", None);
        check("bytes=0-1,4-5", None);
        check("lines=1-2", None);
    }
}
