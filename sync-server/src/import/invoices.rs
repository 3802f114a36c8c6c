//! Invoices: rows → posted invoices, with customers made as they are named where the map allows it.

use std::collections::{BTreeMap, BTreeSet};

use shared::{
    ids::{CustomerId, InvoiceId},
    invoice::Invoice,
    sync::limits::NAME_CHARS,
};
use uuid::Uuid;

use super::{
    Collected, How, ImportError, conclude,
    customers::{Territories, new_customer},
    map::{ColumnMap, NameRule},
    report::{BadRow, FieldChange, Reason, Report, Sample},
    rows::InvoiceLine,
    search_key::search_key,
    table::{Labels, Row, label},
};
use crate::store::{
    Store, StoreError, WriteTx,
    books::{self, Put},
};

pub(super) fn read(row: &Row, map: &ColumnMap, currency: &str) -> Result<InvoiceLine, BadRow> {
    let line = InvoiceLine::read(row, map, currency)?;
    if map.customers.create && line.customer_name.is_empty() {
        row.required("customer_name", NAME_CHARS)?;
    }
    Ok(line)
}

pub(super) fn run(
    store: &Store,
    collected: Collected<InvoiceLine>,
    map: &ColumnMap,
    how: How,
) -> Result<Report, ImportError> {
    let Collected {
        lines,
        labels,
        mut report,
    } = collected;
    let names = Names::of(&lines, map.customers.names);
    store.write(|tx| {
        let mut customers = Customers {
            territories: Territories::load(tx)?,
            map,
            names: &names,
            known: BTreeMap::new(),
            created: 0,
        };
        let mut aliased = BTreeSet::new();
        for line in &lines {
            let taken = Some(line.amount.money.decimal());
            let outcome = match customers.find(tx, line)? {
                Some(customer) => put(tx, line, customer, &labels)?,
                None => Err(BadRow::new(
                    line.line,
                    label(&labels, "customer"),
                    &line.customer,
                    Reason::CustomerUnknown,
                )),
            };
            match outcome {
                Err(bad) => {
                    report.refuse(bad, Some(line.amount.exact));
                    continue;
                }
                Ok((put, changes)) => report.take(put, taken, |outcome| Sample {
                    line: line.line,
                    outcome,
                    number: line.number.clone(),
                    customer: line.customer.clone(),
                    day: Some(line.due),
                    amount: Some(line.amount.money),
                    changes,
                }),
            }
            if !line.amount.difference().is_zero() {
                report.rounded.add(Some(line.amount.difference()));
            }
            report.due_before_issued += u64::from(line.due < line.issued);
            aliased.insert(line.customer.as_str());
        }
        for others in aliased.iter().filter_map(|number| names.others(number)) {
            report.customers_with_aliases += 1;
            report.alias_names += others;
        }
        report.customers_created = customers.created;
        report.territories_created = customers.territories.created;
        conclude(report, how)
    })
}

/// Puts one invoice, or says why its row is bad.
fn put(
    tx: &mut WriteTx<'_>,
    line: &InvoiceLine,
    customer: CustomerId,
    labels: &Labels,
) -> Result<Result<(Put, Vec<FieldChange>), BadRow>, StoreError> {
    let before = books::invoice_by_number(tx, &line.number)?;
    if before.as_ref().is_some_and(|b| b.customer != customer) {
        let column = label(labels, "customer");
        return Ok(Err(BadRow::new(
            line.line,
            column,
            &line.customer,
            Reason::CustomerChanged,
        )));
    }
    let invoice = Invoice {
        id: before
            .as_ref()
            .map_or_else(|| InvoiceId(Uuid::now_v7()), |b| b.id),
        customer,
        number: line.number.clone(),
        issued: line.issued,
        due: line.due,
        amount: line.amount.money,
    };
    let now = tx.now();
    let put = books::put_invoice(tx, &invoice, now)?;
    Ok(Ok((put, differences(before.as_ref(), &invoice))))
}

fn differences(before: Option<&Invoice>, now: &Invoice) -> Vec<FieldChange> {
    let Some(before) = before else {
        return Vec::new();
    };
    let text = |of: fn(&Invoice) -> String| (of(before), of(now));
    [
        ("issued", text(|i| i.issued.to_string())),
        ("due", text(|i| i.due.to_string())),
        ("amount", text(|i| i.amount.to_string())),
    ]
    .into_iter()
    .filter_map(|(field, (before, after))| FieldChange::of(field, before, after))
    .collect()
}

/// Customers by number, made where there are none.
struct Customers<'a> {
    territories: Territories,
    map: &'a ColumnMap,
    names: &'a Names,
    known: BTreeMap<String, CustomerId>,
    created: u64,
}

impl Customers<'_> {
    fn find(
        &mut self,
        tx: &mut WriteTx<'_>,
        line: &InvoiceLine,
    ) -> Result<Option<CustomerId>, StoreError> {
        if let Some(id) = self.known.get(&line.customer) {
            return Ok(Some(*id));
        }
        let id = match books::customer_by_number(tx, &line.customer)? {
            Some(customer) => customer.id,
            None if self.map.customers.create => self.create(tx, line)?,
            None => return Ok(None),
        };
        self.known.insert(line.customer.clone(), id);
        Ok(Some(id))
    }

    fn create(
        &mut self,
        tx: &mut WriteTx<'_>,
        line: &InvoiceLine,
    ) -> Result<CustomerId, StoreError> {
        let territory = match (line.territory.as_str(), &self.map.customers.territory) {
            ("", Some(name)) => name,
            (name, _) => name,
        };
        let territory = self.territories.get_or_create(tx, territory)?;
        let mut customer = new_customer(&line.customer, territory);
        customer.name = self
            .names
            .chosen(&line.customer)
            .unwrap_or(&line.customer_name)
            .to_owned();
        customer.search_key = search_key(&customer.name);
        customer.terms.term_days = self
            .map
            .customers
            .term_days
            .unwrap_or(customer.terms.term_days);
        let now = tx.now();
        books::put_customer(tx, &customer, now)?;
        self.created += 1;
        Ok(customer.id)
    }
}

/// How often a name comes, and at which places of the file.
#[derive(Clone, Copy)]
struct Seen {
    count: u64,
    first: usize,
    last: usize,
}

/// The names under which each customer number comes.
struct Names {
    by_customer: BTreeMap<String, BTreeMap<String, Seen>>,
    rule: NameRule,
}

impl Names {
    fn of(lines: &[InvoiceLine], rule: NameRule) -> Self {
        let mut by_customer: BTreeMap<String, BTreeMap<String, Seen>> = BTreeMap::new();
        for (place, line) in lines
            .iter()
            .enumerate()
            .filter(|(_, l)| !l.customer_name.is_empty())
        {
            let names = by_customer.entry(line.customer.clone()).or_default();
            let seen = names.entry(line.customer_name.clone());
            let seen = seen.or_insert(Seen {
                count: 0,
                first: place,
                last: place,
            });
            (seen.count, seen.last) = (seen.count + 1, place);
        }
        Self { by_customer, rule }
    }

    fn chosen(&self, customer: &str) -> Option<&str> {
        let names = self.by_customer.get(customer)?;
        let chosen = match self.rule {
            NameRule::First => names.iter().min_by_key(|(_, s)| s.first),
            NameRule::Last => names.iter().max_by_key(|(_, s)| s.last),
            NameRule::MostFrequent => names
                .iter()
                .max_by_key(|(_, s)| (s.count, std::cmp::Reverse(s.first))),
        };
        chosen.map(|(name, _)| name.as_str())
    }

    /// How many names beside the chosen one, if there are any.
    fn others(&self, customer: &str) -> Option<u64> {
        let names = self.by_customer.get(customer)?.len() as u64;
        names.checked_sub(1).filter(|others| *others > 0)
    }
}
