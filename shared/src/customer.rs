//! The debtor: customer 客户, contacts 联系人, terms 合同条款.

use serde::{Deserialize, Serialize};

use crate::{
    evidence::GeoPoint,
    ids::{CustomerId, PersonId, TerritoryId},
    money::Money,
};

crate::slug_enum! {
    /// A contact's part in paying (domain: 决策人, 付款人, 会计).
    pub enum ContactRole {
        /// Decides whether and when to pay.
        DecisionMaker = "decision_maker",
        /// Hands the money over.
        Payer = "payer",
        /// Keeps the customer's books.
        Accountant = "accountant",
        /// Anybody else.
        Other = "other",
    }
}

crate::slug_enum! {
    /// Settlement method 结算方式.
    pub enum Settlement {
        /// 预付
        Prepaid = "prepaid",
        /// 货到付款
        CashOnDelivery = "cash_on_delivery",
        /// 月结
        Monthly = "monthly",
        /// 季结
        Quarterly = "quarterly",
        /// 分期
        Instalments = "instalments",
    }
}

/// A person at the customer's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// Part in paying.
    pub role: ContactRole,
    /// Telephone, may be empty.
    pub phone: String,
    /// Anything worth knowing, for example "after 15:30 in the shop"; may be empty.
    pub note: String,
}

/// What was agreed about paying.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Settlement method.
    pub settlement: Settlement,
    /// Days from invoice to due date 账期.
    pub term_days: u16,
    /// Credit limit 信用额度; zero means cash only.
    pub credit_limit: Money,
    /// Credit grade 信用等级, `A` to `D`; may be empty.
    pub grade: String,
    /// Deduction rate 扣点 in hundredths of a percent.
    pub deduction_rate_bp: u16,
}

/// A customer as the server knows it: an authoritative row, not a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Identity.
    pub id: CustomerId,
    /// The company's own customer number.
    pub number: String,
    /// Name.
    pub name: String,
    /// Search key made by the server: pinyin initials and full pinyin, lower case, blank-separated.
    pub search_key: String,
    /// Territory.
    pub territory: TerritoryId,
    /// The salesperson in charge, if any.
    pub rep: Option<PersonId>,
    /// Address, may be empty.
    pub address: String,
    /// Known place of the premises, WGS-84.
    pub position: Option<GeoPoint>,
    /// Contacts from the books; field knowledge lives in the contact book document.
    pub contacts: Vec<Contact>,
    /// Terms.
    pub terms: Terms,
    /// Credit hold 停止供货.
    pub hold: bool,
}
