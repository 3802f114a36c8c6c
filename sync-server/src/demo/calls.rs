//! A planned call → signed documents, pushed in the order in which a rep makes them: receipt,
//! promise, visit; then what grows around them (`threads`).

use std::collections::BTreeMap;

use shared::{
    customer::Customer,
    day::{Day, Timestamp},
    document::{self, NewChange},
    evidence::{Fix, Signature, Signer},
    ids::{CustomerId, DocumentId, InvoiceId, PersonId},
    money::Money,
    paper::{self, promise_letter::LetterInputs},
    promise::{Instalment, PromiseCore, PromisedInvoice},
    receipt::{Allocation, ReceiptCore, Shortfall},
    visit::Visit,
};

use super::{
    Plan,
    dice::Dice,
    field::{Call, PromisePlan, ReceiptPlan},
    fill::{DemoError, at},
    hand::Hand,
    organization::COMPANY_NAME,
    scribble::scribble,
    words,
};
use crate::store::WriteTx;

/// Days that a promise looks back for receipts that its signer knew of.
const LOOK_BACK_DAYS: i64 = shared::ledger::promise_state::LOOK_BACK_DAYS;

/// A receipt that later promises may have to mention: its day, its id, the invoices that it pays.
type KnownReceipt = (Day, DocumentId, Vec<InvoiceId>);

/// Everybody's devices.
pub(super) struct Hands {
    /// Of the reps, in their order.
    pub reps: Vec<Hand>,
    /// Of the supervisors, by person.
    pub supervisors: BTreeMap<PersonId, Hand>,
}

/// Turns calls into documents.
pub(super) struct Recorder<'a> {
    pub(super) plan: &'a Plan,
    pub(super) now: Timestamp,
    pub(super) dice: &'a mut Dice,
    pub(super) hands: &'a mut Hands,
    /// Contact books so far.
    pub(super) books: BTreeMap<CustomerId, Vec<NewChange>>,
    receipts: BTreeMap<CustomerId, Vec<KnownReceipt>>,
}

/// A call on the stage: where and when.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub call: &'a Call,
    pub customer: &'a Customer,
    pub start: Timestamp,
    pub end: Timestamp,
}

fn money(fen: i64) -> Money {
    Money::from_fen(fen).unwrap_or(Money::ZERO)
}

impl<'a> Recorder<'a> {
    pub fn new(plan: &'a Plan, now: Timestamp, dice: &'a mut Dice, hands: &'a mut Hands) -> Self {
        Self {
            plan,
            now,
            dice,
            hands,
            books: BTreeMap::new(),
            receipts: BTreeMap::new(),
        }
    }

    /// When the server hears of something: some minutes later, never after now.
    pub(super) fn heard(&mut self, made: Timestamp) -> Timestamp {
        let delay_s = match self.dice.per_mille(800) {
            true => self.dice.between(2, 90),
            false => self.dice.between(600, 14_400),
        };
        made.plus_ms(delay_s * 1_000).min(self.now)
    }

    /// The device of the rep who makes the call.
    pub(super) fn hand(&mut self, call: &Call) -> Result<&mut Hand, DemoError> {
        self.hands
            .reps
            .get_mut(call.rep)
            .ok_or(DemoError::Plan("a call without rep"))
    }

    /// Records one call.
    pub fn record(&mut self, tx: &mut WriteTx<'_>, call: &Call) -> Result<(), DemoError> {
        let shop = self.plan.organization.shops.get(call.shop);
        let customer = &shop
            .ok_or(DemoError::Plan("a call without customer"))?
            .customer;
        let start = at(call.day, call.minute);
        let scene = Scene {
            call,
            customer,
            start,
            end: start.plus_ms(call.minutes * 60_000),
        };
        let mut related = Vec::new();
        if let Some(receipt) = &call.receipt {
            related.push(self.receipt(tx, scene, receipt)?);
        }
        if let Some(promise) = &call.promise {
            related.push(self.promise(tx, scene, promise)?);
        }
        let visit = self.visit(tx, scene, related)?;
        self.contact_book(tx, scene)?;
        self.exchange(tx, scene, visit)
    }

    fn visit(
        &mut self,
        tx: &mut WriteTx<'_>,
        scene: Scene<'_>,
        related: Vec<DocumentId>,
    ) -> Result<NewChange, DemoError> {
        let call = scene.call;
        let clock_off_ms = call.clock_off_minutes * 60_000;
        let (start, end) = (
            scene.start.plus_ms(clock_off_ms),
            scene.end.plus_ms(clock_off_ms),
        );
        let heard = self.heard(scene.end);
        let hand = self.hand(call)?;
        let visit = Visit {
            customer: scene.customer.id,
            person: hand.person_id(),
            started_at: start,
            ended_at: end,
            // The positioning system has a clock of its own.
            check_in: fix(call, scene.start),
            check_out: fix(call, scene.end),
            purpose: call.purpose,
            person_met: call.person_met.clone(),
            result: call.result,
            reason: call.reason,
            signs: call.signs.clone(),
            next_day: call.next_day,
            related,
            notes: call.notes.to_owned(),
            comments: Vec::new(),
            attachments: Vec::new(),
            corrects: vec![],
        };
        let change = document::create_visit(&visit, hand.origin(end))?;
        hand.push_by_clock(tx, &change, heard, clock_off_ms)?;
        Ok(change)
    }

    fn signature(&mut self, scene: Scene<'_>, made: Timestamp) -> Signature {
        let contacts = &scene.customer.contacts;
        let met = contacts.iter().find(|c| c.name == scene.call.person_met);
        let signer = met.or(contacts.first());
        let name = signer.map_or_else(|| scene.call.person_met.clone(), |c| c.name.clone());
        Signature {
            strokes: scribble(self.dice, name.chars().count()),
            signer: Signer {
                name,
                role: self.dice.text(words::SIGNER_ROLES).to_owned(),
                phone: signer.map_or_else(String::new, |c| c.phone.clone()),
            },
            at: made,
            fix: fix(scene.call, made),
        }
    }

    fn receipt(
        &mut self,
        tx: &mut WriteTx<'_>,
        scene: Scene<'_>,
        plan: &ReceiptPlan,
    ) -> Result<DocumentId, DemoError> {
        let made = scene.start.plus_ms(scene.call.minutes * 20_000);
        let named = |(place, fen): &(usize, i64)| {
            let invoice = &self.plan.accounts.get(*place)?.invoice;
            Some(Allocation {
                invoice: invoice.id,
                number: invoice.number.clone(),
                amount: money(*fen),
            })
        };
        let allocations: Vec<Allocation> = plan.allocations.iter().filter_map(named).collect();
        let paid = allocations.iter().map(|a| a.invoice).collect();
        let short = |(reason, next_day)| Shortfall {
            amount: money(plan.asked - plan.fen),
            reason,
            next_day,
        };
        let signature = self
            .dice
            .per_mille(900)
            .then(|| self.signature(scene, made));
        let heard = self.heard(made);
        let hand = self.hand(scene.call)?;
        let (number, previous) = hand.next_receipt(scene.call.day);
        let core = ReceiptCore {
            number,
            previous,
            customer: scene.customer.id,
            customer_name: scene.customer.name.clone(),
            company_name: COMPANY_NAME.to_owned(),
            person: hand.person.id,
            person_name: hand.person.name.clone(),
            issued_at: made,
            day: scene.call.day,
            method: plan.method.clone(),
            amount: money(plan.fen),
            allocations,
            asked: money(plan.asked),
            shortfall: plan.shortfall.map(short),
            purpose: "货款".to_owned(),
            signature,
            last_server_at: None,
            corrects: vec![],
        };
        let origin = hand.origin(made);
        let (change, seal) = document::create_receipt(&core, origin, hand)?;
        hand.issued(seal.digest);
        let document = hand.push(tx, &change, heard)?;
        let known = self.receipts.entry(scene.customer.id).or_default();
        known.push((scene.call.day, document, paid));
        if let Some(void) = &plan.void {
            self.void(tx, scene, void, change, made)?;
        }
        Ok(document)
    }

    fn promise(
        &mut self,
        tx: &mut WriteTx<'_>,
        scene: Scene<'_>,
        plan: &PromisePlan,
    ) -> Result<DocumentId, DemoError> {
        let (call, customer) = (scene.call, scene.customer);
        let made = scene.start.plus_ms(call.minutes * 40_000);
        let named = |(place, fen): &(usize, i64)| {
            let invoice = &self.plan.accounts.get(*place)?.invoice;
            Some(PromisedInvoice {
                invoice: invoice.id,
                number: invoice.number.clone(),
                outstanding: money(*fen),
            })
        };
        let invoices: Vec<PromisedInvoice> = plan.invoices.iter().filter_map(named).collect();
        let instalment = |(due, fen): &(Day, i64)| Instalment {
            due: *due,
            amount: money(*fen),
        };
        let instalments: Vec<Instalment> = plan.instalments.iter().map(instalment).collect();
        let total: i64 = plan.instalments.iter().map(|(_, fen)| fen).sum();
        let accounts = self.plan.accounts.iter().filter(|a| a.shop == call.shop);
        let owed: i64 = accounts.map(|a| a.outstanding(call.day)).sum();
        let letter = LetterInputs {
            company_name: COMPANY_NAME.to_owned(),
            customer_name: customer.name.clone(),
            day: call.day,
            outstanding: money(owed.max(total)),
            instalments: instalments.clone(),
            invoices: invoices.clone(),
        };
        let covers = |paid: &[InvoiceId]| {
            paid.iter()
                .any(|p| invoices.iter().any(|i| i.invoice == *p))
        };
        let known = self.receipts.get(&customer.id).into_iter().flatten();
        let counted = known
            .filter(|(day, _, paid)| *day >= call.day.plus_days(-LOOK_BACK_DAYS) && covers(paid));
        let already_counted = counted.map(|(_, document, _)| *document).collect();
        let signature = self.signature(scene, made);
        let heard = self.heard(made);
        let hand = self.hand(call)?;
        let core = PromiseCore {
            customer: customer.id,
            customer_name: customer.name.clone(),
            company_name: COMPANY_NAME.to_owned(),
            person: hand.person.id,
            person_name: hand.person.name.clone(),
            made_at: made,
            day: call.day,
            total: money(total),
            instalments,
            already_counted,
            invoices,
            replaces: None,
            letter: paper::promise_letter::promise_letter(&letter, paper::Language::Chinese),
            signature,
            corrects: vec![],
        };
        let origin = hand.origin(made);
        let (change, _) = document::create_promise(&core, origin, hand)?;
        hand.push(tx, &change, heard)
    }
}

fn fix(call: &Call, at: Timestamp) -> Option<Fix> {
    call.fix.map(|(point, accuracy_m)| Fix {
        point,
        accuracy_m,
        at,
    })
}
