//! Customers with all of their fields.

use shared::{
    customer::{ContactRole, Settlement},
    evidence::GeoPoint,
};

use super::*;

const FIELDS: &str = "number,name,territory,rep,address,contact,contact_role,phone,term_days,\
                      credit_limit,grade,settlement,latitude,longitude,hold";

fn map() -> String {
    let columns: String = FIELDS
        .split(',')
        .map(|f| format!("{f}=\"{f}\"\n"))
        .collect();
    format!("[columns]\n{columns}")
}

/// A row in which one field holds a text and the others that need none are empty.
fn row(number: &str, field: &str, text: &str) -> String {
    let value = |name: &str| match name {
        "number" => number.to_owned(),
        _ if name == field => text.to_owned(),
        "name" | "contact" => "甲".to_owned(),
        "territory" => "城西".to_owned(),
        _ => String::new(),
    };
    FIELDS.split(',').map(value).collect::<Vec<_>>().join(",")
}

#[test]
fn every_field_of_a_customer_comes_as_it_is_written() {
    let books = books("CNY");
    let csv = format!(
        "{FIELDS}\nC1,城西五金,城西,王芳,城西路 1 号,老张,老板,138 0013 8000,45天,\"50,000.50\",b,季结,30.66,-104.0600001,是\n"
    );
    books.import(Kind::Customers, &map(), &csv).unwrap();
    let customer = books.customer("C1").unwrap();
    assert_eq!(
        (customer.address.as_str(), customer.hold),
        ("城西路 1 号", true)
    );
    let terms = &customer.terms;
    assert_eq!(
        (terms.settlement, terms.term_days, terms.grade.as_str()),
        (Settlement::Quarterly, 45, "B")
    );
    assert_eq!(terms.credit_limit, "50000.50".parse().unwrap());
    let place = GeoPoint {
        lat_e7: 306_600_000,
        lon_e7: -1_040_600_001,
    };
    assert_eq!(customer.position, Some(place));
    let [contact] = customer.contacts.as_slice() else {
        panic!("{:?}", customer.contacts)
    };
    assert_eq!(
        (contact.name.as_str(), contact.role, contact.phone.as_str()),
        ("老张", ContactRole::DecisionMaker, "138 0013 8000")
    );
    // A file without these fields leaves them as they are.
    let csv = "a,b,c,d\nC1,城西五金行,城西,\n";
    books.import(Kind::Customers, CUSTOMERS, csv).unwrap();
    let renamed = books.customer("C1").unwrap();
    assert_eq!(renamed.name, "城西五金行");
    assert_eq!(
        (renamed.terms, renamed.contacts, renamed.hold),
        (customer.terms, customer.contacts, true)
    );
}

/// Each text in that field gives a customer of whom `read` says what is expected.
fn check<T: PartialEq + std::fmt::Debug>(
    field: &str,
    cases: &[(&str, T)],
    read: impl Fn(&shared::customer::Customer) -> T,
) {
    let books = books("CNY");
    let rows = cases.iter().enumerate();
    let rows: Vec<String> = rows
        .map(|(n, (text, _))| row(&n.to_string(), field, text))
        .collect();
    let csv = format!("{FIELDS}\n{}\n", rows.join("\n"));
    books.import(Kind::Customers, &map(), &csv).unwrap();
    for (n, (text, expected)) in cases.iter().enumerate() {
        let customer = books.customer(&n.to_string()).unwrap();
        assert_eq!(&read(&customer), expected, "{field} {text:?}");
    }
}

#[test]
fn choices_are_read_in_the_words_that_books_use() {
    let settlements = [
        ("", Settlement::Monthly),
        ("预付", Settlement::Prepaid),
        ("货到付款", Settlement::CashOnDelivery),
        ("月结", Settlement::Monthly),
        ("季结", Settlement::Quarterly),
        ("分期", Settlement::Instalments),
        ("prepaid", Settlement::Prepaid),
    ];
    check("settlement", &settlements, |c| c.terms.settlement);
    let roles = [
        ("", ContactRole::Other),
        ("决策人", ContactRole::DecisionMaker),
        ("老板", ContactRole::DecisionMaker),
        ("付款人", ContactRole::Payer),
        ("会计", ContactRole::Accountant),
        ("其他", ContactRole::Other),
        ("payer", ContactRole::Payer),
    ];
    check("contact_role", &roles, |c| c.contacts[0].role);
    let holds = [
        ("", false),
        ("是", true),
        ("停", true),
        ("1", true),
        ("YES", true),
        ("否", false),
        ("0", false),
        ("no", false),
    ];
    check("hold", &holds, |c| c.hold);
    let grades = [("", ""), ("a", "A"), ("D", "D")].map(|(text, grade)| (text, grade.to_owned()));
    check("grade", &grades, |c| c.terms.grade.clone());
    let limits = [("", 0), ("0", 0), ("¥1200", 1_200)];
    let limits = limits.map(|(text, yuan)| (text, Money::from_yuan(yuan)));
    check("credit_limit", &limits, |c| c.terms.credit_limit);
}

#[test]
fn what_a_field_of_a_customer_does_not_know_is_a_bad_row() {
    let books = books("CNY");
    for (field, text, reason) in [
        ("term_days", "soon", Reason::NumberInvalid),
        ("term_days", "-1", Reason::NumberInvalid),
        ("term_days", "3651", Reason::NumberInvalid),
        ("latitude", "north", Reason::NumberInvalid),
        ("latitude", "90.1", Reason::NumberInvalid),
        ("contact_role", "uncle", Reason::ChoiceInvalid),
        ("grade", "E", Reason::ChoiceInvalid),
        ("settlement", "barter", Reason::ChoiceInvalid),
        ("hold", "perhaps", Reason::ChoiceInvalid),
        ("credit_limit", "-5", Reason::AmountNegative),
        ("rep", "赵云", Reason::RepUnknown),
        ("territory", "", Reason::Missing),
        ("name", "", Reason::Missing),
    ] {
        let csv = format!("{FIELDS}\n{}\n", row("C1", field, text));
        let report = bad(books.import(Kind::Customers, &map(), &csv));
        assert_eq!(reasons(&report), [(2, field, text, reason)]);
        assert!(books.customer("C1").is_none());
    }
}
