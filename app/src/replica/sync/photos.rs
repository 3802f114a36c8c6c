//! When photos are sent: after their records, one after the other, those that failed again after a while.

use std::collections::BTreeSet;

use futures::FutureExt;
use shared::ids::ContentHash;

use super::{
    super::{actor::Actor, api::Notice, store::attachments},
    AWAY,
    driver::Later,
    upload::{self, Upload},
};

/// Photos that failed are tried again after this long.
const PHOTO_RETRY_MS: u32 = 30_000;

impl Actor {
    /// Sends photos until none waits; those that failed again after a while.
    pub(super) fn send_photos(&self) -> Later<()> {
        self.0.uploading.set(false);
        let actor = self.clone();
        async move {
            while actor.send_photos_once().await {
                actor.0.host.clock.sleep(PHOTO_RETRY_MS).await;
            }
        }
        .boxed_local()
        .fuse()
    }

    /// Tries every photo that waits, once, those that come up meanwhile as well. True if some still wait.
    pub(super) async fn send_photos_once(&self) -> bool {
        let mut tried = BTreeSet::new();
        self.0.uploading.set(true);
        let sitting = self.0.sitting.get();
        while let Some(photo) = self.next_photo(&tried) {
            tried.insert(photo.hash);
            self.note_photo(photo.hash, None);
            let sent = self.send_photo(&photo).await;
            if sitting != self.0.sitting.get() {
                return false;
            }
            self.note_photo(photo.hash, Some(sent));
            match sent {
                Upload::Done => self.photo_done(&photo),
                Upload::Later => {}
                Upload::Stop(_) => break,
            }
        }
        self.0.uploading.set(false);
        let open = self.0.open.borrow();
        let waiting = open
            .as_ref()
            .map(|open| attachments::waiting(&open.db, true).unwrap_or_default())
            .unwrap_or_default();
        if let (Some(open), true) = (open.as_ref(), waiting.is_empty()) {
            // What is taken from now on waits for Wi-Fi again.
            open.photos_now.set(false);
        }
        !waiting.is_empty()
    }

    /// A photo whose record the server has and that has not been tried; none while photos wait for Wi-Fi.
    fn next_photo(&self, tried: &BTreeSet<ContentHash>) -> Option<attachments::Waiting> {
        let open = self.0.open.borrow();
        if open
            .as_ref()?
            .photos_wait(self.0.host.network.as_ref())
            .ok()?
        {
            return None;
        }
        let waiting = attachments::waiting(&open.as_ref()?.db, true).ok()?;
        waiting
            .into_iter()
            .find(|photo| !tried.contains(&photo.hash))
    }

    async fn send_photo(&self, photo: &attachments::Waiting) -> Upload {
        let Some(access) = self.access() else {
            return Upload::Stop(AWAY);
        };
        let piece = |offset| {
            let open = self.0.open.borrow();
            upload::piece(open.as_ref()?, photo.hash, offset).ok()
        };
        upload::send(self.0.host.network.as_ref(), &access, photo, piece).await
    }

    /// A photo is on its way, or what became of it.
    fn note_photo(&self, hash: ContentHash, sent: Option<Upload>) {
        let open = self.0.open.borrow();
        let Some(open) = open.as_ref() else { return };
        {
            let mut tries = open.tries.borrow_mut();
            tries.photo = sent.is_none().then_some(hash);
            tries.photos.retain(|(tried, _)| *tried != hash);
            match sent {
                Some(Upload::Later) => tries.photos.push((hash, "photo.not_taken")),
                Some(Upload::Stop(code)) => tries.photos.push((hash, code)),
                Some(Upload::Done) | None => {}
            }
        }
        self.ring_sync(Some(open));
    }

    fn photo_done(&self, photo: &attachments::Waiting) {
        let open = self.0.open.borrow();
        let Some(open) = open.as_ref() else { return };
        // If it cannot be noted now, the server will say so again at the next try.
        if attachments::done(&open.db, photo.hash).is_ok() {
            self.0.bell.ring(Notice::Changed);
            self.ring_sync(Some(open));
        }
    }
}
