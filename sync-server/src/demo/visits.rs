//! The other visits of the field history, and what every call has: time, place, who was met, what
//! was seen, what the supervisor said.

use std::collections::BTreeMap;

use shared::{
    contact_book::BookField,
    day::Day,
    evidence::GeoPoint,
    visit::{VisitPurpose, VisitResult, WarningSign},
};

use super::{
    dice::Dice,
    field::{Call, Exchange, Field},
    organization::Shop,
    promises::reason,
    shapes::{CLOCK_OFF, FIELD_DAYS, VISITS},
    words,
};

/// Calls with a comment thread, per mille.
const COMMENTED: u32 = 100;
/// Appointments of each rep today at least.
const APPOINTMENTS: usize = 3;
/// First call of the day, minutes after midnight.
const DAY_BEGINS: i64 = 8 * 60 + 40;

pub(super) fn plan(field: &mut Field<'_>, dice: &mut Dice) {
    let reps = field.by_rep.len().max(1);
    for n in 0..VISITS * 20 {
        if field.calls.len() >= VISITS {
            break;
        }
        let day = field.today.plus_days(-dice.between(1, FIELD_DAYS));
        if let Some(shop) = choose(field, dice, n % reps, day) {
            visit(field, dice, shop, day);
        }
    }
    appoint(field, reps);
    schedule(field, dice);
    for n in 0..field.calls.len() {
        dress(field, dice, n);
    }
    write_contact_books(field, dice);
}

/// A customer of the rep, mostly one who owes much.
fn choose(field: &Field<'_>, dice: &mut Dice, rep: usize, day: Day) -> Option<usize> {
    let shops = field.by_rep.get(rep)?;
    let drawn: Vec<usize> = (0..5)
        .filter_map(|_| dice.pick(shops).copied())
        .filter(|s| field.is_free(*s, day))
        .collect();
    if dice.per_mille(700) {
        return drawn
            .into_iter()
            .max_by_key(|shop| (field.overdue(*shop, day), *shop));
    }
    drawn.first().copied()
}

fn visit(field: &mut Field<'_>, dice: &mut Dice, shop: usize, day: Day) {
    let owes = field.overdue(shop, day) > 0;
    let result = if owes {
        let results = [
            (560, VisitResult::Unpaid),
            (190, VisitResult::NobodyMet),
            (60, VisitResult::Disputed),
            (90, VisitResult::NotAsked),
        ];
        dice.weighted(&results, VisitResult::Unpaid)
    } else {
        dice.weighted(
            &[(850, VisitResult::NotAsked), (150, VisitResult::NobodyMet)],
            VisitResult::NotAsked,
        )
    };
    let purpose = match (owes, result) {
        (true, VisitResult::Disputed) => VisitPurpose::Reconcile,
        (true, VisitResult::NotAsked) => VisitPurpose::Routine,
        (true, _) => VisitPurpose::Collect,
        (false, _) => dice.weighted(
            &[
                (450, VisitPurpose::Remind),
                (350, VisitPurpose::Routine),
                (200, VisitPurpose::Reconcile),
            ],
            VisitPurpose::Other,
        ),
    };
    let notes = dice.text(match result {
        VisitResult::NobodyMet => words::NOTES_NOBODY,
        VisitResult::Unpaid | VisitResult::Disputed => words::NOTES_UNPAID,
        _ => words::NOTES_OTHER,
    });
    let unpaid = matches!(result, VisitResult::Unpaid | VisitResult::Disputed);
    let reason = unpaid.then(|| reason(dice));
    let next_day = match (owes, field.today.days_since(day)) {
        (true, ..=8) if dice.per_mille(350) => Some(field.today),
        (true, _) if dice.per_mille(500) => Some(day.plus_days(dice.between(3, 10))),
        _ => None,
    };
    let Some(call) = field.call(shop, day) else {
        return;
    };
    (
        call.result,
        call.purpose,
        call.notes,
        call.reason,
        call.next_day,
    ) = (result, purpose, notes, reason, next_day);
}

/// Everybody has somebody to see today: the latest calls that left something open get an appointment.
fn appoint(field: &mut Field<'_>, reps: usize) {
    let today = field.today;
    let mut latest: Vec<usize> = (0..field.calls.len()).collect();
    latest.sort_by_key(|n| std::cmp::Reverse(field.calls.get(*n).map(|c| (c.day, *n))));
    for rep in 0..reps {
        let calls = field.calls.iter().filter(|c| c.rep == rep);
        let made = calls.filter(|c| c.next_day == Some(today)).count();
        let open = latest.iter().copied().filter(|n| {
            let call = field
                .calls
                .get(*n)
                .filter(|c| c.rep == rep && c.promise.is_none() && c.receipt.is_none());
            call.is_some_and(|c| c.next_day != Some(today) && field.overdue(c.shop, today) > 0)
        });
        let chosen: Vec<usize> = open.take(APPOINTMENTS.saturating_sub(made)).collect();
        for n in chosen {
            if let Some(call) = field.calls.get_mut(n) {
                call.next_day = Some(today);
            }
        }
    }
}

/// Gives the calls of each rep and day their times, one after the other.
fn schedule(field: &mut Field<'_>, dice: &mut Dice) {
    let mut days: BTreeMap<(usize, Day), Vec<usize>> = BTreeMap::new();
    for (n, call) in field.calls.iter().enumerate() {
        days.entry((call.rep, call.day)).or_default().push(n);
    }
    for (_, mut calls) in days {
        dice.shuffle(&mut calls);
        let room = 540 / calls.len().max(1) as i64;
        for (slot, n) in calls.into_iter().enumerate() {
            let Some(call) = field.calls.get_mut(n) else {
                continue;
            };
            let longest = if call.result == VisitResult::NobodyMet {
                12
            } else {
                48
            };
            call.minutes = dice.between(6, longest);
            call.minute = DAY_BEGINS + slot as i64 * room + dice.between(0, (room - 50).max(0));
        }
    }
}

/// Fills in what every call has.
fn dress(field: &mut Field<'_>, dice: &mut Dice, n: usize) {
    let organization = field.organization;
    let Some(call) = field.calls.get_mut(n) else {
        return;
    };
    let Some(shop) = organization.shops.get(call.shop) else {
        return;
    };
    call.fix = fix(dice, shop);
    if call.result != VisitResult::NobodyMet {
        call.person_met = dice
            .pick(&shop.customer.contacts)
            .map_or_else(String::new, |c| c.name.clone());
    }
    if shop.late_share > 550 && dice.per_mille(160) {
        call.signs = dice.pick(WarningSign::ALL).copied().into_iter().collect();
    }
    // Receipts and promises are left to good clocks, so that their days are those of the plan.
    if call.receipt.is_none() && call.promise.is_none() && dice.per_mille(CLOCK_OFF) {
        let minutes = dice.between(20, 180);
        call.clock_off_minutes = if dice.per_mille(500) {
            minutes
        } else {
            -minutes
        };
    }
    if dice.per_mille(COMMENTED) {
        call.exchange = Some(exchange(dice, call));
    }
}

/// Where the phone thinks it is at check-in.
fn fix(dice: &mut Dice, shop: &Shop) -> Option<(GeoPoint, u32)> {
    let near = |dice: &mut Dice, e7: i64| dice.between(-e7, e7) as i32;
    match dice.weighted(&[(900, 0), (40, 1), (60, 2)], 0) {
        // 10⁻⁷ degrees are about a centimetre: within some 40 m each way.
        0 => {
            let point = GeoPoint {
                lat_e7: shop.place.lat_e7 + near(dice, 3_500),
                lon_e7: shop.place.lon_e7 + near(dice, 4_000),
            };
            Some((point, dice.between(5, 38) as u32))
        }
        1 => {
            let away = dice.between(100_000, 300_000) as i32;
            let point = GeoPoint {
                lat_e7: shop.place.lat_e7 + away,
                lon_e7: shop.place.lon_e7 - away / 2,
            };
            Some((point, dice.between(20, 90) as u32))
        }
        _ => None,
    }
}

/// A supervisor's word in the evening, and perhaps an answer.
fn exchange(dice: &mut Dice, call: &Call) -> Exchange {
    let evening = dice
        .between(19 * 60, 21 * 60)
        .max(call.minute + call.minutes + 10);
    Exchange {
        minute: evening,
        comment: dice.text(words::COMMENTS),
        reply: dice
            .per_mille(450)
            .then(|| (dice.between(5, 50), dice.text(words::REPLIES))),
    }
}

/// What reps learn at the first call goes into the contact book.
fn write_contact_books(field: &mut Field<'_>, dice: &mut Dice) {
    let mut order: Vec<usize> = (0..field.calls.len()).collect();
    order.sort_by_key(|n| field.calls.get(*n).map(|c| (c.day, c.minute)));
    let mut known = std::collections::BTreeSet::new();
    for n in order {
        let Some(call) = field.calls.get_mut(n) else {
            continue;
        };
        if !known.insert(call.shop) || !dice.per_mille(650) {
            continue;
        }
        let unknown_place = field
            .organization
            .shops
            .get(call.shop)
            .is_some_and(|s| s.customer.position.is_none());
        call.sets_position = unknown_place && call.fix.is_some_and(|(_, accuracy)| accuracy < 40);
        let facts = [
            (BookField::BestTime, words::BEST_TIMES),
            (BookField::PurchaseCycle, words::PURCHASE_CYCLES),
            (BookField::PaymentCycle, words::PAYMENT_CYCLES),
        ];
        for (fact, texts) in facts {
            if dice.per_mille(550) {
                call.facts.push((fact, dice.text(texts)));
            }
        }
    }
}
