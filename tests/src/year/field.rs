//! The field: calls of a day, what they bring, receipts that turn out wrong, and phones that sync in the evening, the
//! next days, or when the day is long closed.

use shared::{
    day::Timestamp,
    document::{
        self,
        edit::{self, Edit},
    },
    ids::{CustomerId, DocumentId, ElementId},
    invoice::Invoice,
    ledger::{
        account::Account,
        book::Fact,
        decide::{Approval, Known as _},
    },
    money::Money,
    receipt::{Allocation, Method, ReceiptCore, ReceiptNumber, VoidDecision, VoidRequest},
};
use uuid::Uuid;

use super::{
    Issued, Play,
    company::Member,
    ledgers::{Change, Step},
};
use crate::records::Dice;

/// What a phone has not sent yet.
pub(super) enum Unsent {
    /// A record that no sum depends on.
    Other(Change),
    /// A receipt.
    Receipt(Box<(ReceiptCore, document::NewChange, shared::ids::Digest)>),
    /// Somebody's wish to void a receipt.
    VoidRequest(DocumentId, Change),
}

/// A void that waits for the leader's word.
pub(super) struct Asked {
    pub receipt: DocumentId,
    pub request: ElementId,
    pub requester: shared::ids::PersonId,
    pub customer: CustomerId,
}

pub(super) fn money(fen: i64) -> Money {
    Money::from_fen(fen).unwrap_or(Money::ZERO)
}

pub(super) fn uuid(dice: &mut Dice) -> Uuid {
    Uuid::from_u128(u128::from(dice.draw()) << 64 | u128::from(dice.draw()))
}

impl Play {
    /// Everybody's calls of a day.
    pub(super) fn calls(&mut self) -> Result<(), String> {
        for rep in 0..self.company.reps.len() {
            for call in 0..self.config.calls {
                let at = self.at(8 * 60 + 30 + i64::from(call) * 18);
                match call % 10 {
                    0..6 => self.visit(rep, at)?,
                    6 => self.promise(rep, at)?,
                    _ => self.receipt(rep, at)?,
                }
            }
        }
        Ok(())
    }

    fn customer_of(&mut self, rep: usize) -> Result<CustomerId, String> {
        let customers = &self.company.reps[rep].customers;
        Ok(*self.dice.pick(customers))
    }

    fn visit(&mut self, rep: usize, at: Timestamp) -> Result<(), String> {
        let customer = self.customer_of(rep)?;
        self.figures.visits += 1;
        let account = self.company.accounts.get(&customer).ok_or("no account")?;
        let author = &mut self.company.reps[rep].author;
        let made = author.visit(&mut self.dice, &account.customer, at);
        let made = made.map_err(|error| error.to_string())?;
        let change = new_record(&self.company.reps[rep], made.bytes);
        self.desk.unsent(rep).push((at, Unsent::Other(change)));
        Ok(())
    }

    fn promise(&mut self, rep: usize, at: Timestamp) -> Result<(), String> {
        let customer = self.customer_of(rep)?;
        let open = self.open_invoices(customer);
        let Some((invoice, _)) = open.first() else {
            return self.visit(rep, at);
        };
        self.figures.promises += 1;
        let account = self.company.accounts.get(&customer).ok_or("no account")?;
        let author = &mut self.company.reps[rep].author;
        let made = author.promise(&mut self.dice, &account.customer, invoice, at);
        let made = made.map_err(|error| error.to_string())?;
        let change = new_record(&self.company.reps[rep], made.bytes);
        self.desk.unsent(rep).push((at, Unsent::Other(change)));
        Ok(())
    }

    /// Open invoices of a customer as they stand in the ledger, the oldest first.
    pub(super) fn open_invoices(&mut self, customer: CustomerId) -> Vec<(Invoice, i64)> {
        let book = self.ledgers.book();
        let Some(account) = self.company.accounts.get_mut(&customer) else {
            return Vec::new();
        };
        let mut open = Vec::new();
        for invoice in &account.invoices {
            let invoice_id = Some(invoice.id);
            let account = Account::Receivable {
                customer,
                invoice: invoice_id,
            };
            let owed = book.balance(account).map_or(0, Money::fen);
            if owed > 0 {
                open.push((invoice.clone(), owed));
            }
        }
        // What is paid may be owed again; of the long paid nobody speaks any more.
        if account.invoices.len() > open.len() + 40 {
            account.invoices = open.iter().map(|(invoice, _)| invoice.clone()).collect();
        }
        open.sort_by_key(|(invoice, _)| invoice.due);
        open
    }

    /// What is paid of what.
    fn payment(&mut self, customer: CustomerId) -> (i64, Vec<Allocation>) {
        let open = self.open_invoices(customer);
        let allocation = |invoice: &Invoice, fen: i64| Allocation {
            invoice: invoice.id,
            number: invoice.number.clone(),
            amount: money(fen),
        };
        let Some((oldest, owed)) = open.first() else {
            return (self.dice.between(20_000, 300_000), Vec::new());
        };
        match self.dice.between(0, 99) {
            // All of it.
            0..20 => (*owed, vec![allocation(oldest, *owed)]),
            // Two at once, and something on account.
            20..35 => {
                let both = open.iter().take(2).map(|(i, owed)| allocation(i, *owed));
                let both: Vec<Allocation> = both.collect();
                let sum: i64 = both.iter().map(|a| a.amount.fen()).sum();
                (sum + self.dice.between(0, 10_000), both)
            }
            // On account.
            35..38 => (self.dice.between(10_000, 200_000), Vec::new()),
            // Another customer's invoice by mistake: kept on account.
            38 => {
                let other = *self.dice.pick(&self.company.customers);
                let open = self.open_invoices(other);
                let fen = self.dice.between(10_000, 90_000);
                let wrong = open.first().map(|(invoice, _)| allocation(invoice, fen));
                (fen, wrong.into_iter().collect())
            }
            // More than is owed.
            39 => (owed + 12_345, vec![allocation(oldest, owed + 12_345)]),
            _ => {
                let part = (owed * self.dice.between(100, 700) / 1_000).max(1);
                (part, vec![allocation(oldest, part)])
            }
        }
    }

    fn receipt(&mut self, rep: usize, at: Timestamp) -> Result<(), String> {
        let customer = self.customer_of(rep)?;
        let (fen, allocations) = self.payment(customer);
        let number = format!("{:08}", self.dice.between(0, 99_999_999));
        let bank = "成都银行".to_owned();
        let method = match self.dice.between(0, 99) {
            0..58 => Method::Cash,
            58..72 => Method::Transfer { reference: number },
            72..82 => Method::WeChat { reference: number },
            82..86 => Method::Alipay { reference: number },
            86..95 => Method::Cheque { number, bank },
            _ => Method::AcceptanceBill {
                number,
                bank,
                due: Some(self.today.plus_days(self.dice.between(10, 90))),
            },
        };
        let name = self.company.accounts.get(&customer);
        let member = &mut self.company.reps[rep];
        let core = ReceiptCore {
            // Number and seal of the one before are the device's to give.
            number: ReceiptNumber {
                device_code: member.author.device_code.clone(),
                day: self.today,
                n: 0,
            },
            previous: None,
            customer,
            customer_name: name.map_or(String::new(), |a| a.customer.name.clone()),
            company_name: "城西贸易有限公司".to_owned(),
            person: member.person.id,
            person_name: member.person.name.clone(),
            issued_at: at,
            day: self.today,
            method,
            amount: money(fen),
            allocations,
            asked: money(fen),
            shortfall: None,
            purpose: String::new(),
            signature: None,
            last_server_at: None,
            corrects: vec![],
        };
        let issued = member.author.issue(core, at).map_err(|e| e.to_string())?;
        let unsent = Unsent::Receipt(Box::new(issued));
        self.desk.unsent(rep).push((at, unsent));
        self.figures.receipts += 1;
        Ok(())
    }

    /// Phones sync: most at once, some later, a few when the days are closed.
    pub(super) fn evening(&mut self) -> Result<(), String> {
        for rep in 0..self.company.reps.len() {
            self.ask_for_voids(rep)?;
            let at = self.at(18 * 60 + rep as i64);
            if self.number < self.desk.offline_until(rep) && self.number < self.config.days {
                continue;
            }
            if self.chance(60) {
                let days = if self.chance(500) { 8 } else { 2 };
                let until = self.number + days;
                *self.desk.offline(rep) = until;
                continue;
            }
            self.sync(rep, at)?;
        }
        self.ledgers.flush()?;
        self.leaders_decide()?;
        self.ledgers.flush()
    }

    fn sync(&mut self, rep: usize, at: Timestamp) -> Result<(), String> {
        let closed = self.ledgers.book().closed();
        for (_, unsent) in std::mem::take(self.desk.unsent(rep)) {
            match unsent {
                Unsent::Other(change) => self.ledgers.send(at, Step::Change(change)),
                Unsent::VoidRequest(_, change) => self.ledgers.send(at, Step::Change(change)),
                Unsent::Receipt(issued) => {
                    let (core, made, seal) = *issued;
                    self.figures.late += u32::from(closed.is_some_and(|day| core.day <= day));
                    let change = new_record(&self.company.reps[rep], made.bytes.clone());
                    let fact = Fact::Receipt {
                        document: made.document,
                        seal,
                        core: Box::new(core.clone()),
                    };
                    let times = if self.chance(15) { 2 } else { 1 };
                    for time in 0..times {
                        let step = Step::Change(change.clone());
                        let is_new = self.take(at, fact.clone(), Some(step))?;
                        if is_new != (time == 0) {
                            return Err("a receipt that came twice counted twice".to_owned());
                        }
                        self.figures.again += u32::from(time > 0);
                    }
                    self.issued.push(Issued {
                        document: made.document,
                        core,
                        changes: vec![made.bytes],
                        came: self.number,
                        void_asked: false,
                    });
                }
            }
        }
        Ok(())
    }

    /// A receipt of the last days was wrong: who issued it asks for it to be voided.
    fn ask_for_voids(&mut self, rep: usize) -> Result<(), String> {
        if !self.chance(120) {
            return Ok(());
        }
        let member = &self.company.reps[rep];
        let (me, since) = (member.person.id, self.number.saturating_sub(6));
        let recent =
            |(_, i): &(usize, &Issued)| i.core.person == me && i.came >= since && !i.void_asked;
        let tail = self.issued.len().saturating_sub(2_000);
        let mine: Vec<usize> = self
            .issued
            .iter()
            .enumerate()
            .skip(tail)
            .filter(recent)
            .map(|(at, _)| at)
            .collect();
        if mine.is_empty() {
            return Ok(());
        }
        let place = *self.dice.pick(&mine);
        let (at, id) = (self.at(17 * 60 + 30), ElementId(uuid(&mut self.dice)));
        let issued = &mut self.issued[place];
        let edit = Edit::RequestVoid(VoidRequest {
            id,
            author: me,
            at,
            reason: "金额写错,重开".to_owned(),
        });
        let actor = uuid(&mut self.dice).into_bytes();
        let change = edit::apply(&issued.changes, &edit, actor, at.0 / 1_000);
        let change = change.map_err(|error| error.to_string())?;
        issued.changes.push(change.bytes.clone());
        issued.void_asked = true;
        let asked = Asked {
            receipt: issued.document,
            request: id,
            requester: me,
            customer: issued.core.customer,
        };
        let sent = Change {
            document: Some(issued.document),
            ..new_record(member, change.bytes)
        };
        let unsent = Unsent::VoidRequest(issued.document, sent);
        self.desk.unsent(rep).push((at, unsent));
        self.desk.asked.push(asked);
        Ok(())
    }

    /// Leaders decide on what has come in.
    fn leaders_decide(&mut self) -> Result<(), String> {
        let at = self.at(18 * 60 + 40);
        let unsent: Vec<DocumentId> = self.desk.unsent_requests();
        let waiting = std::mem::take(&mut self.desk.asked);
        for asked in waiting {
            if unsent.contains(&asked.receipt) || self.chance(300) {
                self.desk.asked.push(asked);
                continue;
            }
            self.decide_void(&asked, at)?;
        }
        Ok(())
    }

    fn decide_void(&mut self, asked: &Asked, at: Timestamp) -> Result<(), String> {
        let leader = self.company.leader_of.get(&asked.customer);
        let leader = leader.and_then(|id| self.company.leaders.get(id));
        let leader = leader.ok_or("nobody leads the territory")?;
        let (person, device) = (leader.person.id, leader.author.device);
        let approved = self.chance(850);
        let id = ElementId(uuid(&mut self.dice));
        let actor = uuid(&mut self.dice).into_bytes();
        let issued = self.issued.iter_mut().rev();
        let issued = issued.into_iter().find(|i| i.document == asked.receipt);
        let issued = issued.ok_or("no such receipt")?;
        let edit = Edit::DecideVoid(VoidDecision {
            id,
            request: asked.request,
            author: person,
            at,
            approved,
            note: String::new(),
        });
        let change = edit::apply(&issued.changes, &edit, actor, at.0 / 1_000);
        let bytes = change.map_err(|error| error.to_string())?.bytes;
        issued.changes.push(bytes.clone());
        let step = Step::Change(Change {
            document: Some(asked.receipt),
            bytes,
            person,
            device,
        });
        if !approved {
            self.ledgers.send(at, step);
            return Ok(());
        }
        let fact = Fact::Void {
            receipt: asked.receipt,
            approval: Approval {
                decision: id,
                requester: asked.requester,
                approver: person,
            },
        };
        self.figures.voids += 1;
        self.take(at, fact, Some(step)).map(|_| ())
    }
}

fn new_record(member: &Member, bytes: Vec<u8>) -> Change {
    Change {
        document: None,
        bytes,
        person: member.person.id,
        device: member.author.device,
    }
}
