//! Photos: after their records, in pieces, from where the server has them.

use app::replica::api::*;
use shared::ids::ContentHash;

use crate::phone::*;

fn photo() -> NewPhoto {
    NewPhoto {
        media_type: "image/jpeg".into(),
        bytes: (0..300_000_u32).map(|i| (i % 251) as u8).collect(),
        caption: "店面".into(),
    }
}

fn content(phone: &Phone, id: shared::ids::DocumentId) -> ContentHash {
    let RecordContent::Visit(visit) = phone.record(id).content else {
        panic!("not a visit")
    };
    visit.attachments[0].content
}

#[test]
fn a_photo_goes_after_its_record_and_is_resumed_where_it_stopped() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let mut new = visit(1, "photo");
    new.photos.push(photo());
    let id = phone.saved(Request::SaveVisit(Box::new(new)));
    let hash = content(&phone, id);
    block_on(phone.actor.upload_now());
    assert!(server.0.borrow().photos.is_empty(), "not before its record");
    assert_eq!(phone.session().sync.waiting_photos, 1);
    phone.sync();
    server
        .0
        .borrow_mut()
        .photos
        .insert(hash.to_string(), photo().bytes[..100_000].to_vec());
    server.0.borrow_mut().photo_piece = 70_000;
    block_on(phone.actor.upload_now());
    block_on(phone.actor.upload_now());
    assert_eq!(server.0.borrow().photos[&hash.to_string()], photo().bytes);
    assert_eq!(phone.session().sync.waiting_photos, 0);
    let own = phone.call(Request::Attachment(hash));
    assert_eq!(
        own,
        Reply::Attachment(Some(("image/jpeg".into(), photo().bytes)))
    );
}

#[test]
fn a_photo_of_somebody_else_is_fetched_once_and_kept() {
    let server = company();
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let rep = Phone::enrolled(a.path(), &server, "one");
    let id = rep.saved(save_visit(1, "photo later"));
    rep.saved(Request::AddPhoto {
        document: id,
        photo: photo(),
    });
    let hash = content(&rep, id);
    rep.sync();
    block_on(rep.actor.upload_now());
    let boss = Phone::enrolled(b.path(), &server, "boss");
    let fetched = boss.call(Request::Attachment(hash));
    assert_eq!(
        fetched,
        Reply::Attachment(Some(("image/jpeg".into(), photo().bytes)))
    );
    server.0.borrow_mut().online = false;
    assert_eq!(boss.call(Request::Attachment(hash)), fetched);
    assert_eq!(
        boss.call(Request::Attachment(ContentHash([9; 32]))),
        Reply::Attachment(None)
    );
}

/// A phone with a visit that is with the server, and its photo that is not.
fn with_photo(folder: &std::path::Path, server: &crate::server::Server) -> Phone {
    let phone = Phone::enrolled(folder, server, "one");
    let mut new = visit(1, "photo");
    new.photos.push(photo());
    phone.saved(Request::SaveVisit(Box::new(new)));
    phone.sync();
    assert_eq!(phone.session().sync.waiting, 0, "records never wait");
    phone
}

#[test]
fn on_a_metered_network_photos_wait_for_wifi_and_go_there_by_themselves() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    server.0.borrow_mut().metered = Some(true);
    let phone = with_photo(folder.path(), &server);
    block_on(phone.actor.upload_now());
    let sync = phone.session().sync;
    assert_eq!((sync.waiting_photos, sync.photos_wait_for_wifi), (1, true));
    assert!(server.0.borrow().photos.is_empty());
    server.0.borrow_mut().metered = Some(false);
    block_on(phone.actor.upload_now());
    let sync = phone.session().sync;
    assert_eq!((sync.waiting_photos, sync.photos_wait_for_wifi), (0, false));
}

#[test]
fn photos_go_where_the_device_does_not_say_what_network_it_has() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = with_photo(folder.path(), &server);
    block_on(phone.actor.upload_now());
    assert_eq!(phone.session().sync.waiting_photos, 0);
}

#[test]
fn somebody_may_send_the_photos_that_wait_once_and_the_next_one_waits_again() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    server.0.borrow_mut().metered = Some(true);
    let phone = with_photo(folder.path(), &server);
    assert_eq!(phone.call(Request::SendPhotosNow), Reply::Done);
    assert!(!phone.session().sync.photos_wait_for_wifi);
    block_on(phone.actor.upload_now());
    assert_eq!(phone.session().sync.waiting_photos, 0);
    let mut new = visit(2, "another");
    new.photos.push(NewPhoto {
        bytes: vec![9; 10],
        ..photo()
    });
    phone.saved(Request::SaveVisit(Box::new(new)));
    phone.sync();
    block_on(phone.actor.upload_now());
    assert!(phone.session().sync.photos_wait_for_wifi);
}

#[test]
fn who_chose_so_sends_photos_over_any_network_and_the_choice_is_kept() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    server.0.borrow_mut().metered = Some(true);
    let phone = with_photo(folder.path(), &server);
    assert!(phone.session().me.unwrap().photos_wait_for_wifi);
    assert_eq!(phone.call(Request::PhotosWaitForWifi(false)), Reply::Done);
    drop(phone);
    let phone = Phone::open(folder.path(), &server, 9);
    assert!(!phone.session().me.unwrap().photos_wait_for_wifi);
    block_on(phone.actor.upload_now());
    assert_eq!(phone.session().sync.waiting_photos, 0);
}
