//! Books uploaded at the desk: previewed without a trace, then imported all or nothing, the same file again for nothing.

use axum::http::Method as Http;
use sync_server::{
    api::desk_upload::{ImportView, OutcomeView},
    store::{Connection, StoreError, log},
};

use super::{office::*, support::site::request};

async fn upload(office: &Office, by: &Phone, path: &str, text: &str) -> Answered {
    let headers = [("content-type", "text/csv")];
    let path = format!("/v1/desk/imports/{path}");
    let token = Some(by.token.as_str());
    let request = request(Http::POST, &path, token, &headers, text.as_bytes().to_vec());
    office.site.call(request).await
}

async fn seen(office: &Office, path: &str, text: &str) -> ImportView {
    let answer = upload(office, &office.clerk, path, text).await;
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    assert_eq!(answer.status, 200, "{body}");
    answer.json()
}

async fn outcome(office: &Office, path: &str, text: &str) -> OutcomeView {
    seen(office, path, text).await.outcome.unwrap()
}

/// Rows: new, changed, same, refused.
fn counts(outcome: &OutcomeView) -> [u64; 4] {
    [
        &outcome.created,
        &outcome.changed,
        &outcome.same,
        &outcome.refused,
    ]
    .map(|tally| tally.rows)
}

/// Everything that an import could leave behind: the log's chain, and how many rows each table has.
fn traces(office: &Office) -> (String, Vec<(String, i64)>) {
    let count = |conn: &Connection| -> Result<_, StoreError> {
        let head = format!("{:?}", log::head(conn)?);
        let tables: Vec<String> = conn
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut rows = Vec::new();
        for table in tables {
            let sql = format!("SELECT count(*) FROM \"{table}\"");
            rows.push((table, conn.query_row(&sql, [], |row| row.get(0))?));
        }
        Ok((head, rows))
    };
    office.site.company.store.read(count).unwrap()
}

const INVOICES: &str = "发票号,客户编号,客户名称,开票日期,到期日,金额（元）\n\
NEU-1,C00100,,2026-11-01,2026-12-01,\"1,200.50\"\n\
NEU-2,C00100,,2026-11-02,2026-12-02,300\n";

#[tokio::test]
async fn a_preview_tells_everything_and_changes_nothing() {
    let office = Office::new();
    let before = traces(&office);
    let text = format!(
        "{INVOICES}NEU-3,C99999,,2026-11-02,2026-12-02,10\nNEU-4,C00100,,gestern,2026-12-02,7.5\n"
    );
    let view = seen(&office, "invoices/preview", &text).await;
    assert_eq!(
        (view.file.origin.as_str(), view.file.missing.len()),
        ("guessed", 0)
    );
    let told = view.outcome.unwrap();
    assert_eq!((counts(&told), told.applied), ([2, 0, 0, 2], false));
    assert_eq!(
        (told.created.sum.as_str(), told.refused.sum.as_str()),
        ("1500.50", "17.50")
    );
    let bad: Vec<_> = told
        .bad_rows
        .iter()
        .map(|b| format!("{} {} {} {}", b.line, b.column, b.value, b.reason))
        .collect();
    assert_eq!(
        bad,
        [
            "4 客户编号 C99999 import.customer_unknown",
            "5 开票日期 gestern import.date_invalid"
        ]
    );
    let first: Vec<_> = told
        .first_rows
        .iter()
        .map(|r| (r.line, r.outcome.as_str(), r.number.as_str()))
        .collect();
    assert_eq!(first, [(2, "new", "NEU-1"), (3, "new", "NEU-2")]);
    // With bad rows nothing is imported, and nothing is kept.
    let refused = upload(&office, &office.clerk, "invoices", &text).await;
    assert_eq!(
        (refused.status.as_u16(), refused.code().as_str()),
        (422, "import.bad_rows")
    );
    assert_eq!(traces(&office), before);
}

#[tokio::test]
async fn what_was_previewed_is_imported_and_the_same_file_again_changes_nothing() {
    let office = Office::new();
    let book = office
        .account()
        .await
        .book
        .parse::<shared::money::Money>()
        .unwrap();
    let told = outcome(&office, "invoices/preview", INVOICES).await;
    let done = outcome(&office, "invoices", INVOICES).await;
    assert_eq!((counts(&told), told.applied), ([2, 0, 0, 0], false));
    assert_eq!((counts(&done), done.applied), ([2, 0, 0, 0], true));
    let now = office
        .account()
        .await
        .book
        .parse::<shared::money::Money>()
        .unwrap();
    assert_eq!(now.checked_sub(book).unwrap(), money("1500.50"));
    let after = traces(&office);
    assert_eq!(
        counts(&outcome(&office, "invoices", INVOICES).await),
        [0, 0, 2, 0]
    );
    assert_eq!(traces(&office), after);

    let other = INVOICES
        .replace("300", "310")
        .replace("2026-12-02", "2026-12-09");
    let told = outcome(&office, "invoices/preview", &other).await;
    assert_eq!(counts(&told), [0, 1, 1, 0]);
    let changed = told
        .first_rows
        .iter()
        .find(|row| row.outcome == "changed")
        .unwrap();
    let changes: Vec<_> = changed
        .changes
        .iter()
        .map(|c| format!("{} {} {}", c.field, c.before, c.after))
        .collect();
    assert_eq!(
        changes,
        ["due 2026-12-02 2026-12-09", "amount 300.00 310.00"]
    );
    assert_eq!(traces(&office), after);
    office.verify();
}

#[tokio::test]
async fn customers_and_payments_are_uploaded_alike_and_the_map_is_kept_by_kind() {
    let office = Office::new();
    let customers = "编号,名称,电话\nN-1,新客户五金,13800000000\n";
    let view = seen(&office, "customers/preview", customers).await;
    assert_eq!(view.file.missing, ["territory"]);
    assert!(view.outcome.is_none());
    // {"columns":{"number":"编号","name":"名称"},"territory":"城西"}
    let map = "?map=%7B%22columns%22%3A%7B%22number%22%3A%22%E7%BC%96%E5%8F%B7%22%2C%22name%22%3A%22%E5%90%8D%E7%A7%B0%22%7D%2C%22territory%22%3A%22%E5%9F%8E%E8%A5%BF%22%7D";
    let before = traces(&office);
    let told = outcome(&office, &format!("customers/preview{map}"), customers).await;
    assert_eq!(counts(&told), [1, 0, 0, 0]);
    assert_eq!(
        traces(&office),
        before,
        "a map that is only tried is not kept"
    );
    let done = outcome(&office, &format!("customers{map}"), customers).await;
    assert!(done.applied);
    let again = seen(&office, "customers/preview", customers).await;
    assert_eq!(
        (
            again.file.origin.as_str(),
            again.file.mapping.territory.as_str()
        ),
        ("kept", "城西")
    );
    assert_eq!(counts(&again.outcome.unwrap()), [0, 0, 1, 0]);

    let payments = "Payment no,Payment date,Customer no,Amount\nP-1,2026-11-20,N-1,80\n";
    let done = outcome(&office, "payments", payments).await;
    assert_eq!(
        (counts(&done), done.created.sum.as_str()),
        ([1, 0, 0, 0], "80.00")
    );
    let other = payments.replace("80", "81");
    let told = outcome(&office, "payments/preview", &other).await;
    assert_eq!(told.bad_rows[0].reason, "import.number_conflict");
    office.verify();
}

#[tokio::test]
async fn uploads_are_for_finance_and_only_of_what_can_be_imported() {
    let office = Office::new();
    let before = traces(&office);
    for path in [
        "invoices",
        "invoices/preview",
        "customers",
        "payments/preview",
    ] {
        for phone in [&office.rep, &office.boss] {
            let refused = upload(&office, phone, path, INVOICES).await;
            assert_eq!(
                (refused.status.as_u16(), refused.code().as_str()),
                (403, "auth.forbidden")
            );
        }
        let refused = upload(&office, &office.clerk, path, "PK\u{3}\u{4}").await;
        assert_eq!(
            (refused.status.as_u16(), refused.code().as_str()),
            (422, "import.not_text")
        );
        let refused = upload(&office, &office.clerk, path, "").await;
        assert_eq!(refused.code(), "import.empty");
    }
    for path in ["bank_lines", "bank_lines/preview", "people"] {
        let refused = upload(&office, &office.clerk, path, INVOICES).await;
        assert_eq!(
            (refused.status.as_u16(), refused.code().as_str()),
            (404, "http.not_found")
        );
    }
    // A file without its columns is no reason to import the half of it.
    let refused = upload(&office, &office.clerk, "invoices", "a,b\n1,2\n").await;
    assert_eq!(
        (refused.status.as_u16(), refused.code().as_str()),
        (422, "import.map")
    );
    assert_eq!(traces(&office), before);
}
