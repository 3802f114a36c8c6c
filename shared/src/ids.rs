//! Typed identifiers. Rows have UUIDv7 ids given by whoever creates them; a document's id is the
//! hash of its creation change; an attachment's id is the hash of its bytes.
//!
//! Invariant: ids of different things are different types and cannot be mixed up.

use std::{fmt, str::FromStr};

use autosurgeon::{Hydrate, HydrateError, Reconcile, Reconciler, reconcile::NoKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// Text that is not an id of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind} id")]
pub struct IdError {
    /// Which kind of id was expected.
    pub kind: &'static str,
}

impl IdError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        "id.invalid"
    }
}

macro_rules! uuid_id {
    ($($(#[$meta:meta])* $name:ident, $kind:literal;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{}({})", $kind, self.0) }
        }
        impl FromStr for $name {
            type Err = IdError;
            fn from_str(s: &str) -> Result<Self, IdError> {
                Uuid::from_str(s).map(Self).map_err(|_| IdError { kind: $kind })
            }
        }
        impl Reconcile for $name {
            type Key<'a> = NoKey;
            fn reconcile<R: Reconciler>(&self, mut r: R) -> Result<(), R::Error> { r.bytes(self.0.as_bytes()) }
        }
        impl Hydrate for $name {
            fn hydrate_bytes(bytes: &[u8]) -> Result<Self, HydrateError> {
                Uuid::from_slice(bytes).map(Self).map_err(|_| HydrateError::unexpected($kind, "bytes of another length".to_owned()))
            }
        }
    )+};
}

uuid_id! {
    /// A company: one ledger, one log.
    CompanyId, "company";
    /// A person who signs in: salesperson, supervisor, finance clerk or administrator.
    PersonId, "person";
    /// A phone or computer enrolled for one person.
    DeviceId, "device";
    /// A group of customers under one supervisor.
    TerritoryId, "territory";
    /// A debtor.
    CustomerId, "customer";
    /// One receivable.
    InvoiceId, "invoice";
    /// A payment taken over from the company's books.
    PaymentId, "payment";
    /// A comment, photo note, void request or other element of a document's list.
    ElementId, "element";
    /// A command of finance: given by who issues it, so that the same command twice is one.
    CommandId, "command";
}

const fn hex_digit(nibble: u8) -> u8 {
    match nibble {
        0..=9 => b'0' + nibble,
        _ => b'a' + nibble - 10,
    }
}

macro_rules! hash_id {
    ($($(#[$meta:meta])* $name:ident, $kind:literal;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 32]);

        impl $name {
            /// Takes 32 bytes as they come from a store or a message.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, IdError> {
                bytes.try_into().map(Self).map_err(|_| IdError { kind: $kind })
            }
            /// The first 12 hex digits in groups of four, for people to compare by eye.
            pub fn fingerprint(&self) -> String {
                let hex = self.to_string();
                format!("{} {} {}", &hex[0..4], &hex[4..8], &hex[8..12])
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                // At once, not digit by digit: every entry of a journal is hashed over such texts.
                let mut hex = [0u8; 64];
                for (pair, byte) in hex.chunks_exact_mut(2).zip(self.0) {
                    pair.copy_from_slice(&[hex_digit(byte >> 4), hex_digit(byte & 15)]);
                }
                f.write_str(std::str::from_utf8(&hex).map_err(|_| fmt::Error)?)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{}({self})", $kind) }
        }
        impl FromStr for $name {
            type Err = IdError;
            fn from_str(s: &str) -> Result<Self, IdError> {
                let err = IdError { kind: $kind };
                if s.len() != 64 || !s.is_ascii() { return Err(err); }
                let mut out = [0u8; 32];
                for (i, byte) in out.iter_mut().enumerate() {
                    *byte = u8::from_str_radix(&s[2 * i..2 * i + 2], 16).map_err(|_| err.clone())?;
                }
                Ok(Self(out))
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                if s.is_human_readable() { s.collect_str(self) } else { self.0.serialize(s) }
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                if d.is_human_readable() {
                    String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
                } else {
                    <[u8; 32]>::deserialize(d).map(Self)
                }
            }
        }
        impl Reconcile for $name {
            type Key<'a> = NoKey;
            fn reconcile<R: Reconciler>(&self, mut r: R) -> Result<(), R::Error> { r.bytes(self.0) }
        }
        impl Hydrate for $name {
            fn hydrate_bytes(bytes: &[u8]) -> Result<Self, HydrateError> {
                Self::from_slice(bytes).map_err(|_| HydrateError::unexpected($kind, "bytes of another length".to_owned()))
            }
        }
    )+};
}

hash_id! {
    /// A document: the hash of the change that created it.
    DocumentId, "document";
    /// One change of a document.
    ChangeHash, "change";
    /// SHA-256 of an attachment's bytes.
    ContentHash, "content";
    /// SHA-256 of a sealed core, of a journal entry, or of a link of the log's chain.
    Digest, "digest";
    /// A statement: the hash of whose it is, its day and its revision.
    StatementId, "statement";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_reads_back_from_what_it_prints() {
        let id = DocumentId([0xab; 32]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.fingerprint(), "abab abab abab");
    }

    #[test]
    fn text_that_is_no_id_is_refused() {
        for bad in ["", "xyz", &"g".repeat(64), &"é".repeat(32)] {
            assert!(bad.parse::<DocumentId>().is_err(), "{bad}");
            assert!(bad.parse::<CustomerId>().is_err(), "{bad}");
        }
    }
}
