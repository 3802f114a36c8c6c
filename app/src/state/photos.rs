//! Pictures of attachments, read from the replica and shown without leaving the page's policy.

use dioxus::prelude::*;
use shared::{evidence::Attachment, ids::ContentHash};

use super::{AppState, take, use_app};
use crate::{components::Photo, replica::api::Request};

/// The pictures of a record's attachments; each appears as soon as its bytes are there.
pub fn use_photos(attachments: Vec<Attachment>, waiting: bool) -> Vec<Photo> {
    let app = use_app();
    let mut urls = use_signal(Vec::<(ContentHash, String)>::new);
    let wanted: Vec<ContentHash> = attachments
        .iter()
        .filter(|a| a.media_type.starts_with("image/"))
        .map(|a| a.content)
        .collect();
    let mut asked = use_signal(Vec::<ContentHash>::new);
    let missing = use_memo(use_reactive!(|wanted| wanted));
    use_effect(move || {
        let _ = app.revision.read();
        for content in missing.read().iter().copied() {
            if asked.peek().contains(&content) {
                continue;
            }
            asked.write().push(content);
            spawn(async move {
                match load(app, content).await {
                    Some(url) => urls.write().push((content, url)),
                    // Not to be had now: the next change of data tries again.
                    None => asked.write().retain(|a| *a != content),
                }
            });
        }
    });
    attachments
        .iter()
        .filter(|a| a.media_type.starts_with("image/"))
        .map(|a| Photo {
            id: a.content.to_string(),
            url: urls
                .read()
                .iter()
                .find(|(content, _)| *content == a.content)
                .map(|(_, url)| url.clone()),
            caption: a.caption.clone(),
            pending: waiting,
        })
        .collect()
}

async fn load(app: AppState, content: ContentHash) -> Option<String> {
    let (media_type, bytes) = app
        .ask(Request::Attachment(content), take::attachment)
        .await
        .ok()??;
    Some(data_url(&media_type, &bytes))
}

/// A picture as an address of its own.
pub fn data_url(media_type: &str, bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = format!("data:{media_type};base64,");
    out.reserve(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let at = |i: usize| u32::from(chunk.get(i).copied().unwrap_or_default());
        let word = at(0) << 16 | at(1) << 8 | at(2);
        for (place, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let digit = DIGITS
                .get((word >> shift & 63) as usize)
                .copied()
                .unwrap_or(b'A');
            out.push(if place <= chunk.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::data_url;

    #[test]
    fn bytes_become_base64() {
        for (bytes, expected) in [
            ("", ""),
            ("M", "TQ=="),
            ("Ma", "TWE="),
            ("Man", "TWFu"),
            ("Many", "TWFueQ=="),
        ] {
            assert_eq!(
                data_url("image/png", bytes.as_bytes()),
                format!("data:image/png;base64,{expected}")
            );
        }
    }
}
