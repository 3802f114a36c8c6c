//! Randomness: keys, actor ids, element ids.

/// Gives random bytes.
pub trait Entropy {
    /// Fills the buffer; an error if the system has no randomness to give.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError>;
}

/// The system gave no randomness; nothing that needs keys or ids can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no randomness")]
pub struct EntropyError;

impl EntropyError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        "device.no_entropy"
    }
}

/// The system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(buffer).map_err(|_| EntropyError)
    }
}
