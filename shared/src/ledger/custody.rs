//! Where the money of a receipt is: in the salesperson's hands, on the way, in the company's hands, in the
//! bank. Each step is taken once; the ways are those of the table in the ledger's design.

use crate::receipt::{MethodKind, ReceiptState};

crate::slug_enum! {
    /// Where the money of a receipt is.
    pub enum Custody {
        /// In the salesperson's hands: cash, a cheque, a bill.
        Field = "field",
        /// Said to be on its way: a transfer, WeChat, Alipay 在途.
        Claim = "claim",
        /// Cash handed in and counted.
        Company = "company",
        /// A cheque or bill handed in, with the bank.
        Clearing = "clearing",
        /// Arrived, or cleared.
        Bank = "bank",
        /// A cheque or bill that the bank gave back.
        Bounced = "bounced",
        /// Voided: nowhere.
        Voided = "voided",
    }
}

impl Custody {
    /// Where the money of a receipt is when it is issued.
    pub fn issued(method: MethodKind) -> Self {
        match method {
            MethodKind::Cash | MethodKind::Cheque | MethodKind::AcceptanceBill => Self::Field,
            MethodKind::Transfer
            | MethodKind::WeChat
            | MethodKind::Alipay
            | MethodKind::Unknown => Self::Claim,
        }
    }

    /// Where a hand-in takes it; none if there is nothing in the salesperson's hands.
    pub fn handed_in(self, method: MethodKind) -> Option<Self> {
        match (self, method) {
            (Self::Field, MethodKind::Cash) => Some(Self::Company),
            (Self::Field, _) => Some(Self::Clearing),
            _ => None,
        }
    }

    /// Claimed and not confirmed: what *in transit* 在途 adds up.
    pub fn in_transit(self, method: MethodKind) -> bool {
        method != MethodKind::Cash && matches!(self, Self::Field | Self::Claim | Self::Clearing)
    }

    /// Has it left the field, so that a void needs finance beside the supervisor?
    pub fn with_company(self) -> bool {
        matches!(self, Self::Company | Self::Clearing | Self::Bank)
    }

    /// What phones are told; `void_open` while a request to void waits.
    pub fn state(self, method: MethodKind, void_open: bool) -> ReceiptState {
        match self {
            Self::Voided => ReceiptState::Voided,
            _ if void_open => ReceiptState::VoidPending,
            Self::Field if method == MethodKind::Cash => ReceiptState::Posted,
            Self::Field | Self::Claim | Self::Clearing => ReceiptState::InTransit,
            Self::Company | Self::Bank => ReceiptState::Cleared,
            Self::Bounced => ReceiptState::Bounced,
            Self::Unknown => ReceiptState::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_phones_are_told_follows_from_where_the_money_is_and_from_a_void_that_waits() {
        use Custody::*;
        let check = |custody: Custody, method, void_open, expected| {
            let told = custody.state(method, void_open);
            assert_eq!(told, expected, "{custody} {method} {void_open}");
        };
        let (cash, cheque) = (MethodKind::Cash, MethodKind::Cheque);
        check(Field, cash, false, ReceiptState::Posted);
        check(Field, cheque, false, ReceiptState::InTransit);
        check(Claim, MethodKind::Transfer, false, ReceiptState::InTransit);
        check(Clearing, cheque, false, ReceiptState::InTransit);
        check(Company, cash, false, ReceiptState::Cleared);
        check(Bank, cheque, false, ReceiptState::Cleared);
        check(Bounced, cheque, false, ReceiptState::Bounced);
        for custody in [Field, Claim, Clearing, Company, Bank, Bounced] {
            check(custody, cash, true, ReceiptState::VoidPending);
        }
        check(Voided, cash, false, ReceiptState::Voided);
        check(Voided, cash, true, ReceiptState::Voided);
    }

    #[test]
    fn cash_is_never_in_transit_and_a_claim_is_never_handed_in() {
        for custody in Custody::ALL {
            assert!(!custody.in_transit(MethodKind::Cash), "{custody}");
            if *custody != Custody::Field {
                assert_eq!(custody.handed_in(MethodKind::Cash), None, "{custody}");
            }
        }
        assert_eq!(Custody::issued(MethodKind::WeChat), Custody::Claim);
        assert_eq!(
            Custody::Field.handed_in(MethodKind::AcceptanceBill),
            Some(Custody::Clearing)
        );
    }
}
