//! An office: finance, its second person, the leader, and a salesperson who takes money.

use axum::http::StatusCode;
use serde_json::{Value, json};
use shared::{
    document::{NewChange, edit::Edit},
    ids::*,
    receipt::{Method, VoidDecision, VoidRequest},
};
use sync_server::{
    api::{desk, ledger as api},
    store::{ledger, people, rebuild},
};
use uuid::Uuid;

pub use super::support::{
    site::{Answered, Site},
    *,
};

pub struct Office {
    pub site: Site,
    pub rep: Phone,
    pub clerk: Phone,
    pub second: Phone,
    pub boss: Phone,
    commands: u128,
}

impl Office {
    pub fn new() -> Self {
        let site = Site::new();
        let second = person(15, "钱进", shared::people::Role::Finance);
        site.company
            .store
            .write_at(now(), |tx| people::add(tx, &second))
            .unwrap();
        let phone = |person, seed| site.company.phone(person, seed);
        Self {
            rep: phone(site.company.rep_a, 1),
            clerk: phone(site.company.finance, 2),
            second: phone(second.id, 3),
            boss: phone(site.company.boss, 4),
            site,
            commands: 0,
        }
    }

    pub fn take(&mut self, method: Method, amount: &str, on: usize) -> NewChange {
        let (customer, invoice) = (
            self.site.company.customers[0],
            self.site.company.invoices[on],
        );
        let mut core = self
            .rep
            .receipt_core(customer, amount, &[(invoice, amount)]);
        core.method = method;
        let receipt = self.rep.seal(&core);
        assert!(acked(
            &self.rep.push(std::slice::from_ref(&receipt)).answers
        ));
        receipt
    }

    /// One of the company's invoices as commands name it.
    pub fn debt(&self, invoice: usize) -> Value {
        let company = &self.site.company;
        json!({ "customer": company.customers[0], "invoice": company.invoices[invoice] })
    }

    pub async fn send(&self, by: &Phone, id: u128, command: Value) -> Answered {
        let body = json!({ "id": Uuid::from_u128(id), "reason": "按单据处理", "command": command });
        self.site
            .post("/v1/ledger/commands", Some(&by.token), body)
            .await
    }

    /// A new command that must be taken.
    pub async fn give(&mut self, command: Value) -> desk::CommandView {
        self.commands += 1;
        let answer = self
            .send(&self.clerk, 5_000 + self.commands, command.clone())
            .await;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(answer.status, StatusCode::CREATED, "{command} {text}");
        answer.json()
    }

    /// A new command that must be taken and waits, and the second person's word.
    pub async fn give_by_two(&mut self, command: Value) -> desk::CommandView {
        let proposed = self.give(command).await;
        assert_eq!(proposed.decision.as_deref(), Some("open"));
        assert!(proposed.entry.is_none(), "nothing moves on one word");
        self.commands += 1;
        let approve = json!({ "kind": "approve", "proposal": proposed.id });
        let answer = self
            .send(&self.second, 5_000 + self.commands, approve)
            .await;
        assert_eq!(answer.status, StatusCode::CREATED);
        answer.json()
    }

    /// The salesperson asks for a receipt's void; gives the change.
    pub fn ask_for_void(&mut self, receipt: &NewChange) -> NewChange {
        let request = VoidRequest {
            id: ElementId(Uuid::from_u128(1)),
            author: self.site.company.rep_a,
            at: now(),
            reason: "金额写错".into(),
        };
        let asked = self
            .rep
            .edit(&[&receipt.bytes], &Edit::RequestVoid(request));
        assert!(acked(&self.rep.push(std::slice::from_ref(&asked)).answers));
        asked
    }

    /// The leader approves it on the record.
    pub fn approve_void(&mut self, receipt: &NewChange, asked: &NewChange) {
        let decision = VoidDecision {
            id: ElementId(Uuid::from_u128(2)),
            request: ElementId(Uuid::from_u128(1)),
            author: self.site.company.boss,
            at: now(),
            approved: true,
            note: String::new(),
        };
        let changes: [&[u8]; 2] = [&receipt.bytes, &asked.bytes];
        let approved = self.boss.edit(&changes, &Edit::DecideVoid(decision));
        assert!(acked(&self.boss.push(&[approved]).answers));
    }

    pub async fn exceptions(&self) -> Vec<String> {
        let token = Some(self.clerk.token.as_str());
        let open: api::Exceptions = self.site.get("/v1/ledger/exceptions", token).await.json();
        open.exceptions.into_iter().map(|e| e.kind).collect()
    }

    /// Numbers of the commands that the person is shown, or the code of the refusal.
    pub async fn commands_of(&self, by: &Phone, query: &str) -> Result<Vec<String>, String> {
        let path = format!("/v1/ledger/commands{query}");
        let answer = self.site.get(&path, Some(&by.token)).await;
        match answer.status {
            StatusCode::OK => {
                let found: desk::Commands = answer.json();
                Ok(found.commands.into_iter().map(|c| c.kind).collect())
            }
            _ => Err(answer.code()),
        }
    }

    /// A command that must be refused, with the code.
    pub async fn refused(&mut self, by: fn(&Self) -> &Phone, command: Value) -> (u16, String) {
        self.commands += 1;
        let answer = self.send(by(self), 5_000 + self.commands, command).await;
        (answer.status.as_u16(), answer.code())
    }

    pub async fn balance(&self, account: &str) -> String {
        let token = Some(self.clerk.token.as_str());
        let all: api::Accounts = self.site.get("/v1/ledger/accounts", token).await.json();
        let found = all.balances.into_iter().find(|b| b.account == account);
        found.map_or("0.00".to_owned(), |b| b.balance)
    }

    pub async fn account(&self) -> api::CustomerAccount {
        let token = Some(self.clerk.token.as_str());
        let path = "/v1/ledger/accounts?customer=C00100";
        let all: api::Accounts = self.site.get(path, token).await.json();
        all.customer.unwrap()
    }

    /// The ledger holds, and its facts give the same ledger.
    pub fn verify(&self) {
        let store = &self.site.company.store;
        let checked = store.read(ledger::check).unwrap();
        assert_eq!(checked.problems, Vec::<String>::new());
        let rebuilt = store.read(rebuild::rebuild).unwrap();
        assert_eq!(rebuilt.problems, Vec::<String>::new());
        assert!(rebuilt.facts > 0);
    }
}

pub fn hand_in(person: PersonId, receipts: &[&NewChange], counted: &str) -> Value {
    let receipts: Vec<DocumentId> = receipts.iter().map(|r| r.document).collect();
    json!({ "kind": "hand_in", "person": person, "receipts": receipts, "counted": counted })
}

pub fn cheque() -> Method {
    Method::Cheque {
        number: "30117".into(),
        bank: "工商银行".into(),
    }
}

pub fn transfer() -> Method {
    let reference = String::new();
    Method::Transfer { reference }
}
