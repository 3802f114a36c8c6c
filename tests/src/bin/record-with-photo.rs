//! For browser tests: makes a device of somebody known to a data folder whose server is stopped, and
//! writes to its standard output what that device would send to `POST /v1/sync`: a visit with a photo.
//!
//! `record-with-photo DATA PERSON CUSTOMER TOKEN SHA256 BYTES`

// Only tests run this: a step that fails here is a test that fails.
#![allow(clippy::unwrap_used)]

use std::{io::Write as _, path::Path};

use ed25519_dalek::SigningKey;
use shared::{
    document::{
        self, NewChange,
        edit::{self, Edit},
    },
    evidence::Attachment,
    ids::{DeviceId, ElementId},
    sync::message::{Cursor, Frame, PROTOCOL_VERSION, SyncRequest},
    visit::{Visit, VisitPurpose, VisitResult},
};
use sync_server::{
    clock,
    store::{
        Store, StoreError, books,
        devices::{self, NewDevice},
        people,
    },
};
use tests::records::Author;
use uuid::Uuid;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [data, person, customer, token, hash, bytes] = arguments.as_slice() else {
        panic!("record-with-photo DATA PERSON CUSTOMER TOKEN SHA256 BYTES");
    };
    let store = Store::open(Path::new(data)).unwrap();
    let now = clock::now();
    let key = SigningKey::from_bytes(&[42; 32]);
    let new = NewDevice {
        id: DeviceId(Uuid::from_u128(42)),
        label: "tus".to_owned(),
        public_key: key.verifying_key().to_bytes(),
        token: token.clone(),
    };
    let (person, customer, device) = store
        .write::<_, StoreError>(|tx| {
            let person = people::by_name(tx, person)?.remove(0);
            let customer = books::customer_by_number(tx, customer)?;
            let device = devices::register(tx, person.id, &new, now)?;
            Ok((person, customer.unwrap(), device))
        })
        .unwrap();
    let author = Author::new(person.id, &person.name, device.id, &device.code, key);

    let visit = Visit {
        customer: customer.id,
        person: person.id,
        started_at: now.plus_ms(-600_000),
        ended_at: now,
        check_in: None,
        check_out: None,
        purpose: VisitPurpose::Collect,
        person_met: String::new(),
        result: VisitResult::NobodyMet,
        reason: None,
        signs: vec![],
        next_day: None,
        related: vec![],
        notes: String::new(),
        comments: vec![],
        attachments: vec![],
        corrects: vec![],
    };
    let photo = Edit::Attachment(Attachment {
        id: ElementId(Uuid::from_u128(43)),
        content: hash.parse().unwrap(),
        media_type: "image/jpeg".to_owned(),
        size_bytes: bytes.parse().unwrap(),
        author: person.id,
        at: now,
        caption: String::new(),
    });
    let origin = document::Origin {
        device: device.id,
        counter: 1,
        actor: [42; 16],
        at_s: now.0 / 1_000,
    };
    let visit = document::create_visit(&visit, origin).unwrap();
    let photo = edit::apply(&[&visit.bytes], &photo, [43; 16], origin.at_s).unwrap();
    let frame = |change: &NewChange, creates: bool| Frame {
        document: (!creates).then_some(change.document),
        change: document::to_frame(&change.bytes).to_vec(),
    };
    let mut request = SyncRequest {
        version: PROTOCOL_VERSION,
        device: device.id,
        generation: 0,
        batch: 1,
        epoch: 0,
        cursor: Cursor::default(),
        checkpoints: vec![],
        frames: vec![frame(&visit, true), frame(&photo, false)],
        signature: [0; 64],
        phone_clock: now,
        wants: vec![],
    };
    request.sign(&author);
    std::io::stdout()
        .write_all(&request.encode().unwrap())
        .unwrap();
}
