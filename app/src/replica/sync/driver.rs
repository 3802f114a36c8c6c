//! Carries out what the sans-IO session decides: one request at a time, timers, the live channel,
//! photos after records, and a look at the store's health once a day.

use futures::{
    FutureExt, StreamExt,
    future::{Fuse, LocalBoxFuture},
    select_biased,
};
use shared::{
    day::Timestamp,
    sync::{
        client::{Effect, Event, Failure, Session, Status},
        message::{Item, OLDEST_VERSION, PROTOCOL_VERSION, Standing, SyncResponse},
    },
};

use super::{
    super::{
        actor::{Actor, Signal},
        api::Notice,
        store::{self, sync_state::SyncState},
    },
    AWAY, REVOKED, apply, build, live, post,
    upload::Access,
};

type Answered = Result<Box<SyncResponse>, Failure>;
pub(super) type Later<T> = Fuse<LocalBoxFuture<'static, T>>;

/// Entries of a page after which the store's log is emptied at once.
const LARGE_PAGE: usize = 200;
/// What a server says to a version that it does not know.
const OTHER_VERSION: &str = "message.version";
/// The store is read through for damage this long after opening, and no more often than once a day.
const CHECK_AFTER_MS: u32 = 30_000;
const CHECK_EVERY_MS: i64 = 24 * 3_600_000;

fn never<T: 'static>() -> Later<T> {
    Fuse::terminated()
}

/// What the effects of an event come down to.
#[derive(Default)]
struct Next {
    send: bool,
    wait_until: Option<Timestamp>,
    applied: bool,
}

impl Actor {
    /// Drives sync for as long as it is polled. One driver an actor.
    pub async fn drive(&self) {
        let Some(mut signals) = self.0.receiver.borrow_mut().take() else {
            return;
        };
        let mut session = Session::default();
        let mut request: Later<Answered> = never();
        let mut timer: Later<()> = never();
        let mut photos: Later<()> = self.send_photos();
        let mut live = self.listen();
        let mut check = self.0.host.clock.sleep(CHECK_AFTER_MS).fuse();
        let mut next = self.feed(&mut session, Event::Wake);
        loop {
            self.leave_for_later();
            if next.send {
                request = self.post();
            }
            if let Some(due) = next.wait_until {
                timer = self.wait(due);
            }
            if next.applied && !self.0.uploading.get() {
                photos = self.send_photos();
            }
            next = select_biased! {
                signal = signals.next() => match signal {
                    None => return,
                    Some(Signal::Switched) => {
                        session = Session::default();
                        (request, timer) = (never(), never());
                        photos = self.send_photos();
                        live = self.listen();
                        check = self.0.host.clock.sleep(CHECK_AFTER_MS).fuse();
                        self.feed(&mut session, Event::Wake)
                    }
                    Some(Signal::Photos) => {
                        if !self.0.uploading.get() {
                            photos = self.send_photos();
                        }
                        Next::default()
                    }
                    Some(Signal::Sync(event)) => {
                        if matches!(event, Event::Online(true) | Event::Wake) {
                            // The old connection may be dead without having said so.
                            live = self.listen();
                        }
                        self.feed(&mut session, event)
                    }
                },
                answered = request => {
                    let event = match answered {
                        Ok(response) => Event::Answered(response),
                        Err(failure) => Event::Failed(failure),
                    };
                    self.feed(&mut session, event)
                }
                () = timer => self.feed(&mut session, Event::Timer),
                (news, heads) = live => {
                    live = self.listen_on(heads);
                    let event = match news {
                        live::News::Head(number) => Event::HeadMoved(number),
                        // Asking shows whether the server can still be reached, and the screens say so.
                        live::News::Broken => Event::Wake,
                    };
                    self.feed(&mut session, event)
                }
                () = photos => Next::default(),
                () = check => {
                    self.check_store();
                    Next::default()
                }
            };
        }
    }

    /// One round by hand, for tests and benches: sends and applies until nothing more is to be done.
    pub async fn sync_now(&self) -> Result<(), Failure> {
        // A page brings at most so many entries; more rounds than any log needs is a loop.
        for _ in 0..100_000 {
            let response = self.post().await?;
            let applied = self.apply(&response)?;
            if !applied.more && (applied.waiting == 0 || !applied.changed) {
                return Ok(());
            }
        }
        Err(Failure::Refused("sync.endless".into()))
    }

    /// Sends every photo that waits, once.
    pub async fn upload_now(&self) {
        self.send_photos_once().await;
    }

    fn feed(&self, session: &mut Session, event: Event) -> Next {
        if self.0.open.borrow().is_none() {
            return Next::default();
        }
        let mut next = Next::default();
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            if matches!(event, Event::Failed(Failure::Unauthorized)) {
                self.note_revoked();
            }
            self.note_try(&event);
            if matches!(event, Event::Wake | Event::Online(true)) {
                // The server may be a newer one by now; or what it refused had been damaged on its way.
                self.0.speaks.set(PROTOCOL_VERSION);
            }
            for effect in session.handle(event, self.0.host.clock.now(), self.jitter()) {
                match effect {
                    Effect::BuildAndSend => next.send = true,
                    Effect::WaitUntil(due) => next.wait_until = Some(due),
                    Effect::Report(status) => self.report(status),
                    Effect::ApplyPage(response) => events.push(match self.apply(&response) {
                        Ok(applied) => {
                            next.applied = true;
                            Event::Applied {
                                waiting: applied.waiting,
                                more: applied.more || self.wants_newest(&response),
                            }
                        }
                        Err(failure) => Event::Failed(failure),
                    }),
                }
            }
        }
        next
    }

    /// Lines have come, and all that is new is here: the newest of them are fetched whole.
    fn wants_newest(&self, response: &SyncResponse) -> bool {
        let brought_lines = response
            .entries
            .iter()
            .any(|entry| matches!(entry.item, Item::Digest(_)));
        let open = self.0.open.borrow();
        match open.as_ref() {
            // If it cannot be noted now, a record is fetched when somebody opens it.
            Some(open) if brought_lines => {
                store::on_demand::want_newest(&open.db).unwrap_or_default()
            }
            _ => false,
        }
    }

    fn jitter(&self) -> u32 {
        let mut bytes = [0; 4];
        // Without randomness retries are not spread; nothing else depends on it.
        let _ = self.0.host.entropy.fill(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn report(&self, status: Status) {
        *self.0.status.borrow_mut() = status;
        self.ring_sync(self.0.open.borrow().as_ref());
    }

    /// What the last request came to, for the lines of the queue.
    fn note_try(&self, event: &Event) {
        let failure = match event {
            Event::Applied { .. } => None,
            Event::Failed(Failure::Unreachable) => Some(AWAY),
            Event::Failed(Failure::Unauthorized) => Some(REVOKED),
            Event::Failed(Failure::Refused(code)) => Some(code.as_str()),
            _ => return,
        };
        if let Some(open) = self.0.open.borrow().as_ref() {
            open.tries.borrow_mut().failure = failure.map(str::to_owned);
        }
    }

    fn note_revoked(&self) {
        if let Some(open) = self.0.open.borrow().as_ref()
            && let Ok(mut state) = SyncState::load(&open.db)
        {
            state.revoked = true;
            // Kept for the next start; the server will say it again anyway.
            let _ = state.save(&open.db);
        }
    }

    /// Builds the next request and sends it; to a server that does not know this version yet, in the newest
    /// that it knows.
    fn post(&self) -> Later<Answered> {
        let actor = self.clone();
        async move {
            loop {
                let version = actor.0.speaks.get();
                match actor.post_in(version).await {
                    Err(Failure::Refused(code))
                        if code == OTHER_VERSION && version > OLDEST_VERSION =>
                    {
                        actor.0.speaks.set(version - 1);
                    }
                    answered => return answered,
                }
            }
        }
        .boxed_local()
        .fuse()
    }

    async fn post_in(&self, version: u16) -> Answered {
        let call = {
            let open = self.0.open.borrow();
            let open = open.as_ref().ok_or(Failure::Unreachable)?;
            let now = self.0.host.clock.now();
            build::request(open, version, now).and_then(|request| {
                open.tries.borrow_mut().batch = match request.frames.is_empty() {
                    true => 0,
                    false => request.batch,
                };
                let call = post::call(&open.identity.server, &open.identity.token, &request)?;
                Ok((call, !request.frames.is_empty()))
            })
        };
        let (call, carries) = call.map_err(|error| {
            self.notice_damage(&error);
            Failure::Refused(error.code())
        })?;
        if carries && self.0.host.network.sends_later() {
            // The app may be gone before the answer comes.
            self.0.left.set(None);
            self.0.host.network.leave(vec![call.clone()]);
        }
        post::send(self.0.host.network.as_ref(), call)
            .await
            .map(Box::new)
    }

    fn apply(&self, response: &SyncResponse) -> Result<apply::Applied, Failure> {
        let now = self.0.host.clock.now();
        let under_review = response.standing == Standing::UnderReview;
        let applied = {
            let mut open = self.0.open.borrow_mut();
            let open = open.as_mut().ok_or(Failure::Unreachable)?;
            let applied = apply::page(open, &self.0.host, response, now);
            if response.entries.len() >= LARGE_PAGE {
                // What cannot be done now is done by the next commit.
                let _ = store::fold_log(&open.db);
            }
            applied
        };
        match applied {
            // What a revoked device had is with the office, or no more of it goes: there is nothing more to say.
            Ok(applied) if under_review && (applied.waiting == 0 || !applied.changed) => {
                Err(Failure::Unauthorized)
            }
            Ok(applied) => {
                if applied.changed {
                    self.0.bell.ring(Notice::Changed);
                }
                self.ring_sync(self.0.open.borrow().as_ref());
                Ok(applied)
            }
            Err(error) => {
                self.notice_damage(&error);
                Err(Failure::Refused(error.code()))
            }
        }
    }

    fn wait(&self, due: Timestamp) -> Later<()> {
        let ms = due.ms_since(self.0.host.clock.now()).clamp(0, 600_000);
        self.0.host.clock.sleep(ms as u32).fuse()
    }

    pub(super) fn access(&self) -> Option<Access> {
        self.0.open.borrow().as_ref().map(Access::of)
    }

    /// The first news that the live channel brings, and the channel to go on with.
    fn listen(&self) -> Later<(live::News, Heads)> {
        let Some(access) = self.access() else {
            return never();
        };
        let (sender, heads) = futures::channel::mpsc::unbounded();
        let (host, actor) = (self.0.host.clone(), self.clone());
        let listening = async move {
            let tell = move |news| {
                // The driver has gone on to another channel.
                let _ = sender.unbounded_send(news);
            };
            live::listen(
                host.network.as_ref(),
                host.clock.as_ref(),
                &access,
                || actor.jitter(),
                tell,
            )
            .await;
        };
        self.listen_on(Heads {
            heads,
            listening: listening.boxed_local().fuse(),
        })
    }

    fn listen_on(&self, mut heads: Heads) -> Later<(live::News, Heads)> {
        async move {
            let mut listening = heads.listening;
            let news = select_biased! {
                news = heads.heads.next() => news,
                () = listening => None,
            };
            heads.listening = listening;
            match news {
                Some(news) => (news, heads),
                None => std::future::pending().await,
            }
        }
        .boxed_local()
        .fuse()
    }

    /// Reads the store through for damage, if that has not been done for a day.
    pub fn check_store(&self) {
        let now = self.0.host.clock.now();
        let checked = {
            let open = self.0.open.borrow();
            let Some(open) = open.as_ref() else { return };
            let state = SyncState::load(&open.db);
            match state {
                Ok(state)
                    if state
                        .checked_at
                        .is_some_and(|at| now.ms_since(at) < CHECK_EVERY_MS) =>
                {
                    Ok(())
                }
                Ok(mut state) => store::check(&open.db).and_then(|()| {
                    state.checked_at = Some(now);
                    state.save(&open.db)
                }),
                Err(error) => Err(error),
            }
        };
        if let Err(error) = checked {
            self.notice_damage(&error);
        }
    }
}

/// A live channel under way.
struct Heads {
    heads: futures::channel::mpsc::UnboundedReceiver<live::News>,
    listening: Later<()>,
}
