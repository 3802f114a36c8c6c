//! What the stores promise on disks that fail: phone's and server's, through the real replica, the real
//! merge and the real SQL, stopped at every write and flush, without room, with flushes that fail.

// A step that fails here is a test that fails.
#![allow(clippy::unwrap_used)]

mod support;

mod flush;
mod phone;
mod room;
mod server;
