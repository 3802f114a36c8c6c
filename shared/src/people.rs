//! Who uses Huikuan: people, their roles, their devices' short codes.

use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, TerritoryId};

crate::slug_enum! {
    /// What a person may see and do (domain: salesperson 业务员, supervisor 主管, finance 财务, administrator 管理员).
    pub enum Role {
        /// Collects at the customer's premises.
        Rep = "rep",
        /// Leads territories, reads visit logs, approves.
        Supervisor = "supervisor",
        /// Works the central ledger.
        Finance = "finance",
        /// People, devices, territories, settings.
        Admin = "admin",
    }
}

/// A person as everybody in the company may see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Identity.
    pub id: PersonId,
    /// Name as written on receipts.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Telephone, may be empty.
    pub phone: String,
    /// False once disabled: they may no longer sync.
    pub active: bool,
}

/// A territory 片区 and who leads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Territory {
    /// Identity.
    pub id: TerritoryId,
    /// Name.
    pub name: String,
    /// The supervisor who leads it, if any.
    pub supervisor: Option<PersonId>,
}
