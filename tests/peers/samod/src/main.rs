//! samod as a sync server on files and as a client in memory, over TCP, for `make bench-peers`.
//!
//! Speaks the lines of `tests/peers/line.mjs` with the bench: `samod-peer server FOLDER` and
//! `samod-peer client HOST:PORT`. A document a record; what never changes is a scalar, the notes are text.
//! Files are written without fsync; the bench syncs the folder itself.

mod client;
mod server;

use std::{
    error::Error,
    io::{BufRead, Write},
};

use serde_json::{Value, json};

/// What may go wrong in a step; the bench shows it.
pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Writes a line to the bench.
pub fn say(message: &Value) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{message}").and_then(|()| out.flush());
}

/// Answers a command with what came of it.
pub fn reply(result: Result<Value>) {
    match result {
        Ok(mut answer) => {
            answer["ok"] = json!(true);
            say(&answer);
        }
        Err(error) => say(&json!({"ok": false, "error": error.to_string()})),
    }
}

/// The commands as they come; ends with the input.
pub fn commands() -> tokio::sync::mpsc::UnboundedReceiver<Value> {
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin()
            .lock()
            .lines()
            .map_while(std::io::Result::ok)
        {
            let Ok(command) = serde_json::from_str(&line) else {
                break;
            };
            if sender.send(command).is_err() {
                break;
            }
        }
    });
    receiver
}

/// The number under this name.
pub fn number(command: &Value, name: &str) -> usize {
    command[name].as_u64().unwrap_or_default() as usize
}

#[tokio::main]
async fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["server", folder] => server::run(folder).await,
        ["client", address] => client::run(address).await,
        _ => Err("samod-peer server FOLDER | samod-peer client HOST:PORT".into()),
    }
}
