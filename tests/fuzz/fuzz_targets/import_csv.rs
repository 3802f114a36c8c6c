//! See `fuzz::import`.
#![no_main]

use std::cell::RefCell;

use fuzz::import::Books;

thread_local! {
    static BOOKS: RefCell<Books> = {
        let name = format!("huikuan-fuzz-{}", std::process::id());
        RefCell::new(Books::new(&std::env::temp_dir().join(name)))
    };
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    BOOKS.with_borrow_mut(|books| books.run(data));
});
