//! The one thing that every screen gets: a link to the replica and to the device, and what they tell.
//!
//! Invariant: signals here change only in this file (and the language in `prefs`).

use std::rc::Rc;

use dioxus::prelude::*;
use futures::{FutureExt, StreamExt, future::LocalBoxFuture, stream::LocalBoxStream};
use shared::{
    day::{CHINA_OFFSET_MINUTES, Day, Timestamp},
    evidence::Fix,
    ids::PersonId,
    people::Role,
    sync::client::Status,
};

use super::{page, sync_line::OLD_VERSION};
use crate::{
    platform::{Platform, place::PlaceError},
    replica::{
        api::{Me, Notice, ReplicaFailure, Reply, Request, SessionView, SyncLine},
        handle::{Config, Replica},
    },
};

/// Who answers the screens: the replica, or in tests somebody who plays it.
pub trait Answers {
    /// Asks or orders.
    fn call(&self, request: Request) -> LocalBoxFuture<'static, Reply>;
    /// What is told without being asked.
    fn notices(&self) -> LocalBoxStream<'static, Notice>;
}

impl Answers for Replica {
    fn call(&self, request: Request) -> LocalBoxFuture<'static, Reply> {
        let replica = self.clone();
        async move { Replica::call(&replica, request).await }.boxed_local()
    }

    fn notices(&self) -> LocalBoxStream<'static, Notice> {
        Replica::notices(self).boxed_local()
    }
}

/// What the interface is started with.
#[derive(Clone)]
pub struct Start {
    /// Who answers.
    pub answers: Rc<dyn Answers>,
    /// The device.
    pub platform: Platform,
    /// Is there room for the desk layout?
    pub wide: bool,
}

impl Start {
    /// The replica of this process with its usual settings, on this device.
    pub fn real() -> Self {
        Self {
            answers: Rc::new(Replica::start(Config::default())),
            platform: Platform::current(),
            wide: page::is_wide(),
        }
    }
}

/// Shared state; cheap to copy.
#[derive(Clone, Copy)]
pub struct AppState {
    replica: CopyValue<Rc<dyn Answers>>,
    platform: CopyValue<Platform>,
    /// Grows whenever data may have changed.
    pub revision: Signal<u64>,
    /// False until the replica has said who is signed in.
    pub known: Signal<bool>,
    /// Who is signed in.
    pub me: Signal<Option<Me>>,
    /// People whose stores are on this device.
    pub known_people: Signal<Vec<(PersonId, String)>>,
    /// How sync stands.
    pub sync: Signal<Option<SyncLine>>,
    /// Does the device say that it has a network? (It may have one and still not reach the server.)
    pub online: Signal<bool>,
    /// Why the session could not be read.
    pub trouble: Signal<Option<ReplicaFailure>>,
    /// Another tab owns the store.
    pub owned_elsewhere: Signal<bool>,
    /// Name of a store that could not be read and was set aside.
    pub set_aside: Signal<Option<String>>,
    /// A newer version of the app is stored and waits.
    pub update_ready: Signal<bool>,
    /// Has the system agreed to keep the store? None while not asked.
    pub storage_kept: Signal<Option<bool>>,
    /// The last position of this device, if it was asked for.
    pub position: Signal<Option<Fix>>,
    /// Is there room for the desk layout?
    pub wide: Signal<bool>,
}

impl PartialEq for AppState {
    fn eq(&self, other: &Self) -> bool {
        self.revision == other.revision
    }
}

/// The shared state.
pub fn use_app() -> AppState {
    use_context()
}

/// Who is signed in; redraws when that changes.
pub fn use_me() -> Option<Me> {
    use_app().me.read().clone()
}

/// Makes the shared state and keeps it up to date. Once, in the root component.
pub fn use_app_provider(start: impl FnOnce() -> Start) -> AppState {
    let app = use_hook(|| AppState::new(start()));
    use_context_provider(|| app);
    use_future(move || app.listen_to_replica());
    use_future(move || app.listen_to_network());
    use_future(move || app.listen_to_wakes());
    use_future(move || app.listen_to_rests());
    use_future(move || app.listen_to_updates());
    use_future(move || app.watch_width());
    app
}

impl AppState {
    fn new(start: Start) -> Self {
        let kept = start.platform.device.setting(STORAGE_KEPT).map(|_| true);
        let online = start.platform.device.online();
        Self {
            replica: CopyValue::new(start.answers),
            platform: CopyValue::new(start.platform),
            revision: Signal::new(0),
            known: Signal::new(false),
            me: Signal::new(None),
            known_people: Signal::new(Vec::new()),
            sync: Signal::new(None),
            online: Signal::new(online),
            trouble: Signal::new(None),
            owned_elsewhere: Signal::new(false),
            set_aside: Signal::new(None),
            update_ready: Signal::new(false),
            storage_kept: Signal::new(kept),
            position: Signal::new(None),
            wide: Signal::new(start.wide),
        }
    }

    /// Asks the replica; a failure, or a reply of another kind, is an error.
    pub async fn ask<T>(
        self,
        request: Request,
        take: fn(Reply) -> Option<T>,
    ) -> Result<T, ReplicaFailure> {
        let replica = self.replica.peek().clone();
        if !request.is_question() {
            self.platform.peek().device.forget_picture();
        }
        match replica.call(request).await {
            Reply::Failed(failure) => Err(failure),
            reply => take(reply).ok_or_else(|| ReplicaFailure {
                code: "replica.odd_reply".to_owned(),
                detail: String::new(),
            }),
        }
    }

    /// Orders something that gives nothing back.
    pub async fn order(self, request: Request) -> Result<(), ReplicaFailure> {
        self.ask(request, super::take::done).await
    }

    /// Orders something after which somebody else, or nobody, is signed in.
    pub async fn change_session(self, request: Request) -> Result<(), ReplicaFailure> {
        let session = self.ask(request, super::take::session).await?;
        self.take_session(session);
        self.bump();
        Ok(())
    }

    /// The device that this runs on.
    pub fn platform(self) -> Platform {
        self.platform.peek().clone()
    }

    /// Now, by this device's clock.
    pub fn now(self) -> Timestamp {
        self.platform.peek().clock.now()
    }

    /// Company clocks' offset from UTC in minutes.
    pub fn offset(self) -> i32 {
        self.me
            .read()
            .as_ref()
            .map_or(CHINA_OFFSET_MINUTES, |me| me.utc_offset_minutes)
    }

    /// The business day.
    pub fn today(self) -> Day {
        let today = self.me.read().as_ref().map(|me| me.today);
        today.unwrap_or_else(|| Day::of(self.now(), self.offset()))
    }

    /// Role of who is signed in.
    pub fn role(self) -> Role {
        self.me
            .read()
            .as_ref()
            .map_or(Role::Unknown, |me| me.person.role)
    }

    /// Do they go to customers themselves?
    pub fn is_rep(self) -> bool {
        self.role() == Role::Rep
    }

    /// A time of day in the company's zone, with the day unless it is today.
    pub fn moment(self, at: Timestamp) -> String {
        crate::format::moment(at, self.now(), self.offset())
    }

    /// Finds the position and keeps it for all screens; may ask the person for leave.
    pub async fn locate(self) -> Result<Fix, PlaceError> {
        let place = self.platform().place.clone();
        let fix = place.fix().await?;
        let mut position = self.position;
        position.set(Some(fix));
        self.platform().device.set_setting(PLACE_ALLOWED, "1");
        Ok(fix)
    }

    /// Asks the system to keep what is stored here, and remembers if it agreed.
    pub async fn keep_storage(self) {
        let device = self.platform().device.clone();
        let kept = device.keep_storage().await;
        if kept {
            device.set_setting(STORAGE_KEPT, "1");
        }
        set_if_other(self.storage_kept, Some(kept));
    }

    /// Was the position given before, so that asking again disturbs nobody?
    pub fn may_locate_quietly(self) -> bool {
        self.platform().device.setting(PLACE_ALLOWED).is_some()
    }

    /// Takes over what the replica says of the session.
    pub fn take_session(self, session: SessionView) {
        let SessionView {
            me,
            known_people,
            sync,
        } = session;
        if me.is_none() {
            self.platform.peek().device.forget_picture();
        }
        set_if_other(self.me, me);
        set_if_other(self.known_people, known_people);
        set_if_other(self.sync, Some(sync));
        set_if_other(self.trouble, None);
        set_if_other(self.known, true);
    }

    /// The store has been taken over from another tab.
    pub fn now_ours(self) {
        set_if_other(self.owned_elsewhere, false);
        self.bump();
    }

    fn bump(self) {
        self.platform.peek().device.forget_picture();
        let mut revision = self.revision;
        revision += 1;
    }

    async fn listen_to_replica(self) {
        let replica = self.replica.peek().clone();
        let mut notices = replica.notices();
        while let Some(notice) = notices.next().await {
            match notice {
                Notice::Changed => self.bump(),
                Notice::Sync(line) => {
                    self.look_for_update_if_too_old(&line);
                    self.note_unsent(&line);
                    set_if_other(self.sync, Some(line));
                    if *self.owned_elsewhere.peek() {
                        self.now_ours();
                    }
                }
                Notice::StoreSetAside { name } => {
                    self.platform.peek().device.forget_picture();
                    set_if_other(self.set_aside, Some(name));
                }
                Notice::OwnedElsewhere => set_if_other(self.owned_elsewhere, true),
            }
        }
    }

    /// A server that does not speak this version any more has the next one for us.
    fn look_for_update_if_too_old(self, line: &SyncLine) {
        let too_old = |line: &SyncLine| matches!(&line.status, Status::Refused { code, .. } if code == OLD_VERSION);
        let known = self.sync.peek().as_ref().is_some_and(too_old);
        if too_old(line) && !known {
            self.platform().device.look_for_update();
        }
    }

    fn note_unsent(self, line: &SyncLine) {
        let of = |line: &SyncLine| {
            let unsent = line.waiting > 0 && line.status != Status::Revoked;
            (unsent, matches!(line.status, Status::Offline { .. }))
        };
        let (unsent, offline) = of(line);
        let known = self.sync.peek().as_ref().is_some_and(|before| {
            // A record more is left anew.
            of(before) == (unsent, offline) && before.waiting == line.waiting
        });
        if !known {
            self.platform().device.note_unsent(unsent, offline);
        }
    }

    async fn listen_to_network(self) {
        let device = self.platform().device.clone();
        let mut changes = device.online_changes();
        if !device.online() {
            let _ = self.order(Request::Online(false)).await;
        }
        while let Some(online) = changes.next().await {
            set_if_other(self.online, online);
            // The replica finds out by itself as well; this only makes it sooner.
            let _ = self.order(Request::Online(online)).await;
        }
    }

    async fn listen_to_wakes(self) {
        let mut wakes = self.platform().device.wakes();
        while wakes.next().await.is_some() {
            // Nobody asked for it, so nobody is told if it fails; the status line stays true.
            let _ = self.order(Request::SyncNow).await;
            self.bump();
        }
    }

    async fn listen_to_rests(self) {
        let mut rests = self.platform().device.rests();
        while rests.next().await.is_some() {
            // What is not laid ready is made out when it is asked for.
            let _ = self.order(Request::LayReady).await;
        }
    }

    async fn listen_to_updates(self) {
        let mut updates = self.platform().device.updates();
        while updates.next().await.is_some() {
            set_if_other(self.update_ready, true);
        }
    }

    async fn watch_width(self) {
        let mut widths = page::width_changes();
        while let Some(wide) = widths.next().await {
            set_if_other(self.wide, wide);
        }
    }
}

const PLACE_ALLOWED: &str = "place-allowed";
const STORAGE_KEPT: &str = "storage-kept";

fn set_if_other<T: PartialEq + 'static>(mut signal: Signal<T>, value: T) {
    if *signal.peek() != value {
        signal.set(value);
    }
}
