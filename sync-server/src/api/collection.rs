//! `/v1/desk/work-list` and `/v1/desk/team`: the rules of collecting, computed from the ledger by the same code as on
//! the phone (`shared::policy`). Sums are text, `12345.60`.
//!
//! Invariant: a salesperson's list here is the list of their synced phone. So it goes by the rules that phones were told:
//! the company's own curve as it was made out last. What the team is told goes by the debts of this moment.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Query, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use shared::{
    aging::age,
    day::Day,
    ids::PersonId,
    money::Money,
    people::Person,
    policy::{
        Settings,
        account::AccountFacts,
        advice::advice,
        escalation::{self, Escalation},
        month_target::month_target,
        own_curve::own_curve,
        recovery::Curve,
        score::{Results, score},
        told::Told,
        work_list::{Why, WorkItem, work_list},
    },
};
use utoipa::{IntoParams, ToSchema};

use crate::{
    auth::{Caller, forbidden},
    clock,
    problem::Problem,
    scope,
    state::AppState,
    store::{
        Connection, StoreError,
        account_facts::{self, Account},
        company::{self, Company},
        people,
        team::{self, MonthSums},
    },
};

/// How far ahead a list can be asked for, in days: as it would be if nothing came in before.
const AHEAD: i64 = 31;

/// Whose list, of which day.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WorkListOf {
    /// Person id of the salesperson.
    pub person: String,
    /// Business day, `2026-11-21`; today if left out. Today or up to 31 days ahead: what was known on a day gone by is
    /// not kept, so its list is not made up.
    pub day: Option<String>,
}

/// A reason or an alarm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReasonView {
    /// `appointment`, `promise_broken`, `promise_due`, `final_deadline`, `due`, `overdue`, `dunning`, `losing`,
    /// `escalation`, `statement`, `has_money`, `sold`, `sign`, `hold`, `alarm_days`, `alarm_share`, `alarm_rating`,
    /// `alarm_no_result`.
    pub code: String,
    /// Days from today; days gone by of `promise_broken`, `overdue` and `alarm_days`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
    /// Sum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// Visits of `alarm_no_result`, whole percent of `alarm_share`, the letter that is to be sent now of `dunning`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// Which step, escalation, phase or sign.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
}

impl From<Told> for ReasonView {
    fn from(told: Told) -> Self {
        Self {
            code: told.code,
            days: told.days,
            amount: told.amount.map(|amount| amount.to_string()),
            count: told.count,
            what: told.what,
        }
    }
}

/// What a plan was weighed by.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FactorView {
    /// `age`, `sum`, `type`, `reputation`, `character`, `funds`, `distance`.
    pub factor: String,
    /// For hard (positive) or soft (negative).
    pub points: i32,
}

/// A customer on the list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WorkLine {
    /// Customer id.
    pub customer: String,
    /// What is owed, less what is on account.
    pub outstanding: String,
    /// Of it overdue.
    pub overdue: String,
    /// Larger is more urgent; only good for comparing.
    pub priority: u32,
    /// Visited on the day already: stands after the others.
    pub visited_today: bool,
    /// Why, the most urgent first; never empty.
    pub reasons: Vec<ReasonView>,
    /// `soft`, `firm` or `hard`; none while nothing is overdue.
    pub plan: Option<String>,
    /// What speaks for it, the weightiest first.
    pub factors: Vec<FactorView>,
    /// Alarms that have gone off.
    pub alarms: Vec<ReasonView>,
    /// `listed` or `handover`, if the debt has gone beyond the salesperson.
    pub escalation: Option<String>,
}

/// A salesperson's list of a day.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WorkListView {
    /// Person id.
    pub person: String,
    /// As of this business day.
    pub day: String,
    /// Customers of theirs whom the caller sees, on the list or not.
    pub customers: u32,
    /// In the order in which to go.
    pub items: Vec<WorkLine>,
}

/// A salesperson's month.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TeamLine {
    /// Person id.
    pub person: String,
    /// Customers of theirs whom the caller sees.
    pub customers: u32,
    /// Sold in the month so far.
    pub sold: String,
    /// Collected in the month so far, on what had fallen due.
    pub collected: String,
    /// What could be: the same, and what is due and unpaid.
    pub collectable: String,
    /// Owed.
    pub receivable: String,
    /// Of it overdue.
    pub overdue: String,
    /// Due by the month's end and unpaid.
    pub to_zero: String,
    /// What of the month's dues is paid, in thousandths.
    pub paid_permille: u16,
    /// What has to come in on each day left.
    pub per_day: String,
    /// Expected loss by one more day, by the company's own curve.
    pub daily_loss: String,
    /// Customers on the list to the sales vice-president.
    pub listed: u32,
    /// Customers to be handed over to a specialist collector.
    pub handover: u32,
    /// Collection in thousandths; none if there was nothing to collect.
    pub score_collection: Option<u16>,
    /// Receivables in thousandths: what of them is not overdue.
    pub score_receivables: u16,
    /// All together, in thousandths. Sales do not count: the ledger knows no targets.
    pub score: u16,
}

/// A point of the recovery curve.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CurvePointView {
    /// Months overdue.
    pub months: u16,
    /// Chance of recovery in thousandths.
    pub per_mille: u16,
}

/// The team.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TeamView {
    /// As of this business day.
    pub day: String,
    /// Is this one of the days on which the list to the sales vice-president is made?
    pub list_is_made: bool,
    /// By name.
    pub people: Vec<TeamLine>,
    /// The company's own recovery curve, as far as there are debts enough; else the settings'.
    pub curve: Vec<CurvePointView>,
    /// How many settled debts it goes by.
    pub debts: u32,
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn no_such_person() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "ledger.no_such",
        "there is no such person",
    )
}

/// The day asked for: today, or one of the next.
fn day_of(text: Option<&str>, today: Day) -> Result<Day, Problem> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(today);
    };
    let day: Day = text.parse().map_err(|_| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "http.malformed",
            "a day reads 2026-11-21",
        )
    })?;
    if !(0..=AHEAD).contains(&day.days_since(today)) {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "collection.day",
            "a list is made for today or one of the next 31 days",
        ));
    }
    Ok(day)
}

fn the_company(conn: &Connection) -> Result<(Company, Day), StoreError> {
    let company = company::get(conn)?.ok_or(StoreError::NotFound("company"))?;
    let today = Day::of(clock::now(), company.utc_offset_minutes);
    Ok((company, today))
}

/// The work list of a salesperson, as their synced phone shows it. A supervisor gets the customers within their scope,
/// and nothing of people who have none there.
#[utoipa::path(get, path = "/v1/desk/work-list", params(WorkListOf), responses((status = 200, body = WorkListView),
    (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn of_person(
    State(state): State<AppState>,
    Caller(device): Caller,
    Query(of): Query<WorkListOf>,
) -> Result<Json<WorkListView>, Problem> {
    let reader = device.person;
    if !scope::may_work_at_desk(reader.role) {
        return Err(forbidden());
    }
    let person: PersonId = of.person.parse().map_err(|_| no_such_person())?;
    let list = state
        .blocking(move |store| store.read(|conn| list_of(conn, &reader, person, of.day.as_deref())))
        .await?;
    Ok(Json(list))
}

fn list_of(
    conn: &Connection,
    reader: &Person,
    person: PersonId,
    day: Option<&str>,
) -> Result<WorkListView, Problem> {
    let (company, today) = the_company(conn)?;
    let day = day_of(day, today)?;
    people::get(conn, person)?.ok_or_else(no_such_person)?;
    let customers = scope::customers_of(conn, reader, person)?;
    if customers.is_empty() && !scope::sees_all(reader.role) && reader.id != person {
        return Err(forbidden());
    }
    let accounts = account_facts::accounts(conn, &company, day, &customers)?;
    let settings = &company.rules();
    let facts: Vec<AccountFacts> = accounts.iter().map(|a| a.facts.clone()).collect();
    let found = work_list(&facts, day, settings).map_err(StoreError::from)?;
    let by_id: BTreeMap<_, _> = accounts.iter().map(|a| (a.facts.customer, a)).collect();
    let lines = found.iter().filter_map(|item| {
        let account = by_id.get(&item.customer)?;
        Some(line(item, account, day, settings))
    });
    Ok(WorkListView {
        person: person.to_string(),
        day: day.to_string(),
        customers: count(customers.len()),
        items: lines.collect::<Result<_, _>>()?,
    })
}

fn line(
    item: &WorkItem,
    account: &Account,
    day: Day,
    settings: &Settings,
) -> Result<WorkLine, StoreError> {
    let (facts, terms) = (&account.facts, &account.customer.terms);
    let advice = advice(facts, &item.reasons, terms, day, settings)?;
    let escalation = item.reasons.iter().find_map(|why| match why {
        Why::Escalation(escalation) => Some(escalation.slug().to_owned()),
        _ => None,
    });
    let (plan, factors) = match advice.plan {
        Some(plan) => (Some(plan.manner.slug().to_owned()), plan.factors),
        None => (None, Vec::new()),
    };
    Ok(WorkLine {
        customer: item.customer.to_string(),
        outstanding: item.outstanding.to_string(),
        overdue: item.overdue.to_string(),
        priority: item.priority,
        visited_today: item.visited_today,
        reasons: item
            .reasons
            .iter()
            .map(|why| Told::from(why).into())
            .collect(),
        plan,
        factors: factors
            .into_iter()
            .map(|(factor, points)| FactorView {
                factor: factor.slug().to_owned(),
                points,
            })
            .collect(),
        alarms: advice
            .alarms
            .into_iter()
            .map(|alarm| Told::from(alarm).into())
            .collect(),
        escalation,
    })
}

/// Every salesperson's month: sales, collection, receivables, the score, how far from zero, what has gone beyond them.
/// A supervisor gets those who have customers within their scope, by these customers alone.
#[utoipa::path(get, path = "/v1/desk/team", responses((status = 200, body = TeamView),
    (status = 403, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn team(
    State(state): State<AppState>,
    Caller(device): Caller,
) -> Result<Json<TeamView>, Problem> {
    let reader = device.person;
    if !scope::may_work_at_desk(reader.role) {
        return Err(forbidden());
    }
    let team = state
        .blocking(move |store| Ok(store.read(|conn| team_of(conn, &reader))?))
        .await?;
    Ok(Json(team))
}

fn team_of(conn: &Connection, reader: &Person) -> Result<TeamView, StoreError> {
    let (company, today) = the_company(conn)?;
    let debts = team::past_debts(conn, today)?;
    let mut own = company.policy.clone();
    own.recovery_curve = own_curve(&debts, &company.policy);
    let month = team::month(conn, today)?;
    let mut everybody = people::all(conn)?;
    everybody.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    let mut lines = Vec::new();
    for person in everybody {
        let customers = scope::customers_of(conn, reader, person.id)?;
        let is_listed =
            person.active && scope::collects(person.role) && scope::sees_all(reader.role);
        if customers.is_empty() && !is_listed {
            continue;
        }
        let mut sums = Sums::default();
        for id in &customers {
            if let Some((account, _)) = account_facts::balances(conn, *id)? {
                let of_month = month.get(id).copied().unwrap_or_default();
                sums.add(&account.facts, of_month, today, &own)?;
            }
        }
        lines.push(sums.line(person.id, count(customers.len()), today, &own)?);
    }
    let points = own.recovery_curve.iter().map(|point| CurvePointView {
        months: point.months,
        per_mille: point.per_mille,
    });
    Ok(TeamView {
        day: today.to_string(),
        list_is_made: escalation::list_is_made(today, &own),
        people: lines,
        curve: points.collect(),
        debts: count(debts.len()),
    })
}

/// What a salesperson's customers come to.
#[derive(Default)]
struct Sums {
    month: MonthSums,
    receivable: Money,
    overdue: Money,
    due: Money,
    to_zero: Money,
    unpaid_of_month: Money,
    daily_loss: Money,
    listed: u32,
    handover: u32,
}

impl Sums {
    fn add(
        &mut self,
        facts: &AccountFacts,
        month: MonthSums,
        today: Day,
        settings: &Settings,
    ) -> Result<(), StoreError> {
        self.month.sold = self.month.sold.checked_add(month.sold)?;
        self.month.collected = self.month.collected.checked_add(month.collected)?;
        self.month.due_in_month = self.month.due_in_month.checked_add(month.due_in_month)?;
        let (begin, end) = (team::month_begin(today), today.month_end());
        for invoice in facts.owing() {
            let owed = invoice.outstanding;
            let parts = [
                (&mut self.receivable, true),
                (&mut self.overdue, invoice.due < today),
                (&mut self.due, invoice.due <= today),
                (&mut self.to_zero, invoice.due <= end),
                (
                    &mut self.unpaid_of_month,
                    (begin..=end).contains(&invoice.due),
                ),
            ];
            for (sum, _) in parts.into_iter().filter(|(_, counts)| *counts) {
                *sum = sum.checked_add(owed)?;
            }
        }
        let items = || facts.invoices.iter().map(|i| (i.due, i.outstanding));
        let net = age(items(), today)?
            .total()?
            .checked_sub(facts.on_account)?;
        if !net.is_positive() {
            return Ok(());
        }
        let loss = Curve::of(settings).daily_loss(items(), today)?;
        self.daily_loss = self.daily_loss.checked_add(loss)?;
        let days = facts.days_overdue(today).filter(|days| *days > 0);
        match days.and_then(|days| escalation::escalation(days, settings)) {
            Some(Escalation::Listed) => self.listed += 1,
            Some(Escalation::Handover) => self.handover += 1,
            None => {}
        }
        Ok(())
    }

    fn line(
        &self,
        person: PersonId,
        customers: u32,
        today: Day,
        settings: &Settings,
    ) -> Result<TeamLine, StoreError> {
        let collected = self.month.collected.max(Money::ZERO);
        let collectable = collected.checked_add(self.due)?;
        let paid = self.month.due_in_month.checked_sub(self.unpaid_of_month)?;
        let target = month_target(self.to_zero, paid, today)?;
        let score = score(
            &Results {
                sold: self.month.sold,
                sales_target: Money::ZERO,
                collected,
                collectable,
                overdue: self.overdue,
                receivable: self.receivable,
            },
            settings,
        );
        Ok(TeamLine {
            person: person.to_string(),
            customers,
            sold: self.month.sold.to_string(),
            collected: collected.to_string(),
            collectable: collectable.to_string(),
            receivable: self.receivable.to_string(),
            overdue: self.overdue.to_string(),
            to_zero: target.to_zero.to_string(),
            paid_permille: target.paid_permille,
            per_day: target.per_day.to_string(),
            daily_loss: self.daily_loss.to_string(),
            listed: self.listed,
            handover: self.handover,
            score_collection: score.collection,
            score_receivables: score.receivables,
            score: score.total,
        })
    }
}
