//! One file as a disk with a cache keeps it: what a reader sees now, what would be there after a power
//! cut, and the changes in between that nobody has flushed.
//!
//! Invariant: with nothing pending, what is seen and what is durable are the same, unless a flush has
//! failed: then the system forgets some changes (the cache shows them, the disk never gets them).

use crate::records::Dice;

/// A change that was made and not flushed.
#[derive(Clone, Debug)]
enum Change {
    /// Bytes at an offset.
    Write { at: usize, bytes: Vec<u8> },
    /// Another length.
    Cut { to: usize },
}

impl Change {
    /// Carries it out, as far as `part` bytes of it.
    fn apply(&self, image: &mut Vec<u8>, part: usize) {
        match self {
            Self::Write { at, bytes } => put(image, *at, bytes.get(..part).unwrap_or(bytes)),
            Self::Cut { to } => image.resize(*to, 0),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Write { bytes, .. } => bytes.len(),
            Self::Cut { .. } => 0,
        }
    }
}

fn put(image: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if image.len() < end {
        image.resize(end, 0);
    }
    if let Some(place) = image.get_mut(at..end) {
        place.copy_from_slice(bytes);
    }
}

/// What a power cut did to a file's unflushed changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Loss {
    /// Changes that reached the disk all the same.
    pub kept: u64,
    /// Changes that did not.
    pub dropped: u64,
    /// Writes of which only the beginning did.
    pub torn: u64,
}

/// How a power cut deals with unflushed changes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fate {
    /// None of them reaches the disk.
    DropAll,
    /// All up to a moment, the write at that moment torn.
    InOrder,
    /// Each on its own, whatever the order; one in so many is torn.
    Each,
}

/// A file.
#[derive(Clone, Debug, Default)]
pub(super) struct File {
    /// As every program sees it.
    pub now: Vec<u8>,
    durable: Vec<u8>,
    pending: Vec<Change>,
    /// Its entry in the folder has been flushed.
    pub linked: bool,
}

impl File {
    /// A file with these bytes, all flushed.
    pub fn durable(bytes: Vec<u8>) -> Self {
        Self {
            now: bytes.clone(),
            durable: bytes,
            pending: Vec::new(),
            linked: true,
        }
    }

    /// Writes into the cache.
    pub fn write(&mut self, at: usize, bytes: &[u8]) {
        put(&mut self.now, at, bytes);
        self.pending.push(Change::Write {
            at,
            bytes: bytes.to_vec(),
        });
    }

    /// Changes the length, in the cache.
    pub fn cut(&mut self, to: usize) {
        self.now.resize(to, 0);
        self.pending.push(Change::Cut { to });
    }

    /// Has it changes that a power cut could take away?
    pub fn is_dirty(&self) -> bool {
        !self.pending.is_empty() || !self.linked
    }

    /// Everything reaches the disk.
    pub fn flush(&mut self) {
        for change in self.pending.drain(..) {
            change.apply(&mut self.durable, usize::MAX);
        }
        self.linked = true;
    }

    /// A flush that fails: each change reaches the disk, or still waits for the next flush, or is
    /// forgotten while the cache goes on showing it, as Linux does after a write error.
    pub fn flush_badly(&mut self, dice: &mut Dice) {
        let mut waiting: Vec<Change> = Vec::new();
        for change in self.pending.drain(..) {
            match dice.draw() % 3 {
                0 => {
                    // Nothing older can reach the disk after it.
                    for earlier in waiting.drain(..).chain([change]) {
                        earlier.apply(&mut self.durable, usize::MAX);
                    }
                }
                1 => waiting.push(change),
                _ => {}
            }
        }
        self.pending = waiting;
    }

    /// The power is gone: what is durable and what the fate leaves of the rest is what there is now.
    pub fn lose_power(&mut self, fate: Fate, dice: &mut Dice) -> Loss {
        let mut loss = Loss::default();
        let pending = std::mem::take(&mut self.pending);
        let until = match fate {
            Fate::DropAll => 0,
            Fate::InOrder => dice.draw() as usize % (pending.len() + 1),
            Fate::Each => pending.len(),
        };
        for (n, change) in pending.iter().enumerate() {
            let (keep, tear) = match fate {
                Fate::DropAll => (false, false),
                Fate::InOrder => (n < until, n == until),
                Fate::Each => (dice.draw().is_multiple_of(2), dice.draw().is_multiple_of(8)),
            };
            let length = change.len();
            if tear && length > 1 {
                let part = 1 + dice.draw() as usize % (length - 1);
                change.apply(&mut self.durable, part);
                loss.torn += 1;
            } else if keep {
                change.apply(&mut self.durable, usize::MAX);
                loss.kept += 1;
            } else {
                loss.dropped += 1;
            }
        }
        self.now = self.durable.clone();
        self.linked = true;
        loss
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flushed(text: &str) -> File {
        File::durable(text.as_bytes().to_vec())
    }

    #[test]
    fn what_was_flushed_survives_every_power_cut_and_what_was_not_may_be_lost_kept_or_torn() {
        let (mut lost, mut kept, mut torn) = (false, false, false);
        for seed in 0..200 {
            for fate in [Fate::DropAll, Fate::InOrder, Fate::Each] {
                let mut file = flushed("aaaa");
                file.write(4, b"bbbb");
                file.flush();
                file.write(8, b"cccc");
                assert_eq!(file.now, b"aaaabbbbcccc");
                file.lose_power(fate, &mut Dice(seed));
                assert_eq!(&file.now[..8], b"aaaabbbb");
                match file.now.len() {
                    8 => lost = true,
                    12 => kept = true,
                    _ => torn = true,
                }
            }
        }
        assert!(lost && kept && torn);
    }

    #[test]
    fn after_a_failed_flush_the_cache_shows_what_the_disk_may_never_get() {
        let mut forgotten = false;
        for seed in 0..50 {
            let mut file = flushed("aaaa");
            file.write(0, b"bbbb");
            file.flush_badly(&mut Dice(seed));
            assert_eq!(file.now, b"bbbb");
            file.flush();
            file.lose_power(Fate::DropAll, &mut Dice(seed));
            forgotten |= file.now == b"aaaa";
        }
        assert!(forgotten);
    }

    #[test]
    fn cutting_is_a_change_like_any_other() {
        let mut file = flushed("aaaa");
        file.cut(1);
        assert_eq!(file.now, b"a");
        file.lose_power(Fate::DropAll, &mut Dice(1));
        assert_eq!(file.now, b"aaaa");
        file.cut(6);
        file.flush();
        file.lose_power(Fate::DropAll, &mut Dice(1));
        assert_eq!(file.now, b"aaaa\0\0");
    }
}
