//! What the fuzz targets do with an input. The tests replay the corpus with the same functions.
//!
//! Every function gives a short code (what became of the input) and panics when a promise is broken:
//! that is a finding.

// A step that fails here is a finding or a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used)]

pub mod admit;
pub mod chunk;
pub mod guard;
pub mod honest;
pub mod hostile;
pub mod hydrate;
pub mod import;
pub mod mutate;
pub mod qr;
pub mod seeds;
pub mod wire;
