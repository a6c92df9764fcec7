use proptest::prelude::*;

use super::*;

fn at() -> DateTime<Utc> {
    "2026-07-05T10:00:00Z".parse().unwrap()
}

fn edit(profile: &mut Profile, actor: u8, key: &str, value: &str) -> ProfileChange {
    profile.edit(&[(key.to_owned(), value.into())], [actor; 16], at()).unwrap().unwrap()
}

fn two_copies() -> (Profile, Profile, ProfileChange) {
    let (mut one, mut other) = (Profile::new(), Profile::new());
    let first = edit(&mut one, 1, "p/phone", "13800000000");
    assert_eq!(other.apply(first.hash, &first.bytes, &allows_plain), Ok(Applied::New));
    (one, other, first)
}

fn values(profile: &Profile, key: &str) -> Vec<String> {
    profile.fields().get(key).into_iter().flatten().map(ToString::to_string).collect()
}

#[test]
fn writing_what_is_there_already_makes_no_change() {
    let (mut one, ..) = two_copies();
    let same = [("p/phone".to_owned(), "13800000000".into()), ("p/note".to_owned(), "".into())];
    assert_eq!(one.edit(&same, [9; 16], at()).unwrap(), None);
}

#[test]
fn two_workers_who_write_one_field_apart_both_stay_visible_until_one_chooses() {
    let (mut one, mut other, _) = two_copies();
    let left = edit(&mut one, 2, "p/phone", "13811111111");
    let right = edit(&mut other, 3, "p/phone", "13822222222");
    assert_eq!(one.apply(right.hash, &right.bytes, &allows_plain), Ok(Applied::New));
    assert_eq!(other.apply(left.hash, &left.bytes, &allows_plain), Ok(Applied::New));
    assert_eq!(values(&one, "p/phone").len(), 2);
    assert_eq!(values(&one, "p/phone"), values(&other, "p/phone"), "both phones show the same one first");
    let winner = one.doc.get(ROOT, "p/phone").unwrap().unwrap().0.into_string().unwrap();
    assert_eq!(values(&one, "p/phone").first(), Some(&winner));

    let settled = edit(&mut one, 4, "p/phone", &winner);
    assert_eq!(other.apply(settled.hash, &settled.bytes, &allows_plain), Ok(Applied::New));
    assert_eq!(values(&one, "p/phone"), std::slice::from_ref(&winner));
    assert_eq!(values(&other, "p/phone"), [winner]);
}

#[test]
fn edits_of_different_fields_merge_without_a_conflict() {
    let (mut one, mut other, _) = two_copies();
    let left = edit(&mut one, 2, "p/tenure", "rented");
    let right = edit(&mut other, 3, "m/a/name", "王某");
    one.apply(right.hash, &right.bytes, &allows_plain).unwrap();
    other.apply(left.hash, &left.bytes, &allows_plain).unwrap();
    assert_eq!(one.fields(), other.fields());
    assert!(one.fields().values().all(|values| values.len() == 1));
}

#[test]
fn a_change_arriving_twice_changes_nothing() {
    let (mut one, _, first) = two_copies();
    assert_eq!(one.apply(first.hash, &first.bytes, &allows_plain), Ok(Applied::Known));
}

#[test]
fn a_change_whose_ground_is_missing_waits() {
    let (mut one, ..) = two_copies();
    let next = edit(&mut one, 2, "p/phone", "13811111111");
    let waiting = Profile::new().apply(next.hash, &next.bytes, &allows_plain);
    assert_eq!(waiting, Err(GateRefusal::Dependency));
}

#[test]
fn emptied_fields_are_no_longer_listed() {
    let (mut one, ..) = two_copies();
    edit(&mut one, 2, "p/phone", "");
    assert!(one.fields().is_empty());
}

#[test]
fn what_the_schema_does_not_know_stays_outside() {
    let mut one = Profile::new();
    let change = edit(&mut one, 1, "p/belief", "x");
    let no_belief = |key: &str, _: &Scalar| key != "p/belief";
    let refused = Profile::new().apply(change.hash, &change.bytes, &no_belief);
    assert_eq!(refused, Err(GateRefusal::Not(WhyNot::Field)));
    let text = "字".repeat(3_000);
    let long = edit(&mut one, 2, "p/note", &text);
    let (mut other, first) = (Profile::new(), change);
    other.apply(first.hash, &first.bytes, &allows_plain).unwrap();
    let refused = other.apply(long.hash, &long.bytes, &allows_plain);
    assert_eq!(refused, Err(GateRefusal::Not(WhyNot::Field)));
}

#[test]
fn other_shapes_of_documents_stay_outside() {
    let mut doc = AutoCommit::new().with_actor(ActorId::from([5; 16]));
    doc.put_object(ROOT, "p/map", automerge::ObjType::Map).unwrap();
    doc.commit_with(CommitOptions::default().with_time(1));
    let made = doc.get_last_local_change().unwrap();
    let refused = Profile::new().apply(Hash32(made.hash().0), made.raw_bytes(), &allows_plain);
    assert_eq!(refused, Err(GateRefusal::Not(WhyNot::Operation)));
    let whole = Profile::new().apply(Hash32(made.hash().0), &doc.save(), &allows_plain);
    assert_eq!(whole, Err(GateRefusal::Not(WhyNot::Chunk)));
}

#[test]
fn a_change_under_another_hash_is_not_the_one_that_was_signed() {
    let mut one = Profile::new();
    let change = edit(&mut one, 1, "p/phone", "1");
    let refused = Profile::new().apply(Hash32([1; 32]), &change.bytes, &allows_plain);
    assert_eq!(refused, Err(GateRefusal::Not(WhyNot::Hash)));
}

#[test]
fn a_saved_document_loads_with_the_same_fields() {
    let (mut one, ..) = two_copies();
    edit(&mut one, 2, "m/a/age", "6");
    let loaded = Profile::load(&one.save()).unwrap();
    assert_eq!(loaded.fields(), one.fields());
    assert!(Profile::load(b"not a document").is_err());
}

/// An edit of the telephone by somebody who has seen all of `profile`, overwriting what `pred` names.
fn overwriting(profile: &mut Profile, pred: Vec<(u64, [u8; 16])>) -> ProfileChange {
    use automerge::legacy::{Key, ObjectId, Op, OpId, OpType, SortedVec};
    let named =
        pred.into_iter().map(|(counter, actor)| OpId(counter, ActorId::from(actor))).collect::<Vec<_>>();
    let op = Op {
        action: OpType::Put(ScalarValue::Str("13899999999".into())),
        obj: ObjectId::Root,
        key: Key::Map("p/phone".into()),
        pred: SortedVec::from(named),
        insert: false,
    };
    let seen = profile.doc.get_changes(&[]);
    let max_op = seen.iter().map(automerge::Change::max_op).max().unwrap_or(0);
    let change = automerge::Change::from(automerge::ExpandedChange {
        operations: vec![op],
        actor_id: ActorId::from([9; 16]),
        hash: None,
        seq: 1,
        start_op: std::num::NonZeroU64::new(max_op + 1).unwrap(),
        time: 1,
        message: None,
        deps: profile.doc.get_heads(),
        extra_bytes: Vec::new(),
        author: None,
    });
    ProfileChange { bytes: change.raw_bytes().to_vec(), hash: Hash32(change.hash().0) }
}

#[test]
fn what_is_overwritten_must_be_in_force_and_named_once() {
    // Operation 1 wrote a value, 2 overwrote it; 2 and 3 then stood in conflict until 4 took one of them away.
    let (mut one, mut other, _) = two_copies();
    let left = edit(&mut one, 2, "p/phone", "13811111111");
    let right = edit(&mut other, 3, "p/phone", "13822222222");
    one.apply(right.hash, &right.bytes, &allows_plain).unwrap();
    other.apply(left.hash, &left.bytes, &allows_plain).unwrap();
    let shown = values(&one, "p/phone")[0].clone();
    edit(&mut one, 4, "p/phone", &shown);
    let alive = if shown == "13811111111" { (2, [2; 16]) } else { (2, [3; 16]) };
    let gone = if shown == "13811111111" { (2, [3; 16]) } else { (2, [2; 16]) };
    let saved = one.save();
    for pred in [vec![alive, alive], vec![(1, [1; 16])], vec![gone], vec![(3, [4; 16])], vec![alive, gone]] {
        let mut tried = Profile::load(&saved).unwrap();
        let change = overwriting(&mut tried, pred.clone());
        let refused = tried.apply(change.hash, &change.bytes, &allows_plain);
        assert_eq!(refused, Err(GateRefusal::Not(WhyNot::Predecessor)), "{pred:?}");
    }
    let change = overwriting(&mut one, vec![alive]);
    assert_eq!(one.apply(change.hash, &change.bytes, &allows_plain), Ok(Applied::New));
    assert_eq!(values(&Profile::load(&one.save()).unwrap(), "p/phone"), ["13899999999"]);
}

/// The hash a mutated chunk really has, so that it passes the comparison and the later rules are tried.
fn hash_of(bytes: &[u8]) -> Hash32 {
    use sha2::Digest;
    Hash32(sha2::Sha256::digest(bytes.get(8..).unwrap_or_default()).into())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn mutated_changes_never_panic_and_never_poison(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
        honest_hash in any::<bool>(),
    ) {
        let (mut one, mut other, _) = two_copies();
        let fields: Vec<(String, Scalar)> = (0..6).map(|nth| (format!("m/a/f{nth}"), Scalar::Int(nth))).collect();
        let mine = edit(&mut other, 6, "p/phone", "13900000000");
        one.apply(mine.hash, &mine.bytes, &allows_plain).unwrap();
        let apart = edit(&mut other, 7, "p/phone", "13700000000");
        edit(&mut one, 8, "p/phone", "13600000000");
        one.apply(apart.hash, &apart.bytes, &allows_plain).unwrap();
        let last = one.doc.get_changes(&[]);
        for change in last {
            other.apply(Hash32(change.hash().0), change.raw_bytes(), &allows_plain).unwrap();
        }
        let shown = one.fields()["p/phone"][0].clone();
        let fields: Vec<_> = fields.into_iter().chain([("p/phone".to_owned(), shown)]).collect();
        let seen = one.edit(&fields, [2; 16], at()).unwrap().unwrap();
        let mut bytes = seen.bytes.clone();
        for (place, to) in flips {
            let place = place.index(bytes.len());
            bytes[place] = to;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let claimed = if honest_hash { hash_of(&bytes) } else { seen.hash };
        let before = other.fields();
        let taken = other.apply(claimed, &bytes, &allows_plain);
        if taken.is_err() {
            prop_assert_eq!(other.fields(), before);
        }
        let again = Profile::load(&other.save());
        prop_assert!(again.is_ok(), "the document still loads");
        prop_assert_eq!(again.unwrap().fields(), other.fields());
    }
}
