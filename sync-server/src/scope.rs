//! Who sees what and who may do what: the one place that decides it, by scope and by role.
//!
//! A salesperson sees the customers assigned to them; a supervisor those of the territories they
//! lead; finance and administrators all. A disabled person sees nothing. Reading, pushing and
//! fetching attachments all ask here (directly, or through the stored scope that this rule fills).

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::{
    document::Kind,
    ids::{CustomerId, PersonId},
    ledger::{command::Body, decide},
    people::{Person, Role},
};

use crate::store::{
    StoreError, books, commands, desk,
    known::Books,
    people, scope,
    sql::{self, BlobId},
};

/// How a person stands to a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// In scope now.
    Now,
    /// Was in scope once: a record made meanwhile is taken in and flagged.
    Former,
    /// Never was: nothing is taken in.
    Never,
}

/// How the person stands to the customer.
pub fn access(
    conn: &Connection,
    person: PersonId,
    customer: CustomerId,
) -> Result<Access, StoreError> {
    if scope::since(conn, person, customer)?.is_some() {
        Ok(Access::Now)
    } else if scope::ever(conn, person, customer)? {
        Ok(Access::Former)
    } else {
        Ok(Access::Never)
    }
}

/// How the person stands to records of a kind: to those of a customer as to the customer, to a hand-in as to the cash
/// of who hands in, whose id stands in the customer's place.
pub fn access_to_records(
    conn: &Connection,
    person: PersonId,
    (kind, owner): (Kind, CustomerId),
) -> Result<Access, StoreError> {
    if kind != Kind::HandIn {
        return access(conn, person, owner);
    }
    let holder = PersonId(owner.0);
    let sees = match people::get(conn, person)? {
        Some(reader) => sees_cash_of(conn, &reader, holder)?,
        None => false,
    };
    Ok(if sees { Access::Now } else { Access::Never })
}

/// May the role see the ledger of the whole company?
pub fn sees_all(role: Role) -> bool {
    matches!(role, Role::Finance | Role::Admin)
}

/// Does somebody of that role have customers to collect from, so that the team's list names them before they have any?
pub fn collects(role: Role) -> bool {
    role == Role::Rep
}

/// May the role work at the desk of finance in a browser? Supervisors see those of its lists that are within their
/// scope.
pub fn may_work_at_desk(role: Role) -> bool {
    role == Role::Supervisor || sees_all(role)
}

/// Do devices of the role bring what was recorded in the field? Those of finance and administrators do not.
pub fn brings_records(role: Role) -> bool {
    matches!(role, Role::Rep | Role::Supervisor)
}

/// Is the role's word the one for sales on what the field asks for? Whoever has it gives none on what they ask for.
pub(crate) fn leads(role: Role) -> bool {
    role == Role::Supervisor
}

/// May the role have the code of a receipt checked? What the ledger has of it, [`sees_account_of`] decides.
pub fn may_check_receipts(role: Role) -> bool {
    may_work_at_desk(role)
}

/// May the role change the company's settings? Like closing days, that binds everybody.
pub fn may_change_settings(role: Role) -> bool {
    sees_all(role)
}

/// May the role enter receipts from their paper copies? That posts, as every command of finance does.
pub fn may_enter_papers(role: Role) -> bool {
    sees_all(role)
}

/// May the person be told how the customer's receipts stand? Finance and administrators of all, others of those in
/// their scope now.
pub fn sees_account_of(
    conn: &Connection,
    person: &Person,
    customer: CustomerId,
) -> Result<bool, StoreError> {
    Ok(sees_all(person.role) || access(conn, person.id, customer)? == Access::Now)
}

/// May the role have the second word on anything at all? On what, [`may_decide`] says.
pub fn may_decide_something(role: Role) -> bool {
    role == Role::Supervisor || sees_all(role)
}

/// May the person enrol a device of that owner? Everybody a further one of their own, administrators anybody's.
pub fn may_enrol(person: &Person, owner: PersonId) -> bool {
    person.id == owner || person.role == Role::Admin
}

/// Does the person's word void a receipt of the customer? That of supervisors and administrators who (ever) had the
/// customer in scope; whether the money was their own is asked elsewhere.
pub(crate) fn may_approve_void(
    conn: &Connection,
    person: &Person,
    customer: CustomerId,
) -> Result<bool, StoreError> {
    let by_role = matches!(person.role, Role::Supervisor | Role::Admin);
    Ok(by_role && access(conn, person.id, customer)? != Access::Never)
}

/// May the person issue this command of finance? Finance and administrators any; a supervisor rates the credit of
/// customers in their scope, sets targets for those whom they lead, and has the second word on what was proposed within
/// their scope ([`may_decide`]).
pub fn may_command(conn: &Connection, person: &Person, body: &Body) -> Result<bool, StoreError> {
    match body {
        // What is done by a rule is issued by the server alone.
        Body::ConfirmByRule { .. } => Ok(false),
        _ if sees_all(person.role) => Ok(true),
        Body::CreditRating { customer, .. } | Body::CreditKept { customer, .. } => {
            let is_theirs =
                || access(conn, person.id, *customer).map(|access| access == Access::Now);
            Ok(leads(person.role) && is_theirs()?)
        }
        Body::MonthTarget { person: rep, .. } => leads_person(conn, person, *rep),
        Body::Approve { proposal } | Body::Reject { proposal } => {
            match commands::get(conn, *proposal)? {
                Some(proposed) => may_decide(conn, person, &proposed.body),
                None => Ok(false),
            }
        }
        _ => Ok(false),
    }
}

/// Has the person the second word on what was proposed? Finance and administrators on all; a supervisor on what is
/// about a customer in their scope, and on the cash of those whom they lead, never on their own.
pub fn may_decide(conn: &Connection, person: &Person, proposed: &Body) -> Result<bool, StoreError> {
    if person.role != Role::Supervisor {
        return Ok(sees_all(person.role));
    }
    if decide::concerns(proposed, person.id, &Books(conn))? {
        return Ok(false);
    }
    if let Body::DecideDifference { hand_in, .. } = proposed {
        return match commands::hand_in(conn, *hand_in)? {
            Some(hand_in) => sees_cash_of(conn, person, hand_in.person),
            None => Ok(false),
        };
    }
    match desk::customer(conn, proposed)? {
        Some(customer) => Ok(access(conn, person.id, customer)? == Access::Now),
        None => Ok(false),
    }
}

/// Everybody who is to see the customer.
pub(crate) fn people_who_see(
    conn: &Connection,
    customer: CustomerId,
) -> Result<BTreeSet<PersonId>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT p.id FROM person p JOIN customer c ON c.id = ?1 JOIN territory t ON t.id = c.territory
             WHERE p.active AND (
               p.role IN ('finance', 'admin')
               OR (p.role = 'rep' AND p.id = c.rep)
               OR (p.role = 'supervisor' AND (p.id = t.supervisor OR p.id = c.rep)))",
        )?
        .query_map([customer.blob()], |row| sql::id(row, 0))?
        .collect::<Result<_, _>>()?)
}

/// Every customer that the person is to see.
pub(crate) fn customers_seen(
    conn: &Connection,
    person: &Person,
) -> Result<BTreeSet<CustomerId>, StoreError> {
    if !person.active {
        return Ok(BTreeSet::new());
    }
    let ids = match person.role {
        Role::Finance | Role::Admin => books::customer_ids(conn, "1 OR ?1", person.id)?,
        Role::Supervisor => books::customer_ids(
            conn,
            "rep = ?1 OR territory IN (SELECT id FROM territory WHERE supervisor = ?1)",
            person.id,
        )?,
        Role::Rep => books::customer_ids(conn, "rep = ?1", person.id)?,
        Role::Unknown => Vec::new(),
    };
    Ok(ids.into_iter().collect())
}

/// The customers of a salesperson whom the reader is to see, by number.
pub(crate) fn customers_of(
    conn: &Connection,
    reader: &Person,
    rep: PersonId,
) -> Result<Vec<CustomerId>, StoreError> {
    let seen = customers_seen(conn, reader)?;
    let mut ids = books::customer_ids(conn, "rep = ?1", rep)?;
    ids.retain(|id| seen.contains(id));
    Ok(ids)
}

/// The person themselves, if they may see nobody else's cash (see [`sees_cash_of`]): what is not theirs need not be
/// read at all.
pub(crate) fn sees_cash_of_nobody_else(reader: &Person) -> Option<PersonId> {
    (!sees_all(reader.role) && reader.role != Role::Supervisor).then_some(reader.id)
}

/// Has the person somebody to set targets for: do they lead a territory in which the other has customers? Nobody sets
/// their own.
fn leads_person(conn: &Connection, person: &Person, rep: PersonId) -> Result<bool, StoreError> {
    Ok(leads(person.role) && person.id != rep && sees_cash_of(conn, person, rep)?)
}

/// May `reader` see how much cash `holder` carries? The holder, whoever leads a territory in which the
/// holder has customers, and finance.
pub(crate) fn sees_cash_of(
    conn: &Connection,
    reader: &Person,
    holder: PersonId,
) -> Result<bool, StoreError> {
    if reader.id == holder || sees_all(reader.role) {
        return Ok(true);
    }
    if reader.role != Role::Supervisor {
        return Ok(false);
    }
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM customer c JOIN territory t ON t.id = c.territory
                            WHERE c.rep = ?1 AND t.supervisor = ?2)",
        )?
        .query_row([holder.blob(), reader.id.blob()], |row| row.get(0))?)
}
