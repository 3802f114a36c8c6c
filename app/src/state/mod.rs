//! What screens share: the link to the replica, who is signed in, how sync stands, the language.
//!
//! Invariants: screens read and write only through [`AppState`]; a screen never keeps a copy of data
//! beyond its own life, it asks again whenever the replica says that something changed.

pub mod addressed;
pub mod app_state;
pub mod clock;
pub mod draft;
pub mod errors;
pub mod navigate;
pub mod page;
pub mod photos;
pub mod prefs;
pub mod query;
pub mod sync_line;
pub mod words;

#[cfg(target_arch = "wasm32")]
pub mod browser_history;

pub use app_state::{AppState, use_app, use_me};
pub use draft::{Form, use_form};
pub use query::{Query, take, use_query, use_search};
