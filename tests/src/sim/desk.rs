//! What finance does with papers at its desk: counts hand-ins or sends them back, answers requests, has statements
//! made, answers disputed lines, closes and replaces. Each is done by the functions that the desk's answers call.

use shared::{
    day::{CHINA_OFFSET_MINUTES, Day},
    ids::{CommandId, DocumentId, PersonId},
    ledger::{
        case::{Delivery, Way},
        command::{Body, Command, Debt},
    },
    money::Money,
    people::Role,
    proposal::ProposalKind,
    receipt::MethodKind,
    statement::{LineReply, StatementPurpose, StatementState},
};
use sync_server::store::{
    StoreError, WriteTx, desk, hand_ins, proposals, statement_run, statements,
};

use super::{auditor::Count, people::uuid, run::Run};

impl Run {
    /// Finance does something with papers, and some of the time sends a letter.
    pub(super) fn work_at_desk(&mut self) {
        let papers = self.papers;
        if self.letter_dice.between(0, 3) == 0 {
            self.send_letter();
        }
        match self.paper_dice.between(0, 9) {
            0..4 if papers.hand_ins => {
                self.count_hand_in();
            }
            4..7 if papers.requests => self.answer_request(),
            7 if papers.statements => self.run_statements(),
            8 if papers.statements => self.work_on_statement(),
            9 => self.confirm_void(),
            _ => {}
        }
        self.look_at_server();
        self.tell_channels();
    }

    /// Finance does all that waits for it. True if nothing did.
    pub(super) fn clear_desk(&mut self) -> bool {
        let mut did_nothing = true;
        while self.count_hand_in() {
            did_nothing = false;
            self.look_at_server();
        }
        self.tell_channels();
        did_nothing
    }

    /// Somebody of finance.
    fn clerk(&self) -> Option<PersonId> {
        self.people.of_role(Role::Finance).first().copied()
    }

    fn write<T>(
        &mut self,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<T, StoreError>,
    ) -> Option<T> {
        let done = {
            let site = self.site.borrow();
            site.store().write_at(site.now(), work)
        };
        match done {
            Ok(done) => Some(done),
            Err(error) => {
                *self
                    .refused
                    .entry(format!("desk: {}", error.code()))
                    .or_default() += 1;
                None
            }
        }
    }

    fn today(&self) -> Day {
        Day::of(self.site.borrow().now(), CHINA_OFFSET_MINUTES)
    }

    fn command(&mut self, person: PersonId, body: Body) -> Command {
        Command {
            id: CommandId(uuid(&mut self.paper_dice)),
            person,
            at: self.site.borrow().now(),
            day: self.today(),
            reason: "财务".to_owned(),
            body,
        }
    }

    /// Gives a command, some of the time twice, as a browser does whose answer was lost.
    fn give(&mut self, command: &Command) -> bool {
        let given = self.write(|tx| desk::take(tx, command)).is_some();
        if given && self.paper_dice.between(0, 3) == 0 {
            self.write(|tx| desk::take(tx, command));
        }
        given
    }

    /// Notes that a dunning letter went to some customer: phones of the newest version are told.
    fn send_letter(&mut self) {
        let Some(clerk) = self.clerk() else {
            return;
        };
        let customer = self.letter_dice.pick(&self.people.customers).id;
        let command = Command {
            id: CommandId(uuid(&mut self.letter_dice)),
            person: clerk,
            at: self.site.borrow().now(),
            day: self.today(),
            reason: "催款函".to_owned(),
            body: Body::LetterSent {
                customer,
                letter: self.letter_dice.between(1, 4) as u8,
                delivery: Delivery {
                    sent: self.today(),
                    way: Way::Post,
                    received: None,
                    received_by: String::new(),
                    tracking: String::new(),
                },
            },
        };
        self.write(|tx| desk::take(tx, &command));
    }

    /// Counts the oldest hand-in, sometimes short, or sends it back. True if there was one.
    fn count_hand_in(&mut self) -> bool {
        let Some(clerk) = self.clerk() else {
            return false;
        };
        let offers = {
            let site = self.site.borrow();
            let found = site
                .store()
                .read(|conn| -> Result<_, StoreError> { hand_ins::list(conn, true, 200) });
            found.unwrap()
        };
        let Some(offer) = offers.into_iter().next() else {
            return false;
        };
        let id = offer.document;
        let goes_back = !offer.gone.is_empty() || self.paper_dice.between(0, 9) == 0;
        if goes_back {
            let sent = self.write(|tx| hand_ins::send_back(tx, id, clerk, "请重新清点"));
            if sent.is_some() {
                self.tell(|| format!("hand-in {id} goes back"));
                self.auditor.sent_back(&id.to_string());
            }
            return sent.is_some();
        }
        let core = &offer.core;
        let expected: i64 = core
            .receipts
            .iter()
            .filter(|r| r.method == MethodKind::Cash)
            .map(|r| r.amount.fen())
            .sum();
        let short = match self.paper_dice.between(0, 2) {
            0 => self.paper_dice.between(0, expected.min(5_000)),
            _ => 0,
        };
        let counted = expected - short;
        let receipts: Vec<DocumentId> = core.receipts.iter().map(|r| r.receipt).collect();
        let body = Body::HandIn {
            person: offer.person,
            receipts: receipts.clone(),
            counted: Money::from_fen(counted).unwrap_or(Money::ZERO),
        };
        let command = self.command(clerk, body);
        if !self.give(&command) {
            return false;
        }
        self.tell(|| format!("hand-in {id} is counted, {short} fen short"));
        let count = Count {
            command: command.id.to_string(),
            person: offer.person.to_string(),
            receipts: receipts.iter().map(ToString::to_string).collect(),
            counted,
        };
        self.look_again.extend(count.receipts.iter().cloned());
        self.auditor.counted(&id.to_string(), &count);
        true
    }

    /// Finance confirms the void of a receipt whose money the company has.
    fn confirm_void(&mut self) {
        let waiting = self.auditor.void_waits();
        if waiting.is_empty() {
            return;
        }
        let receipt = self.paper_dice.pick(&waiting).clone();
        let (Some(clerk), Ok(id)) = (self.clerk(), receipt.parse()) else {
            return;
        };
        let command = self.command(clerk, Body::ConfirmVoid { receipt: id });
        if self.give(&command) {
            self.tell(|| format!("the void of {receipt} is confirmed"));
            self.auditor.void_confirmed(&receipt);
            self.look_again.insert(receipt);
        }
    }

    /// Finance answers a request, or somebody gives the second word on what it ordered.
    fn answer_request(&mut self) {
        let open = {
            let site = self.site.borrow();
            let found = site
                .store()
                .read(|conn| -> Result<_, StoreError> { proposals::list(conn, true, None, 500) });
            found.unwrap()
        };
        if open.is_empty() {
            return;
        }
        let asked = self.paper_dice.pick(&open).clone();
        match &asked.finance {
            Some(word) => {
                if let Some(command) = word.command {
                    self.second_word(&asked, command);
                }
            }
            None => self.first_word(&asked),
        }
    }

    fn first_word(&mut self, asked: &proposals::Standing) {
        let Some(clerk) = self.clerk() else {
            return;
        };
        let agree = self.paper_dice.between(0, 3) > 0;
        let (waiting, ask) = (asked.waiting(), &asked.proposal.ask);
        let amount = waiting.most();
        let debt = Debt {
            customer: asked.proposal.customer,
            invoice: ask.invoices.first().copied(),
        };
        let body = match ask.what {
            _ if !agree || asked.state.waits_for_sales() => None,
            ProposalKind::Discount => Some(Body::Discount { debt, amount }),
            ProposalKind::GoodsReturn => Some(Body::GoodsReturn { debt, amount }),
            ProposalKind::WriteOff => Some(Body::WriteOff { debt, amount }),
            _ => None,
        };
        let answer = proposals::Answer {
            id: CommandId(uuid(&mut self.paper_dice)),
            person: clerk,
            agree,
            words: "财务答复".to_owned(),
            body,
        };
        let document = asked.document;
        if self
            .write(|tx| proposals::answer(tx, document, &answer))
            .is_none()
        {
            return;
        }
        if self.paper_dice.between(0, 3) == 0 {
            self.write(|tx| proposals::answer(tx, document, &answer));
        }
        self.tell(|| format!("finance answers {document}: {agree}"));
        let command = answer.body.as_ref().map(|_| answer.id.to_string());
        self.auditor.answered(
            &document.to_string(),
            &clerk.to_string(),
            agree,
            command.as_deref(),
        );
    }

    fn second_word(&mut self, asked: &proposals::Standing, ordered: CommandId) {
        let Some(second) = self.another_supervisor(asked.proposal.person) else {
            return;
        };
        let approve = self.paper_dice.between(0, 3) > 0;
        let proposal = ordered;
        let body = match approve {
            true => Body::Approve { proposal },
            false => Body::Reject { proposal },
        };
        let command = self.command(second, body);
        if !self.give(&command) {
            return;
        }
        let ask = &asked.proposal.ask;
        let customer = asked.proposal.customer;
        let place = match ask.invoices.first() {
            Some(invoice) => invoice.to_string(),
            None => "on-account".to_owned(),
        };
        let account = match ask.what {
            ProposalKind::Discount => "Expenses:Discounts",
            ProposalKind::GoodsReturn => "Income:Returns",
            _ => "Expenses:BadDebt",
        };
        let fen = asked.waiting().most().fen();
        let postings = [
            (account.to_owned(), fen),
            (format!("Assets:Receivable:{customer}:{place}"), -fen),
        ];
        self.auditor
            .second_word(&ordered.to_string(), approve, &postings);
    }

    /// Finance has the statements of yesterday made.
    fn run_statements(&mut self) {
        let as_of = self.today().plus_days(-1);
        self.make_statements(as_of);
    }

    /// Has the statements of a day made; those that stand stay as they are.
    pub(super) fn make_statements(&mut self, as_of: Day) {
        let Some(clerk) = self.clerk() else {
            return;
        };
        let run = statement_run::Run {
            purpose: StatementPurpose::Monthly,
            as_of,
            customer: None,
        };
        let made = self.write(|tx| statement_run::run(tx, &run, clerk));
        if let Some(plan) = made {
            self.tell(|| format!("{} statements of {as_of}", plan.new.len()));
            self.statement_days.insert(as_of);
        }
    }

    /// Finance answers a disputed line, closes a statement or replaces it.
    fn work_on_statement(&mut self) {
        let Some(clerk) = self.clerk() else {
            return;
        };
        let all = {
            let site = self.site.borrow();
            let found = site.store().read(|conn| -> Result<_, StoreError> {
                statements::list(conn, &statements::Wanted::default(), 2_000)
            });
            found.unwrap()
        };
        let open: Vec<_> = all.into_iter().filter(|s| s.state.is_open()).collect();
        if open.is_empty() {
            return;
        }
        // What is disputed comes first.
        let disputed: Vec<_> = open
            .iter()
            .filter(|s| s.state == StatementState::Disputed)
            .cloned()
            .collect();
        if !disputed.is_empty() && self.paper_dice.between(0, 3) > 0 {
            let kept = self.paper_dice.pick(&disputed).clone();
            let line = kept.replies.len() as u32;
            let new = LineReply {
                line,
                accepted: self.paper_dice.between(0, 1) == 0,
                note: "已核对".to_owned(),
            };
            let id = kept.id;
            let again = new.clone();
            let replied = self.write(|tx| {
                statements::reply(tx, id, clerk, new)?;
                statements::reply(tx, id, clerk, again)
            });
            if replied.is_some() {
                self.auditor.line_replied(&id.to_string(), line);
            }
            return;
        }
        let id = self.paper_dice.pick(&open).id;
        if self.paper_dice.between(0, 1) == 0 {
            if self
                .write(|tx| statements::close(tx, id, clerk, "按账面结束"))
                .is_some()
            {
                self.auditor.statement_ended(&id.to_string(), "closed");
            }
        } else if self
            .write(|tx| statements::revise(tx, id, clerk, "按新账面"))
            .is_some()
        {
            self.auditor.statement_ended(&id.to_string(), "replaced");
        }
    }
}
