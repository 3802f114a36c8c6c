//! The central ledger: how fast it is made anew from its facts, and how fast the desk's and the phone's lists are
//! made of it.
//!
//! - `ledger_rebuild_postings_per_s`: postings of the demo company's year (`tests::year`: 250 working days) a second, on
//!   one core, when all its facts are put into an empty ledger once more: decided, posted, chained. Median of
//!   [`REBUILT`]; `ledger_rebuild_postings`: how many there are.
//! - `balances_100000_invoices_ms`, `aging_100000_invoices_ms`: the real server's answers to finance, over HTTP on
//!   the loopback, in a company with [`CUSTOMERS`] customers, 100,000 invoices of 14 months and a payment for three
//!   of five of them: the balances of all accounts; the aging by customer. Medians of [`ASKED`].
//! - `desk_work_list_2000_customers_ms`, `desk_team_2000_customers_ms`, `desk_credit_2000_customers_ms`: the same
//!   server's answers about one salesperson who has all these customers: the work list, the team's month, the credit
//!   ratings that are proposed. Medians of [`ASKED`].
//! - `work_list_2000_customers_ms`: a day's work list of that many customers with five open invoices each, every
//!   fourth with a promise in instalments; the code of the phone, built natively. Median of [`ASKED`].

use std::time::Instant;

use shared::{
    day::Day,
    ids::{CustomerId, DocumentId, InvoiceId, PaymentId, PersonId},
    invoice::{Invoice, Payment},
    money::Money,
    people::Role,
    policy::{
        Settings,
        work_list::{AccountFacts, InstalmentFacts, InvoiceFacts, PromiseFacts, work_list},
    },
    promise::PromiseState,
    visit::UnpaidReason,
};
use sync_server::{
    clock,
    store::{StoreError, books},
};
use tests::{
    device::Http,
    records::{self, Dice},
    world::World,
    year::{Config, play},
};
use uuid::Uuid;

use crate::{Figures, median, ms, scratch};

const CUSTOMERS: u32 = 2_000;
const INVOICES_EACH: usize = 50;
const ASKED: usize = 31;
const REBUILT: usize = 9;
/// Seed of the year.
const YEAR: u64 = 20_260_105;
/// The accounts of a work list.
const ACCOUNTS: usize = 2_000;

pub fn run(figures: &mut Figures) {
    rebuild(figures);
    lists_of_the_desk(figures);
    list_of_a_day(figures);
}

fn rebuild(figures: &mut Figures) {
    let folder = scratch();
    let config = Config {
        is_stored: false,
        ..Config::of_a_year(YEAR)
    };
    let played = play(config, folder.path(), &mut |_| {}).unwrap();
    let postings = played.figures.postings as f64;
    let mut rates = Vec::new();
    for _ in 0..REBUILT {
        let begun = Instant::now();
        let book = played.rebuild().unwrap();
        rates.push(postings / begun.elapsed().as_secs_f64());
        assert_eq!(book.entries().len(), played.figures.entries);
    }
    figures.add("ledger_rebuild_postings_per_s", median(rates), "1/s");
    figures.add("ledger_rebuild_postings", postings, "1");
}

fn today() -> Day {
    Day::of(clock::now(), shared::day::CHINA_OFFSET_MINUTES)
}

fn lists_of_the_desk(figures: &mut Figures) {
    let folder = scratch();
    let world = company(&folder.path().join("server"));
    let http = Http::new(&world.0.url());
    let work_list = format!("/v1/desk/work-list?person={}", world.2);
    for (name, path) in [
        ("balances_100000_invoices_ms", "/v1/ledger/accounts"),
        ("aging_100000_invoices_ms", "/v1/desk/aging?by=customer"),
        ("desk_work_list_2000_customers_ms", work_list.as_str()),
        ("desk_team_2000_customers_ms", "/v1/desk/team"),
        ("desk_credit_2000_customers_ms", "/v1/desk/credit"),
    ] {
        let mut times = Vec::new();
        for _ in 0..ASKED {
            let begun = Instant::now();
            let answer = http.get(&world.1, path);
            times.push(ms(begun));
            assert!(answer.len() > 100, "{path} says something");
        }
        figures.add(name, median(times), "ms");
    }
}

/// A served company with 100,000 invoices, the token of its finance clerk, and the salesperson who has all customers.
fn company(folder: &std::path::Path) -> (World, String, PersonId) {
    let mut world = World::new(folder);
    let rep = world.person("陈晓东", Role::Rep);
    let clerk = world.person("刘敏", Role::Finance);
    let about = world.customers(&rep, CUSTOMERS, 0);
    let mut dice = Dice(7);
    let mut number = 0;
    for some in about.chunks(100) {
        let put = |tx: &mut sync_server::store::WriteTx<'_>| {
            for (customer, _) in some {
                for _ in 0..INVOICES_EACH {
                    number += 1;
                    let invoice = an_invoice(&mut dice, customer.id, number);
                    let at = clock::now();
                    books::put_invoice(tx, &invoice, at)?;
                    if dice.between(0, 4) < 3 {
                        books::put_payment(tx, &its_payment(&mut dice, &invoice), at)?;
                    }
                }
            }
            Ok::<_, StoreError>(())
        };
        world.store.write(put).unwrap();
    }
    let (_, token) = world.author(&clerk);
    (world, token, rep.id)
}

fn an_invoice(dice: &mut Dice, customer: CustomerId, number: u32) -> Invoice {
    let issued = today().plus_days(-dice.between(1, 420));
    Invoice {
        id: records::invoice_id(dice),
        customer,
        number: format!("FP-{number:08}"),
        issued,
        due: issued.plus_days(*dice.pick(&[30, 45, 60, 90])),
        amount: records::sum(dice),
    }
}

/// Two of three pay in full.
fn its_payment(dice: &mut Dice, invoice: &Invoice) -> Payment {
    let parts = invoice.amount.split(3);
    let part = parts.first().copied().unwrap_or(invoice.amount);
    Payment {
        id: PaymentId(Uuid::from_u128(u128::from(dice.draw()))),
        customer: invoice.customer,
        number: format!("SK-{}", invoice.number),
        day: today().plus_days(-dice.between(0, 60)),
        amount: match dice.between(0, 2) {
            0 => part,
            _ => invoice.amount,
        },
        invoice: Some(invoice.id),
    }
}

fn list_of_a_day(figures: &mut Figures) {
    let mut dice = Dice(11);
    let accounts: Vec<AccountFacts> = (0..ACCOUNTS).map(|_| an_account(&mut dice)).collect();
    let settings = Settings::default();
    let mut times = Vec::new();
    for _ in 0..ASKED {
        let begun = Instant::now();
        let list = work_list(&accounts, today(), &settings).unwrap();
        times.push(ms(begun));
        assert!(list.len() > ACCOUNTS / 2, "most have a reason to go");
    }
    figures.add("work_list_2000_customers_ms", median(times), "ms");
}

fn an_account(dice: &mut Dice) -> AccountFacts {
    let id = |dice: &mut Dice| Uuid::from_u128(u128::from(dice.draw()));
    let mut account = AccountFacts::new(CustomerId(id(dice)));
    for _ in 0..5 {
        let issued = today().plus_days(-dice.between(1, 200));
        account.invoices.push(InvoiceFacts {
            invoice: InvoiceId(id(dice)),
            issued,
            due: issued.plus_days(30),
            outstanding: records::sum(dice),
        });
    }
    if dice.between(0, 3) == 0 {
        account.promises.push(a_promise(dice));
    }
    account.last_visit = Some(today().plus_days(-dice.between(1, 40)));
    account.appointment = (dice.between(0, 4) == 0).then(|| today().plus_days(dice.between(-2, 9)));
    account.reason = Some(*dice.pick(UnpaidReason::ALL));
    account.no_result = dice.between(0, 4) as u32;
    account
}

fn a_promise(dice: &mut Dice) -> PromiseFacts {
    let mut document = [0; 32];
    document[..8].copy_from_slice(&dice.draw().to_be_bytes());
    let from = today().plus_days(-dice.between(0, 30));
    let total = records::sum(dice);
    let instalments = total.split(3).into_iter().zip([7, 21, 35]);
    PromiseFacts {
        promise: DocumentId(document),
        state: PromiseState::Pending,
        instalments: instalments
            .map(|(amount, days)| InstalmentFacts {
                due: from.plus_days(days),
                amount,
                paid: Money::ZERO,
                state: PromiseState::Pending,
            })
            .collect(),
        invoices: Vec::new(),
    }
}
