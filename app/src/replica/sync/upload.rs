//! Photos to the server and from it: after their records, in resumable pieces (tus 1.0); one that
//! fails blocks no other.

use rusqlite::params;
use shared::{ids::ContentHash, sync::limits};

use super::super::{
    error::Result,
    open::Open,
    store::attachments::{self, Waiting},
};
use crate::platform::network::{Answer, Call, Network, Unreachable};

const TIMEOUT_MS: u32 = 60_000;

/// Where and as whom.
#[derive(Clone)]
pub struct Access {
    /// Server's address.
    pub server: String,
    /// Bearer token.
    pub token: String,
}

impl Access {
    /// Of an open store.
    pub fn of(open: &Open) -> Self {
        Self {
            server: open.identity.server.clone(),
            token: open.identity.token.clone(),
        }
    }

    fn call(&self, method: &'static str, hash: ContentHash) -> Call {
        Call {
            method,
            url: format!("{}/v1/attachments/{hash}", self.server),
            token: Some(self.token.clone()),
            headers: vec![("tus-resumable", "1.0.0".into())],
            body: vec![],
            timeout_ms: TIMEOUT_MS,
        }
    }
}

/// What became of one photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upload {
    /// The server has all of it.
    Done,
    /// The server does not take it now: tried again later.
    Later,
    /// No connection or no leave, by this code: the others are not tried either.
    Stop(&'static str),
}

/// No answer.
const AWAY: Upload = Upload::Stop(super::AWAY);
/// The token is not good any more.
const REVOKED: Upload = Upload::Stop(super::REVOKED);

/// Sends one photo from where the server has it. `piece` reads bytes from an offset on.
pub async fn send(
    network: &dyn Network,
    access: &Access,
    photo: &Waiting,
    piece: impl Fn(u64) -> Option<Vec<u8>>,
) -> Upload {
    let Ok(status) = network.send(access.call("HEAD", photo.hash)).await else {
        return AWAY;
    };
    let mut offset = match (status.status, offset_of(&status)) {
        (200 | 204, Some(offset)) => offset,
        (401, _) => return REVOKED,
        _ => return Upload::Later,
    };
    // More rounds than pieces: a server that asks for the same piece for ever is not obeyed.
    let mut rounds = photo.size / limits::ATTACHMENT_CHUNK_BYTES as u64 + 4;
    while offset < photo.size {
        let (Some(bytes), 1..) = (piece(offset), rounds) else {
            return Upload::Later;
        };
        rounds -= 1;
        match patch(network, access, photo.hash, offset, bytes).await {
            Ok(answer) if matches!(answer.status, 200 | 204 | 409) => match offset_of(&answer) {
                Some(next) => offset = next,
                None => return Upload::Later,
            },
            Ok(answer) if answer.status == 401 => return REVOKED,
            Ok(_) => return Upload::Later,
            Err(_) => return AWAY,
        }
    }
    Upload::Done
}

async fn patch(
    network: &dyn Network,
    access: &Access,
    hash: ContentHash,
    offset: u64,
    bytes: Vec<u8>,
) -> std::result::Result<Answer, Unreachable> {
    let mut call = access.call("PATCH", hash);
    call.headers.push(("upload-offset", offset.to_string()));
    call.headers
        .push(("content-type", "application/offset+octet-stream".into()));
    call.body = bytes;
    network.send(call).await
}

fn offset_of(answer: &Answer) -> Option<u64> {
    answer.header("upload-offset")?.parse().ok()
}

/// The piece of a photo from an offset on.
pub fn piece(open: &Open, hash: ContentHash, offset: u64) -> Result<Vec<u8>> {
    Ok(open
        .db
        .prepare_cached("SELECT substr(bytes, ?2, ?3) FROM attachment WHERE hash = ?1")?
        .query_row(
            params![
                hash.0,
                offset.cast_signed().saturating_add(1),
                limits::ATTACHMENT_CHUNK_BYTES as i64
            ],
            |row| row.get(0),
        )?)
}

/// Fetches a photo; none if the server does not give it or its bytes are not those asked for.
pub async fn fetch(
    network: &dyn Network,
    access: &Access,
    hash: ContentHash,
) -> Option<(String, Vec<u8>)> {
    let answer = network.send(access.call("GET", hash)).await.ok()?;
    if answer.status != 200 || attachments::hash_of(&answer.body).ok()? != hash {
        return None;
    }
    let media_type = answer
        .header("content-type")
        .unwrap_or("application/octet-stream");
    Some((media_type.to_owned(), answer.body))
}
