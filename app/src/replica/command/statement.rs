//! Answering a statement: agreed or disputed line by line, sealed in one transaction with the paper as it was shown.

use shared::{
    day::Timestamp,
    document::{self, Record},
    evidence::Signature,
    ids::{DocumentId, StatementId},
    money::Money,
    proposal::DisputeReason,
    statement::{self, AnswerCore, DisputedLine, Statement, StatementAnswer, StatementState},
};

use super::{attach, keep_photos, next_origin, put_new, some_text, text};
use crate::replica::{
    api::{NewAnswer, NewDispute, NewPhoto},
    error::{Error, Result},
    host::Host,
    open::Open,
    query,
    store::{drafts, rows, statements},
};

/// Seals an answer.
pub fn answer(
    open: &mut Open,
    host: &Host,
    id: StatementId,
    (new, photos): (NewAnswer, Vec<NewPhoto>),
    now: Timestamp,
) -> Result<DocumentId> {
    let core = core(open, id, new, now)?;
    let customer = core.customer;
    let mut identity = open.identity.clone();
    let origin = next_origin(open, &mut identity, now);
    let (change, seal) = document::create_statement(&core, origin, &identity.sealer())?;
    let attached = attach(open, host, &photos, now)?;
    let answer = StatementAnswer {
        core,
        comments: vec![],
        attachments: vec![],
    };
    let tx = open.begin()?;
    let record = Record::Statement(answer, seal);
    put_new(&tx, open, &change, (customer, &record), origin, now)?;
    // The sealed core has no photos: they are added to the record as edits.
    for photo in &attached {
        let edit = document::edit::Edit::Attachment(photo.clone());
        super::edit::apply(&tx, open, change.document, &edit, now)?;
    }
    keep_photos(&tx, change.document, &photos, now)?;
    drafts::drop(&tx, &format!("statement/{id}"))?;
    identity.save_counters(&tx)?;
    tx.commit()?;
    open.identity = identity;
    Ok(change.document)
}

fn core(open: &Open, id: StatementId, new: NewAnswer, now: Timestamp) -> Result<AnswerCore> {
    let row = statements::whole(&open.db, id)?;
    let is_answered = statements::answer_to(&open.db, id, row.customer)?.is_some();
    if row.state != StatementState::Sent || is_answered {
        return Err(Error::Invalid("statement.answered"));
    }
    let shown = Statement::read(&row.content)?;
    let disputed = match new.disputing {
        true => disputed(&shown, &new.disputed)?,
        false => Vec::new(),
    };
    let is_signed = !new.strokes.0.iter().all(Vec::is_empty);
    if !is_signed && !new.disputing {
        return Err(Error::Invalid("statement.unsigned"));
    }
    let mut signer = new.signer;
    if is_signed {
        signer.name = some_text(&signer.name, "statement.signer")?;
    }
    let signature = is_signed.then_some(Signature {
        signer,
        strokes: new.strokes,
        at: now,
        fix: new.fix,
    });
    Ok(AnswerCore {
        customer: row.customer,
        customer_name: rows::customer(&open.db, row.customer)?.name,
        company_name: open.company()?.name,
        person: open.identity.person,
        person_name: open.my_name()?,
        made_at: now,
        day: open.day(now)?,
        statement: id,
        digest: statement::digest(&row.content),
        as_of: row.as_of,
        closing: row.closing,
        letter: query::statement::letter(&row, &new.language)?,
        disputed,
        signature,
        fix: new.fix,
    })
}

/// The disputed lines as they are sealed; each names what was shown.
fn disputed(shown: &Statement, given: &[NewDispute]) -> Result<Vec<DisputedLine>> {
    if given.is_empty() {
        return Err(Error::Invalid("statement.nothing"));
    }
    given
        .iter()
        .map(|new| {
            let line = usize::try_from(new.line)
                .ok()
                .and_then(|at| shown.lines.get(at));
            let line = line.ok_or(Error::Invalid("statement.nothing"))?;
            let reason = new.reason.ok_or(Error::Invalid("statement.reason"))?;
            let words = match reason {
                DisputeReason::Other => some_text(&new.words, "statement.words")?,
                _ => text(&new.words, "statement.words")?,
            };
            Ok(DisputedLine {
                line: new.line,
                number: line.number.clone(),
                outstanding: line.outstanding,
                reason,
                words,
                says: says(&new.says)?,
            })
        })
        .collect()
}

fn says(typed: &str) -> Result<Option<Money>> {
    match typed.trim() {
        "" => Ok(None),
        typed => {
            let sum = typed
                .parse()
                .map_err(|_| Error::Invalid("statement.says"))?;
            Ok(Some(sum))
        }
    }
}
