//! Which days are closed, who closed them, and from where something may still come for them.

use rusqlite::Connection;
use shared::{
    day::Day,
    ids::{CommandId, PersonId},
    ledger::command::{Body, Command},
};

use super::{
    StoreError, commands, company,
    devices::{self, Device},
    facts, sql,
};

/// Closes that are told at most.
const CLOSES: u32 = 60;

/// A close as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// Its command.
    pub command: Command,
    /// The last closed day by it.
    pub through: Day,
}

/// A device in use, and when it was last heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Its code.
    pub code: String,
    /// Whose.
    pub person: PersonId,
    /// The day on which it last synced; none if it never did.
    pub last: Option<Day>,
}

/// How the closed days stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// The last closed day.
    pub closed_through: Option<Day>,
    /// The last day that can be closed on `today`, unless it is.
    pub closable_through: Option<Day>,
    /// Closes, the newest first.
    pub closes: Vec<Close>,
    /// Entries that lie later than their records say.
    pub late_entries: u64,
    /// Devices that bring records of the field, those that were heard longest ago first.
    pub devices: Vec<Heard>,
}

/// How the closed days stand on `today`; `in_field` tells whose devices bring records of the field.
pub fn get(
    conn: &Connection,
    today: Day,
    in_field: impl Fn(&Device) -> bool,
) -> Result<Period, StoreError> {
    let closed_through = facts::closed_through(conn)?;
    let yesterday = today.plus_days(-1);
    let is_open = closed_through.is_none_or(|closed| closed < yesterday);
    let late_entries = conn
        .prepare_cached("SELECT count(*) FROM late_entry")?
        .query_row([], |row| sql::uint(row, 0))?;
    Ok(Period {
        closed_through,
        closable_through: is_open.then_some(yesterday),
        closes: closes(conn)?,
        late_entries,
        devices: heard(conn, in_field)?,
    })
}

fn closes(conn: &Connection) -> Result<Vec<Close>, StoreError> {
    let ids: Vec<CommandId> = conn
        .prepare_cached(
            "SELECT id FROM finance_command WHERE kind = 'close_period' ORDER BY at DESC, rowid DESC LIMIT ?1",
        )?
        .query_map([CLOSES], |row| sql::id(row, 0))?
        .collect::<Result<_, _>>()?;
    let mut closes = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(command) = commands::get(conn, id)?
            && let Body::ClosePeriod { through } = command.body
        {
            closes.push(Close { command, through });
        }
    }
    Ok(closes)
}

fn heard(conn: &Connection, in_field: impl Fn(&Device) -> bool) -> Result<Vec<Heard>, StoreError> {
    let company = company::get(conn)?.ok_or(StoreError::NotFound("company"))?;
    let mut found: Vec<Heard> = devices::all(conn)?
        .into_iter()
        .filter(|device| device.revoked_at.is_none() && device.person.active && in_field(device))
        .map(|device| Heard {
            last: device
                .last_seen_at
                .map(|at| Day::of(at, company.utc_offset_minutes)),
            code: device.code,
            person: device.person.id,
        })
        .collect();
    found.sort_by(|a, b| (a.last, &a.code).cmp(&(b.last, &b.code)));
    Ok(found)
}
