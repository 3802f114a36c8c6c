//! `ledger check`.

use std::path::Path;

use clap::Subcommand;

use super::{CliError, open_existing};
use crate::store::ledger;

#[derive(Subcommand, Debug)]
pub(super) enum LedgerCommand {
    /// Recompute every chain and every balance from the journal; exit code 4 if anything differs
    Check,
}

pub(super) fn run(data: &Path, command: &LedgerCommand) -> Result<(), CliError> {
    let LedgerCommand::Check = command;
    let store = open_existing(data)?;
    let report = store.read(ledger::check)?;
    println!(
        "{} log entries, {} journal entries recomputed",
        report.log_entries, report.journal_entries
    );
    if report.is_good() {
        println!(
            "All is well: every chain holds, every entry sums to zero, every balance agrees with its postings."
        );
        return Ok(());
    }
    report
        .problems
        .iter()
        .for_each(|problem| println!("✗ {problem}"));
    let count = match report.problems.len() {
        1 => "a fault".to_owned(),
        n => format!("{n} faults"),
    };
    Err(CliError::Faults(count))
}
