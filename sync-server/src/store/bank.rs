//! Transfers in transit 在途 as a bank statement is matched to them. Nothing is written.

use rusqlite::Connection;
use shared::{
    document::Record,
    ledger::{
        bank_match::{self, BankLine, Claim, Match},
        custody::Custody,
    },
    receipt::Method,
};

use super::{StoreError, books, commands, documents, paper, receipts};

/// A line of a statement, what it is found to be, and the claims that that names.
#[derive(Clone, Debug)]
pub struct Matched {
    /// As it was given.
    pub line: BankLine,
    /// What it is.
    pub found: Match,
    /// The claims that it names, in its order.
    pub claims: Vec<Claim>,
}

/// Matches the lines of a statement to the claims whose money nobody has seen.
pub fn matched(conn: &Connection, lines: Vec<BankLine>) -> Result<Vec<Matched>, StoreError> {
    let claims = claims(conn)?;
    let settled = commands::settled_lines(conn)?;
    let is_settled = |reference: &str| settled.contains(&format!("bank:{reference}"));
    let found = bank_match::match_lines(&lines, &claims, &is_settled);
    Ok(lines
        .into_iter()
        .zip(found)
        .map(|(line, found)| {
            let named: Vec<_> = match &found {
                Match::Settled | Match::Outgoing => Vec::new(),
                Match::Exact(receipt) | Match::Likely(receipt) => vec![*receipt],
                Match::Suggested(receipts) => receipts.clone(),
            };
            let claim = |receipt| claims.iter().find(|c| c.receipt == receipt).cloned();
            let claims = named.into_iter().filter_map(claim).collect();
            Matched {
                line,
                found,
                claims,
            }
        })
        .collect())
}

/// Every transfer, WeChat and Alipay receipt that is in transit.
fn claims(conn: &Connection) -> Result<Vec<Claim>, StoreError> {
    let mut found = Vec::new();
    for (line, customer, _) in receipts::waiting(conn, Some(Custody::Claim), None, u32::MAX)? {
        let (payer, reference) = match documents::record(conn, line.document)? {
            Some(Record::Receipt(receipt, _)) => {
                let core = receipt.core;
                let reference = match core.method {
                    Method::Transfer { reference }
                    | Method::WeChat { reference }
                    | Method::Alipay { reference } => reference,
                    _ => String::new(),
                };
                (core.customer_name, reference)
            }
            _ => match paper::words(conn, line.document)? {
                Some((_, typed)) => (typed.facts.payer, typed.reference),
                None => continue,
            },
        };
        let mut payers = vec![payer];
        if let Some(customer) = books::customer(conn, customer)? {
            payers.push(customer.name);
            // A shop's money may come from its owner's own account.
            payers.extend(customer.contacts.into_iter().map(|contact| contact.name));
        }
        found.push(Claim {
            receipt: line.document,
            number: line.number,
            day: line.day,
            amount: line.amount,
            reference,
            payers,
        });
    }
    Ok(found)
}
