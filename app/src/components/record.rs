//! What happened and where it stands: timeline, journey of a record, steps of a form.

use dioxus::prelude::*;

use super::{link::NavLink, tone::Tone};
use crate::i18n::t;

/// Events in order, newest first; put [`TimelineItem`]s into it.
#[component]
pub fn Timeline(children: Element) -> Element {
    rsx! {
        ol { class: "tl", {children} }
    }
}

/// One event. With `href` it leads to the record.
#[component]
pub fn TimelineItem(
    #[props(default = Tone::Teal)] tone: Tone,
    title: String,
    when: String,
    #[props(default)] href: Option<String>,
    #[props(default)] onnavigate: EventHandler<String>,
    /// Text below, in small lines or tags.
    #[props(default)]
    children: Element,
) -> Element {
    let body = rsx! {
        div { class: "tl-head",
            span { class: "t1", "{title}" }
            time { class: "t3", "{when}" }
        }
        div { class: "t2", {children} }
    };
    rsx! {
        li { class: "tl-item {tone.class()}",
            if let Some(href) = href {
                NavLink { class: "tl-link", href, onnavigate, {body} }
            } else {
                {body}
            }
        }
    }
}

/// How far one step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Behind.
    Done,
    /// Waited for now.
    Now,
    /// Ahead.
    Todo,
    /// Went wrong here.
    Failed,
}

impl StepState {
    const fn class(self) -> &'static str {
        match self {
            StepState::Done => "done",
            StepState::Now => "now",
            StepState::Todo => "todo",
            StepState::Failed => "failed",
        }
    }
}

/// One station of a record's journey.
#[derive(Clone, Debug, PartialEq)]
pub struct JourneyStep {
    /// The station: saved on the phone, sent, in the ledger, confirmed.
    pub label: String,
    /// A time, or what it waits for. May be empty.
    pub detail: String,
    /// How far it is.
    pub state: StepState,
}

/// Where a record stands: saved → sent → in the ledger → confirmed by finance.
#[component]
pub fn Journey(steps: Vec<JourneyStep>) -> Element {
    rsx! {
        ol { class: "journey",
            for (index , step) in steps.into_iter().enumerate() {
                li { key: "{index}", class: step.state.class(), aria_current: (step.state == StepState::Now).then_some("step"),
                    span {
                        "{step.label}"
                        span { class: "sr", {format!(" ({})", t(&format!("step-{}", step.state.class())))} }
                    }
                    span { class: "what", "{step.detail}" }
                }
            }
        }
    }
}
