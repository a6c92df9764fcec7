use super::*;

const NOW: i64 = 1_783_245_780_000;
const HUB: HubId = HubId::from_bytes([1; 16]);
const PHONE: EnrolmentId = EnrolmentId::from_bytes([2; 16]);

fn key(nth: u8) -> SigningKey {
    SigningKey::from_bytes(&[nth; 32])
}

fn manifest(hub: HubId, enrolment: EnrolmentId) -> Manifest {
    let (content, streams) = (Hash32::ZERO, BTreeMap::new());
    Manifest { protocol: PROTOCOL, hub, enrolment, hub_epoch: 1, made_ms: NOW, content, streams }
}

fn packed(hub: HubId, enrolment: EnrolmentId, signer: u8) -> Vec<u8> {
    let stream = StreamId::Community(crate::ids::CommunityId::from_bytes([3; 16]));
    let pull = Pull { stream, entries: Vec::new(), cursor: Cursor { seq: 7, head: [1; 8] } };
    pack_bundle(&manifest(hub, enrolment), &[pull], &key(signer))
}

fn open(bytes: &[u8]) -> Result<Bundle, BadBundle> {
    open_bundle(bytes, HUB, PHONE, &[key(9).verifying_key(), key(5).verifying_key()])
}

#[test]
fn a_bundle_opens_for_the_phone_it_was_made_for_under_any_key_of_its_hub() {
    for signer in [9, 5] {
        let opened = open(&packed(HUB, PHONE, signer)).unwrap();
        assert_eq!(opened.pulls.len(), 1);
        assert_eq!(opened.manifest.streams.len(), 1);
    }
}

#[test]
fn a_bundle_of_another_hub_phone_or_key_says_which() {
    let (other_hub, other_phone) = (HubId::from_bytes([8; 16]), EnrolmentId::from_bytes([8; 16]));
    assert_eq!(open(&packed(other_hub, PHONE, 5)), Err(BadBundle::OtherHub));
    assert_eq!(open(&packed(HUB, other_phone, 5)), Err(BadBundle::OtherEnrolment));
    assert_eq!(open(&packed(HUB, PHONE, 6)), Err(BadBundle::Signature));
    // A manifest rewritten to name this phone is not the one that was signed.
    let mut forged = packed(HUB, other_phone, 5);
    let place = forged.windows(16).position(|part| part == other_phone.as_bytes()).unwrap();
    forged[place..place + 16].copy_from_slice(PHONE.as_bytes());
    assert_eq!(open(&forged), Err(BadBundle::Signature));
}

#[test]
fn a_bundle_with_any_byte_flipped_or_cut_off_is_not_taken() {
    let bytes = packed(HUB, PHONE, 5);
    for place in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[place] ^= 1;
        assert!(open(&flipped).is_err(), "byte {place}");
        assert!(open(&bytes[..place]).is_err(), "cut at {place}");
    }
}

#[test]
fn a_bundle_that_unpacks_without_end_is_not_unpacked() {
    let bomb = compress_at(&vec![0u8; BUNDLE_MAX_BYTES + 1], 1);
    let signed = write_cbor(&Manifest { content: Hash32::of(&[&bomb]), ..manifest(HUB, PHONE) });
    let signature = key(5).sign(&manifest_message(&signed)).to_bytes();
    let length = u32::try_from(signed.len()).unwrap().to_be_bytes();
    assert_eq!(open(&[&signature[..], &length, &signed, &bomb].concat()), Err(BadBundle::Unreadable));
}

#[test]
fn a_request_is_one_phones_for_one_hub_and_for_ten_minutes() {
    let ask = ask_bundle(HUB, PHONE, &key(3), NOW);
    let public = key(3).verifying_key();
    assert_eq!(peek_ask(&ask), Some(PHONE));
    assert_eq!(prove_ask(&ask, HUB, &public, NOW + CLOCK_SKEW_MS), Ok(()));
    assert_eq!(prove_ask(&ask, HUB, &public, NOW + CLOCK_SKEW_MS + 1), Err(BadFrame::ClockSkew));
    assert_eq!(prove_ask(&ask, HubId::from_bytes([8; 16]), &public, NOW), Err(BadFrame::Signature));
    assert_eq!(prove_ask(&ask, HUB, &key(4).verifying_key(), NOW), Err(BadFrame::Signature));
    for bad in ["", "AAAA", "###", ask.split_at(1).1] {
        assert_eq!(prove_ask(bad, HUB, &public, NOW), Err(BadFrame::CutShort), "{bad:?}");
    }
}
