//! Whole-system tests: real phones' replicas, the real server, the network between them.
//!
//! `world` starts a server on a loopback port and phones against it; the files in `tests/` promise
//! things in their names; `benches/` measures beside peers.

// Nobody but tests calls this crate: a step that fails here is a test that fails.
#![allow(clippy::unwrap_used)]

pub mod device;
pub mod fault_vfs;
/// What the fuzz targets do with an input, so that tests replay it with the same functions.
#[path = "../fuzz/src/lib.rs"]
pub mod fuzz;
pub mod line;
pub mod phone;
pub mod places;
pub mod process;
pub mod records;
pub mod sim;
pub mod world;
pub mod year;

use std::path::{Path, PathBuf};

/// The workspace's root folder.
pub fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
