//! A company in the making: the real server on a loopback port, people, customers, invoices, devices.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::Path,
    sync::Arc,
    time::Duration,
};

use ed25519_dalek::SigningKey;
use shared::{
    customer::{Contact, ContactRole, Customer, Settlement, Terms},
    day::{Day, Timestamp},
    evidence::GeoPoint,
    ids::{CompanyId, CustomerId, DeviceId, InvoiceId, PersonId, TerritoryId},
    invoice::Invoice,
    money::Money,
    people::{Person, Role, Territory},
};
use sync_server::{
    clock,
    serve::{Options, Server, listen},
    store::{
        Store, StoreError, books, company,
        devices::{self, CODE_CHARS, NewDevice},
        people,
    },
};
use uuid::Uuid;

use crate::records::{Author, Dice};

/// A running server with its store at hand.
pub struct World {
    /// The central ledger.
    pub store: Arc<Store>,
    server: Option<Server>,
    runtime: tokio::runtime::Runtime,
    dice: Dice,
    /// The one territory.
    pub territory: TerritoryId,
    numbers: u32,
}

impl World {
    /// A company without people, served on a free port.
    pub fn new(dir: &Path) -> Self {
        Self::in_currency(dir, "CNY")
    }

    /// The same, keeping its books in another currency.
    pub fn in_currency(dir: &Path, currency: &str) -> Self {
        Self::begin(Store::open(dir).unwrap(), currency)
    }

    /// The same in an empty ledger that is open already.
    pub fn begin(store: Store, currency: &str) -> Self {
        let store = Arc::new(store);
        let mut dice = Dice(42);
        let territory = TerritoryId(uuid(&mut dice));
        let company = company::NewCompany {
            id: CompanyId(uuid(&mut dice)),
            name: "城西贸易有限公司".to_owned(),
            currency: currency.to_owned(),
            utc_offset_minutes: 480,
            policy: Default::default(),
            demo: false,
        };
        store
            .write(|tx| {
                company::init(tx, &company)?;
                people::add_territory(
                    tx,
                    &Territory {
                        id: territory,
                        name: "城西".to_owned(),
                        supervisor: None,
                    },
                )
            })
            .unwrap();
        Self::serving(store, dice, territory)
    }

    /// A company that stands in a ledger already, served on a free port.
    pub fn over(store: Store) -> Self {
        let mut dice = Dice(42);
        let territory = TerritoryId(uuid(&mut dice));
        Self::serving(Arc::new(store), dice, territory)
    }

    fn serving(store: Arc<Store>, dice: Dice, territory: TerritoryId) -> Self {
        let mut world = Self {
            store,
            server: None,
            runtime: runtime(),
            dice,
            territory,
            numbers: 0,
        };
        world.start();
        world
    }

    /// Starts the server (again).
    pub fn start(&mut self) {
        let listener = listen(IpAddr::V4(Ipv4Addr::LOCALHOST), 0).unwrap();
        let store = self.store.clone();
        let server = self
            .runtime
            .block_on(Server::start(store, listener, Options::default()))
            .unwrap();
        self.server = Some(server);
    }

    /// Ends the server with all its connections and serves another ledger under the same address.
    pub fn restart_with(&mut self, store: Store) {
        let addr = self.addr();
        self.server = None;
        std::mem::replace(&mut self.runtime, runtime()).shutdown_timeout(Duration::from_secs(10));
        self.store = Arc::new(store);
        // The old connections may hold the port for a moment.
        let listener = (0..100)
            .find_map(|_| {
                let free = listen(addr.ip(), addr.port()).ok();
                if free.is_none() {
                    std::thread::sleep(Duration::from_millis(100));
                }
                free
            })
            .unwrap();
        let server = self
            .runtime
            .block_on(Server::start(
                self.store.clone(),
                listener,
                Options::default(),
            ))
            .unwrap();
        self.server = Some(server);
    }

    /// The server's address.
    pub fn addr(&self) -> SocketAddr {
        self.server.as_ref().unwrap().addr()
    }

    /// The server's origin.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr())
    }

    /// Adds somebody.
    pub fn person(&mut self, name: &str, role: Role) -> Person {
        let person = Person {
            id: PersonId(uuid(&mut self.dice)),
            name: name.to_owned(),
            role,
            phone: String::new(),
            active: true,
        };
        self.store.write(|tx| people::add(tx, &person)).unwrap();
        person
    }

    /// Makes somebody the leader of the territory.
    pub fn lead(&mut self, person: &Person) {
        let territory = Territory {
            id: self.territory,
            name: "城西".to_owned(),
            supervisor: Some(person.id),
        };
        self.store
            .write(|tx| people::add_territory(tx, &territory))
            .unwrap();
    }

    /// Adds customers in the charge of a salesperson, each with so many open invoices of ¥10,000.00.
    pub fn customers(
        &mut self,
        rep: &Person,
        count: u32,
        invoices: u32,
    ) -> Vec<(Customer, Invoice)> {
        let now = clock::now();
        let mut out = Vec::new();
        self.store
            .write(|tx| {
                for _ in 0..count {
                    self.numbers += 1;
                    let customer = customer(&mut self.dice, self.numbers, self.territory, rep.id);
                    books::put_customer(tx, &customer, now)?;
                    for i in 0..invoices.max(1) {
                        let invoice = invoice(&mut self.dice, &customer, self.numbers * 100 + i);
                        if i < invoices {
                            books::put_invoice(tx, &invoice, now)?;
                        }
                        if i == 0 {
                            out.push((customer.clone(), invoice));
                        }
                    }
                }
                Ok::<_, StoreError>(())
            })
            .unwrap();
        out
    }

    /// A device of somebody, known to the server, with its token.
    pub fn author(&mut self, person: &Person) -> (Author, String) {
        let mut secret = [0u8; 32];
        secret.iter_mut().for_each(|b| *b = self.dice.draw() as u8);
        let key = SigningKey::from_bytes(&secret);
        let token = format!("token-{}", self.dice.draw());
        let device = NewDevice {
            id: DeviceId(uuid(&mut self.dice)),
            label: "test".to_owned(),
            public_key: key.verifying_key().to_bytes(),
            token: token.clone(),
        };
        let known = self
            .store
            .write(|tx| devices::register(tx, person.id, &device, clock::now()))
            .unwrap();
        (
            Author::new(person.id, &person.name, known.id, &known.code, key),
            token,
        )
    }

    /// A one-time sign-in code for somebody.
    pub fn code(&mut self, person: &Person) -> String {
        let mut random = [0u8; CODE_CHARS];
        random.iter_mut().for_each(|b| *b = self.dice.draw() as u8);
        self.store
            .write(|tx| devices::create_code(tx, person.id, clock::now(), random))
            .unwrap()
    }
}

fn uuid(dice: &mut Dice) -> Uuid {
    let mut bytes = [0u8; 10];
    bytes.iter_mut().for_each(|b| *b = dice.draw() as u8);
    uuid::Builder::from_unix_timestamp_millis(1_795_000_000_000, &bytes).into_uuid()
}

fn customer(dice: &mut Dice, number: u32, territory: TerritoryId, rep: PersonId) -> Customer {
    let trades = [
        "五金", "建材", "超市", "粮油", "电器", "装饰", "餐饮", "文具",
    ];
    let name = format!(
        "{}{}{}",
        dice.pick(&["鑫源", "百惠", "顺发", "宏达", "永盛", "恒达", "瑞丰"]),
        dice.pick(&trades),
        number
    );
    Customer {
        id: CustomerId(uuid(dice)),
        number: format!("K{number:05}"),
        search_key: format!("k{number}"),
        name,
        territory,
        rep: Some(rep),
        address: format!("成都市青羊区东城根街{number}号"),
        position: Some(GeoPoint {
            lat_e7: 306_600_000 + dice.between(-90_000, 90_000) as i32,
            lon_e7: 1_040_600_000,
        }),
        contacts: vec![Contact {
            name: "刘国强".to_owned(),
            role: ContactRole::DecisionMaker,
            phone: "13800002761".to_owned(),
            note: String::new(),
        }],
        terms: Terms {
            settlement: Settlement::Monthly,
            term_days: 30,
            credit_limit: Money::from_yuan(50_000),
            grade: "B".to_owned(),
            deduction_rate_bp: 0,
        },
        hold: false,
    }
}

fn invoice(dice: &mut Dice, customer: &Customer, number: u32) -> Invoice {
    let issued = Day::of(Timestamp(1_795_230_000_000), 480).plus_days(-dice.between(5, 120));
    Invoice {
        id: InvoiceId(uuid(dice)),
        customer: customer.id,
        number: format!("FP-{number:07}"),
        issued,
        due: issued.plus_days(30),
        amount: Money::from_yuan(10_000),
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}
