//! What must hold once faults have stopped and everything has come to rest: every phone has, within its
//! scope, exactly what the server has; everything said to be saved is with the server; nothing waits.

use std::collections::{BTreeMap, BTreeSet};

use super::{Auditor, Broken, Id, Tokens};

/// A phone at rest.
#[derive(Clone, Debug, Default)]
pub struct PhoneAtRest {
    /// Which.
    pub phone: usize,
    /// Whose.
    pub person: Id,
    /// Changes that still wait.
    pub waiting: u64,
    /// Photos that still wait.
    pub waiting_photos: u64,
    /// Records refused, with the reason.
    pub refused: BTreeMap<Id, String>,
    /// Customers on it.
    pub customers: BTreeSet<Id>,
    /// Records on it, of the kinds that people see.
    pub records: BTreeMap<Id, Tokens>,
    /// Receipts made on it.
    pub own_receipts: BTreeSet<Id>,
    /// What it shows that each customer owes, and has in transit.
    pub figures: BTreeMap<Id, (i64, i64)>,
    /// Lines of its lists that are another record's, or none's.
    pub misplaced: u64,
    /// Rows of the server's on it.
    pub rows: BTreeMap<String, String>,
    /// What it says that its person carries: cash, cheques.
    pub hands: Option<(i64, i64)>,
    /// Receipts that it offers to be handed in.
    pub held: BTreeSet<Id>,
    /// Where it says that each request stands.
    pub asked: BTreeMap<Id, String>,
}

/// A row that the server has the word on.
#[derive(Clone, Debug)]
pub struct ServerRow {
    /// What it is about.
    pub key: String,
    /// Whose scope decides; none: everybody gets it.
    pub customer: Option<Id>,
    /// Whose it is, if it goes to one person.
    pub person: Option<Id>,
    /// What it says.
    pub value: String,
}

impl Auditor {
    /// Judges a phone at rest against the server's rows.
    pub fn phone_at_rest(&mut self, phone: &PhoneAtRest, rows: &[ServerRow]) {
        let mut found = Vec::new();
        let n = phone.phone;
        if phone.waiting > 0 {
            found.push((
                Broken::Stuck,
                format!("phone {n}: {} changes wait for ever", phone.waiting),
            ));
        }
        if phone.waiting_photos > 0 {
            let what = format!("phone {n}: {} photos wait for ever", phone.waiting_photos);
            found.push((Broken::Stuck, what));
        }
        if phone.misplaced > 0 {
            let what = format!(
                "phone {n}: {} lines are not their records'",
                phone.misplaced
            );
            found.push((Broken::Wrong, what));
        }
        for (id, reason) in &phone.refused {
            found.push((
                Broken::Stuck,
                format!("phone {n}: {id} was refused: {reason}"),
            ));
        }
        let scope = self.company.scope(&phone.person);
        if scope != phone.customers {
            let (missing, extra): (Vec<_>, Vec<_>) = (
                scope.difference(&phone.customers).collect(),
                phone.customers.difference(&scope).collect(),
            );
            let what = format!("phone {n}: customers missing {missing:?}, too many {extra:?}");
            found.push((Broken::Wrong, what));
        }
        found.extend(self.records_at_rest(phone, &scope));
        found.extend(self.papers_at_rest(phone, &scope));
        for customer in &scope {
            let (shown, owed) = (phone.figures.get(customer), self.books.owed(customer));
            if shown.is_some_and(|shown| *shown != owed) {
                let what = format!("phone {n}: {customer} owes {shown:?}, by the books {owed:?}");
                found.push((Broken::Wrong, what));
            }
        }
        for row in rows {
            if row.customer.as_ref().is_none_or(|c| scope.contains(c))
                && row.person.as_ref().is_none_or(|p| *p == phone.person)
                && phone.rows.get(&row.key) != Some(&row.value)
            {
                let has = phone.rows.get(&row.key);
                let what = format!("phone {n}: {} is {has:?}, not {}", row.key, row.value);
                found.push((Broken::Wrong, what));
            }
        }
        let known: BTreeSet<&String> = rows.iter().map(|row| &row.key).collect();
        for key in phone.rows.keys().filter(|key| !known.contains(key)) {
            found.push((
                Broken::Wrong,
                format!("phone {n} has {key}, the server does not"),
            ));
        }
        for (broken, what) in found {
            self.report(broken, what);
        }
    }

    /// Money in hand, what may be handed in, where requests stand.
    fn papers_at_rest(&self, phone: &PhoneAtRest, scope: &BTreeSet<Id>) -> Vec<(Broken, String)> {
        let mut found = Vec::new();
        let n = phone.phone;
        let hands = self.books.hands(&phone.person);
        if phone.hands.is_some_and(|shown| shown != hands) {
            let what = format!(
                "phone {n} shows {:?} in hand, by the books {hands:?}",
                phone.hands
            );
            found.push((Broken::Wrong, what));
        }
        let in_hands = self.books.in_hands(&phone.person);
        for id in phone.held.difference(&in_hands) {
            let what = format!("phone {n} would hand in {id}, which is not in hand");
            found.push((Broken::Doubled, what));
        }
        let handed_in = self.papers.handed_in();
        for id in in_hands.difference(&handed_in) {
            let is_here = self
                .records
                .get(id)
                .is_some_and(|r| scope.contains(&r.customer));
            if is_here && phone.hands.is_some() && !phone.held.contains(id) {
                let what = format!("phone {n} cannot hand in {id}, which is in hand");
                found.push((Broken::Stuck, what));
            }
        }
        for (id, shown) in &phone.asked {
            let stands = self.papers.ask_stands(id, &self.company);
            let is_in_scope = self
                .records
                .get(id)
                .is_some_and(|r| scope.contains(&r.customer));
            if is_in_scope && stands != Some(shown.as_str()) {
                let what = format!("phone {n} shows request {id} as {shown}, it is {stands:?}");
                found.push((Broken::Wrong, what));
            }
        }
        found
    }

    fn records_at_rest(&self, phone: &PhoneAtRest, scope: &BTreeSet<Id>) -> Vec<(Broken, String)> {
        let mut found = Vec::new();
        let n = phone.phone;
        for (id, record) in self
            .records
            .iter()
            .filter(|(_, r)| r.kind != "contact_book")
        {
            // A hand-in goes to devices of its person, and to nobody else's.
            let is_in_scope = match record.kind.as_str() {
                "hand_in" => record.customer == phone.person,
                _ => scope.contains(&record.customer),
            };
            match phone.records.get(id) {
                None if is_in_scope => {
                    found.push((Broken::Lost, format!("phone {n} does not have {id}")));
                }
                // A receipt of the phone's own stays, but what others say of it comes no more.
                Some(_) if !is_in_scope && phone.own_receipts.contains(id) => {}
                Some(_) if !is_in_scope => {
                    let what = format!("phone {n} still has {id}, out of its scope");
                    found.push((Broken::Wrong, what));
                }
                Some(tokens) if *tokens != record.tokens => {
                    let (missing, extra): (Vec<_>, Vec<_>) = (
                        record.tokens.difference(tokens).collect(),
                        tokens.difference(&record.tokens).collect(),
                    );
                    let what = format!("phone {n}: {id} lacks {missing:?} and has also {extra:?}");
                    found.push((Broken::Lost, what));
                }
                _ => {}
            }
        }
        for id in phone
            .records
            .keys()
            .filter(|id| !self.records.contains_key(*id) && !self.told.is_excused(id))
            .filter(|id| self.refused.counts_instead(id, &self.records).is_none())
        {
            found.push((
                Broken::Stuck,
                format!("phone {n} has {id}, the server does not"),
            ));
        }
        found
    }

    /// Judges what was said to be saved against what the server has.
    pub fn everything_arrived(&mut self) {
        let mut lost = Vec::new();
        for (phone, id, said) in self.told.everything() {
            if self.refused.counts_instead(id, &self.records).is_some() {
                continue;
            }
            if self.refused.is_spoiled(id) && self.told.is_shut_out(phone) {
                // Its owner never hears that it was refused.
                continue;
            }
            match self.records.get(id) {
                None => lost.push(format!("{id}, saved on phone {phone}, never arrived")),
                Some(record) => {
                    let missing: Vec<_> = said.difference(&record.tokens).collect();
                    if !missing.is_empty() {
                        lost.push(format!(
                            "{id}, saved on phone {phone}, arrived without {missing:?}"
                        ));
                    }
                }
            }
        }
        for what in lost {
            self.report(Broken::Lost, what);
        }
    }

    /// A photo that a record names must be with the server.
    pub fn photos_arrived(&mut self, has: impl Fn(&str) -> bool) {
        let photos: BTreeSet<String> = self
            .records
            .values()
            .flat_map(|r| &r.tokens)
            .filter_map(|t| t.strip_prefix("photo:").map(str::to_owned))
            .collect();
        let missing = photos.iter().filter(|photo| {
            !has(photo) && !self.told.is_photo_out_of_reach(&format!("photo:{photo}"))
        });
        for photo in missing.cloned().collect::<Vec<_>>() {
            self.report(Broken::Lost, format!("photo {photo} never arrived"));
        }
    }
}
