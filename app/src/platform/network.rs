//! HTTP as the replica needs it: one call, one answer; and the live channel as a stream of bytes.

use futures::stream::LocalBoxStream;

use super::LocalBoxFuture;

/// One HTTP request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// `GET`, `POST`, `HEAD`, `PATCH`, `PUT`.
    pub method: &'static str,
    /// Whole address.
    pub url: String,
    /// Bearer token.
    pub token: Option<String>,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: Vec<u8>,
    /// Give up after this many milliseconds.
    pub timeout_ms: u32,
}

/// Its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// No answer came: no connection, a time-out, or it was cut.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server cannot be reached: {0}")]
pub struct Unreachable(pub String);

impl Unreachable {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        "network.unreachable"
    }
}

/// Pieces of a body as they come; ends when the connection ends.
pub type Pieces = LocalBoxStream<'static, Result<Vec<u8>, Unreachable>>;

/// Speaks HTTP.
pub trait Network {
    /// Sends and waits for the whole answer. Any status is an answer.
    fn send(&self, call: Call) -> LocalBoxFuture<'static, Result<Answer, Unreachable>>;
    /// Opens a stream (server-sent events): status and, if it is 200, the pieces of the body.
    /// Dropping the pieces ends the connection.
    fn stream(&self, call: Call) -> LocalBoxFuture<'static, Result<(u16, Pieces), Unreachable>>;
    /// Is the network paid for by what goes over it, or does the person save data? None if the device does
    /// not say.
    fn is_metered(&self) -> Option<bool> {
        None
    }
    /// Can the system send something when the app is gone and the network has come back?
    fn sends_later(&self) -> bool {
        false
    }
    /// Leaves calls with the system, to be sent in this order, each after the one before was answered,
    /// when no page is open. They take the place of what was left before; none forgets that. Best effort.
    fn leave(&self, calls: Vec<Call>) {
        drop(calls);
    }
}
