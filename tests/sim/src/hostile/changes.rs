//! Changes of a household's document as no honest phone makes them, with every checksum right.

use std::num::NonZeroU64;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::legacy::{ElementId, Key, MarkData, ObjectId, Op, OpId, OpType, SortedVec};
use automerge::{ActorId, Author, Change, ChangeHash, ExpandedChange, ObjType, ScalarValue};
use rand::Rng;
use ruhu_core::ids::{Hash32, PersonId, derived};

use super::chunk::{bend, edge, hash_of};
use super::ground::Ground;
use crate::dice::Dice;

/// One change as it is sent: its bytes and the hash its skeleton names.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    /// The bytes.
    pub(super) bytes: Vec<u8>,
    /// The hash.
    pub(super) claimed: Hash32,
}

const PROFILE: [(&str, &str); 7] = [
    ("p/phone", "13800000001"),
    ("p/phone2", ""),
    ("p/tenure", "rented"),
    ("p/preferred_contact", "visit"),
    ("p/best_time", "evening"),
    ("p/note_for_next", "二楼有狗"),
    ("p/phone", "010-5550000"),
];
const MEMBER: [(&str, &str); 7] = [
    ("name", "模拟人"),
    ("sex", "female"),
    ("birth", "1958-05"),
    ("relation", "长女"),
    ("here", "away"),
    ("joined", "2020"),
    ("c/low-income/since", "2024-01-01"),
];

/// The members every document of the run may have.
#[must_use]
pub(super) fn member(nth: u32) -> PersonId {
    derived("hostile/person", &[&nth.to_be_bytes()])
}

/// An honest change of some fields, and what became of it on the way.
pub(super) fn make(dice: &mut Dice, ground: &Ground) -> Sent {
    let mut change = honest(dice, ground);
    let twists = dice.weighted(&[(0, 15), (1, 60), (2, 20), (3, 5)], 1);
    for _ in 0..twists {
        twist(dice, ground, &mut change);
    }
    let Some(bytes) = encoded(change) else { return make_honest(dice, ground) };
    let bytes = if dice.chance(300) { bend(dice, &bytes) } else { bytes };
    let claimed = if dice.chance(20) { Hash32(bytes32(dice)) } else { hash_of(&bytes) };
    Sent { bytes, claimed }
}

fn make_honest(dice: &mut Dice, ground: &Ground) -> Sent {
    let bytes = encoded(honest(dice, ground)).unwrap_or_default();
    Sent { claimed: hash_of(&bytes), bytes }
}

/// automerge cannot write every change one can think of; some make its writer panic.
fn encoded(change: ExpandedChange) -> Option<Vec<u8>> {
    catch_unwind(AssertUnwindSafe(|| Change::from(change).raw_bytes().to_vec())).ok()
}

fn honest(dice: &mut Dice, ground: &Ground) -> ExpandedChange {
    let mut fields: Vec<(String, &str)> = Vec::new();
    for _ in 0..dice.between(1, 6) {
        let (key, value) = if dice.chance(500) {
            let (key, value) = dice.pick(&PROFILE).copied().unwrap_or_default();
            (key.to_owned(), value)
        } else {
            let (field, value) = dice.pick(&MEMBER).copied().unwrap_or_default();
            (format!("m/{}/{field}", member(dice.below(3))), value)
        };
        if !fields.iter().any(|(known, _)| *known == key) {
            fields.push((key, value));
        }
    }
    let operations = fields.into_iter().map(|(key, value)| {
        let pred = ground.live.get(&key).into_iter().flatten().cloned().collect::<Vec<_>>();
        put(&key, ScalarValue::Str(value.into()), pred)
    });
    ExpandedChange {
        operations: operations.collect(),
        actor_id: ActorId::from(bytes16(dice)),
        hash: None,
        seq: 1,
        start_op: NonZeroU64::new(ground.max_op + 1).unwrap_or(NonZeroU64::MIN),
        time: 1_783_245_780,
        message: None,
        deps: ground.heads.clone(),
        extra_bytes: Vec::new(),
        author: None,
    }
}

fn put(key: &str, value: ScalarValue, pred: Vec<OpId>) -> Op {
    Op {
        action: OpType::Put(value),
        obj: ObjectId::Root,
        key: Key::Map(key.into()),
        pred: SortedVec::from(pred),
        insert: false,
    }
}

/// One thing an honest phone would not do.
fn twist(dice: &mut Dice, ground: &Ground, change: &mut ExpandedChange) {
    match dice.below(16) {
        0 => line(dice, ground, change),
        1 => deps(dice, ground, change),
        2 => whose(dice, ground, change),
        3 => {
            change.message = Some("字".repeat(usize::try_from(dice.between(1, 9_000)).unwrap_or(1)));
        }
        4 => change.extra_bytes = vec![7; usize::try_from(dice.between(1, 70_000)).unwrap_or(1)],
        5 => change.author = Some(Author::from(bytes16(dice).to_vec())),
        6 => many(dice, change),
        7 => {
            if let Some(one) = dice.pick(&change.operations).cloned() {
                change.operations.push(one);
            }
        }
        8 => change.time = i64::from_ne_bytes(edge(dice).to_ne_bytes()).wrapping_sub(1),
        _ => {
            let nth = dice.below(u32::try_from(change.operations.len()).unwrap_or(0));
            if let Some(op) = change.operations.get_mut(usize::try_from(nth).unwrap_or(0)) {
                operation(dice, ground, op);
            }
        }
    }
}

fn line(dice: &mut Dice, ground: &Ground, change: &mut ExpandedChange) {
    if dice.chance(500) {
        change.seq = if dice.chance(300) { edge(dice) } else { dice.weighted(&[(0, 2), (2, 3), (3, 1)], 2) };
        return;
    }
    let next = ground.max_op;
    let table = [(1, 3), (next, 2), (next.saturating_add(2), 2), (u64::MAX, 1)];
    let start = if dice.chance(400) { edge(dice) } else { dice.weighted(&table, 1) };
    change.start_op = NonZeroU64::new(start).unwrap_or(NonZeroU64::MIN);
}

fn deps(dice: &mut Dice, ground: &Ground, change: &mut ExpandedChange) {
    match dice.below(6) {
        0 => change.deps.clear(),
        1 => change.deps.extend(change.deps.first().copied()),
        2 => change.deps.extend(dice.pick(&ground.hashes).copied()),
        3 => change.deps = dice.pick(&ground.hashes).copied().into_iter().collect(),
        4 => change.deps.push(ChangeHash(bytes32(dice))),
        _ => change.deps = (0..dice.between(2, 1_200)).map(|_| ChangeHash(bytes32(dice))).collect(),
    }
}

fn whose(dice: &mut Dice, ground: &Ground, change: &mut ExpandedChange) {
    match (dice.below(4), dice.pick(&ground.actors)) {
        (0, Some((actor, last))) => {
            change.actor_id = actor.clone();
            change.seq = last.saturating_add(1);
        }
        (1, Some((actor, _))) => change.actor_id = actor.clone(),
        _ => {
            let length = usize::try_from(dice.weighted(&[(0, 1), (1, 1), (15, 1), (17, 1), (64, 1)], 5_000));
            change.actor_id = ActorId::from(vec![9; length.unwrap_or(0)]);
        }
    }
}

fn many(dice: &mut Dice, change: &mut ExpandedChange) {
    let count = dice.weighted(&[(0, 2), (500, 1), (501, 2), (2_001, 1)], 5_000);
    change.operations = (0..count)
        .map(|nth| put(&format!("m/{}/name", member(nth)), ScalarValue::Str("甲".into()), Vec::new()))
        .collect();
}

fn operation(dice: &mut Dice, ground: &Ground, op: &mut Op) {
    match dice.below(14) {
        0 => op.action = OpType::Make(dice.pick(&MADE).copied().unwrap_or(ObjType::Map)),
        1 => op.action = OpType::Increment(i64::from_ne_bytes(edge(dice).to_ne_bytes())),
        2 => op.action = mark(dice),
        // With something to take away this settles a conflict and is honest; without it is not.
        3 => op.action = OpType::Delete,
        4 | 5 => op.action = OpType::Put(value(dice)),
        6 => {
            let id = dice.pick(&ground.ops).map(|(id, _)| id.clone());
            op.obj = ObjectId::Id(id.unwrap_or(OpId(edge(dice), ActorId::from(bytes16(dice)))));
        }
        7 => {
            let id = OpId(edge(dice), ActorId::from(bytes16(dice)));
            op.key = Key::Seq(if dice.chance(500) { ElementId::Head } else { ElementId::Id(id) });
            op.insert = dice.chance(500);
        }
        8 | 9 => op.key = Key::Map(key(dice).into()),
        10 => op.insert = true,
        11 => op.pred = SortedVec::new(),
        12 => {
            let other = dice.pick(&ground.ops).map(|(id, _)| id.clone());
            op.pred = op.pred.iter().cloned().chain(other).collect();
        }
        _ => {
            let actor = dice.pick(&ground.actors).map_or(ActorId::from(bytes16(dice)), |one| one.0.clone());
            let twice = OpId(edge(dice), actor);
            op.pred = op.pred.iter().cloned().chain([twice.clone(), twice]).collect();
        }
    }
}

const MADE: [ObjType; 4] = [ObjType::Map, ObjType::List, ObjType::Text, ObjType::Table];

fn mark(dice: &mut Dice) -> OpType {
    if dice.chance(500) {
        return OpType::MarkEnd(true);
    }
    OpType::MarkBegin(MarkData { name: "bold".into(), value: value(dice), expand: true })
}

fn value(dice: &mut Dice) -> ScalarValue {
    match dice.below(11) {
        0 => ScalarValue::Bytes(vec![1; usize::try_from(dice.below(70_000)).unwrap_or(0)]),
        1 => ScalarValue::Uint(edge(dice)),
        2 => ScalarValue::F64(f64::from_bits(edge(dice))),
        3 => ScalarValue::counter(i64::from_ne_bytes(edge(dice).to_ne_bytes())),
        4 => ScalarValue::Timestamp(i64::from_ne_bytes(edge(dice).to_ne_bytes())),
        5 => ScalarValue::Null,
        6 => ScalarValue::Unknown { type_code: 13, bytes: vec![1, 2, 3] },
        7 => ScalarValue::Boolean(true),
        8 => ScalarValue::Int(i64::from_ne_bytes(edge(dice).to_ne_bytes())),
        9 => ScalarValue::Str("\u{202e}倒\u{0}".into()),
        _ => ScalarValue::Str("长".repeat(usize::try_from(dice.below(22_000)).unwrap_or(0)).into()),
    }
}

fn key(dice: &mut Dice) -> String {
    match dice.below(8) {
        0 => String::new(),
        1 => "p".into(),
        2 => "p/belief".into(),
        3 => format!("m/{}/c/faith/since", member(0)),
        4 => "p/".to_owned() + &"x".repeat(usize::try_from(dice.below(60_000)).unwrap_or(0)),
        5 => "字/\u{0}".into(),
        6 => format!("M/{}/name", member(0)),
        _ => format!("m/{}/name/more", member(1)),
    }
}

fn bytes16(dice: &mut Dice) -> [u8; 16] {
    let mut bytes = [0; 16];
    dice.rng().fill_bytes(&mut bytes);
    bytes
}

fn bytes32(dice: &mut Dice) -> [u8; 32] {
    let mut bytes = [0; 32];
    dice.rng().fill_bytes(&mut bytes);
    bytes
}
