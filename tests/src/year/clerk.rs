//! What finance orders: claims confirmed, papers cleared and given back, differences decided, voids confirmed, debts
//! changed with a second word; and orders that do not hold, which both ledgers refuse with the same code.

use shared::{
    day::Day,
    ids::{CommandId, CustomerId, DocumentId, InvoiceId, PersonId},
    ledger::{
        book::Fact,
        command::{Body, Command, Debt, Difference, RecoveredFrom, Till},
        custody::Custody,
    },
    money::Money,
    receipt::MethodKind,
};

use super::{
    Play,
    field::{money, uuid},
    ledgers::Step,
};

/// A receipt as the clerk finds it in the lists.
#[derive(Clone, Copy)]
struct Found {
    document: DocumentId,
    customer: CustomerId,
    kind: MethodKind,
    fen: i64,
    custody: Custody,
    /// Working days since it came in.
    age: u32,
}

impl Play {
    /// What has waited since yesterday.
    pub(super) fn office_in_the_morning(&mut self) -> Result<(), String> {
        self.second_words()?;
        self.differences()?;
        for found in self.lists() {
            self.money_on_its_way(found)?;
        }
        let waiting: Vec<DocumentId> = self.ledgers.book().waiting_voids().collect();
        for receipt in in_order(&self.issued, waiting) {
            if self.chance(600) {
                let body = Body::ConfirmVoid { receipt };
                self.carried_out(9 * 60 + 30, self.company.clerk, body)?;
            }
        }
        self.debts()
    }

    /// Receipts of the last months whose money may move.
    fn lists(&self) -> Vec<Found> {
        let tail = self.issued.len().saturating_sub(4_000);
        let book = self.ledgers.book();
        let found = self.issued.iter().skip(tail).filter_map(|issued| {
            let custody = book.custody(issued.document)?;
            let on_its_way = matches!(
                custody,
                Custody::Claim | Custody::Clearing | Custody::Bounced
            );
            (on_its_way && !issued.void_asked).then_some(Found {
                document: issued.document,
                customer: issued.core.customer,
                kind: issued.core.method.kind(),
                fen: issued.core.amount.fen(),
                custody,
                age: self.number.saturating_sub(issued.came),
            })
        });
        found.collect()
    }

    fn money_on_its_way(&mut self, found: Found) -> Result<(), String> {
        let (receipt, minute) = (found.document, 9 * 60);
        let fee = match self.chance(60) {
            true => money(self.dice.between(1, 1_500).min(found.fen - 1).max(0)),
            false => Money::ZERO,
        };
        let body = match found.custody {
            Custody::Claim if found.age >= 1 && self.chance(550) => {
                return self.confirm(found, fee);
            }
            Custody::Clearing if found.age >= 3 && self.chance(300) => match self.chance(880) {
                true => Body::ChequeCleared { receipt, fee },
                false => Body::ChequeBounced { receipt },
            },
            Custody::Bounced if found.age <= 20 && self.chance(150) => {
                Body::ChequePresented { receipt }
            }
            _ => return Ok(()),
        };
        self.carried_out(minute, self.company.clerk, body)?;
        Ok(())
    }

    /// A claim arrived: by a line of the bank, by word, or the books had it already.
    fn confirm(&mut self, found: Found, fee: Money) -> Result<(), String> {
        let receipt = found.document;
        let is_transfer = found.kind == MethodKind::Transfer;
        let (fee, bank_line, booked) = match self.dice.between(0, 99) {
            0..4 if is_transfer => {
                let payment = self.put_payment(found.customer, None, found.fen)?;
                (Money::ZERO, None, Some(payment))
            }
            4..80 => {
                self.desk.lines += 1;
                (fee, Some(format!("B{:06}", self.desk.lines)), None)
            }
            _ => (fee, None, None),
        };
        let body = Body::ConfirmTransfer {
            receipt,
            fee,
            bank_line,
            booked,
        };
        // The payment of the books came in the evening's hour; what builds on it comes after it.
        self.carried_out(20 * 60 + 40, self.company.clerk, body)?;
        Ok(())
    }

    /// The second person looks through what waits; not all of it holds any more.
    fn second_words(&mut self) -> Result<(), String> {
        for proposal in std::mem::take(&mut self.desk.proposals) {
            let body = match self.chance(880) {
                true => Body::Approve { proposal },
                false => Body::Reject { proposal },
            };
            let (id, refused) = self.order(8 * 60 + 15, self.company.second, body)?;
            if refused.is_some() {
                let body = Body::Reject { proposal };
                self.carried_out(8 * 60 + 20, self.company.second, body)?;
            }
            if self.chance(50) {
                self.again(id)?;
            }
        }
        Ok(())
    }

    fn differences(&mut self) -> Result<(), String> {
        for hand_in in std::mem::take(&mut self.desk.differences) {
            let open = self
                .tally
                .hand_ins
                .get(&hand_in)
                .map_or(0, |(_, open)| *open);
            if open == 0 {
                continue;
            }
            let part = match self.chance(200) && open.abs() > 1 {
                true => open.abs() / 2,
                false => open.abs(),
            };
            let what = match self.chance(600) {
                true => Difference::Found,
                false => Difference::CashShort,
            };
            let amount = money(part);
            let body = Body::DecideDifference {
                hand_in,
                what,
                amount,
            };
            self.carried_out(8 * 60 + 30, self.company.clerk, body)?;
            // What is left of it, or was turned down, is looked at again.
            self.desk.differences.push(hand_in);
        }
        Ok(())
    }

    /// Debts that change without money, money that goes back or is put on another debt.
    fn debts(&mut self) -> Result<(), String> {
        for _ in 0..self.dice.between(3, 8) {
            let customer = *self.dice.pick(&self.company.customers);
            let open = self.open_invoices(customer);
            let Some((invoice, owed)) = open.first().map(|(i, owed)| (i.id, *owed)) else {
                continue;
            };
            let debt = Debt {
                customer,
                invoice: Some(invoice),
            };
            let part = (owed * self.dice.between(5, 60) / 1_000).max(1);
            let amount = money(part);
            let body = match self.dice.between(0, 99) {
                0..35 => Body::Discount { debt, amount },
                35..50 => Body::Interest { debt, amount },
                50..65 => Body::GoodsReturn { debt, amount },
                65..75 => {
                    self.desk.written_off.push((customer, Some(invoice), part));
                    Body::WriteOff { debt, amount }
                }
                75..82 => match self.recovery() {
                    Some(body) => body,
                    None => continue,
                },
                82..94 => match self.on_an_invoice(customer, invoice, owed) {
                    Some(body) => body,
                    None => continue,
                },
                _ => match self.refund(customer) {
                    Some(body) => body,
                    None => continue,
                },
            };
            self.order(10 * 60, self.company.clerk, body)?;
        }
        Ok(())
    }

    fn recovery(&mut self) -> Option<Body> {
        let (customer, invoice, fen) = self.desk.written_off.pop()?;
        let debt = Debt { customer, invoice };
        let there = self.ledgers.book().written_off().get(&debt)?.fen();
        let from = [
            RecoveredFrom::Cash,
            RecoveredFrom::Bank,
            RecoveredFrom::Account,
        ];
        let from = *self.dice.pick(&from);
        let amount = money(fen.min(there));
        Some(Body::Recover { debt, from, amount })
    }

    /// Receipts of a customer with what of them stands on account.
    fn on_account(&self, customer: CustomerId) -> Option<(DocumentId, i64)> {
        let book = self.ledgers.book();
        let tail = self.issued.len().saturating_sub(6_000);
        let mut recent = self.issued.iter().skip(tail);
        recent.find_map(|issued| {
            if issued.core.customer != customer {
                return None;
            }
            let standing = book.standing(issued.document)?;
            let fen = standing.applied.get(&None)?.fen();
            (fen > 0).then_some((issued.document, fen))
        })
    }

    /// Money on account is put on an invoice.
    fn on_an_invoice(&mut self, customer: CustomerId, to: InvoiceId, owed: i64) -> Option<Body> {
        let (receipt, fen) = self.on_account(customer)?;
        Some(Body::Reallocate {
            customer,
            receipt: Some(receipt),
            from: None,
            to: Some(to),
            amount: money(fen.min(owed)),
        })
    }

    /// Money on account is paid back.
    fn refund(&mut self, customer: CustomerId) -> Option<Body> {
        let (receipt, fen) = self.on_account(customer)?;
        let invoice = None;
        Some(Body::Refund {
            debt: Debt { customer, invoice },
            receipt: Some(receipt),
            out_of: *self.dice.pick(&[Till::Cash, Till::Bank]),
            amount: money((fen / 2).max(1)),
        })
    }

    /// Orders that do not hold.
    pub(super) fn refused(&mut self) -> Result<(), String> {
        let (clerk, minute) = (self.company.clerk, 21 * 60 + 30);
        let customer = *self.dice.pick(&self.company.customers);
        let invoice = None;
        let debt = Debt { customer, invoice };
        let much = money(900_000_000);
        let mut bodies = vec![
            Body::WriteOff { debt, amount: much },
            Body::Recover {
                debt,
                from: RecoveredFrom::Bank,
                amount: much,
            },
            Body::ClosePeriod {
                through: self.today,
            },
        ];
        if let Some(proposal) = self.desk.proposals.last() {
            // By who proposed it.
            bodies.push(Body::Approve {
                proposal: *proposal,
            });
        }
        if let Some(issued) = self.issued.last() {
            let receipt = issued.document;
            let fee = money(-1);
            bodies.push(Body::ChequeCleared { receipt, fee });
            bodies.push(Body::HandIn {
                person: issued.core.person,
                receipts: vec![receipt, receipt],
                counted: Money::ZERO,
            });
        }
        let one = self.dice.pick(&bodies).clone();
        let before = self.ledgers.book().entries().len();
        let (_, refused) = self.order(minute, clerk, one.clone())?;
        let closed = self.ledgers.book().closed();
        let on = closed.unwrap_or(self.today.plus_days(1));
        let body = Body::ChequeBounced {
            receipt: DocumentId([9; 32]),
        };
        let (_, too_late) = self.order_on(on, minute, clerk, body)?;
        let after = self.ledgers.book().entries().len();
        match refused.is_some() && too_late.is_some() && before == after {
            true => Ok(()),
            false => Err(format!("carried out what does not hold: {one:?}")),
        }
    }

    /// Orders what must hold.
    pub(super) fn carried_out(
        &mut self,
        minute: i64,
        person: PersonId,
        body: Body,
    ) -> Result<CommandId, String> {
        match self.order(minute, person, body.clone())? {
            (id, None) => Ok(id),
            (_, Some(code)) => Err(format!("refused with {code}: {body:?}")),
        }
    }

    /// Orders; what both refuse comes back as a code.
    fn order(
        &mut self,
        minute: i64,
        person: PersonId,
        body: Body,
    ) -> Result<(CommandId, Option<String>), String> {
        self.order_on(self.today, minute, person, body)
    }

    fn order_on(
        &mut self,
        day: Day,
        minute: i64,
        person: PersonId,
        body: Body,
    ) -> Result<(CommandId, Option<String>), String> {
        let (id, at) = (CommandId(uuid(&mut self.dice)), self.at(minute));
        let needs_two = body.needs_two();
        let command = Command {
            id,
            person,
            at,
            day,
            reason: "对账后处理".to_owned(),
            body,
        };
        let fact = Fact::Command(command.clone());
        let step = Step::Command(command);
        match self.ledgers.take(at, &fact, Some(step))? {
            Ok(_) => {
                self.tally.take(&fact);
                self.figures.commands += 1;
                if needs_two {
                    self.desk.proposals.push(id);
                }
                Ok((id, None))
            }
            Err(code) => {
                self.figures.refused += 1;
                Ok((id, Some(code)))
            }
        }
    }

    /// The same command once more changes nothing.
    fn again(&mut self, id: CommandId) -> Result<(), String> {
        let known = self
            .ledgers
            .facts()
            .iter()
            .rev()
            .find_map(|(at, fact)| match fact {
                Fact::Command(command) if command.id == id => Some((*at, command.clone())),
                _ => None,
            });
        let Some((at, command)) = known else {
            return Ok(());
        };
        let fact = Fact::Command(command.clone());
        match self.take(at, fact, Some(Step::Command(command)))? {
            false => self.figures.again += 1,
            true => return Err("a command that came twice counted twice".to_owned()),
        }
        Ok(())
    }
}

/// In the order in which they came in: that of their ids would not follow from the seed.
fn in_order(issued: &[super::Issued], found: Vec<DocumentId>) -> Vec<DocumentId> {
    let known = issued.iter().map(|issued| issued.document);
    known.filter(|id| found.contains(id)).collect()
}
