//! The screens' end: a thread of its own, one owner of the stores.

use app::replica::{
    api::*,
    handle::{Config, Replica},
};

use crate::phone::block_on;

fn start(folder: &tempfile::TempDir) -> Replica {
    Replica::start(Config {
        folder: Some(folder.path().to_owned()),
    })
}

fn code(reply: Reply) -> String {
    match reply {
        Reply::Failed(failure) => failure.code,
        other => panic!("did not fail: {other:?}"),
    }
}

#[test]
fn a_device_on_which_nobody_has_signed_in_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let replica = start(&folder);
    let Reply::Session(view) = block_on(replica.call(Request::Session)) else {
        panic!("no session")
    };
    assert_eq!((view.me, view.known_people), (None, vec![]));
    assert_eq!(
        code(block_on(replica.call(Request::Today))),
        "session.not_signed_in"
    );
    assert_eq!(block_on(replica.call(Request::TakeOver)), Reply::Done);
}

#[test]
fn a_second_process_on_the_same_folder_is_told_that_the_store_has_an_owner() {
    let folder = tempfile::tempdir().unwrap();
    let first = start(&folder);
    block_on(first.call(Request::Session));
    let second = start(&folder);
    assert_eq!(
        code(block_on(second.call(Request::Session))),
        "store.owned_elsewhere"
    );
    drop(first);
    let free =
        (0..100).any(|_| matches!(block_on(second.call(Request::Session)), Reply::Session(_)));
    assert!(free, "once the first has gone the second has it");
}
