//! The desk's edge: calls to the server with the session's cookie, and what looks again now and then.
//!
//! Invariant: no call carries a token; the browser adds the cookie, `/desk/desk.js` the header beside it.

#[cfg(target_arch = "wasm32")]
mod imp {
    use super::Seen;
    use js_sys::{Array, Promise, Uint8Array};
    use wasm_bindgen::{JsCast, prelude::*};
    use wasm_bindgen_futures::JsFuture;

    #[wasm_bindgen(raw_module = "/desk/desk.js")]
    extern "C" {
        #[wasm_bindgen(js_name = call)]
        fn call_js(method: &str, path: &str, body: Option<String>) -> Promise;
        #[wasm_bindgen(js_name = choose)]
        fn choose_js(id: &str, most_bytes: u32) -> Promise;
        #[wasm_bindgen(js_name = upload)]
        fn upload_js(id: &str, path: &str, map: Option<String>) -> Promise;
        #[wasm_bindgen(js_name = image)]
        fn image_js(path: &str) -> Promise;
        #[wasm_bindgen(js_name = pictureOf)]
        fn picture_of_js(id: &str) -> Promise;
        #[wasm_bindgen(js_name = cameraOpen)]
        fn camera_open_js(id: &str) -> Promise;
        #[wasm_bindgen(js_name = cameraLook)]
        fn camera_look_js(id: &str) -> Promise;
        #[wasm_bindgen(js_name = cameraClose)]
        fn camera_close_js(id: &str);
        #[wasm_bindgen(js_name = whileSeen)]
        fn while_seen_js(ms: u32, look: &Closure<dyn FnMut()>);
    }

    pub async fn call(method: &str, path: &str, body: Option<String>) -> (u16, String) {
        answer(call_js(method, path, body)).await
    }

    pub async fn choose(id: &str, most_bytes: u32) -> (u16, String) {
        answer(choose_js(id, most_bytes)).await
    }

    pub async fn upload(id: &str, path: &str, map: Option<String>) -> (u16, String) {
        answer(upload_js(id, path, map)).await
    }

    pub async fn image(path: &str) -> (u16, String) {
        answer(image_js(path)).await
    }

    async fn answer(promise: Promise) -> (u16, String) {
        let answer = JsFuture::from(promise).await;
        let Some(answer) = answer.ok().and_then(|value| value.dyn_into::<Array>().ok()) else {
            return (0, String::new());
        };
        let status = answer.get(0).as_f64().unwrap_or_default() as u16;
        (status, answer.get(1).as_string().unwrap_or_default())
    }

    pub async fn picture_of(id: &str) -> Seen {
        seen(picture_of_js(id)).await
    }

    pub async fn camera_open(id: &str) -> Seen {
        seen(camera_open_js(id)).await
    }

    pub async fn camera_look(id: &str) -> Seen {
        seen(camera_look_js(id)).await
    }

    pub fn camera_close(id: &str) {
        camera_close_js(id);
    }

    async fn seen(promise: Promise) -> Seen {
        let answer = JsFuture::from(promise).await;
        let Some(answer) = answer.ok().and_then(|value| value.dyn_into::<Array>().ok()) else {
            return Seen::default();
        };
        let grey = answer.get(2).dyn_into::<Uint8Array>();
        Seen {
            status: answer.get(0).as_f64().unwrap_or_default() as u16,
            text: answer.get(1).as_string().unwrap_or_default(),
            grey: grey.map(|grey| grey.to_vec()).unwrap_or_default(),
            width: answer.get(3).as_f64().unwrap_or_default() as usize,
        }
    }

    pub fn while_seen(ms: u32, look: impl FnMut() + 'static) {
        let look = Closure::<dyn FnMut()>::new(look);
        while_seen_js(ms, &look);
        // The page asks once; it looks as long as it is open.
        look.forget();
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod imp {
    pub async fn call(_method: &str, _path: &str, _body: Option<String>) -> (u16, String) {
        (0, String::new())
    }

    pub async fn choose(_id: &str, _most_bytes: u32) -> (u16, String) {
        (0, String::new())
    }

    pub async fn upload(_id: &str, _path: &str, _map: Option<String>) -> (u16, String) {
        (0, String::new())
    }

    pub async fn image(_path: &str) -> (u16, String) {
        (0, String::new())
    }

    pub async fn picture_of(_id: &str) -> super::Seen {
        super::Seen::default()
    }

    pub async fn camera_open(_id: &str) -> super::Seen {
        super::Seen::default()
    }

    pub async fn camera_look(_id: &str) -> super::Seen {
        super::Seen::default()
    }

    pub fn camera_close(_id: &str) {}

    pub fn while_seen(_ms: u32, _look: impl FnMut() + 'static) {}
}

/// What a camera or a picture shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// 200: `text` was read; 206: `grey` is to be read; 204: nothing is there yet; 403: the camera may not be used; 404:
    /// there is none; 422: no picture; else it cannot be had.
    pub status: u16,
    /// What the browser has read.
    pub text: String,
    /// Grey points, line by line.
    pub grey: Vec<u8>,
    /// Points in a line.
    pub width: usize,
}

/// Looks at the picture that was just chosen in the field with this id.
pub async fn picture_of(id: &str) -> Seen {
    imp::picture_of(id).await
}

/// Opens the camera into the video with this id.
pub async fn camera_open(id: &str) -> Seen {
    imp::camera_open(id).await
}

/// What the camera sees now; status 0 once it is closed.
pub async fn camera_look(id: &str) -> Seen {
    imp::camera_look(id).await
}

/// Closes the camera.
pub fn camera_close(id: &str) {
    imp::camera_close(id);
}

/// One call; status 0 if no answer came.
pub async fn call(method: &str, path: &str, body: Option<String>) -> (u16, String) {
    imp::call(method, path, body).await
}

/// A picture of the server as an address that an image can have; none if it cannot be had now.
pub async fn image(path: &str) -> Option<String> {
    match imp::image(path).await {
        (200, url) => Some(url),
        _ => None,
    }
}

/// Takes the file that was just chosen in the field with this id; its bytes stay with the page. Status 200 and the
/// file's name as JSON, or a problem.
pub async fn choose(id: &str, most_bytes: u32) -> (u16, String) {
    imp::choose(id, most_bytes).await
}

/// Sends the chosen bytes; status 0 if no answer came.
pub async fn upload(id: &str, path: &str, map: Option<String>) -> (u16, String) {
    imp::upload(id, path, map).await
}

/// Calls `look` every `ms` while the page is seen, and when somebody returns to it.
pub fn while_seen(ms: u32, look: impl FnMut() + 'static) {
    imp::while_seen(ms, look);
}

/// A UUIDv7 for a command, drawn before it is sent, so that sending it again changes nothing; none if the
/// browser gives no random numbers.
pub fn command_id() -> Option<String> {
    use crate::platform::entropy::{Entropy, SystemEntropy};
    let mut random = [0; 10];
    SystemEntropy.fill(&mut random).ok()?;
    let ms = u64::try_from(crate::state::clock::now().0).unwrap_or(0);
    let id = uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid();
    Some(id.to_string())
}

#[cfg(test)]
mod tests {
    use super::command_id;

    #[test]
    fn every_command_has_an_id_of_its_own() {
        let (a, b) = (command_id().unwrap(), command_id().unwrap());
        assert_ne!(a, b);
        assert_eq!(a.parse::<uuid::Uuid>().unwrap().get_version_num(), 7);
    }
}
