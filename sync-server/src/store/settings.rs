//! The company's settings as finance changes them at the desk, and every change that was made.
//!
//! Invariants: settings are changed only from the revision that whoever changes them was shown; a change is kept for good
//! with who, when, why, old and new; what does not hold together (`shared::policy::setting`) changes nothing.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use shared::{
    day::Timestamp,
    ids::{CommandId, PersonId},
    policy::setting::{self, SettingError, Whole},
};

use super::{
    StoreError, WriteTx, company, curve,
    sql::{self, BlobId},
};

/// Characters that a reason may have.
const REASON_CHARS: usize = 500;

/// Why a change of settings is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// A value does not do.
    #[error(transparent)]
    Value(#[from] SettingError),
    /// Somebody else has changed the settings meanwhile.
    #[error("the settings were changed meanwhile")]
    Stale,
    /// Nothing would become different.
    #[error("nothing is changed")]
    Nothing,
    /// A change needs a reason of 1 to 500 characters.
    #[error("a change needs a reason of 1 to 500 characters")]
    Reason,
    /// The id names another change.
    #[error("the id names another change")]
    OtherChange,
}

impl SettingsError {
    /// The stable code of this error.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Value(error) => error.code(),
            Self::Stale => "settings.stale",
            Self::Nothing => "settings.nothing",
            Self::Reason => "settings.reason",
            Self::OtherChange => "settings.other_change",
        }
    }
}

/// What somebody wants the settings to be.
#[derive(Clone, Debug)]
pub struct Order {
    /// The same again changes nothing.
    pub id: CommandId,
    /// Who.
    pub person: PersonId,
    /// Why.
    pub reason: String,
    /// The revision that they were shown.
    pub revision: u32,
    /// New values by key.
    pub values: BTreeMap<String, u32>,
}

/// One value that became another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Which setting.
    pub key: String,
    /// What it was.
    pub old: u32,
    /// What it is since.
    pub new: u32,
}

/// A change as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its id.
    pub id: CommandId,
    /// The revision that it made.
    pub revision: u32,
    /// Who.
    pub person: PersonId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// What.
    pub changed: Vec<Changed>,
}

/// All that may be set, as it is.
pub fn whole(conn: &Connection) -> Result<Whole, StoreError> {
    let company = company::get(conn)?.ok_or(StoreError::NotFound("company"))?;
    Ok(Whole {
        policy: company.policy,
        history_days: company::history_days(conn)?,
    })
}

/// How often the settings were changed.
pub fn revision(conn: &Connection) -> Result<u32, StoreError> {
    Ok(conn
        .prepare_cached("SELECT COALESCE(MAX(revision), 0) FROM settings_change")?
        .query_row([], |row| row.get(0))?)
}

/// The newest changes, the newest first.
pub fn changes(conn: &Connection, limit: u32) -> Result<Vec<Change>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT id, revision, person, at, reason, changes FROM settings_change ORDER BY revision DESC LIMIT ?1",
    )?;
    let mut rows = statement.query([limit])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

fn read(row: &rusqlite::Row<'_>) -> Result<Change, StoreError> {
    let changed: String = row.get(5)?;
    Ok(Change {
        id: sql::id(row, 0)?,
        revision: row.get(1)?,
        person: sql::id(row, 2)?,
        at: Timestamp(row.get(3)?),
        reason: row.get(4)?,
        changed: serde_json::from_str(&changed)?,
    })
}

fn by_id(conn: &Connection, id: CommandId) -> Result<Option<Change>, StoreError> {
    let revision: Option<u32> = conn
        .prepare_cached("SELECT revision FROM settings_change WHERE id = ?1")?
        .query_row([id.blob()], |row| row.get(0))
        .optional()?;
    let Some(revision) = revision else {
        return Ok(None);
    };
    let mut statement = conn.prepare_cached(
        "SELECT id, revision, person, at, reason, changes FROM settings_change WHERE revision = ?1",
    )?;
    let mut rows = statement.query([revision])?;
    rows.next()?.map(read).transpose()
}

/// Changes the settings, and tells the phones. False if just this was done before.
pub fn change(tx: &mut WriteTx<'_>, order: &Order) -> Result<bool, StoreError> {
    if let Some(known) = by_id(tx, order.id)? {
        let says = |one: &Changed| order.values.get(&one.key) == Some(&one.new);
        let is_again = known.person == order.person
            && known.reason == order.reason
            && order.revision.checked_add(1) == Some(known.revision)
            && known.changed.iter().all(says);
        return match is_again {
            true => Ok(false),
            false => Err(SettingsError::OtherChange.into()),
        };
    }
    let length = order.reason.chars().count();
    if order.reason.trim().is_empty() || length > REASON_CHARS {
        return Err(SettingsError::Reason.into());
    }
    if order.revision != revision(tx)? {
        return Err(SettingsError::Stale.into());
    }
    let before = whole(tx)?;
    let after = setting::apply(&before, &order.values).map_err(SettingsError::from)?;
    let changed: Vec<Changed> = setting::ALL
        .iter()
        .map(|one| (one.key, one.of(&before), one.of(&after)))
        .filter(|(_, old, new)| old != new)
        .map(|(key, old, new)| Changed {
            key: key.to_owned(),
            old,
            new,
        })
        .collect();
    if changed.is_empty() {
        return Err(SettingsError::Nothing.into());
    }
    keep(tx, order, &changed)?;
    let name = tx.company()?.name;
    company::set_history_days(tx, after.history_days)?;
    company::update(tx, &name, &after.policy)?;
    // The curve may go by other points now, or ask for more debts.
    curve::renew_in(tx)?;
    Ok(true)
}

fn keep(tx: &WriteTx<'_>, order: &Order, changed: &[Changed]) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO settings_change (revision, id, person, at, reason, changes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        order.revision + 1,
        order.id.blob(),
        order.person.blob(),
        tx.now().0,
        order.reason,
        serde_json::to_string(changed)?
    ])?;
    Ok(())
}
