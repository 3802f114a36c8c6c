//! Promises of the field history, in the stated shares of outcomes, spread evenly over the reps; and
//! what is paid because of them.

use shared::{
    day::Day,
    receipt::Method,
    visit::{UnpaidReason, VisitPurpose, VisitResult},
};

use super::{
    books::{Part, Source, is_workday},
    dice::Dice,
    field::{Field, PromisePlan, ReceiptPlan},
    shapes::{OUTCOMES, Outcome, PROMISES},
    words,
};

/// Tries to find a customer for a promise.
const TRIES: usize = 400;
/// Least sum promised, fen.
const LEAST_FEN: i64 = 30_000;
/// Invoices of a promise.
const MOST_INVOICES: usize = 4;
/// Promises made together with a part payment, per mille.
const WITH_PAYMENT: u32 = 250;

pub(super) fn plan(field: &mut Field<'_>, dice: &mut Dice) {
    let reps = field.by_rep.len().max(1);
    let mut with_one_today = std::collections::BTreeSet::new();
    for (n, outcome) in outcomes().into_iter().enumerate() {
        let rep = n % reps;
        let Some((shop, day, invoices)) = find(field, dice, rep, outcome) else {
            continue;
        };
        // The first pending promise of each rep falls due today.
        let on_today = outcome == Outcome::Pending && with_one_today.insert(rep);
        make(field, dice, shop, day, invoices, outcome, on_today);
    }
}

/// Every outcome in its share.
fn outcomes() -> Vec<Outcome> {
    let total: u32 = OUTCOMES.iter().map(|(w, _)| w).sum();
    let count = |weight: u32| PROMISES * weight as usize / total.max(1) as usize;
    OUTCOMES
        .iter()
        .flat_map(|(weight, outcome)| vec![*outcome; count(*weight)])
        .collect()
}

/// Where a promise can be made: customer, day, and the invoices with what is owed on each.
type Occasion = (usize, Day, Vec<(usize, i64)>);

/// A customer of the rep with something overdue on a free day.
fn find(field: &Field<'_>, dice: &mut Dice, rep: usize, outcome: Outcome) -> Option<Occasion> {
    let shops = field.by_rep.get(rep)?;
    for attempt in 0..TRIES {
        let shop = *dice.pick(shops)?;
        let back = match outcome {
            Outcome::Pending => dice.between(1, 13),
            _ => dice.between(12, 58),
        };
        let day = field.today.plus_days(-back);
        let taken = field
            .by_shop
            .get(shop)?
            .iter()
            .any(|p| field.promised.contains(p));
        if taken || !field.is_free(shop, day) {
            continue;
        }
        // Later tries also take what falls due soon.
        let due_by = if attempt < TRIES / 2 {
            day.plus_days(-1)
        } else {
            day.plus_days(10)
        };
        let places = field.by_shop.get(shop)?.iter();
        let open = places.filter_map(|p| field.accounts.get(*p).map(|a| (*p, a)));
        let invoices: Vec<(usize, i64)> = open
            .filter(|(_, a)| a.invoice.due <= due_by)
            .map(|(p, a)| (p, a.outstanding(day)))
            .filter(|(_, fen)| *fen > 0)
            .take(MOST_INVOICES)
            .collect();
        if invoices.iter().map(|(_, fen)| fen).sum::<i64>() >= LEAST_FEN {
            return Some((shop, day, invoices));
        }
    }
    None
}

fn make(
    field: &mut Field<'_>,
    dice: &mut Dice,
    shop: usize,
    day: Day,
    mut invoices: Vec<(usize, i64)>,
    outcome: Outcome,
    due_today: bool,
) {
    for (place, _) in &invoices {
        field.forget_payments_from(*place, day);
        field.promised.insert(*place);
    }
    let total: i64 = invoices.iter().map(|(_, fen)| fen).sum();
    let receipt = (dice.per_mille(WITH_PAYMENT) && total >= 2 * LEAST_FEN).then(|| {
        let fen = total * dice.between(20, 45) / 100 / 1_000 * 1_000;
        let allocations = pay(field, &mut invoices, day, fen, Source::Receipt);
        (fen, allocations)
    });
    invoices.retain(|(_, fen)| *fen > 0);
    let left: i64 = invoices.iter().map(|(_, fen)| fen).sum();
    let days = due_days(dice, field.today, day, outcome, due_today);
    let instalments = amounts(left, &days);
    follow_up(
        field,
        dice,
        &mut invoices.clone(),
        day,
        &instalments,
        outcome,
    );
    let reason = reason(dice);
    let next_day = instalments.first().map_or(field.today, |(due, _)| *due);
    let notes = dice.text(words::NOTES_PROMISED);
    let Some(call) = field.call(shop, day) else {
        return;
    };
    call.purpose = VisitPurpose::Collect;
    call.result = if receipt.is_some() {
        VisitResult::PaidPartly
    } else {
        VisitResult::Promised
    };
    call.reason = Some(reason);
    call.next_day = Some(next_day);
    call.notes = notes;
    call.receipt = receipt.map(|(fen, allocations)| ReceiptPlan {
        method: Method::Cash,
        fen,
        allocations,
        asked: total,
        shortfall: Some((reason, next_day)),
        void: None,
    });
    call.promise = Some(PromisePlan {
        invoices,
        instalments,
    });
}

/// Why somebody pays later.
pub(super) fn reason(dice: &mut Dice) -> UnpaidReason {
    dice.weighted(
        &[
            (300, UnpaidReason::NoCash),
            (220, UnpaidReason::GoodsUnsold),
            (160, UnpaidReason::AwaitingOwnDebtors),
            (130, UnpaidReason::DecisionMakerAway),
            (80, UnpaidReason::StatementDiffers),
            (60, UnpaidReason::QualityDispute),
            (50, UnpaidReason::Unwilling),
        ],
        UnpaidReason::Other,
    )
}

/// Days of one to three instalments. Those of a promise whose outcome is known lie so far back that
/// grace has run out.
fn due_days(dice: &mut Dice, today: Day, made: Day, outcome: Outcome, due_today: bool) -> Vec<Day> {
    let count = dice.weighted(&[(550, 1i64), (330, 2), (120, 3)], 1);
    if outcome == Outcome::Pending {
        let first = if due_today {
            today
        } else {
            today.plus_days(dice.between(0, 9))
        };
        return (0..count)
            .map(|n| first.plus_days(n * dice.between(7, 15)))
            .collect();
    }
    let room = today.days_since(made) - 5;
    let room = room.min(24);
    let count = if room < 12 { 1 } else { count };
    let step = room / count;
    (0..count)
        .map(|n| made.plus_days(n * step + dice.between(step * 2 / 3, step)))
        .collect()
}

/// Equal instalments in whole hundreds of yuan; the last takes the rest.
fn amounts(total: i64, days: &[Day]) -> Vec<(Day, i64)> {
    let count = days.len().max(1) as i64;
    let unit = if total / count >= 100_000 {
        10_000
    } else {
        100
    };
    let each = total / count / unit * unit;
    let mut left = total;
    let mut instalments = Vec::with_capacity(days.len());
    for (n, day) in days.iter().enumerate() {
        let fen = if n + 1 == days.len() { left } else { each };
        left -= fen;
        instalments.push((*day, fen));
    }
    instalments.retain(|(_, fen)| *fen > 0);
    instalments
}

/// What is paid because of the promise.
fn follow_up(
    field: &mut Field<'_>,
    dice: &mut Dice,
    left: &mut [(usize, i64)],
    made: Day,
    instalments: &[(Day, i64)],
    outcome: Outcome,
) {
    let last = instalments.len().saturating_sub(1);
    let first_kept = instalments.len() > 1 && dice.per_mille(500);
    for (n, (due, fen)) in instalments.iter().enumerate() {
        let paid = match outcome {
            Outcome::Kept => *fen,
            Outcome::Partly if n < last => *fen,
            Outcome::Partly => fen * dice.between(30, 70) / 100,
            Outcome::Broken if n == 0 && first_kept => *fen,
            Outcome::Broken | Outcome::Pending => 0,
        };
        if paid > 0 {
            let day = due.plus_days(dice.between(-1, 2)).max(made.plus_days(1));
            let day = if is_workday(day) {
                day
            } else {
                day.plus_days(1)
            };
            pay(
                field,
                left,
                day.min(field.today.plus_days(-1)),
                paid,
                Source::Book,
            );
        }
    }
}

/// Pays a sum on the invoices in their order; gives what went where.
fn pay(
    field: &mut Field<'_>,
    left: &mut [(usize, i64)],
    day: Day,
    fen: i64,
    source: Source,
) -> Vec<(usize, i64)> {
    let mut rest = fen;
    let mut paid = Vec::new();
    for (place, open) in left.iter_mut() {
        let part = rest.min(*open);
        if part > 0 {
            if let Some(account) = field.accounts.get_mut(*place) {
                account.parts.push(Part {
                    day,
                    fen: part,
                    source,
                });
            }
            (rest, *open) = (rest - part, *open - part);
            paid.push((*place, part));
        }
    }
    paid
}
