//! The addresses of the desk, all below `/desk`. Filters stand in the address.

use std::fmt;

use dioxus::prelude::*;
use shared::day::Day;

use super::{
    aging::AgingScreen, approvals::ApprovalsScreen, bank::BankScreen, collection::CollectionScreen,
    credit::CreditScreen, customer::CustomerScreen, customers::CustomersScreen,
    exceptions::ExceptionsScreen, frame::Gate, frame::NotFoundScreen, hand_ins::HandInsScreen,
    import::ImportScreen, journal::JournalScreen, overview::OverviewScreen, period::PeriodScreen,
    proposals::ProposalsScreen, receipt_check::ReceiptCheckScreen, receipts::ReceiptsScreen,
    settings::SettingsScreen, statement::StatementScreen, statements::StatementsScreen,
};

/// The addresses.
#[derive(Clone, Debug, PartialEq, Routable)]
#[rustfmt::skip]
pub enum Place {
    #[layout(Gate)]
        /// What waits.
        #[route("/desk", OverviewScreen)]
        Overview {},
        /// Transfers to confirm, cheques and bills.
        #[route("/desk/receipts", ReceiptsScreen)]
        Receipts {},
        /// Is a receipt that somebody shows to be relied on?
        #[route("/desk/receipt-check", ReceiptCheckScreen)]
        ReceiptCheck {},
        /// A bank statement matched to transfers.
        #[route("/desk/bank", BankScreen)]
        Bank {},
        /// Books uploaded as CSV.
        #[route("/desk/import?:kind", ImportScreen)]
        Import { /// `customers`, `invoices` or `payments`.
            kind: String },
        /// Cash and cheques handed in.
        #[route("/desk/hand-ins", HandInsScreen)]
        HandIns {},
        /// Statements of customers: runs, and how each stands.
        #[route("/desk/statements?:..query", StatementsScreen)]
        Statements { /// Filters.
            query: StatementsQuery },
        /// One statement.
        #[route("/desk/statement/:id", StatementScreen)]
        Statement { /// Which.
            id: String },
        /// What does not add up.
        #[route("/desk/exceptions", ExceptionsScreen)]
        Exceptions {},
        /// What the field asks for.
        #[route("/desk/requests?:show&:what", ProposalsScreen)]
        Proposals { /// `open` or `closed`.
            show: String,
            /// Only of this kind.
            what: String },
        /// What waits for a second person.
        #[route("/desk/approvals", ApprovalsScreen)]
        Approvals {},
        /// Customers, searched.
        #[route("/desk/customers?:q", CustomersScreen)]
        Customers { /// Typed text.
            q: String },
        /// One customer's account.
        #[route("/desk/customer/:id", CustomerScreen)]
        Customer { /// Whose.
            id: String },
        /// The journal.
        #[route("/desk/journal?:..query", JournalScreen)]
        Journal { /// Filters.
            query: JournalQuery },
        /// What is owed by how long it is overdue.
        #[route("/desk/aging?:by", AgingScreen)]
        Aging { /// `customer`, `rep` or `territory`.
            by: String },
        /// Which days are closed.
        #[route("/desk/period", PeriodScreen)]
        Period {},
        /// What the company has set of its rules.
        #[route("/desk/settings", SettingsScreen)]
        Settings {},
        /// Whom to see and why, and the team.
        #[route("/desk/collection?:person", CollectionScreen)]
        Collection { /// Whose list: person id.
            person: String },
        /// Customers' credit ratings, and what is proposed.
        #[route("/desk/credit?:all", CreditScreen)]
        Credit { /// `true`: those with nothing to do, too.
            all: String },
        /// Anything else.
        #[route("/:..segments", NotFoundScreen)]
        NotFound { /// The address asked for.
            segments: Vec<String> },
}

/// The filters of the journal. Text that is no value of a filter is as if it were absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalQuery {
    /// From this day.
    pub from: Option<Day>,
    /// To this day.
    pub to: Option<Day>,
    /// Only this kind.
    pub kind: String,
    /// Only this customer: id or number.
    pub customer: String,
}

impl JournalQuery {
    /// Is anything filtered out?
    pub fn is_filtered(&self) -> bool {
        *self != Self::default()
    }
}

/// The filters of the list of statements. Text that is no value of a filter is as if it were absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatementsQuery {
    /// Of this day; of the newest run if none is named.
    pub as_of: Option<Day>,
    /// Only in this state.
    pub state: String,
}

impl From<&str> for StatementsQuery {
    fn from(query: &str) -> Self {
        let mut found = Self::default();
        for pair in query.trim_start_matches('?').split('&') {
            match pair.split_once('=').filter(|(_, value)| is_plain(value)) {
                Some(("as_of", value)) => found.as_of = value.parse().ok(),
                Some(("state", value)) => found.state = value.to_owned(),
                _ => {}
            }
        }
        found
    }
}

impl fmt::Display for StatementsQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.as_of.map(|day| format!("as_of={day}"));
        let is_filtered = !self.state.is_empty() && is_plain(&self.state);
        let state = is_filtered.then(|| format!("state={}", self.state));
        let pairs: Vec<String> = day.into_iter().chain(state).collect();
        f.write_str(&pairs.join("&"))
    }
}

fn is_plain(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

impl From<&str> for JournalQuery {
    fn from(query: &str) -> Self {
        let mut found = Self::default();
        for pair in query.trim_start_matches('?').split('&') {
            let Some((name, value)) = pair.split_once('=').filter(|(_, value)| is_plain(value))
            else {
                continue;
            };
            match name {
                "from" => found.from = value.parse().ok(),
                "to" => found.to = value.parse().ok(),
                "kind" => found.kind = value.to_owned(),
                "customer" => found.customer = value.to_owned(),
                _ => {}
            }
        }
        found
    }
}

impl fmt::Display for JournalQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = [("from", self.from), ("to", self.to)];
        let days =
            days.map(|(name, day)| (name, day.map(|day| day.to_string()).unwrap_or_default()));
        let texts = [("kind", &self.kind), ("customer", &self.customer)];
        let texts = texts.map(|(name, text)| (name, text.clone()));
        let pairs: Vec<String> = days
            .into_iter()
            .chain(texts)
            .filter(|(_, value)| !value.is_empty() && is_plain(value))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        f.write_str(&pairs.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_of_statements_survive_the_address_and_nonsense_does_not() {
        for (query, expected) in [
            ("", ""),
            (
                "as_of=2026-10-31&state=disputed",
                "as_of=2026-10-31&state=disputed",
            ),
            ("as_of=never&state=%3Cb%3E&x=1", ""),
        ] {
            assert_eq!(
                StatementsQuery::from(query).to_string(),
                expected,
                "{query}"
            );
        }
    }

    #[test]
    fn filters_survive_the_address_and_nonsense_does_not() {
        for (query, expected) in [
            ("", ""),
            (
                "from=2026-11-01&kind=receipt",
                "from=2026-11-01&kind=receipt",
            ),
            ("from=never&to=2026-11-21", "to=2026-11-21"),
            ("customer=C001&other=1", "customer=C001"),
            ("kind=%3Cb%3E", ""),
        ] {
            assert_eq!(JournalQuery::from(query).to_string(), expected, "{query}");
        }
    }
}
