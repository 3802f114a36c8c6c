//! Customers' credit ratings: how they stand, what conduct since the last decision makes the rule propose, and who
//! decided what. The rule is `shared::policy::credit_review`; decisions are commands of finance, kept whole.
//!
//! Invariants: a decision names what the rule says at that moment, or it is refused; of a customer one rating waits at
//! most; a rating becomes the customer's terms in the transaction of the second person's word.

use std::collections::BTreeMap;

use rusqlite::{Connection, Params, params};
use shared::{
    day::Day,
    ids::{CommandId, CustomerId},
    ledger::{
        command::{Body, Command, CommandError},
        decide::Rated,
        entry::EntryKind,
    },
    money::Money,
    policy::{
        Settings,
        account::AccountFacts,
        credit::{Conduct, Grade, Rating},
        credit_review::{self, Review, Reviewed},
    },
    promise::PromiseState,
};

use super::{
    StoreError, WriteTx,
    account_facts::{self, Account},
    books, commands,
    company::{self, Company},
    sql::{self, BlobId},
};

/// A decision about a customer's credit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// A rating, or that it was left as it was.
    pub command: Command,
    /// The second person's word on a rating.
    pub second: Option<Command>,
}

impl Decided {
    /// Was a rating turned down by the second person?
    pub fn is_rejected(&self) -> bool {
        let second = self.second.as_ref().map(|second| &second.body);
        matches!(second, Some(Body::Reject { .. }))
    }

    /// Is it a rating that two persons have agreed on?
    pub fn is_rated(&self) -> bool {
        let second = self.second.as_ref().map(|second| &second.body);
        matches!(second, Some(Body::Approve { .. }))
    }

    /// The business day of the last word.
    pub fn day(&self) -> Day {
        let second = self.second.as_ref();
        second.map_or(self.command.day, |second| second.day)
    }

    fn reviewed(&self) -> Reviewed {
        Reviewed {
            day: self.day(),
            basis: match &self.command.body {
                Body::CreditRating { basis, .. } => *basis,
                Body::CreditKept { basis, .. } => Some(*basis),
                _ => None,
            },
        }
    }
}

/// How a customer's credit stands.
#[derive(Clone, Debug)]
pub struct CreditFacts {
    /// Customer and account.
    pub account: Account,
    /// The rating as it stands.
    pub now: Rating,
    /// What is owed, less what is on account.
    pub exposure: Money,
    /// From which day on conduct counts.
    pub since: Day,
    /// What happened.
    pub conduct: Conduct,
    /// What the rule says.
    pub review: Review,
    /// The last decision.
    pub last: Option<Decided>,
    /// A rating that waits for its second person.
    pub waits: Option<Command>,
}

/// The rating that a customer's terms are.
fn rating(account: &Account) -> Rating {
    let terms = &account.customer.terms;
    Rating {
        grade: Grade::from_slug(terms.grade.trim()),
        limit: terms.credit_limit,
        term_days: terms.term_days,
    }
}

/// How the credit of these customers stands today, in their order. Customers that are not in the books are left out.
pub fn standing(
    conn: &Connection,
    company: &Company,
    today: Day,
    customers: &[CustomerId],
) -> Result<Vec<CreditFacts>, StoreError> {
    let settings = &company.policy;
    let only = match customers {
        [one] => Some(*one),
        _ => None,
    };
    let mut decisions = decisions(conn, only)?;
    let usual = credit_review::conduct_since(None, today, settings);
    let mut paid = payment_conduct(conn, only, usual, today)?;
    let mut found = Vec::with_capacity(customers.len());
    for account in account_facts::accounts(conn, company, today, customers)? {
        let customer = account.customer.id;
        let Decisions {
            last,
            rated_on,
            waits,
        } = decisions.remove(&customer).unwrap_or_default();
        let reviewed = last.as_ref().map(Decided::reviewed);
        let since = credit_review::conduct_since(rated_on, today, settings);
        let mut conduct = match since == usual {
            true => paid.remove(&customer),
            false => payment_conduct(conn, Some(customer), since, today)?.remove(&customer),
        }
        .unwrap_or_default();
        add_account(&mut conduct, &account.facts, since, today);
        let now = rating(&account);
        found.push(CreditFacts {
            exposure: exposure(&account.facts)?,
            review: review(&account, &now, &conduct, reviewed.as_ref(), today, settings)?,
            account,
            now,
            since,
            conduct,
            last,
            waits,
        });
    }
    Ok(found)
}

/// What the rule says; of a customer who gets no credit and has no limit, nothing.
fn review(
    account: &Account,
    now: &Rating,
    conduct: &Conduct,
    last: Option<&Reviewed>,
    today: Day,
    settings: &Settings,
) -> Result<Review, StoreError> {
    use shared::customer::Settlement::{CashOnDelivery, Prepaid};
    let gives_none = matches!(account.customer.terms.settlement, Prepaid | CashOnDelivery);
    if gives_none && !now.limit.is_positive() {
        return Ok(Review::AsIs);
    }
    Ok(credit_review::review(now, conduct, last, today, settings)?)
}

fn exposure(facts: &AccountFacts) -> Result<Money, StoreError> {
    let mut owed = facts.on_account.negated();
    for invoice in &facts.invoices {
        owed = owed.checked_add(invoice.outstanding)?;
    }
    Ok(owed)
}

/// What the account as it stands adds to conduct: open debts, missed instalments, warning signs.
fn add_account(conduct: &mut Conduct, facts: &AccountFacts, since: Day, today: Day) {
    let open = facts.days_overdue(today).unwrap_or(0);
    conduct.worst_days = conduct.worst_days.max(days(open));
    let is_missed =
        |state: PromiseState| matches!(state, PromiseState::Broken | PromiseState::PartlyKept);
    let broken = facts.promises.iter().filter(|promise| {
        let mut instalments = promise.instalments.iter();
        instalments.any(|part| part.due >= since && is_missed(part.state))
    });
    conduct.broken = u32::try_from(broken.count()).unwrap_or(u32::MAX);
    conduct.signs = u32::try_from(facts.signs.len()).unwrap_or(u32::MAX);
}

fn days(days: i64) -> u32 {
    u32::try_from(days.max(0)).unwrap_or(u32::MAX)
}

/// How invoices were paid from a day until yesterday, and what came back: of one customer or of all.
fn payment_conduct(
    conn: &Connection,
    only: Option<CustomerId>,
    since: Day,
    today: Day,
) -> Result<BTreeMap<CustomerId, Conduct>, StoreError> {
    let mut found: BTreeMap<CustomerId, Conduct> = BTreeMap::new();
    add_due(conn, only, since, today, &mut found)?;
    add_late(conn, only, since, today, &mut found)?;
    let customer = only.as_ref().map(BlobId::blob);
    let bounced = format!(
        "SELECT customer, COUNT(*) FROM finance_command
         WHERE kind = 'cheque_bounced' AND day >= ?1 AND customer IS NOT NULL AND {} GROUP BY customer",
        of("customer", only)
    );
    each(conn, &bounced, params![since.number(), customer], |row| {
        found.entry(sql::id(row, 0)?).or_default().bounced = row.get(1)?;
        Ok(())
    })?;
    Ok(found)
}

/// The condition that a row is of the customer `?2`, if it is one that is asked for.
fn of(column: &'static str, only: Option<CustomerId>) -> String {
    match only {
        Some(_) => format!("{column} = ?2"),
        None => "?2 IS NULL".to_owned(),
    }
}

fn each(
    conn: &Connection,
    statement: &str,
    params: impl Params,
    mut take: impl FnMut(&rusqlite::Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(statement)?;
    let mut rows = statement.query(params)?;
    while let Some(row) = rows.next()? {
        take(row)?;
    }
    Ok(())
}

/// What fell due, and what of it was settled by its day: by the day that each record says, be it posted later because
/// days were closed. What was written off was not settled.
fn add_due(
    conn: &Connection,
    only: Option<CustomerId>,
    since: Day,
    today: Day,
    found: &mut BTreeMap<CustomerId, Conduct>,
) -> Result<(), StoreError> {
    let statement = format!(
        "SELECT i.customer, i.amount, -COALESCE((
           SELECT SUM(p.amount) FROM posting p CROSS JOIN journal_entry e ON e.number = p.entry
           WHERE p.invoice = i.id AND e.kind NOT IN ('invoice', 'interest', 'write_off')
             AND COALESCE((SELECT own_day FROM late_entry l WHERE l.entry = e.number), e.day) <= i.due), 0)
         FROM invoice i WHERE i.due >= ?1 AND i.due < ?3 AND i.amount > 0 AND {}",
        of("i.customer", only)
    );
    let customer = only.as_ref().map(BlobId::blob);
    let params = params![since.number(), customer, today.number()];
    each(conn, &statement, params, |row| {
        let conduct = found.entry(sql::id(row, 0)?).or_default();
        let (amount, settled) = (sql::money(row, 1)?, sql::money(row, 2)?);
        let on_time = settled.max(Money::ZERO).min(amount);
        conduct.due = conduct.due.checked_add(amount)?;
        conduct.on_time = conduct.on_time.checked_add(on_time)?;
        Ok(())
    })
}

/// How late the latest of the money was that came in.
fn add_late(
    conn: &Connection,
    only: Option<CustomerId>,
    since: Day,
    today: Day,
    found: &mut BTreeMap<CustomerId, Conduct>,
) -> Result<(), StoreError> {
    // All of it by day, one customer's by customer.
    let from = match only {
        Some(_) => "posting p CROSS JOIN journal_entry e ON e.number = p.entry",
        None => "journal_entry e CROSS JOIN posting p ON p.entry = e.number",
    };
    let statement = format!(
        "SELECT p.customer, e.kind, MAX(e.day - i.due) FROM {from} JOIN invoice i ON i.id = p.invoice
         WHERE e.day BETWEEN ?1 AND ?3 AND p.customer IS NOT NULL AND p.amount < 0 AND e.day > i.due AND {}
         GROUP BY p.customer, e.kind",
        of("p.customer", only)
    );
    let customer = only.as_ref().map(BlobId::blob);
    let params = params![since.number(), customer, today.number()];
    each(conn, &statement, params, |row| {
        let kind = EntryKind::from_slug(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?);
        // Moving money about says nothing of when it came.
        if kind.is_money() && kind != EntryKind::Reallocation {
            let conduct = found.entry(sql::id(row, 0)?).or_default();
            conduct.worst_days = conduct.worst_days.max(days(row.get(2)?));
        }
        Ok(())
    })
}

#[derive(Default)]
struct Decisions {
    last: Option<Decided>,
    /// When it was rated last: what was turned down or left as it was begins nothing anew.
    rated_on: Option<Day>,
    waits: Option<Command>,
}

/// The last decision about each customer's credit, and the rating that waits: of one customer or of all.
fn decisions(
    conn: &Connection,
    only: Option<CustomerId>,
) -> Result<BTreeMap<CustomerId, Decisions>, StoreError> {
    let by_customer = match only {
        Some(_) => "customer = ?1",
        None => "customer IS NOT NULL AND ?1 IS NULL",
    };
    let ids: Vec<CommandId> = conn
        .prepare_cached(&format!(
            "SELECT id FROM finance_command
             WHERE {by_customer} AND kind IN ('credit_rating', 'credit_kept', 'approve', 'reject') ORDER BY rowid"
        ))?
        .query_map([only.as_ref().map(BlobId::blob)], |row| sql::id(row, 0))?
        .collect::<Result<_, _>>()?;
    let mut open: BTreeMap<CommandId, Command> = BTreeMap::new();
    let mut found: BTreeMap<CustomerId, Decisions> = BTreeMap::new();
    for id in ids {
        let Some(command) = commands::get(conn, id)? else {
            continue;
        };
        let decided = match &command.body {
            Body::CreditRating { .. } => {
                open.insert(id, command);
                continue;
            }
            Body::Approve { proposal } | Body::Reject { proposal } => {
                let Some(rating) = open.remove(proposal) else {
                    continue;
                };
                Decided {
                    command: rating,
                    second: Some(command),
                }
            }
            _ => Decided {
                command,
                second: None,
            },
        };
        if let Some(customer) = commands::customer_of(&decided.command.body) {
            let of_customer = found.entry(customer).or_default();
            if decided.is_rated() {
                of_customer.rated_on = Some(decided.day());
            }
            of_customer.last = Some(decided);
        }
    }
    for command in open.into_values() {
        if let Some(customer) = commands::customer_of(&command.body) {
            found.entry(customer).or_default().waits = Some(command);
        }
    }
    Ok(found)
}

/// Is a new decision about what the rule says now, with none waiting?
pub(crate) fn check(tx: &mut WriteTx<'_>, body: &Body) -> Result<(), StoreError> {
    let (customer, basis) = match body {
        Body::CreditRating {
            customer, basis, ..
        } => (*customer, *basis),
        Body::CreditKept { customer, basis } => (*customer, Some(*basis)),
        _ => return Ok(()),
    };
    let company = company::get(tx)?.ok_or(StoreError::NotFound("company"))?;
    let today = tx.today()?;
    let found = standing(tx, &company, today, &[customer])?;
    let Some(facts) = found.first() else {
        return Err(CommandError::NoSuch("customer").into());
    };
    if facts.waits.is_some() {
        return Err(CommandError::CreditWaits.into());
    }
    let says = match facts.review {
        Review::Proposed(basis) | Review::Quiet(basis) => Some(basis),
        Review::AsIs => None,
    };
    match says == basis {
        true => Ok(()),
        false => Err(CommandError::CreditMoved.into()),
    }
}

/// Makes a rating the customer's terms.
pub(crate) fn apply(tx: &mut WriteTx<'_>, rated: &Rated) -> Result<(), StoreError> {
    let mut customer =
        books::customer(tx, rated.customer)?.ok_or(StoreError::NotFound("customer"))?;
    rated
        .rating
        .grade
        .slug()
        .clone_into(&mut customer.terms.grade);
    customer.terms.credit_limit = rated.rating.limit;
    customer.terms.term_days = rated.rating.term_days;
    customer.hold = rated.hold;
    let now = tx.now();
    books::put_customer(tx, &customer, now).map(drop)
}
