//! Migrations without their comments and indents: the client is downloaded with them, and SQLite keeps the text of
//! what they make.

/// A file of SQL, without comments and indents; made when the program is compiled.
macro_rules! sql_file {
    ($path:literal) => {{
        const TEXT: &str = include_str!($path);
        const BYTES: [u8; sql_text::length(TEXT)] = sql_text::bare(TEXT);
        match std::str::from_utf8(&BYTES) {
            Ok(text) => text,
            // It was text before, and only whole characters have gone.
            Err(_) => TEXT,
        }
    }};
}
pub(super) use sql_file;

/// How many bytes are left of a text.
pub(super) const fn length(text: &str) -> usize {
    let mut left = 0;
    let mut reader = Reader::new(text);
    while reader.next().is_some() {
        left += 1;
    }
    left
}

/// What is left of a text, of the length that [`length`] says.
pub(super) const fn bare<const N: usize>(text: &str) -> [u8; N] {
    let mut found = [b' '; N];
    let mut reader = Reader::new(text);
    let mut at = 0;
    while at < N {
        match reader.next() {
            Some(byte) => found[at] = byte,
            None => break,
        }
        at += 1;
    }
    found
}

/// Goes over a text byte by byte. Within quotes everything counts.
struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    is_quoted: bool,
    is_line_begun: bool,
}

impl<'t> Reader<'t> {
    const fn new(text: &'t str) -> Self {
        Self {
            text: text.as_bytes(),
            at: 0,
            is_quoted: false,
            is_line_begun: false,
        }
    }

    const fn is(&self, at: usize, byte: u8) -> bool {
        at < self.text.len() && self.text[at] == byte
    }

    const fn next(&mut self) -> Option<u8> {
        while self.at < self.text.len() {
            let at = self.at;
            if !self.is_quoted && self.is(at, b'-') && self.is(at + 1, b'-') {
                while self.at < self.text.len() && !self.is(self.at, b'\n') {
                    self.at += 1;
                }
                continue;
            }
            self.at += 1;
            let byte = self.text[at];
            let is_space = matches!(byte, b' ' | b'\n');
            if !self.is_quoted && !self.is_line_begun && is_space {
                continue;
            }
            if byte == b'\'' {
                self.is_quoted = !self.is_quoted;
            }
            self.is_line_begun = byte != b'\n' || self.is_quoted;
            return Some(byte);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_indents_go_and_what_is_quoted_stays() {
        let check = |text: &str, expected: &str| {
            let mut found = Vec::new();
            let mut reader = Reader::new(text);
            while let Some(byte) = reader.next() {
                found.push(byte);
            }
            assert_eq!(String::from_utf8(found).unwrap(), expected);
            assert_eq!(length(text), expected.len());
        };
        check("-- why\nSELECT 1;\n", "SELECT 1;\n");
        check("SELECT a, -- first\n  b;", "SELECT a, \nb;");
        check("\n\n  SELECT 'x -- y\n  z';\n\n", "SELECT 'x -- y\n  z';\n");
        check("SELECT 1 - -1;", "SELECT 1 - -1;");
        check("SELECT '它''s'; -- 注\n", "SELECT '它''s'; \n");
        check("", "");
    }
}
