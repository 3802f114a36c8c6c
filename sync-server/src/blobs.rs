//! Bytes of attachments on disk: `attachments/<first two hex digits>/<hash>`, and `<hash>.part` while
//! they arrive in pieces.
//!
//! Invariant: a file without `.part` holds exactly the bytes of its name's hash: it gets its name by a
//! rename after the whole was hashed and flushed.

use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use sha2::{Digest as _, Sha256};
use shared::ids::ContentHash;

use crate::store::StoreError;

/// Why a piece was not taken.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// It does not begin where the last one ended.
    #[error("the next piece begins at {expected}")]
    Offset {
        /// Where the next piece begins.
        expected: u64,
    },
    /// More bytes than the record states.
    #[error("more bytes than announced")]
    TooLong,
    /// All bytes are there and their hash is another one; they were thrown away.
    #[error("the bytes are not those of this hash")]
    WrongHash,
    /// Another request is writing the same attachment.
    #[error("another upload of the same attachment is under way")]
    Locked,
    /// The disk refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<std::io::Error> for BlobError {
    fn from(error: std::io::Error) -> Self {
        Self::Store(error.into())
    }
}

/// The folder of attachments.
#[derive(Debug)]
pub struct Blobs {
    dir: PathBuf,
    writing: Mutex<BTreeSet<ContentHash>>,
}

/// Held while one request writes an attachment.
struct Writing<'a> {
    blobs: &'a Blobs,
    hash: ContentHash,
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        let mut writing = self
            .blobs
            .writing
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        writing.remove(&self.hash);
    }
}

impl Blobs {
    /// The attachments of a data folder.
    pub fn new(data: &Path) -> Self {
        Self {
            dir: data.join("attachments"),
            writing: Mutex::default(),
        }
    }

    fn path(&self, hash: ContentHash, part: bool) -> PathBuf {
        let name = hash.to_string();
        let folder = name.get(..2).unwrap_or_default();
        let ending = if part { ".part" } else { "" };
        self.dir.join(folder).join(format!("{name}{ending}"))
    }

    /// How many bytes have arrived.
    pub fn received(&self, hash: ContentHash) -> u64 {
        let length = |part| fs::metadata(self.path(hash, part)).map(|m| m.len());
        length(false).or_else(|_| length(true)).unwrap_or(0)
    }

    /// Takes a piece; gives how many bytes have arrived now. With the last one the whole is checked
    /// and gets its name.
    pub fn append(
        &self,
        hash: ContentHash,
        offset: u64,
        piece: &[u8],
        size: u64,
    ) -> Result<u64, BlobError> {
        let _writing = self.begin(hash)?;
        let received = self.received(hash);
        if offset != received {
            return Err(BlobError::Offset { expected: received });
        }
        let end = offset + piece.len() as u64;
        if end > size {
            return Err(BlobError::TooLong);
        }
        if self.path(hash, false).exists() {
            return Ok(received);
        }
        let path = self.path(hash, true);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
        if let Err(error) = file.write_all(piece) {
            // Half a piece would shift everything behind it.
            let _ = file.set_len(offset);
            return Err(error.into());
        }
        if end == size {
            self.complete(hash, &file, &path)?;
        }
        Ok(end)
    }

    fn begin(&self, hash: ContentHash) -> Result<Writing<'_>, BlobError> {
        let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        match writing.insert(hash) {
            true => Ok(Writing { blobs: self, hash }),
            false => Err(BlobError::Locked),
        }
    }

    fn complete(&self, hash: ContentHash, file: &File, path: &Path) -> Result<(), BlobError> {
        let whole: [u8; 32] = Sha256::digest(fs::read(path)?).into();
        if whole != hash.0 {
            fs::remove_file(path)?;
            return Err(BlobError::WrongHash);
        }
        file.sync_all()?;
        fs::rename(path, self.path(hash, false))?;
        if let Some(folder) = path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    /// Is all of it there?
    pub fn is_complete(&self, hash: ContentHash) -> bool {
        self.path(hash, false).exists()
    }

    /// Bytes `from..to` of a complete attachment (`to` beyond the end reads to the end), with the
    /// whole length; none if it is not there.
    pub fn read(
        &self,
        hash: ContentHash,
        from: u64,
        to: u64,
    ) -> Result<Option<(Vec<u8>, u64)>, StoreError> {
        let mut file = match File::open(self.path(hash, false)) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e.into()),
        };
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(from.min(length)))?;
        let mut bytes = Vec::new();
        file.take(to.saturating_sub(from)).read_to_end(&mut bytes)?;
        Ok(Some((bytes, length)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash_of(bytes: &[u8]) -> ContentHash {
        ContentHash(Sha256::digest(bytes).into())
    }

    #[test]
    fn pieces_go_on_where_they_ended_and_only_the_right_bytes_get_the_name() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::new(dir.path());
        let bytes = b"a photo of a shop";
        let (hash, size) = (hash_of(bytes), bytes.len() as u64);
        assert_eq!(blobs.append(hash, 0, &bytes[..5], size).unwrap(), 5);
        // A reopened server goes on from the same place.
        let blobs = Blobs::new(dir.path());
        assert_eq!(blobs.received(hash), 5);
        let again = blobs.append(hash, 0, &bytes[..5], size);
        assert!(matches!(again, Err(BlobError::Offset { expected: 5 })));
        assert!(!blobs.is_complete(hash));
        assert_eq!(blobs.append(hash, 5, &bytes[5..], size).unwrap(), size);
        assert!(blobs.is_complete(hash));
        let (read, length) = blobs.read(hash, 2, 7).unwrap().unwrap();
        assert_eq!((read.as_slice(), length), (&bytes[2..7], size));
    }

    #[test]
    fn bytes_of_another_hash_are_thrown_away() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::new(dir.path());
        let hash = hash_of(b"right");
        let refused = blobs.append(hash, 0, b"wrong", 5);
        assert!(matches!(refused, Err(BlobError::WrongHash)));
        assert_eq!(blobs.received(hash), 0);
        assert!(matches!(
            blobs.append(hash, 0, b"too long", 5),
            Err(BlobError::TooLong)
        ));
        assert_eq!(blobs.append(hash, 0, b"right", 5).unwrap(), 5);
    }
}
