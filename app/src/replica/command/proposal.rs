//! Asking for something, and a supervisor's word on it.

use shared::{
    day::Timestamp,
    document::{self, Record, edit::Edit},
    ids::DocumentId,
    proposal::{Ask, Proposal, ProposalDecision, ProposalKind},
};

use super::{attach, drop_draft, edit, keep_photos, next_origin, put_new, some_text, text};
use crate::replica::{
    api::{NewDecision, NewProposal},
    error::{Error, Result},
    host::Host,
    open::{Open, new_element},
    query::balance,
    store::{documents, proposals, rows},
};

/// Saves a proposal.
pub fn save(open: &mut Open, host: &Host, new: NewProposal, now: Timestamp) -> Result<DocumentId> {
    rows::customer(&open.db, new.customer)?;
    let proposal = Proposal {
        customer: new.customer,
        person: open.identity.person,
        made_at: now,
        ask: checked(open, new.customer, new.ask, now)?,
        decisions: vec![],
        comments: vec![],
        attachments: attach(open, host, &new.photos, now)?,
    };
    let mut identity = open.identity.clone();
    let origin = next_origin(open, &mut identity, now);
    let change = document::create_proposal(&proposal, origin)?;
    let tx = open.begin()?;
    let record = Record::Proposal(proposal);
    put_new(&tx, open, &change, (new.customer, &record), origin, now)?;
    keep_photos(&tx, change.document, &new.photos, now)?;
    drop_draft(&tx, "proposal", new.customer)?;
    identity.save_counters(&tx)?;
    tx.commit()?;
    open.identity = identity;
    Ok(change.document)
}

/// What was asked for, without what belongs to another kind; or what is missing.
fn checked(
    open: &Open,
    customer: shared::ids::CustomerId,
    mut ask: Ask,
    now: Timestamp,
) -> Result<Ask> {
    let today = open.day(now)?;
    if ask.what == ProposalKind::Unknown {
        return Err(Error::Invalid("proposal.what"));
    }
    match ask.what {
        ProposalKind::Dispute if ask.reason.is_none() => {
            return Err(Error::Invalid("proposal.reason"));
        }
        ProposalKind::Dispute => {}
        _ => ask.reason = None,
    }
    match ask.what {
        ProposalKind::Extension if ask.until.is_none_or(|day| day <= today) => {
            return Err(Error::Invalid("proposal.until"));
        }
        ProposalKind::Extension => {}
        _ => ask.until = None,
    }
    if !ask.amount.is_positive() {
        return Err(Error::Invalid("proposal.amount"));
    }
    let known = balance::invoice_lines(open, customer, today)?;
    let is_known = |id| known.iter().any(|line| line.row.invoice.id == id);
    if !ask.invoices.iter().all(|id| is_known(*id)) {
        return Err(Error::Invalid("proposal.invoices"));
    }
    ask.words = match ask.needs_words() {
        true => some_text(&ask.words, "proposal.words")?,
        false => text(&ask.words, "proposal.words")?,
    };
    Ok(ask)
}

/// Says yes or no to a proposal.
pub fn decide(open: &Open, host: &Host, new: NewDecision, now: Timestamp) -> Result<()> {
    let row = documents::get(&open.db, new.document)?;
    if row.author == open.identity.person {
        return Err(Error::Invalid("proposal.own"));
    }
    let line = proposals::get(&open.db, new.document)?;
    if !line.state.waits_for_sales() {
        return Err(Error::Invalid("proposal.decided"));
    }
    let less = new
        .amount
        .filter(|sum| new.approve && *sum != line.ask.amount);
    if less.is_some_and(|sum| !sum.is_positive() || sum > line.ask.amount) {
        return Err(Error::Invalid("proposal.less"));
    }
    let decision = ProposalDecision {
        id: new_element(host)?,
        author: open.identity.person,
        at: now,
        approved: new.approve,
        amount: less,
        note: match new.approve {
            true => text(&new.note, "proposal.note")?,
            false => some_text(&new.note, "proposal.note")?,
        },
    };
    let tx = open.begin()?;
    edit::apply(
        &tx,
        open,
        new.document,
        &Edit::DecideProposal(decision),
        now,
    )?;
    Ok(tx.commit()?)
}
