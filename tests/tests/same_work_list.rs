//! One work list: what the server makes out for a salesperson is what their own phone shows, once it is synced. (What a
//! phone has not sent yet, it goes by alone: that is the one difference, and it ends with the next sync.)
#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

use shared::{
    day::Day,
    ids::{CommandId, PersonId},
    ledger::{
        case::{Delivery, Way},
        command::{Body, Command},
    },
    money::Money,
    people::{Person, Role},
    policy::{told::Told, work_list::Why},
};
use sync_server::{
    api::{
        collection::{ReasonView, WorkListView},
        team::TeamView,
    },
    clock, demo,
    store::{Store, StoreError, books, company, curve, desk, people, scope, settings},
};
use tests::{device::Http, phone::Phone, records::Dice, world::World};
use uuid::Uuid;

/// A line as both sides tell it.
type Line = (String, Money, Money, Vec<Why>);

fn why(told: &ReasonView) -> Why {
    let told = Told {
        code: told.code.clone(),
        days: told.days,
        amount: told.amount.as_ref().map(|amount| amount.parse().unwrap()),
        count: told.count,
        what: told.what.clone(),
    };
    told.why().unwrap()
}

fn on_phone(phone: &Phone) -> (Day, Vec<Line>) {
    let today = phone.today();
    let items = today.items.into_iter();
    let line = items.map(|i| (i.customer.to_string(), i.outstanding, i.overdue, i.why));
    (today.today, line.collect())
}

fn on_server(http: &Http, token: &str, person: &Person) -> (Day, Vec<Line>) {
    let path = format!("/v1/desk/work-list?person={}", person.id);
    let list: WorkListView = serde_json::from_slice(&http.get(token, &path)).unwrap();
    let sum = |text: &str| -> Money { text.parse().unwrap() };
    let lines = list.items.into_iter().map(|item| {
        let reasons = item.reasons.iter().map(why).collect();
        let (outstanding, overdue) = (sum(&item.outstanding), sum(&item.overdue));
        (item.customer, outstanding, overdue, reasons)
    });
    (list.day.parse().unwrap(), lines.collect())
}

/// Compares line by line, so that the first difference is what is shown. The day may turn meanwhile: then once more.
fn compare(http: &Http, token: &str, person: &Person, phone: &Phone) {
    let (mut here, mut there) = (on_phone(phone), on_server(http, token, person));
    if here.0 != there.0 {
        (here, there) = (on_phone(phone), on_server(http, token, person));
    }
    assert_eq!(here.0, there.0);
    for (at, (here, there)) in here.1.iter().zip(&there.1).enumerate() {
        assert_eq!(here, there, "{}: line {at}", person.name);
    }
    assert_eq!(here.1.len(), there.1.len(), "{}", person.name);
    assert!(here.1.len() >= 12, "{}", person.name);
}

/// A synced phone and the server agree from the beginning, and after a day's work that the server knows of.
#[test]
fn a_synced_phone_and_the_server_make_out_the_same_list_in_the_same_order_for_the_same_reasons() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    demo::fill(&store, demo::SEED, clock::now(), &mut |_| {}).unwrap();
    curve::renew(&store).unwrap();
    let own = store.read(company::get).unwrap().unwrap();
    assert!(
        !own.own_curve.is_empty(),
        "debts enough for a curve of its own"
    );
    assert_ne!(own.rules(), own.policy);
    let mut world = World::over(store);
    let everybody = world.store.read(people::all).unwrap();
    let clerk = everybody.iter().find(|p| p.role == Role::Finance).unwrap();
    let (_, token) = world.author(clerk);
    let http = Http::new(&world.url());
    letters_go_out(&world, clerk.id);
    let reps: Vec<&Person> = everybody.iter().filter(|p| p.role == Role::Rep).collect();
    let mut dice = Dice(7);
    for rep in reps.iter().take(3) {
        let folder = tempfile::tempdir().unwrap();
        let phone = Phone::enrol(folder.path(), &mut world, rep);
        phone.sync();
        compare(&http, &token, rep, &phone);
        let (_, before) = on_phone(&phone);
        for (index, (customer, ..)) in before.iter().take(10).enumerate() {
            let id = customer.parse().unwrap();
            let found = world.store.read(|conn| books::customer(conn, id)).unwrap();
            let invoices = world
                .store
                .read(|conn| books::invoices_of(conn, id))
                .unwrap();
            let Some(open) = invoices.iter().find(|i| i.invoice.amount != i.settled) else {
                continue;
            };
            phone.save(&mut dice, index, &found.unwrap(), &open.invoice);
        }
        phone.sync();
        let (_, after) = on_phone(&phone);
        assert_ne!(before, after, "the day's work is in the list");
        compare(&http, &token, rep, &phone);
        team_agrees(&http, &token, rep, &phone);
    }
    // Nothing was left out for want of a customer.
    let seen = world
        .store
        .read(|conn| scope::count(conn, reps[0].id))
        .unwrap();
    assert_eq!(seen, 50);
    assert!(world.store.read(company::get).unwrap().is_some());
}

/// Finance writes to customers who are late: to every second the first letter, to every fourth the second, too; and the
/// company takes other figures than the seeds'.
fn letters_go_out(world: &World, clerk: PersonId) {
    let (now, store) = (clock::now(), &world.store);
    let names = store.read(books::customer_names).unwrap();
    let customers = names.into_keys();
    let order = settings::Order {
        id: CommandId(Uuid::from_u128(5_000)),
        person: clerk,
        reason: "试行".to_owned(),
        revision: 0,
        values: [
            ("handover_days", 75),
            ("alarm_reminders", 2),
            ("dunning_2", 25),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into(),
    };
    store
        .write(|tx| -> Result<_, StoreError> {
            let today = tx.today()?;
            for (at, customer) in (0u128..).zip(customers) {
                let letters = [at % 2 == 0, at % 4 == 0];
                for (letter, _) in (1u8..).zip(letters).filter(|(_, goes)| *goes) {
                    let delivery = Delivery {
                        sent: today.plus_days(-1),
                        way: Way::Post,
                        received: None,
                        received_by: String::new(),
                        tracking: String::new(),
                    };
                    let command = Command {
                        id: CommandId(Uuid::from_u128(6_000 + at * 2 + u128::from(letter))),
                        person: clerk,
                        at: now,
                        day: today,
                        reason: "按催收阶段发函".to_owned(),
                        body: Body::LetterSent {
                            customer,
                            letter,
                            delivery,
                        },
                    };
                    desk::take(tx, &command)?;
                }
            }
            settings::change(tx, &order)
        })
        .unwrap();
}

/// The month's way to zero is the phone's, too.
fn team_agrees(http: &Http, token: &str, rep: &Person, phone: &Phone) {
    let team: TeamView = serde_json::from_slice(&http.get(token, "/v1/desk/team")).unwrap();
    let line = team.people.iter().find(|p| p.person == rep.id.to_string());
    let (line, today) = (line.unwrap(), phone.today());
    assert_eq!(line.to_zero, today.to_zero.to_string(), "{}", rep.name);
    assert_eq!(line.paid_permille, today.paid_permille, "{}", rep.name);
}
