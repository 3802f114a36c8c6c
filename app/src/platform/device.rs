//! The device around the app: network state, a new version waiting, storage, small settings.

use futures::stream::LocalBoxStream;

use super::LocalBoxFuture;

/// The device around the app.
pub trait Device {
    /// Does the device say that it has a network? (It may still not reach the server.)
    fn online(&self) -> bool;
    /// Every change of that.
    fn online_changes(&self) -> LocalBoxStream<'static, bool>;
    /// Records wait here to be sent (or none does any more); `offline`: and there is no connection. Where the
    /// system can send when the app is gone, it is asked to.
    fn note_unsent(&self, unsent: bool, offline: bool) {
        let _ = (unsent, offline);
    }
    /// The app came back to the front (a reason to sync).
    fn wakes(&self) -> LocalBoxStream<'static, ()>;
    /// The app is out of sight.
    fn rests(&self) -> LocalBoxStream<'static, ()>;
    /// One item when a newer version is stored and waits; at once if it waits already.
    fn updates(&self) -> LocalBoxStream<'static, ()>;
    /// Asks whether there is a newer version; [`Self::updates`] tells when it is stored.
    fn look_for_update(&self);
    /// Takes the newer version: the page reloads. Only ever by a tap.
    fn apply_update(&self);
    /// Version of the running build; empty if unknown.
    fn version(&self) -> String;
    /// Asks the system not to evict the stores; true if it agreed.
    fn keep_storage(&self) -> LocalBoxFuture<'static, bool>;
    /// A setting of this device kept outside the stores (language, theme): its value, if written.
    fn setting(&self, key: &str) -> Option<String>;
    /// Writes such a setting; best effort.
    fn set_setting(&self, key: &str, value: &str);
    /// Languages that the person prefers, best first, for example `zh-CN`.
    fn languages(&self) -> Vec<String>;
    /// A short name for the device, for example `Chrome, Android`; shown in the list of devices.
    fn label(&self) -> String;
    /// Title of the page or window.
    fn set_title(&self, title: &str);
    /// Sets an attribute of the document's root (`lang`, `data-theme`).
    fn set_root_attribute(&self, name: &str, value: &str);
    /// Turns the screen to landscape full screen where the device can (for signing), or back. Begun by the call
    /// itself: a browser only does it for somebody's tap.
    fn landscape(&self, on: bool) -> LocalBoxFuture<'static, ()>;
    /// What follows the address: the part behind `#` (the sign-in code of a link); cut off afterwards
    /// with [`Device::drop_fragment`], so that it stays in no history.
    fn fragment(&self) -> String;
    /// Cuts that part off the address.
    fn drop_fragment(&self);
    /// What the screen shows now is what the next start of the app shows until it is ready, under this word of
    /// how old it is. Where starting takes no time there is nothing to do.
    fn keep_picture(&self, status: &str) {
        let _ = status;
    }
    /// What was kept may no longer be true, or not be for whoever looks next.
    fn forget_picture(&self) {}
}
