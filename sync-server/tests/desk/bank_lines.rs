//! A bank statement matched to transfers in transit.

use serde_json::{Value, json};
use shared::receipt::Method;
use sync_server::{api::bank, import};

use super::office::*;

async fn matched(office: &Office, lines: Value) -> Vec<bank::LineView> {
    let token = Some(office.clerk.token.as_str());
    let body = json!({ "lines": lines });
    let answer = office.site.post("/v1/ledger/bank-lines", token, body).await;
    assert_eq!(
        answer.status,
        200,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    answer.json::<bank::StatementView>().lines
}

#[tokio::test]
async fn a_statement_shows_whose_money_each_line_is_and_posts_nothing_before_a_person_confirms() {
    let mut office = Office::new();
    let reference = "20261121-88417".to_owned();
    let named = office.take(Method::Transfer { reference }, "400", 0);
    let likely = office.take(transfer(), "70", 3);
    let cash = office.take(Method::Cash, "30", 3);
    let line = |reference: &str, sum: &str, payer: &str, text: &str| {
        json!({ "reference": reference,
        "day": "2026-11-22", "amount": sum, "payer": payer, "text": text })
    };
    let statement = json!([
        line("L-1", "400.00", "别人", "货款 20261121-88417"),
        line("L-2", "70", "客户100超市", ""),
        line("L-3", "30", "客户100超市", ""),
        line("L-4", "-5", "银行", "手续费"),
        line("L-5", "400", "别人", ""),
    ]);
    let found = matched(&office, statement.clone()).await;
    let what = |found: &[bank::LineView]| -> Vec<String> {
        found.iter().map(|line| line.found.clone()).collect()
    };
    assert_eq!(
        what(&found),
        ["exact", "likely", "none", "outgoing", "none"]
    );
    assert_eq!(found[0].claims[0].receipt, named.document.to_string());
    assert_eq!(found[1].claims[0].receipt, likely.document.to_string());
    assert_eq!(found[1].claims[0].amount, "70.00");
    assert_eq!(office.balance("Assets:Bank").await, "0.00");
    assert_eq!(office.account().await.in_transit, "470.00");

    let confirm =
        json!({ "kind": "confirm_transfer", "receipt": named.document, "bank_line": "L-1" });
    office.give(confirm).await;
    let again = matched(&office, statement).await;
    assert_eq!(
        what(&again),
        ["settled", "likely", "none", "outgoing", "none"]
    );
    let used =
        json!({ "kind": "confirm_transfer", "receipt": likely.document, "bank_line": "L-1" });
    let used = office.refused(|o| &o.clerk, used).await;
    assert_eq!(used, (409, "command.line_used".to_owned()));
    assert!(again.iter().all(|line| {
        line.claims
            .iter()
            .all(|c| c.receipt != cash.document.to_string())
    }));
    office.verify();
}

#[tokio::test]
async fn a_statement_is_for_finance_and_has_its_bounds() {
    let office = Office::new();
    let path = "/v1/ledger/bank-lines";
    let none = json!({ "lines": [] });
    for phone in [&office.rep, &office.boss] {
        let refused = office
            .site
            .post(path, Some(&phone.token), none.clone())
            .await;
        assert_eq!(refused.code(), "auth.forbidden");
    }
    let line =
        |reference: &str| json!({ "reference": reference, "day": "2026-11-22", "amount": "1" });
    let token = Some(office.clerk.token.as_str());
    for (lines, code) in [
        (vec![line("")], "bank.lines"),
        (vec![line(&"9".repeat(96))], "bank.lines"),
        (vec![line("L"); 2_001], "bank.lines"),
        (
            vec![json!({ "reference": "L", "day": "2026-11-22", "amount": "1", "payr": "" })],
            "http.malformed",
        ),
    ] {
        let refused = office
            .site
            .post(path, token, json!({ "lines": lines }))
            .await;
        assert_eq!(
            (refused.status.as_u16(), refused.code().as_str()),
            (422, code)
        );
    }
}

#[test]
fn a_banks_own_file_is_read_by_a_map_whole_or_not_at_all() {
    let office = Office::new();
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let map = write(
        "bank.toml",
        "dates = [\"YYYYMMDD\"]
[columns]
number = \"流水号\"
day = \"日期\"
amount = \"收入\"
payer = \"户名\"
[amount]
thousands = \",\"
[[skip]]
column = \"收入\"
empty = true
"
        .as_bytes(),
    );
    let text = "流水号,日期,收入,支出,户名\nL-1,20261121,\"1,200.00\",,鑫源 五金\nL-2,20261121,,5.00,手续费\n";
    let file = write("bank.csv", text.as_bytes());
    let store = &office.site.company.store;
    let lines = import::bank_lines(store, &file, &map).unwrap();
    assert_eq!(lines.len(), 1, "what went out is skipped");
    assert_eq!(
        (lines[0].reference.as_str(), lines[0].amount),
        ("L-1", money("1200"))
    );
    assert_eq!(
        (lines[0].day, lines[0].payer.as_str()),
        (day("2026-11-21"), "鑫源 五金")
    );
    let bad = write("bad.csv", format!("{text}L-3,20261199,1,,甲\n").as_bytes());
    let refused = import::bank_lines(store, &bad, &map);
    assert!(
        matches!(refused, Err(import::ImportError::BadRows(report)) if report.refused.rows == 1)
    );
    let twice = write(
        "twice.csv",
        format!("{text}L-1,20261122,1,,甲\n").as_bytes(),
    );
    assert!(import::bank_lines(store, &twice, &map).is_err());
}
