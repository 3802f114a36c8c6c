//! The column map as a person sees it at the desk: which column is which field, and the few rules that books differ
//! in. A [`ColumnMap`] can say more; everything else is as files mostly have it.
//!
//! Invariant: it names columns by the names of the file's own header, so that it fits the next file of the same books.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared::sync::limits::NAME_CHARS;
use utoipa::ToSchema;

use super::{
    Kind,
    amount::{AmountStyle, ExtraDecimals},
    date::DateFormat,
    error::ImportError,
    map::{ColumnMap, CurrencyRule, CustomerRule, DueRule, Encoding, Field, NameRule, SkipRule},
};

/// Days as books write them. Which of day and month comes first in 3/4/2026 nothing tells: a map of the command
/// line can.
const DATES: [&str; 6] = [
    "YYYY-MM-DD",
    "YYYY-M-D",
    "YYYY/M/D",
    "YYYYMMDD",
    "YYYY.M.D",
    "YYYY年M月D日",
];

/// A column map of the desk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// One character, or `tab`; empty: as the file looks.
    pub delimiter: String,
    /// The row of the header, 1 being the first that is not blank; 0: as the file looks.
    pub header_row: usize,
    /// Field by field, the column in which it stands: its name in the header, or `#3` for the third where the header
    /// has no name for it, or the name twice.
    pub columns: BTreeMap<String, String>,
    /// Invoices: days from issue to due where the file does not say. Customers: their term where it does not say.
    pub term_days: Option<u16>,
    /// Invoices: make customers that are not in the books yet.
    pub create_customers: bool,
    /// Territory of customers whose row names none.
    pub territory: String,
    /// Invoices and payments: negative amounts are credit notes, not slips.
    pub negative: bool,
    /// Round amounts of more than two decimals (四舍五入) instead of refusing them.
    pub round: bool,
}

/// The names by which a mapping calls the columns of a header.
pub(super) fn column_names(header: &[String]) -> Vec<String> {
    let named = |name: &str| {
        let times = header.iter().filter(|h| h.as_str() == name).count();
        !name.is_empty() && !name.starts_with('#') && times == 1
    };
    let name = |(at, name): (usize, &String)| match named(name) {
        true => name.clone(),
        false => format!("#{}", at + 1),
    };
    header.iter().enumerate().map(name).collect()
}

impl Mapping {
    /// Does every column that it names stand in this header?
    pub(super) fn fits(&self, header: &[String]) -> bool {
        let names = column_names(header);
        self.columns.values().all(|column| names.contains(column))
    }

    /// What has to be known before rows can be read, and is not: fields.
    pub fn missing(&self, kind: Kind) -> Vec<&'static str> {
        let has = |field: &str| self.columns.contains_key(field);
        let needed = kind.fields().iter().filter(|(_, needed)| *needed);
        let mut missing: Vec<_> = needed
            .map(|(field, _)| *field)
            .filter(|field| !has(field))
            .collect();
        let no_territory = !has("territory") && self.territory.trim().is_empty();
        match kind {
            Kind::Invoices => {
                if !has("due") && self.term_days.is_none() {
                    missing.push("due");
                }
                if self.create_customers && !has("customer_name") {
                    missing.push("customer_name");
                }
                if self.create_customers && no_territory {
                    missing.push("territory");
                }
            }
            Kind::Payments if !has("customer") && !has("invoice") => missing.push("customer"),
            Kind::Customers if no_territory => missing.push("territory"),
            _ => {}
        }
        missing
    }

    /// The map for a file with this header.
    pub(super) fn to_map(&self, kind: Kind, header: &[String]) -> Result<ColumnMap, ImportError> {
        let names = column_names(header);
        let place = |column: &String| {
            let at = names.iter().position(|name| name == column);
            let missing = || ImportError::NoSuchColumn {
                column: column.clone(),
                header: names.join(", "),
            };
            at.map(|at| Field::Index(at + 1)).ok_or_else(missing)
        };
        let mut columns = BTreeMap::new();
        for (field, column) in &self.columns {
            columns.insert(field.clone(), place(column)?);
        }
        // A statement has a line for money that went out, too; where it has a column of its own this one is empty.
        let amount = columns.get("amount").filter(|_| kind == Kind::BankLines);
        let skip = amount.map(|column| SkipRule {
            column: column.clone(),
            empty: Some(true),
            equals: Vec::new(),
        });
        let territory = self.territory.trim();
        if territory.chars().count() > NAME_CHARS || territory.chars().any(char::is_control) {
            return Err(ImportError::Map("territory: a name".to_owned()));
        }
        let map = ColumnMap {
            encoding: Encoding::Auto,
            delimiter: self.delimiter.clone(),
            header: true,
            header_row: self.header_row,
            dates: DATES
                .iter()
                .filter_map(|text| DateFormat::parse(text).ok())
                .collect(),
            amount: AmountStyle {
                negative: self.negative,
                extra_decimals: match self.round {
                    true => ExtraDecimals::HalfUp,
                    false => ExtraDecimals::Reject,
                },
                ..AmountStyle::default()
            },
            currency: CurrencyRule::default(),
            skip: skip.into_iter().collect(),
            due: DueRule {
                term_days: self.term_days,
                ..DueRule::default()
            },
            customers: CustomerRule {
                create: self.create_customers,
                territory: (!territory.is_empty()).then(|| territory.to_owned()),
                names: NameRule::default(),
                term_days: self.term_days,
            },
            columns,
        };
        map.check(kind)?;
        Ok(map)
    }
}
