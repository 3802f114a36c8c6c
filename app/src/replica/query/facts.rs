//! What the collection rules need to know of accounts, read in a few passes over the query tables.

use std::collections::BTreeMap;

use rusqlite::params;
use shared::{
    day::{Day, Timestamp},
    ids::{CustomerId, InvoiceId},
    ledger::promise_state::MoneyFact,
    money::Money,
    policy::{
        account::SIGN_DAYS,
        work_list::{AccountFacts, InstalmentFacts, InvoiceFacts, PromiseFacts},
    },
    visit::WarningSign,
};

use super::{
    super::{
        error::Result,
        open::Open,
        store::{cases, customer_id, day, day_or_none, document_id, money, time, uuid},
    },
    noted,
    promise_state::{self, Standing},
};

/// Facts of one customer (`only`) or of all in scope, by customer.
pub fn accounts(
    open: &Open,
    today: Day,
    only: Option<CustomerId>,
) -> Result<BTreeMap<CustomerId, AccountFacts>> {
    let mut accounts = bare(open, today, only)?;
    let key = only.map(|c| c.0.into_bytes());
    invoices(open, key, &mut accounts)?;
    let promises = match only {
        Some(customer) => {
            let standing = promise_state::of_customer(open, customer, today)?;
            BTreeMap::from([(customer, standing)])
        }
        None => promise_state::standing_by_customer(open, today)?,
    };
    for (customer, standing) in promises {
        if let Some(account) = accounts.get_mut(&customer) {
            account.promises = standing.iter().map(promise_facts).collect();
        }
    }
    disputes(open, key, &mut accounts)?;
    cases::steps(&open.db, key, &mut |customer, step| {
        if let Some(account) = accounts.get_mut(&customer) {
            account.case.push(step);
        }
    })?;
    visits(open, key, today, &mut accounts)?;
    noted::facts(open, key, today, &mut accounts)?;
    Ok(accounts)
}

pub(super) type Accounts = BTreeMap<CustomerId, AccountFacts>;

fn bare(open: &Open, today: Day, only: Option<CustomerId>) -> Result<Accounts> {
    if let Some(customer) = only {
        let balance = super::balance::customer_balance_on(open, customer, today)?;
        let hold = super::super::store::rows::customer(&open.db, customer)?.hold;
        return Ok(BTreeMap::from([(
            customer,
            bare_account(customer, balance.on_account, hold),
        )]));
    }
    let mut statement = open.db.prepare_cached(
        "SELECT c.id, COALESCE(a.on_account, 0) + COALESCE(own.rest, 0), c.hold FROM customer c
           LEFT JOIN account a ON a.customer = c.id
           LEFT JOIN (SELECT o.customer, SUM(o.rest) AS rest
             FROM own_receipt o LEFT JOIN account a ON a.customer = o.customer
             WHERE o.method = 'cash' AND (o.seq IS NULL OR o.seq > COALESCE(a.row_seq, 0))
             GROUP BY o.customer) own ON own.customer = c.id",
    )?;
    let mut rows = statement.query([])?;
    let mut accounts = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let customer = customer_id(row, 0)?;
        accounts.insert(
            customer,
            bare_account(customer, money(row, 1)?, row.get(2)?),
        );
    }
    Ok(accounts)
}

fn bare_account(customer: CustomerId, on_account: Money, hold: bool) -> AccountFacts {
    AccountFacts {
        on_account,
        hold,
        ..AccountFacts::new(customer)
    }
}

fn invoices(open: &Open, only: Option<[u8; 16]>, accounts: &mut Accounts) -> Result<()> {
    let sql = match only {
        Some(_) => format!(
            "{} SELECT customer, id, issued, due, outstanding FROM open_of_one WHERE outstanding <> 0",
            super::balance::OPEN_OF_ONE
        ),
        None => {
            "SELECT customer, id, issued, due, outstanding FROM open_invoice WHERE ?1 IS NULL AND outstanding <> 0".into()
        }
    };
    let mut statement = open.db.prepare_cached(&sql)?;
    let mut rows = statement.query(params![only])?;
    while let Some(row) = rows.next()? {
        if let Some(account) = accounts.get_mut(&customer_id(row, 0)?) {
            account.invoices.push(InvoiceFacts {
                invoice: InvoiceId(uuid(row, 1)?),
                issued: day(row, 2)?,
                due: day(row, 3)?,
                outstanding: money(row, 4)?,
            });
        }
    }
    Ok(())
}

/// What is contested and was not answered for good.
fn disputes(open: &Open, only: Option<[u8; 16]>, accounts: &mut Accounts) -> Result<()> {
    let mut statement = open.db.prepare_cached(&format!(
        "SELECT p.customer, SUM(p.amount) FROM proposal p
           JOIN document d ON d.filed IN (0, 1) AND d.id = p.document
           LEFT JOIN proposal_state s ON s.document = p.document
         WHERE {} AND p.what = 'dispute' AND p.word IS NOT 0 AND d.rejected IS NULL
           AND (s.state IS NULL OR s.state NOT IN ('settled', 'declined_by_sales', 'declined_by_finance'))
         GROUP BY p.customer",
        match only {
            Some(_) => "p.customer = ?1",
            None => "?1 IS NULL",
        }
    ))?;
    let mut rows = statement.query(params![only])?;
    while let Some(row) = rows.next()? {
        if let Some(account) = accounts.get_mut(&customer_id(row, 0)?) {
            account.disputed = money(row, 1)?;
        }
    }
    Ok(())
}

/// A promise as the rules see it.
pub fn promise_facts(standing: &Standing) -> PromiseFacts {
    let part = |(instalment, (state, paid)): (&shared::promise::Instalment, &(_, Money))| {
        InstalmentFacts {
            due: instalment.due,
            amount: instalment.amount,
            paid: *paid,
            state: *state,
        }
    };
    PromiseFacts {
        promise: standing.id,
        state: standing.state,
        instalments: standing
            .instalments
            .iter()
            .zip(&standing.parts)
            .map(part)
            .collect(),
        invoices: standing.invoices.clone(),
    }
}

/// Last visit, next appointment (of the latest visit or receipt that named one, unless somebody has
/// been there since) and warning signs.
fn visits(open: &Open, only: Option<[u8; 16]>, today: Day, accounts: &mut Accounts) -> Result<()> {
    let since = open.day_start(today.plus_days(-SIGN_DAYS))?;
    last_visits(open, only, accounts)?;
    appointments(open, only, accounts)?;
    for account in accounts.values_mut() {
        account.drop_kept_appointment(today);
    }
    visit_signs(open, only, since, accounts)?;
    book_signs(open, only, since, accounts)
}

/// Two statements, so that each can go by an index: of one customer, or of all.
pub(super) fn filter(only: Option<[u8; 16]>) -> &'static str {
    match only {
        Some(_) => "customer = ?1",
        None => "?1 IS NULL",
    }
}

fn last_visits(open: &Open, only: Option<[u8; 16]>, accounts: &mut Accounts) -> Result<()> {
    let offset_minutes = open.offset_minutes()?;
    let mut statement = open.db.prepare_cached(&format!(
        "SELECT customer, MAX(started_at) FROM visit WHERE {} GROUP BY customer",
        filter(only)
    ))?;
    let mut rows = statement.query(params![only])?;
    while let Some(row) = rows.next()? {
        if let Some(account) = accounts.get_mut(&customer_id(row, 0)?) {
            account.last_visit = Some(Day::of(time(row, 1)?, offset_minutes));
        }
    }
    Ok(())
}

/// The next day named by the latest visit or receipt that named one. (SQLite takes a plain column
/// beside MAX from the row of the maximum.)
fn appointments(open: &Open, only: Option<[u8; 16]>, accounts: &mut Accounts) -> Result<()> {
    let mut statement = open.db.prepare_cached(&format!(
        "SELECT customer, MAX(at), next_day FROM (
           SELECT customer, MAX(started_at) AS at, next_day FROM visit
             WHERE next_day IS NOT NULL AND {0} GROUP BY customer
           UNION ALL
           SELECT customer, MAX(issued_at) AS at, next_day FROM receipt
             WHERE next_day IS NOT NULL AND {0} GROUP BY customer)
         GROUP BY customer",
        filter(only)
    ))?;
    let mut rows = statement.query(params![only])?;
    while let Some(row) = rows.next()? {
        if let Some(account) = accounts.get_mut(&customer_id(row, 0)?) {
            account.appointment = day_or_none(row, 2)?;
        }
    }
    Ok(())
}

fn visit_signs(
    open: &Open,
    only: Option<[u8; 16]>,
    since: Timestamp,
    accounts: &mut Accounts,
) -> Result<()> {
    let mut statement = open.db.prepare_cached(&format!(
        "SELECT customer, signs FROM visit WHERE {} AND started_at >= ?2 AND signs <> '' ORDER BY started_at, document",
        filter(only)
    ))?;
    let mut rows = statement.query(params![only, since.0])?;
    while let Some(row) = rows.next()? {
        if let Some(account) = accounts.get_mut(&customer_id(row, 0)?) {
            for slug in row.get::<_, String>(1)?.split_whitespace() {
                account.add_sign(WarningSign::from_slug(slug));
            }
        }
    }
    Ok(())
}

fn book_signs(
    open: &Open,
    only: Option<[u8; 16]>,
    since: Timestamp,
    accounts: &mut Accounts,
) -> Result<()> {
    let mut statement = open.db.prepare_cached(
        "SELECT customer, body FROM book WHERE signs <> '' AND (?1 IS NULL OR customer = ?1)",
    )?;
    let mut rows = statement.query(params![only])?;
    while let Some(row) = rows.next()? {
        let Some(account) = accounts.get_mut(&customer_id(row, 0)?) else {
            continue;
        };
        let book: shared::contact_book::ContactBook =
            serde_json::from_str(&row.get::<_, String>(1)?)?;
        for seen in book.signs.iter().filter(|s| s.at >= since) {
            account.add_sign(seen.sign);
        }
    }
    Ok(())
}

/// The parts of every receipt of a customer that this phone knows and that is not voided.
pub fn receipts_of(open: &Open, customer: CustomerId) -> Result<Vec<MoneyFact>> {
    let mut statement = open.db.prepare_cached(
        "SELECT r.day, r.document, a.invoice, a.amount FROM receipt r
           JOIN receipt_allocation a ON a.receipt = r.place WHERE r.customer = ?1 AND r.voided = 0
         UNION ALL
         SELECT day, document, NULL, rest FROM receipt WHERE customer = ?1 AND voided = 0 AND rest > 0",
    )?;
    let facts = statement.query_map(params![customer.0.into_bytes()], |row| {
        let invoice: Option<[u8; 16]> = row.get(2)?;
        Ok(MoneyFact {
            day: day(row, 0)?,
            receipt: Some(document_id(row, 1)?),
            invoice: invoice.map(|id| InvoiceId(::uuid::Uuid::from_bytes(id))),
            amount: money(row, 3)?,
        })
    })?;
    Ok(facts.collect::<rusqlite::Result<_>>()?)
}
