//! Statements: they say for good what they said first, and the first answer to what was shown stands.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use super::{Books, Broken, Findings, Id, Papers, Standings, Statement, StatementStanding};

impl Papers {
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

    pub(super) fn judge_statements(
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
}
