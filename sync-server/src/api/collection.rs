//! `/v1/desk/work-list`: the rules of collecting, computed from the ledger by the same code as on the phone
//! (`shared::policy`). Sums are text, `12345.60`.
//!
//! Invariant: a salesperson's list here is the list of their synced phone. So it goes by the rules that phones were told:
//! the company's own curve as it was made out last. (What the team is told, in `team`, goes by the debts of this moment.)

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Query, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use shared::{
    day::Day,
    ids::PersonId,
    people::Person,
    policy::{
        Settings,
        account::AccountFacts,
        advice::advice,
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

pub(super) fn count(length: usize) -> u32 {
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

pub(super) fn the_company(conn: &Connection) -> Result<(Company, Day), StoreError> {
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
