//! The ledger rebuilt from its facts finds what was changed behind its back.

use serde_json::json;
use shared::receipt::Method;
use sync_server::store::{StoreError, books, ledger, rebuild};

use super::office::*;

fn raw(office: &Office) -> rusqlite::Connection {
    rusqlite::Connection::open(office.site.company.dir.path().join("company.db")).unwrap()
}

fn problems(office: &Office) -> Vec<String> {
    office
        .site
        .company
        .store
        .read(rebuild::rebuild)
        .unwrap()
        .problems
}

/// An office in which everything that commands lead to is there.
async fn busy_office() -> Office {
    let mut office = Office::new();
    let (rep, debt) = (office.site.company.rep_a, office.debt(0));
    let cash = office.take(Method::Cash, "400", 0);
    office.give(hand_in(rep, &[&cash], "390")).await;
    let write_off = json!({ "kind": "write_off", "debt": debt, "amount": "10" });
    office.give_by_two(write_off).await;
    let claim = office.take(transfer(), "70", 0);
    let confirm =
        json!({ "kind": "confirm_transfer", "receipt": claim.document, "bank_line": "L-1" });
    office.give(confirm).await;
    let asked = office.ask_for_void(&claim);
    office.approve_void(&claim, &asked);
    office.verify();
    office
}

#[tokio::test]
async fn a_rebuild_finds_what_was_changed_behind_its_back() {
    let check = async |sql: &str, expected: &str| {
        let office = busy_office().await;
        raw(&office).execute_batch(sql).unwrap();
        let found = problems(&office);
        assert!(
            found.iter().any(|p| p.contains(expected)),
            "{sql}: {found:?}"
        );
    };
    for (sql, expected) in [
        (
            "UPDATE receipt_state SET custody = 'field'",
            "is not where the facts put it",
        ),
        ("UPDATE hand_in SET undecided = 0", "hand-in"),
        ("DELETE FROM hand_in", "hand-in"),
        ("UPDATE proposal SET decision = 'open'", "proposal"),
        ("DELETE FROM proposal", "proposal"),
        (
            "INSERT INTO proposal SELECT id, 'approved' FROM finance_command WHERE kind = 'hand_in'",
            "proposal",
        ),
        ("UPDATE settled_line SET line = 'bank:L-2'", "settled line"),
        ("UPDATE written_off SET amount = 9", "written off"),
        ("DELETE FROM written_off", "written off"),
        (
            "UPDATE void_approval SET requester = approver",
            "approved void",
        ),
        ("DELETE FROM void_approval", "approved void"),
        (
            "UPDATE invoice_revision SET amount = amount + 1",
            "is not what its facts post",
        ),
        (
            "UPDATE company SET closed_through = 1",
            "other days are closed",
        ),
        (
            "DROP TRIGGER posting_is_append_only_update; UPDATE posting SET amount = amount * 2 WHERE entry = 5",
            "entry 5 of the journal",
        ),
        (
            "DROP TRIGGER fact_is_append_only_delete; DELETE FROM fact WHERE number = 5",
            "can't be posted again",
        ),
    ] {
        check(sql, expected).await;
    }
}

/// A ledger of the version before has no facts: they are taken from what it has.
#[tokio::test]
async fn a_ledger_of_the_version_before_is_brought_up_to_date_and_can_be_rebuilt() {
    let mut office = Office::new();
    office.take(Method::Cash, "400", 0);
    office.take(cheque(), "50", 3);
    let claim = office.take(transfer(), "70", 0);
    let company = &office.site.company;
    let nothing = invoice(901, company.customers[0], "0");
    let corrected = invoice(203, company.customers[0], "1100");
    company
        .store
        .write_at(now(), |tx| -> Result<_, StoreError> {
            books::put_invoice(tx, &nothing, now())?;
            books::put_invoice(tx, &corrected, now())
        })
        .unwrap();
    let asked = office.ask_for_void(&claim);
    office.approve_void(&claim, &asked);
    office.verify();

    raw(&office)
        .execute_batch(
            "DROP TABLE field_proposal_answer; DROP TABLE field_proposal_sales; DROP TABLE field_proposal;
             DROP TABLE hand_in_offer_receipt; DROP TABLE hand_in_offer; DROP TRIGGER a_record_is_somebodys;
             DROP INDEX change_of_hand_in; DROP TRIGGER creation_has_its_record;
             DROP TRIGGER edit_has_its_record; DROP TRIGGER an_id_is_of_one_record;
             DROP TABLE bank_rule; DROP TABLE paper_receipt; DROP TRIGGER a_receipt_has_its_record;
             DROP TABLE statement_answer; DROP TABLE statement; DROP TABLE settings_change;
             DROP TABLE document_by_id; DROP TABLE document_by_customer;
             CREATE UNIQUE INDEX document_id ON document (id);
             CREATE INDEX document_by_customer ON document (customer, kind);
             DROP INDEX invoice_open; DROP INDEX journal_by_day; DROP TABLE account_balance; DROP TABLE import_map;
             DROP INDEX receipt_in_transit; DROP INDEX receipt_in_hands; DROP INDEX journal_by_document;
             ALTER TABLE receipt_state DROP COLUMN custody;
             ALTER TABLE company DROP COLUMN closed_through;
             DROP TABLE fact; DROP TABLE invoice_revision; DROP TABLE proposal; DROP TABLE hand_in;
             DROP TABLE settled_line; DROP TABLE written_off; DROP TABLE void_approval; DROP TABLE late_entry;
             DROP TABLE finance_command;
             CREATE INDEX receipt_in_transit ON receipt_state (customer)
               WHERE method <> 'cash' AND state IN ('in_transit', 'void_pending');
             PRAGMA user_version = 4;",
        )
        .unwrap();
    let store = sync_server::store::Store::open(office.site.company.dir.path()).unwrap();
    let rebuilt = store.read(rebuild::rebuild).unwrap();
    assert_eq!(rebuilt.problems, Vec::<String>::new());
    assert_eq!(rebuilt.facts, 10);
    let checked = store.read(ledger::check).unwrap();
    assert_eq!(checked.problems, Vec::<String>::new());
}
