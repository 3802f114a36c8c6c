//! Errors of the command line: one sentence each, and an exit code that scripts can tell apart.

use std::path::PathBuf;

use crate::{
    demo::DemoError, export::ExportError, import::ImportError, serve::ServeError, store::StoreError,
};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The folder has no ledger.
    #[error("there is no ledger in {0}: name the folder with --data, or begin one with serve")]
    NoLedger(PathBuf),
    /// The folder holds a company that is not the demo company.
    #[error("{0} holds a company that is not the demo: start it with serve")]
    NotDemo(PathBuf),
    /// Nobody has that name.
    #[error("nobody is called {0}: user list shows everybody")]
    NoSuchPerson(String),
    /// Several people have that name.
    #[error("{0} people are called {1}: give the id that user list shows")]
    AmbiguousPerson(usize, String),
    /// The name is taken.
    #[error("{0} is there already: give the new person a name that tells them apart")]
    PersonExists(String),
    /// The person has another role.
    #[error("{0} is not a {1}")]
    WrongRole(String, &'static str),
    /// No such territory.
    #[error("there is no territory {0}: territory list shows all")]
    NoSuchTerritory(String),
    /// The territory is there already.
    #[error("the territory {0} is there already")]
    TerritoryExists(String),
    /// No such customer.
    #[error("no customer has the number {0}")]
    NoSuchCustomer(String),
    /// No such device.
    #[error("no device has the code {0}: device list shows all")]
    NoSuchDevice(String),
    /// The person is disabled.
    #[error("{0} is disabled: user enable lets them in again")]
    Disabled(String),
    /// A text that can't be a name.
    #[error("a name has 1 to 200 characters and no line breaks")]
    BadName,
    /// A web address that can't be used.
    #[error("{0} is not an address of the form https://example.com")]
    BadUrl(String),
    /// Only one of the two TLS files was given.
    #[error("--tls-cert and --tls-key belong together: give both")]
    HalfTls,
    /// A file can't be written.
    #[error("can't write {0}: {1}")]
    Write(PathBuf, String),
    /// A file can't be read.
    #[error("can't read {0}: {1}")]
    Read(PathBuf, String),
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    Entropy,
    /// Threads can't be started.
    #[error("the server can't start its threads: {0}")]
    Runtime(String),
    /// The server can't be started, or stopped by a fault.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// The check found something.
    #[error("the ledger check found {0}: don't post to it before this is understood")]
    Faults(String),
    /// A receipt is not to be relied on.
    #[error("not genuine: {0}")]
    NotGenuine(String),
    /// A receipt was signed by a device of the company, but something has to be cleared first.
    #[error("in doubt, ask before you rely on it: {0}")]
    ReceiptInDoubt(String),
    /// The import did not happen.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The demo company could not be made.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// The journal could not be exported.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// A workbook is bytes.
    #[error("a workbook is not for the screen: name a file with --out")]
    NotForScreens,
    /// A record was not released or dropped.
    #[error(transparent)]
    Review(#[from] crate::review::ReviewError),
    /// The store refused.
    #[error(transparent)]
    Store(StoreError),
}

impl CliError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoLedger(_) => "cli.no_ledger",
            Self::NotDemo(_) => "cli.not_demo",
            Self::NoSuchPerson(_) => "cli.no_such_person",
            Self::AmbiguousPerson(..) => "cli.ambiguous_person",
            Self::PersonExists(_) => "cli.person_exists",
            Self::WrongRole(..) => "cli.wrong_role",
            Self::NoSuchTerritory(_) => "cli.no_such_territory",
            Self::TerritoryExists(_) => "cli.territory_exists",
            Self::NoSuchCustomer(_) => "cli.no_such_customer",
            Self::NoSuchDevice(_) => "cli.no_such_device",
            Self::Disabled(_) => "cli.disabled",
            Self::BadName => "cli.bad_name",
            Self::BadUrl(_) => "cli.bad_url",
            Self::HalfTls => "cli.half_tls",
            Self::Write(..) => "cli.write",
            Self::Entropy => "cli.entropy",
            Self::Runtime(_) => "cli.runtime",
            Self::Serve(e) => e.code(),
            Self::Read(..) => "cli.read",
            Self::Faults(_) => "cli.faults",
            Self::NotGenuine(_) => "cli.not_genuine",
            Self::ReceiptInDoubt(_) => "cli.receipt_in_doubt",
            Self::Import(e) => e.code(),
            Self::Demo(e) => e.code(),
            Self::Export(e) => e.code(),
            Self::NotForScreens => "cli.not_for_screens",
            Self::Review(e) => e.code(),
            Self::Store(e) => e.code(),
        }
    }

    /// The exit code, as `--help` lists them.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Import(ImportError::BadRows(_)) => 3,
            Self::Faults(_) | Self::NotGenuine(_) | Self::ReceiptInDoubt(_) => 4,
            Self::Serve(ServeError::PortInUse { .. }) => 5,
            Self::NoLedger(_) => 7,
            Self::HalfTls | Self::BadUrl(_) | Self::BadName | Self::NotForScreens => 2,
            Self::Import(ImportError::Store(e))
            | Self::Demo(DemoError::Store(e))
            | Self::Export(ExportError::Store(e))
            | Self::Serve(ServeError::Store(e))
            | Self::Store(e) => store_exit_code(e),
            _ => 1,
        }
    }
}

fn store_exit_code(error: &StoreError) -> u8 {
    match error {
        StoreError::ChainBroken { .. } => 4,
        StoreError::DiskFull => 6,
        StoreError::Folder { .. } | StoreError::Unreadable { .. } => 7,
        StoreError::TooNew { .. } => 8,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_can_tell_the_failures_of_a_machine_apart() {
        let check = |error: CliError, code: u8| assert_eq!(error.exit_code(), code, "{error}");
        check(CliError::Serve(ServeError::PortInUse { port: 8080 }), 5);
        check(CliError::Store(StoreError::DiskFull), 6);
        check(CliError::Demo(DemoError::Store(StoreError::DiskFull)), 6);
        check(
            CliError::Store(StoreError::Folder {
                path: "/x".into(),
                reason: "no".into(),
            }),
            7,
        );
        check(
            CliError::Store(StoreError::TooNew {
                path: "/x".into(),
                found: 9,
                known: 1,
            }),
            8,
        );
        check(
            CliError::Store(StoreError::ChainBroken { what: "log", at: 3 }),
            4,
        );
        check(CliError::Store(StoreError::Busy), 1);
    }
}
