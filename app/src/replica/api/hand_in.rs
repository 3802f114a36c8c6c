//! Handing in cash and cheques 交账.

use serde::{Deserialize, Serialize};
use shared::{
    day::{Day, Timestamp},
    evidence::{Fix, Strokes},
    hand_in::{HandInState, HandedIn, Pieces},
    ids::DocumentId,
    money::Money,
};

/// A hand-in as it is filled in, and as it is handed over to be sealed. The form keeps it as its draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewHandIn {
    /// Receipts that are not handed in this time; all others in hand are.
    pub left_out: Vec<DocumentId>,
    /// What is handed in, once it was counted; none before.
    pub receipts: Vec<DocumentId>,
    /// Notes and coins as counted.
    pub pieces: Vec<Pieces>,
    /// Why the count is another sum than the receipts.
    pub note: String,
    /// Signature of who hands in.
    pub giver: Strokes,
    /// Name of who takes it over.
    pub receiver_name: String,
    /// Their signature.
    pub receiver: Strokes,
    /// Where, if the phone knows.
    pub fix: Option<Fix>,
}

/// A receipt whose money is in hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldReceipt {
    /// Receipt.
    pub receipt: HandedIn,
    /// Its business day.
    pub day: Day,
    /// Who paid.
    pub customer_name: String,
}

/// The server's word on a hand-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandInWord {
    /// Where it stands.
    pub state: HandInState,
    /// Cash as finance counted it.
    pub counted: Option<Money>,
    /// What of the difference from the receipts is not decided: positive if cash is missing.
    pub undecided: Option<Money>,
    /// Why it was returned; empty if its money was handed in otherwise.
    pub reason: String,
    /// When that was, by the server's clock.
    pub at: Timestamp,
}

/// One's own hand-in in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandInLine {
    /// Record.
    pub document: DocumentId,
    /// Business day.
    pub day: Day,
    /// When it was signed.
    pub at: Timestamp,
    /// Cash as counted.
    pub cash: Money,
    /// Cheques and bills.
    pub cheques: Money,
    /// How many receipts.
    pub receipts: u32,
    /// Has the server got it?
    pub synced: bool,
    /// Was it refused?
    pub rejected: bool,
    /// The server's word on it.
    pub word: Option<HandInWord>,
}

/// What is in hand and what was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandInView {
    /// Cash in hand: the ledger's figure and own receipts that it does not contain yet. What is handed in and not
    /// counted by finance is in it.
    pub cash_in_hand: Money,
    /// Cheques in hand, likewise.
    pub cheques_in_hand: Money,
    /// What can be handed in, in the order taken.
    pub held: Vec<HeldReceipt>,
    /// One's own hand-ins, the newest first.
    pub hand_ins: Vec<HandInLine>,
    /// Name of the person signed in.
    pub my_name: String,
}
