//! A small company in a folder of its own, and phones that make real signed documents.
#![allow(dead_code)]

pub mod site;

use std::sync::Arc;

use ed25519_dalek::{Signer, SigningKey};
use shared::{
    customer::{Customer, Settlement, Terms},
    day::{Day, Timestamp},
    document::{self, NewChange, Origin, Seal, Sealer, edit::Edit},
    evidence::{Signature, Signer as Person_, StrokePoint, Strokes},
    ids::*,
    invoice::Invoice,
    money::Money,
    people::{Person, Role, Territory},
    policy::Settings,
    promise::{Instalment, PromiseCore},
    receipt::{Allocation, Method, ReceiptCore, ReceiptNumber},
    sync::message::{
        Answer, Cursor, Entry, Frame, Item, Outcome, PROTOCOL_VERSION, Row, SyncRequest,
        SyncResponse,
    },
    visit::{Visit, VisitPurpose, VisitResult},
};
use sync_server::{
    api::sync::answer,
    problem::Problem,
    store::{
        Store, StoreError, books,
        company::{self, NewCompany},
        devices::{self, Device, NewDevice},
        people,
    },
};
use uuid::Uuid;

/// 2026-11-21 10:00 in China.
pub fn now() -> Timestamp {
    Timestamp(Day::new(2026, 11, 21).unwrap().number() * 86_400_000 + 2 * 3_600_000)
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub struct Company {
    pub dir: tempfile::TempDir,
    pub store: Arc<Store>,
    pub rep_a: PersonId,
    pub rep_b: PersonId,
    pub boss: PersonId,
    pub finance: PersonId,
    pub admin: PersonId,
    /// Two customers of A, one of B, all in the supervisor's territory.
    pub customers: [CustomerId; 3],
    /// ¥1,000.00 each, one for each customer and a second for the first.
    pub invoices: [InvoiceId; 4],
}

pub fn person(n: u128, name: &str, role: Role) -> Person {
    Person {
        id: PersonId(id(n)),
        name: name.to_owned(),
        role,
        phone: String::new(),
        active: true,
    }
}

pub fn customer(n: u128, territory: TerritoryId, rep: Option<PersonId>) -> Customer {
    Customer {
        id: CustomerId(id(n)),
        number: format!("C{n:05}"),
        name: format!("客户{n}超市"),
        search_key: format!("kh{n}"),
        territory,
        rep,
        address: String::new(),
        position: None,
        contacts: vec![],
        terms: Terms {
            settlement: Settlement::Monthly,
            term_days: 30,
            credit_limit: money("50000"),
            grade: "B".into(),
            deduction_rate_bp: 0,
        },
        hold: false,
    }
}

pub fn invoice(n: u128, customer: CustomerId, amount: &str) -> Invoice {
    Invoice {
        id: InvoiceId(id(n)),
        customer,
        number: format!("F{n:06}"),
        issued: day("2026-10-01"),
        due: day("2026-10-31"),
        amount: money(amount),
    }
}

impl Company {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Arc::new(Store::open(dir.path()).unwrap());
        let territory = Territory {
            id: TerritoryId(id(50)),
            name: "城东".into(),
            supervisor: Some(PersonId(id(12))),
        };
        let people = [
            person(10, "李明", Role::Rep),
            person(11, "王芳", Role::Rep),
            person(12, "赵强", Role::Supervisor),
            person(13, "孙丽", Role::Finance),
            person(14, "周杰", Role::Admin),
        ];
        let [a, b, boss, finance, admin] = people.each_ref().map(|p| p.id);
        let customers = [
            customer(100, territory.id, Some(a)),
            customer(101, territory.id, Some(a)),
            customer(102, territory.id, Some(b)),
        ];
        let ids = customers.each_ref().map(|c| c.id);
        let invoices = [
            invoice(200, ids[0], "1000"),
            invoice(201, ids[1], "1000"),
            invoice(202, ids[2], "1000"),
            invoice(203, ids[0], "1000"),
        ];
        store
            .write_at(now(), |tx| -> Result<(), StoreError> {
                company::init(
                    tx,
                    &NewCompany {
                        id: CompanyId(id(1)),
                        name: "汇款贸易有限公司".into(),
                        currency: "CNY".into(),
                        utc_offset_minutes: 480,
                        policy: Settings::default(),
                        demo: false,
                    },
                )?;
                for person in &people {
                    people::add(tx, person)?;
                }
                people::add_territory(tx, &territory)?;
                for customer in &customers {
                    books::put_customer(tx, customer, now())?;
                }
                for invoice in &invoices {
                    books::put_invoice(tx, invoice, now())?;
                }
                Ok(())
            })
            .unwrap();
        Self {
            dir,
            store,
            rep_a: a,
            rep_b: b,
            boss,
            finance,
            admin,
            customers: ids,
            invoices: invoices.each_ref().map(|i| i.id),
        }
    }

    pub fn phone(&self, person: PersonId, seed: u8) -> Phone {
        let key = SigningKey::from_bytes(&[seed; 32]);
        let new = NewDevice {
            id: DeviceId(id(1_000 + u128::from(seed))),
            label: "phone".into(),
            public_key: key.verifying_key().to_bytes(),
            token: format!("token-{seed}"),
        };
        let device = self
            .store
            .write_at(now(), |tx| devices::register(tx, person, &new, now()))
            .unwrap();
        Phone {
            store: Arc::clone(&self.store),
            device,
            key,
            token: new.token,
            cursor: Cursor::default(),
            version: PROTOCOL_VERSION,
            batch: 0,
            generation: 0,
            counter: 0,
            receipts: 0,
            previous: None,
            clock: now(),
        }
    }

    pub fn outstanding(&self, invoice: InvoiceId) -> Money {
        let row = self
            .store
            .read(|c| books::invoice(c, invoice))
            .unwrap()
            .unwrap();
        row.invoice.amount.checked_sub(row.settled).unwrap()
    }
}

pub struct Key<'a>(pub &'a SigningKey);

impl Sealer for Key<'_> {
    fn public_key(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }
    fn sign(&self, digest: &Digest) -> [u8; 64] {
        self.0.sign(&digest.0).to_bytes()
    }
}

pub struct Phone {
    pub store: Arc<Store>,
    pub device: Device,
    pub key: SigningKey,
    pub token: String,
    pub cursor: Cursor,
    pub version: u16,
    pub batch: u64,
    pub generation: u64,
    pub counter: u64,
    pub receipts: u32,
    pub previous: Option<Digest>,
    pub clock: Timestamp,
}

pub fn strokes() -> Strokes {
    let point = |i: i16| StrokePoint {
        x: i * 10,
        y: i * 7,
        t_ms: u32::from(i.unsigned_abs()) * 16,
        pressure: 0,
    };
    Strokes(vec![(0..20).map(point).collect()])
}

impl Phone {
    pub fn origin(&mut self) -> Origin {
        self.counter += 1;
        Origin {
            device: self.device.id,
            counter: self.counter,
            actor: [self.key.to_bytes()[0]; 16],
            at_s: self.clock.0 / 1_000,
        }
    }

    pub fn visit(&mut self, customer: CustomerId) -> NewChange {
        let visit = self.plain_visit(customer);
        let origin = self.origin();
        document::create_visit(&visit, origin).unwrap()
    }

    pub fn plain_visit(&self, customer: CustomerId) -> Visit {
        Visit {
            customer,
            person: self.device.person.id,
            started_at: self.clock,
            ended_at: self.clock.plus_ms(600_000),
            check_in: None,
            check_out: None,
            purpose: VisitPurpose::Collect,
            person_met: "张老板".into(),
            result: VisitResult::Unpaid,
            reason: None,
            signs: vec![],
            next_day: None,
            related: vec![],
            notes: "货款下周付".into(),
            comments: vec![],
            attachments: vec![],
            corrects: vec![],
        }
    }

    pub fn signature(&self) -> Signature {
        Signature {
            signer: Person_ {
                name: "张三".into(),
                role: "老板".into(),
                phone: String::new(),
            },
            strokes: strokes(),
            at: self.clock,
            fix: None,
        }
    }

    pub fn receipt_core(
        &mut self,
        customer: CustomerId,
        amount: &str,
        parts: &[(InvoiceId, &str)],
    ) -> ReceiptCore {
        self.receipts += 1;
        ReceiptCore {
            number: ReceiptNumber {
                device_code: self.device.code.clone(),
                day: day("2026-11-21"),
                n: self.receipts,
            },
            previous: self.previous,
            customer,
            customer_name: "客户".into(),
            company_name: "汇款贸易有限公司".into(),
            person: self.device.person.id,
            person_name: self.device.person.name.clone(),
            issued_at: self.clock,
            day: day("2026-11-21"),
            method: Method::Cash,
            amount: money(amount),
            allocations: parts
                .iter()
                .map(|(invoice, amount)| Allocation {
                    invoice: *invoice,
                    number: "F".into(),
                    amount: money(amount),
                })
                .collect(),
            asked: money(amount),
            shortfall: None,
            purpose: "货款".into(),
            signature: Some(self.signature()),
            last_server_at: None,
            corrects: vec![],
        }
    }

    pub fn receipt(
        &mut self,
        customer: CustomerId,
        amount: &str,
        parts: &[(InvoiceId, &str)],
    ) -> NewChange {
        let core = self.receipt_core(customer, amount, parts);
        self.seal(&core)
    }

    pub fn seal(&mut self, core: &ReceiptCore) -> NewChange {
        let origin = self.origin();
        let (change, seal) = document::create_receipt(core, origin, &Key(&self.key)).unwrap();
        self.previous = Some(seal.digest);
        change
    }

    /// The text of the code on the paper of the receipt that was sealed last.
    pub fn receipt_code(&self, core: &ReceiptCore) -> String {
        let seal = Seal {
            digest: self.previous.unwrap(),
            signature: [0; 64],
            public_key: self.key.verifying_key().to_bytes(),
        };
        shared::paper::qr::qr_payload(core, &seal, &Key(&self.key))
    }

    pub fn promise(&mut self, customer: CustomerId, due: &str, amount: &str) -> NewChange {
        self.promise_of("2026-11-21", customer, due, amount)
    }

    pub fn promise_of(
        &mut self,
        made_on: &str,
        customer: CustomerId,
        due: &str,
        amount: &str,
    ) -> NewChange {
        let core = PromiseCore {
            customer,
            customer_name: "客户".into(),
            company_name: "汇款贸易有限公司".into(),
            person: self.device.person.id,
            person_name: self.device.person.name.clone(),
            made_at: self.clock,
            day: day(made_on),
            total: money(amount),
            instalments: vec![Instalment {
                due: day(due),
                amount: money(amount),
            }],
            invoices: vec![],
            already_counted: vec![],
            replaces: None,
            letter: vec!["付款承诺书".into()],
            signature: self.signature(),
            corrects: vec![],
        };
        let origin = self.origin();
        document::create_promise(&core, origin, &Key(&self.key))
            .unwrap()
            .0
    }

    pub fn edit(&self, changes: &[&[u8]], edit: &Edit) -> NewChange {
        let actor = [self.key.to_bytes()[0] ^ 0x80; 16];
        document::edit::apply(changes, edit, actor, self.clock.0 / 1_000).unwrap()
    }

    pub fn request(&self, changes: &[NewChange]) -> SyncRequest {
        let frames = changes
            .iter()
            .map(|c| Frame {
                document: (c.hash.0 != c.document.0).then_some(c.document),
                change: document::to_frame(&c.bytes).to_vec(),
            })
            .collect();
        self.request_of(frames)
    }

    pub fn request_of(&self, frames: Vec<Frame>) -> SyncRequest {
        let mut request = SyncRequest {
            version: self.version,
            device: self.device.id,
            generation: self.generation,
            batch: self.batch,
            epoch: 0,
            cursor: self.cursor,
            checkpoints: vec![],
            frames,
            signature: [0; 64],
            phone_clock: self.clock,
            wants: Vec::new(),
        };
        request.sign(&Key(&self.key));
        request
    }

    pub fn send(&mut self, request: &SyncRequest) -> Result<SyncResponse, Problem> {
        let response = answer(&self.store, &self.device, request, self.clock)?;
        self.cursor = response.cursor;
        self.generation = response.generation;
        Ok(response)
    }

    /// Pushes as a new batch and pulls one page.
    pub fn push(&mut self, changes: &[NewChange]) -> SyncResponse {
        self.batch += 1;
        let request = self.request(changes);
        self.send(&request).unwrap()
    }

    /// Pulls until there is no more.
    pub fn pull(&mut self) -> Vec<Entry> {
        let mut entries = Vec::new();
        loop {
            let request = self.request(&[]);
            let response = self.send(&request).unwrap();
            entries.extend(response.entries);
            if !response.more {
                return entries;
            }
        }
    }
}

pub fn acked(answers: &[Answer]) -> bool {
    answers
        .iter()
        .all(|a| matches!(a.outcome, Outcome::Acked { .. }))
}

pub fn code(answer: &Answer) -> &str {
    match &answer.outcome {
        Outcome::Acked { .. } => "acked",
        Outcome::Rejected { code, .. } => code,
    }
}

/// The last row of each kind of key that the entries bring.
pub fn rows(entries: &[Entry]) -> Vec<&Row> {
    entries
        .iter()
        .filter_map(|e| match &e.item {
            Item::Row(row) => Some(row.as_ref()),
            _ => None,
        })
        .collect()
}

pub fn changes(entries: &[Entry]) -> Vec<DocumentId> {
    entries
        .iter()
        .filter_map(|e| match &e.item {
            Item::Change(change) => Some(change.document),
            _ => None,
        })
        .collect()
}

pub fn digests(entries: &[Entry]) -> Vec<DocumentId> {
    entries
        .iter()
        .filter_map(|e| match &e.item {
            Item::Digest(digest) => Some(digest.document),
            _ => None,
        })
        .collect()
}
