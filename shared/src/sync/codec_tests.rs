//! What the wire promises.

use proptest::prelude::*;

use super::{codec::*, limits, message::*};
use crate::{
    day::{Day, Timestamp},
    document::{self, Kind, fixtures::*},
    ids::*,
    money::Money,
    policy::{account::CaseStep, figures::Figures, recovery::default_curve},
    promise::PromiseState,
    receipt::ReceiptState,
};

fn request(frames: usize) -> SyncRequest {
    let frames = (0..frames as u64)
        .map(|n| {
            let change = document::create_visit(&visit(), origin(n)).unwrap();
            Frame {
                document: (n % 2 == 1).then_some(change.document),
                change: document::to_frame(&change.bytes).to_vec(),
            }
        })
        .collect();
    let mut request = SyncRequest {
        version: PROTOCOL_VERSION,
        device: DEVICE,
        generation: 3,
        batch: 17,
        epoch: 1,
        cursor: Cursor {
            seq: 9,
            part: 0,
            chain: Some(Digest([1; 32])),
        },
        checkpoints: vec![],
        frames,
        signature: [0; 64],
        phone_clock: NOON,
        wants: Vec::new(),
    };
    request.sign(&key(9));
    request
}

fn response() -> SyncResponse {
    let document = DocumentId([5; 32]);
    let items = [
        Item::Enter(CUSTOMER),
        Item::Leave(CUSTOMER),
        Item::Change(ChangeItem {
            document,
            kind: Kind::Receipt,
            customer: CUSTOMER,
            person: REP,
            device: DEVICE,
            received_at: NOON,
            clock_offset_ms: -1_200,
            change: vec![1, 2, 3],
        }),
        Item::Row(Box::new(Row::Receipt(ReceiptRow {
            document,
            customer: CUSTOMER,
            state: ReceiptState::Posted,
            posted_day: Day::new(2026, 11, 21),
        }))),
        Item::Row(Box::new(Row::Promise(PromiseRow {
            document,
            customer: CUSTOMER,
            state: PromiseState::PartlyKept,
            instalments: vec![
                (PromiseState::Kept, yuan(5)),
                (PromiseState::Unknown, Money::ZERO),
            ],
        }))),
        Item::Row(Box::new(Row::Company(CompanyRow {
            id: CompanyId(id(77)),
            name: "汇款".into(),
            currency: "CNY".into(),
            utc_offset_minutes: 480,
            policy: Default::default(),
        }))),
        Item::Row(Box::new(Row::HandIn(HandInRow {
            document,
            person: REP,
            state: crate::hand_in::HandInState::Accepted,
            gone: vec![document],
            counted: Some(yuan(5)),
            undecided: Some(yuan(1).negated()),
            reason: String::new(),
            at: NOON,
        }))),
        Item::Row(Box::new(Row::Proposal(crate::proposal::ProposalRow {
            document,
            customer: CUSTOMER,
            state: crate::proposal::ProposalState::BeingPosted,
            amount: Some(yuan(3)),
            by: Some(REP),
            words: "按合同价".into(),
            at: NOON,
        }))),
        Item::Row(Box::new(Row::Statement(StatementRow {
            statement: crate::ids::StatementId([6; 32]),
            customer: CUSTOMER,
            confirmation: true,
            as_of: Day::new(2026, 10, 31).unwrap(),
            revision: 2,
            closing: yuan(7).negated(),
            until: Day::new(2026, 11, 7).unwrap(),
            state: crate::statement::StatementState::Disputed,
            content: "{\"对账\":1}".into(),
            document: Some(document),
            replies: vec![crate::statement::LineReply {
                line: 3,
                accepted: false,
                note: "按送货单".into(),
            }],
            note: String::new(),
            at: NOON,
        }))),
        Item::Row(Box::new(case())),
        Item::Row(Box::new(rules())),
        Item::Row(Box::new(Row::FieldCash(FieldCashRow {
            person: REP,
            cash: Money::MAX,
            cheques: yuan(1).negated(),
        }))),
    ];
    SyncResponse {
        version: PROTOCOL_VERSION,
        epoch: 1,
        generation: 4,
        standing: Standing::Current,
        answers: vec![
            Answer {
                hash: ChangeHash([1; 32]),
                outcome: Outcome::Acked { seq: 7 },
            },
            Answer {
                hash: ChangeHash([2; 32]),
                outcome: Outcome::Rejected {
                    code: "admission.limit".into(),
                    detail: String::new(),
                },
            },
        ],
        entries: items
            .into_iter()
            .zip(1..)
            .map(|(item, seq)| Entry { seq, item })
            .collect(),
        cursor: Cursor::default(),
        more: true,
        head_seq: 99,
        server_clock: Timestamp(-1),
        fetched: Vec::new(),
        fetched_entries: Vec::new(),
        history_days: 0,
    }
}

#[test]
fn messages_read_back_as_they_were_sent() {
    for frames in [0, 1, 5] {
        let sent = request(frames);
        assert_eq!(SyncRequest::decode(&sent.encode().unwrap()), Ok(sent));
    }
    assert_eq!(
        SyncResponse::decode(&response().encode_at(19).unwrap()),
        Ok(response())
    );
}

fn case() -> Row {
    Row::Case(CaseRow {
        customer: CUSTOMER,
        steps: vec![CaseStep {
            what: 1,
            on: Day::new(2026, 11, 12).unwrap(),
            then: Day::new(2026, 11, 14),
        }],
    })
}

fn rules() -> Row {
    Row::Rules(RulesRow {
        curve: default_curve(),
        figures: Figures::default().list(),
    })
}

#[test]
fn cases_and_rules_are_told_from_version_6_on_and_of_a_case_only_those_in_whose_scope_the_customer_is()
 {
    for row in [case(), rules()] {
        assert_eq!(row.since(), 6);
        assert_eq!(Item::Row(Box::new(row)).since(), PROTOCOL_VERSION);
    }
    assert_eq!(case().customer(), Some(CUSTOMER));
    assert_eq!(rules().customer(), None);
}

#[test]
fn messages_of_the_versions_before_are_spoken_still() {
    for version in OLDEST_VERSION..PROTOCOL_VERSION {
        let mut sent = request(3);
        sent.version = version;
        let bytes = sent.encode().unwrap();
        assert_eq!(u16::from(bytes[0]), version);
        assert_eq!(SyncRequest::decode(&bytes), Ok(sent));
        let mut answer = response();
        answer.version = version;
        let bytes = answer.encode().unwrap();
        assert_eq!(u16::from(bytes[0]), version);
        assert_eq!(SyncResponse::decode(&bytes), Ok(answer));
    }
}

#[test]
fn many_entries_travel_as_columns_and_read_back() {
    let mut sent = response();
    let one_by_one = sent.encode().unwrap().len();
    sent.entries = sent.entries.iter().cycle().take(1_000).cloned().collect();
    let bytes = sent.encode().unwrap();
    assert!(bytes.len() < one_by_one + 1_000, "{}", bytes.len());
    assert_eq!(SyncResponse::decode(&bytes), Ok(sent));
}

#[test]
fn another_version_is_told_from_damage() {
    let mut bytes = request(1).encode().unwrap();
    bytes[0] = 9;
    assert_eq!(SyncRequest::decode(&bytes), Err(MessageError::Version(9)));
    assert_eq!(SyncRequest::decode(&[]), Err(MessageError::Damaged));
}

#[test]
fn a_message_that_names_one_version_and_holds_another_is_refused() {
    for version in OLDEST_VERSION..PROTOCOL_VERSION {
        let mut sent = request(1);
        let mut bytes = sent.encode().unwrap();
        sent.version = version;
        let packed = zstd::bulk::compress(&postcard::to_allocvec(&sent).unwrap(), 3).unwrap();
        bytes.truncate(1);
        bytes.extend(packed);
        assert_eq!(SyncRequest::decode(&bytes), Err(MessageError::Damaged));
    }
}

#[test]
fn a_small_message_cannot_expand_without_bound() {
    let bomb = zstd::bulk::compress(&vec![0u8; limits::MESSAGE_BYTES + 1], 3).unwrap();
    let bytes: Vec<u8> = [PROTOCOL_VERSION as u8].into_iter().chain(bomb).collect();
    assert!(bytes.len() < 10_000);
    assert_eq!(
        SyncRequest::decode(&bytes),
        Err(MessageError::TooLarge("expanded message"))
    );
    let long = vec![PROTOCOL_VERSION as u8; limits::REQUEST_BYTES + 1];
    assert_eq!(
        SyncRequest::decode(&long),
        Err(MessageError::TooLarge("message"))
    );
}

#[test]
fn a_batch_is_signed_with_its_changes_their_order_its_device_and_its_number() {
    let signed = request(3);
    let public_key = document::Sealer::public_key(&key(9));
    assert!(signed.is_signed_by(&public_key));
    assert!(!signed.is_signed_by(&document::Sealer::public_key(&key(8))));
    let refused = |change: &dyn Fn(&mut SyncRequest)| {
        let mut other = signed.clone();
        change(&mut other);
        assert!(!other.is_signed_by(&public_key));
    };
    refused(&|r| r.frames.swap(0, 1));
    refused(&|r| r.batch += 1);
    refused(&|r| r.device = DeviceId(id(88)));
    refused(&|r| drop(r.frames.pop()));
    refused(&|r| r.frames[0].change[40] ^= 1);
    assert!(request(0).is_signed_by(&public_key));
}

#[test]
fn an_invoice_row_takes_fewer_than_29_bytes() {
    let mut seed = 7u64;
    let mut dice = move |sides: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) % sides
    };
    let customers: Vec<u128> = (0..2_000)
        .map(|_| (0..4).fold(0, |id, _| id << 32 | u128::from(dice(1 << 31))))
        .collect();
    let entries: Vec<Entry> = (0..10_000u64)
        .map(|n| {
            let issued = 20_500 + n as i64 / 80 + dice(3) as i64;
            let random = (0..4).fold(0, |id, _| id << 32 | u128::from(dice(1 << 31)));
            let invoice = crate::invoice::Invoice {
                id: InvoiceId(uuid::Uuid::from_u128(random)),
                customer: CustomerId(uuid::Uuid::from_u128(customers[dice(2_000) as usize])),
                number: format!("XS-26{:02}-{:06}", 1 + n / 900, n),
                issued: Day::from_number(issued),
                due: Day::from_number(issued + [30, 45, 60, 90][dice(4) as usize]),
                amount: Money::from_fen((dice(40_000) as i64 + 500) * 10).unwrap(),
            };
            let settled = Money::ZERO;
            Entry {
                seq: 3 + n,
                item: Item::Row(Box::new(Row::Invoice(InvoiceRow { invoice, settled }))),
            }
        })
        .collect();
    let mut page = response();
    page.entries = entries;
    let packed = page.encode().unwrap().len();
    assert!(packed < 29 * page.entries.len(), "{packed}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn damaged_messages_are_refused_or_read_but_never_panic(
        flips in prop::collection::vec((any::<prop::sample::Index>(), 1u8..), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = response().encode().unwrap();
        for (at, flip) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
        }
        let _ = SyncResponse::decode(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        prop_assert!(SyncResponse::decode(&bytes).is_err());
    }
}

#[test]
fn a_bit_flipped_on_the_way_never_becomes_another_message() {
    let (up, down) = (request(3).encode().unwrap(), response().encode().unwrap());
    for bit in 0..up.len() * 8 {
        let mut flipped = up.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(
            SyncRequest::decode(&flipped).map_or(true, |read| read == request(3)),
            "{bit}"
        );
    }
    for bit in 0..down.len() * 8 {
        let mut flipped = down.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(
            SyncResponse::decode(&flipped).map_or(true, |read| read == response()),
            "{bit}"
        );
    }
}
