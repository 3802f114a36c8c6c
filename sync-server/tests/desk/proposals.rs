//! What the field asks for: a joint answer in whatever order, posted once by two persons, told to the phones.

use axum::http::StatusCode;
use serde_json::{Value, json};
use shared::{
    document::{Kind, NewChange, edit::Edit},
    ids::*,
    proposal::{
        Ask, DisputeReason, Proposal, ProposalDecision, ProposalKind, ProposalRow, ProposalState,
    },
    receipt::Method,
    sync::message::{Cursor, Item, OLDEST_VERSION, PROTOCOL_VERSION, Row},
};
use sync_server::api::proposals::{ProposalView, Proposals};
use uuid::Uuid;

use super::office::*;

fn ask(office: &Office, what: ProposalKind, amount: &str) -> Ask {
    Ask {
        what,
        reason: (what == ProposalKind::Dispute).then_some(DisputeReason::Price),
        invoices: vec![office.site.company.invoices[0]],
        amount: money(amount),
        until: (what == ProposalKind::Extension).then(|| day("2026-12-31")),
        words: "合同价每箱少 3 元".into(),
    }
}

fn proposal(phone: &mut Phone, customer: CustomerId, ask: Ask) -> NewChange {
    let made = Proposal {
        customer,
        person: phone.device.person.id,
        made_at: now(),
        ask,
        decisions: vec![],
        comments: vec![],
        attachments: vec![],
    };
    let origin = phone.origin();
    shared::document::create_proposal(&made, origin).unwrap()
}

impl Office {
    fn propose(&mut self, what: ProposalKind, amount: &str) -> NewChange {
        let asked = ask(self, what, amount);
        let customer = self.site.company.customers[0];
        let change = proposal(&mut self.rep, customer, asked);
        assert!(acked(&self.rep.push(std::slice::from_ref(&change)).answers));
        change
    }

    /// The supervisor's word on the record.
    fn say(&mut self, on: &NewChange, approved: bool, amount: Option<&str>) -> NewChange {
        let decision = ProposalDecision {
            id: ElementId(Uuid::from_u128(71)),
            author: self.site.company.boss,
            at: now(),
            approved,
            amount: amount.map(money),
            note: "看过合同".into(),
        };
        let change = self
            .boss
            .edit(&[&on.bytes], &Edit::DecideProposal(decision));
        assert!(acked(
            &self.boss.push(std::slice::from_ref(&change)).answers
        ));
        change
    }

    async fn answer(&self, by: &Phone, on: &NewChange, id: u128, body: Value) -> (u16, String) {
        let mut sent = json!({ "id": Uuid::from_u128(id), "reason": "已核对发货单" });
        for (key, value) in body.as_object().unwrap() {
            sent[key] = value.clone();
        }
        let path = format!("/v1/desk/proposals/{}/answer", on.document);
        let answer = self.site.post(&path, Some(&by.token), sent).await;
        let said = match answer.status {
            StatusCode::OK | StatusCode::CREATED => answer.json::<ProposalView>().state,
            _ => answer.code(),
        };
        (answer.status.as_u16(), said)
    }

    async fn listed(&self, query: &str) -> Vec<ProposalView> {
        let path = format!("/v1/desk/proposals{query}");
        let found = self.site.get(&path, Some(&self.clerk.token)).await;
        found.json::<Proposals>().proposals
    }

    fn discount(&self, amount: &str) -> Value {
        let command = json!({ "kind": "discount", "debt": self.debt(0), "amount": amount });
        json!({ "agree": true, "command": command })
    }
}

/// What a phone is told of proposals, and how many documents of that kind it gets.
fn told(phone: &mut Phone, version: u16) -> (Vec<ProposalRow>, usize) {
    phone.version = version;
    phone.cursor = Cursor::default();
    let (mut rows, mut documents) = (Vec::new(), 0);
    for entry in phone.pull() {
        match entry.item {
            Item::Row(row) => {
                if let Row::Proposal(row) = *row {
                    rows.push(row);
                }
            }
            Item::Change(change) if change.kind == Kind::Proposal => documents += 1,
            _ => {}
        }
    }
    phone.version = PROTOCOL_VERSION;
    (rows, documents)
}

fn agree() -> Value {
    json!({ "agree": true })
}

fn decline() -> Value {
    json!({ "agree": false })
}

fn said(status: u16, text: &str) -> (u16, String) {
    (status, text.to_owned())
}

#[tokio::test]
async fn a_dispute_is_settled_when_sales_and_finance_agree_in_either_order() {
    for finance_first in [false, true] {
        let mut office = Office::new();
        let asked = office.propose(ProposalKind::Dispute, "300");
        let listed = office.listed("").await;
        assert_eq!((listed.len(), listed[0].state.as_str()), (1, "open"));
        assert_eq!(listed[0].invoices[0].outstanding, "1000.00");
        if finance_first {
            let answer = office.answer(&office.clerk, &asked, 90, agree()).await;
            assert_eq!(answer, said(201, "agreed_by_finance"));
            office.say(&asked, true, None);
        } else {
            office.say(&asked, true, None);
            let answer = office.answer(&office.clerk, &asked, 90, agree()).await;
            assert_eq!(answer, said(201, "settled"));
        }
        assert!(office.listed("").await.is_empty());
        let closed = office.listed("?closed=true&what=dispute").await;
        assert_eq!(closed[0].state, "settled");
        let sales = closed[0].sales.as_ref().unwrap();
        assert_eq!((sales.agreed, sales.words.as_str()), (true, "看过合同"));
        let finance = closed[0].finance.as_ref().unwrap();
        assert_eq!(finance.person, office.site.company.finance.to_string());
        assert!(office.listed("?closed=true&what=discount").await.is_empty());
        // Nothing was posted.
        assert_eq!(office.account().await.book, "2000.00");
        let (rows, documents) = told(&mut office.rep, PROTOCOL_VERSION);
        assert_eq!(rows.len(), 1);
        assert_eq!(documents, 2, "the record and the word on it");
        assert_eq!(rows[0].state, ProposalState::Settled);
        assert_eq!(rows[0].words, "已核对发货单");
        assert_eq!(rows[0].by, Some(office.site.company.finance));
        office.verify();
    }
}

#[tokio::test]
async fn a_no_from_either_side_ends_it_and_stands() {
    let mut office = Office::new();
    let by_sales = office.propose(ProposalKind::Dispute, "300");
    office.say(&by_sales, false, None);
    let late = office.answer(&office.clerk, &by_sales, 90, agree()).await;
    assert_eq!(late, said(409, "proposal.answered"));
    let by_finance = office.propose(ProposalKind::Dispute, "200");
    let no = office
        .answer(&office.clerk, &by_finance, 91, decline())
        .await;
    assert_eq!(no, said(201, "declined_by_finance"));
    // A word that comes too late is on the record and changes nothing.
    office.say(&by_finance, true, None);
    let closed = office.listed("?closed=true").await;
    let states: Vec<&str> = closed.iter().map(|p| p.state.as_str()).collect();
    assert!(states.contains(&"declined_by_sales") && states.contains(&"declined_by_finance"));
    let (rows, _) = told(&mut office.rep, PROTOCOL_VERSION);
    let of = |change: &NewChange| rows.iter().find(|r| r.document == change.document).unwrap();
    assert_eq!(of(&by_sales).state, ProposalState::DeclinedBySales);
    assert_eq!(of(&by_finance).state, ProposalState::DeclinedByFinance);
    assert_eq!(of(&by_finance).words, "已核对发货单");
    office.verify();
}

#[tokio::test]
async fn a_discount_is_agreed_posted_by_two_persons_once_and_then_settled() {
    let mut office = Office::new();
    let asked = office.propose(ProposalKind::Discount, "300");
    // Not before the supervisor.
    let early = office
        .answer(&office.clerk, &asked, 90, office.discount("250"))
        .await;
    assert_eq!(early, said(409, "proposal.waits_for_sales"));
    office.say(&asked, true, Some("250"));
    for (id, body, code) in [
        (90, agree(), "proposal.needs_command"),
        (90, office.discount("250.01"), "proposal.too_much"),
        (
            90,
            json!({ "agree": true, "command": { "kind": "write_off", "debt": office.debt(0), "amount": "250" } }),
            "proposal.other_matter",
        ),
        (
            90,
            json!({ "agree": true, "command": { "kind": "discount", "debt": office.debt(3), "amount": "250" } }),
            "proposal.other_matter",
        ),
        (
            90,
            json!({ "agree": true, "reason": " ", "command": null }),
            "command.reason",
        ),
    ] {
        assert_eq!(
            office.answer(&office.clerk, &asked, id, body).await,
            said(422, code)
        );
    }
    let body = office.discount("250");
    let first = office.answer(&office.clerk, &asked, 90, body.clone()).await;
    assert_eq!(first, said(201, "being_posted"));
    // The same again changes nothing; anything else is told that it was answered.
    let again = office.answer(&office.clerk, &asked, 90, body.clone()).await;
    assert_eq!(again, said(200, "being_posted"));
    let other = office
        .answer(&office.clerk, &asked, 90, office.discount("200"))
        .await;
    assert_eq!(other, said(409, "command.other"));
    let second = office.answer(&office.second, &asked, 91, body).await;
    assert_eq!(second, said(409, "proposal.answered"));
    assert_eq!(office.account().await.book, "2000.00");

    let approve = json!({ "kind": "approve", "proposal": Uuid::from_u128(90) });
    let alone = office.refused(|o| &o.clerk, approve.clone()).await;
    assert_eq!(alone, said(403, "command.same_person"));
    let approved = office.send(&office.second, 95, approve).await;
    assert_eq!(approved.status, StatusCode::CREATED);
    assert_eq!(office.account().await.book, "1750.00");
    let closed = office.listed("?closed=true").await;
    assert_eq!(closed[0].state, "settled");
    let finance = closed[0].finance.as_ref().unwrap();
    assert_eq!(finance.decision.as_deref(), Some("approved"));
    let (rows, _) = told(&mut office.rep, PROTOCOL_VERSION);
    assert_eq!(
        (rows[0].state, rows[0].amount),
        (ProposalState::Settled, Some(money("250")))
    );
    office.verify();
}

#[tokio::test]
async fn what_the_ledgers_second_person_turns_down_is_declined_and_nothing_is_posted() {
    let mut office = Office::new();
    let asked = office.propose(ProposalKind::Discount, "300");
    office.say(&asked, true, None);
    let body = office.discount("300");
    assert_eq!(
        office.answer(&office.clerk, &asked, 90, body).await,
        said(201, "being_posted")
    );
    let reject = json!({ "kind": "reject", "proposal": Uuid::from_u128(90) });
    let turned_down = office.send(&office.second, 95, reject).await;
    assert_eq!(turned_down.status, StatusCode::CREATED);
    let closed = office.listed("?closed=true").await;
    assert_eq!(closed[0].state, "declined_by_finance");
    assert_eq!(office.account().await.book, "2000.00");
    office.verify();
}

#[tokio::test]
async fn returns_and_write_offs_are_answered_by_their_own_commands() {
    let mut office = Office::new();
    for (what, slug, id) in [
        (ProposalKind::GoodsReturn, "goods_return", 90),
        (ProposalKind::WriteOff, "write_off", 92),
    ] {
        let asked = office.propose(what, "100");
        office.say(&asked, true, None);
        let command = json!({ "kind": slug, "debt": office.debt(0), "amount": "100" });
        let body = json!({ "agree": true, "command": command });
        let answer = office.answer(&office.clerk, &asked, id, body).await;
        assert_eq!(answer, said(201, "being_posted"));
        let approve = json!({ "kind": "approve", "proposal": Uuid::from_u128(id) });
        let approved = office.send(&office.second, id + 1, approve).await;
        assert_eq!(approved.status, StatusCode::CREATED);
    }
    assert_eq!(office.account().await.book, "1800.00");
    assert_eq!(office.listed("?closed=true").await.len(), 2);
    office.verify();
}

#[tokio::test]
async fn a_dispute_that_it_was_paid_is_settled_by_moving_the_money_once_and_no_more_than_is_contested()
 {
    let mut office = Office::new();
    let receipt = office.take(Method::Cash, "800", 3);
    let dispute = office.propose(ProposalKind::Dispute, "300");
    let company = &office.site.company;
    let (from, to) = (company.invoices[3], company.invoices[0]);
    let customer = company.customers[0];
    let moved = |to: InvoiceId, amount: &str| {
        let command = json!({ "kind": "reallocate", "customer": customer, "receipt": receipt.document,
            "from": from, "to": to, "amount": amount });
        json!({ "agree": true, "command": command })
    };
    let open = async |office: &Office| -> Vec<String> {
        let invoices = office.account().await.invoices.into_iter();
        invoices.map(|invoice| invoice.outstanding).collect()
    };
    let before = open(&office).await;
    assert_eq!(before, ["1000.00", "200.00"]);
    let early = office
        .answer(&office.clerk, &dispute, 81, moved(to, "300"))
        .await;
    assert_eq!(early, said(409, "proposal.waits_for_sales"));
    office.say(&dispute, true, None);
    for (id, command, status, code) in [
        (82, moved(to, "301"), 422, "proposal.too_much"),
        (83, moved(from, "300"), 422, "proposal.other_matter"),
        (84, moved(to, "0"), 422, "command.not_positive"),
    ] {
        let found = office.answer(&office.clerk, &dispute, id, command).await;
        assert_eq!(found, said(status, code));
    }
    assert_eq!(open(&office).await, before, "nothing was changed");
    let settled = office
        .answer(&office.clerk, &dispute, 85, moved(to, "300"))
        .await;
    assert_eq!(
        settled,
        said(201, "settled"),
        "no debt goes away: one word is enough"
    );
    let again = office
        .answer(&office.clerk, &dispute, 85, moved(to, "300"))
        .await;
    assert_eq!(again, said(200, "settled"));
    let other = office
        .answer(&office.clerk, &dispute, 86, moved(to, "300"))
        .await;
    assert_eq!(other, said(409, "proposal.answered"));
    assert_eq!(open(&office).await, ["700.00", "500.00"]);
    office.verify();
}

#[tokio::test]
async fn an_extension_is_the_supervisors_alone() {
    let mut office = Office::new();
    let asked = office.propose(ProposalKind::Extension, "1000");
    for body in [agree(), decline()] {
        let answer = office.answer(&office.clerk, &asked, 90, body).await;
        assert_eq!(answer, said(409, "proposal.sales_alone"));
    }
    office.say(&asked, true, None);
    let closed = office.listed("?closed=true").await;
    assert_eq!(closed[0].state, "settled");
    assert_eq!(closed[0].until.as_deref(), Some("2026-12-31"));
    // The books keep the due day.
    assert_eq!(closed[0].invoices[0].due, "2026-10-31");
}

#[tokio::test]
async fn a_supervisors_own_request_needs_finance_and_they_have_no_word_on_what_posts_it() {
    let mut office = Office::new();
    let asked = ask(&office, ProposalKind::Extension, "1000");
    let customer = office.site.company.customers[0];
    let extension = proposal(&mut office.boss, customer, asked);
    assert!(acked(
        &office.boss.push(std::slice::from_ref(&extension)).answers
    ));
    assert_eq!(office.listed("").await[0].state, "agreed_by_sales");
    assert!(office.listed("").await[0].leads);
    let agreed = office.answer(&office.clerk, &extension, 80, agree()).await;
    assert_eq!(agreed, said(201, "settled"));

    let asked = ask(&office, ProposalKind::Discount, "300");
    let discount = proposal(&mut office.boss, customer, asked);
    assert!(acked(
        &office.boss.push(std::slice::from_ref(&discount)).answers
    ));
    // Their own word on the record is refused.
    let own = ProposalDecision {
        id: ElementId(Uuid::from_u128(72)),
        author: office.site.company.boss,
        at: now(),
        approved: true,
        amount: None,
        note: String::new(),
    };
    let own = office
        .boss
        .edit(&[&discount.bytes], &Edit::DecideProposal(own));
    assert_eq!(
        code(&office.boss.push(&[own]).answers[0]),
        "admission.not_allowed"
    );
    let body = office.discount("300");
    let answer = office.answer(&office.clerk, &discount, 90, body).await;
    assert_eq!(answer, said(201, "being_posted"));
    assert_eq!(office.commands_of(&office.boss, "").await, Ok(vec![]));
    let approve = json!({ "kind": "approve", "proposal": Uuid::from_u128(90) });
    let own = office.refused(|o| &o.boss, approve.clone()).await;
    assert_eq!(own, said(403, "command.same_person"));
    let approved = office.send(&office.second, 95, approve).await;
    assert_eq!(approved.status, StatusCode::CREATED);
    assert_eq!(office.account().await.book, "1700.00");
    office.verify();
}

#[tokio::test]
async fn only_finance_answers_and_sees_the_list() {
    let mut office = Office::new();
    let asked = office.propose(ProposalKind::Dispute, "300");
    for by in [&office.rep, &office.boss] {
        let answer = office.answer(by, &asked, 90, agree()).await;
        assert_eq!(answer, said(403, "auth.forbidden"));
        let list = office.site.get("/v1/desk/proposals", Some(&by.token)).await;
        assert_eq!(list.status, StatusCode::FORBIDDEN);
    }
    let unknown = NewChange {
        document: DocumentId([9; 32]),
        ..asked.clone()
    };
    let answer = office.answer(&office.clerk, &unknown, 90, agree()).await;
    assert_eq!(answer, said(404, "command.no_such"));
    let strange = office
        .site
        .get("/v1/desk/proposals?what=gift", Some(&office.clerk.token))
        .await;
    assert_eq!(strange.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_same_proposal_twice_is_one_and_anothers_or_a_strange_customers_is_refused() {
    let mut office = Office::new();
    let asked = office.propose(ProposalKind::Dispute, "300");
    assert!(acked(
        &office.rep.push(std::slice::from_ref(&asked)).answers
    ));
    assert_eq!(office.listed("").await.len(), 1);
    // A customer whom this salesperson never had.
    let strange = ask(&office, ProposalKind::Dispute, "1");
    let customer = office.site.company.customers[2];
    let change = proposal(&mut office.rep, customer, strange.clone());
    let answer = office.rep.push(&[change]);
    assert_eq!(code(&answer.answers[0]), "admission.out_of_scope");
    // In somebody else's name.
    let forged = Proposal {
        customer: office.site.company.customers[0],
        person: office.site.company.rep_b,
        made_at: now(),
        ask: strange.clone(),
        decisions: vec![],
        comments: vec![],
        attachments: vec![],
    };
    let origin = office.rep.origin();
    let change = shared::document::create_proposal(&forged, origin).unwrap();
    let answer = office.rep.push(&[change]);
    assert_eq!(code(&answer.answers[0]), "admission.wrong_person");
    // An invoice of another customer is told nobody.
    let foreign = Ask {
        invoices: vec![office.site.company.invoices[2]],
        ..strange
    };
    let customer = office.site.company.customers[0];
    let change = proposal(&mut office.rep, customer, foreign);
    assert!(acked(&office.rep.push(&[change]).answers));
    let listed = office.listed("").await;
    assert_eq!(listed.len(), 2);
    assert!(listed.iter().any(|p| p.invoices.is_empty()));
    // Another salesperson hears nothing of any of them.
    let mut other = office.site.company.phone(office.site.company.rep_b, 9);
    assert_eq!(told(&mut other, PROTOCOL_VERSION), (vec![], 0));
}

#[tokio::test]
async fn a_device_of_the_version_before_hears_of_proposals_and_of_all_else() {
    let mut office = Office::new();
    let customer = office.site.company.customers[0];
    office.propose(ProposalKind::Dispute, "300");
    let visit = office.rep.visit(customer);
    assert!(acked(
        &office.rep.push(std::slice::from_ref(&visit)).answers
    ));
    let boss = &mut office.boss;
    let (told_before, documents) = told(boss, OLDEST_VERSION);
    assert_eq!((told_before.len(), documents), (1, 1));
    boss.version = OLDEST_VERSION;
    boss.cursor = Cursor::default();
    let entries = boss.pull();
    assert!(
        rows(&entries)
            .iter()
            .any(|row| matches!(row, Row::Invoice(_)))
    );
    assert!(digests(&entries).contains(&visit.document));
    boss.version = PROTOCOL_VERSION;
    let (rows, documents) = told(&mut office.boss, PROTOCOL_VERSION);
    assert_eq!((rows.len(), documents), (1, 1));
}
