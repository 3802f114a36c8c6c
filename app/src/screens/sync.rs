//! Sync 同步: how things stand in words, every record that waits or was refused, and what to do.

use dioxus::prelude::*;
use shared::{ids::DocumentId, sync::client::Status};

use super::{
    frame::Screen,
    parts::{Waiting, toast_failure},
    record,
};
use crate::{
    components::{
        Banner, Button, ButtonKind, Card, EmptyState, IconName, NavLink, StatusTone, Tag, Tone,
    },
    format,
    i18n::{t, t_args},
    replica::api::{LineState, QueueLine, QueueView, Request, SyncLine},
    route::Route,
    state::{
        AppState, errors, navigate::use_back, navigate::use_go, sync_line, take, use_app,
        use_query, words,
    },
};

/// What waits, what was refused.
#[component]
pub fn SyncScreen() -> Element {
    let app = use_app();
    let queue = use_query(Request::Queue, take::queue);
    use_effect(move || {
        // What is being sent is no change of data.
        let _ = app.sync.read();
        queue.again();
    });
    let onback = use_back(Route::Home {});
    rsx! {
        Screen { title: t("nav-sync"), tabs: true, onback: (!*app.wide.read() && !app.is_rep()).then_some(onback),
            match queue.view() {
                Some(view) => rsx! { Queue { view: (*view).clone() } },
                None => rsx! { Waiting { error: queue.error(), onretry: move |()| queue.again() } },
            }
        }
    }
}

#[component]
fn Queue(view: QueueView) -> Element {
    let app = use_app();
    // What the replica tells is newer than what the list was answered with.
    let sync = app.sync.read().clone().unwrap_or(view.sync);
    let (refused, others): (Vec<_>, Vec<_>) = view
        .lines
        .into_iter()
        .partition(|line| line.rejected.is_some());
    let (corrected, waiting): (Vec<_>, Vec<_>) = others
        .into_iter()
        .partition(|line| line.corrected_by.is_some());
    let bytes: u64 = waiting
        .iter()
        .map(|line| line.bytes)
        .fold(0, u64::saturating_add);
    let nothing = refused.is_empty() && waiting.is_empty();
    rsx! {
        Standing { sync }
        if !refused.is_empty() {
            section { class: "stack", id: "refused",
                h2 { class: "section", {t_args("sync-refused", &[("count", refused.len().into())])} }
                for line in refused {
                    Refused { key: "{line.document}", line }
                }
            }
        }
        if !waiting.is_empty() {
            section { class: "stack", id: "waiting",
                h2 { class: "section",
                    {t_args("sync-waiting", &[("count", waiting.len().into()), ("size", format::bytes(bytes).into())])}
                }
                for (index , line) in waiting.into_iter().enumerate() {
                    WaitingLine { key: "{index}", line }
                }
            }
        }
        if !corrected.is_empty() {
            section { class: "stack", id: "corrected",
                h2 { class: "section", {t("sync-corrected")} }
                for line in corrected {
                    CorrectedLine { key: "{line.document}", line }
                }
            }
        }
        if nothing {
            EmptyState { icon: IconName::CloudCheck, title: t("sync-nothing"), body: t("sync-nothing-body") }
        }
    }
}

/// How sync stands, in words, and the button to do it now.
#[component]
fn Standing(sync: SyncLine) -> Element {
    let app = use_app();
    let mut busy = use_signal(|| false);
    let (tone, line) = sync_line::words(&sync, *app.online.read(), app.now(), app.offset());
    let icon_tone = match tone {
        StatusTone::Synced => Tone::Green,
        StatusTone::Pending | StatusTone::Busy => Tone::Amber,
        StatusTone::Offline => Tone::Neutral,
        StatusTone::Rejected => Tone::Red,
    };
    let sync_now = move |_| {
        busy.set(true);
        spawn(async move {
            if let Err(failure) = app.order(Request::SyncNow).await {
                toast_failure(&failure);
            }
            busy.set(false);
        });
    };
    let skew = app.me.read().as_ref().map_or(i64::MAX, |me| {
        i64::from(me.policy.clock_skew_minutes) * 60_000
    });
    rsx! {
        Card { tone: icon_tone, id: "standing",
            h2 { class: "t1", "{line}" }
            p { class: "t2", {explanation(&sync, app)} }
            if sync.restoring {
                p { class: "t2", id: "restoring", {t("sync-restoring")} }
            }
            if sync.put_off > 0 {
                p { class: "t2", id: "put-off", {t_args("sync-put-off", &[("count", sync.put_off.into())])} }
            }
            if sync.clock_offset_ms.abs() >= skew {
                p { class: "t2 amber", {t_args("sync-clock", &[("off", words::clock_off(sync.clock_offset_ms).into())])} }
            }
        }
        if sync.photos_wait_for_wifi {
            PhotosWait { count: sync.waiting_photos }
        }
        if sync.status != Status::Revoked {
            Button { full: true, icon: IconName::Sync, busy: busy() || sync.status == Status::Syncing, id: "sync-now", onclick: sync_now, {t("sync-now")} }
        }
    }
}

/// Photos wait for Wi-Fi; records have gone.
#[component]
fn PhotosWait(count: u32) -> Element {
    let app = use_app();
    let send = move |_| {
        spawn(async move {
            if let Err(failure) = app.order(Request::SendPhotosNow).await {
                toast_failure(&failure);
            }
        });
    };
    rsx! {
        Card { id: "photos-wait",
            div { class: "row between wrap",
                p { class: "t2 grow", {t_args("sync-photos-wait", &[("count", count.into())])} }
                Button { kind: ButtonKind::Sub, small: true, id: "photos-now", onclick: send, {t("sync-photos-now")} }
            }
        }
    }
}

/// What the state means and what to do.
fn explanation(sync: &SyncLine, app: AppState) -> String {
    let at = |time| app.moment(time);
    match &sync.status {
        Status::Revoked => t("revoked-body"),
        Status::Refused { code, retry_at } => {
            format!(
                "{}{}",
                errors::code_sentence(code),
                t_args("sync-retry-at", &[("time", at(*retry_at).into())])
            )
        }
        Status::Offline { retry_at } if *app.online.read() => {
            t_args("sync-away", &[("time", at(*retry_at).into())])
        }
        Status::Offline { .. } => t("sync-offline"),
        Status::Syncing => t("sync-busy"),
        Status::Idle { last: Some(last) } => t_args("sync-last", &[("time", at(*last).into())]),
        Status::Idle { last: None } => t("sync-never"),
    }
}

/// Kind, customer and label of a line.
fn line_title(line: &QueueLine) -> String {
    let kind = if line.photo {
        t("photos")
    } else {
        record::title(line.kind)
    };
    words::joined(&[kind, line.customer_name.clone()])
}

#[component]
fn WaitingLine(line: QueueLine) -> Element {
    let app = use_app();
    let go = use_go();
    // What waits for somebody else's phone has no size yet.
    let size = (line.bytes > 0).then(|| format::bytes(line.bytes));
    let parts = [
        line.label.clone(),
        app.moment(line.at),
        size.unwrap_or_default(),
    ];
    let kind = if line.photo {
        "photo"
    } else {
        line.kind.slug()
    };
    let (state, word) = match &line.state {
        LineState::Waiting => ("waiting", "record-waiting"),
        LineState::Sending => ("sending", "sync-line-sending"),
        LineState::PutOff { .. } => ("put-off", "sync-line-put-off"),
        LineState::ForWifi => ("photo-wifi", "sync-line-wifi"),
    };
    let why = match &line.state {
        LineState::PutOff { code, retry_at } => {
            let again =
                retry_at.map(|at| t_args("sync-retry-at", &[("time", app.moment(at).into())]));
            Some(format!(
                "{}{}",
                errors::code_sentence(code),
                again.unwrap_or_default()
            ))
        }
        _ => None,
    };
    rsx! {
        Card {
            div { class: "row between", "data-kind": kind, "data-state": state,
                div { class: "grow",
                    NavLink { class: "t1", href: Route::Record { document: line.document }.to_string(), onnavigate: go, {line_title(&line)} }
                    p { class: "t2", {words::joined(&parts)} }
                    if let Some(why) = why {
                        p { class: "t2", "{why}" }
                    }
                }
                Tag { tone: Tone::Amber, {t(word)} }
            }
        }
    }
}

/// A refused record: why, that it is safe, what to do.
#[component]
fn Refused(line: QueueLine) -> Element {
    let app = use_app();
    let go = use_go();
    let document = line.document;
    let code = line.rejected.clone().unwrap_or_default();
    rsx! {
        Card { tone: Tone::Red,
            div { class: "row between top-align", "data-kind": line.kind.slug(), "data-code": "{code}",
                NavLink { class: "t1 grow", href: Route::Record { document }.to_string(), onnavigate: go, {line_title(&line)} }
                Tag { tone: Tone::Red, {t("journey-rejected")} }
            }
            p { class: "t2", {words::joined(&[line.label.clone(), app.moment(line.at)])} }
            p { class: "body", {errors::rejection_sentence(&code)} }
            p { class: "t3", {t_args("sync-code", &[("code", code.clone().into())])} }
            div { class: "row wrap",
                if line.correctable {
                    Button { small: true, id: "correct-{document}", onclick: move |_| go(Route::Correct { document }.to_string()), {t("correct")} }
                }
                Dismiss { document }
            }
        }
    }
}

/// A refused record in whose place another one waits to be sent.
#[component]
fn CorrectedLine(line: QueueLine) -> Element {
    let app = use_app();
    let go = use_go();
    let by = line.corrected_by.unwrap_or(line.document);
    rsx! {
        Card {
            div { class: "row between", "data-kind": line.kind.slug(),
                div { class: "grow",
                    NavLink { class: "t1", href: Route::Record { document: line.document }.to_string(), onnavigate: go, {line_title(&line)} }
                    p { class: "t2", {words::joined(&[line.label.clone(), app.moment(line.at)])} }
                    NavLink { class: "t2", href: Route::Record { document: by }.to_string(), onnavigate: go, {t("corrected-see")} }
                }
                Tag { {t("corrected")} }
            }
        }
    }
}

#[component]
fn Dismiss(document: DocumentId) -> Element {
    let app = use_app();
    let dismiss = move |_| {
        spawn(async move {
            if let Err(failure) = app.order(Request::DismissRejected(document)).await {
                toast_failure(&failure);
            }
        });
    };
    rsx! {
        Button { kind: ButtonKind::Sub, small: true, id: "dismiss-{document}", onclick: dismiss, {t("sync-dismiss")} }
    }
}

/// Told once where records wait and the browser has not promised to keep them.
#[component]
pub fn StorageNote() -> Element {
    let app = use_app();
    let kept = *app.storage_kept.read();
    let ask = move |_| {
        spawn(app.keep_storage());
    };
    match kept {
        Some(true) => rsx! {},
        Some(false) => {
            rsx! { Banner { tone: Tone::Amber, title: t("storage-refused"), body: t("storage-refused-body"), id: "storage-note" } }
        }
        None => rsx! {
            Banner { tone: Tone::Teal, title: t("storage-ask"), body: t("storage-ask-body"), id: "storage-note",
                Button { kind: ButtonKind::Sub, small: true, id: "storage-keep", onclick: ask, {t("storage-keep")} }
            }
        },
    }
}
