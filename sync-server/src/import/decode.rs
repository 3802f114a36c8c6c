//! Bytes to UTF-8, streaming: byte order marks, GB18030, UTF-16.
//!
//! Decoding comes before the rows are cut: a GB18030 character may contain bytes that look like
//! delimiters. What can't be decoded becomes U+FFFD, which the row reader refuses by line and column.

use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::{Decoder, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::map::Encoding;

const CHUNK_BYTES: usize = 64 << 10;

/// What the file is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detected {
    encoding: &'static encoding_rs::Encoding,
    /// Bytes of the byte order mark.
    skip: u64,
}

impl Detected {
    /// `UTF-8`, `gb18030`, `UTF-16LE` or `UTF-16BE`.
    pub fn name(&self) -> &'static str {
        self.encoding.name()
    }
}

/// Finds out what the bytes are, by byte order mark, by the map, or by their validity.
pub fn detect(input: &mut (impl Read + Seek), wanted: Encoding) -> io::Result<Detected> {
    input.seek(SeekFrom::Start(0))?;
    let mut head = [0u8; 3];
    let mut filled = 0;
    while let Some(free) = head.get_mut(filled..).filter(|f| !f.is_empty()) {
        match input.read(free)? {
            0 => break,
            n => filled += n,
        }
    }
    let marked = |encoding, skip| Ok(Detected { encoding, skip });
    match (head.get(..filled).unwrap_or_default(), wanted) {
        ([0xef, 0xbb, 0xbf], Encoding::Auto | Encoding::Utf8) => return marked(UTF_8, 3),
        ([0xff, 0xfe, ..], Encoding::Auto | Encoding::Utf16) => return marked(UTF_16LE, 2),
        ([0xfe, 0xff, ..], Encoding::Auto | Encoding::Utf16) => return marked(UTF_16BE, 2),
        _ => {}
    }
    let encoding = match wanted {
        Encoding::Utf8 => UTF_8,
        Encoding::Gb18030 => GB18030,
        Encoding::Utf16 => UTF_16LE,
        // A file that is valid in neither is read as UTF-8, so that its bad rows are named.
        Encoding::Auto if valid(input, UTF_8)? || !valid(input, GB18030)? => UTF_8,
        Encoding::Auto => GB18030,
    };
    marked(encoding, 0)
}

/// Do all bytes decode without an error?
fn valid(
    input: &mut (impl Read + Seek),
    encoding: &'static encoding_rs::Encoding,
) -> io::Result<bool> {
    input.seek(SeekFrom::Start(0))?;
    let mut reader = DecodingReader::new(input, encoding);
    let mut sink = vec![0u8; CHUNK_BYTES];
    while reader.read(&mut sink)? > 0 {
        if reader.had_errors {
            return Ok(false);
        }
    }
    Ok(!reader.had_errors)
}

/// Opens the text behind the bytes.
pub fn open<R: Read + Seek>(mut input: R, detected: Detected) -> io::Result<DecodingReader<R>> {
    input.seek(SeekFrom::Start(detected.skip))?;
    Ok(DecodingReader::new(input, detected.encoding))
}

/// Reads bytes of some encoding as UTF-8; errors become U+FFFD.
pub struct DecodingReader<R> {
    input: R,
    decoder: Decoder,
    /// Bytes read and not yet decoded: `raw[from..to]`.
    raw: Vec<u8>,
    from: usize,
    to: usize,
    /// Text decoded and not yet handed out: `text[given..ready]`.
    text: Vec<u8>,
    given: usize,
    ready: usize,
    finished: bool,
    had_errors: bool,
}

impl<R: Read> DecodingReader<R> {
    fn new(input: R, encoding: &'static encoding_rs::Encoding) -> Self {
        Self {
            input,
            decoder: encoding.new_decoder_without_bom_handling(),
            raw: vec![0; CHUNK_BYTES],
            from: 0,
            to: 0,
            text: vec![0; CHUNK_BYTES],
            given: 0,
            ready: 0,
            finished: false,
            had_errors: false,
        }
    }

    /// Decodes until there is some text or the input ends.
    fn refill(&mut self) -> io::Result<()> {
        (self.given, self.ready) = (0, 0);
        while self.ready == 0 && !self.finished {
            let mut last = false;
            if self.from == self.to {
                (self.from, self.to) = (0, self.input.read(&mut self.raw)?);
                last = self.to == 0;
            }
            let raw = self.raw.get(self.from..self.to).unwrap_or_default();
            let (result, read, written, errors) =
                self.decoder.decode_to_utf8(raw, &mut self.text, last);
            self.from += read;
            self.ready = written;
            self.had_errors |= errors;
            self.finished = last && result == encoding_rs::CoderResult::InputEmpty;
        }
        Ok(())
    }
}

impl<R: Read> Read for DecodingReader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.given == self.ready {
            self.refill()?;
        }
        let text = self.text.get(self.given..self.ready).unwrap_or_default();
        let n = text.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..n), text.get(..n)) {
            to.copy_from_slice(from);
        }
        self.given += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn read_all(bytes: &[u8], wanted: Encoding) -> (String, &'static str) {
        let mut input = Cursor::new(bytes.to_vec());
        let detected = detect(&mut input, wanted).unwrap();
        let mut text = String::new();
        open(input, detected)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        (text, detected.name())
    }

    #[test]
    fn encodings_are_found_by_mark_or_by_validity() {
        let gb = encoding_rs::GB18030
            .encode("客户,金额\n城西五金,1.00")
            .0
            .into_owned();
        let utf16: Vec<u8> = "\u{feff}客户"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let check = |bytes: &[u8], wanted, text: &str, name: &str| {
            assert_eq!(read_all(bytes, wanted), (text.to_owned(), name));
        };
        check("客户".as_bytes(), Encoding::Auto, "客户", "UTF-8");
        check("\u{feff}客户".as_bytes(), Encoding::Auto, "客户", "UTF-8");
        check("\u{feff}客户".as_bytes(), Encoding::Utf8, "客户", "UTF-8");
        check(&gb, Encoding::Auto, "客户,金额\n城西五金,1.00", "gb18030");
        check(&utf16, Encoding::Auto, "客户", "UTF-16LE");
        check(b"", Encoding::Auto, "", "UTF-8");
        check(b"a\xff\xffb", Encoding::Auto, "a\u{fffd}\u{fffd}b", "UTF-8");
        check(b"a\xe5", Encoding::Utf8, "a\u{fffd}", "UTF-8");
    }

    #[test]
    fn text_longer_than_a_chunk_is_decoded_whole() {
        let long = "五金".repeat(CHUNK_BYTES);
        let gb = encoding_rs::GB18030.encode(&long).0.into_owned();
        assert_eq!(read_all(&gb, Encoding::Gb18030).0, long);
        assert_eq!(read_all(long.as_bytes(), Encoding::Auto).0, long);
    }
}
