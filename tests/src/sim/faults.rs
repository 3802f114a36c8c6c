//! What can go wrong, each with a rate drawn from the seed, each counted when it really struck.

use std::collections::BTreeMap;

use crate::records::Dice;

macro_rules! faults {
    ($($(#[$meta:meta])* $name:ident = $slug:literal, $percent:literal;)+) => {
        /// A kind of fault.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Fault { $($(#[$meta])* $name,)+ }

        impl Fault {
            /// All kinds.
            pub const ALL: &[Fault] = &[$(Fault::$name,)+];

            /// All but refused records and devices that are enrolled anew, which have runs of their own.
            pub fn everyday() -> Vec<Fault> {
                let all = Self::ALL.iter().copied();
                all.filter(|fault| !fault.is_newest()).collect()
            }

            /// Those that the simulator knew first.
            pub fn first() -> Vec<Fault> {
                let all = Self::ALL.iter().copied();
                all.filter(|fault| !fault.is_later()).collect()
            }

            /// By how much more often it strikes, since its occasions are few. (Not in runs with the first
            /// faults alone.)
            fn times(self) -> i64 {
                match self {
                    Fault::PhoneRolledBack | Fault::PhoneCloned => 6,
                    Fault::PhoneDiskFull | Fault::PhoneDiskErrors => 6,
                    Fault::ClockMinutes | Fault::ClockBackwards | Fault::TimeZone => 4,
                    Fault::ClockDays => 8,
                    Fault::ServerRestored => 4,
                    _ => 1,
                }
            }

            /// Did the simulator learn it later?
            pub fn is_later(self) -> bool {
                self >= Fault::ServerRestored
            }

            /// Is it one of those that it learned last?
            pub fn is_newest(self) -> bool {
                self >= Fault::RecordRefused
            }

            /// Name in reports.
            pub fn slug(self) -> &'static str {
                match self { $(Fault::$name => $slug,)+ }
            }

            /// The highest rate that a seed may give it, in percent of its occasions.
            fn highest_percent(self) -> u32 {
                match self { $(Fault::$name => $percent,)+ }
            }
        }
    };
}

faults! {
    /// A request never reaches the server.
    RequestLost = "request_lost", 20;
    /// The server has done its work, its answer never comes.
    ReplyLost = "reply_lost", 20;
    /// A request reaches the server twice.
    RequestDuplicated = "request_duplicated", 15;
    /// A request is overtaken by later ones of the same phone.
    RequestReordered = "request_reordered", 12;
    /// A request arrives days later.
    RequestDelayed = "request_delayed_for_days", 8;
    /// The end of a request is missing.
    RequestTruncated = "request_truncated", 10;
    /// A bit of a request is flipped.
    RequestFlipped = "request_bit_flipped", 10;
    /// A bit of an answer is flipped.
    ReplyFlipped = "reply_bit_flipped", 10;
    /// The connection is cut inside a page.
    ReplyCut = "reply_cut_inside_a_page", 12;
    /// The phone's process is killed while a request of it is under way.
    PhoneKilled = "phone_killed", 8;
    /// The phone's process is killed in the middle of writing to its store.
    PhoneKilledAtWrite = "phone_killed_at_a_write", 12;
    /// The phone's battery is pulled in the middle of writing: unflushed pages are lost or torn.
    BatteryPulled = "battery_pulled", 12;
    /// There is no room on the phone.
    PhoneDiskFull = "phone_disk_full", 10;
    /// Flushes fail and writes fall short on the phone.
    PhoneDiskErrors = "phone_disk_errors", 10;
    /// The phone's store is set back to a backup.
    PhoneRolledBack = "phone_store_rolled_back", 3;
    /// The phone is cloned and both copies go on.
    PhoneCloned = "phone_cloned", 2;
    /// The phone's clock is minutes wrong.
    ClockMinutes = "clock_wrong_by_minutes", 10;
    /// The phone's clock is days wrong.
    ClockDays = "clock_wrong_by_days", 5;
    /// The phone's clock goes backwards.
    ClockBackwards = "clock_set_back", 8;
    /// The phone is set to another time zone by hand.
    TimeZone = "time_zone_changed", 6;
    /// The server's process is killed in the middle of writing.
    ServerKilledAtWrite = "server_killed_at_a_write", 6;
    /// The server's process is killed just after it committed.
    ServerKilledAfter = "server_killed_after_commit", 5;
    /// The server loses power in the middle of writing.
    ServerPowerCut = "server_power_cut", 6;
    /// There is no room on the server.
    ServerDiskFull = "server_disk_full", 5;
    /// Flushes fail and writes fall short on the server.
    ServerDiskErrors = "server_disk_errors", 5;
    /// The server is restored from an older backup.
    ServerRestored = "server_restored", 15;
    /// The server is started again on a ledger of an older schema, which it brings up to date.
    ServerMigrated = "server_migrated_while_phones_are_away", 10;
    /// The app is started in a newer version, on a store of an older schema.
    AppUpgraded = "app_upgraded_between_schemas", 25;
    /// A phone speaks the version before of the protocol, as it does to a server that knows no other.
    VersionBefore = "phone_speaks_the_version_before", 20;
    /// Pages hold few entries, so that what is new comes in several.
    PageOfFew = "page_of_few_entries", 100;
    /// The connection is gone between two pages.
    CutBetweenPages = "cut_between_pages", 40;
    /// Somebody is revoked who still has unsent records: they are kept for review.
    UnsentReviewed = "unsent_of_a_revoked_person_reviewed", 60;
    /// The office releases what waits for review.
    ReviewReleased = "review_released", 80;
    /// The office discards some of what waits for review.
    ReviewDiscarded = "review_discarded", 60;
    /// Somebody is revoked for good: their phone still sends what it has, and is never let in again.
    RevokedForGood = "revoked_for_good", 12;
    /// A phone is lost with all that is on it.
    PhoneGone = "phone_never_returns", 12;
    /// A phone makes a record under a device that the ledger does not know, as a defective build may: it
    /// is refused, and its author makes it anew.
    RecordRefused = "record_refused_and_made_anew", 100;
    /// Somebody who has unsent records is given a new sign-in on the same phone, perhaps several times.
    EnrolledAnew = "enrolled_anew_with_unsent", 100;
}

/// How often each fault strikes in one run, in 1/1000 of its occasions.
#[derive(Clone, Debug, Default)]
pub struct Rates(BTreeMap<Fault, u32>);

impl Rates {
    /// Drawn from the seed: about half of the faults are off in any one run, so that runs differ.
    /// Faults that came later have dice of their own: without them seeds give the runs that they gave.
    /// At worst all are on, each as often as any seed has it.
    pub fn draw(
        (first, later, newest): (&mut Dice, &mut Dice, &mut Dice),
        allowed: &[Fault],
        is_at_worst: bool,
    ) -> Self {
        let mut rates = BTreeMap::new();
        let knows_later = allowed.iter().any(|fault| fault.is_later());
        for &fault in Fault::ALL {
            let dice = match fault {
                fault if fault.is_newest() => &mut *newest,
                fault if fault > Fault::ServerRestored => &mut *later,
                _ => &mut *first,
            };
            let highest = i64::from(fault.highest_percent()) * 10;
            let drawn = dice.between(0, highest);
            let on = dice.between(0, 99) < 60 || is_at_worst;
            let rate = if is_at_worst { highest } else { drawn };
            let times = if knows_later { fault.times() } else { 1 };
            if on && allowed.contains(&fault) {
                rates.insert(fault, u32::try_from(rate * times).unwrap_or(0));
            }
        }
        Self(rates)
    }

    /// May the fault strike in this run?
    pub fn is_on(&self, fault: Fault) -> bool {
        self.0.get(&fault).is_some_and(|rate| *rate > 0)
    }

    /// Does the fault strike now?
    pub fn strikes(&self, dice: &mut Dice, fault: Fault) -> bool {
        let rate = self.0.get(&fault).copied().unwrap_or(0);
        rate > 0 && dice.between(0, 999) < i64::from(rate)
    }
}

/// How often each fault struck a sync that carried data (or a phone that held some).
pub type Counts = BTreeMap<&'static str, u64>;
