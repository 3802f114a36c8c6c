//! A device that claims to have been another one before: believed only if that one's key vouches for it and
//! nobody else is known by it.

#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

mod support;

use std::sync::atomic::{AtomicU8, Ordering};

use ed25519_dalek::{Signer, SigningKey};
use shared::{
    ids::{DeviceId, PersonId},
    sync::former,
};
use support::*;
use sync_server::store::{
    StoreError,
    devices::{self, Device, EnrolError, NewDevice},
    former_devices::FormerDevice,
};

const NEW_KEY: u8 = 77;

fn key(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

fn uuid(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(n)
}

/// A device that the ledger does not know, with a key of its own.
fn was(person: PersonId, code: &str) -> FormerDevice {
    let device = DeviceId(uuid(9_000));
    let new_key = key(NEW_KEY).verifying_key().to_bytes();
    let claim = former::claim(person, device, code, &new_key);
    FormerDevice {
        person,
        device,
        code: code.to_owned(),
        public_key: key(66).verifying_key().to_bytes(),
        signature: key(66).sign(&claim.0).to_bytes(),
    }
}

fn enrol(company: &Company, former: &[FormerDevice]) -> Result<Device, EnrolError> {
    let new = NewDevice {
        id: DeviceId(uuid(9_100)),
        label: String::new(),
        public_key: key(NEW_KEY).verifying_key().to_bytes(),
        token: "new".to_owned(),
    };
    static CODES: AtomicU8 = AtomicU8::new(0);
    let random = [CODES.fetch_add(1, Ordering::Relaxed); 10];
    let code = company
        .store
        .write_at(now(), |tx| {
            devices::create_code(tx, company.rep_a, now(), random)
        })
        .unwrap();
    company.store.write_at(now(), |tx| {
        devices::enrol_again(tx, &code, &new, former, now())
    })
}

fn codes(company: &Company) -> Vec<String> {
    let all = company.store.read(devices::all);
    let all: Result<Vec<Device>, StoreError> = all;
    all.unwrap().into_iter().map(|device| device.code).collect()
}

#[test]
fn a_device_that_is_not_known_is_registered_as_closed_and_its_code_is_not_given_out_again() {
    let company = Company::new();
    enrol(&company, &[was(company.rep_a, "A07")]).unwrap();
    assert_eq!(codes(&company), ["A07", "A08"]);
    // Known now, as the same: nothing to do.
    let again = enrol(&company, &[was(company.rep_a, "A07")]);
    assert!(again.is_err(), "the test's new id is used up");
}

#[test]
fn who_cannot_sign_for_it_or_claims_somebody_elses_enrols_nobody() {
    let company = Company::new();
    let known = company.phone(company.rep_b, 1);
    let refused = |former: FormerDevice| {
        let error = enrol(&company, &[former]).unwrap_err();
        assert_eq!(error.code(), "enrol.former_device");
        assert_eq!(codes(&company), vec![known.device.code.as_str()]);
    };
    let mut forged = was(company.rep_a, "A07");
    forged.signature[3] ^= 1;
    refused(forged);
    let mut other_code = was(company.rep_a, "A07");
    other_code.code = "A08".to_owned();
    refused(other_code);
    // A device that is known as somebody else's, vouched for with a key of one's own.
    let mut stolen = was(company.rep_a, "A07");
    stolen.device = known.device.id;
    let new_key = key(NEW_KEY).verifying_key().to_bytes();
    let claim = former::claim(company.rep_a, known.device.id, "A07", &new_key);
    stolen.signature = key(66).sign(&claim.0).to_bytes();
    refused(stolen);
}

#[test]
fn a_code_that_is_taken_or_was_never_given_out_is_not_registered_and_stops_nobody() {
    let company = Company::new();
    let known = company.phone(company.rep_b, 1);
    for code in [
        known.device.code.as_str(),
        "B01",
        "A999999",
        "07",
        "A",
        "收07",
        "",
    ] {
        let company = Company::new();
        company.phone(company.rep_b, 1);
        enrol(&company, &[was(company.rep_a, code)]).unwrap();
        assert_eq!(codes(&company).len(), 2, "{code}");
    }
}

#[test]
fn what_others_were_is_none_of_this_enrolments_business() {
    let company = Company::new();
    enrol(&company, &[was(company.rep_b, "A07")]).unwrap();
    assert_eq!(codes(&company), ["A01"]);
}
