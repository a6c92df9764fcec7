//! 删除: what was learnt about a person goes from the hub, from every phone, and from what a backup brings back; what was
//! done and when stays, to the bit.

use std::path::Path;

use ruhu_core::coverage::Coverage;
use ruhu_core::ids::{AccountId, Hash32};
use ruhu_core::store::EntryState;
use ruhu_core::sync::wire::Refusal;
use ruhu_server::access::command_line;
use ruhu_server::erase::{EraseError, Order, What};
use ruhu_sim::harness::SimPhone;
use ruhu_sim::village::{Home, Village, field};

#[path = "erasing/copies.rs"]
mod copies;

const HER: &str = "0193a000-0000-7000-8000-000000000001";
const HIM: &str = "0193a000-0000-7000-8000-000000000002";
const NAME: &str = "欧阳静好";
const NUMBER: &str = "13912345678";
const LATE: &str = "13987654321";

fn key(person: &str, field: &str) -> String {
    format!("m/{person}/{field}")
}

fn visited(phone: &mut SimPhone, home: Home, note: &str) -> Hash32 {
    let mut draft = home.met();
    draft.body.note = note.to_owned();
    phone.book.save_visit(draft, &[]).unwrap().record.unwrap()
}

fn edited(phone: &mut SimPhone, home: Home, key: &str, value: &str) -> Hash32 {
    phone.book.edit_fields(home.unit(), &field(key, value)).unwrap().unwrap().edit.unwrap()
}

/// A woman and a man live here; a visit speaks of her, another does not.
fn lived_in(village: &Village, phone: &mut SimPhone, home: Home) {
    village.to("2026-07-02 10:00");
    edited(phone, home, &key(HER, "name"), NAME);
    edited(phone, home, &key(HER, "phone"), NUMBER);
    edited(phone, home, &key(HIM, "name"), "司马大山");
    edited(phone, home, "p/tenure", "owned");
    visited(phone, home, &format!("{NAME}说楼道灯坏了"));
    village.to("2026-07-09 10:00");
    visited(phone, home, "一切照旧");
    village.sync(phone);
}

fn order(home: Home, what: What) -> Order {
    Order { unit: home.unit(), what, cause: "删除决定〔2026〕3号".into(), by: command_line() }
}

fn her() -> What {
    What::Person(HER.parse().unwrap())
}

fn coverage(village: &Village) -> Vec<Coverage> {
    (1..=3).map(|grid| village.rows(grid)).collect()
}

/// Whether any file below a folder holds these bytes in the open.
fn lies_open(folder: &Path, words: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|one| {
        let path = one.unwrap().path();
        if path.is_dir() {
            return lies_open(&path, words);
        }
        let bytes = std::fs::read(path).unwrap();
        bytes.windows(words.len()).any(|part| part == words.as_bytes())
    })
}

/// Whether a hub can still tell these words to anybody.
fn can_tell(village: &Village, words: &str) -> bool {
    let mut found = false;
    let storage = village.hub.hub().storage();
    storage
        .read(|tx| {
            tx.each_entry(|_, kept| {
                let body = kept?.entry.payload.body;
                found |= body
                    .is_some_and(|body| body.bytes.windows(words.len()).any(|part| part == words.as_bytes()));
                Ok::<_, ruhu_server::storage::StorageError>(())
            })
        })
        .unwrap();
    found
}

fn fields(phone: &SimPhone, home: Home) -> Vec<String> {
    phone.book.household(home.unit()).unwrap().fields.into_keys().collect()
}

#[test]
fn a_person_is_erased_at_the_hub_and_on_every_phone_and_coverage_is_the_same_to_the_bit() {
    let village = Village::new(31, 3);
    let home = village.homes(1)[0];
    let (mut first, mut second) = (village.phone(1, "first"), village.phone(1, "second"));
    lived_in(&village, &mut first, home);
    village.sync(&mut second);
    assert!(fields(&second, home).contains(&key(HER, "phone")));
    // The second phone has no signal: it changes her number and visits, and is heard only afterwards.
    let edit = edited(&mut second, home, &key(HER, "phone"), LATE);
    let visit = visited(&mut second, home, &format!("{NAME}换了号码"));
    village.to("2026-07-20 10:00");
    let before = coverage(&village);
    let preview = village.hub.hub().preview_erasure(&order(home, her()), true).unwrap();
    assert_eq!(preview.fields, [key(HER, "name"), key(HER, "phone")]);
    assert_eq!(
        (preview.fields_stay, preview.changes, preview.bodies.len(), preview.bodies_stay),
        (2, 4, 1, 2)
    );

    let done = village.hub.hub().erase(vec![order(home, her())]).unwrap();
    assert_eq!((done[0].nr, done[0].bodies, done[0].fields), (1, 5, 2));
    assert_eq!(coverage(&village), before);
    assert!(!can_tell(&village, NAME) && !can_tell(&village, NUMBER));
    let report = village.hub.hub().verify().unwrap();
    assert_eq!((report.faults, report.erased), (vec![], 5));

    village.sync(&mut first);
    assert_eq!(fields(&first, home), [key(HIM, "name"), "p/tenure".to_owned()]);
    let exchange = village.sync(&mut second);
    assert_eq!((exchange.accepted, exchange.quarantined), (1, 1), "the visit counts, the edit is of nobody");
    let receipts = second.book.receipts().unwrap();
    let state = |entry| receipts.iter().find(|one| one.entry == entry).unwrap();
    assert!(matches!(state(visit).state, EntryState::Accepted { .. }));
    assert_eq!(state(edit).words.as_deref(), Some(Refusal::Erased.words()));
    village.sync(&mut second);
    assert_eq!(fields(&second, home), [key(HIM, "name"), "p/tenure".to_owned()]);
    assert!(!can_tell(&village, NAME) && !can_tell(&village, LATE));
    drop((first, second));
    for words in [NAME, NUMBER, LATE] {
        assert!(!lies_open(village.folder.path(), words), "{words} lies in a file");
    }
    village.assert_verifies();
}

#[test]
fn work_goes_on_in_the_document_that_was_made_anew() {
    let village = Village::new(32, 3);
    let home = village.homes(1)[0];
    let (mut first, mut second) = (village.phone(1, "first"), village.phone(1, "second"));
    lived_in(&village, &mut first, home);
    village.sync(&mut second);
    // Both wrote the same field apart: the conflict is a person's to settle, and outlives the erasure.
    edited(&mut first, home, "p/phone", "13800000001");
    edited(&mut second, home, "p/phone", "13800000002");
    village.sync(&mut first);
    village.sync(&mut second);
    village.hub.hub().erase(vec![order(home, her())]).unwrap();
    village.sync(&mut first);
    village.sync(&mut second);
    for phone in [&first, &second] {
        let values = phone.book.household(home.unit()).unwrap().fields["p/phone"].clone();
        assert_eq!(values.len(), 2, "{values:?}");
    }
    village.to("2026-07-21 10:00");
    edited(&mut second, home, "p/phone", "13800000003");
    visited(&mut second, home, "号码核对过了");
    assert_eq!(village.sync(&mut second).accepted, 2);
    village.sync(&mut first);
    let values = first.book.household(home.unit()).unwrap().fields["p/phone"].clone();
    assert_eq!(values, ["13800000003".into()]);
    village.assert_agrees(&first, 1);
    village.assert_agrees(&second, 1);
    village.assert_verifies();
}

#[test]
fn what_cannot_be_erased_says_why_and_changes_nothing() {
    let village = Village::new(38, 3);
    let home = village.homes(1)[0];
    let mut phone = village.phone(1, "first");
    lived_in(&village, &mut phone, home);
    let hub = village.hub.hub();
    let before = hub.storage().read(|tx| tx.last_pos()).unwrap();
    let nobody = What::Person("0193a000-0000-7000-8000-00000000ffff".parse().unwrap());
    assert!(matches!(hub.erase(vec![order(home, nobody)]), Err(EraseError::UnknownPerson(_))));
    let says = |cause: &str| Order { cause: cause.into(), ..order(home, her()) };
    assert!(matches!(hub.erase(vec![says(" ")]), Err(EraseError::NoCause)));
    assert!(matches!(hub.erase(vec![says(&format!("应{NAME}要求"))]), Err(EraseError::CauseNames)));
    // The second of two cannot be done: neither is.
    let other = Order { by: AccountId::from_bytes([9; 16]), ..order(village.homes(2)[0], her()) };
    assert!(hub.erase(vec![order(home, her()), other]).is_err());
    assert_eq!(hub.storage().read(|tx| tx.last_pos()).unwrap(), before);
    assert!(can_tell(&village, NAME));
    village.assert_verifies();
}

#[test]
fn a_category_field_goes_when_its_time_has_passed_and_not_a_day_before() {
    let village = Village::new(39, 3);
    let home = village.homes(1)[0];
    let mut phone = village.phone(1, "first");
    lived_in(&village, &mut phone, home);
    edited(&mut phone, home, &key(HIM, "c/low-income/since"), "2025-01-01");
    edited(&mut phone, home, &key(HIM, "c/low-income/until"), "2026-07-10");
    village.sync(&mut phone);
    let category = |phone: &SimPhone| fields(phone, home).iter().filter(|key| key.contains("/c/")).count();
    let months = ruhu_core::category::CategoryForms::shipped()
        .unwrap()
        .form(&"low-income".parse().unwrap())
        .unwrap()
        .fields
        .iter()
        .map(|field| u32::from(field.retention.count()))
        .max()
        .unwrap();
    let kept: chrono::NaiveDate = "2026-07-10".parse().unwrap();
    let last = kept.checked_add_months(chrono::Months::new(months)).unwrap();
    village.to(&format!("{} 10:00", last.pred_opt().unwrap()));
    assert_eq!(village.hub.hub().erase_expired().unwrap(), []);
    village.to(&format!("{last} 10:00"));
    let before = coverage(&village);
    let erased = village.hub.hub().erase_expired().unwrap();
    assert_eq!((erased.len(), erased[0].fields), (1, 2));
    assert_eq!(coverage(&village), before);
    assert_eq!(village.hub.hub().erase_expired().unwrap(), [], "once");
    village.sync(&mut phone);
    assert_eq!(category(&phone), 0);
    assert!(fields(&phone, home).contains(&key(HER, "name")), "nobody's name has a time here");
    let cause = village.hub.hub().storage().read(|tx| tx.erasures()).unwrap()[0].cause.clone();
    assert!(cause.contains("low-income"), "{cause}");
    village.assert_verifies();
}
