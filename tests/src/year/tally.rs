//! The auditor's own sums, from what was said and not from what was posted: one running figure an account, in fen.
//! It knows neither entries nor postings.

use std::collections::BTreeMap;

use shared::{
    ids::{CommandId, CustomerId, DocumentId, InvoiceId, PersonId},
    ledger::{
        book::Fact,
        command::{Body, Command, Difference, OpeningOf, RecoveredFrom, Till},
    },
    receipt::MethodKind,
};

/// Where the money of a receipt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Hands,
    Said,
    Till,
    AtBank,
    Arrived,
    GivenBack,
    Nowhere,
}

/// A receipt.
#[derive(Clone, Debug)]
pub(super) struct Money {
    pub customer: CustomerId,
    pub person: PersonId,
    pub is_cash: bool,
    pub is_paper: bool,
    pub fen: i64,
    pub place: Place,
    /// What of it lowers the customer's debt.
    pub counts: i64,
}

/// All sums; debits positive.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub owed: BTreeMap<CustomerId, i64>,
    pub receipts: BTreeMap<DocumentId, Money>,
    pub cash: i64,
    pub bank: i64,
    pub fees: i64,
    pub short: i64,
    pub discounts: i64,
    pub returns: i64,
    pub bad: i64,
    pub interest: i64,
    pub sales: i64,
    invoices: BTreeMap<InvoiceId, i64>,
    /// Whose a hand-in is, and what of its difference is open.
    pub hand_ins: BTreeMap<CommandId, (PersonId, i64)>,
    proposals: BTreeMap<CommandId, Command>,
}

impl Tally {
    /// Counts a fact that is new.
    pub fn take(&mut self, fact: &Fact) {
        match fact {
            Fact::Invoice { invoice, .. } => {
                let fen = invoice.amount.fen();
                let before = self.invoices.insert(invoice.id, fen).unwrap_or(0);
                self.owes(invoice.customer, fen - before);
                self.sales -= fen - before;
            }
            Fact::Payment(payment) => {
                self.owes(payment.customer, -payment.amount.fen());
                self.bank += payment.amount.fen();
            }
            Fact::Receipt { document, core, .. } => {
                let kind = core.method.kind();
                let is_cash = kind == MethodKind::Cash;
                let is_paper = matches!(kind, MethodKind::Cheque | MethodKind::AcceptanceBill);
                let fen = core.amount.fen();
                if is_cash {
                    self.owes(core.customer, -fen);
                }
                let money = Money {
                    customer: core.customer,
                    person: core.person,
                    is_cash,
                    is_paper,
                    fen,
                    place: if is_cash || is_paper {
                        Place::Hands
                    } else {
                        Place::Said
                    },
                    counts: if is_cash { fen } else { 0 },
                };
                self.receipts.insert(*document, money);
            }
            Fact::Void { receipt, .. } => {
                let place = self.receipts.get(receipt).map(|money| money.place);
                if matches!(place, Some(Place::Hands | Place::Said | Place::GivenBack)) {
                    self.void(*receipt);
                }
            }
            Fact::Command(command) if command.body.needs_two() => {
                self.proposals.insert(command.id, command.clone());
            }
            Fact::Command(command) => self.command(command),
        }
    }

    fn owes(&mut self, customer: CustomerId, fen: i64) {
        *self.owed.entry(customer).or_default() += fen;
    }

    /// A receipt counts for nothing any more, and its money goes back from where it is.
    fn void(&mut self, receipt: DocumentId) {
        let Some(money) = self.receipts.get_mut(&receipt) else {
            return;
        };
        let (counted, customer, place) = (money.counts, money.customer, money.place);
        (money.counts, money.place) = (0, Place::Nowhere);
        match place {
            Place::Till => self.cash -= counted,
            Place::Arrived => self.bank -= counted,
            _ => {}
        }
        self.owes(customer, counted);
    }

    fn arrives(&mut self, receipt: DocumentId, fee: i64, again: bool) {
        let Some(money) = self.receipts.get_mut(&receipt) else {
            return;
        };
        money.place = Place::Arrived;
        // What the books had already is not counted once more.
        if again {
            return;
        }
        money.counts = money.fen;
        let (fen, customer) = (money.fen, money.customer);
        self.bank += fen - fee;
        self.fees += fee;
        self.owes(customer, -fen);
    }

    fn moves(&mut self, receipt: DocumentId, place: Place) {
        if let Some(money) = self.receipts.get_mut(&receipt) {
            money.place = place;
        }
    }

    fn command(&mut self, command: &Command) {
        match &command.body {
            Body::ConfirmTransfer {
                receipt,
                fee,
                booked,
                ..
            } => self.arrives(*receipt, fee.fen(), booked.is_some()),
            Body::ChequeCleared { receipt, fee } => self.arrives(*receipt, fee.fen(), false),
            Body::ChequeBounced { receipt } => self.moves(*receipt, Place::GivenBack),
            Body::ChequePresented { receipt } => self.moves(*receipt, Place::AtBank),
            Body::ConfirmVoid { receipt } => self.void(*receipt),
            Body::HandIn {
                person,
                receipts,
                counted,
            } => {
                let mut expected = 0;
                for receipt in receipts {
                    let Some(money) = self.receipts.get_mut(receipt) else {
                        continue;
                    };
                    expected += if money.is_cash { money.fen } else { 0 };
                    money.place = if money.is_cash {
                        Place::Till
                    } else {
                        Place::AtBank
                    };
                }
                self.cash += counted.fen();
                let open = expected - counted.fen();
                self.hand_ins.insert(command.id, (*person, open));
            }
            Body::Opening { of, amount } => match of {
                OpeningOf::Cash => self.cash += amount.fen(),
                OpeningOf::Bank => self.bank += amount.fen(),
                OpeningOf::OnAccount(customer) => self.owes(*customer, -amount.fen()),
            },
            Body::Recover { debt, from, amount } => {
                let fen = amount.fen();
                self.bad -= fen;
                match from {
                    RecoveredFrom::Cash => self.cash += fen,
                    RecoveredFrom::Bank => self.bank += fen,
                    RecoveredFrom::Account => self.owes(debt.customer, fen),
                }
            }
            Body::Approve { proposal } => {
                if let Some(proposed) = self.proposals.remove(proposal) {
                    self.approved(&proposed.body);
                }
            }
            Body::DecideDifference {
                hand_in, amount, ..
            } => {
                let fen = self.decided(*hand_in, amount.fen());
                self.cash += fen;
            }
            _ => {}
        }
    }

    fn approved(&mut self, body: &Body) {
        match body {
            Body::Refund {
                debt,
                receipt,
                out_of,
                amount,
            } => {
                let fen = amount.fen();
                match out_of {
                    Till::Cash => self.cash -= fen,
                    Till::Bank => self.bank -= fen,
                }
                self.owes(debt.customer, fen);
                if let Some(money) = receipt.and_then(|id| self.receipts.get_mut(&id)) {
                    money.counts -= fen;
                }
            }
            Body::Discount { debt, amount } => {
                self.discounts += amount.fen();
                self.owes(debt.customer, -amount.fen());
            }
            Body::GoodsReturn { debt, amount } => {
                self.returns += amount.fen();
                self.owes(debt.customer, -amount.fen());
            }
            Body::WriteOff { debt, amount } => {
                self.bad += amount.fen();
                self.owes(debt.customer, -amount.fen());
            }
            Body::Interest { debt, amount } => {
                self.interest -= amount.fen();
                self.owes(debt.customer, amount.fen());
            }
            Body::DecideDifference {
                hand_in,
                what: Difference::CashShort,
                amount,
            } => {
                let fen = self.decided(*hand_in, amount.fen());
                self.short += fen;
            }
            _ => {}
        }
    }

    /// Takes so much off what is open of a hand-in: missing cash positive, too much negative.
    fn decided(&mut self, hand_in: CommandId, fen: i64) -> i64 {
        let Some((_, open)) = self.hand_ins.get_mut(&hand_in) else {
            return 0;
        };
        let fen = if *open < 0 { -fen } else { fen };
        *open -= fen;
        fen
    }

    /// Cash of a person: of the receipts in hand, and what is not decided.
    pub fn cash_of(&self, person: PersonId) -> i64 {
        let held = self.in_hands(person, true);
        let open = self.hand_ins.values().filter(|(of, _)| *of == person);
        held + open.map(|(_, open)| open).sum::<i64>()
    }

    /// Receipts in a person's hands, cash or papers.
    pub fn in_hands(&self, person: PersonId, is_cash: bool) -> i64 {
        let held = self.receipts.values().filter(|money| {
            money.person == person && money.place == Place::Hands && money.is_cash == is_cash
        });
        held.map(|money| money.fen).sum()
    }

    /// Papers with the bank.
    pub fn at_bank(&self) -> i64 {
        let there = self.receipts.values().filter(|m| m.place == Place::AtBank);
        there.map(|money| money.fen).sum()
    }

    /// Papers that neither cleared nor came back.
    pub fn uncleared(&self) -> i64 {
        let open = self
            .receipts
            .values()
            .filter(|money| money.is_paper && matches!(money.place, Place::Hands | Place::AtBank));
        open.map(|money| money.fen).sum()
    }

    /// What each customer says to have paid and nobody has confirmed.
    pub fn in_transit(&self) -> BTreeMap<CustomerId, i64> {
        let mut sums = BTreeMap::new();
        for money in self.receipts.values().filter(|money| !money.is_cash) {
            if matches!(money.place, Place::Hands | Place::Said | Place::AtBank) {
                *sums.entry(money.customer).or_default() += money.fen;
            }
        }
        sums
    }
}
