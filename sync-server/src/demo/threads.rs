//! What grows around the records of a call: the contact book, a void request and its decision, what
//! the supervisor says and the rep answers.

use shared::{
    contact_book::BookSign,
    day::Timestamp,
    document::{
        self, NewChange,
        edit::{self, Edit},
    },
    evidence::Comment,
    ids::ElementId,
    receipt::{VoidDecision, VoidRequest},
};

use super::{
    calls::{Recorder, Scene},
    field::{Call, VoidPlan},
    fill::{DemoError, at},
    hand::Hand,
};
use crate::store::WriteTx;

impl Recorder<'_> {
    fn element(&mut self, when: Timestamp) -> ElementId {
        ElementId(self.dice.uuid(when.0))
    }

    fn supervisor(&self, call: &Call) -> Option<&Hand> {
        let territory = self.plan.organization.reps.get(call.rep)?.territory?;
        let supervisor = self
            .plan
            .organization
            .territories
            .get(territory)?
            .supervisor?;
        self.hands.supervisors.get(&supervisor)
    }

    /// The rep asks for a receipt to be voided; the supervisor may have decided.
    pub(super) fn void(
        &mut self,
        tx: &mut WriteTx<'_>,
        scene: Scene<'_>,
        plan: &VoidPlan,
        receipt: NewChange,
        made: Timestamp,
    ) -> Result<(), DemoError> {
        let asked = made.plus_ms(40 * 60_000).min(self.now);
        let decided = asked.plus_ms(3 * 3_600_000).min(self.now);
        let (request, decision) = (self.element(asked), self.element(decided));
        let hand = self.hand(scene.call)?;
        let edit = Edit::RequestVoid(VoidRequest {
            id: request,
            author: hand.person_id(),
            at: asked,
            reason: plan.reason.to_owned(),
        });
        let mut changes = vec![receipt.bytes];
        hand.edit(tx, &mut changes, &edit, asked)?;
        let (Some(approved), Some(supervisor)) = (plan.approved, self.supervisor(scene.call))
        else {
            return Ok(());
        };
        let edit = Edit::DecideVoid(VoidDecision {
            id: decision,
            request,
            author: supervisor.person_id(),
            at: decided,
            approved,
            note: "已与客户电话核实".to_owned(),
        });
        supervisor.edit(tx, &mut changes, &edit, decided)
    }

    /// What the rep learned goes into the customer's contact book.
    pub(super) fn contact_book(
        &mut self,
        tx: &mut WriteTx<'_>,
        scene: Scene<'_>,
    ) -> Result<(), DemoError> {
        let (call, end) = (scene.call, scene.end);
        let author = self.hand(call)?.person_id();
        let facts = call
            .facts
            .iter()
            .map(|(fact, text)| Edit::BookField(*fact, (*text).to_owned()));
        let mut edits: Vec<Edit> = facts.collect();
        let place = call.fix.filter(|_| call.sets_position);
        edits.extend(place.map(|(point, _)| Edit::BookPosition(point)));
        for sign in &call.signs {
            let id = self.element(end);
            edits.push(Edit::BookSign(BookSign {
                id,
                author,
                at: end,
                sign: *sign,
            }));
        }
        if edits.is_empty() {
            return Ok(());
        }
        let heard = self.heard(end);
        let customer = scene.customer.id;
        let mut changes = self.books.remove(&customer).unwrap_or_default();
        let hand = self.hand(call)?;
        if changes.is_empty() {
            let book = document::create_contact_book(customer)?;
            hand.push(tx, &book, heard)?;
            changes.push(book);
        }
        for edit in edits {
            let so_far: Vec<&[u8]> = changes.iter().map(|c| c.bytes.as_slice()).collect();
            let change = edit::apply(&so_far, &edit, hand.actor(), end.0.div_euclid(1_000))?;
            hand.push(tx, &change, heard)?;
            changes.push(change);
        }
        self.books.insert(customer, changes);
        Ok(())
    }

    /// What the supervisor says about the visit, and what the rep answers.
    pub(super) fn exchange(
        &mut self,
        tx: &mut WriteTx<'_>,
        scene: Scene<'_>,
        visit: NewChange,
    ) -> Result<(), DemoError> {
        let Some(exchange) = &scene.call.exchange else {
            return Ok(());
        };
        let now = self.now;
        let said = at(scene.call.day, exchange.minute);
        let mut lines = vec![(true, said, exchange.comment)];
        lines.extend(
            exchange
                .reply
                .map(|(later, text)| (false, said.plus_ms(later * 60_000), text)),
        );
        let mut changes = vec![visit.bytes];
        for (by_supervisor, when, text) in lines {
            let id = self.element(when);
            let who: Option<&Hand> = match by_supervisor {
                true => self.supervisor(scene.call),
                false => Some(self.hand(scene.call)?),
            };
            let Some(who) = who.filter(|_| when <= now) else {
                return Ok(());
            };
            let comment = Comment {
                id,
                author: who.person_id(),
                at: when,
                text: text.to_owned(),
            };
            who.edit(tx, &mut changes, &Edit::Comment(comment), when)?;
        }
        Ok(())
    }
}
