//! `/v1/desk/case`: a customer's collection case 催收档案: which letter is due, what was sent and who took it, steps at
//! law with the dates that they set running, and when the limitation period ends. It is written by the commands
//! `letter_sent`, `invoice_delivered` and `legal_step`.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Query, State},
};
use serde::{Deserialize, Serialize};
use shared::{
    day::Day,
    ids::{CustomerId, InvoiceId},
    ledger::command::{Body, Command},
    money::Money,
    policy::{Settings, account::AccountFacts, dunning, legal},
    receipt::ReceiptState,
};
use utoipa::ToSchema;

use super::ledger::{Of, customer_of};
use crate::{
    auth::LedgerReader,
    clock,
    problem::Problem,
    state::AppState,
    store::{
        Connection, StoreError, account_facts, books, commands,
        company::{self, Company},
        promises, receipts,
    },
};

/// Who noted something, when and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Noted {
    /// Command id.
    pub id: String,
    /// Person id.
    pub person: String,
    /// When, milliseconds since 1970 UTC.
    pub at: i64,
    /// Why, in their words.
    pub reason: String,
}

/// A paper that went out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SentView {
    /// Which letter, 1 to 4; none for an invoice.
    pub letter: Option<u8>,
    /// Invoice id; none for a letter.
    pub invoice: Option<String>,
    /// The day it went.
    pub sent: String,
    /// How: `by_hand`, `post`, `electronic`.
    pub way: String,
    /// The day it was taken; none while that is not known.
    pub received: Option<String>,
    /// Who took it.
    pub received_by: String,
    /// Number of the consignment.
    pub tracking: String,
    /// Who noted it.
    pub noted: Noted,
}

/// A step at law.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StepView {
    /// The step.
    pub step: String,
    /// The day it was taken.
    pub on: String,
    /// What has to happen next; none where the step sets no date.
    pub next: Option<String>,
    /// By when.
    pub until: Option<String>,
    /// Who noted it.
    pub noted: Noted,
}

/// An overdue invoice that no pending promise covers: what a letter demands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DemandedView {
    /// Its number.
    pub number: String,
    /// When it was due.
    pub due: String,
    /// What is outstanding.
    pub outstanding: String,
}

/// A case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CaseView {
    /// Days overdue of the oldest debt that no pending promise covers; negative while not due, none without debts.
    pub dunned_days: Option<i64>,
    /// The step of the dunning ladder that the account has come to.
    pub step: Option<String>,
    /// The letter that is to be sent now.
    pub letter_due: Option<u8>,
    /// What it demands, the oldest first.
    pub demanded: Vec<DemandedView>,
    /// Letters, in the order in which they were noted.
    pub letters: Vec<SentView>,
    /// Deliveries of invoices, in the order in which they were noted: of one invoice the last says how it is.
    pub invoices: Vec<SentView>,
    /// Steps at law.
    pub steps: Vec<StepView>,
    /// The first day on which the limitation period of a debt ends, with signed demands, promises and payments since it
    /// was due (Civil Code arts. 188, 195). None without debts.
    pub limitation_ends: Option<String>,
}

/// What is known of a case, before it becomes text.
struct Case {
    account: AccountFacts,
    numbers: BTreeMap<InvoiceId, String>,
    noted: Vec<Command>,
    restarts: Vec<Day>,
}

fn read(
    conn: &Connection,
    company: &Company,
    today: Day,
    customer: CustomerId,
) -> Result<Case, StoreError> {
    let mut found = account_facts::accounts(conn, company, today, &[customer])?;
    let account = found.pop().ok_or(StoreError::NotFound("customer"))?.facts;
    let invoices = books::invoices_of(conn, customer)?.into_iter();
    let noted = commands::of_case(conn, customer)?;
    let mut restarts: Vec<Day> = noted.iter().filter_map(received_letter).collect();
    restarts.extend(
        promises::of_customer(conn, customer)?
            .iter()
            .map(|line| line.day),
    );
    let receipts = receipts::of_customer(conn, customer)?.into_iter();
    let posted =
        receipts.filter(|line| matches!(line.state, ReceiptState::Posted | ReceiptState::Cleared));
    restarts.extend(posted.map(|line| line.day));
    Ok(Case {
        account,
        numbers: invoices
            .map(|row| (row.invoice.id, row.invoice.number))
            .collect(),
        noted,
        restarts,
    })
}

/// The day on which a letter was taken: a demand that cannot be shown to have come restarts nothing.
fn received_letter(command: &Command) -> Option<Day> {
    match &command.body {
        Body::LetterSent { delivery, .. } => delivery.received,
        _ => None,
    }
}

impl Case {
    fn view(&self, today: Day, settings: &Settings) -> CaseView {
        let (letters, invoices) = self
            .noted
            .iter()
            .filter_map(sent_view)
            .partition(|view| view.letter.is_some());
        let ends = self.account.owing().map(|invoice| {
            let since = self.restarts.iter().copied();
            legal::limitation_ends(invoice.due, since.filter(|day| *day >= invoice.due))
        });
        CaseView {
            dunned_days: dunning::dunned_days(&self.account, today),
            step: dunning::account_step(&self.account, today, settings)
                .map(|step| step.slug().to_owned()),
            letter_due: dunning::letter_due(&self.account, today, settings),
            demanded: self.demanded(today),
            letters,
            invoices,
            steps: self.noted.iter().filter_map(step_view).collect(),
            limitation_ends: ends.min().map(|day| day.to_string()),
        }
    }

    /// What is overdue and promised by nobody, the oldest first.
    fn demanded(&self, today: Day) -> Vec<DemandedView> {
        let number = |id| self.numbers.get(&id).cloned().unwrap_or_default();
        let owing = self.account.owing();
        let mut demanded: Vec<_> = owing
            .filter(|invoice| invoice.due < today && !dunning::paused(&self.account, invoice))
            .map(|invoice| (invoice.due, number(invoice.invoice), invoice.outstanding))
            .collect();
        demanded.sort();
        let view = |(due, number, outstanding): (Day, String, Money)| DemandedView {
            number,
            due: due.to_string(),
            outstanding: outstanding.to_string(),
        };
        demanded.into_iter().map(view).collect()
    }
}

fn who(command: &Command) -> Noted {
    Noted {
        id: command.id.to_string(),
        person: command.person.to_string(),
        at: command.at.0,
        reason: command.reason.clone(),
    }
}

/// A paper that went out, if that was noted.
fn sent_view(command: &Command) -> Option<SentView> {
    let (letter, invoice, delivery) = match &command.body {
        Body::LetterSent {
            letter, delivery, ..
        } => (Some(*letter), None, delivery),
        Body::InvoiceDelivered {
            invoice, delivery, ..
        } => (None, Some(invoice.to_string()), delivery),
        _ => return None,
    };
    Some(SentView {
        letter,
        invoice,
        sent: delivery.sent.to_string(),
        way: delivery.way.slug().to_owned(),
        received: delivery.received.map(|day| day.to_string()),
        received_by: delivery.received_by.clone(),
        tracking: delivery.tracking.clone(),
        noted: who(command),
    })
}

fn step_view(command: &Command) -> Option<StepView> {
    let Body::LegalStep { step, on, .. } = &command.body else {
        return None;
    };
    let next = legal::runs_until(*step, *on);
    Some(StepView {
        step: step.slug().to_owned(),
        on: on.to_string(),
        next: next.map(|(date, _)| date.slug().to_owned()),
        until: next.map(|(_, day)| day.to_string()),
        noted: who(command),
    })
}

/// A customer's collection case.
#[utoipa::path(get, path = "/v1/desk/case", params(Of), responses((status = 200, body = CaseView),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("token" = []), ("desk" = [])))]
pub async fn case(
    State(state): State<AppState>,
    _reader: LedgerReader,
    Query(of): Query<Of>,
) -> Result<Json<CaseView>, Problem> {
    let view = state
        .blocking(move |store| {
            let customer = customer_of(store, of.customer.as_deref())?
                .ok_or(StoreError::NotFound("customer"))?;
            let view = store.read(|conn| -> Result<_, StoreError> {
                let company = company::get(conn)?.ok_or(StoreError::NotFound("company"))?;
                let today = Day::of(clock::now(), company.utc_offset_minutes);
                Ok(read(conn, &company, today, customer)?.view(today, &company.policy))
            })?;
            Ok(view)
        })
        .await?;
    Ok(Json(view))
}
