//! The server's program under a name that tests of this crate can start and kill.

use std::process::ExitCode;

fn main() -> ExitCode {
    sync_server::cli::main()
}
