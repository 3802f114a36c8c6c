//! The company's log: one gap-free number for everything that devices hear of, each entry chained to
//! the one before by `sha256(previous chain ‖ body hash)`.

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest as _, Sha256};
use shared::{
    ids::{CustomerId, Digest, PersonId},
    planted::{self, Bug},
};

use super::{
    StoreError, WriteTx,
    sql::{self, BlobId},
};

/// What a log entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogKind {
    /// A change of a document; the reference is its hash.
    Change,
    /// An authoritative row; the reference is its kind and id.
    Row,
    /// A customer entered a person's scope.
    Enter,
    /// A customer left it.
    Leave,
}

impl LogKind {
    const fn slug(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Row => "row",
            Self::Enter => "enter",
            Self::Leave => "leave",
        }
    }
}

/// The newest entry: its number and the chain up to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Number; 0 for an empty log.
    pub seq: u64,
    /// Chain; all zero for an empty log.
    pub chain: Digest,
}

/// The chain's next link.
pub(crate) fn link(previous: &Digest, body_hash: &[u8; 32]) -> Digest {
    Digest(
        Sha256::new()
            .chain_update(previous.0)
            .chain_update(body_hash)
            .finalize()
            .into(),
    )
}

/// Hash of what an entry says.
pub(crate) fn body_hash(kind: LogKind, reference: &[u8], body: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update(kind.slug())
        .chain_update((reference.len() as u64).to_le_bytes())
        .chain_update(reference)
        .chain_update(body)
        .finalize()
        .into()
}

/// The newest entry of the log.
pub fn head(conn: &Connection) -> Result<Head, StoreError> {
    let found = conn
        .prepare_cached("SELECT seq, chain FROM log ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| {
            Ok(Head {
                seq: sql::uint(row, 0)?,
                chain: sql::id(row, 1)?,
            })
        })
        .optional()?;
    Ok(found.unwrap_or(Head {
        seq: 0,
        chain: Digest([0; 32]),
    }))
}

/// The chain at a number; none if the log has no such entry.
pub fn chain_at(conn: &Connection, seq: u64) -> Result<Option<Digest>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT chain FROM log WHERE seq = ?1")?
        .query_row([sql::int(seq)], |row| sql::id(row, 0))
        .optional()?)
}

/// Appends an entry and gives its number.
pub(crate) fn append(
    tx: &mut WriteTx<'_>,
    kind: LogKind,
    reference: &[u8],
    body: &[u8],
    customer: Option<CustomerId>,
    person: Option<PersonId>,
) -> Result<u64, StoreError> {
    let hash = body_hash(kind, reference, body);
    let head = Head {
        seq: tx.head.seq + 1 + u64::from(planted::is(Bug::SkipSeq) && hash[0] < 4),
        chain: link(&tx.head.chain, &hash),
    };
    tx.prepare_cached(
        "INSERT INTO log (seq, kind, ref, customer, person, body_hash, chain) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        sql::int(head.seq),
        kind.slug(),
        reference,
        customer.as_ref().map(BlobId::blob),
        person.as_ref().map(BlobId::blob),
        hash,
        head.chain.0,
    ])?;
    tx.head = head;
    Ok(head.seq)
}

/// Recomputes the chain from the entry after `from` to the end, and checks that no number is missing.
pub(crate) fn verify_from(conn: &Connection, from: u64) -> Result<u64, StoreError> {
    let mut previous = match from {
        0 => Digest([0; 32]),
        _ => chain_at(conn, from)?.ok_or(StoreError::ChainBroken {
            what: "log",
            at: from,
        })?,
    };
    let mut seq = from;
    let mut statement =
        conn.prepare_cached("SELECT seq, body_hash, chain FROM log WHERE seq > ?1 ORDER BY seq")?;
    let mut rows = statement.query([sql::int(from)])?;
    while let Some(row) = rows.next()? {
        let broken = StoreError::ChainBroken {
            what: "log",
            at: seq + 1,
        };
        let (found, hash, chain): (u64, [u8; 32], Digest) =
            (sql::uint(row, 0)?, row.get(1)?, sql::id(row, 2)?);
        if found != seq + 1 || link(&previous, &hash) != chain {
            return Err(broken);
        }
        (previous, seq) = (chain, found);
    }
    Ok(seq - from)
}
