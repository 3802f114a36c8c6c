//! Picks the role of this process: the screens, or (in a Web Worker) the replica. One wasm file is both.

#[cfg(target_arch = "wasm32")]
fn main() {
    use wasm_bindgen::JsCast;
    console_error_panic_hook::set_once();
    if js_sys::global().dyn_ref::<web_sys::Window>().is_some() {
        dioxus::launch(app::screens::App);
    } else {
        app::replica::worker::run();
    }
}

#[cfg(all(not(target_arch = "wasm32"), feature = "desktop"))]
fn main() {
    use dioxus::desktop::{Config, LogicalSize, WindowBuilder};
    // The size of a phone: the same screens, the same layout.
    let window = WindowBuilder::new()
        .with_title("回款 Huikuan")
        .with_inner_size(LogicalSize::new(390.0, 844.0));
    // In the browser the page links these; here they are part of the window.
    let styles = concat!(
        "<style>",
        include_str!("../assets/tokens.css"),
        include_str!("../assets/base.css"),
        include_str!("../assets/components.css"),
        "</style>"
    );
    let config = Config::new()
        .with_window(window)
        .with_menu(None)
        .with_custom_head(styles.to_owned())
        .with_data_directory(app::platform::native::data_folder().join("webview"));
    dioxus::LaunchBuilder::desktop()
        .with_cfg(config)
        .launch(app::screens::App);
}

#[cfg(all(not(target_arch = "wasm32"), not(feature = "desktop")))]
fn main() {
    dioxus::launch(app::screens::App);
}
