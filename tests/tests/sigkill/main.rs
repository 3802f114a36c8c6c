//! Real processes killed with SIGKILL at random moments, phones and server: what a person was told was
//! saved is on the phone, what they were told was synced is in the ledger, once, and in the end both
//! sides hold the same.
//!
//! `HUIKUAN_KILL_ROUNDS` sets how many kills (30), `HUIKUAN_KILL_SEED` the seed of their moments (drawn
//! and printed if it is not given). `make kill-rounds` runs a thousand and writes
//! `target/kill-rounds.json`.

// A step that fails here is a test that fails.
#![allow(clippy::unwrap_used)]

mod company;

use std::time::Duration;

use tests::{records::Dice, workspace};

use company::{Company, PHONES};

/// Kills after which a new company begins, so that stores stay small and checks quick.
const ROUNDS_A_COMPANY: u64 = 50;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// What came of it all.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
struct Tally {
    seed: u64,
    rounds: u64,
    phone_kills: u64,
    server_kills: u64,
    saved: u64,
    synced: u64,
    /// Records that were said to be saved or synced and were not there. The test fails at the first.
    lost: u64,
}

#[test]
fn killed_processes_lose_and_double_nothing_that_people_were_told_is_safe() {
    let asked = number("HUIKUAN_KILL_ROUNDS");
    let rounds = asked.unwrap_or(30);
    let seed = number("HUIKUAN_KILL_SEED")
        .unwrap_or_else(|| sync_server::clock::now().0.unsigned_abs() % 1_000_000);
    println!("seed {seed}, {rounds} rounds");
    let mut dice = Dice(seed);
    let mut tally = Tally {
        seed,
        ..Tally::default()
    };
    while tally.rounds < rounds {
        let until = rounds.min(tally.rounds + ROUNDS_A_COMPANY);
        one_company(&mut dice, until, &mut tally);
        println!("{tally:?}");
    }
    if asked.is_some() {
        let folder = workspace().join("target");
        std::fs::create_dir_all(&folder).unwrap();
        let text = serde_json::to_vec_pretty(&tally).unwrap();
        std::fs::write(folder.join("kill-rounds.json"), text).unwrap();
    }
}

fn one_company(dice: &mut Dice, until: u64, tally: &mut Tally) {
    let mut company = Company::begin(dice.draw());
    company.work();
    while tally.rounds < until {
        // Often in the middle of work, at times while starting.
        let longest = if dice.between(0, 3) == 0 { 30 } else { 250 };
        let pause = dice.between(0, longest).unsigned_abs();
        std::thread::sleep(Duration::from_millis(pause));
        let why = format!("seed {} round {}", tally.seed, tally.rounds);
        let victim = dice.between(0, 3);
        if victim >= 2 {
            company.kill_server(&why);
            tally.server_kills += 1;
        }
        if victim != 2 {
            let phone = dice.between(0, PHONES as i64 - 1) as usize;
            company.kill_phone(phone, &why);
            tally.phone_kills += 1;
        }
        company.work();
        tally.rounds += 1;
    }
    let (saved, synced) = company.end(&format!("seed {} round {}", tally.seed, tally.rounds));
    tally.saved += saved;
    tally.synced += synced;
}
