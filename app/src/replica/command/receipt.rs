//! Issuing a receipt: gap-free number, chain to the previous receipt, seal, all in one transaction.

use rusqlite::params;
use shared::{
    day::Timestamp,
    document::{self, Record, edit::Edit},
    ids::{CustomerId, DocumentId, InvoiceId},
    money::Money,
    receipt::{Allocation, Receipt, ReceiptCore, ReceiptNumber},
};

use super::{attach, correct::Correcting, drop_draft, keep_photos, next_origin, put_new, text};
use crate::replica::{
    api::NewReceipt,
    error::{Error, Result},
    host::Host,
    open::Open,
    store::{rows, sync_state::SyncState},
};

/// The number that the next receipt of this device will have.
pub fn next_number(open: &Open, now: Timestamp) -> Result<ReceiptNumber> {
    Ok(ReceiptNumber {
        device_code: open.identity.device_code.clone(),
        day: open.day(now)?,
        n: open.identity.receipt_n.saturating_add(1),
    })
}

fn check(new: &NewReceipt) -> Result<()> {
    if !new.amount.is_positive() {
        return Err(Error::Invalid("receipt.no_amount"));
    }
    if new.allocations.iter().any(|(_, sum)| !sum.is_positive()) {
        return Err(Error::Invalid("receipt.allocation"));
    }
    if Money::sum(new.allocations.iter().map(|(_, sum)| *sum))? > new.amount {
        return Err(Error::Invalid("receipt.allocated_too_much"));
    }
    if new
        .shortfall
        .as_ref()
        .is_some_and(|s| !s.amount.is_positive())
    {
        return Err(Error::Invalid("receipt.shortfall"));
    }
    Ok(())
}

fn allocations(
    open: &Open,
    customer: CustomerId,
    wanted: &[(InvoiceId, Money)],
) -> Result<Vec<Allocation>> {
    let mut statement = open
        .db
        .prepare_cached("SELECT number FROM invoice WHERE id = ?1 AND customer = ?2")?;
    let mut made = Vec::with_capacity(wanted.len());
    for (invoice, amount) in wanted {
        let key = params![invoice.0.into_bytes(), customer.0.into_bytes()];
        let number = match statement.query_row(key, |row| row.get(0)) {
            Err(rusqlite::Error::QueryReturnedNoRows) => return Err(Error::NotFound("invoice")),
            read => read?,
        };
        made.push(Allocation {
            invoice: *invoice,
            number,
            amount: *amount,
        });
    }
    Ok(made)
}

/// Issues a receipt.
pub fn issue(open: &mut Open, host: &Host, new: NewReceipt, now: Timestamp) -> Result<DocumentId> {
    issue_as(open, host, new, None, now)
}

/// Issues a receipt, perhaps in place of a refused one; its number is its own.
pub fn issue_as(
    open: &mut Open,
    host: &Host,
    new: NewReceipt,
    old: Option<&Correcting>,
    now: Timestamp,
) -> Result<DocumentId> {
    check(&new)?;
    let number = next_number(open, now)?;
    let core = ReceiptCore {
        previous: open.identity.receipt_digest,
        customer: new.customer,
        customer_name: rows::customer(&open.db, new.customer)?.name,
        company_name: open.company()?.name,
        person: open.identity.person,
        person_name: open.my_name()?,
        issued_at: now,
        day: number.day,
        method: new.method,
        amount: new.amount,
        allocations: allocations(open, new.customer, &new.allocations)?,
        asked: new.asked,
        shortfall: new.shortfall,
        purpose: text(&new.purpose, "receipt.purpose_too_long")?,
        signature: new
            .signature
            .filter(|s| !s.strokes.0.iter().all(Vec::is_empty)),
        last_server_at: SyncState::load(&open.db)?.data_as_of,
        corrects: old.map(Correcting::corrects).unwrap_or_default(),
        number,
    };
    let mut identity = open.identity.clone();
    let origin = next_origin(open, &mut identity, now);
    let (change, seal) = document::create_receipt(&core, origin, &identity.sealer())?;
    identity.receipt_n = core.number.n;
    identity.receipt_digest = Some(seal.digest);
    let photos = attach(open, host, &new.photos, now)?;
    let receipt = Receipt {
        core,
        void_requests: vec![],
        void_decisions: vec![],
        comments: vec![],
        attachments: vec![],
    };
    let tx = open.begin()?;
    put_new(
        &tx,
        open,
        &change,
        (new.customer, &Record::Receipt(receipt, seal)),
        origin,
        now,
    )?;
    // The sealed core has no photos: they are added to the record as edits.
    for photo in &photos {
        super::edit::apply(
            &tx,
            open,
            change.document,
            &Edit::Attachment(photo.clone()),
            now,
        )?;
    }
    keep_photos(&tx, change.document, &new.photos, now)?;
    match old {
        Some(old) => old.finish(&tx, open, host, change.document, &photos, now)?,
        None => drop_draft(&tx, "receipt", new.customer)?,
    }
    identity.save_counters(&tx)?;
    tx.commit()?;
    open.identity = identity;
    Ok(change.document)
}
