//! A server restored from a backup, as the phone sees it: what its person added to what others had added is
//! there all the while, and arrives in the end.

use app::replica::api::*;
use shared::{
    document,
    ids::{ChangeHash, DocumentId},
    sync::message::Item,
};

use crate::{phone::*, refusals::outgoing, server::Server};

fn comment(phone: &Phone, document: DocumentId, text: &str) {
    phone.saved(Request::AddComment {
        document,
        text: text.into(),
    });
}

fn comments(phone: &Phone, document: DocumentId) -> Vec<String> {
    let content = phone.record(document).content;
    let all = content.comments().iter();
    all.map(|c| c.text.clone()).collect()
}

/// The newest change in the server's log.
fn newest(server: &Server) -> ChangeHash {
    let state = server.0.borrow();
    let hash = state.log.iter().rev().find_map(|entry| match &entry.item {
        Item::Change(change) => Some(document::frame_hash(&change.change)),
        _ => None,
    });
    hash.unwrap()
}

/// A visit with a supervisor's comment and the author's answer to it. Gives how far the log went before these,
/// and the supervisor's change.
fn answered(server: &Server, phone: &Phone) -> (DocumentId, u64, ChangeHash) {
    let visit = phone.saved(save_visit(1, "a"));
    phone.sync();
    let common = server.0.borrow().log.len() as u64;
    let folder = tempfile::tempdir().unwrap();
    let boss = Phone::enrolled(folder.path(), server, "boss");
    comment(&boss, visit, "明天再去");
    boss.sync();
    let of_boss = newest(server);
    phone.sync();
    comment(phone, visit, "收到");
    phone.sync();
    (visit, common, of_boss)
}

#[test]
fn an_answer_to_what_somebody_else_added_is_shown_while_a_restored_server_lacks_both() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let (visit, common, _) = answered(&server, &phone);
    // The connection is gone before anything comes again.
    server.0.borrow_mut().rolls_back = Some((common, true));
    assert!(block_on(phone.actor.sync_now()).is_err());
    assert_eq!(comments(&phone, visit), ["明天再去", "收到"]);
    // Also over a restart, and what is added now.
    drop(phone);
    server.0.borrow_mut().online = true;
    let phone = Phone::open(folder.path(), &server, 5);
    comment(&phone, visit, "已去");
    phone.sync();
    assert_eq!(comments(&phone, visit), ["明天再去", "收到", "已去"]);
    assert!(phone.queue().lines.is_empty());
}

#[test]
fn an_addition_that_cannot_be_made_anew_before_more_of_its_record_has_come_waits() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let (visit, common, of_boss) = answered(&server, &phone);
    comment(&phone, visit, "已去");
    let (hashes, phone) = outgoing(folder.path(), phone, &server);
    {
        let mut state = server.0.borrow_mut();
        state.rolls_back = Some((common, false));
        // The server has the supervisor's comment again, but it has not come yet.
        state.hidden.insert(of_boss);
        state
            .refuse
            .insert(hashes[0], "admission.missing_dependency");
    }
    phone.sync();
    let rejected: Vec<_> = phone
        .queue()
        .lines
        .into_iter()
        .map(|l| l.rejected)
        .collect();
    assert_eq!(rejected, [None], "it waits, and is not refused");
    assert_eq!(comments(&phone, visit), ["明天再去", "收到", "已去"]);
    {
        let mut state = server.0.borrow_mut();
        state.refuse.clear();
        state.hidden.clear();
        let is_it = |item: &Item| matches!(item, Item::Change(c) if document::frame_hash(&c.change) == of_boss);
        let come = state
            .log
            .iter()
            .find(|e| is_it(&e.item))
            .unwrap()
            .item
            .clone();
        state.append(come);
    }
    phone.sync();
    phone.sync();
    assert!(phone.queue().lines.is_empty());
    assert_eq!(comments(&phone, visit), ["明天再去", "收到", "已去"]);
}

#[test]
fn what_others_do_not_bring_back_is_gone_once_nothing_own_waits_on_it() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let (visit, common, of_boss) = answered(&server, &phone);
    let answer = newest(&server);
    {
        let mut state = server.0.borrow_mut();
        state.rolls_back = Some((common, false));
        state.hidden.extend([of_boss, answer]);
        state.places.remove(&answer);
        state.refuse.insert(answer, "admission.missing_dependency");
    }
    phone.sync();
    assert!(phone.queue().lines.is_empty());
    assert_eq!(comments(&phone, visit), ["收到"], "made anew");
}
