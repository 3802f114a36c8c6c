//! The phone's replica stopped at every write and flush of a salesperson's day.

use tests::line::Line;

use crate::support::*;

const DAY: [Act; 8] = [
    Act::Enrol,
    Act::Sync,
    Act::Visit,
    Act::Promise,
    Act::Receipt,
    Act::Sync,
    Act::Comment,
    Act::Void,
];

fn stopped_everywhere_in(index: usize) {
    let company = Company::new();
    let before = Scene::after(&company, &DAY[..index]);
    let after = Scene::after(&company, &DAY[..=index]);
    let act = DAY[index];
    let states = [&before, &after].map(|scene| {
        let books = examine_phone(&scene.disks(0).0, "a good disk");
        books.unwrap_or_default()
    });
    at_every_moment(|step, crash, close| {
        let why = format!("{act:?} {crash:?} at {step}");
        let (phone, server) = before.disks(step);
        let line = Line::to(open_server(&server).unwrap());
        phone.set_faults(crash_at(step, crash));
        let mut told = before.told.clone();
        let handset = Handset::open(&phone, &line);
        if let Ok(handset) = &handset {
            // The stop is what is looked for; all else that fails shows afterwards.
            let _ = handset.act(&company, act, &mut told);
        }
        let open = handset.ok().filter(|_| !close);
        stop_and_start(&phone, crash);
        drop(open);
        if let (Some(books), false) = (examine_phone(&phone, &why), act == Act::Enrol) {
            assert!(
                books.documents.is_superset(&told.documents()),
                "{why}: lost"
            );
            let [before, after] = states.each_ref().map(Books::counts);
            let counts = books.counts();
            let whole = counts == after || (counts == before && !was_told(&told, act));
            assert!(whole || act == Act::Sync, "{why}: half done");
        }
        goes_on((&phone, &server), &line, &company, &told, act, &why);
        phone
    });
}

macro_rules! at_every_step_of {
    ($($name:ident: $index:expr;)+) => {
        $(#[test]
        fn $name() {
            stopped_everywhere_in($index);
        })+
    };
}

at_every_step_of! {
    a_phone_stopped_anywhere_while_signing_in_can_sign_in: 0;
    a_phone_stopped_anywhere_in_its_first_sync_completes_it: 1;
    a_phone_stopped_anywhere_while_saving_a_visit_has_what_it_said_was_saved: 2;
    a_phone_stopped_anywhere_while_signing_a_promise_has_what_it_said_was_saved: 3;
    a_phone_stopped_anywhere_while_issuing_a_receipt_has_what_it_said_was_saved: 4;
    a_phone_stopped_anywhere_while_sending_and_taking_in_a_page_loses_and_doubles_nothing: 5;
    a_phone_stopped_anywhere_while_adding_to_a_record_has_what_it_said_was_saved: 6;
    a_phone_stopped_anywhere_while_asking_for_a_void_has_what_it_said_was_saved: 7;
}
