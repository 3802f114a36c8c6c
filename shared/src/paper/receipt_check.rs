//! Is a receipt to be relied on? Judged from the text of its code and from what the server knows of the device that
//! signed it and of the ledger's receipt under its number.
//!
//! Invariants: without a good signature nothing is said of the ledger, so that nobody can ask it with an invented
//! text; a record of the ledger is the receipt's own by the digest of its sealed core, never by its number alone;
//! the day in the code is what the phone said, so it alone clears no receipt of a device that was revoked.

use super::qr::{self, QrError, QrFacts};
use crate::{day::Day, ids::Digest, money::Money, receipt::ReceiptState};

/// What the server knows of the device whose code a receipt's number carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signer {
    /// Its Ed25519 key.
    pub public_key: [u8; 32],
    /// The day on which it was revoked.
    pub revoked_on: Option<Day>,
    /// Is its person still let in?
    pub person_active: bool,
}

/// A receipt that the ledger has under the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Booked {
    /// Digest of its sealed core.
    pub core: Digest,
    /// Sum.
    pub amount: Money,
    /// Day printed.
    pub day: Day,
    /// Where it stands.
    pub state: ReceiptState,
}

/// What the code itself proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A device in use signed exactly this.
    Genuine,
    /// A device signed this; it was revoked after the day in the code.
    RevokedSince,
    /// The same, on that very day.
    RevokedThatDay,
    /// A device signed this; it was revoked before the day in the code.
    RevokedBefore,
    /// A device signed this; its person is let in no more, since when is not known.
    PersonDisabled,
    /// No device with this code signed this.
    Altered,
    /// No device has ever had this code.
    UnknownDevice,
    /// The code of a receipt of a newer version.
    NewerCode,
    /// Not the code of a receipt.
    NoReceipt,
}

impl Proof {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Genuine,
        Self::RevokedSince,
        Self::RevokedThatDay,
        Self::RevokedBefore,
        Self::PersonDisabled,
        Self::Altered,
        Self::UnknownDevice,
        Self::NewerCode,
        Self::NoReceipt,
    ];

    /// The short text that names it.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Genuine => "genuine",
            Self::RevokedSince => "revoked_since",
            Self::RevokedThatDay => "revoked_that_day",
            Self::RevokedBefore => "revoked_before",
            Self::PersonDisabled => "person_disabled",
            Self::Altered => "altered",
            Self::UnknownDevice => "unknown_device",
            Self::NewerCode => "newer_code",
            Self::NoReceipt => "no_receipt",
        }
    }

    /// Did a device of the company sign the figures?
    pub fn is_signed(self) -> bool {
        !matches!(
            self,
            Self::Altered | Self::UnknownDevice | Self::NewerCode | Self::NoReceipt
        )
    }

    fn of(signer: &Signer, day: Day) -> Self {
        match signer.revoked_on {
            Some(revoked) if day > revoked => Self::RevokedBefore,
            Some(revoked) if day == revoked => Self::RevokedThatDay,
            Some(_) => Self::RevokedSince,
            None if signer.person_active => Self::Genuine,
            None => Self::PersonDisabled,
        }
    }
}

/// What the ledger has of a receipt that a device signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InLedger {
    /// The very record, with the same sum and day.
    Same(ReceiptState),
    /// The very record, with another sum or day: the device signed two things.
    Differs,
    /// Another record under the same number; this one is not there.
    OtherReceipt,
    /// Nothing, but it came: it was refused.
    Refused,
    /// Nothing, but it came and was refused; another receipt that corrects it is in the ledger.
    Corrected,
    /// Nothing, but it came: from a device that was revoked, and waits for review.
    InReview,
    /// Nothing: it has not come yet.
    NotReceived,
}

/// Where a record lies that came and is not in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aside {
    /// Refused.
    Refused,
    /// Refused, and corrected by another.
    Corrected,
    /// Kept for review.
    InReview,
}

impl InLedger {
    /// The short text that names it.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Same(_) => "same",
            Self::Differs => "differs",
            Self::OtherReceipt => "other_receipt",
            Self::Refused => "refused",
            Self::Corrected => "corrected",
            Self::InReview => "in_review",
            Self::NotReceived => "not_received",
        }
    }

    fn of(facts: &QrFacts, booked: &[Booked], aside: Option<Aside>) -> Self {
        match booked.iter().find(|receipt| receipt.core == facts.core) {
            Some(own) if (own.amount, own.day) == (facts.amount, facts.day) => {
                Self::Same(own.state)
            }
            Some(_) => Self::Differs,
            None => match aside {
                Some(Aside::Refused) => Self::Refused,
                Some(Aside::Corrected) => Self::Corrected,
                Some(Aside::InReview) => Self::InReview,
                None if booked.is_empty() => Self::NotReceived,
                None => Self::OtherReceipt,
            },
        }
    }
}

/// Both together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// To be relied on.
    Good,
    /// Signed by a device of the company, but something has to be cleared first.
    Doubtful,
    /// Not to be relied on.
    Bad,
}

impl Verdict {
    /// The short text that names it.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Doubtful => "doubtful",
            Self::Bad => "bad",
        }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What the code proves.
    pub proof: Proof,
    /// What the code says, whoever wrote it; none if it cannot be read.
    pub facts: Option<QrFacts>,
    /// What the ledger has of it; none without a good signature, or if it may not be told.
    pub ledger: Option<InLedger>,
}

impl Checked {
    /// Judges a code: `signer` is the device of its number, `booked` what the ledger has under that number, `aside`
    /// where its record lies if it came and is not in the ledger.
    pub fn of(
        text: &str,
        signer: Option<&Signer>,
        booked: &[Booked],
        aside: Option<Aside>,
    ) -> Self {
        let facts = match qr::read_qr(text) {
            Ok(facts) => facts,
            Err(error) => return Self::unread(error),
        };
        let proof = match signer {
            None => Proof::UnknownDevice,
            Some(signer) if qr::verify_qr(text, &signer.public_key).is_err() => Proof::Altered,
            Some(signer) => Proof::of(signer, facts.day),
        };
        let ledger = proof
            .is_signed()
            .then(|| InLedger::of(&facts, booked, aside));
        Self {
            proof,
            facts: Some(facts),
            ledger,
        }
    }

    /// The code could not be read.
    pub fn unread(error: QrError) -> Self {
        let proof = match error {
            QrError::UnknownVersion => Proof::NewerCode,
            QrError::Unreadable | QrError::BadSignature => Proof::NoReceipt,
        };
        Self {
            proof,
            facts: None,
            ledger: None,
        }
    }

    /// Is anything of it here, or of its number?
    pub fn is_known(&self) -> bool {
        self.ledger
            .is_some_and(|ledger| ledger != InLedger::NotReceived)
    }

    /// May it be entered from its paper copy? A device of the company signed it when it was in use, by the day that it
    /// gives, and its record has not come. (A phone that is lost is revoked: its receipts are entered all the same.)
    pub fn may_be_entered(&self) -> bool {
        self.ledger == Some(InLedger::NotReceived)
            && self.proof.is_signed()
            && self.proof != Proof::RevokedBefore
    }

    /// Is the receipt to be relied on? Where nothing is known of the ledger, the code alone is judged.
    pub fn verdict(&self) -> Verdict {
        match (self.proof, self.ledger) {
            (proof, _) if !proof.is_signed() => Verdict::Bad,
            (_, Some(InLedger::Differs)) => Verdict::Bad,
            (_, Some(InLedger::Same(ReceiptState::Voided))) => Verdict::Doubtful,
            // Taken in by the server's rules or, from a revoked device, released by people.
            (_, Some(InLedger::Same(_))) => Verdict::Good,
            (Proof::RevokedBefore, _) => Verdict::Bad,
            (
                _,
                Some(
                    InLedger::OtherReceipt
                    | InLedger::Refused
                    | InLedger::Corrected
                    | InLedger::InReview,
                ),
            ) => Verdict::Doubtful,
            (Proof::Genuine, _) => Verdict::Good,
            _ => Verdict::Doubtful,
        }
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::*;
    use crate::{
        document::{Seal, Sealer},
        paper::{qr::qr_payload, tests::receipt_core},
    };

    struct Device(SigningKey);

    impl Sealer for Device {
        fn public_key(&self) -> [u8; 32] {
            self.0.verifying_key().to_bytes()
        }
        fn sign(&self, digest: &Digest) -> [u8; 64] {
            self.0.sign(&digest.0).to_bytes()
        }
    }

    fn device() -> Device {
        Device(SigningKey::from_bytes(&[1; 32]))
    }

    const CORE: Digest = Digest([7; 32]);

    fn code() -> String {
        let seal = Seal {
            digest: CORE,
            signature: [0; 64],
            public_key: device().public_key(),
        };
        qr_payload(&receipt_core(), &seal, &device())
    }

    /// The device that signed, revoked so many days after the receipt's day.
    fn signer(revoked_after: Option<i64>) -> Signer {
        Signer {
            public_key: device().public_key(),
            revoked_on: revoked_after.map(|days| receipt_core().day.plus_days(days)),
            person_active: true,
        }
    }

    fn booked(state: ReceiptState) -> Booked {
        let core = receipt_core();
        Booked {
            core: CORE,
            amount: core.amount,
            day: core.day,
            state,
        }
    }

    fn judged(signer: &Signer, booked: &[Booked]) -> (Proof, Option<InLedger>, Verdict) {
        let checked = Checked::of(&code(), Some(signer), booked, None);
        (checked.proof, checked.ledger, checked.verdict())
    }

    #[test]
    fn what_a_device_in_use_signed_is_good_whether_the_ledger_has_it_or_waits_for_it() {
        let posted = ReceiptState::Posted;
        let same = judged(&signer(None), &[booked(posted)]);
        let expected = (Proof::Genuine, Some(InLedger::Same(posted)), Verdict::Good);
        assert_eq!(same, expected);
        let waits = judged(&signer(None), &[]);
        let expected = (Proof::Genuine, Some(InLedger::NotReceived), Verdict::Good);
        assert_eq!(waits, expected);
    }

    #[test]
    fn an_altered_code_and_one_of_no_device_are_bad_and_nothing_of_the_ledger_is_told() {
        let posted = [booked(ReceiptState::Posted)];
        let forged = code().replace("12000.00", "22000.00");
        let altered = Checked::of(&forged, Some(&signer(None)), &posted, None);
        assert_eq!((altered.proof, altered.ledger), (Proof::Altered, None));
        assert_eq!(altered.verdict(), Verdict::Bad);
        let unknown = Checked::of(&code(), None, &posted, None);
        let found = (unknown.proof, unknown.ledger, unknown.verdict());
        assert_eq!(found, (Proof::UnknownDevice, None, Verdict::Bad));
    }

    #[test]
    fn a_text_that_is_no_receipts_code_is_told_from_one_of_a_newer_version() {
        let proof = |text: &str| Checked::of(text, Some(&signer(None)), &[], None).proof;
        assert_eq!(proof("https://example.com"), Proof::NoReceipt);
        assert_eq!(proof(""), Proof::NoReceipt);
        assert_eq!(proof("HK9|whatever"), Proof::NewerCode);
    }

    #[test]
    fn of_a_revoked_device_only_what_the_ledger_has_is_good() {
        for (days, proof, alone) in [
            (1, Proof::RevokedSince, Verdict::Doubtful),
            (0, Proof::RevokedThatDay, Verdict::Doubtful),
            (-1, Proof::RevokedBefore, Verdict::Bad),
        ] {
            let device = signer(Some(days));
            let waits = (proof, Some(InLedger::NotReceived), alone);
            assert_eq!(judged(&device, &[]), waits);
            let in_ledger = judged(&device, &[booked(ReceiptState::Cleared)]);
            assert_eq!((in_ledger.0, in_ledger.2), (proof, Verdict::Good));
        }
        let mut left = signer(None);
        left.person_active = false;
        let found = judged(&left, &[]);
        assert_eq!(
            (found.0, found.2),
            (Proof::PersonDisabled, Verdict::Doubtful)
        );
    }

    #[test]
    fn a_voided_receipt_is_genuine_and_yet_not_to_be_relied_on() {
        let found = judged(&signer(None), &[booked(ReceiptState::Voided)]);
        assert_eq!((found.0, found.2), (Proof::Genuine, Verdict::Doubtful));
    }

    #[test]
    fn the_ledgers_receipt_is_known_by_its_digest_and_then_has_to_agree_to_the_fen() {
        let mut other = booked(ReceiptState::Posted);
        other.core = Digest([8; 32]);
        let found = judged(&signer(None), &[other]);
        let expected = (Some(InLedger::OtherReceipt), Verdict::Doubtful);
        assert_eq!((found.1, found.2), expected);
        let own = booked(ReceiptState::Posted);
        let beside = judged(&signer(None), &[other, own]);
        assert_eq!(beside.1, Some(InLedger::Same(ReceiptState::Posted)));
        for differing in [
            Booked {
                amount: Money::from_fen(1_200_001).unwrap(),
                ..own
            },
            Booked {
                day: own.day.plus_days(1),
                ..own
            },
        ] {
            let found = judged(&signer(None), &[differing]);
            assert_eq!((found.1, found.2), (Some(InLedger::Differs), Verdict::Bad));
        }
    }

    #[test]
    fn where_the_ledger_may_not_be_told_the_code_alone_is_judged() {
        let mut checked = Checked::of(
            &code(),
            Some(&signer(None)),
            &[booked(ReceiptState::Voided)],
            None,
        );
        checked.ledger = None;
        assert_eq!(checked.verdict(), Verdict::Good);
    }

    #[test]
    fn what_came_and_is_not_in_the_ledger_is_said_to_be_so_and_clears_nobody() {
        for (aside, ledger) in [
            (Aside::Refused, InLedger::Refused),
            (Aside::Corrected, InLedger::Corrected),
            (Aside::InReview, InLedger::InReview),
        ] {
            let judged = |days| {
                let found = Checked::of(&code(), Some(&signer(days)), &[], Some(aside));
                assert!(found.is_known() && !found.may_be_entered());
                (found.ledger, found.verdict())
            };
            assert_eq!(judged(None), (Some(ledger), Verdict::Doubtful));
            assert_eq!(judged(Some(-1)), (Some(ledger), Verdict::Bad));
        }
        // What the ledger has counts before anything that lies aside.
        let posted = [booked(ReceiptState::Posted)];
        let aside = Some(Aside::InReview);
        let found = Checked::of(&code(), Some(&signer(None)), &posted, aside);
        assert_eq!(found.verdict(), Verdict::Good);
    }

    #[test]
    fn a_paper_is_entered_if_a_device_signed_it_in_its_time_and_nothing_of_it_has_come() {
        let entered = |signer: &Signer, booked: &[Booked]| {
            Checked::of(&code(), Some(signer), booked, None).may_be_entered()
        };
        assert!(entered(&signer(None), &[]));
        assert!(entered(&signer(Some(0)), &[]) && entered(&signer(Some(3)), &[]));
        assert!(!entered(&signer(Some(-1)), &[]));
        assert!(!entered(&signer(None), &[booked(ReceiptState::Posted)]));
        assert!(!entered(&signer(None), &[booked(ReceiptState::Voided)]));
        let mut other = booked(ReceiptState::Posted);
        other.core = Digest([8; 32]);
        assert!(!entered(&signer(None), &[other]));
        let forged = code().replace("12000.00", "22000.00");
        assert!(!Checked::of(&forged, Some(&signer(None)), &[], None).may_be_entered());
    }
}
