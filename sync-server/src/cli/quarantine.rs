//! `quarantine list`: what was refused, and why.

use std::path::Path;

use chrono::{DateTime, FixedOffset};
use clap::Subcommand;
use serde::Serialize;
use shared::day::Timestamp;

use super::{CliError, open_existing};
use crate::store::{
    company,
    quarantine::{self, Refused},
};

#[derive(Subcommand, Debug)]
pub(super) enum QuarantineCommand {
    /// List what the rules refused: when, device, person, size, code and reason; `review` has what revoked devices sent
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

/// A refused record as JSON has it.
#[derive(Serialize)]
struct Line<'a> {
    hash: String,
    code: &'a str,
    detail: &'a str,
    device: &'a str,
    person: &'a str,
    received_at: String,
    bytes: u64,
}

pub(super) fn run(data: &Path, command: &QuarantineCommand) -> Result<(), CliError> {
    let QuarantineCommand::List { json } = command;
    let store = open_existing(data)?;
    let (refused, company) =
        store.read(|conn| Ok::<_, CliError>((quarantine::list(conn)?, company::get(conn)?)))?;
    let offset = company.map_or(shared::day::CHINA_OFFSET_MINUTES, |c| c.utc_offset_minutes);
    if *json {
        print_json(&refused, offset);
        return Ok(());
    }
    for record in &refused {
        println!(
            "{}  {:<6}  {:<10}  {:>7}  {}: {}",
            time(record.received_at, offset),
            record.device,
            record.person,
            record.bytes,
            record.code,
            record.detail
        );
    }
    Ok(())
}

fn print_json(refused: &[Refused], offset: i32) {
    let lines: Vec<Line<'_>> = refused
        .iter()
        .map(|record| Line {
            hash: record.hash.to_string(),
            code: &record.code,
            detail: &record.detail,
            device: &record.device,
            person: &record.person,
            received_at: time(record.received_at, offset),
            bytes: record.bytes,
        })
        .collect();
    // Nothing in it can fail to be JSON.
    println!(
        "{}",
        serde_json::to_string_pretty(&lines).unwrap_or_default()
    );
}

/// Time of the company's place, with its offset.
fn time(at: Timestamp, offset_minutes: i32) -> String {
    let zone = FixedOffset::east_opt(offset_minutes * 60);
    let local = DateTime::from_timestamp_millis(at.0).zip(zone);
    local.map_or_else(String::new, |(time, zone)| {
        time.with_timezone(&zone).format("%FT%T%:z").to_string()
    })
}
