//! Our clients. The one makes records in memory, as the peers' clients do, and pushes them in signed
//! batches; the other is the replica of the app on disk, as it runs natively on a phone.

use std::{
    io::{BufRead, Write},
    path::Path,
};

use serde_json::{Value, json};
use shared::document::NewChange;
use tests::{
    device::{Device, Http},
    phone::Phone,
    records::Dice,
};

use crate::company::Company;

/// Answers the bench's commands until there are no more.
fn serve(mut obey: impl FnMut(&Value) -> Value) {
    say(&json!({"ready": 0}));
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let command: Value = serde_json::from_str(&line).unwrap();
        let mut answer = obey(&command);
        answer["ok"] = json!(true);
        say(&answer);
    }
}

fn say(message: &Value) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{message}").unwrap();
    out.flush().unwrap();
}

fn company(setup: &str) -> Company {
    serde_json::from_slice(&std::fs::read(setup).unwrap()).unwrap()
}

fn count(command: &Value) -> usize {
    command["count"].as_u64().unwrap_or(1) as usize
}

/// The client in memory; `how` is `visits` or `mix`. It takes in what is there when it connects, as a phone
/// has before somebody works with it.
pub fn run(how: &str, setup: &str, address: &str) {
    let company = company(setup);
    let http = Http::new(&format!("http://{address}"));
    let mut device = Device::new((company.author(), company.token.clone()));
    http.exchange(&mut device, &[]);
    let (mut dice, mut made) = (Dice(7), 0);
    serve(|command| match command["do"].as_str() {
        Some("push" | "add") => {
            let places = made..made + count(command);
            made = places.end;
            let changes: Vec<NewChange> = places
                .map(|at| company.record(&mut device.author, &mut dice, at, how == "mix"))
                .collect();
            http.exchange(&mut device, &changes);
            json!({"ids": []})
        }
        _ => json!({}),
    });
}

/// The phone; `how` is `new` (nothing has come yet) or `synced` (it has its customers).
pub fn run_phone(how: &str, setup: &str, address: &str) {
    let company = company(setup);
    let folder = Path::new(setup).with_file_name("phone");
    let phone = Phone::sign_in(&folder, &format!("http://{address}"), &company.code);
    if how == "synced" {
        phone.sync();
    }
    let mut dice = Dice(23);
    let mut made = 0;
    serve(|command| {
        match command["do"].as_str() {
            Some("push") => {
                for at in 0..count(command) {
                    phone.save_visit(&mut dice, company.customer(at));
                }
                phone.sync();
            }
            Some("make") => {
                phone.save_visit(&mut dice, company.customer(made));
                made += 1;
            }
            Some("first" | "get" | "back") => phone.sync(),
            Some("check") => {
                let expected = command["visits"].as_u64().unwrap();
                assert_eq!(u64::from(phone.visits()), expected, "every visit has come");
            }
            _ => {}
        }
        json!({})
    });
}
