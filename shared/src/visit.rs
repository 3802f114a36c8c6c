//! The visit 拜访: a living document. The salesperson who made it may go on editing its notes;
//! others add comments and photos.

use autosurgeon::{Hydrate, Reconcile};
use serde::{Deserialize, Serialize};

use crate::{
    day::{Day, Timestamp},
    evidence::{Attachment, Comment, Fix},
    ids::{CustomerId, DocumentId, PersonId},
};

crate::slug_enum! {
    /// Why the salesperson went.
    pub enum VisitPurpose {
        /// Collect what is overdue.
        Collect = "collect",
        /// Remind before the due date (domain: 7 and 3 days before).
        Remind = "remind",
        /// Agree the balance 对账.
        Reconcile = "reconcile",
        /// Keep up the relation, look around.
        Routine = "routine",
        /// Something else.
        Other = "other",
    }
}

crate::slug_enum! {
    /// What the visit led to.
    pub enum VisitResult {
        /// Everything asked for was paid.
        PaidInFull = "paid_in_full",
        /// A part was paid.
        PaidPartly = "paid_partly",
        /// A promise was signed.
        Promised = "promised",
        /// Nothing.
        Unpaid = "unpaid",
        /// The customer disputes the account.
        Disputed = "disputed",
        /// Nobody who could decide was there.
        NobodyMet = "nobody_met",
        /// A visit that was not about money.
        NotAsked = "not_asked",
    }
}

crate::slug_enum! {
    /// Why less was paid than asked for.
    pub enum UnpaidReason {
        /// 账上没钱
        NoCash = "no_cash",
        /// 货没卖完
        GoodsUnsold = "goods_unsold",
        /// 对账有差
        StatementDiffers = "statement_differs",
        /// 负责人不在
        DecisionMakerAway = "decision_maker_away",
        /// 质量或退货争议
        QualityDispute = "quality_dispute",
        /// 等下家付款
        AwaitingOwnDebtors = "awaiting_own_debtors",
        /// 不愿付
        Unwilling = "unwilling",
        /// 其他
        Other = "other",
    }
}

crate::slug_enum! {
    /// Observed facts that foretell non-payment 异动 (seeds 000, 001).
    pub enum WarningSign {
        /// 要求延长账期
        AsksForLongerTerms = "asks_for_longer_terms",
        /// 订货突减
        OrdersFall = "orders_fall",
        /// 销售突然变差
        SalesWorsen = "sales_worsen",
        /// 员工抱怨或离职
        StaffLeave = "staff_leave",
        /// 老板忙于别的事
        OwnerElsewhere = "owner_elsewhere",
        /// 店铺要转让
        ShopForTransfer = "shop_for_transfer",
        /// 合伙人不和
        PartnersSplit = "partners_split",
        /// 想转行
        LeavingTrade = "leaving_trade",
    }
}

/// A visit as first saved; the content of a `visit` document.
///
/// Lists and `notes` grow by edits (`document::edit`); all else is fixed when it is saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Reconcile, Hydrate)]
pub struct Visit {
    /// Who was visited.
    pub customer: CustomerId,
    /// Who visited.
    pub person: PersonId,
    /// Check-in 签到, by the phone's clock.
    pub started_at: Timestamp,
    /// Check-out 签退.
    pub ended_at: Timestamp,
    /// Where the phone was at check-in, if it knew.
    pub check_in: Option<Fix>,
    /// Where at check-out.
    pub check_out: Option<Fix>,
    /// Why.
    pub purpose: VisitPurpose,
    /// Who was met; empty if nobody.
    pub person_met: String,
    /// Result.
    pub result: VisitResult,
    /// Why less was paid than asked for.
    pub reason: Option<UnpaidReason>,
    /// Warning signs seen.
    pub signs: Vec<WarningSign>,
    /// Next appointment.
    pub next_day: Option<Day>,
    /// Promises and receipts made during the visit.
    pub related: Vec<DocumentId>,
    /// Notes: merged as text.
    pub notes: String,
    /// Comments, in document order.
    pub comments: Vec<Comment>,
    /// Photos.
    pub attachments: Vec<Attachment>,
    /// Refused visits that this one corrects (see `document::Record::corrects`).
    #[serde(default)]
    #[autosurgeon(missing = "Vec::new")]
    pub corrects: Vec<DocumentId>,
}
