//! The company: its name, currency, clock, settings, and the epoch of its log.

use rusqlite::{Connection, OptionalExtension, params};
use serde::Deserialize;
use shared::{
    day::Timestamp,
    ids::CompanyId,
    policy::{Settings, figures::Figures, recovery::CurvePoint, setting::HISTORY_DAYS},
    sync::message::{CompanyRow, RulesRow},
};

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
    /// The company's own recovery curve, as it was made out last; empty while there are not debts enough.
    pub own_curve: Vec<CurvePoint>,
    /// Made by the demo generator.
    pub demo: bool,
    /// When the ledger was begun.
    pub created_at: Timestamp,
}

impl Company {
    /// What phones go by: the collection rules with the company's own curve, if there is one.
    pub fn rules(&self) -> Settings {
        let mut rules = self.policy.clone();
        if !self.own_curve.is_empty() {
            rules.recovery_curve.clone_from(&self.own_curve);
        }
        rules
    }
}

/// What stands beside the rules' own fields in the company's settings.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Beside {
    figures: Vec<u32>,
    own_curve: Vec<CurvePoint>,
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
                    own_curve: Vec::new(),
                    demo: row.get(6)?,
                    created_at: Timestamp(row.get(7)?),
                },
                row.get::<_, String>(5)?,
            ))
        })
        .optional()?;
    match found {
        None => Ok(None),
        Some((company, settings)) => {
            let beside: Beside = serde_json::from_str(&settings)?;
            let policy: Settings = serde_json::from_str(&settings)?;
            Ok(Some(Company {
                policy: Settings {
                    figures: Figures::of(&beside.figures),
                    ..policy
                },
                own_curve: beside.own_curve,
                ..company
            }))
        }
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
        "UPDATE company SET name = ?1, settings = json_set(json_patch(settings, ?2), '$.figures', json(?3))",
        params![
            name,
            serde_json::to_string(policy)?,
            serde_json::to_string(&policy.figures.list())?
        ],
    )?;
    send(tx)
}

/// Keeps the company's own recovery curve, and tells the phones; an empty one is that of the settings.
pub(crate) fn set_own_curve(tx: &mut WriteTx<'_>, curve: &[CurvePoint]) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE company SET settings = json_set(settings, '$.own_curve', json(?1))",
        [serde_json::to_string(curve)?],
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
            policy: company.policy.clone(),
        }),
    )?;
    // A company that goes by the seeds in all of it has nothing to say here.
    let is_plain = company.own_curve.is_empty() && company.policy.figures == Figures::default();
    if is_plain && !rows::is_any(tx, "rules")? {
        return Ok(());
    }
    let rules = RulesRow {
        curve: company.own_curve,
        figures: company.policy.figures.list(),
    };
    rows::emit(tx, &Row::Rules(rules))
}
