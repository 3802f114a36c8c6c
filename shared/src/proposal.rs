//! The proposal 申请: what a salesperson asks for in the field and others decide: a dispute 争议, an extension 延期, a
//! discount 折让, goods taken back 退货, a write-off 坏账核销.
//!
//! Instalments, an extension, a part waived: proposed by the salesperson, approved by the supervisor (002, 004).
//! Disputes are answered jointly by sales and finance (002). A write-off is assessed by the salesperson, decided by
//! the leader, posted by finance (002).
//!
//! Invariants: what was asked for never changes; nobody decides what they asked for; a proposal moves no money, the
//! command of finance that answers it does, by the ledger's own rules.

use autosurgeon::{Hydrate, Reconcile};
use serde::{Deserialize, Serialize};

use crate::{
    day::{Day, Timestamp},
    evidence::{Attachment, Comment},
    ids::{CustomerId, DocumentId, ElementId, InvoiceId, PersonId},
    ledger::{
        command::{Body, Debt},
        decide::Decision,
    },
    money::Money,
};

crate::slug_enum! {
    /// What is asked for.
    pub enum ProposalKind {
        /// 争议: the customer contests a debt.
        Dispute = "dispute",
        /// 延期: a later day.
        Extension = "extension",
        /// 折让、减免: a part of the debt or of its interest waived.
        Discount = "discount",
        /// 退货: goods taken back.
        GoodsReturn = "goods_return",
        /// 坏账核销: a debt written off; the claim stays collectable.
        WriteOff = "write_off",
    }
}

crate::slug_enum! {
    /// What the customer contests.
    pub enum DisputeReason {
        /// 价格不符
        Price = "price",
        /// 数量不符
        Quantity = "quantity",
        /// 质量问题
        Quality = "quality",
        /// 货未收到
        NotDelivered = "not_delivered",
        /// 已付款
        AlreadyPaid = "already_paid",
        /// 已退货
        GoodsReturned = "goods_returned",
        /// 非本单位业务
        NotOurs = "not_ours",
        /// 其他
        Other = "other",
    }
}

/// What is asked for, as first saved; it never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Reconcile, Hydrate)]
pub struct Ask {
    /// What; `Unknown` while nobody has chosen.
    pub what: ProposalKind,
    /// What is contested; of a dispute alone.
    #[autosurgeon(missing = "Option::default")]
    pub reason: Option<DisputeReason>,
    /// Invoices that it is about, each once; none for the account as a whole. What is posted lies on one debt: of a
    /// discount, a return and a write-off there is one at most.
    pub invoices: Vec<InvoiceId>,
    /// What is contested, waived, taken back, written off, or to be paid later; positive.
    pub amount: Money,
    /// The new day; of an extension alone.
    #[autosurgeon(missing = "Option::default")]
    pub until: Option<Day>,
    /// Why.
    pub words: String,
}

impl Default for Ask {
    fn default() -> Self {
        Self {
            what: ProposalKind::Unknown,
            reason: None,
            invoices: Vec::new(),
            amount: Money::ZERO,
            until: None,
            words: String::new(),
        }
    }
}

impl Ask {
    /// Do the words have to say why? A dispute's reason says it, unless that is another one.
    pub fn needs_words(&self) -> bool {
        self.what != ProposalKind::Dispute || self.reason == Some(DisputeReason::Other)
    }
}

/// A supervisor's word on a proposal: an immutable element of its `decisions` list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Reconcile, Hydrate)]
pub struct ProposalDecision {
    /// Identity.
    pub id: ElementId,
    /// Who decides; never who asked.
    pub author: PersonId,
    /// When.
    pub at: Timestamp,
    /// Agreed, or declined.
    pub approved: bool,
    /// Less than was asked for, if less was agreed.
    #[autosurgeon(missing = "Option::default")]
    pub amount: Option<Money>,
    /// What they said, may be empty.
    pub note: String,
}

/// A proposal as its document says: what was asked for and what has grown around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Whose account.
    pub customer: CustomerId,
    /// Who asks.
    pub person: PersonId,
    /// When it was saved, by the phone's clock.
    pub made_at: Timestamp,
    /// What for.
    pub ask: Ask,
    /// What supervisors said; the first that reaches the server counts.
    pub decisions: Vec<ProposalDecision>,
    /// Comments.
    pub comments: Vec<Comment>,
    /// Photos.
    pub attachments: Vec<Attachment>,
}

crate::slug_enum! {
    /// Where a proposal stands, as the server says.
    pub enum ProposalState {
        /// With the supervisor.
        Open = "open",
        /// The supervisor agreed: with finance.
        AgreedBySales = "agreed_by_sales",
        /// Finance agreed first, of a dispute: with the supervisor.
        AgreedByFinance = "agreed_by_finance",
        /// Finance has ordered it; it waits for the ledger's second person.
        BeingPosted = "being_posted",
        /// Agreed by all who have a word, and posted where there is something to post.
        Settled = "settled",
        /// The supervisor declined.
        DeclinedBySales = "declined_by_sales",
        /// Finance declined, or the ledger's second person did.
        DeclinedByFinance = "declined_by_finance",
    }
}

impl ProposalState {
    /// Will nothing come of it any more?
    pub fn is_closed(self) -> bool {
        matches!(
            self,
            Self::Settled | Self::DeclinedBySales | Self::DeclinedByFinance
        )
    }

    /// Has the supervisor still to say something?
    pub fn waits_for_sales(self) -> bool {
        matches!(self, Self::Open | Self::AgreedByFinance)
    }
}

/// What finance said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finance {
    /// No.
    Declined,
    /// Yes, with nothing to post.
    Agreed,
    /// Yes, by a command that stands so in the ledger; one that needs no second person is approved.
    Ordered(Decision),
}

/// Where a proposal stands after what was said.
///
/// `leads`: who asked is a supervisor, whose word for sales cannot be their own; finance is the second person then,
/// of an extension too. `sales` is the supervisor's word, `finance` that of finance.
pub fn state(
    what: ProposalKind,
    leads: bool,
    sales: Option<bool>,
    finance: Option<Finance>,
) -> ProposalState {
    let needs_finance = leads || what != ProposalKind::Extension;
    match (leads || sales == Some(true), finance) {
        _ if sales == Some(false) => ProposalState::DeclinedBySales,
        (_, Some(Finance::Declined | Finance::Ordered(Decision::Rejected))) => {
            ProposalState::DeclinedByFinance
        }
        (false, Some(_)) => ProposalState::AgreedByFinance,
        (false, None) => ProposalState::Open,
        (true, Some(Finance::Ordered(Decision::Open))) => ProposalState::BeingPosted,
        (true, None) if needs_finance => ProposalState::AgreedBySales,
        (true, _) => ProposalState::Settled,
    }
}

/// Why finance cannot answer so. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// It is settled or declined, or finance has answered already.
    #[error("it was answered already")]
    Answered,
    /// The supervisor has to agree first: what is posted is agreed by the leader before.
    #[error("the supervisor has to agree first")]
    WaitsForSales,
    /// The supervisor alone decides about an extension.
    #[error("the supervisor alone decides about this")]
    SalesAlone,
    /// This is agreed to by posting it, and there was no command.
    #[error("this is agreed to by a command of the ledger")]
    NeedsCommand,
    /// The command is of another kind, customer or invoice.
    #[error("the command posts something else than was asked for")]
    OtherMatter,
    /// The command is about more than was agreed.
    #[error("no more than {0} was agreed to")]
    TooMuch(Money),
}

impl AnswerError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Answered => "proposal.answered",
            Self::WaitsForSales => "proposal.waits_for_sales",
            Self::SalesAlone => "proposal.sales_alone",
            Self::NeedsCommand => "proposal.needs_command",
            Self::OtherMatter => "proposal.other_matter",
            Self::TooMuch(_) => "proposal.too_much",
        }
    }
}

/// A proposal before finance answers it.
#[derive(Clone, Copy, Debug)]
pub struct Waiting<'a> {
    /// Whose account.
    pub customer: CustomerId,
    /// What was asked for.
    pub ask: &'a Ask,
    /// Was it a supervisor who asked?
    pub leads: bool,
    /// What the supervisor agreed to, if that is less.
    pub agreed: Option<Money>,
    /// Where it stands.
    pub state: ProposalState,
    /// Has finance answered?
    pub answered: bool,
}

impl Waiting<'_> {
    /// The most that may be posted.
    pub fn most(&self) -> Money {
        self.agreed.unwrap_or(self.ask.amount)
    }

    /// May finance decline it now?
    pub fn may_decline(&self) -> Result<(), AnswerError> {
        if self.answered || self.state.is_closed() {
            return Err(AnswerError::Answered);
        }
        match self.ask.what {
            ProposalKind::Extension if !self.leads => Err(AnswerError::SalesAlone),
            _ => Ok(()),
        }
    }

    /// May finance agree to it now by a command that fits?
    pub fn may_post(&self) -> bool {
        self.may_decline().is_ok()
            && !self.state.waits_for_sales()
            && self.ask.what != ProposalKind::Extension
    }

    /// May finance agree to it now, with this command or with nothing to post?
    pub fn may_agree(&self, command: Option<&Body>) -> Result<(), AnswerError> {
        self.may_decline()?;
        let Some(body) = command else {
            return match self.ask.what {
                ProposalKind::Dispute | ProposalKind::Extension => Ok(()),
                _ if self.state.waits_for_sales() => Err(AnswerError::WaitsForSales),
                _ => Err(AnswerError::NeedsCommand),
            };
        };
        if self.state.waits_for_sales() {
            return Err(AnswerError::WaitsForSales);
        }
        let (debt, amount) = self.posts(body).ok_or(AnswerError::OtherMatter)?;
        let is_about = match (debt.invoice, self.ask.invoices.as_slice()) {
            (_, []) => true,
            (Some(invoice), named) => named.contains(&invoice),
            (None, _) => false,
        };
        if debt.customer != self.customer || !is_about {
            return Err(AnswerError::OtherMatter);
        }
        match amount > self.most() {
            true => Err(AnswerError::TooMuch(self.most())),
            false => Ok(()),
        }
    }

    /// The debt that a command lowers, and by how much, if it is one by which this proposal is answered. A dispute (it
    /// has been paid) is answered by moving money of the customer's to the invoice, too: what is owed in all
    /// stays the same, so that no second person is needed.
    fn posts(&self, body: &Body) -> Option<(Debt, Money)> {
        if let Body::Reallocate {
            customer,
            to: Some(invoice),
            amount,
            ..
        } = body
        {
            let debt = Debt {
                customer: *customer,
                invoice: Some(*invoice),
            };
            return (self.ask.what == ProposalKind::Dispute).then_some((debt, *amount));
        }
        let fits: &[ProposalKind] = match body {
            Body::Discount { .. } => &[ProposalKind::Discount, ProposalKind::Dispute],
            Body::GoodsReturn { .. } => &[ProposalKind::GoodsReturn, ProposalKind::Dispute],
            Body::WriteOff { .. } => &[ProposalKind::WriteOff],
            _ => &[],
        };
        match body {
            Body::Discount { debt, amount }
            | Body::GoodsReturn { debt, amount }
            | Body::WriteOff { debt, amount }
                if fits.contains(&self.ask.what) =>
            {
                Some((*debt, *amount))
            }
            _ => None,
        }
    }
}

/// Where a proposal stands, for phones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalRow {
    /// The proposal.
    pub document: DocumentId,
    /// Customer.
    pub customer: CustomerId,
    /// State.
    pub state: ProposalState,
    /// What was agreed to, if that is less than was asked for.
    pub amount: Option<Money>,
    /// Who of finance answered.
    pub by: Option<PersonId>,
    /// In which words.
    pub words: String,
    /// When its state became this, by the server's clock.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests;
