//! What goes to and fro as paper between field and office, by the auditor's own rules: hand-ins, requests, statements
//! and their answers.
//!
//! A hand-in is offered, and counted once or sent back; of its receipts each is with the company once. A request is
//! decided by a supervisor who did not make it, the first word counts, and answered by finance once. A statement says
//! for good what it said first, its lines add up to what the journal says of its day, and the first answer to what was
//! shown stands.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use super::{Broken, Company, Id, Role, ServerRecord, books::Books};

/// What a hand-in is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandInFact {
    /// Who hands in.
    pub person: Id,
    /// Receipts of it.
    pub receipts: BTreeSet<Id>,
    /// Cash as the phone counted it, in fen.
    pub cash: i64,
    /// What the phone says that its cash receipts come to.
    pub expected: i64,
    /// And its cheques and bills.
    pub cheques: i64,
}

/// What a request is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskFact {
    /// Who asks.
    pub person: Id,
    /// About whom.
    pub customer: Id,
    /// `dispute`, `extension`, `discount`, `goods_return` or `write_off`.
    pub what: String,
    /// Fen.
    pub amount: i64,
    /// Words of supervisors: who, agreed, what they agreed to if that is less.
    pub decisions: Vec<(Id, bool, Option<i64>)>,
}

/// What an answer to a statement says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerFact {
    /// Whose answer.
    pub customer: Id,
    /// To which statement.
    pub statement: Id,
    /// Digest of what was shown.
    pub digest: Id,
    /// Lines that are disputed; none: agreed.
    pub disputed: BTreeSet<u32>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaperFact {
    /// A hand-in.
    HandIn(HandInFact),
    /// A request.
    Ask(AskFact),
    /// An answer to a statement.
    Answer(AnswerFact),
}

/// A request as the server says that it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskStanding {
    /// State.
    pub state: String,
    /// The supervisor's word that counts.
    pub sales: Option<(Id, bool)>,
    /// Who of finance answered, and what.
    pub finance: Option<(Id, bool)>,
}

/// A statement as the server says that it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatementStanding {
    /// Whose.
    pub customer: Id,
    /// Its day, as the number that the ledger counts days by.
    pub day: i64,
    /// 1, 2, 3 …
    pub revision: u32,
    /// Fen.
    pub closing: i64,
    /// What it says.
    pub content: String,
    /// What is open in each line, in fen.
    pub lines: Vec<i64>,
    /// State.
    pub state: String,
    /// The answer that stands.
    pub answer: Option<Id>,
    /// Lines that finance has answered.
    pub replied: BTreeSet<u32>,
}

/// How the server says that all of them stand.
#[derive(Clone, Debug, Default)]
pub struct Standings {
    /// State of each hand-in.
    pub hand_ins: BTreeMap<Id, String>,
    /// Requests.
    pub asks: BTreeMap<Id, AskStanding>,
    /// Statements.
    pub statements: BTreeMap<Id, StatementStanding>,
}

/// What finance said to a request.
#[derive(Clone, Debug)]
struct FinanceWord {
    by: Id,
    agreed: bool,
    /// The command that posts it, and what the second person said of that.
    order: Option<(Id, Option<bool>)>,
}

#[derive(Clone, Debug)]
struct Ask {
    fact: AskFact,
    sales: Option<(Id, bool)>,
    finance: Option<FinanceWord>,
}

#[derive(Clone, Debug)]
struct Statement {
    said: StatementStanding,
    digest: Id,
    /// Finance has closed or replaced it.
    ended: Option<&'static str>,
    answer: Option<Id>,
    replied: BTreeSet<u32>,
}

/// The papers.
#[derive(Clone, Default)]
pub struct Papers {
    /// What phones saved.
    saved: BTreeMap<Id, PaperFact>,
    hand_ins: BTreeMap<Id, (HandInFact, &'static str)>,
    asks: BTreeMap<Id, Ask>,
    statements: BTreeMap<Id, Statement>,
    /// Answers by their place in the log.
    answers: BTreeMap<(u64, Id), AnswerFact>,
}

type Findings = Vec<(Broken, String)>;

/// Where a request stands after what was said.
fn ask_state(ask: &Ask, company: &Company) -> &'static str {
    let leads = company.role(&ask.fact.person) == Some(Role::Supervisor);
    let declined = ask.sales.as_ref().is_some_and(|(_, agreed)| !agreed);
    if declined {
        return "declined_by_sales";
    }
    if let Some(word) = &ask.finance
        && (!word.agreed || matches!(word.order, Some((_, Some(false)))))
    {
        return "declined_by_finance";
    }
    let sales_agrees = leads || ask.sales.is_some();
    match &ask.finance {
        None if !sales_agrees => "open",
        Some(_) if !sales_agrees => "agreed_by_finance",
        Some(word) if matches!(word.order, Some((_, None))) => "being_posted",
        Some(_) => "settled",
        // A supervisor alone decides about the extension of somebody else.
        None if ask.fact.what == "extension" && !leads => "settled",
        None => "agreed_by_sales",
    }
}

impl Papers {
    /// A phone saved one; true if there was one of this id.
    pub fn saved(&mut self, id: &str, fact: PaperFact) -> bool {
        self.saved.insert(id.to_owned(), fact).is_some()
    }

    /// Has the server one of this id?
    pub fn has(&self, id: &str) -> bool {
        self.hand_ins.contains_key(id)
    }

    /// Is the statement known, so that what it says need not be shown again?
    pub fn knows_statement(&self, id: &str) -> bool {
        self.statements.contains_key(id)
    }

    /// Finance has counted a hand-in: of others with some of its receipts nothing comes any more.
    pub fn counted(&mut self, id: &str) {
        let receipts = match self.hand_ins.get_mut(id) {
            Some((fact, state)) => {
                *state = "accepted";
                fact.receipts.clone()
            }
            None => return,
        };
        for (other, (fact, state)) in &mut self.hand_ins {
            if other != id && *state == "offered" && !fact.receipts.is_disjoint(&receipts) {
                *state = "returned";
            }
        }
    }

    /// Finance has sent it back.
    pub fn sent_back(&mut self, id: &str) {
        if let Some((_, state)) = self.hand_ins.get_mut(id) {
            *state = "returned";
        }
    }

    /// Finance has answered a request, perhaps by a command that waits for a second person. Tells what is wrong with
    /// that.
    pub fn answered(
        &mut self,
        id: &str,
        by: &str,
        agreed: bool,
        command: Option<&str>,
    ) -> Option<String> {
        let ask = self.asks.get_mut(id)?;
        let is_second = ask.finance.is_some();
        let is_own = ask.fact.person == by || ask.sales.as_ref().is_some_and(|word| word.0 == by);
        ask.finance = Some(FinanceWord {
            by: by.to_owned(),
            agreed,
            order: command.map(|command| (command.to_owned(), None)),
        });
        match (is_second, is_own) {
            (true, _) => Some(format!("request {id} is answered a second time")),
            (_, true) => Some(format!(
                "request {id} is answered by one who had a word already"
            )),
            _ => None,
        }
    }

    /// The second person has said something to a command.
    pub fn second_word(&mut self, command: &str, approved: bool) {
        for ask in self.asks.values_mut() {
            if let Some(word) = &mut ask.finance
                && let Some((ordered, said)) = &mut word.order
                && ordered == command
            {
                *said = Some(approved);
            }
        }
    }

    /// Finance has closed a statement as it stands, or replaced it.
    pub fn ended(&mut self, id: &str, state: &'static str) {
        if let Some(statement) = self.statements.get_mut(id) {
            statement.ended = Some(state);
        }
    }

    /// Finance has answered a disputed line.
    pub fn replied(&mut self, id: &str, line: u32) {
        if let Some(statement) = self.statements.get_mut(id) {
            statement.replied.insert(line);
        }
    }

    /// Judges how the server says that all stand, after it has taken something in or was told something.
    pub fn judge(
        &mut self,
        records: &BTreeMap<Id, ServerRecord>,
        shown: &Standings,
        books: &Books,
        company: &Company,
    ) -> Findings {
        let mut found = Vec::new();
        let new = self.take_in(records, books, company, &mut found);
        self.judge_hand_ins(shown, &mut found);
        self.judge_asks(shown, company, &mut found);
        self.judge_statements(shown, books, &new, &mut found);
        found
    }

    /// Takes in what is new at the server. Gives the new answers in the order in which they came.
    fn take_in(
        &mut self,
        records: &BTreeMap<Id, ServerRecord>,
        books: &Books,
        company: &Company,
        found: &mut Findings,
    ) -> Vec<Id> {
        let mut new = BTreeMap::new();
        let mut hand_ins = BTreeMap::new();
        for (id, record) in records {
            let Some((place, fact)) = &record.paper else {
                continue;
            };
            if let Some(saved) = self.saved.get(id)
                && !is_same(saved, fact)
            {
                let what = format!("the server's {} {id} is not what was saved", record.kind);
                found.push((Broken::Wrong, what));
            }
            match fact {
                PaperFact::HandIn(fact) if !self.hand_ins.contains_key(id) => {
                    hand_ins.insert((*place, id.clone()), fact.clone());
                }
                PaperFact::HandIn(_) => {}
                PaperFact::Ask(fact) => {
                    let known = self.asks.entry(id.clone()).or_insert_with(|| Ask {
                        fact: fact.clone(),
                        sales: None,
                        finance: None,
                    });
                    known.fact = fact.clone();
                    for (author, ..) in &fact.decisions {
                        if *author == fact.person || company.role(author) != Some(Role::Supervisor)
                        {
                            let what = format!("request {id} is decided by {author}, who may not");
                            found.push((Broken::Wrong, what));
                        }
                    }
                }
                PaperFact::Answer(fact) => {
                    let key = (*place, id.clone());
                    if self.answers.insert(key.clone(), fact.clone()).is_none() {
                        new.insert(key, id.clone());
                    }
                }
            }
        }
        for ((_, id), fact) in hand_ins {
            let is_there = |receipt: &Id| books.is_in_hands(receipt, &fact.person);
            let state = match fact.receipts.iter().all(is_there) {
                true => "offered",
                false => "returned",
            };
            self.hand_ins.insert(id, (fact, state));
        }
        new.into_values().collect()
    }

    fn judge_hand_ins(&self, shown: &Standings, found: &mut Findings) {
        for (id, (_, state)) in &self.hand_ins {
            let stands = shown.hand_ins.get(id).map(String::as_str);
            if stands != Some(*state) {
                let what = format!("hand-in {id} stands as {stands:?}, not as {state}");
                found.push((Broken::Wrong, what));
            }
        }
        for id in shown.hand_ins.keys() {
            if !self.hand_ins.contains_key(id) {
                found.push((Broken::Wrong, format!("hand-in {id} was made by nobody")));
            }
        }
    }

    fn judge_asks(&mut self, shown: &Standings, company: &Company, found: &mut Findings) {
        for (id, ask) in &mut self.asks {
            let Some(stands) = shown.asks.get(id) else {
                found.push((Broken::Lost, format!("request {id} stands nowhere")));
                continue;
            };
            let is_said = |word: &(Id, bool)| {
                let mut said = ask.fact.decisions.iter();
                said.any(|(author, agreed, _)| (author, *agreed) == (&word.0, word.1))
            };
            let counts = stands.sales.as_ref().is_some_and(is_said);
            let is_over = matches!(
                ask_state(ask, company),
                "settled" | "declined_by_sales" | "declined_by_finance"
            );
            match (ask.sales.clone(), &stands.sales) {
                (None, Some(word)) if counts && !is_over => ask.sales = Some(word.clone()),
                (None, Some(word)) => {
                    let what = format!("{word:?} counts for request {id}, and does not");
                    found.push((Broken::Wrong, what));
                }
                (Some(before), now) if now.as_ref() != Some(&before) => {
                    let what = format!("request {id}: the word was {before:?}, now it is {now:?}");
                    found.push((Broken::Doubled, what));
                }
                (None, None) if !ask.fact.decisions.is_empty() && !is_over => {
                    let what = format!("request {id}: a supervisor's word is lost");
                    found.push((Broken::Lost, what));
                }
                _ => {}
            }
            let by = ask
                .finance
                .as_ref()
                .map(|word| (word.by.clone(), word.agreed));
            if by != stands.finance {
                let what = format!(
                    "request {id}: finance said {by:?}, it stands as {:?}",
                    stands.finance
                );
                found.push((Broken::Wrong, what));
            }
            let state = ask_state(ask, company);
            if state != stands.state {
                let what = format!("request {id} stands as {}, not as {state}", stands.state);
                found.push((Broken::Wrong, what));
            }
        }
    }

    fn judge_statements(
        &mut self,
        shown: &Standings,
        books: &Books,
        new: &[Id],
        found: &mut Findings,
    ) {
        for (id, stands) in &shown.statements {
            if self.statements.contains_key(id) {
                continue;
            }
            let sum: i64 = stands.lines.iter().sum();
            let owed = books.owed_through(&stands.customer, stands.day);
            if sum != stands.closing || owed != stands.closing {
                let what = format!(
                    "statement {id} comes to {}, its lines to {sum}, the journal of its day to {owed}",
                    stands.closing
                );
                found.push((Broken::Wrong, what));
            }
            let digest = Sha256::digest(&stands.content);
            self.statements.insert(
                id.clone(),
                Statement {
                    said: stands.clone(),
                    digest: digest.iter().map(|b| format!("{b:02x}")).collect(),
                    ended: None,
                    answer: None,
                    replied: BTreeSet::new(),
                },
            );
            // One that came before, to a server that was restored since, counts at once.
            self.first_answer(id, None);
        }
        for answer in new {
            let to = self.answers.iter().find(|((_, id), _)| id == answer);
            if let Some(statement) = to.map(|(_, fact)| fact.statement.clone()) {
                self.first_answer(&statement, Some(answer));
            }
        }
        for (id, statement) in &self.statements {
            self.judge_statement(id, statement, shown.statements.get(id), found);
        }
    }

    /// An answer (or, of a new statement, the first that there is) stands, if none does and it is to what was shown.
    fn first_answer(&mut self, id: &str, only: Option<&Id>) {
        let Some(statement) = self.statements.get_mut(id) else {
            return;
        };
        if statement.answer.is_some() || statement.ended.is_some() {
            return;
        }
        let first = self.answers.iter().find(|((_, document), fact)| {
            only.is_none_or(|only| only == document)
                && fact.statement == id
                && fact.digest == statement.digest
                && fact.customer == statement.said.customer
        });
        statement.answer = first.map(|((_, document), _)| document.clone());
    }

    fn judge_statement(
        &self,
        id: &str,
        statement: &Statement,
        stands: Option<&StatementStanding>,
        found: &mut Findings,
    ) {
        let Some(stands) = stands else {
            found.push((Broken::Lost, format!("statement {id} is gone")));
            return;
        };
        let said = &statement.said;
        let frozen = |s: &StatementStanding| (s.customer.clone(), s.day, s.revision, s.closing);
        if frozen(said) != frozen(stands) {
            found.push((
                Broken::Wrong,
                format!("statement {id} says something else now"),
            ));
        }
        if statement.answer != stands.answer {
            let what = format!(
                "statement {id}: the answer that stands is {:?}, the first was {:?}",
                stands.answer, statement.answer
            );
            found.push((Broken::Wrong, what));
        }
        let answer = statement.answer.as_ref();
        let fact = answer.and_then(|a| self.answers.iter().find(|((_, id), _)| id == a));
        let state = match (statement.ended, fact) {
            (Some(ended), _) => ended,
            (None, None) => "sent",
            (None, Some((_, fact))) if fact.disputed.is_empty() => "agreed",
            (None, Some((_, fact))) if fact.disputed == statement.replied => "answered",
            (None, Some(_)) => "disputed",
        };
        if state != stands.state {
            let what = format!("statement {id} stands as {}, not as {state}", stands.state);
            found.push((Broken::Wrong, what));
        }
        if statement.replied != stands.replied {
            let what = format!(
                "statement {id}: finance answered {:?}, it shows {:?}",
                statement.replied, stands.replied
            );
            found.push((Broken::Lost, what));
        }
    }

    /// Where a request stands.
    pub fn ask_stands(&self, id: &str, company: &Company) -> Option<&'static str> {
        self.asks.get(id).map(|ask| ask_state(ask, company))
    }

    /// Receipts of hand-ins that are with finance or were counted.
    pub fn handed_in(&self) -> BTreeSet<Id> {
        let there = self.hand_ins.values().filter(|(_, s)| *s != "returned");
        there.flat_map(|(fact, _)| fact.receipts.clone()).collect()
    }

    /// The server is as it was: what phones have saved meanwhile is not forgotten.
    pub fn back_to(&mut self, earlier: &Self) {
        let saved = std::mem::take(&mut self.saved);
        *self = Self {
            saved,
            ..earlier.clone()
        };
    }
}

/// Is it what was saved? (Words of supervisors came to a request later.)
fn is_same(saved: &PaperFact, now: &PaperFact) -> bool {
    match (saved, now) {
        (PaperFact::Ask(saved), PaperFact::Ask(now)) => {
            let of = |f: &AskFact| {
                (
                    f.person.clone(),
                    f.customer.clone(),
                    f.what.clone(),
                    f.amount,
                )
            };
            of(saved) == of(now)
        }
        (saved, now) => saved == now,
    }
}
