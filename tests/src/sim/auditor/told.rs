//! What people were told on their phones, record by record and saying by saying.
//!
//! *Saved* stands until the phone's store is lost; *synced* stands for good, on the server.

use std::collections::{BTreeMap, BTreeSet};

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
    /// The record was made on this phone.
    is_made_here: bool,
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
    /// What a phone's store lost when it was set back, and only the server can give back to it. What has been
    /// shown again is struck out.
    borrowed: BTreeMap<usize, BTreeMap<Id, Tokens>>,
    /// Phones that lost synced records, which come back with the next pages.
    lost_some: Vec<usize>,
    /// Phones that never return.
    gone: BTreeSet<usize>,
    /// Phones that are never let in again.
    shut_out: BTreeSet<usize>,
    /// Photos that lie on each phone from which they may come. They come after their records: one of a phone
    /// that never returns, is never let in again, or was set back to before it was taken comes from nowhere.
    photos: BTreeMap<usize, Tokens>,
    /// The same of each backup.
    photos_in_backups: BTreeMap<usize, Tokens>,
    /// On which phone each record was made.
    makers: BTreeMap<Id, usize>,
    /// The server lost some too.
    is_restored: bool,
    /// Phones had time to hear of it, and to bring back what it lost.
    is_at_rest: bool,
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
        let maker = *self.makers.entry(record.to_owned()).or_insert(phone);
        let matters = self.phones.entry(phone).or_default();
        let matter = matters.entry(record.to_owned()).or_default();
        matter.is_made_here |= maker == phone;
        matter.customer = customer.to_owned();
        let tokens: Tokens = tokens.into_iter().collect();
        if !self.shut_out.contains(&phone) {
            let photos = tokens.iter().filter(|token| token.starts_with("photo:"));
            self.photos
                .entry(phone)
                .or_default()
                .extend(photos.cloned());
        }
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
        let may_not_know = self.may_not_know_of_restoring(phone);
        let may_miss_synced = self.lost_some.contains(&phone) || may_not_know;
        let Some(matter) = self.phones.get_mut(&phone).and_then(|m| m.get_mut(id)) else {
            return Vec::new();
        };
        let nothing = Tokens::new();
        let at_server = server.get(id).map_or(&nothing, |r| &r.tokens);
        let mut findings = Vec::new();
        let borrowed = self.borrowed.get_mut(&phone).and_then(|b| b.get_mut(id));
        if let (Some(borrowed), Some(shown)) = (borrowed, shown) {
            borrowed.retain(|token| !shown.tokens.contains(token));
        }
        let Some(shown) = shown else {
            let was_taken = company.was_taken(person, &matter.customer);
            let with_server = matter.said.is_subset(at_server);
            // What others made, or added to it, and a restored server lacks is there again once their
            // phones have brought it back; until then the record cannot be read.
            let is_awaited = may_not_know;
            if !is_awaited && !(with_server && (was_taken || may_miss_synced)) {
                findings.push((Broken::Lost, format!("phone {phone} has lost {id}")));
            }
            return findings;
        };
        if shown.is_partial {
            if !matter.said.is_subset(at_server) && !may_not_know {
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
        let is_awaited = may_not_know && !matter.is_made_here;
        if !gone.is_empty() && shown.rejected.is_none() && !is_awaited {
            findings.push((
                Broken::Lost,
                format!("phone {phone}: {id} no longer says {gone:?}"),
            ));
        }
        if shown.received && shown.waiting == 0 && shown.rejected.is_none() {
            let said: Tokens = matter.said.intersection(&shown.tokens).cloned().collect();
            let missing: Vec<_> = said.difference(at_server).cloned().collect();
            if !missing.is_empty() && !may_not_know {
                let what =
                    format!("phone {phone} shows {id} as synced; the server lacks {missing:?}");
                findings.push((Broken::Lost, what));
            }
            matter.synced = said;
        }
        findings
    }

    /// What was said on a phone to be saved about a record.
    pub fn said(&self, phone: usize, record: &str) -> impl Iterator<Item = &String> {
        let matter = self.phones.get(&phone).and_then(|m| m.get(record));
        matter.into_iter().flat_map(|matter| &matter.said)
    }

    /// Is the phone never let in again?
    pub fn is_shut_out(&self, phone: usize) -> bool {
        self.shut_out.contains(&phone)
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

    /// Everything that was said to be saved and can be asked for, by phone: record, what it must say.
    pub fn everything(&self) -> impl Iterator<Item = (usize, &Id, &Tokens)> {
        let phones = self.phones.iter();
        let there = phones.filter(|(phone, _)| !self.cannot_bring_back(**phone));
        there.flat_map(|(phone, matters)| {
            matters
                .iter()
                .filter(|(id, _)| !self.is_excused(id))
                .map(|(id, matter)| (*phone, id, &matter.said))
        })
    }

    /// May the record be missing, with all that was added to it? It was made on a phone that never
    /// returns, and the server lost what it had of it.
    pub fn is_excused(&self, id: &str) -> bool {
        let maker = self.makers.get(id);
        maker.is_some_and(|maker| self.cannot_bring_back(*maker))
    }

    /// Did the server lose something, of which the phone may not have heard yet?
    pub fn may_not_know_of_restoring(&self, phone: usize) -> bool {
        self.is_restored && (!self.is_at_rest || self.shut_out.contains(&phone))
    }

    /// Everything has come to rest.
    pub fn at_rest(&mut self) {
        self.is_at_rest = true;
    }

    /// Did the server lose something, and does the phone not hear of it?
    fn cannot_bring_back(&self, phone: usize) -> bool {
        self.is_restored && (self.gone.contains(&phone) || self.shut_out.contains(&phone))
    }

    /// Need the photo never arrive?
    pub fn is_photo_out_of_reach(&self, token: &str) -> bool {
        !self.photos.values().any(|photos| photos.contains(token))
    }

    /// The phone is lost.
    pub fn phone_gone(&mut self, phone: usize, server: &BTreeMap<Id, ServerRecord>) {
        self.shut_out(phone);
        self.backups.remove(&phone);
        self.roll_back(phone, server);
        self.gone.insert(phone);
    }

    /// The phone is never let in again: its photos do not come.
    pub fn shut_out(&mut self, phone: usize) {
        self.photos.remove(&phone);
        self.photos_in_backups.remove(&phone);
        self.shut_out.insert(phone);
    }

    /// A copy of the store was put away.
    pub fn back_up(&mut self, phone: usize) {
        let mut matters = self.phones.entry(phone).or_default().clone();
        for (id, tokens) in self.borrowed.get(&phone).into_iter().flatten() {
            if let Some(matter) = matters.get_mut(id) {
                matter.said.retain(|token| !tokens.contains(token));
            }
        }
        self.backups.insert(phone, matters);
        let photos = self.photos.get(&phone).cloned().unwrap_or_default();
        self.photos_in_backups.insert(phone, photos);
    }

    /// The store is that copy again.
    pub fn roll_back(&mut self, phone: usize, server: &BTreeMap<Id, ServerRecord>) {
        let backup = self.backups.get(&phone).cloned().unwrap_or_default();
        let photos = self.photos_in_backups.get(&phone).cloned();
        self.photos.insert(phone, photos.unwrap_or_default());
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
            let borrowed = matter.said.difference(kept).cloned().collect();
            let of_phone = self.borrowed.entry(phone).or_default();
            of_phone.insert(id.clone(), borrowed);
        }
        matters.retain(|_, matter| !matter.said.is_empty());
        self.lost_some.push(phone);
    }

    /// The store exists twice.
    pub fn clone_phone(&mut self, from: usize, to: usize) {
        let matters = self.phones.get(&from).cloned().unwrap_or_default();
        self.phones.insert(to, matters);
        let photos = self.photos.get(&from).cloned().unwrap_or_default();
        self.photos.insert(to, photos);
        if self.shut_out.contains(&from) {
            self.shut_out(to);
        }
        let borrowed = self.borrowed.get(&from).cloned().unwrap_or_default();
        self.borrowed.insert(to, borrowed);
        self.lost_some.extend([from, to]);
    }

    /// The server was set back. What a phone that had been set back as well had not got again from it is
    /// nowhere any more.
    pub fn server_restored(&mut self, server: &BTreeMap<Id, ServerRecord>) {
        self.is_restored = true;
        let nothing = Tokens::new();
        for (phone, borrowed) in &mut self.borrowed {
            for (id, tokens) in borrowed {
                let at_server = server.get(id).map_or(&nothing, |r| &r.tokens);
                let matter = self.phones.get_mut(phone).and_then(|m| m.get_mut(id));
                if let Some(matter) = matter {
                    let is_gone = |t: &String| tokens.contains(t) && !at_server.contains(t);
                    matter.said.retain(|t| !is_gone(t));
                }
                tokens.retain(|t| at_server.contains(t));
            }
        }
        for matters in self.phones.values_mut() {
            matters.retain(|_, matter| !matter.said.is_empty());
        }
        for matter in self.phones.values_mut().flat_map(BTreeMap::values_mut) {
            matter.synced.clear();
        }
    }
}
