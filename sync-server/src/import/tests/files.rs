//! Files of all sorts, and bytes that are none.

use proptest::prelude::*;

use super::*;

#[test]
fn files_of_all_sorts_are_read() {
    for (delimiter, name) in [
        (",", "甲, 分店"),
        (";", "甲; 分店"),
        ("tab", "甲 分店"),
        ("|", "甲| 分店"),
    ] {
        read_in_every_encoding(delimiter, name);
    }
}

fn read_in_every_encoding(delimiter: &str, name: &str) {
    let written = delimiter.replace("tab", "\t");
    let text =
        "No;Cust;Name;Date;Sum\r\n1;C1;\"甲;\r\n分店\";2026年1月2日;\"¥1.234,50\"\r\n;;;;\r\n\r\n"
            .replace(';', &written);
    let map =
        format!("delimiter=\"{delimiter}\"\n[amount]\nthousands=\".\"\ndecimal=\",\"\n{CREATING}");
    let gb = encoding_rs::GB18030.encode(&text).0.into_owned();
    let utf16: Vec<u8> = format!("\u{feff}{text}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for bytes in [
        text.as_bytes(),
        format!("\u{feff}{text}").as_bytes(),
        &gb,
        &utf16,
    ] {
        let books = books("CNY");
        let report = books
            .import_with(Kind::Invoices, &map, bytes, false)
            .unwrap();
        assert_eq!(
            (report.rows, report.created.rows, report.blank_rows),
            (1, 1, 1),
            "{delimiter}"
        );
        assert_eq!(books.customer("C1").unwrap().name, name);
        assert_eq!(books.invoice("1").unwrap().amount.to_string(), "1234.50");
    }
}

#[test]
fn bytes_that_are_no_text_are_refused_by_line_and_column() {
    let books = books("CNY");
    let mut csv =
        b"No,Cust,Name,Date,Sum\n1,C1,ok,2026-01-01,1\n2,C1,b\xffd,2026-01-01,1\n".to_vec();
    let map = format!("encoding=\"utf-8\"\n{CREATING}");
    let report = bad(books.import_with(Kind::Invoices, &map, &csv, false));
    assert_eq!(
        reasons(&report),
        [(3, "Name", "b\u{fffd}d", Reason::Encoding)]
    );
    csv.truncate(0);
    assert!(matches!(
        books.import_with(Kind::Invoices, &map, &csv, false),
        Err(ImportError::Empty)
    ));
}

#[test]
fn rows_may_be_left_out_by_what_a_column_holds() {
    let books = books("CNY");
    let map = format!(
        "[[skip]]\ncolumn=\"Paid\"\nempty=false\n[[skip]]\ncolumn=\"Kind\"\nequals=[\"draft\"]\n{CREATING}"
    );
    let csv = "No,Cust,Name,Date,Sum,Paid,Kind\n1,C1,甲,2026-01-01,1,,x\n2,C1,甲,bad,1,yes,x\n3,C1,甲,bad,1,,draft\n";
    let report = books.import(Kind::Invoices, &map, csv).unwrap();
    assert_eq!(
        (report.rows, report.skipped_rows, report.created.rows),
        (1, 2, 1)
    );
}

#[test]
fn a_column_that_is_missing_or_comes_twice_is_said_so() {
    let books = books("CNY");
    let missing = books
        .import(Kind::Invoices, INVOICES, "No,Cust\n")
        .unwrap_err();
    assert_eq!(
        (missing.code(), missing.to_string().contains("\"Date\"")),
        ("import.no_such_column", true)
    );
    let twice = books
        .import(Kind::Invoices, INVOICES, "No,Cust,Date,Due,Sum,Sum\n")
        .unwrap_err();
    assert_eq!(twice.code(), "import.column_twice");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_bytes_make_the_reader_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..600),
        delimiter in prop::sample::select(vec![",", ";", "tab", "|"]),
        encoding in prop::sample::select(vec!["auto", "utf-8", "gb18030", "utf-16"]),
        header in any::<bool>(),
    ) {
        let map = format!("delimiter=\"{delimiter}\"\nencoding=\"{encoding}\"\nheader={header}\n[columns]\nnumber=1\nday=2\namount=3\ninvoice=4\n");
        let map = ColumnMap::parse(&map, Kind::Payments).unwrap();
        if let Ok(table) = Table::open(Cursor::new(bytes), &map, Kind::Payments) {
            let collected = collect(table, &map, Kind::Payments, "CNY", payments::read);
            if let Ok(collected) = collected {
                let report = collected.report;
                prop_assert_eq!(report.rows, report.refused.rows + collected.lines.len() as u64);
            }
        }
    }

    #[test]
    fn no_text_makes_a_field_parser_panic(
        text in "\\PC{0,40}",
        numberish in "[-+()¥元,. 0-9年月日/eE]{0,30}",
    ) {
        for text in [text, numberish] {
            let _ = amount::AmountStyle::default().read(&text);
            let _ = search_key(&text);
            for format in ["YYYY-MM-DD", "M/D/YY", "YYYYMMDD", "YYYY年M月D日"] {
                let _ = date::DateFormat::parse(format).unwrap().read(&text);
            }
            let _ = date::DateFormat::parse(&text);
            let _ = ColumnMap::parse(&text, Kind::Invoices);
        }
    }
}
