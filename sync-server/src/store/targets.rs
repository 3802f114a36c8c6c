//! What salespeople are to sell and to collect in a month, as finance or their leader has set it. Each word is a command
//! and stays; the last one on a person and month counts.

use std::collections::BTreeMap;

use rusqlite::Connection;
use shared::{
    day::Day,
    ids::{CommandId, PersonId},
    ledger::command::{Body, Command, CommandError},
    money::Money,
};

use super::{StoreError, WriteTx, commands, people, sql};

/// A target of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// To be sold; zero: none.
    pub sales: Money,
    /// To be collected; zero: none.
    pub collection: Money,
    /// Who set it, when and why.
    pub set: Command,
}

/// The targets of a month, named by its first day.
pub fn of_month(conn: &Connection, month: Day) -> Result<BTreeMap<PersonId, Target>, StoreError> {
    let ids: Vec<CommandId> = conn
        .prepare_cached(
            "SELECT id FROM finance_command
             WHERE kind = 'month_target' AND json_extract(body, '$.month') = ?1 ORDER BY rowid",
        )?
        .query_map([month.to_string()], |row| sql::id(row, 0))?
        .collect::<Result<_, _>>()?;
    let mut found = BTreeMap::new();
    for id in ids {
        let Some(set) = commands::get(conn, id)? else {
            continue;
        };
        if let Body::MonthTarget {
            person,
            sales,
            collection,
            ..
        } = set.body
        {
            let target = Target {
                sales,
                collection,
                set,
            };
            found.insert(person, target);
        }
    }
    Ok(found)
}

/// Is it set for somebody who is here?
pub(crate) fn check(tx: &WriteTx<'_>, body: &Body) -> Result<(), StoreError> {
    let Body::MonthTarget { person, .. } = body else {
        return Ok(());
    };
    match people::get(tx, *person)?.is_some_and(|person| person.active) {
        true => Ok(()),
        false => Err(CommandError::NoSuch("person").into()),
    }
}
