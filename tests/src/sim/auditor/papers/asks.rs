//! Requests: decided by a supervisor who did not make them, answered by finance, each once.

use super::{Ask, Broken, Company, FinanceWord, Findings, Id, Papers, Role, Standings};

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

    pub(super) fn judge_asks(
        &mut self,
        shown: &Standings,
        company: &Company,
        found: &mut Findings,
    ) {
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

    /// Where a request stands.
    pub fn ask_stands(&self, id: &str, company: &Company) -> Option<&'static str> {
        self.asks.get(id).map(|ask| ask_state(ask, company))
    }
}
