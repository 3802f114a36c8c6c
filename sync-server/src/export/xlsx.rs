//! A workbook: the journal, the balances of the accounts, and what is open, by age.
//!
//! Invariant: sums become numbers of the workbook only in [`cell_number`], from their decimal text; nothing is
//! added up after that.

use std::io::Write;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use shared::{
    aging::{AgingBuckets, Bucket},
    day::Day,
    money::Money,
};

use super::{
    ExportError,
    lines::{self, COLUMNS, DEBIT},
    names::{Alphabet, Names},
};
use crate::{
    clock,
    store::{Connection, StoreError, as_of, company::Company, journal},
};

/// Rows of a sheet, its heading included, at most.
const ROWS: u32 = 1_048_576;
/// What the sheets are called.
pub(super) const SHEETS: [&str; 3] = ["journal 分录", "balances 余额", "aging 账龄"];
/// Columns of the journal with a whole number, and with a day.
const NUMBER: u16 = 0;
const DAY: u16 = 1;
/// Columns of what is open, before those of its buckets.
const OPEN: [&str; 6] = [
    "customer",
    "customer_name",
    "invoice",
    "due",
    "days_overdue",
    "balance",
];
const BUCKETS: [Bucket; 5] = [
    Bucket::NotDue,
    Bucket::Days1To30,
    Bucket::Days31To60,
    Bucket::Days61To90,
    Bucket::Over90,
];

impl From<XlsxError> for ExportError {
    fn from(error: XlsxError) -> Self {
        Self::Workbook(error.to_string())
    }
}

/// A sheet that is filled row by row.
struct Table<'w> {
    sheet: &'w mut Worksheet,
    row: u32,
    heading: Format,
    sum: Format,
    day: Format,
}

impl<'w> Table<'w> {
    fn new(
        sheet: &'w mut Worksheet,
        name: &str,
        columns: &[&str],
        widths: &[(u16, u16)],
    ) -> Result<Self, ExportError> {
        let table = Self {
            sheet,
            row: 0,
            heading: Format::new().set_bold(),
            sum: Format::new().set_num_format("#,##0.00"),
            day: Format::new().set_num_format("yyyy-mm-dd"),
        };
        table.sheet.set_name(name)?;
        for (column, name) in (0u16..).zip(columns) {
            table
                .sheet
                .write_string_with_format(0, column, *name, &table.heading)?;
            table.sheet.set_column_width(column, 14)?;
        }
        for (column, width) in widths {
            table.sheet.set_column_width(*column, *width)?;
        }
        table.sheet.set_freeze_panes(1, 0)?;
        Ok(table)
    }

    fn next_row(&mut self) -> Result<(), ExportError> {
        self.row += 1;
        match self.row < ROWS {
            true => Ok(()),
            false => Err(ExportError::TooLong),
        }
    }

    fn text(&mut self, column: u16, text: &str) -> Result<(), ExportError> {
        if !text.is_empty() {
            self.sheet.write_string(self.row, column, text)?;
        }
        Ok(())
    }

    fn number(&mut self, column: u16, digits: &str) -> Result<(), ExportError> {
        let number = cell_number(digits)?;
        self.sheet.write_number(self.row, column, number)?;
        Ok(())
    }

    fn sum(&mut self, column: u16, sum: Money) -> Result<(), ExportError> {
        let number = cell_number(&sum.to_string())?;
        self.sheet
            .write_number_with_format(self.row, column, number, &self.sum)?;
        Ok(())
    }

    /// A day that a workbook can't have (before 1900) is left as text.
    fn day(&mut self, column: u16, day: &str) -> Result<(), ExportError> {
        match ExcelDateTime::parse_from_str(day) {
            Ok(date) => {
                self.sheet
                    .write_datetime_with_format(self.row, column, &date, &self.day)?;
                Ok(())
            }
            Err(_) => self.text(column, day),
        }
    }
}

/// The number of a cell that is nearest to a decimal text. Of all texts with two decimals below ninety
/// trillion no two have the same, so that rounding to two places gives the text again.
fn cell_number(digits: &str) -> Result<f64, ExportError> {
    let unreadable = |_| ExportError::Workbook(format!("{digits} is not a number"));
    digits.parse().map_err(unreadable)
}

pub(super) fn write(
    conn: &Connection,
    company: &Company,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    let today = Day::of(clock::now(), company.utc_offset_minutes);
    let names = Names::load(conn, Alphabet::Plain)?;
    let mut workbook = Workbook::new();
    journal_sheet(conn, &names, workbook.add_worksheet())?;
    balance_sheet(&names, workbook.add_worksheet())?;
    aging_sheet(conn, &names, today, workbook.add_worksheet())?;
    out.write_all(&workbook.save_to_buffer()?)?;
    Ok(())
}

fn journal_sheet(
    conn: &Connection,
    names: &Names,
    sheet: &mut Worksheet,
) -> Result<(), ExportError> {
    let mut table = Table::new(sheet, SHEETS[0], &COLUMNS, &[(2, 20), (7, 40), (9, 24)])?;
    journal::each_by_day(conn, |entry| -> Result<(), ExportError> {
        for line in lines::of(&entry, names) {
            table.next_row()?;
            for (column, text) in (0u16..).zip(&line.texts) {
                match column {
                    NUMBER => table.number(column, text)?,
                    DAY => table.day(column, text)?,
                    _ => table.text(column, text)?,
                }
            }
            for (column, sum) in (DEBIT..).zip(line.sums) {
                if let Some(sum) = sum {
                    table.sum(column, sum)?;
                }
            }
        }
        Ok(())
    })
}

fn balance_sheet(names: &Names, sheet: &mut Worksheet) -> Result<(), ExportError> {
    let mut table = Table::new(sheet, SHEETS[1], &["account", "balance"], &[(0, 48)])?;
    for (name, sum) in names.balances() {
        table.next_row()?;
        table.text(0, name)?;
        table.sum(1, sum)?;
    }
    Ok(())
}

/// What is open today, an invoice a row, each in the column of its age as well.
fn aging_sheet(
    conn: &Connection,
    names: &Names,
    today: Day,
    sheet: &mut Worksheet,
) -> Result<(), ExportError> {
    let mut columns = OPEN.to_vec();
    columns.extend(BUCKETS.map(Bucket::slug));
    columns.extend(["overpaid", "as_of"]);
    let mut table = Table::new(sheet, SHEETS[2], &columns, &[(1, 24)])?;
    for open in as_of::receivables(conn, today)? {
        table.next_row()?;
        let (number, name) = names.customer(open.customer);
        table.text(0, number)?;
        table.text(1, name)?;
        match open.invoice {
            Some(id) => table.text(2, names.invoice(id))?,
            None => table.text(2, "on-account")?,
        }
        if let Some(due) = open.due {
            table.day(3, &due.to_string())?;
            let overdue = today.days_since(due).max(0);
            table.number(4, &overdue.to_string())?;
        }
        table.sum(5, open.balance)?;
        let mut buckets = AgingBuckets::default();
        buckets
            .add(open.due.unwrap_or(today), open.balance, today)
            .map_err(StoreError::from)?;
        let aged = BUCKETS.map(|bucket| buckets.get(bucket));
        for (column, sum) in (6u16..).zip(aged.into_iter().chain([buckets.overpaid])) {
            if !sum.is_zero() {
                table.sum(column, sum)?;
            }
        }
        table.day(12, &today.to_string())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_cells_number_rounded_to_two_places_is_the_sum(fen in -999_999_999_999_999i64..=999_999_999_999_999) {
            let sum = Money::from_fen(fen).unwrap();
            let number = cell_number(&sum.to_string()).unwrap();
            prop_assert_eq!(format!("{number:.2}").parse::<Money>().unwrap(), sum);
            // And as it is written into the file.
            prop_assert_eq!(number.to_string().parse::<Money>().unwrap(), sum);
        }
    }
}
