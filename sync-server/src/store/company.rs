//! The company: its name, currency, clock, settings, and the epoch of its log.

use rusqlite::{Connection, OptionalExtension, params};
use shared::{day::Timestamp, ids::CompanyId, policy::Settings, sync::message::CompanyRow};

use super::{
    StoreError, WriteTx, rows,
    sql::{self, BlobId},
};
use shared::sync::message::Row;

/// The company as the store knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    /// Identity.
    pub id: CompanyId,
    /// Name as letters show it.
    pub name: String,
    /// ISO code of its one currency.
    pub currency: String,
    /// Its clocks' offset from UTC, minutes east.
    pub utc_offset_minutes: i32,
    /// Counts restorations from a backup; from 1.
    pub epoch: u64,
    /// Collection rules.
    pub policy: Settings,
    /// Made by the demo generator.
    pub demo: bool,
    /// When the ledger was begun.
    pub created_at: Timestamp,
}

/// What a new company needs.
#[derive(Clone, Debug)]
pub struct NewCompany {
    /// Identity.
    pub id: CompanyId,
    /// Name as letters show it.
    pub name: String,
    /// ISO code of its one currency.
    pub currency: String,
    /// Its clocks' offset from UTC, minutes east.
    pub utc_offset_minutes: i32,
    /// Collection rules.
    pub policy: Settings,
    /// Made by the demo generator.
    pub demo: bool,
}

/// The company; none in an empty ledger.
pub fn get(conn: &Connection) -> Result<Option<Company>, StoreError> {
    let found = conn
        .prepare_cached(
            "SELECT id, name, currency, utc_offset_minutes, epoch, settings, demo, created_at FROM company",
        )?
        .query_row([], |row| {
            Ok((
                Company {
                    id: sql::id(row, 0)?,
                    name: row.get(1)?,
                    currency: row.get(2)?,
                    utc_offset_minutes: row.get(3)?,
                    epoch: sql::uint(row, 4)?,
                    policy: Settings::default(),
                    demo: row.get(6)?,
                    created_at: Timestamp(row.get(7)?),
                },
                row.get::<_, String>(5)?,
            ))
        })
        .optional()?;
    match found {
        None => Ok(None),
        Some((company, settings)) => Ok(Some(Company {
            policy: serde_json::from_str(&settings)?,
            ..company
        })),
    }
}

/// Begins the ledger of a company. An error if there is one already.
pub fn init(tx: &mut WriteTx<'_>, company: &NewCompany) -> Result<(), StoreError> {
    if get(tx)?.is_some() {
        return Err(StoreError::Conflict("the ledger has a company already"));
    }
    tx.execute(
        "INSERT INTO company (one, id, name, currency, utc_offset_minutes, epoch, settings, demo, next_device, created_at)
         VALUES (1, ?1, ?2, ?3, ?4, 1, ?5, ?6, 1, ?7)",
        params![
            company.id.blob(),
            company.name,
            company.currency,
            company.utc_offset_minutes,
            serde_json::to_string(&company.policy)?,
            company.demo,
            tx.now().0
        ],
    )?;
    send(tx)
}

/// Days for which phones keep closed matters, if the settings say nothing.
pub const HISTORY_DAYS: u16 = 180;

/// Setting `phone_history_days`: phones keep open matters, and closed ones on which something came in
/// during so many days. Not among the collection rules: those travel in the company's row.
pub fn history_days(conn: &Connection) -> Result<u16, StoreError> {
    let days: Option<Option<u16>> = conn
        .prepare_cached("SELECT json_extract(settings, '$.phone_history_days') FROM company")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(days.flatten().unwrap_or(HISTORY_DAYS))
}

/// Changes setting `phone_history_days`.
pub fn set_history_days(tx: &WriteTx<'_>, days: u16) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE company SET settings = json_set(settings, '$.phone_history_days', ?1)",
        [days],
    )?;
    Ok(())
}

/// Counts the next epoch: the ledger was brought back from a backup.
pub(crate) fn next_epoch(tx: &mut WriteTx<'_>) -> Result<(), StoreError> {
    tx.execute("UPDATE company SET epoch = epoch + 1", [])?;
    tx.forget_company();
    Ok(())
}

/// Changes name and settings.
pub fn update(tx: &mut WriteTx<'_>, name: &str, policy: &Settings) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE company SET name = ?1, settings = json_patch(settings, ?2)",
        params![name, serde_json::to_string(policy)?],
    )?;
    send(tx)
}

fn send(tx: &mut WriteTx<'_>) -> Result<(), StoreError> {
    tx.forget_company();
    let company = tx.company()?;
    rows::emit(
        tx,
        &Row::Company(CompanyRow {
            id: company.id,
            name: company.name,
            currency: company.currency,
            utc_offset_minutes: company.utc_offset_minutes,
            policy: company.policy,
        }),
    )
}
