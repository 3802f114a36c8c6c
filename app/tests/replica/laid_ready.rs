//! The work list that is laid ready is the one that would be made out anew.

use app::replica::api::*;
use shared::receipt::Method;

use crate::phone::*;

const DAY_MS: i64 = 24 * 3_600_000;

fn today(phone: &Phone) -> TodayView {
    match phone.call(Request::Today) {
        Reply::Today(view) => *view,
        other => panic!("{other:?}"),
    }
}

/// The same, after what was laid ready has been forgotten (dismissing nothing changes nothing else).
fn made_anew(phone: &Phone, nothing: shared::ids::DocumentId) -> TodayView {
    phone.call(Request::DismissRejected(nothing));
    today(phone)
}

#[test]
fn the_list_laid_ready_follows_every_record_and_every_page() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let before = today(&phone);
    assert_eq!(today(&phone), before);
    let receipt = phone.saved(receipt(1, "300.00", Method::Cash));
    let after = today(&phone);
    assert_ne!(after, before, "own records show at once");
    assert_eq!(after, made_anew(&phone, receipt));
    phone.sync();
    assert_eq!(today(&phone), made_anew(&phone, receipt));
    // A page that brings nothing leaves it as it is.
    phone.sync();
    assert_eq!(today(&phone), made_anew(&phone, receipt));
}

#[test]
fn the_next_mornings_list_is_that_of_the_next_day() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let visit = phone.saved(save_visit(1, "明天再来"));
    let evening = today(&phone);
    phone.call(Request::LayReady);
    phone.clock.advance_ms(DAY_MS);
    let morning = today(&phone);
    assert_eq!(morning.today, evening.today.plus_days(1));
    assert_eq!(morning, made_anew(&phone, visit));
}
