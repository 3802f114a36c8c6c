//! Sealing a promise: the letter as it was shown, its instalments, the signature.

use std::collections::BTreeSet;

use rusqlite::params;
use shared::{
    day::{Day, Timestamp},
    document::{self, Record},
    ids::{CustomerId, DocumentId, InvoiceId},
    ledger::promise_state::already_counted,
    money::Money,
    paper::{
        Language,
        promise_letter::{LetterInputs, promise_letter},
    },
    promise::{Promise, PromiseCore, PromisedInvoice},
};

use super::{
    attach, correct::Correcting, drop_draft, keep_photos, next_origin, put_new, some_text,
};
use crate::replica::{
    api::NewPromise,
    error::{Error, Result},
    host::Host,
    open::Open,
    query::{balance, facts},
    store::{day, money, rows},
};

/// The lines of the letter that a promise would have.
pub fn letter(open: &Open, new: &NewPromise, now: Timestamp) -> Result<Vec<String>> {
    let day = open.day(now)?;
    let inputs = LetterInputs {
        company_name: open.company()?.name,
        customer_name: rows::customer(&open.db, new.customer)?.name,
        day,
        outstanding: balance::customer_balance(open, new.customer)?.outstanding,
        instalments: new.instalments.clone(),
        invoices: promised_invoices(open, new.customer, &new.invoices)?,
    };
    Ok(promise_letter(&inputs, Language::from_slug(&new.language)))
}

fn promised_invoices(
    open: &Open,
    customer: CustomerId,
    wanted: &[InvoiceId],
) -> Result<Vec<PromisedInvoice>> {
    let mut statement = open.db.prepare_cached(&format!(
        "{} SELECT number, outstanding FROM open_of_one WHERE id = ?2",
        balance::OPEN_OF_ONE
    ))?;
    let mut found = Vec::with_capacity(wanted.len());
    for id in wanted {
        let key = params![customer.0.into_bytes(), id.0.into_bytes()];
        let read = statement.query_row(key, |row| Ok((row.get(0)?, money(row, 1)?)));
        let (number, outstanding) = match read {
            Err(rusqlite::Error::QueryReturnedNoRows) => return Err(Error::NotFound("invoice")),
            read => read?,
        };
        found.push(PromisedInvoice {
            invoice: *id,
            number,
            outstanding,
        });
    }
    Ok(found)
}

/// Checks what people can get wrong, each with its own code.
fn check(open: &Open, new: &NewPromise, today: Day) -> Result<()> {
    if new.instalments.is_empty() {
        return Err(Error::Invalid("promise.no_instalments"));
    }
    if new.instalments.iter().any(|i| !i.amount.is_positive()) {
        return Err(Error::Invalid("promise.amount"));
    }
    if new.instalments.iter().any(|i| i.due < today) {
        return Err(Error::Invalid("promise.day_past"));
    }
    if new.signature.strokes.0.iter().all(Vec::is_empty) {
        return Err(Error::Invalid("promise.no_signature"));
    }
    some_text(&new.signature.signer.name, "promise.no_signer")?;
    if let Some(replaced) = new.replaces {
        let customer: Option<[u8; 16]> = open
            .db
            .query_row(
                "SELECT customer FROM promise WHERE document = ?1",
                [replaced.0],
                |row| row.get(0),
            )
            .map(Some)
            .or_else(|e| match e {
                rusqlite::Error::QueryReturnedNoRows => Ok(None),
                e => Err(e),
            })?;
        if customer != Some(new.customer.0.into_bytes()) {
            return Err(Error::NotFound("promise"));
        }
    }
    Ok(())
}

/// Seals a promise.
pub fn sign(open: &mut Open, host: &Host, new: NewPromise, now: Timestamp) -> Result<DocumentId> {
    sign_as(open, host, new, None, now)
}

/// Seals a promise, perhaps in place of a refused one.
pub fn sign_as(
    open: &mut Open,
    host: &Host,
    mut new: NewPromise,
    old: Option<&Correcting>,
    now: Timestamp,
) -> Result<DocumentId> {
    let today = open.day(now)?;
    new.instalments.sort_by_key(|i| i.due);
    check(open, &new, today)?;
    let lines = letter(open, &new, now)?;
    let invoices: BTreeSet<InvoiceId> = new.invoices.iter().copied().collect();
    let known = facts::receipts_of(open, new.customer)?;
    let core = PromiseCore {
        customer: new.customer,
        customer_name: rows::customer(&open.db, new.customer)?.name,
        company_name: open.company()?.name,
        person: open.identity.person,
        person_name: open.my_name()?,
        made_at: now,
        day: today,
        total: Money::sum(new.instalments.iter().map(|i| i.amount))?,
        instalments: new.instalments,
        invoices: promised_invoices(open, new.customer, &new.invoices)?,
        already_counted: already_counted(&known, &invoices, today),
        replaces: new.replaces,
        letter: lines,
        signature: new.signature,
        corrects: old.map(Correcting::corrects).unwrap_or_default(),
    };
    let mut identity = open.identity.clone();
    let origin = next_origin(open, &mut identity, now);
    let (change, seal) = document::create_promise(&core, origin, &identity.sealer())?;
    let photos = attach(open, host, &new.photos, now)?;
    let promise = Promise {
        core,
        cancellations: vec![],
        comments: vec![],
        attachments: vec![],
    };
    let tx = open.begin()?;
    put_new(
        &tx,
        open,
        &change,
        (new.customer, &Record::Promise(promise, seal)),
        origin,
        now,
    )?;
    // The sealed core has no photos: they are added to the record as edits.
    for photo in &photos {
        super::edit::apply(
            &tx,
            open,
            change.document,
            &document::edit::Edit::Attachment(photo.clone()),
            now,
        )?;
    }
    keep_photos(&tx, change.document, &new.photos, now)?;
    match old {
        Some(old) => old.finish(&tx, open, host, change.document, &photos, now)?,
        None => drop_draft(&tx, "promise", new.customer)?,
    }
    identity.save_counters(&tx)?;
    tx.commit()?;
    open.identity = identity;
    Ok(change.document)
}

/// The day of a stored promise.
pub fn day_of(open: &Open, promise: DocumentId) -> Result<Day> {
    Ok(open.db.query_row(
        "SELECT day FROM promise WHERE document = ?1",
        [promise.0],
        |row| day(row, 0),
    )?)
}
