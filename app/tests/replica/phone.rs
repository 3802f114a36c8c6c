//! A phone for tests: the real replica on a real folder, against the test server; and a company with
//! two salespeople and their customers.

use std::{path::Path, rc::Rc};

use app::{
    platform::{
        clock::SystemClock,
        entropy::SystemEntropy,
        fake::{FakeClock, FakeEntropy},
        network::Network,
    },
    replica::{
        actor::Actor,
        api::*,
        bell::Bell,
        host::{Files, Host},
        host_native::Folder,
    },
};
use futures::StreamExt;
use shared::{
    customer::{Customer, Settlement, Terms},
    day::{Day, Timestamp},
    evidence::{Signature, Signer, StrokePoint, Strokes},
    ids::*,
    invoice::Invoice,
    money::Money,
    people::{Person, Role, Territory},
    policy::Settings,
    receipt::Method,
    sync::message::{CompanyRow, InvoiceRow, Item, Row},
    visit::{VisitPurpose, VisitResult},
};
use uuid::Uuid;

use crate::server::Server;

/// 2026-11-20, 10:00 in China.
pub const NOW: Timestamp = Timestamp(1_795_140_000_000);

/// Runs a future to its end on this thread.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(work)
}

/// Runs the replica of a folder with its driver, by the system's clock, until the work is done.
pub fn drive<N: Network + Clone + 'static, W: Future<Output = ()>>(
    folder: &Path,
    network: &N,
    work: impl FnOnce(Actor) -> W,
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let host = Host {
            build: None,
            files: Rc::new(Folder(folder.to_owned())),
            clock: Rc::new(SystemClock),
            entropy: Rc::new(SystemEntropy),
            network: Rc::new(network.clone()),
            origin: String::new(),
        };
        let actor = Actor::open(host, Bell::default()).await.unwrap();
        let driver = actor.drive();
        let done = work(actor.clone());
        futures::future::select(std::pin::pin!(driver), std::pin::pin!(done)).await;
        actor.close();
    });
}

pub struct Phone {
    pub actor: Actor,
    pub bell: Bell,
    pub clock: FakeClock,
}

impl Phone {
    pub fn open(folder: &Path, server: &Server, seed: u64) -> Self {
        Self::open_with(Rc::new(Folder(folder.to_owned())), server, seed)
    }

    pub fn open_with(files: Rc<dyn Files>, server: &Server, seed: u64) -> Self {
        let clock = FakeClock::at(NOW);
        let bell = Bell::default();
        let host = Host {
            build: Some("tests".to_owned()),
            files,
            clock: Rc::new(clock.clone()),
            entropy: Rc::new(FakeEntropy::seeded(seed)),
            network: Rc::new(server.clone()),
            origin: "https://test".into(),
        };
        let actor = block_on(Actor::open(host, bell.clone())).unwrap();
        Self { actor, bell, clock }
    }

    /// Opens, enrols and syncs.
    pub fn enrolled(folder: &Path, server: &Server, code: &str) -> Self {
        let phone = Self::open(folder, server, code.bytes().map(u64::from).sum());
        phone.enrol(code);
        phone.sync();
        phone
    }

    pub fn enrol(&self, code: &str) {
        let reply = self.call(Request::Enrol {
            server: String::new(),
            code: code.into(),
            label: "test".into(),
        });
        assert!(matches!(reply, Reply::Session(_)), "{reply:?}");
    }

    pub fn call(&self, request: Request) -> Reply {
        block_on(self.actor.call(request))
    }

    pub fn saved(&self, request: Request) -> DocumentId {
        match self.call(request) {
            Reply::Saved(id) => id,
            other => panic!("not saved: {other:?}"),
        }
    }

    pub fn failed(&self, request: Request) -> String {
        match self.call(request) {
            Reply::Failed(failure) => failure.code,
            other => panic!("did not fail: {other:?}"),
        }
    }

    pub fn sync(&self) {
        block_on(self.actor.sync_now()).unwrap();
    }

    pub fn customer(&self, id: CustomerId) -> CustomerView {
        match self.call(Request::Customer(id)) {
            Reply::Customer(view) => *view,
            other => panic!("{other:?}"),
        }
    }

    pub fn record(&self, id: DocumentId) -> RecordView {
        match self.call(Request::Record(id)) {
            Reply::Record(view) => *view,
            other => panic!("{other:?}"),
        }
    }

    pub fn queue(&self) -> QueueView {
        match self.call(Request::Queue) {
            Reply::Queue(view) => *view,
            other => panic!("{other:?}"),
        }
    }

    pub fn session(&self) -> SessionView {
        match self.call(Request::Session) {
            Reply::Session(view) => *view,
            other => panic!("{other:?}"),
        }
    }

    pub fn names(&self) -> Vec<String> {
        match self.call(Request::Customers {
            search: String::new(),
            limit: 100,
        }) {
            Reply::Customers(lines) => lines.into_iter().map(|l| l.name).collect(),
            other => panic!("{other:?}"),
        }
    }

    /// What was told so far and still holds.
    pub fn notices(&self) -> Vec<Notice> {
        let mut heard = self.bell.listen();
        let mut all = vec![];
        while let Some(Some(notice)) = futures::FutureExt::now_or_never(heard.next()) {
            all.push(notice);
        }
        all
    }
}

/// A copy of the files in a folder as they are now: what a crash would leave, a backup, or a cloned phone.
pub fn copied(folder: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    copy
}

pub fn person(n: u128, name: &str, role: Role) -> Person {
    Person {
        id: PersonId(Uuid::from_u128(0xb000 + n)),
        name: name.into(),
        role,
        phone: String::new(),
        active: true,
    }
}

pub fn customer_id(n: u128) -> CustomerId {
    CustomerId(Uuid::from_u128(0xc000 + n))
}

pub fn invoice_id(n: u128) -> InvoiceId {
    InvoiceId(Uuid::from_u128(0xe000 + n))
}

pub fn money(text: &str) -> Money {
    text.parse().unwrap()
}

pub fn customer(n: u128, name: &str, rep: &Person) -> Customer {
    Customer {
        id: customer_id(n),
        number: format!("C{n:03}"),
        name: name.into(),
        search_key: "hfsp hengfashipin".into(),
        territory: TerritoryId(Uuid::from_u128(1)),
        rep: Some(rep.id),
        address: String::new(),
        position: None,
        contacts: vec![],
        terms: Terms {
            settlement: Settlement::Monthly,
            term_days: 30,
            credit_limit: Money::ZERO,
            grade: "B".into(),
            deduction_rate_bp: 0,
        },
        hold: false,
    }
}

/// A company: rep 1 with customers 1 and 2, rep 2 with customer 3; two invoices for each customer.
/// Codes `one`, `two` and `boss` enrol them and their supervisor.
pub fn company() -> Server {
    let server = Server::new(NOW.plus_ms(-2_000));
    let people = [
        person(1, "张伟", Role::Rep),
        person(2, "李娜", Role::Rep),
        person(3, "王主管", Role::Supervisor),
    ];
    server.row(Row::Company(CompanyRow {
        id: CompanyId(Uuid::nil()),
        name: "恒远商贸".into(),
        currency: "CNY".into(),
        utc_offset_minutes: 480,
        policy: Settings::default(),
    }));
    for (person, code) in people.iter().zip(["one", "two", "boss"]) {
        server.row(Row::Person(person.clone()));
        server
            .0
            .borrow_mut()
            .codes
            .insert(code.into(), person.clone());
    }
    server.row(Row::Territory(Territory {
        id: TerritoryId(Uuid::from_u128(1)),
        name: "城东".into(),
        supervisor: Some(people[2].id),
    }));
    for (n, name, rep) in [(1, "恒发食品", 0), (2, "大家乐超市", 0), (3, "别人的店", 1)]
    {
        let id = customer_id(n);
        for seer in [&people[rep], &people[2]] {
            let scope = &mut server.0.borrow_mut().scope;
            scope.entry(seer.id).or_default().insert(id);
        }
        server.log(Item::Enter(id));
        server.row(Row::Customer(customer(n, name, &people[rep])));
        for (k, due) in [(0, "2026-10-01"), (1, "2026-11-28")] {
            server.row(Row::Invoice(InvoiceRow {
                invoice: Invoice {
                    id: invoice_id(10 * n + k),
                    customer: id,
                    number: format!("F{n}{k}"),
                    issued: "2026-09-01".parse().unwrap(),
                    due: due.parse().unwrap(),
                    amount: money("1000.00"),
                },
                settled: Money::ZERO,
            }));
        }
    }
    server
}

pub fn visit(n: u128, notes: &str) -> NewVisit {
    NewVisit {
        customer: customer_id(n),
        started_at: NOW.plus_ms(-1_200_000),
        check_in: None,
        check_out: None,
        purpose: VisitPurpose::Collect,
        person_met: "刘国强".into(),
        result: VisitResult::PaidPartly,
        reason: None,
        signs: vec![],
        next_day: Day::new(2026, 11, 27),
        related: vec![],
        notes: notes.into(),
        photos: vec![],
    }
}

pub fn save_visit(n: u128, notes: &str) -> Request {
    Request::SaveVisit(Box::new(visit(n, notes)))
}

pub fn signature() -> Signature {
    let point = |x| StrokePoint {
        x,
        y: 100,
        t_ms: 10,
        pressure: 0,
    };
    Signature {
        signer: Signer {
            name: "刘国强".into(),
            role: "法定代表人".into(),
            phone: String::new(),
        },
        strokes: Strokes(vec![vec![point(1), point(2)]]),
        at: NOW,
        fix: None,
    }
}

pub fn receipt(n: u128, amount: &str, method: Method) -> Request {
    let sum = money(amount);
    Request::IssueReceipt(Box::new(NewReceipt {
        customer: customer_id(n),
        method,
        amount: sum,
        allocations: vec![(invoice_id(10 * n), sum)],
        asked: sum,
        shortfall: None,
        purpose: "货款".into(),
        signature: Some(signature()),
        photos: vec![],
    }))
}
