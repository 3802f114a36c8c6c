//! What the office does with its server and with people who go: backups and restoring, upgrades, the
//! review of what revoked people still sent, phones that are lost.

use shared::{
    day::Timestamp,
    ids::{ChangeHash, DeviceId},
    people::Role,
};
use sync_server::{
    review::{self, ReviewError},
    store::StoreError,
};

use super::{auditor::Broken, faults::Fault, older, run::Run};
use crate::fault_vfs::Crash;

/// A backup of the server, and where things stood when it was made.
pub struct Backup {
    bytes: Vec<u8>,
    arranged: usize,
    seen: (u64, u64),
}

/// Phones of one run at most.
pub const PHONES: usize = 12;

impl Run {
    /// Something that only the later kinds of faults bring about.
    pub(super) fn run_office(&mut self) {
        if self.rates.is_on(Fault::ServerRestored) && self.later.between(0, 4) == 0 {
            self.back_up_server();
        }
        if self.backup.is_some() && self.strikes(Fault::ServerRestored) {
            self.restore_server();
        }
        if self.strikes(Fault::ServerMigrated) {
            self.migrate_server();
        }
        if self.strikes(Fault::UnsentReviewed) {
            self.revoke_with_unsent();
        }
        if self.strikes(Fault::ReviewReleased) {
            self.release_reviewed();
        } else if self.strikes(Fault::ReviewDiscarded) {
            self.discard_reviewed();
        }
    }

    /// Things that befall phones and the server beside what is done.
    pub(super) fn befall_more(&mut self) {
        let number = self.later.draw() as usize % self.phones.len();
        match self.later.between(0, 99) {
            0..10 => self.befall(number),
            10..15 => self.run_office(),
            15..27 => self.void_something(number),
            _ => {}
        }
    }

    /// Voids are asked for and decided on more often than other things are done.
    fn void_something(&mut self, number: usize) {
        let leaders = self.people.of_role(Role::Supervisor);
        if self.phones[number].is_open() {
            match leaders.contains(&self.phones[number].person) {
                true => self.decide_void(number),
                false => self.ask_void(number),
            }
            self.run_phone(number);
        }
    }

    fn back_up_server(&mut self) {
        self.look_at_server();
        self.auditor.server_backed_up();
        self.tell(|| "the server is backed up".to_owned());
        self.backup = Some(Backup {
            bytes: self.site.borrow().back_up(),
            arranged: self.people.arranged.len(),
            seen: self.seen(),
        });
    }

    /// The server is restored; the office arranges again what it had arranged since, and gives new codes
    /// to some of those whose phones the server no longer knows.
    fn restore_server(&mut self) {
        let Some(backup) = self.backup.take() else {
            return;
        };
        self.look_at_server();
        if self.seen() == backup.seen {
            // Nothing would be lost.
            self.backup = Some(backup);
            return;
        }
        self.tell(|| format!("the server is restored as at {:?}", backup.seen));
        self.site.borrow_mut().restore(&backup.bytes);
        self.air.channels.borrow_mut().clear();
        self.auditor.server_restored();
        self.set_seen(backup.seen);
        {
            let site = self.site.borrow();
            self.people
                .arrange_again(backup.arranged, &site, &mut self.auditor);
        }
        self.server_due.insert(Fault::ServerRestored);
        self.look_at_server();
        // Statements are made again, of what the ledger says now.
        for day in self.statement_days.clone() {
            self.make_statements(day);
            self.look_at_server();
        }
        for phone in 0..self.phones.len() {
            let may = self.phones[phone].is_open()
                && self.phones[phone].online.get()
                && !self.phones[phone].is_shut_out
                && self.is_active(phone);
            if may && self.is_unknown(phone) && self.later.between(0, 1) == 0 {
                self.enrol(phone);
            }
        }
    }

    fn migrate_server(&mut self) {
        // The first schema had no review.
        let Some(oldest) = self.oldest_ledger() else {
            return;
        };
        let version = self.later.between(oldest, older::LEDGER.len() as i64) as usize;
        let killed_at = match self.later.between(0, 2) {
            0 => Some((self.later.draw() % 40, Crash::Kill)),
            1 => Some((self.later.draw() % 40, Crash::PowerLoss)),
            _ => None,
        };
        self.tell(|| format!("the server is upgraded from schema {version}"));
        self.site.borrow_mut().migrate(version, killed_at);
        self.air.channels.borrow_mut().clear();
        self.server_due.insert(Fault::ServerMigrated);
        self.look_at_server();
    }

    /// The oldest schema that can hold what is in the ledger; none if only the newest can.
    fn oldest_ledger(&self) -> Option<i64> {
        let has = |sql: &str| {
            let site = self.site.borrow();
            let found = site.store().read(|conn| -> Result<bool, StoreError> {
                Ok(conn.query_row(sql, [], |row| row.get(0))?)
            });
            found.unwrap()
        };
        let kind = |kind: &str| {
            has(&format!(
                "SELECT EXISTS (SELECT 1 FROM document WHERE kind = '{kind}')"
            ))
        };
        if has("SELECT EXISTS (SELECT 1 FROM statement)") || kind("statement") {
            return None;
        }
        Some(match kind("proposal") {
            true => 11,
            false if kind("hand_in") => 9,
            // The first schema had no review.
            false if self.reviewed().is_empty() => 1,
            false => 2,
        })
    }

    /// Starts a phone's app in a newer version: its store has an older schema.
    pub(super) fn upgrade_app(&mut self, number: usize) {
        let Some(oldest) = self.oldest_schema(number) else {
            return;
        };
        let version = self.later.between(oldest, older::STORE.len() as i64) as usize;
        self.phones[number].crash(Crash::Kill);
        let disk = self.phones[number].disk.clone();
        let stores = disk.names();
        let stores = stores
            .iter()
            .filter(|name| name.starts_with("person-") && name.ends_with(".db"));
        for store in stores {
            older::set_back(&disk, store, older::STORE, version).unwrap();
        }
        self.tell(|| format!("phone {number} is upgraded from schema {version}"));
        self.due(number, Fault::AppUpgraded);
        self.open(number);
    }

    /// The oldest schema that can hold what is in a phone's store; none if nobody is signed in on it.
    fn oldest_schema(&self, number: usize) -> Option<i64> {
        self.phones[number].look(|db| {
            let ask = |sql: &str| db.query_row(sql, [], |row| row.get::<_, bool>(0)).unwrap_or(true);
            let knows_standing = ask(
                "SELECT EXISTS (SELECT 1 FROM sync_state WHERE cursor_unknown OR rereading OR revoked)
                 OR EXISTS (SELECT 1 FROM outbox WHERE reviewed) OR EXISTS (SELECT 1 FROM change WHERE state = 'parked')",
            );
            let knows_lines = ask(
                "SELECT EXISTS (SELECT 1 FROM wanted) OR EXISTS (SELECT 1 FROM document d
                 WHERE NOT EXISTS (SELECT 1 FROM change c WHERE c.hash = d.id))",
            );
            // Earlier versions would forget under what names the device made its records.
            if ask("SELECT EXISTS (SELECT 1 FROM former_device)") {
                return None;
            }
            let has = |kind: &str, table: &str| {
                ask(&format!(
                    "SELECT EXISTS (SELECT 1 FROM document WHERE kind = '{kind}') OR EXISTS (SELECT 1 FROM {table})"
                ))
            };
            if has("statement", "statement") {
                return None;
            }
            let knows_corrections = ask("SELECT EXISTS (SELECT 1 FROM correction)");
            Some(match (knows_standing, knows_lines) {
                _ if has("proposal", "proposal_state") => 14,
                _ if has("hand_in", "hand_in_state") => 13,
                _ if knows_corrections => 7,
                (true, _) => 3,
                (false, true) => 2,
                (false, false) => 1,
            })
        })?
    }

    /// Somebody who has unsent records is revoked.
    fn revoke_with_unsent(&mut self) {
        let unsent: Vec<usize> = (0..self.phones.len())
            .filter(|phone| self.unsent(*phone) > 0)
            .collect();
        if unsent.is_empty() {
            return;
        }
        let number = unsent[self.later.draw() as usize % unsent.len()];
        let Some(device) = self.device_of(number) else {
            return;
        };
        self.tell(|| format!("phone {number} is revoked with unsent records"));
        let site = self.site.clone();
        self.people.revoke(&site.borrow(), device);
        if self.strikes(Fault::RevokedForGood) {
            self.phones[number].is_shut_out = true;
            self.auditor.revoked_for_good(number);
            self.count(Fault::RevokedForGood);
            self.replace_phone(number);
        }
    }

    /// A phone is lost for good. Its owner gets another.
    pub(super) fn lose_phone(&mut self, number: usize) {
        self.tell(|| format!("phone {number} is lost"));
        self.phones[number].crash(Crash::Kill);
        self.phones[number].is_gone = true;
        self.look_at_server();
        self.auditor.phone_gone(number);
        self.count(Fault::PhoneGone);
        self.replace_phone(number);
    }

    fn replace_phone(&mut self, number: usize) {
        let person = self.phones[number].person;
        if self.is_active(number) && self.phones.len() < PHONES {
            self.new_phone(person);
        }
    }

    pub(super) fn is_active(&self, number: usize) -> bool {
        let person = self.phones[number].person;
        let mut people = self.people.people.iter();
        people.any(|p| p.id == person && p.active)
    }

    fn reviewed(&self) -> Vec<ChangeHash> {
        let site = self.site.borrow();
        let waiting = site
            .store()
            .read(|conn| -> Result<_, StoreError> { review::list(conn) });
        waiting.unwrap().into_iter().map(|w| w.hash).collect()
    }

    /// What was discarded of people who never come back.
    fn missed(&self) -> Vec<ChangeHash> {
        let site = self.site.borrow();
        let discarded = site
            .store()
            .read(|conn| -> Result<_, StoreError> { review::discarded(conn) });
        let is_missed = |author| {
            let mut phones = self.phones.iter();
            phones.any(|phone| phone.is_shut_out && phone.person == author)
        };
        let mut discarded = discarded.unwrap();
        discarded.retain(|found| is_missed(found.device.person.id));
        discarded.into_iter().map(|found| found.hash).collect()
    }

    /// The office releases everything that waits, and in the end what it discarded and then missed.
    pub(super) fn release_reviewed(&mut self) {
        let now: Timestamp = self.time.stamp();
        let missed = if self.is_calm {
            self.missed()
        } else {
            Vec::new()
        };
        for hash in missed.into_iter().chain(self.reviewed()) {
            let released = {
                let site = self.site.borrow();
                review::release(site.store(), hash, now)
            };
            match released {
                Ok(_) => self.count(Fault::ReviewReleased),
                Err(ReviewError::NotFound) => {}
                Err(error) => {
                    self.tell(|| format!("not released: {error}"));
                }
            }
            self.look_at_server();
        }
        self.tell_channels();
    }

    fn discard_reviewed(&mut self) {
        let waiting = self.reviewed();
        // What somebody sent who never comes back is not thrown away.
        if waiting.is_empty() || self.phones.iter().any(|phone| phone.is_shut_out) {
            return;
        }
        let hash = waiting[self.later.draw() as usize % waiting.len()];
        let discarded = {
            let site = self.site.borrow();
            review::discard(site.store(), hash)
        };
        if discarded.is_ok() {
            self.count(Fault::ReviewDiscarded);
        }
    }

    /// What the rules refuse to release when everything else has come to rest is discarded. (It was built
    /// on what a restored server lost, and its author's phone has made it anew; the auditor knows what has to
    /// be there in the end.)
    pub(super) fn clear_review(&mut self) {
        for hash in self.reviewed() {
            let site = self.site.borrow();
            if let Err(error) = review::discard(site.store(), hash) {
                let what = format!("neither released nor discarded: {error}");
                self.auditor.report(Broken::Stuck, what);
            }
        }
    }

    /// Changes of a phone that have not been sent.
    pub(super) fn unsent(&self, number: usize) -> i64 {
        let count = self.phones[number].look(|db| {
            let unsent = db.query_row(
                "SELECT COUNT(*) FROM outbox WHERE reviewed = 0",
                [],
                |row| row.get::<_, i64>(0),
            );
            unsent.unwrap_or(0)
        });
        count.unwrap_or(0)
    }

    /// The device that a phone is signed in as.
    pub(super) fn device_of(&self, number: usize) -> Option<DeviceId> {
        let device = self.phones[number].look(|db| {
            let found = db.query_row("SELECT device FROM identity", [], |row| row.get(0));
            found.unwrap_or([0u8; 16])
        })?;
        Some(DeviceId(uuid::Uuid::from_bytes(device)))
    }
}
