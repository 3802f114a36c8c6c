//! What the store tells commands of finance: the same questions that a book in memory answers.

use std::collections::{BTreeMap, BTreeSet};

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
        decide::{Approval, Decision, HandIn, Known, PaperReceipt, Parts, Standing},
        entry::EntryKind,
        posting,
    },
    money::Money,
    paper::qr::QrFacts,
    receipt::{MethodKind, ReceiptCore},
};

use super::{
    StoreError, bank_rule, books, commands, documents, facts, journal, paper,
    sql::{self, BlobId},
    voids,
};

/// SQL: entries `e` of the receipt `?1`, those before its record came among them.
macro_rules! of_this_receipt {
    () => {
        "(e.document = ?1 OR e.document = (SELECT id FROM paper_receipt WHERE document = ?1))"
    };
}

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
        let paper = paper::words(self.0, id)?.map(|(_, paper)| paper);
        let id = paper::current(self.0, id)?;
        match (documents::record(self.0, id)?, paper) {
            (Some(Record::Receipt(receipt, _)), None) => said(self.0, &receipt.core),
            (Some(Record::Receipt(receipt, _)), Some(paper)) if paper.pays_as(&receipt.core) => {
                said(self.0, &receipt.core)
            }
            (_, Some(paper)) => typed(self.0, &paper),
            _ => Err(StoreError::NotFound("receipt")),
        }
    }

    fn has_receipt(&self, facts: &QrFacts) -> Result<bool, StoreError> {
        let (code, n) = (&facts.number.device_code, facts.number.n);
        Ok(self
            .0
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM receipt_state WHERE device_code = ?1 AND n = ?2 AND seal = ?3)",
            )?
            .query_row(params![code, n, facts.core.blob()], |row| row.get(0))?)
    }

    fn approval(&self, id: DocumentId) -> Result<Option<Approval>, StoreError> {
        voids::approval(self.0, paper::current(self.0, id)?)
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

    fn bank_rule(&self) -> Result<Option<CommandId>, StoreError> {
        Ok(bank_rule::in_force(self.0)?.map(|rule| rule.command))
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

/// What a record says that its receipt pays.
fn said(conn: &Connection, core: &ReceiptCore) -> Result<Parts, StoreError> {
    let mut owners: BTreeMap<InvoiceId, CustomerId> = BTreeMap::new();
    for allocation in &core.allocations {
        if let Some(owner) = books::owner_of(conn, allocation.invoice)? {
            owners.insert(allocation.invoice, owner);
        }
    }
    Ok(posting::receipt_parts(core, &|id| owners.get(&id).copied())?.0)
}

/// What was typed from the paper of a receipt that it pays.
fn typed(conn: &Connection, paper: &PaperReceipt) -> Result<Parts, StoreError> {
    let mut own: BTreeSet<InvoiceId> = BTreeSet::new();
    for paid in &paper.pays {
        if books::owner_of(conn, paid.invoice)? == Some(paper.customer) {
            own.insert(paid.invoice);
        }
    }
    Ok(paper.parts(&|id| own.contains(&id))?)
}

/// A receipt as commands see it: by its record, if that has come.
pub(crate) fn standing(
    conn: &Connection,
    document: DocumentId,
) -> Result<Option<Standing>, StoreError> {
    let found = conn
        .prepare_cached(concat!(
            "SELECT number, customer, person, method, amount, custody, document FROM receipt_state WHERE ",
            sql::of_receipt!()
        ))?
        .query_row([document.blob()], |row| {
            Ok(Standing {
                document: sql::id(row, 6)?,
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
        .prepare_cached(concat!(
            "SELECT e.id FROM journal_entry e WHERE ",
            of_this_receipt!(),
            " ORDER BY e.number LIMIT 1"
        ))?
        .query_row([standing.document.blob()], |row| sql::id(row, 0))
        .optional()?;
    Ok(Some(Standing {
        posted,
        applied: paid(conn, standing.customer, Some(standing.document))?,
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
        Some(_) => of_this_receipt!(),
        None => "e.document IS NULL AND ?1 IS NULL",
    };
    let receipt = receipt
        .map(|receipt| paper::current(conn, receipt))
        .transpose()?;
    let mut statement = conn.prepare_cached(&format!(
        "SELECT e.kind, p.invoice, p.amount FROM journal_entry e JOIN posting p ON p.entry = e.number
         WHERE p.customer = ?2 AND {of}"
    ))?;
    let mut rows = statement.query(params![receipt.as_ref().map(BlobId::blob), customer.blob()])?;
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
