//! Check a receipt 验收据: its code is read by camera or from a photo, its text pasted, or typed by a scanner; the
//! server says whether to rely on it.
//!
//! Invariant: an answer stands on the screen only beside the very text that it is about.

use dioxus::prelude::*;
use serde::Deserialize;
use serde_json::json;
use shared::{day::Day, money::Money};

use super::{
    api::{Failure, judge},
    browser,
    code_reader::CodeReader,
    frame::Screen,
    paper_entry::{EnterPaper, Paper},
    parts::CustomerLink,
    state::use_desk,
    words,
};
use crate::{
    components::{
        Amount, AmountSize, Banner, Button, ButtonKind, Card, EmptyState, IconName, TextArea, Tone,
    },
    format,
    i18n::{t, t_args, term},
};

/// What a code says.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Code {
    number: String,
    day: Day,
    amount: Money,
    payer: String,
}

/// The device that its number names.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Device {
    code: String,
    person: String,
    revoked_on: Option<Day>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Found {
    verdict: String,
    proof: String,
    code: Option<Code>,
    device: Option<Device>,
    ledger: Option<String>,
    state: Option<String>,
    customer: Option<String>,
    #[serde(default)]
    may_enter: bool,
    #[serde(default)]
    payers: Vec<String>,
    #[serde(default)]
    entered: Option<Entered>,
}

/// Who entered it from its paper copy.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Entered {
    person: String,
    at: i64,
    reason: String,
    has_record: bool,
}

impl Found {
    /// Did a device of the company sign what the code says?
    fn is_signed(&self) -> bool {
        self.ledger.is_some()
    }

    fn tone(&self) -> Tone {
        match self.verdict.as_str() {
            "good" => Tone::Green,
            "doubtful" => Tone::Amber,
            _ => Tone::Red,
        }
    }

    /// What is entered, if it may be: by the text that was checked.
    fn paper(&self, text: &str) -> Option<Paper> {
        let code = self.code.as_ref().filter(|_| self.may_enter)?;
        Some(Paper {
            code: text.to_owned(),
            number: code.number.clone(),
            day: code.day,
            amount: code.amount,
            person: self.device.as_ref()?.person.clone(),
            payers: self.payers.clone(),
        })
    }

    /// What the ledger has of it, in a sentence; none where nothing is told.
    fn of_ledger(&self) -> Option<String> {
        let ledger = self.ledger.as_deref()?;
        Some(match self.state.as_deref() {
            Some("voided") => t("desk-check-ledger-voided"),
            _ => t(&format!("desk-check-ledger-{ledger}")),
        })
    }
}

async fn ask(text: &str) -> Result<Found, Failure> {
    let body = json!({ "text": text }).to_string();
    judge(browser::call("POST", "/v1/desk/receipt-check", Some(body)).await)
}

/// The screen.
#[component]
pub fn ReceiptCheckScreen() -> Element {
    let mut typed = use_signal(String::new);
    let mut scanned = use_signal(String::new);
    let mut busy = use_signal(|| false);
    let mut is_missing = use_signal(|| false);
    let mut answer = use_signal(|| None::<Result<Found, Failure>>);
    let mut entering = use_signal(|| None::<Paper>);
    let check = use_callback(move |()| {
        let text = typed.peek().trim().to_owned();
        is_missing.set(text.is_empty());
        if text.is_empty() || busy() {
            return;
        }
        busy.set(true);
        spawn(async move {
            let found = ask(&text).await;
            busy.set(false);
            if typed.peek().trim() == text {
                answer.set(Some(found));
            }
        });
    });
    let change = move |text: String| {
        // A scanner that types ends with Enter.
        let is_scanned = text.ends_with('\n') && *typed.peek() != text;
        typed.set(text);
        answer.set(None);
        is_missing.set(false);
        if is_scanned {
            check.call(());
        }
    };
    rsx! {
        Screen { title: t("desk-check"),
            CodeReader { onread: move |text: String| {
                scanned.set(text.clone());
                typed.set(text);
                answer.set(None);
                is_missing.set(false);
                check.call(());
            } }
            // The field begins anew with what was scanned.
            for first in [scanned()] {
                TextArea {
                    key: "{first}",
                    id: "code",
                    label: t("desk-check-text"),
                    hint: t("desk-check-hint"),
                    initial: first.clone(),
                    error: is_missing().then(|| t("desk-check-missing")),
                    required: true,
                    oninput: change,
                }
            }
            div { class: "row wrap",
                Button { kind: ButtonKind::Primary, busy: busy(), id: "check", onclick: move |_| check.call(()), {t("desk-check-do")} }
            }
            match answer() {
                None => rsx! {
                    EmptyState { icon: IconName::QrCode, title: t("desk-check-none"), body: t("desk-check-none-body") }
                },
                Some(Err(failure)) => rsx! {
                    Banner { tone: Tone::Red, urgent: true, id: "check-problem", title: t("desk-check-not-checked"), body: words::sentence(&failure) }
                },
                Some(Ok(found)) => rsx! {
                    Answer { found: found.clone() }
                    NotHere { found, onenter: move |()| {
                        let text = typed.peek().trim().to_owned();
                        let paper = match &*answer.peek() {
                            Some(Ok(found)) => found.paper(&text),
                            _ => None,
                        };
                        entering.set(paper);
                    } }
                },
            }
            if let Some(paper) = entering() {
                EnterPaper {
                    paper,
                    onentered: move |()| check.call(()),
                    onclose: move |()| entering.set(None),
                }
            }
        }
    }
}

/// What was found: the judgement, why, and what the code says.
#[component]
fn Answer(found: Found) -> Element {
    let heading = match found.is_signed() {
        true => t("desk-check-says"),
        false => t("desk-check-claims"),
    };
    rsx! {
        Banner {
            tone: found.tone(),
            urgent: true,
            id: "verdict",
            title: t(&format!("desk-check-{}", found.verdict)),
            body: t(&format!("desk-check-proof-{}", found.proof)),
            if let Some(sentence) = found.of_ledger() {
                p { id: "in-ledger", class: "banner-body", "{sentence}" }
            }
        }
        if let Some(code) = found.code.clone() {
            Card { id: "code-says", title: heading,
                Facts { code, found }
            }
        }
    }
}

/// A receipt that has not come, and the way to enter it from its paper copy.
#[component]
fn NotHere(found: Found, onenter: EventHandler<()>) -> Element {
    if !found.may_enter {
        return rsx! {};
    }
    rsx! {
        Card { id: "not-here", title: t("desk-command-enter_paper"),
            if found.payers.is_empty() {
                p { class: "t2", id: "no-payer", {t("desk-paper-no-payer")} }
            } else {
                div { class: "stack",
                    p { class: "t2", {t("desk-paper-when")} }
                    div { class: "row wrap",
                        Button { kind: ButtonKind::Soft, id: "enter-paper", onclick: move |_| onenter.call(()), {t("desk-paper-open")} }
                    }
                }
            }
        }
    }
}

#[component]
fn Facts(code: Code, found: Found) -> Element {
    let desk = use_desk();
    rsx! {
        dl { class: "facts start",
            dt { {t("desk-col-receipt")} }
            dd { class: "num", "{code.number}" }
            dt { {t("desk-col-day")} }
            dd { {format::date(code.day)} }
            dt { {t("desk-col-amount")} }
            dd {
                Amount { value: code.amount, size: AmountSize::Large }
            }
            dt { {t("desk-check-payer")} }
            dd { "{code.payer}" }
            if let Some(device) = found.device {
                dt { {t("desk-check-device")} }
                dd {
                    "{device.code} · {desk.person_name(&device.person)}"
                    if let Some(day) = device.revoked_on {
                        p { class: "t3", {t_args("desk-check-revoked-on", &[("day", format::date(day).into())])} }
                    }
                }
            }
            if let Some(state) = found.state {
                dt { {t("desk-col-state")} }
                dd { {term("receipt-state", &state)} }
            }
            if let Some(entered) = found.entered {
                dt { {t("desk-paper-entered")} }
                dd { id: "entered",
                    {t_args("desk-paper-entered-by", &[
                        ("person", desk.person_name(&entered.person).into()),
                        ("moment", desk.moment(entered.at).into()),
                    ])}
                    p { class: "t3", {entered.reason.clone()} }
                    p { class: "t3", {t(if entered.has_record { "desk-paper-record-came" } else { "desk-paper-record-out" })} }
                }
            }
            if let Some(id) = found.customer.filter(|id| desk.customer(id).is_some()) {
                dt { {t("desk-col-customer")} }
                dd {
                    if desk.sees_ledger() {
                        CustomerLink { id }
                    } else {
                        {desk.customer_name(&id)}
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::{
        paper::receipt_check::{InLedger, Proof, Verdict},
        receipt::ReceiptState,
    };

    use super::*;
    use crate::i18n::{Lang, text};

    #[test]
    fn every_judgement_of_the_server_has_its_words_in_both_languages() {
        let proofs = Proof::ALL.map(|proof| format!("proof-{}", proof.slug()));
        let ledgers = [
            InLedger::Same(ReceiptState::Posted).slug(),
            InLedger::Differs.slug(),
            InLedger::OtherReceipt.slug(),
            InLedger::Refused.slug(),
            InLedger::Corrected.slug(),
            InLedger::InReview.slug(),
            InLedger::NotReceived.slug(),
            "hidden",
            "voided",
        ];
        let ledgers = ledgers.map(|slug| format!("ledger-{slug}"));
        let verdicts = [Verdict::Good, Verdict::Doubtful, Verdict::Bad];
        let verdicts = verdicts.map(|verdict| verdict.slug().to_owned());
        for slug in proofs.iter().chain(&ledgers).chain(&verdicts) {
            for lang in Lang::ALL {
                let key = format!("desk-check-{slug}");
                let words = text(lang, &key, &[]);
                assert!(!words.starts_with('['), "{key}");
            }
        }
    }

    #[test]
    fn an_answer_of_the_server_is_read_and_a_voided_receipt_is_called_so() {
        let answer = r#"{ "verdict": "doubtful", "proof": "genuine", "ledger": "same", "state": "voided",
            "code": { "number": "A02-261121-1", "day": "2026-11-21", "amount": "300.00", "payer": "客户" },
            "device": { "code": "A02", "person": "p", "revoked_on": null }, "customer": "c" }"#;
        let found: Found = judge((200, answer.to_owned())).unwrap();
        assert!(found.is_signed());
        assert_eq!(found.tone(), Tone::Amber);
        assert_eq!(found.of_ledger(), Some(t("desk-check-ledger-voided")));
        let bad = r#"{ "verdict": "bad", "proof": "no_receipt" }"#;
        let found: Found = judge((200, bad.to_owned())).unwrap();
        assert_eq!((found.tone(), found.of_ledger()), (Tone::Red, None));
    }
}
