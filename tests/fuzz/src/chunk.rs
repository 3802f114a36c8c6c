//! A change chunk taken apart and put together again, so that a change of one part leaves the rest
//! readable: lengths are written anew (the checksum is not part of a frame).

/// The parts of a frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Chunk type; 1 is a change.
    pub chunk_type: u8,
    /// Changes it builds on.
    pub dependencies: Vec<[u8; 32]>,
    /// Actor.
    pub actor: Vec<u8>,
    /// Number of the change by its actor.
    pub seq: u64,
    /// Counter of its first operation.
    pub start_op: u64,
    /// Seconds since 1970, as encoded.
    pub time: Vec<u8>,
    /// Message.
    pub message: Vec<u8>,
    /// Other actors that it names.
    pub other_actors: Vec<Vec<u8>>,
    /// Columns: specification and data.
    pub columns: Vec<(u64, Vec<u8>)>,
    /// What stands behind the columns.
    pub rest: Vec<u8>,
}

impl Parts {
    /// Takes a frame apart; none if it is no change.
    pub fn of(frame: &[u8]) -> Option<Self> {
        let mut input = Input(frame);
        let chunk_type = input.take(1)?[0];
        input.number()?;
        let mut parts = Self {
            chunk_type,
            ..Self::default()
        };
        for _ in 0..input.number()? {
            parts.dependencies.push(input.take(32)?.try_into().ok()?);
        }
        parts.actor = input.bytes()?;
        parts.seq = input.number()?;
        parts.start_op = input.number()?;
        parts.time = input.raw_number()?;
        parts.message = input.bytes()?;
        for _ in 0..input.number()? {
            parts.other_actors.push(input.bytes()?);
        }
        let mut columns = Vec::new();
        for _ in 0..input.number()? {
            columns.push((input.number()?, input.number()?));
        }
        for (specification, length) in columns {
            let data = input.take(usize::try_from(length).ok()?)?;
            parts.columns.push((specification, data.to_vec()));
        }
        parts.rest = input.0.to_vec();
        Some(parts)
    }

    /// The frame of these parts.
    pub fn frame(&self) -> Vec<u8> {
        let mut body = Vec::new();
        number(&mut body, self.dependencies.len() as u64);
        self.dependencies.iter().for_each(|d| body.extend(d));
        bytes(&mut body, &self.actor);
        number(&mut body, self.seq);
        number(&mut body, self.start_op);
        body.extend(&self.time);
        bytes(&mut body, &self.message);
        number(&mut body, self.other_actors.len() as u64);
        self.other_actors.iter().for_each(|a| bytes(&mut body, a));
        number(&mut body, self.columns.len() as u64);
        for (specification, data) in &self.columns {
            number(&mut body, *specification);
            number(&mut body, data.len() as u64);
        }
        self.columns.iter().for_each(|(_, data)| body.extend(data));
        body.extend(&self.rest);
        with_length(self.chunk_type, &body)
    }

    /// The data of a column.
    pub fn column(&mut self, specification: u64) -> Option<&mut Vec<u8>> {
        let found = self.columns.iter_mut().find(|(s, _)| *s == specification);
        found.map(|(_, data)| data)
    }
}

/// Type, length and contents of a chunk: a frame.
pub fn with_length(chunk_type: u8, body: &[u8]) -> Vec<u8> {
    let mut frame = vec![chunk_type];
    bytes(&mut frame, body);
    frame
}

/// Writes unsigned LEB128.
pub fn number(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

fn bytes(out: &mut Vec<u8>, data: &[u8]) {
    number(out, data.len() as u64);
    out.extend(data);
}

struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn raw_number(&mut self) -> Option<Vec<u8>> {
        let length = 1 + self.0.iter().position(|byte| byte & 0x80 == 0)?;
        self.take(length).map(<[u8]>::to_vec)
    }

    fn number(&mut self) -> Option<u64> {
        let raw = self.raw_number().filter(|raw| raw.len() < 10)?;
        Some(
            raw.iter()
                .rev()
                .fold(0, |n, byte| n << 7 | u64::from(byte & 0x7f)),
        )
    }

    fn bytes(&mut self) -> Option<Vec<u8>> {
        let length = self.number()?;
        self.take(usize::try_from(length).ok()?).map(<[u8]>::to_vec)
    }
}
