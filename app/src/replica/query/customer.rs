//! A customer's account.

use rusqlite::{OptionalExtension, params};
use shared::{
    aging,
    contact_book::ContactBook,
    day::Timestamp,
    ids::CustomerId,
    policy::{advice, recovery::Curve, risk, work_list},
    promise::PromiseState,
};

use super::{
    super::{
        api::{CustomerView, OlderRecords},
        error::Result,
        open::Open,
        store::{on_demand, retention, rows, sync_state::SyncState},
    },
    balance, facts, promise_state, statement, timeline,
};

/// The account of one customer.
pub fn view(open: &Open, id: CustomerId, now: Timestamp) -> Result<CustomerView> {
    let today = open.day(now)?;
    let customer = rows::customer(&open.db, id)?;
    let balance = balance::customer_balance_on(open, id, today)?;
    let invoices = balance::invoice_lines(open, id, today)?;
    let items = || {
        invoices
            .iter()
            .map(|line| (line.row.invoice.due, line.outstanding))
    };
    let settings = open.settings()?;
    let account = facts::accounts(open, today, Some(id))?.remove(&id);
    let work = match &account {
        Some(account) => work_list::work_item(account, today, &settings, &Curve::of(&settings))?,
        None => None,
    };
    let why = work.map_or(vec![], |item| item.reasons);
    let advice = account
        .as_ref()
        .map(|account| advice::advice(account, &why, &customer.terms, today, &settings));
    let advice = advice.transpose()?;
    let case = account.map_or(vec![], |account| account.case);
    let promises = promise_state::of_customer(open, id, today)?;
    let rep_name = customer.rep.map(|rep| open.name_of(rep)).transpose()?;
    Ok(CustomerView {
        rep_name: rep_name.filter(|name| !name.is_empty()),
        outstanding: balance.outstanding,
        in_transit: balance.in_transit,
        on_account: balance.on_account,
        aging: aging::age(items(), today)?,
        book: book(open, id)?,
        risk: risk::account_risk(items(), today, &settings)
            .slug()
            .to_owned(),
        why,
        advice,
        timeline: timeline::of_customer(open, id, today)?,
        statements: statement::links(open, id)?,
        older: older(open, id)?,
        case,
        promises: promises
            .iter()
            .filter(|p| p.state != PromiseState::Cancelled)
            .map(|p| p.id)
            .collect(),
        invoices,
        customer,
    })
}

fn older(open: &Open, customer: CustomerId) -> Result<OlderRecords> {
    let known = on_demand::older(&open.db, customer)?;
    Ok(match (known.wanted, known.more) {
        (true, _) => OlderRecords::Wanted,
        (false, true) => OlderRecords::Maybe,
        (false, false) => OlderRecords::None,
    })
}

/// Asks for records older than those on this device.
pub fn want_older(open: &Open, customer: CustomerId, now: Timestamp) -> Result<()> {
    rows::customer(&open.db, customer)?;
    let offset_ms = SyncState::load(&open.db)?.clock_offset_ms;
    let before = retention::since(&open.db, now.plus_ms(-offset_ms))?;
    on_demand::want_older(&open.db, customer, before)
}

/// The contact book as far as it is known here; an empty one if nothing is.
pub fn book(open: &Open, customer: CustomerId) -> Result<ContactBook> {
    let body = open
        .db
        .prepare_cached("SELECT body FROM book WHERE customer = ?1")?
        .query_row(params![customer.0.into_bytes()], |row| {
            row.get::<_, String>(0)
        })
        .optional()?;
    match body {
        Some(json) => Ok(serde_json::from_str(&json)?),
        None => Ok(ContactBook {
            customer,
            fields: Default::default(),
            position: None,
            contacts: vec![],
            signs: vec![],
            comments: vec![],
            attachments: vec![],
        }),
    }
}
