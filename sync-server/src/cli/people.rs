//! `user`, `territory` and `assign`: people, territories, who is in charge of what.

use std::path::Path;

use clap::{Args, Subcommand, ValueEnum};
use rusqlite::Connection;
use shared::{
    ids::{CustomerId, PersonId, TerritoryId},
    people::{Person, Role, Territory},
    sync::limits::NAME_CHARS,
};
use uuid::Uuid;

use super::{CliError, begin_company, open_existing};
use crate::store::{Store, books, people};

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum RoleArg {
    /// Salesperson: collects at the customer's
    Rep,
    /// Leads territories, approves
    Supervisor,
    /// Works the central ledger
    Finance,
    /// People, devices, settings
    Admin,
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Rep => Self::Rep,
            RoleArg::Supervisor => Self::Supervisor,
            RoleArg::Finance => Self::Finance,
            RoleArg::Admin => Self::Admin,
        }
    }
}

#[derive(Subcommand, Debug)]
pub(super) enum UserCommand {
    /// Add a person; on an empty folder this begins the ledger
    Add {
        /// Name as written on receipts
        name: String,
        /// What they may do
        #[arg(long, value_enum)]
        role: RoleArg,
        /// Telephone
        #[arg(long, default_value = "")]
        phone: String,
        /// Name of the company, where this begins the ledger
        #[arg(long, default_value = "公司")]
        company: String,
    },
    /// Disable a person: their devices can't sync any more, what they recorded stays
    Disable {
        /// Name or id
        name: String,
    },
    /// Let a disabled person in again
    Enable {
        /// Name or id
        name: String,
    },
    /// Change what a person may do; their devices and what they recorded stay
    Role {
        /// Name or id
        name: String,
        /// What they may do from now on
        #[arg(long, value_enum)]
        role: RoleArg,
    },
    /// List everybody
    List,
}

#[derive(Subcommand, Debug)]
pub(super) enum TerritoryCommand {
    /// Add a territory
    Add {
        /// Name
        name: String,
        /// The supervisor who leads it: name or id
        #[arg(long)]
        lead: Option<String>,
    },
    /// List all territories
    List,
}

/// Who gets what.
#[derive(Args, Debug)]
pub(super) struct AssignArgs {
    /// Customer numbers; or --territory for all of one
    #[arg(required_unless_present = "territory", conflicts_with = "territory")]
    customers: Vec<String>,
    /// All customers of this territory (with --rep), or the territory itself (with --lead)
    #[arg(long)]
    territory: Option<String>,
    /// The salesperson to put in charge: name or id
    #[arg(long, required_unless_present_any = ["lead", "nobody"])]
    rep: Option<String>,
    /// The supervisor to lead the territory: name or id
    #[arg(long, requires = "territory", conflicts_with_all = ["rep", "nobody"])]
    lead: Option<String>,
    /// Take the customers off whoever is in charge
    #[arg(long, conflicts_with = "rep")]
    nobody: bool,
}

/// A name that can stand on a receipt.
fn check_name(name: &str) -> Result<String, CliError> {
    let name = name.trim();
    let good =
        (1..=NAME_CHARS).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if good {
        Ok(name.to_owned())
    } else {
        Err(CliError::BadName)
    }
}

/// A person by name or id.
pub(super) fn find_person(conn: &Connection, name: &str) -> Result<Person, CliError> {
    if let Ok(id) = name.parse::<PersonId>()
        && let Some(person) = people::get(conn, id)?
    {
        return Ok(person);
    }
    let mut found = people::by_name(conn, name.trim())?;
    match found.len() {
        0 => Err(CliError::NoSuchPerson(name.to_owned())),
        1 => Ok(found.remove(0)),
        count => Err(CliError::AmbiguousPerson(count, name.to_owned())),
    }
}

pub(super) fn run_user(data: &Path, command: UserCommand) -> Result<(), CliError> {
    match command {
        UserCommand::Add {
            name,
            role,
            phone,
            company,
        } => {
            let (name, company) = (check_name(&name)?, check_name(&company)?);
            let store = Store::open(data)?;
            if begin_company(&store, &company)? {
                println!(
                    "A new ledger was begun in {} for {company}.",
                    data.display()
                );
            }
            let person = Person {
                id: PersonId(Uuid::now_v7()),
                name,
                role: role.into(),
                phone,
                active: true,
            };
            store.write(|tx| {
                if !people::by_name(tx, &person.name)?.is_empty() {
                    return Err(CliError::PersonExists(person.name.clone()));
                }
                people::add(tx, &person).map_err(CliError::from)
            })?;
            println!(
                "Added {} ({}). Next: device code {}",
                person.name, person.role, person.name
            );
            Ok(())
        }
        UserCommand::Disable { name } => set_active(data, &name, false),
        UserCommand::Enable { name } => set_active(data, &name, true),
        UserCommand::Role { name, role } => set_role(data, &name, role.into()),
        UserCommand::List => list_people(data),
    }
}

fn set_active(data: &Path, name: &str, active: bool) -> Result<(), CliError> {
    let store = open_existing(data)?;
    let person = store.write(|tx| {
        let person = find_person(tx, name)?;
        people::set_active(tx, person.id, active).map_err(CliError::from)
    })?;
    let what = if active {
        "may sync again"
    } else {
        "is disabled: their devices can't sync any more"
    };
    println!("{} {what}.", person.name);
    Ok(())
}

fn set_role(data: &Path, name: &str, role: Role) -> Result<(), CliError> {
    let store = open_existing(data)?;
    let person = store.write(|tx| {
        let mut person = find_person(tx, name)?;
        person.role = role;
        people::add(tx, &person)?;
        Ok::<_, CliError>(person)
    })?;
    println!("{} is {} from now on.", person.name, person.role);
    Ok(())
}

fn list_people(data: &Path) -> Result<(), CliError> {
    let store = open_existing(data)?;
    let everybody = store.read(people::all)?;
    for person in everybody {
        let state = if person.active { "" } else { "  disabled" };
        println!(
            "{}  {:<10}  {}{state}",
            person.id,
            person.role.slug(),
            person.name
        );
    }
    Ok(())
}

fn find_territory(conn: &Connection, name: &str) -> Result<Territory, CliError> {
    let all = people::territories(conn)?;
    let found = all
        .into_iter()
        .find(|t| t.name == name.trim() || t.id.to_string() == name);
    found.ok_or_else(|| CliError::NoSuchTerritory(name.to_owned()))
}

fn find_supervisor(conn: &Connection, name: &str) -> Result<Person, CliError> {
    let person = find_person(conn, name)?;
    match person.role {
        Role::Supervisor => Ok(person),
        _ => Err(CliError::WrongRole(person.name, "supervisor")),
    }
}

pub(super) fn run_territory(data: &Path, command: TerritoryCommand) -> Result<(), CliError> {
    let store = open_existing(data)?;
    match command {
        TerritoryCommand::Add { name, lead } => {
            let name = check_name(&name)?;
            store.write(|tx| {
                if find_territory(tx, &name).is_ok() {
                    return Err(CliError::TerritoryExists(name.clone()));
                }
                let supervisor = lead
                    .as_deref()
                    .map(|l| find_supervisor(tx, l))
                    .transpose()?;
                let id = TerritoryId(Uuid::now_v7());
                let territory = Territory {
                    id,
                    name: name.clone(),
                    supervisor: supervisor.map(|s| s.id),
                };
                people::add_territory(tx, &territory).map_err(CliError::from)
            })?;
            println!("Added the territory {name}.");
        }
        TerritoryCommand::List => {
            let lines = store.read(|conn| {
                let mut lines = Vec::new();
                for territory in people::territories(conn)? {
                    let lead = territory
                        .supervisor
                        .map(|s| people::get(conn, s))
                        .transpose()?
                        .flatten();
                    let customers = books::customers_of_territory(conn, territory.id)?.len();
                    let lead = lead.map_or_else(
                        || "nobody leads it".to_owned(),
                        |p| format!("led by {}", p.name),
                    );
                    lines.push(format!(
                        "{}  {}  {customers} customers, {lead}",
                        territory.id, territory.name
                    ));
                }
                Ok::<_, CliError>(lines)
            })?;
            lines.iter().for_each(|line| println!("{line}"));
        }
    }
    Ok(())
}

pub(super) fn run_assign(data: &Path, args: &AssignArgs) -> Result<(), CliError> {
    let store = open_existing(data)?;
    let done = store.write(|tx| {
        if let (Some(lead), Some(territory)) = (&args.lead, &args.territory) {
            let supervisor = find_supervisor(tx, lead)?;
            let territory = Territory {
                supervisor: Some(supervisor.id),
                ..find_territory(tx, territory)?
            };
            people::add_territory(tx, &territory)?;
            return Ok::<_, CliError>(format!("{} now leads {}.", supervisor.name, territory.name));
        }
        let rep = args
            .rep
            .as_deref()
            .map(|name| find_person(tx, name))
            .transpose()?;
        if let Some(wrong) = rep.as_ref().filter(|p| p.role != Role::Rep) {
            return Err(CliError::WrongRole(wrong.name.clone(), "rep"));
        }
        let customers = customers(tx, args)?;
        let now = tx.now();
        for customer in &customers {
            people::assign(tx, *customer, rep.as_ref().map(|r| r.id), now)?;
        }
        let who = rep.map_or_else(|| "nobody".to_owned(), |r| r.name);
        Ok(format!(
            "{} customers now belong to {who}.",
            customers.len()
        ))
    })?;
    println!("{done}");
    Ok(())
}

fn customers(conn: &Connection, args: &AssignArgs) -> Result<Vec<CustomerId>, CliError> {
    if let Some(territory) = &args.territory {
        let territory = find_territory(conn, territory)?;
        return Ok(books::customers_of_territory(conn, territory.id)?);
    }
    let find = |number: &String| {
        let customer = books::customer_by_number(conn, number)?;
        customer
            .map(|c| c.id)
            .ok_or_else(|| CliError::NoSuchCustomer(number.clone()))
    };
    args.customers.iter().map(find).collect()
}
