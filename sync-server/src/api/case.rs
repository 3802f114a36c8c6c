//! `/v1/desk/case`: a customer's collection case 催收档案: which letter is due, what was sent and who took it, steps at
//! law with the dates that they set running, and when the limitation period ends. It is written by the commands
//! `letter_sent`, `invoice_delivered` and `legal_step`.

use axum::{
    Json,
    extract::{Query, State},
};
use serde::{Deserialize, Serialize};
use shared::{
    day::Day,
    ids::CustomerId,
    ledger::{
        case::Delivery,
        command::{Body, Command},
    },
    policy::{
        Settings,
        account::{AccountFacts, InstalmentFacts, InvoiceFacts, PromiseFacts},
        dunning, legal,
    },
    receipt::ReceiptState,
};
use utoipa::ToSchema;

use super::ledger::{Of, customer_of};
use crate::{
    auth::LedgerReader,
    clock,
    problem::Problem,
    state::AppState,
    store::{Connection, StoreError, books, commands, company, promises, receipts},
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
    numbers: Vec<String>,
    noted: Vec<Command>,
    restarts: Vec<Day>,
}

fn read(conn: &Connection, customer: CustomerId) -> Result<Case, StoreError> {
    let mut account = AccountFacts::new(customer);
    let mut numbers = Vec::new();
    for row in books::invoices_of(conn, customer)? {
        let outstanding = row.invoice.amount.checked_sub(row.settled)?;
        if outstanding.is_positive() {
            account.invoices.push(InvoiceFacts {
                invoice: row.invoice.id,
                issued: row.invoice.issued,
                due: row.invoice.due,
                outstanding,
            });
            numbers.push(row.invoice.number);
        }
    }
    let noted = commands::of_case(conn, customer)?;
    let mut restarts: Vec<Day> = noted.iter().filter_map(received_letter).collect();
    for line in promises::of_customer(conn, customer)? {
        restarts.push(line.day);
        account.promises.push(PromiseFacts {
            promise: line.document,
            state: line.state,
            instalments: line
                .instalments
                .iter()
                .map(|(instalment, state, paid)| InstalmentFacts {
                    due: instalment.due,
                    amount: instalment.amount,
                    paid: *paid,
                    state: *state,
                })
                .collect(),
            invoices: line.invoices,
        });
    }
    let posted = receipts::of_customer(conn, customer)?.into_iter();
    restarts.extend(
        posted
            .filter(|line| matches!(line.state, ReceiptState::Posted | ReceiptState::Cleared))
            .map(|line| line.day),
    );
    Ok(Case {
        account,
        numbers,
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
        let sent: Vec<(u8, Day)> = self
            .noted
            .iter()
            .filter_map(|command| match &command.body {
                Body::LetterSent {
                    letter, delivery, ..
                } => Some((*letter, delivery.sent)),
                _ => None,
            })
            .collect();
        let mut demanded: Vec<_> = self
            .account
            .invoices
            .iter()
            .zip(&self.numbers)
            .filter(|(invoice, _)| invoice.due < today && !dunning::paused(&self.account, invoice))
            .collect();
        demanded.sort_by_key(|(invoice, number)| (invoice.due, (*number).clone()));
        let of = |kind: fn(&Body) -> Option<SentView>| -> Vec<SentView> {
            let noted = self.noted.iter();
            let views = noted.filter_map(|command| Some((kind(&command.body)?, command)));
            views
                .map(|(view, command)| SentView {
                    noted: who(command),
                    ..view
                })
                .collect()
        };
        let debts = self.account.invoices.iter();
        let ends = debts.map(|invoice| {
            let since = self.restarts.iter().copied();
            legal::limitation_ends(invoice.due, since.filter(|day| *day >= invoice.due))
        });
        CaseView {
            dunned_days: dunning::dunned_days(&self.account, today),
            step: dunning::account_step(&self.account, today, settings)
                .map(|step| step.slug().to_owned()),
            letter_due: dunning::letter_due(&self.account, today, &sent, settings),
            demanded: demanded
                .into_iter()
                .map(|(invoice, number)| DemandedView {
                    number: number.clone(),
                    due: invoice.due.to_string(),
                    outstanding: invoice.outstanding.to_string(),
                })
                .collect(),
            letters: of(|body| match body {
                Body::LetterSent {
                    letter, delivery, ..
                } => Some(sent_view(Some(*letter), None, delivery)),
                _ => None,
            }),
            invoices: of(|body| match body {
                Body::InvoiceDelivered {
                    invoice, delivery, ..
                } => Some(sent_view(None, Some(invoice.to_string()), delivery)),
                _ => None,
            }),
            steps: self.noted.iter().filter_map(step_view).collect(),
            limitation_ends: ends.min().map(|day| day.to_string()),
        }
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

fn sent_view(letter: Option<u8>, invoice: Option<String>, delivery: &Delivery) -> SentView {
    SentView {
        letter,
        invoice,
        sent: delivery.sent.to_string(),
        way: delivery.way.slug().to_owned(),
        received: delivery.received.map(|day| day.to_string()),
        received_by: delivery.received_by.clone(),
        tracking: delivery.tracking.clone(),
        noted: Noted {
            id: String::new(),
            person: String::new(),
            at: 0,
            reason: String::new(),
        },
    }
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
                Ok(read(conn, customer)?.view(today, &company.policy))
            })?;
            Ok(view)
        })
        .await?;
    Ok(Json(view))
}
