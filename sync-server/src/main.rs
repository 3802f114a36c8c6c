//! The `sync-server` program: see `cli` for its commands.

use std::process::ExitCode;

fn main() -> ExitCode {
    sync_server::cli::main()
}
