//! Making statements: what the ledger says of the end of a day, for every customer of a run.
//!
//! Invariants: a run makes a statement once for each customer, kind and day, and looked at beforehand it is the same;
//! the lines of a statement are the receivables of [`as_of`], so they are the ledger's balance to the fen.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};
use shared::{
    customer::{Customer, Settlement},
    day::Day,
    ids::{CustomerId, InvoiceId, PersonId},
    ledger::entry::{EntryKind, Source},
    money::Money,
    policy::{Settings, statement_calendar},
    statement::{
        Facts, Statement, StatementError, StatementLine, StatementPayment, StatementPurpose,
        agree_until, first_day,
    },
    sync::limits,
};

use super::{
    StoreError, WriteTx, as_of, books, company, receipts,
    sql::{self, BlobId},
    statements::{self, Kept},
};

/// Which statements are to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// What for.
    pub purpose: StatementPurpose,
    /// The day; it has to be over.
    pub as_of: Day,
    /// Of this customer alone.
    pub customer: Option<CustomerId>,
}

impl Run {
    fn is_confirmation(&self) -> bool {
        self.purpose == StatementPurpose::Confirmation
    }
}

/// What a run makes.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Statements that are not there yet, by customer's number.
    pub new: Vec<Statement>,
    /// Customers whose statement stands already.
    pub standing: u64,
}

impl Plan {
    /// What the new ones come to.
    pub fn sum(&self) -> Result<Money, StoreError> {
        Ok(Money::sum(self.new.iter().map(|made| made.closing))?)
    }
}

/// What a run would make; changes nothing.
pub fn plan(conn: &Connection, run: &Run, today: Day) -> Result<Plan, StoreError> {
    if run.as_of >= today {
        return Err(StatementError::Day.into());
    }
    let company = company::get(conn)?.ok_or(StoreError::NotFound("company"))?;
    let mut wanted = wanted(conn, run, today, &company.policy)?;
    let before = wanted.len();
    let there = standing(conn, run)?;
    wanted.retain(|customer| !there.contains(&customer.id));
    let mut plan = Plan {
        standing: (before - wanted.len()) as u64,
        new: Vec::new(),
    };
    let from = first_day(run.purpose, run.as_of, &company.policy);
    let mut ledger = Ledger::read(conn, from, run.as_of, run.customer)?;
    for customer in wanted {
        let made = ledger.statement(run.purpose, &company.name, &customer, 1)?;
        if run.customer.is_some() || made.says_something() {
            plan.new.push(made);
        }
    }
    match plan.new.len() > limits::STATEMENTS_PER_RUN {
        true => Err(StatementError::TooMany.into()),
        false => Ok(plan),
    }
}

/// Makes the statements of a run and sends them; those that stand stay as they are.
pub fn run(tx: &mut WriteTx<'_>, run: &Run, by: PersonId) -> Result<Plan, StoreError> {
    let today = tx.today()?;
    let plan = plan(tx, run, today)?;
    let until = agree_until(run.as_of, today, &tx.company()?.policy);
    for made in &plan.new {
        statements::keep(tx, made, until, by)?;
    }
    Ok(plan)
}

/// The next revision of a statement, of the ledger's figures as they are now.
pub(crate) fn revision(tx: &mut WriteTx<'_>, kept: &Kept) -> Result<Statement, StoreError> {
    let company = tx.company()?;
    let customer = books::customer(tx, kept.customer)?.ok_or(StoreError::NotFound("customer"))?;
    let from = first_day(kept.purpose, kept.as_of, &company.policy);
    Ledger::read(tx, from, kept.as_of, Some(kept.customer))?.statement(
        kept.purpose,
        &company.name,
        &customer,
        kept.revision + 1,
    )
}

/// The customers of a run, by number.
fn wanted(
    conn: &Connection,
    run: &Run,
    today: Day,
    settings: &Settings,
) -> Result<Vec<Customer>, StoreError> {
    if let Some(id) = run.customer {
        let customer = books::customer(conn, id)?.ok_or(StoreError::NotFound("customer"))?;
        return Ok(vec![customer]);
    }
    let confirmed = match run.is_confirmation() {
        true => last_confirmed(conn)?,
        false => BTreeMap::new(),
    };
    let is_wanted = |customer: &Customer| match run.purpose {
        StatementPurpose::Monthly => customer.terms.settlement == Settlement::Monthly,
        StatementPurpose::Quarterly => customer.terms.settlement == Settlement::Quarterly,
        StatementPurpose::Confirmation => {
            let last = confirmed.get(&customer.id).copied();
            statement_calendar::confirmation_due(last, today, settings)
        }
        StatementPurpose::Single | StatementPurpose::Unknown => false,
    };
    let mut found = Vec::new();
    let mut all = conn.prepare_cached("SELECT body FROM customer ORDER BY number")?;
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        let customer: Customer = serde_json::from_str(&row.get::<_, String>(0)?)?;
        if is_wanted(&customer) {
            found.push(customer);
        }
    }
    Ok(found)
}

/// Customers that have such a statement of the day already.
fn standing(conn: &Connection, run: &Run) -> Result<BTreeSet<CustomerId>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT customer FROM statement WHERE as_of = ?1 AND confirmation = ?2")?
        .query_map(params![run.as_of.number(), run.is_confirmation()], |row| {
            sql::id(row, 0)
        })?
        .collect::<Result<_, _>>()?)
}

/// The day of the last confirmation that each customer agreed.
fn last_confirmed(conn: &Connection) -> Result<BTreeMap<CustomerId, Day>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT customer, MAX(as_of) FROM statement WHERE confirmation = 1 AND state = 'agreed' GROUP BY customer",
        )?
        .query_map([], |row| Ok((sql::id(row, 0)?, sql::day(row, 1)?)))?
        .collect::<Result<_, _>>()?)
}

/// What happened to an account in the period.
#[derive(Clone, Copy, Debug, Default)]
struct Movement {
    invoiced: Money,
    paid: Money,
    other: Money,
}

/// What the ledger says of a period and of its last day, of all customers or of one.
struct Ledger {
    from: Day,
    as_of: Day,
    open: BTreeMap<CustomerId, Vec<StatementLine>>,
    on_account: BTreeMap<CustomerId, Money>,
    moved: BTreeMap<CustomerId, Movement>,
    payments: BTreeMap<CustomerId, Vec<StatementPayment>>,
}

impl Ledger {
    fn read(
        conn: &Connection,
        from: Day,
        day: Day,
        only: Option<CustomerId>,
    ) -> Result<Self, StoreError> {
        let mut ledger = Self {
            from,
            as_of: day,
            open: BTreeMap::new(),
            on_account: BTreeMap::new(),
            moved: BTreeMap::new(),
            payments: BTreeMap::new(),
        };
        let invoiced_later = invoiced_later(conn, day)?;
        as_of::each(conn, day, &mut |item| {
            if only.is_some_and(|only| only != item.customer) {
                return Ok(());
            }
            match item.invoice {
                Some(id) => {
                    let row = books::invoice(conn, id)?.ok_or(StoreError::NotFound("invoice"))?;
                    let later = invoiced_later.get(&id).copied().unwrap_or_default();
                    let line = StatementLine {
                        invoice: Some(id),
                        number: row.invoice.number,
                        issued: row.invoice.issued,
                        due: row.invoice.due,
                        amount: row.invoice.amount.checked_sub(later)?,
                        outstanding: item.balance,
                        items: 1,
                    };
                    ledger.open.entry(item.customer).or_default().push(line);
                }
                None => {
                    ledger
                        .on_account
                        .insert(item.customer, item.balance.negated());
                }
            }
            Ok(())
        })?;
        ledger.read_movement(conn, only)?;
        Ok(ledger)
    }

    /// Entries of the period by customer: what each did to the account.
    fn read_movement(
        &mut self,
        conn: &Connection,
        only: Option<CustomerId>,
    ) -> Result<(), StoreError> {
        let mut entries = conn.prepare_cached(
            "SELECT p.customer, e.kind, SUM(p.amount), e.day, e.source
             FROM journal_entry e CROSS JOIN posting p ON p.entry = e.number
             WHERE e.day >= ?1 AND e.day <= ?2 AND p.customer IS NOT NULL AND (?3 IS NULL OR p.customer = ?3)
             GROUP BY e.number, p.customer HAVING SUM(p.amount) <> 0",
        )?;
        let of = params![
            self.from.number(),
            self.as_of.number(),
            only.as_ref().map(BlobId::blob)
        ];
        let mut rows = entries.query(of)?;
        while let Some(row) = rows.next()? {
            let customer: CustomerId = sql::id(row, 0)?;
            let kind = EntryKind::from_slug(&row.get::<_, String>(1)?);
            let amount = sql::money(row, 2)?;
            let moved = self.moved.entry(customer).or_default();
            if kind == EntryKind::Invoice {
                moved.invoiced = moved.invoiced.checked_add(amount)?;
            } else if kind.is_money() {
                moved.paid = moved.paid.checked_sub(amount)?;
                let payment = StatementPayment {
                    number: number_of(conn, &serde_json::from_str(&row.get::<_, String>(4)?)?)?,
                    day: sql::day(row, 3)?,
                    amount: amount.negated(),
                    items: 1,
                };
                self.payments.entry(customer).or_default().push(payment);
            } else {
                moved.other = moved.other.checked_add(amount)?;
            }
        }
        Ok(())
    }

    fn statement(
        &mut self,
        purpose: StatementPurpose,
        company_name: &str,
        customer: &Customer,
        revision: u32,
    ) -> Result<Statement, StoreError> {
        let id = customer.id;
        let moved = self.moved.remove(&id).unwrap_or_default();
        Ok(Statement::make(Facts {
            purpose,
            customer: id,
            customer_number: customer.number.clone(),
            customer_name: customer.name.clone(),
            company_name: company_name.to_owned(),
            from: self.from,
            as_of: self.as_of,
            revision,
            invoiced: moved.invoiced,
            paid: moved.paid,
            other: moved.other,
            open: self.open.remove(&id).unwrap_or_default(),
            on_account: self.on_account.remove(&id).unwrap_or_default(),
            payments: self.payments.remove(&id).unwrap_or_default(),
        })?)
    }
}

/// What corrections after the day have added to invoices.
fn invoiced_later(conn: &Connection, day: Day) -> Result<BTreeMap<InvoiceId, Money>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT p.invoice, SUM(p.amount) FROM journal_entry e CROSS JOIN posting p ON p.entry = e.number
             WHERE e.day > ?1 AND e.kind = 'invoice' AND p.invoice IS NOT NULL GROUP BY p.invoice",
        )?
        .query_map([day.number()], |row| Ok((sql::id(row, 0)?, sql::money(row, 1)?)))?
        .collect::<Result<_, _>>()?)
}

/// The number by which people know what was paid; empty if it has none.
fn number_of(conn: &Connection, source: &Source) -> Result<String, StoreError> {
    if let Source::Payment(id) = source {
        return Ok(books::payment(conn, *id)?.map_or_else(String::new, |payment| payment.number));
    }
    match source.receipt() {
        Some(receipt) => receipts::number_of(conn, receipt),
        None => Ok(String::new()),
    }
}
