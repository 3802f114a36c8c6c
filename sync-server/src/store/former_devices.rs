//! Devices that were enrolled after the backup from which this ledger was restored: when their person enrols
//! anew, they are registered as closed, so that what was made on them is taken in as that person's.
//!
//! Invariant: a closed device has no token, its code is nobody else's, and its key vouched for the new one.

use rusqlite::params;
use shared::{
    day::Timestamp,
    document::seal,
    ids::{DeviceId, PersonId},
    sync::former,
};

use super::{
    StoreError, WriteTx,
    devices::{self, EnrolError},
    sql::BlobId,
};

/// What a device says of the one that it was before.
#[derive(Clone, Debug)]
pub struct FormerDevice {
    /// Whose it was.
    pub person: PersonId,
    /// Identity.
    pub device: DeviceId,
    /// Its code, which its receipts carry.
    pub code: String,
    /// Its Ed25519 key.
    pub public_key: [u8; 32],
    /// Its signature over [`former::claim`].
    pub signature: [u8; 64],
}

/// Numbers of device codes that may have been given out since a backup was made.
const GIVEN_SINCE: u64 = 1_000;

/// Registers those of this person that are not known; those of others are none of this enrolment's business.
/// One that is known as somebody else's or under another key is a lie: nobody is enrolled then.
pub(super) fn adopt(
    tx: &mut WriteTx<'_>,
    owner: PersonId,
    new_key: &[u8; 32],
    former: &[FormerDevice],
    now: Timestamp,
) -> Result<(), EnrolError> {
    for device in former.iter().filter(|device| device.person == owner) {
        let claim = former::claim(owner, device.device, &device.code, new_key);
        if !seal::verify_signature(&device.public_key, &claim, &device.signature) {
            return Err(EnrolError::FormerDevice);
        }
        match devices::by_id(tx, device.device)? {
            Some(known) if known.person.id == owner && known.public_key == device.public_key => {}
            Some(_) => return Err(EnrolError::FormerDevice),
            None if is_free(tx, &device.code)? => register_closed(tx, device, now)?,
            // The code is another device's by now: the records would look like that one's.
            None => tracing::warn!(device = device.code, "a former device whose code is taken"),
        }
    }
    Ok(())
}

/// Can a device that is not known have had this code? One of this epoch is not given out again.
fn is_free(tx: &mut WriteTx<'_>, code: &str) -> Result<bool, StoreError> {
    let digits = code.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = code.strip_suffix(digits).unwrap_or_default();
    let is_code =
        code.len() <= 8 && !letters.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let (true, Ok(number)) = (is_code, digits.parse::<u64>()) else {
        return Ok(false);
    };
    if devices::by_code(tx, code)?.is_some() {
        return Ok(false);
    }
    let epoch = tx.company()?.epoch;
    if letters != devices::epoch_letters(epoch) {
        return Ok((1..epoch).any(|before| letters == devices::epoch_letters(before)));
    }
    let next = tx
        .prepare_cached("SELECT next_device FROM company")?
        .query_row([], |row| super::sql::uint(row, 0))?;
    if number >= next.saturating_add(GIVEN_SINCE) {
        return Ok(false);
    }
    tx.prepare_cached("UPDATE company SET next_device = MAX(next_device, ?1)")?
        .execute([super::sql::int(number + 1)])?;
    Ok(true)
}

fn register_closed(
    tx: &WriteTx<'_>,
    device: &FormerDevice,
    now: Timestamp,
) -> Result<(), StoreError> {
    // No token has this hash.
    let no_token =
        seal::digest(&[b"huikuan closed device ".as_slice(), device.device.blob()].concat());
    tx.prepare_cached(
        "INSERT INTO device (id, person, code, label, public_key, token_hash, generation, enrolled_at)
         VALUES (?1, ?2, ?3, 'closed', ?4, ?5, 0, ?6)",
    )?
    .execute(params![
        device.device.blob(),
        device.person.blob(),
        device.code,
        device.public_key,
        no_token.blob(),
        now.0
    ])?;
    Ok(())
}
