//! Payments that stand in the books: rows → posted payments, on an invoice or on account.

use shared::{ids::PaymentId, invoice::Payment};
use uuid::Uuid;

use super::{
    Collected, How, ImportError, conclude,
    map::ColumnMap,
    report::{BadRow, Reason, Report, Sample},
    rows::PaymentLine,
    table::{Labels, Row, label},
};
use crate::store::{
    Store, StoreError, WriteTx,
    books::{self, Put},
};

pub(super) fn read(row: &Row, map: &ColumnMap, currency: &str) -> Result<PaymentLine, BadRow> {
    PaymentLine::read(row, map, currency)
}

pub(super) fn run(
    store: &Store,
    collected: Collected<PaymentLine>,
    how: How,
) -> Result<Report, ImportError> {
    let Collected {
        lines,
        labels,
        mut report,
    } = collected;
    store.write(|tx| {
        for line in &lines {
            let taken = Some(line.amount.money.decimal());
            match put(tx, line, &labels)? {
                Err(bad) => {
                    report.refuse(bad, Some(line.amount.exact));
                    continue;
                }
                Ok(put) => report.take(put, taken, |outcome| Sample {
                    line: line.line,
                    outcome,
                    number: line.number.clone(),
                    customer: line.customer.clone(),
                    day: Some(line.day),
                    amount: Some(line.amount.money),
                    changes: Vec::new(),
                }),
            }
            if !line.amount.difference().is_zero() {
                report.rounded.add(Some(line.amount.difference()));
            }
        }
        conclude(report, how)
    })
}

/// Puts one payment, or says why its row is bad.
fn put(
    tx: &mut WriteTx<'_>,
    line: &PaymentLine,
    labels: &Labels,
) -> Result<Result<Put, BadRow>, StoreError> {
    let bad = |field: &str, value: &str, reason| {
        Ok(Err(BadRow::new(
            line.line,
            label(labels, field),
            value,
            reason,
        )))
    };
    let invoice = match line.invoice.as_str() {
        "" => None,
        number => match books::invoice_by_number(tx, number)? {
            Some(invoice) => Some(invoice),
            None => return bad("invoice", number, Reason::InvoiceUnknown),
        },
    };
    let customer = match (line.customer.as_str(), &invoice) {
        ("", Some(invoice)) => invoice.customer,
        (number, invoice) => match books::customer_by_number(tx, number)? {
            None => return bad("customer", number, Reason::CustomerUnknown),
            Some(customer) if invoice.as_ref().is_some_and(|i| i.customer != customer.id) => {
                return bad("invoice", &line.invoice, Reason::InvoiceOfAnotherCustomer);
            }
            Some(customer) => customer.id,
        },
    };
    let known = books::payment_by_number(tx, &line.number)?;
    let payment = Payment {
        id: known
            .as_ref()
            .map_or_else(|| PaymentId(Uuid::now_v7()), |k| k.id),
        customer,
        number: line.number.clone(),
        day: line.day,
        amount: line.amount.money,
        invoice: invoice.map(|i| i.id),
    };
    if known.is_some_and(|k| k != payment) {
        return bad("number", &line.number, Reason::NumberConflict);
    }
    let now = tx.now();
    books::put_payment(tx, &payment, now).map(Ok)
}
