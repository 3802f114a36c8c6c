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
