//! The demo company of `make run`: generated, seeded, realistic, and posted through the same store
//! functions as everything else.
//!
//! 城西贸易有限公司 sells hardware, building materials, household goods and food to small shops in
//! Chengdu: 3 territories, 8 reps, 2 supervisors (one leads two territories), 1 finance clerk,
//! 1 administrator, 400 customers, 6,000 invoices over 14 months up to today, and sixty days of field
//! history: 900 visits, 120 promises, 250 receipts, signed by demo devices that are revoked
//! afterwards. `shapes` states the distributions; the tests here measure them.
//!
//! Invariants
//! - The same seed and day give the same company, byte for byte where signatures and ids are concerned.
//! - Sums are whole fen, chances whole per mille; no floating point number.
//! - An empty store is filled in one transaction, or not at all; a store that has a company is left.

mod books;
mod calls;
mod dice;
mod field;
mod fill;
mod hand;
mod organization;
mod promises;
mod receipts;
mod scribble;
mod shapes;
mod threads;
mod visits;
mod words;

#[cfg(test)]
mod shape_tests;
#[cfg(test)]
mod tests;

use shared::{day::Day, invoice::Payment};

pub use fill::{DemoError, Step, fill};
pub use organization::COMPANY_NAME;

/// Seed of the company that `make run` shows.
pub const SEED: u64 = 20_261_121;

/// The whole company before it is posted.
pub(crate) struct Plan {
    pub organization: organization::Organization,
    pub accounts: Vec<books::Account>,
    pub payments: Vec<Payment>,
    pub calls: Vec<field::Call>,
    pub first_day: Day,
}

/// Makes the company as it stands on a day.
pub(crate) fn plan(seed: u64, today: Day) -> Plan {
    let first_day = today.plus_days(-shapes::BOOK_DAYS - 1);
    let organization = organization::organization(seed, first_day);
    let mut accounts = books::accounts(seed, today, &organization.shops);
    let calls = field::calls(seed, today, &organization, &mut accounts);
    let payments = books::payments(seed, today, &accounts);
    Plan {
        organization,
        accounts,
        payments,
        calls,
        first_day,
    }
}
