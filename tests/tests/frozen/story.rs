//! What is in the frozen databases: a small company on which a few days' work has been done, and a phone on
//! which more of it waits. Played by the real phone against the real server.

use std::{fs, path::Path};

use app::replica::api::{ApprovalOf, NewDecision, NewPhoto, NewProposal, NewVisit, Reply, Request};
use rusqlite::Connection;
use shared::{
    customer::Customer,
    ids::DocumentId,
    money::Money,
    people::Role,
    proposal::{Ask, DisputeReason, ProposalKind},
    receipt::Method,
};
use tests::{
    phone::{Phone, receipt_request, visit_request},
    records::{Dice, signature},
    world::World,
};

/// Cash that counts, in yuan.
pub const CASH: u32 = 300;
/// Cash of the receipt that was voided.
pub const VOIDED: u32 = 200;
/// A transfer that is claimed and not confirmed.
pub const CLAIMED: u32 = 500;
/// Cash on the phone of which the server knows nothing yet.
pub const UNSENT: u32 = 450;
/// What the customer was invoiced.
pub const INVOICED: u32 = 20_000;
/// Name of the salesperson.
pub const REP: &str = "陈晓东";
/// The ledger's file.
pub const LEDGER: &str = "company.db";

/// Plays it, and leaves the salesperson's stores in `phone` and the ledger in `server`.
pub fn play(phone: &Path, server: &Path) {
    let scratch = tempfile::tempdir().unwrap();
    let mut world = World::new(&scratch.path().join("server"));
    let rep = world.person(REP, Role::Rep);
    let boss = world.person("周立", Role::Supervisor);
    world.lead(&boss);
    let about = world.customers(&rep, 2, 2);
    let (customer, invoice) = &about[0];
    let stores = scratch.path().join("phone");
    let handset = Phone::enrol(&stores, &mut world, &rep);
    let desk = Phone::enrol(&scratch.path().join("desk"), &mut world, &boss);
    handset.sync();

    let mut dice = Dice(11);
    let receipt = |yuan: u32, dice: &mut Dice| {
        let signed = signature(dice, sync_server::clock::now());
        receipt_request(Money::from_yuan(yuan), customer, invoice, signed)
    };
    let visit = handset.save_visit(&mut dice, customer);
    handset.sign_promise(&mut dice, customer, invoice);
    saved(&handset, receipt(CASH, &mut dice));
    let wrong = saved(&handset, receipt(VOIDED, &mut dice));
    saved(&handset, by_transfer(receipt(CLAIMED, &mut dice)));
    handset.save_visit(&mut dice, &about[1].0);
    saved(&handset, dispute(customer));
    saved(
        &handset,
        Request::RequestVoid {
            document: wrong,
            reason: "金额写错".to_owned(),
        },
    );
    handset.sync();
    desk.sync();
    approve(&desk);
    // Only a line of it is there until somebody looks.
    let _ = desk.try_ask(Request::Record(visit));
    desk.sync();
    saved(&desk, comment(visit, "明天再去"));
    desk.sync();
    handset.sync();

    saved(&handset, comment(visit, "收到"));
    saved(&handset, with_photo(&mut dice, customer));
    saved(&handset, receipt(UNSENT, &mut dice));
    drop((handset, desk));

    fs::create_dir_all(phone).unwrap();
    for entry in fs::read_dir(&stores).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_string_lossy().ends_with(".db") {
            let db = Connection::open(entry.path()).unwrap();
            let to = phone.join(entry.file_name());
            db.execute("VACUUM INTO ?1", [to.to_string_lossy()])
                .unwrap();
        }
    }
    fs::create_dir_all(server).unwrap();
    world.store.back_up(&server.join(LEDGER)).unwrap();
}

fn saved(phone: &Phone, request: Request) -> DocumentId {
    match phone.ask(request) {
        Reply::Saved(id) => id,
        other => panic!("{other:?}"),
    }
}

fn comment(document: DocumentId, text: &str) -> Request {
    Request::AddComment {
        document,
        text: text.to_owned(),
    }
}

fn by_transfer(request: Request) -> Request {
    let Request::IssueReceipt(mut new) = request else {
        panic!("not a receipt")
    };
    new.method = Method::WeChat {
        reference: "4200001".to_owned(),
    };
    Request::IssueReceipt(new)
}

fn with_photo(dice: &mut Dice, customer: &Customer) -> Request {
    let Request::SaveVisit(visit) = visit_request(dice, customer) else {
        panic!("not a visit")
    };
    Request::SaveVisit(Box::new(NewVisit {
        photos: vec![NewPhoto {
            media_type: "image/jpeg".to_owned(),
            bytes: vec![7; 900],
            caption: "店面".to_owned(),
        }],
        ..*visit
    }))
}

fn dispute(customer: &Customer) -> Request {
    Request::Propose(Box::new(NewProposal {
        customer: customer.id,
        ask: Ask {
            what: ProposalKind::Dispute,
            reason: Some(DisputeReason::Quantity),
            amount: Money::from_yuan(90),
            words: "少两箱".to_owned(),
            ..Ask::default()
        },
        photos: vec![],
    }))
}

fn approve(desk: &Phone) {
    let Reply::Approvals(waiting) = desk.ask(Request::Approvals) else {
        panic!("no approvals")
    };
    for asked in waiting {
        let (document, note) = (asked.document, "重开".to_owned());
        let decision = match asked.what {
            ApprovalOf::Void { request, .. } => Request::DecideVoid {
                document,
                request,
                approve: true,
                note,
            },
            ApprovalOf::Proposal { .. } => Request::DecideProposal(NewDecision {
                document,
                approve: true,
                amount: None,
                note,
            }),
        };
        saved(desk, decision);
    }
}
