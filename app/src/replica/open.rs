//! The store of the person signed in, open: database, identity, and what is drawn anew at each opening.
//!
//! Invariant: the Automerge actor is fresh at every opening and never saved, so that a copied or
//! restored store can never write under the same actor as its original.

use std::cell::{Cell, RefCell};

use rusqlite::{Connection, Transaction};
use shared::{
    day::{CHINA_OFFSET_MINUTES, Day, Timestamp},
    ids::{ContentHash, ElementId, PersonId},
    people::Role,
    policy::Settings,
    sync::message::CompanyRow,
};
use uuid::Builder;

use super::{
    error::{Error, Result},
    host::{Files, Host},
    store::{
        self, cases, documents, identity::Identity, laid_ready, preferences, registry::Known, rows,
    },
};
use crate::platform::{entropy::Entropy, network::Network};

/// An open store.
pub struct Open {
    /// The database.
    pub db: Connection,
    /// Whose it is.
    pub identity: Identity,
    /// Automerge actor of this opening.
    pub actor: [u8; 16],
    /// Where it lies.
    pub known: Known,
    /// Somebody wants the photos that wait for Wi-Fi to be sent over the network that there is.
    pub photos_now: Cell<bool>,
    /// When what is put off was last offered to the server, by its clock; none before the first page.
    pub offered_at: Cell<Option<Timestamp>>,
    /// Changes of others that are kept here only because own ones build on them.
    pub bases: Cell<Bases>,
    /// What is being sent, and what the last tries came to.
    pub tries: RefCell<Tries>,
}

/// What is being sent, and what the last tries came to: a new opening has not tried yet.
#[derive(Debug, Default)]
pub struct Tries {
    /// Number of the batch that the last request carried; 0 if it carried none.
    pub batch: u64,
    /// Code of what kept the last request from being taken in.
    pub failure: Option<String>,
    /// The photo on its way.
    pub photo: Option<ContentHash>,
    /// Photos whose last try came to nothing, with the code of the reason.
    pub photos: Vec<(ContentHash, &'static str)>,
}

/// What is known of changes in state 'base' (`store::documents`): looking for them reads all changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bases {
    /// There are none.
    None,
    /// When last looked at, own changes waited on all of them, and nothing has come since.
    Needed,
    /// Not looked at since something came.
    Unknown,
}

impl Open {
    /// Opens a person's store. What was put off because the server lacked what it builds on is tried
    /// once more.
    pub fn load(files: &dyn Files, entropy: &dyn Entropy, known: Known) -> Result<Self> {
        let db = store::open_store(files, &known.file)?;
        let identity = Identity::load(&db)?.ok_or(Error::NotSignedIn)?;
        let mut actor = [0; 16];
        entropy.fill(&mut actor)?;
        documents::unpark(&db, None)?;
        Ok(Self {
            db,
            identity,
            actor,
            known,
            photos_now: Cell::new(false),
            offered_at: Cell::new(None),
            bases: Cell::new(Bases::Unknown),
            tries: RefCell::default(),
        })
    }

    /// Do photos wait for another network than this one? One of which nobody knows the price is good enough.
    pub fn photos_wait(&self, network: &dyn Network) -> Result<bool> {
        Ok(!self.photos_now.get()
            && network.is_metered() == Some(true)
            && preferences::photos_wait_for_wifi(&self.db)?)
    }

    /// The company; an error until the first page has come.
    pub fn company(&self) -> Result<CompanyRow> {
        rows::company(&self.db)?.ok_or(Error::Invalid("session.no_data_yet"))
    }

    /// Settings, the defaults until the company is known.
    pub fn settings(&self) -> Result<Settings> {
        let company = rows::company(&self.db)?;
        let mut settings = company.map(|c| c.policy).unwrap_or_default();
        cases::add_rules(&self.db, &mut settings)?;
        Ok(settings)
    }

    /// Offset of the company's clocks from UTC, minutes east.
    pub fn offset_minutes(&self) -> Result<i32> {
        Ok(rows::company(&self.db)?.map_or(CHINA_OFFSET_MINUTES, |c| c.utc_offset_minutes))
    }

    /// The business day at a time.
    pub fn day(&self, at: Timestamp) -> Result<Day> {
        Ok(Day::of(at, self.offset_minutes()?))
    }

    /// The first moment of a business day.
    pub fn day_start(&self, day: Day) -> Result<Timestamp> {
        let minutes = day.number() * 1_440 - i64::from(self.offset_minutes()?);
        Ok(Timestamp(minutes * 60_000))
    }

    /// Role of the person signed in; a salesperson until the rows have come.
    pub fn role(&self) -> Result<Role> {
        Ok(rows::person(&self.db, self.identity.person)?.map_or(Role::Rep, |p| p.role))
    }

    /// Name of the person signed in.
    pub fn my_name(&self) -> Result<String> {
        let row = rows::person(&self.db, self.identity.person)?;
        Ok(row.map_or_else(|| self.identity.person_name.clone(), |p| p.name))
    }

    /// Name of anybody, empty if not known here.
    pub fn name_of(&self, person: PersonId) -> Result<String> {
        if person == self.identity.person {
            return self.my_name();
        }
        Ok(rows::person(&self.db, person)?.map_or_else(String::new, |p| p.name))
    }

    /// Begins a transaction that changes what people see: what was laid ready is forgotten with it.
    pub fn begin(&self) -> Result<Transaction<'_>> {
        let tx = self.begin_unseen()?;
        laid_ready::forget(&tx)?;
        Ok(tx)
    }

    /// Begins a transaction that may change nothing that people see. If it does, the caller forgets what was
    /// laid ready.
    pub fn begin_unseen(&self) -> Result<Transaction<'_>> {
        Ok(self.db.unchecked_transaction()?)
    }
}

/// A new UUID, version 7: time in front, randomness behind.
pub fn new_uuid(host: &Host) -> Result<uuid::Uuid> {
    let mut random = [0; 10];
    host.entropy.fill(&mut random)?;
    let ms = u64::try_from(host.clock.now().0).unwrap_or_default();
    Ok(Builder::from_unix_timestamp_millis(ms, &random).into_uuid())
}

/// A new id of a list's element.
pub fn new_element(host: &Host) -> Result<ElementId> {
    new_uuid(host).map(ElementId)
}
