//! What the forms of receipt and promise need to know.

use shared::{
    customer::ContactRole,
    day::Timestamp,
    ids::CustomerId,
    money::Money,
    policy::{allocation, work_list},
    promise::PromiseState,
};

use super::{
    super::{
        api::FormView,
        command::{receipt::next_number, visit::known_place},
        error::Result,
        open::Open,
        store::rows,
    },
    balance, customer, facts, promise_state,
};

/// The form's view.
pub fn view(open: &Open, id: CustomerId, now: Timestamp) -> Result<FormView> {
    let today = open.day(now)?;
    let mut row = rows::customer(&open.db, id)?;
    row.position = known_place(&open.db, id)?;
    let balance = balance::customer_balance_on(open, id, today)?;
    let standing = promise_state::of_customer(open, id, today)?;
    let promises: Vec<_> = standing.iter().map(facts::promise_facts).collect();
    let promise_due =
        work_list::instalment_due(&promises, today)?.map_or(Money::ZERO, |(_, sum)| sum);
    let is_open = |state| {
        matches!(
            state,
            PromiseState::Pending | PromiseState::PartlyKept | PromiseState::Broken
        )
    };
    let open_promises = standing
        .iter()
        .filter(|p| is_open(p.state))
        .map(|p| (p.id, p.day, p.total))
        .collect();
    Ok(FormView {
        customer: row,
        invoices: balance::invoice_lines(open, id, today)?,
        outstanding: balance.outstanding,
        asked: allocation::asked(promise_due, balance.overdue, Money::ZERO),
        open_promises,
        next_receipt_number: next_number(open, now)?.to_string(),
        contacts: contacts(open, id)?,
        today,
    })
}

/// Contacts to pick a signer from, those that were met first: name, role, phone.
pub fn contacts(open: &Open, id: CustomerId) -> Result<Vec<(String, ContactRole, String)>> {
    let row = rows::customer(&open.db, id)?;
    let mut contacts: Vec<(String, ContactRole, String)> = vec![];
    let book = customer::book(open, id)?;
    let met = book
        .current_contacts()
        .map(|c| (c.name.clone(), c.role, c.phone.clone()));
    let known = row
        .contacts
        .iter()
        .map(|c| (c.name.clone(), c.role, c.phone.clone()));
    for contact in met.chain(known) {
        if !contacts.iter().any(|(name, ..)| *name == contact.0) {
            contacts.push(contact);
        }
    }
    Ok(contacts)
}
