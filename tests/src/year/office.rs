//! The office: invoices and payments of the books, hand-ins counted, and what waits on the desk from day to day.

use shared::{
    day::Timestamp,
    ids::{CommandId, CustomerId, DocumentId, InvoiceId, PaymentId},
    invoice::{Invoice, Payment},
    ledger::{book::Fact, command::Body, custody::Custody},
    receipt::MethodKind,
};

use super::{
    Play,
    field::{Asked, Unsent, money, uuid},
    ledgers::Step,
};

/// What waits.
#[derive(Default)]
pub(super) struct Desk {
    /// Entries whose chain was checked.
    pub checked: usize,
    unsent: Vec<Vec<(Timestamp, Unsent)>>,
    offline: Vec<u32>,
    /// Voids that were asked for.
    pub asked: Vec<Asked>,
    /// Commands that need a second word, and whose they were.
    pub proposals: Vec<CommandId>,
    /// Differences to be decided.
    pub differences: Vec<CommandId>,
    /// What was written off, to be recovered perhaps.
    pub written_off: Vec<(CustomerId, Option<InvoiceId>, i64)>,
    /// Lines of the bank so far.
    pub lines: u32,
}

impl Desk {
    /// What a phone has not sent.
    pub fn unsent(&mut self, rep: usize) -> &mut Vec<(Timestamp, Unsent)> {
        if self.unsent.len() <= rep {
            self.unsent.resize_with(rep + 1, Vec::new);
        }
        &mut self.unsent[rep]
    }

    /// The day on which a phone is online again.
    pub fn offline(&mut self, rep: usize) -> &mut u32 {
        if self.offline.len() <= rep {
            self.offline.resize(rep + 1, 0);
        }
        &mut self.offline[rep]
    }

    pub fn offline_until(&mut self, rep: usize) -> u32 {
        *self.offline(rep)
    }

    /// Receipts with a wish to void them that no phone has sent.
    pub fn unsent_requests(&self) -> Vec<DocumentId> {
        let all = self.unsent.iter().flatten();
        all.filter_map(|(_, unsent)| match unsent {
            Unsent::VoidRequest(document, _) => Some(*document),
            _ => None,
        })
        .collect()
    }
}

impl Play {
    /// The evening: hand-ins, the day's invoices and payments, and on Fridays the closing of days.
    pub(super) fn office_in_the_evening(&mut self) -> Result<(), String> {
        for rep in 0..self.company.reps.len() {
            if self.chance(930) {
                self.hand_in(rep)?;
            }
        }
        self.invoices()?;
        self.payments()?;
        if self.number.is_multiple_of(5) {
            let through = self.today.plus_days(-4);
            let body = Body::ClosePeriod { through };
            self.carried_out(21 * 60, self.company.clerk, body)?;
        }
        self.refused()
    }

    /// Cash and papers that a salesperson holds by the ledger; a few forget some of it.
    fn hand_in(&mut self, rep: usize) -> Result<(), String> {
        let person = self.company.reps[rep].person.id;
        let tail = self.issued.len().saturating_sub(4_000);
        let recent: Vec<(DocumentId, MethodKind, i64)> = self
            .issued
            .iter()
            .skip(tail)
            .filter(|issued| issued.core.person == person)
            .map(|i| (i.document, i.core.method.kind(), i.core.amount.fen()))
            .collect();
        let (mut receipts, mut expected) = (Vec::new(), 0);
        for (document, kind, fen) in recent {
            let in_hands = self.ledgers.book().custody(document) == Some(Custody::Field);
            if !in_hands || self.chance(15) {
                continue;
            }
            receipts.push(document);
            expected += if kind == MethodKind::Cash { fen } else { 0 };
        }
        if receipts.is_empty() {
            return Ok(());
        }
        let off = match self.dice.between(0, 99) {
            0..4 => self.dice.between(100, 20_000).min(expected),
            4 => -self.dice.between(100, 5_000),
            _ => 0,
        };
        let body = Body::HandIn {
            person,
            receipts,
            counted: money(expected - off),
        };
        let id = self.carried_out(19 * 60 + rep as i64, self.company.clerk, body)?;
        if off != 0 {
            self.desk.differences.push(id);
        }
        Ok(())
    }

    fn invoices(&mut self) -> Result<(), String> {
        let at = self.at(20 * 60);
        for _ in 0..self.dice.between(30, 50) {
            let customer = *self.dice.pick(&self.company.customers);
            self.company.invoices += 1;
            let term = *self.dice.pick(&[15, 30, 45, 60]);
            let invoice = Invoice {
                id: InvoiceId(uuid(&mut self.dice)),
                customer,
                number: format!("YR-{:06}", self.company.invoices),
                issued: self.today,
                due: self.today.plus_days(term),
                amount: money(self.dice.between(10_000, 2_400_000)),
            };
            self.put_invoice(at, invoice.clone(), 0)?;
            if let Some(account) = self.company.accounts.get_mut(&customer) {
                account.invoices.push(invoice.clone());
            }
            // Corrected at once, sometimes; and sometimes sent twice.
            if self.chance(25) {
                let amount = invoice.amount.fen() + self.dice.between(-9_000, 9_000);
                let corrected = Invoice {
                    amount: money(amount),
                    ..invoice.clone()
                };
                if corrected.amount != invoice.amount {
                    self.put_invoice(at, corrected, 1)?;
                }
            }
        }
        Ok(())
    }

    fn put_invoice(
        &mut self,
        at: Timestamp,
        invoice: Invoice,
        revision: u32,
    ) -> Result<(), String> {
        let fact = Fact::Invoice {
            invoice: invoice.clone(),
            revision,
        };
        self.figures.invoices += 1;
        let times = if self.chance(20) { 2 } else { 1 };
        for time in 0..times {
            let step = Step::Invoice(invoice.clone());
            if self.take(at, fact.clone(), Some(step))? != (time == 0) {
                return Err("an invoice that came twice counted twice".to_owned());
            }
            self.figures.again += u32::from(time > 0);
        }
        Ok(())
    }

    fn payments(&mut self) -> Result<(), String> {
        for _ in 0..self.dice.between(2, 8) {
            let customer = *self.dice.pick(&self.company.customers);
            let open = self.open_invoices(customer);
            if let Some((invoice, owed)) = open.first() {
                let fen = (owed * self.dice.between(300, 1_000) / 1_000).max(1);
                self.put_payment(customer, Some(invoice.id), fen)?;
            }
        }
        Ok(())
    }

    /// A payment that finance booked from the bank.
    pub(super) fn put_payment(
        &mut self,
        customer: CustomerId,
        invoice: Option<InvoiceId>,
        fen: i64,
    ) -> Result<PaymentId, String> {
        let id = PaymentId(uuid(&mut self.dice));
        self.figures.payments += 1;
        let payment = Payment {
            id,
            customer,
            number: format!("YR-P{:06}", self.figures.payments),
            day: self.today,
            amount: money(fen),
            invoice,
        };
        let at = self.at(20 * 60 + 30);
        let step = Step::Payment(payment.clone());
        self.take(at, Fact::Payment(payment), Some(step))?;
        Ok(id)
    }
}
