//! Payments that stand in the books.

use super::*;

#[test]
fn payments_settle_their_invoice_once_and_never_change_under_a_number() {
    let books = books("CNY");
    books
        .import(
            Kind::Invoices,
            CREATING,
            "No,Cust,Name,Date,Sum\n1,C1,甲,2026-01-01,10\n",
        )
        .unwrap();
    let csv = "No,Inv,Day,Sum\nP1,1,2026-02-01,4\nP2,1,2026-02-02,6\n";
    assert_eq!(
        books
            .import(Kind::Payments, PAYMENTS, csv)
            .unwrap()
            .created
            .rows,
        2
    );
    assert_eq!(
        books
            .import(Kind::Payments, PAYMENTS, csv)
            .unwrap()
            .unchanged
            .rows,
        2
    );
    let id = books.invoice("1").unwrap().id;
    let row = books
        .store
        .read(|conn| books::invoice(conn, id))
        .unwrap()
        .unwrap();
    assert_eq!(row.settled, Money::from_yuan(10));
    let report = bad(books.import(
        Kind::Payments,
        PAYMENTS,
        "No,Inv,Day,Sum\nP1,1,2026-02-01,5\nP3,8,2026-02-01,5\n",
    ));
    assert_eq!(
        reasons(&report),
        [
            (2, "No", "P1", Reason::NumberConflict),
            (3, "Inv", "8", Reason::InvoiceUnknown)
        ]
    );
}

#[test]
fn a_payment_may_not_pay_another_customers_invoice() {
    let books = books("CNY");
    let csv = "No,Cust,Name,Date,Sum\n1,C1,甲,2026-01-01,10\n2,C2,乙,2026-01-01,10\n";
    books.import(Kind::Invoices, CREATING, csv).unwrap();
    let map = format!("{PAYMENTS}customer=\"Cust\"\n");
    let check = |row: &str, reason: Reason| {
        let report = bad(books.import(
            Kind::Payments,
            &map,
            &format!("No,Cust,Inv,Day,Sum\n{row}\n"),
        ));
        assert_eq!(reasons(&report)[0].3, reason, "{row}");
    };
    check("P1,C2,1,2026-02-01,5", Reason::InvoiceOfAnotherCustomer);
    check("P1,C9,,2026-02-01,5", Reason::CustomerUnknown);
    check("P1,,,2026-02-01,5", Reason::Missing);
    let on_account = books
        .import(
            Kind::Payments,
            &map,
            "No,Cust,Inv,Day,Sum\nP1,C2,,2026-02-01,5\n",
        )
        .unwrap();
    assert_eq!(on_account.created.rows, 1);
}

#[test]
fn one_bad_payment_keeps_the_good_ones_out_unless_leaving_it_out_is_asked_for() {
    let books = books("CNY");
    let csv = "No,Cust,Name,Date,Sum\n1,C1,甲,2026-01-01,10\n";
    books.import(Kind::Invoices, CREATING, csv).unwrap();
    let csv = "No,Inv,Day,Sum\nP1,1,2026-02-01,4\nP2,8,2026-02-01,5\nP3,1,2026-02-02,1.50\n";
    let settled = |books: &Books| {
        let id = books.invoice("1").unwrap().id;
        let row = books.store.read(|conn| books::invoice(conn, id));
        row.unwrap().unwrap().settled
    };
    let head = |books: &Books| books.store.read(crate::store::log::head).unwrap();
    let before = head(&books);
    let report = bad(books.import(Kind::Payments, PAYMENTS, csv));
    assert_eq!(reasons(&report), [(3, "Inv", "8", Reason::InvoiceUnknown)]);
    assert!(!report.applied && report.created.rows == 2);
    assert_eq!((settled(&books), head(&books)), (Money::ZERO, before));
    let report = books
        .import_with(Kind::Payments, PAYMENTS, csv.as_bytes(), true)
        .unwrap();
    assert_eq!((report.created.rows, report.refused.rows), (2, 1));
    assert_eq!(settled(&books), "5.50".parse().unwrap());
}
