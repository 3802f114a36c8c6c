//! What a device gets that begins, or into whose scope a customer comes: open matters whole, closed ones
//! as lists show them, old ones when asked for.
#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

mod support;

use std::collections::BTreeSet;

use shared::{
    day::Timestamp,
    document::{NewChange, edit::Edit},
    evidence::Comment,
    ids::*,
    receipt::Method,
    sync::{
        limits,
        message::{DigestItem, Entry, FetchOutcome, Fetched, Item, Want},
    },
};
use support::*;
use sync_server::store::{StoreError, books, company, people};
use uuid::Uuid;

const DAY_MS: i64 = 24 * 3_600_000;

fn digest_of(entries: &[Entry], document: DocumentId) -> Option<&DigestItem> {
    entries.iter().find_map(|e| match &e.item {
        Item::Digest(digest) if digest.document == document => Some(digest.as_ref()),
        _ => None,
    })
}

fn transfer(phone: &mut Phone, customer: CustomerId, invoice: InvoiceId) -> NewChange {
    let mut core = phone.receipt_core(customer, "90", &[(invoice, "90")]);
    core.method = Method::Transfer {
        reference: "77".into(),
    };
    phone.seal(&core)
}

fn comment(phone: &Phone, of: &NewChange, n: u128) -> NewChange {
    let comment = Comment {
        id: ElementId(Uuid::from_u128(n)),
        author: phone.device.person.id,
        at: now(),
        text: format!("第{n}条"),
    };
    phone.edit(&[&of.bytes], &Edit::Comment(comment))
}

#[test]
fn a_new_phone_gets_open_matters_whole_and_closed_ones_as_lists_show_them() {
    let company = Company::new();
    let (customer, invoice) = (company.customers[0], company.invoices[0]);
    let mut old = company.phone(company.rep_a, 1);
    let visit = old.visit(customer);
    let said = comment(&old, &visit, 1);
    let promise = old.promise(customer, "2026-12-20", "600");
    let cash = old.receipt(customer, "100", &[(invoice, "100")]);
    let transfer = transfer(&mut old, customer, invoice);
    let all = [
        visit.clone(),
        said,
        promise.clone(),
        cash.clone(),
        transfer.clone(),
    ];
    assert!(acked(&old.push(&all).answers));

    let mut new = company.phone(company.rep_a, 9);
    let entries = new.pull();
    assert_eq!(changes(&entries), [promise.document, transfer.document]);
    assert_eq!(digests(&entries), [visit.document, cash.document]);
    let digest = digest_of(&entries, visit.document).unwrap();
    assert_eq!(digest.changes, 2, "with the comment");
    assert_eq!(new.pull(), []);
    assert_eq!(new.cursor.part, 0);
    // What comes after that comes whole.
    let next = old.visit(customer);
    old.push(std::slice::from_ref(&next));
    assert_eq!(changes(&new.pull()), [next.document]);
    // A store of the very device that made them, begun anew, gets its own records whole.
    old.cursor = Default::default();
    let own: BTreeSet<DocumentId> = changes(&old.pull()).into_iter().collect();
    assert_eq!(own.len(), 5);
}

#[test]
fn closed_matters_beyond_the_setting_stay_away_except_the_last_visit() {
    let company = Company::new();
    let customer = company.customers[0];
    let mut old = company.phone(company.rep_a, 1);
    let visits: Vec<NewChange> = (0..3).map(|_| old.visit(customer)).collect();
    let promise = old.promise(customer, "2026-12-20", "600");
    let cash = old.receipt(customer, "100", &[(company.invoices[0], "100")]);
    old.push(&visits);
    old.push(&[promise.clone(), cash.clone()]);
    let later = now().plus_ms(200 * DAY_MS);
    let mut new = company.phone(company.rep_a, 9);
    new.clock = later;
    let entries = new.pull();
    assert_eq!(changes(&entries), [promise.document]);
    assert_eq!(digests(&entries), [visits[2].document]);

    company
        .store
        .write_at(later, |tx| company::set_history_days(tx, 400))
        .unwrap();
    let mut other = company.phone(company.rep_a, 10);
    other.clock = later;
    assert_eq!(digests(&other.pull()).len(), 4);
    // A word said lately brings an old record back.
    company
        .store
        .write_at(later, |tx| company::set_history_days(tx, 180))
        .unwrap();
    old.clock = later;
    let said = comment(&old, &visits[0], 1);
    assert!(acked(&old.push(&[said]).answers));
    let mut third = company.phone(company.rep_a, 11);
    third.clock = later;
    let found = digests(&third.pull());
    assert!(found.contains(&visits[0].document), "{found:?}");
}

#[test]
fn a_beginning_in_pages_brings_everything_once_though_the_log_grows_meanwhile() {
    let company = Company::new();
    let put = |from: u128, to: u128| {
        company
            .store
            .write_at(now(), |tx| -> Result<(), StoreError> {
                for n in from..to {
                    let customer = company.customers[usize::try_from(n % 2).unwrap()];
                    books::put_invoice(tx, &invoice(10_000 + n, customer, "10"), now())?;
                }
                Ok(())
            })
            .unwrap();
    };
    put(0, 4_500);
    let mut phone = company.phone(company.rep_a, 1);
    let mut author = company.phone(company.rep_a, 2);
    let (mut entries, mut made, mut pages) = (Vec::new(), Vec::new(), 0);
    loop {
        let request = phone.request(&[]);
        let response = phone.send(&request).unwrap();
        assert!(response.entries.len() <= limits::ENTRIES_PER_PAGE);
        entries.extend(response.entries);
        pages += 1;
        if !response.more {
            break;
        }
        let visit = author.visit(company.customers[0]);
        author.push(std::slice::from_ref(&visit));
        made.push(visit.document);
        if pages == 1 {
            // An early row moves behind the head at which the phone began; a customer leaves.
            put(0, 10);
            company
                .store
                .write_at(now(), |tx| {
                    people::assign(tx, company.customers[1], Some(company.rep_b), now())
                })
                .unwrap();
        }
    }
    assert!(pages >= 2, "{pages}");
    assert_eq!(changes(&entries), made, "made meanwhile: whole");
    let enters = |e: &&Entry| matches!(e.item, Item::Enter(_));
    assert_eq!(
        entries.iter().take_while(enters).count(),
        2,
        "before all else"
    );
    let leave = entries.iter().filter(|e| matches!(e.item, Item::Leave(_)));
    assert_eq!(leave.count(), 1);
    let invoices: Vec<InvoiceId> = rows(&entries)
        .iter()
        .filter_map(|row| match row {
            shared::sync::message::Row::Invoice(row) => Some(row.invoice.id),
            _ => None,
        })
        .collect();
    let of_first: BTreeSet<InvoiceId> = (0..4_500u128)
        .filter(|n| n % 2 == 0)
        .map(|n| invoice(10_000 + n, company.customers[0], "10").id)
        .collect();
    assert!(of_first.is_subset(&invoices.iter().copied().collect()));
    assert_eq!(phone.pull(), []);
}

fn want(phone: &mut Phone, wants: &[Want]) -> (Vec<Fetched>, Vec<Entry>) {
    let mut request = phone.request(&[]);
    request.wants = wants.to_vec();
    let response = phone.send(&request).unwrap();
    (response.fetched, response.fetched_entries)
}

#[test]
fn a_wanted_document_comes_with_all_its_changes() {
    let company = Company::new();
    let mut old = company.phone(company.rep_a, 1);
    let visit = old.visit(company.customers[0]);
    let said = comment(&old, &visit, 1);
    old.push(&[visit.clone(), said]);
    let mut new = company.phone(company.boss, 9);
    new.pull();
    let (fetched, entries) = want(&mut new, &[Want::Document(visit.document)]);
    assert_eq!(fetched[0].outcome, FetchOutcome::Whole);
    assert_eq!(changes(&entries), [visit.document, visit.document]);
}

#[test]
fn what_is_not_in_the_persons_scope_cannot_be_told_from_what_does_not_exist() {
    let company = Company::new();
    let mut a = company.phone(company.rep_a, 1);
    let visit = a.visit(company.customers[0]);
    a.push(std::slice::from_ref(&visit));
    let mut b = company.phone(company.rep_b, 2);
    let wants = [
        Want::Document(visit.document),
        Want::Document(DocumentId([9; 32])),
        Want::Older {
            customer: company.customers[0],
            before: Timestamp(i64::MAX),
        },
        Want::Older {
            customer: CustomerId(Uuid::from_u128(5)),
            before: Timestamp(i64::MAX),
        },
    ];
    let (fetched, entries) = want(&mut b, &wants);
    assert_eq!(entries, []);
    assert!(fetched.iter().all(|f| f.outcome == FetchOutcome::Absent));
    assert_eq!(fetched.len(), 4);
}

#[test]
fn older_records_come_piece_by_piece_and_none_is_left_out() {
    let company = Company::new();
    let customer = company.customers[0];
    let mut old = company.phone(company.rep_a, 1);
    let mut made = BTreeSet::new();
    for hour in 0..30 {
        old.clock = now().plus_ms(hour * 3_600_000);
        // Five at one moment of the server: a moment is never cut.
        let visits: Vec<NewChange> = (0..5).map(|_| old.visit(customer)).collect();
        made.extend(visits.iter().map(|v| v.document));
        old.push(&visits);
    }
    let mut boss = company.phone(company.boss, 2);
    boss.clock = old.clock;
    let (mut before, mut got, mut rounds) = (Timestamp(i64::MAX), BTreeSet::new(), 0);
    loop {
        let (fetched, entries) = want(&mut boss, &[Want::Older { customer, before }]);
        for document in digests(&entries) {
            assert!(got.insert(document), "twice");
        }
        rounds += 1;
        match fetched[0].outcome {
            FetchOutcome::Until(until) => before = until,
            outcome => {
                assert_eq!(outcome, FetchOutcome::Whole);
                break;
            }
        }
    }
    assert_eq!(got, made);
    assert_eq!(rounds, 4);
}

#[test]
fn more_wants_than_there_is_room_for_are_answered_in_their_order() {
    let company = Company::new();
    let mut old = company.phone(company.rep_a, 1);
    let receipts: Vec<NewChange> = (0..300)
        .map(|_| old.receipt(company.customers[0], "1", &[(company.invoices[0], "1")]))
        .collect();
    old.push(&receipts);
    let mut boss = company.phone(company.boss, 2);
    let wants: Vec<Want> = receipts
        .iter()
        .map(|r| Want::Document(r.document))
        .collect();
    let (fetched, entries) = want(&mut boss, &wants);
    assert_eq!(fetched.len(), limits::WANTS_PER_REQUEST);
    assert_eq!(entries.len(), limits::WANTS_PER_REQUEST);
    let answered: Vec<Want> = fetched.iter().map(|f| f.want).collect();
    assert_eq!(answered, wants[..limits::WANTS_PER_REQUEST]);
}
