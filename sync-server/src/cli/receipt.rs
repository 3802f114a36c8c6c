//! `receipt verify`: is a receipt to be relied on, by the text of its code alone and by what the ledger has.
//!
//! Invariant: nothing of the text reaches the screen but figures that were read and a name without control characters.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use clap::Subcommand;
use shared::paper::{
    qr::QrFacts,
    receipt_check::{Checked, InLedger, Proof, Verdict},
};

use super::{CliError, open_existing};
use crate::store::receipt_check::{self, Found};

/// A code is far shorter; of a longer text no more is read.
const MOST_BYTES: u64 = 64 << 10;

#[derive(Subcommand, Debug)]
pub(super) enum ReceiptCommand {
    /// Check the text of a receipt's QR code without the network; exit code 4 if it is not to be relied on
    Verify {
        /// The text, as any reader of QR codes gives it; - reads it from standard input
        #[arg(required_unless_present = "file", conflicts_with = "file")]
        text: Option<String>,
        /// File that holds the text
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

pub(super) fn run(data: &Path, command: ReceiptCommand) -> Result<(), CliError> {
    let ReceiptCommand::Verify { text, file } = command;
    let store = open_existing(data)?;
    let text = match (text, file) {
        (_, Some(path)) => {
            let opened = File::open(&path);
            opened.and_then(read).map_err(|e| unread(&path, &e))?
        }
        (Some(text), None) if text != "-" => text,
        _ => read(std::io::stdin()).map_err(|e| unread(Path::new("standard input"), &e))?,
    };
    let found =
        store.read(|conn| receipt_check::check(conn, text.trim_start_matches('\u{feff}')))?;
    if let Some(facts) = &found.checked.facts {
        println!("The code says: {}", figures(facts));
    }
    if found.checked.proof.is_signed() {
        println!("{}", signed_by(&found));
    }
    let sentence = sentence(&found.checked);
    match found.checked.verdict() {
        Verdict::Good => println!("Genuine: {sentence}"),
        Verdict::Doubtful => return Err(CliError::ReceiptInDoubt(sentence)),
        Verdict::Bad => return Err(CliError::NotGenuine(sentence)),
    }
    Ok(())
}

fn read(from: impl Read) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    from.take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn unread(path: &Path, error: &std::io::Error) -> CliError {
    CliError::Read(path.to_owned(), error.to_string())
}

fn figures(facts: &QrFacts) -> String {
    let payer: String = facts.payer.chars().filter(|c| !c.is_control()).collect();
    format!("{}  {}  {}  {payer}", facts.number, facts.day, facts.amount)
}

fn signed_by(found: &Found) -> String {
    let Some(device) = &found.device else {
        return String::new();
    };
    let revoked = found
        .revoked_on
        .map_or_else(String::new, |day| format!(", revoked on {day}"));
    let (code, person) = (&device.code, &device.person.name);
    format!("Signed by device {code} of {person}{revoked}.")
}

/// Why, in one sentence without its full stop.
fn sentence(checked: &Checked) -> String {
    let of_code = match checked.proof {
        Proof::Altered => {
            "number, date, amount or payer were altered, or another device made the code"
        }
        Proof::UnknownDevice => {
            "no device of this company has the code that the number begins with"
        }
        Proof::NewerCode => "the code is of a newer version: update the server, then check again",
        Proof::NoReceipt => "this is not the text of a receipt's code",
        Proof::Genuine => "a device in use signed exactly these figures",
        Proof::RevokedSince => "signed under a day on which the device was not revoked yet",
        Proof::RevokedThatDay => "signed under the very day on which the device was revoked",
        Proof::RevokedBefore => "signed under a day after the device was revoked",
        Proof::PersonDisabled => "signed by the device of a person who is disabled by now",
    };
    match checked.ledger {
        Some(ledger) => format!("{of_code}; {}", of_ledger(ledger)),
        None => of_code.to_owned(),
    }
}

fn of_ledger(ledger: InLedger) -> String {
    match ledger {
        InLedger::Same(state) => {
            format!(
                "the ledger has it with the same sum and day ({})",
                state.slug()
            )
        }
        InLedger::Differs => "but the ledger has this record with another sum or day".to_owned(),
        InLedger::OtherReceipt => {
            "but the ledger has another receipt under this number, and not this one".to_owned()
        }
        InLedger::Refused => {
            "it came and was refused, so the ledger does not have it (quarantine list)".to_owned()
        }
        InLedger::Corrected => {
            "it came and was refused; the ledger has another receipt that corrects it".to_owned()
        }
        InLedger::InReview => {
            "it came and waits for review, so the ledger does not have it yet (review list)"
                .to_owned()
        }
        InLedger::NotReceived => "the ledger does not have it: not received yet".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use shared::receipt::ReceiptState;

    use super::*;

    #[test]
    fn every_outcome_has_a_sentence_of_its_own_that_names_the_ledgers_word_only_after_a_signature()
    {
        let mut said = std::collections::BTreeSet::new();
        for proof in Proof::ALL {
            let ledgers = [
                InLedger::Same(ReceiptState::Posted),
                InLedger::Differs,
                InLedger::OtherReceipt,
                InLedger::Refused,
                InLedger::Corrected,
                InLedger::InReview,
                InLedger::NotReceived,
            ];
            let known = ledgers.into_iter().map(Some).chain([None]);
            for ledger in known.filter(|l| l.is_none() || proof.is_signed()) {
                let checked = Checked {
                    proof,
                    facts: None,
                    ledger,
                };
                let sentence = sentence(&checked);
                assert_eq!(sentence.contains("ledger"), ledger.is_some(), "{sentence}");
                assert!(said.insert(sentence.clone()), "twice: {sentence}");
            }
        }
    }
}
