//! Lists for supervisors and finance: void requests and proposals that wait, exceptions, people and territories.

use shared::{
    ids::{ElementId, TerritoryId},
    people::{Role, Territory},
    receipt::MethodKind,
    sync::message::ExceptionRow,
};

use super::super::{
    api::{ApprovalOf, ApprovalView, DirectoryView, ExceptionView},
    error::Result,
    open::Open,
    store::{customer_id, document_id, money, person_id, proposals, rows, time, uuid},
};

/// Void requests and proposals not decided, newest first.
pub fn approvals(open: &Open) -> Result<Vec<ApprovalView>> {
    let mut statement = open.db.prepare_cached(
        "SELECT v.document, v.id, r.number, r.customer, COALESCE(c.name, ''), r.amount, r.method, v.author, v.at, v.reason
         FROM void_request v CROSS JOIN document d ON d.filed IN (0, 1) AND d.id = v.document
           JOIN receipt r ON r.place = d.place
           LEFT JOIN customer c ON c.id = r.customer
         WHERE v.decided = 0 AND r.voided = 0 ORDER BY v.at DESC, v.id",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let author = person_id(row, 7)?;
        found.push(ApprovalView {
            document: document_id(row, 0)?,
            what: ApprovalOf::Void {
                request: ElementId(uuid(row, 1)?),
                number: row.get(2)?,
                method: MethodKind::from_slug(&row.get::<_, String>(6)?),
            },
            customer: (customer_id(row, 3)?, row.get(4)?),
            amount: money(row, 5)?,
            person_name: open.name_of(author)?,
            is_mine: author == open.identity.person,
            at: time(row, 8)?,
            reason: row.get(9)?,
        });
    }
    found.extend(proposals_to_decide(open)?);
    found.sort_by_key(|approval| std::cmp::Reverse(approval.at));
    Ok(found)
}

/// Proposals that wait for a supervisor who did not make them.
fn proposals_to_decide(open: &Open) -> Result<Vec<ApprovalView>> {
    if open.role()? != Role::Supervisor {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT p.document, p.customer, COALESCE(c.name, ''), p.amount, p.person, p.made_at, {}
         FROM proposal p JOIN document d ON d.filed IN (0, 1) AND d.id = p.document
           LEFT JOIN customer c ON c.id = p.customer
           LEFT JOIN proposal_state s ON s.document = p.document
         WHERE p.word IS NULL AND d.rejected IS NULL AND p.person <> ?1
           AND (s.state IS NULL OR s.state IN ('open', 'agreed_by_finance'))
         ORDER BY p.made_at DESC, p.document",
        proposals::LINE
    );
    let mut statement = open.db.prepare_cached(&sql)?;
    let mut rows = statement.query([open.identity.person.0.into_bytes()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let line = proposals::line(row, 6)?;
        found.push(ApprovalView {
            document: document_id(row, 0)?,
            customer: (customer_id(row, 1)?, row.get(2)?),
            amount: money(row, 3)?,
            person_name: open.name_of(person_id(row, 4)?)?,
            is_mine: false,
            at: time(row, 5)?,
            reason: line.ask.words.clone(),
            what: ApprovalOf::Proposal {
                invoices: super::record::numbers(open, &line.ask.invoices)?,
                line,
            },
        });
    }
    Ok(found)
}

/// Open exceptions, newest first.
pub fn exceptions(open: &Open) -> Result<Vec<ExceptionView>> {
    let mut statement = open.db.prepare_cached(
        "SELECT e.body, c.name FROM exception e LEFT JOIN customer c ON c.id = e.customer
         WHERE e.open = 1 ORDER BY e.found_at DESC, e.id",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let body: ExceptionRow = serde_json::from_str(&row.get::<_, String>(0)?)?;
        found.push(ExceptionView {
            row: body,
            customer_name: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
        });
    }
    Ok(found)
}

/// People and territories.
pub fn directory(open: &Open) -> Result<DirectoryView> {
    let mut statement = open
        .db
        .prepare_cached("SELECT id, name, supervisor FROM territory ORDER BY name, id")?;
    let territories = statement.query_map([], |row| {
        let supervisor: Option<[u8; 16]> = row.get(2)?;
        Ok(Territory {
            id: TerritoryId(uuid(row, 0)?),
            name: row.get(1)?,
            supervisor: supervisor.map(|id| shared::ids::PersonId(::uuid::Uuid::from_bytes(id))),
        })
    })?;
    Ok(DirectoryView {
        people: rows::people(&open.db)?,
        territories: territories.collect::<rusqlite::Result<_>>()?,
        my_role: open.role()?,
    })
}

/// Names of the territories of the customers in scope.
pub fn my_territories(open: &Open) -> Result<Vec<String>> {
    let mut statement = open.db.prepare_cached(
        "SELECT t.name FROM territory t WHERE EXISTS (SELECT 1 FROM customer c WHERE c.territory = t.id) ORDER BY t.name",
    )?;
    let names = statement.query_map([], |row| row.get(0))?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}
