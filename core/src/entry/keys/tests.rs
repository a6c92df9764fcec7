use super::*;

const HUB: HubId = HubId::from_bytes([1; 16]);

fn key(nth: u8) -> SigningKey {
    SigningKey::from_bytes(&[nth; 32])
}

fn public(nth: u8) -> [u8; 32] {
    key(nth).verifying_key().to_bytes()
}

/// From key `nr - 1` to key `nr`, signed by recovery key 99.
fn link(nr: u8) -> KeyLink {
    let next = key(nr).verifying_key();
    KeyLink::make(HUB, (u32::from(nr), &public(nr - 1)), (&next, i64::from(nr)), &key(99), Some(&key(nr - 1)))
}

fn pinned(nr: u8) -> Trust {
    Trust { nr: u32::from(nr), key: public(nr), recovery: Some(public(99)), unconfirmed_since_ms: None }
}

fn news(links: &[KeyLink]) -> KeyNews {
    KeyNews { recovery: None, links: links.to_vec() }
}

#[test]
fn a_phone_goes_from_link_to_link_from_whichever_key_it_pinned() {
    assert_eq!(pinned(1).after(HUB, &news(&[link(2), link(3)])), Ok(pinned(3)));
    assert_eq!(pinned(2).after(HUB, &news(&[link(3)])), Ok(pinned(3)));
    assert_eq!(pinned(3).after(HUB, &news(&[])), Ok(pinned(3)));
}

#[test]
fn a_link_without_both_signatures_or_with_a_wrong_one_is_refused() {
    let refused = |link: KeyLink| pinned(1).after(HUB, &news(&[link])).unwrap_err();
    let next = key(2).verifying_key();
    let wrong_recovery = KeyLink::make(HUB, (2, &public(1)), (&next, 2), &key(98), Some(&key(1)));
    assert_eq!(refused(wrong_recovery), BadKeys::Recovery { nr: 2 });
    let wrong_present = KeyLink::make(HUB, (2, &public(1)), (&next, 2), &key(99), Some(&key(7)));
    assert_eq!(refused(wrong_present), BadKeys::Present { nr: 2 });
    // The former key's signature cannot simply be left out: what the recovery key signed says that it was not lost.
    assert_eq!(refused(KeyLink { by_present: None, ..link(2) }), BadKeys::Recovery { nr: 2 });
    assert_eq!(refused(KeyLink { by_recovery: Vec::new(), ..link(2) }), BadKeys::Recovery { nr: 2 });
    assert_eq!(refused(KeyLink { key: public(5), ..link(2) }), BadKeys::Recovery { nr: 2 });
    assert_eq!(refused(KeyLink { from_ms: 9, ..link(2) }), BadKeys::Recovery { nr: 2 });
    let other_hub =
        KeyLink::make(HubId::from_bytes([2; 16]), (2, &public(1)), (&next, 2), &key(99), Some(&key(1)));
    assert_eq!(refused(other_hub), BadKeys::Recovery { nr: 2 });
}

#[test]
fn a_list_that_is_older_has_a_gap_or_branches_off_is_refused() {
    for links in [vec![link(2)], vec![link(5)], vec![link(4), link(3)], vec![link(4), link(4)]] {
        assert_eq!(pinned(3).after(HUB, &news(&links)), Err(BadKeys::NotNext));
    }
    let branch = KeyLink::make(HUB, (4, &public(2)), (&key(40).verifying_key(), 4), &key(99), Some(&key(2)));
    assert_eq!(pinned(3).after(HUB, &news(&[branch])), Err(BadKeys::Recovery { nr: 4 }));
    assert_eq!(pinned(1).after(HUB, &news(&vec![link(2); 65])), Err(BadKeys::NotNext));
}

#[test]
fn a_lost_key_is_replaced_by_the_recovery_key_alone_and_that_is_remembered_until_the_next_change() {
    let lost = KeyLink::make(HUB, (2, &public(1)), (&key(2).verifying_key(), 77), &key(99), None);
    let after = pinned(1).after(HUB, &news(std::slice::from_ref(&lost))).unwrap();
    assert_eq!(after, Trust { unconfirmed_since_ms: Some(77), ..pinned(2) });
    assert_eq!(after.after(HUB, &news(&[link(3)])), Ok(pinned(3)));
    let by_anybody = KeyLink::make(HUB, (2, &public(1)), (&key(2).verifying_key(), 77), &key(1), None);
    assert_eq!(pinned(1).after(HUB, &news(&[by_anybody])), Err(BadKeys::Recovery { nr: 2 }));
}

#[test]
fn a_phone_of_before_there_was_a_recovery_key_pins_it_on_its_hubs_word_and_never_another() {
    let before = Trust { recovery: None, ..pinned(1) };
    assert_eq!(before.after(HUB, &news(&[link(2)])), Err(BadKeys::NoRecovery));
    let announced = RecoveryKey::announce(HUB, &key(99).verifying_key(), &key(1));
    let told = KeyNews { recovery: Some(announced), links: vec![link(2)] };
    assert_eq!(before.after(HUB, &told), Ok(pinned(2)));
    let foreign = RecoveryKey::announce(HUB, &key(98).verifying_key(), &key(7));
    let told = KeyNews { recovery: Some(foreign), links: Vec::new() };
    assert_eq!(before.after(HUB, &told), Err(BadKeys::ForeignRecovery));
    assert_eq!(pinned(1).after(HUB, &told), Ok(pinned(1)), "what is pinned stays");
}

#[test]
fn fingerprints_tell_keys_apart() {
    assert_eq!(fingerprint(&public(1)).len(), 39);
    assert_ne!(fingerprint(&public(1)), fingerprint(&public(2)));
}
