//! Asking the replica from a screen, and asking again when something changed.
//!
//! Invariants: while an answer is awaited the old one stays (no flicker); an answer to an outdated
//! question is dropped; a flood of change notices never starves a question; equal data do not redraw.

use std::rc::Rc;

use dioxus::prelude::*;

use super::app_state::{AppState, use_app};
use crate::replica::api::{ReplicaFailure, Reply, Request};

/// What a screen knows of an answer.
pub struct Query<T: 'static> {
    data: Signal<Option<Rc<T>>>,
    error: Signal<Option<ReplicaFailure>>,
    loading: Signal<bool>,
    round: Signal<u64>,
}

impl<T> Clone for Query<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Query<T> {}

impl<T: 'static> Query<T> {
    /// The newest answer, if there is one. Reading it subscribes the component.
    pub fn view(&self) -> Option<Rc<T>> {
        self.data.read().clone()
    }

    /// Why there is no answer, or none to the latest question.
    pub fn error(&self) -> Option<ReplicaFailure> {
        self.error.read().clone()
    }

    /// Is an answer awaited?
    pub fn is_loading(&self) -> bool {
        *self.loading.read()
    }

    /// Asks again.
    pub fn again(&self) {
        let mut round = self.round;
        round += 1;
    }
}

/// Asks, and asks again whenever data change. Another `request` starts anew: the old answer goes away.
/// No request asks nothing.
pub fn use_query<T: PartialEq + 'static>(
    request: impl Into<Option<Request>>,
    take: fn(Reply) -> Option<T>,
) -> Query<T> {
    ask(request.into(), take, false)
}

/// As [`use_query`], but the old answer stays until the new one is there: for lists searched while typing.
pub fn use_search<T: PartialEq + 'static>(
    request: Request,
    take: fn(Reply) -> Option<T>,
) -> Query<T> {
    ask(Some(request), take, true)
}

fn ask<T: PartialEq + 'static>(
    request: Option<Request>,
    take: fn(Reply) -> Option<T>,
    keep: bool,
) -> Query<T> {
    let app = use_app();
    let mut wanted = use_signal(|| request.clone());
    let mut query = Query {
        data: use_signal(|| None),
        error: use_signal(|| None),
        loading: use_signal(|| true),
        round: use_signal(|| 0),
    };
    if *wanted.peek() != request {
        wanted.set(request);
        if !keep && query.data.peek().is_some() {
            query.data.set(None);
        }
    }
    let mut asking = use_hook(|| CopyValue::new(Asking::default()));
    use_effect(move || {
        // These three are what a new answer depends on.
        let _ = (wanted.read(), query.round.read(), app.revision.read());
        let mut state = asking.write();
        state.dirty = true;
        if !state.running {
            state.running = true;
            drop(state);
            spawn(run(app, wanted, query, take, asking));
        }
    });
    query
}

#[derive(Default)]
struct Asking {
    dirty: bool,
    running: bool,
}

async fn run<T: PartialEq + 'static>(
    app: AppState,
    wanted: Signal<Option<Request>>,
    mut query: Query<T>,
    take: fn(Reply) -> Option<T>,
    mut asking: CopyValue<Asking>,
) {
    loop {
        asking.write().dirty = false;
        let Some(request) = wanted.peek().clone() else {
            break;
        };
        set_if_other(&mut query.loading, true);
        let answer = app.ask(request.clone(), take).await;
        if wanted.peek().as_ref() == Some(&request) {
            match answer {
                Ok(data) => {
                    let same = query.data.peek().as_deref() == Some(&data);
                    if !same {
                        query.data.set(Some(Rc::new(data)));
                    }
                    set_if_other(&mut query.error, None);
                }
                Err(failure) => set_if_other(&mut query.error, Some(failure)),
            }
        }
        if !asking.read().dirty {
            break;
        }
    }
    asking.write().running = false;
    set_if_other(&mut query.loading, false);
}

fn set_if_other<V: PartialEq + 'static>(signal: &mut Signal<V>, value: V) {
    if *signal.peek() != value {
        signal.set(value);
    }
}

/// Takes the expected answer out of a reply.
pub mod take {
    use crate::replica::api::*;
    use shared::ids::DocumentId;

    macro_rules! boxed {
        ($($(#[$doc:meta])* $name:ident, $variant:ident, $view:ty;)+) => {$(
            $(#[$doc])*
            pub fn $name(reply: Reply) -> Option<$view> {
                match reply { Reply::$variant(view) => Some(*view), _ => None }
            }
        )+};
    }
    macro_rules! plain {
        ($($(#[$doc:meta])* $name:ident, $variant:ident, $view:ty;)+) => {$(
            $(#[$doc])*
            pub fn $name(reply: Reply) -> Option<$view> {
                match reply { Reply::$variant(view) => Some(view), _ => None }
            }
        )+};
    }

    boxed! {
        /// Answer to `Session` and its kin.
        session, Session, SessionView;
        /// Answer to `Today`.
        today, Today, TodayView;
        /// Answer to `Customer`.
        customer, Customer, CustomerView;
        /// Answer to `Form`.
        form, Form, FormView;
        /// Answer to `Record`.
        record, Record, RecordView;
        /// Answer to `Collect`.
        collect, Collect, CollectView;
        /// Answer to `HandIns`.
        hand_ins, HandIns, HandInView;
        /// Answer to `Statement`.
        statement, Statement, StatementView;
        /// Answer to `Queue`.
        queue, Queue, QueueView;
        /// Answer to `VisitLog`.
        visit_log, VisitLog, VisitLogView;
        /// Answer to `Directory`.
        directory, Directory, DirectoryView;
    }
    plain! {
        /// Answer to `Customers`.
        customers, Customers, Vec<CustomerLine>;
        /// Answer to `Approvals`.
        approvals, Approvals, Vec<ApprovalView>;
        /// Answer to `Exceptions`.
        exceptions, Exceptions, Vec<ExceptionView>;
        /// Answer to `Draft`.
        draft, Draft, Option<String>;
        /// Answer to `Attachment`.
        attachment, Attachment, Option<(String, Vec<u8>)>;
        /// Answer to `PreviewLetter`.
        letter, Letter, Vec<String>;
        /// Answer to commands that make a record.
        saved, Saved, DocumentId;
    }

    /// Answer to commands that give nothing back; a record's id counts as well.
    pub fn done(reply: Reply) -> Option<()> {
        matches!(reply, Reply::Done | Reply::Saved(_) | Reply::Session(_)).then_some(())
    }
}
