//! What people do with papers on their phones: hand in what they took, ask for things and decide what others ask for,
//! have statements agreed or disputed.

use app::replica::api::{
    ApprovalOf, NewAnswer, NewDecision, NewDispute, NewHandIn, NewProposal, Reply, Request,
};
use shared::{
    day::{CHINA_OFFSET_MINUTES, Day},
    evidence::{Signer, StrokePoint, Strokes},
    hand_in::{DENOMINATIONS, Pieces},
    ids::{CustomerId, PersonId, StatementId},
    money::Money,
    people::Role,
    proposal::{Ask, DisputeReason, ProposalKind},
    receipt::MethodKind,
};

use super::{
    auditor::{AnswerFact, AskFact, HandInFact, PaperFact},
    observe,
    people::sum,
    run::Run,
};
use crate::records::Dice;

/// Which papers a run has.
#[derive(Clone, Copy, Debug, Default)]
pub struct Papers {
    /// Cash and cheques are handed in.
    pub hand_ins: bool,
    /// Things are asked for.
    pub requests: bool,
    /// Statements are made and answered.
    pub statements: bool,
}

impl Papers {
    /// Drawn from the seed, so that runs differ: older schemas have no place for some, and a run without those goes
    /// back further.
    pub fn draw(dice: &mut Dice) -> Self {
        Self {
            hand_ins: dice.between(0, 99) < 85,
            requests: dice.between(0, 99) < 75,
            statements: dice.between(0, 99) < 60,
        }
    }
}

fn strokes(dice: &mut Dice) -> Strokes {
    let point = |n: i64| StrokePoint {
        x: (dice.between(0, 999) + n) as i16,
        y: dice.between(0, 300) as i16,
        t_ms: 16 * n as u32,
        pressure: 0,
    };
    Strokes(vec![(1..4).map(point).collect()])
}

/// Notes and coins of a sum, and what of it is smaller than any.
fn pieces(mut fen: i64) -> (Vec<Pieces>, i64) {
    let mut pieces = Vec::new();
    for face in DENOMINATIONS {
        let count = fen / i64::from(face);
        fen %= i64::from(face);
        if count > 0 {
            pieces.push(Pieces {
                face,
                count: u32::try_from(count).unwrap_or(0),
            });
        }
    }
    (pieces, fen)
}

impl Run {
    /// Something with papers, on some phone or at the desk, beside what is done.
    pub(super) fn do_papers(&mut self) {
        let number = self.paper_dice.draw() as usize % self.phones.len();
        let what = self.paper_dice.between(0, 99);
        if what < 12 {
            return self.work_at_desk();
        }
        if !self.phones[number].is_open() || self.phones[number].is_gone {
            return;
        }
        let papers = self.papers;
        match what {
            12..22 if papers.hand_ins => self.hand_in(number),
            22..30 if papers.requests => self.ask_for(number),
            30..44 if papers.requests => self.decide_asked(number),
            44..56 if papers.statements => self.answer_statement(number),
            _ => return,
        }
        self.run_phone(number);
        if !self.sprung(number) {
            self.look_at_phone(number);
        }
    }

    /// The role of a phone's person.
    fn role_of(&self, number: usize) -> Role {
        let person = self.phones[number].person;
        let mut people = self.people.people.iter();
        people
            .find(|p| p.id == person)
            .map_or(Role::Unknown, |p| p.role)
    }

    /// Somebody hands in all that is in hand, or leaves something out.
    fn hand_in(&mut self, number: usize) {
        // Finance counts what others bring.
        if self.role_of(number) == Role::Finance {
            return;
        }
        let Some(Reply::HandIns(view)) = self.ask(number, Request::HandIns) else {
            return;
        };
        let mut held = view.held;
        if held.len() > 1 && self.paper_dice.between(0, 3) == 0 {
            let left = self.paper_dice.draw() as usize % held.len();
            held.remove(left);
        }
        if held.is_empty() {
            return;
        }
        let of = |is_cash: bool| -> i64 {
            let receipts = held.iter().map(|held| &held.receipt);
            receipts
                .filter(|r| (r.method == MethodKind::Cash) == is_cash)
                .map(|r| r.amount.fen())
                .sum()
        };
        let (expected, cheques) = (of(true), of(false));
        let (pieces, left) = pieces(expected);
        let cash = expected - left;
        self.set_trap(number);
        let person = self.phones[number].person;
        let receipts: Vec<_> = held.iter().map(|held| held.receipt.receipt).collect();
        let note = match left {
            0 => String::new(),
            _ => "无分币".to_owned(),
        };
        let request = Request::HandIn(Box::new(NewHandIn {
            left_out: vec![],
            receipts: receipts.clone(),
            pieces,
            note,
            giver: strokes(&mut self.paper_dice),
            receiver_name: "出纳".to_owned(),
            receiver: strokes(&mut self.paper_dice),
            fix: None,
        }));
        let mut tokens = vec![format!("cash:{cash}")];
        tokens.extend(receipts.iter().map(|id| format!("hands in:{id}")));
        let account = CustomerId(person.0);
        if let Some(id) = self.save(number, account, request, tokens) {
            let fact = HandInFact {
                person: person.to_string(),
                receipts: receipts.iter().map(ToString::to_string).collect(),
                cash,
                expected,
                cheques,
            };
            self.auditor
                .paper_saved(&id.to_string(), PaperFact::HandIn(fact));
        }
    }

    /// Somebody asks for something.
    fn ask_for(&mut self, number: usize) {
        let Some(customer) = self.customer(number) else {
            return;
        };
        let what = *self.paper_dice.pick(&[
            ProposalKind::Dispute,
            ProposalKind::Extension,
            ProposalKind::Discount,
            ProposalKind::GoodsReturn,
            ProposalKind::WriteOff,
        ]);
        let mut invoices = self.invoices(number, customer);
        invoices.truncate(1);
        let today = Day::of(self.phones[number].now(&self.time), CHINA_OFFSET_MINUTES);
        let amount = sum(&mut self.paper_dice);
        let words = self.mark();
        let ask = Ask {
            what,
            reason: (what == ProposalKind::Dispute).then_some(DisputeReason::Quantity),
            invoices,
            amount,
            until: (what == ProposalKind::Extension).then(|| today.plus_days(30)),
            words: words.clone(),
        };
        let mut tokens = vec![
            format!("asked:{}", amount.fen()),
            format!("what:{}", what.slug()),
            format!("words:{words}"),
        ];
        let mut photos = Vec::new();
        if self.paper_dice.between(0, 5) == 0 {
            let (photo, token) = self.new_photo();
            photos.push(photo);
            tokens.push(token);
        }
        self.set_trap(number);
        let person = self.phones[number].person;
        let request = Request::Propose(Box::new(NewProposal {
            customer,
            ask,
            photos,
        }));
        if let Some(id) = self.save(number, customer, request, tokens) {
            let fact = AskFact {
                person: person.to_string(),
                customer: customer.to_string(),
                what: what.slug().to_owned(),
                amount: amount.fen(),
                decisions: vec![],
            };
            self.auditor
                .paper_saved(&id.to_string(), PaperFact::Ask(fact));
        }
    }

    /// A supervisor decides something that somebody asks for.
    fn decide_asked(&mut self, number: usize) {
        let Some(Reply::Approvals(mut waiting)) = self.ask(number, Request::Approvals) else {
            return;
        };
        waiting.retain(|asked| matches!(asked.what, ApprovalOf::Proposal { .. }));
        if waiting.is_empty() {
            return;
        }
        let asked = self.paper_dice.pick(&waiting).clone();
        let approve = self.paper_dice.between(0, 3) > 0;
        let half = Money::from_fen(asked.amount.fen() / 2).unwrap_or(asked.amount);
        let is_less = approve && self.paper_dice.between(0, 3) == 0;
        let note = self.mark();
        let tokens = vec![format!("decided:{approve}:{note}")];
        self.set_trap(number);
        let request = Request::DecideProposal(NewDecision {
            document: asked.document,
            approve,
            amount: is_less.then_some(half),
            note,
        });
        self.save(number, asked.customer.0, request, tokens);
    }

    /// Statements on a phone that are to be agreed.
    fn statements_on(&self, number: usize) -> Vec<(StatementId, CustomerId)> {
        let found = self.phones[number].look(|db| {
            let sql = "SELECT id, customer FROM statement WHERE state = 'sent' AND content <> '' ORDER BY id";
            observe::rows(db, sql, [], |row| {
                let customer = uuid::Uuid::from_bytes(row.get(1)?);
                Ok((StatementId(row.get(0)?), CustomerId(customer)))
            })
        });
        found.unwrap_or_default()
    }

    /// A customer agrees or disputes a statement before somebody.
    fn answer_statement(&mut self, number: usize) {
        let sent = self.statements_on(number);
        if sent.is_empty() {
            return;
        }
        let (id, customer) = *self.paper_dice.pick(&sent);
        let shown = Request::Statement(id, "zh-CN".to_owned());
        let Some(Reply::Statement(view)) = self.ask(number, shown) else {
            return;
        };
        let lines = shared::statement::Statement::read(&view.row.content)
            .map_or(0, |said| said.lines.len() as u32);
        let disputed: Vec<u32> = match self.paper_dice.between(0, 1) {
            0 => Vec::new(),
            _ => (0..lines)
                .take(self.paper_dice.between(1, 2) as usize)
                .collect(),
        };
        let disputes = disputed.iter().map(|line| NewDispute {
            line: *line,
            reason: Some(DisputeReason::AlreadyPaid),
            words: String::new(),
            says: "12.30".to_owned(),
        });
        let new = NewAnswer {
            disputing: !disputed.is_empty(),
            disputed: disputes.collect(),
            signer: Signer {
                name: "刘国强".to_owned(),
                role: "会计".to_owned(),
                phone: String::new(),
            },
            strokes: strokes(&mut self.paper_dice),
            fix: None,
            language: "zh-CN".to_owned(),
        };
        let mut tokens = vec![
            format!("closing:{}", view.row.closing.fen()),
            format!("answers:{id}"),
            format!("disputed:{}", disputed.len()),
        ];
        let mut photos = Vec::new();
        if self.paper_dice.between(0, 5) == 0 {
            let (photo, token) = self.new_photo();
            photos.push(photo);
            tokens.push(token);
        }
        let digest = shared::statement::digest(&view.row.content);
        self.set_trap(number);
        let request = Request::AnswerStatement(id, Box::new(new), photos);
        if let Some(record) = self.save(number, customer, request, tokens) {
            let fact = AnswerFact {
                customer: customer.to_string(),
                statement: id.to_string(),
                digest: observe::hex(&digest.0),
                disputed: disputed.into_iter().collect(),
            };
            self.auditor
                .paper_saved(&record.to_string(), PaperFact::Answer(fact));
        }
    }

    /// Somebody of the people who may have the second word on what this person asked for.
    pub(super) fn another_supervisor(&mut self, than: PersonId) -> Option<PersonId> {
        let mut leaders = self.people.of_role(Role::Supervisor);
        leaders.retain(|leader| *leader != than);
        (!leaders.is_empty()).then(|| *self.paper_dice.pick(&leaders))
    }
}
