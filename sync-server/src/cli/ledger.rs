//! `ledger check` and `ledger verify`.

use std::path::Path;

use clap::Subcommand;

use super::{CliError, open_existing};
use crate::store::{Store, ledger, rebuild};

#[derive(Subcommand, Debug)]
pub(super) enum LedgerCommand {
    /// Recompute every chain and every balance from the journal; exit code 4 if anything differs
    Check,
    /// Check, and rebuild the whole ledger from its facts; exit code 4 if the two are not the same
    Verify,
}

pub(super) fn run(data: &Path, command: &LedgerCommand) -> Result<(), CliError> {
    let store = open_existing(data)?;
    match command {
        LedgerCommand::Check => check(&store),
        LedgerCommand::Verify => verify(&store),
    }
}

fn check(store: &Store) -> Result<(), CliError> {
    let report = store.read(ledger::check)?;
    println!(
        "{} log entries, {} journal entries recomputed",
        report.log_entries, report.journal_entries
    );
    good_or_faults(&report.problems)?;
    println!(
        "All is well: every chain holds, every entry sums to zero, every balance agrees with its postings."
    );
    Ok(())
}

fn verify(store: &Store) -> Result<(), CliError> {
    let (report, rebuilt) =
        store.read(|conn| Ok::<_, CliError>((ledger::check(conn)?, rebuild::rebuild(conn)?)))?;
    let mut problems = report.problems;
    problems.extend(rebuilt.problems);
    good_or_faults(&problems)?;
    println!(
        "The ledger is sound: {} journal entries hold their chain and sum to zero, and rebuilding it from its {} facts gives the same entries, balances and chain.",
        report.journal_entries, rebuilt.facts
    );
    Ok(())
}

/// Lists the problems, if there are any, and ends with their number.
fn good_or_faults(problems: &[String]) -> Result<(), CliError> {
    problems.iter().for_each(|problem| println!("✗ {problem}"));
    match problems.len() {
        0 => Ok(()),
        1 => Err(CliError::Faults("a fault".to_owned())),
        n => Err(CliError::Faults(format!("{n} faults"))),
    }
}
