//! The replica as an actor: takes a request, answers from the store, tells the driver what came up.
//!
//! Invariants: the store is never borrowed across an await; a request either changes the store in one
//! transaction or not at all; a store that turns out damaged is set aside, never deleted.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use futures::channel::mpsc;
use shared::sync::{
    client::{Event, Status},
    message::PROTOCOL_VERSION,
};

use super::{
    api::{Notice, ReplicaFailure, Reply, Request},
    bell::Bell,
    error::{Error, Result},
    host::Host,
    open::Open,
    query,
    store::{
        attachments,
        identity::Identity,
        on_demand, open_store,
        registry::{Known, Registry},
        sync_state::SyncState,
    },
    sync::{
        desk, enrol, standing,
        upload::{self, Access},
    },
};

/// One device's replica. Cheap to clone; not for several threads.
#[derive(Clone)]
pub struct Actor(pub(super) Rc<Inner>);

/// What the driver is told.
pub(super) enum Signal {
    /// For the session.
    Sync(Event),
    /// Another person, or nobody, is signed in now.
    Switched,
    /// Photos that waited for Wi-Fi may go.
    Photos,
}

pub(super) struct Inner {
    pub host: Host,
    pub bell: Bell,
    registry: RefCell<Registry>,
    pub open: RefCell<Option<Open>>,
    pub status: RefCell<Status>,
    signals: mpsc::UnboundedSender<Signal>,
    pub receiver: RefCell<Option<mpsc::UnboundedReceiver<Signal>>>,
    /// Grows whenever another store is opened: answers for an earlier one are dropped.
    pub sitting: Cell<u64>,
    /// A photo is on its way: it is not to be cut off.
    pub uploading: Cell<bool>,
    /// Version of the protocol that the server understands, as far as known.
    pub speaks: Cell<u16>,
    /// Up to which place of the outbox changes are left with the system to be sent when the app is gone; 0
    /// if none is, none if that is not known.
    pub left: Cell<Option<i64>>,
}

impl Actor {
    /// Opens the stores of this device: the registry, and the store of whoever is signed in.
    pub async fn open(host: Host, bell: Bell) -> std::result::Result<Self, ReplicaFailure> {
        Ok(Self::begin(host, bell).await?)
    }

    async fn begin(host: Host, bell: Bell) -> Result<Self> {
        reserve(&host, 2).await?;
        let (registry, set_aside) = Registry::open(host.files.as_ref())?;
        if let Some(name) = set_aside {
            bell.ring(Notice::StoreSetAside { name });
        }
        let (signals, receiver) = mpsc::unbounded();
        let actor = Self(Rc::new(Inner {
            host,
            bell,
            registry: RefCell::new(registry),
            open: RefCell::new(None),
            status: RefCell::new(Status::Idle { last: None }),
            signals,
            receiver: RefCell::new(Some(receiver)),
            sitting: Cell::new(0),
            uploading: Cell::new(false),
            speaks: Cell::new(PROTOCOL_VERSION),
            left: Cell::new(None),
        }));
        let active = actor.0.registry.borrow().active()?;
        if let Some(known) = active {
            actor.sit_down(known)?;
        }
        Ok(actor)
    }

    /// Answers a request.
    pub async fn call(&self, request: Request) -> Reply {
        let done = match request {
            Request::Enrol {
                server,
                code,
                label,
            } => self.enrol(&server, &code, &label).await,
            Request::Attachment(hash) => self.attachment(hash).await,
            Request::OpenDesk => self.open_desk().await,
            request => self.handle(request),
        };
        done.unwrap_or_else(|error| {
            self.notice_damage(&error);
            Reply::Failed(error.into())
        })
    }

    fn handle(&self, request: Request) -> Result<Reply> {
        match request {
            Request::Session => self.session(),
            Request::SignOut => self.sign_out(),
            Request::SwitchTo(person) => self.switch_to(person),
            Request::SyncNow => Ok(self.signal(Event::Wake)),
            Request::Online(online) => Ok(self.signal(Event::Online(online))),
            Request::TakeOver => Ok(Reply::Done),
            request => {
                let mut open = self.0.open.borrow_mut();
                let open = open.as_mut().ok_or(Error::NotSignedIn)?;
                let status = self.0.status.borrow().clone();
                let about_photos = matches!(
                    request,
                    Request::PhotosWaitForWifi(_) | Request::SendPhotosNow
                );
                let asked_before = on_demand::is_anything_wanted(&open.db)?;
                let answered = super::dispatch::answer(open, &self.0.host, status, request);
                if !asked_before && on_demand::is_anything_wanted(&open.db)? {
                    self.signal(Event::OutboxGrew);
                }
                let (reply, changed) = answered?;
                if about_photos {
                    // Without a driver nobody listens: tests send photos by hand.
                    let _ = self.0.signals.unbounded_send(Signal::Photos);
                }
                if changed {
                    self.changed(open);
                }
                Ok(reply)
            }
        }
    }

    /// Something was saved: screens ask again, and it is sent.
    fn changed(&self, open: &Open) {
        self.0.bell.ring(Notice::Changed);
        self.ring_sync(Some(open));
        self.signal(Event::OutboxGrew);
    }

    pub(super) fn ring_sync(&self, open: Option<&Open>) {
        let status = self.0.status.borrow().clone();
        if let Ok(line) = query::session::sync_line(open, self.0.host.network.as_ref(), status) {
            self.0.bell.ring(Notice::Sync(line));
        }
    }

    fn signal(&self, event: Event) -> Reply {
        // Without a driver nobody listens: tests drive sync by hand.
        let _ = self.0.signals.unbounded_send(Signal::Sync(event));
        Reply::Done
    }

    fn session(&self) -> Result<Reply> {
        let people = self.0.registry.borrow().people()?;
        let people = people.into_iter().map(|p| (p.id, p.name)).collect();
        let status = self.0.status.borrow().clone();
        let now = self.0.host.clock.now();
        let network = self.0.host.network.as_ref();
        let open = self.0.open.borrow();
        let view = query::session::view(open.as_ref(), people, network, status, now)?;
        Ok(Reply::Session(Box::new(view)))
    }

    /// Closes whatever is open and opens a person's store.
    fn sit_down(&self, known: Known) -> Result<()> {
        self.stand_up();
        let host = &self.0.host;
        match Open::load(host.files.as_ref(), host.entropy.as_ref(), known.clone()) {
            Ok(open) => {
                *self.0.status.borrow_mut() = last_status(&open)?;
                *self.0.open.borrow_mut() = Some(open);
                self.0
                    .registry
                    .borrow()
                    .activate(Some(known.id), host.clock.now())?;
                self.switched();
                Ok(())
            }
            Err(error) if error.is_damage() => self.set_aside(&known, &error),
            // The store was begun and never got its identity: as if it were not there.
            Err(Error::NotSignedIn) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn stand_up(&self) {
        *self.0.open.borrow_mut() = None;
        *self.0.status.borrow_mut() = Status::Idle { last: None };
        self.0.sitting.set(self.0.sitting.get() + 1);
        self.0.speaks.set(PROTOCOL_VERSION);
    }

    /// Nothing of this person's is sent when the app is gone.
    fn take_back_what_is_left(&self) {
        self.0.left.set(Some(0));
        self.0.host.network.leave(Vec::new());
    }

    fn switched(&self) {
        let _ = self.0.signals.unbounded_send(Signal::Switched);
        self.ring_sync(self.0.open.borrow().as_ref());
        self.0.bell.ring(Notice::Changed);
    }

    fn sign_out(&self) -> Result<Reply> {
        self.stand_up();
        self.take_back_what_is_left();
        self.0
            .registry
            .borrow()
            .activate(None, self.0.host.clock.now())?;
        self.switched();
        self.session()
    }

    fn switch_to(&self, person: shared::ids::PersonId) -> Result<Reply> {
        let people = self.0.registry.borrow().people()?;
        let known = people
            .into_iter()
            .find(|p| p.id == person)
            .ok_or(Error::NotFound("person"))?;
        self.take_back_what_is_left();
        self.sit_down(known)?;
        self.session()
    }

    async fn enrol(&self, server: &str, code: &str, label: &str) -> Result<Reply> {
        let host = &self.0.host;
        let server = enrol::server_address(server, &host.origin)?;
        let mut secret = [0; 32];
        host.entropy.fill(&mut secret)?;
        // Room for the store before the code is used up.
        reserve(host, 1).await?;
        let former = self.identities()?;
        let network = host.network.as_ref();
        let identity = enrol::ask(network, server, code, label, secret, &former).await?;
        self.settle(identity)?;
        self.session()
    }

    /// What stores on this device are and were; one that cannot be read is left out.
    fn identities(&self) -> Result<Vec<Identity>> {
        let open = self.0.open.borrow();
        let mut found = Vec::new();
        for known in self.0.registry.borrow().people()? {
            let of = |db: &rusqlite::Connection| match Identity::load(db)? {
                Some(identity) => identity.with_former(db),
                None => Ok(Vec::new()),
            };
            let those = match open.as_ref() {
                Some(open) if open.known.file == known.file => of(&open.db),
                _ => open_store(self.0.host.files.as_ref(), &known.file).and_then(|db| of(&db)),
            };
            found.extend(those.unwrap_or_default());
        }
        Ok(found)
    }

    /// Keeps a new identity: in the person's store if they have one here (what waits in it stays), else
    /// in a new one; and signs them in.
    fn settle(&self, mut identity: Identity) -> Result<()> {
        let host = &self.0.host;
        let now = host.clock.now();
        let (person, name) = (identity.person, identity.person_name.clone());
        let known = {
            let registry = self.0.registry.borrow();
            registry.people()?.into_iter().find(|p| p.id == person)
        };
        self.stand_up();
        self.take_back_what_is_left();
        let file = match &known {
            Some(known) => known.file.clone(),
            None => Registry::new_file(host.files.as_ref(), person, now),
        };
        {
            let db = match open_store(host.files.as_ref(), &file) {
                Err(error) if error.is_damage() && known.is_some() => {
                    if let Some(known) = &known {
                        self.set_aside(known, &error)?;
                    }
                    return self.settle(identity);
                }
                opened => opened?,
            };
            if let Some(earlier) = Identity::load(&db)? {
                identity.record_counter = earlier.record_counter;
                earlier.keep_as_former(&db)?;
            }
            identity.save(&db)?;
            // What the former sign-in was not let in with is sent with this one.
            let mut state = SyncState::load(&db)?;
            standing::note_let_in(&db, &mut state)?;
            // A new device has sent nothing yet.
            state.generation = 0;
            state.save(&db)?;
        }
        self.0.registry.borrow().add(person, &name, &file, now)?;
        self.sit_down(Known {
            id: person,
            name,
            file,
        })
    }

    async fn open_desk(&self) -> Result<Reply> {
        let access = {
            let open = self.0.open.borrow();
            Access::of(open.as_ref().ok_or(Error::NotSignedIn)?)
        };
        desk::begin(self.0.host.network.as_ref(), access).await?;
        Ok(Reply::Done)
    }

    async fn attachment(&self, hash: shared::ids::ContentHash) -> Result<Reply> {
        let access = {
            let open = self.0.open.borrow();
            let open = open.as_ref().ok_or(Error::NotSignedIn)?;
            if let Some(kept) = attachments::load(&open.db, hash)? {
                return Ok(Reply::Attachment(Some(kept)));
            }
            Access::of(open)
        };
        let sitting = self.0.sitting.get();
        let fetched = upload::fetch(self.0.host.network.as_ref(), &access, hash).await;
        if sitting != self.0.sitting.get() {
            return Err(Error::NotSignedIn);
        }
        if let (Some((media_type, bytes)), Some(open)) = (&fetched, self.0.open.borrow().as_ref()) {
            // Only a convenience: a full disk must not keep the photo from being shown.
            let _ = attachments::keep(
                &open.db,
                hash,
                media_type,
                bytes,
                None,
                self.0.host.clock.now(),
            );
        }
        Ok(Reply::Attachment(fetched))
    }

    /// If the error says that the open store is damaged, it is set aside.
    pub(super) fn notice_damage(&self, error: &Error) {
        if !error.is_damage() {
            return;
        }
        let known = self.0.open.borrow().as_ref().map(|open| open.known.clone());
        if let Some(known) = known {
            self.stand_up();
            // The registry is in trouble too: the next opening says so.
            let _ = self.set_aside(&known, error);
        }
    }

    fn set_aside(&self, known: &Known, error: &Error) -> Result<()> {
        let now = self.0.host.clock.now();
        self.0
            .registry
            .borrow()
            .set_aside(known, &error.to_string(), now)?;
        self.0.bell.ring(Notice::StoreSetAside {
            name: known.file.clone(),
        });
        self.switched();
        Ok(())
    }

    /// Reads the store of whoever is signed in, for tests that look behind the screens.
    pub fn look<T>(&self, read: impl FnOnce(&rusqlite::Connection) -> T) -> Option<T> {
        self.0.open.borrow().as_ref().map(|open| read(&open.db))
    }

    /// Closes every store of a person; the actor is of no use afterwards.
    pub fn close(&self) {
        self.stand_up();
    }
}

/// How sync stood when the store was last open.
fn last_status(open: &Open) -> Result<Status> {
    let state = SyncState::load(&open.db)?;
    Ok(match state.revoked {
        true => Status::Revoked,
        false => Status::Idle {
            last: state.last_success,
        },
    })
}

async fn reserve(host: &Host, files: usize) -> Result<()> {
    host.files
        .reserve(files)
        .await
        .map_err(|detail| Error::Other {
            code: "store.unavailable".into(),
            detail,
        })
}
