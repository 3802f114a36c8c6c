//! `demo` and `run-demo`: the generated company.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use clap::Args;
use shared::people::{Person, Role};

use super::{CliError, ListenArgs, link, serve};
use crate::{
    clock,
    demo::{self, Step},
    serve::Options,
    store::{Store, company, people},
};

#[derive(Args, Debug)]
pub(super) struct DemoArgs {
    /// Another seed gives another company
    #[arg(long, default_value_t = demo::SEED)]
    seed: u64,
}

#[derive(Args, Debug)]
pub(super) struct RunDemoArgs {
    #[command(flatten)]
    listen: ListenArgs,
    /// Another seed gives another company
    #[arg(long, default_value_t = demo::SEED)]
    seed: u64,
}

pub(super) fn run(data: &Path, args: &DemoArgs) -> Result<(), CliError> {
    let store = Store::open(data)?;
    fill(&store, args.seed)
}

fn fill(store: &Store, seed: u64) -> Result<(), CliError> {
    let begun = Instant::now();
    println!("Making the demo company {}:", demo::COMPANY_NAME);
    demo::fill(store, seed, clock::now(), &mut |step| {
        say(step, begun.elapsed())
    })?;
    println!("  done after {} s", begun.elapsed().as_secs());
    Ok(())
}

fn say(step: Step, elapsed: Duration) {
    let what = match step {
        Step::Planning => "planning".to_owned(),
        Step::Customers(n) => format!("{n} customers"),
        Step::Invoices(n) => format!("{n} invoices"),
        Step::Payments(n) => format!("{n} payments"),
        Step::Calls(n) => format!("{n} visits with their promises and receipts"),
        Step::Settling => "balances and promise states".to_owned(),
    };
    println!("  {:>3} s  {what} …", elapsed.as_secs());
}

/// Fills an empty folder, prints sign-in links, serves.
pub(super) fn run_and_serve(data: &Path, args: RunDemoArgs) -> Result<(), CliError> {
    // The port first, so that nothing is made when it is taken.
    let listener = crate::serve::listen(args.listen.host, args.listen.port)?;
    let store = Store::open(data)?;
    match store.read(company::get)? {
        None => fill(&store, args.seed)?,
        Some(company) if company.demo => println!("{} is there already.", company.name),
        Some(_) => return Err(CliError::NotDemo(data.to_owned())),
    }
    let port = listener.local_addr().map_or(args.listen.port, |a| a.port());
    let url = format!("http://localhost:{port}");
    println!(
        "\nHuikuan runs at {url}   (Ctrl-C stops it, the data stays in {})",
        data.display()
    );
    for (role, title) in [
        (Role::Rep, "salesperson"),
        (Role::Supervisor, "supervisor"),
        (Role::Finance, "finance"),
    ] {
        if let Some(person) = somebody(&store, role)? {
            let link = link::make(&store, person.id, &url)?;
            println!("  {title:<12} {}  {}", link.link, person.name);
        }
    }
    println!("Each link signs one browser in within 15 minutes; start again for new ones.\n");
    let options = Options {
        web: args.listen.web,
        ..Options::default()
    };
    serve::serve_until_stopped(store, listener, options)
}

/// The person to show: the first of the role who has most to see.
fn somebody(store: &Store, role: Role) -> Result<Option<Person>, CliError> {
    store.read(|conn| {
        let mut best: Option<(u64, Person)> = None;
        for person in people::all(conn)?
            .into_iter()
            .filter(|p| p.active && p.role == role)
        {
            let seen = crate::store::scope::count(conn, person.id)?;
            if best.as_ref().is_none_or(|(most, _)| seen > *most) {
                best = Some((seen, person));
            }
        }
        Ok(best.map(|(_, person)| person))
    })
}
