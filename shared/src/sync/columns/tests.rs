//! What columns promise.

use std::collections::BTreeMap;

use proptest::{collection::vec, option, prelude::*, sample::select};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::*;
use crate::{
    customer::{Contact, ContactRole, Customer, Settlement, Terms},
    day::Day,
    evidence::GeoPoint,
    ids::*,
    invoice::{Invoice, Payment},
    money::Money,
    people::{Person, Role, Territory},
    promise::PromiseState,
    receipt::ReceiptState,
    sync::message::*,
};

/// Ids: few of them, so that they come again.
fn id() -> impl Strategy<Value = Uuid> {
    (0u128..40).prop_map(|n| Uuid::from_u128(n * 0x0123_4567_89ab_cdef_0011_2233))
}

fn hash() -> impl Strategy<Value = [u8; 32]> {
    (0u8..20).prop_map(|n| std::array::from_fn(|i| n.wrapping_mul(i as u8 + 7)))
}

fn money() -> impl Strategy<Value = Money> {
    (-10_000_000_000i64..10_000_000_000).prop_map(|fen| Money::from_fen(fen).unwrap())
}

fn day() -> impl Strategy<Value = Day> {
    (0i64..40_000).prop_map(Day::from_number)
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9-]{0,12}",
        "[\u{4e00}-\u{4e80}]{0,6}",
        Just(String::new())
    ]
}

fn customer() -> impl Strategy<Value = Customer> {
    let contact =
        (text(), select(ContactRole::ALL), text()).prop_map(|(name, role, phone)| Contact {
            name,
            role,
            phone,
            note: String::new(),
        });
    let terms = (select(Settlement::ALL), any::<u16>(), money(), text()).prop_map(
        |(settlement, term_days, credit_limit, grade)| Terms {
            settlement,
            term_days,
            credit_limit,
            grade,
            deduction_rate_bp: term_days / 2,
        },
    );
    let position =
        (any::<i32>(), any::<i32>()).prop_map(|(lat_e7, lon_e7)| GeoPoint { lat_e7, lon_e7 });
    let named = (id(), text(), text(), id(), option::of(id()));
    (
        named,
        option::of(position),
        vec(contact, 0..4),
        terms,
        any::<bool>(),
    )
        .prop_map(
            |((id, number, name, territory, rep), position, contacts, terms, hold)| Customer {
                id: CustomerId(id),
                search_key: name.clone(),
                address: number.clone(),
                number,
                name,
                territory: TerritoryId(territory),
                rep: rep.map(PersonId),
                position,
                contacts,
                terms,
                hold,
            },
        )
}

fn book_row() -> impl Strategy<Value = Row> {
    let invoice = (id(), id(), text(), (day(), day()), (money(), money())).prop_map(
        |(id, customer, number, (issued, due), (amount, settled))| {
            Row::Invoice(InvoiceRow {
                invoice: Invoice {
                    id: InvoiceId(id),
                    customer: CustomerId(customer),
                    number,
                    issued,
                    due,
                    amount,
                },
                settled,
            })
        },
    );
    let account = (id(), money(), money()).prop_map(|(id, on_account, in_transit)| {
        Row::Account(AccountRow {
            customer: CustomerId(id),
            on_account,
            in_transit,
        })
    });
    let payment = (id(), id(), text(), day(), money(), option::of(id())).prop_map(
        |(id, customer, number, day, amount, invoice)| {
            Row::Payment(Payment {
                id: PaymentId(id),
                customer: CustomerId(customer),
                number,
                day,
                amount,
                invoice: invoice.map(InvoiceId),
            })
        },
    );
    prop_oneof![
        customer().prop_map(Row::Customer),
        invoice,
        account,
        payment
    ]
}

fn state_row() -> impl Strategy<Value = Row> {
    let receipt = (hash(), id(), select(ReceiptState::ALL), option::of(day())).prop_map(
        |(document, customer, state, posted_day)| {
            Row::Receipt(ReceiptRow {
                document: DocumentId(document),
                customer: CustomerId(customer),
                state,
                posted_day,
            })
        },
    );
    let part = (select(PromiseState::ALL), money());
    let promise = (hash(), id(), select(PromiseState::ALL), vec(part, 0..4)).prop_map(
        |(document, customer, state, instalments)| {
            Row::Promise(PromiseRow {
                document: DocumentId(document),
                customer: CustomerId(customer),
                state,
                instalments,
            })
        },
    );
    let exception = (
        hash(),
        select(ExceptionKind::ALL),
        id(),
        option::of(hash()),
        option::of(money()),
    )
        .prop_map(|(id, kind, customer, document, amount)| {
            Row::Exception(ExceptionRow {
                id: Digest(id),
                kind,
                customer: CustomerId(customer),
                document: document.map(DocumentId),
                subject: "A07-261121-2".into(),
                amount,
                found_at: Timestamp(-5),
                open: amount.is_some(),
            })
        });
    prop_oneof![receipt, promise, exception]
}

fn company_row() -> impl Strategy<Value = Row> {
    let company = (id(), text(), any::<i32>()).prop_map(|(id, name, utc_offset_minutes)| {
        Row::Company(CompanyRow {
            id: CompanyId(id),
            name,
            currency: "CNY".into(),
            utc_offset_minutes,
            policy: Default::default(),
        })
    });
    let person =
        (id(), text(), select(Role::ALL), any::<bool>()).prop_map(|(id, name, role, active)| {
            Row::Person(Person {
                id: PersonId(id),
                phone: name.clone(),
                name,
                role,
                active,
            })
        });
    let territory = (id(), text(), option::of(id())).prop_map(|(id, name, supervisor)| {
        Row::Territory(Territory {
            id: TerritoryId(id),
            name,
            supervisor: supervisor.map(PersonId),
        })
    });
    let cash = (id(), money(), money()).prop_map(|(id, cash, cheques)| {
        Row::FieldCash(FieldCashRow {
            person: PersonId(id),
            cash,
            cheques,
        })
    });
    prop_oneof![company, person, territory, cash]
}

fn change() -> impl Strategy<Value = Item> {
    let of = (id(), id(), id(), any::<i64>(), any::<i64>());
    let bytes = prop_oneof![
        vec(any::<u8>(), 0..80),
        vec(any::<u8>(), 32),
        vec(any::<u8>(), 16)
    ];
    let document = option::of(hash());
    (document, select(Kind::ALL), of, bytes).prop_map(
        |(document, kind, (customer, person, device, at, clock_offset_ms), change)| {
            Item::Change(ChangeItem {
                document: document.map_or_else(|| DocumentId(frame_hash(&change).0), DocumentId),
                kind,
                customer: CustomerId(customer),
                person: PersonId(person),
                device: DeviceId(device),
                received_at: Timestamp(at),
                clock_offset_ms,
                change,
            })
        },
    )
}

fn item() -> impl Strategy<Value = Item> {
    let row = prop_oneof![4 => book_row(), 3 => state_row(), 1 => company_row()];
    prop_oneof![
        4 => row.prop_map(|row| Item::Row(Box::new(row))),
        3 => change(),
        1 => id().prop_map(|id| Item::Enter(CustomerId(id))),
        1 => id().prop_map(|id| Item::Leave(CustomerId(id))),
    ]
}

fn entries(most: usize) -> impl Strategy<Value = Vec<Entry>> {
    let entry = (prop_oneof![0u64..100_000, any::<u64>()], item());
    vec(entry.prop_map(|(seq, item)| Entry { seq, item }), 0..most)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn entries_of_every_kind_come_back_as_they_were(entries in entries(60)) {
        let packed = pack(&entries).unwrap();
        prop_assert_eq!(unpack(&packed), Ok(entries));
    }

    #[test]
    fn damaged_columns_are_refused_or_read_but_never_panic(
        entries in entries(12),
        flips in vec((any::<prop::sample::Index>(), 1u8..), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = pack(&entries).unwrap();
        for (at, flip) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
        }
        let _ = unpack(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        let _ = unpack(&bytes);
    }

    #[test]
    fn columns_cut_off_or_with_something_behind_them_are_refused(
        entries in entries(12), cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = pack(&entries).unwrap();
        prop_assert!(unpack(&bytes[..cut.index(bytes.len())]).is_err());
        bytes.push(0);
        prop_assert!(unpack(&bytes).is_err());
    }

    #[test]
    fn any_bytes_are_refused_or_read_but_never_panic(bytes in vec(any::<u8>(), 0..300)) {
        let _ = unpack(&bytes);
    }

    #[test]
    fn numbers_of_every_size_and_sign_come_back(numbers in vec(any::<(u64, i64, i8, bool)>(), 0..40)) {
        let packed = to_bytes(&numbers).unwrap();
        prop_assert_eq!(from_bytes::<Vec<(u64, i64, i8, bool)>>(&packed), Ok(numbers));
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Shape {
    Empty,
    One(char),
    Two(u8, String),
    Named {
        map: BTreeMap<String, u16>,
        unit: (),
    },
}

#[test]
fn every_shape_that_serde_derives_has_columns() {
    let shapes = vec![
        Shape::Named {
            map: [("a".to_owned(), 3), ("b".to_owned(), u16::MAX)].into(),
            unit: (),
        },
        Shape::Empty,
        Shape::One('汇'),
        Shape::Two(255, "x".into()),
        Shape::Empty,
    ];
    let packed = to_bytes(&shapes).unwrap();
    assert_eq!(from_bytes::<Vec<Shape>>(&packed), Ok(shapes));
    assert!(to_bytes(&1.5_f32).is_err());
}

#[test]
fn a_message_cannot_claim_more_than_it_holds() {
    // Ten bytes that claim a list of so many entries of nothing.
    for claimed in [limits::LIST_ELEMENTS as u64 + 1, u64::MAX >> 2] {
        let mut numbers = Vec::new();
        number::put(&mut numbers, number::zigzag(claimed as i64));
        let mut bytes = vec![0, 1, 1, numbers.len() as u8, 0, 0];
        bytes.extend(numbers);
        assert_eq!(unpack(&bytes), Err(ColumnsError::TooLong));
    }
    let mut frames = Vec::new();
    number::put(&mut frames, u64::MAX);
    assert!(unpack(&frames).is_err());
}
