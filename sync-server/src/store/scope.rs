//! Who sees which customer, as stored: the present state, and every entering and leaving as an entry
//! of the log. The rule itself is in [`crate::scope`].

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};
use shared::ids::{CustomerId, PersonId};

use super::{
    StoreError, WriteTx, books,
    log::{self, LogKind},
    people,
    sql::{self, BlobId},
    write::Dirty,
};

/// The place of the log at which the customer entered the person's present scope; none if it is not in it.
pub(crate) fn since(
    conn: &Connection,
    person: PersonId,
    customer: CustomerId,
) -> Result<Option<u64>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT since_seq FROM scope WHERE person = ?1 AND customer = ?2")?
        .query_row([person.blob(), customer.blob()], |row| sql::uint(row, 0))
        .optional()?)
}

/// Has the customer ever been in the person's scope?
pub(crate) fn ever(
    conn: &Connection,
    person: PersonId,
    customer: CustomerId,
) -> Result<bool, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM scope_event WHERE person = ?1 AND customer = ?2)",
        )?
        .query_row([person.blob(), customer.blob()], |row| row.get(0))?)
}

/// How many customers a person sees.
pub fn count(conn: &Connection, person: PersonId) -> Result<u64, StoreError> {
    Ok(conn
        .prepare_cached("SELECT COUNT(*) FROM scope WHERE person = ?1")?
        .query_row([person.blob()], |row| sql::uint(row, 0))?)
}

/// Makes the stored scope of a customer agree with the rule.
pub(crate) fn refresh(tx: &mut WriteTx<'_>, customer: CustomerId) -> Result<(), StoreError> {
    let wanted = crate::scope::people_who_see(tx, customer)?;
    let present: BTreeSet<PersonId> = tx
        .prepare_cached("SELECT person FROM scope WHERE customer = ?1")?
        .query_map([customer.blob()], |row| sql::id(row, 0))?
        .collect::<Result<_, _>>()?;
    for &person in present.difference(&wanted) {
        leave(tx, person, customer)?;
    }
    for &person in wanted.difference(&present) {
        enter(tx, person, customer)?;
    }
    // Whoever newly leads the salesperson has had no right to their cash row until now.
    if wanted != present
        && let Some(rep) = books::customer(tx, customer)?.and_then(|c| c.rep)
    {
        super::field_cash::send_again(tx, rep)?;
    }
    Ok(())
}

/// Makes the stored scope of a person agree with the rule, after their role or state changed.
pub(crate) fn refresh_person(tx: &mut WriteTx<'_>, person: PersonId) -> Result<(), StoreError> {
    let found = people::get(tx, person)?.ok_or(StoreError::NotFound("person"))?;
    let mut customers = crate::scope::customers_seen(tx, &found)?;
    customers.extend(
        tx.prepare_cached("SELECT customer FROM scope WHERE person = ?1")?
            .query_map([person.blob()], |row| sql::id::<CustomerId>(row, 0))?
            .collect::<Result<Vec<_>, _>>()?,
    );
    for customer in customers {
        tx.mark(Dirty::Scope(customer));
    }
    Ok(())
}

fn enter(tx: &mut WriteTx<'_>, person: PersonId, customer: CustomerId) -> Result<(), StoreError> {
    let seq = event(tx, LogKind::Enter, person, customer)?;
    tx.prepare_cached("INSERT INTO scope (person, customer, since_seq) VALUES (?1, ?2, ?3)")?
        .execute(params![person.blob(), customer.blob(), sql::int(seq)])?;
    Ok(())
}

fn leave(tx: &mut WriteTx<'_>, person: PersonId, customer: CustomerId) -> Result<(), StoreError> {
    event(tx, LogKind::Leave, person, customer)?;
    tx.prepare_cached("DELETE FROM scope WHERE person = ?1 AND customer = ?2")?
        .execute([person.blob(), customer.blob()])?;
    Ok(())
}

fn event(
    tx: &mut WriteTx<'_>,
    kind: LogKind,
    person: PersonId,
    customer: CustomerId,
) -> Result<u64, StoreError> {
    let reference = [person.blob(), customer.blob()].concat();
    let seq = log::append(tx, kind, &reference, &[], Some(customer), Some(person))?;
    tx.prepare_cached(
        "INSERT INTO scope_event (seq, person, customer, enter) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        sql::int(seq),
        person.blob(),
        customer.blob(),
        kind == LogKind::Enter
    ])?;
    Ok(seq)
}
