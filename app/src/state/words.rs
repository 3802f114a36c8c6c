//! Words and tones for what the replica reports: reasons, states, places, clocks.

use dioxus::prelude::ReadableExt;
use shared::{
    aging::{AgingBuckets, Bucket},
    day::{Day, Timestamp},
    evidence::{Fix, GeoPoint},
    hand_in::HandInState,
    money::Money,
    policy::{
        alarm::Alarm,
        escalation::Escalation,
        place::PlaceCheck,
        work_list::{DunningStep, Why},
    },
    promise::PromiseState,
    proposal::{Ask, ProposalState},
    receipt::ReceiptState,
    statement::StatementState,
};

use crate::{
    components::{BarColour, BarPart, Tone},
    format::{self, money_short},
    i18n::{t, t_args, term},
    replica::api::{HandInWord, TimelineLine, TimelineWhat},
    state::AppState,
};

/// The tag of a reason to go there now.
pub fn why(why: &Why) -> (Tone, String) {
    match why {
        Why::Appointment { days } => (
            if *days < 0 { Tone::Amber } else { Tone::Teal },
            by_day("why-appointment", *days, None),
        ),
        Why::PromiseBroken { amount, days } => {
            (Tone::Red, by_day("why-broken", -days.abs(), Some(*amount)))
        }
        Why::PromiseDueIn { days, amount } => {
            (Tone::Amber, by_day("why-promise", *days, Some(*amount)))
        }
        Why::FinalDeadlineIn { days } => (Tone::Amber, by_day("why-deadline", *days, None)),
        Why::DueIn { days, amount } => {
            let tone = if *days <= 3 {
                Tone::Amber
            } else {
                Tone::Neutral
            };
            (tone, by_day("why-due", *days, Some(*amount)))
        }
        Why::Overdue { days, .. } => (
            Tone::Red,
            t_args("overdue-days", &[("days", (*days).into())]),
        ),
        Why::DunningStep {
            step: DunningStep::Call,
            ..
        } => (Tone::Amber, t("dunning-call")),
        Why::DunningStep { step, letter } => match letter.and_then(DunningStep::of_letter) {
            Some(letter) => (Tone::Red, term("dunning", letter.slug())),
            None => (
                Tone::Amber,
                t_args(
                    "dunning-sent",
                    &[("number", step.letter().unwrap_or_default().into())],
                ),
            ),
        },
        Why::Escalation(escalation) => {
            let tone = match escalation {
                Escalation::Handover => Tone::Red,
                Escalation::Listed => Tone::Amber,
            };
            (tone, term("why", escalation.slug()))
        }
        Why::Alarm(alarm) => alarm_words(*alarm),
        Why::Statement { phase, days } => (
            if *days <= 1 {
                Tone::Amber
            } else {
                Tone::Neutral
            },
            t_args(
                &format!("why-statement-{}", phase.slug()),
                &[("days", (*days).into())],
            ),
        ),
        Why::HasMoney => (Tone::Teal, t("why-has-money")),
        Why::Sold => (Tone::Teal, t("why-sold")),
        Why::LosingPerDay(amount) => (
            Tone::Neutral,
            t_args("why-losing", &[("amount", money_short(*amount).into())]),
        ),
        Why::Sign(sign) => (Tone::Neutral, term("warning-sign", sign.slug())),
        Why::Hold => (Tone::Red, t("why-hold")),
        Why::Disputed(amount) => (
            Tone::Amber,
            t_args("why-disputed", &[("amount", money_short(*amount).into())]),
        ),
    }
}

/// The tag of an alarm.
pub fn alarm_words(alarm: Alarm) -> (Tone, String) {
    match alarm {
        Alarm::Days(days) => (Tone::Red, t_args("overdue-days", &[("days", days.into())])),
        Alarm::Share(percent) => (
            Tone::Amber,
            t_args("alarm-share", &[("percent", percent.into())]),
        ),
        Alarm::RatingFell => (Tone::Amber, t("alarm-rating-fell")),
        Alarm::NoResult(count) => (
            Tone::Red,
            t_args("alarm-no-result", &[("count", count.into())]),
        ),
    }
}

/// `{key}-today`, `-tomorrow`, `-yesterday`, `-in` or `-ago`, by days from today.
fn by_day(key: &str, days: i64, amount: Option<Money>) -> String {
    let suffix = match days {
        0 => "today",
        1 => "tomorrow",
        -1 => "yesterday",
        2.. => "in",
        _ => "ago",
    };
    let mut args = vec![("days", days.abs().into())];
    if let Some(amount) = amount {
        args.push(("amount", money_short(amount).into()));
    }
    t_args(&format!("{key}-{suffix}"), &args)
}

/// Parts of the aging bar with their legend.
pub fn aging(aging: &AgingBuckets) -> Vec<BarPart> {
    Bucket::ALL
        .iter()
        .enumerate()
        .map(|(index, bucket)| {
            let sum = aging.get(*bucket);
            let figure = format::money_short(sum).trim_start_matches('¥').to_owned();
            BarPart {
                label: format!("{} {figure}", term("aging", bucket.slug())),
                weight: sum,
                colour: BarColour::age(index),
            }
        })
        .collect()
}

/// The tag of a promise's or instalment's state.
pub fn promise_state(state: PromiseState) -> (Tone, String) {
    let tone = match state {
        PromiseState::Kept => Tone::Green,
        PromiseState::Broken => Tone::Red,
        PromiseState::PartlyKept => Tone::Amber,
        PromiseState::Pending => Tone::Teal,
        PromiseState::Cancelled | PromiseState::Unknown => Tone::Neutral,
    };
    (tone, term("promise-state", state.slug()))
}

/// The tag of a receipt's state; without one it is only on this device.
pub fn receipt_state(state: Option<ReceiptState>) -> (Tone, String) {
    let Some(state) = state else {
        return (Tone::Amber, t("receipt-on-phone"));
    };
    let tone = match state {
        ReceiptState::Cleared => Tone::Green,
        ReceiptState::Posted => Tone::Teal,
        ReceiptState::InTransit | ReceiptState::VoidPending => Tone::Amber,
        ReceiptState::Bounced => Tone::Red,
        ReceiptState::Voided | ReceiptState::Unknown => Tone::Neutral,
    };
    (tone, term("receipt-state", state.slug()))
}

/// What was asked for: `争议 · 价格不符`.
pub fn asked(ask: &Ask) -> String {
    let reason = ask
        .reason
        .map(|reason| term("dispute-reason", reason.slug()));
    joined(&[
        term("proposal", ask.what.slug()),
        reason.unwrap_or_default(),
    ])
}

/// The tag of a proposal's state.
pub fn proposal_state(state: ProposalState) -> (Tone, String) {
    let tone = match state {
        ProposalState::Settled => Tone::Green,
        ProposalState::Open | ProposalState::AgreedByFinance => Tone::Amber,
        ProposalState::AgreedBySales | ProposalState::BeingPosted => Tone::Teal,
        ProposalState::DeclinedBySales | ProposalState::DeclinedByFinance => Tone::Red,
        ProposalState::Unknown => Tone::Neutral,
    };
    (tone, term("proposal-state", state.slug()))
}

/// The tag of a place check: `店内 18 米`, `差 2.3 公里`, `没有定位`.
pub fn place(check: PlaceCheck) -> (Tone, String) {
    let with =
        |key: &str, metres: u32| t_args(key, &[("distance", format::distance(metres).into())]);
    match check {
        PlaceCheck::AtCustomer { distance_m } => (Tone::Green, with("map-at-customer", distance_m)),
        PlaceCheck::Far { distance_m } => (Tone::Red, with("map-away", distance_m)),
        PlaceCheck::CustomerPlaceUnknown => (Tone::Neutral, t("map-no-customer")),
        PlaceCheck::NoFix => (Tone::Neutral, t("map-none")),
    }
}

/// How a fix lies against the customer's place, by the company's rule.
pub fn place_of(fix: Option<Fix>, customer: Option<GeoPoint>, app: AppState) -> (Tone, String) {
    place(app.me.read().as_ref().map_or(PlaceCheck::NoFix, |me| {
        PlaceCheck::of(fix, customer, &me.policy)
    }))
}

/// How far a phone's clock was off: `时钟快 7 分钟`.
pub fn clock_off(ms: i64) -> String {
    let key = if ms < 0 { "clock-slow" } else { "clock-fast" };
    t_args(key, &[("length", format::duration(ms.abs()).into())])
}

/// A small clock difference as it stands in the detail of a visit: `+0.4 秒`.
pub fn clock_offset(ms: i64) -> String {
    let tenths = (ms.abs() + 50) / 100;
    if tenths >= 600 {
        return clock_off(ms);
    }
    let sign = match (tenths, ms < 0) {
        (0, _) => "±",
        (_, true) => "−",
        (_, false) => "+",
    };
    t_args(
        "clock-offset",
        &[(
            "offset",
            format!("{sign}{}.{}", tenths / 10, tenths % 10).into(),
        )],
    )
}

/// Title, tone and second line of an event of the timeline.
pub fn event(line: &TimelineLine, today: Day) -> (Tone, String, String) {
    match &line.what {
        TimelineWhat::Visit {
            minutes,
            result,
            note,
            person_name,
        } => {
            let length = format::duration(i64::from(*minutes).saturating_mul(60_000));
            let title = t_args("event-visit", &[("length", length.into())]);
            let detail = [
                term("visit-result", result.slug()),
                person_name.clone(),
                note.clone(),
            ];
            (Tone::Neutral, title, joined(&detail))
        }
        TimelineWhat::Promise {
            total,
            state,
            instalments,
        } => {
            let title = match state {
                PromiseState::Broken => t("event-promise-broken"),
                _ => t_args("event-promise", &[("amount", money_short(*total).into())]),
            };
            let (tone, state_word) = promise_state(*state);
            let worst = instalments
                .iter()
                .enumerate()
                .find(|(_, (_, state))| *state == PromiseState::Broken);
            let detail = match worst {
                Some((index, (instalment, _))) => t_args(
                    "event-instalment-broken",
                    &[
                        ("number", (index + 1).into()),
                        ("amount", money_short(instalment.amount).into()),
                    ],
                ),
                None => joined(&[state_word, next_instalment(instalments, today)]),
            };
            (tone, title, detail)
        }
        TimelineWhat::Receipt {
            number,
            amount,
            method,
            state,
        } => {
            let args = [
                ("amount", money_short(*amount).into()),
                ("method", term("method", method.slug()).into()),
            ];
            let (tone, state_word) = receipt_state(*state);
            (
                tone,
                t_args("event-receipt", &args),
                joined(&[number.clone(), state_word]),
            )
        }
        TimelineWhat::Proposal(line) => {
            let (tone, state_word) = proposal_state(line.state);
            let until = line.ask.until.map(format::date).unwrap_or_default();
            let title = joined(&[asked(&line.ask), money_short(line.ask.amount)]);
            (tone, title, joined(&[until, state_word]))
        }
        TimelineWhat::Statement {
            as_of,
            closing,
            disputed,
        } => {
            let facts = [
                ("day", format::date_short(*as_of, today).into()),
                ("sum", money_short(*closing).into()),
                ("count", i64::from(*disputed).into()),
            ];
            let (tone, key) = match disputed {
                0 => (Tone::Green, "statement-agreed"),
                _ => (Tone::Amber, "statement-disputed-count"),
            };
            (tone, t_args("event-statement", &facts), t_args(key, &facts))
        }
        TimelineWhat::Payment { number, amount } => (
            Tone::Green,
            t_args("event-payment", &[("amount", money_short(*amount).into())]),
            number.clone(),
        ),
    }
}

fn next_instalment(
    instalments: &[(shared::promise::Instalment, PromiseState)],
    today: Day,
) -> String {
    let open =
        |state: &PromiseState| matches!(state, PromiseState::Pending | PromiseState::PartlyKept);
    instalments
        .iter()
        .find(|(_, state)| open(state))
        .map(|(next, _)| {
            let day = format::day_relative(next.due, today);
            t_args(
                "event-next-instalment",
                &[
                    ("day", day.into()),
                    ("amount", money_short(next.amount).into()),
                ],
            )
        })
        .unwrap_or_default()
}

/// The parts that are not empty, with dots between.
pub fn joined(parts: &[String]) -> String {
    parts
        .iter()
        .filter(|part| !part.is_empty())
        .cloned()
        .collect::<Vec<_>>()
        .join(" · ")
}

/// How long a visit took.
pub fn visit_length(started_at: Timestamp, ended_at: Timestamp) -> String {
    format::duration(ended_at.ms_since(started_at))
}
/// Where a hand-in stands: refused, only here, with finance, counted, sent back.
pub fn hand_in_state(rejected: bool, synced: bool, word: Option<&HandInWord>) -> (Tone, String) {
    match word.map(|word| word.state) {
        _ if rejected => (Tone::Red, t("journey-rejected")),
        Some(HandInState::Accepted) => (Tone::Green, t("hand-in-state-accepted")),
        Some(HandInState::Returned) => (Tone::Red, t("hand-in-state-returned")),
        Some(_) => (Tone::Teal, t("hand-in-state-offered")),
        None if synced => (Tone::Teal, t("hand-in-state-offered")),
        None => (Tone::Amber, t("receipt-on-phone")),
    }
}

/// Where a statement stands: to be agreed, with its window over, answered here, or as the server says.
pub fn statement_state(
    state: StatementState,
    answered: bool,
    until: Day,
    today: Day,
) -> (Tone, String) {
    let (tone, key) = match state {
        StatementState::Sent if answered => (Tone::Amber, "statement-state-on-phone"),
        StatementState::Sent if until < today => (Tone::Red, "statement-state-over"),
        StatementState::Sent => (Tone::Amber, "statement-state-sent"),
        StatementState::Agreed => (Tone::Green, "statement-state-agreed"),
        StatementState::Disputed => (Tone::Amber, "statement-state-disputed"),
        StatementState::Answered => (Tone::Teal, "statement-state-answered"),
        StatementState::Closed => (Tone::Neutral, "statement-state-closed"),
        StatementState::Replaced | StatementState::Unknown => {
            (Tone::Neutral, "statement-state-replaced")
        }
    };
    (tone, t(key))
}

/// Until when a statement is to be agreed.
pub fn agree_until(until: Day, today: Day) -> String {
    let day = ("day", format::date_short(until, today).into());
    match until.days_since(today) {
        ..0 => t_args("statement-window-over", &[day]),
        days => t_args("statement-until", &[day, ("days", days.into())]),
    }
}
