//! Text of a row → typed values of a customer, an invoice or a payment, before the books are asked.
//!
//! Invariant: nothing here looks at the store; the same file and map always give the same rows.

use shared::{
    customer::{ContactRole, Settlement},
    day::Day,
    evidence::GeoPoint,
    money::Money,
    sync::limits::NAME_CHARS,
};

use super::{
    amount::ReadAmount,
    date::read_day,
    map::{ColumnMap, DueBeforeIssued},
    report::{BadRow, Reason},
    table::{CURRENCY, Row},
};

/// Days of a term that can be meant.
const TERM_DAYS: u16 = 3_650;

/// A customer as its row says; none where the map has no column for it or the column is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerLine {
    /// Line of the file.
    pub line: u64,
    /// Customer number.
    pub number: String,
    /// Name.
    pub name: String,
    /// Territory's name.
    pub territory: String,
    /// Salesperson's name.
    pub rep: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// A contact: name, part, phone.
    pub contact: Option<(String, ContactRole, String)>,
    /// Days from invoice to due date.
    pub term_days: Option<u16>,
    /// Credit limit.
    pub credit_limit: Option<Money>,
    /// Credit grade.
    pub grade: Option<String>,
    /// Settlement method.
    pub settlement: Option<Settlement>,
    /// Place of the premises.
    pub position: Option<GeoPoint>,
    /// Credit hold.
    pub hold: Option<bool>,
}

/// An invoice as its row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceLine {
    /// Line of the file.
    pub line: u64,
    /// Invoice number.
    pub number: String,
    /// Customer number.
    pub customer: String,
    /// Customer's name, may be empty.
    pub customer_name: String,
    /// Territory of a customer to be created, may be empty.
    pub territory: String,
    /// Day of issue.
    pub issued: Day,
    /// Due day.
    pub due: Day,
    /// Amount.
    pub amount: ReadAmount,
}

/// A payment as its row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentLine {
    /// Line of the file.
    pub line: u64,
    /// Payment number.
    pub number: String,
    /// Customer number; empty: the invoice's customer.
    pub customer: String,
    /// Invoice number; empty: on account.
    pub invoice: String,
    /// Day booked.
    pub day: Day,
    /// Amount.
    pub amount: ReadAmount,
}

/// Several blanks in a row become one; blanks at the ends go.
pub fn tidy_name(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The row's currency must be the company's.
pub fn check_currency(row: &Row, map: &ColumnMap, company: &str) -> Result<(), BadRow> {
    let rule = &map.currency;
    let text = row.text(CURRENCY);
    let currency = match (&rule.constant, &rule.column) {
        (Some(constant), _) => constant.as_str(),
        (None, Some(_)) if rule.values.is_empty() => text,
        (None, Some(_)) => match rule.values.get(text) {
            Some(currency) => currency.as_str(),
            None => return Err(row.bad(CURRENCY, Reason::CurrencyUnknown)),
        },
        (None, None) => return Ok(()),
    };
    if currency.eq_ignore_ascii_case(company) {
        Ok(())
    } else if rule.column.is_some() && currency.is_empty() {
        Err(row.bad(CURRENCY, Reason::CurrencyUnknown))
    } else {
        Err(row.bad(CURRENCY, Reason::CurrencyOther))
    }
}

fn day(row: &Row, field: &str, map: &ColumnMap) -> Result<Day, BadRow> {
    let text = row.required(field, NAME_CHARS)?;
    read_day(text, &map.dates).ok_or_else(|| row.bad(field, Reason::DateInvalid))
}

fn amount(row: &Row, map: &ColumnMap) -> Result<ReadAmount, BadRow> {
    let text = row.required("amount", NAME_CHARS)?;
    map.amount
        .read(text)
        .map_err(|reason| row.bad("amount", reason))
}

fn term_days(row: &Row) -> Result<Option<u16>, BadRow> {
    match row.text("term_days") {
        "" => Ok(None),
        text => match text.trim_end_matches('天').parse::<u16>() {
            Ok(days) if days <= TERM_DAYS => Ok(Some(days)),
            _ => Err(row.bad("term_days", Reason::NumberInvalid)),
        },
    }
}

impl InvoiceLine {
    /// Reads an invoice.
    pub fn read(row: &Row, map: &ColumnMap, currency: &str) -> Result<Self, BadRow> {
        check_currency(row, map, currency)?;
        let number = row.required("number", NAME_CHARS)?.to_owned();
        let customer = row.required("customer", NAME_CHARS)?.to_owned();
        let issued = day(row, "issued", map)?;
        let due = match (row.text("due"), map.due.term_days) {
            ("", Some(days)) => issued.plus_days(i64::from(days)),
            _ => day(row, "due", map)?,
        };
        if due < issued && map.due.before_issued == DueBeforeIssued::Reject {
            return Err(row.bad("due", Reason::DueBeforeIssued));
        }
        Ok(Self {
            line: row.line,
            number,
            customer,
            customer_name: tidy_name(row.bounded("customer_name", NAME_CHARS)?),
            territory: tidy_name(row.bounded("territory", NAME_CHARS)?),
            issued,
            due,
            amount: amount(row, map)?,
        })
    }
}

impl PaymentLine {
    /// Reads a payment.
    pub fn read(row: &Row, map: &ColumnMap, currency: &str) -> Result<Self, BadRow> {
        check_currency(row, map, currency)?;
        let customer = row.bounded("customer", NAME_CHARS)?.to_owned();
        let invoice = row.bounded("invoice", NAME_CHARS)?.to_owned();
        if customer.is_empty() && invoice.is_empty() {
            let field = if row.has("customer") {
                "customer"
            } else {
                "invoice"
            };
            return Err(row.bad(field, Reason::Missing));
        }
        Ok(Self {
            line: row.line,
            number: row.required("number", NAME_CHARS)?.to_owned(),
            customer,
            invoice,
            day: day(row, "day", map)?,
            amount: amount(row, map)?,
        })
    }
}

impl CustomerLine {
    /// Reads a customer.
    pub fn read(row: &Row, map: &ColumnMap, currency: &str) -> Result<Self, BadRow> {
        check_currency(row, map, currency)?;
        let optional = |field: &str| -> Result<Option<String>, BadRow> {
            let text = tidy_name(row.bounded(field, NAME_CHARS)?);
            Ok((!text.is_empty()).then_some(text))
        };
        let territory = match (optional("territory")?, &map.customers.territory) {
            (Some(name), _) => name,
            (None, Some(name)) => name.clone(),
            (None, None) => return Err(row.bad("territory", Reason::Missing)),
        };
        Ok(Self {
            line: row.line,
            number: row.required("number", NAME_CHARS)?.to_owned(),
            name: tidy_name(row.required("name", NAME_CHARS)?),
            territory,
            rep: optional("rep")?,
            address: optional("address")?,
            contact: contact(row)?,
            term_days: term_days(row)?.or(map.customers.term_days),
            credit_limit: credit_limit(row, map)?,
            grade: grade(row)?,
            settlement: settlement(row)?,
            position: position(row)?,
            hold: hold(row)?,
        })
    }
}

fn contact(row: &Row) -> Result<Option<(String, ContactRole, String)>, BadRow> {
    let name = tidy_name(row.bounded("contact", NAME_CHARS)?);
    let phone = tidy_name(row.bounded("phone", NAME_CHARS)?);
    let role = match row.text("contact_role") {
        "" => ContactRole::Other,
        "决策人" | "老板" => ContactRole::DecisionMaker,
        "付款人" => ContactRole::Payer,
        "会计" => ContactRole::Accountant,
        "其他" => ContactRole::Other,
        text => match ContactRole::from_slug(text) {
            ContactRole::Unknown => return Err(row.bad("contact_role", Reason::ChoiceInvalid)),
            role => role,
        },
    };
    Ok((!name.is_empty() || !phone.is_empty()).then_some((name, role, phone)))
}

fn credit_limit(row: &Row, map: &ColumnMap) -> Result<Option<Money>, BadRow> {
    let text = row.bounded("credit_limit", NAME_CHARS)?;
    if text.is_empty() {
        return Ok(None);
    }
    let mut style = map.amount.clone();
    (style.zero, style.negative) = (true, false);
    let read = style
        .read(text)
        .map_err(|reason| row.bad("credit_limit", reason))?;
    Ok(Some(read.money))
}

fn grade(row: &Row) -> Result<Option<String>, BadRow> {
    match row.text("grade").to_ascii_uppercase().as_str() {
        "" => Ok(None),
        grade @ ("A" | "B" | "C" | "D") => Ok(Some(grade.to_owned())),
        _ => Err(row.bad("grade", Reason::ChoiceInvalid)),
    }
}

fn settlement(row: &Row) -> Result<Option<Settlement>, BadRow> {
    Ok(Some(match row.text("settlement") {
        "" => return Ok(None),
        "预付" => Settlement::Prepaid,
        "货到付款" => Settlement::CashOnDelivery,
        "月结" => Settlement::Monthly,
        "季结" => Settlement::Quarterly,
        "分期" => Settlement::Instalments,
        text => match Settlement::from_slug(text) {
            Settlement::Unknown => return Err(row.bad("settlement", Reason::ChoiceInvalid)),
            settlement => settlement,
        },
    }))
}

fn hold(row: &Row) -> Result<Option<bool>, BadRow> {
    match row.text("hold").to_ascii_lowercase().as_str() {
        "" => Ok(None),
        "1" | "yes" | "y" | "true" | "是" | "停" => Ok(Some(true)),
        "0" | "no" | "n" | "false" | "否" => Ok(Some(false)),
        _ => Err(row.bad("hold", Reason::ChoiceInvalid)),
    }
}

fn position(row: &Row) -> Result<Option<GeoPoint>, BadRow> {
    if row.text("latitude").is_empty() && row.text("longitude").is_empty() {
        return Ok(None);
    }
    let degrees = |field: &str, limit: i32| {
        let exact: Result<rust_decimal::Decimal, _> = row.text(field).parse();
        let e7 = exact.ok().and_then(|d| d.checked_mul(10_000_000.into()));
        let e7 = e7.and_then(|d| i32::try_from(d.round()).ok());
        e7.filter(|v| v.abs() <= limit)
            .ok_or_else(|| row.bad(field, Reason::NumberInvalid))
    };
    Ok(Some(GeoPoint {
        lat_e7: degrees("latitude", 900_000_000)?,
        lon_e7: degrees("longitude", 1_800_000_000)?,
    }))
}
