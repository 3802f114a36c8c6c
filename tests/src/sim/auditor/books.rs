//! The ledger by the auditor's own arithmetic: what each fact must post, and what the balances must be.
//!
//! Cash pays at once: it is in the salesperson's hands and off what the customer owes. A cheque or bill
//! is in their hands and owed until it clears. A transfer is a claim only. A void undoes what was posted.

use std::collections::{BTreeMap, BTreeSet};

use super::{Broken, Id};

/// How money came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Notes and coins.
    Cash,
    /// A cheque or acceptance bill.
    Cheque,
    /// Anything through a bank or payment service.
    Transfer,
}

/// What a receipt is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptFact {
    /// Who took the money.
    pub person: Id,
    /// Who paid.
    pub customer: Id,
    /// How.
    pub method: Method,
    /// Fen.
    pub amount: i64,
    /// What it pays: invoice and fen.
    pub allocations: Vec<(Id, i64)>,
    /// Void requests.
    pub requests: Vec<Id>,
    /// Decisions on them: request, who, approved.
    pub decisions: Vec<(Id, Id, bool)>,
}

/// An entry of the journal.
#[derive(Clone, Debug)]
pub struct JournalLine {
    /// Number.
    pub number: u64,
    /// Identity.
    pub id: Id,
    /// Kind and what it records: `receipt:<record>`, `void:<record>`, `invoice:<id>:<n>`, `payment:<id>`,
    /// `command:<id>`.
    pub source: String,
    /// Its day, as the number that the ledger counts days by.
    pub day: i64,
    /// Account and fen.
    pub postings: Vec<(String, i64)>,
}

/// Balances as the server shows them, in fen.
#[derive(Clone, Debug, Default)]
pub struct Balances {
    /// By invoice: settled.
    pub settled: BTreeMap<Id, i64>,
    /// By customer: on account, in transit.
    pub accounts: BTreeMap<Id, (i64, i64)>,
    /// By person: cash, cheques.
    pub hands: BTreeMap<Id, (i64, i64)>,
}

#[derive(Default)]
struct Sums {
    settled: BTreeMap<Id, i64>,
    accounts: BTreeMap<Id, (i64, i64)>,
    hands: BTreeMap<Id, (i64, i64)>,
}

/// The books.
#[derive(Clone, Default)]
pub struct Books {
    issued: BTreeMap<Id, ReceiptFact>,
    admitted: BTreeMap<Id, (ReceiptFact, bool)>,
    /// What must be posted, by source.
    expected: BTreeMap<String, Vec<(String, i64)>>,
    /// Where each source was posted.
    posted: BTreeMap<String, u64>,
    ids: BTreeSet<Id>,
    last: u64,
    /// What was posted on debts beside receipts.
    payments: Vec<(String, i64)>,
    /// Receipts whose money the company has.
    with_company: BTreeSet<Id>,
    /// Those of them whose void was approved and waits for finance.
    void_waits: BTreeSet<Id>,
    /// What counts were short by (over, if negative), by person: it stays with them.
    short: BTreeMap<Id, i64>,
    /// Fen on each customer's debts, by the day.
    receivables: BTreeMap<(Id, i64), i64>,
}

/// Finance's count of a hand-in.
#[derive(Clone, Debug)]
pub struct Count {
    /// The command.
    pub command: Id,
    /// Whose hands it leaves.
    pub person: Id,
    /// Receipts.
    pub receipts: BTreeSet<Id>,
    /// Cash as counted, in fen.
    pub counted: i64,
}

fn sorted(postings: &[(String, i64)]) -> Vec<(String, i64)> {
    let mut sorted = postings.to_vec();
    sorted.sort();
    sorted
}

impl Books {
    /// A phone issued a receipt; true if there was one of this id.
    pub fn issued(&mut self, id: &str, fact: ReceiptFact) -> bool {
        self.issued.insert(id.to_owned(), fact).is_some()
    }

    /// Something else that must be posted.
    pub fn expect(&mut self, source: &str, postings: &[(String, i64)]) {
        if source.starts_with("payment:") || source.starts_with("command:") {
            self.payments.extend(postings.iter().cloned());
        }
        self.expected.insert(source.to_owned(), sorted(postings));
    }

    /// The server has a receipt in this state.
    pub fn admitted(
        &mut self,
        id: &str,
        fact: &ReceiptFact,
        state: &str,
        may_approve: &dyn Fn(&str) -> bool,
    ) -> Result<(), String> {
        if let Some(told) = self.issued.get(id) {
            let same = (&told.person, &told.customer, told.method, told.amount)
                == (&fact.person, &fact.customer, fact.method, fact.amount)
                && told.allocations == fact.allocations;
            if !same {
                return Err(format!(
                    "the server's receipt {id} is not the one that was issued"
                ));
            }
        }
        let counts = |d: &&(Id, Id, bool)| may_approve(&d.1) && fact.requests.contains(&d.0);
        let approved = fact.decisions.iter().filter(counts).any(|d| d.2);
        let was_voided = self.admitted.get(id).is_some_and(|(_, voided)| *voided);
        // What the company has already is given back only with finance's word.
        let waits = approved && !was_voided && self.with_company.contains(id);
        if waits {
            self.void_waits.insert(id.to_owned());
        }
        let voided = was_voided || approved && !waits;
        let is_open = |request: &Id| {
            let mut decided = fact.decisions.iter().filter(counts);
            !decided.any(|d| d.0 == *request)
        };
        let is_open = waits || fact.requests.iter().any(is_open);
        let entry = Self::entry(fact);
        if !entry.is_empty() {
            if voided && !was_voided {
                let undone: Vec<_> = entry.iter().map(|(a, fen)| (a.clone(), -fen)).collect();
                self.expected.insert(format!("void:{id}"), sorted(&undone));
            }
            self.expected
                .insert(format!("receipt:{id}"), sorted(&entry));
        }
        self.admitted.insert(id.to_owned(), (fact.clone(), voided));
        let expected = self.state(id, fact, voided, is_open);
        if state == expected {
            Ok(())
        } else {
            Err(format!("receipt {id} stands as {state}, not as {expected}"))
        }
    }

    fn state(&self, id: &str, fact: &ReceiptFact, voided: bool, is_open: bool) -> &'static str {
        match fact.method {
            _ if voided => "voided",
            _ if is_open => "void_pending",
            Method::Cash if self.with_company.contains(id) => "cleared",
            Method::Cash => "posted",
            _ => "in_transit",
        }
    }

    /// Is the receipt's money in this person's hands, by the ledger?
    pub fn is_in_hands(&self, receipt: &str, person: &str) -> bool {
        let found = self.admitted.get(receipt);
        !self.with_company.contains(receipt)
            && found.is_some_and(|(fact, voided)| {
                !voided && fact.person == person && fact.method != Method::Transfer
            })
    }

    /// Every receipt whose money is in this person's hands.
    pub fn in_hands(&self, person: &str) -> BTreeSet<Id> {
        let all = self.admitted.keys();
        all.filter(|id| self.is_in_hands(id, person))
            .cloned()
            .collect()
    }

    /// Cash and cheques in a person's hands.
    pub fn hands(&self, person: &str) -> (i64, i64) {
        self.sums().hands.get(person).copied().unwrap_or_default()
    }

    /// Finance has counted a hand-in: what is counted goes into the till, once, and what is short stays with the
    /// person.
    pub fn counted(&mut self, count: &Count) -> Result<(), (Broken, String)> {
        let (mut cash, mut cheques) = (0, 0);
        for id in &count.receipts {
            if !self.is_in_hands(id, &count.person) {
                let what = format!(
                    "{id} is counted and was not in the hands of {}",
                    count.person
                );
                return Err((Broken::Doubled, what));
            }
            match self.admitted.get(id) {
                Some((fact, _)) if fact.method == Method::Cash => cash += fact.amount,
                Some((fact, _)) => cheques += fact.amount,
                None => {}
            }
        }
        self.with_company.extend(count.receipts.iter().cloned());
        *self.short.entry(count.person.clone()).or_default() += cash - count.counted;
        let person = &count.person;
        let lines = [
            ("Assets:Cash".to_owned(), count.counted),
            (format!("Assets:Field:Cash:{person}"), -count.counted),
            ("Assets:Cheques".to_owned(), cheques),
            (format!("Assets:Field:Cheques:{person}"), -cheques),
        ];
        let lines: Vec<_> = lines.into_iter().filter(|(_, fen)| *fen != 0).collect();
        if !lines.is_empty() {
            self.expect(&format!("command:{}", count.command), &lines);
        }
        Ok(())
    }

    /// Finance has confirmed the void of a receipt whose money the company has.
    pub fn void_confirmed(&mut self, id: &str) {
        let Some((fact, voided)) = self.admitted.get_mut(id) else {
            return;
        };
        *voided = true;
        let fact = fact.clone();
        let (field, company) = match fact.method {
            Method::Cash => ("Assets:Field:Cash:", "Assets:Cash"),
            _ => ("Assets:Field:Cheques:", "Assets:Cheques"),
        };
        let undone = Self::entry(&fact).into_iter().map(|(account, fen)| {
            let is_field = account.starts_with(field);
            (
                if is_field {
                    company.to_owned()
                } else {
                    account
                },
                -fen,
            )
        });
        let undone: Vec<_> = undone.collect();
        self.expected.insert(format!("void:{id}"), sorted(&undone));
        self.void_waits.remove(id);
    }

    /// Receipts of which the void waits for finance.
    pub fn void_waits(&self) -> Vec<Id> {
        self.void_waits.iter().cloned().collect()
    }

    /// What a customer owed at the end of a day, by what is in the journal now.
    pub fn owed_through(&self, customer: &str, day: i64) -> i64 {
        let days = self
            .receivables
            .range((customer.to_owned(), i64::MIN)..=(customer.to_owned(), day));
        days.map(|(_, fen)| fen).sum()
    }

    fn entry(fact: &ReceiptFact) -> Vec<(String, i64)> {
        let person = &fact.person;
        match fact.method {
            Method::Cash => {
                let mut lines = vec![(format!("Assets:Field:Cash:{person}"), fact.amount)];
                lines.extend(Self::parts(fact).into_iter().map(|(invoice, fen)| {
                    let place = invoice.unwrap_or_else(|| "on-account".to_owned());
                    (format!("Assets:Receivable:{}:{place}", fact.customer), -fen)
                }));
                lines
            }
            Method::Cheque => vec![
                (format!("Assets:Field:Cheques:{person}"), fact.amount),
                ("Liabilities:ChequesUncleared".to_owned(), -fact.amount),
            ],
            Method::Transfer => Vec::new(),
        }
    }

    /// What a receipt pays; none is the rest, kept on account.
    fn parts(fact: &ReceiptFact) -> BTreeMap<Option<Id>, i64> {
        let mut parts = BTreeMap::new();
        let mut rest = fact.amount;
        for (invoice, fen) in &fact.allocations {
            *parts.entry(Some(invoice.clone())).or_default() += fen;
            rest -= fen;
        }
        if rest != 0 {
            parts.insert(None, rest);
        }
        parts
    }

    /// Takes the next entry of the journal.
    pub fn take(&mut self, line: &JournalLine) -> Result<(), (Broken, String)> {
        let source = &line.source;
        if line.number != self.last + 1 {
            let what = format!("the journal goes from {} to {}", self.last, line.number);
            return Err((Broken::Lost, what));
        }
        self.last = line.number;
        if !self.ids.insert(line.id.clone()) {
            return Err((
                Broken::Doubled,
                format!("two entries with the id {}", line.id),
            ));
        }
        if let Some(before) = self.posted.insert(source.clone(), line.number) {
            let what = format!("{source} is posted at {before} and {}", line.number);
            return Err((Broken::Doubled, what));
        }
        for (account, fen) in &line.postings {
            if let Some((customer, _)) = account
                .strip_prefix("Assets:Receivable:")
                .and_then(|rest| rest.split_once(':'))
            {
                let key = (customer.to_owned(), line.day);
                *self.receivables.entry(key).or_default() += fen;
            }
        }
        let sum: i64 = line.postings.iter().map(|(_, fen)| fen).sum();
        if sum != 0 || line.postings.len() < 2 {
            return Err((Broken::Wrong, format!("{source} does not balance: {sum}")));
        }
        match self.expected.get(source) {
            None => Err((
                Broken::Wrong,
                format!("{source} is posted and nobody did it"),
            )),
            Some(expected) if *expected != sorted(&line.postings) => Err((
                Broken::Wrong,
                format!(
                    "{source} is posted as {:?}, not as {expected:?}",
                    line.postings
                ),
            )),
            Some(_) => Ok(()),
        }
    }

    /// What should have been posted and was not.
    pub fn missing(&self) -> Vec<String> {
        let missing = self
            .expected
            .keys()
            .filter(|s| !self.posted.contains_key(*s));
        missing.map(|s| format!("{s} is not posted")).collect()
    }

    /// Does the ledger know the receipt (posted, or as a claim)?
    pub fn has_settled(&self, id: &str) -> bool {
        self.admitted.contains_key(id)
    }

    fn sums(&self) -> Sums {
        let mut sums = Sums::default();
        for (person, fen) in &self.short {
            sums.hands.entry(person.clone()).or_default().0 += fen;
        }
        for (id, (fact, _)) in self.admitted.iter().filter(|(_, (_, voided))| !voided) {
            let customer = fact.customer.clone();
            let carried = match self.with_company.contains(id) {
                true => 0,
                false => fact.amount,
            };
            match fact.method {
                Method::Cash => {
                    sums.hands.entry(fact.person.clone()).or_default().0 += carried;
                    for (invoice, fen) in Self::parts(fact) {
                        match invoice {
                            Some(invoice) => *sums.settled.entry(invoice).or_default() += fen,
                            None => sums.accounts.entry(customer.clone()).or_default().0 += fen,
                        }
                    }
                }
                Method::Cheque => {
                    sums.hands.entry(fact.person.clone()).or_default().1 += carried;
                    sums.accounts.entry(customer).or_default().1 += fact.amount;
                }
                Method::Transfer => {
                    sums.accounts.entry(customer).or_default().1 += fact.amount;
                }
            }
        }
        for (account, fen) in &self.payments {
            if let Some(rest) = account.strip_prefix("Assets:Receivable:")
                && let Some((customer, invoice)) = rest.split_once(':')
            {
                match invoice {
                    "on-account" => sums.accounts.entry(customer.to_owned()).or_default().0 -= fen,
                    invoice => *sums.settled.entry(invoice.to_owned()).or_default() -= fen,
                }
            }
        }
        sums
    }

    /// What a customer owes by the books, and what of theirs is in transit.
    pub fn owed(&self, customer: &str) -> (i64, i64) {
        let prefix = format!("Assets:Receivable:{customer}:");
        let lines = self.expected.values().flatten();
        let owed = lines.filter(|(account, _)| account.starts_with(&prefix));
        let sums = self.sums();
        let in_transit = sums.accounts.get(customer).map_or(0, |sums| sums.1);
        (owed.map(|(_, fen)| fen).sum(), in_transit)
    }

    /// Where the server's balances differ from the auditor's.
    pub fn differences(&self, shown: &Balances) -> Vec<String> {
        fn compare<V: PartialEq + Default + std::fmt::Debug>(
            what: &str,
            mine: &BTreeMap<Id, V>,
            shown: &BTreeMap<Id, V>,
            out: &mut Vec<String>,
        ) {
            let nothing = V::default();
            let ids: BTreeSet<_> = mine.keys().chain(shown.keys()).collect();
            for id in ids {
                let (mine, shown) = (
                    mine.get(id).unwrap_or(&nothing),
                    shown.get(id).unwrap_or(&nothing),
                );
                if mine != shown {
                    out.push(format!("{what} of {id} is {shown:?}, should be {mine:?}"));
                }
            }
        }
        let mine = self.sums();
        let mut out = Vec::new();
        compare("settled", &mine.settled, &shown.settled, &mut out);
        compare("account", &mine.accounts, &shown.accounts, &mut out);
        compare("money in the hands", &mine.hands, &shown.hands, &mut out);
        out
    }

    /// The ledger is as it was: what phones have issued meanwhile is not forgotten.
    pub fn back_to(&mut self, earlier: &Self) {
        let issued = std::mem::take(&mut self.issued);
        *self = Self {
            issued,
            ..earlier.clone()
        };
    }
}
