//! Who the store belongs to: person, device, its key, and the counters that must never go back.

use ed25519_dalek::{Signer, SigningKey};
use rusqlite::{Connection, OptionalExtension, params};
use shared::{
    document::Sealer,
    ids::{DeviceId, Digest, PersonId},
};

use super::{person_id, uuid};
use crate::replica::error::Result;

/// The identity as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// Person.
    pub person: PersonId,
    /// Their name when they enrolled.
    pub person_name: String,
    /// Device.
    pub device: DeviceId,
    /// Device code.
    pub device_code: String,
    /// Address of the server, without a slash at its end.
    pub server: String,
    /// Bearer token.
    pub token: String,
    /// Ed25519 secret key.
    pub secret_key: [u8; 32],
    /// Records created so far.
    pub record_counter: u64,
    /// Receipts issued so far under this device code.
    pub receipt_n: u32,
    /// Seal digest of the last of them.
    pub receipt_digest: Option<Digest>,
}

/// Former identities of one store that an enrolment names at most.
const FORMER_KEPT: u32 = 7;

/// Says nothing of token and key.
impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity")
            .field("person", &self.person)
            .field("device", &self.device)
            .finish_non_exhaustive()
    }
}

impl Identity {
    /// Reads it; none in a store that has just been made.
    pub fn load(db: &Connection) -> Result<Option<Self>> {
        let read = db.query_row(
            "SELECT person, person_name, device, device_code, server, token, secret_key,
                    record_counter, receipt_n, receipt_digest FROM identity",
            [],
            |row| {
                Ok(Self {
                    person: person_id(row, 0)?,
                    person_name: row.get(1)?,
                    device: DeviceId(uuid(row, 2)?),
                    device_code: row.get(3)?,
                    server: row.get(4)?,
                    token: row.get(5)?,
                    secret_key: row.get(6)?,
                    record_counter: row.get::<_, i64>(7)?.unsigned_abs(),
                    receipt_n: row.get(8)?,
                    receipt_digest: row.get::<_, Option<[u8; 32]>>(9)?.map(Digest),
                })
            },
        );
        Ok(read.optional()?)
    }

    /// Writes all of it.
    pub fn save(&self, db: &Connection) -> Result<()> {
        db.execute(
            "INSERT OR REPLACE INTO identity (one, person, person_name, device, device_code, server,
               token, secret_key, record_counter, receipt_n, receipt_digest)
             VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                self.person.0.into_bytes(),
                self.person_name,
                self.device.0.into_bytes(),
                self.device_code,
                self.server,
                self.token,
                self.secret_key,
                i64::try_from(self.record_counter).unwrap_or(i64::MAX),
                self.receipt_n,
                self.receipt_digest.map(|d| d.0),
            ],
        )?;
        Ok(())
    }

    /// Writes the counters only.
    pub fn save_counters(&self, db: &Connection) -> Result<()> {
        db.execute(
            "UPDATE identity SET record_counter = ?1, receipt_n = ?2, receipt_digest = ?3",
            params![
                i64::try_from(self.record_counter).unwrap_or(i64::MAX),
                self.receipt_n,
                self.receipt_digest.map(|d| d.0),
            ],
        )?;
        Ok(())
    }

    /// Remembers this identity before another one takes its place.
    pub fn keep_as_former(&self, db: &Connection) -> Result<()> {
        db.execute(
            "INSERT OR REPLACE INTO former_device (device, code, secret_key, place)
             VALUES (?1, ?2, ?3, (SELECT COUNT(*) FROM former_device))",
            params![
                self.device.0.into_bytes(),
                self.device_code,
                self.secret_key
            ],
        )?;
        Ok(())
    }

    /// What this store was before, the newest first, itself among them: those that may have to be vouched for.
    pub fn with_former(&self, db: &Connection) -> Result<Vec<Self>> {
        let mut statement = db.prepare(
            "SELECT device, code, secret_key FROM former_device ORDER BY place DESC LIMIT ?1",
        )?;
        let former = statement.query_map([FORMER_KEPT], |row| {
            Ok(Self {
                device: DeviceId(uuid(row, 0)?),
                device_code: row.get(1)?,
                secret_key: row.get(2)?,
                ..self.clone()
            })
        })?;
        let former = former.collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(std::iter::once(self.clone()).chain(former).collect())
    }

    /// The device's key, for seals and batches.
    pub fn sealer(&self) -> DeviceKey {
        DeviceKey(SigningKey::from_bytes(&self.secret_key))
    }
}

/// The device's Ed25519 key.
pub struct DeviceKey(SigningKey);

impl DeviceKey {
    /// From 32 random bytes.
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }
}

impl Sealer for DeviceKey {
    fn public_key(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    fn sign(&self, digest: &Digest) -> [u8; 64] {
        self.0.sign(&digest.0).to_bytes()
    }
}
