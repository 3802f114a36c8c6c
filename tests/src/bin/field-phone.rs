//! A phone without screens as a process of its own, made to be killed: it saves and syncs, and says so in
//! a line of its output *after* it was told so itself.
//!
//! `field-phone FOLDER SERVER BOOKS SEED enrol CODE` signs in and syncs once; `… work` saves and syncs for
//! ever; `… drain` sends all that waits. Lines: `saved <record>`, `synced`, `unsynced <code>`, `done`.

use std::{path::PathBuf, process::ExitCode, rc::Rc, time::Duration};

use app::{
    platform::{clock::SystemClock, entropy::SystemEntropy, network_http::HttpNetwork},
    replica::{
        actor::Actor,
        api::{NewPhoto, NewVisit, Reply, Request},
        bell::Bell,
        host::Host,
        host_native::Folder,
    },
};
use shared::{customer::Customer, invoice::Invoice, money::Money};
use tests::{
    phone::{promise_request, receipt_request, visit_request},
    records::{self, Dice},
};

/// How often `drain` tries before it gives up, and how long it waits in between.
const TRIES: u32 = 200;
const PAUSE: Duration = Duration::from_millis(25);

type Failed = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime
        .map_err(Failed::from)
        .and_then(|r| r.block_on(run()))
    {
        Ok(()) => {
            println!("done");
            ExitCode::SUCCESS
        }
        Err(failed) => {
            eprintln!("field-phone: {failed}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Failed> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, server, books, seed, order, rest @ ..] = arguments.as_slice() else {
        return Err("FOLDER SERVER BOOKS SEED enrol|work|drain [CODE]".into());
    };
    let books: Vec<(Customer, Invoice)> = serde_json::from_slice(&std::fs::read(books)?)?;
    let host = Host {
        build: Some("tests".to_owned()),
        files: Rc::new(Folder(PathBuf::from(folder))),
        clock: Rc::new(SystemClock),
        entropy: Rc::new(SystemEntropy),
        network: Rc::new(HttpNetwork::new()),
        origin: String::new(),
    };
    let actor = Actor::open(host, Bell::default())
        .await
        .map_err(|failure| format!("{}: {}", failure.code, failure.detail))?;
    match (order.as_str(), rest) {
        ("enrol", [code]) => {
            let ask = Request::Enrol {
                server: server.clone(),
                code: code.clone(),
                label: "field-phone".to_owned(),
            };
            told(actor.call(ask).await)?;
            drain(&actor).await
        }
        ("work", _) => work(&actor, &mut Dice(seed.parse()?), &books).await,
        ("drain", _) => drain(&actor).await,
        _ => Err("enrol CODE, work or drain".into()),
    }
}

fn told(reply: Reply) -> Result<Reply, Failed> {
    match reply {
        Reply::Failed(failure) => Err(format!("{}: {}", failure.code, failure.detail).into()),
        reply => Ok(reply),
    }
}

/// Saves a record of the mix, or a few, and syncs; for ever.
async fn work(actor: &Actor, dice: &mut Dice, books: &[(Customer, Invoice)]) -> Result<(), Failed> {
    loop {
        for _ in 0..dice.between(1, 4) {
            let (customer, invoice) = dice.pick(books).clone();
            let request = next(dice, &customer, &invoice);
            if let Reply::Saved(document) = told(actor.call(request).await)? {
                println!("saved {document}");
            }
        }
        match actor.sync_now().await {
            Ok(()) => println!("synced"),
            Err(failure) => {
                println!("unsynced {failure:?}");
                tokio::time::sleep(PAUSE).await;
            }
        }
        actor.upload_now().await;
    }
}

fn next(dice: &mut Dice, customer: &Customer, invoice: &Invoice) -> Request {
    match dice.between(0, 9) {
        0..6 => match (visit_request(dice, customer), dice.between(0, 3)) {
            (Request::SaveVisit(visit), 0) => Request::SaveVisit(Box::new(NewVisit {
                photos: vec![photo(dice)],
                ..*visit
            })),
            (request, _) => request,
        },
        6 => promise_request(dice, customer, invoice),
        _ => {
            let signature = records::signature(dice, sync_server::clock::now());
            let amount = Money::from_fen(dice.between(100, 900)).unwrap_or(Money::ZERO);
            receipt_request(amount, customer, invoice, signature)
        }
    }
}

fn photo(dice: &mut Dice) -> NewPhoto {
    let bytes = (0..dice.between(500, 40_000)).map(|_| dice.draw() as u8);
    NewPhoto {
        media_type: "image/jpeg".to_owned(),
        bytes: bytes.collect(),
        caption: String::new(),
    }
}

/// Sends all that waits, records and photos.
async fn drain(actor: &Actor) -> Result<(), Failed> {
    for _ in 0..TRIES {
        let synced = actor.sync_now().await;
        actor.upload_now().await;
        if let (Ok(()), Reply::Queue(queue)) = (&synced, told(actor.call(Request::Queue).await)?)
            && queue.lines.is_empty()
        {
            println!("synced");
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err("something still waits".into())
}
