//! The company on which ours runs: made before the server starts, handed to the clients as a file.

use std::path::Path;

use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use shared::{
    customer::Customer,
    day::Timestamp,
    document::{self, NewChange, Record},
    ids::{DeviceId, PersonId},
    invoice::Invoice,
    people::Role,
    visit::Visit,
};
use tests::{
    records::{Author, Dice},
    world::World,
};

/// Customers in the salesperson's charge, one open invoice each.
const CUSTOMERS: u32 = 200;

/// What our clients are told.
#[derive(Serialize, Deserialize)]
pub struct Company {
    person: PersonId,
    name: String,
    device: DeviceId,
    device_code: String,
    secret: [u8; 32],
    /// Of that device.
    pub token: String,
    /// One-time code with which the phone signs in.
    pub code: String,
    about: Vec<(Customer, Invoice)>,
}

impl Company {
    /// Makes one in a folder, with a salesperson whose device is signed in, and a code for their phone.
    pub fn make(folder: &Path) -> Self {
        let mut world = World::new(folder);
        let rep = world.person("陈晓东", Role::Rep);
        let about = world.customers(&rep, CUSTOMERS, 1);
        let (author, token) = world.author(&rep);
        Self {
            person: rep.id,
            name: rep.name.clone(),
            device: author.device,
            device_code: author.device_code.clone(),
            secret: author.key.to_bytes(),
            token,
            code: world.code(&rep),
            about,
        }
    }

    /// The salesperson with their device.
    pub fn author(&self) -> Author {
        let key = SigningKey::from_bytes(&self.secret);
        Author::new(self.person, &self.name, self.device, &self.device_code, key)
    }

    /// A customer.
    pub fn customer(&self, at: usize) -> &Customer {
        &self.about[at % self.about.len()].0
    }

    /// The record at a place: of the mix, or a visit.
    pub fn record(&self, author: &mut Author, dice: &mut Dice, at: usize, mix: bool) -> NewChange {
        // Of ten records of the mix the first six are visits.
        let place = if mix { at } else { at / 6 * 10 + at % 6 };
        author.record(dice, place, &self.about).unwrap()
    }

    /// The same visits for the peers: twelve plain fields each.
    pub fn plain(&self, count: usize) -> Vec<serde_json::Value> {
        let (mut author, mut dice) = (self.author(), Dice(7));
        (0..count)
            .map(|at| {
                let change = self.record(&mut author, &mut dice, at, false);
                match document::read(&[&change.bytes]) {
                    Ok((_, Record::Visit(visit))) => fields(&visit),
                    other => panic!("not a visit: {other:?}"),
                }
            })
            .collect()
    }
}

/// The content of a visit without photos and comments. A place with its accuracy and time is one field:
/// that is the least that a peer can make of it.
fn fields(visit: &Visit) -> serde_json::Value {
    let place = |fix: &Option<shared::evidence::Fix>| {
        fix.as_ref().map_or_else(String::new, |f| {
            let Timestamp(at) = f.at;
            format!(
                "{},{},{},{at}",
                f.point.lat_e7, f.point.lon_e7, f.accuracy_m
            )
        })
    };
    serde_json::json!({
        "customer": visit.customer.0.to_string(),
        "person": visit.person.0.to_string(),
        "started_at": visit.started_at.0,
        "ended_at": visit.ended_at.0,
        "check_in": place(&visit.check_in),
        "check_out": place(&visit.check_out),
        "purpose": visit.purpose.slug(),
        "person_met": visit.person_met,
        "result": visit.result.slug(),
        "reason": visit.reason.as_ref().map_or("", |r| r.slug()),
        "next_day": visit.next_day.map_or_else(String::new, |d| d.to_string()),
        "notes": visit.notes,
    })
}
