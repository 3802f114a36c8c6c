//! The demo company's books: invoices and when they are paid, in parts.
//!
//! Sums are whole fen (`i64`) here and become `Money` when they are handed over. Days after today are
//! what would happen next; the plan leaves them out.

use std::collections::BTreeMap;

use shared::{
    day::Day,
    ids::{InvoiceId, PaymentId},
    invoice::{Invoice, Payment},
    money::Money,
};

use super::{
    dice::Dice,
    organization::{DAY_MS, Shop},
    shapes::{
        BOOK_DAYS, DAYS_LATE, GROWTH, IN_PARTS_FROM_FEN, IN_PARTS_SHARE, INVOICE_FEN, INVOICES,
        PUNCTUAL_DAY, STUCK_DAYS, STUCK_SHARE,
    },
};

/// How a part of an invoice is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Through the books.
    Book,
    /// By a receipt in the field.
    Receipt,
}

/// A part payment.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Day.
    pub day: Day,
    /// Sum.
    pub fen: i64,
    /// How.
    pub source: Source,
}

/// An invoice and its part payments, past and future.
#[derive(Clone, Debug)]
pub struct Account {
    /// Place of the customer among the shops.
    pub shop: usize,
    /// The invoice.
    pub invoice: Invoice,
    /// Payments by day.
    pub parts: Vec<Part>,
}

impl Account {
    /// What is owed at the end of a day; nothing before it is issued.
    pub fn outstanding(&self, day: Day) -> i64 {
        if self.invoice.issued > day {
            return 0;
        }
        let paid: i64 = self
            .parts
            .iter()
            .filter(|p| p.day <= day)
            .map(|p| p.fen)
            .sum();
        self.invoice.amount.fen() - paid
    }

    /// What is owed and overdue at the end of a day.
    pub fn overdue(&self, day: Day) -> i64 {
        if self.invoice.due < day {
            self.outstanding(day)
        } else {
            0
        }
    }
}

/// Is it a day on which the company works (Monday to Saturday)?
pub fn is_workday(day: Day) -> bool {
    // 1970-01-01 was a Thursday.
    day.number().rem_euclid(7) != 3
}

/// Draws all invoices with their payments.
pub fn accounts(seed: u64, today: Day, shops: &[Shop]) -> Vec<Account> {
    let mut dice = Dice::new(seed, "invoices");
    let mut issued: Vec<(Day, usize)> = Vec::with_capacity(INVOICES);
    for (shop, count) in counts(shops).into_iter().enumerate() {
        for _ in 0..count {
            let mut back = dice.between(0, BOOK_DAYS);
            if dice.per_mille(GROWTH) {
                back = back.min(dice.between(0, BOOK_DAYS));
            }
            let day = today.plus_days(-back);
            issued.push((
                if is_workday(day) {
                    day
                } else {
                    day.plus_days(-1)
                },
                shop,
            ));
        }
    }
    issued.sort();
    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    let mut accounts = Vec::with_capacity(issued.len());
    for (day, place) in issued {
        let Some(shop) = shops.get(place) else {
            continue;
        };
        let month = day.0.format("%y%m").to_string();
        let n = numbers.entry(month.clone()).or_insert(0);
        *n += 1;
        let invoice = Invoice {
            id: InvoiceId(dice.uuid(day.number() * DAY_MS)),
            customer: shop.customer.id,
            number: format!("XS{month}-{n:04}"),
            issued: day,
            due: day.plus_days(i64::from(shop.customer.terms.term_days)),
            amount: Money::from_fen(sum(&mut dice)).unwrap_or(Money::ZERO),
        };
        let parts = parts(&mut dice, shop, &invoice);
        accounts.push(Account {
            shop: place,
            invoice,
            parts,
        });
    }
    accounts
}

/// Invoices of each shop: by weight, adding up to the stated number.
fn counts(shops: &[Shop]) -> Vec<usize> {
    let total: u64 = shops.iter().map(|s| s.weight).sum::<u64>().max(1);
    let mut counts = Vec::with_capacity(shops.len());
    let (mut weight, mut given) = (0u64, 0usize);
    for shop in shops {
        weight += shop.weight;
        let upto = (weight * INVOICES as u64 / total) as usize;
        counts.push(upto - given);
        given = upto;
    }
    counts
}

/// A sum: a third in whole yuan, a third in whole jiao, the rest to the fen.
fn sum(dice: &mut Dice) -> i64 {
    let fen = dice.draw(INVOICE_FEN);
    let step = dice.weighted(&[(1, 100), (1, 10), (1, 1)], 1);
    (fen / step * step).max(100)
}

fn parts(dice: &mut Dice, shop: &Shop, invoice: &Invoice) -> Vec<Part> {
    let term = invoice.due.days_since(invoice.issued);
    let late = dice.per_mille(shop.late_share);
    let stuck = shop.late_share > 500 && dice.per_mille(STUCK_SHARE);
    let day = match (late, stuck) {
        (_, true) => invoice.due.plus_days(dice.draw(STUCK_DAYS)),
        (true, false) => invoice.due.plus_days(dice.draw(DAYS_LATE)),
        (false, false) => invoice
            .issued
            .plus_days(term * dice.draw(PUNCTUAL_DAY) / 1_000),
    };
    let fen = invoice.amount.fen();
    let part = |day: Day, fen: i64| Part {
        day,
        fen,
        source: Source::Book,
    };
    if dice.per_mille(IN_PARTS_SHARE) && fen > IN_PARTS_FROM_FEN {
        let first = fen * dice.between(30, 80) / 100 / 100 * 100;
        return vec![
            part(day, first),
            part(day.plus_days(dice.between(5, 20)), fen - first),
        ];
    }
    vec![part(day, fen)]
}

/// The payments that stand in the books by today.
pub fn payments(seed: u64, today: Day, accounts: &[Account]) -> Vec<Payment> {
    let mut dice = Dice::new(seed, "payments");
    let mut booked: Vec<(Day, &Account, i64)> = Vec::new();
    for account in accounts {
        let parts = account
            .parts
            .iter()
            .filter(|p| p.source == Source::Book && p.day <= today);
        booked.extend(parts.map(|p| (p.day, account, p.fen)));
    }
    booked.sort_by(|a, b| (a.0, &a.1.invoice.number).cmp(&(b.0, &b.1.invoice.number)));
    let payment = |(n, (day, account, fen)): (usize, (Day, &Account, i64))| Payment {
        id: PaymentId(dice.uuid(day.number() * DAY_MS)),
        customer: account.invoice.customer,
        number: format!("HK{:06}", n + 1),
        day,
        amount: Money::from_fen(fen).unwrap_or(Money::ZERO),
        invoice: Some(account.invoice.id),
    };
    booked.into_iter().enumerate().map(payment).collect()
}
