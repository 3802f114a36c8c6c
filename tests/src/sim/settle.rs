//! Coming to rest: faults stop, everybody is back and online, and in the end everything must agree.

use app::replica::api::Request;
use shared::ids::ContentHash;
use sync_server::store::{StoreError, devices, log};

use super::{auditor::Broken, observe, run::Run};

/// How long everything may take to come to rest, in rounds of half a minute.
const ROUNDS: u32 = 240;

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
        // Whatever is still on its way arrives first.
        for _ in 0..ROUNDS {
            let last = self.events.keys().next_back().map(|key| key.0);
            let left = last.map_or(0, |last| last - self.time.now());
            self.pass(left.max(30_000));
            if self.is_over() {
                return;
            }
            if left <= 0 && self.is_at_rest() && self.is_whole() {
                break;
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
            if !self.phones[phone].is_open() {
                self.open(phone);
            }
            if self.is_revoked(phone) {
                self.enrol(phone);
            }
            self.ask(phone, Request::Online(true));
            self.ask(phone, Request::SyncNow);
            self.run_phone(phone);
        }
    }

    fn is_revoked(&self, phone: usize) -> bool {
        let device = self.phones[phone].look(|db| {
            let device = db.query_row("SELECT device FROM identity", [], |row| row.get(0));
            device.unwrap_or([0u8; 16])
        });
        let Some(device) = device else {
            return true;
        };
        let id = shared::ids::DeviceId(uuid::Uuid::from_bytes(device));
        let site = self.site.borrow();
        let known = site
            .store()
            .read(|conn| -> Result<_, StoreError> { devices::by_id(conn, id) });
        known
            .unwrap()
            .is_none_or(|device| device.revoked_at.is_some())
    }

    fn is_at_rest(&self) -> bool {
        let head = self.head();
        self.phones.iter().all(|phone| {
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

    /// Asks every phone for every record of which it has only a line; true if there was none.
    fn is_whole(&mut self) -> bool {
        let mut is_whole = true;
        for number in 0..self.phones.len() {
            let phone = &self.phones[number];
            let is_partial =
                |id: &String| observe::shown(phone, id).is_some_and(|shown| shown.is_partial);
            let partial = observe::records(phone)
                .iter()
                .filter(|id| is_partial(id))
                .count();
            if partial > 0 {
                is_whole = false;
                self.ask(number, Request::SyncNow);
                self.run_phone(number);
            }
        }
        is_whole
    }

    fn judge(&mut self) {
        self.look_at_server();
        for phone in 0..self.phones.len() {
            let told = self.auditor.told_to(phone);
            self.show(phone, &told);
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
        for phone in &self.phones {
            match observe::at_rest(phone) {
                Some(rest) => self.auditor.phone_at_rest(&rest, &rows),
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
