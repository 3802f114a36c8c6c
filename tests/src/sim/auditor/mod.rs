//! The auditor: what every person was told, and whether it is true.
//!
//! It is written against the product's promises, not against its code: it gets plain values (texts,
//! numbers, bytes) from the observer, keeps a model of its own, and does its own sums and hashes. A
//! test of the workspace's layout keeps it from using the sync, ledger and document code that it judges.
//!
//! - `told`: what phones said was saved and synced, and whether it still stands.
//! - `log`: the server's log: gap-free, chained, nothing in it twice.
//! - `books`: the journal and the balances, by the auditor's own arithmetic.
//! - `papers`: hand-ins, requests, statements: where each must stand.
//! - `refused`: what must be refused, and what was made in its place.
//! - `company`: who may see what.
//! - `finish`: what must hold once everything has come to rest.

mod books;
mod company;
mod finish;
mod log;
mod papers;
mod refused;
mod told;

use std::collections::{BTreeMap, BTreeSet};

pub use books::{Balances, Count, JournalLine, Method, ReceiptFact};
pub use company::{Company, Role};
pub use finish::{PhoneAtRest, ServerRow};
pub use log::LogLine;
pub use papers::{
    AnswerFact, AskFact, AskStanding, HandInFact, PaperFact, Standings, StatementStanding,
};
pub use told::Shown;

/// What the observer puts before something that a record says a second time, and that was said once.
pub const TWICE: &str = "twice ";

/// Kinds of which the version before knows nothing.
const NEWEST_WORDS: &[&str] = &["case", "rules"];

/// An id as text.
pub type Id = String;
/// What a record says, each saying as one text.
pub type Tokens = BTreeSet<String>;

/// Which promise was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// Something that somebody was told is no longer there.
    Lost,
    /// Something happened twice.
    Doubled,
    /// Something never comes to rest.
    Stuck,
    /// Something is not as it should be.
    Wrong,
}

/// A broken promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which.
    pub broken: Broken,
    /// What exactly.
    pub what: String,
}

/// A record as the server has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerRecord {
    /// Kind.
    pub kind: String,
    /// Whose account.
    pub customer: Id,
    /// What it says.
    pub tokens: Tokens,
    /// If it is a receipt: what it is about, and where the server says that it stands.
    pub receipt: Option<(ReceiptFact, String)>,
    /// Its place in the log.
    pub place: u64,
    /// If it is a hand-in, a request or an answer: what it is about.
    pub paper: Option<PaperFact>,
}

/// The server as it was when a backup of it was made.
struct Backup {
    log: log::Log,
    books: books::Books,
    papers: papers::Papers,
    records: BTreeMap<Id, ServerRecord>,
}

/// The auditor.
#[derive(Default)]
pub struct Auditor {
    /// Who may see what.
    pub company: Company,
    log: log::Log,
    books: books::Books,
    papers: papers::Papers,
    told: told::Told,
    refused: refused::Refused,
    records: BTreeMap<Id, ServerRecord>,
    backup: Option<Box<Backup>>,
    findings: Vec<Finding>,
}

impl Auditor {
    /// What has been found so far.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// A finding that somebody else made (a crash, a failed call).
    pub fn report(&mut self, broken: Broken, what: impl Into<String>) {
        let what = what.into();
        self.findings.push(Finding { broken, what });
    }

    /// New lines of the server's log.
    pub fn logged(&mut self, lines: &[LogLine]) {
        for line in lines {
            if let Err((broken, what)) = self.log.take(line) {
                self.report(broken, what);
            }
        }
    }

    /// A record as the server now has it.
    pub fn record(&mut self, id: &str, record: ServerRecord) {
        for twice in record.tokens.iter().filter(|t| t.starts_with(TWICE)) {
            let what = format!("{id} says {twice}");
            self.findings.push(Finding {
                broken: Broken::Doubled,
                what,
            });
        }
        if let Some(before) = self.records.get(id)
            && !before.tokens.is_subset(&record.tokens)
        {
            let gone: Vec<_> = before.tokens.difference(&record.tokens).cloned().collect();
            self.report(
                Broken::Lost,
                format!("the server's {id} no longer says {gone:?}"),
            );
        }
        if let Some((fact, state)) = &record.receipt {
            let company = &self.company;
            let may_approve = |person: &str| {
                company.role(person) == Some(Role::Supervisor)
                    && person != fact.person
                    && company.ever_saw(person, &fact.customer)
            };
            if let Err(what) = self.books.admitted(id, fact, state, &may_approve) {
                self.report(Broken::Wrong, what);
            }
        }
        if self.refused.is_spoiled(id) {
            let what = format!("{id} was taken in, and must be refused");
            self.report(Broken::Wrong, what);
        }
        if let Some(other) = self.refused.counts_instead(id, &self.records) {
            let what = format!("{id} and {other} stand for one thing, and both are there");
            self.report(Broken::Doubled, what);
        }
        self.records.insert(id.to_owned(), record);
    }

    /// A phone saved a record that the server must refuse.
    pub fn spoiled(&mut self, record: &str) {
        self.refused.spoiled(record);
    }

    /// A phone saved a record in place of another, which was refused.
    pub fn made_anew(&mut self, refused: &str, record: &str) {
        self.refused.made_anew(refused, record);
    }

    /// May the record have been refused?
    pub fn may_be_refused(&self, record: &str) -> bool {
        self.refused.knows(record)
    }

    /// What was said on a phone about a record, in comments.
    pub fn comments_on(&self, phone: usize, record: &str) -> Vec<String> {
        let said = self.told.said(phone, record);
        said.filter(|token| token.starts_with("comment:"))
            .cloned()
            .collect()
    }

    /// What an administrator or importer put into the books: an entry that must be posted.
    pub fn booked(&mut self, source: &str, postings: &[(String, i64)]) {
        self.books.expect(source, postings);
    }

    /// New lines of the journal, and the balances that the server shows with them.
    pub fn posted(&mut self, lines: &[JournalLine], balances: &Balances) {
        let mut wrong = Vec::new();
        for line in lines {
            wrong.extend(self.books.take(line).err());
        }
        wrong.extend(
            self.books
                .missing()
                .into_iter()
                .map(|what| (Broken::Lost, what)),
        );
        wrong.extend(
            self.books
                .differences(balances)
                .into_iter()
                .map(|what| (Broken::Wrong, what)),
        );
        for (broken, what) in wrong {
            self.report(broken, what);
        }
    }

    /// A phone said that something is saved: what the record must say from now on.
    pub fn saved(
        &mut self,
        phone: usize,
        record: &str,
        customer: &str,
        tokens: impl IntoIterator<Item = String>,
    ) {
        self.told.saved(phone, record, customer, tokens);
    }

    /// A phone issued a receipt.
    pub fn issued(&mut self, record: &str, fact: ReceiptFact) {
        if self.books.issued(record, fact) {
            self.report(
                Broken::Doubled,
                format!("two receipts have the id {record}"),
            );
        }
    }

    /// A phone saved a hand-in, a request or an answer.
    pub fn paper_saved(&mut self, record: &str, fact: PaperFact) {
        if self.papers.saved(record, fact) {
            self.report(Broken::Doubled, format!("two papers have the id {record}"));
        }
    }

    /// How the server says that hand-ins, requests and statements stand, after the journal was looked at.
    pub fn papers_stand(&mut self, shown: &Standings) {
        let (books, company) = (&self.books, &self.company);
        for (broken, what) in self.papers.judge(&self.records, shown, books, company) {
            self.report(broken, what);
        }
    }

    /// Is the statement known, so that what it says need not be shown again?
    pub fn knows_statement(&self, id: &str) -> bool {
        self.papers.knows_statement(id)
    }

    /// Finance has counted a hand-in.
    pub fn counted(&mut self, hand_in: &str, count: &Count) {
        self.papers.counted(hand_in);
        if let Err((broken, what)) = self.books.counted(count) {
            self.report(broken, what);
        }
    }

    /// Finance has sent a hand-in back.
    pub fn sent_back(&mut self, hand_in: &str) {
        self.papers.sent_back(hand_in);
    }

    /// Receipts of which the void waits for finance.
    pub fn void_waits(&self) -> Vec<Id> {
        self.books.void_waits()
    }

    /// Finance has confirmed such a void.
    pub fn void_confirmed(&mut self, receipt: &str) {
        self.books.void_confirmed(receipt);
    }

    /// Finance has answered a request.
    pub fn answered(&mut self, request: &str, by: &str, agreed: bool, command: Option<&str>) {
        if let Some(what) = self.papers.answered(request, by, agreed, command) {
            self.report(Broken::Doubled, what);
        }
    }

    /// The second person has said something to a command, which posts this if it was approved.
    pub fn second_word(&mut self, command: &str, approved: bool, postings: &[(String, i64)]) {
        self.papers.second_word(command, approved);
        if approved {
            self.books.expect(&format!("command:{command}"), postings);
        }
    }

    /// Finance has closed (or replaced) a statement.
    pub fn statement_ended(&mut self, statement: &str, state: &'static str) {
        self.papers.ended(statement, state);
    }

    /// Finance has answered a disputed line.
    pub fn line_replied(&mut self, statement: &str, line: u32) {
        self.papers.replied(statement, line);
    }

    /// The server has sent this to a phone, which speaks the version before or the newest one: kinds of records and
    /// rows.
    pub fn sent(&mut self, phone: usize, is_version_before: bool, kinds: &BTreeSet<String>) {
        let unspoken: Vec<_> = kinds
            .iter()
            .filter(|kind| NEWEST_WORDS.contains(&kind.as_str()))
            .collect();
        if is_version_before && !unspoken.is_empty() {
            let what =
                format!("phone {phone} is sent {unspoken:?}, for which its version has no word");
            self.report(Broken::Wrong, what);
        }
    }

    /// A phone shows a record (none: it does not know it).
    pub fn shown(&mut self, phone: usize, person: &str, id: &str, shown: Option<&Shown>) {
        if self.refused.counts_instead(id, &self.records).is_some() {
            // Another record stands in its place; it need not be shown any more, and counts for nothing.
            if shown.is_some_and(|s| s.in_ledger) && !self.told.may_not_know_of_restoring(phone) {
                let what = format!("phone {phone} shows {id} in the ledger; another stands there");
                self.report(Broken::Wrong, what);
            }
            return;
        }
        let verdict = self
            .told
            .check(phone, person, id, shown, &self.company, &self.records);
        for (broken, what) in verdict {
            self.report(broken, what);
        }
        let may_not_know = self.told.may_not_know_of_restoring(phone);
        let is_known = self.books.has_settled(id) || self.papers.has(id);
        if shown.is_some_and(|s| s.in_ledger) && !is_known && !may_not_know {
            self.report(
                Broken::Wrong,
                format!("phone {phone} shows {id} in the ledger, which does not have it"),
            );
        }
    }

    /// Records of a phone of which something is not known to be with the server.
    pub fn open_matters(&self, phone: usize) -> Vec<Id> {
        self.told.open_matters(phone)
    }

    /// All records that a phone was ever told of.
    pub fn told_to(&self, phone: usize) -> Vec<Id> {
        self.told.all(phone)
    }

    /// A copy of a phone's store was put away.
    pub fn backed_up(&mut self, phone: usize) {
        self.told.back_up(phone);
    }

    /// A phone's store was set back to that copy: what was saved since is lost, unless the server has it.
    pub fn rolled_back(&mut self, phone: usize) {
        self.told.roll_back(phone, &self.records);
    }

    /// A phone was cloned.
    pub fn cloned(&mut self, from: usize, to: usize) {
        self.told.clone_phone(from, to);
    }

    /// A backup of the server was made.
    pub fn server_backed_up(&mut self) {
        self.backup = Some(Box::new(Backup {
            log: self.log.clone(),
            books: self.books.clone(),
            papers: self.papers.clone(),
            records: self.records.clone(),
        }));
    }

    /// The server was restored from that backup: what it lost has to come back.
    pub fn server_restored(&mut self) {
        if let Some(backup) = &self.backup {
            self.log = backup.log.clone();
            self.books.back_to(&backup.books);
            self.papers.back_to(&backup.papers);
            self.records = backup.records.clone();
        }
        self.told.server_restored(&self.records);
    }

    /// Everything has come to rest: phones have heard of all that happened.
    pub fn at_rest(&mut self) {
        self.told.at_rest();
    }

    /// A phone is lost with all that is on it. What it had not sent yet cannot be asked for, nor, if the
    /// server is restored from a backup, what only this phone could have brought back.
    pub fn phone_gone(&mut self, phone: usize) {
        self.told.phone_gone(phone, &self.records);
    }

    /// A phone's owner was revoked for good. What the phone has must arrive all the same, but for photos.
    pub fn revoked_for_good(&mut self, phone: usize) {
        self.told.shut_out(phone);
    }
}
