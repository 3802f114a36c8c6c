//! Compressed twins (`.br`, `.gz`), made once here instead of at every request.

use crate::files::Tree;
use std::io::Write as _;

/// How long compression may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Quick, for builds that stay on this machine.
    Dev,
    /// The smallest, for builds that travel.
    Release,
}

const WORTH_IT: &[&str] = &[
    "wasm",
    "js",
    "css",
    "html",
    "json",
    "webmanifest",
    "svg",
    "ftl",
    "txt",
];

/// The twins of every file that gets smaller, by name (`boot.js.br`, `boot.js.gz`).
pub fn all(site: &Tree, effort: Effort) -> Tree {
    let mut twins = Tree::new();
    for (name, bytes) in site {
        if !name
            .rsplit_once('.')
            .is_some_and(|(_, extension)| WORTH_IT.contains(&extension))
        {
            continue;
        }
        for (suffix, twin) in [("br", brotli(bytes, effort)), ("gz", gzip(bytes, effort))] {
            if twin.len() < bytes.len() {
                twins.insert(format!("{name}.{suffix}"), twin);
            }
        }
    }
    twins
}

fn brotli(bytes: &[u8], effort: Effort) -> Vec<u8> {
    let quality = if effort == Effort::Release { 11 } else { 4 };
    let params = brotli::enc::BrotliEncoderParams {
        quality,
        // A window of 4 MB: larger ones make the client larger.
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut encoder = brotli::CompressorWriter::with_params(Vec::new(), 64 * 1024, &params);
    // Writing into memory does not fail; if it did, the twin would not be smaller and be left out.
    if encoder.write_all(bytes).is_err() {
        return bytes.to_vec();
    }
    encoder.into_inner()
}

fn gzip(bytes: &[u8], effort: Effort) -> Vec<u8> {
    let level = if effort == Effort::Release {
        flate2::Compression::best()
    } else {
        flate2::Compression::fast()
    };
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
    if encoder.write_all(bytes).is_err() {
        return bytes.to_vec();
    }
    encoder.finish().unwrap_or_else(|_| bytes.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn twins_hold_the_same_bytes_and_pictures_get_none() {
        let text = "回款 ".repeat(500).into_bytes();
        let site = Tree::from([
            ("a.js".to_owned(), text.clone()),
            ("b.png".to_owned(), text.clone()),
        ]);
        for effort in [Effort::Dev, Effort::Release] {
            let twins = all(&site, effort);
            assert_eq!(twins.keys().collect::<Vec<_>>(), ["a.js.br", "a.js.gz"]);
            let mut brotli = Vec::new();
            brotli::Decompressor::new(twins["a.js.br"].as_slice(), 4096)
                .read_to_end(&mut brotli)
                .unwrap();
            assert_eq!(brotli, text);
            let mut gzip = Vec::new();
            flate2::read::GzDecoder::new(twins["a.js.gz"].as_slice())
                .read_to_end(&mut gzip)
                .unwrap();
            assert_eq!(gzip, text);
        }
    }

    #[test]
    fn a_file_that_does_not_shrink_gets_no_twin() {
        assert!(
            all(
                &Tree::from([("a.js".to_owned(), b"1".to_vec())]),
                Effort::Release
            )
            .is_empty()
        );
    }
}
