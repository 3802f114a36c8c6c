//! What the server knows of a receipt whose code somebody shows: the device of its number, and the ledger's record.

use rusqlite::{Connection, params};
use shared::{
    day::Day,
    ids::{CustomerId, DocumentId},
    paper::{
        qr,
        receipt_check::{Booked, Checked, InLedger, Signer},
    },
    receipt::{ReceiptNumber, ReceiptState},
};

use super::{
    StoreError, company,
    devices::{self, Device},
    quarantine, sql,
};

/// What was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The judgement.
    pub checked: Checked,
    /// The device of the receipt's number.
    pub device: Option<Device>,
    /// The day on which it was revoked.
    pub revoked_on: Option<Day>,
    /// Whose receipt it is by the ledger, if the ledger has it.
    pub customer: Option<CustomerId>,
    /// The receipt itself, if the ledger has it.
    pub receipt: Option<DocumentId>,
}

/// Checks the text of a receipt's code.
pub fn check(conn: &Connection, text: &str) -> Result<Found, StoreError> {
    let facts = match qr::read_qr(text) {
        Ok(facts) => facts,
        Err(error) => return Ok(nothing_known(Checked::unread(error))),
    };
    let Some(device) = devices::by_code(conn, &facts.number.device_code)? else {
        return Ok(nothing_known(Checked::of(text, None, &[], None)));
    };
    let company = company::get(conn)?.ok_or(StoreError::NotFound("company"))?;
    let revoked_on = device
        .revoked_at
        .map(|at| Day::of(at, company.utc_offset_minutes));
    let signer = Signer {
        public_key: device.public_key,
        revoked_on,
        person_active: device.person.active,
    };
    let booked = under_number(conn, &facts.number)?;
    let receipts: Vec<Booked> = booked.iter().map(|(receipt, ..)| *receipt).collect();
    let mut checked = Checked::of(text, Some(&signer), &receipts, None);
    // Only who holds a good code has what was refused, or waits, looked through for it.
    if matches!(
        checked.ledger,
        Some(InLedger::NotReceived | InLedger::OtherReceipt)
    ) {
        let aside = quarantine::receipt(conn, device.person.id, facts.core)?;
        checked = Checked::of(text, Some(&signer), &receipts, aside);
    }
    let own = booked
        .iter()
        .find(|(receipt, ..)| receipt.core == facts.core)
        .filter(|_| checked.ledger.is_some());
    Ok(Found {
        checked,
        device: Some(device),
        revoked_on,
        customer: own.map(|(_, customer, _)| *customer),
        receipt: own.map(|(.., receipt)| *receipt),
    })
}

fn nothing_known(checked: Checked) -> Found {
    Found {
        checked,
        device: None,
        revoked_on: None,
        customer: None,
        receipt: None,
    }
}

/// The customers who bear the name of the payer in a code.
pub fn payers(conn: &Connection, payer: &str) -> Result<Vec<CustomerId>, StoreError> {
    let all = super::desk_reads::customers(conn)?.into_iter();
    let named = all.filter(|customer| super::paper::is_payer(&customer.name, payer));
    Ok(named.map(|customer| customer.id).collect())
}

/// What the ledger has under a number: one receipt, or two if a phone was set back.
fn under_number(
    conn: &Connection,
    number: &ReceiptNumber,
) -> Result<Vec<(Booked, CustomerId, DocumentId)>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT seal, amount, day, state, customer, document FROM receipt_state WHERE device_code = ?1 AND n = ?2",
        )?
        .query_map(params![number.device_code, number.n], |row| {
            let booked = Booked {
                core: sql::id(row, 0)?,
                amount: sql::money(row, 1)?,
                day: sql::day(row, 2)?,
                state: ReceiptState::from_slug(&row.get::<_, String>(3)?),
            };
            Ok((booked, sql::id(row, 4)?, sql::id(row, 5)?))
        })?
        .collect::<Result<_, _>>()?)
}
