//! Customers: rows → authoritative customer rows, with territories made as they are named.
//!
//! What the map has no column for, or a row leaves empty, keeps its value in the books.

use std::collections::BTreeMap;

use rusqlite::Connection;
use shared::{
    customer::{Contact, Customer, Settlement, Terms},
    ids::{CustomerId, PersonId, TerritoryId},
    money::Money,
    people::{Role, Territory},
};
use uuid::Uuid;

use super::{
    Collected, How, ImportError, conclude,
    map::ColumnMap,
    report::{BadRow, FieldChange, Reason, Report, Sample},
    rows::CustomerLine,
    search_key::search_key,
    table::{Row, label},
};
use crate::store::{Store, StoreError, WriteTx, books, people};

/// Days of a term where nothing says otherwise.
const USUAL_TERM_DAYS: u16 = 30;

pub(super) fn read(row: &Row, map: &ColumnMap, currency: &str) -> Result<CustomerLine, BadRow> {
    CustomerLine::read(row, map, currency)
}

pub(super) fn run(
    store: &Store,
    collected: Collected<CustomerLine>,
    how: How,
) -> Result<Report, ImportError> {
    let Collected {
        lines,
        labels,
        mut report,
    } = collected;
    store.write(|tx| {
        let mut territories = Territories::load(tx)?;
        let reps = reps_by_name(tx)?;
        for line in lines {
            let rep = match &line.rep {
                None => None,
                Some(name) => match reps.get(name) {
                    Some(rep) => Some(*rep),
                    None => {
                        let bad =
                            BadRow::new(line.line, label(&labels, "rep"), name, Reason::RepUnknown);
                        report.refuse(bad, None);
                        continue;
                    }
                },
            };
            let territory = territories.get_or_create(tx, &line.territory)?;
            let before = books::customer_by_number(tx, &line.number)?;
            let customer = merge(&line, territory, rep, before.clone());
            let now = tx.now();
            let put = books::put_customer(tx, &customer, now)?;
            report.take(put, None, |outcome| Sample {
                line: line.line,
                outcome,
                number: customer.number.clone(),
                customer: customer.name.clone(),
                day: None,
                amount: None,
                changes: before.map_or_else(Vec::new, |before| {
                    differences(&before, &customer, &territories, &reps)
                }),
            });
        }
        report.territories_created = territories.created;
        conclude(report, how)
    })
}

/// What of a customer is other than in the books.
fn differences(
    before: &Customer,
    now: &Customer,
    territories: &Territories,
    reps: &BTreeMap<String, PersonId>,
) -> Vec<FieldChange> {
    let rep = |customer: &Customer| {
        let found = reps.iter().find(|(_, id)| Some(**id) == customer.rep);
        found.map_or_else(String::new, |(name, _)| name.clone())
    };
    let contacts = |customer: &Customer| {
        let texts = customer.contacts.iter();
        let texts = texts.map(|c| format!("{} {}", c.name, c.phone).trim().to_owned());
        texts.collect::<Vec<_>>().join(", ")
    };
    let position = |customer: &Customer| {
        let place = customer.position;
        place.map_or_else(String::new, |p| format!("{} {}", p.lat_e7, p.lon_e7))
    };
    let hold = |customer: &Customer| if customer.hold { "✓" } else { "" }.to_owned();
    let both = |of: &dyn Fn(&Customer) -> String| (of(before), of(now));
    [
        ("name", both(&|c| c.name.clone())),
        ("territory", both(&|c| territories.name(c.territory))),
        ("rep", both(&rep)),
        ("address", both(&|c| c.address.clone())),
        ("contact", both(&contacts)),
        ("term_days", both(&|c| c.terms.term_days.to_string())),
        ("credit_limit", both(&|c| c.terms.credit_limit.to_string())),
        ("grade", both(&|c| c.terms.grade.clone())),
        (
            "settlement",
            both(&|c| c.terms.settlement.slug().to_owned()),
        ),
        ("latitude", both(&position)),
        ("hold", both(&hold)),
    ]
    .into_iter()
    .filter_map(|(field, (before, after))| FieldChange::of(field, before, after))
    .collect()
}

fn reps_by_name(conn: &Connection) -> Result<BTreeMap<String, PersonId>, StoreError> {
    let people = people::all(conn)?
        .into_iter()
        .filter(|p| p.active && p.role == Role::Rep);
    Ok(people.map(|p| (p.name, p.id)).collect())
}

fn merge(
    line: &CustomerLine,
    territory: TerritoryId,
    rep: Option<PersonId>,
    before: Option<Customer>,
) -> Customer {
    let mut customer = before.unwrap_or_else(|| new_customer(&line.number, territory));
    customer.name.clone_from(&line.name);
    customer.search_key = search_key(&line.name);
    customer.territory = territory;
    customer.rep = rep.or(customer.rep);
    if let Some(address) = &line.address {
        customer.address.clone_from(address);
    }
    if let Some((name, role, phone)) = &line.contact {
        let contact = Contact {
            name: name.clone(),
            role: *role,
            phone: phone.clone(),
            note: String::new(),
        };
        let same_name = customer
            .contacts
            .iter_mut()
            .find(|c| c.name == contact.name);
        match same_name {
            Some(known) => (known.role, known.phone) = (contact.role, contact.phone),
            None => customer.contacts.push(contact),
        }
    }
    let terms = &mut customer.terms;
    terms.term_days = line.term_days.unwrap_or(terms.term_days);
    terms.credit_limit = line.credit_limit.unwrap_or(terms.credit_limit);
    terms.settlement = line.settlement.unwrap_or(terms.settlement);
    if let Some(grade) = &line.grade {
        terms.grade.clone_from(grade);
    }
    customer.position = line.position.or(customer.position);
    customer.hold = line.hold.unwrap_or(customer.hold);
    customer
}

/// A customer of whom only number and territory are known.
pub(super) fn new_customer(number: &str, territory: TerritoryId) -> Customer {
    Customer {
        id: CustomerId(Uuid::now_v7()),
        number: number.to_owned(),
        name: String::new(),
        search_key: String::new(),
        territory,
        rep: None,
        address: String::new(),
        position: None,
        contacts: Vec::new(),
        terms: Terms {
            settlement: Settlement::Monthly,
            term_days: USUAL_TERM_DAYS,
            credit_limit: Money::ZERO,
            grade: String::new(),
            deduction_rate_bp: 0,
        },
        hold: false,
    }
}

/// Territories by name.
pub(super) struct Territories {
    known: BTreeMap<String, TerritoryId>,
    /// How many were created.
    pub(super) created: u64,
}

impl Territories {
    pub(super) fn load(conn: &Connection) -> Result<Self, StoreError> {
        let known = people::territories(conn)?
            .into_iter()
            .map(|t| (t.name, t.id))
            .collect();
        Ok(Self { known, created: 0 })
    }

    /// A territory's name.
    fn name(&self, id: TerritoryId) -> String {
        let found = self.known.iter().find(|(_, known)| **known == id);
        found.map_or_else(String::new, |(name, _)| name.clone())
    }

    pub(super) fn get_or_create(
        &mut self,
        tx: &mut WriteTx<'_>,
        name: &str,
    ) -> Result<TerritoryId, StoreError> {
        if let Some(id) = self.known.get(name) {
            return Ok(*id);
        }
        let id = TerritoryId(Uuid::now_v7());
        people::add_territory(
            tx,
            &Territory {
                id,
                name: name.to_owned(),
                supervisor: None,
            },
        )?;
        self.known.insert(name.to_owned(), id);
        self.created += 1;
        Ok(id)
    }
}
