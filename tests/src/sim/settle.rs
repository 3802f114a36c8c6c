//! Coming to rest: faults stop, everybody is back and online, and in the end everything must agree.

use std::collections::BTreeSet;

use app::replica::api::{Reply, Request};
use shared::{ids::ContentHash, sync::client::Status};
use sync_server::store::{
    StoreError,
    devices::{self, Device},
    log,
};

use super::{auditor::Broken, observe, run::Run};
use crate::fault_vfs::Crash;

/// How long everything may take to come to rest, in rounds of half a minute.
const ROUNDS: u32 = 240;
/// A phone offers what is put off once an hour, because nobody tells it that a record of a customer who left it is
/// back: that is waited for, twice, since what is taken in may be what another waits for.
const OFFER_MS: i64 = 61 * 60_000;
const OFFERS: u32 = 2;

impl Run {
    /// Newest number of the server's log.
    pub(super) fn head(&self) -> u64 {
        let site = self.site.borrow();
        let head = site
            .store()
            .read(|conn| -> Result<_, StoreError> { log::head(conn) });
        head.unwrap().seq
    }

    /// Lets everything come to rest and judges it.
    pub(super) fn settle(&mut self) {
        self.is_calm = true;
        self.everybody_back();
        let mut offers = OFFERS;
        let mut asked = BTreeSet::new();
        // Whatever is still on its way arrives first.
        for _ in 0..ROUNDS {
            let last = self.events.keys().next_back().map(|key| key.0);
            let left = last.map_or(0, |last| last - self.time.now());
            self.pass(left.max(30_000));
            if self.is_over() {
                return;
            }
            self.release_reviewed();
            let is_made_anew = self.make_all_anew();
            let is_desk_clear = !self.has_papers || self.clear_desk();
            self.let_in_again(&mut asked);
            if left <= 0 && is_made_anew && is_desk_clear && self.is_at_rest() && self.is_whole() {
                if offers == 0 || !self.is_anything_put_off() {
                    break;
                }
                offers -= 1;
                self.pass(OFFER_MS);
                if self.is_over() {
                    return;
                }
            }
        }
        self.judge();
    }

    fn everybody_back(&mut self) {
        for person in self.people.people.clone() {
            if !person.active {
                self.set_active(person.id, true);
            }
        }
        for phone in 0..self.phones.len() {
            self.phones[phone].online.set(true);
            self.phones[phone].disk.no_faults();
            if self.phones[phone].is_gone {
                continue;
            }
            if self.phones[phone].is_shut_out && self.phones[phone].is_open() {
                // What it has not sent yet it sends when it is opened.
                self.phones[phone].crash(Crash::Kill);
            }
            let life = Some(self.phones[phone].life);
            if self.has_papers && self.phones[phone].version_before == life {
                // Server and app are of one version in the end: what could not be said before comes then.
                self.phones[phone].crash(Crash::Kill);
            }
            if !self.phones[phone].is_open() {
                self.open(phone);
            }
            if !self.phones[phone].is_shut_out && self.is_revoked(phone) {
                self.enrol(phone);
            }
            if self.phones[phone].is_shut_out && self.is_unknown(phone) {
                self.sign_in_to_be_revoked(phone);
            }
            self.ask(phone, Request::Online(true));
            self.ask(phone, Request::SyncNow);
            self.run_phone(phone);
        }
    }

    /// Who reads that they were shut out, and was let in again meanwhile, presses *sync now*; who reads it still,
    /// signs in.
    fn let_in_again(&mut self, asked: &mut BTreeSet<usize>) {
        for number in 0..self.phones.len() {
            let phone = &self.phones[number];
            if phone.is_shut_out || !phone.is_open() {
                continue;
            }
            if !self.says_that_it_is_out(number) {
                continue;
            }
            if asked.insert(number) {
                self.ask(number, Request::SyncNow);
                self.run_phone(number);
            } else {
                // The copy of a phone that signed in anew at a restored server: its token is nobody's, though
                // its device is known (seed 4).
                self.enrol(number);
            }
        }
    }

    /// Somebody was revoked for good whose device the server, restored from a backup, has never heard of: what it holds
    /// comes in once the office has signed it in and revoked it again (seed 5002).
    fn sign_in_to_be_revoked(&mut self, number: usize) {
        self.sign_in(number);
        if let Some(device) = self.device_of(number) {
            let site = self.site.clone();
            self.people.revoke(&site.borrow(), device);
        }
    }

    fn says_that_it_is_out(&self, number: usize) -> bool {
        match self.phones[number].ask(Request::Session) {
            Reply::Session(view) => view.sync.status == Status::Revoked,
            _ => false,
        }
    }

    fn is_revoked(&self, phone: usize) -> bool {
        let device = self.known_device(phone);
        device.is_none_or(|device| device.revoked_at.is_some())
    }

    /// Does the server not know the phone (any more)?
    pub(super) fn is_unknown(&self, phone: usize) -> bool {
        self.known_device(phone).is_none()
    }

    fn known_device(&self, phone: usize) -> Option<Device> {
        let id = self.device_of(phone)?;
        let site = self.site.borrow();
        let known = site
            .store()
            .read(|conn| -> Result<_, StoreError> { devices::by_id(conn, id) });
        known.unwrap()
    }

    fn is_at_rest(&self) -> bool {
        let head = self.head();
        self.phones.iter().filter(|p| !p.is_gone).all(|phone| {
            if phone.is_shut_out {
                return self.unsent(phone.number) == 0;
            }
            let waits = phone.look(|db| {
                let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0));
                let open = count(
                    "SELECT (SELECT COUNT(*) FROM outbox) + (SELECT COUNT(*) FROM attachment WHERE waiting = 1)",
                );
                let cursor = count("SELECT cursor_seq FROM sync_state").unwrap_or(0);
                (open.unwrap_or(1), cursor.cast_unsigned())
            });
            waits == Some((0, head))
        })
    }

    /// Does a phone keep something that the server has not taken in yet, until what it builds on is back?
    fn is_anything_put_off(&self) -> bool {
        self.phones
            .iter()
            .filter(|p| !p.is_gone && !p.is_shut_out)
            .any(|phone| {
                let count = phone.look(|db| {
                    let sql = "SELECT COUNT(*) FROM change WHERE state = 'parked'";
                    db.query_row(sql, [], |row| row.get::<_, i64>(0))
                        .unwrap_or(0)
                });
                count.is_some_and(|count| count > 0)
            })
    }

    /// Asks every phone for every record of which it has only a line; true if there was none.
    fn is_whole(&mut self) -> bool {
        let mut is_whole = true;
        for number in 0..self.phones.len() {
            let phone = &self.phones[number];
            if phone.is_gone || phone.is_shut_out {
                continue;
            }
            let partial = observe::partial(phone);
            for id in &partial {
                // Somebody opens it: it is fetched then.
                observe::shown(phone, id);
            }
            if !partial.is_empty() {
                is_whole = false;
                self.ask(number, Request::SyncNow);
                self.run_phone(number);
            }
        }
        is_whole
    }

    fn judge(&mut self) {
        self.look_at_server();
        self.auditor.at_rest();
        self.clear_review();
        let at_rest: Vec<_> = self.phones.iter().map(observe::at_rest).collect();
        for (phone, rest) in at_rest.iter().enumerate() {
            if self.phones[phone].is_shut_out && self.unsent(phone) > 0 {
                let what = format!("phone {phone}, revoked for good, never sends what it has");
                self.auditor.report(Broken::Stuck, what);
            }
            if let Some((_, shown)) = rest {
                let person = self.phones[phone].person.to_string();
                for id in self.auditor.told_to(phone) {
                    self.auditor.shown(phone, &person, &id, shown.get(&id));
                }
            }
        }
        self.auditor.everything_arrived();
        let site = self.site.borrow();
        let (rows, report) = site
            .store()
            .read(|conn| -> Result<_, StoreError> {
                let report = sync_server::store::ledger::check(conn)?;
                Ok((observe::server_rows(conn), report))
            })
            .unwrap();
        for problem in report.problems {
            self.auditor
                .report(Broken::Wrong, format!("the server's own check: {problem}"));
        }
        for (phone, rest) in self.phones.iter().zip(&at_rest) {
            match rest {
                _ if phone.is_gone || phone.is_shut_out => {}
                Some((rest, _)) => self.auditor.phone_at_rest(rest, &rows),
                None => self.auditor.report(
                    Broken::Lost,
                    format!("phone {} is signed out", phone.number),
                ),
            }
        }
        self.auditor.photos_arrived(|hash| {
            hash.parse::<ContentHash>()
                .is_ok_and(|hash| site.has_blob(hash))
        });
    }
}
