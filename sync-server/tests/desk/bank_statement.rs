//! A bank's own file, uploaded at the desk: matched, confirmed by a person, doubled by nothing.

use axum::http::Method as Http;
use serde_json::{Value, json};
use shared::receipt::Method;
use sync_server::api::{
    bank_rule::BankRuleView,
    desk_upload::{BankStatementView, StatementLine},
};

use super::{office::*, support::site::request};

const PATH: &str = "/v1/desk/bank-statement";

const STATEMENT: &str = "中国工商银行,账户交易明细\n户名：城西贸易,期间：2026-11\n\
交易日期,交易流水号,借方发生额（支取）,贷方发生额（收入）,余额,对方户名,摘要\n\
2026-11-22 09:12:00,L-1,,\"400.00\",9400,别人,货款 20261121-88417\n\
20261122,L-2,,70.00,9470,客户100超市,\n\
20261122,L-3,,65.00,9535,客户100超市,扣手续费\n\
20261122,L-4,5.00,,9530,银行,手续费\n";

async fn upload(office: &Office, by: &Phone, path: &str, bytes: &[u8]) -> Answered {
    let headers = [("content-type", "text/csv")];
    let token = Some(by.token.as_str());
    let request = request(Http::POST, path, token, &headers, bytes.to_vec());
    office.site.call(request).await
}

async fn statement(office: &Office, bytes: &[u8]) -> BankStatementView {
    let answer = upload(office, &office.clerk, PATH, bytes).await;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    assert_eq!(answer.status, 200, "{text}");
    answer.json()
}

fn found(view: &BankStatementView) -> Vec<&str> {
    view.lines.iter().map(|line| line.found.as_str()).collect()
}

/// The command by which the desk confirms the first claim of a line.
fn confirmation(line: &StatementLine) -> Value {
    let claim = &line.claims[0];
    let command = json!({ "kind": "confirm_transfer", "receipt": claim.receipt, "bank_line": line.reference });
    json!({ "id": claim.command, "reason": "银行流水", "command": command })
}

async fn confirm(office: &Office, line: &StatementLine) -> u16 {
    let token = Some(office.clerk.token.as_str());
    let body = confirmation(line);
    let answer = office.site.post("/v1/ledger/commands", token, body).await;
    answer.status.as_u16()
}

fn office_with_claims() -> Office {
    let mut office = Office::new();
    let reference = "20261121-88417".to_owned();
    office.take(Method::Transfer { reference }, "400", 0);
    office.take(transfer(), "70", 3);
    office.take(transfer(), "80", 0);
    office
}

#[tokio::test]
async fn a_banks_file_as_it_comes_is_matched_and_the_same_file_twice_doubles_nothing() {
    let office = office_with_claims();
    let gb = encoding_rs::GB18030.encode(STATEMENT).0.into_owned();
    for (bytes, encoding) in [(STATEMENT.as_bytes(), "UTF-8"), (&gb, "gb18030")] {
        let view = statement(&office, bytes).await;
        assert_eq!(view.file.encoding, encoding);
        assert_eq!(
            (view.file.origin.as_str(), view.file.mapping.header_row),
            ("guessed", 3)
        );
        assert_eq!(found(&view), ["exact", "likely", "suggested"]);
        assert_eq!((view.left_out, view.refused), (1, 0));
        let near = &view.lines[2].claims[0];
        assert_eq!(
            (near.same_sum, near.same_payer, near.amount.as_str()),
            (false, true, "80.00")
        );
        assert_eq!(
            office.balance("Assets:Bank").await,
            "0.00",
            "looking posts nothing"
        );
    }
    let view = statement(&office, STATEMENT.as_bytes()).await;
    for line in &view.lines[..2] {
        assert_eq!(confirm(&office, line).await, 201);
        assert_eq!(
            confirm(&office, line).await,
            200,
            "a second tap is answered and posts nothing"
        );
    }
    assert_eq!(office.balance("Assets:Bank").await, "470.00");
    assert_eq!(office.account().await.in_transit, "80.00");

    let again = statement(&office, STATEMENT.as_bytes()).await;
    assert_eq!(found(&again), ["settled", "settled", "suggested"]);
    assert_eq!(
        confirm(&office, &view.lines[0]).await,
        200,
        "from a page that was open before"
    );
    assert_eq!(office.balance("Assets:Bank").await, "470.00");
    office.verify();
}

#[tokio::test]
async fn a_map_that_was_changed_is_kept_for_the_next_statement_of_the_bank() {
    let office = office_with_claims();
    let text = "甲;乙;丙;丁\n20261122;L-1;400;20261121-88417\n";
    let view = statement(&office, text.as_bytes()).await;
    assert_eq!(view.file.missing, ["number", "day", "amount"]);
    assert!(view.lines.is_empty());
    let names: Vec<_> = view.file.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["甲", "乙", "丙", "丁"]);
    assert_eq!(view.file.columns[2].samples, ["400"]);
    // {"columns":{"day":"甲","number":"乙","amount":"丙","text":"丁"}}
    let map = "?map=%7B%22columns%22%3A%7B%22day%22%3A%22%E7%94%B2%22%2C%22number%22%3A%22%E4%B9%99%22%2C%22amount%22%3A%22%E4%B8%99%22%2C%22text%22%3A%22%E4%B8%81%22%7D%7D";
    let answer = upload(
        &office,
        &office.clerk,
        &format!("{PATH}{map}"),
        text.as_bytes(),
    )
    .await;
    assert_eq!(found(&answer.json()), ["exact"]);
    let next = text.replace("L-1", "L-2").replace("20261122", "20261123");
    let next = statement(&office, next.as_bytes()).await;
    assert_eq!(
        (next.file.origin.as_str(), found(&next)),
        ("kept", vec!["exact"])
    );
    let other = statement(&office, STATEMENT.as_bytes()).await;
    assert_eq!(
        other.file.origin, "guessed",
        "a kept map that does not fit is not taken"
    );
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_named_and_the_others_are_matched() {
    let office = office_with_claims();
    let text = format!(
        "{STATEMENT}2026-13-40,L-9,,12.00,1,甲,\n20261122,L-1,,1.00,1,甲,\n合计,,,535.00,,,\n"
    );
    let view = statement(&office, text.as_bytes()).await;
    assert_eq!(found(&view), ["exact", "likely", "suggested"]);
    let bad: Vec<_> = view
        .bad_rows
        .iter()
        .map(|bad| (bad.line, bad.reason.as_str()))
        .collect();
    assert_eq!(
        bad,
        [
            (8, "import.date_invalid"),
            (9, "import.duplicate_number"),
            (10, "import.missing")
        ]
    );
    assert_eq!(
        (
            view.bad_rows[0].column.as_str(),
            view.bad_rows[0].value.as_str()
        ),
        ("交易日期", "2026-13-40")
    );
}

#[tokio::test]
async fn a_statement_is_for_finance_and_what_is_none_is_refused_with_a_code() {
    let office = office_with_claims();
    for phone in [&office.rep, &office.boss] {
        let refused = upload(&office, phone, PATH, STATEMENT.as_bytes()).await;
        assert_eq!(
            (refused.status.as_u16(), refused.code().as_str()),
            (403, "auth.forbidden")
        );
    }
    let large = vec![b'a'; shared::sync::limits::UPLOAD_BYTES + 1];
    let header = "流水号,日期,收入\n";
    let long = format!("{header}{}", "L,20261122,1\n".repeat(20_001));
    for (path, bytes, status, code) in [
        (PATH, b"".as_slice(), 422, "import.empty"),
        (
            PATH,
            b"PK\x03\x04 a workbook".as_slice(),
            422,
            "import.not_text",
        ),
        (
            PATH,
            b"\x89PNG\r\n\x1a\n\0\0\0\r".as_slice(),
            422,
            "import.not_text",
        ),
        (PATH, large.as_slice(), 413, "http.too_large"),
        (PATH, long.as_bytes(), 422, "import.too_large"),
        (
            "/v1/desk/bank-statement?map=nonsense",
            STATEMENT.as_bytes(),
            422,
            "import.map",
        ),
        (
            "/v1/desk/bank-statement?map=%7B%22columns%22%3A%7B%22day%22%3A%22x%22%7D%7D",
            STATEMENT.as_bytes(),
            422,
            "import.no_such_column",
        ),
        (
            "/v1/desk/bank-statement?map=%7B%22delimiter%22%3A%22ab%22%7D",
            STATEMENT.as_bytes(),
            422,
            "import.map",
        ),
    ] {
        let refused = upload(&office, &office.clerk, path, bytes).await;
        let text = String::from_utf8_lossy(&refused.body).into_owned();
        assert_eq!(
            (refused.status.as_u16(), refused.code().as_str()),
            (status, code),
            "{text}"
        );
        assert_eq!(refused.header("content-type"), "application/problem+json");
    }
    assert_eq!(office.balance("Assets:Bank").await, "0.00");
}

/// The statement's map as a person has confirmed it: read once with it, it is kept for the file.
async fn by_a_map(office: &Office) -> BankStatementView {
    let map = serde_json::to_string(&statement(office, STATEMENT.as_bytes()).await.file.mapping);
    let map: String = map
        .unwrap()
        .bytes()
        .map(|byte| format!("%{byte:02X}"))
        .collect();
    let path = format!("{PATH}?map={map}");
    let answer = upload(office, &office.clerk, &path, STATEMENT.as_bytes()).await;
    assert_eq!(answer.status, 200);
    answer.json()
}

async fn rule(office: &Office) -> BankRuleView {
    let token = Some(office.clerk.token.as_str());
    office.site.get("/v1/desk/bank-rule", token).await.json()
}

#[tokio::test]
async fn by_the_rule_of_two_persons_exact_lines_are_posted_when_a_statement_is_read_and_once() {
    let mut office = office_with_claims();
    let view = by_a_map(&office).await;
    assert_eq!(found(&view), ["exact", "likely", "suggested"]);
    assert!(
        view.by_rule.is_empty() && view.held_back == 0,
        "off by default"
    );
    let off = BankRuleView {
        on: None,
        waits: None,
    };
    assert_eq!(rule(&office).await, off);

    // One person's word switches nothing on, nor does a supervisor's.
    let on = json!({ "kind": "bank_rule", "on": true });
    let refused = office.refused(|o| &o.boss, on.clone()).await;
    assert_eq!(refused.0, 403);
    let proposed = office.give(on.clone()).await;
    assert_eq!(proposed.decision.as_deref(), Some("open"));
    assert_eq!(
        rule(&office).await.waits.as_deref(),
        Some(proposed.id.as_str())
    );
    let approve = json!({ "kind": "approve", "proposal": proposed.id });
    let own = office.refused(|o| &o.clerk, approve.clone()).await;
    assert_eq!(own, (403, "command.same_person".to_owned()));
    assert!(by_a_map(&office).await.by_rule.is_empty());
    let approved = office.send(&office.second, 9_001, approve).await;
    assert_eq!(approved.status, 201);
    let stands = rule(&office).await.on.unwrap();
    let company = &office.site.company;
    assert_eq!(stands.person, company.finance.to_string());
    assert_eq!(stands.approver, office.second.device.person.id.to_string());
    let again = office.refused(|o| &o.clerk, on).await;
    assert_eq!(again, (409, "command.decided".to_owned()));

    // The kept map is a person's; what is only likely waits for one.
    let view = statement(&office, STATEMENT.as_bytes()).await;
    assert_eq!(view.file.origin, "kept");
    assert_eq!(found(&view), ["settled", "likely", "suggested"]);
    let posted: Vec<_> = view
        .by_rule
        .iter()
        .map(|line| (line.reference.as_str(), line.amount.as_str()))
        .collect();
    assert_eq!(posted, [("L-1", "400.00")]);
    assert_eq!(office.balance("Assets:Bank").await, "400.00");
    let kinds = office
        .commands_of(&office.clerk, "?all=true")
        .await
        .unwrap();
    assert_eq!(kinds[0], "confirm_by_rule");
    assert!(
        statement(&office, STATEMENT.as_bytes())
            .await
            .by_rule
            .is_empty()
    );
    assert_eq!(office.balance("Assets:Bank").await, "400.00");
    office.verify();

    // Nobody but the server does anything by the rule.
    let likely = view.lines[1].claims[0].receipt.clone();
    let forged = json!({ "kind": "confirm_by_rule", "receipt": likely, "bank_line": "L-2", "rule": proposed.id });
    let refused = office.refused(|o| &o.clerk, forged).await;
    assert_eq!(refused, (403, "auth.forbidden".to_owned()));

    // One person switches it off.
    office
        .give(json!({ "kind": "bank_rule", "on": false }))
        .await;
    assert_eq!(rule(&office).await, off);
    let reference = "20261121-88417".to_owned();
    office.take(Method::Transfer { reference }, "90", 0);
    let next = STATEMENT.replace("L-", "M-").replace("\"400.00\"", "90.00");
    let view = statement(&office, next.as_bytes()).await;
    assert_eq!((found(&view)[0], view.by_rule.len()), ("exact", 0));
    office.verify();
}

#[tokio::test]
async fn by_columns_that_are_only_guessed_the_rule_posts_nothing() {
    let mut office = office_with_claims();
    office
        .give_by_two(json!({ "kind": "bank_rule", "on": true }))
        .await;
    let view = statement(&office, STATEMENT.as_bytes()).await;
    assert_eq!(view.file.origin, "guessed");
    assert_eq!((found(&view)[0], view.by_rule.len()), ("exact", 0));
    assert_eq!(view.held_back, 1);
    assert_eq!(office.balance("Assets:Bank").await, "0.00");
    assert_eq!(by_a_map(&office).await.by_rule.len(), 1);
    office.verify();
}
