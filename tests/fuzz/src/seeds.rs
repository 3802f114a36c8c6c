//! The corpus as far as it is made: honest inputs of every target, and hostile ones made from them.
//!
//! A file is named after what it is and, behind the first dot, what becomes of it.

use shared::{
    day::Timestamp,
    document::{self, NewChange, Seal, Sealer as _, edit},
    ids::{DeviceId, Digest},
    paper::qr,
    sync::message::{
        Answer, ChangeItem, Cursor, Entry, Frame, Item, OLDEST_VERSION, Outcome, PROTOCOL_VERSION,
        Standing, SyncRequest, SyncResponse,
    },
};

use super::{
    honest::{self, Which},
    hydrate,
    import::{BY_PLACE, OWN_MAP},
};

/// One file of the corpus.
pub struct Seed {
    /// Target.
    pub target: &'static str,
    /// Name of the file.
    pub name: String,
    /// Its bytes.
    pub input: Vec<u8>,
}

impl Seed {
    /// A file.
    pub fn new(target: &'static str, name: impl Into<String>, input: Vec<u8>) -> Self {
        Self {
            target,
            name: name.into(),
            input,
        }
    }
}

/// The honest inputs.
pub fn honest() -> Vec<Seed> {
    [wire(), admit(), documents(), imports(), codes()].concat()
}

impl Clone for Seed {
    fn clone(&self) -> Self {
        Self::new(self.target, self.name.clone(), self.input.clone())
    }
}

/// A byte in front.
pub fn behind(selector: u8, bytes: &[u8]) -> Vec<u8> {
    [&[selector], bytes].concat()
}

/// The name of a stored document in a file's name.
pub fn word(which: Which) -> &'static str {
    match which {
        Which::Visit => "visit",
        Which::Promise => "promise",
        Which::Receipt => "receipt",
        Which::Book => "book",
    }
}

/// A request with these frames, signed.
pub fn request(frames: Vec<Frame>) -> SyncRequest {
    let mut request = SyncRequest {
        version: PROTOCOL_VERSION,
        device: honest::DEVICE,
        generation: 0,
        batch: 1,
        epoch: 0,
        cursor: Cursor::default(),
        checkpoints: vec![],
        frames,
        signature: [0; 64],
        phone_clock: honest::NOON,
        wants: vec![],
    };
    request.sign(&honest::key());
    request
}

/// A frame of a change.
pub fn frame(change: &NewChange) -> Frame {
    let creates = change.document.0 == change.hash.0;
    Frame {
        document: (!creates).then_some(change.document),
        change: document::to_frame(&change.bytes).to_vec(),
    }
}

/// A response that brings these changes.
pub fn response(changes: &[NewChange]) -> SyncResponse {
    let entry = |(seq, change): (u64, &NewChange)| Entry {
        seq,
        item: Item::Change(ChangeItem {
            document: change.document,
            kind: document::Kind::Visit,
            customer: honest::CUSTOMER,
            person: honest::REP,
            device: DeviceId(honest::DEVICE.0),
            received_at: honest::NOON,
            clock_offset_ms: -250,
            change: document::to_frame(&change.bytes).to_vec(),
        }),
    };
    SyncResponse {
        version: PROTOCOL_VERSION,
        epoch: 1,
        generation: 1,
        standing: Standing::Behind { batch: 3 },
        answers: changes
            .iter()
            .map(|change| Answer {
                hash: change.hash,
                outcome: Outcome::Acked { seq: 7 },
            })
            .collect(),
        entries: (8..).zip(changes).map(entry).collect(),
        cursor: Cursor {
            seq: 9,
            part: 0,
            chain: Some(Digest([3; 32])),
        },
        more: false,
        head_seq: 9,
        server_clock: Timestamp(honest::NOON.0 + 250),
        fetched: vec![],
        fetched_entries: vec![],
        history_days: 180,
    }
}

fn wire() -> Vec<Seed> {
    let new = |name: &str, input| Seed::new("wire_decode", name, input);
    let creations: Vec<NewChange> = Which::ALL.map(Which::creation).into();
    let empty = request(vec![]);
    let full = request(creations.iter().map(frame).collect());
    let answer = response(&creations[..2]);
    let mut older = full.clone();
    older.version = OLDEST_VERSION;
    let mut older_answer = answer.clone();
    older_answer.version = OLDEST_VERSION;
    let plain = |message: &SyncRequest| postcard::to_stdvec(message).unwrap();
    vec![
        new(
            "request-with-nothing-to-say.decoded",
            behind(0, &empty.encode().unwrap()),
        ),
        new(
            "request-with-four-records.decoded",
            behind(0, &full.encode().unwrap()),
        ),
        new("request-plain.decoded", behind(2, &plain(&empty))),
        new(
            "request-with-records-plain.decoded",
            behind(2, &plain(&full)),
        ),
        new(
            "request-of-the-version-before.decoded",
            behind(0, &older.encode().unwrap()),
        ),
        new(
            "response-of-the-version-before.decoded",
            behind(1, &older_answer.encode().unwrap()),
        ),
        new("response.decoded", behind(1, &answer.encode().unwrap())),
        new(
            "response-plain.decoded",
            behind(3, &postcard::to_stdvec(&answer).unwrap()),
        ),
    ]
}

fn admit() -> Vec<Seed> {
    let mut seeds = Vec::new();
    for (which, selector) in Which::ALL.into_iter().zip(1..) {
        let creation = which.creation();
        let input = behind(0, document::to_frame(&creation.bytes));
        seeds.push(Seed::new(
            "admit_change",
            format!("{}.admitted", word(which)),
            input,
        ));
        let stored = which.stored();
        for (n, edit) in honest::edits(which).iter().enumerate().skip(1) {
            let change =
                edit::apply(&stored.changes, edit, [60; 16], honest::NOON.0 / 1_000).unwrap();
            let name = format!("{}-edit-{n}.admitted", word(which));
            let input = behind(selector, document::to_frame(&change.bytes));
            seeds.push(Seed::new("admit_change", name, input));
        }
    }
    seeds
}

fn documents() -> Vec<Seed> {
    let mut seeds = Vec::new();
    for which in Which::ALL {
        let mut changes = which.stored().changes;
        for edit in honest::edits(which).iter().skip(1) {
            changes.push(edit::apply(&changes, edit, [60; 16], 0).unwrap().bytes);
        }
        for length in [1, changes.len()] {
            let frames: Vec<&[u8]> = changes[..length]
                .iter()
                .map(|c| document::to_frame(c))
                .collect();
            let name = format!("{}-of-{length}-changes.read", word(which));
            seeds.push(Seed::new("hydrate", name, hydrate::input(&frames)));
        }
    }
    seeds
}

fn imports() -> Vec<Seed> {
    let new = |name: &str, selector: u8, text: &[u8]| {
        Seed::new("import_csv", name, behind(selector, text))
    };
    let customers = "No,Name,Area,Rep,Phone,Contact,Term,Limit,Lat,Lon\n\
        C1,城西五金,城西,王芳,,,30,,,\nC2,\"恒达 \"\"建材\"\"\",城东,,13800000000,刘国强,45,50000,30.66,104.06\n";
    let invoices = "No,Cust,Name,Date,Due,Sum\r\n0002,C1,城西五金,2026-11-01,,\"1200.505\"\r\n0003,C9,鑫源,11/2/2026,2026-12-01,-80\r\n";
    let payments = "No,Inv,Cust,Day,Sum\nP1,0001,,2026-11-03,200.50\nP2,,C1,2026-11-04,100\n";
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(payments.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let own_map = "delimiter = \"tab\"\n[columns]\nnumber=1\nname={index=2, default=\"无名\"}\nterritory={default=\"城西\"}\n[[skip]]\ncolumn=\"Out\"\nempty=false\n---\nNo\tName\tOut\nC3\t\t\nC4\tx\t1\n";
    vec![
        new("customers.imported", 0, customers.as_bytes()),
        new("invoices.imported", 1, invoices.as_bytes()),
        new("payments.imported", 2, payments.as_bytes()),
        new("payments-utf16.imported", 2, &utf16),
        new("customers-gb18030.imported", 0, b"No,Name,Area,Rep,Phone,Contact,Term,Limit,Lat,Lon\nC5,\xb3\xc7\xce\xf7\xce\xe5\xbd\xf0,\xb3\xc7\xce\xf7,,,,,,,\n"),
        new("invoices-by-place.imported", 1 | BY_PLACE, b"0009,C1,2026-11-01,5\n"),
        new("customers-by-their-own-map.imported", OWN_MAP, own_map.as_bytes()),
    ]
}

/// The text of the honest receipt's code.
pub fn code() -> String {
    let seal = Seal {
        digest: Digest([7; 32]),
        signature: [0; 64],
        public_key: honest::key().public_key(),
    };
    qr::qr_payload(&honest::receipt_core(), &seal, &honest::key())
}

fn codes() -> Vec<Seed> {
    let new = |name: &str, text: String| Seed::new("qr_decode", name, text.into_bytes());
    let code = code();
    vec![
        new("receipt.genuine", code.clone()),
        new("receipt-between-blanks.genuine", format!(" {code}\n")),
        new("other-amount.read", code.replacen("1500", "15000", 1)),
        new("other-payer.read", code.replacen("鑫源", "金源", 1)),
        new("newer.qr.unknown_version", code.replacen("HK1", "HK2", 1)),
        new(
            "other-code.qr.unreadable",
            "https://example.com/?a=1|2".to_owned(),
        ),
    ]
}
