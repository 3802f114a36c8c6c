//! The loop of a run: moves time on, lets people act, hands messages to and fro, and shows the auditor
//! what comes of it.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use app::replica::api::{Reply, Request};
use sha2::{Digest as _, Sha256};
use shared::{day::Day, ids::PersonId};
use sync_server::store::StoreError;
use tempfile::TempDir;

use super::{
    Config, Counts, Report,
    auditor::{Auditor, Broken},
    faults::{Fault, Rates},
    network::Event,
    observe, observe_papers,
    office::Backup,
    paper_work::Papers,
    people::{People, START},
    phone::Phone,
    refused::Making,
    site::Site,
    time::Time,
    wire::Air,
};
use crate::{
    fault_vfs::{Crash, Disk, Faults, Snapshot},
    records::Dice,
};

/// A run under way.
pub struct Run {
    pub(super) seed: u64,
    pub(super) steps: u32,
    pub(super) dice: Dice,
    /// For kinds of faults that the simulator learned later.
    pub(super) later: Dice,
    /// For those that it learned last.
    pub(super) newest: Dice,
    /// For hand-ins, requests and statements.
    pub(super) paper_dice: Dice,
    /// For dunning letters.
    pub(super) letter_dice: Dice,
    /// Which of them the run has.
    pub(super) papers: Papers,
    /// Has it any?
    pub(super) has_papers: bool,
    /// Days of which statements were made.
    pub(super) statement_days: BTreeSet<Day>,
    /// Records of which the auditor is shown where they stand though nothing was added to them.
    pub(super) look_again: BTreeSet<String>,
    /// What is special about the record being made.
    pub(super) making: Making,
    pub(super) time: Time,
    pub(super) site: Rc<RefCell<Site>>,
    pub(super) air: Air,
    pub(super) phones: Vec<Phone>,
    pub(super) people: People,
    pub(super) auditor: Auditor,
    pub(super) rates: Rates,
    pub(super) counts: Counts,
    pub(super) events: BTreeMap<(i64, u64), Event>,
    pub(super) serial: u64,
    /// Faults of a phone that count with its next sync that carries data.
    pub(super) due_faults: BTreeMap<usize, BTreeSet<Fault>>,
    /// Faults of the server that count with the next sync that carries data.
    pub(super) server_due: BTreeSet<Fault>,
    /// The newest backup of the server.
    pub(super) backup: Option<Backup>,
    /// Backups of phones.
    pub(super) backups: BTreeMap<usize, Snapshot>,
    /// Traps set on phones' disks.
    pub(super) traps: BTreeMap<usize, Fault>,
    /// How often in a row they ended the app before it got through with an answer.
    pub(super) sprung_in_a_row: BTreeMap<usize, u32>,
    /// Failures of the server's disk so far.
    pub(super) server_failures: u64,
    pub(super) syncs: u64,
    pub(super) marks: u64,
    pub(super) trace: Sha256,
    pub(super) refused: BTreeMap<String, u64>,
    pub(super) is_calm: bool,
    /// May faults strike that the simulator learned later?
    pub(super) knows_later: bool,
    /// And those that it learned last?
    pub(super) knows_newest: bool,
    is_told: bool,
    seen_seq: u64,
    seen_entry: u64,
    /// Holds the server's photos.
    _folder: TempDir,
}

/// Memory behind a path, if the system has it: runs write a lot and keep nothing.
fn scratch() -> TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

impl Run {
    /// A company at its first morning, everybody with a phone.
    pub fn new(seed: u64, config: &Config) -> Self {
        let mut dice = Dice(seed ^ 0x5851_f42d_4c95_7f2d);
        let folder = scratch();
        let time = Time::at(START);
        let site = Site::new(&folder.path().join("server"), time.clone(), dice.draw());
        let mut auditor = Auditor::default();
        let people = People::found(&mut dice, &site, &mut auditor);
        let site = Rc::new(RefCell::new(site));
        let air = Air {
            flights: Rc::default(),
            channels: Rc::default(),
            site: site.clone(),
        };
        let mut later = Dice(seed ^ 0x2545_f491_4f6c_dd1d);
        let mut newest = Dice(seed ^ 0x1405_7b7e_f767_814f);
        let rates = Rates::draw(
            (&mut dice, &mut later, &mut newest),
            &config.faults,
            config.is_at_worst,
        );
        let mut paper_dice = Dice(seed ^ 0x6c62_272e_07bb_0142);
        let papers = Papers::draw(&mut paper_dice);
        {
            let mut site = site.borrow_mut();
            site.keeps_for_review = rates.is_on(Fault::UnsentReviewed);
            if rates.is_on(Fault::PageOfFew) {
                site.page_entries = later.between(2, 40) as usize;
            }
        }
        let mut run = Self {
            seed,
            steps: config.steps,
            dice,
            later,
            newest,
            paper_dice,
            letter_dice: Dice(seed ^ 0x5be0_cd19_137e_2179),
            papers,
            has_papers: config.has_papers,
            statement_days: BTreeSet::new(),
            look_again: BTreeSet::new(),
            making: Making::default(),
            time,
            site,
            air,
            phones: Vec::new(),
            people,
            auditor,
            rates,
            counts: Counts::default(),
            events: BTreeMap::new(),
            serial: 0,
            due_faults: BTreeMap::new(),
            server_due: BTreeSet::new(),
            backup: None,
            backups: BTreeMap::new(),
            traps: BTreeMap::new(),
            sprung_in_a_row: BTreeMap::new(),
            server_failures: 0,
            syncs: 0,
            marks: 0,
            trace: Sha256::new(),
            refused: BTreeMap::new(),
            is_calm: true,
            knows_later: config.faults.iter().any(|fault| fault.is_later()),
            knows_newest: config.faults.iter().any(|fault| fault.is_newest()),
            is_told: config.is_told,
            seen_seq: 0,
            seen_entry: 0,
            _folder: folder,
        };
        run.look_at_server();
        for person in run.people.people.clone() {
            run.new_phone(person.id);
        }
        run.is_calm = false;
        run
    }

    /// Plays it to its end, or until the auditor finds something.
    pub fn play(&mut self) {
        for _ in 0..self.steps {
            let pause = match self.dice.between(0, 99) {
                0..60 => self.dice.between(200, 5_000),
                60..96 => self.dice.between(5_000, 60_000),
                96..99 => self.dice.between(3_600_000, 12 * 3_600_000),
                _ => self.dice.between(24 * 3_600_000, 3 * 24 * 3_600_000),
            };
            self.pass(pause);
            if self.is_over() {
                return;
            }
            self.act();
            if self.is_over() {
                return;
            }
        }
        self.settle();
    }

    /// What came of it.
    pub fn report(mut self) -> Report {
        Report {
            seed: self.seed,
            syncs: self.syncs,
            faults: std::mem::take(&mut self.counts),
            findings: self.auditor.findings().to_vec(),
            trace: observe::hex(&self.trace.finalize()),
            refused: std::mem::take(&mut self.refused),
        }
    }

    /// Has the auditor found something?
    pub(super) fn is_over(&self) -> bool {
        !self.auditor.findings().is_empty()
    }

    /// Lets time pass; what falls due meanwhile happens. After a long pause phones wake up late.
    pub(super) fn pass(&mut self, ms: i64) {
        let until = self.time.now() + ms;
        if ms > 3_600_000 {
            // Asleep: timers ring at the end.
            self.time.move_to(until);
        }
        while !self.is_over() {
            let event = self.events.keys().next().map(|key| key.0);
            let timer = self.time.next_timer();
            let next = [event, timer].into_iter().flatten().min();
            let Some(next) = next.filter(|next| *next <= until) else {
                break;
            };
            self.time.move_to(next);
            if event == Some(next) {
                if let Some((_, event)) = self.events.pop_first() {
                    self.happen(event);
                }
            } else if let Some((phone, life)) = self.time.ring()
                && self.phones[phone].life == life
            {
                self.run_phone(phone);
            }
        }
        self.time.move_to(until);
    }

    /// Something that happens later.
    pub(super) fn later(&mut self, in_ms: i64, event: Event) {
        self.serial += 1;
        self.events
            .insert((self.time.now() + in_ms, self.serial), event);
    }

    /// A new phone for somebody, signed in.
    pub(super) fn new_phone(&mut self, person: PersonId) -> usize {
        let number = self.phones.len();
        let disk = Disk::new(self.dice.draw());
        self.phones.push(Phone::new(number, person, disk));
        // Nothing befalls it before it is signed in.
        let was_calm = std::mem::replace(&mut self.is_calm, true);
        self.open(number);
        self.enrol(number);
        self.is_calm = was_calm;
        number
    }

    /// Signs a phone in with a new code. Nobody signs in on a disk without room: it is made first.
    pub(super) fn enrol(&mut self, number: usize) {
        self.sign_in(number);
        self.run_phone(number);
    }

    /// The same; nothing is sent yet.
    pub(super) fn sign_in(&mut self, number: usize) {
        self.phones[number].disk.no_faults();
        self.tell(|| format!("phone {number} enrols"));
        let code = self.site.borrow_mut().code(self.phones[number].person);
        let asked = Request::Enrol {
            server: String::new(),
            code,
            label: "sim".to_owned(),
        };
        if let Reply::Failed(failure) = self.phones[number].ask(asked) {
            self.auditor.report(
                Broken::Stuck,
                format!("phone {number} cannot enrol: {}", failure.code),
            );
        }
    }

    /// Opens a phone's app. It may be killed while it opens, and is opened again then.
    pub(super) fn open(&mut self, number: usize) {
        if self.phones[number].is_gone {
            return;
        }
        let seed = self.dice.draw();
        self.phones[number].disk.no_faults();
        self.set_trap(number);
        let opened = self.phones[number].open(&self.air, &self.time, seed);
        if self.strikes(Fault::VersionBefore) {
            self.phones[number].version_before = Some(self.phones[number].life);
            self.due(number, Fault::VersionBefore);
        }
        self.tell(|| format!("phone {number} opens"));
        if self.sprung(number) {
            return;
        }
        match opened {
            Err(failure) => self.auditor.report(
                Broken::Lost,
                format!("phone {number} does not open: {}", failure.code),
            ),
            Ok(()) => {
                self.run_phone(number);
                self.look_at_phone(number);
            }
        }
    }

    /// May set a trap on a phone's disk, which ends the process at one of the next writes.
    pub(super) fn set_trap(&mut self, number: usize) {
        let traps = [
            (Fault::PhoneKilledAtWrite, Crash::Kill),
            (Fault::BatteryPulled, Crash::PowerLoss),
        ];
        // Who kills an app again and again over the same page makes it give that page up.
        if self.sprung_in_a_row.get(&number) >= Some(&2) {
            return;
        }
        for (fault, crash) in traps {
            if self.strikes(fault) {
                let step = self.dice.draw() % 24;
                self.phones[number].disk.set_faults(Faults {
                    crash_at: Some((step, crash)),
                    ..Faults::default()
                });
                self.traps.insert(number, fault);
                return;
            }
        }
    }

    /// Has a trap sprung? Then the app is gone, and is opened again some time later.
    pub(super) fn sprung(&mut self, number: usize) -> bool {
        let Some(fault) = self.traps.remove(&number) else {
            return false;
        };
        if !self.phones[number].disk.is_stopped() {
            self.phones[number].disk.no_faults();
            return false;
        }
        self.count(fault);
        *self.sprung_in_a_row.entry(number).or_default() += 1;
        self.phones[number].crash(Crash::Kill);
        let pause = self.dice.between(500, 300_000);
        self.later(pause, Event::Open(number));
        true
    }

    /// Numbers of the log and of the journal up to which the auditor has seen the server.
    pub(super) fn seen(&self) -> (u64, u64) {
        (self.seen_seq, self.seen_entry)
    }

    /// The auditor begins to look from here again.
    pub(super) fn set_seen(&mut self, seen: (u64, u64)) {
        (self.seen_seq, self.seen_entry) = seen;
    }

    /// Lets a phone go on, and takes what it sends.
    pub(super) fn run_phone(&mut self, number: usize) {
        self.phones[number].run();
        self.take_flights();
    }

    /// Shows the auditor what a phone shows: what is not settled yet, and one more record.
    pub(super) fn look_at_phone(&mut self, number: usize) {
        if !self.phones[number].is_open() {
            return;
        }
        let mut matters = self.auditor.open_matters(number);
        let all = self.auditor.told_to(number);
        if !all.is_empty() {
            matters.push(self.dice.pick(&all).clone());
        }
        self.show(number, &matters);
    }

    /// Shows the auditor these records of a phone.
    pub(super) fn show(&mut self, number: usize, ids: &[String]) {
        let phone = &self.phones[number];
        let person = phone.person.to_string();
        for id in ids {
            let shown = observe::shown(phone, id);
            self.auditor.shown(number, &person, id, shown.as_ref());
        }
    }

    /// Shows the auditor what the server has written since the last look.
    pub(super) fn look_at_server(&mut self) {
        let (seq, entry) = (self.seen_seq, self.seen_entry);
        let site = self.site.borrow();
        let (auditor, is_told) = (&mut self.auditor, self.is_told);
        let has_papers = self.has_papers;
        let again = std::mem::take(&mut self.look_again);
        let looked = site.store().read(|conn| -> Result<_, StoreError> {
            let lines = observe::log_after(conn, seq);
            if lines.is_empty() {
                return Ok(None);
            }
            auditor.logged(&lines);
            if is_told {
                for line in &lines {
                    let short = observe::hex(&line.reference);
                    let record = line.record.as_deref().unwrap_or_default();
                    let (short, record) = (short.get(..40).unwrap_or(&short), record.get(..12));
                    eprintln!(
                        "           log {} {} {short} {record:?}",
                        line.seq, line.kind
                    );
                }
            }
            // A receipt's state may move without a change of it.
            let changed: BTreeSet<&String> = lines
                .iter()
                .filter_map(|l| l.record.as_ref())
                .chain(&again)
                .collect();
            for id in changed {
                match observe::server_record(conn, id) {
                    Some(record) => auditor.record(id, record),
                    None => auditor.report(Broken::Lost, format!("{id} is stored and unreadable")),
                }
            }
            let journal = observe::journal_after(conn, entry);
            auditor.posted(&journal, &observe::balances(conn));
            if has_papers {
                let stands = observe_papers::standings(conn, &|id| auditor.knows_statement(id));
                auditor.papers_stand(&stands);
            }
            let last = |n: u64, m: Option<u64>| m.unwrap_or(n);
            Ok(Some((
                last(seq, lines.last().map(|l| l.seq)),
                last(entry, journal.last().map(|l| l.number)),
            )))
        });
        if let Some((seq, entry)) = looked.unwrap() {
            (self.seen_seq, self.seen_entry) = (seq, entry);
        }
    }

    /// Tells what happens, if that is wanted.
    pub(super) fn tell(&self, what: impl FnOnce() -> String) {
        if self.is_told {
            let seconds = (self.time.now() - START) / 1_000;
            eprintln!("{seconds:>7} s  {}", what());
        }
    }

    /// Counts a fault that struck.
    pub(super) fn count(&mut self, fault: Fault) {
        self.tell(|| format!("fault: {}", fault.slug()));
        *self.counts.entry(fault.slug()).or_default() += 1;
    }

    /// Does a fault strike now?
    pub(super) fn strikes(&mut self, fault: Fault) -> bool {
        let dice = match fault {
            fault if fault.is_newest() => &mut self.newest,
            fault if fault.is_later() => &mut self.later,
            _ => &mut self.dice,
        };
        !self.is_calm && self.rates.strikes(dice, fault)
    }
}
