//! The company of a run: a few territories, salespeople, supervisors, finance, customers with invoices.

use shared::{
    customer::{Customer, Settlement, Terms},
    day::{CHINA_OFFSET_MINUTES, Day, Timestamp},
    ids::{CompanyId, CustomerId, DeviceId, InvoiceId, PersonId, TerritoryId},
    invoice::{Invoice, Payment},
    money::Money,
    people::{Person, Role, Territory},
};
use sync_server::store::{books, company, devices, people};
use uuid::Uuid;

use super::{
    auditor::{self, Auditor},
    site::Site,
};
use crate::records::Dice;

/// When runs begin: 2026-11-20, 08:00 in China.
pub const START: i64 = 1_795_132_800_000;

/// Something that the office arranged, in order to be able to do it again.
#[derive(Clone)]
pub enum Arranged {
    /// A person.
    Person(Person),
    /// A territory.
    Territory(Territory),
    /// A customer.
    Customer(Customer),
    /// An invoice.
    Invoice(Invoice),
    /// A payment.
    Payment(Payment),
    /// A device was revoked.
    Revoked(DeviceId),
}

/// Who and what there is.
#[derive(Default)]
pub struct People {
    /// All that the office ever arranged.
    pub arranged: Vec<Arranged>,
    /// Everybody.
    pub people: Vec<Person>,
    /// Territories.
    pub territories: Vec<Territory>,
    /// Customers.
    pub customers: Vec<Customer>,
    /// Invoices given out so far.
    pub invoices: u32,
}

/// A UUID from the dice.
pub fn uuid(dice: &mut Dice) -> Uuid {
    let mut bytes = [0u8; 10];
    bytes.iter_mut().for_each(|b| *b = dice.draw() as u8);
    uuid::Builder::from_unix_timestamp_millis(START.cast_unsigned(), &bytes).into_uuid()
}

/// A sum from 1.00 to 999.99.
pub fn sum(dice: &mut Dice) -> Money {
    Money::from_fen(dice.between(100, 99_999)).unwrap_or(Money::ZERO)
}

fn audited(role: Role) -> auditor::Role {
    match role {
        Role::Supervisor => auditor::Role::Supervisor,
        Role::Finance | Role::Admin => auditor::Role::Finance,
        Role::Rep | Role::Unknown => auditor::Role::Rep,
    }
}

impl People {
    /// Founds the company.
    pub fn found(dice: &mut Dice, site: &Site, auditor: &mut Auditor) -> Self {
        let new = company::NewCompany {
            id: CompanyId(uuid(dice)),
            name: "城西贸易有限公司".to_owned(),
            currency: "CNY".to_owned(),
            utc_offset_minutes: CHINA_OFFSET_MINUTES,
            policy: Default::default(),
            demo: false,
        };
        site.write(|tx| company::init(tx, &new));
        let mut all = Self::default();
        let reps = dice.between(2, 4);
        let roles = std::iter::repeat_n(Role::Rep, reps as usize).chain([
            Role::Supervisor,
            Role::Supervisor,
            Role::Finance,
        ]);
        for (n, role) in roles.enumerate() {
            let person = Person {
                id: PersonId(uuid(dice)),
                name: format!("人{n}"),
                role,
                phone: String::new(),
                active: true,
            };
            all.people.push(person.clone());
            all.put_person(site, auditor, &person);
        }
        let leaders: Vec<PersonId> = all.of_role(Role::Supervisor);
        for (n, leader) in leaders.into_iter().enumerate() {
            let territory = Territory {
                id: TerritoryId(uuid(dice)),
                name: format!("区{n}"),
                supervisor: Some(leader),
            };
            all.territories.push(territory.clone());
            all.put_territory(site, auditor, &territory);
        }
        for n in 0..reps as usize * 2 {
            let rep = all.people[n % reps as usize].id;
            all.new_customer(dice, site, auditor, rep);
        }
        all
    }

    /// Ids of the people of a role.
    pub fn of_role(&self, role: Role) -> Vec<PersonId> {
        let same = self.people.iter().filter(|p| p.role == role);
        same.map(|p| p.id).collect()
    }

    /// Adds or changes a person.
    pub fn put_person(&mut self, site: &Site, auditor: &mut Auditor, person: &Person) {
        self.arranged.push(Arranged::Person(person.clone()));
        site.write(|tx| people::add(tx, person));
        auditor
            .company
            .person(&person.id.to_string(), audited(person.role), person.active);
        if let Some(known) = self.people.iter_mut().find(|p| p.id == person.id) {
            *known = person.clone();
        }
    }

    /// Adds or changes a territory.
    pub fn put_territory(&mut self, site: &Site, auditor: &mut Auditor, territory: &Territory) {
        self.arranged.push(Arranged::Territory(territory.clone()));
        site.write(|tx| people::add_territory(tx, territory));
        let leader = territory.supervisor.map(|p| p.to_string());
        auditor
            .company
            .territory(&territory.id.to_string(), leader.as_deref());
        if let Some(known) = self.territories.iter_mut().find(|t| t.id == territory.id) {
            *known = territory.clone();
        }
    }

    /// Adds or changes a customer.
    pub fn put_customer(&mut self, site: &Site, auditor: &mut Auditor, customer: &Customer) {
        self.arranged.push(Arranged::Customer(customer.clone()));
        let now = site.now();
        site.write(|tx| books::put_customer(tx, customer, now).map(|_| ()));
        let rep = customer.rep.map(|p| p.to_string());
        auditor.company.customer(
            &customer.id.to_string(),
            &customer.territory.to_string(),
            rep.as_deref(),
        );
        match self.customers.iter_mut().find(|c| c.id == customer.id) {
            Some(known) => *known = customer.clone(),
            None => self.customers.push(customer.clone()),
        }
    }

    /// A new customer in somebody's charge, with an invoice or two.
    pub fn new_customer(
        &mut self,
        dice: &mut Dice,
        site: &Site,
        auditor: &mut Auditor,
        rep: PersonId,
    ) {
        let n = self.customers.len() + 1;
        let customer = Customer {
            id: CustomerId(uuid(dice)),
            number: format!("K{n:05}"),
            search_key: format!("k{n}"),
            name: format!("客户{n}"),
            territory: self.territories[n % self.territories.len()].id,
            rep: Some(rep),
            address: String::new(),
            position: None,
            contacts: vec![],
            terms: Terms {
                settlement: Settlement::Monthly,
                term_days: 30,
                credit_limit: Money::from_yuan(50_000),
                grade: "B".to_owned(),
                deduction_rate_bp: 0,
            },
            hold: false,
        };
        self.put_customer(site, auditor, &customer);
        for _ in 0..dice.between(1, 2) {
            self.new_invoice(dice, site, auditor, customer.id);
        }
    }

    /// A new invoice.
    pub fn new_invoice(
        &mut self,
        dice: &mut Dice,
        site: &Site,
        auditor: &mut Auditor,
        customer: CustomerId,
    ) {
        self.invoices += 1;
        let issued = Day::of(Timestamp(START), 480).plus_days(-dice.between(5, 120));
        let invoice = Invoice {
            id: InvoiceId(uuid(dice)),
            customer,
            number: format!("FP-{:07}", self.invoices),
            issued,
            due: issued.plus_days(30),
            amount: Money::from_yuan(10_000),
        };
        self.put_invoice(site, auditor, &invoice);
    }

    fn put_invoice(&mut self, site: &Site, auditor: &mut Auditor, invoice: &Invoice) {
        self.arranged.push(Arranged::Invoice(invoice.clone()));
        let customer = invoice.customer;
        auditor.booked(
            &format!("invoice:{}:0", invoice.id),
            &[
                (
                    format!("Assets:Receivable:{customer}:{}", invoice.id),
                    invoice.amount.fen(),
                ),
                ("Income:Sales".to_owned(), -invoice.amount.fen()),
            ],
        );
        let now = site.now();
        site.write(|tx| books::put_invoice(tx, invoice, now).map(|_| ()));
    }

    /// A payment comes in.
    pub fn put_payment(&mut self, site: &Site, auditor: &mut Auditor, payment: &Payment) {
        self.arranged.push(Arranged::Payment(payment.clone()));
        let (customer, fen) = (payment.customer, payment.amount.fen());
        auditor.booked(
            &format!("payment:{}", payment.id),
            &[
                ("Assets:Bank".to_owned(), fen),
                (format!("Assets:Receivable:{customer}:on-account"), -fen),
            ],
        );
        let now = site.now();
        site.write(|tx| books::put_payment(tx, payment, now).map(|_| ()));
    }

    /// Revokes a device, if the server knows it.
    pub fn revoke(&mut self, site: &Site, device: DeviceId) {
        self.arranged.push(Arranged::Revoked(device));
        let now = site.now();
        site.write(|tx| match devices::by_id(tx, device)? {
            Some(_) => devices::revoke(tx, device, now),
            None => Ok(()),
        });
    }

    /// Does everything again that was arranged from some point on: the server was restored from a backup
    /// that lacks it.
    pub fn arrange_again(&mut self, from: usize, site: &Site, auditor: &mut Auditor) {
        for arranged in self.arranged.split_off(from) {
            match arranged {
                Arranged::Person(person) => self.put_person(site, auditor, &person),
                Arranged::Territory(territory) => self.put_territory(site, auditor, &territory),
                Arranged::Customer(customer) => self.put_customer(site, auditor, &customer),
                Arranged::Invoice(invoice) => self.put_invoice(site, auditor, &invoice),
                Arranged::Payment(payment) => self.put_payment(site, auditor, &payment),
                Arranged::Revoked(device) => self.revoke(site, device),
            }
        }
    }
}
