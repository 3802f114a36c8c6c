//! The contact book 客户往来簿: field knowledge about one customer, shared by everybody who visits it.
//!
//! One document a customer. Its creation change is a pure function of the customer's id, so that two
//! phones that both make it offline make the same document.

use std::collections::BTreeMap;

use autosurgeon::{Hydrate, Reconcile};
use serde::{Deserialize, Serialize};

use crate::{
    customer::ContactRole,
    day::Timestamp,
    evidence::{Attachment, Comment, GeoPoint},
    ids::{CustomerId, ElementId, PersonId},
    visit::WarningSign,
};

crate::slug_enum! {
    /// The single facts of the book; each is a key of the document, last writer wins.
    pub enum BookField {
        /// Best time to come, for example 15:30 (seeds 000, 001).
        BestTime = "best_time",
        /// Who pays.
        WhoPays = "who_pays",
        /// Who decides.
        WhoDecides = "who_decides",
        /// Purchasing cycle.
        PurchaseCycle = "purchase_cycle",
        /// Payment cycle.
        PaymentCycle = "payment_cycle",
        /// How much of the delivered goods is sold (seed 000: come at about 80 %).
        StockSold = "stock_sold",
        /// Anything else.
        Remark = "remark",
    }
}

/// A contact met in the field: an immutable element of the `contacts` list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Reconcile, Hydrate)]
pub struct BookContact {
    /// Identity; a later element with `replaces` takes its place.
    pub id: ElementId,
    /// The element that this one corrects.
    pub replaces: Option<ElementId>,
    /// Who wrote it.
    pub author: PersonId,
    /// When.
    pub at: Timestamp,
    /// Name.
    pub name: String,
    /// Part in paying.
    pub role: ContactRole,
    /// Telephone.
    pub phone: String,
}

/// A warning sign seen: an immutable element of the `signs` list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Reconcile, Hydrate)]
pub struct BookSign {
    /// Identity.
    pub id: ElementId,
    /// Who saw it.
    pub author: PersonId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub sign: WarningSign,
}

/// A contact book document as read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactBook {
    /// Whose.
    pub customer: CustomerId,
    /// Single facts that have been written.
    pub fields: BTreeMap<String, String>,
    /// The customer's place, from the first confirmed check-in.
    pub position: Option<GeoPoint>,
    /// Contacts, in document order; those replaced are left out by `current_contacts`.
    pub contacts: Vec<BookContact>,
    /// Warning signs.
    pub signs: Vec<BookSign>,
    /// Comments.
    pub comments: Vec<Comment>,
    /// Photos.
    pub attachments: Vec<Attachment>,
}

impl ContactBook {
    /// Contacts that no later element replaces.
    pub fn current_contacts(&self) -> impl Iterator<Item = &BookContact> {
        self.contacts.iter().filter(|c| {
            !self
                .contacts
                .iter()
                .any(|later| later.replaces == Some(c.id))
        })
    }
}
