//! Counts the rows a change chunk claims, without believing it: a run length of a few bytes can claim 2⁶⁰ operations,
//! and automerge would walk through all of them.

/// Most rows any column may claim; a change has at most 500 operations and few predecessors each.
const ROWS_MAX: u64 = 4_000;
/// Magic bytes of an automerge chunk.
const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// Type of an uncompressed change.
const CHANGE: u8 = 1;
/// Bit of a column's name that says "deflated"; never written by us.
const DEFLATED: u64 = 8;

/// Whether the bytes are one uncompressed change whose columns claim a sane number of rows.
pub(super) fn is_bounded(bytes: &[u8]) -> bool {
    bounded(bytes).is_some()
}

fn bounded(bytes: &[u8]) -> Option<()> {
    let mut rest = Reader(bytes);
    (rest.take(4)? == MAGIC).then_some(())?;
    rest.take(4)?; // the checksum: the hash is compared instead
    (rest.take(1)? == [CHANGE]).then_some(())?;
    let length = rest.unsigned()?;
    (usize::try_from(length).ok()? == rest.0.len()).then_some(())?;
    for _ in 0..rest.count(1_000)? {
        rest.take(32)?;
    }
    rest.sized()?; // actor
    rest.unsigned()?; // seq
    rest.unsigned()?; // first operation
    rest.signed()?; // time
    rest.sized()?; // message
    for _ in 0..rest.count(1_000)? {
        rest.sized()?;
    }
    let mut columns = Vec::new();
    for _ in 0..rest.count(32)? {
        columns.push((rest.unsigned()?, rest.unsigned()?));
    }
    for (name, length) in columns {
        (name & DEFLATED == 0).then_some(())?;
        let mut column = Reader(rest.take(usize::try_from(length).ok()?)?);
        (column.rows(name & 7)? <= ROWS_MAX).then_some(())?;
    }
    Some(())
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(head)
    }

    fn sized(&mut self) -> Option<&'a [u8]> {
        let len = usize::try_from(self.unsigned()?).ok()?;
        self.take(len)
    }

    fn count(&mut self, most: u64) -> Option<u64> {
        self.unsigned().filter(|count| *count <= most)
    }

    fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..63).step_by(7) {
            let [byte] = *self.take(1)? else { return None };
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let mut value = 0i64;
        for shift in (0..63).step_by(7) {
            let [byte] = *self.take(1)? else { return None };
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let negative = byte & 0x40 != 0 && shift + 7 < 64;
                return Some(if negative { value | (-1i64 << (shift + 7)) } else { value });
            }
        }
        None
    }

    /// Rows of one column, by its kind: 4 is booleans (run lengths), 7 raw bytes, all others are runs of values.
    fn rows(&mut self, kind: u64) -> Option<u64> {
        if kind == 7 {
            return Some(0);
        }
        let mut rows = 0u64;
        while !self.0.is_empty() {
            let run = if kind == 4 { self.unsigned()? } else { self.run(kind)? };
            rows = rows.checked_add(run)?;
            if ROWS_MAX < rows {
                return None;
            }
        }
        Some(rows)
    }

    fn run(&mut self, kind: u64) -> Option<u64> {
        let length = self.signed()?;
        if length == 0 {
            return self.unsigned(); // so many nulls
        }
        let literals = if length < 0 { length.unsigned_abs() } else { 1 };
        for _ in 0..literals {
            match kind {
                3 => drop(self.signed()?),
                5 => drop(self.sized()?),
                _ => drop(self.unsigned()?),
            }
        }
        Some(length.unsigned_abs())
    }
}
