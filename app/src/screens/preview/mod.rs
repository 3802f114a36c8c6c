//! Draws every screen for every role, in both languages, from a played replica, into `target/screens/`
//! (to look at them in a browser), and checks what holds for all: words are there, one heading, one main part.

mod accounts;
mod base;
mod hand_in;
mod log;
mod proposal;
mod records;
mod statement;

pub(super) use accounts::form_view;
use accounts::*;
use base::*;
use hand_in::*;
use log::*;
use proposal::*;
use records::*;
use std::{fs, path::Path, rc::Rc};

use dioxus::prelude::*;
use dioxus_history::{History, MemoryHistory};
use futures::{FutureExt, StreamExt, future::LocalBoxFuture, stream::LocalBoxStream};
use shared::document::Kind;
use shared::people::Role;

use super::app::Started;
use crate::{
    i18n::{Lang, set_lang},
    platform::fake::{FakeClock, FakeDevice},
    replica::api::*,
    state::app_state::{Answers, Start},
};

/// Plays the replica for one role.
struct Played(Role);
impl Answers for Played {
    fn call(&self, request: Request) -> LocalBoxFuture<'static, Reply> {
        let reply = answer(self.0, request);
        async move { reply }.boxed_local()
    }
    fn notices(&self) -> LocalBoxStream<'static, Notice> {
        futures::stream::pending().boxed_local()
    }
}
fn answer(role: Role, request: Request) -> Reply {
    match request {
        Request::Session => Reply::Session(Box::new(session(role))),
        Request::Today => Reply::Today(Box::new(today_view())),
        Request::Customers { .. } => Reply::Customers(customer_lines()),
        Request::Customer(_) => {
            let mut view = customer_view();
            view.timeline.insert(0, proposal::line());
            Reply::Customer(Box::new(view))
        }
        Request::Form(_) => Reply::Form(Box::new(form_view())),
        Request::Record(id) if id == document(2) => {
            Reply::Record(Box::new(record(promise(), Kind::Promise)))
        }
        Request::Record(id) if id == document(3) => {
            Reply::Record(Box::new(record(receipt(), Kind::Receipt)))
        }
        Request::Record(id) if id == document(4) => {
            Reply::Record(Box::new(record(hand_in(), Kind::HandIn)))
        }
        Request::Record(id) if id == document(5) => {
            Reply::Record(Box::new(record(proposal(), Kind::Proposal)))
        }
        Request::Record(id) if id == document(9) => {
            Reply::Record(Box::new(record(statement::answer(), Kind::Statement)))
        }
        Request::Record(_) => {
            Reply::Record(Box::new(record(RecordContent::Visit(visit()), Kind::Visit)))
        }
        Request::Statement(..) => Reply::Statement(Box::new(statement::statement_view())),
        Request::HandIns => Reply::HandIns(Box::new(hand_ins_view())),
        Request::Collect => Reply::Collect(Box::new(collect_view())),
        Request::Queue => Reply::Queue(Box::new(queue_view())),
        Request::VisitLog(_) => Reply::VisitLog(Box::new(log_view())),
        Request::Approvals => Reply::Approvals(vec![approval(), to_decide()]),
        Request::Exceptions => Reply::Exceptions(exceptions()),
        Request::Directory => Reply::Directory(Box::new(directory(role))),
        Request::Draft(_) => Reply::Draft(None),
        Request::Attachment(_) => Reply::Attachment(None),
        Request::PreviewLetter(_) => Reply::Letter(letter()),
        _ => Reply::Done,
    }
}
/// One drawing: who looks, at which address, on what.
#[derive(Clone, PartialEq, Props)]
struct Look {
    role: Role,
    path: String,
    wide: bool,
    lang: Lang,
}
#[derive(Clone)]
struct Shown(Look);
thread_local! {
    static LOOK: std::cell::RefCell<Option<Shown>> = const { std::cell::RefCell::new(None) };
}
fn start() -> Start {
    let look = LOOK.with(|look| look.borrow().clone()).unwrap().0;
    let device = FakeDevice::default();
    device
        .settings
        .borrow_mut()
        .insert("language".to_owned(), look.lang.tag().to_owned());
    device
        .settings
        .borrow_mut()
        .insert("place-allowed".to_owned(), "1".to_owned());
    device.fix.set(Some(fix(0)));
    Start {
        answers: Rc::new(Played(look.role)),
        platform: device.platform(FakeClock::at(NOW)),
        wide: look.wide,
    }
}
fn stage(look: Look) -> Element {
    use_hook(|| {
        set_lang(look.lang);
        let history: Rc<dyn History> = Rc::new(MemoryHistory::with_initial_path(look.path));
        dioxus_history::provide_history_context(history);
    });
    rsx! { Started { start: |()| start() } }
}
fn draw(look: Look) -> String {
    LOOK.with(|shown| *shown.borrow_mut() = Some(Shown(look.clone())));
    let mut dom = VirtualDom::new_with_props(stage, look);
    dom.rebuild_in_place();
    // Every answer is there at once: when nothing is left to do the screen stands.
    for _ in 0..200 {
        if dom.wait_for_work().now_or_never().is_none() {
            break;
        }
        dom.render_immediate(&mut dioxus::core::NoOpMutations);
    }
    dioxus_ssr::render(&dom)
}
#[test]
fn every_screen_has_its_words_one_heading_and_one_main_part() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screens");
    fs::create_dir_all(&folder).unwrap();
    let (customer, record) = (customer_id(1), |n| document(n));
    let log_open = format!("/log?open={}", document(1));
    let screens: Vec<(&str, Role, String)> = vec![
        ("sign-in", Role::Unknown, "/".to_owned()),
        ("enrol", Role::Unknown, "/enrol#AB12-CD34".to_owned()),
        ("today", Role::Rep, "/".to_owned()),
        ("customers", Role::Rep, "/customers?q=".to_owned()),
        ("customer", Role::Rep, format!("/customer/{customer}")),
        ("visit", Role::Rep, format!("/record/{}", record(1))),
        ("promise", Role::Rep, format!("/record/{}", record(2))),
        ("receipt", Role::Rep, format!("/record/{}", record(3))),
        ("visit-form", Role::Rep, format!("/visit/new/{customer}")),
        (
            "promise-form",
            Role::Rep,
            format!("/promise/new/{customer}"),
        ),
        (
            "receipt-form",
            Role::Rep,
            format!("/receipt/new/{customer}"),
        ),
        ("collect", Role::Rep, "/collect".to_owned()),
        ("hand-in", Role::Rep, "/hand-in".to_owned()),
        ("hand-in-form", Role::Rep, "/hand-in/new".to_owned()),
        (
            "hand-in-record",
            Role::Rep,
            format!("/record/{}", record(4)),
        ),
        (
            "proposal-form",
            Role::Rep,
            format!("/proposal/new/{customer}"),
        ),
        (
            "proposal-record",
            Role::Rep,
            format!("/record/{}", record(5)),
        ),
        ("statement", Role::Rep, format!("/statement/{}", record(7))),
        (
            "statement-record",
            Role::Rep,
            format!("/record/{}", record(9)),
        ),
        ("sync", Role::Rep, "/sync".to_owned()),
        ("me", Role::Rep, "/me".to_owned()),
        ("log", Role::Supervisor, "/".to_owned()),
        ("log-open", Role::Supervisor, log_open),
        ("approvals", Role::Supervisor, "/approvals".to_owned()),
        ("exceptions", Role::Supervisor, "/exceptions".to_owned()),
        (
            "customer-supervisor",
            Role::Supervisor,
            format!("/customer/{customer}"),
        ),
        ("people", Role::Admin, "/people".to_owned()),
        ("ledger", Role::Finance, "/".to_owned()),
        ("not-found", Role::Rep, "/nothing/here".to_owned()),
    ];
    for (name, role, path) in screens {
        for lang in Lang::ALL {
            for wide in [false, true] {
                let html = draw(Look {
                    role,
                    path: path.clone(),
                    wide,
                    lang,
                });
                let shape = if wide { "desk" } else { "phone" };
                let file = format!("{name}-{}-{shape}", lang.tag());
                let page = format!(
                    "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, \
                     initial-scale=1, viewport-fit=cover\"><title>{file}</title><link rel=\"stylesheet\" href=\"../../app/assets/tokens.css\">\
                     <link rel=\"stylesheet\" href=\"../../app/assets/base.css\"><link rel=\"stylesheet\" href=\"../../app/assets/components.css\">\
                     <body>{html}</body></html>",
                    lang.tag()
                );
                fs::write(folder.join(format!("{file}.html")), page).unwrap();
                assert!(html.len() > 800, "{file} is empty: {html}");
                let missing = html
                    .split('[')
                    .skip(1)
                    .filter(|rest| rest.split_once(']').is_some_and(|(key, _)| is_key(key)))
                    .collect::<Vec<_>>();
                assert!(
                    missing.is_empty(),
                    "{file} lacks words: {:?}",
                    missing
                        .iter()
                        .map(|m| &m[..40.min(m.len())])
                        .collect::<Vec<_>>()
                );
                assert_eq!(html.matches("<h1").count(), 1, "headings of {file}");
                assert_eq!(html.matches("<main").count(), 1, "main parts of {file}");
            }
        }
    }
}
fn is_key(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}
