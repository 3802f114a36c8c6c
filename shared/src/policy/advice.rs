//! What to know and do at one customer's: on what terms goods go out, alarms, the plan, the next step, the cards.
//!
//! Invariant: pure in account, terms, day and settings; made from the same facts as the account's line of the work
//! list. The sources are those of the rules it puts together.

use serde::{Deserialize, Serialize};

use crate::{aging::age, customer::Terms, day::Day, money::MoneyError, promise::PromiseState};

use super::{
    Settings,
    account::AccountFacts,
    alarm::{Alarm, AlarmFacts, alarms},
    deadline::final_deadline,
    dunning::{DunningStep, dunned_days, is_sent, letter_due, paused},
    hold::{Supply, SupplyFacts, supply},
    plan::{Manner, Plan, PlanFacts, plan},
    playbook::{self, Card},
    reason::Why,
    reminder::{Reminder, reminder_days},
    risk::{RiskClass, account_risk, attention},
};

named! {
    /// Something that is to be done on a day; of several on one day the first stands for it.
    Step {
        /// Keep the appointment.
        Appointment = "appointment",
        /// Collect the instalment promised.
        Promise = "promise",
        /// Be there when it falls due, early.
        BeThere = "be_there",
        /// Fix the date, name a stand-in and a delegate.
        FixDate = "fix_date",
        /// Call or visit: it falls due in a week.
        Announce = "announce",
        /// The final deadline.
        Deadline = "deadline",
        /// The ladder: call whether the notice arrived.
        Call = "call",
        /// Letter 1 and a call.
        FirstLetter = "first_letter",
        /// Letter 2, supply stops.
        SecondLetter = "second_letter",
        /// Letter 3 and a visit.
        ThirdLetter = "third_letter",
        /// Letter 4, suit is prepared.
        FourthLetter = "fourth_letter",
        /// Hand over to a specialist collector.
        Handover = "handover",
    }
}

impl Step {
    const fn of_ladder(step: DunningStep) -> Option<Self> {
        Some(match step {
            DunningStep::Call => Self::Call,
            DunningStep::FirstLetter => Self::FirstLetter,
            DunningStep::SecondLetter => Self::SecondLetter,
            DunningStep::ThirdLetter => Self::ThirdLetter,
            DunningStep::FourthLetter => Self::FourthLetter,
            DunningStep::Unknown => return None,
        })
    }
}

/// What to know and do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// On what terms goods go out.
    pub supply: Supply,
    /// The class whose attention the customer gets: warning signs raise it.
    pub attention: RiskClass,
    /// Alarms that have gone off.
    pub alarms: Vec<Alarm>,
    /// Hard or soft, and why; none while nothing is overdue.
    pub plan: Option<Plan>,
    /// The next steps with their days, the nearest first: at most two, today's included.
    pub next: Vec<(Day, Step)>,
    /// Cards to read before going in.
    pub cards: Vec<Card>,
}

/// The advice for one account. `reasons` is why it stands on the work list, empty if it does not.
pub fn advice(
    account: &AccountFacts,
    reasons: &[Why],
    terms: &Terms,
    today: Day,
    settings: &Settings,
) -> Result<Advice, MoneyError> {
    let items = || account.invoices.iter().map(|i| (i.due, i.outstanding));
    let buckets = age(items(), today)?;
    let (overdue, owed) = (
        buckets.overdue()?,
        buckets.not_due.checked_add(buckets.overdue()?)?,
    );
    let outstanding = buckets.total()?.checked_sub(account.on_account)?;
    // Who owes nothing, money on account taken off, is left in peace.
    let owes = outstanding.is_positive();
    let class = account_risk(items(), today, settings);
    let supply = supply(
        &SupplyFacts {
            terms,
            ordered: account.hold,
            outstanding,
            days_overdue: dunned_days(account, today).filter(|_| owes),
        },
        settings,
    )?;
    let grades = account.grade_fell.then_some(("B", "A"));
    let alarms = alarms(
        &AlarmFacts {
            days_overdue: account.days_overdue(today).unwrap_or(0),
            overdue,
            owed,
            grades,
            no_result: account.no_result,
        },
        settings,
    );
    let plan = (overdue.is_positive() && owes).then(|| {
        let hold = match supply {
            Supply::OnCredit { .. } => None,
            Supply::CashOnly(reason) | Supply::Stopped(reason) => Some(reason),
        };
        let facts = PlanFacts {
            class,
            overdue,
            hold,
            grade: &terms.grade,
            broken: account.has_broken_promise(),
            no_result: account.no_result,
            reason: account.reason,
            signs: u32::try_from(account.signs.len()).unwrap_or(u32::MAX),
            distance_m: None,
        };
        plan(&facts, settings)
    });
    let cards = playbook::cards(&playbook::State {
        reasons,
        reason: account.reason,
        supply,
        manner: plan.as_ref().map(|plan: &Plan| -> Manner { plan.manner }),
    });
    Ok(Advice {
        supply,
        attention: attention(class, &account.signs),
        alarms: if owes { alarms } else { vec![] },
        plan,
        next: next_steps(account, owes, today, settings),
        cards: if owes { cards } else { vec![] },
    })
}

/// Steps shown at once.
const STEPS: usize = 2;

/// The nearest days from today on, each with its first step; kept in order as they come, without a sort.
struct Nearest {
    today: Day,
    steps: Vec<(Day, Step)>,
}

impl Nearest {
    fn add(&mut self, day: Day, step: Step) {
        if day < self.today {
            return;
        }
        let at = self.steps.iter().position(|(known, _)| *known >= day);
        match at.and_then(|at| self.steps.get_mut(at)) {
            Some((known, first)) if *known == day => *first = step.min(*first),
            _ => {
                self.steps
                    .insert(at.unwrap_or(self.steps.len()), (day, step));
                self.steps.truncate(STEPS);
            }
        }
    }
}

/// What comes next, by the calendar: reminders, promises, final deadlines and the ladder, of what is open now and
/// stays open. A letter that is missing is today's, one that went out comes no more. Of several things on one day the first of [`Step`] stands for it.
fn next_steps(
    account: &AccountFacts,
    owes: bool,
    today: Day,
    settings: &Settings,
) -> Vec<(Day, Step)> {
    let mut next = Nearest {
        today,
        steps: Vec::new(),
    };
    // Today's appointment is kept by today's visit.
    let kept = account.last_visit >= account.appointment;
    if let Some(day) = account.appointment.filter(|_| !kept) {
        next.add(day, Step::Appointment);
    }
    if !owes {
        return next.steps;
    }
    for promise in &account.promises {
        for instalment in &promise.instalments {
            if instalment.state == PromiseState::Pending && instalment.paid < instalment.amount {
                next.add(instalment.due, Step::Promise);
            }
        }
    }
    let missing = letter_due(account, today, settings).and_then(DunningStep::of_letter);
    if let Some(step) = missing.and_then(Step::of_ladder) {
        next.add(today, step);
    }
    for invoice in account.owing() {
        for (kind, day) in reminder_days(invoice.due, settings) {
            let step = match kind {
                Reminder::Announce => Step::Announce,
                Reminder::FixDate => Step::FixDate,
                Reminder::BeThere => Step::BeThere,
            };
            next.add(day, step);
        }
        let deadline = final_deadline(invoice.issued, invoice.due, settings);
        next.add(deadline, Step::Deadline);
        if paused(account, invoice) {
            continue;
        }
        // The first step of the ladder falls on the due day, on which one is there.
        for (step, days) in DunningStep::ALL.iter().zip(settings.dunning_days).skip(1) {
            let gone = step
                .letter()
                .is_some_and(|letter| is_sent(account, letter, invoice.due));
            if let Some(step) = Step::of_ladder(*step).filter(|_| !gone) {
                next.add(invoice.due.plus_days(i64::from(days)), step);
            }
        }
        let handover = i64::from(settings.figures.handover_days);
        next.add(invoice.due.plus_days(handover), Step::Handover);
    }
    next.steps
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        customer::Settlement,
        ids::{CustomerId, DocumentId, InvoiceId},
        money::Money,
        policy::{
            account::{CaseStep, InstalmentFacts, InvoiceFacts, PromiseFacts},
            hold::HoldReason,
            recovery::Curve,
            work_list::work_item,
        },
        visit::{UnpaidReason, WarningSign},
    };

    fn today() -> Day {
        Day::new(2026, 11, 21).unwrap()
    }

    fn terms() -> Terms {
        Terms {
            settlement: Settlement::Monthly,
            term_days: 30,
            credit_limit: Money::from_yuan(50_000),
            grade: "B".to_owned(),
            deduction_rate_bp: 0,
        }
    }

    /// Invoices by days overdue and yuan, on 30 days' term.
    fn account(invoices: &[(i64, u32)]) -> AccountFacts {
        let mut account = AccountFacts::new(CustomerId(Uuid::from_u128(1)));
        account.invoices = (1u128..)
            .zip(invoices)
            .map(|(id, (days, sum))| InvoiceFacts {
                invoice: InvoiceId(Uuid::from_u128(id)),
                issued: today().plus_days(-days - 30),
                due: today().plus_days(-days),
                outstanding: Money::from_yuan(*sum),
            })
            .collect();
        account
    }

    fn of(account: &AccountFacts) -> Advice {
        let settings = Settings::default();
        let curve = Curve::of(&settings);
        let item = work_item(account, today(), &settings, &curve).unwrap();
        let reasons = item.map(|item| item.reasons).unwrap_or_default();
        advice(account, &reasons, &terms(), today(), &settings).unwrap()
    }

    #[test]
    fn the_next_steps_are_those_of_the_calendar() {
        let check = |invoices: &[(i64, u32)], expected: &[(i64, Step)]| {
            let found = of(&account(invoices)).next;
            let expected: Vec<_> = expected
                .iter()
                .map(|(days, step)| (today().plus_days(*days), *step))
                .collect();
            assert_eq!(found, expected, "{invoices:?}");
        };
        check(&[], &[]);
        check(&[(-20, 100)], &[(13, Step::Announce), (17, Step::FixDate)]);
        check(&[(-3, 100)], &[(0, Step::FixDate), (3, Step::BeThere)]);
        check(&[(0, 100)], &[(0, Step::BeThere), (10, Step::Deadline)]);
        check(&[(9, 100)], &[(1, Step::Deadline), (6, Step::FirstLetter)]);
        check(
            &[(16, 100)],
            &[(0, Step::FirstLetter), (14, Step::SecondLetter)],
        );
        check(
            &[(89, 100), (-60, 5)],
            &[(0, Step::FirstLetter), (1, Step::FourthLetter)],
        );
        check(&[(200, 100)], &[(0, Step::FirstLetter)]);
    }

    #[test]
    fn a_letter_that_went_out_is_no_step_any_more() {
        let next = |sent: &[u8]| {
            let mut late = account(&[(31, 100)]);
            let sent = sent.iter().map(|letter| CaseStep {
                what: *letter,
                on: today().plus_days(-1),
                then: None,
            });
            late.case = sent.collect();
            of(&late).next
        };
        let in_days = |days, step| (today().plus_days(days), step);
        let third = in_days(29, Step::ThirdLetter);
        assert_eq!(next(&[]), [in_days(0, Step::FirstLetter), third]);
        assert_eq!(next(&[1]), [in_days(0, Step::SecondLetter), third]);
        assert_eq!(next(&[1, 2]), [third, in_days(59, Step::FourthLetter)]);
        assert_eq!(next(&[1, 2, 3]), [in_days(59, Step::FourthLetter)]);
    }

    #[test]
    fn a_pending_promise_is_the_next_step_and_pauses_ladder_and_hold() {
        let mut late = account(&[(40, 100)]);
        assert_eq!(of(&late).supply, Supply::Stopped(HoldReason::Overdue));
        late.promises = vec![PromiseFacts {
            promise: DocumentId([1; 32]),
            state: PromiseState::Pending,
            instalments: vec![InstalmentFacts {
                due: today().plus_days(5),
                amount: Money::from_yuan(100),
                paid: Money::ZERO,
                state: PromiseState::Pending,
            }],
            invoices: vec![],
        }];
        let found = of(&late);
        assert_eq!(found.next, [(today().plus_days(5), Step::Promise)]);
        assert!(matches!(found.supply, Supply::OnCredit { .. }));
    }

    #[test]
    fn who_owes_nothing_overdue_has_no_plan_and_no_alarm() {
        let found = of(&account(&[(-20, 100)]));
        assert_eq!((found.plan, found.alarms), (None, vec![]));
        assert_eq!(found.attention, RiskClass::NotDue);
        let mut paid = account(&[(40, 100)]);
        paid.on_account = Money::from_yuan(100);
        let found = of(&paid);
        assert_eq!((found.plan, found.alarms), (None, vec![]));
        assert_eq!((found.next, found.cards), (vec![], vec![]));
        assert!(matches!(found.supply, Supply::OnCredit { .. }));
    }

    #[test]
    fn an_appointment_is_a_step_until_somebody_has_been_there() {
        let mut asked = account(&[]);
        asked.appointment = Some(today());
        assert_eq!(of(&asked).next, [(today(), Step::Appointment)]);
        asked.last_visit = Some(today());
        assert_eq!(of(&asked).next, []);
        asked.appointment = Some(today().plus_days(4));
        assert_eq!(of(&asked).next, [(today().plus_days(4), Step::Appointment)]);
    }

    #[test]
    fn the_rules_come_together_at_one_customer() {
        let mut bad = account(&[(70, 60_000), (-20, 10_000)]);
        bad.signs = vec![WarningSign::PartnersSplit];
        bad.no_result = 4;
        bad.reason = Some(UnpaidReason::Unwilling);
        let found = of(&bad);
        assert_eq!(found.supply, Supply::Stopped(HoldReason::Overdue));
        assert_eq!(found.attention, RiskClass::Doubtful);
        let alarms = [Alarm::Days(70), Alarm::Share(85), Alarm::NoResult(4)];
        assert_eq!(found.alarms, alarms);
        assert_eq!(found.plan.unwrap().manner, Manner::Hard);
        let first = found.cards.first().map(|(tip, _)| *tip);
        assert_eq!(first, Some(playbook::Tip::NoNewGoodsBeforeMoney));
    }
}
