//! Stand-ins for tests: a clock that is set by hand, randomness that repeats, a device in a drawer.

use std::{cell::Cell, cell::RefCell, collections::BTreeMap, rc::Rc};

use futures::stream::LocalBoxStream;
use shared::{day::Timestamp, evidence::Fix};

use super::{
    LocalBoxFuture, Platform,
    camera::{Camera, CameraError, Picture},
    clock::Clock,
    device::Device,
    entropy::{Entropy, EntropyError},
    place::{Place, PlaceError},
    share::Share,
};

/// A clock that stands until it is set. Sleeping ends at once and moves it on.
#[derive(Clone, Debug)]
pub struct FakeClock(pub Rc<Cell<Timestamp>>);

impl FakeClock {
    /// A clock at this time.
    pub fn at(now: Timestamp) -> Self {
        Self(Rc::new(Cell::new(now)))
    }

    /// Moves it on.
    pub fn advance_ms(&self, ms: i64) {
        self.0.set(self.0.get().plus_ms(ms));
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        self.0.get()
    }

    fn sleep(&self, ms: u32) -> LocalBoxFuture<'static, ()> {
        self.advance_ms(i64::from(ms));
        Box::pin(async {})
    }
}

/// Bytes that look random and repeat from run to run (splitmix64).
#[derive(Debug)]
pub struct FakeEntropy(Cell<u64>);

impl FakeEntropy {
    /// The sequence that belongs to this seed.
    pub fn seeded(seed: u64) -> Self {
        Self(Cell::new(seed))
    }
}

impl Entropy for FakeEntropy {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        for piece in buffer.chunks_mut(8) {
            let state = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
            self.0.set(state);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let bytes = (z ^ (z >> 31)).to_le_bytes();
            piece
                .iter_mut()
                .zip(bytes)
                .for_each(|(to, from)| *to = from);
        }
        Ok(())
    }
}

/// A device for tests of screens: gives what was put into it.
#[derive(Debug, Default)]
pub struct FakeDevice {
    /// The position it finds.
    pub fix: Cell<Option<Fix>>,
    /// The photo it takes.
    pub picture: RefCell<Option<Picture>>,
    /// Its settings.
    pub settings: RefCell<BTreeMap<String, String>>,
}

impl FakeDevice {
    /// A platform made of this device and a clock.
    pub fn platform(self, clock: FakeClock) -> Platform {
        let device = Rc::new(self);
        Platform {
            place: device.clone(),
            camera: device.clone(),
            share: device.clone(),
            device,
            clock: Rc::new(clock),
        }
    }
}

impl Place for FakeDevice {
    fn fix(&self) -> LocalBoxFuture<'static, Result<Fix, PlaceError>> {
        let fix = self.fix.get().ok_or(PlaceError::Denied);
        Box::pin(async move { fix })
    }
}

impl Camera for FakeDevice {
    fn take(
        &self,
        _mark: Vec<String>,
    ) -> LocalBoxFuture<'static, Result<Option<Picture>, CameraError>> {
        let picture = self.picture.borrow().clone();
        Box::pin(async move { Ok(picture) })
    }
}

impl Share for FakeDevice {
    fn share(
        &self,
        _title: String,
        _text: String,
        _picture: Option<(String, String, Vec<u8>)>,
    ) -> LocalBoxFuture<'static, bool> {
        Box::pin(async { true })
    }

    fn copy(&self, _text: String) -> LocalBoxFuture<'static, bool> {
        Box::pin(async { true })
    }

    fn print(&self) {}
}

impl Device for FakeDevice {
    fn online(&self) -> bool {
        true
    }

    fn online_changes(&self) -> LocalBoxStream<'static, bool> {
        Box::pin(futures::stream::pending())
    }

    fn wakes(&self) -> LocalBoxStream<'static, ()> {
        Box::pin(futures::stream::pending())
    }

    fn rests(&self) -> LocalBoxStream<'static, ()> {
        Box::pin(futures::stream::pending())
    }

    fn updates(&self) -> LocalBoxStream<'static, ()> {
        Box::pin(futures::stream::pending())
    }

    fn look_for_update(&self) {}

    fn apply_update(&self) {}

    fn version(&self) -> String {
        "test".into()
    }

    fn keep_storage(&self) -> LocalBoxFuture<'static, bool> {
        Box::pin(async { true })
    }

    fn setting(&self, key: &str) -> Option<String> {
        self.settings.borrow().get(key).cloned()
    }

    fn set_setting(&self, key: &str, value: &str) {
        self.settings
            .borrow_mut()
            .insert(key.to_owned(), value.to_owned());
    }

    fn languages(&self) -> Vec<String> {
        vec!["zh-CN".into()]
    }

    fn label(&self) -> String {
        "test".into()
    }

    fn set_title(&self, _title: &str) {}

    fn set_root_attribute(&self, _name: &str, _value: &str) {}

    fn landscape(&self, _on: bool) -> LocalBoxFuture<'static, ()> {
        Box::pin(async {})
    }

    fn fragment(&self) -> String {
        String::new()
    }

    fn drop_fragment(&self) {}
}
