//! A phone without screens: the replica as it runs natively, on a folder, against a server over HTTP.
//! It counts the bytes of what it sends and gets.

use std::{
    cell::{Cell, RefCell},
    path::Path,
    rc::Rc,
};

use app::{
    platform::{
        LocalBoxFuture,
        clock::SystemClock,
        entropy::SystemEntropy,
        network::{Answer, Call, Network, Pieces, Unreachable},
        network_http::HttpNetwork,
    },
    replica::{
        actor::Actor,
        api::{NewPromise, NewReceipt, NewVisit, Reply, Request, TodayView, VisitLogFilter},
        bell::Bell,
        host::Host,
        host_native::Folder,
    },
};
use futures::FutureExt;
use shared::{
    customer::Customer,
    day::{CHINA_OFFSET_MINUTES, Day, Timestamp},
    evidence::Signature,
    ids::DocumentId,
    invoice::Invoice,
    money::Money,
    people::Person,
    promise::Instalment,
    receipt::{Method, Shortfall},
    sync::client::Failure,
    visit::{UnpaidReason, VisitPurpose, VisitResult},
};
use sync_server::clock;

use crate::{
    records::{self, Dice},
    world::World,
};

/// Bytes of HTTP bodies so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Sent.
    pub up: u64,
    /// Received.
    pub down: u64,
}

impl Traffic {
    /// What came since an earlier count.
    pub fn since(self, earlier: Self) -> Self {
        Self {
            up: self.up - earlier.up,
            down: self.down - earlier.down,
        }
    }
}

/// Bodies of answers as they came, if they are wanted.
type Kept = Rc<RefCell<Option<Vec<Vec<u8>>>>>;

/// A network that counts, and keeps what came if it was asked to.
struct Counting {
    http: HttpNetwork,
    traffic: Rc<Cell<Traffic>>,
    kept: Kept,
}

impl Network for Counting {
    fn send(&self, call: Call) -> LocalBoxFuture<'static, Result<Answer, Unreachable>> {
        let (traffic, up) = (self.traffic.clone(), call.body.len() as u64);
        let kept = self.kept.clone();
        let sent = self.http.send(call);
        async move {
            let answer = sent.await?;
            let Traffic { up: before, down } = traffic.get();
            traffic.set(Traffic {
                up: before + up,
                down: down + answer.body.len() as u64,
            });
            if let Some(bodies) = kept.borrow_mut().as_mut() {
                bodies.push(answer.body.clone());
            }
            Ok(answer)
        }
        .boxed_local()
    }

    fn stream(&self, call: Call) -> LocalBoxFuture<'static, Result<(u16, Pieces), Unreachable>> {
        self.http.stream(call)
    }
}

/// Somebody's phone.
pub struct Phone {
    actor: Actor,
    traffic: Rc<Cell<Traffic>>,
    kept: Kept,
    // Last, so that what runs on it goes first.
    runtime: tokio::runtime::Runtime,
}

impl Phone {
    /// A new phone with its store in `folder`, signed in by a one-time code; it has not synced yet.
    pub fn enrol(folder: &Path, world: &mut World, person: &Person) -> Self {
        let code = world.code(person);
        Self::sign_in(folder, &world.url(), &code)
    }

    /// The same, at a server that may run elsewhere.
    pub fn sign_in(folder: &Path, server: &str, code: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let traffic = Rc::new(Cell::default());
        let kept = Kept::default();
        let host = Host {
            build: Some("tests".to_owned()),
            files: Rc::new(Folder(folder.to_owned())),
            clock: Rc::new(SystemClock),
            entropy: Rc::new(SystemEntropy),
            network: Rc::new(Counting {
                http: HttpNetwork::new(),
                traffic: traffic.clone(),
                kept: kept.clone(),
            }),
            origin: String::new(),
        };
        let actor = runtime
            .block_on(Actor::open(host, Bell::default()))
            .unwrap();
        let phone = Self {
            actor,
            traffic,
            kept,
            runtime,
        };
        let asked = Request::Enrol {
            server: server.to_owned(),
            code: code.to_owned(),
            label: "test".to_owned(),
        };
        phone.ask(asked);
        phone
    }

    /// Asks the replica; a failure is a reply like others.
    pub fn try_ask(&self, request: Request) -> Reply {
        self.runtime.block_on(self.actor.call(request))
    }

    /// Asks the replica; a failure ends the run.
    pub fn ask(&self, request: Request) -> Reply {
        let reply = self.try_ask(request);
        if let Reply::Failed(failure) = &reply {
            panic!("{}: {}", failure.code, failure.detail);
        }
        reply
    }

    /// Sends what waits and takes in what is new, until both are through. A server that was started
    /// again has cut the connection, which shows at the first try.
    pub fn sync(&self) {
        let mut done = Err(Failure::Unreachable);
        for _ in 0..3 {
            if done == Err(Failure::Unreachable) {
                done = self.runtime.block_on(self.actor.sync_now());
            }
        }
        done.unwrap();
    }

    /// Bytes so far.
    pub fn traffic(&self) -> Traffic {
        self.traffic.get()
    }

    /// From now on the bodies of answers are kept.
    pub fn keep_bodies(&self) {
        self.kept.borrow_mut().get_or_insert_default();
    }

    /// The bodies kept so far, as they came over the wire.
    pub fn bodies(&self) -> Vec<Vec<u8>> {
        self.kept.borrow().clone().unwrap_or_default()
    }

    /// The work list.
    pub fn today(&self) -> TodayView {
        match self.ask(Request::Today) {
            Reply::Today(view) => *view,
            other => panic!("{other:?}"),
        }
    }

    /// How many visits it knows.
    pub fn visits(&self) -> u32 {
        match self.ask(Request::VisitLog(VisitLogFilter::default())) {
            Reply::VisitLog(view) => view.total,
            other => panic!("{other:?}"),
        }
    }

    fn saved(&self, request: Request) -> DocumentId {
        match self.ask(request) {
            Reply::Saved(document) => document,
            other => panic!("{other:?}"),
        }
    }

    /// Saves the `index`-th record of the mix (see [`records`]) about a customer and an invoice of theirs.
    pub fn save(
        &self,
        dice: &mut Dice,
        index: usize,
        customer: &Customer,
        invoice: &Invoice,
    ) -> DocumentId {
        match index % 10 {
            0..6 => self.save_visit(dice, customer),
            6 => self.sign_promise(dice, customer, invoice),
            _ => self.issue_receipt(dice, customer, invoice),
        }
    }

    /// Saves a visit.
    pub fn save_visit(&self, dice: &mut Dice, customer: &Customer) -> DocumentId {
        self.saved(visit_request(dice, customer))
    }

    /// Seals a promise.
    pub fn sign_promise(
        &self,
        dice: &mut Dice,
        customer: &Customer,
        invoice: &Invoice,
    ) -> DocumentId {
        self.saved(promise_request(dice, customer, invoice))
    }

    /// Issues a receipt for cash.
    pub fn issue_receipt(
        &self,
        dice: &mut Dice,
        customer: &Customer,
        invoice: &Invoice,
    ) -> DocumentId {
        let signature = records::signature(dice, clock::now());
        self.saved(receipt_request(
            records::part(dice),
            customer,
            invoice,
            signature,
        ))
    }
}

/// The request that saves a visit of now.
pub fn visit_request(dice: &mut Dice, customer: &Customer) -> Request {
    let now = clock::now();
    Request::SaveVisit(Box::new(NewVisit {
        customer: customer.id,
        started_at: now.plus_ms(-600_000),
        check_in: Some(records::fix(dice, now.plus_ms(-600_000))),
        check_out: Some(records::fix(dice, now)),
        purpose: VisitPurpose::Collect,
        person_met: "王会计".to_owned(),
        result: VisitResult::Unpaid,
        reason: Some(*dice.pick(UnpaidReason::ALL)),
        signs: Vec::new(),
        next_day: Some(today(now).plus_days(dice.between(1, 14))),
        related: Vec::new(),
        notes: records::notes(dice),
        photos: Vec::new(),
    }))
}

/// The request that seals a promise in three instalments about an invoice.
pub fn promise_request(dice: &mut Dice, customer: &Customer, invoice: &Invoice) -> Request {
    let now = clock::now();
    let parts = records::sum(dice).split(3).into_iter().zip([7, 21, 35]);
    Request::SignPromise(Box::new(NewPromise {
        customer: customer.id,
        instalments: parts
            .map(|(amount, days)| Instalment {
                due: today(now).plus_days(days),
                amount,
            })
            .collect(),
        invoices: vec![invoice.id],
        replaces: None,
        signature: records::signature(dice, now),
        language: "zh-CN".to_owned(),
        photos: Vec::new(),
    }))
}

/// The request that issues a receipt for cash, ¥100.00 short of what was asked.
pub fn receipt_request(
    amount: Money,
    customer: &Customer,
    invoice: &Invoice,
    signature: Signature,
) -> Request {
    let short = Money::from_yuan(100);
    Request::IssueReceipt(Box::new(NewReceipt {
        customer: customer.id,
        method: Method::Cash,
        amount,
        allocations: vec![(invoice.id, amount)],
        asked: amount.checked_add(short).unwrap_or(amount),
        shortfall: Some(Shortfall {
            amount: short,
            reason: UnpaidReason::ALL[0],
            next_day: today(clock::now()).plus_days(10),
        }),
        purpose: String::new(),
        signature: Some(signature),
        photos: Vec::new(),
    }))
}

fn today(now: Timestamp) -> Day {
    Day::of(now, CHINA_OFFSET_MINUTES)
}
