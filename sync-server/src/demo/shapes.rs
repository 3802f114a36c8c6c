//! The shapes that the demo company is drawn from, in one place.
//!
//! | what | shape | from |
//! |---|---|---|
//! | invoice sum | median ¥3,600; 5 % below ¥71, 25 % below ¥1,081, 75 % below ¥9,115, 95 % below ¥20,396, 1 % above ¥28,251, largest ¥128,194 | the open items of a trading group, divided by their median and scaled |
//! | invoices a customer | median 13; a tenth at most 4, a tenth at least 31 | between the two real files, normalised to 6,000 |
//! | day of issue | spread over 425 days, 40 % of them the later of two days drawn: business grows | assumption |
//! | a customer's share of late invoices | a quarter of customers 5 % or less, median 25 %, a quarter 65 % or more; mean 35 % | late payments of 100 customers |
//! | days late of a late invoice | median 8, a quarter above 14, 5 % above 24, largest 45 | the same |
//! | day of a punctual payment | median two thirds of the term, 5 % before a seventh of it | the same |
//! | stuck invoices | 9 % of the invoices of customers who pay late more often than not: 2 to 9 months late, so that every dunning step has its cases | domain: the recovery curve by age |
//! | payment in parts | 12 % of the invoices above ¥500, in two parts of 30–80 % and the rest 5–20 days later | domain |
//! | term | 30 days 55 %, 45 days 20 %, 60 days 20 %, cash on delivery 5 % of customers | domain |
//! | promise | kept 45 %, partly kept 15 %, broken 25 %, not yet due 15 %; 1 to 3 instalments | domain |
//! | receipt | in the last ten days cash 40 %, WeChat 25 %, Alipay 10 %, transfer 18 %, cheque 5 %, acceptance bill 2 %; before that, and for promised money, cash: what came otherwise would have been confirmed by now; sums up to ¥6,000 first | domain: cash is the exception for large sums |
//! | check-in | 90 % within 60 m of the shop, 4 % one to five kilometres away, 6 % without position | assumption |
//! | phone clock | 3 % of the visits without receipt or promise recorded by a clock 20 minutes to 3 hours off | assumption |
//!
//! `shape_tests` measure what is drawn against every line of this table, and the lines that come from the real
//! files against those, where they lie beside the project.

use shared::receipt::MethodKind;

use super::dice::Quantiles;

/// Invoices of the company.
pub const INVOICES: usize = 6_000;
/// Customers of the company.
pub const CUSTOMERS: usize = 400;
/// Days that the books go back.
pub const BOOK_DAYS: i64 = 425;
/// Days that the field history goes back.
pub const FIELD_DAYS: i64 = 60;
/// Visits in the field history.
pub const VISITS: usize = 900;
/// Promises in the field history.
pub const PROMISES: usize = 120;
/// Receipts in the field history.
pub const RECEIPTS: usize = 250;
/// Days within which receipts other than cash fall.
pub const TRANSIT_DAYS: i64 = 10;

/// Sum of an invoice, fen.
pub const INVOICE_FEN: Quantiles = &[
    (0, 1_200),
    (50, 7_100),
    (100, 18_500),
    (250, 108_100),
    (500, 360_000),
    (750, 911_500),
    (900, 1_571_800),
    (950, 2_039_600),
    (990, 2_825_100),
    (999, 3_695_000),
    (1_000, 12_819_400),
];

/// Relative number of invoices of a customer.
pub const INVOICES_PER_CUSTOMER: Quantiles = &[
    (0, 2),
    (100, 4),
    (250, 8),
    (500, 13),
    (750, 20),
    (900, 31),
    (990, 60),
    (1_000, 75),
];

/// A customer's share of late invoices, per mille.
pub const LATE_SHARE: Quantiles = &[
    (0, 0),
    (200, 0),
    (250, 50),
    (500, 250),
    (750, 650),
    (900, 880),
    (950, 930),
    (990, 960),
    (1_000, 1_000),
];

/// Days late of a late invoice.
pub const DAYS_LATE: Quantiles = &[
    (0, 1),
    (50, 1),
    (100, 2),
    (250, 4),
    (500, 8),
    (750, 14),
    (900, 20),
    (950, 24),
    (990, 30),
    (1_000, 45),
];

/// Day of a punctual payment, per mille of the term.
pub const PUNCTUAL_DAY: Quantiles = &[
    (0, 0),
    (50, 133),
    (100, 233),
    (250, 466),
    (500, 666),
    (750, 833),
    (900, 933),
    (1_000, 1_000),
];

/// Days late of a stuck invoice.
pub const STUCK_DAYS: Quantiles = &[(0, 46), (300, 75), (600, 120), (900, 200), (1_000, 280)];

/// Stuck share among the invoices of a customer with a late share above one half, per mille.
pub const STUCK_SHARE: u32 = 90;
/// Invoices whose day is the later of two days drawn, per mille: business grows towards today.
pub const GROWTH: u32 = 400;
/// Visits recorded by a clock that is off, per mille of those without receipt or promise.
pub const CLOCK_OFF: u32 = 30;
/// Invoices paid in two parts, per mille of those above [`IN_PARTS_FROM_FEN`].
pub const IN_PARTS_SHARE: u32 = 120;
/// Invoices up to this sum are paid at once, fen.
pub const IN_PARTS_FROM_FEN: i64 = 50_000;

/// Term in days by weight.
pub const TERMS: &[(u32, u16)] = &[(550, 30), (200, 45), (200, 60), (50, 0)];

/// Method of a receipt of the last days by weight.
pub const METHODS: &[(u32, MethodKind)] = &[
    (400, MethodKind::Cash),
    (250, MethodKind::WeChat),
    (100, MethodKind::Alipay),
    (180, MethodKind::Transfer),
    (50, MethodKind::Cheque),
    (20, MethodKind::AcceptanceBill),
];

/// How a promise turns out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// All instalments paid in time.
    Kept,
    /// The first part paid, the rest not.
    Partly,
    /// Nothing paid.
    Broken,
    /// Not yet due.
    Pending,
}

/// Outcome of a promise by weight.
pub const OUTCOMES: &[(u32, Outcome)] = &[
    (450, Outcome::Kept),
    (150, Outcome::Partly),
    (250, Outcome::Broken),
    (150, Outcome::Pending),
];
