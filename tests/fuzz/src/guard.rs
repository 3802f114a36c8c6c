//! The decoder below the product panics on many damaged changes; the server catches that. Here it is
//! caught likewise, but only where the decoder itself fails: a panic in the product's own code is a
//! finding wherever it happens.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Once,
};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    static OURS: Cell<bool> = const { Cell::new(false) };
}

/// Makes caught panics of the decoder silent; all others go to the hook that was there before.
pub fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let file = info.location().map_or("", |place| place.file());
            // Dependencies are built from the registry's folder, the product from relative paths.
            let ours = ["shared/src", "sync-server/src", "tests/"]
                .iter()
                .any(|folder| file.contains(folder))
                && !file.contains("registry");
            OURS.set(ours);
            if ours || !GUARDED.get() {
                loud(info);
            }
        }));
    });
}

/// Runs work that ends in the decoder; none if the decoder panicked.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    install();
    GUARDED.set(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(false);
    match result {
        Ok(value) => Some(value),
        Err(panic) if OURS.get() => std::panic::resume_unwind(panic),
        Err(_) => None,
    }
}
