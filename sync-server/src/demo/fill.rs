//! Posts the planned company into an empty store, in one transaction.

use std::collections::BTreeMap;

use shared::{
    day::{CHINA_OFFSET_MINUTES, Day, Timestamp},
    document::DocumentError,
    ids::CompanyId,
    people::Role,
    policy::Settings,
    statement::{StatementPurpose, first_of_month},
};

use super::{
    Plan,
    calls::{Hands, Recorder},
    dice::Dice,
    hand::Hand,
    organization::COMPANY_NAME,
    plan,
};
use crate::store::{
    Store, StoreError, WriteTx, books,
    company::{self, NewCompany},
    devices,
    documents::AdmitError,
    people,
    statement_run::{self, Run},
};

/// Why the demo company can't be made; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// There is a company already.
    #[error("the folder has a company already: the demo company needs an empty one")]
    NotEmpty,
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    Entropy,
    /// The plan contradicts itself.
    #[error("demo plan: {0}")]
    Plan(&'static str),
    /// A record could not be made.
    #[error("demo record: {0}")]
    Document(#[from] DocumentError),
    /// A record was refused.
    #[error("demo record refused: {0}")]
    Admit(#[from] AdmitError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DemoError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotEmpty => "demo.not_empty",
            Self::Entropy => "demo.entropy",
            Self::Plan(_) => "demo.plan",
            Self::Document(e) => e.code(),
            Self::Admit(AdmitError::Rejected(e)) => e.code(),
            Self::Admit(AdmitError::Store(e)) | Self::Store(e) => e.code(),
        }
    }
}

/// A step of filling, for progress lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Making the plan.
    Planning,
    /// Putting people and so many customers.
    Customers(usize),
    /// Posting so many invoices.
    Invoices(usize),
    /// Posting so many payments.
    Payments(usize),
    /// Admitting so many visits with their promises and receipts.
    Calls(usize),
    /// Settling balances and promise states.
    Settling,
}

/// A minute of a day by the company's clocks.
pub(super) fn at(day: Day, minute: i64) -> Timestamp {
    Timestamp((day.number() * 1_440 + minute - i64::from(CHINA_OFFSET_MINUTES)) * 60_000)
}

/// Fills an empty store with the demo company as of `now`.
pub fn fill(
    store: &Store,
    seed: u64,
    now: Timestamp,
    progress: &mut dyn FnMut(Step),
) -> Result<(), DemoError> {
    if store.read(company::get)?.is_some() {
        return Err(DemoError::NotEmpty);
    }
    progress(Step::Planning);
    let plan = plan(seed, Day::of(now, CHINA_OFFSET_MINUTES));
    store.write_at(now, |tx| {
        let mut dice = Dice::new(seed, "fill");
        progress(Step::Customers(plan.organization.shops.len()));
        put_organization(tx, &plan, &mut dice)?;
        progress(Step::Invoices(plan.accounts.len()));
        for account in &plan.accounts {
            books::put_invoice(tx, &account.invoice, at(account.invoice.issued, 20 * 60))?;
        }
        progress(Step::Payments(plan.payments.len()));
        for payment in &plan.payments {
            books::put_payment(tx, payment, at(payment.day, 20 * 60))?;
        }
        // Supervisors approve only what lies in their scope.
        tx.settle()?;
        progress(Step::Calls(plan.calls.len()));
        record_calls(tx, &plan, &mut dice, now)?;
        progress(Step::Settling);
        tx.set_now(now);
        tx.settle()?;
        statements(tx, &plan)
    })
}

/// Last month's statements, as finance would have run them.
fn statements(tx: &mut WriteTx<'_>, plan: &Plan) -> Result<(), DemoError> {
    let mut office = plan.organization.office.iter();
    let clerk = office.find(|member| member.person.role == Role::Finance);
    let clerk = clerk.ok_or(DemoError::Plan("nobody in finance"))?;
    let run = Run {
        purpose: StatementPurpose::Monthly,
        as_of: first_of_month(tx.today()?).plus_days(-1),
        customer: None,
    };
    statement_run::run(tx, &run, clerk.person.id)?;
    Ok(())
}

fn put_organization(tx: &mut WriteTx<'_>, plan: &Plan, dice: &mut Dice) -> Result<(), DemoError> {
    let begin = at(plan.first_day, 8 * 60);
    tx.set_now(begin);
    let new = NewCompany {
        id: CompanyId(dice.uuid(begin.0)),
        name: COMPANY_NAME.to_owned(),
        currency: "CNY".to_owned(),
        utc_offset_minutes: CHINA_OFFSET_MINUTES,
        policy: Settings::default(),
        demo: true,
    };
    company::init(tx, &new)?;
    let organization = &plan.organization;
    let everybody = organization
        .supervisors
        .iter()
        .chain(&organization.reps)
        .chain(&organization.office);
    for member in everybody {
        people::add(tx, &member.person)?;
    }
    for territory in &organization.territories {
        people::add_territory(tx, territory)?;
    }
    for shop in &organization.shops {
        books::put_customer(tx, &shop.customer, begin)?;
    }
    Ok(())
}

/// Records the field history with devices that are revoked when it is done: their keys follow from
/// the seed, so nobody may sign with them afterwards.
fn record_calls(
    tx: &mut WriteTx<'_>,
    plan: &Plan,
    dice: &mut Dice,
    now: Timestamp,
) -> Result<(), DemoError> {
    let begin = at(plan.calls.first().map_or(plan.first_day, |c| c.day), 7 * 60);
    let mut hand = |tx: &mut WriteTx<'_>, member: &super::organization::Member| {
        Hand::register(tx, dice, &member.person, begin)
    };
    let mut hands = Hands {
        reps: Vec::new(),
        supervisors: BTreeMap::new(),
    };
    for member in &plan.organization.reps {
        hands.reps.push(hand(tx, member)?);
    }
    for member in &plan.organization.supervisors {
        hands
            .supervisors
            .insert(member.person.id, hand(tx, member)?);
    }
    let mut recorder = Recorder::new(plan, now, dice, &mut hands);
    for call in &plan.calls {
        recorder.record(tx, call)?;
    }
    for hand in hands.reps.iter().chain(hands.supervisors.values()) {
        devices::revoke(tx, hand.device.id, now)?;
    }
    Ok(())
}
