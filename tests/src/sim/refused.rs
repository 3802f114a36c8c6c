//! Records that the server refuses and that their authors make anew, and phones that are enrolled anew with
//! records of their former device unsent.

use app::replica::api::{Correction, QueueLine, Reply, Request};
use rusqlite::{Connection, params};
use shared::{
    document::Kind,
    ids::{CustomerId, DocumentId},
};

use super::{auditor::Broken, faults::Fault, run::Run};
use crate::fault_vfs::Crash;

/// What is special about the record being made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Making {
    /// It is made under a device that the ledger does not know.
    pub is_spoiled: bool,
    /// It takes the place of this refused record.
    pub corrects: Option<(DocumentId, CustomerId)>,
}

/// A record as one that takes the place of another.
pub fn as_correction(refused: DocumentId, request: Request) -> Request {
    let by = match request {
        Request::SaveVisit(new) => Correction::Visit(new),
        Request::SignPromise(new) => Correction::Promise(new),
        Request::IssueReceipt(new) => Correction::Receipt(new),
        other => return other,
    };
    Request::Correct {
        document: refused,
        by,
    }
}

fn device(db: &Connection) -> [u8; 16] {
    let found = db.query_row("SELECT device FROM identity", [], |row| row.get(0));
    found.unwrap_or([0; 16])
}

impl Run {
    /// Things that only the newest kinds of faults bring about.
    pub(super) fn befall_newest(&mut self) {
        let number = self.newest.draw() as usize % self.phones.len();
        let (what, again) = (self.newest.between(0, 99), self.newest.between(0, 3));
        if !self.phones[number].is_open() || self.phones[number].is_gone {
            return;
        }
        match what {
            0..8 if self.strikes(Fault::RecordRefused) => self.make_spoiled(number),
            8..24 => {
                // One that is made anew may be refused in its turn.
                self.making.is_spoiled = false;
                let is_spoiled = again == 0 && self.strikes(Fault::RecordRefused);
                self.make_anew(number, is_spoiled);
                self.run_phone(number);
            }
            24..34 if self.strikes(Fault::EnrolledAnew) => self.enrol_anew(number),
            _ => {}
        }
    }

    /// Tells the auditor what is special about a record that has just been saved.
    pub(super) fn note_making(&mut self, id: &str) {
        if let Some((refused, _)) = self.making.corrects {
            self.auditor.made_anew(&refused.to_string(), id);
        }
        if self.making.is_spoiled {
            self.auditor.spoiled(id);
        }
    }

    /// A record that the server must refuse.
    fn make_spoiled(&mut self, number: usize) {
        let kind = self.newest.between(0, 2);
        self.under_another_device(number, |run| match kind {
            0 => run.visit(number),
            1 => run.promise(number),
            _ => run.receipt(number),
        });
    }

    /// Does something while the phone takes itself for a device that nobody knows. It is closed before and
    /// after, so that it sends nothing meanwhile.
    fn under_another_device(&mut self, number: usize, work: impl FnOnce(&mut Self)) {
        let mut another = [0u8; 16];
        another
            .iter_mut()
            .for_each(|b| *b = self.newest.draw() as u8);
        self.phones[number].disk.no_faults();
        let Some(own) = self.phones[number].look(device) else {
            return;
        };
        self.reopen_as(number, another);
        self.making.is_spoiled = true;
        work(self);
        self.making.is_spoiled = false;
        self.reopen_as(number, own);
        self.due(number, Fault::RecordRefused);
        self.look_at_phone(number);
        self.run_phone(number);
    }

    fn reopen_as(&mut self, number: usize, device: [u8; 16]) {
        let set = |db: &Connection| db.execute("UPDATE identity SET device = ?1", params![device]);
        self.phones[number].look(set).unwrap().unwrap();
        self.phones[number].crash(Crash::Kill);
        let seed = self.newest.draw();
        let phone = &mut self.phones[number];
        if let Err(failure) = phone.open(&self.air, &self.time, seed) {
            let what = format!("phone {number} does not open: {}", failure.code);
            self.auditor.report(Broken::Lost, what);
        }
    }

    /// Records on a phone that were refused and need its owner.
    fn refused_on(&self, number: usize) -> Vec<QueueLine> {
        let phone = &self.phones[number];
        if !phone.is_open() || phone.look(|_| ()).is_none() {
            return Vec::new();
        }
        let Reply::Queue(view) = phone.ask(Request::Queue) else {
            return Vec::new();
        };
        let mut lines = view.lines;
        lines.retain(|line| {
            let is_known = self.auditor.may_be_refused(&line.document.to_string());
            line.rejected.is_some() && !line.photo && is_known
        });
        lines
    }

    /// Somebody deals with a refused record: makes it anew or, if that is done already, puts it away.
    /// True if there was none.
    fn make_anew(&mut self, number: usize, is_spoiled: bool) -> bool {
        let lines = self.refused_on(number);
        if lines.is_empty() {
            return true;
        }
        let line = self.newest.pick(&lines).clone();
        if !line.correctable {
            self.ask(number, Request::DismissRejected(line.document));
            return false;
        }
        let Some(customer) = self.customer_of(number, line.document) else {
            return false;
        };
        let work = move |run: &mut Self| {
            run.making.corrects = Some((line.document, customer));
            match line.kind {
                Kind::Visit => run.visit(number),
                Kind::Promise => run.promise(number),
                _ => run.receipt(number),
            }
            run.making.corrects = None;
        };
        match is_spoiled {
            true => self.under_another_device(number, work),
            false => work(self),
        }
        false
    }

    fn customer_of(&self, number: usize, record: DocumentId) -> Option<CustomerId> {
        let id = self.phones[number].look(|db| {
            let sql = "SELECT customer FROM document WHERE id = ?1";
            db.query_row(sql, params![record.0], |row| row.get(0)).ok()
        })?;
        Some(CustomerId(uuid::Uuid::from_bytes(id?)))
    }

    /// Everybody deals with all that was refused. True if there was nothing.
    pub(super) fn make_all_anew(&mut self) -> bool {
        let mut was_nothing = true;
        for number in 0..self.phones.len() {
            if self.phones[number].is_gone || self.phones[number].is_shut_out {
                continue;
            }
            if !self.make_anew(number, false) {
                was_nothing = false;
                self.run_phone(number);
            }
        }
        was_nothing
    }

    /// Somebody saves something without a connection, their device is revoked, and they get a new sign-in
    /// on the same phone: what the former device signed is sent by the new one. Perhaps again and again.
    fn enrol_anew(&mut self, number: usize) {
        let may = self.phones[number].online.get()
            && !self.phones[number].is_shut_out
            && self.is_active(number);
        if !may {
            return;
        }
        for _ in 0..self.newest.between(1, 3) {
            self.phones[number].disk.no_faults();
            match self.newest.between(0, 2) {
                0 => self.visit(number),
                _ => self.receipt(number),
            }
            let revoked = self.newest.between(0, 2) > 0;
            if let Some(device) = self.device_of(number)
                && revoked
            {
                let site = self.site.clone();
                self.people.revoke(&site.borrow(), device);
            }
            self.due(number, Fault::EnrolledAnew);
            self.enrol(number);
        }
        self.look_at_phone(number);
    }
}
