//! One entry: envelope, payload, change of a document.

use std::sync::LazyLock;

use chrono::DateTime;
use ruhu_core::category::Scalar;
use ruhu_core::entry::{Contents, ENVELOPE_LEN, Envelope, Payload, read_cbor, write_cbor};
use ruhu_core::ids::Hash32;
use ruhu_core::profile::{Applied, GateRefusal, Profile, allows_plain};
use ruhu_core::projection;
use sha2::{Digest, Sha256};

/// The fixed layout.
pub(crate) fn envelope(bytes: &[u8]) {
    // Most mutations change the length, which is the first thing that is looked at.
    let mut whole = bytes.to_vec();
    whole.resize(ENVELOPE_LEN, 0);
    for bytes in [bytes, &whole] {
        if let Ok(envelope) = Envelope::from_bytes(bytes) {
            assert_eq!(envelope.to_bytes(), bytes, "what was read is written the same");
        }
    }
}

/// Skeleton and body, with everything that reads them.
pub(crate) fn payload(bytes: &[u8]) {
    let Ok(payload) = read_cbor::<Payload>(bytes) else { return };
    assert_eq!(write_cbor(&payload), bytes, "what was read is written the same");
    let _ = payload.hash();
    let _ = payload.size_bytes();
    if let Ok(contents) = payload.read() {
        let holds = contents.check_bounds().is_ok();
        if let Contents::Doc { change: Some(change), .. } = &contents {
            drop(Profile::values_of(change));
        }
        if holds && let Ok(effects) = projection::project(&payload, 1_783_245_780_000) {
            let _ = projection::units_of(&effects);
            let _ = projection::counts_in(&payload);
        }
    }
}

/// Documents that changes are tried on: an empty one, one with fields, one with a conflict and a member.
static DOCUMENTS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let mut empty = Profile::new();
    let mut one = Profile::new();
    write(&mut one, 1, &[("p/phone", "13800000000")]);
    let mut two = Profile::load(&one.save()).unwrap_or_default();
    let mut apart = Profile::load(&one.save()).unwrap_or_default();
    write(&mut two, 2, &[("p/phone", "13900000000")]);
    let member = "m/01981d3c-0000-7000-8000-000000000001/name";
    if let Ok(Some(edit)) =
        apart.edit(&fields(&[("p/phone", "13700000000"), (member, "模拟")]), [3; 16], DateTime::default())
    {
        let taken = two.apply(edit.hash, &edit.bytes, &allows_plain);
        assert_eq!(taken, Ok(Applied::New), "an honest edit");
    }
    vec![empty.save(), one.save(), two.save()]
});

fn fields(written: &[(&str, &str)]) -> Vec<(String, Scalar)> {
    written.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect()
}

fn write(profile: &mut Profile, actor: u8, written: &[(&str, &str)]) {
    assert!(profile.edit(&fields(written), [actor; 16], DateTime::default()).is_ok(), "an honest edit");
}

/// A change whose checksum and hash are made right, on one of three documents. Whatever it is, the document can be
/// saved, loaded and edited afterwards, and one that was refused has changed nothing.
pub(crate) fn change(bytes: &[u8]) {
    let Some((which, sent)) = bytes.split_first() else { return };
    let Some(document) = DOCUMENTS.get(usize::from(which % 3)) else { return };
    let mut sent = sent.to_vec();
    let mut claimed = Hash32([0; 32]);
    if let Some((head, hashed)) = sent.split_at_mut_checked(8) {
        claimed = Hash32(Sha256::digest(&*hashed).into());
        head.iter_mut().skip(4).zip(claimed.0).for_each(|(to, from)| *to = from);
    }
    let mut profile = Profile::load(document).unwrap_or_default();
    let before = profile.fields();
    let outcome = profile.apply(claimed, &sent, &allows_plain);
    if let Err(GateRefusal::Dependency | GateRefusal::Not(_)) = outcome {
        assert_eq!(profile.fields(), before, "a refused change changes nothing");
    }
    drop(Profile::values_of(&sent));
    let held = profile.fields();
    let Ok(mut again) = Profile::load(&profile.save()) else {
        panic!("the document does not load: {outcome:?}")
    };
    assert_eq!(again.fields(), held, "loaded as it was saved");
    write(&mut again, 9, &[("p/note", "又一次")]);
}
