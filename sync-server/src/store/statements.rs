//! Statements as they stand: frozen when made, sent to phones, answered from the field, tracked to the end.
//!
//! Invariants: what a statement says never changes; the first answer to what was shown stands, every other one is kept
//! and said to be what it is; nothing here posts to the ledger. A phone gets the content of what is open and of each
//! customer's newest; of the others only where they stand.

use rusqlite::{
    Connection, OptionalExtension, Row as SqlRow, params, params_from_iter, types::Value,
};
use shared::{
    day::{Day, Timestamp},
    document::Record,
    ids::{CustomerId, Digest, DocumentId, PersonId, StatementId},
    ledger::command::REASON_CHARS,
    money::Money,
    planted::{self, Bug},
    statement::{
        self, AnswerCore, AnswerStanding, LineReply, Statement, StatementAnswer, StatementError,
        StatementPurpose, StatementState, Stored,
    },
    sync::message::{Row, StatementRow},
};

use super::{
    StoreError, WriteTx, documents, rows,
    sql::{self, BlobId},
    statement_run,
};

/// A statement and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Which.
    pub id: StatementId,
    /// Whose.
    pub customer: CustomerId,
    /// What for.
    pub purpose: StatementPurpose,
    /// Is it a confirmation with legal effect?
    pub confirmation: bool,
    /// Its day.
    pub as_of: Day,
    /// 1, and one more for each that replaces another.
    pub revision: u32,
    /// Its balance.
    pub closing: Money,
    /// The last day on which it is to be agreed.
    pub until: Day,
    /// Digest of its content.
    pub digest: Digest,
    /// Canonical bytes of what it says.
    pub content: String,
    /// Who made it.
    pub made_by: PersonId,
    /// When.
    pub made_at: Timestamp,
    /// Where it stands.
    pub state: StatementState,
    /// The answer that stands.
    pub answer: Option<DocumentId>,
    /// What finance says to disputed lines.
    pub replies: Vec<LineReply>,
    /// Why it was closed or replaced.
    pub note: String,
    /// When it came to stand where it does.
    pub at: Timestamp,
}

/// An answer that came.
#[derive(Clone, Debug)]
pub struct KeptAnswer {
    /// Record.
    pub document: DocumentId,
    /// When the server took it in.
    pub received_at: Timestamp,
    /// How it stands to the statement.
    pub standing: AnswerStanding,
    /// What was said.
    pub core: AnswerCore,
    /// How many photos there are of it.
    pub photos: usize,
}

const COLUMNS: &str = "id, customer, purpose, confirmation, as_of, revision, closing, until, digest, content, made_by,
  made_at, state, answer, replies, note, at";

fn read(row: &SqlRow<'_>) -> Result<Kept, StoreError> {
    Ok(Kept {
        id: sql::id(row, 0)?,
        customer: sql::id(row, 1)?,
        purpose: StatementPurpose::from_slug(&row.get::<_, String>(2)?),
        confirmation: row.get(3)?,
        as_of: sql::day(row, 4)?,
        revision: row.get(5)?,
        closing: sql::money(row, 6)?,
        until: sql::day(row, 7)?,
        digest: sql::id(row, 8)?,
        content: row.get(9)?,
        made_by: sql::id(row, 10)?,
        made_at: Timestamp(row.get(11)?),
        state: StatementState::from_slug(&row.get::<_, String>(12)?),
        answer: sql::opt_id(row, 13)?,
        replies: serde_json::from_str(&row.get::<_, String>(14)?)?,
        note: row.get(15)?,
        at: Timestamp(row.get(16)?),
    })
}

/// A statement.
pub fn get(conn: &Connection, id: StatementId) -> Result<Option<Kept>, StoreError> {
    let mut found =
        conn.prepare_cached(&format!("SELECT {COLUMNS} FROM statement WHERE id = ?1"))?;
    let mut rows = found.query([id.blob()])?;
    rows.next()?.map(read).transpose()
}

fn wanted(conn: &Connection, id: StatementId) -> Result<Kept, StoreError> {
    get(conn, id)?.ok_or(StoreError::NotFound("statement"))
}

/// Which statements.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Of this day.
    pub as_of: Option<Day>,
    /// Of this customer.
    pub customer: Option<CustomerId>,
    /// In this state.
    pub state: Option<StatementState>,
}

/// Statements, the newest day first, then by customer's number; at most `limit`.
pub fn list(conn: &Connection, of: &Wanted, limit: u32) -> Result<Vec<Kept>, StoreError> {
    let mut filter = String::from("1");
    let mut values: Vec<Value> = Vec::new();
    let mut and = |column: &str, value: Value| {
        values.push(value);
        filter.push_str(&format!(" AND {column} = ?{}", values.len()));
    };
    if let Some(day) = of.as_of {
        and("as_of", day.number().into());
    }
    if let Some(customer) = of.customer {
        and("customer", customer.blob().to_vec().into());
    }
    if let Some(state) = of.state {
        and("state", state.slug().to_owned().into());
    }
    let mut found = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM statement WHERE {filter}
         ORDER BY as_of DESC, (SELECT number FROM customer c WHERE c.id = statement.customer), confirmation, revision DESC
         LIMIT {limit}"
    ))?;
    let mut rows = found.query(params_from_iter(values))?;
    let mut list = Vec::new();
    while let Some(row) = rows.next()? {
        list.push(read(row)?);
    }
    Ok(list)
}

/// How many statements of a day stand where, and what they come to.
pub fn totals(
    conn: &Connection,
    as_of: Day,
) -> Result<Vec<(StatementState, u64, Money)>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT state, COUNT(*), SUM(closing) FROM statement WHERE as_of = ?1 GROUP BY state ORDER BY state",
        )?
        .query_map([as_of.number()], |row| {
            let state = StatementState::from_slug(&row.get::<_, String>(0)?);
            Ok((state, sql::uint(row, 1)?, sql::money(row, 2)?))
        })?
        .collect::<Result<_, _>>()?)
}

/// The days of which there are statements, the newest first.
pub fn days(conn: &Connection, limit: u32) -> Result<Vec<Day>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT DISTINCT as_of FROM statement ORDER BY as_of DESC LIMIT ?1")?
        .query_map([limit], |row| sql::day(row, 0))?
        .collect::<Result<_, _>>()?)
}

/// Keeps a statement that was just made, and sends it. An answer that came before (this server was restored from a
/// backup since) counts at once.
pub(crate) fn keep(
    tx: &mut WriteTx<'_>,
    made: &Statement,
    until: Day,
    by: PersonId,
) -> Result<StatementId, StoreError> {
    let (id, content) = (made.id(), made.content()?);
    let digest = statement::digest(&content);
    let confirmation = made.purpose == StatementPurpose::Confirmation;
    tx.prepare_cached(
        "INSERT INTO statement (id, customer, purpose, confirmation, as_of, revision, closing, until, digest, content,
           made_by, made_at, state, replies, note, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'sent', '[]', '', ?12)",
    )?
    .execute(params![
        id.blob(),
        made.customer.blob(),
        made.purpose.slug(),
        confirmation,
        made.as_of.number(),
        made.revision,
        made.closing.fen(),
        until.number(),
        digest.blob(),
        content,
        by.blob(),
        tx.now().0
    ])?;
    let waiting: Option<DocumentId> = tx
        .prepare_cached(
            "SELECT document FROM statement_answer WHERE statement = ?1 AND digest = ?2 ORDER BY received_at, document LIMIT 1",
        )?
        .query_row([id.blob(), digest.blob()], |row| sql::id(row, 0))
        .optional()?;
    if let Some(document) = waiting
        && let Some(Record::Statement(answer, _)) = documents::record(tx, document)?
        && answer.core.customer == made.customer
    {
        tx.prepare_cached("UPDATE statement_answer SET standing = 'stands' WHERE document = ?1")?
            .execute([document.blob()])?;
        stand(tx, id, document, &answer.core)?;
    } else {
        send(tx, id)?;
    }
    let before: Option<StatementId> = tx
        .prepare_cached(
            "SELECT id FROM statement WHERE customer = ?1 AND id <> ?2 ORDER BY as_of DESC, revision DESC LIMIT 1",
        )?
        .query_row([made.customer.blob(), id.blob()], |row| sql::id(row, 0))
        .optional()?;
    if let Some(before) = before {
        send(tx, before)?;
    }
    Ok(id)
}

/// Takes a new answer in.
pub(crate) fn take_in(
    tx: &mut WriteTx<'_>,
    document: DocumentId,
    answer: &StatementAnswer,
) -> Result<(), StoreError> {
    let core = &answer.core;
    let stored = get(tx, core.statement)?.map(|kept| Stored {
        customer: kept.customer,
        state: kept.state,
        digest: kept.digest,
        answer: kept.answer,
    });
    let standing = statement::standing(stored.as_ref(), core);
    tx.prepare_cached(
        "INSERT INTO statement_answer (document, statement, digest, received_at, standing) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        document.blob(),
        core.statement.blob(),
        core.digest.blob(),
        tx.now().0,
        standing.slug()
    ])?;
    match standing {
        AnswerStanding::Stands => stand(tx, core.statement, document, core),
        AnswerStanding::Second if planted::is(Bug::SecondAnswer) => {
            stand(tx, core.statement, document, core)
        }
        _ => Ok(()),
    }
}

/// The answer counts.
fn stand(
    tx: &mut WriteTx<'_>,
    id: StatementId,
    document: DocumentId,
    core: &AnswerCore,
) -> Result<(), StoreError> {
    let state = match core.is_agreed() {
        true => StatementState::Agreed,
        false => StatementState::Disputed,
    };
    tx.prepare_cached("UPDATE statement SET state = ?2, answer = ?3, at = ?4 WHERE id = ?1")?
        .execute(params![
            id.blob(),
            state.slug(),
            document.blob(),
            tx.now().0
        ])?;
    send(tx, id)
}

/// Answers a disputed line; the same again changes nothing.
pub fn reply(
    tx: &mut WriteTx<'_>,
    id: StatementId,
    by: PersonId,
    new: LineReply,
) -> Result<(), StoreError> {
    let length = new.note.chars().count();
    if length > REASON_CHARS || (length == 0 && !new.accepted) {
        return Err(StatementError::Words.into());
    }
    let kept = wanted(tx, id)?;
    let disputed = match kept.answer {
        Some(document) => match documents::record(tx, document)? {
            Some(Record::Statement(answer, _)) => answer.core.disputed,
            _ => return Err(StoreError::NotFound("answer")),
        },
        None => Vec::new(),
    };
    let mut replies = kept.replies.clone();
    let state = statement::reply(kept.state, &disputed, &mut replies, new)?;
    if replies == kept.replies {
        return Ok(());
    }
    tx.prepare_cached(
        "UPDATE statement SET state = ?2, replies = ?3, decided_by = ?4, at = ?5 WHERE id = ?1",
    )?
    .execute(params![
        id.blob(),
        state.slug(),
        serde_json::to_string(&replies)?,
        by.blob(),
        tx.now().0
    ])?;
    send(tx, id)
}

fn reason(given: &str) -> Result<&str, StoreError> {
    let given = given.trim();
    match given.is_empty() || given.chars().count() > REASON_CHARS {
        true => Err(StatementError::Words.into()),
        false => Ok(given),
    }
}

/// Closes a statement as it stands; the same again changes nothing.
pub fn close(
    tx: &mut WriteTx<'_>,
    id: StatementId,
    by: PersonId,
    note: &str,
) -> Result<(), StoreError> {
    let note = reason(note)?;
    let kept = wanted(tx, id)?;
    match kept.state {
        StatementState::Closed if kept.note == note => Ok(()),
        state if state.is_open() => decide(tx, id, StatementState::Closed, by, note),
        _ => Err(StatementError::State.into()),
    }
}

/// Makes a new revision of the ledger's figures of the same day as they are now, which replaces the old one. Asked for
/// again it is the one that stands in its place already.
pub fn revise(
    tx: &mut WriteTx<'_>,
    id: StatementId,
    by: PersonId,
    note: &str,
) -> Result<StatementId, StoreError> {
    let note = reason(note)?;
    let kept = wanted(tx, id)?;
    if kept.state == StatementState::Replaced {
        return Ok(statement::id(
            kept.customer,
            kept.confirmation,
            kept.as_of,
            kept.revision + 1,
        ));
    }
    if !kept.state.is_open() {
        return Err(StatementError::State.into());
    }
    let made = statement_run::revision(tx, &kept)?;
    let company = tx.company()?;
    let until = statement::agree_until(kept.as_of, tx.today()?, &company.policy);
    decide(tx, id, StatementState::Replaced, by, note)?;
    keep(tx, &made, until, by)
}

fn decide(
    tx: &mut WriteTx<'_>,
    id: StatementId,
    state: StatementState,
    by: PersonId,
    note: &str,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE statement SET state = ?2, note = ?3, decided_by = ?4, at = ?5 WHERE id = ?1",
    )?
    .execute(params![
        id.blob(),
        state.slug(),
        note,
        by.blob(),
        tx.now().0
    ])?;
    send(tx, id)
}

/// Tells phones where the statement stands.
fn send(tx: &mut WriteTx<'_>, id: StatementId) -> Result<(), StoreError> {
    let kept = wanted(tx, id)?;
    let is_newest = !tx
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM statement WHERE customer = ?1 AND (as_of, revision) > (?2, ?3))",
        )?
        .query_row(
            params![kept.customer.blob(), kept.as_of.number(), kept.revision],
            |row| row.get::<_, bool>(0),
        )?;
    let row = StatementRow {
        statement: id,
        customer: kept.customer,
        confirmation: kept.confirmation,
        as_of: kept.as_of,
        revision: kept.revision,
        closing: kept.closing,
        until: kept.until,
        state: kept.state,
        content: match kept.state.is_open() || is_newest {
            true => kept.content,
            false => String::new(),
        },
        document: kept.answer,
        replies: kept.replies,
        note: kept.note,
        at: kept.at,
    };
    rows::emit(tx, &Row::Statement(row))
}

/// Every answer that came to a statement: the one that stands, then the others in the order in which they came.
pub fn answers(conn: &Connection, id: StatementId) -> Result<Vec<KeptAnswer>, StoreError> {
    let found: Vec<(DocumentId, Timestamp, AnswerStanding)> = conn
        .prepare_cached(
            "SELECT document, received_at, standing FROM statement_answer WHERE statement = ?1 ORDER BY standing <> 'stands', received_at, document",
        )?
        .query_map([id.blob()], |row| {
            Ok((
                sql::id(row, 0)?,
                Timestamp(row.get(1)?),
                AnswerStanding::from_slug(&row.get::<_, String>(2)?),
            ))
        })?
        .collect::<Result<_, _>>()?;
    let mut answers = Vec::with_capacity(found.len());
    for (document, received_at, standing) in found {
        if let Some(Record::Statement(answer, _)) = documents::record(conn, document)? {
            answers.push(KeptAnswer {
                document,
                received_at,
                standing,
                photos: answer.attachments.len(),
                core: answer.core,
            });
        }
    }
    Ok(answers)
}
