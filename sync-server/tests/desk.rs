//! What finance is promised over HTTP: its commands post, once, by the right people, and the ledger can be
//! rebuilt from its facts at any moment.
#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

mod support;

use axum::http::StatusCode;
use serde_json::{Value, json};
use shared::{
    document::{NewChange, edit::Edit},
    ids::*,
    receipt::{Method, VoidDecision, VoidRequest},
};
use support::{
    site::{Answered, Site},
    *,
};
use sync_server::{
    api::{desk, ledger as api},
    store::{StoreError, books, ledger, people, rebuild},
};
use uuid::Uuid;

struct Office {
    site: Site,
    rep: Phone,
    clerk: Phone,
    second: Phone,
    boss: Phone,
    commands: u128,
}

impl Office {
    fn new() -> Self {
        let site = Site::new();
        let second = person(15, "钱进", shared::people::Role::Finance);
        site.company
            .store
            .write_at(now(), |tx| people::add(tx, &second))
            .unwrap();
        let phone = |person, seed| site.company.phone(person, seed);
        Self {
            rep: phone(site.company.rep_a, 1),
            clerk: phone(site.company.finance, 2),
            second: phone(second.id, 3),
            boss: phone(site.company.boss, 4),
            site,
            commands: 0,
        }
    }

    fn take(&mut self, method: Method, amount: &str, on: usize) -> NewChange {
        let (customer, invoice) = (
            self.site.company.customers[0],
            self.site.company.invoices[on],
        );
        let mut core = self
            .rep
            .receipt_core(customer, amount, &[(invoice, amount)]);
        core.method = method;
        let receipt = self.rep.seal(&core);
        assert!(acked(
            &self.rep.push(std::slice::from_ref(&receipt)).answers
        ));
        receipt
    }

    async fn send(&self, by: &Phone, id: u128, command: Value) -> Answered {
        let body = json!({ "id": Uuid::from_u128(id), "reason": "按单据处理", "command": command });
        self.site
            .post("/v1/ledger/commands", Some(&by.token), body)
            .await
    }

    /// A new command that must be taken.
    async fn give(&mut self, command: Value) -> desk::CommandView {
        self.commands += 1;
        let answer = self
            .send(&self.clerk, 5_000 + self.commands, command.clone())
            .await;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(answer.status, StatusCode::CREATED, "{command} {text}");
        answer.json()
    }

    /// A command that must be refused, with the code.
    async fn refused(&mut self, by: fn(&Self) -> &Phone, command: Value) -> (u16, String) {
        self.commands += 1;
        let answer = self.send(by(self), 5_000 + self.commands, command).await;
        (answer.status.as_u16(), answer.code())
    }

    async fn balance(&self, account: &str) -> String {
        let token = Some(self.clerk.token.as_str());
        let all: api::Accounts = self.site.get("/v1/ledger/accounts", token).await.json();
        let found = all.balances.into_iter().find(|b| b.account == account);
        found.map_or("0.00".to_owned(), |b| b.balance)
    }

    async fn account(&self) -> api::CustomerAccount {
        let token = Some(self.clerk.token.as_str());
        let path = "/v1/ledger/accounts?customer=C00100";
        let all: api::Accounts = self.site.get(path, token).await.json();
        all.customer.unwrap()
    }

    /// The ledger holds, and its facts give the same ledger.
    fn verify(&self) {
        let store = &self.site.company.store;
        let checked = store.read(ledger::check).unwrap();
        assert_eq!(checked.problems, Vec::<String>::new());
        let rebuilt = store.read(rebuild::rebuild).unwrap();
        assert_eq!(rebuilt.problems, Vec::<String>::new());
        assert!(rebuilt.facts > 0);
    }
}

fn hand_in(person: PersonId, receipts: &[&NewChange], counted: &str) -> Value {
    let receipts: Vec<DocumentId> = receipts.iter().map(|r| r.document).collect();
    json!({ "kind": "hand_in", "person": person, "receipts": receipts, "counted": counted })
}

fn cheque() -> Method {
    Method::Cheque {
        number: "30117".into(),
        bank: "工商银行".into(),
    }
}

fn transfer() -> Method {
    let reference = String::new();
    Method::Transfer { reference }
}

#[tokio::test]
async fn cash_is_counted_blind_and_what_is_missing_stays_on_the_salesperson() {
    let mut office = Office::new();
    let receipt = office.take(Method::Cash, "400", 0);
    let rep = office.site.company.rep_a;
    let token = office.clerk.token.clone();
    let waiting: desk::WaitingReceipts = office
        .site
        .get("/v1/ledger/receipts?custody=field", Some(&token))
        .await
        .json();
    assert_eq!(waiting.receipts.len(), 1);
    assert_eq!(waiting.receipts[0].amount, None, "nobody says how much");

    let taken = office.give(hand_in(rep, &[&receipt], "390")).await;
    let count = taken.hand_in.unwrap();
    assert_eq!(
        (count.expected.as_str(), count.undecided.as_str()),
        ("400.00", "10.00")
    );
    let in_hands = format!("Assets:Field:Cash:{rep}");
    assert_eq!(office.balance(&in_hands).await, "10.00");
    assert_eq!(office.account().await.receipts[0].state, "cleared");
    let again = hand_in(rep, &[&receipt], "10");
    let again = office.refused(|o| &o.clerk, again).await;
    assert_eq!(again, (409, "command.custody".to_owned()));

    let open: desk::HandIns = office
        .site
        .get("/v1/ledger/hand-ins", Some(&token))
        .await
        .json();
    assert_eq!(open.hand_ins.len(), 1);
    let decide = json!({ "kind": "decide_difference", "hand_in": taken.id, "what": "cash_short", "amount": "10" });
    let decided = office.give(decide).await;
    assert_eq!(decided.entry.unwrap().kind, "difference");
    assert_eq!(office.balance(&in_hands).await, "0.00");
    assert_eq!(office.balance("Assets:Cash").await, "390.00");
    assert_eq!(office.balance("Expenses:CashShort").await, "10.00");
    office.verify();
}

#[tokio::test]
async fn a_command_sent_twice_posts_once_and_another_under_its_id_is_refused() {
    let mut office = Office::new();
    let receipt = office.take(transfer(), "400", 0);
    assert_eq!(office.account().await.in_transit, "400.00");
    let confirm = |fee: &str| {
        json!({ "kind": "confirm_transfer", "receipt": receipt.document,
                "fee": fee, "bank_line": "2026-11-21/17" })
    };
    let first = office.send(&office.clerk, 1, confirm("2")).await;
    assert_eq!(first.status, StatusCode::CREATED);
    let again = office.send(&office.clerk, 1, confirm("2")).await;
    assert_eq!(again.status, StatusCode::OK);
    let other = office.send(&office.clerk, 1, confirm("3")).await;
    assert_eq!(
        (other.status, other.code().as_str()),
        (StatusCode::CONFLICT, "command.other")
    );
    let account = office.account().await;
    assert_eq!(
        (account.book.as_str(), account.in_transit.as_str()),
        ("1600.00", "0.00")
    );
    assert_eq!(account.receipts[0].state, "cleared");
    assert_eq!(office.balance("Assets:Bank").await, "398.00");
    assert_eq!(office.balance("Expenses:BankFees").await, "2.00");

    let next = office.take(transfer(), "400", 3);
    let line = json!({ "kind": "confirm_transfer", "receipt": next.document, "bank_line": "2026-11-21/17" });
    let used = office.refused(|o| &o.clerk, line).await;
    assert_eq!(used, (409, "command.line_used".to_owned()));
    office.verify();
}

#[tokio::test]
async fn a_cheque_lowers_the_debt_when_it_clears_and_a_bounced_one_does_not() {
    let mut office = Office::new();
    let rep = office.site.company.rep_a;
    let (good, bad) = (
        office.take(cheque(), "300", 0),
        office.take(cheque(), "200", 3),
    );
    office.give(hand_in(rep, &[&good, &bad], "0")).await;
    assert_eq!(office.balance("Assets:Cheques").await, "500.00");
    let on = |kind: &str, receipt: &NewChange| json!({ "kind": kind, "receipt": receipt.document });
    office.give(on("cheque_bounced", &bad)).await;
    office.give(on("cheque_cleared", &good)).await;
    let account = office.account().await;
    assert_eq!(
        (account.book.as_str(), account.in_transit.as_str()),
        ("1700.00", "0.00")
    );
    let states: Vec<&str> = account.receipts.iter().map(|r| r.state.as_str()).collect();
    assert_eq!(states, ["cleared", "bounced"]);
    office.give(on("cheque_presented", &bad)).await;
    assert_eq!(office.account().await.in_transit, "200.00");
    office.verify();
}

#[tokio::test]
async fn money_goes_out_and_debts_go_away_only_on_two_peoples_word() {
    let mut office = Office::new();
    let company = &office.site.company;
    let debt = json!({ "customer": company.customers[0], "invoice": company.invoices[0] });
    let write_off = json!({ "kind": "write_off", "debt": debt, "amount": "1000" });
    let proposed = office.give(write_off).await;
    assert_eq!(proposed.decision.as_deref(), Some("open"));
    assert!(proposed.entry.is_none());
    assert_eq!(office.account().await.book, "2000.00");
    let approve = json!({ "kind": "approve", "proposal": proposed.id });
    let alone = office.refused(|o| &o.clerk, approve.clone()).await;
    assert_eq!(alone, (403, "command.same_person".to_owned()));
    let rep = office.refused(|o| &o.rep, approve.clone()).await;
    assert_eq!(rep, (403, "auth.forbidden".to_owned()));

    // The leader has the second word, and no other word.
    let own = json!({ "kind": "interest", "debt": debt, "amount": "1" });
    let own = office.refused(|o| &o.boss, own).await;
    assert_eq!(own, (403, "auth.forbidden".to_owned()));
    let approved = office.send(&office.boss, 77, approve).await;
    assert_eq!(approved.status, StatusCode::CREATED);
    assert_eq!(office.account().await.book, "1000.00");
    assert_eq!(office.balance("Expenses:BadDebt").await, "1000.00");
    let reject = json!({ "kind": "reject", "proposal": proposed.id });
    let late = office.send(&office.second, 78, reject).await;
    assert_eq!(late.code(), "command.decided");

    let recover =
        |amount: &str| json!({ "kind": "recover", "debt": debt, "from": "bank", "amount": amount });
    let too_much = office.refused(|o| &o.clerk, recover("1000.01")).await;
    assert_eq!(too_much, (409, "command.too_much".to_owned()));
    office.give(recover("250")).await;
    assert_eq!(office.balance("Expenses:BadDebt").await, "750.00");
    let token = Some(office.clerk.token.clone());
    let open: desk::Commands = office
        .site
        .get("/v1/ledger/commands", token.as_deref())
        .await
        .json();
    assert!(open.commands.is_empty());
    let all: desk::Commands = office
        .site
        .get("/v1/ledger/commands?all=true", token.as_deref())
        .await
        .json();
    assert_eq!(all.commands.len(), 3);
    assert!(all.commands.iter().all(|c| c.reason == "按单据处理"));
    office.verify();
}

#[tokio::test]
async fn a_void_after_the_hand_in_waits_for_finance_and_comes_out_of_the_companys_cash() {
    let mut office = Office::new();
    let rep = office.site.company.rep_a;
    let receipt = office.take(Method::Cash, "400", 0);
    office.give(hand_in(rep, &[&receipt], "400")).await;
    let request = VoidRequest {
        id: ElementId(Uuid::from_u128(1)),
        author: rep,
        at: now(),
        reason: "金额写错".into(),
    };
    let asked = office
        .rep
        .edit(&[&receipt.bytes], &Edit::RequestVoid(request));
    assert!(acked(
        &office.rep.push(std::slice::from_ref(&asked)).answers
    ));
    let confirm = json!({ "kind": "confirm_void", "receipt": receipt.document });
    let early = office.refused(|o| &o.clerk, confirm.clone()).await;
    assert_eq!(early, (409, "command.not_approved".to_owned()));
    let decision = VoidDecision {
        id: ElementId(Uuid::from_u128(2)),
        request: ElementId(Uuid::from_u128(1)),
        author: office.site.company.boss,
        at: now(),
        approved: true,
        note: String::new(),
    };
    let changes: [&[u8]; 2] = [&receipt.bytes, &asked.bytes];
    let approved = office.boss.edit(&changes, &Edit::DecideVoid(decision));
    assert!(acked(&office.boss.push(&[approved]).answers));
    assert_eq!(office.account().await.receipts[0].state, "void_pending");
    assert_eq!(office.account().await.book, "1600.00");
    office.verify();

    office.give(confirm).await;
    assert_eq!(office.account().await.receipts[0].state, "voided");
    assert_eq!(office.account().await.book, "2000.00");
    assert_eq!(office.balance("Assets:Cash").await, "0.00");
    let token = office.clerk.token.clone();
    let open: api::Exceptions = office
        .site
        .get("/v1/ledger/exceptions", Some(&token))
        .await
        .json();
    assert!(open.exceptions.is_empty());
    office.verify();
}

#[tokio::test]
async fn a_closed_day_takes_no_entry_and_what_comes_late_posts_on_the_next_day_and_says_so() {
    let mut office = Office::new();
    let today = shared::day::Day::of(sync_server::clock::now(), 480);
    let yesterday = today.plus_days(-1);
    let close = |day: shared::day::Day| json!({ "kind": "close_period", "through": day });
    let ahead = office.refused(|o| &o.clerk, close(today)).await;
    assert_eq!(ahead, (409, "command.not_closable".to_owned()));
    office.give(close(yesterday)).await;
    let company = &office.site.company;
    let debt = json!({ "customer": company.customers[0], "invoice": null });
    let command = json!({ "kind": "interest", "debt": debt, "amount": "5" });
    let on_closed =
        json!({ "id": Uuid::from_u128(9), "reason": "利息", "day": yesterday, "command": command });
    let refused = office
        .site
        .post("/v1/ledger/commands", Some(&office.clerk.token), on_closed)
        .await;
    assert_eq!(refused.code(), "command.day_closed");
    let late = invoice(900, company.customers[0], "70");
    company
        .store
        .write(|tx| {
            let at = tx.now();
            books::put_invoice(tx, &late, at)
        })
        .unwrap();
    let token = Some(office.clerk.token.as_str());
    let page: api::Entries = office.site.get("/v1/ledger/entries", token).await.json();
    let entry = page.entries.last().unwrap();
    assert_eq!(entry.day, today.to_string());
    assert_eq!(entry.own_day.as_deref(), Some("2026-10-01"));
    assert!(page.entries[0].own_day.is_none());
    office.verify();
}

#[tokio::test]
async fn a_command_that_makes_no_sense_is_a_problem_and_changes_nothing() {
    let mut office = Office::new();
    let foreign = office.site.company.invoices[2];
    let customer = office.site.company.customers[0];
    let on = |invoice: Option<InvoiceId>| json!({ "customer": customer, "invoice": invoice });
    let discount = |invoice, amount: &str| json!({ "kind": "discount", "debt": on(invoice), "amount": amount });
    for (command, expected) in [
        (
            discount(Some(foreign), "1"),
            (409, "command.foreign_invoice"),
        ),
        (discount(None, "-1"), (422, "command.not_positive")),
        (discount(None, "1"), (409, "command.too_much")),
        (
            json!({ "kind": "cheque_bounced", "receipt": "ab".repeat(32) }),
            (404, "command.no_such"),
        ),
        (
            json!({ "kind": "print_money", "amount": "1" }),
            (422, "http.malformed"),
        ),
        (discount(None, "1.234"), (422, "http.malformed")),
    ] {
        let refused = office.refused(|o| &o.clerk, command.clone()).await;
        assert_eq!((refused.0, refused.1.as_str()), expected, "{command}");
    }
    let blank = json!({ "id": Uuid::from_u128(1), "reason": " ", "command": discount(None, "1") });
    let token = Some(office.clerk.token.as_str());
    let blank = office.site.post("/v1/ledger/commands", token, blank).await;
    assert_eq!(blank.code(), "command.reason");
    let page: api::Entries = office.site.get("/v1/ledger/entries", token).await.json();
    assert_eq!(page.entries.len(), 4, "the four invoices");
    office.verify();
}

#[tokio::test]
async fn reallocated_money_keeps_the_promise_on_the_invoice_to_which_it_went_and_no_other() {
    let mut office = Office::new();
    let receipt = office.take(Method::Cash, "400", 0);
    let company = &office.site.company;
    let move_it = json!({ "kind": "reallocate", "customer": company.customers[0], "receipt": receipt.document,
                          "from": company.invoices[0], "to": company.invoices[3], "amount": "150" });
    office.give(move_it).await;
    let account = office.account().await;
    let outstanding: Vec<&str> = account
        .invoices
        .iter()
        .map(|i| i.outstanding.as_str())
        .collect();
    assert_eq!(outstanding, ["750.00", "850.00"]);
    office.verify();
}

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

#[tokio::test]
async fn a_rebuild_finds_what_was_changed_behind_its_back() {
    let check = async |sql: &str, expected: &str| {
        let mut office = Office::new();
        let receipt = office.take(Method::Cash, "400", 0);
        let rep = office.site.company.rep_a;
        office.give(hand_in(rep, &[&receipt], "390")).await;
        office.verify();
        raw(&office).execute_batch(sql).unwrap();
        let found = problems(&office);
        assert!(
            found.iter().any(|p| p.contains(expected)),
            "{sql}: {found:?}"
        );
    };
    check(
        "UPDATE receipt_state SET custody = 'field'",
        "is not where the facts put it",
    )
    .await;
    check(
        "UPDATE hand_in SET undecided = 0",
        "is not what the facts give",
    )
    .await;
    check(
        "UPDATE invoice_revision SET amount = amount + 1",
        "is not what its facts post",
    )
    .await;
    check(
        "UPDATE company SET closed_through = 1",
        "other days are closed",
    )
    .await;
    check(
        "DROP TRIGGER posting_is_append_only_update; UPDATE posting SET amount = amount * 2 WHERE entry = 5",
        "entry 5 of the journal",
    )
    .await;
    check(
        "DROP TRIGGER fact_is_append_only_delete; DELETE FROM fact WHERE number = 5",
        "can't be posted again",
    )
    .await;
}

/// A ledger of the version before has no facts: they are taken from what it has.
#[tokio::test]
async fn a_ledger_of_the_version_before_is_brought_up_to_date_and_can_be_rebuilt() {
    let mut office = Office::new();
    office.take(Method::Cash, "400", 0);
    office.take(cheque(), "50", 3);
    let claim = office.take(transfer(), "70", 0);
    let company = &office.site.company;
    let (rep, boss) = (company.rep_a, company.boss);
    let nothing = invoice(901, company.customers[0], "0");
    let corrected = invoice(203, company.customers[0], "1100");
    company
        .store
        .write_at(now(), |tx| -> Result<_, StoreError> {
            books::put_invoice(tx, &nothing, now())?;
            books::put_invoice(tx, &corrected, now())
        })
        .unwrap();
    let request = VoidRequest {
        id: ElementId(Uuid::from_u128(1)),
        author: rep,
        at: now(),
        reason: "金额写错".into(),
    };
    let asked = office
        .rep
        .edit(&[&claim.bytes], &Edit::RequestVoid(request));
    assert!(acked(
        &office.rep.push(std::slice::from_ref(&asked)).answers
    ));
    let decision = VoidDecision {
        id: ElementId(Uuid::from_u128(2)),
        request: ElementId(Uuid::from_u128(1)),
        author: boss,
        at: now(),
        approved: true,
        note: String::new(),
    };
    let changes: [&[u8]; 2] = [&claim.bytes, &asked.bytes];
    let approved = office.boss.edit(&changes, &Edit::DecideVoid(decision));
    assert!(acked(&office.boss.push(&[approved]).answers));
    office.verify();

    raw(&office)
        .execute_batch(
            "DROP INDEX receipt_in_transit; DROP INDEX receipt_in_hands; DROP INDEX journal_by_document;
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
