//! The observer: turns what phones and the server show into the plain values that the auditor takes.

use std::collections::{BTreeMap, BTreeSet};

use app::replica::api::{RecordContent, RecordView, Reply, Request};
use rusqlite::{Connection, Row as SqlRow, params};
use shared::{
    document::{self, Record},
    evidence::{Attachment, Comment},
    hand_in::HandIn,
    ids::{CustomerId, DocumentId},
    promise::Promise,
    proposal::Proposal,
    receipt::{Method as PaidBy, Receipt},
    statement::StatementAnswer,
    visit::Visit,
};

use crate::places::MISPLACED;

use super::{
    auditor::{
        Balances, JournalLine, LogLine, Method, PhoneAtRest, ReceiptFact, ServerRecord, ServerRow,
        Shown, TWICE, Tokens,
    },
    observe_papers,
    phone::Phone,
};

/// Words of notes that the workload marks begin with this.
pub const MARK: char = '#';

/// What a phone says of a record of which it has only a line.
const BEING_FETCHED: &str = "record.being_fetched";

/// Records of which a phone has only a line, of the kinds that people see.
pub fn partial(phone: &Phone) -> Vec<String> {
    let ids: Option<Vec<Vec<u8>>> = phone.look(|db| {
        rows(
            db,
            "SELECT id FROM document d WHERE kind <> 'contact_book' AND NOT EXISTS (
               SELECT 1 FROM change c WHERE c.hash = d.id AND c.state <> 'kept') ORDER BY id",
            [],
            |row| row.get(0),
        )
    });
    ids.unwrap_or_default().iter().map(|id| hex(id)).collect()
}

/// Bytes as hex digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

pub(super) fn uuid(bytes: &[u8]) -> String {
    uuid::Uuid::from_slice(bytes).map_or_else(|_| hex(bytes), |id| id.to_string())
}

/// How a receipt was paid.
pub fn method(method: &PaidBy) -> Method {
    match method {
        PaidBy::Cash => Method::Cash,
        PaidBy::Cheque { .. } | PaidBy::AcceptanceBill { .. } => Method::Cheque,
        PaidBy::Transfer { .. } | PaidBy::WeChat { .. } | PaidBy::Alipay { .. } => Method::Transfer,
    }
}

/// Adds what is said; what is said a second time shows as such.
fn say(tokens: &mut Tokens, said: impl Iterator<Item = String>) {
    for token in said {
        if tokens.contains(&token) {
            tokens.insert(format!("{TWICE}{token}"));
        }
        tokens.insert(token);
    }
}

fn common(tokens: &mut Tokens, comments: &[Comment], photos: &[Attachment]) {
    say(
        tokens,
        comments.iter().map(|c| format!("comment:{}", c.text)),
    );
    say(
        tokens,
        photos.iter().map(|p| format!("photo:{}", p.content)),
    );
}

fn visit_tokens(visit: &Visit) -> Tokens {
    let words = visit.notes.split_whitespace();
    let marked = words.filter(|w| w.starts_with(MARK));
    let mut tokens = Tokens::new();
    say(&mut tokens, marked.map(|w| format!("note:{w}")));
    tokens.insert(format!("met:{}", visit.person_met));
    common(&mut tokens, &visit.comments, &visit.attachments);
    tokens
}

fn promise_tokens(promise: &Promise) -> Tokens {
    let mut tokens = Tokens::from([format!("total:{}", promise.core.total.fen())]);
    tokens.extend(promise.core.replaces.map(|id| format!("replaces:{id}")));
    let cancelled = promise.cancellations.iter();
    say(
        &mut tokens,
        cancelled.map(|c| format!("cancel:{}", c.reason)),
    );
    common(&mut tokens, &promise.comments, &promise.attachments);
    tokens
}

fn receipt_tokens(receipt: &Receipt) -> Tokens {
    let mut tokens = Tokens::from([
        format!("amount:{}", receipt.core.amount.fen()),
        format!("number:{}", receipt.core.number),
    ]);
    let asked = receipt.void_requests.iter();
    say(
        &mut tokens,
        asked.map(|r| format!("void asked:{}", r.reason)),
    );
    let decided = receipt.void_decisions.iter();
    say(
        &mut tokens,
        decided.map(|d| format!("void decided:{}:{}", d.approved, d.note)),
    );
    common(&mut tokens, &receipt.comments, &receipt.attachments);
    tokens
}

fn answer_tokens(answer: &StatementAnswer) -> Tokens {
    let core = &answer.core;
    let mut tokens = Tokens::from([
        format!("closing:{}", core.closing.fen()),
        format!("answers:{}", core.statement),
        format!("disputed:{}", core.disputed.len()),
    ]);
    common(&mut tokens, &answer.comments, &answer.attachments);
    tokens
}

fn hand_in_tokens(hand_in: &HandIn) -> Tokens {
    let core = &hand_in.core;
    let mut tokens = Tokens::from([format!("cash:{}", core.cash.fen())]);
    let receipts = core.receipts.iter();
    say(
        &mut tokens,
        receipts.map(|r| format!("hands in:{}", r.receipt)),
    );
    common(&mut tokens, &hand_in.comments, &hand_in.attachments);
    tokens
}

fn proposal_tokens(proposal: &Proposal) -> Tokens {
    let ask = &proposal.ask;
    let mut tokens = Tokens::from([
        format!("asked:{}", ask.amount.fen()),
        format!("what:{}", ask.what.slug()),
        format!("words:{}", ask.words),
    ]);
    let decided = proposal.decisions.iter();
    say(
        &mut tokens,
        decided.map(|d| format!("decided:{}:{}", d.approved, d.note)),
    );
    common(&mut tokens, &proposal.comments, &proposal.attachments);
    tokens
}

/// What a record says.
pub fn tokens(record: &Record) -> Tokens {
    match record {
        Record::Visit(visit) => visit_tokens(visit),
        Record::Promise(promise, _) => promise_tokens(promise),
        Record::Receipt(receipt, _) => receipt_tokens(receipt),
        Record::HandIn(hand_in, _) => hand_in_tokens(hand_in),
        Record::Proposal(proposal) => proposal_tokens(proposal),
        Record::Statement(answer, _) => answer_tokens(answer),
        Record::ContactBook(book) => {
            let mut tokens = Tokens::new();
            common(&mut tokens, &book.comments, &book.attachments);
            let contacts = book.contacts.iter();
            say(&mut tokens, contacts.map(|c| format!("contact:{}", c.name)));
            tokens
        }
    }
}

fn view_tokens(view: &RecordView) -> Tokens {
    match &view.content {
        RecordContent::Visit(visit) => visit_tokens(visit),
        RecordContent::Promise(promise, ..) => promise_tokens(promise),
        RecordContent::Receipt(receipt, _) => receipt_tokens(receipt),
        RecordContent::HandIn(hand_in, _) => hand_in_tokens(hand_in),
        RecordContent::Proposal(asked) => proposal_tokens(&asked.proposal),
        RecordContent::Statement(answer, _) => answer_tokens(answer),
    }
}

/// What a receipt is about.
pub fn receipt_fact(receipt: &Receipt) -> ReceiptFact {
    let core = &receipt.core;
    ReceiptFact {
        person: core.person.to_string(),
        customer: core.customer.to_string(),
        method: method(&core.method),
        amount: core.amount.fen(),
        allocations: core
            .allocations
            .iter()
            .map(|a| (a.invoice.to_string(), a.amount.fen()))
            .collect(),
        requests: receipt
            .void_requests
            .iter()
            .map(|r| r.id.to_string())
            .collect(),
        decisions: receipt
            .void_decisions
            .iter()
            .map(|d| (d.request.to_string(), d.author.to_string(), d.approved))
            .collect(),
    }
}

/// A record as a phone shows it; none if it does not know it.
pub fn shown(phone: &Phone, id: &str) -> Option<Shown> {
    let id: DocumentId = id.parse().ok()?;
    match phone.ask(Request::Record(id)) {
        Reply::Record(view) => Some(Shown {
            tokens: view_tokens(&view),
            received: view.journey.received_at.is_some(),
            waiting: u64::from(view.journey.waiting),
            rejected: view.journey.rejected.clone(),
            in_ledger: view.journey.in_ledger,
            is_partial: false,
        }),
        Reply::Failed(failure) if failure.code == BEING_FETCHED => Some(Shown {
            is_partial: true,
            ..Shown::default()
        }),
        _ => None,
    }
}

pub(super) fn rows<T>(
    conn: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
    read: impl FnMut(&SqlRow<'_>) -> rusqlite::Result<T>,
) -> Vec<T> {
    let mut statement = conn.prepare_cached(sql).unwrap();
    let found = statement.query_map(params, read).unwrap();
    found.collect::<rusqlite::Result<_>>().unwrap()
}

/// The log after a number.
pub fn log_after(conn: &Connection, seq: u64) -> Vec<LogLine> {
    rows(
        conn,
        "SELECT l.seq, l.kind, l.ref, l.body_hash, l.chain, COALESCE(c.bytes, r.body), c.document
         FROM log l LEFT JOIN change c ON c.seq = l.seq LEFT JOIN row r ON r.seq = l.seq
         WHERE l.seq > ?1 ORDER BY l.seq",
        params![seq.cast_signed()],
        |row| {
            Ok(LogLine {
                seq: row.get::<_, i64>(0)?.cast_unsigned(),
                kind: row.get(1)?,
                reference: row.get(2)?,
                body_hash: row.get(3)?,
                chain: row.get(4)?,
                body: row.get(5)?,
                record: row.get::<_, Option<Vec<u8>>>(6)?.map(|id| hex(&id)),
            })
        },
    )
}

/// A record as the server's stored changes give it.
pub fn server_record(conn: &Connection, id: &str) -> Option<ServerRecord> {
    let key: DocumentId = id.parse().ok()?;
    let changes: Vec<Vec<u8>> = rows(
        conn,
        "SELECT bytes FROM change WHERE seq IN (SELECT seq FROM document WHERE id = ?1
           UNION ALL SELECT seq FROM change WHERE document = ?1 AND hash <> document) ORDER BY seq",
        [key.0],
        |row| row.get(0),
    );
    let (head, record) = document::read(&changes).ok()?;
    let receipt = match &record {
        Record::Receipt(receipt, _) => {
            let states: Vec<String> = rows(
                conn,
                "SELECT state FROM receipt_state WHERE document = ?1",
                [key.0],
                |row| row.get(0),
            );
            let state = states.into_iter().next().unwrap_or_default();
            Some((receipt_fact(receipt), state))
        }
        _ => None,
    };
    let place: Vec<i64> = rows(
        conn,
        "SELECT seq FROM document WHERE id = ?1",
        [key.0],
        |row| row.get(0),
    );
    let place = place.first().map_or(0, |seq| seq.cast_unsigned());
    Some(ServerRecord {
        kind: head.kind.slug().to_owned(),
        customer: head.customer.to_string(),
        tokens: tokens(&record),
        receipt,
        place,
        paper: observe_papers::fact(&record),
    })
}

/// The journal after a number.
pub fn journal_after(conn: &Connection, number: u64) -> Vec<JournalLine> {
    let entries: Vec<(i64, Vec<u8>, String, String, i64)> = rows(
        conn,
        "SELECT number, id, kind, source, day FROM journal_entry WHERE number > ?1 ORDER BY number",
        params![number.cast_signed()],
        |row| {
            let (kind, source) = (row.get(2)?, row.get(3)?);
            Ok((row.get(0)?, row.get(1)?, kind, source, row.get(4)?))
        },
    );
    entries
        .into_iter()
        .map(|(number, id, kind, source, day)| JournalLine {
            number: number.cast_unsigned(),
            id: hex(&id),
            source: source_of(&kind, &source),
            day,
            postings: rows(
                conn,
                "SELECT account, amount FROM posting WHERE entry = ?1 ORDER BY line",
                [number],
                |row| Ok((row.get(0)?, row.get(1)?)),
            ),
        })
        .collect()
}

fn source_of(kind: &str, json: &str) -> String {
    let source: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    let text = |pointer: &str| {
        let value = source.pointer(pointer);
        value
            .and_then(|v| v.as_str())
            .unwrap_or_default()
            .to_owned()
    };
    match kind {
        "receipt" => format!("receipt:{}", text("/Document/id")),
        "void" => format!("void:{}", text("/Void/receipt")),
        "invoice" => {
            let revision = source
                .pointer("/Invoice/revision")
                .and_then(serde_json::Value::as_u64);
            format!("invoice:{}:{}", text("/Invoice/id"), revision.unwrap_or(0))
        }
        "book_payment" => format!("payment:{}", text("/Payment")),
        _ => format!("command:{}", text("/Command/id")),
    }
}

/// The server's balances; those that are nothing are left out.
pub fn balances(conn: &Connection) -> Balances {
    let settled: Vec<(Vec<u8>, i64)> = rows(
        conn,
        "SELECT id, settled FROM invoice WHERE settled <> 0",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    );
    let three = |sql| {
        let found: Vec<(Vec<u8>, (i64, i64))> = rows(conn, sql, [], |row| {
            Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))
        });
        found
            .into_iter()
            .map(|(id, sums)| (uuid(&id), sums))
            .collect()
    };
    Balances {
        settled: settled
            .into_iter()
            .map(|(id, fen)| (uuid(&id), fen))
            .collect(),
        accounts: three(
            "SELECT id, on_account, in_transit FROM customer WHERE on_account <> 0 OR in_transit <> 0",
        ),
        hands: three(
            "SELECT person, cash, cheques FROM field_cash WHERE cash <> 0 OR cheques <> 0",
        ),
    }
}

/// Everything that the server has the word on.
pub fn server_rows(conn: &Connection) -> Vec<ServerRow> {
    let mut all = Vec::new();
    for (kind, sql) in SERVER_ROWS {
        all.extend(rows(conn, sql, [], |row| {
            let (id, customer): (Vec<u8>, Option<Vec<u8>>) = (row.get(0)?, row.get(1)?);
            Ok(ServerRow {
                key: format!("{kind}:{}", hex(&id)),
                customer: customer.map(|c| uuid(&c)),
                person: None,
                value: row.get(2)?,
            })
        }));
    }
    for (kind, sql) in PERSONAL_ROWS {
        all.extend(rows(conn, sql, [], |row| {
            let (id, person): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
            Ok(ServerRow {
                key: format!("{kind}:{}", hex(&id)),
                customer: None,
                person: Some(uuid(&person)),
                value: row.get(2)?,
            })
        }));
    }
    all
}

const SERVER_ROWS: &[(&str, &str)] = &[
    (
        "person",
        "SELECT id, NULL, name || '|' || role || '|' || active FROM person",
    ),
    (
        "territory",
        "SELECT id, NULL, name || '|' || COALESCE(hex(supervisor), '') FROM territory",
    ),
    (
        "customer",
        "SELECT id, id, number || '|' || name || '|' || hex(territory) || '|' || COALESCE(hex(rep), '') FROM customer",
    ),
    (
        "invoice",
        "SELECT id, customer, hex(customer) || '|' || number || '|' || amount || '|' || settled FROM invoice",
    ),
    (
        "account",
        "SELECT id, id, on_account || '|' || in_transit FROM customer",
    ),
    (
        "payment",
        "SELECT id, customer, hex(customer) || '|' || number || '|' || amount FROM payment",
    ),
    (
        "receipt state",
        "SELECT document, customer, state || '|' || COALESCE(posted_day, '') FROM receipt_state",
    ),
    (
        "promise state",
        "SELECT document, customer, state || '|' || instalments FROM promise_state",
    ),
    (
        "request state",
        "SELECT p.document, p.customer, p.state || '|' || COALESCE(s.amount, '') || '|' || COALESCE(hex(a.person), '')
           || '|' || COALESCE(a.words, '') FROM field_proposal p
         LEFT JOIN field_proposal_sales s ON s.document = p.document
         LEFT JOIN field_proposal_answer a ON a.document = p.document",
    ),
    (
        "statement",
        "SELECT id, customer, state || '|' || as_of || '|' || revision || '|' || closing || '|'
           || COALESCE(hex(answer), '') || '|' || replies || '|' || note FROM statement",
    ),
    (
        "open statement",
        "SELECT id, customer, content FROM statement WHERE state IN ('sent', 'disputed', 'answered')",
    ),
];

/// Rows that go to one person.
const PERSONAL_ROWS: &[(&str, &str)] = &[
    (
        "hand-in state",
        "SELECT o.document, o.person, o.state || '|' || COALESCE(h.counted, '') || '|' || COALESCE(h.undecided, '')
           || '|' || o.reason FROM hand_in_offer o LEFT JOIN hand_in h ON h.command = o.command",
    ),
    (
        "in the field",
        "SELECT person, person, cash || '|' || cheques FROM field_cash",
    ),
];

const PHONE_ROWS: &[(&str, &str)] = &[
    (
        "person",
        "SELECT id, name || '|' || role || '|' || active FROM person",
    ),
    (
        "territory",
        "SELECT id, name || '|' || COALESCE(hex(supervisor), '') FROM territory",
    ),
    (
        "customer",
        "SELECT id, number || '|' || name || '|' || hex(territory) || '|' || COALESCE(hex(rep), '') FROM customer",
    ),
    (
        "invoice",
        "SELECT id, hex(customer) || '|' || number || '|' || amount || '|' || settled FROM invoice",
    ),
    (
        "account",
        "SELECT customer, on_account || '|' || in_transit FROM account",
    ),
    (
        "payment",
        "SELECT id, hex(customer) || '|' || number || '|' || amount FROM payment",
    ),
    (
        "receipt state",
        "SELECT document, state || '|' || COALESCE(posted_day, '') FROM receipt_state",
    ),
    (
        "promise state",
        "SELECT document, state || '|' || instalments FROM promise_state",
    ),
    (
        "request state",
        "SELECT document, state || '|' || COALESCE(amount, '') || '|' || COALESCE(hex(person), '') || '|' || words
         FROM proposal_state",
    ),
    (
        "statement",
        "SELECT id, state || '|' || as_of || '|' || revision || '|' || closing || '|'
           || COALESCE(hex(document), '') || '|' || replies || '|' || note FROM statement",
    ),
    (
        "open statement",
        "SELECT id, content FROM statement WHERE state IN ('sent', 'disputed', 'answered')",
    ),
    (
        "hand-in state",
        "SELECT document, state || '|' || COALESCE(counted, '') || '|' || COALESCE(undecided, '') || '|' || reason
         FROM hand_in_state WHERE document IN (SELECT document FROM hand_in)",
    ),
    (
        "in the field",
        "SELECT person, cash || '|' || cheques FROM field_cash",
    ),
];

/// A phone once everything has come to rest; none if nobody is signed in on it. Gives every record as it
/// is shown as well.
pub fn at_rest(phone: &Phone) -> Option<(PhoneAtRest, BTreeMap<String, Shown>)> {
    let mut rest = phone.look(|db| {
        let ids = |sql: &str| -> BTreeSet<String> {
            rows(db, sql, [], |row| row.get::<_, Vec<u8>>(0))
                .iter()
                .map(|id| hex(id))
                .collect()
        };
        let customers: Vec<Vec<u8>> = rows(db, "SELECT id FROM customer", [], |row| row.get(0));
        let refused: Vec<(Vec<u8>, String)> = rows(
            db,
            "SELECT document, code FROM quarantine WHERE dismissed = 0",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        );
        let count = |sql: &str| -> u64 {
            let n: Vec<i64> = rows(db, sql, [], |row| row.get(0));
            n.iter().sum::<i64>().cast_unsigned()
        };
        let mut found = BTreeMap::new();
        for (kind, sql) in PHONE_ROWS {
            let lines: Vec<(Vec<u8>, String)> =
                rows(db, sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
            found.extend(
                lines
                    .into_iter()
                    .map(|(id, value)| (format!("{kind}:{}", hex(&id)), value)),
            );
        }
        let records = ids("SELECT id FROM document WHERE kind <> 'contact_book'");
        PhoneAtRest {
            phone: phone.number,
            person: phone.person.to_string(),
            waiting: count("SELECT COUNT(*) FROM outbox"),
            waiting_photos: count("SELECT COUNT(*) FROM attachment WHERE waiting = 1"),
            refused: refused
                .into_iter()
                .map(|(id, code)| (hex(&id), code))
                .collect(),
            customers: customers.iter().map(|id| uuid(id)).collect(),
            own_receipts: ids("SELECT id FROM document WHERE mine = 1 AND kind = 'receipt'"),
            figures: BTreeMap::new(),
            misplaced: count(MISPLACED),
            records: records.into_iter().map(|id| (id, Tokens::new())).collect(),
            rows: found,
            ..PhoneAtRest::default()
        }
    })?;
    observe_papers::at_rest(phone, &mut rest);
    for customer in &rest.customers {
        let id = customer.parse().map(CustomerId).ok()?;
        if let Reply::Customer(view) = phone.ask(Request::Customer(id)) {
            let figures = (view.outstanding.fen(), view.in_transit.fen());
            rest.figures.insert(customer.clone(), figures);
        }
    }
    let mut all = BTreeMap::new();
    for (id, tokens) in &mut rest.records {
        if let Some(shown) = shown(phone, id) {
            tokens.clone_from(&shown.tokens);
            all.insert(id.clone(), shown);
        }
    }
    Some((rest, all))
}
