//! The field history as a plan: calls at customers, with the promises and receipts made in them.
//!
//! Invariants: no call lies on or after today; a rep makes at most [`CALLS_A_DAY`] calls a day and
//! never two at one customer; money that a receipt takes is taken out of the books' own payments.

use std::collections::{BTreeMap, BTreeSet};

use shared::{
    contact_book::BookField,
    day::Day,
    evidence::GeoPoint,
    receipt::Method,
    visit::{UnpaidReason, VisitPurpose, VisitResult, WarningSign},
};

use super::{
    books::{Account, Source, is_workday},
    dice::Dice,
    organization::Organization,
    promises, receipts,
    shapes::{FIELD_DAYS, VISITS},
    visits,
};

/// Calls that a rep makes in a day at most.
pub const CALLS_A_DAY: u32 = 7;

/// A promise made in a call.
#[derive(Clone, Debug)]
pub struct PromisePlan {
    /// Places of the invoices among the accounts, and what is owed on each.
    pub invoices: Vec<(usize, i64)>,
    /// Day and sum of each instalment.
    pub instalments: Vec<(Day, i64)>,
}

/// A request to void a receipt, and what the supervisor decides if they do.
#[derive(Clone, Debug)]
pub struct VoidPlan {
    /// Why.
    pub reason: &'static str,
    /// Approved; none while it waits.
    pub approved: Option<bool>,
}

/// A receipt issued in a call.
#[derive(Clone, Debug)]
pub struct ReceiptPlan {
    /// Method.
    pub method: Method,
    /// Sum taken, fen.
    pub fen: i64,
    /// Places of the invoices among the accounts, and what it pays of each.
    pub allocations: Vec<(usize, i64)>,
    /// What was asked for, fen.
    pub asked: i64,
    /// Why less was paid, and when the rest follows.
    pub shortfall: Option<(UnpaidReason, Day)>,
    /// A request to void it.
    pub void: Option<VoidPlan>,
}

/// What a supervisor said, minutes after midnight of the call's day, and what the rep answered.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// When.
    pub minute: i64,
    /// What the supervisor said.
    pub comment: &'static str,
    /// What the rep answered, and how many minutes later.
    pub reply: Option<(i64, &'static str)>,
}

/// A call at a customer.
#[derive(Clone, Debug)]
pub struct Call {
    /// Place of the salesperson among the reps.
    pub rep: usize,
    /// Place of the customer among the shops.
    pub shop: usize,
    /// Day.
    pub day: Day,
    /// Start, minutes after midnight.
    pub minute: i64,
    /// Length in minutes.
    pub minutes: i64,
    /// Where the phone was, with the accuracy in metres.
    pub fix: Option<(GeoPoint, u32)>,
    /// How far the phone's clock is off, minutes.
    pub clock_off_minutes: i64,
    /// Why.
    pub purpose: VisitPurpose,
    /// Who was met.
    pub person_met: String,
    /// Result.
    pub result: VisitResult,
    /// Why less was paid.
    pub reason: Option<UnpaidReason>,
    /// Warning signs.
    pub signs: Vec<WarningSign>,
    /// Next appointment.
    pub next_day: Option<Day>,
    /// Notes.
    pub notes: &'static str,
    /// Promise.
    pub promise: Option<PromisePlan>,
    /// Receipt.
    pub receipt: Option<ReceiptPlan>,
    /// Comment thread.
    pub exchange: Option<Exchange>,
    /// Facts for the contact book.
    pub facts: Vec<(BookField, &'static str)>,
    /// The shop's place goes into the contact book.
    pub sets_position: bool,
}

/// The plan while it grows.
pub struct Field<'a> {
    pub(super) today: Day,
    pub(super) organization: &'a Organization,
    pub(super) accounts: &'a mut Vec<Account>,
    pub(super) calls: Vec<Call>,
    /// Places of each shop's accounts, oldest first.
    pub(super) by_shop: Vec<Vec<usize>>,
    /// Places of each rep's shops.
    pub(super) by_rep: Vec<Vec<usize>>,
    /// Accounts that a promise covers.
    pub(super) promised: BTreeSet<usize>,
    busy: BTreeMap<(usize, Day), u32>,
    called: BTreeSet<(usize, Day)>,
}

/// Plans the field history and takes what receipts bring out of the books' own payments.
pub fn calls(
    seed: u64,
    today: Day,
    organization: &Organization,
    accounts: &mut Vec<Account>,
) -> Vec<Call> {
    let mut by_shop = vec![Vec::new(); organization.shops.len()];
    for (place, account) in accounts.iter().enumerate() {
        if let Some(list) = by_shop.get_mut(account.shop) {
            list.push(place);
        }
    }
    let mut by_rep = vec![Vec::new(); organization.reps.len()];
    for (place, shop) in organization.shops.iter().enumerate() {
        if let Some(list) = by_rep.get_mut(shop.rep) {
            list.push(place);
        }
    }
    let mut field = Field {
        today,
        organization,
        accounts,
        calls: Vec::with_capacity(VISITS),
        by_shop,
        by_rep,
        promised: BTreeSet::new(),
        busy: BTreeMap::new(),
        called: BTreeSet::new(),
    };
    promises::plan(&mut field, &mut Dice::new(seed, "promises"));
    receipts::plan(&mut field, &mut Dice::new(seed, "receipts"));
    visits::plan(&mut field, &mut Dice::new(seed, "visits"));
    let mut calls = field.calls;
    calls.sort_by_key(|c| (c.day, c.minute, c.rep));
    calls
}

impl Field<'_> {
    /// The first day of the field history.
    pub(super) fn first_day(&self) -> Day {
        self.today.plus_days(-FIELD_DAYS)
    }

    /// Can the rep of this shop make one more call on that day, and is it not there already?
    pub(super) fn is_free(&self, shop: usize, day: Day) -> bool {
        let Some(rep) = self.organization.shops.get(shop).map(|s| s.rep) else {
            return false;
        };
        is_workday(day)
            && day < self.today
            && day >= self.first_day()
            && !self.called.contains(&(shop, day))
            && self.busy.get(&(rep, day)).is_none_or(|n| *n < CALLS_A_DAY)
    }

    /// Adds an empty call and gives it for filling in.
    pub(super) fn call(&mut self, shop: usize, day: Day) -> Option<&mut Call> {
        let rep = self.organization.shops.get(shop)?.rep;
        *self.busy.entry((rep, day)).or_insert(0) += 1;
        self.called.insert((shop, day));
        self.calls.push(Call {
            rep,
            shop,
            day,
            minute: 0,
            minutes: 0,
            fix: None,
            clock_off_minutes: 0,
            purpose: VisitPurpose::Collect,
            person_met: String::new(),
            result: VisitResult::Unpaid,
            reason: None,
            signs: Vec::new(),
            next_day: None,
            notes: "",
            promise: None,
            receipt: None,
            exchange: None,
            facts: Vec::new(),
            sets_position: false,
        });
        self.calls.last_mut()
    }

    /// What a shop owes and is overdue at the end of a day.
    pub(super) fn overdue(&self, shop: usize, day: Day) -> i64 {
        let places = self.by_shop.get(shop).into_iter().flatten();
        places
            .filter_map(|p| self.accounts.get(*p))
            .map(|a| a.overdue(day))
            .sum()
    }

    /// Takes the payments on or after a day off an account.
    pub(super) fn forget_payments_from(&mut self, place: usize, day: Day) {
        if let Some(account) = self.accounts.get_mut(place) {
            account
                .parts
                .retain(|p| p.day < day || p.source == Source::Receipt);
        }
    }
}
