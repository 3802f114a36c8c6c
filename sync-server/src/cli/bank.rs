//! `bank-statement FILE --map MAP.toml`: what each line of a statement is the money of. It posts nothing.

use std::path::{Path, PathBuf};

use clap::Args;
use shared::ledger::bank_match::Match;

use super::{CliError, open_existing};
use crate::{import, store::bank};

const MAP_HELP: &str = r#"A column map as `import` has it (see `import --help`), for example:

  dates = ["YYYYMMDD"]

  [columns]
  number = "交易流水号"          # of the bank: a line settles one claim once
  day = "交易日期"
  amount = "收入金额"            # negative for money that went out
  payer = "对方户名"
  text = "摘要"

  [[skip]]                       # lines of money that went out
  column = "收入金额"
  empty = true

Fields (* must be mapped): number* day* amount* payer text"#;

#[derive(Args, Debug)]
#[command(after_long_help = MAP_HELP)]
pub(super) struct BankArgs {
    /// CSV file of the bank: any delimiter, UTF-8, GB18030 or UTF-16
    file: PathBuf,
    /// Column map (TOML)
    #[arg(long, value_name = "MAP.toml")]
    map: PathBuf,
}

pub(super) fn run(data: &Path, args: &BankArgs) -> Result<(), CliError> {
    let store = open_existing(data)?;
    let lines = import::bank_lines(&store, &args.file, &args.map)?;
    let found = store.read(|conn| bank::matched(conn, lines))?;
    let mut certain = 0;
    for matched in &found {
        let numbers: Vec<&str> = matched.claims.iter().map(|c| c.number.as_str()).collect();
        let what = match &matched.found {
            Match::Settled => "has settled a receipt already".to_owned(),
            Match::Outgoing => "went out".to_owned(),
            Match::Exact(_) => format!("is receipt {}", numbers.join(", ")),
            Match::Likely(_) => format!("is likely receipt {}", numbers.join(", ")),
            Match::Suggested(_) if numbers.is_empty() => "is no receipt's".to_owned(),
            Match::Suggested(_) => format!("may be one of {}", numbers.join(", ")),
        };
        certain += usize::from(matches!(matched.found, Match::Exact(_) | Match::Likely(_)));
        let line = &matched.line;
        println!("{} {} {} {what}", line.day, line.reference, line.amount);
    }
    println!(
        "{} lines, {certain} found. Nothing was posted: confirm each at the desk.",
        found.len()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::{ColumnMap, Kind};

    #[test]
    fn the_map_shown_by_help_is_a_map_and_help_lists_every_field() {
        let begin = MAP_HELP.find("  dates").unwrap();
        let end = MAP_HELP.find("\n\nFields").unwrap();
        ColumnMap::parse(&MAP_HELP[begin..end], Kind::BankLines).unwrap();
        for (field, required) in Kind::BankLines.fields() {
            let shown = format!(" {field}{}", if *required { "*" } else { "" });
            assert!(MAP_HELP.contains(&shown), "{field}");
        }
    }
}
