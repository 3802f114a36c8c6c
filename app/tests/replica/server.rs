//! A small server for the replica's tests: the real wire, the real admission, one company, a log in
//! memory. It can be unreachable, lose replies and refuse what a test says.

use std::{cell::RefCell, collections::BTreeMap, collections::BTreeSet, rc::Rc};

use app::platform::{
    LocalBoxFuture,
    network::{Answer, Call, Network, Pieces, Unreachable},
};
use shared::{
    day::Timestamp,
    document::{self, Kind, Record},
    ids::{ChangeHash, CustomerId, DeviceId, DocumentId, PersonId},
    people::Person,
    receipt::MethodKind,
    sync::{
        admission::{self, Pusher, Stored},
        message::{
            self, Cursor, Entry, InvoiceRow, Item, Outcome, ReceiptRow, Row, Standing, SyncRequest,
            SyncResponse,
        },
    },
};
use uuid::Uuid;

/// The server as the network sees it.
#[derive(Clone)]
pub struct Server(pub Rc<RefCell<State>>);

/// Everything it knows.
pub struct State {
    pub clock: Timestamp,
    pub online: bool,
    /// The next answer to a sync is lost on its way.
    pub lose_reply: bool,
    pub revoked: bool,
    pub page_size: usize,
    pub epoch: u64,
    pub log: Vec<Entry>,
    /// Who may see the entries of a customer.
    pub scope: BTreeMap<PersonId, BTreeSet<CustomerId>>,
    pub documents: BTreeMap<DocumentId, Stored>,
    pub customers: BTreeMap<DocumentId, CustomerId>,
    pub places: BTreeMap<ChangeHash, u64>,
    pub invoices: BTreeMap<Uuid, InvoiceRow>,
    pub devices: Vec<Device>,
    pub codes: BTreeMap<String, Person>,
    /// Changes refused for a reason of the test.
    pub refuse: BTreeMap<ChangeHash, &'static str>,
    /// The newest version of the protocol that it speaks.
    pub newest: u16,
    pub requests: Vec<SyncRequest>,
    pub photos: BTreeMap<String, Vec<u8>>,
    /// Bytes of a photo that a PATCH takes at most.
    pub photo_piece: usize,
    /// Changes that are not sent by themselves.
    pub hidden: BTreeSet<ChangeHash>,
    /// Digests that come when older records are asked for.
    pub older: Vec<Entry>,
    /// Days for which closed matters are kept.
    pub history_days: u16,
    /// What was left with the system, to be sent when the app is gone.
    pub left: Vec<Call>,
    /// What the device says of its network's price.
    pub metered: Option<bool>,
    /// Refused records in whose place others were admitted.
    pub corrected: BTreeSet<DocumentId>,
    /// The next answer to a sync says that it was restored, and what it has in common with the phone; is the
    /// connection gone after that?
    pub rolls_back: Option<(u64, bool)>,
}

/// An enrolled device.
#[derive(Clone)]
pub struct Device {
    pub token: String,
    pub pusher: Pusher,
}

impl Server {
    pub fn new(clock: Timestamp) -> Self {
        Self(Rc::new(RefCell::new(State {
            clock,
            online: true,
            lose_reply: false,
            revoked: false,
            page_size: 1_000,
            epoch: 1,
            log: vec![],
            scope: BTreeMap::new(),
            documents: BTreeMap::new(),
            customers: BTreeMap::new(),
            places: BTreeMap::new(),
            invoices: BTreeMap::new(),
            devices: vec![],
            codes: BTreeMap::new(),
            refuse: BTreeMap::new(),
            newest: u16::MAX,
            requests: vec![],
            photos: BTreeMap::new(),
            photo_piece: 1 << 20,
            hidden: BTreeSet::new(),
            older: vec![],
            history_days: 180,
            left: vec![],
            metered: None,
            corrected: BTreeSet::new(),
            rolls_back: None,
        })))
    }

    /// Puts an item into the log.
    pub fn log(&self, item: Item) -> u64 {
        self.0.borrow_mut().append(item)
    }

    /// Takes a creation change in as if the first device had sent it.
    pub fn admit(&self, change: &[u8]) {
        let mut state = self.0.borrow_mut();
        let (device, clock) = (state.devices[0].clone(), state.clock);
        let frame = message::Frame {
            document: None,
            change: document::to_frame(change).to_vec(),
        };
        state.hidden.remove(&document::frame_hash(&frame.change));
        let outcome = state.push(&device, &frame, clock);
        assert!(matches!(outcome, Outcome::Acked { .. }), "{outcome:?}");
    }

    pub fn row(&self, row: Row) -> u64 {
        if let Row::Invoice(invoice) = &row {
            let id = invoice.invoice.id.0;
            self.0.borrow_mut().invoices.insert(id, invoice.clone());
        }
        self.log(Item::Row(Box::new(row)))
    }
}

impl State {
    pub fn append(&mut self, item: Item) -> u64 {
        let seq = self.log.len() as u64 + 1;
        self.log.push(Entry { seq, item });
        seq
    }

    /// Loses a record, as if restored from a backup that lacks it; gives its creation change.
    pub fn lose(&mut self, id: DocumentId) -> Vec<u8> {
        self.places.remove(&ChangeHash(id.0));
        self.hidden.insert(ChangeHash(id.0));
        self.documents.remove(&id).unwrap().changes.swap_remove(0)
    }

    fn enrol(&mut self, body: &[u8]) -> Answer {
        let ask: serde_json::Value = serde_json::from_slice(body).unwrap();
        let Some(person) = self.codes.remove(ask["code"].as_str().unwrap()) else {
            return problem(403, "enrol.code_unknown");
        };
        let key = ask["public_key"].as_str().unwrap();
        let n = self.devices.len() + 1;
        let device = Device {
            token: format!("token-{n}"),
            pusher: Pusher {
                person: person.id,
                role: person.role,
                device: DeviceId(Uuid::from_u128(0xd000 + n as u128)),
                device_code: format!("A{n:02}"),
                public_key: key.parse::<ChangeHash>().unwrap().0,
            },
        };
        let answer = serde_json::json!({
            "device": device.pusher.device.to_string(), "device_code": device.pusher.device_code,
            "token": device.token, "head_seq": 0, "server_clock": self.clock.0,
            "person": { "id": person.id.to_string(), "name": person.name, "role": person.role.slug() },
            "company": { "id": Uuid::nil().to_string(), "name": "x" },
        });
        self.devices.push(device);
        Answer {
            status: 201,
            headers: vec![],
            body: serde_json::to_vec(&answer).unwrap(),
        }
    }

    fn sync(&mut self, device: &Device, body: &[u8]) -> Answer {
        let version = body.first().copied().map_or(0, u16::from);
        if version > self.newest {
            return Answer {
                status: 400,
                headers: vec![],
                body: br#"{"code":"message.version"}"#.to_vec(),
            };
        }
        let request = SyncRequest::decode(body).unwrap();
        assert!(request.is_signed_by(&device.pusher.public_key));
        assert_eq!(request.device, device.pusher.device);
        if let Some((common, is_last)) = self.rolls_back.take() {
            self.online = !is_last;
            return self.roll_back(&request, common);
        }
        let answers: Vec<message::Answer> = request
            .frames
            .iter()
            .map(|frame| message::Answer {
                hash: document::frame_hash(&frame.change),
                outcome: self.push(device, frame, request.phone_clock),
            })
            .collect();
        let brought: BTreeSet<ChangeHash> = request.hashes().into_iter().collect();
        let (entries, cursor, more) = self.page(device.pusher.person, request.cursor, &brought);
        let (fetched, fetched_entries) = self.fetch(&request.wants);
        let response = SyncResponse {
            version: request.version,
            epoch: self.epoch,
            generation: request.generation,
            standing: Standing::Current,
            answers,
            entries,
            cursor,
            more,
            head_seq: self.log.len() as u64,
            server_clock: self.clock,
            fetched,
            fetched_entries,
            history_days: self.history_days,
        };
        self.requests.push(request);
        Answer {
            status: 200,
            headers: vec![],
            body: response.encode().unwrap(),
        }
    }

    /// Says that it was restored. Nothing else comes with that.
    fn roll_back(&self, request: &SyncRequest, common: u64) -> Answer {
        let response = SyncResponse {
            version: request.version,
            epoch: self.epoch,
            generation: request.generation,
            standing: Standing::RolledBack { common },
            answers: vec![],
            entries: vec![],
            cursor: Cursor::default(),
            more: true,
            head_seq: self.log.len() as u64,
            server_clock: self.clock,
            fetched: vec![],
            fetched_entries: vec![],
            history_days: self.history_days,
        };
        Answer {
            status: 200,
            headers: vec![],
            body: response.encode().unwrap(),
        }
    }

    /// Whole documents from the log; of older records all that were put aside.
    fn fetch(&self, wants: &[message::Want]) -> (Vec<message::Fetched>, Vec<Entry>) {
        let (mut fetched, mut entries) = (vec![], vec![]);
        for &want in wants {
            let before = entries.len();
            match want {
                message::Want::Document(id) => entries.extend(
                    self.log
                        .iter()
                        .filter(|e| matches!(&e.item, Item::Change(c) if c.document == id))
                        .filter(|_| self.documents.contains_key(&id))
                        .cloned(),
                ),
                message::Want::Older { customer, .. } => entries.extend(
                    self.older
                        .iter()
                        .filter(|e| matches!(&e.item, Item::Digest(d) if d.customer == customer))
                        .cloned(),
                ),
            }
            let outcome = match want {
                message::Want::Document(_) if entries.len() == before => {
                    message::FetchOutcome::Absent
                }
                _ => message::FetchOutcome::Whole,
            };
            fetched.push(message::Fetched { want, outcome });
        }
        (fetched, entries)
    }

    /// What lists show of a document.
    pub fn digest(&self, id: DocumentId) -> Item {
        let of_document: Vec<&message::ChangeItem> = self
            .log
            .iter()
            .filter_map(|e| match &e.item {
                Item::Change(c) if c.document == id => Some(c),
                _ => None,
            })
            .collect();
        let first = of_document[0];
        let (_, record) = document::read(&self.documents[&id].changes).unwrap();
        Item::Digest(Box::new(message::DigestItem {
            document: id,
            kind: first.kind,
            customer: first.customer,
            person: first.person,
            device: first.device,
            received_at: first.received_at,
            clock_offset_ms: first.clock_offset_ms,
            changes: of_document.len() as u32,
            content: shared::sync::digest::RecordDigest::of(&record).unwrap(),
        }))
    }

    /// From now on the document goes out as a digest only.
    pub fn outline(&mut self, id: DocumentId) {
        let digest = self.digest(id);
        for entry in &self.log {
            if let Item::Change(c) = &entry.item
                && c.document == id
            {
                self.hidden.insert(document::frame_hash(&c.change));
            }
        }
        self.append(digest);
    }

    fn push(&mut self, device: &Device, frame: &message::Frame, phone: Timestamp) -> Outcome {
        let hash = document::frame_hash(&frame.change);
        if let Some(seq) = self.places.get(&hash) {
            return Outcome::Acked { seq: *seq };
        }
        let rejected = |code: &str| Outcome::Rejected {
            code: code.to_owned(),
            detail: String::new(),
        };
        if let Some(code) = self.refuse.get(&hash) {
            return rejected(code);
        }
        let stored = frame.document.map(|id| self.documents.get(&id).cloned());
        let admitted = match &stored {
            Some(None) => return rejected("admission.no_such_document"),
            Some(Some(stored)) => admission::admit(&frame.change, Some(stored), &device.pusher),
            None => admission::admit(&frame.change, None, &device.pusher),
        };
        let admitted = match admitted {
            Ok(admitted) => admitted,
            Err(rejection) => return rejected(rejection.code()),
        };
        if self.corrected.contains(&admitted.document) {
            return rejected("admission.corrected");
        }
        if admitted.creates {
            for old in admitted.record.corrects() {
                let known = admission::Corrected {
                    admitted: self.places.contains_key(&ChangeHash(old.0)),
                    corrected: self.corrected.contains(old),
                    sender: None,
                };
                if let Err(e) = admission::judge_correction(known, device.pusher.person) {
                    return rejected(e.code());
                }
            }
            self.corrected.extend(admitted.record.corrects());
        }
        let seq = self.append(Item::Change(message::ChangeItem {
            document: admitted.document,
            kind: admitted.head.kind,
            customer: admitted.head.customer,
            person: device.pusher.person,
            device: device.pusher.device,
            received_at: self.clock,
            clock_offset_ms: phone.ms_since(self.clock),
            change: frame.change.clone(),
        }));
        self.places.insert(hash, seq);
        self.customers
            .insert(admitted.document, admitted.head.customer);
        let stored = self.documents.entry(admitted.document).or_insert(Stored {
            document: admitted.document,
            author: device.pusher.person,
            changes: vec![],
        });
        stored.changes.push(admitted.bytes.clone());
        if admitted.creates && admitted.head.kind == Kind::Receipt {
            self.post(admitted.document, &admitted.record);
        }
        Outcome::Acked { seq }
    }

    /// Cash falls on its invoices; anything else is in transit.
    fn post(&mut self, id: DocumentId, record: &Record) {
        let Record::Receipt(receipt, _) = record else {
            return;
        };
        let core = &receipt.core;
        let is_cash = core.method.kind() == MethodKind::Cash;
        if is_cash {
            for allocation in &core.allocations {
                let row = self.invoices.get_mut(&allocation.invoice.0).unwrap();
                row.settled = row.settled.checked_add(allocation.amount).unwrap();
                let row = row.clone();
                self.append(Item::Row(Box::new(Row::Invoice(row))));
            }
        }
        let state = if is_cash {
            shared::receipt::ReceiptState::Posted
        } else {
            shared::receipt::ReceiptState::InTransit
        };
        self.append(Item::Row(Box::new(Row::Receipt(ReceiptRow {
            document: id,
            customer: core.customer,
            state,
            posted_day: is_cash.then_some(core.day),
        }))));
    }

    fn page(
        &self,
        person: PersonId,
        cursor: Cursor,
        brought: &BTreeSet<ChangeHash>,
    ) -> (Vec<Entry>, Cursor, bool) {
        let scope = self.scope.get(&person).cloned().unwrap_or_default();
        let sees = |entry: &Entry| match &entry.item {
            item if item.since() > self.newest => false,
            Item::Change(c) => {
                scope.contains(&c.customer)
                    && !self.hidden.contains(&document::frame_hash(&c.change))
                    && !brought.contains(&document::frame_hash(&c.change))
            }
            Item::Row(row) => match &**row {
                Row::HandIn(row) => row.person == person,
                row => row.customer().is_none_or(|c| scope.contains(&c)),
            },
            Item::Enter(c) => scope.contains(c),
            Item::Leave(c) => !scope.contains(c),
            Item::Digest(d) => scope.contains(&d.customer),
        };
        let rest: Vec<&Entry> = self.log.iter().filter(|e| e.seq > cursor.seq).collect();
        let taken = rest.len().min(self.page_size);
        let entries = rest[..taken]
            .iter()
            .filter(|e| sees(e))
            .map(|e| (*e).clone());
        let last = rest[..taken].last().map_or(cursor.seq, |e| e.seq);
        let next = Cursor {
            seq: last,
            part: 0,
            chain: None,
        };
        (entries.collect(), next, taken < rest.len())
    }

    fn photo(&mut self, call: &Call, hash: &str) -> Answer {
        let piece = self.photo_piece;
        let kept = self.photos.entry(hash.to_owned()).or_default();
        if call.method == "PATCH" {
            let offset: usize = call
                .headers
                .iter()
                .find(|(n, _)| *n == "upload-offset")
                .and_then(|(_, v)| v.parse().ok())
                .unwrap();
            if offset == kept.len() {
                kept.extend(call.body.iter().take(piece));
            }
        }
        Answer {
            status: 200,
            headers: vec![
                ("upload-offset".into(), kept.len().to_string()),
                ("content-type".into(), "image/jpeg".into()),
            ],
            body: if call.method == "GET" {
                kept.clone()
            } else {
                vec![]
            },
        }
    }

    fn answer(&mut self, call: &Call) -> Result<Answer, Unreachable> {
        if !self.online {
            return Err(Unreachable("switched off".into()));
        }
        let path = call.url.trim_start_matches("https://test");
        if path == "/v1/enrol" {
            return Ok(self.enrol(&call.body));
        }
        let device = self
            .devices
            .iter()
            .find(|d| Some(&d.token) == call.token.as_ref())
            .cloned();
        let Some(device) = device.filter(|_| !self.revoked) else {
            return Ok(problem(401, "auth.revoked"));
        };
        match path.strip_prefix("/v1/attachments/") {
            Some(hash) => Ok(self.photo(call, hash)),
            None => {
                let answer = self.sync(&device, &call.body);
                match std::mem::take(&mut self.lose_reply) {
                    true => Err(Unreachable("the reply was lost".into())),
                    false => Ok(answer),
                }
            }
        }
    }
}

fn problem(status: u16, code: &str) -> Answer {
    Answer {
        status,
        headers: vec![],
        body: format!(r#"{{"code":"{code}","detail":"test"}}"#).into_bytes(),
    }
}

impl Network for Server {
    fn send(&self, call: Call) -> LocalBoxFuture<'static, Result<Answer, Unreachable>> {
        let answer = self.0.borrow_mut().answer(&call);
        Box::pin(async { answer })
    }

    fn stream(&self, _call: Call) -> LocalBoxFuture<'static, Result<(u16, Pieces), Unreachable>> {
        Box::pin(async { Err(Unreachable("no live channel here".into())) })
    }

    fn sends_later(&self) -> bool {
        true
    }

    fn leave(&self, calls: Vec<Call>) {
        self.0.borrow_mut().left = calls;
    }

    fn is_metered(&self) -> Option<bool> {
        self.0.borrow().metered
    }
}
