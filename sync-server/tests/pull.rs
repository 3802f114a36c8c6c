//! What pulling promises: each person gets what is in their scope, once, and not a byte more.
#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

mod support;

use std::collections::BTreeSet;

use shared::{
    document::edit::Edit,
    evidence::Comment,
    ids::*,
    sync::message::{Entry, Item, Row, SyncResponse},
};
use support::*;
use sync_server::{
    api::sync::answer_in_pages,
    store::{StoreError, WriteTx, books, people},
};
use uuid::Uuid;

fn customers_named(entries: &[Entry]) -> BTreeSet<CustomerId> {
    entries
        .iter()
        .filter_map(|e| match &e.item {
            Item::Change(change) => Some(change.customer),
            Item::Row(row) => row.customer(),
            Item::Enter(customer) | Item::Leave(customer) => Some(*customer),
            Item::Digest(digest) => Some(digest.customer),
        })
        .collect()
}

fn invoices(entries: &[Entry]) -> Vec<(InvoiceId, String)> {
    rows(entries)
        .iter()
        .filter_map(|row| match row {
            Row::Invoice(r) => Some((r.invoice.id, r.settled.to_string())),
            _ => None,
        })
        .collect()
}

#[test]
fn a_salesperson_never_gets_a_byte_of_anothers_customers() {
    let company = Company::new();
    let mut a = company.phone(company.rep_a, 1);
    let mut b = company.phone(company.rep_b, 2);
    let taken = b.receipt(
        company.customers[2],
        "333.33",
        &[(company.invoices[2], "333.33")],
    );
    b.push(&[taken]);
    let entries = a.pull();
    assert_eq!(
        customers_named(&entries),
        BTreeSet::from([company.customers[0], company.customers[1]])
    );
    let wire = postcard::to_stdvec(&entries).unwrap();
    let contains = |needle: &[u8]| wire.windows(needle.len()).any(|w| w == needle);
    assert!(
        !contains(company.customers[2].0.as_bytes()),
        "id of the customer"
    );
    assert!(
        !contains(company.invoices[2].0.as_bytes()),
        "id of the invoice"
    );
    assert!(!contains("客户102超市".as_bytes()), "name of the customer");
    assert!(contains("客户100超市".as_bytes()));
    for row in rows(&entries) {
        if let Row::FieldCash(cash) = row {
            assert_eq!(cash.person, company.rep_a, "cash of a colleague");
        }
    }
}

#[test]
fn a_first_pull_brings_everything_in_scope_once_and_a_second_nothing() {
    let company = Company::new();
    let mut finance = company.phone(company.finance, 1);
    let entries = finance.pull();
    assert_eq!(customers_named(&entries), company.customers.into());
    let found = invoices(&entries);
    assert_eq!(found.len(), 4);
    assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), 4);
    assert_eq!(finance.pull(), []);
}

#[test]
fn a_push_answers_with_the_rows_it_changed_and_not_with_itself() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    phone.pull();
    let receipt = phone.receipt(company.customers[0], "100", &[(company.invoices[0], "100")]);
    let response = phone.push(&[receipt]);
    assert_eq!(changes(&response.entries), []);
    assert_eq!(
        invoices(&response.entries),
        [(company.invoices[0], "100.00".to_owned())]
    );
    assert!(!response.more);
    assert_eq!(response.cursor.seq, response.head_seq);
    assert_eq!(phone.pull(), []);
}

#[test]
fn a_store_that_was_rolled_back_gets_its_own_records_again() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    phone.pull();
    let before = phone.cursor;
    let visit = phone.visit(company.customers[0]);
    phone.push(std::slice::from_ref(&visit));
    phone.cursor = before;
    assert_eq!(changes(&phone.pull()), [visit.document]);
}

#[test]
fn the_supervisor_sees_the_visit_and_the_comment_reaches_the_phone() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let mut desk = company.phone(company.boss, 2);
    desk.pull();
    phone.pull();
    let visit = phone.visit(company.customers[0]);
    phone.push(std::slice::from_ref(&visit));
    assert_eq!(changes(&desk.pull()), [visit.document]);
    let comment = Comment {
        id: ElementId(Uuid::from_u128(1)),
        author: company.boss,
        at: now(),
        text: "下次带上对账单".into(),
    };
    let comment = desk.edit(&[&visit.bytes], &Edit::Comment(comment));
    assert!(acked(&desk.push(&[comment]).answers));
    assert_eq!(changes(&phone.pull()), [visit.document]);
}

#[test]
fn a_customer_that_changes_hands_leaves_one_phone_and_comes_whole_to_the_other() {
    let company = Company::new();
    let mut a = company.phone(company.rep_a, 1);
    let mut b = company.phone(company.rep_b, 2);
    let receipt = a.receipt(company.customers[0], "100", &[(company.invoices[0], "100")]);
    a.push(std::slice::from_ref(&receipt));
    a.pull();
    b.pull();
    let assign = |to| {
        company
            .store
            .write_at(now(), |tx| {
                people::assign(tx, company.customers[0], Some(to), now())
            })
            .unwrap();
    };
    assign(company.rep_b);
    let left = a.pull();
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0].item, Item::Leave(company.customers[0]));
    let came = b.pull();
    assert_eq!(came[0].item, Item::Enter(company.customers[0]));
    assert_eq!(
        digests(&came),
        [receipt.document],
        "money that is in the ledger"
    );
    let found: BTreeSet<_> = invoices(&came).into_iter().collect();
    let expected = [
        (company.invoices[0], "100.00".to_owned()),
        (company.invoices[3], "0.00".to_owned()),
    ];
    assert_eq!(found, expected.into());
    // There and back while a phone was away: it gets the present state, without a detour.
    assign(company.rep_a);
    assign(company.rep_b);
    let again = b.pull();
    assert!(
        again.iter().all(|e| !matches!(e.item, Item::Leave(_))),
        "{again:?}"
    );
    let gone = a.pull();
    assert_eq!(
        gone.last().map(|e| &e.item),
        Some(&Item::Leave(company.customers[0]))
    );
    assert_eq!((invoices(&gone), changes(&gone)), (vec![], vec![]));
}

#[test]
fn pages_are_cut_at_the_limit_also_inside_a_customers_snapshot() {
    let company = Company::new();
    company
        .store
        .write_at(now(), |tx| -> Result<(), StoreError> {
            for n in 0..4_500u128 {
                let customer = company.customers[usize::try_from(n % 3).unwrap()];
                books::put_invoice(tx, &invoice(10_000 + n, customer, "10"), now())?;
            }
            Ok(())
        })
        .unwrap();
    let mut phone = company.phone(company.finance, 1);
    let (mut pages, mut entries) = (0, Vec::new());
    loop {
        let request = phone.request(&[]);
        let response = phone.send(&request).unwrap();
        assert!(response.entries.len() <= shared::sync::limits::ENTRIES_PER_PAGE);
        entries.extend(response.entries);
        pages += 1;
        if !response.more {
            break;
        }
    }
    assert!(pages >= 3, "{pages}");
    let found: BTreeSet<_> = invoices(&entries).into_iter().map(|(id, _)| id).collect();
    assert_eq!((found.len(), invoices(&entries).len()), (4_504, 4_504));
    // A customer that enters with more than a page.
    company
        .store
        .write_at(now(), |tx| {
            for n in 5_000..8_000u128 {
                books::put_invoice(tx, &invoice(10_000 + n, company.customers[0], "10"), now())?;
            }
            people::assign(tx, company.customers[0], Some(company.rep_b), now())
        })
        .unwrap();
    let mut b = company.phone(company.rep_b, 2);
    let entries = b.pull();
    let of_customer = |id: InvoiceId| {
        let row = company.store.read(|c| books::invoice(c, id)).unwrap();
        row.unwrap().invoice.customer == company.customers[0]
    };
    let got: Vec<_> = invoices(&entries)
        .into_iter()
        .filter(|(id, _)| of_customer(*id))
        .collect();
    assert_eq!(got.len(), 2 + 1_500 + 3_000);
    assert_eq!(got.iter().collect::<BTreeSet<_>>().len(), got.len());
    assert_eq!(b.pull(), []);
}

/// One page of so many entries, after which the phone stands where it says.
fn page_of(company: &Company, phone: &mut Phone, entries: usize) -> SyncResponse {
    let request = phone.request(&[]);
    let answered = answer_in_pages(&company.store, &phone.device, &request, now(), entries);
    let response = answered.unwrap();
    (phone.cursor, phone.generation) = (response.cursor, response.generation);
    response
}

#[test]
fn a_customer_who_left_inside_its_snapshot_takes_nothing_of_the_next_one_with_it() {
    let company = Company::new();
    let [first, second] = [company.customers[0], company.customers[1]];
    let mut b = company.phone(company.rep_b, 2);
    b.pull();
    let assign = |customer, to| {
        let assigned = |tx: &mut WriteTx<'_>| people::assign(tx, customer, Some(to), now());
        company.store.write_at(now(), assigned).unwrap();
    };
    assign(first, company.rep_b);
    let cut = page_of(&company, &mut b, 2);
    assert!(cut.more && cut.cursor.part > 0, "cut inside the snapshot");
    // While the phone is away that customer goes and another comes.
    assign(first, company.rep_a);
    assign(second, company.rep_b);
    let mut entries = Vec::new();
    while {
        let page = page_of(&company, &mut b, 2);
        entries.extend(page.entries);
        page.more
    } {}
    let items: Vec<&Item> = entries.iter().map(|entry| &entry.item).collect();
    assert!(items.contains(&&Item::Leave(first)), "{items:?}");
    assert!(items.contains(&&Item::Enter(second)), "{items:?}");
    let of_second = |row: &&Row| row.customer() == Some(second);
    let got = rows(&entries).into_iter().filter(of_second).count();
    let mut whole = company.phone(company.rep_b, 3);
    let all = whole.pull();
    assert_eq!(got, rows(&all).into_iter().filter(of_second).count());
}

#[test]
fn cash_in_hand_is_seen_by_holder_supervisor_and_finance_only() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let receipt = phone.receipt(company.customers[0], "100", &[(company.invoices[0], "100")]);
    phone.push(&[receipt]);
    let sees = |person: PersonId, seed: u8| {
        let entries = company.phone(person, seed).pull();
        rows(&entries)
            .iter()
            .any(|r| matches!(r, Row::FieldCash(_)))
    };
    assert!(sees(company.rep_a, 11));
    assert!(sees(company.boss, 12));
    assert!(sees(company.finance, 13));
    assert!(!sees(company.rep_b, 14));
}

#[test]
fn a_new_colleague_in_finance_sees_all_and_a_disabled_one_nothing_new() {
    let company = Company::new();
    let clerk = person(77, "新会计", shared::people::Role::Finance);
    company
        .store
        .write_at(now(), |tx| people::add(tx, &clerk))
        .unwrap();
    let mut desk = company.phone(clerk.id, 5);
    assert_eq!(customers_named(&desk.pull()), company.customers.into());
    company
        .store
        .write_at(now(), |tx| people::set_active(tx, clerk.id, false))
        .unwrap();
    let seen = company
        .store
        .read(|c| sync_server::store::scope::count(c, clerk.id));
    assert_eq!(seen.unwrap(), 0);
}
