//! Handing papers on (the system's share sheet) and printing them.

use super::LocalBoxFuture;

/// Hands on and prints.
pub trait Share {
    /// Opens the share sheet with a title and text (and a picture if given: media type, file name,
    /// bytes). False if there is none or the person closed it.
    fn share(
        &self,
        title: String,
        text: String,
        picture: Option<(String, String, Vec<u8>)>,
    ) -> LocalBoxFuture<'static, bool>;
    /// Puts text on the clipboard; false if that is not possible.
    fn copy(&self, text: String) -> LocalBoxFuture<'static, bool>;
    /// Prints what the page shows (print style sheets choose the paper).
    fn print(&self);
}
