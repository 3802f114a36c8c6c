//! The desk of finance: a small program for the browser beside the phone's client. It works online, on the
//! server's JSON API, and carries neither store nor documents.

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    dioxus::launch(app::desk::Desk);
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("The desk runs in the browser: start the server with --web and open /desk.");
}
