//! A phone's stores of every schema, opened by the app as it is now.

use std::{collections::BTreeSet, fs, path::Path, rc::Rc};

use app::{
    platform::{entropy::SystemEntropy, fake::FakeClock, network_http::HttpNetwork},
    replica::{
        actor::Actor,
        api::{CustomerView, QueueView, Reply, Request},
        bell::Bell,
        host::Host,
        host_native::Folder,
        store::open_store,
    },
};
use shared::{day::Timestamp, ids::CustomerId, money::Money};
use tests::{places::MISPLACED, workspace};

use super::{PHONE, contents, look, number, schema, story};

/// What must be the same before and after, to the byte: all changes and which of them wait, who the device is
/// and where its receipts stand, where it stands in the server's log, photos.
const KEPT: &[&str] = &[
    "SELECT hash, document, bytes, own, state, edit, at FROM change ORDER BY place",
    "SELECT hash, document, size FROM outbox ORDER BY place",
    "SELECT person, device, device_code, token, secret_key, record_counter, receipt_n, receipt_digest FROM identity",
    "SELECT epoch, generation, batch, cursor_seq, cursor_part, cursor_chain FROM sync_state",
    "SELECT id, kind, customer, author, device, mine, saved_at, received_at, seq FROM document ORDER BY id",
    "SELECT document, number, amount, method, voided FROM receipt ORDER BY document",
    "SELECT line, invoice, amount FROM receipt_allocation ORDER BY invoice, amount, line",
    "SELECT id, amount, settled FROM invoice ORDER BY id",
    "SELECT hash, document, bytes, waiting FROM attachment ORDER BY hash",
];

/// The app on a folder, at a moment of its own.
struct App(Actor);

impl App {
    fn open(folder: &Path, at: Timestamp) -> Self {
        let host = Host {
            build: Some("tests".to_owned()),
            files: Rc::new(Folder(folder.to_owned())),
            clock: Rc::new(FakeClock::at(at)),
            entropy: Rc::new(SystemEntropy),
            network: Rc::new(HttpNetwork::new()),
            origin: String::new(),
        };
        Self(wait(Actor::open(host, Bell::default())).unwrap())
    }

    fn ask(&self, request: Request) -> Reply {
        wait(self.0.call(request))
    }

    fn customer(&self, id: CustomerId) -> CustomerView {
        match self.ask(Request::Customer(id)) {
            Reply::Customer(view) => *view,
            other => panic!("{other:?}"),
        }
    }

    fn queue(&self) -> QueueView {
        match self.ask(Request::Queue) {
            Reply::Queue(view) => *view,
            other => panic!("{other:?}"),
        }
    }
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(work)
}

#[test]
fn a_phones_store_of_every_schema_comes_up_to_date_with_all_that_was_in_it() {
    for version in PHONE.all() {
        let folder = PHONE.thaw(version);
        let file = PHONE.database(folder.path());
        let before = contents(&file, KEPT);
        let db = look(&file);
        let last = number(&db, "SELECT MAX(at) FROM change");
        let waits = number(&db, "SELECT COUNT(*) FROM outbox");
        let receipts = number(&db, "SELECT receipt_n FROM identity");
        let id: [u8; 16] = db
            .query_row("SELECT customer FROM receipt LIMIT 1", [], |row| row.get(0))
            .unwrap();
        drop(db);
        assert!(waits >= 3, "a comment, a visit and a receipt wait");

        let app = App::open(folder.path(), Timestamp(last + 60_000));
        let Reply::Session(session) = app.ask(Request::Session) else {
            panic!("no session")
        };
        assert_eq!(session.me.unwrap().person.name, story::REP, "{version}");
        assert_eq!(i64::from(session.sync.waiting), waits, "{version}");
        let queue = app.queue().lines;
        let waiting: BTreeSet<_> = queue.iter().map(|line| line.document).collect();
        assert_eq!(waiting.len(), 3, "{version}: two visits and a receipt");
        let customer = CustomerId(uuid::Uuid::from_bytes(id));
        let view = app.customer(customer);
        let owed = story::INVOICED - story::CASH - story::UNSENT;
        assert_eq!(view.outstanding, Money::from_yuan(owed), "{version}");
        assert_eq!(view.in_transit, Money::from_yuan(story::CLAIMED));
        let records: Vec<_> = view.timeline.iter().filter_map(|l| l.document).collect();
        for id in records {
            assert!(matches!(app.ask(Request::Record(id)), Reply::Record(_)));
        }
        drop(app);
        assert_eq!(contents(&file, KEPT), before, "schema {version}");
        assert_eq!(number(&look(&file), MISPLACED), 0, "schema {version}");

        // It goes on from there.
        let app = App::open(folder.path(), Timestamp(last + 120_000));
        let visit = tests::phone::visit_request(&mut tests::records::Dice(3), &view.customer);
        let said = app.ask(visit);
        assert!(matches!(said, Reply::Saved(_)), "{version}: {said:?}");
        drop(app);
        let db = look(&file);
        assert_eq!(number(&db, "SELECT COUNT(*) FROM outbox"), waits + 1);
        assert_eq!(number(&db, "SELECT receipt_n FROM identity"), receipts);
    }
}

#[test]
fn a_phones_store_that_came_up_to_date_is_made_like_a_new_one() {
    let new = tempfile::tempdir().unwrap();
    drop(open_store(&Folder(new.path().to_owned()), "new.db").unwrap());
    let new = schema(&look(&new.path().join("new.db")));
    for version in PHONE.all() {
        let folder = PHONE.thaw(version);
        made_like(&new, folder.path(), version);
    }
    // The first schema, as the first version wrote it.
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(workspace().join("app/tests/frozen/schema-1")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    made_like(&new, folder.path(), 1);
}

fn made_like(new: &[Vec<rusqlite::types::Value>], folder: &Path, version: usize) {
    let file = PHONE.database(folder);
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    drop(open_store(&Folder(folder.to_owned()), &name).unwrap());
    assert!(schema(&look(&file)) == new, "schema {version}");
}
