//! Records that must be refused, and what their authors made in their place: the refused one never counts,
//! and of all that was made for one thing at most one does; in the end one.

use std::collections::{BTreeMap, BTreeSet};

use super::Id;

/// What was made for what.
#[derive(Clone, Default)]
pub struct Refused {
    /// Those that must never be taken in.
    spoiled: BTreeSet<Id>,
    /// The first record of the same thing, for each.
    first: BTreeMap<Id, Id>,
}

impl Refused {
    /// A record that the server must refuse.
    pub fn spoiled(&mut self, id: &str) {
        self.spoiled.insert(id.to_owned());
        let own = id.to_owned();
        self.first.entry(own.clone()).or_insert(own);
    }

    /// A record took the place of another.
    pub fn made_anew(&mut self, old: &str, new: &str) {
        let first = self.first.get(old).cloned();
        let first = first.unwrap_or_else(|| old.to_owned());
        self.first.insert(old.to_owned(), first.clone());
        self.first.insert(new.to_owned(), first);
    }

    /// Is it one of them?
    pub fn knows(&self, id: &str) -> bool {
        self.first.contains_key(id)
    }

    /// Must it never be taken in?
    pub fn is_spoiled(&self, id: &str) -> bool {
        self.spoiled.contains(id)
    }

    /// Another record of the same thing that is there.
    pub fn counts_instead<T>(&self, id: &str, there: &BTreeMap<Id, T>) -> Option<Id> {
        let first = self.first.get(id)?;
        let same = self
            .first
            .iter()
            .filter(|(other, f)| *f == first && *other != id);
        let mut others = same.map(|(other, _)| other);
        others.find(|other| there.contains_key(*other)).cloned()
    }
}
