//! What goes to and fro as paper between field and office, by the auditor's own rules: hand-ins, requests, statements
//! and their answers.
//!
//! A hand-in is offered, and counted once or sent back; of its receipts each is with the company once. A request is
//! decided by a supervisor who did not make it, the first word counts, and answered by finance once. A statement says
//! for good what it said first, its lines add up to what the journal says of its day, and the first answer to what was
//! shown stands.

mod asks;
mod statements;

use std::collections::{BTreeMap, BTreeSet};

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
            let Some(fact) = &record.paper else {
                continue;
            };
            let place = record.place;
            if let Some(saved) = self.saved.get(id)
                && !is_same(saved, fact)
            {
                let what = format!("the server's {} {id} is not what was saved", record.kind);
                found.push((Broken::Wrong, what));
            }
            match fact {
                PaperFact::HandIn(fact) if !self.hand_ins.contains_key(id) => {
                    hand_ins.insert((place, id.clone()), fact.clone());
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
                    let key = (place, id.clone());
                    if self.answers.insert(key.clone(), fact.clone()).is_none() {
                        new.insert(key, id.clone());
                    }
                }
            }
        }
        for ((place, id), fact) in hand_ins {
            // One that comes before its receipts (to a server that was restored) goes back.
            let is_there = |receipt: &Id| {
                books.is_in_hands(receipt, &fact.person)
                    && records.get(receipt).is_some_and(|r| r.place < place)
            };
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
