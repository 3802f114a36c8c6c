//! `/v1/desk/team`: each salesperson's month as the ledger has it: sales, collection, receivables, the score by the
//! targets of the month, how far from zero, what has gone beyond them. Sums are text, `12345.60`.
//!
//! Invariant: the expected loss goes by the company's own recovery curve, as far as there are debts enough. A target is
//! the last word on the month (the command `month_target`); a part without a target is left out of the score.

use axum::{Json, extract::State};
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
        escalation::{self, Escalation},
        month_target::month_target,
        own_curve::own_curve,
        recovery::Curve,
        score::{Results, score},
    },
};
use utoipa::ToSchema;

use super::collection::{count, the_company};
use crate::{
    auth::{Caller, forbidden},
    problem::Problem,
    scope,
    state::AppState,
    store::{
        Connection, StoreError, account_facts, people,
        targets::{self, Target},
        team::{self, MonthSums},
    },
};

/// What a salesperson is to reach in the month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TargetView {
    /// To be sold; none set: sales do not count.
    pub sales: Option<String>,
    /// To be collected; none set: all that could be.
    pub collection: Option<String>,
    /// Person id of who set it last.
    pub person: String,
    /// When, milliseconds since 1970 UTC.
    pub at: i64,
    /// Why.
    pub reason: String,
}

impl From<&Target> for TargetView {
    fn from(target: &Target) -> Self {
        let set = |sum: Money| sum.is_positive().then(|| sum.to_string());
        Self {
            sales: set(target.sales),
            collection: set(target.collection),
            person: target.set.person.to_string(),
            at: target.set.at.0,
            reason: target.set.reason.clone(),
        }
    }
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
    /// What they are to reach in the month; none while nobody has said.
    pub target: Option<TargetView>,
    /// Sales in thousandths of the target; none without one: then sales do not count.
    pub score_sales: Option<u16>,
    /// Collection in thousandths: of the target, without one of what could be; none if there was nothing to collect.
    pub score_collection: Option<u16>,
    /// Receivables in thousandths: what of them is not overdue.
    pub score_receivables: u16,
    /// All together, in thousandths.
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
    /// How much sales, collection and receivables weigh in the score.
    pub weights: [u32; 3],
    /// Is this one of the days on which the list to the sales vice-president is made?
    pub list_is_made: bool,
    /// By name.
    pub people: Vec<TeamLine>,
    /// The company's own recovery curve, as far as there are debts enough; else the settings'.
    pub curve: Vec<CurvePointView>,
    /// How many settled debts it goes by.
    pub debts: u32,
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
    let targets = targets::of_month(conn, team::month_begin(today))?;
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
        lines.push(sums.line(
            (person.id, count(customers.len())),
            targets.get(&person.id),
            today,
            &own,
        )?);
    }
    let points = own.recovery_curve.iter().map(|point| CurvePointView {
        months: point.months,
        per_mille: point.per_mille,
    });
    Ok(TeamView {
        day: today.to_string(),
        weights: [
            own.figures.score_sales,
            own.figures.score_collection,
            own.figures.score_receivables,
        ],
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
        (person, customers): (PersonId, u32),
        target: Option<&Target>,
        today: Day,
        settings: &Settings,
    ) -> Result<TeamLine, StoreError> {
        let collected = self.month.collected.max(Money::ZERO);
        let collectable = collected.checked_add(self.due)?;
        let paid = self.month.due_in_month.checked_sub(self.unpaid_of_month)?;
        let to_go = month_target(self.to_zero, paid, today)?;
        let score = score(
            &Results {
                sold: self.month.sold,
                sales_target: target.map_or(Money::ZERO, |target| target.sales),
                collected,
                collection_target: target.map_or(Money::ZERO, |target| target.collection),
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
            to_zero: to_go.to_zero.to_string(),
            paid_permille: to_go.paid_permille,
            per_day: to_go.per_day.to_string(),
            daily_loss: self.daily_loss.to_string(),
            listed: self.listed,
            handover: self.handover,
            target: target.map(TargetView::from),
            score_sales: score.sales,
            score_collection: score.collection,
            score_receivables: score.receivables,
            score: score.total,
        })
    }
}
