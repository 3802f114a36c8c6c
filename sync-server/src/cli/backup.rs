//! `backup` and `restore`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{CliError, open_existing};
use crate::store::backup;

#[derive(Args, Debug)]
pub(super) struct BackupArgs {
    /// File to write; it must not be there yet
    to: PathBuf,
}

#[derive(Args, Debug)]
pub(super) struct RestoreArgs {
    /// A file that `backup` wrote
    from: PathBuf,
}

pub(super) fn run_backup(data: &Path, args: &BackupArgs) -> Result<(), CliError> {
    open_existing(data)?.back_up(&args.to)?;
    println!("Written to {}.", args.to.display());
    println!("Photos lie in the data folder itself: copy them as well.");
    Ok(())
}

pub(super) fn run_restore(data: &Path, args: &RestoreArgs) -> Result<(), CliError> {
    let suffix = format!("before-restore-{}", crate::clock::now().0);
    let aside = backup::restore(data, &args.from, &suffix)?;
    if let Some(aside) = aside {
        println!("What was there is kept as {}.", aside.display());
    }
    println!(
        "Restored. Start the server: phones send again what the backup lacks; devices signed in after it was made need a new code."
    );
    Ok(())
}
