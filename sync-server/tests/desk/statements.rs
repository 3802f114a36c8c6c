//! Statements: made once, frozen, to the cent what the ledger says of the day; answered from the field and tracked to
//! the end.

use axum::http::StatusCode;
use serde_json::{Value, json};
use shared::{
    document::NewChange,
    ids::StatementId,
    money::Money,
    proposal::DisputeReason,
    receipt::Method,
    statement::{AnswerCore, DisputedLine, Statement, StatementState},
    sync::message::{Cursor, Item, PROTOCOL_VERSION, Row, StatementRow},
};
use sync_server::{
    api::statement_views::{RunView, StatementView, Statements},
    store::as_of,
};

use super::office::*;

const AS_OF: &str = "2026-10-31";

impl Office {
    async fn run(&self, path: &str, purpose: &str, customer: Option<&str>) -> (u16, RunView) {
        let mut body = json!({ "purpose": purpose, "as_of": AS_OF });
        if let Some(customer) = customer {
            body["customer"] = json!(customer);
        }
        let path = format!("/v1/desk/statement-runs{path}");
        let answer = self.site.post(&path, Some(&self.clerk.token), body).await;
        (answer.status.as_u16(), answer.json())
    }

    async fn statements(&self, query: &str) -> Statements {
        let path = format!("/v1/desk/statements{query}");
        self.site.get(&path, Some(&self.clerk.token)).await.json()
    }

    async fn statement(&self, id: &str) -> StatementView {
        let path = format!("/v1/desk/statements/{id}");
        self.site.get(&path, Some(&self.clerk.token)).await.json()
    }

    async fn act(&self, id: &str, what: &str, body: Value) -> Result<StatementView, (u16, String)> {
        let path = format!("/v1/desk/statements/{id}/{what}");
        let answer = self.site.post(&path, Some(&self.clerk.token), body).await;
        match answer.status {
            StatusCode::OK => Ok(answer.json()),
            status => Err((status.as_u16(), answer.code())),
        }
    }

    /// The statement of the first customer, once a monthly run was made.
    async fn first(&self) -> StatementView {
        self.run("", "monthly", None).await;
        let list = self.statements("?customer=C00100").await;
        self.statement(&list.statements[0].id).await
    }

    fn answer_to(&mut self, view: &StatementView, disputed: &[u32]) -> NewChange {
        let content: Statement = serde_json::from_value(view.content.clone()).unwrap();
        let disputed = disputed.iter().map(|&line| DisputedLine {
            line,
            number: content.lines[line as usize].number.clone(),
            outstanding: content.lines[line as usize].outstanding,
            reason: DisputeReason::Price,
            words: "单价按上月".into(),
            says: Some(money("900")),
        });
        let core = AnswerCore {
            customer: content.customer,
            customer_name: content.customer_name.clone(),
            company_name: content.company_name.clone(),
            person: self.site.company.rep_a,
            person_name: "李明".into(),
            made_at: now(),
            day: day("2026-11-21"),
            statement: view.line.id.parse().unwrap(),
            digest: view.digest.parse().unwrap(),
            as_of: content.as_of,
            closing: content.closing,
            letter: vec!["对账单".into()],
            disputed: disputed.collect(),
            signature: Some(self.rep.signature()),
            fix: None,
        };
        self.seal_answer(&core)
    }

    fn seal_answer(&mut self, core: &AnswerCore) -> NewChange {
        let origin = self.rep.origin();
        shared::document::create_statement(core, origin, &Key(&self.rep.key))
            .unwrap()
            .0
    }

    fn bring(&mut self, answer: &NewChange) {
        assert!(acked(&self.rep.push(std::slice::from_ref(answer)).answers));
    }

    /// What a device is told of statements, and how many answers it gets.
    fn told_of_statements(phone: &mut Phone, version: u16) -> (Vec<StatementRow>, usize) {
        phone.version = version;
        phone.cursor = Cursor::default();
        let (mut rows, mut documents) = (Vec::new(), 0);
        for entry in phone.pull() {
            match entry.item {
                Item::Row(row) => {
                    if let Row::Statement(row) = *row {
                        rows.push(row);
                    }
                }
                Item::Change(change) if change.kind == shared::document::Kind::Statement => {
                    documents += 1;
                }
                _ => {}
            }
        }
        phone.version = PROTOCOL_VERSION;
        (rows, documents)
    }
}

#[tokio::test]
async fn a_run_is_looked_at_first_and_made_once_and_a_preview_changes_nothing() {
    let office = Office::new();
    let (status, seen) = office.run("/preview", "monthly", None).await;
    assert_eq!((status, seen.new, seen.sum.as_str()), (200, 3, "4000.00"));
    assert_eq!(
        (seen.from.as_str(), seen.as_of.as_str()),
        ("2026-10-01", AS_OF)
    );
    assert!(office.statements("").await.statements.is_empty());
    let (status, made) = office.run("", "monthly", None).await;
    assert_eq!((status, made.new, made.standing), (201, 3, 0));
    let (status, again) = office.run("", "monthly", None).await;
    assert_eq!((status, again.new, again.standing), (200, 0, 3));
    let list = office.statements("").await;
    assert_eq!(list.statements.len(), 3);
    assert_eq!(list.as_of.as_deref(), Some(AS_OF));
    assert_eq!(
        (list.totals[0].count, list.totals[0].sum.as_str()),
        (3, "4000.00")
    );
    // Nobody there settles by the quarter; a confirmation is due for all, and is a paper of its own.
    assert_eq!(office.run("", "quarterly", None).await.1.new, 0);
    assert_eq!(office.run("", "confirmation", None).await.1.new, 3);
    assert_eq!(office.run("", "single", Some("C00100")).await.1.standing, 1);
    office.verify();
}

#[tokio::test]
async fn a_statement_is_to_the_cent_what_the_ledger_says_of_the_day_whatever_is_posted_later() {
    let mut office = Office::new();
    // Taken after the day: of the end of October nothing of it is known.
    office.take(Method::Cash, "123.45", 0);
    let store = std::sync::Arc::clone(&office.site.company.store);
    let customer = office.site.company.customers[0];
    let balance = |on: &str| {
        let all = store
            .read(|conn| as_of::receivables(conn, day(on)))
            .unwrap();
        let sums = all.into_iter().filter(|item| item.customer == customer);
        Money::sum(sums.map(|item| item.balance)).unwrap()
    };
    let view = office.first().await;
    let content: Statement = serde_json::from_value(view.content.clone()).unwrap();
    assert_eq!(content.closing, balance(AS_OF));
    assert_eq!(content.closing, money("2000"));
    let sum = Money::sum(content.lines.iter().map(|line| line.outstanding)).unwrap();
    assert_eq!(sum, content.closing);
    assert_eq!(
        (content.opening, content.invoiced),
        (Money::ZERO, money("2000"))
    );
    assert!(content.payments.is_empty());
    // As of a later day the payment stands in it, by its number, and the sums still agree.
    let body = json!({ "purpose": "single", "as_of": "2026-11-21", "customer": "C00100" });
    let token = Some(office.clerk.token.as_str());
    let made = office
        .site
        .post("/v1/desk/statement-runs", token, body)
        .await;
    assert_eq!(made.status, StatusCode::CREATED);
    let list = office.statements("?customer=C00100&as_of=2026-11-21").await;
    let later = office.statement(&list.statements[0].id).await;
    let later: Statement = serde_json::from_value(later.content).unwrap();
    assert_eq!(later.closing, balance("2026-11-21"));
    assert_eq!(later.closing, money("1876.55"));
    assert_eq!(
        (later.opening, later.paid),
        (money("2000"), money("123.45"))
    );
    assert_eq!(later.payments.len(), 1);
    assert!(
        later.payments[0].number.contains("-1"),
        "{:?}",
        later.payments
    );
    let first = &later.lines[0];
    assert_eq!(
        (first.amount, first.outstanding),
        (money("1000"), money("876.55"))
    );
    // What stands is not touched by it.
    assert_eq!(office.statement(&view.line.id).await.digest, view.digest);
    office.verify();
}

#[tokio::test]
async fn statements_go_to_the_devices_of_their_customers_alone_in_both_versions() {
    let mut office = Office::new();
    let view = office.first().await;
    let answer = office.answer_to(&view, &[]);
    office.bring(&answer);
    let (rows, documents) = Office::told_of_statements(&mut office.rep, PROTOCOL_VERSION);
    assert_eq!((rows.len(), documents), (2, 1));
    assert!(rows.iter().all(|row| !row.content.is_empty()));
    let (rows, documents) = Office::told_of_statements(&mut office.rep, PROTOCOL_VERSION - 1);
    assert_eq!((rows.len(), documents), (2, 1));
    let mut other = office.site.company.phone(office.site.company.rep_b, 9);
    let (rows, _) = Office::told_of_statements(&mut other, PROTOCOL_VERSION);
    assert_eq!(rows.len(), 1, "their own customer's alone");
    assert_ne!(rows[0].customer, office.site.company.customers[0]);
}

#[tokio::test]
async fn an_agreed_statement_is_agreed_and_a_second_answer_is_kept_and_said_to_be_that() {
    let mut office = Office::new();
    let view = office.first().await;
    let (first, second) = (office.answer_to(&view, &[]), office.answer_to(&view, &[0]));
    office.bring(&first);
    office.bring(&second);
    let view = office.statement(&view.line.id).await;
    assert_eq!(view.line.state, "agreed");
    let standings: Vec<&str> = view.answers.iter().map(|a| a.standing.as_str()).collect();
    assert_eq!(standings, ["stands", "second"]);
    let signer = view.answers[0].signature.as_ref().unwrap();
    assert!(signer["strokes"].is_array());
    let (rows, _) = Office::told_of_statements(&mut office.rep, PROTOCOL_VERSION);
    let row = rows
        .iter()
        .find(|row| row.statement.to_string() == view.line.id);
    assert_eq!(row.unwrap().document, Some(first.document));
    let closed = office
        .act(&view.line.id, "close", json!({ "reason": "x" }))
        .await;
    assert_eq!(closed.map(drop), Err((409, "statement.state".into())));
    // A confirmation that was agreed is not due again.
    office.verify();
}

#[tokio::test]
async fn a_dispute_is_answered_line_by_line_and_ends_in_a_new_revision_or_closed() {
    let mut office = Office::new();
    let view = office.first().await;
    let id = view.line.id.clone();
    let disputed = office.answer_to(&view, &[0, 1]);
    office.bring(&disputed);
    let reply = |line: u32, accepted: bool, note: &str| json!({ "line": line, "accepted": accepted, "note": note });
    let refused = office.act(&id, "replies", reply(7, true, "")).await;
    assert_eq!(refused.map(drop), Err((409, "statement.line".into())));
    let refused = office.act(&id, "replies", reply(0, false, " ")).await;
    assert_eq!(refused.map(drop), Err((422, "statement.words".into())));
    let said = office
        .act(&id, "replies", reply(0, false, "按送货单"))
        .await
        .unwrap();
    assert_eq!(said.line.state, "disputed");
    let other = office.act(&id, "replies", reply(0, true, "")).await;
    assert_eq!(other.map(drop), Err((409, "statement.replied".into())));
    let said = office
        .act(&id, "replies", reply(1, true, ""))
        .await
        .unwrap();
    assert_eq!(said.line.state, "answered");
    assert_eq!(said.answers[0].disputed[1].accepted, Some(true));
    let (rows, _) = Office::told_of_statements(&mut office.rep, PROTOCOL_VERSION);
    let row = rows
        .iter()
        .find(|row| row.statement.to_string() == id)
        .unwrap();
    assert_eq!(
        (row.state, row.replies.len()),
        (StatementState::Answered, 2)
    );

    let next = office
        .act(&id, "revise", json!({ "reason": "单价已更正" }))
        .await
        .unwrap();
    assert_eq!((next.line.revision, next.line.state.as_str()), (2, "sent"));
    let again = office
        .act(&id, "revise", json!({ "reason": "单价已更正" }))
        .await
        .unwrap();
    assert_eq!(
        again.line.id, next.line.id,
        "asked for again it is the same"
    );
    let old = office.statement(&id).await;
    assert_eq!(old.replaced_by.as_deref(), Some(next.line.id.as_str()));
    // What comes for the old one is kept and said to be that; nothing of it counts.
    let late = office.answer_to(&old, &[]);
    office.bring(&late);
    let old = office.statement(&id).await;
    assert_eq!(old.line.state, "replaced");
    assert_eq!(old.answers[1].standing, "replaced");
    // The device that has both is told what the new one says, and of the old one only how it stands.
    let (rows, _) = Office::told_of_statements(&mut office.rep, PROTOCOL_VERSION);
    let of = |id: &str| {
        rows.iter()
            .find(|row| row.statement.to_string() == id)
            .unwrap()
    };
    assert!(of(&id).content.is_empty() && !of(&next.line.id).content.is_empty());

    let close = json!({ "reason": "电话核对" });
    let closed = office
        .act(&next.line.id, "close", close.clone())
        .await
        .unwrap();
    assert_eq!(
        (closed.line.state.as_str(), closed.line.note.as_str()),
        ("closed", "电话核对")
    );
    assert!(office.act(&next.line.id, "close", close).await.is_ok());
    let answer = office.answer_to(&closed, &[]);
    office.bring(&answer);
    let closed = office.statement(&next.line.id).await;
    assert_eq!(closed.answers[0].standing, "closed");
    office.verify();
}

#[tokio::test]
async fn an_answer_to_what_is_not_there_or_says_otherwise_is_kept_and_counts_nowhere() {
    let mut office = Office::new();
    let mut view = office.first().await;
    let right = view.digest.clone();
    view.digest = shared::ids::Digest([3; 32]).to_string();
    let differs = office.answer_to(&view, &[]);
    office.bring(&differs);
    view.digest = right;
    let known = office.statement(&view.line.id).await;
    assert_eq!(
        (
            known.line.state.as_str(),
            known.answers[0].standing.as_str()
        ),
        ("sent", "differs")
    );
    let unknown = StatementId([9; 32]).to_string();
    let id = std::mem::replace(&mut view.line.id, unknown);
    let nowhere = office.answer_to(&view, &[]);
    office.bring(&nowhere);
    // The right one still counts.
    view.line.id = id.clone();
    let right = office.answer_to(&view, &[]);
    office.bring(&right);
    assert_eq!(office.statement(&id).await.line.state, "agreed");
}

#[tokio::test]
async fn who_may_not_and_what_cannot_be_is_refused() {
    let office = Office::new();
    let post = async |by: &Phone, path: &str, body: Value| {
        let answer = office.site.post(path, Some(&by.token), body).await;
        (answer.status.as_u16(), answer.code())
    };
    let run = json!({ "purpose": "monthly", "as_of": AS_OF });
    for path in ["/v1/desk/statement-runs", "/v1/desk/statement-runs/preview"] {
        assert_eq!(
            post(&office.rep, path, run.clone()).await,
            (403, "auth.forbidden".into())
        );
        assert_eq!(
            post(&office.boss, path, run.clone()).await,
            (403, "auth.forbidden".into())
        );
        let today = json!({ "purpose": "monthly", "as_of": "2999-01-01" });
        assert_eq!(
            post(&office.clerk, path, today).await,
            (422, "statement.day".into())
        );
        let nobody = json!({ "purpose": "single", "as_of": AS_OF });
        assert_eq!(
            post(&office.clerk, path, nobody).await,
            (422, "statement.purpose".into())
        );
        let other = json!({ "purpose": "weekly", "as_of": AS_OF });
        assert_eq!(
            post(&office.clerk, path, other).await,
            (422, "statement.purpose".into())
        );
        let stranger = json!({ "purpose": "single", "as_of": AS_OF, "customer": "C99999" });
        assert_eq!(
            post(&office.clerk, path, stranger).await,
            (404, "ledger.no_customer".into())
        );
    }
    let none = "/v1/desk/statements/00/close";
    let why = json!({ "reason": "x" });
    assert_eq!(
        post(&office.clerk, none, why.clone()).await,
        (404, "store.not_found".into())
    );
    let made = office.first().await.line.id;
    let close = format!("/v1/desk/statements/{made}/close");
    assert_eq!(
        post(&office.rep, &close, why).await,
        (403, "auth.forbidden".into())
    );
    let empty = json!({ "reason": " " });
    assert_eq!(
        post(&office.clerk, &close, empty).await,
        (422, "statement.words".into())
    );
}

#[tokio::test]
async fn an_answer_from_out_of_scope_is_not_taken() {
    let mut office = Office::new();
    office.first().await;
    let list = office.statements("?customer=C00102").await;
    let theirs = office.statement(&list.statements[0].id).await;
    let answer = office.answer_to(&theirs, &[]);
    let pushed = office.rep.push(std::slice::from_ref(&answer));
    assert_eq!(code(&pushed.answers[0]), "admission.out_of_scope");
    assert!(office.statement(&theirs.line.id).await.answers.is_empty());
}
