//! Receivables taken over from the books: invoices 应收单 and payments already booked.

use serde::{Deserialize, Serialize};

use crate::{
    day::Day,
    ids::{CustomerId, InvoiceId, PaymentId},
    money::Money,
};

/// One receivable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// Identity.
    pub id: InvoiceId,
    /// Debtor.
    pub customer: CustomerId,
    /// Number as printed; leading zeros count.
    pub number: String,
    /// Day of issue.
    pub issued: Day,
    /// Day on which it is due.
    pub due: Day,
    /// Sum owed when issued; negative for a credit note.
    pub amount: Money,
}

/// A payment that stands in the books already (imported, not taken in the field).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Identity.
    pub id: PaymentId,
    /// Payer.
    pub customer: CustomerId,
    /// Number in the books, unique in the company.
    pub number: String,
    /// Day booked.
    pub day: Day,
    /// Sum.
    pub amount: Money,
    /// The invoice that it pays; none leaves it on account.
    pub invoice: Option<InvoiceId>,
}
