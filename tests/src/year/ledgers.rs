//! The ledger twice: in memory, and in the real store. Both are given the same and must answer the same.

use shared::{
    day::{CHINA_OFFSET_MINUTES, Timestamp},
    ids::{CustomerId, DeviceId, DocumentId, PersonId},
    invoice::{Invoice, Payment},
    ledger::{
        book::{Book, Fact},
        command::Command,
    },
};
use sync_server::store::{Store, StoreError, WriteTx, books, desk, documents, rebuild};

/// A fact as the store takes it.
#[derive(Clone)]
pub(super) enum Step {
    /// A record, or an edit of one.
    Change(Change),
    Invoice(Invoice),
    Payment(Payment),
    Command(Command),
}

/// A change that a device sends.
#[derive(Clone)]
pub(super) struct Change {
    /// None for a new record.
    pub document: Option<DocumentId>,
    pub bytes: Vec<u8>,
    pub person: PersonId,
    pub device: DeviceId,
}

pub(super) struct Ledgers {
    book: Book,
    facts: Vec<(Timestamp, Fact)>,
    store: Store,
    is_stored: bool,
    waiting: Vec<(Timestamp, Step)>,
}

/// The code of a refusal.
pub(super) type Refused = String;

impl Ledgers {
    /// From the facts that a store has.
    pub fn begin(
        store: Store,
        is_stored: bool,
        customers: Vec<CustomerId>,
    ) -> Result<Self, String> {
        let mut book = Book::new(CHINA_OFFSET_MINUTES);
        for customer in customers {
            book.add_customer(customer);
        }
        let mut facts = Vec::new();
        let mut missing = 0;
        store
            .read(|conn| {
                rebuild::each_fact(conn, |_, at, fact| match fact {
                    Some(fact) => facts.push((at, fact)),
                    None => missing += 1,
                })
            })
            .map_err(|error: StoreError| error.to_string())?;
        if missing > 0 {
            return Err(format!("{missing} facts name nothing that is there"));
        }
        for (at, fact) in &facts {
            book.apply(*at, fact).map_err(|error| error.to_string())?;
        }
        Ok(Self {
            book,
            facts,
            store,
            is_stored,
            waiting: Vec::new(),
        })
    }

    pub fn book(&self) -> &Book {
        &self.book
    }

    pub fn facts(&self) -> &[(Timestamp, Fact)] {
        &self.facts
    }

    /// The store, if it is played into.
    pub fn store(&self) -> Option<&Store> {
        self.is_stored.then_some(&self.store)
    }

    pub fn into_parts(self) -> (Vec<(Timestamp, Fact)>, Book) {
        (self.facts, self.book)
    }

    /// Brings a fact into both: is it new, or with which code is it refused? The outer error: they do not agree.
    /// No step: the store learns of it with something else.
    pub fn take(
        &mut self,
        at: Timestamp,
        fact: &Fact,
        step: Option<Step>,
    ) -> Result<Result<bool, Refused>, String> {
        match self.book.apply(at, fact) {
            Ok(is_new) => {
                if is_new {
                    self.facts.push((at, fact.clone()));
                }
                if let Some(step) = step {
                    self.send(at, step);
                }
                Ok(Ok(is_new))
            }
            Err(error) => {
                if let Some(step) = step {
                    self.must_refuse(at, &step, error.code())?;
                }
                Ok(Err(error.code().to_owned()))
            }
        }
    }

    /// Brings something into the store that is no fact of the ledger.
    pub fn send(&mut self, at: Timestamp, step: Step) {
        if self.is_stored {
            self.waiting.push((at, step));
        }
    }

    fn must_refuse(&mut self, at: Timestamp, step: &Step, code: &str) -> Result<(), String> {
        self.flush()?;
        if !self.is_stored {
            return Ok(());
        }
        match self.store.write_at(at, |tx| carry_out(tx, step, at)) {
            Err(error) if error.code() == code => Ok(()),
            Err(error) => Err(format!(
                "the store refuses with {} what the book refuses with {code}",
                error.code()
            )),
            Ok(()) => Err(format!("the store takes what the book refuses with {code}")),
        }
    }

    /// Brings all that waits into the store.
    pub fn flush(&mut self) -> Result<(), String> {
        let waiting = std::mem::take(&mut self.waiting);
        let Some((first, _)) = waiting.first() else {
            return Ok(());
        };
        self.store
            .write_at(*first, |tx| {
                for (at, step) in &waiting {
                    tx.set_now(*at);
                    carry_out(tx, step, *at)?;
                }
                Ok(())
            })
            .map_err(|error: StoreError| format!("the store refuses: {error}"))
    }

    /// The store's ledger made anew of its facts is the one that stands, and is the one in memory.
    pub fn check_rebuild(&mut self) -> Result<(), String> {
        self.flush()?;
        let Some(store) = self.store() else {
            return Ok(());
        };
        let rebuilt = store
            .read(rebuild::rebuild)
            .map_err(|error: StoreError| error.to_string())?;
        if !rebuilt.problems.is_empty() {
            return Err(format!("rebuild: {}", rebuilt.problems.join("; ")));
        }
        match rebuilt.book.entries() == self.book.entries() {
            true => Ok(()),
            false => Err("the store's facts give another ledger than the book".to_owned()),
        }
    }
}

fn carry_out(tx: &mut WriteTx<'_>, step: &Step, at: Timestamp) -> Result<(), StoreError> {
    match step {
        Step::Change(change) => {
            let Change {
                document,
                bytes,
                person,
                device,
            } = change;
            let admitted = documents::admit_trusted(tx, *document, bytes, *person, *device, at, 0);
            admitted.map(|_| ()).map_err(|error| match error {
                documents::AdmitError::Store(error) => error,
                documents::AdmitError::Rejected(error) => StoreError::Damaged(error.to_string()),
            })
        }
        Step::Invoice(invoice) => books::put_invoice(tx, invoice, at).map(|_| ()),
        Step::Payment(payment) => books::put_payment(tx, payment, at).map(|_| ()),
        Step::Command(command) => desk::take(tx, command).map(|_| ()),
    }
}
