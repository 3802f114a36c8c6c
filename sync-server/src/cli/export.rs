//! `export hledger|beancount|csv|xlsx`.

use std::{
    fs::File,
    io::{BufWriter, IsTerminal, Write},
    path::{Path, PathBuf},
};

use clap::Args;

use super::{CliError, open_existing};
use crate::{
    export::{self, ExportError, Form},
    store::Store,
};

#[derive(Args, Debug)]
pub(super) struct ExportArgs {
    /// In which form
    form: Form,
    /// File to write; the screen, or where it is led to, if left out
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn run(data: &Path, args: &ExportArgs) -> Result<(), CliError> {
    let store = open_existing(data)?;
    let Some(path) = &args.out else {
        if args.form == Form::Xlsx && std::io::stdout().is_terminal() {
            return Err(CliError::NotForScreens);
        }
        let mut out = BufWriter::new(std::io::stdout().lock());
        return Ok(write(&store, args.form, &mut out)?);
    };
    // A file that is there is replaced whole or not at all.
    let mut part = path.clone().into_os_string();
    part.push(".part");
    let part = PathBuf::from(part);
    let failed = |error: std::io::Error| CliError::Write(path.clone(), error.to_string());
    let mut out = BufWriter::new(File::create(&part).map_err(failed)?);
    let written = write(&store, args.form, &mut out)
        .map_err(CliError::from)
        .and_then(|()| std::fs::rename(&part, path).map_err(failed));
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    written?;
    println!("Written to {}.", path.display());
    Ok(())
}

fn write(store: &Store, form: Form, out: &mut dyn Write) -> Result<(), ExportError> {
    store.read(|conn| export::export(conn, form, out))
}
