//! The browser's side of the platform: thin bindings to `/platform.js`.
//!
//! Invariant: no `eval`, no `new Function`; the page's content security policy forbids them.

use std::rc::Rc;

use futures::{
    channel::mpsc::{UnboundedReceiver, unbounded},
    stream::LocalBoxStream,
};
use js_sys::{Array, Promise, Uint8Array};
use shared::{
    day::Timestamp,
    evidence::{Fix, GeoPoint},
};
use wasm_bindgen::{JsCast, prelude::*};
use wasm_bindgen_futures::JsFuture;

use super::{
    LocalBoxFuture, Platform,
    camera::{Camera, CameraError, Picture},
    clock::SystemClock,
    device::Device,
    place::{Place, PlaceError},
    share::Share,
};

#[wasm_bindgen(raw_module = "/platform.js")]
extern "C" {
    #[wasm_bindgen(js_name = findPlace)]
    fn find_place() -> Promise;
    #[wasm_bindgen(js_name = takePhoto)]
    fn take_photo(mark: Array) -> Promise;
    fn share(title: &str, text: &str, media_type: &str, name: &str, bytes: JsValue) -> Promise;
    #[wasm_bindgen(js_name = copyText)]
    fn copy_text(text: &str) -> Promise;
    #[wasm_bindgen(js_name = printPage)]
    fn print_page();
    #[wasm_bindgen(js_name = isOnline)]
    fn is_online() -> bool;
    #[wasm_bindgen(js_name = watchOnline)]
    fn watch_online(changed: &Closure<dyn FnMut(bool)>);
    #[wasm_bindgen(js_name = noteUnsent)]
    fn note_unsent(unsent: bool, offline: bool);
    #[wasm_bindgen(js_name = watchWake)]
    fn watch_wake(woken: &Closure<dyn FnMut()>);
    #[wasm_bindgen(js_name = watchRest)]
    fn watch_rest(hidden: &Closure<dyn FnMut()>);
    #[wasm_bindgen(js_name = watchUpdate)]
    fn watch_update(ready: &Closure<dyn FnMut()>);
    #[wasm_bindgen(js_name = applyUpdate)]
    fn apply_update();
    #[wasm_bindgen(js_name = lookForUpdate)]
    fn look_for_update();
    #[wasm_bindgen(js_name = appVersion)]
    fn app_version() -> String;
    #[wasm_bindgen(js_name = keepStorage)]
    fn keep_storage() -> Promise;
    #[wasm_bindgen(js_name = readSetting)]
    fn read_setting(key: &str) -> Option<String>;
    #[wasm_bindgen(js_name = writeSetting)]
    fn write_setting(key: &str, value: &str);
    fn languages() -> Array;
    /// The name of the module's file, which is another with every build; empty in the page.
    pub fn build() -> String;
    /// The module that the page runs, as it was compiled, and its build; undefined in a worker.
    pub(crate) fn compiled() -> JsValue;
    /// The words of a language (a Fluent file), read before the module started; empty in a worker.
    #[wasm_bindgen(js_name = localeText)]
    pub fn locale_text(tag: &str) -> String;
    #[wasm_bindgen(js_name = deviceLabel)]
    fn device_label() -> String;
    #[wasm_bindgen(js_name = setTitle)]
    fn set_title(title: &str);
    #[wasm_bindgen(js_name = setRootAttribute)]
    fn set_root_attribute(name: &str, value: &str);
    fn landscape(on: bool) -> Promise;
    fn fragment() -> String;
    #[wasm_bindgen(js_name = dropFragment)]
    fn drop_fragment();
    #[wasm_bindgen(js_name = keepPicture)]
    fn keep_picture(status: &str);
    #[wasm_bindgen(js_name = forgetPicture)]
    fn forget_picture();
    pub(crate) fn traced() -> bool;
    #[wasm_bindgen(js_name = keepTrace)]
    pub(crate) fn keep_trace(entry: &JsValue);
    #[wasm_bindgen(js_name = ownStore)]
    fn own_store_promise(how: &str, lost: &Closure<dyn FnMut()>) -> Promise;
    pub(crate) fn tell(what: &str);
    pub(crate) fn origin() -> String;
}

/// The browser as it is.
pub fn platform() -> Platform {
    let browser = Rc::new(Browser);
    Platform {
        place: browser.clone(),
        camera: browser.clone(),
        share: browser.clone(),
        device: browser,
        clock: Rc::new(SystemClock),
    }
}

/// Waits, in the page or in a worker.
pub async fn sleep(ms: u32) {
    let promise = Promise::new(&mut |done, _| {
        let global: TimerScope = js_sys::global().unchecked_into();
        global.set_timeout(&done, ms);
    });
    // The promise never fails.
    let _ = JsFuture::from(promise).await;
}

#[wasm_bindgen]
extern "C" {
    type TimerScope;
    #[wasm_bindgen(method, js_name = setTimeout)]
    fn set_timeout(this: &TimerScope, done: &js_sys::Function, ms: u32) -> i32;
}

/// In the worker: is the store ours? `how` is `try`, `wait` or `steal`.
pub(crate) async fn own_store(how: &str, lost: &Closure<dyn FnMut()>) -> bool {
    JsFuture::from(own_store_promise(how, lost))
        .await
        .is_ok_and(|mine| mine.is_truthy())
}

struct Browser;

impl Place for Browser {
    fn fix(&self) -> LocalBoxFuture<'static, Result<Fix, PlaceError>> {
        Box::pin(async {
            let found = JsFuture::from(find_place())
                .await
                .map_err(|_| PlaceError::Unavailable)?;
            match found.as_string().as_deref() {
                Some("denied") => Err(PlaceError::Denied),
                Some("not_supported") => Err(PlaceError::NotSupported),
                Some(_) => Err(PlaceError::Unavailable),
                None => fix_from(&Array::from(&found)).ok_or(PlaceError::Unavailable),
            }
        })
    }
}

/// Degrees, metres and milliseconds as the browser gives them.
fn fix_from(found: &Array) -> Option<Fix> {
    let number = |i: u32| found.get(i).as_f64().filter(|n| n.is_finite());
    Some(Fix {
        point: GeoPoint {
            lat_e7: (number(0)? * 1e7).round() as i32,
            lon_e7: (number(1)? * 1e7).round() as i32,
        },
        accuracy_m: number(2)?.clamp(0.0, 1e6).ceil() as u32,
        at: Timestamp(number(3)? as i64),
    })
}

impl Camera for Browser {
    fn take(
        &self,
        mark: Vec<String>,
    ) -> LocalBoxFuture<'static, Result<Option<Picture>, CameraError>> {
        Box::pin(async move {
            let mark: Array = mark.iter().map(|line| JsValue::from_str(line)).collect();
            let taken = JsFuture::from(take_photo(mark))
                .await
                .map_err(|_| CameraError::Unreadable)?;
            if taken.is_string() {
                return Err(CameraError::Unreadable);
            }
            Ok(taken.dyn_into::<Uint8Array>().ok().map(|bytes| Picture {
                media_type: "image/jpeg".into(),
                bytes: bytes.to_vec(),
            }))
        })
    }
}

impl Share for Browser {
    fn share(
        &self,
        title: String,
        text: String,
        picture: Option<(String, String, Vec<u8>)>,
    ) -> LocalBoxFuture<'static, bool> {
        let (media_type, name, bytes) = picture
            .map(|(m, n, b)| (m, n, JsValue::from(Uint8Array::from(b.as_slice()))))
            .unwrap_or((String::new(), String::new(), JsValue::UNDEFINED));
        yes(share(&title, &text, &media_type, &name, bytes))
    }

    fn copy(&self, text: String) -> LocalBoxFuture<'static, bool> {
        yes(copy_text(&text))
    }

    fn print(&self) {
        print_page();
    }
}

fn yes(promise: Promise) -> LocalBoxFuture<'static, bool> {
    Box::pin(async { JsFuture::from(promise).await.is_ok_and(|v| v.is_truthy()) })
}

impl Device for Browser {
    fn online(&self) -> bool {
        is_online()
    }

    fn online_changes(&self) -> LocalBoxStream<'static, bool> {
        let (sender, receiver) = unbounded();
        let changed = Closure::<dyn FnMut(bool)>::new(move |on| {
            // Nobody listens any more: nothing to tell.
            let _ = sender.unbounded_send(on);
        });
        watch_online(&changed);
        kept(receiver, changed)
    }

    fn note_unsent(&self, unsent: bool, offline: bool) {
        note_unsent(unsent, offline);
    }

    fn wakes(&self) -> LocalBoxStream<'static, ()> {
        events(watch_wake)
    }

    fn rests(&self) -> LocalBoxStream<'static, ()> {
        events(watch_rest)
    }

    fn updates(&self) -> LocalBoxStream<'static, ()> {
        events(watch_update)
    }

    fn look_for_update(&self) {
        look_for_update();
    }

    fn apply_update(&self) {
        apply_update();
    }

    fn version(&self) -> String {
        app_version()
    }

    fn keep_storage(&self) -> LocalBoxFuture<'static, bool> {
        yes(keep_storage())
    }

    fn setting(&self, key: &str) -> Option<String> {
        read_setting(key)
    }

    fn set_setting(&self, key: &str, value: &str) {
        write_setting(key, value);
    }

    fn languages(&self) -> Vec<String> {
        languages().iter().filter_map(|l| l.as_string()).collect()
    }

    fn label(&self) -> String {
        device_label()
    }

    fn set_title(&self, title: &str) {
        set_title(title);
    }

    fn set_root_attribute(&self, name: &str, value: &str) {
        set_root_attribute(name, value);
    }

    fn landscape(&self, on: bool) -> LocalBoxFuture<'static, ()> {
        let turned = yes(landscape(on));
        Box::pin(async {
            turned.await;
        })
    }

    fn fragment(&self) -> String {
        fragment()
    }

    fn drop_fragment(&self) {
        drop_fragment();
    }

    fn keep_picture(&self, status: &str) {
        keep_picture(status);
    }

    fn forget_picture(&self) {
        forget_picture();
    }
}

fn events(watch: fn(&Closure<dyn FnMut()>)) -> LocalBoxStream<'static, ()> {
    let (sender, receiver) = unbounded();
    let happened = Closure::<dyn FnMut()>::new(move || {
        let _ = sender.unbounded_send(());
    });
    watch(&happened);
    kept(receiver, happened)
}

/// The page's listeners are never taken off, so what they call must stay: once for each event and page.
fn kept<T: 'static, F: ?Sized + 'static>(
    receiver: UnboundedReceiver<T>,
    callback: Closure<F>,
) -> LocalBoxStream<'static, T>
where
    Closure<F>: 'static,
{
    std::mem::forget(callback);
    Box::pin(receiver)
}
