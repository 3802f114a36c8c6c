//! The command line: what can be asked of the server and its ledger without a browser.
//!
//! Invariants: an error is one sentence that says what happened and what to do; nothing but `serve`,
//! `run-demo`, `demo` and `user add` begins a ledger where there is none; no customer's data is
//! printed but what was asked for.

mod backup;
mod bank;
mod demo;
mod device;
mod error;
mod export;
mod import;
mod ledger;
mod link;
mod people;
mod quarantine;
mod receipt;
mod review;
mod serve;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

pub use error::CliError;

use crate::store::{Store, StoreError, company};

const EXIT_CODES: &str = "\
Exit codes:
  0  done                            5  the port is in use
  1  failed, the sentence says why   6  the disk is full
  2  the command line is wrong       7  the data folder can't be used
  3  rows are bad, nothing imported  8  the data is of a newer version
  4  a check found a fault (ledger, receipt)";

/// Collects payments at the customer's: sync server and central ledger.
#[derive(Parser, Debug)]
#[command(name = "sync-server", version, about, after_help = EXIT_CODES, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Folder that holds the ledger
    #[arg(long, global = true, value_name = "DIR", default_value = "./data")]
    data: PathBuf,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Serve the app and the phones; on an empty folder, print a sign-in link for the first administrator
    Serve(serve::ServeArgs),
    /// Take customers, invoices or payments over from a CSV file
    Import(import::ImportArgs),
    /// Add, disable or list people
    User {
        #[command(subcommand)]
        command: people::UserCommand,
    },
    /// Add or list territories
    Territory {
        #[command(subcommand)]
        command: people::TerritoryCommand,
    },
    /// Put a salesperson in charge of customers, or a supervisor at the head of a territory
    Assign(people::AssignArgs),
    /// Sign devices in, revoke or list them
    Device {
        #[command(subcommand)]
        command: device::DeviceCommand,
    },
    /// Check the ledger
    Ledger {
        #[command(subcommand)]
        command: ledger::LedgerCommand,
    },
    /// Check receipts that somebody shows
    Receipt {
        #[command(subcommand)]
        command: receipt::ReceiptCommand,
    },
    /// Write the journal for hledger, beancount, spreadsheets
    Export(export::ExportArgs),
    /// Match a bank statement to transfers in transit; posts nothing
    BankStatement(bank::BankArgs),
    /// Look through what revoked devices still sent
    Review {
        #[command(subcommand)]
        command: review::ReviewCommand,
    },
    /// Look through what the rules refused
    Quarantine {
        #[command(subcommand)]
        command: quarantine::QuarantineCommand,
    },
    /// Write a copy of the ledger, while the server runs
    Backup(backup::BackupArgs),
    /// Bring a backup back, while no server runs on the folder; what is there is set aside
    Restore(backup::RestoreArgs),
    /// Fill an empty folder with the demo company
    Demo(demo::DemoArgs),
    /// Fill an empty folder with the demo company, print sign-in links and serve it
    RunDemo(demo::RunDemoArgs),
}

/// Where the server listens and what it serves.
#[derive(Args, Debug, Clone)]
struct ListenArgs {
    /// Port to listen on
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Address to listen on; 0.0.0.0 for all
    #[arg(long, default_value = "127.0.0.1")]
    host: std::net::IpAddr,
    /// Folder with the built web client
    #[arg(long, value_name = "DIR")]
    web: Option<PathBuf>,
}

/// Runs the program with the arguments that it was started with.
pub fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sync-server: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn run(cli: Cli) -> Result<(), CliError> {
    let data = cli.data.as_path();
    match cli.command {
        Command::Serve(args) => serve::run(data, args),
        Command::Import(args) => import::run(data, &args),
        Command::User { command } => people::run_user(data, command),
        Command::Territory { command } => people::run_territory(data, command),
        Command::Assign(args) => people::run_assign(data, &args),
        Command::Device { command } => device::run(data, command),
        Command::Ledger { command } => ledger::run(data, &command),
        Command::Receipt { command } => receipt::run(data, command),
        Command::Export(args) => export::run(data, &args),
        Command::BankStatement(args) => bank::run(data, &args),
        Command::Review { command } => review::run(data, command),
        Command::Quarantine { command } => quarantine::run(data, &command),
        Command::Backup(args) => backup::run_backup(data, &args),
        Command::Restore(args) => backup::run_restore(data, &args),
        Command::Demo(args) => demo::run(data, &args),
        Command::RunDemo(args) => demo::run_and_serve(data, args),
    }
}

/// Opens a ledger that is there; makes nothing.
fn open_existing(data: &std::path::Path) -> Result<Store, CliError> {
    if !data.join("company.db").is_file() {
        return Err(CliError::NoLedger(data.to_owned()));
    }
    let store = Store::open(data)?;
    store
        .read(company::get)?
        .ok_or_else(|| CliError::NoLedger(data.to_owned()))?;
    Ok(store)
}

/// Random bytes of the system.
fn random<const N: usize>() -> Result<[u8; N], CliError> {
    let mut bytes = [0u8; N];
    getrandom::fill(&mut bytes).map_err(|_| CliError::Entropy)?;
    Ok(bytes)
}

/// Begins the ledger of a company unless there is one. True if it did.
fn begin_company(store: &Store, name: &str) -> Result<bool, CliError> {
    if store.read(company::get)?.is_some() {
        return Ok(false);
    }
    let new = company::NewCompany {
        id: shared::ids::CompanyId(uuid::Uuid::now_v7()),
        name: name.to_owned(),
        currency: "CNY".to_owned(),
        utc_offset_minutes: shared::day::CHINA_OFFSET_MINUTES,
        policy: shared::policy::Settings::default(),
        demo: false,
    };
    store.write(|tx| company::init(tx, &new).map_err(CliError::from))?;
    Ok(true)
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_data_folder_may_stand_after_the_command() {
        let cli = Cli::try_parse_from([
            "sync-server",
            "user",
            "add",
            "王芳",
            "--role",
            "rep",
            "--data",
            "/d",
        ])
        .unwrap();
        assert_eq!(cli.data, PathBuf::from("/d"));
    }

    #[test]
    fn a_folder_without_ledger_is_said_so_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("none");
        assert!(matches!(open_existing(&data), Err(CliError::NoLedger(_))));
        assert!(!data.exists());
    }
}
