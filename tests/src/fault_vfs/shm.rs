//! Shared memory of a database in WAL mode, in this process's own memory.
//!
//! Invariant: a region never moves and lives as long as somebody holds the memory.

use std::{
    ffi::c_void,
    sync::{Mutex, PoisonError, atomic::AtomicU64},
};

/// The regions of one database. Connections get pointers into them: atomics, because all write there.
#[derive(Debug, Default)]
pub(super) struct Shm(Mutex<Vec<Box<[AtomicU64]>>>);

impl Shm {
    /// A region of so many bytes; none if it is not there and is not to be made.
    pub fn region(&self, index: usize, bytes: usize, make: bool) -> Option<*mut c_void> {
        let mut regions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while make && regions.len() <= index {
            let words = bytes.div_ceil(8);
            regions.push((0..words).map(|_| AtomicU64::new(0)).collect());
        }
        regions.get(index).map(|r| r.as_ptr().cast_mut().cast())
    }

    /// Regions that are there.
    pub fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}
