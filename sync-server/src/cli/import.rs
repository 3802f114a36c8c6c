//! `import customers|invoices|payments FILE --map MAP.toml`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{CliError, open_existing};
use crate::import::{self, ImportError, Kind, Report};

#[derive(Clone, Copy, Debug, ValueEnum)]
enum KindArg {
    /// Customers with their terms
    Customers,
    /// Invoices; the same number with another content is a correction
    Invoices,
    /// Payments that stand in the books
    Payments,
}

const MAP_HELP: &str = r#"A column map, for example for invoices:

  encoding = "auto"              # auto, utf-8, gb18030 (gbk), utf-16
  delimiter = ","                # one character, or "tab"
  header = true                  # false: name columns by place, 1 being the first
  header_row = 1                 # what stands above it is left out
  dates = ["YYYY-MM-DD", "M/D/YYYY", "YYYY年M月D日"]   # the first that fits

  [columns]                      # field = column name, place, or { column = "…", default = "…" }
  number = "发票号"
  customer = "客户编号"
  issued = "开票日期"
  due = "到期日"
  amount = "金额"

  [amount]                       # all optional
  thousands = ","
  decimal = "."
  negative = false               # credit notes
  extra_decimals = "reject"      # or half_up: round, and report how many and by how much

  [currency]                     # constant, or column with what its texts mean
  column = "币种"
  values = { "人民币" = "CNY", "美元" = "USD" }        # rows in another currency than the company's are refused

  [due]
  term_days = 30                 # where the due column is empty
  before_issued = "reject"       # or accept

  [customers]                    # customers that invoices name
  create = false                 # true needs the field customer_name and a territory
  territory = "城西片区"
  names = "most_frequent"        # or first, last

  [[skip]]                       # rows to leave out
  column = "已结清"
  empty = false                  # leave out where it is not empty; or equals = ["是"]

Fields (* must be mapped)
  customers  number* name* territory rep address contact contact_role phone term_days credit_limit grade
             settlement latitude longitude hold
  invoices   number* customer* issued* amount* due customer_name territory
  payments   number* day* amount* customer invoice (one of the two)"#;

#[derive(Args, Debug)]
#[command(after_long_help = MAP_HELP)]
pub(super) struct ImportArgs {
    /// What the file holds
    #[arg(value_enum)]
    kind: KindArg,
    /// CSV file: any delimiter, UTF-8, GB18030 or UTF-16
    file: PathBuf,
    /// Column map (TOML): which column is which field, how dates and amounts are written
    #[arg(long, value_name = "MAP.toml")]
    map: PathBuf,
    /// Import the good rows although others are bad; the report says what was left out
    #[arg(long)]
    skip_bad: bool,
    /// Write the whole report, every bad row included, as JSON
    #[arg(long, value_name = "FILE.json")]
    report: Option<PathBuf>,
}

pub(super) fn run(data: &Path, args: &ImportArgs) -> Result<(), CliError> {
    let store = open_existing(data)?;
    let kind = match args.kind {
        KindArg::Customers => Kind::Customers,
        KindArg::Invoices => Kind::Invoices,
        KindArg::Payments => Kind::Payments,
    };
    let outcome = import::import_file(&store, kind, &args.file, &args.map, args.skip_bad);
    match &outcome {
        Ok(report) => publish(report, args.report.as_deref())?,
        Err(ImportError::BadRows(report)) => publish(report, args.report.as_deref())?,
        Err(_) => {}
    }
    outcome.map(|_| ()).map_err(CliError::from)
}

fn publish(report: &Report, file: Option<&Path>) -> Result<(), CliError> {
    print!("{report}");
    let Some(file) = file else { return Ok(()) };
    let refused = |reason: String| CliError::Write(file.to_owned(), reason);
    let json = serde_json::to_vec_pretty(report).map_err(|e| refused(e.to_string()))?;
    std::fs::write(file, json).map_err(|e| refused(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::ColumnMap;

    #[test]
    fn the_map_shown_by_help_is_a_map() {
        let begin = MAP_HELP.find("  encoding").unwrap();
        let end = MAP_HELP.find("\n\nFields").unwrap();
        ColumnMap::parse(&MAP_HELP[begin..end], Kind::Invoices).unwrap();
    }

    #[test]
    fn help_lists_every_field() {
        for kind in [Kind::Customers, Kind::Invoices, Kind::Payments] {
            for (field, required) in kind.fields() {
                let shown = if *required {
                    format!(" {field}*")
                } else {
                    format!(" {field}")
                };
                assert!(MAP_HELP.contains(&shown), "{} {field}", kind.slug());
            }
        }
    }
}
