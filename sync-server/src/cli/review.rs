//! `review list|release|discard`: what revoked devices still sent.

use std::path::Path;

use clap::Subcommand;
use shared::ids::ChangeHash;

use super::{CliError, open_existing};
use crate::{review, store::Store};

#[derive(Subcommand, Debug)]
pub(super) enum ReviewCommand {
    /// List what waits: hash, device, person and time
    List {
        /// What was discarded, instead
        #[arg(long)]
        discarded: bool,
    },
    /// Take records into the log and the ledger; each is flagged for finance
    Release {
        /// Hashes as `review list` prints them (discarded ones as well), or `all` that wait
        #[arg(required = true)]
        which: Vec<String>,
    },
    /// Put a record aside; `review list --discarded` shows it, and it can still be released
    Discard {
        /// Hash as `review list` prints it
        hash: String,
    },
}

pub(super) fn run(data: &Path, command: ReviewCommand) -> Result<(), CliError> {
    let store = open_existing(data)?;
    match command {
        ReviewCommand::List { discarded } => {
            let which = if discarded {
                review::discarded
            } else {
                review::list
            };
            for waiting in store.read(which)? {
                println!(
                    "{}  {:<6}  {:<10}  {}",
                    waiting.hash,
                    waiting.device.code,
                    waiting.device.person.name,
                    shared::day::Day::of(waiting.received_at, shared::day::CHINA_OFFSET_MINUTES)
                );
            }
            Ok(())
        }
        ReviewCommand::Release { which } => release(&store, &which),
        ReviewCommand::Discard { hash } => {
            review::discard(&store, parse(&hash)?)?;
            println!("Put aside.");
            Ok(())
        }
    }
}

fn release(store: &Store, which: &[String]) -> Result<(), CliError> {
    let hashes: Vec<ChangeHash> = match which {
        [all] if all == "all" => store
            .read(review::list)?
            .into_iter()
            .map(|waiting| waiting.hash)
            .collect(),
        some => some.iter().map(|h| parse(h)).collect::<Result<_, _>>()?,
    };
    let (mut taken, mut last_refusal) = (0, None);
    for hash in hashes {
        match review::release(store, hash, crate::clock::now()) {
            Ok(_) => taken += 1,
            Err(error @ review::ReviewError::Refused { .. }) => {
                println!("✗ {hash}: {error}");
                last_refusal = Some(error);
            }
            Err(error) => return Err(error.into()),
        }
    }
    println!("{taken} taken into the ledger.");
    match last_refusal {
        Some(error) => Err(error.into()),
        None => Ok(()),
    }
}

fn parse(hash: &str) -> Result<ChangeHash, CliError> {
    hash.parse()
        .map_err(|_| CliError::Review(review::ReviewError::NotFound))
}
