//! Nobody's phone is sent a byte of customers who are not theirs: every answer of the server, as it went
//! over HTTP to a real phone, is decoded and searched.

// A step that fails here is a test that fails.
#![allow(clippy::unwrap_used)]

use app::replica::api::{NewVisit, Request};
use shared::{
    customer::Customer,
    day::Timestamp,
    invoice::Invoice,
    people::Role,
    sync::message::SyncResponse,
    visit::{VisitPurpose, VisitResult},
};
use sync_server::{clock, store::books};
use tests::{phone::Phone, records::Dice, world::World};

/// Everything in the answers, expanded; each body must be an answer to a sync.
fn expanded(bodies: &[Vec<u8>]) -> Vec<u8> {
    let expand =
        |body: &Vec<u8>| postcard::to_stdvec(&SyncResponse::decode(body).unwrap()).unwrap();
    bodies.iter().flat_map(expand).collect()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// What gives a customer away: id, name, number; id and number of the invoice.
fn marks((customer, invoice): &(Customer, Invoice)) -> Vec<Vec<u8>> {
    vec![
        customer.id.0.as_bytes().to_vec(),
        customer.name.clone().into_bytes(),
        customer.number.clone().into_bytes(),
        invoice.id.0.as_bytes().to_vec(),
        invoice.number.clone().into_bytes(),
    ]
}

fn visit(phone: &Phone, customer: &Customer, notes: &str) {
    let Timestamp(now) = clock::now();
    phone.ask(Request::SaveVisit(Box::new(NewVisit {
        customer: customer.id,
        started_at: Timestamp(now - 60_000),
        check_in: None,
        check_out: None,
        purpose: VisitPurpose::Collect,
        person_met: String::new(),
        result: VisitResult::NobodyMet,
        reason: None,
        signs: vec![],
        next_day: None,
        related: vec![],
        notes: notes.to_owned(),
        photos: vec![],
    })));
    phone.sync();
}

#[test]
fn a_phone_is_sent_nothing_of_a_colleagues_customers_their_records_and_their_money() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new(&dir.path().join("server"));
    let (fang, lei) = (
        world.person("王芳", Role::Rep),
        world.person("李雷", Role::Rep),
    );
    let chen = world.person("陈静", Role::Supervisor);
    world.lead(&chen);
    let own = world.customers(&fang, 3, 2);
    let foreign = world.customers(&lei, 3, 2);
    let mut dice = Dice(7);

    let phone = |name: &str, world: &mut World, person| {
        let phone = Phone::enrol(&dir.path().join(name), world, person);
        phone.keep_bodies();
        phone.sync();
        phone
    };
    let her = phone("fang", &mut world, &fang);
    let his = phone("lei", &mut world, &lei);
    let boss = phone("chen", &mut world, &chen);
    // Records of every kind, by both; money, and talk about it.
    for index in 0..10 {
        his.save(
            &mut dice,
            index,
            &foreign[index % 3].0,
            &foreign[index % 3].1,
        );
        her.save(&mut dice, index, &own[index % 3].0, &own[index % 3].1);
    }
    visit(&his, &foreign[0].0, "only lei knows this");
    visit(&her, &own[0].0, "only fang knows this");
    boss.sync();
    // One of his customers becomes hers, and one of hers is taken off her: only the first may show.
    let mut given = foreign[2].0.clone();
    given.rep = Some(fang.id);
    let mut taken = own[2].0.clone();
    taken.rep = Some(lei.id);
    let now = clock::now();
    world
        .store
        .write(|tx| books::put_customer(tx, &taken, now))
        .unwrap();
    her.sync();
    let before_the_gift = her.bodies();
    world
        .store
        .write(|tx| books::put_customer(tx, &given, now))
        .unwrap();
    her.sync();
    his.sync();

    let answers = expanded(&her.bodies());
    for mark in own.iter().flat_map(marks) {
        assert!(contains(&answers, &mark), "her own customers are there");
    }
    assert!(
        marks(&foreign[2])
            .iter()
            .any(|mark| contains(&answers, mark))
    );
    for mark in foreign[..2].iter().flat_map(marks) {
        assert!(
            !contains(&answers, &mark),
            "{}",
            String::from_utf8_lossy(&mark)
        );
    }
    for mark in marks(&foreign[2]) {
        assert!(!contains(&expanded(&before_the_gift), &mark));
    }
    assert!(!contains(&answers, b"only lei knows this"));
    // What the supervisor got shows that these words do travel to whom they belong.
    boss.sync();
    let all = expanded(&boss.bodies());
    for words in ["only lei knows this", "only fang knows this"] {
        assert!(contains(&all, words.as_bytes()), "{words}");
    }
}
