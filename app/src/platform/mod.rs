//! The edge of the client: what the device can do, one trait each, with a web, a native and a fake
//! side. Nothing else in the client calls the browser or the system.
//!
//! Screens get a [`Platform`] (page side); the replica gets clock, entropy and network.

pub mod camera;
pub mod clock;
pub mod device;
pub mod entropy;
pub mod fake;
#[cfg(not(target_arch = "wasm32"))]
pub mod native;
pub mod network;
#[cfg_attr(target_arch = "wasm32", path = "network_fetch.rs")]
pub mod network_http;
pub mod place;
pub mod share;
#[cfg(target_arch = "wasm32")]
pub mod web;

use std::rc::Rc;

pub use futures::future::LocalBoxFuture;

/// What the device can do for screens. Cheap to clone.
#[derive(Clone)]
pub struct Platform {
    /// Where the device is.
    pub place: Rc<dyn place::Place>,
    /// Taking photos.
    pub camera: Rc<dyn camera::Camera>,
    /// Handing papers on, printing them.
    pub share: Rc<dyn share::Share>,
    /// Network state, new versions, small settings of this device.
    pub device: Rc<dyn device::Device>,
    /// The time.
    pub clock: Rc<dyn clock::Clock>,
}

/// Two platforms are equal if they are the same one.
impl PartialEq for Platform {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.device, &other.device)
    }
}

impl Platform {
    /// The device that this runs on.
    pub fn current() -> Self {
        #[cfg(target_arch = "wasm32")]
        return web::platform();
        #[cfg(not(target_arch = "wasm32"))]
        native::platform()
    }
}
