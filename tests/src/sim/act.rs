//! What people do on their phones: visits, notes, comments, promises, receipts, voids, photos.

use app::replica::api::{
    ApprovalOf, ApprovalView, BookEdit, NewPhoto, NewPromise, NewReceipt, NewVisit, Reply, Request,
};
use sha2::{Digest as _, Sha256};
use shared::{
    customer::ContactRole,
    day::{CHINA_OFFSET_MINUTES, Day},
    evidence::{Signature, Signer, StrokePoint, Strokes},
    ids::{CustomerId, DocumentId, InvoiceId},
    money::Money,
    promise::Instalment,
    receipt::Method,
    visit::{VisitPurpose, VisitResult},
};

use super::{
    auditor::ReceiptFact,
    observe::{self, MARK},
    people::sum,
    refused::as_correction,
    run::Run,
};

/// A record as the acting person finds it on their phone.
#[derive(Clone)]
struct Found {
    id: DocumentId,
    kind: String,
    customer: CustomerId,
    is_author: bool,
}

impl Run {
    /// Somebody does something, or something happens to them.
    pub(super) fn act(&mut self) {
        let number = self.dice.draw() as usize % self.phones.len();
        if self.phones[number].is_gone {
            return;
        }
        if self.knows_later {
            self.befall_more();
        }
        if self.knows_newest {
            self.befall_newest();
        }
        if self.has_papers {
            self.do_papers();
        }
        match self.dice.between(0, 99) {
            0..9 => self.arrange(),
            9..14 => self.go_offline(number),
            14..22 => self.befall(number),
            _ => {
                if !self.phones[number].is_open() {
                    self.open(number);
                }
                self.work(number);
            }
        }
    }

    /// Asks a phone as a screen does; refusals are counted.
    pub(super) fn ask(&mut self, number: usize, request: Request) -> Option<Reply> {
        if !self.phones[number].is_open() {
            return None;
        }
        self.tell(|| {
            let mut text = format!("{request:?}");
            text.truncate(text.floor_char_boundary(150));
            format!("phone {number} is asked: {text}")
        });
        match self.phones[number].ask(request) {
            Reply::Failed(failure) => {
                *self.refused.entry(failure.code).or_default() += 1;
                None
            }
            reply => Some(reply),
        }
    }

    fn work(&mut self, number: usize) {
        if !self.phones[number].is_open() {
            return;
        }
        self.set_trap(number);
        match self.dice.between(0, 99) {
            0..25 => self.visit(number),
            25..47 => self.comment(number),
            47..57 => self.note(number),
            57..73 => self.receipt(number),
            73..81 => self.promise(number),
            81..86 => self.ask_void(number),
            86..91 => self.decide_void(number),
            91..94 => self.photo(number),
            94..96 => self.cancel(number),
            96..98 => self.contact(number),
            _ => {
                self.ask(number, Request::SyncNow);
            }
        }
        self.run_phone(number);
        if !self.sprung(number) {
            self.look_at_phone(number);
        }
    }

    /// A new text that stands nowhere else.
    pub(super) fn mark(&mut self) -> String {
        self.marks += 1;
        format!("{MARK}{}", self.marks)
    }

    /// Saves something; once the phone says so, the auditor is told what the record must say.
    pub(super) fn save(
        &mut self,
        number: usize,
        customer: CustomerId,
        request: Request,
        mut tokens: Vec<String>,
    ) -> Option<DocumentId> {
        let request = match self.making.corrects {
            Some((refused, _)) => {
                // What its author said about the refused one is said about the new one.
                tokens.extend(self.auditor.comments_on(number, &refused.to_string()));
                as_correction(refused, request)
            }
            None => request,
        };
        let Some(Reply::Saved(id)) = self.ask(number, request) else {
            return None;
        };
        self.note_making(&id.to_string());
        self.tell(|| format!("phone {number} has saved {id} {tokens:?}"));
        self.auditor
            .saved(number, &id.to_string(), &customer.to_string(), tokens);
        Some(id)
    }

    pub(super) fn customer(&mut self, number: usize) -> Option<CustomerId> {
        if let Some((_, customer)) = self.making.corrects {
            return Some(customer);
        }
        let ids: Vec<[u8; 16]> = self.phones[number].look(|db| {
            let mut statement = db
                .prepare_cached("SELECT id FROM customer ORDER BY id")
                .unwrap();
            let found = statement.query_map([], |row| row.get(0)).unwrap();
            found.collect::<rusqlite::Result<_>>().unwrap()
        })?;
        if ids.is_empty() {
            return None;
        }
        let id = *self.dice.pick(&ids);
        Some(CustomerId(uuid::Uuid::from_bytes(id)))
    }

    fn records(&self, number: usize, kinds: &[&str]) -> Vec<Found> {
        let me = self.phones[number].person;
        let all: Option<Vec<Found>> = self.phones[number].look(|db| {
            let mut statement = db
                .prepare_cached(
                    "SELECT id, kind, customer, author FROM document WHERE rejected IS NULL ORDER BY id",
                )
                .unwrap();
            let found = statement
                .query_map([], |row| {
                    Ok(Found {
                        id: DocumentId(row.get(0)?),
                        kind: row.get(1)?,
                        customer: CustomerId(uuid::Uuid::from_bytes(row.get(2)?)),
                        is_author: row.get::<_, [u8; 16]>(3)? == *me.0.as_bytes(),
                    })
                })
                .unwrap();
            found.collect::<rusqlite::Result<_>>().unwrap()
        });
        let mut all = all.unwrap_or_default();
        all.retain(|r| kinds.contains(&r.kind.as_str()));
        all
    }

    fn pick(&mut self, found: &[Found]) -> Option<Found> {
        (!found.is_empty()).then(|| self.dice.pick(found).clone())
    }

    fn signature(&mut self, number: usize) -> Signature {
        let mut t_ms = 0;
        let mut stroke = || StrokePoint {
            x: self.dice.between(0, 999) as i16,
            y: self.dice.between(0, 300) as i16,
            t_ms: {
                t_ms += 16;
                t_ms
            },
            pressure: 0,
        };
        Signature {
            signer: Signer {
                name: "刘国强".to_owned(),
                role: "法定代表人".to_owned(),
                phone: String::new(),
            },
            strokes: Strokes(vec![vec![stroke(), stroke(), stroke()]]),
            at: self.phones[number].now(&self.time),
            fix: None,
        }
    }

    pub(super) fn new_photo(&mut self) -> (NewPhoto, String) {
        let length = self.dice.between(50, 2_000) as usize;
        let bytes: Vec<u8> = (0..length).map(|_| self.dice.draw() as u8).collect();
        let token = format!("photo:{}", observe::hex(&Sha256::digest(&bytes)));
        let photo = NewPhoto {
            media_type: "image/jpeg".to_owned(),
            bytes,
            caption: String::new(),
        };
        (photo, token)
    }

    pub(super) fn visit(&mut self, number: usize) {
        let Some(customer) = self.customer(number) else {
            return;
        };
        let (met, note) = (self.mark(), self.mark());
        let mut tokens = vec![format!("met:{met}"), format!("note:{note}")];
        let mut photos = Vec::new();
        if self.dice.between(0, 9) == 0 {
            let (photo, token) = self.new_photo();
            photos.push(photo);
            tokens.push(token);
        }
        let request = Request::SaveVisit(Box::new(NewVisit {
            customer,
            started_at: self.phones[number].now(&self.time).plus_ms(-600_000),
            check_in: None,
            check_out: None,
            purpose: VisitPurpose::Collect,
            person_met: met,
            result: VisitResult::Unpaid,
            reason: None,
            signs: vec![],
            next_day: None,
            related: vec![],
            notes: format!("对方答应 {note}"),
            photos,
        }));
        self.save(number, customer, request, tokens);
    }

    fn comment(&mut self, number: usize) {
        let mut kinds = vec!["visit", "promise", "receipt"];
        if self.has_papers {
            kinds.extend(["hand_in", "proposal", "statement"]);
        }
        let found = self.records(number, &kinds);
        let Some(record) = self.pick(&found) else {
            return;
        };
        let text = self.mark();
        let tokens = vec![format!("comment:{text}")];
        let request = Request::AddComment {
            document: record.id,
            text,
        };
        self.save(number, record.customer, request, tokens);
    }

    fn note(&mut self, number: usize) {
        let mut found = self.records(number, &["visit"]);
        found.retain(|r| r.is_author);
        let Some(record) = self.pick(&found) else {
            return;
        };
        let Some(Reply::Record(view)) = self.ask(number, Request::Record(record.id)) else {
            return;
        };
        let app::replica::api::RecordContent::Visit(visit) = view.content else {
            return;
        };
        let word = self.mark();
        let notes = match self.dice.between(0, 1) {
            0 => format!("{word} {}", visit.notes),
            _ => format!("{} {word}", visit.notes),
        };
        let tokens = vec![format!("note:{word}")];
        let request = Request::EditNotes {
            document: record.id,
            notes,
        };
        self.save(number, record.customer, request, tokens);
    }

    pub(super) fn invoices(&self, number: usize, customer: CustomerId) -> Vec<InvoiceId> {
        let ids: Option<Vec<[u8; 16]>> = self.phones[number].look(|db| {
            let mut statement = db
                .prepare_cached("SELECT id FROM invoice WHERE customer = ?1 ORDER BY id")
                .unwrap();
            let found = statement.query_map([customer.0.into_bytes()], |row| row.get(0));
            found.unwrap().collect::<rusqlite::Result<_>>().unwrap()
        });
        let ids = ids.unwrap_or_default().into_iter();
        ids.map(|id| InvoiceId(uuid::Uuid::from_bytes(id)))
            .collect()
    }

    pub(super) fn receipt(&mut self, number: usize) {
        let Some(customer) = self.customer(number) else {
            return;
        };
        let amount = sum(&mut self.dice);
        let mut left = amount;
        let mut allocations = Vec::new();
        for invoice in self.invoices(number, customer) {
            let part = Money::from_fen(self.dice.between(0, left.fen())).unwrap_or(Money::ZERO);
            if part.is_positive() {
                left = left.checked_sub(part).unwrap_or(Money::ZERO);
                allocations.push((invoice, part));
            }
        }
        let method = match self.dice.between(0, 5) {
            0 => Method::Cheque {
                number: "1".to_owned(),
                bank: "工行".to_owned(),
            },
            1 => Method::WeChat {
                reference: String::new(),
            },
            _ => Method::Cash,
        };
        let fact = ReceiptFact {
            person: self.phones[number].person.to_string(),
            customer: customer.to_string(),
            method: observe::method(&method),
            amount: amount.fen(),
            allocations: allocations
                .iter()
                .map(|(id, part)| (id.to_string(), part.fen()))
                .collect(),
            requests: vec![],
            decisions: vec![],
        };
        let signature = Some(self.signature(number));
        let request = Request::IssueReceipt(Box::new(NewReceipt {
            customer,
            method,
            amount,
            allocations,
            asked: amount,
            shortfall: None,
            purpose: String::new(),
            signature,
            photos: vec![],
        }));
        let tokens = vec![format!("amount:{}", amount.fen())];
        if let Some(id) = self.save(number, customer, request, tokens) {
            self.auditor.issued(&id.to_string(), fact);
        }
    }

    pub(super) fn promise(&mut self, number: usize) {
        let Some(customer) = self.customer(number) else {
            return;
        };
        let mut earlier = self.records(number, &["promise"]);
        earlier.retain(|r| r.customer == customer);
        let replaces = match self.dice.between(0, 1) {
            0 => self.pick(&earlier).map(|r| r.id),
            _ => None,
        };
        let today = Day::of(self.phones[number].now(&self.time), CHINA_OFFSET_MINUTES);
        let total = sum(&mut self.dice);
        let parts = total.split(2).into_iter().zip([7, 21]);
        let signature = self.signature(number);
        let request = Request::SignPromise(Box::new(NewPromise {
            customer,
            instalments: parts
                .map(|(amount, days)| Instalment {
                    due: today.plus_days(days),
                    amount,
                })
                .collect(),
            invoices: vec![],
            replaces,
            signature,
            language: "zh-CN".to_owned(),
            photos: vec![],
        }));
        let mut tokens = vec![format!("total:{}", total.fen())];
        tokens.extend(replaces.map(|id| format!("replaces:{id}")));
        self.save(number, customer, request, tokens);
    }

    pub(super) fn ask_void(&mut self, number: usize) {
        let mut found = self.records(number, &["receipt"]);
        found.retain(|r| r.is_author);
        let Some(record) = self.pick(&found) else {
            return;
        };
        let reason = self.mark();
        let tokens = vec![format!("void asked:{reason}")];
        let request = Request::RequestVoid {
            document: record.id,
            reason,
        };
        self.save(number, record.customer, request, tokens);
    }

    pub(super) fn decide_void(&mut self, number: usize) {
        let Some(Reply::Approvals(waiting)) = self.ask(number, Request::Approvals) else {
            return;
        };
        let voids = |asked: &ApprovalView| matches!(asked.what, ApprovalOf::Void { .. });
        let waiting: Vec<_> = waiting.into_iter().filter(voids).collect();
        if waiting.is_empty() {
            return;
        }
        let asked = self.dice.pick(&waiting).clone();
        let ApprovalOf::Void { request, .. } = asked.what else {
            return;
        };
        let (approve, note) = (self.dice.between(0, 2) > 0, self.mark());
        let tokens = vec![format!("void decided:{approve}:{note}")];
        let request = Request::DecideVoid {
            document: asked.document,
            request,
            approve,
            note,
        };
        self.save(number, asked.customer.0, request, tokens);
    }

    fn photo(&mut self, number: usize) {
        let mut found = self.records(number, &["visit", "receipt", "promise"]);
        found.retain(|r| r.is_author);
        let Some(record) = self.pick(&found) else {
            return;
        };
        let (photo, token) = self.new_photo();
        let request = Request::AddPhoto {
            document: record.id,
            photo,
        };
        self.save(number, record.customer, request, vec![token]);
    }

    fn cancel(&mut self, number: usize) {
        let found = self.records(number, &["promise"]);
        let Some(record) = self.pick(&found) else {
            return;
        };
        let reason = self.mark();
        let tokens = vec![format!("cancel:{reason}")];
        let request = Request::CancelPromise {
            document: record.id,
            reason,
        };
        self.save(number, record.customer, request, tokens);
    }

    fn contact(&mut self, number: usize) {
        let Some(customer) = self.customer(number) else {
            return;
        };
        let name = self.mark();
        let edit = BookEdit::Contact {
            replaces: None,
            name,
            role: ContactRole::Payer,
            phone: String::new(),
        };
        self.ask(number, Request::Book { customer, edit });
    }
}
