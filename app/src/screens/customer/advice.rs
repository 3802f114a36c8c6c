//! How to collect here: why now, goods on credit or not, alarms, hard or soft, what comes next; and the cards to read
//! before going in.

use std::rc::Rc;

use dioxus::prelude::*;
use shared::policy::{
    account::CaseStep,
    advice::Advice,
    alarm::Alarm,
    best_time,
    hold::Supply,
    plan::{Manner, Plan},
    playbook,
    reason::Why,
    risk::RiskClass,
};

use crate::{
    components::{Card, Tag, Tone},
    format::{self, money_short},
    i18n::{t, t_args, term},
    replica::api::CustomerView,
    screens::parts::WhyTags,
    state::{AppState, use_app, words},
};

/// Factors of the plan that are named.
const FACTORS: usize = 3;

/// Reasons, alarms and plan.
#[component]
pub fn AdviceCard(view: Rc<CustomerView>) -> Element {
    let app = use_app();
    let Some(advice) = &view.advice else {
        return rsx! {};
    };
    let reasons = reasons(&view, advice);
    let facts = facts(app, &view, advice);
    rsx! {
        Card { id: "advice", title: t("advice-title"),
            if !reasons.is_empty() {
                WhyTags { reasons, most: 6 }
            }
            if !advice.alarms.is_empty() {
                h3 { class: "t2 strong", margin_top: "8px", {t("advice-alarms")} }
                div { class: "why", id: "alarms",
                    for (index , (tone , text)) in advice.alarms.iter().map(|alarm| words::alarm_words(*alarm)).enumerate() {
                        Tag { key: "{index}", tone, "{text}" }
                    }
                }
            }
            dl { class: "facts start", margin_top: "8px",
                for (index , (label , value)) in facts.into_iter().enumerate() {
                    Fragment { key: "{index}",
                        dt { "{label}" }
                        dd { "{value}" }
                    }
                }
            }
        }
    }
}

/// Why now, without what stands among the alarms.
fn reasons(view: &CustomerView, advice: &Advice) -> Vec<Why> {
    let days_alarm = advice
        .alarms
        .iter()
        .any(|alarm| matches!(alarm, Alarm::Days(_)));
    let told = |why: &&Why| match why {
        Why::Alarm(_) => true,
        Why::Overdue { .. } => days_alarm,
        _ => false,
    };
    view.why.iter().filter(|why| !told(why)).cloned().collect()
}

fn facts(app: AppState, view: &CustomerView, advice: &Advice) -> Vec<(String, String)> {
    let mut facts = vec![(t("advice-supply"), supply(advice.supply))];
    if let Some(plan) = &advice.plan {
        facts.push((t("advice-plan"), manner(plan)));
    }
    if advice.attention != RiskClass::from_slug(&view.risk) {
        let class = term("risk", advice.attention.slug());
        let text = t_args("advice-attention-as", &[("class", class.into())]);
        facts.push((t("advice-attention"), text));
    }
    if !advice.next.is_empty() {
        let step = |(day, step): &(shared::day::Day, shared::policy::advice::Step)| {
            let day = format::day_relative(*day, app.today());
            t_args(
                "advice-step",
                &[
                    ("day", day.into()),
                    ("step", term("step", step.slug()).into()),
                ],
            )
        };
        let steps: Vec<String> = advice.next.iter().map(step).collect();
        facts.push((t("advice-next"), words::joined(&steps)));
    }
    if !view.case.is_empty() {
        facts.push((t("advice-case"), case(app, &view.case)));
    }
    facts.push((t("advice-time"), time(app, view)));
    facts
}

/// Letters that went out, and the step at law taken last.
fn case(app: AppState, steps: &[CaseStep]) -> String {
    let said = |step: &CaseStep| {
        let day = |day| ("day", format::date_short(day, app.today()).into());
        let (name, then) = match step.law() {
            Some(law) => (term("legal", law.slug()), "legal-until"),
            None => (
                t_args("letter-number", &[("number", step.what.into())]),
                "letter-taken",
            ),
        };
        let done = t_args("case-step", &[("step", name.into()), day(step.on)]);
        done + &step
            .then
            .map_or(String::new(), |on| t_args(then, &[day(on)]))
    };
    let known = steps
        .iter()
        .filter(|one| one.is_letter() || one.law().is_some());
    words::joined(&known.map(said).collect::<Vec<_>>())
}

/// On what terms goods go out, and why not on credit.
fn supply(supply: Supply) -> String {
    let with =
        |key: &str, reason: &str| t_args(key, &[("reason", term("hold-reason", reason).into())]);
    match supply {
        Supply::OnCredit { left } => {
            t_args("supply-credit", &[("amount", money_short(left).into())])
        }
        Supply::CashOnly(reason) => with("supply-cash", reason.slug()),
        Supply::Stopped(reason) => with("supply-stopped", reason.slug()),
    }
}

/// Hard or soft, and the factors that speak for it.
fn manner(plan: &Plan) -> String {
    let speaks = |points: i32| match plan.manner {
        Manner::Hard | Manner::Firm => points > 0,
        Manner::Soft => points < 0,
    };
    let factors: Vec<String> = plan
        .factors
        .iter()
        .filter(|(_, points)| speaks(*points))
        .take(FACTORS)
        .map(|(factor, points)| {
            let side = if *points > 0 { "hard" } else { "soft" };
            t(&format!("factor-{}-{side}", factor.slug()))
        })
        .collect();
    let manner = term("manner", plan.manner.slug());
    if factors.is_empty() {
        return manner;
    }
    let factors = factors.join(&t("list-comma"));
    t_args(
        "advice-plan-because",
        &[("manner", manner.into()), ("factors", factors.into())],
    )
}

/// The customer's own best time, else the time at which to telephone.
fn time(app: AppState, view: &CustomerView) -> String {
    let noted = view
        .book
        .fields
        .get("best_time")
        .filter(|time| !time.is_empty());
    match noted {
        Some(time) => time.clone(),
        None => call_time(app),
    }
}

/// When to telephone anybody of whom no better time is known.
pub fn call_time(app: AppState) -> String {
    let me = app.me.read();
    let time = me.as_ref().map(|me| best_time::call_time(&me.settings()));
    t_args("call-time", &[("time", time.unwrap_or_default().into())])
}

/// What to mind before going in 进门前.
#[component]
pub fn CardsBefore(view: Rc<CustomerView>) -> Element {
    let Some(advice) = view
        .advice
        .as_ref()
        .filter(|advice| !advice.cards.is_empty())
    else {
        return rsx! {};
    };
    let overdue = view.aging.overdue().unwrap_or_default();
    let sum = if overdue.is_positive() {
        overdue
    } else {
        view.outstanding
    };
    let text = |(tip, of): &playbook::Card| {
        let amount = money_short(of.unwrap_or(sum));
        t_args(&format!("tip-{}", tip.slug()), &[("amount", amount.into())])
    };
    rsx! {
        Card { tone: Tone::Teal, id: "tip",
            h2 { class: "t2 teal strong", {t("tip-title")} }
            ul { class: "stack",
                for card in advice.cards.iter() {
                    li { key: "{card.0.slug()}", class: "body", {text(card)} }
                }
            }
        }
    }
}
