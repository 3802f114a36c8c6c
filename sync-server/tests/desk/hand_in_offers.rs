//! Hand-ins that come from the field: counted blind, accepted once, or sent back.

use axum::http::StatusCode;
use serde_json::json;
use shared::{
    document::NewChange,
    hand_in::{HandInCore, HandInState, HandedIn, Pieces},
    ids::DocumentId,
    receipt::MethodKind,
    sync::message::{HandInRow, Item, Row},
};
use sync_server::api::hand_ins::{OfferView, Offers};

use super::office::*;

/// What is handed in: receipt, method, sum.
type Given<'a> = (&'a NewChange, MethodKind, &'a str);

fn core(office: &Office, receipts: &[Given<'_>], pieces: &[(u32, u32)]) -> HandInCore {
    let receipts: Vec<HandedIn> = receipts
        .iter()
        .zip(1..)
        .map(|((receipt, method, amount), n)| HandedIn {
            receipt: receipt.document,
            number: format!("A01-261121-{n}"),
            method: *method,
            amount: money(amount),
        })
        .collect();
    let sum = |is_cash: bool| {
        let wanted = receipts
            .iter()
            .filter(|r| (r.method == MethodKind::Cash) == is_cash);
        shared::money::Money::sum(wanted.map(|r| r.amount)).unwrap()
    };
    let pieces: Vec<Pieces> = pieces
        .iter()
        .map(|&(face, count)| Pieces { face, count })
        .collect();
    HandInCore {
        person: office.site.company.rep_a,
        person_name: "张伟".into(),
        company_name: "汇款贸易有限公司".into(),
        made_at: now(),
        day: day("2026-11-21"),
        cash: shared::hand_in::counted(&pieces).unwrap(),
        expected: sum(true),
        cheques: sum(false),
        receipts,
        pieces,
        note: "找零".into(),
        signature: office.rep.signature(),
        received: office.rep.signature(),
    }
}

impl Office {
    fn hand_in(&mut self, receipts: &[Given<'_>], pieces: &[(u32, u32)]) -> NewChange {
        let core = core(self, receipts, pieces);
        let origin = self.rep.origin();
        let change = shared::document::create_hand_in(&core, origin, &Key(&self.rep.key))
            .unwrap()
            .0;
        assert!(acked(&self.rep.push(std::slice::from_ref(&change)).answers));
        change
    }

    async fn offers(&self) -> Offers {
        let token = Some(self.clerk.token.as_str());
        self.site.get("/v1/desk/hand-ins", token).await.json()
    }

    async fn send_back(&self, by: &Phone, document: DocumentId, reason: &str) -> (u16, String) {
        let path = format!("/v1/desk/hand-ins/{document}/return");
        let answer = self
            .site
            .post(&path, Some(&by.token), json!({ "reason": reason }))
            .await;
        let code = match answer.status {
            StatusCode::OK => answer.json::<OfferView>().state,
            _ => answer.code(),
        };
        (answer.status.as_u16(), code)
    }

    /// What the salesperson's device is told of hand-ins, and how many documents of that kind it gets.
    fn told(&mut self) -> (Vec<HandInRow>, usize) {
        self.rep.cursor = shared::sync::message::Cursor::default();
        let (mut rows, mut documents) = (Vec::new(), 0);
        for entry in self.rep.pull() {
            match entry.item {
                Item::Row(row) => {
                    if let Row::HandIn(row) = *row {
                        rows.push(row);
                    }
                }
                Item::Change(change) if change.kind == shared::document::Kind::HandIn => {
                    documents += 1;
                }
                _ => {}
            }
        }
        (rows, documents)
    }
}

const CASH: MethodKind = MethodKind::Cash;

#[tokio::test]
async fn a_hand_in_is_counted_blind_and_both_counts_show_once_finance_has_counted() {
    let mut office = Office::new();
    let rep = office.site.company.rep_a;
    let (cash, paper) = (
        office.take(shared::receipt::Method::Cash, "400", 0),
        office.take(cheque(), "300", 3),
    );
    let given = [(&cash, CASH, "400"), (&paper, MethodKind::Cheque, "300")];
    let offer = office.hand_in(&given, &[(10_000, 3), (5_000, 1)]);

    let open = office.offers().await.open;
    let text = serde_json::to_string(&open).unwrap();
    for sum in ["400", "350"] {
        assert!(
            !text.contains(&format!("\"{sum}.00\"")),
            "{sum} shows: {text}"
        );
    }
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].document, offer.document.to_string());
    assert!(open[0].phone.is_none() && open[0].counted.is_none());
    assert_eq!(open[0].cheques, "300.00");
    assert!(open[0].receipts.iter().all(|r| r.in_hands));
    assert_eq!(
        office.balance(&format!("Assets:Field:Cash:{rep}")).await,
        "400.00"
    );

    office.give(hand_in(rep, &[&cash, &paper], "380")).await;
    let offers = office.offers().await;
    assert!(offers.open.is_empty());
    let decided = &offers.decided[0];
    assert_eq!(decided.state, "accepted");
    let phone = decided.phone.as_ref().unwrap();
    assert_eq!(
        (phone.cash.as_str(), phone.expected.as_str()),
        ("350.00", "400.00")
    );
    let counted = decided.counted.as_ref().unwrap();
    assert_eq!(
        (counted.counted.as_str(), counted.undecided.as_str()),
        ("380.00", "20.00")
    );
    // The phone is told what finance counted, and what of it is not decided.
    let (rows, documents) = office.told();
    assert_eq!(documents, 1);
    let row = rows.iter().find(|r| r.document == offer.document).unwrap();
    assert_eq!(
        (row.state, row.counted, row.undecided),
        (HandInState::Accepted, Some(money("380")), Some(money("20")))
    );
    assert_eq!(row.gone.len(), 2);
    let found = json!({ "kind": "decide_difference", "hand_in": counted.id, "what": "found", "amount": "20" });
    office.give(found).await;
    let (rows, _) = office.told();
    assert_eq!(rows[0].undecided, Some(money("0")));
    office.verify();
}

#[tokio::test]
async fn the_same_offer_sent_twice_is_one_and_its_money_is_taken_over_once() {
    let mut office = Office::new();
    let rep = office.site.company.rep_a;
    let cash = office.take(shared::receipt::Method::Cash, "400", 0);
    let offer = office.hand_in(&[(&cash, CASH, "400")], &[(10_000, 4)]);
    assert!(acked(
        &office.rep.push(std::slice::from_ref(&offer)).answers
    ));
    assert_eq!(office.offers().await.open.len(), 1);
    // Another of the same receipt, from a second phone: one is counted, the other goes back.
    office.hand_in(&[(&cash, CASH, "400")], &[(5_000, 8)]);
    office.give(hand_in(rep, &[&cash], "400")).await;
    let again = office
        .refused(|o| &o.clerk, hand_in(rep, &[&cash], "400"))
        .await;
    assert_eq!(again, (409, "command.custody".to_owned()));
    let states: Vec<String> = office
        .offers()
        .await
        .decided
        .into_iter()
        .map(|o| o.state)
        .collect();
    assert_eq!(states.iter().filter(|s| *s == "accepted").count(), 1);
    assert_eq!(states.iter().filter(|s| *s == "returned").count(), 1);
    assert_eq!(office.balance("Assets:Cash").await, "400.00");
    office.verify();
}

#[tokio::test]
async fn an_offer_that_comes_after_finance_counted_just_its_receipts_is_accepted_and_any_other_goes_back()
 {
    let mut office = Office::new();
    let rep = office.site.company.rep_a;
    let (a, b) = (
        office.take(shared::receipt::Method::Cash, "400", 0),
        office.take(shared::receipt::Method::Cash, "300", 3),
    );
    office.give(hand_in(rep, &[&a], "400")).await;
    office.hand_in(&[(&a, CASH, "400")], &[(10_000, 4)]);
    let offers = office.offers().await;
    assert_eq!(
        (offers.open.len(), offers.decided[0].state.as_str()),
        (0, "accepted")
    );
    let both = office.hand_in(&[(&a, CASH, "400"), (&b, CASH, "300")], &[(10_000, 7)]);
    assert!(office.offers().await.open.is_empty());
    let (rows, _) = office.told();
    let row = rows.iter().find(|r| r.document == both.document).unwrap();
    assert_eq!(
        (row.state, row.gone.as_slice()),
        (HandInState::Returned, &[a.document][..])
    );
    // What is left can be handed in.
    office.hand_in(&[(&b, CASH, "300")], &[(10_000, 3)]);
    assert_eq!(office.offers().await.open.len(), 1);
    office.verify();
}

#[tokio::test]
async fn finance_sends_a_hand_in_back_with_a_reason_once_and_never_one_that_was_counted() {
    let mut office = Office::new();
    let rep = office.site.company.rep_a;
    let cash = office.take(shared::receipt::Method::Cash, "400", 0);
    let offer = office.hand_in(&[(&cash, CASH, "400")], &[(10_000, 4)]);
    let document = offer.document;
    assert_eq!(
        office.send_back(&office.rep, document, "x").await,
        (403, "auth.forbidden".into())
    );
    assert_eq!(
        office.send_back(&office.clerk, document, " ").await,
        (422, "command.reason".into())
    );
    let unknown = DocumentId([9; 32]);
    assert_eq!(office.send_back(&office.clerk, unknown, "x").await.0, 404);
    for _ in 0..2 {
        let answer = office.send_back(&office.clerk, document, "有假币").await;
        assert_eq!(answer, (200, "returned".into()));
    }
    assert_eq!(
        office
            .send_back(&office.clerk, document, "另一个原因")
            .await,
        (409, "command.decided".into())
    );
    let offers = office.offers().await;
    assert!(
        offers.decided[0].phone.is_none(),
        "it is counted another time"
    );
    let (rows, _) = office.told();
    assert_eq!(
        (rows[0].state, rows[0].reason.as_str()),
        (HandInState::Returned, "有假币")
    );
    // The money is where it was, and can be counted.
    office.hand_in(&[(&cash, CASH, "400")], &[(10_000, 4)]);
    office.give(hand_in(rep, &[&cash], "400")).await;
    let accepted = office.offers().await.decided;
    let accepted = accepted.iter().find(|o| o.state == "accepted").unwrap();
    let late = office
        .send_back(&office.clerk, accepted.document.parse().unwrap(), "晚了")
        .await;
    assert_eq!(late, (409, "command.decided".into()));
    office.verify();
}

#[tokio::test]
async fn devices_of_finance_hear_nothing_of_hand_ins() {
    let mut office = Office::new();
    let rep = office.site.company.rep_a;
    let cash = office.take(shared::receipt::Method::Cash, "400", 0);
    office.hand_in(&[(&cash, CASH, "400")], &[(10_000, 4)]);
    office.give(hand_in(rep, &[&cash], "400")).await;
    let (rows, documents) = office.told();
    assert_eq!((rows.len(), documents), (1, 1));
    let of_finance = office.clerk.pull();
    assert!(!of_finance.iter().any(|entry| match &entry.item {
        Item::Row(row) => matches!(**row, Row::HandIn(_)),
        Item::Change(change) => change.kind == shared::document::Kind::HandIn,
        _ => false,
    }));
}

#[tokio::test]
async fn a_hand_in_in_another_s_name_or_of_unknown_receipts_moves_nothing() {
    let mut office = Office::new();
    let cash = office.take(shared::receipt::Method::Cash, "400", 0);
    // Somebody else's hand-in is refused.
    let stolen = core(&office, &[(&cash, CASH, "400")], &[(10_000, 4)]);
    let mut other = office.site.company.phone(office.site.company.rep_b, 9);
    let origin = other.origin();
    let change = shared::document::create_hand_in(&stolen, origin, &Key(&other.key))
        .unwrap()
        .0;
    assert!(!acked(&other.push(&[change]).answers));
    // Receipts of other hands: the offer goes back by itself.
    let theirs = HandInCore {
        person: office.site.company.rep_b,
        ..stolen
    };
    let origin = other.origin();
    let change = shared::document::create_hand_in(&theirs, origin, &Key(&other.key))
        .unwrap()
        .0;
    assert!(acked(&other.push(&[change]).answers));
    let offers = office.offers().await;
    assert_eq!(
        (offers.open.len(), offers.decided[0].state.as_str()),
        (0, "returned")
    );
    // One that the server has never heard of.
    let ghost = NewChange {
        document: DocumentId([7; 32]),
        ..cash.clone()
    };
    office.hand_in(&[(&ghost, CASH, "5")], &[(500, 1)]);
    assert!(office.offers().await.open.is_empty());
    let rep = office.site.company.rep_a;
    assert_eq!(
        office.balance(&format!("Assets:Field:Cash:{rep}")).await,
        "400.00"
    );
    office.verify();
}
