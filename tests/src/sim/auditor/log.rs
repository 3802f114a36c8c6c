//! The server's log as it must be: numbers without gaps, each entry chained to the one before, no
//! change in it twice, every body the one that was hashed.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::{Broken, Id};

/// A line of the log with what it is about.
#[derive(Clone, Debug)]
pub struct LogLine {
    /// Number.
    pub seq: u64,
    /// `change`, `row`, `enter` or `leave`.
    pub kind: String,
    /// What it names.
    pub reference: Vec<u8>,
    /// The body, where it is still there in this state.
    pub body: Option<Vec<u8>>,
    /// The record, if it is a change.
    pub record: Option<Id>,
    /// Hash of kind, reference and body as stored.
    pub body_hash: Vec<u8>,
    /// Chain as stored.
    pub chain: Vec<u8>,
}

/// The log so far.
#[derive(Clone, Default)]
pub struct Log {
    chains: Vec<Vec<u8>>,
    changes: BTreeMap<Vec<u8>, (u64, Id)>,
}

fn sha(parts: &[&[u8]]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().to_vec()
}

impl Log {
    /// Takes the next line.
    pub fn take(&mut self, line: &LogLine) -> Result<(), (Broken, String)> {
        let seq = line.seq;
        let expected = self.chains.len() as u64 + 1;
        if seq != expected {
            return Err((
                Broken::Lost,
                format!("the log goes from {} to {seq}", expected - 1),
            ));
        }
        let nothing = vec![0; 32];
        let previous = self.chains.last().unwrap_or(&nothing);
        if sha(&[previous, &line.body_hash]) != line.chain {
            return Err((Broken::Wrong, format!("the log's chain is broken at {seq}")));
        }
        self.chains.push(line.chain.clone());
        if let Some(body) = &line.body {
            let length = (line.reference.len() as u64).to_le_bytes();
            let hash = sha(&[line.kind.as_bytes(), &length, &line.reference, body]);
            if hash != line.body_hash {
                return Err((
                    Broken::Wrong,
                    format!("the body of {seq} is not what was hashed"),
                ));
            }
        }
        if line.kind == "change" {
            let Some(body) = &line.body else {
                return Err((Broken::Lost, format!("the change of {seq} is not stored")));
            };
            // Four bytes of magic and four of checksum are not part of a change's hash.
            if sha(&[body.get(8..).unwrap_or_default()]) != line.reference {
                return Err((
                    Broken::Wrong,
                    format!("the change of {seq} has another hash"),
                ));
            }
            let record = line.record.clone().unwrap_or_default();
            let known = self.changes.insert(line.reference.clone(), (seq, record));
            if let Some((before, _)) = known {
                return Err((
                    Broken::Doubled,
                    format!("one change stands at {before} and {seq}"),
                ));
            }
        }
        Ok(())
    }
}
