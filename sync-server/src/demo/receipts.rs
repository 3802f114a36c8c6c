//! Receipts of the field history: payments of the books that were taken on the spot instead.

use std::collections::BTreeMap;

use shared::{
    day::Day,
    receipt::{Method, MethodKind},
    visit::{VisitPurpose, VisitResult},
};

use super::{
    books::{Part, Source},
    dice::Dice,
    field::{Field, ReceiptPlan, VoidPlan},
    promises::reason,
    shapes::{METHODS, RECEIPTS, TRANSIT_DAYS},
    words,
};

/// Sums up to this are taken in the field, fen; of larger ones only some.
const USUAL_FEN: i64 = 600_000;
/// Larger sums taken in the field, per mille.
const LARGE: u32 = 120;
/// Receipts rounded up to the next hundred yuan, the rest on account, per mille.
const ROUNDED_UP: u32 = 40;

/// Payments of one customer on one day: places of account and part.
type Group = ((usize, Day), Vec<(usize, usize)>);

pub(super) fn plan(field: &mut Field<'_>, dice: &mut Dice) {
    let mut groups = groups(field);
    dice.shuffle(&mut groups);
    let mut ranked: Vec<(u8, Group)> = Vec::new();
    for group in groups {
        let promised = group
            .1
            .iter()
            .any(|(place, _)| field.promised.contains(place));
        let usual = sum(field, &group) <= USUAL_FEN || dice.per_mille(LARGE);
        let rank = match (promised, usual) {
            (true, true) => 0,
            (false, true) => 1,
            _ => 2,
        };
        ranked.push((rank, group));
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    let mut made = field.calls.iter().filter(|c| c.receipt.is_some()).count();
    for (_, group) in ranked {
        if made >= RECEIPTS {
            break;
        }
        let (shop, day) = group.0;
        if field.is_free(shop, day) {
            take(field, dice, &group);
            made += 1;
        }
    }
    make_exceptions(field);
}

/// Payments of the books within the field history, by customer and day.
fn groups(field: &Field<'_>) -> Vec<Group> {
    let mut groups: BTreeMap<(usize, Day), Vec<(usize, usize)>> = BTreeMap::new();
    for (place, account) in field.accounts.iter().enumerate() {
        for (n, part) in account.parts.iter().enumerate() {
            if part.source == Source::Book
                && part.day >= field.first_day()
                && part.day < field.today
            {
                groups
                    .entry((account.shop, part.day))
                    .or_default()
                    .push((place, n));
            }
        }
    }
    groups.into_iter().collect()
}

fn part(field: &Field<'_>, place: usize, n: usize) -> i64 {
    field
        .accounts
        .get(place)
        .and_then(|a| a.parts.get(n))
        .map_or(0, |p| p.fen)
}

fn sum(field: &Field<'_>, group: &Group) -> i64 {
    group
        .1
        .iter()
        .map(|(place, n)| part(field, *place, *n))
        .sum()
}

/// Takes the payments of a group by a receipt.
fn take(field: &mut Field<'_>, dice: &mut Dice, group: &Group) {
    let ((shop, day), parts) = group;
    let mut fen = sum(field, group);
    let asked = field.overdue(*shop, day.plus_days(-1));
    let mut allocations: BTreeMap<usize, i64> = BTreeMap::new();
    for (place, n) in parts {
        *allocations.entry(*place).or_insert(0) += part(field, *place, *n);
        if let Some(part) = field
            .accounts
            .get_mut(*place)
            .and_then(|a| a.parts.get_mut(*n))
        {
            part.source = Source::Receipt;
        }
    }
    let promised = parts
        .iter()
        .any(|(place, _)| field.promised.contains(place));
    let recent = field.today.days_since(*day) <= TRANSIT_DAYS;
    let method = if recent && !promised {
        method(dice, *day)
    } else {
        Method::Cash
    };
    if method == Method::Cash && dice.per_mille(ROUNDED_UP) {
        fen = (fen + 9_999) / 10_000 * 10_000;
    }
    let short = asked > fen;
    let shortfall = short.then(|| (reason(dice), day.plus_days(dice.between(3, 12))));
    let notes = dice.text(words::NOTES_PAID);
    let Some(call) = field.call(*shop, *day) else {
        return;
    };
    call.purpose = if asked > 0 {
        VisitPurpose::Collect
    } else {
        VisitPurpose::Remind
    };
    call.result = if short {
        VisitResult::PaidPartly
    } else {
        VisitResult::PaidInFull
    };
    call.reason = shortfall.map(|(reason, _)| reason);
    call.next_day = shortfall.map(|(_, next)| next);
    call.notes = notes;
    call.receipt = Some(ReceiptPlan {
        method,
        fen,
        allocations: allocations.into_iter().collect(),
        asked: asked.max(fen),
        shortfall,
        void: None,
    });
}

/// How money comes in the last days.
pub(super) fn method(dice: &mut Dice, day: Day) -> Method {
    let reference = format!("42000{:011}", dice.below(100_000_000_000));
    let number = format!("{:08}", dice.below(100_000_000));
    let bank = dice.text(words::BANKS).to_owned();
    match dice.weighted(METHODS, MethodKind::Cash) {
        MethodKind::WeChat => Method::WeChat { reference },
        MethodKind::Alipay => Method::Alipay { reference },
        MethodKind::Transfer => Method::Transfer { reference },
        MethodKind::Cheque => Method::Cheque { number, bank },
        MethodKind::AcceptanceBill => Method::AcceptanceBill {
            number,
            bank,
            due: Some(day.plus_days(180)),
        },
        MethodKind::Cash | MethodKind::Unknown => Method::Cash,
    }
}

/// What finance should have to look at: one invoice paid twice, one void decided and one waiting.
fn make_exceptions(field: &mut Field<'_>) {
    let today = field.today;
    let mut cash: Vec<(Day, usize)> = Vec::new();
    for (n, call) in field.calls.iter().enumerate() {
        let by_cash = call
            .receipt
            .as_ref()
            .is_some_and(|r| r.method == Method::Cash);
        if by_cash && call.promise.is_none() {
            cash.push((call.day, n));
        }
    }
    cash.sort();
    let mut void = |n: Option<usize>, reason, approved| {
        let call = n.and_then(|n| field.calls.get_mut(n));
        if let Some(receipt) = call.and_then(|c| c.receipt.as_mut()) {
            receipt.void = Some(VoidPlan { reason, approved });
        }
    };
    let recent = cash.iter().rev();
    void(
        recent.clone().next().map(|c| c.1),
        "金额写错，应为其中一张发票",
        None,
    );
    let before = |days: i64| {
        cash.iter()
            .rev()
            .find(|c| c.0 <= today.plus_days(-days))
            .map(|c| c.1)
    };
    void(before(20), "客户当场改为转账，现金已退回", Some(true));
    let doubled = before(6)
        .and_then(|n| field.calls.get(n))
        .and_then(|c| c.receipt.as_ref().map(|r| (c.day, r)));
    let doubled = doubled.and_then(|(day, r)| {
        r.allocations
            .first()
            .map(|(place, fen)| (*place, day.plus_days(2), *fen))
    });
    if let Some((place, day, fen)) = doubled
        && let Some(account) = field.accounts.get_mut(place)
    {
        account.parts.push(Part {
            day,
            fen,
            source: Source::Book,
        });
    }
}
