//! The language of this device: chosen once, kept outside the stores, so that it holds before sign-in.

use crate::{
    i18n::{Lang, lang, set_lang, t},
    platform::Platform,
};

const LANGUAGE: &str = "language";

/// Takes the language chosen before, else the one that the device prefers.
pub fn load_language(platform: &Platform) {
    let chosen = platform
        .device
        .setting(LANGUAGE)
        .or_else(|| platform.device.languages().into_iter().next());
    set_lang(chosen.map_or(Lang::default(), |tag| Lang::from_tag(&tag)));
    announce(platform);
}

/// Keeps the language that was just chosen.
pub fn keep_language(platform: &Platform, chosen: Lang) {
    set_lang(chosen);
    platform.device.forget_picture();
    platform.device.set_setting(LANGUAGE, chosen.tag());
    announce(platform);
}

fn announce(platform: &Platform) {
    platform.device.set_root_attribute("lang", lang().tag());
    platform.device.set_title(&t("app-name"));
}
