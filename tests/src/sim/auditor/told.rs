//! What people were told on their phones, record by record and saying by saying.
//!
//! *Saved* stands until the phone's store is lost; *synced* stands for good, on the server.

use std::collections::BTreeMap;

use super::{Broken, Company, Id, ServerRecord, Tokens};

/// A record as a phone shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// What it says.
    pub tokens: Tokens,
    /// The server has taken it in.
    pub received: bool,
    /// Changes of it that wait.
    pub waiting: u64,
    /// Refused: with this reason.
    pub rejected: Option<String>,
    /// Shown as being in the ledger.
    pub in_ledger: bool,
    /// Only a line of it is on the phone; the rest is fetched when somebody asks.
    pub is_partial: bool,
}

#[derive(Clone, Default)]
struct Matter {
    customer: Id,
    /// What was said to be saved.
    said: Tokens,
    /// What of it was said to be synced.
    synced: Tokens,
}

type Matters = BTreeMap<Id, Matter>;

/// Everything told.
#[derive(Default)]
pub struct Told {
    phones: BTreeMap<usize, Matters>,
    backups: BTreeMap<usize, Matters>,
    /// Phones that lost synced records, which come back with the next pages.
    lost_some: Vec<usize>,
    /// The server lost some too.
    is_restored: bool,
}

type Findings = Vec<(Broken, String)>;

impl Told {
    /// A phone said *saved*.
    pub fn saved(
        &mut self,
        phone: usize,
        record: &str,
        customer: &str,
        tokens: impl IntoIterator<Item = String>,
    ) {
        let matters = self.phones.entry(phone).or_default();
        let matter = matters.entry(record.to_owned()).or_default();
        matter.customer = customer.to_owned();
        matter.said.extend(tokens);
    }

    /// Compares what a phone shows with what it has said.
    pub fn check(
        &mut self,
        phone: usize,
        person: &str,
        id: &str,
        shown: Option<&Shown>,
        company: &Company,
        server: &BTreeMap<Id, ServerRecord>,
    ) -> Findings {
        let may_miss_synced = self.lost_some.contains(&phone) || self.is_restored;
        let Some(matter) = self.phones.get_mut(&phone).and_then(|m| m.get_mut(id)) else {
            return Vec::new();
        };
        let nothing = Tokens::new();
        let at_server = server.get(id).map_or(&nothing, |r| &r.tokens);
        let mut findings = Vec::new();
        let Some(shown) = shown else {
            let was_taken = company.was_taken(person, &matter.customer);
            let with_server = matter.said.is_subset(at_server);
            if !(with_server && (was_taken || may_miss_synced)) {
                findings.push((Broken::Lost, format!("phone {phone} has lost {id}")));
            }
            return findings;
        };
        if shown.is_partial {
            if !matter.said.is_subset(at_server) && !self.is_restored {
                let what = format!("phone {phone} keeps a line of {id}, of which more was saved");
                findings.push((Broken::Lost, what));
            }
            return findings;
        }
        let gone: Vec<_> = matter
            .said
            .difference(&shown.tokens)
            .filter(|token| !(may_miss_synced && at_server.contains(*token)))
            .cloned()
            .collect();
        if !gone.is_empty() && shown.rejected.is_none() {
            findings.push((
                Broken::Lost,
                format!("phone {phone}: {id} no longer says {gone:?}"),
            ));
        }
        if shown.received && shown.waiting == 0 && shown.rejected.is_none() {
            let said: Tokens = matter.said.intersection(&shown.tokens).cloned().collect();
            let missing: Vec<_> = said.difference(at_server).cloned().collect();
            if !missing.is_empty() && !self.is_restored {
                let what =
                    format!("phone {phone} shows {id} as synced; the server lacks {missing:?}");
                findings.push((Broken::Lost, what));
            }
            matter.synced = said;
        }
        findings
    }

    /// Records of which something is not known to be synced.
    pub fn open_matters(&self, phone: usize) -> Vec<Id> {
        let matters = self.phones.get(&phone).into_iter().flatten();
        let open = matters.filter(|(_, m)| m.said != m.synced);
        open.map(|(id, _)| id.clone()).collect()
    }

    /// All records.
    pub fn all(&self, phone: usize) -> Vec<Id> {
        let matters = self.phones.get(&phone).into_iter().flatten();
        matters.map(|(id, _)| id.clone()).collect()
    }

    /// Everything that was said to be saved, by phone: record, its customer, what it must say.
    pub fn everything(&self) -> impl Iterator<Item = (usize, &Id, &Id, &Tokens)> {
        self.phones.iter().flat_map(|(phone, matters)| {
            matters
                .iter()
                .map(|(id, matter)| (*phone, id, &matter.customer, &matter.said))
        })
    }

    /// A copy of the store was put away.
    pub fn back_up(&mut self, phone: usize) {
        let matters = self.phones.entry(phone).or_default().clone();
        self.backups.insert(phone, matters);
    }

    /// The store is that copy again.
    pub fn roll_back(&mut self, phone: usize, server: &BTreeMap<Id, ServerRecord>) {
        let backup = self.backups.get(&phone).cloned().unwrap_or_default();
        let Some(matters) = self.phones.get_mut(&phone) else {
            return;
        };
        let nothing = Tokens::new();
        for (id, matter) in matters.iter_mut() {
            let kept = backup.get(id).map_or(&nothing, |m| &m.said);
            let at_server = server.get(id).map_or(&nothing, |r| &r.tokens);
            matter
                .said
                .retain(|t| kept.contains(t) || at_server.contains(t));
            matter.synced.clear();
        }
        matters.retain(|_, matter| !matter.said.is_empty());
        self.lost_some.push(phone);
    }

    /// The store exists twice.
    pub fn clone_phone(&mut self, from: usize, to: usize) {
        let matters = self.phones.get(&from).cloned().unwrap_or_default();
        self.phones.insert(to, matters);
        self.lost_some.extend([from, to]);
    }

    /// The server was set back.
    pub fn server_restored(&mut self) {
        self.is_restored = true;
        for matter in self.phones.values_mut().flat_map(BTreeMap::values_mut) {
            matter.synced.clear();
        }
    }
}
