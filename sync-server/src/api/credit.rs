//! `/v1/desk/credit`: how customers' credit stands, what the rule proposes and why. It is decided by the commands
//! `credit_rating` (two persons) and `credit_kept`. Sums are text, `12345.60`.

use std::cmp::Reverse;

use axum::{
    Json,
    extract::{Query, State},
};
use serde::{Deserialize, Serialize};
use shared::{
    customer::Customer,
    ids::CustomerId,
    ledger::command::{Body, Command},
    money::Money,
    people::Person,
    policy::{
        credit::{self, Grade, Rating, Steps},
        credit_review::{self, Basis, Review},
    },
};
use utoipa::{IntoParams, ToSchema};

use super::collection::{count, the_company};
use crate::{
    auth::{Caller, forbidden},
    problem::Problem,
    scope,
    state::AppState,
    store::{
        Connection, StoreError,
        credit::{self as store, CreditFacts, Decided},
    },
};

/// Customers in one answer at most.
const LIMIT: usize = 500;

/// Which customers.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Those for whom there is nothing to do, too.
    pub all: Option<bool>,
}

/// Grade, limit and term.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RatingView {
    /// `A` to `D`; `unknown` while there is none.
    pub grade: String,
    /// Credit limit.
    pub limit: String,
    /// Term in days.
    pub term_days: u16,
}

/// How many grades each side of conduct costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StepsView {
    /// What was not paid on time.
    pub share: u8,
    /// The longest delay.
    pub delay: u8,
    /// Broken promises.
    pub broken: u8,
    /// Cheques and bills that came back.
    pub bounced: u8,
    /// Warning signs.
    pub signs: u8,
}

/// What the rule says, and by what: sent back whole with a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BasisView {
    /// The rating that it proposes.
    pub proposed: RatingView,
    /// What conduct costs.
    pub steps: StepsView,
}

/// What happened since a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConductView {
    /// The day.
    pub since: String,
    /// What fell due.
    pub due: String,
    /// Of it paid by its day.
    pub on_time: String,
    /// What was not, in whole percent.
    pub late_percent: u32,
    /// The longest delay in days, of what was paid late or is open.
    pub worst_days: u32,
    /// Promises broken.
    pub broken: u32,
    /// Cheques and bills that came back.
    pub bounced: u32,
    /// Warning signs lately.
    pub signs: u32,
}

/// A decision, with who, when and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DecisionView {
    /// Its command id.
    pub id: String,
    /// `waits`, `rated`, `rejected` or `kept`.
    pub outcome: String,
    /// What was decided on; none of what was left as it was.
    pub rating: Option<RatingView>,
    /// Credit hold, of a rating.
    pub hold: Option<bool>,
    /// Person id of who proposed it.
    pub person: String,
    /// When, milliseconds since 1970 UTC.
    pub at: i64,
    /// Why.
    pub reason: String,
    /// Person id of who had the second word.
    pub second: Option<String>,
}

/// A customer's credit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CreditLine {
    /// Customer id.
    pub customer: String,
    /// `proposed`, `waits` (for a second person), `quiet` (decided, until the facts change or the next review) or
    /// `as_is`.
    pub state: String,
    /// As it stands.
    pub now: RatingView,
    /// Credit hold 停止供货.
    pub hold: bool,
    /// What is owed, less what is on account.
    pub exposure: String,
    /// What the rule proposes.
    pub basis: Option<BasisView>,
    /// What happened.
    pub conduct: ConductView,
    /// The last decision, or the one that waits.
    pub decision: Option<DecisionView>,
    /// The day of the next review; none if none was made yet, or none is set.
    pub next_review: Option<String>,
}

/// Customers' credit.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CreditView {
    /// As of this business day.
    pub day: String,
    /// Months between reviews; zero: none.
    pub every_months: u32,
    /// Customers whom the caller sees.
    pub customers: u32,
    /// Of them with a proposal.
    pub proposed: u32,
    /// Of them with a rating that waits for its second person.
    pub waits: u32,
    /// The most urgent first, at most 500: whose grade falls furthest, then who owes most beyond the proposed limit.
    pub lines: Vec<CreditLine>,
}

impl From<&Rating> for RatingView {
    fn from(rating: &Rating) -> Self {
        Self {
            grade: rating.grade.slug().to_owned(),
            limit: rating.limit.to_string(),
            term_days: rating.term_days,
        }
    }
}

impl From<&Basis> for BasisView {
    fn from(basis: &Basis) -> Self {
        let Steps {
            share,
            delay,
            broken,
            bounced,
            signs,
        } = basis.steps;
        Self {
            proposed: RatingView::from(&basis.proposed),
            steps: StepsView {
                share,
                delay,
                broken,
                bounced,
                signs,
            },
        }
    }
}

/// How customers' credit stands, the most urgent first: with a proposal, waiting, or decided and quiet; with `all` those
/// with nothing to do, too. A supervisor gets the customers within their scope.
#[utoipa::path(get, path = "/v1/desk/credit", params(Which), responses((status = 200, body = CreditView),
    (status = 403, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn list(
    State(state): State<AppState>,
    Caller(device): Caller,
    Query(which): Query<Which>,
) -> Result<Json<CreditView>, Problem> {
    let reader = device.person;
    if !scope::may_work_at_desk(reader.role) {
        return Err(forbidden());
    }
    let all = which.all.unwrap_or(false);
    let found = state
        .blocking(move |store| Ok(store.read(|conn| view(conn, &reader, all))?))
        .await?;
    Ok(Json(found))
}

fn view(conn: &Connection, reader: &Person, all: bool) -> Result<CreditView, StoreError> {
    let (company, today) = the_company(conn)?;
    let seen: Vec<CustomerId> = scope::customers_seen(conn, reader)?.into_iter().collect();
    let mut found = store::standing(conn, &company, today, &seen)?;
    let of_state = |name: &str| count(found.iter().filter(|facts| state(facts) == name).count());
    let (proposed, waits) = (of_state("proposed"), of_state("waits"));
    found.retain(|facts| all || state(facts) != "as_is");
    found.sort_by_cached_key(urgency);
    found.truncate(LIMIT);
    Ok(CreditView {
        day: today.to_string(),
        every_months: company.policy.figures.rerate_months,
        customers: count(seen.len()),
        proposed,
        waits,
        lines: found
            .iter()
            .map(|facts| {
                let last = facts.last.as_ref().map(Decided::day);
                let next = last.and_then(|day| credit_review::next_review(day, &company.policy));
                line(facts, next.map(|day| day.to_string()))
            })
            .collect(),
    })
}

fn state(facts: &CreditFacts) -> &'static str {
    match (&facts.waits, facts.review) {
        (Some(_), _) => "waits",
        (None, Review::Proposed(_)) => "proposed",
        (None, Review::Quiet(_)) => "quiet",
        (None, Review::AsIs) => "as_is",
    }
}

/// What sorts the most urgent first; by number among equals.
fn urgency(facts: &CreditFacts) -> (u8, Reverse<u8>, Reverse<Money>, Reverse<Money>, String) {
    let place = |grade: Grade| match grade {
        Grade::Unknown | Grade::A => 0_u8,
        Grade::B => 1,
        Grade::C => 2,
        Grade::D => 3,
    };
    let (rank, fall, limit) = match (state(facts), facts.review) {
        ("proposed", Review::Proposed(basis)) => {
            let fall = place(basis.proposed.grade).saturating_sub(place(facts.now.grade));
            (0, fall, basis.proposed.limit)
        }
        ("waits", _) => (1, 0, facts.now.limit),
        ("quiet", _) => (2, 0, facts.now.limit),
        _ => (3, 0, facts.now.limit),
    };
    let beyond = facts.exposure.checked_sub(limit).unwrap_or(Money::ZERO);
    let Customer { number, .. } = &facts.account.customer;
    (
        rank,
        Reverse(fall),
        Reverse(beyond.max(Money::ZERO)),
        Reverse(facts.exposure),
        number.clone(),
    )
}

fn line(facts: &CreditFacts, next_review: Option<String>) -> CreditLine {
    let conduct = &facts.conduct;
    let customer = &facts.account.customer;
    let waiting = facts.waits.as_ref().map(|command| Decided {
        command: command.clone(),
        second: None,
    });
    CreditLine {
        customer: customer.id.to_string(),
        state: state(facts).to_owned(),
        now: RatingView::from(&facts.now),
        hold: customer.hold,
        exposure: facts.exposure.to_string(),
        basis: match &facts.review {
            Review::Proposed(basis) | Review::Quiet(basis) => Some(BasisView::from(basis)),
            Review::AsIs => None,
        },
        conduct: ConductView {
            since: facts.since.to_string(),
            due: conduct.due.to_string(),
            on_time: conduct.on_time.to_string(),
            late_percent: credit::late_percent(conduct),
            worst_days: conduct.worst_days,
            broken: conduct.broken,
            bounced: conduct.bounced,
            signs: conduct.signs,
        },
        decision: waiting.as_ref().or(facts.last.as_ref()).map(decision),
        next_review,
    }
}

fn decision(decided: &Decided) -> DecisionView {
    let Command {
        id,
        person,
        at,
        reason,
        body,
        ..
    } = &decided.command;
    let (rating, hold) = match body {
        Body::CreditRating { rating, hold, .. } => (Some(RatingView::from(rating)), Some(*hold)),
        _ => (None, None),
    };
    let outcome = match (rating.is_some(), &decided.second) {
        (false, _) => "kept",
        (true, None) => "waits",
        (true, Some(_)) if decided.is_rejected() => "rejected",
        (true, Some(_)) => "rated",
    };
    DecisionView {
        id: id.to_string(),
        outcome: outcome.to_owned(),
        rating,
        hold,
        person: person.to_string(),
        at: at.0,
        reason: reason.clone(),
        second: decided.second.as_ref().map(|s| s.person.to_string()),
    }
}
