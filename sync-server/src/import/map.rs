//! The column map: a TOML file that says which column of a CSV file is which field, and how its
//! dates, amounts and currencies are written.
//!
//! Invariant: a map that names anything this version doesn't know is refused as a whole, so that a
//! misspelt rule is never silently ignored.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Kind, amount::AmountStyle, date::DateFormat, error::ImportError};

/// The header stands in one of so many rows.
pub const HEADER_ROWS: usize = 100;

/// Bytes of a map file.
pub const MAP_BYTES: u64 = 256 << 10;

/// How the file's bytes become text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// By byte order mark, else UTF-8 if the whole file is valid UTF-8, else GB18030.
    #[default]
    Auto,
    /// UTF-8, with or without byte order mark.
    #[serde(rename = "utf-8", alias = "utf8")]
    Utf8,
    /// GB18030, which contains GBK and GB2312.
    #[serde(alias = "gbk", alias = "gb2312")]
    Gb18030,
    /// UTF-16, little endian unless a byte order mark says otherwise.
    #[serde(rename = "utf-16", alias = "utf16")]
    Utf16,
}

/// Where a field's text comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Field {
    /// The column with this name in the header row.
    Column(String),
    /// The column at this place, 1 being the first.
    Index(usize),
    /// A column, with the text to take where it is empty.
    Full(FullField),
}

/// The long form of [`Field`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FullField {
    /// Column name.
    pub column: Option<String>,
    /// Column place, 1 being the first.
    pub index: Option<usize>,
    /// Text where the column is empty or there is no column.
    pub default: Option<String>,
}

/// Rows in another currency than the company's are refused, never converted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurrencyRule {
    /// The currency of every row.
    pub constant: Option<String>,
    /// The column that tells it.
    pub column: Option<Field>,
    /// What the column's texts mean; a text that is not listed is refused. Empty: texts are ISO codes.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
}

/// Rows to leave out before anything in them is judged.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkipRule {
    /// Column looked at.
    pub column: Field,
    /// Leave the row out if the column is empty (true) or not empty (false).
    pub empty: Option<bool>,
    /// Leave the row out if the column holds one of these texts.
    #[serde(default)]
    pub equals: Vec<String>,
}

/// What to do with an invoice that is due before it was issued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueBeforeIssued {
    /// Refuse the row.
    #[default]
    Reject,
    /// Take it as it is and count it.
    Accept,
}

/// How the due day is found where the `due` column is empty or absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DueRule {
    /// Day of issue plus these days.
    pub term_days: Option<u16>,
    /// Due days before the day of issue.
    #[serde(default)]
    pub before_issued: DueBeforeIssued,
}

/// Which name counts where one customer number comes with several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameRule {
    /// The one that comes first in the file.
    First,
    /// The one that comes last.
    Last,
    /// The one that comes most often; of equals, the first.
    #[default]
    MostFrequent,
}

/// How customers named in an invoice file are treated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerRule {
    /// Create customers that don't exist yet; otherwise their rows are refused.
    #[serde(default)]
    pub create: bool,
    /// Territory of created customers where the row names none.
    pub territory: Option<String>,
    /// Which of several names counts.
    #[serde(default)]
    pub names: NameRule,
    /// Term in days of created customers.
    pub term_days: Option<u16>,
}

/// A column map as read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnMap {
    /// Encoding of the file.
    #[serde(default)]
    pub encoding: Encoding,
    /// One character, or `tab`.
    #[serde(default = "comma")]
    pub delimiter: String,
    /// Is the first row a header?
    #[serde(default = "yes")]
    pub header: bool,
    /// The row of the header, 1 being the first that is not blank: banks write an account and a period above it.
    #[serde(default = "first")]
    pub header_row: usize,
    /// Date formats, tried in this order.
    #[serde(default = "usual_dates")]
    pub dates: Vec<DateFormat>,
    /// How amounts are written.
    #[serde(default)]
    pub amount: AmountStyle,
    /// Currency of the rows; absent: the company's.
    #[serde(default)]
    pub currency: CurrencyRule,
    /// Rows to leave out.
    #[serde(default)]
    pub skip: Vec<SkipRule>,
    /// Due day.
    #[serde(default)]
    pub due: DueRule,
    /// Customers.
    #[serde(default)]
    pub customers: CustomerRule,
    /// Field by field, where its text stands.
    pub columns: BTreeMap<String, Field>,
}

fn comma() -> String {
    ",".to_owned()
}

fn yes() -> bool {
    true
}

fn first() -> usize {
    1
}

fn usual_dates() -> Vec<DateFormat> {
    ["YYYY-MM-DD", "YYYY/M/D", "YYYYMMDD", "YYYY年M月D日"]
        .iter()
        .filter_map(|text| DateFormat::parse(text).ok())
        .collect()
}

impl ColumnMap {
    /// Reads a map and checks it against the fields that this kind of file has.
    pub fn parse(text: &str, kind: Kind) -> Result<Self, ImportError> {
        let map: Self =
            toml::from_str(text).map_err(|e| ImportError::Map(e.to_string().trim().to_owned()))?;
        map.check(kind)?;
        Ok(map)
    }

    /// The delimiter as the one ASCII byte that the reader needs.
    pub fn delimiter_byte(&self) -> Result<u8, ImportError> {
        let bytes = self.delimiter.as_bytes();
        match (self.delimiter.as_str(), bytes) {
            ("tab" | "\t", _) => Ok(b'\t'),
            (_, [b]) if b.is_ascii() && !matches!(b, b'"' | b'\r' | b'\n') => Ok(*b),
            _ => Err(ImportError::Map(format!(
                "delimiter = {:?}: give one ASCII character or \"tab\"",
                self.delimiter
            ))),
        }
    }

    pub(super) fn check(&self, kind: Kind) -> Result<(), ImportError> {
        let wrong = |text: String| Err(ImportError::Map(text));
        self.delimiter_byte()?;
        if !(1..=HEADER_ROWS).contains(&self.header_row) {
            return wrong(format!("header_row: a number from 1 to {HEADER_ROWS}"));
        }
        for name in self.columns.keys() {
            if !kind.fields().iter().any(|(known, _)| known == name) {
                let known: Vec<&str> = kind.fields().iter().map(|(n, _)| *n).collect();
                return wrong(format!(
                    "[columns] names the field {name:?}, which {} don't have (they have: {})",
                    kind.slug(),
                    known.join(", ")
                ));
            }
        }
        for (name, required) in kind.fields() {
            if *required && !self.columns.contains_key(*name) {
                return wrong(format!(
                    "[columns] must say where the field {name:?} stands"
                ));
            }
        }
        self.check_kind(kind)?;
        if self.dates.is_empty() {
            return wrong("dates = []: give at least one format".to_owned());
        }
        if self.currency.constant.is_some() && self.currency.column.is_some() {
            return wrong("[currency] has both constant and column: give one".to_owned());
        }
        if let Some(rule) = self
            .skip
            .iter()
            .find(|r| r.empty.is_none() && r.equals.is_empty())
        {
            return wrong(format!(
                "[[skip]] on {:?} has neither empty nor equals, so it would do nothing",
                rule.column
            ));
        }
        self.amount.check()
    }

    fn check_kind(&self, kind: Kind) -> Result<(), ImportError> {
        let has = |name: &str| self.columns.contains_key(name);
        let wrong = |text: &str| Err(ImportError::Map(text.to_owned()));
        match kind {
            Kind::Invoices if !has("due") && self.due.term_days.is_none() => {
                wrong("give the column of the field \"due\", or term_days under [due]")
            }
            Kind::Invoices if self.customers.create && !has("customer_name") => {
                wrong("[customers] create = true needs the column of the field \"customer_name\"")
            }
            Kind::Invoices
                if self.customers.create
                    && !has("territory")
                    && self.customers.territory.is_none() =>
            {
                wrong("[customers] create = true needs a territory: a default or a column")
            }
            Kind::Payments if !has("customer") && !has("invoice") => {
                wrong("payments need the column of the field \"customer\" or \"invoice\"")
            }
            Kind::Customers if !has("territory") && self.customers.territory.is_none() => {
                wrong("customers need a territory: the column, or territory under [customers]")
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_that_would_be_misread_is_refused_with_what_is_wrong() {
        let check = |text: &str, kind: Kind, expected: &str| {
            let error = ColumnMap::parse(text, kind).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        let invoices = Kind::Invoices;
        check("[columns]\nnumbr = \"a\"", invoices, "\"numbr\"");
        check("[columns]\nnumber = \"a\"", invoices, "\"customer\"");
        check("colour = 1\n[columns]", invoices, "colour");
        check("delimiter = \"ab\"\n[columns]", invoices, "delimiter");
        check("dates = [\"Q\"]\n[columns]", invoices, "dates");
        let four = "number=1\ncustomer=2\nissued=3\namount=4";
        check(&format!("[columns]\n{four}"), invoices, "term_days");
        check(
            &format!("[due]\nterm_days=30\n[customers]\ncreate=true\n[columns]\n{four}"),
            invoices,
            "customer_name",
        );
        check(
            "[columns]\nnumber=1\nday=2\namount=3",
            Kind::Payments,
            "\"invoice\"",
        );
        check("[columns]\nnumber=1\nname=2", Kind::Customers, "territory");
        check(
            &format!("[due]\nterm_days=30\n[[skip]]\ncolumn=1\n[columns]\n{four}"),
            invoices,
            "do nothing",
        );
    }

    #[test]
    fn names_indexes_defaults_and_constants_are_read() {
        let map = ColumnMap::parse(
            "delimiter = \"tab\"\nencoding = \"gbk\"\n[due]\nterm_days = 30\n[currency]\nconstant = \"CNY\"\n[columns]\nnumber = \"No.\"\ncustomer = 2\nissued = { column = \"Date\" }\namount = { index = 4, default = \"0\" }",
            Kind::Invoices,
        )
        .unwrap();
        assert_eq!(map.delimiter_byte().unwrap(), b'\t');
        assert_eq!(map.encoding, Encoding::Gb18030);
        assert_eq!(map.columns["customer"], Field::Index(2));
        assert!(matches!(&map.columns["amount"], Field::Full(f) if f.index == Some(4)));
    }
}
