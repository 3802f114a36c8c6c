//! The server's JSON API as the desk uses it: what comes back, and why something was refused.
//!
//! Invariants: sums are `Money` from text, days are `Day`; ids stay the text that they are on the wire. What
//! the server says beyond these fields is left aside.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use shared::{aging::AgingBuckets, day::Day, money::Money, policy::told::Told};

use super::browser;

/// Why something did not come about: a stable code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// For example `network.unreachable`, `auth.session`, `command.same_person`.
    pub code: String,
}

impl Failure {
    fn of(code: &str) -> Self {
        Self {
            code: code.to_owned(),
        }
    }

    /// Is the session over, so that nothing at the desk can be done before signing in again?
    pub fn is_signed_out(&self) -> bool {
        self.code.starts_with("auth.") && self.code != "auth.forbidden"
    }
}

#[derive(Deserialize)]
struct Problem {
    code: String,
}

pub(super) fn judge<T: DeserializeOwned>((status, text): (u16, String)) -> Result<T, Failure> {
    match status {
        0 => Err(Failure::of("network.unreachable")),
        200..=299 => serde_json::from_str(&text).map_err(|_| Failure::of("desk.not_understood")),
        _ => Err(serde_json::from_str::<Problem>(&text).map_or_else(
            |_| Failure::of("server.internal"),
            |problem| Failure { code: problem.code },
        )),
    }
}

/// Reads.
pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Failure> {
    judge(browser::call("GET", path, None).await)
}

/// Issues a command of finance. `id` was drawn before; the same again changes nothing.
pub async fn command(id: &str, reason: &str, command: Value) -> Result<Taken, Failure> {
    let body = json!({ "id": id, "reason": reason, "command": command });
    judge(browser::call("POST", "/v1/ledger/commands", Some(body.to_string())).await)
}

/// Sends a reason, and where there is more to say, that with the id that was drawn before; the same again changes
/// nothing.
pub async fn send(path: &str, id: &str, reason: &str, more: Value) -> Result<(), Failure> {
    let mut body = serde_json::Map::new();
    if let Value::Object(more) = more {
        body = more;
        body.insert("id".to_owned(), Value::from(id));
    }
    body.insert("reason".to_owned(), Value::from(reason));
    let body = Value::Object(body);
    judge::<Value>(browser::call("POST", path, Some(body.to_string())).await).map(drop)
}

/// Ends the session.
pub async fn sign_out() -> Result<(), Failure> {
    match browser::call("DELETE", "/v1/desk/session", None).await {
        (200..=299, _) => Ok(()),
        answer => judge::<Value>(answer).map(|_| ()),
    }
}

/// A person.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Person {
    /// Person id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: String,
}

/// The company.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Company {
    /// Name.
    pub name: String,
    /// Its clocks' offset from UTC, minutes east.
    pub utc_offset_minutes: i32,
}

/// A territory.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Territory {
    /// Territory id.
    pub id: String,
    /// Name.
    pub name: String,
}

/// A customer's name.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Customer {
    /// Customer id.
    pub id: String,
    /// Number in the books.
    pub number: String,
    /// Name.
    pub name: String,
    /// Person id of the salesperson.
    pub rep: Option<String>,
}

/// Who works here, and names.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Directory {
    /// Who is signed in.
    pub me: Person,
    /// The company.
    pub company: Company,
    /// The business day.
    pub today: Day,
    /// Everybody.
    pub people: Vec<Person>,
    /// Territories.
    pub territories: Vec<Territory>,
    /// Customers.
    pub customers: Vec<Customer>,
}

/// A receipt whose money is not with the company yet.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Receipt {
    /// Document id.
    pub document: String,
    /// Printed number.
    pub number: String,
    /// Customer id.
    pub customer: String,
    /// Person id of who took it.
    pub person: String,
    /// Method.
    pub method: String,
    /// Sum; none for cash that is to be counted blind.
    pub amount: Option<Money>,
    /// Day printed.
    pub day: Day,
    /// Where the money is.
    pub custody: String,
    /// Number of the paper, reference of the transfer.
    pub reference: String,
    /// Bank.
    pub bank: String,
    /// Due day of a bill.
    pub due: Option<Day>,
    /// A void was asked for.
    pub void_waits: bool,
}

impl Receipt {
    /// A cheque or an acceptance bill?
    pub fn is_paper(&self) -> bool {
        matches!(self.method.as_str(), "cheque" | "acceptance_bill")
    }
}

/// Such receipts.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Receipts {
    /// By day.
    pub receipts: Vec<Receipt>,
}

/// A hand-in as it was counted.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct HandIn {
    /// Its command.
    pub id: String,
    /// Who handed in.
    pub person: String,
    /// By the receipts.
    pub expected: Money,
    /// As counted.
    pub counted: Money,
    /// Not decided: positive if cash is missing.
    pub undecided: Money,
}

/// Hand-ins.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct HandIns {
    /// The oldest first.
    pub hand_ins: Vec<HandIn>,
}

/// A receipt of a hand-in from the field.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct OfferedReceipt {
    /// Document id.
    pub document: String,
    /// Can its money be handed in?
    pub in_hands: bool,
}

/// What the phone counted.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PhoneCount {
    /// Cash as counted.
    pub cash: Money,
    /// Why that is not what the receipts come to.
    pub note: String,
}

/// A hand-in from the field.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Offer {
    /// Document id.
    pub document: String,
    /// Who hands in.
    pub person: String,
    /// Who signed for it.
    pub receiver: String,
    /// When both signed.
    pub made_at: i64,
    /// `offered`, `accepted` or `returned`.
    pub state: String,
    /// Its receipts.
    pub receipts: Vec<OfferedReceipt>,
    /// Cheques and bills.
    pub cheques: Money,
    /// Why it was returned.
    pub reason: String,
    /// What the phone counted; none before finance has.
    pub phone: Option<PhoneCount>,
    /// What finance counted.
    pub counted: Option<HandIn>,
}

impl Offer {
    /// Is all of it still in the person's hands?
    pub fn is_whole(&self) -> bool {
        self.receipts.iter().all(|receipt| receipt.in_hands)
    }
}

/// Hand-ins from the field.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Offers {
    /// To be counted, the oldest first.
    pub open: Vec<Offer>,
    /// Decided last.
    pub decided: Vec<Offer>,
}

/// A command as it stands.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Taken {
    /// Its id.
    pub id: String,
    /// Kind.
    pub kind: String,
    /// Who.
    pub person: String,
    /// When, milliseconds since 1970 UTC.
    pub at: i64,
    /// Business day.
    pub day: Day,
    /// Why.
    pub reason: String,
    /// What.
    pub command: Value,
    /// What became of one that needs two persons.
    pub decision: Option<String>,
    /// The count, of a hand-in.
    pub hand_in: Option<HandIn>,
}

impl Taken {
    /// The sum that it is about.
    pub fn amount(&self) -> Option<Money> {
        self.command.get("amount")?.as_str()?.parse().ok()
    }

    /// The customer id that it names.
    pub fn customer(&self) -> Option<&str> {
        let debt = self.command.get("debt").unwrap_or(&self.command);
        debt.get("customer")?.as_str()
    }
}

/// Commands.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Commands {
    /// The newest first.
    pub commands: Vec<Taken>,
}

/// A void that waits for finance.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Void {
    /// Document id of the receipt.
    pub receipt: String,
    /// Its number.
    pub number: String,
    /// Customer id.
    pub customer: String,
    /// Sum.
    pub amount: Money,
    /// Where its money is.
    pub custody: String,
    /// Who asked.
    pub requester: String,
    /// Who approved.
    pub approver: String,
}

/// Such voids.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Voids {
    /// By day.
    pub voids: Vec<Void>,
}

/// Something that does not add up.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Exception {
    /// Digest.
    pub id: String,
    /// Kind.
    pub kind: String,
    /// Customer id.
    pub customer: String,
    /// Number of the invoice or receipt.
    pub subject: String,
    /// Sum.
    pub amount: Option<Money>,
    /// When it was found, milliseconds since 1970 UTC.
    pub found_at: i64,
}

/// Such findings.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Exceptions {
    /// The newest first.
    pub exceptions: Vec<Exception>,
}

/// An invoice in an account.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Invoice {
    /// Invoice id.
    pub id: String,
    /// Number.
    pub number: String,
    /// Day of issue.
    pub issued: Day,
    /// Due day.
    pub due: Day,
    /// Amount.
    pub amount: Money,
    /// Posted on it.
    pub settled: Money,
    /// What is open, not clipped.
    pub outstanding: Money,
}

/// A receipt in an account.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct AccountReceipt {
    /// Document id.
    pub document: String,
    /// Number.
    pub number: String,
    /// Person id.
    pub person: String,
    /// Method.
    pub method: String,
    /// Sum.
    pub amount: Money,
    /// Day printed.
    pub day: Day,
    /// State.
    pub state: String,
}

/// A customer's account.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Account {
    /// Customer id.
    pub id: String,
    /// Number.
    pub number: String,
    /// Name.
    pub name: String,
    /// Owed by the books.
    pub book: Money,
    /// Paid and not allocated.
    pub on_account: Money,
    /// Claimed and not confirmed.
    pub in_transit: Money,
    /// Invoices by day of issue.
    pub invoices: Vec<Invoice>,
    /// Receipts by day.
    pub receipts: Vec<AccountReceipt>,
}

/// Accounts; the customer asked for.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Accounts {
    /// The account.
    pub customer: Option<Account>,
}

/// An instalment of a promise.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Instalment {
    /// By this day.
    pub due: Day,
    /// How much.
    pub amount: Money,
    /// Paid on it.
    pub paid: Money,
    /// State.
    pub state: String,
}

/// A promise.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Promise {
    /// Document id.
    pub document: String,
    /// Day of signing.
    pub day: Day,
    /// State.
    pub state: String,
    /// By day.
    pub instalments: Vec<Instalment>,
}

/// Promises.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Promises {
    /// The newest first.
    pub promises: Vec<Promise>,
}

/// A line of an entry.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Posting {
    /// Account.
    pub account: String,
    /// Sum; positive is a debit.
    pub amount: Money,
}

/// An entry of the journal.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Entry {
    /// Number.
    pub number: u64,
    /// Kind.
    pub kind: String,
    /// Business day.
    pub day: Day,
    /// Person id.
    pub person: Option<String>,
    /// The day that the record says, if the entry lies later.
    pub own_day: Option<Day>,
    /// Lines.
    pub postings: Vec<Posting>,
}

/// How the chain stands.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Chain {
    /// Entries in the journal.
    pub entries: u64,
    /// Hash of the newest.
    pub head: Option<String>,
    /// How many were checked just now.
    pub checked: u64,
    /// Whole?
    pub whole: bool,
}

/// A page of the journal.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Journal {
    /// The newest first.
    pub entries: Vec<Entry>,
    /// Ask again with `before`.
    pub next: Option<u64>,
    /// The chain.
    pub chain: Chain,
}

/// A line of the aging.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct AgingLine {
    /// Customer, person or territory id.
    pub id: Option<String>,
    /// By how long it is overdue.
    #[serde(flatten)]
    pub buckets: AgingBuckets,
    /// All together.
    pub total: Money,
}

impl AgingLine {
    /// The buckets in order, the over-paid figure and the total last.
    pub fn sums(&self) -> [Money; 7] {
        [
            self.buckets.not_due,
            self.buckets.days_1_30,
            self.buckets.days_31_60,
            self.buckets.days_61_90,
            self.buckets.over_90,
            self.buckets.overpaid,
            self.total,
        ]
    }
}

/// The aging.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Aging {
    /// As of.
    pub day: Day,
    /// The largest first.
    pub lines: Vec<AgingLine>,
    /// All together.
    pub total: AgingLine,
}

/// What a plan was weighed by.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Factor {
    /// Which.
    pub factor: String,
    /// For hard (positive) or soft (negative).
    pub points: i32,
}

/// A customer on a work list.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct WorkLine {
    /// Customer id.
    pub customer: String,
    /// Owed.
    pub outstanding: Money,
    /// Of it overdue.
    pub overdue: Money,
    /// Visited today already.
    pub visited_today: bool,
    /// Why, the most urgent first.
    pub reasons: Vec<Told>,
    /// Hard or soft.
    pub plan: Option<String>,
    /// What it was weighed by.
    pub factors: Vec<Factor>,
    /// Alarms.
    pub alarms: Vec<Told>,
}

/// A salesperson's work list.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct WorkList {
    /// Customers in all.
    pub customers: u32,
    /// In order.
    pub items: Vec<WorkLine>,
}

/// A salesperson's month.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct TeamLine {
    /// Person id.
    pub person: String,
    /// Sold in the month.
    pub sold: Money,
    /// Collected in the month.
    pub collected: Money,
    /// What could be.
    pub collectable: Money,
    /// Owed.
    pub receivable: Money,
    /// Of it overdue.
    pub overdue: Money,
    /// Due by the month's end and unpaid.
    pub to_zero: Money,
    /// Has to come in on each day left.
    pub per_day: Money,
    /// Expected loss by one more day.
    pub daily_loss: Money,
    /// Customers listed to the sales vice-president.
    pub listed: u32,
    /// Customers to hand over.
    pub handover: u32,
    /// What they are to reach.
    pub target: Option<Target>,
    /// Sales in thousandths; none without a target.
    pub score_sales: Option<u16>,
    /// Collection in thousandths; none if there was nothing to collect.
    pub score_collection: Option<u16>,
    /// Receivables in thousandths.
    pub score_receivables: u16,
    /// Score in thousandths.
    pub score: u16,
}

/// What a salesperson is to reach in the month.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Target {
    /// To be sold.
    pub sales: Option<Money>,
    /// To be collected.
    pub collection: Option<Money>,
    /// Who set it.
    pub person: String,
    /// When, milliseconds since 1970 UTC.
    pub at: i64,
    /// Why.
    pub reason: String,
}

/// The team.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Team {
    /// How much sales, collection and receivables weigh.
    pub weights: [u32; 3],
    /// Is the list to the sales vice-president made today?
    pub list_is_made: bool,
    /// By name.
    pub people: Vec<TeamLine>,
    /// Settled debts by which the company's own recovery curve goes.
    pub debts: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_and_a_refusal_gives_its_code() {
        let check = |status, text: &str, expected: Result<usize, &str>| {
            let found = judge::<Exceptions>((status, text.to_owned()));
            let found = found.map(|list| list.exceptions.len());
            assert_eq!(found.map_err(|f| f.code), expected.map_err(str::to_owned));
        };
        check(200, r#"{"exceptions":[],"more":1}"#, Ok(0));
        check(200, "no json", Err("desk.not_understood"));
        check(409, r#"{"code":"command.decided"}"#, Err("command.decided"));
        check(502, "<html>", Err("server.internal"));
        check(0, "", Err("network.unreachable"));
    }

    #[test]
    fn a_command_tells_whom_and_how_much_it_is_about() {
        let taken = |command: Value| Taken {
            id: String::new(),
            kind: String::new(),
            person: String::new(),
            at: 0,
            day: Day::from_number(0),
            reason: String::new(),
            command,
            decision: None,
            hand_in: None,
        };
        let refund = taken(json!({ "debt": { "customer": "c" }, "amount": "12.50" }));
        assert_eq!(refund.customer(), Some("c"));
        assert_eq!(refund.amount(), "12.50".parse().ok());
        let moved = taken(json!({ "customer": "d" }));
        assert_eq!((moved.customer(), moved.amount()), (Some("d"), None));
    }
}
