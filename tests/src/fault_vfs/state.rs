//! The disk behind the files: steps are counted, faults strike, the machine stops and starts.
//!
//! Invariants: after a stop every handle of before is dead for good; everything that strikes is drawn
//! from the seed alone, in the order of the steps.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    faults::{Crash, Faults, Struck},
    file::{Fate, File},
    locks::{FileLocks, HandleId, Level, ShmLocks},
    shm::Shm,
};
use crate::records::Dice;

/// Beginning of the names of files that nobody wants to find again.
const TEMPORARY: char = '~';
/// Bytes of one region of shared memory.
const REGION_BYTES: u64 = 32_768;

/// Why a call is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// The machine has stopped, then or meanwhile.
    Stopped,
    /// Only a part was written.
    ShortWrite,
    /// There is no room.
    Full,
    /// The flush failed.
    Sync,
    /// There is no such file.
    NoFile,
}

/// An open file of a connection.
#[derive(Debug)]
pub(super) struct Handle {
    pub name: String,
    boot: u64,
    id: HandleId,
    pub shm: Option<Arc<Shm>>,
}

impl Handle {
    fn is_temporary(&self) -> bool {
        self.name.starts_with(TEMPORARY)
    }
}

/// The disk.
#[derive(Debug)]
pub(super) struct State {
    pub files: BTreeMap<String, File>,
    /// Files whose removal has not been flushed.
    ghosts: BTreeMap<String, File>,
    locks: BTreeMap<String, FileLocks>,
    shms: BTreeMap<String, (Arc<Shm>, ShmLocks)>,
    dice: Dice,
    /// Grows at every stop.
    boot: u64,
    pub running: bool,
    next_handle: HandleId,
    /// Writes, cuts, flushes, removals so far; flushes alone.
    pub steps: u64,
    syncs: u64,
    faults: Faults,
    crash_step: Option<(u64, Crash)>,
    bad_sync: Option<u64>,
    limit: Option<u64>,
    pub struck: Struck,
}

impl State {
    pub fn new(seed: u64) -> Self {
        Self {
            files: BTreeMap::new(),
            ghosts: BTreeMap::new(),
            locks: BTreeMap::new(),
            shms: BTreeMap::new(),
            dice: Dice(seed),
            boot: 0,
            running: true,
            next_handle: 0,
            steps: 0,
            syncs: 0,
            faults: Faults::default(),
            crash_step: None,
            bad_sync: None,
            limit: None,
            struck: Struck::default(),
        }
    }

    pub fn set_faults(&mut self, faults: Faults) {
        self.faults = faults;
        self.crash_step = faults.crash_at.map(|(n, crash)| (self.steps + n, crash));
        self.bad_sync = faults.failed_sync_at.map(|n| self.syncs + n);
        self.limit = faults.room.map(|room| self.used() + room);
    }

    /// Bytes that are in use.
    pub fn used(&self) -> u64 {
        let files: u64 = self.files.values().map(|f| f.now.len() as u64).sum();
        let regions: u64 = self.shms.values().map(|(shm, _)| shm.len() as u64).sum();
        files + regions * REGION_BYTES
    }

    fn strikes(&mut self, ppm: u32) -> bool {
        ppm > 0 && self.dice.draw() % 1_000_000 < u64::from(ppm)
    }

    /// Counts a step; says if the machine stops at it.
    fn step(&mut self) -> Option<Crash> {
        let at = self.steps;
        self.steps += 1;
        self.crash_step
            .filter(|(step, _)| *step == at)
            .map(|(_, crash)| crash)
    }

    fn stop_at_step(&mut self, crash: Crash) -> Refused {
        match crash {
            Crash::Kill => self.struck.kills_at_a_step += 1,
            Crash::PowerLoss => self.struck.power_cuts_at_a_step += 1,
        }
        self.stop(crash);
        Refused::Stopped
    }

    /// The machine stops.
    pub fn stop(&mut self, crash: Crash) {
        self.boot += 1;
        self.running = false;
        self.locks.clear();
        self.shms.clear();
        self.files.retain(|name, _| !name.starts_with(TEMPORARY));
        match crash {
            Crash::Kill => self.struck.kills += 1,
            Crash::PowerLoss => self.lose_power(),
        }
    }

    fn lose_power(&mut self) {
        self.struck.power_cuts += 1;
        let before = (self.struck.writes_lost, self.struck.writes_torn);
        let fate = match self.dice.draw() % 4 {
            0 => Fate::DropAll,
            1 => Fate::InOrder,
            _ => Fate::Each,
        };
        let mut gone = Vec::new();
        for (name, file) in &mut self.files {
            let made_in_vain = !file.linked && self.dice.draw().is_multiple_of(2);
            let loss = file.lose_power(fate, &mut self.dice);
            self.struck.writes_kept += loss.kept;
            self.struck.writes_lost += loss.dropped;
            self.struck.writes_torn += loss.torn;
            if made_in_vain {
                gone.push(name.clone());
            }
        }
        for name in gone {
            self.files.remove(&name);
            self.struck.entries_undone += 1;
        }
        for (name, mut ghost) in std::mem::take(&mut self.ghosts) {
            if self.dice.draw().is_multiple_of(2) && !self.files.contains_key(&name) {
                ghost.lose_power(fate, &mut self.dice);
                self.files.insert(name, ghost);
                self.struck.entries_undone += 1;
            }
        }
        if before != (self.struck.writes_lost, self.struck.writes_torn) {
            self.struck.power_cuts_with_loss += 1;
        }
    }

    /// Other files in place of all that are there; the machine runs anew.
    pub fn replace(&mut self, files: BTreeMap<String, File>) {
        let struck = self.struck;
        self.stop(Crash::Kill);
        self.struck = struck;
        self.struck.restored += 1;
        self.ghosts.clear();
        self.files = files;
        self.running = true;
    }

    /// Opens a file; without a name, a temporary one.
    pub fn open(&mut self, name: Option<&str>, make: bool) -> Result<Handle, Refused> {
        if !self.running {
            return Err(Refused::Stopped);
        }
        self.next_handle += 1;
        let id = self.next_handle;
        let name = name.map_or_else(|| format!("{TEMPORARY}{id}"), str::to_owned);
        if !self.files.contains_key(&name) {
            if !make {
                return Err(Refused::NoFile);
            }
            self.files.insert(name.clone(), File::default());
        }
        Ok(Handle {
            name,
            boot: self.boot,
            id,
            shm: None,
        })
    }

    /// Closes a file; its locks go.
    pub fn close(&mut self, handle: &Handle) {
        if handle.boot != self.boot {
            return;
        }
        self.shm_unmap(handle);
        self.unlock(handle, Level::None);
        if handle.is_temporary() {
            self.files.remove(&handle.name);
        }
    }

    fn alive(&self, handle: &Handle) -> Result<(), Refused> {
        match self.running && handle.boot == self.boot {
            true => Ok(()),
            false => Err(Refused::Stopped),
        }
    }

    pub fn file(&self, handle: &Handle) -> Result<&File, Refused> {
        self.alive(handle)?;
        self.files.get(&handle.name).ok_or(Refused::NoFile)
    }

    fn file_mut(&mut self, handle: &Handle) -> Result<&mut File, Refused> {
        self.alive(handle)?;
        self.files.get_mut(&handle.name).ok_or(Refused::NoFile)
    }

    pub fn write(&mut self, handle: &Handle, at: usize, bytes: &[u8]) -> Result<(), Refused> {
        let length = self.file(handle)?.now.len();
        if handle.is_temporary() {
            self.file_mut(handle)?.write(at, bytes);
            // Nothing of it will be asked for after a power cut.
            self.file_mut(handle)?.flush();
            return Ok(());
        }
        let crash = self.step();
        let grows = (at + bytes.len()).saturating_sub(length) as u64;
        let room = self
            .limit
            .map_or(u64::MAX, |limit| limit.saturating_sub(self.used()));
        let (part, refused) = if let Some(crash) = crash {
            let part = match crash {
                Crash::Kill => self.dice.draw() as usize % (bytes.len() + 1),
                Crash::PowerLoss => bytes.len(),
            };
            (part, None)
        } else if grows > room {
            self.struck.disk_full += 1;
            let end = length + usize::try_from(room).unwrap_or(usize::MAX);
            (end.saturating_sub(at), Some(Refused::Full))
        } else if bytes.len() > 1 && self.strikes(self.faults.short_writes_ppm) {
            self.struck.short_writes += 1;
            let part = self.dice.draw() as usize % bytes.len();
            (part, Some(Refused::ShortWrite))
        } else {
            (bytes.len(), None)
        };
        let part = bytes.get(..part).unwrap_or(bytes);
        if !part.is_empty() {
            self.file_mut(handle)?.write(at, part);
        }
        if let Some(crash) = crash {
            return Err(self.stop_at_step(crash));
        }
        refused.map_or(Ok(()), Err)
    }

    pub fn cut(&mut self, handle: &Handle, to: usize) -> Result<(), Refused> {
        self.file(handle)?;
        let crash = self.step();
        // A process that is killed has cut or has not; a cut that is not flushed may be lost anyway.
        if crash != Some(Crash::Kill) || self.dice.draw().is_multiple_of(2) {
            self.file_mut(handle)?.cut(to);
        }
        crash.map_or(Ok(()), |crash| Err(self.stop_at_step(crash)))
    }

    pub fn sync(&mut self, handle: &Handle) -> Result<(), Refused> {
        self.file(handle)?;
        if handle.is_temporary() {
            return Ok(());
        }
        if let Some(crash) = self.step() {
            return Err(self.stop_at_step(crash));
        }
        let number = self.syncs;
        self.syncs += 1;
        let bad = self.bad_sync == Some(number) || self.strikes(self.faults.failed_syncs_ppm);
        let mut dice = self.dice.clone();
        let file = self.file_mut(handle)?;
        if bad {
            file.flush_badly(&mut dice);
            self.dice = dice;
            self.struck.failed_syncs += 1;
            return Err(Refused::Sync);
        }
        // The first flush of a new file flushes the folder as well, removals included.
        let folder = !file.linked;
        file.flush();
        if folder {
            self.ghosts.clear();
        }
        Ok(())
    }

    pub fn remove(&mut self, name: &str, flushed: bool) -> Result<(), Refused> {
        if !self.running {
            return Err(Refused::Stopped);
        }
        if !self.files.contains_key(name) {
            return Err(Refused::NoFile);
        }
        let crash = self.step();
        if crash.is_none() || self.dice.draw().is_multiple_of(2) {
            let file = self.files.remove(name);
            if let Some(file) = file.filter(|f| f.linked && !(flushed && crash.is_none())) {
                self.ghosts.insert(name.to_owned(), file);
            }
        }
        crash.map_or(Ok(()), |crash| Err(self.stop_at_step(crash)))
    }

    pub fn lock(&mut self, handle: &Handle, level: Level) -> Result<bool, Refused> {
        self.alive(handle)?;
        let locks = self.locks.entry(handle.name.clone()).or_default();
        Ok(locks.raise(handle.id, level))
    }

    pub fn unlock(&mut self, handle: &Handle, level: Level) {
        if let (Ok(()), Some(locks)) = (self.alive(handle), self.locks.get_mut(&handle.name)) {
            locks.lower(handle.id, level);
        }
    }

    pub fn is_reserved(&self, handle: &Handle) -> Result<bool, Refused> {
        self.alive(handle)?;
        let locks = self.locks.get(&handle.name);
        Ok(locks.is_some_and(FileLocks::is_reserved))
    }

    /// A region of the file's shared memory; none if it is not there and is not to be made.
    pub fn shm_map(
        &mut self,
        handle: &mut Handle,
        index: usize,
        bytes: usize,
        make: bool,
    ) -> Result<Option<*mut std::ffi::c_void>, Refused> {
        self.alive(handle)?;
        let (shm, _) = self.shms.entry(handle.name.clone()).or_default();
        let shm = shm.clone();
        handle.shm = Some(shm.clone());
        let missing = (index + 1).saturating_sub(shm.len()) as u64;
        let limit = self.limit.unwrap_or(u64::MAX);
        if make && missing > 0 && self.used() + missing * REGION_BYTES > limit {
            self.struck.disk_full += 1;
            return Err(Refused::Full);
        }
        Ok(shm.region(index, bytes, make))
    }

    pub fn shm_lock(
        &mut self,
        handle: &Handle,
        (first, count): (usize, usize),
        take: Option<bool>,
    ) -> Result<bool, Refused> {
        self.alive(handle)?;
        let Some((_, locks)) = self.shms.get_mut(&handle.name) else {
            return Ok(take.is_none());
        };
        Ok(match take {
            Some(exclusive) => locks.take(handle.id, first, count, exclusive),
            None => {
                locks.give(handle.id, first, count);
                true
            }
        })
    }

    pub fn shm_unmap(&mut self, handle: &Handle) {
        let (Ok(()), Some(mine)) = (self.alive(handle), &handle.shm) else {
            return;
        };
        if let Some((_, locks)) = self.shms.get_mut(&handle.name) {
            locks.give(handle.id, 0, super::locks::SHM_LOCKS);
        }
        // This handle's share and the disk's own: nobody else has it.
        if Arc::strong_count(mine) <= 2 {
            self.shms.remove(&handle.name);
        }
    }
}
