//! Every address of the app in one place.
//!
//! Invariants: an address holds all that is needed to show the screen again (filters and the open
//! record stand in the query); secrets never do: the enrolment code travels in the fragment, which
//! no server sees. What does not match any address leads to a friendly "not found".

use std::fmt;

use dioxus::prelude::*;
use shared::{
    day::Day,
    ids::{CustomerId, DocumentId, PersonId, StatementId},
    visit::VisitResult,
};

use crate::{
    replica::api::VisitLogFilter,
    screens::{
        app::Gate,
        approvals::ApprovalsScreen,
        collect::CollectScreen,
        correct::CorrectScreen,
        customer::CustomerScreen,
        customers::CustomersScreen,
        enrol::EnrolScreen,
        exceptions::ExceptionsScreen,
        hand_in::{HandInFormScreen, HandInScreen},
        home::HomeScreen,
        ledger::LedgerScreen,
        me::MeScreen,
        not_found::NotFoundScreen,
        people::PeopleScreen,
        promise::PromiseFormScreen,
        proposal::ProposalFormScreen,
        receipt::ReceiptFormScreen,
        record::RecordScreen,
        statement::StatementScreen,
        sync::SyncScreen,
        visit::VisitFormScreen,
        visit_log::VisitLogScreen,
    },
};

/// The addresses.
#[derive(Clone, Debug, PartialEq, Routable)]
#[rustfmt::skip]
pub enum Route {
    /// Enrolment of this device; the code stands in the fragment.
    #[route("/enrol#:code", EnrolScreen)]
    Enrol { /// One-time code, may be empty.
        code: String },
    #[layout(Gate)]
        /// What the role starts its day with.
        #[route("/", HomeScreen)]
        Home {},
        /// Customers, searched.
        #[route("/customers?:q", CustomersScreen)]
        Customers { /// Typed text.
            q: String },
        /// One customer's account.
        #[route("/customer/:id", CustomerScreen)]
        Customer { /// Whose.
            id: CustomerId },
        /// The form of a visit.
        #[route("/visit/new/:customer", VisitFormScreen)]
        NewVisit { /// Who is visited.
            customer: CustomerId },
        /// The form of a promise.
        #[route("/promise/new/:customer", PromiseFormScreen)]
        NewPromise { /// Who promises.
            customer: CustomerId },
        /// The form of a receipt.
        #[route("/receipt/new/:customer", ReceiptFormScreen)]
        NewReceipt { /// Who pays.
            customer: CustomerId },
        /// The form of a proposal.
        #[route("/proposal/new/:customer", ProposalFormScreen)]
        NewProposal { /// Whose account.
            customer: CustomerId },
        /// A statement to be agreed or disputed.
        #[route("/statement/:statement", StatementScreen)]
        Statement { /// Which.
            statement: StatementId },
        /// The form in which a refused record is corrected.
        #[route("/correct/:document", CorrectScreen)]
        Correct { /// The refused record.
            document: DocumentId },
        /// A visit, promise or receipt as it stands.
        #[route("/record/:document", RecordScreen)]
        Record { /// Which.
            document: DocumentId },
        /// The salesperson's receipts and cash.
        #[route("/collect", CollectScreen)]
        Collect {},
        /// Cash and cheques to hand in, and what was handed in.
        #[route("/hand-in", HandInScreen)]
        HandIn {},
        /// The form of a hand-in.
        #[route("/hand-in/new", HandInFormScreen)]
        NewHandIn {},
        /// What waits, what was refused.
        #[route("/sync", SyncScreen)]
        Sync {},
        /// Person, device, language.
        #[route("/me", MeScreen)]
        Me {},
        /// The visit log.
        #[route("/log?:..query", VisitLogScreen)]
        Log { /// Filters and the open visit.
            query: LogQuery },
        /// Void requests and proposals to decide.
        #[route("/approvals", ApprovalsScreen)]
        Approvals {},
        /// What does not add up.
        #[route("/exceptions", ExceptionsScreen)]
        Exceptions {},
        /// Balances of all customers.
        #[route("/ledger", LedgerScreen)]
        Ledger {},
        /// People and territories.
        #[route("/people", PeopleScreen)]
        People {},
        /// Anything else.
        #[route("/:..segments", NotFoundScreen)]
        NotFound { /// The address asked for.
            segments: Vec<String> },
}

/// The query of the visit log: filters and the open visit. Text that is no value of a filter is as if it were absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogQuery {
    /// Only this salesperson.
    pub rep: Option<PersonId>,
    /// Only this customer.
    pub customer: Option<CustomerId>,
    /// Only customers whose name, pinyin or number matches.
    pub search: String,
    /// From this day.
    pub from: Option<Day>,
    /// To this day.
    pub to: Option<Day>,
    /// Only this result.
    pub result: Option<VisitResult>,
    /// Only conspicuous ones.
    pub conspicuous: bool,
    /// The visit shown beside the list.
    pub open: Option<DocumentId>,
}

impl LogQuery {
    /// The question to the replica.
    pub fn filter(&self, limit: u32) -> VisitLogFilter {
        VisitLogFilter {
            rep: self.rep,
            customer: self.customer,
            customer_search: self.search.clone(),
            from: self.from,
            to: self.to,
            result: self.result,
            only_conspicuous: self.conspicuous,
            limit,
        }
    }

    /// Is anything filtered out?
    pub fn is_filtered(&self) -> bool {
        Self {
            open: None,
            ..self.clone()
        } != Self::default()
    }
}

impl From<&str> for LogQuery {
    fn from(query: &str) -> Self {
        let mut found = Self::default();
        for pair in query.trim_start_matches('?').split('&') {
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            match name {
                "rep" => found.rep = value.parse().ok(),
                "customer" => found.customer = value.parse().ok(),
                "q" => found.search = decode(value),
                "from" => found.from = value.parse().ok(),
                "to" => found.to = value.parse().ok(),
                "result" => {
                    found.result =
                        Some(VisitResult::from_slug(value)).filter(|r| *r != VisitResult::Unknown)
                }
                "conspicuous" => found.conspicuous = value == "1",
                "open" => found.open = value.parse().ok(),
                _ => {}
            }
        }
        found
    }
}

impl fmt::Display for LogQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = (!self.search.is_empty()).then(|| encode(&self.search));
        let pairs = [
            ("rep", self.rep.map(|v| v.to_string())),
            ("customer", self.customer.map(|v| v.to_string())),
            ("q", text),
            ("from", self.from.map(|v| v.to_string())),
            ("to", self.to.map(|v| v.to_string())),
            ("result", self.result.map(|v| v.slug().to_owned())),
            ("conspicuous", self.conspicuous.then(|| "1".to_owned())),
            ("open", self.open.map(|v| v.to_string())),
        ];
        let mut separator = "";
        for (name, value) in pairs {
            if let Some(value) = value {
                write!(f, "{separator}{name}={value}")?;
                separator = "&";
            }
        }
        Ok(())
    }
}

/// Writes text so that it survives in a query: ASCII that means something in addresses becomes `~` and two hex
/// digits. Percent-encoding would not do: the router undoes it before the query is split. Letters of other
/// scripts stay readable.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match u8::try_from(letter) {
            Ok(byte)
                if byte.is_ascii()
                    && !byte.is_ascii_alphanumeric()
                    && !matches!(byte, b'-' | b'_' | b'.') =>
            {
                out.push_str(&format!("~{byte:02X}"));
            }
            _ => out.push(letter),
        }
    }
    out
}

/// Undoes [`encode`]; what is not valid stays as it is.
fn decode(text: &str) -> String {
    let mut pieces = text.split('~');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let code = piece
            .get(..2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok())
            .filter(u8::is_ascii);
        match (code, piece.get(2..)) {
            (Some(byte), Some(rest)) => {
                out.push(char::from(byte));
                out.push_str(rest);
            }
            _ => {
                out.push('~');
                out.push_str(piece);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_of_the_visit_log_read_back_from_the_address_bar() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let full = LogQuery {
            rep: Some("018f3c1e-0000-7000-8000-000000000001".parse().unwrap()),
            customer: Some("018f3c1e-0000-7000-8000-000000000002".parse().unwrap()),
            search: "鑫源 & 100%~#é+1=2?".to_owned(),
            from: Some(day("2026-11-01")),
            to: Some(day("2026-11-21")),
            result: Some(VisitResult::PaidPartly),
            conspicuous: true,
            open: Some(DocumentId([7; 32])),
        };
        for query in [
            LogQuery::default(),
            full.clone(),
            LogQuery {
                conspicuous: true,
                ..LogQuery::default()
            },
        ] {
            let text = query.to_string();
            assert!(!text.contains(' '), "{text}");
            assert_eq!(LogQuery::from(text.as_str()), query, "{text}");
            let route = Route::Log {
                query: query.clone(),
            };
            assert_eq!(route.to_string().parse::<Route>().unwrap(), route);
        }
        assert!(full.is_filtered());
        assert!(
            !LogQuery {
                open: full.open,
                ..LogQuery::default()
            }
            .is_filtered()
        );
    }

    #[test]
    fn nonsense_in_the_address_bar_filters_nothing() {
        for text in [
            "rep=x&from=2026-13-01&result=new&open=1",
            "&&==&",
            "conspicuous=0",
            "%%%",
        ] {
            assert_eq!(LogQuery::from(text), LogQuery::default(), "{text}");
        }
    }

    #[test]
    fn the_enrolment_code_stands_in_the_fragment() {
        assert_eq!(
            "/enrol#AB12-CD34".parse::<Route>().unwrap(),
            Route::Enrol {
                code: "AB12-CD34".to_owned()
            }
        );
        assert_eq!(
            "/enrol".parse::<Route>().unwrap(),
            Route::Enrol {
                code: String::new()
            }
        );
    }

    #[test]
    fn an_unknown_address_is_not_found_and_a_bad_id_too() {
        for text in ["/nothing/here", "/customer/xyz", "/record/12"] {
            assert!(
                matches!(text.parse::<Route>().unwrap(), Route::NotFound { .. }),
                "{text}"
            );
        }
    }
}
