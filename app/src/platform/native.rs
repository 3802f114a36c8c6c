//! The native side of the platform: a window on Linux, macOS or Windows; phones say what they lack.

use std::{path::PathBuf, rc::Rc};

use futures::stream::LocalBoxStream;
use shared::evidence::Fix;

use super::{
    LocalBoxFuture, Platform,
    camera::{Camera, CameraError, Picture},
    clock::SystemClock,
    device::Device,
    place::{Place, PlaceError},
    share::Share,
};

/// This computer.
pub fn platform() -> Platform {
    let computer = Rc::new(Computer);
    Platform {
        place: computer.clone(),
        camera: computer.clone(),
        share: computer.clone(),
        device: computer,
        clock: Rc::new(SystemClock),
    }
}

/// Waits; on a tokio runtime.
pub async fn sleep(ms: u32) {
    tokio::time::sleep(std::time::Duration::from_millis(u64::from(ms))).await;
}

/// Where stores lie: `HUIKUAN_DATA`, else the user's data folder.
///
/// Android has no such folder in the environment: its shell sets `HUIKUAN_DATA` to the app's files
/// folder before it starts us.
pub fn data_folder() -> PathBuf {
    let from = |name: &str| {
        std::env::var_os(name)
            .filter(|v| !v.is_empty())
            .map(PathBuf::from)
    };
    if let Some(folder) = from("HUIKUAN_DATA") {
        return folder;
    }
    let base = if cfg!(target_os = "macos") {
        from("HOME").map(|home| home.join("Library/Application Support"))
    } else if cfg!(windows) {
        from("LOCALAPPDATA")
    } else {
        from("XDG_DATA_HOME").or_else(|| from("HOME").map(|home| home.join(".local/share")))
    };
    base.unwrap_or_else(|| PathBuf::from(".")).join("huikuan")
}

struct Computer;

impl Place for Computer {
    fn fix(&self) -> LocalBoxFuture<'static, Result<Fix, PlaceError>> {
        Box::pin(async { Err(PlaceError::NotSupported) })
    }
}

impl Camera for Computer {
    fn take(
        &self,
        _mark: Vec<String>,
    ) -> LocalBoxFuture<'static, Result<Option<Picture>, CameraError>> {
        Box::pin(async { Err(CameraError::NotSupported) })
    }
}

impl Share for Computer {
    fn share(
        &self,
        _title: String,
        _text: String,
        _picture: Option<(String, String, Vec<u8>)>,
    ) -> LocalBoxFuture<'static, bool> {
        Box::pin(async { false })
    }

    fn copy(&self, _text: String) -> LocalBoxFuture<'static, bool> {
        Box::pin(async { false })
    }

    fn print(&self) {}
}

impl Device for Computer {
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
        env!("CARGO_PKG_VERSION").to_owned()
    }

    fn keep_storage(&self) -> LocalBoxFuture<'static, bool> {
        Box::pin(async { true })
    }

    fn setting(&self, key: &str) -> Option<String> {
        let text = std::fs::read_to_string(settings_file()).ok()?;
        let all: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).ok()?;
        all.get(key)?.as_str().map(str::to_owned)
    }

    fn set_setting(&self, key: &str, value: &str) {
        let file = settings_file();
        let old = std::fs::read_to_string(&file).unwrap_or_default();
        let mut all: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&old).unwrap_or_default();
        all.insert(key.to_owned(), value.into());
        // Best effort: a setting that cannot be written lasts until the window closes.
        let _ = std::fs::create_dir_all(data_folder());
        let _ = std::fs::write(file, serde_json::Value::Object(all).to_string());
    }

    fn languages(&self) -> Vec<String> {
        let lang = std::env::var("LC_ALL").or_else(|_| std::env::var("LANG"));
        let lang = lang.unwrap_or_default();
        let code = lang.split('.').next().unwrap_or_default().replace('_', "-");
        if code.is_empty() { vec![] } else { vec![code] }
    }

    fn label(&self) -> String {
        match std::env::consts::OS {
            "linux" => "Linux",
            "macos" => "Mac",
            "windows" => "Windows",
            "android" => "Android",
            "ios" => "iPhone",
            other => other,
        }
        .to_owned()
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

fn settings_file() -> PathBuf {
    data_folder().join("settings.json")
}
