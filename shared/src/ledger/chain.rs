//! The hash chain of the journal: each entry carries the SHA-256 of the link before it and its own
//! canonical bytes, with who posted it and when it was received.
//!
//! Invariant: any change of, insertion before or removal of an entry shows in every later link.

use sha2::{Digest as _, Sha256};

use crate::{
    day::Timestamp,
    ids::{Digest, PersonId},
};

use super::entry::{Entry, LedgerError};

/// An entry as the journal holds it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ChainedEntry {
    /// What was posted.
    pub entry: Entry,
    /// Who posted it; none for the server itself (imports from the command line).
    pub person: Option<PersonId>,
    /// When the server received the fact.
    pub received_at: Timestamp,
    /// The link: [`link`] of the link before and this entry.
    pub hash: Digest,
}

/// Where and how a journal fails its check.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// The stored link is not what follows from the one before and the entry.
    #[error("link {position} does not follow from what comes before (entry {entry})")]
    Broken {
        /// How many entries precede it in the part that was checked.
        position: u64,
        /// Which entry.
        entry: Digest,
    },
    /// The entry itself is not well formed.
    #[error("entry {entry} at {position} is not well formed: {error}")]
    BadEntry {
        /// How many entries precede it in the part that was checked.
        position: u64,
        /// Which entry.
        entry: Digest,
        /// What is wrong with it.
        error: LedgerError,
    },
}

impl ChainError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Broken { .. } => "ledger.chain_broken",
            Self::BadEntry { .. } => "ledger.chain_bad_entry",
        }
    }
}

/// The link of an entry that follows `previous` (none for the first of the journal).
pub fn link(
    previous: Option<Digest>,
    entry: &Entry,
    person: Option<PersonId>,
    received_at: Timestamp,
) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update(b"huikuan.journal.1\n");
    hasher.update(previous.map_or([0; 32], |digest| digest.0));
    hasher.update(person.map_or([0; 16], |person| *person.0.as_bytes()));
    hasher.update(received_at.0.to_be_bytes());
    hasher.update(entry.canonical_bytes());
    Digest(hasher.finalize().into())
}

/// Checks a part of the journal that follows `previous` (none from its beginning): every entry well
/// formed, every link right. Returns the last link (`previous` if there are no entries).
pub fn verify(
    previous: Option<Digest>,
    entries: impl IntoIterator<Item = ChainedEntry>,
) -> Result<Option<Digest>, ChainError> {
    let mut last = previous;
    for (position, chained) in (0u64..).zip(entries) {
        let entry = chained.entry.id;
        if let Err(error) = chained.entry.validate() {
            return Err(ChainError::BadEntry {
                position,
                entry,
                error,
            });
        }
        let expected = link(last, &chained.entry, chained.person, chained.received_at);
        if expected != chained.hash {
            return Err(ChainError::Broken { position, entry });
        }
        last = Some(expected);
    }
    Ok(last)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        day::Day,
        ids::PaymentId,
        ledger::{
            account::Account,
            entry::{EntryKind, Posting, Source},
        },
        money::Money,
    };

    fn journal(count: u128) -> Vec<ChainedEntry> {
        let mut last = None;
        let mut journal = Vec::new();
        for n in 1..=count {
            let amount = Money::from_fen(n as i64).unwrap();
            let lines = [(Account::Bank, amount), (Account::Sales, amount.negated())];
            let entry = Entry::new(
                EntryKind::BookPayment,
                Source::Payment(PaymentId(Uuid::from_u128(n))),
                Day::new(2026, 11, 21).unwrap(),
                lines
                    .map(|(account, amount)| Posting { account, amount })
                    .to_vec(),
                None,
            )
            .unwrap();
            let person = (n % 2 == 0).then(|| PersonId(Uuid::from_u128(7)));
            let received_at = Timestamp(1_000 + n as i64);
            let hash = link(last, &entry, person, received_at);
            last = Some(hash);
            journal.push(ChainedEntry {
                entry,
                person,
                received_at,
                hash,
            });
        }
        journal
    }

    #[test]
    fn an_untouched_journal_verifies_whole_and_from_any_link() {
        let journal = journal(5);
        let last = journal.last().map(|chained| chained.hash);
        assert_eq!(verify(None, journal.clone()), Ok(last));
        let (head, tail) = journal.split_at(2);
        assert_eq!(verify(Some(head[1].hash), tail.to_vec()), Ok(last));
        assert_eq!(verify(None, []), Ok(None));
    }

    #[test]
    fn every_kind_of_tampering_shows() {
        let broken_at = |journal: Vec<ChainedEntry>| match verify(None, journal) {
            Err(ChainError::Broken { position, .. } | ChainError::BadEntry { position, .. }) => {
                Some(position)
            }
            Ok(_) => None,
        };
        let tampered = |with: fn(&mut Vec<ChainedEntry>)| {
            let mut journal = journal(5);
            with(&mut journal);
            broken_at(journal)
        };
        assert_eq!(tampered(|_| {}), None);
        assert_eq!(tampered(|j| drop(j.remove(1))), Some(1));
        assert_eq!(tampered(|j| j.swap(2, 3)), Some(2));
        assert_eq!(tampered(|j| j.insert(2, j[1].clone())), Some(2));
        assert_eq!(tampered(|j| j[3].person = None), Some(3));
        assert_eq!(tampered(|j| j[3].received_at = Timestamp(0)), Some(3));
        assert_eq!(tampered(|j| j[0].entry.day = Day::from_number(0)), Some(0));
        assert_eq!(tampered(|j| j[4].entry.postings.truncate(1)), Some(4));
        assert_eq!(tampered(|j| j[4].entry.postings.swap(0, 1)), Some(4));
    }
}
