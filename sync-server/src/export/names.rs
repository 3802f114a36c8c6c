//! What accounts are called outside: by customer number, invoice number and person's name instead of ids, and
//! such that every program reads them as one name.
//!
//! Invariant: two accounts never get one name.

use std::collections::{BTreeMap, BTreeSet};

use shared::{
    ids::{CustomerId, InvoiceId, PersonId},
    ledger::account::Account,
    money::Money,
};

use crate::store::{Connection, StoreError, books, journal, people};

/// Which characters a part of a name may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// Anything but what hledger reads as something else.
    Hledger,
    /// Letters, digits and hyphens, not beginning with a small letter or a hyphen.
    Beancount,
    /// As it is.
    Plain,
}

/// Names of all accounts on which something was posted, with their balances.
pub(super) struct Names {
    names: BTreeMap<Account, String>,
    balances: BTreeMap<Account, Money>,
    customers: BTreeMap<CustomerId, (String, String)>,
    invoices: BTreeMap<InvoiceId, String>,
    people: BTreeMap<PersonId, String>,
}

impl Names {
    pub(super) fn load(conn: &Connection, alphabet: Alphabet) -> Result<Self, StoreError> {
        let mut names = Self {
            names: BTreeMap::new(),
            balances: journal::balances_by_account(conn)?,
            customers: books::customer_names(conn)?,
            invoices: books::invoice_numbers(conn)?,
            people: people::all(conn)?
                .into_iter()
                .map(|person| (person.id, person.name))
                .collect(),
        };
        let mut taken = BTreeSet::new();
        for account in names.balances.keys() {
            let parts: Vec<String> = names
                .parts(account)
                .into_iter()
                .map(|part| spell(&part, alphabet))
                .collect();
            let mut name = parts.join(":");
            if !taken.insert(name.clone()) {
                // Two numbers that differ only in what may not be written.
                name.push('-');
                name.push_str(&told_apart(account));
                taken.insert(name.clone());
            }
            names.names.insert(*account, name);
        }
        Ok(names)
    }

    fn parts(&self, account: &Account) -> Vec<String> {
        let person = |id: &PersonId| self.person(*id).to_owned();
        let texts = |parts: &[&str]| parts.iter().map(|part| (*part).to_owned()).collect();
        match account {
            Account::Receivable { customer, invoice } => {
                let mut parts: Vec<String> = texts(&["Assets", "Receivable"]);
                parts.push(self.customer(*customer).0.to_owned());
                parts.push(match invoice {
                    None => "On-account".to_owned(),
                    Some(id) => self.invoice(*id).to_owned(),
                });
                parts
            }
            Account::FieldCash(id) => {
                let mut parts: Vec<String> = texts(&["Assets", "Field", "Cash"]);
                parts.push(person(id));
                parts
            }
            Account::FieldCheques(id) => {
                let mut parts: Vec<String> = texts(&["Assets", "Field", "Cheques"]);
                parts.push(person(id));
                parts
            }
            plain => plain.code().split(':').map(str::to_owned).collect(),
        }
    }

    /// The name of an account.
    pub(super) fn of(&self, account: &Account) -> &str {
        self.names
            .get(account)
            .map_or("Equity:Unknown", String::as_str)
    }

    /// All names with their balances, by name.
    pub(super) fn balances(&self) -> BTreeMap<&str, Money> {
        self.balances
            .iter()
            .map(|(account, balance)| (self.of(account), *balance))
            .collect()
    }

    /// Number and name of a customer.
    pub(super) fn customer(&self, id: CustomerId) -> (&str, &str) {
        let found = self.customers.get(&id);
        found.map_or(("?", "?"), |(number, name)| (number, name))
    }

    /// Number of an invoice.
    pub(super) fn invoice(&self, id: InvoiceId) -> &str {
        self.invoices.get(&id).map_or("?", String::as_str)
    }

    /// Name of a person.
    pub(super) fn person(&self, id: PersonId) -> &str {
        self.people.get(&id).map_or("?", String::as_str)
    }
}

/// The last digits of the account's most particular id: those of a time-ordered id differ most.
fn told_apart(account: &Account) -> String {
    let id = match (account.invoice(), account.customer(), account.person()) {
        (Some(invoice), ..) => invoice.0,
        (None, Some(customer), _) => customer.0,
        (None, None, Some(person)) => person.0,
        (None, None, None) => return String::new(),
    };
    id.simple().to_string().to_uppercase()
}

fn spell(part: &str, alphabet: Alphabet) -> String {
    match alphabet {
        Alphabet::Plain => part.to_owned(),
        Alphabet::Hledger => {
            let full_width = |c: char| match c {
                ':' => '：',
                ';' => '；',
                '(' => '（',
                ')' => '）',
                '[' => '［',
                ']' => '］',
                '*' => '＊',
                '!' => '！',
                c if c.is_control() => ' ',
                c => c,
            };
            let spelled: String = part.chars().map(full_width).collect();
            // Two blanks would end the name.
            spelled.split_whitespace().collect::<Vec<_>>().join(" ")
        }
        Alphabet::Beancount => {
            let allowed =
                |c: char| c.is_ascii_alphanumeric() || (!c.is_ascii() && c.is_alphanumeric());
            let mut spelled: String = part
                .chars()
                .map(|c| if allowed(c) { c } else { '-' })
                .collect();
            let good = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || !c.is_ascii();
            if !spelled.chars().next().is_some_and(good) {
                spelled.insert(0, 'X');
            }
            spelled
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_number_or_name_is_each_program_reads_it_as_one_part_of_a_name() {
        let check = |part: &str, hledger: &str, beancount: &str| {
            assert_eq!(spell(part, Alphabet::Hledger), hledger);
            assert_eq!(spell(part, Alphabet::Beancount), beancount);
        };
        check("C00100", "C00100", "C00100");
        check("李明", "李明", "李明");
        check("fp-7", "fp-7", "Xfp-7");
        check("A:1  (旧);\n", "A：1 （旧）；", "A-1---旧---");
        check("-5", "-5", "X-5");
        check("[甲]*!", "［甲］＊！", "X-甲---");
    }
}
