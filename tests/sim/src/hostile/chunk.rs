//! Bytes of a change, bent: lengths, columns and the checksum are put right again, so that what is tried is not the first
//! comparison but what stands behind it.

use ruhu_core::ids::Hash32;

use crate::dice::Dice;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// Kinds of chunk: a whole document, a change, a deflated change, a bundle, one that does not exist.
const KINDS: [u8; 5] = [0, 1, 2, 3, 200];
/// Numbers that end in trouble somewhere.
const EDGES: [u64; 10] =
    [0, 1, 127, 4_000, 65_536, 1 << 31, 1 << 32, (1 << 53) - 1, i64::MAX.unsigned_abs(), u64::MAX];

/// A number that ends in trouble somewhere.
pub(super) fn edge(dice: &mut Dice) -> u64 {
    dice.pick(&EDGES).copied().unwrap_or_default()
}

/// The hash a chunk has: over everything behind the checksum.
#[must_use]
pub(super) fn hash_of(chunk: &[u8]) -> Hash32 {
    Hash32::of(&[chunk.get(8..).unwrap_or_default()])
}

/// Bends a change in one to three places.
pub(super) fn bend(dice: &mut Dice, chunk: &[u8]) -> Vec<u8> {
    let Some((mut kind, mut body)) = opened(chunk) else { return chunk.to_vec() };
    for _ in 0..dice.between(1, 3) {
        match dice.below(9) {
            0..=2 => flip(dice, &mut body),
            3 => {
                let at = place(dice, &body);
                body.truncate(at);
            }
            4 => number(dice, &mut body),
            5 => repeat(dice, &mut body),
            6 => columns(dice, &mut body),
            7 => kind = dice.pick(&KINDS).copied().unwrap_or(1),
            _ => {
                body = deflated(&body);
                kind = 2;
            }
        }
    }
    let mut closed = closed(kind, &body);
    if dice.chance(20) {
        // Behind the chunk, or another one.
        let more = closed.clone();
        closed.extend_from_slice(if dice.chance(500) { &more } else { &[0] });
    }
    if dice.chance(20) {
        flip(dice, &mut closed);
    }
    closed
}

fn opened(chunk: &[u8]) -> Option<(u8, Vec<u8>)> {
    let (head, rest) = chunk.split_at_checked(9)?;
    let kind = head.last().copied()?;
    let skip = rest.iter().position(|byte| byte & 0x80 == 0)?;
    Some((kind, rest.get(skip + 1..)?.to_vec()))
}

fn closed(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut behind = vec![kind];
    leb(&mut behind, u64::try_from(body.len()).unwrap_or(u64::MAX));
    behind.extend_from_slice(body);
    let mut chunk = MAGIC.to_vec();
    chunk.extend_from_slice(Hash32::of(&[&behind]).0.get(..4).unwrap_or_default());
    chunk.extend_from_slice(&behind);
    chunk
}

/// A number as automerge writes it.
pub(super) fn leb(to: &mut Vec<u8>, mut number: u64) {
    loop {
        let byte = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            to.push(byte);
            return;
        }
        to.push(byte | 0x80);
    }
}

fn place(dice: &mut Dice, bytes: &[u8]) -> usize {
    usize::try_from(dice.below(u32::try_from(bytes.len()).unwrap_or(u32::MAX))).unwrap_or(0)
}

fn flip(dice: &mut Dice, bytes: &mut [u8]) {
    let at = place(dice, bytes);
    let to = match dice.below(4) {
        0 => 0,
        1 => 0x7f,
        2 => 0xff,
        _ => u8::try_from(dice.below(256)).unwrap_or_default(),
    };
    if let Some(byte) = bytes.get_mut(at) {
        *byte = if dice.chance(500) { *byte ^ (1 << dice.below(8)) } else { to };
    }
}

/// A number from the edge in place of a byte: counts, lengths, operations.
fn number(dice: &mut Dice, body: &mut Vec<u8>) {
    let at = place(dice, body);
    let mut bytes = Vec::new();
    leb(&mut bytes, edge(dice));
    let end = (at + 1).min(body.len());
    body.splice(at..end, bytes);
}

fn repeat(dice: &mut Dice, body: &mut Vec<u8>) {
    let from = place(dice, body);
    let length = usize::try_from(dice.between(1, 64)).unwrap_or(1);
    let part: Vec<u8> = body.iter().skip(from).take(length).copied().collect();
    let at = place(dice, body);
    body.splice(at..at, part);
}

/// A run length that claims very many rows, or a column nobody knows, near the end where the columns stand.
fn columns(dice: &mut Dice, body: &mut Vec<u8>) {
    let mut bytes = Vec::new();
    if dice.chance(500) {
        leb(&mut bytes, edge(dice));
        bytes.push(1);
    } else {
        bytes.extend_from_slice(&[u8::try_from(dice.below(256)).unwrap_or_default(), 2, 0x02, 0x01]);
    }
    let half = body.len() / 2;
    let at = half + place(dice, body.get(half..).unwrap_or_default());
    body.splice(at..at, bytes);
}

/// The body as a deflate stream of stored blocks; now and then with a last block that lies about its length.
fn deflated(body: &[u8]) -> Vec<u8> {
    let mut stream = Vec::new();
    let blocks: Vec<&[u8]> = body.chunks(60_000).collect();
    for (nth, block) in blocks.iter().enumerate() {
        stream.push(u8::from(nth + 1 == blocks.len()));
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        stream.extend_from_slice(&length.to_le_bytes());
        stream.extend_from_slice(&(!length).to_le_bytes());
        stream.extend_from_slice(block);
    }
    stream
}

#[cfg(test)]
mod tests {
    use super::*;
    use ruhu_core::profile::{Profile, allows_plain};

    #[test]
    fn a_chunk_opened_and_closed_again_is_the_same_chunk() {
        let at = "2026-07-05T10:00:00Z".parse().unwrap();
        let mut profile = Profile::new();
        let fields = [("p/phone".to_owned(), "13800000000".into())];
        let change = profile.edit(&fields, [1; 16], at).unwrap().unwrap();
        let (kind, body) = opened(&change.bytes).unwrap();
        let again = closed(kind, &body);
        assert_eq!((&again, hash_of(&again)), (&change.bytes, change.hash));
        assert!(Profile::new().apply(change.hash, &again, &allows_plain).is_ok());
    }
}
