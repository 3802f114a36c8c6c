//! A planned call → signed documents, pushed in the order in which a rep makes them: receipt,
//! promise, visit, contact book, then what the supervisor says.

use std::collections::BTreeMap;

use shared::{
    customer::Customer,
    day::{Day, Timestamp},
    document::{
        self, NewChange,
        edit::{self, Edit},
    },
    evidence::{Comment, Fix, Signature, Signer},
    ids::{CustomerId, DocumentId, ElementId, InvoiceId, PersonId},
    money::Money,
    paper::{self, promise_letter::LetterInputs},
    promise::{Instalment, PromiseCore, PromisedInvoice},
    receipt::{Allocation, ReceiptCore, Shortfall, VoidDecision, VoidRequest},
    visit::Visit,
};

use super::{
    Plan,
    dice::Dice,
    field::{Call, PromisePlan, ReceiptPlan, VoidPlan},
    fill::{DemoError, at},
    hand::Hand,
    organization::COMPANY_NAME,
    scribble::scribble,
    words,
};
use crate::store::WriteTx;

/// Supervisors' devices by person.
type Supervisors = BTreeMap<PersonId, Hand>;

/// Turns calls into documents.
pub(super) struct Recorder<'a> {
    plan: &'a Plan,
    now: Timestamp,
    books: BTreeMap<CustomerId, Vec<NewChange>>,
    /// Receipts of each customer with the invoices that they pay.
    receipts: BTreeMap<CustomerId, Vec<(Day, DocumentId, Vec<InvoiceId>)>>,
}

fn money(fen: i64) -> Money {
    Money::from_fen(fen).unwrap_or(Money::ZERO)
}

impl<'a> Recorder<'a> {
    pub fn new(plan: &'a Plan, now: Timestamp) -> Self {
        Self {
            plan,
            now,
            books: BTreeMap::new(),
            receipts: BTreeMap::new(),
        }
    }

    /// When the server hears of something: some minutes later, never after now.
    fn heard(&self, dice: &mut Dice, made: Timestamp) -> Timestamp {
        let delay_s = if dice.per_mille(800) {
            dice.between(2, 90)
        } else {
            dice.between(600, 14_400)
        };
        made.plus_ms(delay_s * 1_000).min(self.now)
    }

    /// Records one call.
    pub fn record(
        &mut self,
        tx: &mut WriteTx<'_>,
        dice: &mut Dice,
        call: &Call,
        reps: &mut [Hand],
        supervisors: &mut Supervisors,
    ) -> Result<(), DemoError> {
        let plan = self.plan;
        let (Some(shop), Some(hand)) = (
            plan.organization.shops.get(call.shop),
            reps.get_mut(call.rep),
        ) else {
            return Ok(());
        };
        let customer = &shop.customer;
        let start = at(call.day, call.minute);
        let end = start.plus_ms(call.minutes * 60_000);
        let mut related = Vec::new();
        if let Some(receipt) = &call.receipt {
            let made = start.plus_ms(call.minutes * 20_000);
            related.push(self.receipt(
                tx,
                dice,
                call,
                receipt,
                customer,
                hand,
                made,
                supervisors,
            )?);
        }
        if let Some(promise) = &call.promise {
            let made = start.plus_ms(call.minutes * 40_000);
            related.push(self.promise(tx, dice, call, promise, customer, hand, made)?);
        }
        let visit = visit(call, customer.id, hand.person_id(), (start, end), related);
        let change = document::create_visit(&visit, hand.origin(end))?;
        hand.push(tx, &change, self.heard(dice, end))?;
        self.contact_book(tx, dice, call, customer.id, hand, end)?;
        self.exchange(tx, dice, call, change, hand, supervisors)
    }

    fn signature(
        &self,
        dice: &mut Dice,
        call: &Call,
        customer: &Customer,
        made: Timestamp,
    ) -> Signature {
        let contact = customer
            .contacts
            .iter()
            .find(|c| c.name == call.person_met)
            .or(customer.contacts.first());
        let name = contact.map_or_else(|| call.person_met.clone(), |c| c.name.clone());
        Signature {
            strokes: scribble(dice, name.chars().count()),
            signer: Signer {
                name,
                role: dice.text(words::SIGNER_ROLES).to_owned(),
                phone: contact.map_or_else(String::new, |c| c.phone.clone()),
            },
            at: made,
            fix: fix(call, made),
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn receipt(
        &mut self,
        tx: &mut WriteTx<'_>,
        dice: &mut Dice,
        call: &Call,
        plan: &ReceiptPlan,
        customer: &Customer,
        hand: &mut Hand,
        made: Timestamp,
        supervisors: &mut Supervisors,
    ) -> Result<DocumentId, DemoError> {
        let (number, previous) = hand.next_receipt(call.day);
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
        let core = ReceiptCore {
            number,
            previous,
            customer: customer.id,
            customer_name: customer.name.clone(),
            company_name: COMPANY_NAME.to_owned(),
            person: hand.person.id,
            person_name: hand.person.name.clone(),
            issued_at: made,
            day: call.day,
            method: plan.method.clone(),
            amount: money(plan.fen),
            allocations,
            asked: money(plan.asked),
            shortfall: plan.shortfall.map(short),
            purpose: "货款".to_owned(),
            signature: dice
                .per_mille(900)
                .then(|| self.signature(dice, call, customer, made)),
        };
        let origin = hand.origin(made);
        let (change, seal) = document::create_receipt(&core, origin, hand)?;
        hand.issued(seal.digest);
        let document = hand.push(tx, &change, self.heard(dice, made))?;
        self.receipts
            .entry(customer.id)
            .or_default()
            .push((call.day, document, paid));
        if let Some(void) = &plan.void {
            self.void(
                tx,
                dice,
                void,
                change,
                made,
                hand,
                supervisor_of(self.plan, call, supervisors),
            )?;
        }
        Ok(document)
    }

    #[allow(clippy::too_many_arguments)]
    fn void(
        &self,
        tx: &mut WriteTx<'_>,
        dice: &mut Dice,
        plan: &VoidPlan,
        receipt: NewChange,
        made: Timestamp,
        hand: &Hand,
        supervisor: Option<&Hand>,
    ) -> Result<(), DemoError> {
        let asked = made.plus_ms(40 * 60_000).min(self.now);
        let request = ElementId(dice.uuid(asked.0));
        let edit = Edit::RequestVoid(VoidRequest {
            id: request,
            author: hand.person_id(),
            at: asked,
            reason: plan.reason.to_owned(),
        });
        let mut changes = vec![receipt.bytes];
        let change = edit::apply(&changes, &edit, hand.actor(), asked.0 / 1_000)?;
        hand.push(tx, &change, asked)?;
        changes.push(change.bytes);
        let (Some(approved), Some(supervisor)) = (plan.approved, supervisor) else {
            return Ok(());
        };
        let decided = asked.plus_ms(3 * 3_600_000).min(self.now);
        let edit = Edit::DecideVoid(VoidDecision {
            id: ElementId(dice.uuid(decided.0)),
            request,
            author: supervisor.person_id(),
            at: decided,
            approved,
            note: "已与客户电话核实".to_owned(),
        });
        let change = edit::apply(&changes, &edit, supervisor.actor(), decided.0 / 1_000)?;
        supervisor.push(tx, &change, decided)?;
        Ok(())
    }

    #[allow(clippy::too_many_arguments)]
    fn promise(
        &mut self,
        tx: &mut WriteTx<'_>,
        dice: &mut Dice,
        call: &Call,
        plan: &PromisePlan,
        customer: &Customer,
        hand: &mut Hand,
        made: Timestamp,
    ) -> Result<DocumentId, DemoError> {
        let named = |(place, fen): &(usize, i64)| {
            let invoice = &self.plan.accounts.get(*place)?.invoice;
            Some(PromisedInvoice {
                invoice: invoice.id,
                number: invoice.number.clone(),
                outstanding: money(*fen),
            })
        };
        let invoices: Vec<PromisedInvoice> = plan.invoices.iter().filter_map(named).collect();
        let instalments: Vec<Instalment> = plan
            .instalments
            .iter()
            .map(|(due, fen)| Instalment {
                due: *due,
                amount: money(*fen),
            })
            .collect();
        let total: i64 = plan.instalments.iter().map(|(_, fen)| fen).sum();
        let owed: i64 = self
            .plan
            .accounts
            .iter()
            .filter(|a| a.shop == call.shop)
            .map(|a| a.outstanding(call.day))
            .sum();
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
        let counted =
            known.filter(|(day, _, paid)| *day >= call.day.plus_days(-30) && covers(paid));
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
            already_counted: counted.map(|(_, document, _)| *document).collect(),
            invoices,
            replaces: None,
            letter: paper::promise_letter::promise_letter(&letter, paper::Language::Chinese),
            signature: self.signature(dice, call, customer, made),
        };
        let origin = hand.origin(made);
        let (change, _) = document::create_promise(&core, origin, hand)?;
        hand.push(tx, &change, self.heard(dice, made))
    }

    /// What the rep learned goes into the customer's contact book.
    fn contact_book(
        &mut self,
        tx: &mut WriteTx<'_>,
        dice: &mut Dice,
        call: &Call,
        customer: CustomerId,
        hand: &Hand,
        end: Timestamp,
    ) -> Result<(), DemoError> {
        let mut edits: Vec<Edit> = call
            .facts
            .iter()
            .map(|(fact, text)| Edit::BookField(*fact, (*text).to_owned()))
            .collect();
        edits.extend(
            call.fix
                .filter(|_| call.sets_position)
                .map(|(point, _)| Edit::BookPosition(point)),
        );
        edits.extend(call.signs.iter().map(|sign| {
            Edit::BookSign(shared::contact_book::BookSign {
                id: ElementId(dice.uuid(end.0)),
                author: hand.person_id(),
                at: end,
                sign: *sign,
            })
        }));
        if edits.is_empty() {
            return Ok(());
        }
        let heard = self.heard(dice, end);
        let changes = self.books.entry(customer).or_default();
        if changes.is_empty() {
            let change = document::create_contact_book(customer)?;
            hand.push(tx, &change, heard)?;
            changes.push(change);
        }
        for edit in edits {
            let so_far: Vec<&[u8]> = changes.iter().map(|c| c.bytes.as_slice()).collect();
            let change = edit::apply(&so_far, &edit, hand.actor(), end.0 / 1_000)?;
            hand.push(tx, &change, heard)?;
            changes.push(change);
        }
        Ok(())
    }

    /// What the supervisor says about the visit, and what the rep answers.
    fn exchange(
        &self,
        tx: &mut WriteTx<'_>,
        dice: &mut Dice,
        call: &Call,
        visit: NewChange,
        hand: &Hand,
        supervisors: &Supervisors,
    ) -> Result<(), DemoError> {
        let (Some(exchange), Some(supervisor)) =
            (&call.exchange, supervisor_of(self.plan, call, supervisors))
        else {
            return Ok(());
        };
        let said = at(call.day, exchange.minute);
        let answered = exchange
            .reply
            .map(|(later, text)| (hand, said.plus_ms(later * 60_000), text));
        let mut changes = vec![visit.bytes];
        for (who, when, text) in [Some((supervisor, said, exchange.comment)), answered]
            .into_iter()
            .flatten()
        {
            if when > self.now {
                break;
            }
            let comment = Comment {
                id: ElementId(dice.uuid(when.0)),
                author: who.person_id(),
                at: when,
                text: text.to_owned(),
            };
            let change = edit::apply(
                &changes,
                &Edit::Comment(comment),
                who.actor(),
                when.0 / 1_000,
            )?;
            who.push(tx, &change, when)?;
            changes.push(change.bytes);
        }
        Ok(())
    }
}

fn supervisor_of<'s>(plan: &Plan, call: &Call, supervisors: &'s Supervisors) -> Option<&'s Hand> {
    let territory = plan.organization.reps.get(call.rep)?.territory?;
    supervisors.get(&plan.organization.territories.get(territory)?.supervisor?)
}

fn fix(call: &Call, at: Timestamp) -> Option<Fix> {
    call.fix.map(|(point, accuracy_m)| Fix {
        point,
        accuracy_m,
        at,
    })
}

fn visit(
    call: &Call,
    customer: CustomerId,
    person: PersonId,
    (start, end): (Timestamp, Timestamp),
    related: Vec<DocumentId>,
) -> Visit {
    Visit {
        customer,
        person,
        started_at: start,
        ended_at: end,
        check_in: fix(call, start),
        check_out: fix(call, end),
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
    }
}
