//! What a record may say, whatever its bytes: limits of texts and lists, sums that add up.
//!
//! The phone asks before it makes a document, the server before it admits one.

use std::collections::BTreeSet;

use super::{DocumentError, Record};
use crate::{
    contact_book::ContactBook,
    evidence::{Attachment, Comment, Fix, GeoPoint, Signature},
    hand_in::{self, DENOMINATIONS, HandInCore},
    ids::{DocumentId, InvoiceId},
    money::Money,
    promise::PromiseCore,
    proposal::{DisputeReason, Proposal, ProposalKind},
    receipt::{Method, MethodKind, ReceiptCore},
    statement::AnswerCore,
    sync::limits,
    visit::Visit,
};

/// Why a record can't be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ContentError {
    /// Beyond a limit of `sync::limits`.
    #[error("too large: {0}")]
    TooLarge(&'static str),
    /// Sums, dates or places contradict each other or themselves.
    #[error("contradictory: {0}")]
    Contradiction(&'static str),
}

impl ContentError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "content.too_large",
            Self::Contradiction(_) => "content.contradiction",
        }
    }
}

impl From<ContentError> for DocumentError {
    fn from(e: ContentError) -> Self {
        match e {
            ContentError::TooLarge(what) => Self::TooLarge(what),
            ContentError::Contradiction(what) => Self::Contradiction(what),
        }
    }
}

type Checked = Result<(), ContentError>;

/// Checks a whole record, sealed core and all that has grown around it.
pub fn check(record: &Record) -> Checked {
    match record {
        Record::Visit(visit) => check_visit(visit),
        Record::Promise(promise, _) => {
            check_promise(&promise.core)?;
            for cancellation in &promise.cancellations {
                reason(&cancellation.reason)?;
            }
            grown(&promise.comments, &promise.attachments)
        }
        Record::Receipt(receipt, _) => {
            check_receipt(&receipt.core)?;
            for request in &receipt.void_requests {
                reason(&request.reason)?;
            }
            for decision in &receipt.void_decisions {
                text("note", &decision.note)?;
                let known = receipt
                    .void_requests
                    .iter()
                    .any(|r| r.id == decision.request);
                that(known, "decides an unknown void request")?;
            }
            grown(&receipt.comments, &receipt.attachments)
        }
        Record::ContactBook(book) => check_book(book),
        Record::HandIn(hand_in, _) => {
            check_hand_in(&hand_in.core)?;
            grown(&hand_in.comments, &hand_in.attachments)
        }
        Record::Proposal(proposal) => check_proposal(proposal),
        Record::Statement(answer, _) => {
            check_statement(&answer.core)?;
            grown(&answer.comments, &answer.attachments)
        }
    }
}

/// Checks a visit.
pub fn check_visit(visit: &Visit) -> Checked {
    name("person met", &visit.person_met)?;
    text("notes", &visit.notes)?;
    lines("signs", visit.signs.len())?;
    lines("related", visit.related.len())?;
    for fix in [visit.check_in, visit.check_out].into_iter().flatten() {
        place(fix.point)?;
    }
    corrected(&visit.corrects)?;
    grown(&visit.comments, &visit.attachments)
}

/// Checks a promise's core: instalments positive, in due order, at least one, adding up to the total.
pub fn check_promise(core: &PromiseCore) -> Checked {
    for part in [&core.customer_name, &core.company_name, &core.person_name] {
        name("name", part)?;
    }
    lines("instalments", core.instalments.len())?;
    lines("invoices", core.invoices.len())?;
    lines("already counted", core.already_counted.len())?;
    lines("letter", core.letter.len())?;
    core.letter
        .iter()
        .try_for_each(|line| text("letter", line))?;
    core.invoices
        .iter()
        .try_for_each(|i| name("invoice number", &i.number))?;
    signature(&core.signature)?;
    corrected(&core.corrects)?;
    that(!core.instalments.is_empty(), "no instalment")?;
    that(
        core.instalments.iter().all(|i| i.amount.is_positive()),
        "instalment not positive",
    )?;
    that(
        core.instalments.is_sorted_by_key(|i| i.due),
        "instalments not in due order",
    )?;
    that(
        Money::sum(core.instalments.iter().map(|i| i.amount)) == Ok(core.total),
        "instalments do not add up to the total",
    )?;
    once(core.invoices.iter().map(|i| i.invoice))
}

/// Checks a receipt's core: positive amount, allocations positive and within it, no invoice twice,
/// a shortfall that is what was asked for less what was taken.
pub fn check_receipt(core: &ReceiptCore) -> Checked {
    for part in [
        &core.customer_name,
        &core.company_name,
        &core.person_name,
        &core.number.device_code,
    ] {
        name("name", part)?;
    }
    text("purpose", &core.purpose)?;
    method(&core.method)?;
    lines("allocations", core.allocations.len())?;
    core.allocations
        .iter()
        .try_for_each(|a| name("invoice number", &a.number))?;
    if let Some(drawn) = &core.signature {
        signature(drawn)?;
    }
    corrected(&core.corrects)?;
    that(core.amount.is_positive(), "amount not positive")?;
    that(
        core.allocations.iter().all(|a| a.amount.is_positive()),
        "allocation not positive",
    )?;
    that(
        core.on_account().is_ok_and(|rest| !rest.is_negative()),
        "allocations exceed the amount",
    )?;
    once(core.allocations.iter().map(|a| a.invoice))?;
    that(!core.asked.is_negative(), "asked for less than nothing")?;
    if let Some(shortfall) = &core.shortfall {
        that(shortfall.amount.is_positive(), "shortfall not positive")?;
        that(
            core.asked.checked_sub(core.amount) == Ok(shortfall.amount),
            "shortfall is not what was asked for less what was taken",
        )?;
    }
    Ok(())
}

/// Checks a hand-in's core: receipts of cash, cheques and bills, each once; pieces of known denominations, each once;
/// sums that add up; a reason if the count is another sum than the receipts; two names and two signatures.
pub fn check_hand_in(core: &HandInCore) -> Checked {
    name("name", &core.person_name)?;
    name("name", &core.company_name)?;
    text("note", &core.note)?;
    lines("receipts", core.receipts.len())?;
    lines("pieces", core.pieces.len())?;
    core.receipts
        .iter()
        .try_for_each(|r| name("receipt number", &r.number))?;
    for signed in [&core.signature, &core.received] {
        signature(signed)?;
        that(is_signed(signed), "not signed by both")?;
    }
    that(!core.receipts.is_empty(), "nothing handed in")?;
    let mut seen = BTreeSet::new();
    that(
        core.receipts.iter().all(|r| seen.insert(r.receipt)),
        "receipt named twice",
    )?;
    that(
        core.receipts.iter().all(|r| r.amount.is_positive()),
        "amount not positive",
    )?;
    let sum_of = |wanted: &[MethodKind]| {
        let wanted = core.receipts.iter().filter(|r| wanted.contains(&r.method));
        Money::sum(wanted.map(|r| r.amount))
    };
    const PAPERS: &[MethodKind] = &[MethodKind::Cheque, MethodKind::AcceptanceBill];
    let is_in_hands = |method| method == MethodKind::Cash || PAPERS.contains(&method);
    that(
        core.receipts.iter().all(|r| is_in_hands(r.method)),
        "money that is in nobody's hands",
    )?;
    that(
        sum_of(&[MethodKind::Cash]) == Ok(core.expected) && sum_of(PAPERS) == Ok(core.cheques),
        "receipts do not add up",
    )?;
    let mut faces = BTreeSet::new();
    let is_known = |face| DENOMINATIONS.contains(&face);
    that(
        core.pieces
            .iter()
            .all(|p| p.count > 0 && is_known(p.face) && faces.insert(p.face)),
        "pieces that are none",
    )?;
    that(
        hand_in::counted(&core.pieces) == Some(core.cash),
        "pieces do not add up",
    )?;
    if core.cash != core.expected {
        reason(&core.note)?;
    }
    Ok(())
}

/// Checks a proposal: a sum, and what belongs to its kind and to no other: a reason of a dispute, a day of an extension;
/// each invoice once, and one at most where one debt is posted on; words where nothing else says why.
pub fn check_proposal(proposal: &Proposal) -> Checked {
    let ask = &proposal.ask;
    text("words", &ask.words)?;
    lines("invoices", ask.invoices.len())?;
    that(ask.what != ProposalKind::Unknown, "asks for nothing known")?;
    that(ask.amount.is_positive(), "amount not positive")?;
    that(
        (ask.what == ProposalKind::Dispute) == ask.reason.is_some()
            && ask.reason != Some(DisputeReason::Unknown),
        "a dispute has a reason, nothing else has",
    )?;
    that(
        (ask.what == ProposalKind::Extension) == ask.until.is_some(),
        "an extension has a day, nothing else has",
    )?;
    let is_of_many = matches!(ask.what, ProposalKind::Dispute | ProposalKind::Extension);
    that(
        is_of_many || ask.invoices.len() < 2,
        "several invoices where one is posted on",
    )?;
    once(ask.invoices.iter().copied())?;
    if ask.needs_words() {
        reason(&ask.words)?;
    }
    for decision in &proposal.decisions {
        text("note", &decision.note)?;
        that(
            decision
                .amount
                .is_none_or(|sum| decision.approved && sum.is_positive() && sum <= ask.amount),
            "agrees to another sum than one within what was asked for",
        )?;
    }
    grown(&proposal.comments, &proposal.attachments)
}

/// Checks the core of an answer to a statement: the paper as shown; agreed only with a signature; each disputed line
/// once, with a reason that is known, in words if it is another one.
pub fn check_statement(core: &AnswerCore) -> Checked {
    for part in [&core.customer_name, &core.company_name, &core.person_name] {
        name("name", part)?;
    }
    lines("letter", core.letter.len())?;
    core.letter
        .iter()
        .try_for_each(|line| text("letter", line))?;
    lines("disputed", core.disputed.len())?;
    let mut seen = BTreeSet::new();
    for disputed in &core.disputed {
        name("number", &disputed.number)?;
        text("words", &disputed.words)?;
        that(seen.insert(disputed.line), "line disputed twice")?;
        match disputed.reason {
            DisputeReason::Unknown => that(false, "no reason given")?,
            DisputeReason::Other => reason(&disputed.words)?,
            _ => {}
        }
    }
    if let Some(Fix { point, .. }) = core.fix {
        place(point)?;
    }
    match &core.signature {
        Some(drawn) => {
            signature(drawn)?;
            that(is_signed(drawn), "not signed")
        }
        None => that(!core.is_agreed(), "agreed without a signature"),
    }
}

/// Has somebody drawn it, and is it said who?
fn is_signed(drawn: &Signature) -> bool {
    !drawn.strokes.0.iter().all(Vec::is_empty) && !drawn.signer.name.trim().is_empty()
}

fn check_book(book: &ContactBook) -> Checked {
    book.fields
        .values()
        .try_for_each(|value| text("field", value))?;
    if let Some(point) = book.position {
        place(point)?;
    }
    for contact in &book.contacts {
        name("contact", &contact.name)?;
        name("phone", &contact.phone)?;
    }
    grown(&book.comments, &book.attachments)
}

fn method(method: &Method) -> Checked {
    match method {
        Method::Cash => Ok(()),
        Method::Transfer { reference }
        | Method::WeChat { reference }
        | Method::Alipay { reference } => name("reference", reference),
        Method::Cheque { number, bank } | Method::AcceptanceBill { number, bank, .. } => {
            name("number", number)?;
            name("bank", bank)
        }
    }
}

fn signature(drawn: &Signature) -> Checked {
    for part in [&drawn.signer.name, &drawn.signer.role, &drawn.signer.phone] {
        name("signer", part)?;
    }
    if let Some(Fix { point, .. }) = drawn.fix {
        place(point)?;
    }
    let points: usize = drawn.strokes.0.iter().map(Vec::len).sum();
    within(points, limits::STROKE_POINTS, "strokes")?;
    within(drawn.strokes.0.len(), limits::STROKE_POINTS, "strokes")
}

fn grown(comments: &[Comment], attachments: &[Attachment]) -> Checked {
    comments.iter().try_for_each(|c| text("comment", &c.text))?;
    for attachment in attachments {
        name("media type", &attachment.media_type)?;
        text("caption", &attachment.caption)?;
        if attachment.size_bytes > limits::ATTACHMENT_BYTES {
            return Err(ContentError::TooLarge("attachment"));
        }
    }
    Ok(())
}

fn place(point: GeoPoint) -> Checked {
    let on_earth = (-900_000_000..=900_000_000).contains(&point.lat_e7)
        && (-1_800_000_000..=1_800_000_000).contains(&point.lon_e7);
    that(on_earth, "place not on earth")
}

fn once(invoices: impl Iterator<Item = InvoiceId>) -> Checked {
    let mut seen = BTreeSet::new();
    let mut invoices = invoices;
    that(
        invoices.all(|invoice| seen.insert(invoice)),
        "invoice named twice",
    )
}

/// Records that one corrects: a few, each once.
fn corrected(records: &[DocumentId]) -> Checked {
    within(records.len(), limits::CORRECTED, "corrected records")?;
    let mut seen = BTreeSet::new();
    that(
        records.iter().all(|record| seen.insert(record)),
        "corrects a record twice",
    )
}

fn reason(given: &str) -> Checked {
    that(!given.trim().is_empty(), "no reason given")?;
    text("reason", given)
}

fn text(what: &'static str, value: &str) -> Checked {
    within(value.chars().count(), limits::TEXT_CHARS, what)
}

fn name(what: &'static str, value: &str) -> Checked {
    within(value.chars().count(), limits::NAME_CHARS, what)
}

fn lines(what: &'static str, count: usize) -> Checked {
    within(count, limits::LINES, what)
}

fn within(count: usize, limit: usize, what: &'static str) -> Checked {
    if count > limit {
        return Err(ContentError::TooLarge(what));
    }
    Ok(())
}

fn that(holds: bool, otherwise: &'static str) -> Checked {
    if holds {
        Ok(())
    } else {
        Err(ContentError::Contradiction(otherwise))
    }
}
