//! What the field asks for: where each proposal stands after what supervisors said on its record and finance at its
//! desk. The rules are `shared::proposal`'s.
//!
//! Invariants: the first word of a supervisor that comes in counts, and the first of finance; neither is ever
//! changed; sales and finance are two persons, and neither is who asked. A proposal moves no money: the command that
//! answers it does, in the same transaction, by the rules of the ledger.

use rusqlite::{Connection, OptionalExtension, params};
use shared::{
    day::Timestamp,
    document::Record,
    ids::{CommandId, DocumentId, PersonId},
    ledger::{
        command::{Body, Command, CommandError, REASON_CHARS},
        decide::Decision,
    },
    money::Money,
    planted::{self, Bug},
    proposal::{
        AnswerError, Finance, Proposal, ProposalKind, ProposalRow, ProposalState, Waiting, state,
    },
    sync::message::Row,
};

use crate::scope;

use super::{
    StoreError, WriteTx, commands, desk, documents, people, rows,
    sql::{self, BlobId},
};

/// The supervisor's word that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SalesWord {
    /// Who.
    pub person: PersonId,
    /// When it came in.
    pub at: Timestamp,
    /// Agreed, or declined.
    pub agreed: bool,
    /// Less than was asked for, if less was agreed to.
    pub amount: Option<Money>,
    /// What they said.
    pub note: String,
}

/// The word of finance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinanceWord {
    /// Given by who answers.
    pub id: CommandId,
    /// Who.
    pub person: PersonId,
    /// When.
    pub at: Timestamp,
    /// Agreed, or declined.
    pub agreed: bool,
    /// What they said.
    pub words: String,
    /// By which it is posted.
    pub command: Option<CommandId>,
}

/// A proposal and what became of it.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The proposal.
    pub document: DocumentId,
    /// Its record.
    pub proposal: Proposal,
    /// When the server took it in.
    pub received_at: Timestamp,
    /// Was it a supervisor who asked?
    pub leads: bool,
    /// Where it stands.
    pub state: ProposalState,
    /// Since when.
    pub changed_at: Timestamp,
    /// The supervisor's word.
    pub sales: Option<SalesWord>,
    /// The word of finance.
    pub finance: Option<FinanceWord>,
}

impl Standing {
    /// What the rules ask before finance answers.
    pub fn waiting(&self) -> Waiting<'_> {
        Waiting {
            customer: self.proposal.customer,
            ask: &self.proposal.ask,
            leads: self.leads,
            agreed: self.agreed_sum(),
            state: self.state,
            answered: self.finance.is_some(),
        }
    }

    fn agreed_sum(&self) -> Option<Money> {
        self.sales.as_ref().and_then(|word| word.amount)
    }
}

/// What finance says.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Given by who answers, so that the same answer twice is one.
    pub id: CommandId,
    /// Who.
    pub person: PersonId,
    /// Yes or no.
    pub agree: bool,
    /// In which words; not blank.
    pub words: String,
    /// What is posted, if something is.
    pub body: Option<Body>,
}

/// Takes a new proposal in.
pub(crate) fn take_in(
    tx: &mut WriteTx<'_>,
    document: DocumentId,
    proposal: &Proposal,
) -> Result<(), StoreError> {
    let author = people::get(tx, proposal.person)?.ok_or(StoreError::NotFound("person"))?;
    let leads = scope::leads(author.role);
    let state = state(proposal.ask.what, leads, None, None);
    tx.prepare_cached(
        "INSERT INTO field_proposal (document, customer, person, received_at, what, leads, state, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?4)",
    )?
    .execute(params![
        document.blob(),
        proposal.customer.blob(),
        proposal.person.blob(),
        tx.now().0,
        proposal.ask.what.slug(),
        leads,
        state.slug()
    ])?;
    judge(tx, document, proposal)?;
    send(tx, document)
}

/// Looks for a word of a supervisor that counts. (Who may give one was judged when it was let in: a supervisor who has
/// the customer, or once had, and is not who asked.)
pub(crate) fn judge(
    tx: &mut WriteTx<'_>,
    document: DocumentId,
    proposal: &Proposal,
) -> Result<(), StoreError> {
    let known = get(tx, document)?.ok_or(StoreError::NotFound("proposal"))?;
    if known.sales.is_some() || known.state.is_closed() {
        return Ok(());
    }
    let of_finance = known.finance.as_ref().map(|word| word.person);
    let counts = |author| author != proposal.person && Some(author) != of_finance;
    let Some(word) = proposal.decisions.iter().find(|d| counts(d.author)) else {
        return Ok(());
    };
    if planted::is(Bug::LoseDecision) {
        return Ok(());
    }
    let less = word.amount.filter(|sum| *sum < proposal.ask.amount);
    tx.prepare_cached(
        "INSERT INTO field_proposal_sales (document, person, at, agreed, amount, note)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        document.blob(),
        word.author.blob(),
        tx.now().0,
        word.approved,
        less.map(Money::fen),
        word.note
    ])?;
    settle(tx, document)
}

/// Takes the answer of finance; false if it had been taken before. Nothing is changed if it is refused.
pub fn answer(
    tx: &mut WriteTx<'_>,
    document: DocumentId,
    answer: &Answer,
) -> Result<bool, StoreError> {
    let words = answer.words.trim();
    if words.is_empty() || words.chars().count() > REASON_CHARS {
        return Err(CommandError::Reason.into());
    }
    let known = get(tx, document)?.ok_or(CommandError::NoSuch("proposal"))?;
    if let Some(given) = &known.finance {
        return match is_again(tx, given, answer, words)? {
            true => Ok(false),
            false if given.id == answer.id => Err(CommandError::OtherCommand.into()),
            false => Err(AnswerError::Answered.into()),
        };
    }
    let of_sales = known.sales.as_ref().map(|word| word.person);
    if known.proposal.person == answer.person || of_sales == Some(answer.person) {
        return Err(CommandError::SamePerson.into());
    }
    match answer.agree {
        true => known.waiting().may_agree(answer.body.as_ref())?,
        false if answer.body.is_some() => return Err(AnswerError::OtherMatter.into()),
        false => known.waiting().may_decline()?,
    }
    if is_used(tx, answer.id)? {
        return Err(CommandError::OtherCommand.into());
    }
    let command = match &answer.body {
        None => None,
        Some(body) => {
            let command = Command {
                id: answer.id,
                person: answer.person,
                at: tx.now(),
                day: tx.today()?,
                reason: words.to_owned(),
                body: body.clone(),
            };
            desk::take(tx, &command)?;
            Some(command.id)
        }
    };
    tx.prepare_cached(
        "INSERT INTO field_proposal_answer (document, id, person, at, agreed, words, command)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        document.blob(),
        answer.id.blob(),
        answer.person.blob(),
        tx.now().0,
        answer.agree,
        words,
        command.as_ref().map(BlobId::blob)
    ])?;
    settle(tx, document)?;
    Ok(true)
}

/// Has the id been given to another answer or command?
fn is_used(conn: &Connection, id: CommandId) -> Result<bool, StoreError> {
    let by_answer: bool = conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM field_proposal_answer WHERE id = ?1)")?
        .query_row([id.blob()], |row| row.get(0))?;
    Ok(by_answer || commands::get(conn, id)?.is_some())
}

fn is_again(
    conn: &Connection,
    given: &FinanceWord,
    again: &Answer,
    words: &str,
) -> Result<bool, StoreError> {
    let ordered = match given.command {
        Some(id) => commands::get(conn, id)?.map(|command| command.body),
        None => None,
    };
    Ok(given.id == again.id
        && given.person == again.person
        && given.agreed == again.agree
        && given.words == words
        && ordered == again.body)
}

/// The ledger's second person has said something to a command: the proposal that it answers stands otherwise now.
pub(crate) fn note_decided(tx: &mut WriteTx<'_>, command: CommandId) -> Result<(), StoreError> {
    match of_command(tx, command)? {
        Some((document, _)) => settle(tx, document),
        None => Ok(()),
    }
}

/// Did this person ask for what the command posts? They have no word on it then.
pub fn is_asked_by(
    conn: &Connection,
    command: CommandId,
    person: PersonId,
) -> Result<bool, StoreError> {
    Ok(of_command(conn, command)?.is_some_and(|(_, asked_by)| asked_by == person))
}

fn of_command(
    conn: &Connection,
    command: CommandId,
) -> Result<Option<(DocumentId, PersonId)>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT p.document, p.person FROM field_proposal_answer a JOIN field_proposal p ON p.document = a.document
             WHERE a.command = ?1",
        )?
        .query_row([command.blob()], |row| Ok((sql::id(row, 0)?, sql::id(row, 1)?)))
        .optional()?)
}

/// Works out where it stands, and tells the phones.
fn settle(tx: &mut WriteTx<'_>, document: DocumentId) -> Result<(), StoreError> {
    let known = get(tx, document)?.ok_or(StoreError::NotFound("proposal"))?;
    let finance = match &known.finance {
        None => None,
        Some(word) if !word.agreed => Some(Finance::Declined),
        Some(word) => Some(match word.command {
            None => Finance::Agreed,
            Some(command) => Finance::Ordered(
                commands::proposal(tx, command)?
                    .map_or(Decision::Approved, |(_, decision)| decision),
            ),
        }),
    };
    let sales = known.sales.as_ref().map(|word| word.agreed);
    let now = state(known.proposal.ask.what, known.leads, sales, finance);
    if now != known.state {
        tx.prepare_cached(
            "UPDATE field_proposal SET state = ?2, changed_at = ?3 WHERE document = ?1",
        )?
        .execute(params![document.blob(), now.slug(), tx.now().0])?;
    }
    send(tx, document)
}

fn send(tx: &mut WriteTx<'_>, document: DocumentId) -> Result<(), StoreError> {
    let known = get(tx, document)?.ok_or(StoreError::NotFound("proposal"))?;
    let amount = known.agreed_sum();
    let (by, words) = known.finance.map(|word| (word.person, word.words)).unzip();
    let row = ProposalRow {
        document,
        customer: known.proposal.customer,
        state: known.state,
        amount,
        by,
        words: words.unwrap_or_default(),
        at: known.changed_at,
    };
    rows::emit(tx, &Row::Proposal(row))
}

/// A proposal.
pub fn get(conn: &Connection, document: DocumentId) -> Result<Option<Standing>, StoreError> {
    let found = conn
        .prepare_cached(
            "SELECT received_at, leads, state, changed_at FROM field_proposal WHERE document = ?1",
        )?
        .query_row([document.blob()], |row| {
            Ok((
                Timestamp(row.get(0)?),
                row.get(1)?,
                ProposalState::from_slug(&row.get::<_, String>(2)?),
                Timestamp(row.get(3)?),
            ))
        })
        .optional()?;
    let Some((received_at, leads, state, changed_at)) = found else {
        return Ok(None);
    };
    let Some(Record::Proposal(proposal)) = documents::record(conn, document)? else {
        return Err(StoreError::NotFound("proposal"));
    };
    Ok(Some(Standing {
        document,
        proposal,
        received_at,
        leads,
        state,
        changed_at,
        sales: sales_word(conn, document)?,
        finance: finance_word(conn, document)?,
    }))
}

fn sales_word(conn: &Connection, document: DocumentId) -> Result<Option<SalesWord>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT person, at, agreed, amount, note FROM field_proposal_sales WHERE document = ?1",
        )?
        .query_row([document.blob()], |row| {
            Ok(SalesWord {
                person: sql::id(row, 0)?,
                at: Timestamp(row.get(1)?),
                agreed: row.get(2)?,
                amount: sql::opt_money(row, 3)?,
                note: row.get(4)?,
            })
        })
        .optional()?)
}

fn finance_word(
    conn: &Connection,
    document: DocumentId,
) -> Result<Option<FinanceWord>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT id, person, at, agreed, words, command FROM field_proposal_answer WHERE document = ?1",
        )?
        .query_row([document.blob()], |row| {
            Ok(FinanceWord {
                id: sql::id(row, 0)?,
                person: sql::id(row, 1)?,
                at: Timestamp(row.get(2)?),
                agreed: row.get(3)?,
                words: row.get(4)?,
                command: sql::opt_id(row, 5)?,
            })
        })
        .optional()?)
}

/// Proposals, of one kind or of all: those of which something may still come, the oldest first; or those closed last.
pub fn list(
    conn: &Connection,
    is_open: bool,
    what: Option<ProposalKind>,
    limit: u32,
) -> Result<Vec<Standing>, StoreError> {
    let sql = match is_open {
        true => {
            "SELECT document FROM field_proposal
             WHERE state IN ('open', 'agreed_by_sales', 'agreed_by_finance', 'being_posted') AND (?1 IS NULL OR what = ?1)
             ORDER BY received_at, document LIMIT ?2"
        }
        false => {
            "SELECT document FROM field_proposal
             WHERE state IN ('settled', 'declined_by_sales', 'declined_by_finance') AND (?1 IS NULL OR what = ?1)
             ORDER BY changed_at DESC, document LIMIT ?2"
        }
    };
    let ids: Vec<DocumentId> = conn
        .prepare_cached(sql)?
        .query_map(params![what.map(ProposalKind::slug), limit], |row| {
            sql::id(row, 0)
        })?
        .collect::<Result<_, _>>()?;
    let found: Result<Vec<_>, _> = ids.into_iter().map(|id| get(conn, id)).collect();
    Ok(found?.into_iter().flatten().collect())
}
