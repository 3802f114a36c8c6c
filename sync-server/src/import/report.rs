//! What an import did: counts and sums of what it took and left, and every bad row with its reason.
//!
//! Invariant: `rows = created + corrected + unchanged + refused`, all counted after the filters.

use std::{collections::BTreeMap, fmt};

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};
use shared::{day::Day, money::Money};

use crate::store::books::Put;

/// Bad rows listed one by one; beyond it they are only counted.
pub const LISTED_BAD_ROWS: usize = 100_000;
/// Rows of each outcome that are shown one by one.
pub const SHOWN_ROWS: usize = 20;
/// Characters of a bad value that are repeated in the report.
const VALUE_CHARS: usize = 60;

/// Why a row is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Bytes that are not text in the file's encoding.
    Encoding,
    /// Fewer columns than the map needs.
    ShortRow,
    /// More columns than the header has.
    LongRow,
    /// The file ends inside a quoted field.
    QuoteUnclosed,
    /// A field that must be there is empty.
    Missing,
    /// A field beyond the length limit.
    TooLong,
    /// Control characters in a field.
    ControlCharacter,
    /// Not a day in any of the map's formats.
    DateInvalid,
    /// Not a number in the map's style.
    AmountInvalid,
    /// More than two decimals.
    AmountTooPrecise,
    /// Beyond the largest sum.
    AmountOutOfRange,
    /// Less than nothing, where the map doesn't allow it.
    AmountNegative,
    /// Nothing, where the map doesn't allow it.
    AmountZero,
    /// Not a whole number in the range of the field.
    NumberInvalid,
    /// A text that the field does not know.
    ChoiceInvalid,
    /// The map does not say which currency this is.
    CurrencyUnknown,
    /// In another currency than the company's.
    CurrencyOther,
    /// The number has come before in the same file.
    DuplicateNumber,
    /// No customer has this number.
    CustomerUnknown,
    /// No invoice has this number.
    InvoiceUnknown,
    /// The invoice belongs to another customer.
    InvoiceOfAnotherCustomer,
    /// The invoice stands under another customer already.
    CustomerChanged,
    /// Due before issued.
    DueBeforeIssued,
    /// A payment with this number stands in the books with another content.
    NumberConflict,
    /// No active salesperson has this name.
    RepUnknown,
    /// The store refused the row.
    Store,
}

impl Reason {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Encoding => "import.encoding",
            Self::ShortRow => "import.short_row",
            Self::LongRow => "import.long_row",
            Self::QuoteUnclosed => "import.quote_unclosed",
            Self::Missing => "import.missing",
            Self::TooLong => "import.too_long",
            Self::ControlCharacter => "import.control_character",
            Self::DateInvalid => "import.date_invalid",
            Self::AmountInvalid => "import.amount_invalid",
            Self::AmountTooPrecise => "import.amount_too_precise",
            Self::AmountOutOfRange => "import.amount_out_of_range",
            Self::AmountNegative => "import.amount_negative",
            Self::AmountZero => "import.amount_zero",
            Self::NumberInvalid => "import.number_invalid",
            Self::ChoiceInvalid => "import.choice_invalid",
            Self::CurrencyUnknown => "import.currency_unknown",
            Self::CurrencyOther => "import.currency_other",
            Self::DuplicateNumber => "import.duplicate_number",
            Self::CustomerUnknown => "import.customer_unknown",
            Self::InvoiceUnknown => "import.invoice_unknown",
            Self::InvoiceOfAnotherCustomer => "import.invoice_of_another_customer",
            Self::CustomerChanged => "import.customer_changed",
            Self::DueBeforeIssued => "import.due_before_issued",
            Self::NumberConflict => "import.number_conflict",
            Self::RepUnknown => "import.rep_unknown",
            Self::Store => "import.store",
        }
    }

    /// One sentence for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Encoding => "bytes that are not text in the file's encoding",
            Self::ShortRow => "the row has fewer columns than the map needs",
            Self::LongRow => "the row has more columns than the header",
            Self::QuoteUnclosed => "a quote that begins here is never closed",
            Self::Missing => "empty, but must be given",
            Self::TooLong => "longer than allowed",
            Self::ControlCharacter => "contains control characters",
            Self::DateInvalid => "not a day in any of the map's formats",
            Self::AmountInvalid => "not an amount",
            Self::AmountTooPrecise => {
                "more than two decimals (the map may say extra_decimals = \"half_up\")"
            }
            Self::AmountOutOfRange => "amount out of range",
            Self::AmountNegative => "negative amount (the map may allow it)",
            Self::AmountZero => "amount of nothing (the map may allow it)",
            Self::NumberInvalid => "not a whole number in the field's range",
            Self::ChoiceInvalid => "not one of the field's texts",
            Self::CurrencyUnknown => "the map does not say which currency this is",
            Self::CurrencyOther => "another currency than the company's",
            Self::DuplicateNumber => "the number has come before in this file",
            Self::CustomerUnknown => "no customer has this number",
            Self::InvoiceUnknown => "no invoice has this number",
            Self::InvoiceOfAnotherCustomer => "the invoice belongs to another customer",
            Self::CustomerChanged => "the invoice stands under another customer already",
            Self::DueBeforeIssued => "due before issued (the map may accept it)",
            Self::NumberConflict => {
                "a payment with this number stands in the books with another content"
            }
            Self::RepUnknown => "no active salesperson has this name",
            Self::Store => "the store refused the row",
        }
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.code())
    }
}

/// One refused row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BadRow {
    /// Line of the file on which the row begins, 1 being the first.
    pub line: u64,
    /// The column's name in the file, or its place.
    pub column: String,
    /// What stands there, cut to 60 characters.
    pub value: String,
    /// Why it is refused.
    pub reason: Reason,
}

impl BadRow {
    /// A bad row with its value cut to a printable length.
    pub fn new(line: u64, column: impl Into<String>, value: &str, reason: Reason) -> Self {
        let printable = value.chars().map(|c| if c.is_control() { '·' } else { c });
        let value = if value.chars().count() > VALUE_CHARS {
            printable.take(VALUE_CHARS).chain(['…']).collect()
        } else {
            printable.collect()
        };
        Self {
            line,
            column: column.into(),
            value,
            reason,
        }
    }
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {}, column {}, value {:?}: {} [{}]",
            self.line,
            self.column,
            self.value,
            self.reason.sentence(),
            self.reason.code()
        )
    }
}

/// Rows and the sum of their amounts: as taken, or of refused rows as written, as far as that can be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Rows.
    pub rows: u64,
    /// Sum.
    pub sum: Sum,
}

/// A sum of amounts: exact, printed with at least two decimals, in JSON as text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum(pub Decimal);

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sum = self.0.normalize();
        if sum.scale() < 2 {
            sum.rescale(2);
        }
        f.pad(&sum.to_string())
    }
}

impl Serialize for Sum {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl Tally {
    /// Counts a row with its amount, if it has a readable one.
    pub fn add(&mut self, amount: Option<Decimal>) {
        self.rows += 1;
        let sum = amount.and_then(|a| self.sum.0.checked_add(a));
        self.sum = Sum(sum.unwrap_or(self.sum.0));
    }
}

/// What becomes of a row that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// New in the books.
    New,
    /// In the books with another content.
    Changed,
    /// In the books with the same content.
    Same,
}

impl From<Put> for Outcome {
    fn from(put: Put) -> Self {
        match put {
            Put::New => Self::New,
            Put::Changed => Self::Changed,
            Put::Same => Self::Same,
        }
    }
}

/// A field that has another content than in the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// Field of the map.
    pub field: &'static str,
    /// In the books before.
    pub before: String,
    /// By the file.
    pub after: String,
}

impl FieldChange {
    /// The field, if both texts differ.
    pub fn of(field: &'static str, before: String, after: String) -> Option<Self> {
        (before != after).then_some(Self {
            field,
            before,
            after,
        })
    }
}

/// A row that is taken, as people recognise it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// Line of the file.
    pub line: u64,
    /// What becomes of it.
    pub outcome: Outcome,
    /// Number of the customer, invoice or payment.
    pub number: String,
    /// Name of a customer; else the customer's number.
    pub customer: String,
    /// Due day of an invoice, day of a payment.
    pub day: Option<Day>,
    /// Sum.
    pub amount: Option<Money>,
    /// What differs from the books, where it is changed.
    pub changes: Vec<FieldChange>,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// `customers`, `invoices` or `payments`.
    pub kind: String,
    /// Encoding that the file was read in.
    pub encoding: String,
    /// False: nothing was changed, because rows were bad and leaving them out was not asked for.
    pub applied: bool,
    /// Rows after the header, without blank ones and those left out by the map.
    pub rows: u64,
    /// Rows with nothing in them.
    pub blank_rows: u64,
    /// Rows that the map's `[[skip]]` rules left out.
    pub skipped_rows: u64,
    /// New in the books.
    pub created: Tally,
    /// In the books with another content, now corrected.
    pub corrected: Tally,
    /// In the books already, with the same content.
    pub unchanged: Tally,
    /// Refused.
    pub refused: Tally,
    /// Refused, by reason.
    pub refused_by_reason: BTreeMap<&'static str, Tally>,
    /// Amounts rounded to two decimals; the sum is what rounding added.
    pub rounded: Tally,
    /// Invoices taken although they are due before they were issued.
    pub due_before_issued: u64,
    /// Customers that came under more than one name.
    pub customers_with_aliases: u64,
    /// Names left aside for them.
    pub alias_names: u64,
    /// Customers created because invoices named them.
    pub customers_created: u64,
    /// Territories created because rows named them.
    pub territories_created: u64,
    /// The refused rows, at most 100,000 of them.
    pub bad_rows: Vec<BadRow>,
    /// The first rows of each outcome, at most twenty of each, by line.
    pub first_rows: Vec<Sample>,
}

impl Report {
    /// Counts a row that was taken, with its amount; the first of each outcome are kept to be shown.
    pub fn take(
        &mut self,
        put: Put,
        amount: Option<Decimal>,
        shown: impl FnOnce(Outcome) -> Sample,
    ) {
        let tally = match put {
            Put::New => &mut self.created,
            Put::Changed => &mut self.corrected,
            Put::Same => &mut self.unchanged,
        };
        tally.add(amount);
        if tally.rows <= SHOWN_ROWS as u64 {
            self.first_rows.push(shown(put.into()));
        }
    }

    /// Notes a refused row.
    pub fn refuse(&mut self, bad: BadRow, amount: Option<Decimal>) {
        self.refused.add(amount);
        self.refused_by_reason
            .entry(bad.reason.code())
            .or_default()
            .add(amount);
        if self.bad_rows.len() < LISTED_BAD_ROWS {
            self.bad_rows.push(bad);
        }
    }

    /// Rows taken or found in place.
    pub fn taken_rows(&self) -> u64 {
        self.created.rows + self.corrected.rows + self.unchanged.rows
    }
}

/// Bad rows that the printed report names one by one.
const PRINTED_BAD_ROWS: usize = 20;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match (self.applied, self.refused.rows) {
            (true, 0) => "imported",
            (true, _) => "imported, bad rows left out",
            (false, _) => "NOT imported: nothing was changed",
        };
        writeln!(f, "{} ({}): {verdict}", self.kind, self.encoding)?;
        let with_sums = self.kind != "customers";
        let mut line = |what: &str, tally: &Tally| match (tally.rows, with_sums) {
            (0, _) => Ok(()),
            (rows, true) => writeln!(f, "  {rows:>9} {what:<22} {:>20}", tally.sum),
            (rows, false) => writeln!(f, "  {rows:>9} {what}"),
        };
        line("new", &self.created)?;
        line("corrected", &self.corrected)?;
        line("unchanged", &self.unchanged)?;
        line("refused", &self.refused)?;
        for (code, tally) in &self.refused_by_reason {
            line(&format!("· {}", code.trim_start_matches("import.")), tally)?;
        }
        line("rounded, sum added", &self.rounded)?;
        for (count, what) in [
            (self.blank_rows, "blank rows"),
            (self.skipped_rows, "rows left out by the map"),
            (self.due_before_issued, "due before issued, accepted"),
            (self.customers_with_aliases, "customers with several names"),
            (self.alias_names, "other names left aside"),
            (self.customers_created, "customers created"),
            (self.territories_created, "territories created"),
        ] {
            if count > 0 {
                writeln!(f, "  {count:>9} {what}")?;
            }
        }
        for bad in self.bad_rows.iter().take(PRINTED_BAD_ROWS) {
            writeln!(f, "  {bad}")?;
        }
        match self.refused.rows.saturating_sub(PRINTED_BAD_ROWS as u64) {
            0 => Ok(()),
            more => writeln!(f, "  … and {more} more (--report FILE.json lists them)"),
        }
    }
}
