//! A device that is enrolled like any other, signs what it sends and sends the worst: the server stays
//! up, answers each piece with its code and stores nothing of it; the next phone never receives a byte
//! of it, and goes on working.

// A step that fails here is a test that fails.
#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

use app::replica::api::{Reply, Request};
use shared::{
    document::{self, Sealer as _, edit},
    ids::ChangeHash,
    people::{Person, Role},
    sync::message::{Frame, Item, Outcome, SyncRequest, SyncResponse},
};
use sync_server::{
    clock,
    problem::Problem,
    store::{
        StoreError, books,
        devices::{self, NewDevice},
        documents, ledger, log, people,
    },
};
use tests::{
    fuzz::{
        admit::{self, Case},
        chunk::Parts,
        honest::{self, Which},
        seeds,
    },
    phone::Phone,
    world::World,
};

const TOKEN: &str = "token-of-a-hostile-device";

/// The company of `fuzz::honest` on a real server, and a client that sends whatever it is given.
struct Site {
    world: World,
    boss: Person,
    client: reqwest::Client,
    runtime: tokio::runtime::Runtime,
    batch: u64,
}

impl Site {
    fn new(dir: &Path) -> Self {
        let mut world = World::new(dir);
        let person = |id, name: &str, role| Person {
            id,
            name: name.to_owned(),
            role,
            phone: String::new(),
            active: true,
        };
        let rep = person(honest::REP, "陈小明", Role::Rep);
        let boss = person(honest::BOSS, "陈静", Role::Supervisor);
        for one in [&rep, &boss] {
            world.store.write(|tx| people::add(tx, one)).unwrap();
        }
        world.lead(&boss);
        let (mut customer, mut invoice) = world.customers(&rep, 1, 1).remove(0);
        (customer.id, customer.number) = (honest::CUSTOMER, "K4".to_owned());
        (invoice.id, invoice.customer) = (honest::INVOICE, honest::CUSTOMER);
        invoice.number = "0001".to_owned();
        let device = NewDevice {
            id: honest::DEVICE,
            label: "test".to_owned(),
            public_key: honest::key().public_key(),
            token: TOKEN.to_owned(),
        };
        let now = clock::now();
        let known = world.store.write::<_, StoreError>(|tx| {
            books::put_customer(tx, &customer, now)?;
            books::put_invoice(tx, &invoice, now)?;
            devices::register(tx, honest::REP, &device, now)
        });
        assert_eq!(known.unwrap().code, honest::DEVICE_CODE);
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            world,
            boss,
            client: reqwest::Client::new(),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
            batch: 0,
        }
    }

    /// Sends bytes as a sync; gives the status and the answer's bytes.
    fn post(&self, body: Vec<u8>) -> (u16, Vec<u8>) {
        self.runtime.block_on(async {
            let url = format!("{}/v1/sync", self.world.url());
            let call = self.client.post(url).bearer_auth(TOKEN).body(body);
            let answer = call.send().await.unwrap();
            let status = answer.status().as_u16();
            (status, answer.bytes().await.unwrap().to_vec())
        })
    }

    /// Pushes frames with an honest signature; gives what became of each: `acked` or its code.
    fn push(&mut self, frames: Vec<Frame>) -> Vec<String> {
        self.batch += 1;
        let mut request: SyncRequest = seeds::request(frames);
        request.batch = self.batch;
        request.generation = self.batch - 1;
        request.sign(&honest::key());
        let (status, body) = self.post(request.encode().unwrap());
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        let answers = SyncResponse::decode(&body).unwrap().answers;
        let word = |outcome| match outcome {
            Outcome::Acked { .. } => "acked".to_owned(),
            Outcome::Rejected { code, .. } => code,
        };
        answers.into_iter().map(|a| word(a.outcome)).collect()
    }

    fn is_stored(&self, hash: ChangeHash) -> bool {
        let place = self
            .world
            .store
            .read::<_, StoreError>(|conn| documents::place_of(conn, hash));
        place.unwrap().is_some()
    }

    fn head(&self) -> u64 {
        let head = self.world.store.read::<_, StoreError>(log::head);
        head.unwrap().seq
    }

    /// The four honest records as the corpus was made against them.
    fn push_honest(&mut self) {
        for which in Which::ALL {
            let stored = which.stored();
            let frames = stored.changes.iter().map(|change| Frame {
                document: Some(stored.document),
                change: document::to_frame(change).to_vec(),
            });
            let outcomes = self.push(frames.collect());
            assert_eq!(outcomes, ["acked", "acked"], "{which:?}");
        }
    }
}

fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = tests::workspace().join("tests/fuzz/corpus").join(target);
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|file| {
            let name = file.file_name().to_string_lossy().into_owned();
            (name, fs::read(file.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// A hostile change with the code that it must get.
struct Hostile {
    name: String,
    frame: Frame,
    code: String,
}

/// The corpus's changes that must be refused, as a salesperson would push them.
fn refused() -> Vec<Hostile> {
    let mut out = Vec::new();
    for (name, input) in corpus("admit_change") {
        let Some((_, code)) = name.split_once('.') else {
            continue;
        };
        let Some(case) = Case::of(&input) else {
            continue;
        };
        // A creation change pushed as an edit is taken for the creation change that it is.
        let creates = Parts::of(&case.frame).is_some_and(|parts| parts.dependencies.is_empty());
        if code == "admitted" || case.by_supervisor || (creates && case.which.is_some()) {
            continue;
        }
        let code = match code {
            "decoder.panic" => "admission.damaged",
            code => code,
        };
        out.push(Hostile {
            code: code.to_owned(),
            frame: Frame {
                document: case.which.map(|which| admit::stored(which).document),
                change: case.frame,
            },
            name,
        });
    }
    assert!(out.len() > 30, "the corpus is gone");
    out
}

#[test]
fn hostile_changes_get_their_codes_are_not_stored_and_never_reach_the_next_phone() {
    let dir = tempfile::tempdir().unwrap();
    let mut site = Site::new(&dir.path().join("server"));
    site.push_honest();
    let boss = site.boss.clone();
    let phone = Phone::enrol(&dir.path().join("phone"), &mut site.world, &boss);
    phone.keep_bodies();
    phone.sync();
    let before = site.head();

    // One by one, then all of them in one batch around an honest comment.
    let hostile = refused();
    let mut wrong = Vec::new();
    for one in &hostile {
        let outcomes = site.push(vec![one.frame.clone()]);
        if outcomes != [one.code.as_str()] {
            wrong.push(format!("{}: {outcomes:?}", one.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let visit = Which::Visit.stored();
    let comment = honest::comment(200, honest::REP);
    let comment = edit::apply(&visit.changes, &comment, [90; 16], 0).unwrap();
    let mut frames: Vec<Frame> = hostile.iter().map(|one| one.frame.clone()).collect();
    frames.insert(frames.len() / 2, seeds::frame(&comment));
    let outcomes = site.push(frames);
    let acked = outcomes.iter().filter(|outcome| *outcome == "acked");
    assert_eq!(acked.count(), 1, "{outcomes:?}");

    let stored: Vec<&str> = hostile
        .iter()
        .filter(|one| site.is_stored(document::frame_hash(&one.frame.change)))
        .map(|one| one.name.as_str())
        .collect();
    assert!(stored.is_empty(), "{stored:?}");
    assert!(site.is_stored(comment.hash));
    let check = site.world.store.read::<_, StoreError>(ledger::check);
    assert!(check.unwrap().is_good());
    assert_eq!(site.head(), before + 1, "something else came into the log");

    phone.sync();
    let received: Vec<Vec<u8>> = phone
        .bodies()
        .iter()
        .filter_map(|body| SyncResponse::decode(body).ok())
        .flat_map(|response| response.entries)
        .filter_map(|entry| match entry.item {
            Item::Change(change) => Some(change.change),
            _ => None,
        })
        .collect();
    assert!(
        received
            .iter()
            .any(|change| change == document::to_frame(&comment.bytes))
    );
    for one in &hostile {
        assert!(!received.contains(&one.frame.change), "{}", one.name);
    }
}

/// What is odd but allowed (a newer version's keys, with thousands of objects) reaches the next phone, and
/// does it no harm.
#[test]
fn odd_changes_that_are_allowed_do_a_phone_no_harm() {
    let dir = tempfile::tempdir().unwrap();
    let mut site = Site::new(&dir.path().join("server"));
    site.push_honest();
    let boss = site.boss.clone();
    let phone = Phone::enrol(&dir.path().join("phone"), &mut site.world, &boss);
    phone.sync();
    for (name, input) in corpus("admit_change") {
        let Some(case) = Case::of(&input) else {
            continue;
        };
        if !name.ends_with(".admitted") || case.by_supervisor {
            continue;
        }
        let document = case.which.map(|which| admit::stored(which).document);
        let frame = Frame {
            document,
            change: case.frame,
        };
        let outcomes = site.push(vec![frame]);
        // Two of them may be two next changes of the same actor: then only the first is.
        assert!(
            matches!(outcomes[0].as_str(), "acked" | "admission.damaged"),
            "{name}: {outcomes:?}"
        );
        phone.sync();
    }
    assert!(matches!(phone.ask(Request::Today), Reply::Today(_)));
    assert!(matches!(
        phone.ask(Request::Customer(honest::CUSTOMER)),
        Reply::Customer(_)
    ));
}

#[test]
fn hostile_messages_get_a_problem_with_their_code_and_the_server_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let site = Site::new(dir.path());
    for (name, input) in corpus("wire_decode") {
        let (Some((_, code)), Some((0, message))) = (name.split_once('.'), input.split_first())
        else {
            continue;
        };
        let (status, body) = site.post(message.to_vec());
        if code == "decoded" {
            assert_eq!(status, 200, "{name}");
        } else {
            let problem: Problem = serde_json::from_slice(&body).unwrap();
            assert_eq!((status / 100, problem.code.as_str()), (4, code), "{name}");
        }
    }
    let (status, _) = site.post(seeds::request(vec![]).encode().unwrap());
    assert_eq!(status, 200);
}
