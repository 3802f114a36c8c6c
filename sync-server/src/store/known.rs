//! What the store tells commands of finance: the same questions that a book in memory answers.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};
use shared::{
    day::Day,
    document::Record,
    ids::{CommandId, CustomerId, DocumentId, InvoiceId, PaymentId},
    invoice::Payment,
    ledger::{
        account::Account,
        command::{Command, CommandError, Debt},
        custody::Custody,
        decide::{Approval, Decision, HandIn, Known, Parts, Standing},
        entry::EntryKind,
        posting,
    },
    money::Money,
    receipt::MethodKind,
};

use super::{
    StoreError, books, commands, documents, facts, journal,
    sql::{self, BlobId},
    voids,
};

/// A refusal of the ledger's rules as an error of the store.
pub(crate) fn refused(error: CommandError) -> StoreError {
    StoreError::from(error)
}

impl From<CommandError> for StoreError {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::Ledger(error) => error.into(),
            error => Self::Command(error),
        }
    }
}

/// The store as commands ask it.
pub(crate) struct Books<'c>(pub &'c Connection);

impl Known for Books<'_> {
    type Error = StoreError;

    fn receipt(&self, id: DocumentId) -> Result<Option<Standing>, StoreError> {
        standing(self.0, id)
    }

    fn claimed(&self, id: DocumentId) -> Result<Parts, StoreError> {
        let Some(Record::Receipt(receipt, _)) = documents::record(self.0, id)? else {
            return Err(StoreError::NotFound("receipt"));
        };
        let mut owners: BTreeMap<InvoiceId, CustomerId> = BTreeMap::new();
        for allocation in &receipt.core.allocations {
            if let Some(owner) = books::owner_of(self.0, allocation.invoice)? {
                owners.insert(allocation.invoice, owner);
            }
        }
        Ok(posting::receipt_parts(&receipt.core, &|id| owners.get(&id).copied())?.0)
    }

    fn approval(&self, id: DocumentId) -> Result<Option<Approval>, StoreError> {
        voids::approval(self.0, id)
    }

    fn has_customer(&self, id: CustomerId) -> Result<bool, StoreError> {
        Ok(books::customer(self.0, id)?.is_some())
    }

    fn owner(&self, id: InvoiceId) -> Result<Option<CustomerId>, StoreError> {
        books::owner_of(self.0, id)
    }

    fn balance(&self, account: Account) -> Result<Money, StoreError> {
        let Account::Receivable { customer, invoice } = account else {
            return journal::balance(self.0, account);
        };
        match invoice {
            None => Ok(books::account(self.0, customer)?.on_account.negated()),
            Some(id) => {
                let row = books::invoice(self.0, id)?.ok_or(StoreError::NotFound("invoice"))?;
                Ok(row.invoice.amount.checked_sub(row.settled)?)
            }
        }
    }

    fn paid(&self, debt: Debt, receipt: Option<DocumentId>) -> Result<Money, StoreError> {
        Ok(paid(self.0, debt.customer, receipt)?
            .get(&debt.invoice)
            .copied()
            .unwrap_or(Money::ZERO))
    }

    fn written_off(&self, debt: Debt) -> Result<Money, StoreError> {
        commands::written_off(self.0, debt)
    }

    fn payment(&self, id: PaymentId) -> Result<Option<Payment>, StoreError> {
        books::payment(self.0, id)
    }

    fn line_used(&self, line: &str) -> Result<bool, StoreError> {
        commands::line_used(self.0, line)
    }

    fn hand_in(&self, id: CommandId) -> Result<Option<HandIn>, StoreError> {
        commands::hand_in(self.0, id)
    }

    fn proposal(&self, id: CommandId) -> Result<Option<(Command, Decision)>, StoreError> {
        commands::proposal(self.0, id)
    }

    fn closed_through(&self) -> Result<Option<Day>, StoreError> {
        facts::closed_through(self.0)
    }
}

/// A receipt as commands see it.
pub(crate) fn standing(
    conn: &Connection,
    document: DocumentId,
) -> Result<Option<Standing>, StoreError> {
    let found = conn
        .prepare_cached(concat!(
            "SELECT number, customer, person, method, amount, custody FROM receipt_state WHERE ",
            sql::of_id!()
        ))?
        .query_row([document.blob()], |row| {
            Ok(Standing {
                document,
                number: row.get(0)?,
                posted: None,
                customer: sql::id(row, 1)?,
                person: sql::id(row, 2)?,
                method: MethodKind::from_slug(&row.get::<_, String>(3)?),
                amount: sql::money(row, 4)?,
                custody: Custody::from_slug(&row.get::<_, String>(5)?),
                applied: Parts::new(),
            })
        })
        .optional()?;
    let Some(standing) = found else {
        return Ok(None);
    };
    let posted = conn
        .prepare_cached("SELECT id FROM journal_entry WHERE document = ?1 ORDER BY number LIMIT 1")?
        .query_row([document.blob()], |row| sql::id(row, 0))
        .optional()?;
    Ok(Some(Standing {
        posted,
        applied: paid(conn, standing.customer, Some(document))?,
        ..standing
    }))
}

/// What of a customer's money from one receipt (or from the books, none) stands on which debt.
fn paid(
    conn: &Connection,
    customer: CustomerId,
    receipt: Option<DocumentId>,
) -> Result<Parts, StoreError> {
    let of = match receipt {
        Some(_) => "e.document = ?2",
        None => "e.document IS NULL AND ?2 IS NULL",
    };
    let mut statement = conn.prepare_cached(&format!(
        "SELECT e.kind, p.invoice, p.amount FROM journal_entry e JOIN posting p ON p.entry = e.number
         WHERE p.customer = ?1 AND {of}"
    ))?;
    let mut rows = statement.query(params![customer.blob(), receipt.as_ref().map(BlobId::blob)])?;
    let mut parts = Parts::new();
    while let Some(row) = rows.next()? {
        let kind = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        if EntryKind::from_slug(kind).is_paid() {
            let part = parts.entry(sql::opt_id(row, 1)?).or_insert(Money::ZERO);
            *part = part.checked_sub(sql::money(row, 2)?)?;
        }
    }
    parts.retain(|_, amount| !amount.is_zero());
    Ok(parts)
}
