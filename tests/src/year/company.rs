//! The demo company on the evening before the year: its people, customers, open invoices, and new devices.

use std::{collections::BTreeMap, path::Path};

use ed25519_dalek::SigningKey;
use shared::{
    customer::Customer,
    day::{CHINA_OFFSET_MINUTES, Day, Timestamp},
    ids::{CustomerId, DeviceId, PersonId},
    invoice::Invoice,
    people::{Person, Role},
};
use sync_server::{
    demo,
    store::{
        Store, StoreError, books, company, desk_reads,
        devices::{self, NewDevice},
        people,
    },
};
use uuid::Uuid;

use crate::records::{Author, Dice};

/// Somebody with a device.
pub(super) struct Member {
    pub person: Person,
    pub author: Author,
    /// Their customers.
    pub customers: Vec<CustomerId>,
}

/// An account: the customer, and the invoices on which something may be open.
pub(super) struct Account {
    pub customer: Customer,
    pub invoices: Vec<Invoice>,
}

/// Who there is.
pub(super) struct Company {
    pub first_day: Day,
    pub reps: Vec<Member>,
    /// Who decides on voids, by person.
    pub leaders: BTreeMap<PersonId, Member>,
    /// Whose word counts in which customer's territory.
    pub leader_of: BTreeMap<CustomerId, PersonId>,
    pub clerk: PersonId,
    pub second: PersonId,
    pub accounts: BTreeMap<CustomerId, Account>,
    /// In a fixed order, to draw from.
    pub customers: Vec<CustomerId>,
    /// Invoices issued so far, for their numbers.
    pub invoices: u32,
}

impl Company {
    pub fn customer_ids(&self) -> Vec<CustomerId> {
        self.customers.clone()
    }
}

/// A minute of a day by the company's clocks.
pub(super) fn at(day: Day, minute: i64) -> Timestamp {
    Timestamp((day.number() * 1_440 + minute - i64::from(CHINA_OFFSET_MINUTES)) * 60_000)
}

/// The evening before the first day: that of the first Sunday of 2026.
fn first_day() -> Result<Day, String> {
    Day::new(2026, 1, 4).ok_or_else(|| "no such day".to_owned())
}

/// The demo company in a folder; made if the folder is empty.
pub(super) fn demo(seed: u64, folder: &Path) -> Result<Store, String> {
    let store = Store::open(folder).map_err(|e| e.to_string())?;
    let known = store.read(company::get);
    if known.map_err(|e: StoreError| e.to_string())?.is_none() {
        let evening = at(first_day()?, 20 * 60);
        demo::fill(&store, seed, evening, &mut |_| {}).map_err(|e| e.to_string())?;
    }
    Ok(store)
}

/// The demo company, with new devices for everybody.
pub(super) fn found(seed: u64, folder: &Path) -> Result<(Company, Store), String> {
    let store = demo(seed, folder)?;
    let first_day = first_day()?;
    let evening = at(first_day, 20 * 60);
    let mut dice = Dice(seed ^ 0x5eed);
    let company = store
        .write_at(evening, |tx| {
            let everybody = people::all(tx)?;
            let of = |role: Role| everybody.iter().filter(move |p| p.role == role);
            let mut member = |person: &Person| -> Result<Member, StoreError> {
                let author = author(tx, person, &mut dice, evening)?;
                Ok(Member {
                    person: person.clone(),
                    author,
                    customers: Vec::new(),
                })
            };
            let mut reps = Vec::new();
            for person in of(Role::Rep) {
                reps.push(member(person)?);
            }
            let mut leaders = BTreeMap::new();
            for person in of(Role::Supervisor) {
                leaders.insert(person.id, member(person)?);
            }
            let the = |role| of(role).map(|p| p.id).next();
            let (Some(clerk), Some(second)) = (the(Role::Finance), the(Role::Admin)) else {
                return Err(StoreError::NotFound("office"));
            };
            let mut company = Company {
                first_day,
                reps,
                leaders,
                leader_of: BTreeMap::new(),
                clerk,
                second,
                accounts: BTreeMap::new(),
                customers: Vec::new(),
                invoices: 0,
            };
            put_customers(tx, &mut company)?;
            Ok(company)
        })
        .map_err(|error: StoreError| error.to_string())?;
    Ok((company, store))
}

fn put_customers(
    conn: &sync_server::store::Connection,
    company: &mut Company,
) -> Result<(), StoreError> {
    let territories = people::territories(conn)?;
    for place in desk_reads::customers(conn)? {
        let customer = books::customer(conn, place.id)?.ok_or(StoreError::NotFound("customer"))?;
        let rows = books::invoices_of(conn, place.id)?;
        let open = rows
            .into_iter()
            .filter(|row| row.invoice.amount != row.settled);
        let account = Account {
            customer,
            invoices: open.map(|row| row.invoice).collect(),
        };
        let territory = territories.iter().find(|t| t.id == place.territory);
        if let Some(leader) = territory.and_then(|t| t.supervisor) {
            company.leader_of.insert(place.id, leader);
        }
        let rep = company
            .reps
            .iter_mut()
            .find(|r| Some(r.person.id) == place.rep);
        if let Some(rep) = rep {
            rep.customers.push(place.id);
        }
        company.accounts.insert(place.id, account);
        company.customers.push(place.id);
    }
    Ok(())
}

fn author(
    tx: &mut sync_server::store::WriteTx<'_>,
    person: &Person,
    dice: &mut Dice,
    now: Timestamp,
) -> Result<Author, StoreError> {
    let mut secret = [0u8; 32];
    secret.iter_mut().for_each(|b| *b = dice.draw() as u8);
    let key = SigningKey::from_bytes(&secret);
    let id = u128::from(dice.draw()) << 64 | u128::from(dice.draw());
    let device = NewDevice {
        id: DeviceId(Uuid::from_u128(id)),
        label: "test".to_owned(),
        public_key: key.verifying_key().to_bytes(),
        token: format!("token-{}", dice.draw()),
    };
    let known = devices::register(tx, person.id, &device, now)?;
    Ok(Author::new(
        person.id,
        &person.name,
        known.id,
        &known.code,
        key,
    ))
}
