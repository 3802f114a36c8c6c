//! The QR code of a printed receipt: what a customer or a clerk can check without the network.
//!
//! Text of one line: `HK1|number|date|amount|digest|signature|payer`. The digest of the sealed core
//! ties the paper to the record on the server. The seal's own signature covers only that digest, so
//! it would not show a changed amount to somebody without the record; therefore the device signs
//! (Ed25519) the SHA-256 of all the figures in the code.
//!
//! Invariants: no input makes the reader panic; a code whose figures were changed is refused.

use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest as _, Sha256};

use crate::{
    day::Day,
    document::{Seal, Sealer},
    ids::Digest,
    money::Money,
    receipt::{ReceiptCore, ReceiptNumber},
};

/// Name and version of the format.
const VERSION: &str = "HK1";
/// The longest text that is looked at, in bytes.
pub const MAX_BYTES: usize = 1_000;
/// The payer's name is cut to this many characters.
pub const PAYER_CHARS: usize = 60;

/// What the code says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrFacts {
    /// Number.
    pub number: ReceiptNumber,
    /// Date printed.
    pub day: Day,
    /// Amount.
    pub amount: Money,
    /// Digest of the receipt's sealed core.
    pub core: Digest,
    /// Payer's name, cut to [`PAYER_CHARS`], without control characters or `|`.
    pub payer: String,
}

/// Why a code is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// Not the code of a receipt.
    #[error("not the code of a receipt")]
    Unreadable,
    /// A receipt's code of a version that is not known here.
    #[error("a newer kind of receipt code")]
    UnknownVersion,
    /// Number, date, amount, payer or digest were changed, or another device signed.
    #[error("the signature does not belong to these figures")]
    BadSignature,
}

impl QrError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable => "qr.unreadable",
            Self::UnknownVersion => "qr.unknown_version",
            Self::BadSignature => "qr.bad_signature",
        }
    }
}

impl QrFacts {
    fn of(core: &ReceiptCore, digest: Digest) -> Self {
        Self {
            number: core.number.clone(),
            day: core.day,
            amount: core.amount,
            core: digest,
            payer: payer_in_code(&core.customer_name),
        }
    }

    /// What the device signs.
    fn digest(&self) -> Digest {
        let text = format!(
            "huikuan.receipt-code.1\n{}\n{}\n{}\n{}\n{}\n",
            self.number, self.day, self.amount, self.core, self.payer
        );
        Digest(Sha256::digest(text.as_bytes()).into())
    }
}

/// A payer's name as a code gives it: cut to [`PAYER_CHARS`], blanks for control characters and `|`.
pub fn payer_in_code(name: &str) -> String {
    let plain = |c: char| if c == '|' || c.is_control() { ' ' } else { c };
    name.chars().map(plain).take(PAYER_CHARS).collect()
}

/// The text of a receipt's QR code, signed by the device that issued it. The same receipt and device
/// always give the same text.
pub fn qr_payload(core: &ReceiptCore, seal: &Seal, sealer: &dyn Sealer) -> String {
    let facts = QrFacts::of(core, seal.digest);
    let signature = sealer.sign(&facts.digest());
    let signature: String = signature.iter().map(|b| format!("{b:02x}")).collect();
    let QrFacts {
        number,
        day,
        amount,
        core,
        payer,
    } = facts;
    format!("{VERSION}|{number}|{day}|{amount}|{core}|{signature}|{payer}")
}

/// Reads a code and checks it against the public key of the device whose code its number carries.
pub fn verify_qr(text: &str, public_key: &[u8; 32]) -> Result<QrFacts, QrError> {
    let (facts, signature) = parse(text)?;
    let key = VerifyingKey::from_bytes(public_key).map_err(|_| QrError::BadSignature)?;
    key.verify_strict(&facts.digest().0, &Signature::from_bytes(&signature))
        .map_err(|_| QrError::BadSignature)?;
    Ok(facts)
}

/// Reads a code without checking its signature: to find the device, whose key then checks it.
pub fn read_qr(text: &str) -> Result<QrFacts, QrError> {
    parse(text).map(|(facts, _)| facts)
}

fn parse(text: &str) -> Result<(QrFacts, [u8; 64]), QrError> {
    let text = text.trim();
    if text.len() > MAX_BYTES {
        return Err(QrError::Unreadable);
    }
    let fields: Vec<&str> = text.split('|').collect();
    match fields.first() {
        Some(&VERSION) => {}
        Some(other) if is_version(other) => return Err(QrError::UnknownVersion),
        _ => return Err(QrError::Unreadable),
    }
    let [_, number, day, amount, core, signature, payer] = fields.as_slice() else {
        return Err(QrError::Unreadable);
    };
    let facts = QrFacts {
        number: number.parse().map_err(|_| QrError::Unreadable)?,
        day: day.parse().map_err(|_| QrError::Unreadable)?,
        amount: amount.parse().map_err(|_| QrError::Unreadable)?,
        core: core.parse().map_err(|_| QrError::Unreadable)?,
        payer: (*payer).to_owned(),
    };
    let signature = signature_bytes(signature).ok_or(QrError::Unreadable)?;
    Ok((facts, signature))
}

/// `HK` and a number.
fn is_version(text: &str) -> bool {
    text.strip_prefix("HK")
        .is_some_and(|n| !n.is_empty() && n.len() <= 3 && n.bytes().all(|b| b.is_ascii_digit()))
}

fn signature_bytes(hex: &str) -> Option<[u8; 64]> {
    if hex.len() != 128 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let bytes: Option<Vec<u8>> = (0..64)
        .map(|i| hex.get(2 * i..2 * i + 2))
        .map(|pair| u8::from_str_radix(pair?, 16).ok())
        .collect();
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer, SigningKey};
    use proptest::prelude::*;

    use super::*;
    use crate::paper::tests::receipt_core;

    struct Device(SigningKey);

    impl Sealer for Device {
        fn public_key(&self) -> [u8; 32] {
            self.0.verifying_key().to_bytes()
        }
        fn sign(&self, digest: &Digest) -> [u8; 64] {
            self.0.sign(&digest.0).to_bytes()
        }
    }

    fn device(seed: u8) -> Device {
        Device(SigningKey::from_bytes(&[seed; 32]))
    }

    fn payload(core: &ReceiptCore, device: &Device) -> String {
        let seal = Seal {
            digest: Digest([7; 32]),
            signature: [0; 64],
            public_key: device.public_key(),
        };
        qr_payload(core, &seal, device)
    }

    #[test]
    fn a_code_reads_back_and_proves_who_signed() {
        let device = device(1);
        let text = payload(&receipt_core(), &device);
        let facts = verify_qr(&text, &device.public_key()).unwrap();
        assert_eq!(facts, QrFacts::of(&receipt_core(), Digest([7; 32])));
        assert_eq!(read_qr(&text), Ok(facts));
        assert_eq!(text, payload(&receipt_core(), &device));
        assert!(text.len() < 300, "{}", text.len());
        let other = super::tests::device(2).public_key();
        assert_eq!(verify_qr(&text, &other), Err(QrError::BadSignature));
    }

    #[test]
    fn a_changed_figure_shows() {
        let device = device(1);
        let text = payload(&receipt_core(), &device);
        for (old, new) in [
            ("A07-261121-2", "A07-261121-3"),
            ("2026-11-21", "2026-11-22"),
            ("12000.00", "2000.00"),
            ("鑫源", "金源"),
            ("0707", "0708"),
        ] {
            let forged = text.replacen(old, new, 1);
            assert_ne!(forged, text);
            let checked = verify_qr(&forged, &device.public_key());
            assert_eq!(checked, Err(QrError::BadSignature), "{old} → {new}");
        }
    }

    #[test]
    fn an_odd_payer_can_neither_break_nor_bloat_the_code() {
        let device = device(1);
        let mut core = receipt_core();
        core.customer_name = "甲|乙\n".to_owned() + &"长".repeat(500);
        let text = payload(&core, &device);
        let facts = verify_qr(&text, &device.public_key()).unwrap();
        assert_eq!(facts.payer.chars().count(), PAYER_CHARS);
        assert!(facts.payer.starts_with("甲 乙 长") && text.len() < MAX_BYTES);
    }

    #[test]
    fn text_that_is_no_receipt_code_is_told_from_a_newer_one() {
        let check = |text: &str, error: QrError| assert_eq!(read_qr(text), Err(error), "{text}");
        check("", QrError::Unreadable);
        check("https://example.com/?a=1|2", QrError::Unreadable);
        check("HK1", QrError::Unreadable);
        check(
            "HK1|A07-261121-2|2026-11-21|1.00|00|00|x",
            QrError::Unreadable,
        );
        check("HK2|anything", QrError::UnknownVersion);
        check(&format!("HK1|{}", "|".repeat(5_000)), QrError::Unreadable);
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(
            text in ".{0,200}",
            at in 0usize..400,
            with in proptest::char::any(),
        ) {
            let device = device(1);
            prop_assert!(verify_qr(&text, &device.public_key()).is_err());
            let good = payload(&receipt_core(), &device);
            let mut changed: Vec<char> = good.chars().collect();
            if let Some(c) = changed.get_mut(at) {
                *c = with;
            }
            let changed: String = changed.into_iter().collect();
            if let Ok(facts) = verify_qr(&changed, &device.public_key()) {
                prop_assert_eq!(facts, QrFacts::of(&receipt_core(), Digest([7; 32])));
            }
            let _ = verify_qr(&changed, &[9; 32]);
        }
    }
}
