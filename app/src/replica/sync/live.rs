//! The live channel: server-sent events that carry only the newest number of the log.

use futures::{FutureExt, StreamExt, future::Either};

use super::upload::Access;
use crate::platform::{
    clock::Clock,
    network::{Call, Network},
};

/// The server says every 20 s that it is alive; after this long the connection counts as dead.
const SILENCE_MS: u32 = 50_000;
const CONNECT_MS: u32 = 20_000;
const LONGEST_WAIT_MS: u32 = 30_000;

/// What the channel tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// The newest number of the log.
    Head(u64),
    /// The connection has ended: the server may be gone.
    Broken,
}

/// Listens for ever, reconnecting with growing waits; `tell` gets every number, and every end.
pub async fn listen(
    network: &dyn Network,
    clock: &dyn Clock,
    access: &Access,
    jitter: impl Fn() -> u32,
    tell: impl Fn(News),
) {
    let mut wait_ms = 500;
    loop {
        if listen_once(network, clock, access, &tell).await {
            wait_ms = 500;
            tell(News::Broken);
        }
        clock
            .sleep(wait_ms / 2 + jitter() % (wait_ms / 2 + 1))
            .await;
        wait_ms = (wait_ms * 2).min(LONGEST_WAIT_MS);
    }
}

/// One connection until it ends; true if anything came over it.
async fn listen_once(
    network: &dyn Network,
    clock: &dyn Clock,
    access: &Access,
    tell: &impl Fn(News),
) -> bool {
    let call = Call {
        method: "GET",
        url: format!("{}/v1/live", access.server),
        token: Some(access.token.clone()),
        headers: vec![("accept", "text/event-stream".into())],
        body: vec![],
        timeout_ms: CONNECT_MS,
    };
    let Ok((200, mut pieces)) = network.stream(call).await else {
        return false;
    };
    let mut events = Events::default();
    let mut heard = false;
    loop {
        let silence = clock.sleep(SILENCE_MS);
        let piece = match futures::future::select(pieces.next().boxed_local(), silence).await {
            Either::Left((Some(Ok(piece)), _)) => piece,
            _ => return heard,
        };
        heard = true;
        for number in events.take(&piece) {
            tell(News::Head(number));
        }
    }
}

/// Cuts a stream of bytes into the numbers of its `data:` lines.
#[derive(Default)]
struct Events(Vec<u8>);

impl Events {
    fn take(&mut self, piece: &[u8]) -> Vec<u64> {
        self.0.extend_from_slice(piece);
        let mut numbers = Vec::new();
        while let Some(end) = self.0.iter().position(|b| *b == b'\n') {
            let line: Vec<u8> = self.0.drain(..=end).collect();
            let number: Option<u64> = std::str::from_utf8(&line)
                .ok()
                .and_then(|line| line.trim().strip_prefix("data:")?.trim().parse().ok());
            numbers.extend(number);
        }
        // A line without end is no event of ours.
        if self.0.len() > 4_096 {
            self.0.clear();
        }
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_however_the_stream_is_cut() {
        let text = b": alive\n\nevent: head\ndata: 41\n\nevent: head\r\ndata:42\r\n\r\ndata: x\n\n";
        for cut in 1..text.len() {
            let mut events = Events::default();
            let found: Vec<u64> = text
                .chunks(cut)
                .flat_map(|piece| events.take(piece))
                .collect();
            assert_eq!(found, [41, 42], "pieces of {cut}");
        }
    }
}
