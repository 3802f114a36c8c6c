//! What must hold at a day's close: the checks at the end of the ledger's design, against the tally's sums, in the
//! ledger in memory and in the store.

use std::collections::{BTreeMap, BTreeSet};

use shared::{
    day::Day,
    ids::{CustomerId, InvoiceId, PersonId},
    ledger::{account::Account, chain, custody::Custody},
    money::Money,
};
use sync_server::store::{Store, StoreError, as_of, books, journal, ledger};

use super::{Play, tally::Place};

/// Customers whose figure in transit is asked for one by one.
const ASKED: usize = 5;

/// A debt.
type Receivable = (CustomerId, Option<InvoiceId>);

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Result<(), String> {
    match found == expected {
        true => Ok(()),
        false => Err(format!("{what}: {found:?}, should be {expected:?}")),
    }
}

impl Play {
    /// Every check.
    pub(super) fn close(&mut self) -> Result<(), String> {
        self.ledgers.flush()?;
        let balances = self.ledgers.book().balances();
        let sum: i64 = balances.values().map(|balance| balance.fen()).sum();
        same("all accounts together", sum, 0)?;
        self.check_chain()?;
        self.check_customers(&balances)?;
        self.check_accounts(&balances)?;
        self.check_hands(&balances)?;
        self.check_receipts()?;
        match self.ledgers.store() {
            Some(store) => self.check_store(store, &balances),
            None => Ok(()),
        }
    }

    /// Each entry of the day is well formed, sums to zero and follows from the one before.
    fn check_chain(&mut self) -> Result<(), String> {
        let entries = self.ledgers.book().entries();
        let new = entries.get(self.desk.checked..).unwrap_or_default();
        let before = self.desk.checked.checked_sub(1);
        let last = before.and_then(|at| entries.get(at)).map(|e| e.hash);
        for chained in new {
            let sums = chained.entry.postings.iter().map(|p| p.amount.fen());
            same("an entry", sums.sum::<i64>(), 0)?;
        }
        chain::verify(last, new.iter().cloned()).map_err(|error| error.to_string())?;
        self.desk.checked = entries.len();
        Ok(())
    }

    /// The book figure of every customer.
    fn check_customers(&self, balances: &BTreeMap<Account, Money>) -> Result<(), String> {
        let mut found: BTreeMap<CustomerId, i64> = BTreeMap::new();
        for (account, balance) in balances {
            if let Account::Receivable { customer, .. } = account {
                *found.entry(*customer).or_default() += balance.fen();
            }
        }
        for (customer, expected) in &self.tally.owed {
            let found = found.get(customer).copied().unwrap_or(0);
            same(&format!("owed by {customer}"), found, *expected)?;
        }
        let in_transit = self.tally.in_transit();
        let some = self.number as usize * ASKED;
        for customer in self.company.customers.iter().cycle().skip(some).take(ASKED) {
            let found = self.ledgers.book().in_transit(*customer);
            let found = found.map_err(|error| error.to_string())?.fen();
            let expected = in_transit.get(customer).copied().unwrap_or(0);
            same(&format!("in transit from {customer}"), found, expected)?;
        }
        Ok(())
    }

    fn check_accounts(&self, balances: &BTreeMap<Account, Money>) -> Result<(), String> {
        let tally = &self.tally;
        for (account, expected) in [
            (Account::Cash, tally.cash),
            (Account::Bank, tally.bank),
            (Account::BankFees, tally.fees),
            (Account::CashShort, tally.short),
            (Account::Discounts, tally.discounts),
            (Account::Returns, tally.returns),
            (Account::BadDebt, tally.bad),
            (Account::Interest, tally.interest),
            (Account::Sales, tally.sales),
            (Account::Cheques, tally.at_bank()),
            (Account::ChequesUncleared, -tally.uncleared()),
        ] {
            let found = balances.get(&account).map_or(0, |balance| balance.fen());
            same(&account.to_string(), found, expected)?;
        }
        Ok(())
    }

    /// What lies in each person's hands.
    fn check_hands(&self, balances: &BTreeMap<Account, Money>) -> Result<(), String> {
        let people: BTreeSet<PersonId> = self.tally.receipts.values().map(|m| m.person).collect();
        for person in people {
            let of = |account| balances.get(&account).map_or(0, |b: &Money| b.fen());
            let cash = self.ledgers.book().cash_in_hands(person);
            let cash = cash.map_err(|error| error.to_string())?.fen();
            same("cash by the receipts", cash, self.tally.cash_of(person))?;
            same("field cash", of(Account::FieldCash(person)), cash)?;
            let papers = self.tally.in_hands(person, false);
            same("field cheques", of(Account::FieldCheques(person)), papers)?;
        }
        Ok(())
    }

    /// Every receipt that was issued and came in is there once, and its money where it was brought.
    fn check_receipts(&self) -> Result<(), String> {
        for (document, money) in &self.tally.receipts {
            let expected = match money.place {
                Place::Hands => Custody::Field,
                Place::Said => Custody::Claim,
                Place::Till => Custody::Company,
                Place::AtBank => Custody::Clearing,
                Place::Arrived => Custody::Bank,
                Place::GivenBack => Custody::Bounced,
                Place::Nowhere => Custody::Voided,
            };
            let found = self.ledgers.book().custody(*document);
            same(&format!("receipt {document}"), found, Some(expected))?;
        }
        Ok(())
    }

    /// What every debt came to at the end of a day, by the entries up to that day.
    fn owed_as_of(&self, day: Day) -> BTreeMap<Receivable, i64> {
        let mut owed = BTreeMap::new();
        let entries = self.ledgers.book().entries().iter().map(|e| &e.entry);
        for entry in entries.filter(|entry| entry.day <= day) {
            for posting in &entry.postings {
                if let Account::Receivable { customer, invoice } = posting.account {
                    *owed.entry((customer, invoice)).or_default() += posting.amount.fen();
                }
            }
        }
        owed.retain(|_, fen| *fen != 0);
        owed
    }

    fn check_store(
        &self,
        store: &Store,
        balances: &BTreeMap<Account, Money>,
    ) -> Result<(), String> {
        let in_transit = self.tally.in_transit();
        // Today, and days gone by in turn.
        let day = self.today.plus_days(-i64::from(self.number % 9));
        store
            .read(|conn| {
                let report = ledger::check(conn)?;
                if !report.is_good() {
                    return Ok(Err(report.problems.join("; ")));
                }
                let mut live = journal::balances_by_account(conn)?;
                live.retain(|_, balance| !balance.is_zero());
                let newest = journal::chain_state(conn, 0)?;
                let entries = self.ledgers.book().entries();
                let last = entries.last().map(|chained| chained.hash);
                let mut found = same("balances of the store", &live, balances)
                    .map_err(|_| "the store has other balances than the book".to_owned())
                    .and_then(|()| same("newest link", newest.head, last))
                    .and_then(|()| same("entries", newest.entries, entries.len() as u64));
                let by_store = as_of::receivables(conn, day)?.into_iter();
                let by_store = by_store.map(|i| ((i.customer, i.invoice), i.balance.fen()));
                let by_store: BTreeMap<Receivable, i64> = by_store.collect();
                let what = format!("debts at the end of {day}");
                found = found.and_then(|()| match by_store == self.owed_as_of(day) {
                    true => Ok(()),
                    false => Err(format!("{what} are not what the entries say")),
                });
                for customer in &self.company.customers {
                    let row = books::account(conn, *customer)?;
                    let expected = in_transit.get(customer).copied().unwrap_or(0);
                    let what = format!("in transit from {customer} in the store");
                    found = found.and_then(|()| same(&what, row.in_transit.fen(), expected));
                }
                Ok(found)
            })
            .map_err(|error: StoreError| error.to_string())?
    }
}
