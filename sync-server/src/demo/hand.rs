//! A demo device: its key, its actor, its counters, and how it makes and signs records.

use ed25519_dalek::{Signer as _, SigningKey};
use shared::{
    day::Timestamp,
    document::{
        NewChange, Origin, Sealer,
        edit::{self, Edit},
    },
    ids::{Digest, DocumentId, PersonId},
    people::Person,
    receipt::ReceiptNumber,
};

use super::{dice::Dice, fill::DemoError};
use crate::store::{
    WriteTx,
    devices::{self, Device, NewDevice},
    documents,
};

/// A device in somebody's hand.
pub(super) struct Hand {
    pub person: Person,
    pub device: Device,
    key: SigningKey,
    actor: [u8; 16],
    counter: u64,
    receipts: u32,
    previous: Option<Digest>,
}

impl Sealer for Hand {
    fn public_key(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }
    fn sign(&self, digest: &Digest) -> [u8; 64] {
        self.key.sign(&digest.0).to_bytes()
    }
}

impl Hand {
    /// Registers a device for a person. Its token is drawn from the system and thrown away.
    pub fn register(
        tx: &mut WriteTx<'_>,
        dice: &mut Dice,
        person: &Person,
        at: Timestamp,
    ) -> Result<Self, DemoError> {
        let key = SigningKey::from_bytes(&dice.bytes());
        let mut secret = [0u8; 32];
        getrandom::fill(&mut secret).map_err(|_| DemoError::Entropy)?;
        let new = NewDevice {
            id: shared::ids::DeviceId(dice.uuid(at.0)),
            label: "演示".to_owned(),
            public_key: key.verifying_key().to_bytes(),
            token: Digest(secret).to_string(),
        };
        let device = devices::register(tx, person.id, &new, at)?;
        Ok(Self {
            person: person.clone(),
            device,
            key,
            actor: dice.bytes(),
            counter: 0,
            receipts: 0,
            previous: None,
        })
    }

    /// Whose device it is.
    pub fn person_id(&self) -> PersonId {
        self.person.id
    }

    /// Where the next record comes from.
    pub fn origin(&mut self, at: Timestamp) -> Origin {
        self.counter += 1;
        Origin {
            device: self.device.id,
            counter: self.counter,
            actor: self.actor,
            at_s: at.0.div_euclid(1_000),
        }
    }

    /// The actor of its changes.
    pub fn actor(&self) -> [u8; 16] {
        self.actor
    }

    /// Number of the next receipt, and the seal of the one before.
    pub fn next_receipt(&mut self, day: shared::day::Day) -> (ReceiptNumber, Option<Digest>) {
        self.receipts += 1;
        let number = ReceiptNumber {
            device_code: self.device.code.clone(),
            day,
            n: self.receipts,
        };
        (number, self.previous)
    }

    /// Remembers the seal of the receipt just issued.
    pub fn issued(&mut self, seal: Digest) {
        self.previous = Some(seal);
    }

    /// Sends a change to the ledger.
    pub fn push(
        &self,
        tx: &mut WriteTx<'_>,
        change: &NewChange,
        at: Timestamp,
    ) -> Result<DocumentId, DemoError> {
        self.push_by_clock(tx, change, at, 0)
    }

    /// Sends a change while the device's clock is off by so much.
    pub fn push_by_clock(
        &self,
        tx: &mut WriteTx<'_>,
        change: &NewChange,
        at: Timestamp,
        clock_off_ms: i64,
    ) -> Result<DocumentId, DemoError> {
        // A creation change has the hash that is its document's id.
        let existing = (change.hash.0 != change.document.0).then_some(change.document);
        let (person, device) = (self.person.id, self.device.id);
        documents::admit_trusted(
            tx,
            existing,
            &change.bytes,
            person,
            device,
            at,
            clock_off_ms,
        )?;
        Ok(change.document)
    }

    /// Edits the document that these changes give, sends the edit, and adds it to them.
    pub fn edit(
        &self,
        tx: &mut WriteTx<'_>,
        changes: &mut Vec<Vec<u8>>,
        edit: &Edit,
        at: Timestamp,
    ) -> Result<(), DemoError> {
        let change = edit::apply(changes, edit, self.actor, at.0.div_euclid(1_000))?;
        self.push(tx, &change, at)?;
        changes.push(change.bytes);
        Ok(())
    }
}
