//! An upload in the database: sealed, its owner's alone, gone with its time.

use ruhu_core::ids::{AccountId, CommunityId, ImportId};
use ruhu_server::storage::uploads::{UploadKey, UploadRow};

use super::world::{COMMUNITY, LEAD, World};

const OTHER: AccountId = AccountId::from_bytes([52; 16]);

fn row(nth: u8, account: AccountId, made_ms: i64) -> UploadRow {
    UploadRow {
        key: UploadKey { id: ImportId::from_bytes([nth; 16]), community: COMMUNITY, account },
        made_ms,
        begun_ms: None,
        choices: b"{\"file_name\":\"a\"}".to_vec(),
        shown: b"{}".to_vec(),
    }
}

#[test]
fn an_upload_is_found_by_its_owner_in_its_community_until_its_time_is_over() {
    let world = World::new();
    let storage = world.hub.storage();
    let file: Vec<u8> = (0..200_000_u32).flat_map(u32::to_be_bytes).collect();
    let (own, bytes) = (row(1, LEAD, 1000), file.clone());
    let kept = own.clone();
    storage
        .write(move |tx| {
            tx.add_upload(&kept, &bytes)?;
            tx.add_upload(&row(2, OTHER, 2000), b"b")?;
            tx.add_upload(&row(3, LEAD, 3000), b"c")
        })
        .unwrap();
    let find = |key: UploadKey, since_ms| storage.read(|tx| tx.upload(&key, since_ms)).unwrap();
    assert!(find(own.key, 999) == Some(own.clone()));
    assert!(find(own.key, 1000).is_none(), "its time is over");
    assert!(find(UploadKey { account: OTHER, ..own.key }, 0).is_none());
    let elsewhere = CommunityId::from_bytes([9; 16]);
    assert!(find(UploadKey { community: elsewhere, ..own.key }, 0).is_none());
    assert_eq!(storage.read(|tx| tx.uploaded_file(own.key.id)).unwrap(), Some(file));
    let listed = storage.read(|tx| tx.uploads(COMMUNITY, LEAD, 0)).unwrap();
    assert_eq!(listed.iter().map(|one| one.made_ms).collect::<Vec<_>>(), [3000, 1000], "the latest first");

    let mut changed = own.clone();
    (changed.choices, changed.shown) = (b"{}".to_vec(), b"[1]".to_vec());
    let put = changed.clone();
    assert!(storage.write(move |tx| tx.put_upload(&put)).unwrap());
    storage.write(move |tx| tx.upload_begun(own.key.id, Some(7))).unwrap();
    assert!(find(own.key, 0) == Some(UploadRow { begun_ms: Some(7), ..changed.clone() }));
    assert!(
        storage.read(|tx| tx.has_uploads(1000)).unwrap() && !storage.read(|tx| tx.has_uploads(999)).unwrap()
    );
    assert_eq!(storage.write(|tx| tx.drop_uploads(1000)).unwrap(), 1);
    assert!(!storage.write(move |tx| tx.put_upload(&changed)).unwrap(), "what is gone does not come back");
    let id = ImportId::from_bytes([3; 16]);
    assert!(storage.write(move |tx| tx.drop_upload(id)).unwrap());
    assert!(!storage.write(move |tx| tx.drop_upload(id)).unwrap());
    assert_eq!(storage.write(|tx| tx.drop_uploads(i64::MAX)).unwrap(), 1);
}

#[test]
fn nothing_of_an_upload_stands_in_the_database_in_the_open() {
    let world = World::new();
    let sheet = "网格,地址,户主\n第1网格,阳光小区8幢1单元101室,欧阳建国\n";
    let id = world.hub.upload_roster(LEAD, COMMUNITY, "欧阳家.csv", sheet.into()).unwrap();
    let key = UploadKey { id, community: COMMUNITY, account: LEAD };
    let upload = world.hub.upload(&key).unwrap().unwrap();
    assert_eq!((upload.choices.file_name.as_str(), upload.shown.counts.households), ("欧阳家.csv", 1));
    let shown = serde_json::to_string(&upload.shown).unwrap();
    assert!(!shown.contains("欧阳建国"), "masked before it is kept");
    let preview =
        world.hub.preview_import(COMMUNITY, "欧阳家.csv", sheet.as_bytes(), Default::default()).unwrap();
    world.hub.commit_import(LEAD, preview, None).unwrap();
    for column in ["choices", "shown", "file"] {
        let words = super::database::Fresh::bytes("e6aca7e998b3");
        // Rows in which the name stands in the open, if any, are marked by a statement that changes them.
        let sql = format!("UPDATE import_upload SET begun_ms = 1 WHERE {}", holds(column, &words));
        assert_eq!(world.database.tamper(&sql).unwrap(), 0, "{column}");
    }
    let words = super::database::Fresh::bytes("e6aca7e998b3");
    let sql = format!("UPDATE import_batch SET undone_ms = 1 WHERE {}", holds("file", &words));
    assert_eq!(world.database.tamper(&sql).unwrap(), 0, "the name of a file");
    let lines = world.hub.storage().read(|tx| tx.import_lines(COMMUNITY)).unwrap();
    assert_eq!(lines[0].file.as_deref(), Some("欧阳家.csv"));
}

/// Both databases look for bytes within bytes, each by its own function.
fn holds(column: &str, bytes: &str) -> String {
    if bytes.starts_with("x'") {
        format!("0 < instr({column}, {bytes})")
    } else {
        format!("0 < position({bytes} in {column})")
    }
}
