//! A write transaction: the head of the log as it grows, and what has to be sent again at its end.

use std::{collections::BTreeSet, ops::Deref};

use rusqlite::{Connection, Transaction};
use shared::{
    day::{Day, Timestamp},
    ids::{CustomerId, DocumentId, InvoiceId, PersonId},
};

use super::{StoreError, books, company, field_cash, log, promises, receipts, scope};

/// Something whose row is sent once more at the end of the transaction, however often it changed.
/// The order is the order of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Dirty {
    /// A customer's own row.
    Customer(CustomerId),
    /// An invoice and what is settled of it.
    Invoice(InvoiceId),
    /// On account and in transit.
    Account(CustomerId),
    /// Where a receipt stands.
    Receipt(DocumentId),
    /// All promises of a customer.
    Promises(CustomerId),
    /// Cash in a person's hands.
    FieldCash(PersonId),
    /// Who sees a customer. Last, so that what the transaction wrote lies before the customer's entry
    /// into somebody's scope and comes with its snapshot.
    Scope(CustomerId),
}

/// One transaction under the company's lock. Reads go through it as through a connection.
pub struct WriteTx<'c> {
    conn: Transaction<'c>,
    pub(crate) head: log::Head,
    now: Timestamp,
    dirty: BTreeSet<Dirty>,
    company: Option<company::Company>,
}

impl Deref for WriteTx<'_> {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        &self.conn
    }
}

impl<'c> WriteTx<'c> {
    pub(crate) fn begin(conn: Transaction<'c>, now: Timestamp) -> Result<Self, StoreError> {
        let head = log::head(&conn)?;
        Ok(Self {
            conn,
            head,
            now,
            dirty: BTreeSet::new(),
            company: None,
        })
    }

    /// The time of this transaction by the server's clock.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Makes what follows happen at another time (for history that is brought in later).
    pub fn set_now(&mut self, now: Timestamp) {
        self.now = now;
    }

    /// The company.
    pub fn company(&mut self) -> Result<company::Company, StoreError> {
        if self.company.is_none() {
            self.company = company::get(&self.conn)?;
        }
        self.company.clone().ok_or(StoreError::NotFound("company"))
    }

    /// The company's business day at this transaction's time.
    pub fn today(&mut self) -> Result<Day, StoreError> {
        let now = self.now;
        Ok(Day::of(now, self.company()?.utc_offset_minutes))
    }

    /// Does something that may be refused without losing the rest of the transaction: an error undoes
    /// only what `work` did.
    pub(crate) fn attempt<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let run = |conn: &Connection, sql| -> Result<(), StoreError> {
            conn.prepare_cached(sql)?.execute([])?;
            Ok(())
        };
        let head = self.head;
        run(&self.conn, "SAVEPOINT attempt")?;
        let result = work(self);
        if result.is_err() {
            // What was marked as touched may stay so: sending an unchanged row does nothing.
            self.head = head;
            run(&self.conn, "ROLLBACK TO attempt")?;
        }
        run(&self.conn, "RELEASE attempt")?;
        result
    }

    pub(crate) fn forget_company(&mut self) {
        self.company = None;
    }

    pub(crate) fn mark(&mut self, dirty: Dirty) {
        self.dirty.insert(dirty);
    }

    /// Sends what was touched so far, so that what follows in this transaction sees it (scope above all).
    pub(crate) fn settle(&mut self) -> Result<(), StoreError> {
        while let Some(dirty) = self.dirty.pop_first() {
            match dirty {
                Dirty::Customer(id) => books::send_customer(self, id)?,
                Dirty::Invoice(id) => books::send_invoice(self, id)?,
                Dirty::Account(id) => books::send_account(self, id)?,
                Dirty::Receipt(id) => receipts::send(self, id)?,
                Dirty::Promises(id) => promises::recompute(self, id)?,
                Dirty::FieldCash(id) => field_cash::send(self, id)?,
                Dirty::Scope(id) => scope::refresh(self, id)?,
            }
        }
        Ok(())
    }

    /// Sends what was touched, commits, and gives the head of the log.
    pub(crate) fn finish(mut self) -> Result<u64, StoreError> {
        self.settle()?;
        let seq = self.head.seq;
        self.conn.commit()?;
        Ok(seq)
    }
}
