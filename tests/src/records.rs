//! Records as salespeople make them, in a fixed mix: 60 % visits, 10 % promises, 30 % receipts, promises
//! and receipts signed. The same seed gives the same records.

use ed25519_dalek::{Signer as _, SigningKey};
use shared::{
    customer::Customer,
    day::{Day, Timestamp},
    document::{self, DocumentError, NewChange, Origin, Record, Sealer},
    evidence::{Fix, GeoPoint, Signature, Signer, StrokePoint, Strokes},
    ids::{DeviceId, Digest, InvoiceId, PersonId},
    invoice::Invoice,
    money::Money,
    promise::{Instalment, PromiseCore, PromisedInvoice},
    receipt::{Allocation, Method, ReceiptCore, ReceiptNumber, Shortfall},
    visit::{UnpaidReason, Visit, VisitPurpose, VisitResult},
};

/// A small generator of numbers (SplitMix64), seeded and the same everywhere.
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.draw() % (high - low + 1).unsigned_abs()) as i64
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let index = self.draw() % from.len().max(1) as u64;
        &from[index as usize]
    }
}

/// Who makes records, on which device.
pub struct Author {
    /// Person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Device.
    pub device: DeviceId,
    /// Device code.
    pub device_code: String,
    /// Device key.
    pub key: SigningKey,
    counter: u64,
    receipts: u32,
    previous: Option<Digest>,
}

impl Sealer for Author {
    fn public_key(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }
    fn sign(&self, digest: &Digest) -> [u8; 64] {
        self.key.sign(&digest.0).to_bytes()
    }
}

impl Author {
    /// Somebody with a new device.
    pub fn new(
        person: PersonId,
        name: &str,
        device: DeviceId,
        device_code: &str,
        key: SigningKey,
    ) -> Self {
        Self {
            person,
            name: name.to_owned(),
            device,
            device_code: device_code.to_owned(),
            key,
            counter: 0,
            receipts: 0,
            previous: None,
        }
    }

    fn origin(&mut self, at: Timestamp) -> Origin {
        self.counter += 1;
        let mut actor = [7u8; 16];
        actor[..8].copy_from_slice(&self.device.0.as_bytes()[8..]);
        Origin {
            device: self.device,
            counter: self.counter,
            actor,
            at_s: at.0 / 1_000,
        }
    }

    /// The `index`-th record of the mix, about one of these customers and its invoice.
    pub fn record(
        &mut self,
        dice: &mut Dice,
        index: usize,
        about: &[(Customer, Invoice)],
    ) -> Result<NewChange, DocumentError> {
        let (customer, invoice) = dice.pick(about).clone();
        let at = Timestamp(1_795_230_000_000 + index as i64 * 61_000 + dice.between(0, 9_999));
        match index % 10 {
            0..6 => self.visit(dice, &customer, at),
            6 => self.promise(dice, &customer, &invoice, at),
            _ => self.receipt(dice, &customer, &invoice, at),
        }
    }

    pub(crate) fn visit(
        &mut self,
        dice: &mut Dice,
        customer: &Customer,
        at: Timestamp,
    ) -> Result<NewChange, DocumentError> {
        let results = [
            VisitResult::Unpaid,
            VisitResult::PaidPartly,
            VisitResult::Promised,
            VisitResult::NobodyMet,
        ];
        let visit = Visit {
            customer: customer.id,
            person: self.person,
            started_at: at,
            ended_at: at.plus_ms(dice.between(5, 50) * 60_000),
            check_in: Some(fix(dice, at)),
            check_out: Some(fix(dice, at.plus_ms(600_000))),
            purpose: VisitPurpose::Collect,
            person_met: (*dice.pick(&["刘国强", "王会计", "周师傅", "高总", ""])).to_owned(),
            result: *dice.pick(&results),
            reason: Some(*dice.pick(UnpaidReason::ALL)),
            signs: Vec::new(),
            next_day: Some(day(at).plus_days(dice.between(1, 14))),
            related: Vec::new(),
            notes: notes(dice),
            comments: Vec::new(),
            attachments: Vec::new(),
            corrects: vec![],
        };
        document::create_visit(&visit, self.origin(at))
    }

    pub(crate) fn promise(
        &mut self,
        dice: &mut Dice,
        customer: &Customer,
        invoice: &Invoice,
        at: Timestamp,
    ) -> Result<NewChange, DocumentError> {
        let total = sum(dice);
        let instalments: Vec<Instalment> = total
            .split(3)
            .into_iter()
            .zip([7, 21, 35])
            .map(|(amount, days)| Instalment {
                due: day(at).plus_days(days),
                amount,
            })
            .collect();
        let mut letter = vec!["还款承诺书".to_owned(), "致:城西贸易有限公司".to_owned()];
        letter.push(format!(
            "{}尚欠贵公司货款{},承诺按下列日期付清:",
            customer.name,
            shared::capitals::capitals(total)
        ));
        letter.extend(
            instalments
                .iter()
                .map(|i| format!("{} ¥{}", i.due.in_letters(), i.amount)),
        );
        letter.push("逾期未付,愿按约承担违约责任。".to_owned());
        let core = PromiseCore {
            customer: customer.id,
            customer_name: customer.name.clone(),
            company_name: "城西贸易有限公司".to_owned(),
            person: self.person,
            person_name: self.name.clone(),
            made_at: at,
            day: day(at),
            total,
            instalments,
            invoices: vec![PromisedInvoice {
                invoice: invoice.id,
                number: invoice.number.clone(),
                outstanding: invoice.amount,
            }],
            already_counted: Vec::new(),
            replaces: None,
            letter,
            signature: signature(dice, at),
            corrects: vec![],
        };
        let origin = self.origin(at);
        document::create_promise(&core, origin, self).map(|(change, _)| change)
    }

    fn receipt(
        &mut self,
        dice: &mut Dice,
        customer: &Customer,
        invoice: &Invoice,
        at: Timestamp,
    ) -> Result<NewChange, DocumentError> {
        let amount = part(dice);
        self.receipts += 1;
        let core = ReceiptCore {
            number: ReceiptNumber {
                device_code: self.device_code.clone(),
                day: day(at),
                n: self.receipts,
            },
            previous: self.previous,
            customer: customer.id,
            customer_name: customer.name.clone(),
            company_name: "城西贸易有限公司".to_owned(),
            person: self.person,
            person_name: self.name.clone(),
            issued_at: at,
            day: day(at),
            method: Method::Cash,
            amount,
            allocations: vec![Allocation {
                invoice: invoice.id,
                number: invoice.number.clone(),
                amount,
            }],
            asked: amount.checked_add(Money::from_yuan(100)).unwrap_or(amount),
            shortfall: Some(Shortfall {
                amount: Money::from_yuan(100),
                reason: *dice.pick(UnpaidReason::ALL),
                next_day: day(at).plus_days(10),
            }),
            purpose: String::new(),
            signature: Some(signature(dice, at)),
            last_server_at: None,
            corrects: vec![],
        };
        let origin = self.origin(at);
        let (change, seal) = document::create_receipt(&core, origin, self)?;
        self.previous = Some(seal.digest);
        Ok(change)
    }
}

impl Author {
    /// Issues this receipt under the next number of the device: its core, its change, its seal.
    pub(crate) fn issue(
        &mut self,
        core: ReceiptCore,
        at: Timestamp,
    ) -> Result<(ReceiptCore, NewChange, Digest), DocumentError> {
        self.receipts += 1;
        let core = ReceiptCore {
            number: ReceiptNumber {
                n: self.receipts,
                ..core.number
            },
            previous: self.previous,
            ..core
        };
        let origin = self.origin(at);
        let (change, seal) = document::create_receipt(&core, origin, self)?;
        self.previous = Some(seal.digest);
        Ok((core, change, seal.digest))
    }
}

/// The records that these changes create, as one JSON text a line: what a plain API would send.
pub fn as_json_lines(changes: &[NewChange]) -> Result<String, DocumentError> {
    let mut out = String::new();
    for change in changes {
        let (_, record) = document::read(&[&change.bytes])?;
        let json = match &record {
            Record::Visit(visit) => serde_json::to_string(visit),
            Record::Promise(promise, seal) => serde_json::to_string(&(&promise.core, seal)),
            Record::Receipt(receipt, seal) => serde_json::to_string(&(&receipt.core, seal)),
            Record::ContactBook(book) => serde_json::to_string(book),
            Record::HandIn(hand_in, seal) => serde_json::to_string(&(&hand_in.core, seal)),
            Record::Proposal(proposal) => serde_json::to_string(proposal),
            Record::Statement(answer, seal) => serde_json::to_string(&(&answer.core, seal)),
        };
        out.push_str(&json.unwrap_or_default());
        out.push('\n');
    }
    Ok(out)
}

/// An invoice id that these dice give.
pub fn invoice_id(dice: &mut Dice) -> InvoiceId {
    let bytes = u128::from(dice.draw()) << 64 | u128::from(dice.draw());
    InvoiceId(uuid::Uuid::from_u128(bytes))
}

fn day(at: Timestamp) -> Day {
    Day::of(at, shared::day::CHINA_OFFSET_MINUTES)
}

/// A sum of ¥200.00 to ¥30,000.00.
pub fn sum(dice: &mut Dice) -> Money {
    Money::from_fen(dice.between(20_000, 3_000_000)).unwrap_or(Money::ZERO)
}

/// A sum of ¥200.00 to ¥3,000.00: what a receipt takes of an invoice of ¥10,000. Most receipts are partial.
pub fn part(dice: &mut Dice) -> Money {
    Money::from_fen(dice.between(20_000, 300_000)).unwrap_or(Money::ZERO)
}

pub(crate) fn fix(dice: &mut Dice, at: Timestamp) -> Fix {
    let near = |dice: &mut Dice, centre: i64| (centre + dice.between(-90_000, 90_000)) as i32;
    let point = GeoPoint {
        lat_e7: near(dice, 306_600_000),
        lon_e7: near(dice, 1_040_600_000),
    };
    Fix {
        point,
        accuracy_m: dice.between(4, 60) as u32,
        at,
    }
}

pub(crate) fn notes(dice: &mut Dice) -> String {
    let parts = [
        "老板承认欠款",
        "说工地款月底到",
        "货还压在仓库",
        "会计不在,改天再对账",
        "答应下周二先付一半",
        "隔壁店也在催他",
        "订货比上月少",
        "愿意分三期",
        "要求再给十天",
        "仓库里还有我们的货约八成卖完",
    ];
    let count = dice.between(1, 4);
    let chosen: Vec<String> = (0..count)
        .map(|_| format!("{}{}", dice.pick(&parts), dice.between(1, 99)))
        .collect();
    chosen.join(";")
}

/// A signature drawn with a finger.
pub fn signature(dice: &mut Dice, at: Timestamp) -> Signature {
    let mut t_ms = 0;
    let strokes = (0..dice.between(5, 9))
        .map(|_| stroke(dice, &mut t_ms))
        .collect();
    Signature {
        signer: Signer {
            name: "刘国强".to_owned(),
            role: "法定代表人".to_owned(),
            phone: format!("138{:08}", dice.between(0, 99_999_999)),
        },
        strokes: Strokes(strokes),
        at,
        fix: Some(fix(dice, at)),
    }
}

/// A stroke as a finger draws it: a curve sampled about every 16 ms, with a hand's small unrest.
fn stroke(dice: &mut Dice, t_ms: &mut u32) -> Vec<StrokePoint> {
    let (mut x, mut y) = (dice.between(120, 800), dice.between(80, 320));
    let (mut dx, mut dy) = (dice.between(-14, 22), dice.between(-14, 14));
    *t_ms += dice.between(80, 220) as u32;
    (0..dice.between(8, 26))
        .map(|_| {
            dx += dice.between(-4, 4);
            dy += dice.between(-4, 4);
            x = (x + dx).clamp(0, 1_000);
            y = (y + dy).clamp(0, 420);
            *t_ms += dice.between(14, 18) as u32;
            StrokePoint {
                x: x as i16,
                y: y as i16,
                t_ms: *t_ms,
                pressure: dice.between(70, 190) as u8,
            }
        })
        .collect()
}
