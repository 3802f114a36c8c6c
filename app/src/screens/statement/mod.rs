//! A statement 对账单 before the customer: what they owe as of a day, line by line; agreed with signature and seal
//! photo, or disputed line by line. Sealing it is for good.

mod confirm;
mod lines;

use std::rc::Rc;

use dioxus::prelude::*;
use shared::{
    capitals::capitals,
    evidence::{Signer, Strokes},
    ids::StatementId,
    proposal::DisputeReason,
    statement::{Statement, StatementState},
};

use self::{confirm::Confirm, lines::Disputed};
use super::{
    frame::Screen,
    not_found::Missing,
    parts::Waiting,
    promise::LetterLines,
    signer::{SignatureField, SignerCard, SignerDraft},
    visit::Photos,
};
use crate::{
    components::{
        Amount, AmountSize, Banner, Button, Card, Choice, IconName, NavLink, Segmented, Tag, Tone,
        toast,
    },
    format::{self, money},
    i18n::{lang, t, t_args},
    replica::api::{NewAnswer, Request, StatementView},
    route::Route,
    state::{
        Form,
        draft::{DraftPhoto, key},
        navigate::{use_back, use_go},
        take, use_app, use_form, use_query, words,
    },
};

/// A statement, to be agreed or disputed.
#[component]
pub fn StatementScreen(statement: StatementId) -> Element {
    let asked = Request::Statement(statement, lang().tag().to_owned());
    let found = use_query(asked, take::statement);
    let kept = key::statement(statement);
    let form = use_form::<NewAnswer>(kept.clone());
    let photos = use_form::<Vec<DraftPhoto>>(key::photos(&kept));
    let view = found.view();
    let back = use_back(
        view.as_ref()
            .map_or(Route::Home {}, |view| Route::Customer {
                id: view.row.customer,
            }),
    );
    if view.is_none()
        && found
            .error()
            .is_some_and(|failure| failure.code.ends_with("not_found"))
    {
        return rsx! { Missing { title: t("statement-gone-title"), body: t("statement-gone-body") } };
    }
    let ready = *form.ready.read() && *photos.ready.read();
    let Some(view) = view.filter(|_| ready) else {
        return rsx! {
            Screen { title: t("statement-title"), onback: back, Waiting { error: found.error(), onretry: move |()| found.again() } }
        };
    };
    rsx! { Filled { form, photos, view, onback: back } }
}

/// What is still missing before it can be sealed: key of the sentence.
fn problem(draft: &NewAnswer) -> Option<&'static str> {
    let is_signed = !draft.strokes.0.is_empty();
    let says_nothing = |typed: &str| {
        let typed = typed.trim();
        !typed.is_empty() && typed.parse::<shared::money::Money>().is_err()
    };
    let disputed = &draft.disputed;
    if draft.disputing && disputed.is_empty() {
        Some("statement-missing-line")
    } else if draft.disputing && disputed.iter().any(|line| line.reason.is_none()) {
        Some("statement-missing-reason")
    } else if draft.disputing
        && disputed
            .iter()
            .any(|line| line.reason == Some(DisputeReason::Other) && line.words.trim().is_empty())
    {
        Some("statement-missing-words")
    } else if draft.disputing && disputed.iter().any(|line| says_nothing(&line.says)) {
        Some("statement-wrong-sum")
    } else if draft.signer.name.trim().is_empty() && (is_signed || !draft.disputing) {
        Some("signer-missing-name")
    } else if !is_signed && !draft.disputing {
        Some("statement-missing-signature")
    } else {
        None
    }
}

#[component]
fn Filled(
    form: Form<NewAnswer>,
    photos: Form<Vec<DraftPhoto>>,
    view: Rc<StatementView>,
    onback: EventHandler<()>,
) -> Element {
    let app = use_app();
    let go = use_go();
    let mut value = form.value;
    let mut asking = use_signal(|| false);
    let draft = value.read().clone();
    let row = &view.row;
    let may_answer = app.is_rep() && row.state == StatementState::Sent && view.answer.is_none();
    let seal = move |_| {
        let missing = problem(&value.peek());
        match missing {
            Some(key) => toast(Tone::Red, t(key)),
            None => asking.set(true),
        }
    };
    let (tone, word) =
        words::statement_state(row.state, view.answer.is_some(), row.until, app.today());
    let way = match draft.disputing {
        true => "disputed".to_owned(),
        false => "agreed".to_owned(),
    };
    let subject = format!(
        "{} {}",
        view.letter.first().cloned().unwrap_or_default(),
        money(row.closing)
    );
    rsx! {
        Screen {
            title: view.letter.first().cloned().unwrap_or_else(|| t("statement-title")),
            kicker: view.customer_name.clone(),
            onback,
            aside: rsx! {
                Tag { tone, id: "statement-state", "{word}" }
            },
            actions: may_answer.then(|| rsx! {
                Button { wide: true, icon: IconName::Lock, id: "statement-seal", onclick: seal,
                    if draft.disputing {
                        {t("statement-seal-disputed")}
                    } else {
                        {t("statement-seal-agreed")}
                    }
                }
            }),
            Balance { view: Rc::clone(&view) }
            if let Some(document) = view.answer {
                Banner { tone: Tone::Teal, title: t("statement-has-answer"), id: "statement-answered",
                    NavLink { href: Route::Record { document }.to_string(), onnavigate: go, {t("statement-see-answer")} }
                }
            }
            if may_answer {
                Segmented {
                    name: "statement-way",
                    label: t("statement-way"),
                    options: vec![
                        Choice::new("agreed", t("statement-agreed")),
                        Choice::new("disputed", t("statement-disputed")),
                    ],
                    value: way,
                    onchange: move |way: String| {
                        let mut draft = value.write();
                        draft.disputing = way == "disputed";
                        // A signature drawn under one answer is not taken over to the other.
                        draft.strokes = Strokes::default();
                    },
                }
                if draft.disputing {
                    Disputed { form, view: Rc::clone(&view) }
                }
            }
            LetterLines { lines: view.letter.clone() }
            if may_answer {
                SignatureField {
                    strokes: draft.strokes.clone(),
                    signer: draft.signer.name.clone(),
                    subject,
                    onchange: move |strokes| value.write().strokes = strokes,
                }
                if draft.disputing {
                    p { class: "t2", {t("statement-signature-optional")} }
                }
                SignerCard {
                    signer: SignerDraft::of(&draft.signer),
                    contacts: view.contacts.clone(),
                    required: !draft.disputing,
                    onchange: move |signer: SignerDraft| {
                        value.write().signer = Signer { name: signer.name, role: signer.role, phone: signer.phone };
                    },
                }
                Photos { photos, customer: view.customer_name.clone() }
                p { class: "t3 center", {t("seal-note")} }
            }
        }
        if asking() {
            Confirm { form, photos, view, onclose: move |()| asking.set(false) }
        }
    }
}

/// The balance, large; how it came about; until when it is to be agreed.
#[component]
fn Balance(view: Rc<StatementView>) -> Element {
    let today = use_app().today();
    let row = &view.row;
    let Ok(statement) = Statement::read(&row.content) else {
        return rsx! {};
    };
    let moved = [
        ("statement-opening", statement.opening),
        ("statement-invoiced", statement.invoiced),
        ("statement-paid", statement.paid.negated()),
        ("statement-other", statement.other),
    ];
    rsx! {
        Card { id: "statement-balance",
            h2 { class: "t2", font_weight: "400", {t_args("statement-balance", &[("day", format::date_long(row.as_of).into())])} }
            Amount { value: row.closing, size: AmountSize::Huge, id: "statement-closing" }
            if row.closing.is_positive() {
                p { class: "t2 capitals", {capitals(row.closing)} }
            }
            table { class: "alloc num", margin_top: "8px",
                tbody {
                    for (key , sum) in moved {
                        if !sum.is_zero() || key == "statement-opening" {
                            tr { key: "{key}",
                                td { class: "t2", {t(key)} }
                                td { class: "r", Amount { value: sum } }
                            }
                        }
                    }
                }
            }
            if row.state == StatementState::Sent && view.answer.is_none() {
                p { class: "t2", margin_top: "8px", id: "statement-until", {words::agree_until(row.until, today)} }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replica::api::NewDispute;
    use shared::evidence::StrokePoint;

    #[test]
    fn what_is_missing_is_said_before_anything_is_sealed() {
        let line = |reason, words: &str, says: &str| NewDispute {
            line: 0,
            reason,
            words: words.to_owned(),
            says: says.to_owned(),
        };
        let check = |disputed: Option<Vec<NewDispute>>, name: &str, signed: bool, expected| {
            let mut draft = NewAnswer {
                disputing: disputed.is_some(),
                disputed: disputed.unwrap_or_default(),
                ..NewAnswer::default()
            };
            draft.signer.name = name.to_owned();
            if signed {
                draft.strokes.0.push(vec![StrokePoint {
                    x: 1,
                    y: 1,
                    t_ms: 0,
                    pressure: 0,
                }]);
            }
            assert_eq!(problem(&draft), expected, "{draft:?}");
        };
        let price = Some(DisputeReason::Price);
        check(None, "", true, Some("signer-missing-name"));
        check(None, "王建国", false, Some("statement-missing-signature"));
        check(None, "王建国", true, None);
        check(Some(vec![]), "", false, Some("statement-missing-line"));
        check(
            Some(vec![line(None, "", "")]),
            "",
            false,
            Some("statement-missing-reason"),
        );
        let other = line(Some(DisputeReason::Other), " ", "");
        check(
            Some(vec![other]),
            "",
            false,
            Some("statement-missing-words"),
        );
        check(
            Some(vec![line(price, "", "12.345")]),
            "",
            false,
            Some("statement-wrong-sum"),
        );
        check(Some(vec![line(price, "", "12.30")]), "", false, None);
        check(
            Some(vec![line(price, "", "")]),
            "",
            true,
            Some("signer-missing-name"),
        );
    }
}
