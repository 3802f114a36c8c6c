//! What the screens of the desk share: who works here, names, and when to read again.
//!
//! Invariant: a screen keeps no data beyond its own life; after every command, and every half minute while
//! somebody looks, everything shown is read again.

use std::rc::Rc;

use dioxus::prelude::*;
use serde::de::DeserializeOwned;
use shared::day::{Day, Timestamp};

use super::{
    api::{self, Customer, Directory, Failure},
    browser,
};

/// How often the screens look again.
const LOOK_EVERY_MS: u32 = 30_000;

/// The shared state.
#[derive(Clone, Copy)]
pub struct DeskState {
    directory: Signal<Option<Rc<Directory>>>,
    trouble: Signal<Option<Failure>>,
    /// Counts up whenever everything is to be read again.
    version: Signal<u64>,
}

/// Begins the shared state; stands once at the root.
pub fn use_desk_provider() {
    use_hook(super::words::load_language);
    let desk = use_context_provider(|| DeskState {
        directory: Signal::new(None),
        trouble: Signal::new(None),
        version: Signal::new(0),
    });
    use_hook(move || browser::while_seen(LOOK_EVERY_MS, move || desk.look_again()));
    let read = use_read::<Directory>("/v1/desk/directory".to_owned());
    use_effect(move || {
        let (mut directory, mut trouble) = (desk.directory, desk.trouble);
        let (view, error) = (read.view(), read.error());
        if view.is_some() && *directory.peek() != view {
            directory.set(view);
        }
        if *trouble.peek() != error {
            trouble.set(error);
        }
    });
}

/// The shared state.
pub fn use_desk() -> DeskState {
    use_context()
}

impl DeskState {
    /// Everything shown is read again.
    pub fn look_again(self) {
        let mut version = self.version;
        *version.write() += 1;
    }

    /// Names, once they are known.
    pub fn directory(self) -> Option<Rc<Directory>> {
        self.directory.read().clone()
    }

    /// Why names could not be read the last time.
    pub fn trouble(self) -> Option<Failure> {
        self.trouble.read().clone()
    }

    /// Does finance work here (or an administrator), who sees the whole ledger?
    pub fn sees_ledger(self) -> bool {
        self.directory()
            .is_some_and(|d| matches!(d.me.role.as_str(), "finance" | "admin"))
    }

    /// Is it the person who is signed in?
    pub fn is_me(self, person: &str) -> bool {
        self.directory().is_some_and(|d| d.me.id == person)
    }

    /// A customer of the directory.
    pub fn customer(self, id: &str) -> Option<Customer> {
        let directory = self.directory()?;
        directory.customers.iter().find(|c| c.id == id).cloned()
    }

    /// A customer's name.
    pub fn customer_name(self, id: &str) -> String {
        self.customer(id).map_or_else(|| "–".to_owned(), |c| c.name)
    }

    /// A person's name.
    pub fn person_name(self, id: &str) -> String {
        let directory = self.directory();
        let found = directory
            .as_ref()
            .and_then(|d| d.people.iter().find(|p| p.id == id));
        found.map_or_else(|| "–".to_owned(), |p| p.name.clone())
    }

    /// A territory's name.
    pub fn territory_name(self, id: &str) -> String {
        let directory = self.directory();
        let found = directory
            .as_ref()
            .and_then(|d| d.territories.iter().find(|t| t.id == id));
        found.map_or_else(|| "–".to_owned(), |t| t.name.clone())
    }

    /// The business day.
    pub fn today(self) -> Day {
        self.directory()
            .map_or(Day::from_number(0), |directory| directory.today)
    }

    /// A moment in the company's time: `14:32`, `昨天 14:32`.
    pub fn moment(self, ms: i64) -> String {
        let offset = self
            .directory()
            .map_or(480, |d| d.company.utc_offset_minutes);
        crate::format::moment(Timestamp(ms), crate::state::clock::now(), offset)
    }
}

/// Something that is read from the server, and read again when it may have changed.
pub struct Read<T: 'static> {
    view: Signal<Option<Rc<T>>>,
    error: Signal<Option<Failure>>,
}

impl<T> Clone for Read<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Read<T> {}

impl<T> Read<T> {
    /// What was read last; none before the first answer.
    pub fn view(self) -> Option<Rc<T>> {
        self.view.read().clone()
    }

    /// Why the last reading failed; what was read before stands.
    pub fn error(self) -> Option<Failure> {
        self.error.read().clone()
    }
}

/// Reads an address now, when it becomes another, and whenever everything is read again. A view of another
/// address is never shown under this one.
pub fn use_read<T: DeserializeOwned + PartialEq + 'static>(path: String) -> Read<T> {
    let desk = use_desk();
    let mut read = Read {
        view: use_signal(|| None),
        error: use_signal(|| None),
    };
    let mut asked = use_hook(|| CopyValue::new((0u64, String::new())));
    use_effect(use_reactive!(|path| {
        let _ = desk.version.read();
        let is_other = asked.peek().1 != path;
        let ticket = asked.peek().0 + 1;
        asked.set((ticket, path.clone()));
        if is_other && read.view.peek().is_some() {
            read.view.set(None);
        }
        spawn(async move {
            let answer = api::get::<T>(&path).await;
            // An answer that was overtaken is out of date.
            if asked.peek().0 != ticket {
                return;
            }
            match answer {
                Ok(found) => {
                    let same = read.view.peek().as_deref() == Some(&found);
                    if !same {
                        read.view.set(Some(Rc::new(found)));
                    }
                    if read.error.peek().is_some() {
                        read.error.set(None);
                    }
                }
                Err(failure) => {
                    if failure.is_signed_out() {
                        let mut trouble = desk.trouble;
                        trouble.set(Some(failure.clone()));
                    }
                    read.error.set(Some(failure));
                }
            }
        });
    }));
    read
}
