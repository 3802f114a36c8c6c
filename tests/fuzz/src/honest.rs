//! Honest people with their records, always the same: what hostile bytes are made from, and what they
//! are judged against.

use ed25519_dalek::{Signer as _, SigningKey};
use shared::{
    contact_book::{BookContact, BookField},
    customer::ContactRole,
    day::{Day, Timestamp},
    document::{
        self, NewChange, Origin, Sealer,
        edit::{self, Edit},
    },
    evidence::{Attachment, Comment, Fix, GeoPoint, Signature, Signer, StrokePoint, Strokes},
    ids::{ContentHash, CustomerId, DeviceId, Digest, ElementId, InvoiceId, PersonId},
    money::Money,
    people::Role,
    promise::{Instalment, PromiseCore, PromisedInvoice},
    receipt::{Allocation, Method, ReceiptCore, ReceiptNumber, Shortfall, VoidRequest},
    sync::admission::{Pusher, Stored},
    visit::{UnpaidReason, Visit, VisitPurpose, VisitResult, WarningSign},
};
use uuid::Uuid;

/// The salesperson whose records these are.
pub const REP: PersonId = PersonId(Uuid::from_u128(1));
/// Their supervisor.
pub const BOSS: PersonId = PersonId(Uuid::from_u128(2));
/// The salesperson's device.
pub const DEVICE: DeviceId = DeviceId(Uuid::from_u128(3));
/// The customer whom the records are about.
pub const CUSTOMER: CustomerId = CustomerId(Uuid::from_u128(4));
/// The invoice that the receipt pays.
pub const INVOICE: InvoiceId = InvoiceId(Uuid::from_u128(10));
/// The device's code: the first that a server gives.
pub const DEVICE_CODE: &str = "A01";
/// 2026-11-21, noon in China.
pub const NOON: Timestamp = Timestamp(1_795_233_600_000);
/// Actor of the honest edits.
pub const ACTOR: [u8; 16] = [50; 16];

/// A device's key.
pub struct Key(pub SigningKey);

impl Sealer for Key {
    fn public_key(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }
    fn sign(&self, digest: &Digest) -> [u8; 64] {
        self.0.sign(&digest.0).to_bytes()
    }
}

/// The salesperson's device key.
pub fn key() -> Key {
    Key(SigningKey::from_bytes(&[9; 32]))
}

/// The salesperson, pushing.
pub fn rep() -> Pusher {
    Pusher {
        person: REP,
        role: Role::Rep,
        device: DEVICE,
        device_code: DEVICE_CODE.to_owned(),
        public_key: key().public_key(),
    }
}

/// The supervisor, pushing.
pub fn boss() -> Pusher {
    Pusher {
        person: BOSS,
        role: Role::Supervisor,
        device: DeviceId(Uuid::from_u128(5)),
        device_code: "A02".to_owned(),
        public_key: [8; 32],
    }
}

fn origin(counter: u64) -> Origin {
    Origin {
        device: DEVICE,
        counter,
        actor: [7; 16],
        at_s: NOON.0 / 1_000,
    }
}

fn element(n: u128) -> ElementId {
    ElementId(Uuid::from_u128(n))
}

fn fix() -> Fix {
    Fix {
        point: GeoPoint {
            lat_e7: 306_600_000,
            lon_e7: 1_040_600_000,
        },
        accuracy_m: 12,
        at: NOON,
    }
}

fn signature() -> Signature {
    let point = |i: i16| StrokePoint {
        x: 10 * i,
        y: 7 * i,
        t_ms: 16 * i as u32,
        pressure: 90,
    };
    Signature {
        signer: Signer {
            name: "刘国强".into(),
            role: "法定代表人".into(),
            phone: "13800000000".into(),
        },
        strokes: Strokes(vec![(0..8).map(point).collect()]),
        at: NOON,
        fix: Some(fix()),
    }
}

/// A visit.
pub fn visit() -> NewChange {
    let visit = Visit {
        customer: CUSTOMER,
        person: REP,
        started_at: NOON,
        ended_at: NOON.plus_ms(1_800_000),
        check_in: Some(fix()),
        check_out: None,
        purpose: VisitPurpose::Collect,
        person_met: "王会计".into(),
        result: VisitResult::PaidPartly,
        reason: Some(UnpaidReason::GoodsUnsold),
        signs: vec![WarningSign::OrdersFall],
        next_day: Day::new(2026, 11, 28),
        related: vec![],
        notes: "账上没钱,下周再来".into(),
        comments: vec![],
        attachments: vec![],
        corrects: vec![],
    };
    document::create_visit(&visit, origin(1)).unwrap()
}

/// A signed promise.
pub fn promise() -> NewChange {
    let day = |d| Day::new(2026, 12, d).unwrap();
    let core = PromiseCore {
        customer: CUSTOMER,
        customer_name: "鑫源五金".into(),
        company_name: "城西贸易有限公司".into(),
        person: REP,
        person_name: "陈小明".into(),
        made_at: NOON,
        day: Day::new(2026, 11, 21).unwrap(),
        total: Money::from_yuan(3_000),
        instalments: vec![
            Instalment {
                due: day(1),
                amount: Money::from_yuan(1_000),
            },
            Instalment {
                due: day(15),
                amount: Money::from_yuan(2_000),
            },
        ],
        invoices: vec![PromisedInvoice {
            invoice: INVOICE,
            number: "0001".into(),
            outstanding: Money::from_yuan(3_000),
        }],
        already_counted: vec![],
        replaces: None,
        letter: vec!["还款承诺书".into()],
        signature: signature(),
        corrects: vec![],
    };
    document::create_promise(&core, origin(2), &key())
        .unwrap()
        .0
}

/// The content of the receipt.
pub fn receipt_core() -> ReceiptCore {
    ReceiptCore {
        number: ReceiptNumber {
            device_code: DEVICE_CODE.to_owned(),
            day: Day::new(2026, 11, 21).unwrap(),
            n: 1,
        },
        previous: None,
        customer: CUSTOMER,
        customer_name: "鑫源五金".into(),
        company_name: "城西贸易有限公司".into(),
        person: REP,
        person_name: "陈小明".into(),
        issued_at: NOON,
        day: Day::new(2026, 11, 21).unwrap(),
        method: Method::Cash,
        amount: Money::from_yuan(1_500),
        allocations: vec![Allocation {
            invoice: INVOICE,
            number: "0001".into(),
            amount: Money::from_yuan(1_500),
        }],
        asked: Money::from_yuan(2_000),
        shortfall: Some(Shortfall {
            amount: Money::from_yuan(500),
            reason: UnpaidReason::GoodsUnsold,
            next_day: Day::new(2026, 11, 28).unwrap(),
        }),
        purpose: "货款".into(),
        signature: Some(signature()),
        last_server_at: Some(NOON),
        corrects: vec![],
    }
}

/// A sealed receipt.
pub fn receipt() -> NewChange {
    document::create_receipt(&receipt_core(), origin(3), &key())
        .unwrap()
        .0
}

/// The customer's contact book.
pub fn book() -> NewChange {
    document::create_contact_book(CUSTOMER).unwrap()
}

/// A comment by somebody.
pub fn comment(n: u128, author: PersonId) -> Edit {
    Edit::Comment(Comment {
        id: element(n),
        author,
        at: NOON,
        text: "好".into(),
    })
}

/// A photo of the salesperson.
pub fn photo(n: u128) -> Edit {
    Edit::Attachment(Attachment {
        id: element(n),
        content: ContentHash([n as u8; 32]),
        media_type: "image/jpeg".into(),
        size_bytes: 150_000,
        author: REP,
        at: NOON,
        caption: "门头".into(),
    })
}

/// A salesperson's edits of each kind of record, one after the other.
pub fn edits(which: Which) -> Vec<Edit> {
    let own = match which {
        Which::Visit => Edit::Notes("账上没钱,下周二再来".into()),
        Which::Promise => comment(30, REP),
        Which::Receipt => Edit::RequestVoid(VoidRequest {
            id: element(31),
            author: REP,
            at: NOON,
            reason: "错收".into(),
        }),
        Which::Book => Edit::BookContact(BookContact {
            id: element(32),
            replaces: None,
            author: REP,
            at: NOON,
            name: "赵老板".into(),
            role: ContactRole::DecisionMaker,
            phone: String::new(),
        }),
    };
    let fact = Edit::BookField(BookField::BestTime, "15:30".into());
    match which {
        Which::Book => vec![own, fact, Edit::BookPosition(fix().point), photo(33)],
        _ => vec![own, comment(34, REP), photo(35)],
    }
}

/// One of the four stored documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The visit.
    Visit,
    /// The promise.
    Promise,
    /// The receipt.
    Receipt,
    /// The contact book.
    Book,
}

impl Which {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Visit, Self::Promise, Self::Receipt, Self::Book];

    /// Its creation change.
    pub fn creation(self) -> NewChange {
        match self {
            Self::Visit => visit(),
            Self::Promise => promise(),
            Self::Receipt => receipt(),
            Self::Book => book(),
        }
    }

    /// The document as the server has it: its creation and the first of [`edits`].
    pub fn stored(self) -> Stored {
        let creation = self.creation();
        let first = edits(self).into_iter().next();
        let mut changes = vec![creation.bytes];
        if let Some(first) = first {
            let edit = edit::apply(&changes, &first, ACTOR, NOON.0 / 1_000).unwrap();
            changes.push(edit.bytes);
        }
        Stored {
            document: creation.document,
            author: REP,
            changes,
        }
    }
}
