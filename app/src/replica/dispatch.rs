//! Which request is which query or command.

use shared::sync::client::Status;

use super::{
    api::{Reply, Request},
    command::{self, edit::Verdict},
    error::{Error, Result},
    host::Host,
    open::Open,
    query,
    store::{drafts, preferences},
    sync::refuse,
};

/// Answers a request from an open store. True beside the reply if records changed.
pub fn answer(
    open: &mut Open,
    host: &Host,
    status: Status,
    request: Request,
) -> Result<(Reply, bool)> {
    match ask(open, host, status, &request)? {
        Some(reply) => Ok((reply, false)),
        None => order(open, host, request),
    }
}

/// Queries and drafts; none if the request is an order.
fn ask(open: &Open, host: &Host, status: Status, request: &Request) -> Result<Option<Reply>> {
    let now = host.clock.now();
    Ok(Some(match request {
        Request::Today => Reply::Today(Box::new(query::today::view(open, host)?)),
        Request::Customers { search, limit } => {
            Reply::Customers(query::customers::list(open, search, *limit, now)?)
        }
        Request::Customer(id) => Reply::Customer(Box::new(query::customer::view(open, *id, now)?)),
        Request::Form(id) => Reply::Form(Box::new(query::form::view(open, *id, now)?)),
        Request::CorrectionForm(id) => {
            Reply::Form(Box::new(command::correct::form(open, *id, now)?))
        }
        Request::Record(id) => Reply::Record(Box::new(query::record::view(open, *id, now)?)),
        Request::Collect => Reply::Collect(Box::new(query::collect::view(open, now)?)),
        Request::HandIns => Reply::HandIns(Box::new(query::hand_in::view(open)?)),
        Request::Statement(id, language) => {
            Reply::Statement(Box::new(query::statement::view(open, *id, language)?))
        }
        Request::Queue => {
            let line = query::session::sync_line(Some(open), host.network.as_ref(), status)?;
            Reply::Queue(Box::new(query::queue::view(open, line)?))
        }
        Request::VisitLog(filter) => {
            Reply::VisitLog(Box::new(query::visit_log::view(open, filter)?))
        }
        Request::Approvals => Reply::Approvals(query::ledger_lists::approvals(open)?),
        Request::Exceptions => Reply::Exceptions(query::ledger_lists::exceptions(open)?),
        Request::Directory => Reply::Directory(Box::new(query::ledger_lists::directory(open)?)),
        Request::PreviewLetter(new) => Reply::Letter(command::promise::letter(open, new, now)?),
        Request::Draft(key) => Reply::Draft(drafts::load(&open.db, key)?),
        Request::SaveDraft { key, json } => {
            drafts::save(&open.db, key, json, now)?;
            Reply::Done
        }
        Request::LayReady => {
            query::today::lay_ready(open, host)?;
            Reply::Done
        }
        Request::DropDraft(key) => {
            drafts::drop(&open.db, key)?;
            Reply::Done
        }
        _ => return Ok(None),
    }))
}

fn order(open: &mut Open, host: &Host, request: Request) -> Result<(Reply, bool)> {
    let now = host.clock.now();
    let reply = match request {
        Request::SaveVisit(new) => Reply::Saved(command::visit::save(open, host, *new, now)?),
        Request::SignPromise(new) => Reply::Saved(command::promise::sign(open, host, *new, now)?),
        Request::IssueReceipt(new) => Reply::Saved(command::receipt::issue(open, host, *new, now)?),
        Request::HandIn(new) => Reply::Saved(command::hand_in::save(open, *new, now)?),
        Request::Propose(new) => Reply::Saved(command::proposal::save(open, host, *new, now)?),
        Request::DecideProposal(new) => {
            let document = new.document;
            command::proposal::decide(open, host, new, now)?;
            Reply::Saved(document)
        }
        Request::AnswerStatement(id, new, photos) => Reply::Saved(command::statement::answer(
            open,
            host,
            id,
            (*new, photos),
            now,
        )?),
        Request::Correct { document, by } => {
            Reply::Saved(command::correct::save(open, host, document, by, now)?)
        }
        Request::EditNotes { document, notes } => {
            command::edit::notes(open, document, &notes, now)?;
            Reply::Saved(document)
        }
        Request::AddComment { document, text } => {
            command::edit::comment(open, host, document, &text, now)?;
            Reply::Saved(document)
        }
        Request::AddPhoto { document, photo } => {
            command::edit::photo(open, host, document, photo, now)?;
            Reply::Saved(document)
        }
        Request::RequestVoid { document, reason } => {
            command::edit::request_void(open, host, document, &reason, now)?;
            Reply::Saved(document)
        }
        Request::DecideVoid {
            document,
            request,
            approve,
            note,
        } => {
            let verdict = Verdict {
                request,
                approve,
                note: &note,
            };
            command::edit::decide_void(open, host, document, &verdict, now)?;
            Reply::Saved(document)
        }
        Request::CancelPromise { document, reason } => {
            command::edit::cancel_promise(open, host, document, &reason, now)?;
            Reply::Saved(document)
        }
        Request::Book { customer, edit } => {
            command::book::edit(open, host, customer, edit, now)?;
            Reply::Done
        }
        Request::OlderRecords(customer) => {
            query::customer::want_older(open, customer, now)?;
            Reply::Done
        }
        Request::PhotosWaitForWifi(wait) => {
            preferences::let_photos_wait_for_wifi(&open.db, wait)?;
            Reply::Done
        }
        Request::SendPhotosNow => {
            open.photos_now.set(true);
            Reply::Done
        }
        Request::DismissRejected(document) => {
            let tx = open.begin()?;
            refuse::dismiss(&tx, document)?;
            tx.commit()?;
            Reply::Done
        }
        _ => return Err(Error::Invalid("replica.not_understood")),
    };
    Ok((reply, true))
}
