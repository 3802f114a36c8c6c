//! Correcting a record that the server refused: a new record takes its place, with a number, a seal and
//! a signature of its own, and says which one it corrects.
//!
//! Invariant: the new record is there and the refused one is dealt with in one transaction: killed at any
//! moment, the phone shows and counts one of them.

use rusqlite::Connection;
use shared::{
    day::Timestamp,
    document::{Kind, Record, edit::Edit},
    evidence::{Attachment, Comment},
    ids::{CustomerId, DocumentId},
    visit::Visit,
};

use crate::replica::{
    api::{Correction, FormView},
    error::{Error, Result},
    host::Host,
    open::{Open, new_element},
    query,
    store::{attachments, corrections, documents, drafts, project},
};

/// The refused record that a new one takes the place of.
pub struct Correcting {
    document: DocumentId,
    customer: CustomerId,
    record: Record,
}

impl Correcting {
    /// The record, if it was refused and can be corrected.
    fn begin(open: &Open, document: DocumentId) -> Result<Self> {
        let row = documents::get(&open.db, document)?;
        if corrections::by(&open.db, document)?.is_some() {
            return Err(Error::Invalid("record.corrected_already"));
        }
        let is_mine = row.author == open.identity.person;
        match row.rejected {
            Some(code) if is_mine && corrections::is_correctable(&code) => {}
            _ => return Err(Error::Invalid("record.not_refused")),
        }
        if matches!(row.kind, Kind::HandIn | Kind::Proposal | Kind::Statement) {
            // What a hand-in holds is in hand again, a statement is to be agreed again: it is signed anew. What was asked
            // for is asked anew.
            return Err(Error::Invalid("record.not_refused"));
        }
        let (_, record) = project::load(&open.db, document)?;
        Ok(Self {
            document,
            customer: row.customer,
            record,
        })
    }

    /// Everything that the new record takes the place of.
    pub fn corrects(&self) -> Vec<DocumentId> {
        let earlier = self.record.corrects().iter().copied();
        std::iter::once(self.document).chain(earlier).collect()
    }

    /// The refused visit, if it is one: when and where it was stays as it was.
    pub fn visit(&self) -> Option<&Visit> {
        match &self.record {
            Record::Visit(visit) => Some(visit),
            _ => None,
        }
    }

    fn comments(&self) -> &[Comment] {
        match &self.record {
            Record::Visit(visit) => &visit.comments,
            Record::Promise(promise, _) => &promise.comments,
            Record::Receipt(receipt, _) => &receipt.comments,
            Record::ContactBook(_)
            | Record::HandIn(..)
            | Record::Proposal(_)
            | Record::Statement(..) => &[],
        }
    }

    /// The new record stands, within a transaction of the caller: its photos are sent for it, what was
    /// said about the refused one is said about it, and the form is forgotten. (That the refused one is
    /// dealt with was noted when the new one was put into the lists.)
    pub fn finish(
        &self,
        db: &Connection,
        open: &Open,
        host: &Host,
        document: DocumentId,
        photos: &[Attachment],
        now: Timestamp,
    ) -> Result<()> {
        for photo in photos {
            attachments::send_for(db, photo.content, document)?;
        }
        for said in self.comments() {
            if said.author == open.identity.person {
                let id = new_element(host)?;
                let comment = Comment { id, ..said.clone() };
                super::edit::apply(db, open, document, &Edit::Comment(comment), now)?;
            }
        }
        drafts::drop(db, &format!("correct/{}", self.document))
    }
}

/// Saves a record in place of a refused one.
pub fn save(
    open: &mut Open,
    host: &Host,
    refused: DocumentId,
    new: Correction,
    now: Timestamp,
) -> Result<DocumentId> {
    let old = Correcting::begin(open, refused)?;
    let same_customer = |customer| customer == old.customer;
    match (new, &old.record) {
        (Correction::Visit(new), Record::Visit(_)) if same_customer(new.customer) => {
            super::visit::save_as(open, host, *new, Some(&old), now)
        }
        (Correction::Promise(new), Record::Promise(..)) if same_customer(new.customer) => {
            super::promise::sign_as(open, host, *new, Some(&old), now)
        }
        (Correction::Receipt(new), Record::Receipt(..)) if same_customer(new.customer) => {
            super::receipt::issue_as(open, host, *new, Some(&old), now)
        }
        _ => Err(Error::Invalid("record.not_refused")),
    }
}

/// What the form of a correction needs to know: figures and promises as if the refused record were not there.
pub fn form(open: &Open, refused: DocumentId, now: Timestamp) -> Result<FormView> {
    let old = Correcting::begin(open, refused)?;
    // Never committed.
    let tx = open.begin_unseen()?;
    corrections::set_aside(&tx, refused)?;
    let view = query::form::view(open, old.customer, now)?;
    tx.rollback()?;
    Ok(view)
}
