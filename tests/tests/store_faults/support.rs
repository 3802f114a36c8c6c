//! A small company on disks in memory, a phone on another, and what must be true of both at any time.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    rc::Rc,
};

use app::{
    platform::{clock::SystemClock, entropy::SystemEntropy},
    replica::{
        actor::Actor,
        api::{NewPhoto, NewVisit, ReplicaFailure, Reply, Request},
        bell::Bell,
        host::Host,
        store::{documents, open_store, project},
    },
};
use rusqlite::{Connection, types::Value};
use shared::{
    customer::Customer,
    ids::DocumentId,
    invoice::Invoice,
    money::Money,
    people::Role,
    sync::{
        client::Failure,
        message::{Answer, Outcome, SyncRequest},
    },
    visit::WarningSign,
};
use sync_server::store::{Store, StoreError, documents as server_documents, ledger};
use tests::{
    fault_vfs::{Crash, Disk, Faults, Snapshot, Struck},
    line::{Line, Sent, serve},
    phone::{promise_request, receipt_request, visit_request},
    places::MISPLACED,
    records::{self, Dice},
    world::World,
};

/// A salesperson with two customers, and a code with which they can sign in.
pub struct Company {
    pub disk: Disk,
    pub books: Vec<(Customer, Invoice)>,
    pub code: String,
}

impl Company {
    pub fn new() -> Self {
        let disk = Disk::new(1);
        let mut world = World::begin(open_server(&disk).unwrap(), "CNY");
        let person = world.person("张伟", Role::Rep);
        let books = world.customers(&person, 2, 2);
        let code = world.code(&person);
        drop(world);
        Self { disk, books, code }
    }

    /// The phone's request for this act.
    pub fn request(&self, act: Act, told: &Told) -> Request {
        let mut dice = Dice(act as u64);
        let (customer, invoice) = &self.books[0];
        match act {
            Act::Enrol => Request::Enrol {
                server: "http://line".to_owned(),
                code: self.code.clone(),
                label: "test".to_owned(),
            },
            Act::Visit => with_photo_and_sign(visit_request(&mut dice, customer)),
            Act::Promise => promise_request(&mut dice, customer, invoice),
            Act::Receipt => {
                let signature = records::signature(&mut dice, sync_server::clock::now());
                receipt_request(Money::from_yuan(300), customer, invoice, signature)
            }
            Act::Comment => Request::AddComment {
                document: told.saved[&Act::Visit],
                text: "改天再来".to_owned(),
            },
            Act::Void => Request::RequestVoid {
                document: told.saved[&Act::Receipt],
                reason: "金额写错".to_owned(),
            },
            Act::Sync => Request::Session,
        }
    }
}

fn with_photo_and_sign(request: Request) -> Request {
    let Request::SaveVisit(visit) = request else {
        return request;
    };
    Request::SaveVisit(Box::new(NewVisit {
        signs: vec![WarningSign::ALL[0]],
        photos: vec![NewPhoto {
            media_type: "image/jpeg".to_owned(),
            bytes: vec![7; 9_000],
            caption: String::new(),
        }],
        ..*visit
    }))
}

/// What a salesperson does, a step of the story each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    Enrol,
    Visit,
    Promise,
    Receipt,
    Comment,
    Void,
    Sync,
}

/// What they were told.
#[derive(Clone, Debug, Default)]
pub struct Told {
    pub enrolled: bool,
    pub saved: BTreeMap<Act, DocumentId>,
    pub synced: BTreeSet<DocumentId>,
}

impl Told {
    pub fn documents(&self) -> BTreeSet<DocumentId> {
        self.saved.values().copied().collect()
    }
}

/// Both sides at a moment of the story.
#[derive(Clone)]
pub struct Scene {
    pub phone: Snapshot,
    pub server: Snapshot,
    pub told: Told,
}

impl Scene {
    /// The scene to which these acts lead on disks that are good.
    pub fn after(company: &Company, acts: &[Act]) -> Self {
        let (phone, server) = (
            Disk::new(1),
            Disk::from_snapshot(1, &company.disk.snapshot()),
        );
        let line = Line::to(open_server(&server).unwrap());
        let mut told = Told::default();
        for act in acts {
            let handset = Handset::open(&phone, &line).unwrap();
            handset.act(company, *act, &mut told).unwrap();
        }
        line.cut();
        Self {
            phone: phone.snapshot(),
            server: server.snapshot(),
            told,
        }
    }

    /// The disks of the scene, new ones each time.
    pub fn disks(&self, seed: u64) -> (Disk, Disk) {
        let phone = Disk::from_snapshot(seed, &self.phone);
        (phone, Disk::from_snapshot(seed, &self.server))
    }
}

/// Was the person told that this act is done?
pub fn was_told(told: &Told, act: Act) -> bool {
    match act {
        Act::Enrol => told.enrolled,
        Act::Sync => !told.synced.is_empty(),
        act => told.saved.contains_key(&act),
    }
}

/// How often the end of an act, with all of it done, is a moment at which the machine stops.
const ENDS: u64 = 6;

/// Runs something once for every step at which a disk can be stopped: by a power cut at each, by a kill,
/// which is milder, at every third; a few times at its end; and at every step of closing it afterwards,
/// for which the last argument is true. It gives the disk.
pub fn at_every_moment(mut run: impl FnMut(u64, Crash, bool) -> Disk) {
    let mut struck = Struck::default();
    let mut stopped_at_a_step = |step, crash, close| {
        let disk = run(step, crash, close);
        struck.add(&disk.struck());
        disk.struck().kills_at_a_step + disk.struck().power_cuts_at_a_step > 0
    };
    for (crash, stride) in [(Crash::PowerLoss, 1), (Crash::Kill, 3)] {
        let mut steps = (0..).step_by(stride);
        let end = steps.find(|step| !stopped_at_a_step(*step, crash, false));
        let end = end.unwrap_or_default();
        for seed in 1..ENDS {
            stopped_at_a_step(end + seed, crash, false);
        }
        let mut closing = (end.saturating_sub(stride as u64 - 1)..).step_by(stride);
        closing.find(|step| !stopped_at_a_step(*step, crash, true));
    }
    println!("{struck:?}");
    assert!(struck.kills_at_a_step > 0 && struck.power_cuts_at_a_step > 5);
    assert!(struck.power_cuts_with_loss > 1);
}

/// The machine stops at this step.
pub fn crash_at(step: u64, crash: Crash) -> Faults {
    Faults {
        crash_at: Some((step, crash)),
        ..Faults::default()
    }
}

/// Whatever goes on at a machine, it stops now and starts again.
pub fn stop_and_start(disk: &Disk, crash: Crash) {
    if !disk.is_stopped() {
        disk.crash(crash);
    }
    disk.power_on();
}

/// The story goes on to its end on disks that are good: what is not done yet is done, everything is
/// sent, and both sides hold the same records, with all that was told.
pub fn goes_on(
    disks: (&Disk, &Disk),
    line: &Line,
    company: &Company,
    told: &Told,
    act: Act,
    why: &str,
) {
    let (phone, server) = disks;
    let handset = Handset::open(phone, line).unwrap_or_else(|e| panic!("{why}: {e:?}"));
    let mut told = told.clone();
    if act != Act::Sync && !was_told(&told, act) {
        let redone = handset.act(company, act, &mut told);
        if act == Act::Enrol && redone == Err("enrol.code_used".to_owned()) {
            // The answer was lost: the person asks for another code.
            return;
        }
        let was_done = redone == Err("receipt.void_asked_already".to_owned());
        if !was_done {
            redone.unwrap_or_else(|e| panic!("{why}: {e}"));
        }
    }
    handset.sync().unwrap_or_else(|e| panic!("{why}: {e:?}"));
    drop(handset);
    let books = examine_phone(phone, why).unwrap();
    assert_eq!(books.waiting, 0, "{why}");
    let held = examine_server(server, why);
    assert_eq!(books.documents, held, "{why}: both hold the same records");
    assert!(held.is_superset(&told.documents()), "{why}");
}

pub fn open_server(disk: &Disk) -> Result<Store, StoreError> {
    disk.open_store(&PathBuf::from("nowhere"))
}

/// A phone whose app is open.
pub struct Handset {
    actor: Actor,
    runtime: tokio::runtime::Runtime,
}

impl Handset {
    pub fn open(disk: &Disk, line: &Line) -> Result<Self, ReplicaFailure> {
        let host = Host {
            build: Some("tests".to_owned()),
            files: Rc::new(disk.clone()),
            clock: Rc::new(SystemClock),
            entropy: Rc::new(SystemEntropy),
            network: Rc::new(line.clone()),
            origin: String::new(),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let actor = runtime.block_on(Actor::open(host, Bell::default()))?;
        Ok(Self { actor, runtime })
    }

    pub fn ask(&self, request: Request) -> Result<Reply, ReplicaFailure> {
        match self.runtime.block_on(self.actor.call(request)) {
            Reply::Failed(failure) => Err(failure),
            reply => Ok(reply),
        }
    }

    pub fn sync(&self) -> Result<(), Failure> {
        self.runtime.block_on(self.actor.sync_now())
    }

    /// Does it; notes what was told.
    pub fn act(&self, company: &Company, act: Act, told: &mut Told) -> Result<(), String> {
        if act == Act::Sync {
            let all = told.documents();
            self.sync().map_err(|failure| format!("{failure:?}"))?;
            told.synced = all;
            return Ok(());
        }
        let reply = self.ask(company.request(act, told)).map_err(|f| f.code)?;
        match reply {
            Reply::Saved(id) => {
                told.saved.insert(act, id);
            }
            _ => told.enrolled = true,
        }
        Ok(())
    }
}

/// What a phone's store holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Books {
    pub documents: BTreeSet<DocumentId>,
    pub waiting: u64,
    pub tables: BTreeMap<String, Vec<Vec<Value>>>,
}

impl Books {
    /// Number of rows in each table.
    pub fn counts(&self) -> BTreeMap<&str, usize> {
        self.tables
            .iter()
            .map(|(name, rows)| (name.as_str(), rows.len()))
            .collect()
    }
}

/// Tables that can be made anew from the documents.
const PROJECTIONS: &[&str] = &[
    "visit",
    "visit_related",
    "promise",
    "receipt",
    "receipt_allocation",
    "void_request",
    "book",
    "attachment_ref",
];

fn rows(db: &Connection, table: &str) -> Vec<Vec<Value>> {
    let mut statement = db.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let columns = statement.column_count();
    let read = |row: &rusqlite::Row<'_>| (0..columns).map(|n| row.get(n)).collect();
    let all = statement.query_map([], read).unwrap();
    let mut all: Vec<Vec<Value>> = all.map(|row| row.unwrap()).collect();
    all.sort_by_key(|row| format!("{row:?}"));
    all
}

fn assert_whole(db: &Connection, why: &str) {
    let said: String = db
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(said, "ok", "{why}");
    let dangling: i64 = db
        .query_row("SELECT COUNT(*) FROM pragma_foreign_key_check", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(dangling, 0, "{why}");
}

fn table_names(db: &Connection) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'";
    let mut statement = db.prepare(sql).unwrap();
    let names = statement.query_map([], |row| row.get(0)).unwrap();
    names.map(|name| name.unwrap()).collect()
}

/// Reads a twin of the phone's disk: the databases are whole, outbox and projections agree with the
/// changes. None if nobody has a store there yet.
pub fn examine_phone(disk: &Disk, why: &str) -> Option<Books> {
    let twin = Disk::from_snapshot(0, &disk.snapshot());
    for registry in twin.names().iter().filter(|n| n.starts_with("registry-")) {
        if registry.ends_with(".db") {
            assert_whole(&twin.open(registry).unwrap(), why);
        }
    }
    let stores = twin.names();
    let mut stores = stores
        .iter()
        .filter(|n| n.starts_with("person-") && n.ends_with(".db"));
    let name = stores.next()?;
    assert_eq!(stores.next(), None, "{why}: a store was set aside");
    let db = open_store(&twin, name).unwrap_or_else(|e| panic!("{why}: {e}"));
    assert_whole(&db, why);
    let misplaced: i64 = db.query_row(MISPLACED, [], |row| row.get(0)).unwrap();
    assert_eq!(misplaced, 0, "{why}: lines lie at other records' places");
    let documents: BTreeSet<DocumentId> = db
        .prepare("SELECT id FROM document")
        .and_then(|mut ids| {
            ids.query_map([], |row| row.get(0).map(DocumentId))?
                .collect()
        })
        .unwrap();
    let unsent: i64 = db
        .query_row(
            "SELECT (SELECT COUNT(*) FROM change WHERE own = 1 AND state = 'waiting'
                       AND hash NOT IN (SELECT hash FROM outbox))
                  + (SELECT COUNT(*) FROM outbox
                       WHERE hash NOT IN (SELECT hash FROM change WHERE state = 'waiting'))",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(unsent, 0, "{why}: outbox and changes disagree");
    let tables: BTreeMap<_, _> = table_names(&db)
        .into_iter()
        .map(|name| (name.clone(), rows(&db, &name)))
        .collect();
    for table in PROJECTIONS {
        db.execute(&format!("DELETE FROM {table}"), []).unwrap();
    }
    for id in &documents {
        project::project(&db, *id).unwrap();
    }
    for table in PROJECTIONS {
        assert_eq!(rows(&db, table), tables[*table], "{why}: {table}");
    }
    Some(Books {
        waiting: documents::waiting_count(&db).unwrap(),
        documents,
        tables,
    })
}

/// Reads a twin of the server's disk: the database is whole, log, journal and balances verify, nobody
/// was accused of a gap. Gives the documents that it holds with the numbers of their receipts.
pub fn examine_server(disk: &Disk, why: &str) -> BTreeSet<DocumentId> {
    let twin = Disk::from_snapshot(0, &disk.snapshot());
    let store = open_server(&twin).unwrap_or_else(|e| panic!("{why}: {e}"));
    let report = store.read(ledger::check).unwrap();
    assert_eq!(report.problems, Vec::<String>::new(), "{why}");
    let read = |conn: &Connection| -> Result<_, StoreError> {
        assert_whole(conn, why);
        let mut alarms = rows(conn, "exception");
        // A void that somebody asked for is no alarm.
        alarms.retain(|row| !row.contains(&Value::Text("void_pending".to_owned())));
        assert_eq!(alarms, Vec::<Vec<Value>>::new(), "{why}");
        let mut statement = conn.prepare("SELECT id FROM document")?;
        let ids = statement.query_map([], |row| row.get(0).map(DocumentId))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    };
    store.read(read).unwrap()
}

/// Tables of the server's ledger, for telling whether anything changed.
pub fn server_tables(snapshot: &Snapshot) -> BTreeMap<String, Vec<Vec<Value>>> {
    let twin = Disk::from_snapshot(0, snapshot);
    let db = twin.open("company.db").unwrap();
    let tables = table_names(&db);
    tables
        .into_iter()
        .map(|name| (name.clone(), rows(&db, &name)))
        .collect()
}

/// What the server acknowledged is there, at the place it said; the same batches sent again get the
/// same answers.
pub fn batches_hold(store: &Store, sent: &[Sent], why: &str) {
    // All before anything is sent again, which would bring back what was lost.
    for answers in sent.iter().filter_map(|batch| batch.answers.as_ref()) {
        are_held(store, answers, why);
    }
    for batch in sent {
        let request = SyncRequest::decode(&batch.body).unwrap();
        let again = || serve(store, &batch.token, &request).unwrap().answers;
        let first = again();
        assert_eq!(first, again(), "{why}");
        if let Some(answers) = &batch.answers {
            assert_eq!(answers, &first, "{why}");
        }
        are_held(store, &first, why);
    }
}

fn are_held(store: &Store, answers: &[Answer], why: &str) {
    for answer in answers {
        let Outcome::Acked { seq } = answer.outcome else {
            panic!("{why}: {answer:?}");
        };
        let place = |conn: &Connection| server_documents::place_of(conn, answer.hash);
        assert_eq!(store.read(place).unwrap(), Some(seq), "{why}");
    }
}
