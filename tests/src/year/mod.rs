//! A year of the demo company: eight salespeople with thirty calls a day (six of ten plain visits, one a promise,
//! three receipts), and an office that counts hand-ins, confirms transfers, clears and bounces cheques, voids,
//! grants, writes off, pays back, refuses what does not hold, and closes days.
//!
//! Every fact goes into a ledger in memory ([`shared::ledger::book::Book`]) and, if it is asked for, into the real
//! store as the documents and commands that it is; both must answer the same. Beside them a tally does its own sums
//! from what was said, and at each day's close all three are compared. Everything follows from the seed.

mod clerk;
mod close;
mod company;
mod field;
mod ledgers;
mod office;
mod tally;

use std::path::Path;

use shared::{
    day::{Day, Timestamp},
    ids::{CustomerId, DocumentId},
    ledger::book::{Book, Fact},
    receipt::ReceiptCore,
};

use crate::records::Dice;
use company::Company;
use ledgers::Ledgers;
use tally::Tally;

/// What is played.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// All that is left to chance.
    pub seed: u64,
    /// Working days.
    pub days: u32,
    /// Calls of each salesperson on each of them.
    pub calls: u32,
    /// Also into the real store.
    pub is_stored: bool,
}

impl Config {
    /// A year of 250 working days.
    pub fn of_a_year(seed: u64) -> Self {
        Self {
            seed,
            days: 250,
            calls: 30,
            is_stored: true,
        }
    }
}

/// How much was played.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Figures {
    /// Working days.
    pub days: u32,
    /// Calls that brought neither promise nor receipt.
    pub visits: u32,
    /// Promises.
    pub promises: u32,
    /// Receipts.
    pub receipts: u32,
    /// Voids that a supervisor approved.
    pub voids: u32,
    /// Invoices and corrections of the year.
    pub invoices: u32,
    /// Payments of the books.
    pub payments: u32,
    /// Commands of finance that were carried out.
    pub commands: u32,
    /// Commands that were refused, as they had to be.
    pub refused: u32,
    /// Facts that came a second time, and changed nothing.
    pub again: u32,
    /// Field documents that came when their day was closed.
    pub late: u32,
    /// Facts, with those of the demo company before.
    pub facts: usize,
    /// Entries of the journal.
    pub entries: usize,
    /// Their postings.
    pub postings: usize,
}

/// A year as it was played.
pub struct Played {
    /// How much.
    pub figures: Figures,
    /// The customers.
    pub customers: Vec<CustomerId>,
    /// Every fact with the time at which it was taken.
    pub facts: Vec<(Timestamp, Fact)>,
    /// The ledger at the end.
    pub book: Book,
}

impl Played {
    /// The ledger made anew of its facts alone.
    pub fn rebuild(&self) -> Result<Book, String> {
        let mut book = Book::new(shared::day::CHINA_OFFSET_MINUTES);
        for customer in &self.customers {
            book.add_customer(*customer);
        }
        for (at, fact) in &self.facts {
            match book.apply(*at, fact) {
                Ok(true) => {}
                Ok(false) => return Err("a fact of the rebuild stands already".to_owned()),
                Err(error) => return Err(format!("a fact can't be posted again: {error}")),
            }
        }
        Ok(book)
    }
}

/// A receipt that was issued, as the people of the play remember it.
struct Issued {
    document: DocumentId,
    core: ReceiptCore,
    /// Its changes, for edits.
    changes: Vec<Vec<u8>>,
    /// Working day on which it came in.
    came: u32,
    /// Somebody asked for it to be voided.
    void_asked: bool,
}

/// The play.
struct Play {
    config: Config,
    dice: Dice,
    company: Company,
    ledgers: Ledgers,
    tally: Tally,
    figures: Figures,
    issued: Vec<Issued>,
    /// Working days so far.
    number: u32,
    today: Day,
    /// What waits on the desk.
    desk: office::Desk,
}

/// Makes the demo company of the year in a folder, for plays in copies of it.
pub fn found(seed: u64, folder: &Path) -> Result<(), String> {
    company::demo(seed, folder).map(|_| ())
}

/// Plays in a folder: an empty one, or one in which the company was [`found`]ed. An error says what did not hold, on which day.
pub fn play(
    config: Config,
    folder: &Path,
    told: &mut dyn FnMut(&Figures),
) -> Result<Played, String> {
    let mut play = Play::begin(config, folder)?;
    while play.number < config.days {
        play.next_day();
        let day = play.today;
        play.day().map_err(|what| format!("on {day}: {what}"))?;
        told(&play.figures);
    }
    play.end()
}

impl Play {
    fn begin(config: Config, folder: &Path) -> Result<Self, String> {
        let (company, store) = company::found(config.seed, folder)?;
        let ledgers = Ledgers::begin(store, config.is_stored, company.customer_ids())?;
        let mut tally = Tally::default();
        for (_, fact) in ledgers.facts() {
            tally.take(fact);
        }
        let mut play = Self {
            config,
            dice: Dice(config.seed),
            today: company.first_day,
            company,
            ledgers,
            tally,
            figures: Figures::default(),
            issued: Vec::new(),
            number: 0,
            desk: office::Desk::default(),
        };
        play.close()?;
        Ok(play)
    }

    /// The next Monday to Friday.
    fn next_day(&mut self) {
        loop {
            self.today = self.today.plus_days(1);
            // Day 0 was a Thursday.
            if (self.today.number() + 3).rem_euclid(7) < 5 {
                break;
            }
        }
        self.number += 1;
        self.figures.days = self.number;
    }

    fn day(&mut self) -> Result<(), String> {
        self.office_in_the_morning()?;
        self.calls()?;
        self.evening()?;
        self.office_in_the_evening()?;
        self.ledgers.flush()?;
        self.close()
    }

    fn end(mut self) -> Result<Played, String> {
        self.ledgers.check_rebuild()?;
        let (customers, figures) = (self.company.customer_ids(), self.figures());
        let (facts, book) = self.ledgers.into_parts();
        let played = Played {
            figures,
            customers,
            facts,
            book,
        };
        let rebuilt = played.rebuild()?;
        match rebuilt.entries() == played.book.entries()
            && rebuilt.balances() == played.book.balances()
        {
            true => Ok(played),
            false => Err("the rebuilt ledger is not the one that stands".to_owned()),
        }
    }

    fn figures(&mut self) -> Figures {
        let entries = self.ledgers.book().entries();
        Figures {
            facts: self.ledgers.facts().len(),
            entries: entries.len(),
            postings: entries.iter().map(|e| e.entry.postings.len()).sum(),
            ..self.figures.clone()
        }
    }

    /// A minute of today by the company's clocks.
    fn at(&self, minute: i64) -> Timestamp {
        company::at(self.today, minute)
    }

    /// Does it happen, of a thousand times so often?
    fn chance(&mut self, per_mille: i64) -> bool {
        self.dice.between(1, 1_000) <= per_mille
    }

    /// Brings a fact in; what is new counts in the tally.
    fn take(
        &mut self,
        at: Timestamp,
        fact: Fact,
        step: Option<ledgers::Step>,
    ) -> Result<bool, String> {
        let is_new = match self.ledgers.take(at, &fact, step)? {
            Ok(is_new) => is_new,
            Err(code) => return Err(format!("refused with {code}: {fact:?}")),
        };
        if is_new {
            self.tally.take(&fact);
        }
        Ok(is_new)
    }
}
