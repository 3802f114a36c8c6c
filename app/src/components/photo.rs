//! Photos of a record: what is there, what still waits to be sent, and taking another.

use dioxus::prelude::*;

use super::icon::{Icon, IconName};
use crate::i18n::{t, t_args};

/// A photo in the grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Photo {
    /// Identity, handed to `onopen`.
    pub id: String,
    /// Where its picture is; nothing while it is not on this device.
    pub url: Option<String>,
    /// What stands on it: time and place.
    pub caption: String,
    /// Not yet with the server.
    pub pending: bool,
}

/// Photos in three columns, with a tile that opens the camera when `onadd` is given.
/// `onadd` gets the change event of the file input; read the files from it.
#[component]
pub fn PhotoGrid(
    photos: Vec<Photo>,
    #[props(default)] onopen: EventHandler<String>,
    #[props(default)] onadd: Option<EventHandler<FormEvent>>,
) -> Element {
    rsx! {
        div { class: "photos",
            for photo in photos {
                button {
                    key: "{photo.id}",
                    class: "photo",
                    r#type: "button",
                    aria_label: t_args("photo-open", &[("caption", photo.caption.clone().into())]),
                    onclick: {
                        let id = photo.id.clone();
                        move |_| onopen.call(id.clone())
                    },
                    if let Some(url) = photo.url.clone() {
                        img { src: "{url}", alt: "" }
                    } else {
                        Icon { name: IconName::Photo, label: t("photo-missing") }
                    }
                    if !photo.caption.is_empty() {
                        span { class: "photo-mark", "{photo.caption}" }
                    }
                    if photo.pending {
                        span { class: "photo-wait",
                            Icon { name: IconName::Sync, label: t("photo-waiting") }
                        }
                    }
                }
            }
            if let Some(onadd) = onadd {
                label { class: "photo-add",
                    Icon { name: IconName::Camera }
                    span { {t("photo-add")} }
                    input {
                        id: "photo-input",
                        r#type: "file",
                        accept: "image/*",
                        capture: "environment",
                        onchange: move |event| onadd.call(event),
                    }
                }
            }
        }
    }
}
