//! Locks between connections: those of a database file, and the eight of its shared memory.
//!
//! Invariant: as SQLite prescribes them (many readers or one writer; a waiting writer keeps new readers
//! out); a connection that is closed, or whose machine stopped, holds none.

use std::collections::BTreeSet;

/// A connection's handle on a file.
pub(super) type HandleId = u64;

/// Levels of a lock on a database file, in SQLite's order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// None.
    #[default]
    None,
    /// Reading.
    Shared,
    /// About to write; others may still read.
    Reserved,
    /// Waiting for the readers to go; nobody may begin to read.
    Pending,
    /// Writing.
    Exclusive,
}

/// Locks of one file.
#[derive(Debug, Default)]
pub(super) struct FileLocks {
    readers: BTreeSet<HandleId>,
    writer: Option<(HandleId, Level)>,
}

impl FileLocks {
    fn level(&self, who: HandleId) -> Level {
        match self.writer {
            Some((writer, level)) if writer == who => level,
            _ if self.readers.contains(&who) => Level::Shared,
            _ => Level::None,
        }
    }

    /// Raises a lock; false if another connection is in the way.
    pub fn raise(&mut self, who: HandleId, wanted: Level) -> bool {
        if self.level(who) >= wanted {
            return true;
        }
        let other = self.writer.filter(|(writer, _)| *writer != who);
        match wanted {
            Level::None => true,
            Level::Shared => {
                let free = other.is_none_or(|(_, level)| level < Level::Pending);
                if free {
                    self.readers.insert(who);
                }
                free
            }
            Level::Reserved | Level::Pending => {
                if other.is_none() {
                    self.writer = Some((who, wanted));
                }
                other.is_none()
            }
            Level::Exclusive => {
                if other.is_some() {
                    return false;
                }
                let alone = self.readers.iter().all(|reader| *reader == who);
                let level = if alone { wanted } else { Level::Pending };
                self.writer = Some((who, level));
                alone
            }
        }
    }

    /// Lowers a lock to `Shared` or `None`.
    pub fn lower(&mut self, who: HandleId, wanted: Level) {
        if self.writer.is_some_and(|(writer, _)| writer == who) {
            self.writer = None;
        }
        if wanted == Level::None {
            self.readers.remove(&who);
        } else {
            self.readers.insert(who);
        }
    }

    /// Does anybody hold more than a reader's lock?
    pub fn is_reserved(&self) -> bool {
        self.writer.is_some()
    }
}

/// Number of locks of a shared memory.
pub(super) const SHM_LOCKS: usize = 8;

/// Who holds one of them.
#[derive(Debug, Default)]
struct Slot {
    shared: BTreeSet<HandleId>,
    exclusive: Option<HandleId>,
}

/// Locks of a shared memory.
#[derive(Debug, Default)]
pub(super) struct ShmLocks([Slot; SHM_LOCKS]);

impl ShmLocks {
    fn slots(&mut self, first: usize, count: usize) -> &mut [Slot] {
        let first = first.min(SHM_LOCKS);
        let end = first.saturating_add(count).min(SHM_LOCKS);
        self.0.get_mut(first..end).unwrap_or_default()
    }

    /// Takes locks, all or none; false if another connection is in the way.
    pub fn take(&mut self, who: HandleId, first: usize, count: usize, exclusive: bool) -> bool {
        let slots = self.slots(first, count);
        let free = slots.iter().all(|slot| {
            let no_writer = slot.exclusive.is_none_or(|writer| writer == who);
            no_writer && (!exclusive || slot.shared.iter().all(|reader| *reader == who))
        });
        if free {
            for slot in slots {
                if exclusive {
                    slot.exclusive = Some(who);
                } else {
                    slot.shared.insert(who);
                }
            }
        }
        free
    }

    /// Gives locks back.
    pub fn give(&mut self, who: HandleId, first: usize, count: usize) {
        for slot in self.slots(first, count) {
            slot.shared.remove(&who);
            slot.exclusive = slot.exclusive.filter(|writer| *writer != who);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_many_readers_or_one_writer() {
        let mut locks = FileLocks::default();
        assert!(locks.raise(1, Level::Shared) && locks.raise(2, Level::Shared));
        assert!(locks.raise(1, Level::Reserved) && locks.is_reserved());
        assert!(!locks.raise(2, Level::Reserved));
        assert!(!locks.raise(1, Level::Exclusive), "2 still reads");
        assert!(!locks.raise(3, Level::Shared), "1 waits");
        locks.lower(2, Level::None);
        assert!(locks.raise(1, Level::Exclusive));
        locks.lower(1, Level::None);
        assert!(locks.raise(3, Level::Exclusive));
    }

    #[test]
    fn locks_of_shared_memory_are_taken_all_or_none() {
        let mut locks = ShmLocks::default();
        assert!(locks.take(1, 3, 1, false) && locks.take(2, 3, 1, false));
        assert!(!locks.take(1, 2, 2, true), "2 has one of them");
        assert!(locks.take(2, 2, 1, true), "the other was not taken");
        locks.give(2, 2, 2);
        assert!(locks.take(1, 2, 2, true));
        assert!(!locks.take(2, 3, 1, false));
        locks.give(1, 0, SHM_LOCKS);
        assert!(locks.take(2, 0, SHM_LOCKS, true));
    }
}
