//! `device code|revoke|list`: signing devices in and out.

use std::path::Path;

use clap::Subcommand;

use super::{CliError, link, open_existing, people::find_person};
use crate::store::devices;

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
