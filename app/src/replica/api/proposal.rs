//! What is asked for in the field.

use serde::{Deserialize, Serialize};
use shared::{
    ids::{CustomerId, DocumentId},
    money::Money,
    proposal::{Ask, ProposalState},
};

use super::NewPhoto;

/// A proposal to save.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewProposal {
    /// Whose account.
    pub customer: CustomerId,
    /// What for.
    pub ask: Ask,
    /// Photos.
    pub photos: Vec<NewPhoto>,
}

/// A supervisor's word on a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewDecision {
    /// The proposal.
    pub document: DocumentId,
    /// Agree, or decline.
    pub approve: bool,
    /// Less than was asked for, if less is agreed to.
    pub amount: Option<Money>,
    /// Said with it.
    pub note: String,
}

/// A proposal in lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalLine {
    /// What for.
    pub ask: Ask,
    /// Where it stands as far as known here.
    pub state: ProposalState,
}
