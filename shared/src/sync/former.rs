//! A device that a restored server does not know: it was enrolled after the backup was made. When its person
//! enrols anew, the old key vouches for the new one, and what was made under it is taken in as theirs.

use sha2::{Digest as _, Sha256};

use crate::ids::{DeviceId, Digest, PersonId};

/// What the former device signs: that this person's device of that code goes on with the new key. A new key
/// is drawn for every enrolment, so that nobody else can use the signature again.
pub fn claim(person: PersonId, device: DeviceId, code: &str, new_key: &[u8; 32]) -> Digest {
    let mut hash = Sha256::new();
    hash.update(b"huikuan former device 1");
    hash.update(person.0.as_bytes());
    hash.update(device.0.as_bytes());
    hash.update((code.len() as u64).to_le_bytes());
    hash.update(code.as_bytes());
    hash.update(new_key);
    Digest(hash.finalize().into())
}
