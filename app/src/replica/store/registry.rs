//! Who has a store on this device, and who is signed in.
//!
//! Invariants: one file a person; a file that cannot be read is never deleted or written again: the
//! person gets a new file, and the old name is kept in `set_aside`. The newest `registry-<n>.db` counts.

use rusqlite::{Connection, OptionalExtension, params};
use shared::{day::Timestamp, ids::PersonId};

use super::{open_registry, person_id};
use crate::replica::{error::Result, host::Files};

/// The registry.
pub struct Registry(Connection);

/// A person known on this device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Person.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// File of their store.
    pub file: String,
}

impl Registry {
    /// Opens the newest registry; a damaged one is set aside by beginning the next. Gives the name of
    /// what was set aside.
    pub fn open(files: &dyn Files) -> Result<(Self, Option<String>)> {
        let number = files
            .names()
            .iter()
            .filter_map(|n| {
                n.strip_prefix("registry-")?
                    .strip_suffix(".db")?
                    .parse()
                    .ok()
            })
            .max()
            .unwrap_or(1_u32);
        let name = format!("registry-{number}.db");
        match open_registry(files, &name) {
            Ok(db) => Ok((Self(db), None)),
            Err(error) if error.is_damage() => {
                let next = format!("registry-{}.db", number.saturating_add(1));
                let registry = Self(open_registry(files, &next)?);
                registry.adopt(files)?;
                Ok((registry, Some(name)))
            }
            Err(error) => Err(error),
        }
    }

    /// After a lost registry: the stores that are there can be signed in to again by name of file.
    fn adopt(&self, files: &dyn Files) -> Result<()> {
        for file in files.names() {
            let id = file
                .strip_prefix("person-")
                .and_then(|rest| rest.get(..36))
                .and_then(|id| id.parse::<PersonId>().ok());
            if let (Some(id), true) = (id, file.ends_with(".db")) {
                let name = super::open_store(files, &file)
                    .and_then(|db| super::identity::Identity::load(&db))
                    .ok()
                    .flatten()
                    .map(|identity| identity.person_name);
                if let Some(name) = name {
                    self.add(id, &name, &file, Timestamp(0))?;
                }
            }
        }
        Ok(())
    }

    /// Everybody, the last used first.
    pub fn people(&self) -> Result<Vec<Known>> {
        let mut statement = self
            .0
            .prepare("SELECT id, name, file FROM person ORDER BY last_used DESC")?;
        let people = statement.query_map([], |row| {
            Ok(Known {
                id: person_id(row, 0)?,
                name: row.get(1)?,
                file: row.get(2)?,
            })
        })?;
        Ok(people.collect::<rusqlite::Result<_>>()?)
    }

    /// Who is signed in.
    pub fn active(&self) -> Result<Option<Known>> {
        let id = self
            .0
            .query_row("SELECT id FROM person WHERE active = 1", [], |row| {
                person_id(row, 0)
            })
            .optional()?;
        Ok(self.people()?.into_iter().find(|p| Some(p.id) == id))
    }

    /// Adds a person or renews their entry.
    pub fn add(&self, id: PersonId, name: &str, file: &str, now: Timestamp) -> Result<()> {
        self.0.execute(
            "INSERT INTO person (id, name, file, active, last_used) VALUES (?1, ?2, ?3, 0, ?4)
             ON CONFLICT (id) DO UPDATE SET name = ?2, file = ?3, last_used = ?4",
            params![id.0.into_bytes(), name, file, now.0],
        )?;
        Ok(())
    }

    /// Signs a person in, or everybody out. Who is signed in already stays so without a word written: a phone without
    /// room opens.
    pub fn activate(&self, id: Option<PersonId>, now: Timestamp) -> Result<()> {
        if id.is_some() && self.active()?.map(|known| known.id) == id {
            return Ok(());
        }
        let id = id.map(|p| p.0.into_bytes());
        self.0.execute(
            "UPDATE person SET active = (id IS ?1), last_used = CASE WHEN id IS ?1 THEN ?2 ELSE last_used END",
            params![id, now.0],
        )?;
        Ok(())
    }

    /// Remembers that a file was set aside; its person has no store here until they enrol again.
    pub fn set_aside(&self, known: &Known, reason: &str, now: Timestamp) -> Result<()> {
        self.0.execute(
            "INSERT OR IGNORE INTO set_aside (file, person, reason, at) VALUES (?1, ?2, ?3, ?4)",
            params![known.file, known.id.0.into_bytes(), reason, now.0],
        )?;
        self.0.execute(
            "DELETE FROM person WHERE id = ?1",
            params![known.id.0.into_bytes()],
        )?;
        Ok(())
    }

    /// A name for a person's new store that no file has.
    pub fn new_file(files: &dyn Files, id: PersonId, now: Timestamp) -> String {
        let plain = format!("person-{id}.db");
        if files.names().contains(&plain) {
            format!("person-{id}-{}.db", now.0)
        } else {
            plain
        }
    }
}
