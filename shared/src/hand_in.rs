//! The hand-in 交账: the salesperson brings cash and cheques to the cashier, counted before anybody says how much
//! it should be; both sign, and it is sealed when signed. What it comes to finance decides by its own count.
//!
//! A hand-in has no customer: it is of the person in whose hands the money was, and only they, whoever leads them
//! and finance have to do with it ([`HandInCore::account`]).

use serde::{Deserialize, Serialize};

use crate::{
    day::{Day, Timestamp},
    evidence::{Attachment, Comment, Signature},
    ids::{CustomerId, DocumentId, PersonId},
    money::Money,
    receipt::MethodKind,
};

/// Notes and coins that are counted, in fen, the largest first: 100, 50, 20, 10, 5 and 1 yuan, 5 and 1 jiao.
pub const DENOMINATIONS: [u32; 8] = [10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10];

/// So many notes or coins of one denomination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pieces {
    /// What one of them is worth, in fen; one of [`DENOMINATIONS`].
    pub face: u32,
    /// How many; positive.
    pub count: u32,
}

/// What notes and coins come to; none beyond the range of sums.
pub fn counted(pieces: &[Pieces]) -> Option<Money> {
    let fen = pieces.iter().try_fold(0_i64, |sum, pieces| {
        sum.checked_add(i64::from(pieces.face).checked_mul(i64::from(pieces.count))?)
    })?;
    Money::from_fen(fen).ok()
}

/// A receipt whose money is handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedIn {
    /// The receipt.
    pub receipt: DocumentId,
    /// Its number as printed.
    pub number: String,
    /// Cash, cheque or bill; other money is never in anybody's hands.
    pub method: MethodKind,
    /// Its sum; positive.
    pub amount: Money,
}

/// The sealed core of a hand-in: unchangeable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandInCore {
    /// Who hands in.
    pub person: PersonId,
    /// Their name.
    pub person_name: String,
    /// The company's name.
    pub company_name: String,
    /// When both had signed, by the phone's clock.
    pub made_at: Timestamp,
    /// The business day.
    pub day: Day,
    /// What is handed in, each receipt once.
    pub receipts: Vec<HandedIn>,
    /// Cash as counted, the largest first.
    pub pieces: Vec<Pieces>,
    /// What the pieces come to.
    pub cash: Money,
    /// What the cash receipts come to.
    pub expected: Money,
    /// What the cheques and bills come to.
    pub cheques: Money,
    /// Why the count is another sum than the receipts; may be empty if it is not.
    pub note: String,
    /// The signature of who hands in.
    pub signature: Signature,
    /// The signature of who takes the money over.
    pub received: Signature,
}

impl HandInCore {
    /// What stands in the place of the customer in the document's head and wherever the store files documents by
    /// whose they are: the person's own id.
    pub fn account(&self) -> CustomerId {
        account_of(self.person)
    }
}

/// The account that a person's hand-ins are of (see [`HandInCore::account`]).
pub fn account_of(person: PersonId) -> CustomerId {
    CustomerId(person.0)
}

/// A hand-in document as read: sealed core and what has grown around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandIn {
    /// What was counted and signed.
    pub core: HandInCore,
    /// Comments.
    pub comments: Vec<Comment>,
    /// Photos.
    pub attachments: Vec<Attachment>,
}

crate::slug_enum! {
    /// Where a hand-in stands, as the server says.
    pub enum HandInState {
        /// With finance, to be counted.
        Offered = "offered",
        /// Counted and taken over.
        Accepted = "accepted",
        /// Not taken over as it is: the salesperson hands in anew.
        Returned = "returned",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_add_up_in_whole_fen_and_never_overflow() {
        let check = |pieces: &[(u32, u32)], sum: Option<&str>| {
            let pieces: Vec<Pieces> = pieces
                .iter()
                .map(|&(face, count)| Pieces { face, count })
                .collect();
            assert_eq!(counted(&pieces).map(|m| m.to_string()).as_deref(), sum);
        };
        check(&[(10_000, 12), (50, 3), (10, 7)], Some("1202.20"));
        check(&[], Some("0.00"));
        check(&[(u32::MAX, u32::MAX)], None);
    }
}
