//! Taking photos: made small (longest side 1,600 px, JPEG) and marked with time and place.

use super::LocalBoxFuture;

/// A photo ready to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Media type, `image/jpeg`.
    pub media_type: String,
    /// Bytes.
    pub bytes: Vec<u8>,
}

/// Why there is no photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CameraError {
    /// The file cannot be read as a picture.
    #[error("not a picture")]
    Unreadable,
    /// This device has no camera and no files to choose from.
    #[error("this device cannot take photos")]
    NotSupported,
}

impl CameraError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable => "camera.unreadable",
            Self::NotSupported => "camera.not_supported",
        }
    }
}

/// Takes photos.
pub trait Camera {
    /// Opens the camera or the file chooser. `mark` is written into the picture's lower edge, line by
    /// line (time, place). None if the person thought better of it. Call it from a tap: browsers
    /// open choosers only then.
    fn take(
        &self,
        mark: Vec<String>,
    ) -> LocalBoxFuture<'static, Result<Option<Picture>, CameraError>>;
}
