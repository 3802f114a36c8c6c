//! Today 今日: how far the month is from zero receivables, and whom to see now, with the reason why.

use std::rc::Rc;

use dioxus::prelude::*;
use shared::{evidence::Fix, money::Money, policy::work_list::Why};

use super::{
    frame::Screen,
    parts::{Waiting, WhyTags, role_word},
};
use crate::{
    components::{
        AgingBar, Amount, AmountSize, Banner, BarColour, BarPart, Button, ButtonKind, Card, Choice,
        EmptyState, IconButton, IconName, LinkCard, Segmented, Tone,
    },
    format,
    i18n::{t, t_args},
    replica::api::{Request, TodayItem, TodayView},
    route::Route,
    state::{AppState, navigate::use_go, query::Query, take, use_app, use_query, words},
};

const URGENT: &str = "urgent";
const NEAR: &str = "near";
const BOOKED: &str = "booked";
/// Cards drawn at once: more than fit a phone's screen.
const FIRST_CARDS: usize = 8;
/// Cards drawn a moment later, and again whenever more are asked for.
const CARDS: usize = 30;
/// The first cards are on the screen by then.
const FIRST_PAINT_MS: u32 = 200;

/// The work list.
#[component]
pub fn TodayScreen() -> Element {
    let app = use_app();
    let today = use_query(Request::Today, take::today);
    use_picture(app, today);
    let navigator = use_navigator();
    let territories = app
        .me
        .read()
        .as_ref()
        .map(|me| me.territories.join(&t("list-comma")))
        .unwrap_or_default();
    let kicker = words::joined(&[format::date_weekday(app.today()), territories]);
    use_hook(move || {
        if app.may_locate_quietly() {
            spawn(async move {
                // Without a position the list is as good, only without distances.
                let _ = app.locate().await;
            });
        }
    });
    rsx! {
        Screen {
            title: t("tab-today"),
            kicker,
            tabs: true,
            aside: rsx! {
                IconButton {
                    icon: IconName::Search,
                    label: t("customers-search"),
                    id: "find",
                    onclick: move |_| {
                        navigator.push(Route::Customers { q: String::new() });
                    },
                }
            },
            match today.view() {
                Some(view) => rsx! {
                    Month { to_zero: view.to_zero, paid: view.paid_permille, transit: view.in_transit_permille, collected: view.collected_today }
                    WorkList { view }
                },
                None => rsx! { Waiting { error: today.error(), onretry: move |()| today.again() } },
            }
        }
    }
}

/// The list is on the screen and nothing newer is awaited: the next start shows it before the app is ready.
fn use_picture(app: AppState, today: Query<TodayView>) {
    use_effect(move || {
        if today.view().is_some() && !today.is_loading() && today.error().is_none() {
            let time = app.moment(app.now());
            let status = t_args("today-as-of", &[("time", time.into())]);
            app.platform().device.keep_picture(&status);
        }
    });
}

/// How far from zero at the month's end, and what was taken today.
#[component]
fn Month(to_zero: Money, paid: u16, transit: u16, collected: Money) -> Element {
    let share = |permille: u16| Money::from_yuan(u32::from(permille));
    let percent = |permille: u16| t_percent(permille);
    let parts = vec![
        BarPart {
            label: t_args("today-paid", &[("percent", percent(paid).into())]),
            weight: share(paid),
            colour: BarColour::Primary,
        },
        BarPart {
            label: t_args("today-in-transit", &[("percent", percent(transit).into())]),
            weight: share(transit),
            colour: BarColour::PrimaryMid,
        },
        BarPart {
            label: String::new(),
            weight: share(1000_u16.saturating_sub(paid).saturating_sub(transit)),
            colour: BarColour::Rest,
        },
    ];
    rsx! {
        Card { id: "month",
            div { class: "row between top-align",
                div {
                    h2 { class: "t2", font_weight: "400", {t("today-to-zero")} }
                    Amount { value: to_zero, size: AmountSize::Huge, id: "to-zero" }
                }
                div { class: "end",
                    p { class: "t2", {t("today-collected")} }
                    Amount { value: collected, size: AmountSize::Large, tone: Tone::Green, id: "collected-today" }
                }
            }
            div { margin_top: "12px",
                AgingBar { parts, label: t_args("today-bar", &[("paid", percent(paid).into()), ("transit", percent(transit).into())]) }
            }
        }
    }
}

/// Permille as whole percent: `62%`.
fn t_percent(permille: u16) -> String {
    format!("{}%", (permille + 5) / 10)
}

#[component]
fn WorkList(view: Rc<TodayView>) -> Element {
    let app = use_app();
    let mut order = use_signal(|| URGENT.to_owned());
    let mut shown = use_signal(|| FIRST_CARDS);
    use_future(move || async move {
        let clock = app.platform().clock.clone();
        clock.sleep(FIRST_PAINT_MS).await;
        shown.with_mut(|shown| *shown = CARDS.max(*shown));
    });
    let mut place_trouble = use_signal(|| None::<String>);
    let here = *app.position.read();
    let items = arranged(&view.items, &order.read(), here);
    let count = items.len();
    let choose = move |chosen: String| {
        let wants_place = chosen == NEAR && app.position.peek().is_none();
        order.set(chosen);
        shown.set(CARDS);
        if wants_place {
            spawn(async move {
                place_trouble.set(
                    app.locate()
                        .await
                        .err()
                        .map(|e| crate::state::errors::code_sentence(e.code())),
                )
            });
        }
    };
    rsx! {
        Segmented {
            name: "order",
            label: t("today-order"),
            options: vec![Choice::new(URGENT, t("today-urgent")), Choice::new(NEAR, t("today-near")), Choice::new(BOOKED, t("today-booked"))],
            value: order(),
            onchange: choose,
        }
        if *order.read() == URGENT && count > 0 {
            p { class: "t3", id: "order-note", {t("today-order-note")} }
        }
        if let Some(trouble) = place_trouble().filter(|_| *order.read() == NEAR && here.is_none()) {
            Banner { tone: Tone::Amber, title: t("today-no-place"), body: trouble }
        }
        if count == 0 {
            NothingToDo { booked: *order.read() == BOOKED, customers: view.customer_count }
        }
        ul { class: "stack", id: "work-list", aria_label: t("today-list"),
            for item in items.into_iter().take(shown()) {
                li { key: "{item.customer}",
                    WorkCard { item: item.clone(), here }
                }
            }
        }
        if count > shown() {
            Button { kind: ButtonKind::Sub, full: true, id: "more", onclick: move |_| shown += CARDS,
                {t_args("more-count", &[("count", (count - shown()).into())])}
            }
        }
    }
}

/// The list in the order asked for. Urgency is the order in which the replica gives it.
fn arranged<'a>(items: &'a [TodayItem], order: &str, here: Option<Fix>) -> Vec<&'a TodayItem> {
    let mut list: Vec<_> = items.iter().collect();
    match (order, here) {
        (NEAR, Some(fix)) => list.sort_by_key(|item| {
            item.position
                .map_or(u32::MAX, |place| place.distance_m(fix.point))
        }),
        (BOOKED, _) => {
            list.retain(|item| item.appointment.is_some());
            list.sort_by_key(|item| item.appointment);
        }
        _ => {}
    }
    list
}

#[component]
fn NothingToDo(booked: bool, customers: u32) -> Element {
    let navigator = use_navigator();
    let (title, body) = match (booked, customers) {
        (true, _) => (t("today-none-booked"), t("today-none-booked-body")),
        (false, 0) => (t("today-no-customers"), t("today-no-customers-body")),
        (false, _) => (t("today-none"), t("today-none-body")),
    };
    rsx! {
        EmptyState { icon: IconName::Today, title, body,
            if customers > 0 {
                Button {
                    kind: ButtonKind::Soft,
                    onclick: move |_| {
                        navigator.push(Route::Customers { q: String::new() });
                    },
                    {t("customers-all")}
                }
            }
        }
    }
}

#[component]
fn WorkCard(item: TodayItem, here: Option<Fix>) -> Element {
    let app = use_app();
    let go = use_go();
    let booked = item.appointment.map(|day| {
        (
            Tone::Teal,
            t_args(
                "today-appointment",
                &[("day", format::day_relative(day, app.today()).into())],
            ),
        )
    });
    let names_it = item
        .why
        .iter()
        .any(|why| matches!(why, Why::Appointment { .. }));
    rsx! {
        LinkCard { href: Route::Customer { id: item.customer }.to_string(), onnavigate: go,
            div { class: "row between top-align",
                h2 { class: "t1 grow", "{item.name}" }
                Amount { value: item.outstanding, size: AmountSize::Large }
            }
            p { class: "t2", {second_line(app, &item, here)} }
            WhyTags { reasons: item.why, first: booked.filter(|_| !names_it) }
        }
    }
}

/// Who to see, when they are there, how far it is.
fn second_line(app: AppState, item: &TodayItem, here: Option<Fix>) -> String {
    let (name, role) = item
        .contact
        .clone()
        .map_or_else(Default::default, |(name, role)| (name, role_word(role)));
    let distance = match (item.position, here) {
        (Some(place), Some(fix)) => format::distance(place.distance_m(fix.point)),
        _ => String::new(),
    };
    let best = match item.best_time.as_str() {
        "" if item.why.iter().any(Why::is_telephoned) => super::customer::advice::call_time(app),
        "" => String::new(),
        time => t_args("best-time", &[("time", time.to_owned().into())]),
    };
    words::joined(&[name, role, best, distance])
}
