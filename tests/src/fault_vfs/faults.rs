//! What shall go wrong, and the count of what did.

/// How a machine stops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Crash {
    /// The process is killed: the system lives on and still has what was written, flushed or not.
    #[default]
    Kill,
    /// The power goes: of what was not flushed, anything may be lost, and a write may be torn.
    PowerLoss,
}

/// What shall go wrong from now on. [`Faults::default`] is a disk on which nothing does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// The machine stops at the step of this number, counted from when the faults are set: 0 is the next
    /// step. A step is a write, a change of length, a flush or the removal of a file.
    pub crash_at: Option<(u64, Crash)>,
    /// Bytes for which there is room beyond what is there now; none: no end of it.
    pub room: Option<u64>,
    /// Of a million writes, as many write only their beginning and report an error.
    pub short_writes_ppm: u32,
    /// Of a million flushes, as many fail.
    pub failed_syncs_ppm: u32,
    /// The flush of this number (0: the next) fails, and no other because of this.
    pub failed_sync_at: Option<u64>,
}

/// What really struck so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Struck {
    /// Processes killed.
    pub kills: u64,
    /// Of them, in the middle of a step.
    pub kills_at_a_step: u64,
    /// Power cuts.
    pub power_cuts: u64,
    /// Of them, in the middle of a step.
    pub power_cuts_at_a_step: u64,
    /// Power cuts that took away something unflushed.
    pub power_cuts_with_loss: u64,
    /// Unflushed changes that a power cut took away.
    pub writes_lost: u64,
    /// Unflushed changes that outlived a power cut.
    pub writes_kept: u64,
    /// Writes of which a power cut left the beginning.
    pub writes_torn: u64,
    /// Files whose making, or whose removal, a power cut undid.
    pub entries_undone: u64,
    /// Writes that wrote only their beginning and reported an error.
    pub short_writes: u64,
    /// Flushes that failed.
    pub failed_syncs: u64,
    /// Writes for which there was no room.
    pub disk_full: u64,
    /// Times the disk was put back to an earlier state.
    pub restored: u64,
}

impl Struck {
    /// Adds another disk's count.
    pub fn add(&mut self, other: &Self) {
        self.kills += other.kills;
        self.kills_at_a_step += other.kills_at_a_step;
        self.power_cuts += other.power_cuts;
        self.power_cuts_at_a_step += other.power_cuts_at_a_step;
        self.power_cuts_with_loss += other.power_cuts_with_loss;
        self.writes_lost += other.writes_lost;
        self.writes_kept += other.writes_kept;
        self.writes_torn += other.writes_torn;
        self.entries_undone += other.entries_undone;
        self.short_writes += other.short_writes;
        self.failed_syncs += other.failed_syncs;
        self.disk_full += other.disk_full;
        self.restored += other.restored;
    }
}
