//! `device code|revoke|list|history`: signing devices in and out, and for how long they keep old records.

use std::path::Path;

use clap::Subcommand;

use super::{CliError, link, open_existing, people::find_person};
use crate::store::{company, devices};

#[derive(Subcommand, Debug)]
pub(super) enum DeviceCommand {
    /// Print a link, a code and a QR code that sign one device in within 15 minutes
    Code {
        /// The person: name or id
        person: String,
        /// Address under which the device reaches the server
        #[arg(long, default_value = "http://localhost:8080")]
        url: String,
    },
    /// Revoke a device: it can't sync any more; what it has not sent stays on it
    Revoke {
        /// Device code, as its receipt numbers begin
        code: String,
    },
    /// List all devices
    List,
    /// Show, or set, for how many days phones keep closed records; older ones they fetch on demand
    History {
        /// Days
        #[arg(value_parser = clap::value_parser!(u16).range(7..=3_650))]
        days: Option<u16>,
    },
}

pub(super) fn run(data: &Path, command: DeviceCommand) -> Result<(), CliError> {
    let store = open_existing(data)?;
    match command {
        DeviceCommand::Code { person, url } => {
            let url = link::check_url(&url)?;
            let person = store.read(|conn| find_person(conn, &person))?;
            if !person.active {
                return Err(CliError::Disabled(person.name));
            }
            link::print(&link::make(&store, person.id, &url)?);
        }
        DeviceCommand::Revoke { code } => {
            let device = store.write(|tx| {
                let device = devices::by_code(tx, &code)?
                    .ok_or_else(|| CliError::NoSuchDevice(code.clone()))?;
                let now = tx.now();
                devices::revoke(tx, device.id, now)?;
                Ok::<_, CliError>(device)
            })?;
            println!("{} of {} is revoked.", device.code, device.person.name);
        }
        DeviceCommand::History { days } => {
            if let Some(days) = days {
                store.write(|tx| company::set_history_days(tx, days))?;
            }
            let days = store.read(company::history_days)?;
            println!("Phones keep closed records for {days} days.");
        }
        DeviceCommand::List => {
            for device in store.read(devices::all)? {
                let state = if device.revoked_at.is_some() {
                    "  revoked"
                } else {
                    ""
                };
                println!(
                    "{:<6}  {:<10}  {}{state}",
                    device.code, device.person.name, device.label
                );
            }
        }
    }
    Ok(())
}
