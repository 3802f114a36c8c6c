//! People, territories, and who is in charge of which customer.

use rusqlite::{Connection, OptionalExtension, params};
use shared::{
    day::Timestamp,
    ids::{CustomerId, PersonId, TerritoryId},
    people::{Person, Role, Territory},
    sync::message::Row,
};

use super::{
    StoreError, WriteTx, books, rows, scope,
    sql::{self, BlobId},
    write::Dirty,
};

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        id: sql::id(row, 0)?,
        name: row.get(1)?,
        role: Role::from_slug(&row.get::<_, String>(2)?),
        phone: row.get(3)?,
        active: row.get(4)?,
    })
}

/// A person by id.
pub fn get(conn: &Connection, person: PersonId) -> Result<Option<Person>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT id, name, role, phone, active FROM person WHERE id = ?1")?
        .query_row([person.blob()], read)
        .optional()?)
}

/// Everybody, by role and name.
pub fn all(conn: &Connection) -> Result<Vec<Person>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT id, name, role, phone, active FROM person ORDER BY role, name, id")?
        .query_map([], read)?
        .collect::<Result<_, _>>()?)
}

/// Everybody of one name.
pub fn by_name(conn: &Connection, name: &str) -> Result<Vec<Person>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT id, name, role, phone, active FROM person WHERE name = ?1 ORDER BY id",
        )?
        .query_map([name], read)?
        .collect::<Result<_, _>>()?)
}

/// Adds a person, or changes the one with this id. Who sees what follows.
pub fn add(tx: &mut WriteTx<'_>, person: &Person) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO person (id, name, role, phone, active) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET name = ?2, role = ?3, phone = ?4, active = ?5",
    )?
    .execute(params![
        person.id.blob(),
        person.name,
        person.role.slug(),
        person.phone,
        person.active
    ])?;
    rows::emit(tx, &Row::Person(person.clone()))?;
    scope::refresh_person(tx, person.id)
}

/// Disables or enables a person. A disabled person can't sync and sees nothing any more.
pub fn set_active(
    tx: &mut WriteTx<'_>,
    person: PersonId,
    active: bool,
) -> Result<Person, StoreError> {
    let mut found = get(tx, person)?.ok_or(StoreError::NotFound("person"))?;
    found.active = active;
    add(tx, &found)?;
    Ok(found)
}

/// A territory by id.
pub fn territory(conn: &Connection, id: TerritoryId) -> Result<Option<Territory>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT id, name, supervisor FROM territory WHERE id = ?1")?
        .query_row([id.blob()], read_territory)
        .optional()?)
}

fn read_territory(row: &rusqlite::Row<'_>) -> rusqlite::Result<Territory> {
    Ok(Territory {
        id: sql::id(row, 0)?,
        name: row.get(1)?,
        supervisor: sql::opt_id(row, 2)?,
    })
}

/// All territories by name.
pub fn territories(conn: &Connection) -> Result<Vec<Territory>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT id, name, supervisor FROM territory ORDER BY name, id")?
        .query_map([], read_territory)?
        .collect::<Result<_, _>>()?)
}

/// Adds a territory, or changes the one with this id (name, who leads it).
pub fn add_territory(tx: &mut WriteTx<'_>, territory: &Territory) -> Result<(), StoreError> {
    let before = self::territory(tx, territory.id)?;
    tx.prepare_cached(
        "INSERT INTO territory (id, name, supervisor) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET name = ?2, supervisor = ?3",
    )?
    .execute(params![
        territory.id.blob(),
        territory.name,
        territory.supervisor.as_ref().map(BlobId::blob)
    ])?;
    rows::emit(tx, &Row::Territory(territory.clone()))?;
    if before.is_some_and(|b| b.supervisor != territory.supervisor) {
        for customer in books::customers_of_territory(tx, territory.id)? {
            tx.mark(Dirty::Scope(customer));
        }
    }
    Ok(())
}

/// Puts a salesperson (or nobody) in charge of a customer, from `now` on.
pub fn assign(
    tx: &mut WriteTx<'_>,
    customer: CustomerId,
    rep: Option<PersonId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut found = books::customer(tx, customer)?.ok_or(StoreError::NotFound("customer"))?;
    if found.rep == rep {
        return Ok(());
    }
    found.rep = rep;
    books::put_customer(tx, &found, now).map(|_| ())
}

/// Records that the person in charge changed.
pub(crate) fn record_assignment(
    tx: &mut WriteTx<'_>,
    customer: CustomerId,
    rep: Option<PersonId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE assignment SET until = MAX(since, ?2) WHERE customer = ?1 AND until IS NULL",
    )?
    .execute(params![customer.blob(), now.0])?;
    if let Some(rep) = rep {
        tx.prepare_cached(
            "INSERT INTO assignment (customer, person, since) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET until = NULL",
        )?
        .execute(params![customer.blob(), rep.blob(), now.0])?;
    }
    Ok(())
}
