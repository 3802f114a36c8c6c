//! Who may see what, by the rule as people know it: a salesperson the customers in their charge, a
//! supervisor those of the territories they lead, finance all, a disabled person none.

use std::collections::{BTreeMap, BTreeSet};

use super::Id;

/// What a person does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Collects.
    Rep,
    /// Leads territories.
    Supervisor,
    /// Keeps the books.
    Finance,
}

/// The company as its administrator arranged it.
#[derive(Default)]
pub struct Company {
    people: BTreeMap<Id, (Role, bool)>,
    leaders: BTreeMap<Id, Option<Id>>,
    /// Territory and salesperson of each customer.
    customers: BTreeMap<Id, (Id, Option<Id>)>,
    seen: BTreeSet<(Id, Id)>,
    left: BTreeSet<(Id, Id)>,
}

impl Company {
    /// A person is (no longer) active.
    pub fn person(&mut self, person: &str, role: Role, active: bool) {
        self.people.insert(person.to_owned(), (role, active));
        self.look();
    }

    /// Somebody leads a territory.
    pub fn territory(&mut self, territory: &str, leader: Option<&str>) {
        let leader = leader.map(str::to_owned);
        self.leaders.insert(territory.to_owned(), leader);
        self.look();
    }

    /// A customer is in a territory, in somebody's charge.
    pub fn customer(&mut self, customer: &str, territory: &str, rep: Option<&str>) {
        let place = (territory.to_owned(), rep.map(str::to_owned));
        self.customers.insert(customer.to_owned(), place);
        self.look();
    }

    /// Role of a person.
    pub fn role(&self, person: &str) -> Option<Role> {
        self.people.get(person).map(|(role, _)| *role)
    }

    /// May the person see the customer now?
    pub fn sees(&self, person: &str, customer: &str) -> bool {
        let (Some((role, true)), Some((territory, rep))) =
            (self.people.get(person), self.customers.get(customer))
        else {
            return false;
        };
        let is_rep = rep.as_deref() == Some(person);
        let leads = self.leaders.get(territory).and_then(Option::as_deref) == Some(person);
        match role {
            Role::Finance => true,
            Role::Supervisor => leads || is_rep,
            Role::Rep => is_rep,
        }
    }

    /// Could the person ever see the customer?
    pub fn ever_saw(&self, person: &str, customer: &str) -> bool {
        self.seen
            .contains(&(person.to_owned(), customer.to_owned()))
    }

    /// Was the customer ever taken from the person?
    pub fn was_taken(&self, person: &str, customer: &str) -> bool {
        self.left
            .contains(&(person.to_owned(), customer.to_owned()))
    }

    /// All customers that the person sees now.
    pub fn scope(&self, person: &str) -> BTreeSet<Id> {
        let all = self.customers.keys();
        all.filter(|c| self.sees(person, c)).cloned().collect()
    }

    fn look(&mut self) {
        for person in self.people.keys() {
            for customer in self.customers.keys() {
                let pair = (person.clone(), customer.clone());
                if self.sees(person, customer) {
                    self.seen.insert(pair);
                } else if self.seen.contains(&pair) {
                    self.left.insert(pair);
                }
            }
        }
    }
}
