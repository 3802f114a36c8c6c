//! Statements to be agreed or disputed.

use shared::{
    ids::{CustomerId, StatementId},
    paper::{Language, statement::statement_paper},
    statement::Statement,
    sync::message::StatementRow,
};

use super::{
    super::{
        api::{StatementLink, StatementView},
        error::Result,
        open::Open,
        store::{rows, statements},
    },
    form,
};

/// One statement with its paper.
pub fn view(open: &Open, id: StatementId, language: &str) -> Result<StatementView> {
    let row = statements::whole(&open.db, id)?;
    Ok(StatementView {
        letter: letter(&row, language)?,
        customer_name: rows::customer(&open.db, row.customer)?.name,
        contacts: form::contacts(open, row.customer)?,
        answer: answer(open, &row)?,
        row,
    })
}

/// The paper line by line.
pub fn letter(row: &StatementRow, language: &str) -> Result<Vec<String>> {
    let statement = Statement::read(&row.content)?;
    Ok(statement_paper(&statement, Language::from_slug(language)))
}

fn answer(open: &Open, row: &StatementRow) -> Result<Option<shared::ids::DocumentId>> {
    match row.document {
        Some(document) => Ok(Some(document)),
        None => statements::answer_to(&open.db, row.statement, row.customer),
    }
}

/// The statements that the customer's screen shows: those that are to be agreed or under way, and else the newest.
pub fn links(open: &Open, customer: CustomerId) -> Result<Vec<StatementLink>> {
    let mut links = Vec::new();
    for row in statements::of_customer(&open.db, customer)? {
        if !row.state.is_open() && !links.is_empty() {
            continue;
        }
        links.push(StatementLink {
            answer: answer(open, &row)?,
            statement: row.statement,
            confirmation: row.confirmation,
            as_of: row.as_of,
            closing: row.closing,
            until: row.until,
            state: row.state,
        });
    }
    Ok(links)
}
