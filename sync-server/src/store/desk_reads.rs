//! What the desk of finance reads beside the ledger itself: who is in charge of whom, what the papers of a
//! receipt say, the journal by filters, what is owed by how long it is overdue.

use std::collections::BTreeMap;

use rusqlite::Connection;
use shared::{
    aging::AgingBuckets,
    day::Day,
    document::Record,
    ids::{CustomerId, DocumentId, PersonId, TerritoryId},
    ledger::custody::Custody,
    money::Money,
    receipt::Method,
};

use super::{StoreError, as_of, documents, paper as typed, sql};

/// A customer, and who is in charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerPlace {
    /// Identity.
    pub id: CustomerId,
    /// Number in the books.
    pub number: String,
    /// Name.
    pub name: String,
    /// Salesperson, if there is one.
    pub rep: Option<PersonId>,
    /// Territory.
    pub territory: TerritoryId,
}

/// Every customer by number.
pub fn customers(conn: &Connection) -> Result<Vec<CustomerPlace>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT id, number, name, rep, territory FROM customer ORDER BY number")?
        .query_map([], |row| {
            Ok(CustomerPlace {
                id: sql::id(row, 0)?,
                number: row.get(1)?,
                name: row.get(2)?,
                rep: sql::opt_id(row, 3)?,
                territory: sql::id(row, 4)?,
            })
        })?
        .collect::<Result<_, _>>()?)
}

/// What a receipt says of a payment that is not cash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paper {
    /// Number of the cheque or bill, reference of the transfer; may be empty.
    pub reference: String,
    /// Bank of the cheque, acceptor of the bill; may be empty.
    pub bank: String,
    /// Day on which the bill falls due.
    pub due: Option<Day>,
}

/// The paper of a receipt.
pub fn paper(conn: &Connection, receipt: DocumentId) -> Result<Paper, StoreError> {
    let Some(Record::Receipt(receipt, _)) = documents::record(conn, receipt)? else {
        let typed = typed::words(conn, receipt)?.map(|(_, typed)| typed.reference);
        return Ok(Paper {
            reference: typed.unwrap_or_default(),
            ..Paper::default()
        });
    };
    Ok(match receipt.core.method {
        Method::Cash => Paper::default(),
        Method::Transfer { reference }
        | Method::WeChat { reference }
        | Method::Alipay { reference } => Paper {
            reference,
            ..Paper::default()
        },
        Method::Cheque { number, bank } => Paper {
            reference: number,
            bank,
            due: None,
        },
        Method::AcceptanceBill { number, bank, due } => Paper {
            reference: number,
            bank,
            due,
        },
    })
}

/// A void that a supervisor approved after the money had left the field: it waits for finance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovedVoid {
    /// The receipt.
    pub receipt: DocumentId,
    /// Its number.
    pub number: String,
    /// Payer.
    pub customer: CustomerId,
    /// Sum.
    pub amount: Money,
    /// Where its money is.
    pub custody: Custody,
    /// Who asked.
    pub requester: PersonId,
    /// Who approved.
    pub approver: PersonId,
}

/// Voids that were approved and are not posted.
pub fn approved_voids(conn: &Connection) -> Result<Vec<ApprovedVoid>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT r.document, r.number, r.customer, r.amount, r.custody, v.requester, v.approver
             FROM void_approval v CROSS JOIN document_by_id d ON d.filed IN (0, 1) AND d.id = v.receipt
               JOIN receipt_state r ON r.seq = d.seq
             WHERE r.custody <> 'voided' ORDER BY r.day, r.number",
        )?
        .query_map([], |row| {
            Ok(ApprovedVoid {
                receipt: sql::id(row, 0)?,
                number: row.get(1)?,
                customer: sql::id(row, 2)?,
                amount: sql::money(row, 3)?,
                custody: Custody::from_slug(&row.get::<_, String>(4)?),
                requester: sql::id(row, 5)?,
                approver: sql::id(row, 6)?,
            })
        })?
        .collect::<Result<_, _>>()?)
}

/// What each customer owes as of a day, by how long it is overdue; money on account counts as over-paid.
pub fn aging(
    conn: &Connection,
    day: Day,
) -> Result<BTreeMap<CustomerId, AgingBuckets>, StoreError> {
    let mut found: BTreeMap<CustomerId, AgingBuckets> = BTreeMap::new();
    // What is open of a customer lies together: looked up once.
    let mut last: Option<(CustomerId, AgingBuckets)> = None;
    as_of::each(conn, day, &mut |item| {
        if last.is_none_or(|(customer, _)| customer != item.customer) {
            found.extend(last.take());
            let known = found.get(&item.customer).copied();
            last = Some((item.customer, known.unwrap_or_default()));
        }
        if let Some((_, buckets)) = &mut last {
            buckets.add(item.due.unwrap_or(day), item.balance, day)?;
        }
        Ok(())
    })?;
    found.extend(last);
    Ok(found)
}
