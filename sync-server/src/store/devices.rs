//! Devices and how they are enrolled: a one-time code, valid for 15 minutes and stored as a hash,
//! gives a device its id, its never reused device code and a bearer token, bound to its Ed25519 key.

use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params};
use sha2::{Digest as _, Sha256};
use shared::{
    day::Timestamp,
    ids::{DeviceId, PersonId},
    people::{Person, Role},
};

use super::{
    StoreError, WriteTx,
    former_devices::{self, FormerDevice},
    people,
    sql::{self, BlobId},
};

/// How long an enrolment code is good.
pub const CODE_VALID_MS: i64 = 15 * 60_000;
/// Characters of an enrolment code.
pub const CODE_CHARS: usize = 10;
/// Digits and letters that can't be taken for one another.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A device as the store knows it, with the person it is enrolled for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Identity.
    pub id: DeviceId,
    /// Short code that its receipt numbers begin with; never reused.
    pub code: String,
    /// What its owner calls it.
    pub label: String,
    /// Ed25519 public key.
    pub public_key: [u8; 32],
    /// Counts its batches; its store has to know the number (see `merge::push`).
    pub generation: u64,
    /// When it was enrolled.
    pub enrolled_at: Timestamp,
    /// When it last synced.
    pub last_seen_at: Option<Timestamp>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
    /// Whose it is.
    pub person: Person,
}

/// Why a code does not enrol a device.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// No such code.
    #[error("no such enrolment code")]
    Unknown,
    /// Its 15 minutes are over.
    #[error("the enrolment code has expired")]
    Expired,
    /// It has enrolled a device already.
    #[error("the enrolment code has been used")]
    Used,
    /// The person is disabled.
    #[error("the person is disabled")]
    Disabled,
    /// It claims to have been a device that is somebody else's, or whose key it does not have.
    #[error("the former device was not this one")]
    FormerDevice,
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl EnrolError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "enrol.code_unknown",
            Self::Expired => "enrol.code_expired",
            Self::Used => "enrol.code_used",
            Self::Disabled => "enrol.person_disabled",
            Self::FormerDevice => "enrol.former_device",
            Self::Store(e) => e.code(),
        }
    }
}

/// A code as people type it, made comparable: no dashes or blanks, upper case, O as 0, I and L as 1.
/// None if it has another length or other characters.
pub fn normal_code(typed: &str) -> Option<String> {
    let code: String = typed
        .chars()
        .filter(|c| !matches!(c, '-' | ' ' | '\u{2010}'..='\u{2015}'))
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    let good = code.len() == CODE_CHARS && code.bytes().all(|b| ALPHABET.contains(&b));
    good.then_some(code)
}

fn code_hash(normal: &str) -> [u8; 32] {
    Sha256::digest(format!("huikuan.enrol.1\n{normal}")).into()
}

fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(format!("huikuan.token.1\n{token}")).into()
}

/// Makes a code that enrols one device for a person within 15 minutes of `now`. Only its hash is
/// kept. The code comes with a dash in the middle, for reading out.
pub fn create_code(
    tx: &mut WriteTx<'_>,
    person: PersonId,
    now: Timestamp,
    random: [u8; CODE_CHARS],
) -> Result<String, StoreError> {
    create_code_valid_until(tx, person, now, now.plus_ms(CODE_VALID_MS), random)
}

/// As [`create_code`], good until a given time.
pub fn create_code_valid_until(
    tx: &mut WriteTx<'_>,
    person: PersonId,
    now: Timestamp,
    expires_at: Timestamp,
    random: [u8; CODE_CHARS],
) -> Result<String, StoreError> {
    people::get(tx, person)?.ok_or(StoreError::NotFound("person"))?;
    let code: String = random
        .iter()
        .filter_map(|b| ALPHABET.get(usize::from(b & 31)))
        .map(|&b| char::from(b))
        .collect();
    tx.execute(
        "DELETE FROM enrolment_code WHERE expires_at < ?1",
        [now.plus_ms(-24 * 3_600_000).0],
    )?;
    tx.execute(
        "INSERT INTO enrolment_code (hash, person, created_at, expires_at) VALUES (?1, ?2, ?3, ?4)",
        params![code_hash(&code), person.blob(), now.0, expires_at.0],
    )?;
    let (first, second) = code.split_at(CODE_CHARS / 2);
    Ok(format!("{first}-{second}"))
}

/// What a device brings to its enrolment.
#[derive(Clone, Debug)]
pub struct NewDevice {
    /// Identity, drawn by the server.
    pub id: DeviceId,
    /// What its owner calls it.
    pub label: String,
    /// Ed25519 public key.
    pub public_key: [u8; 32],
    /// Bearer token, drawn by the server; only its hash is kept.
    pub token: String,
}

/// Uses a code up and enrols the device for the code's person.
pub fn enrol(
    tx: &mut WriteTx<'_>,
    typed_code: &str,
    device: &NewDevice,
    now: Timestamp,
) -> Result<Device, EnrolError> {
    enrol_again(tx, typed_code, device, &[], now)
}

/// The same for a device that brings what was made under its former identities.
pub fn enrol_again(
    tx: &mut WriteTx<'_>,
    typed_code: &str,
    device: &NewDevice,
    former: &[FormerDevice],
    now: Timestamp,
) -> Result<Device, EnrolError> {
    let code = normal_code(typed_code).ok_or(EnrolError::Unknown)?;
    let hash = code_hash(&code);
    let found = tx
        .prepare_cached("SELECT person, expires_at, used_at FROM enrolment_code WHERE hash = ?1")
        .and_then(|mut s| {
            s.query_row([hash], |row| {
                Ok((
                    sql::id::<PersonId>(row, 0)?,
                    row.get::<_, i64>(1)?,
                    row.get::<_, Option<i64>>(2)?,
                ))
            })
            .optional()
        })
        .map_err(StoreError::from)?;
    let (person, expires_at, used_at) = found.ok_or(EnrolError::Unknown)?;
    if used_at.is_some() {
        return Err(EnrolError::Used);
    }
    if now.0 > expires_at {
        return Err(EnrolError::Expired);
    }
    let owner = people::get(tx, person)?.ok_or(StoreError::NotFound("person"))?;
    if !owner.active {
        return Err(EnrolError::Disabled);
    }
    tx.execute(
        "UPDATE enrolment_code SET used_at = ?2 WHERE hash = ?1",
        params![hash, now.0],
    )
    .map_err(StoreError::from)?;
    // Before: the new device must not get the code of a former one.
    former_devices::adopt(tx, person, &device.public_key, former, now)?;
    Ok(register(tx, person, device, now)?)
}

/// Adds a device for a person, with the next device code.
pub fn register(
    tx: &mut WriteTx<'_>,
    person: PersonId,
    device: &NewDevice,
    now: Timestamp,
) -> Result<Device, StoreError> {
    let epoch = tx.company()?.epoch;
    let number: i64 = tx.query_row(
        "UPDATE company SET next_device = next_device + 1 RETURNING next_device - 1",
        [],
        |row| row.get(0),
    )?;
    let code = format!("{}{number:02}", epoch_letters(epoch));
    tx.execute(
        "INSERT INTO device (id, person, code, label, public_key, token_hash, generation, enrolled_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7)",
        params![
            device.id.blob(),
            person.blob(),
            code,
            device.label,
            device.public_key,
            token_hash(&device.token),
            now.0
        ],
    )?;
    by_id(tx, device.id)?.ok_or(StoreError::NotFound("device"))
}

/// The epoch in letters: 1 is A, 26 is Z, 27 is AA. A restored server gives codes of another letter.
pub(super) fn epoch_letters(epoch: u64) -> String {
    let (mut rest, mut letters) = (epoch.max(1), Vec::new());
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().map(|&b| char::from(b)).collect()
}

const DEVICE: &str = "SELECT d.id, d.code, d.label, d.public_key, d.generation, d.enrolled_at, d.last_seen_at,
    d.revoked_at, p.id, p.name, p.role, p.phone, p.active FROM device d JOIN person p ON p.id = d.person";

fn read(row: &SqlRow<'_>) -> rusqlite::Result<Device> {
    Ok(Device {
        id: sql::id(row, 0)?,
        code: row.get(1)?,
        label: row.get(2)?,
        public_key: row.get(3)?,
        generation: sql::uint(row, 4)?,
        enrolled_at: Timestamp(row.get(5)?),
        last_seen_at: row.get::<_, Option<i64>>(6)?.map(Timestamp),
        revoked_at: row.get::<_, Option<i64>>(7)?.map(Timestamp),
        person: Person {
            id: sql::id(row, 8)?,
            name: row.get(9)?,
            role: Role::from_slug(&row.get::<_, String>(10)?),
            phone: row.get(11)?,
            active: row.get(12)?,
        },
    })
}

/// A device by id.
pub fn by_id(conn: &Connection, id: DeviceId) -> Result<Option<Device>, StoreError> {
    Ok(conn
        .prepare_cached(&format!("{DEVICE} WHERE d.id = ?1"))?
        .query_row([id.blob()], read)
        .optional()?)
}

/// A device by its short code.
pub fn by_code(conn: &Connection, code: &str) -> Result<Option<Device>, StoreError> {
    Ok(conn
        .prepare_cached(&format!("{DEVICE} WHERE d.code = ?1"))?
        .query_row([code.to_ascii_uppercase()], read)
        .optional()?)
}

/// The device of a bearer token, revoked or not.
pub fn by_token(conn: &Connection, token: &str) -> Result<Option<Device>, StoreError> {
    Ok(conn
        .prepare_cached(&format!("{DEVICE} WHERE d.token_hash = ?1"))?
        .query_row([token_hash(token)], read)
        .optional()?)
}

/// All devices by code.
pub fn all(conn: &Connection) -> Result<Vec<Device>, StoreError> {
    Ok(conn
        .prepare_cached(&format!("{DEVICE} ORDER BY d.code"))?
        .query_map([], read)?
        .collect::<Result<_, _>>()?)
}

/// Revokes a device: its token is no longer good. What it holds unsent stays on it.
pub fn revoke(tx: &mut WriteTx<'_>, device: DeviceId, now: Timestamp) -> Result<(), StoreError> {
    let changed = tx.execute(
        "UPDATE device SET revoked_at = COALESCE(revoked_at, ?2) WHERE id = ?1",
        params![device.blob(), now.0],
    )?;
    match changed {
        0 => Err(StoreError::NotFound("device")),
        _ => Ok(()),
    }
}

/// Records that a device synced without a batch.
pub(crate) fn saw(tx: &WriteTx<'_>, device: DeviceId, now: Timestamp) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE device SET last_seen_at = ?2 WHERE id = ?1")?
        .execute(params![device.blob(), now.0])?;
    Ok(())
}

/// Records that a device's batch was taken in, and counts its generation up.
pub(crate) fn took_batch(
    tx: &WriteTx<'_>,
    device: DeviceId,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE device SET last_seen_at = ?2, generation = generation + 1 WHERE id = ?1",
    )?
    .execute(params![device.blob(), now.0])?;
    Ok(())
}

/// The device's generation.
pub fn generation(conn: &Connection, device: DeviceId) -> Result<u64, StoreError> {
    Ok(conn
        .prepare_cached("SELECT generation FROM device WHERE id = ?1")?
        .query_row([device.blob()], |row| sql::uint(row, 0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let check = |typed: &str, expected: Option<&str>| {
            assert_eq!(normal_code(typed).as_deref(), expected, "{typed}");
        };
        check("abcde-fghjk", Some("ABCDEFGHJK"));
        check(" 0O1il 22222 ", Some("0011122222"));
        check("ABCDE–FGHJK", Some("ABCDEFGHJK"));
        check("ABCDE-FGHJ", None);
        check("ABCDE-FGHJU", None);
        check("收款收款收款收款收款", None);
        check("", None);
    }

    #[test]
    fn device_codes_carry_the_epoch_in_letters() {
        let check = |epoch, letters: &str| assert_eq!(epoch_letters(epoch), letters);
        check(1, "A");
        check(26, "Z");
        check(27, "AA");
        check(52, "AZ");
        check(703, "AAA");
    }
}
