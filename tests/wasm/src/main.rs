//! The probe: what a phone's browser must be able to do, in the instruction set of the browser.
//!
//! `tests/wasm/check.sh` builds it for wasm32-unknown-unknown and runs it in Node.js without a page, a clock or
//! randomness around it; the unit tests below run the same steps natively. Both compare with the same hashes, so
//! a phone in a browser and the hub cannot come to sign or store different bytes for the same visit.
//!
//! A wasm module of this kind has no standard error, so the exit code names the step: 0 for "all held", n for the
//! n-th of [`STEPS`]. `run.mjs` prints the words.

use std::error::Error;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use ed25519_dalek::SigningKey;
use ruhu_core::entry::{Chain, Entry, Payload, Readings, seal};
use ruhu_core::ids::{
    DwellingId, EnrolmentId, GridId, Hash32, HouseholdId, HubId, StreamId, VisitId, WorkerId,
};
use ruhu_core::profile::{Profile, Scalar, allows_plain};
use ruhu_core::roster::Unit;
use ruhu_core::time::PhoneTime;
use ruhu_core::visit::{DraftRules, MeetingPlace, VisitDraft, VisitOutcome};
use rusqlite::Connection;

type Held = Result<(), Box<dyn Error>>;

/// The steps in order; `run.mjs` knows their names by this order.
const STEPS: [fn() -> Held; 5] = [
    a_draft_becomes_the_same_record,
    a_sealed_entry_is_the_same,
    two_editors_of_one_household_merge,
    the_store_keeps_what_was_committed,
    packing_gives_back_what_was_packed,
];

fn main() -> ExitCode {
    for (step, number) in STEPS.iter().zip(1u8..) {
        if step().is_err() {
            return ExitCode::from(number);
        }
    }
    ExitCode::SUCCESS
}

fn now() -> Result<DateTime<Utc>, chrono::ParseError> {
    "2026-07-05T10:03:20Z".parse()
}

fn record() -> Result<Payload, Box<dyn Error>> {
    let rules = DraftRules {
        today: "2026-07-05".parse()?,
        time: "18:03:20".parse()?,
        visit: VisitId::from_bytes([1; 16]),
        made_by: WorkerId::from_bytes([2; 16]),
    };
    let draft = VisitDraft {
        unit: Some(Unit::Household(HouseholdId::from_bytes([3; 16]))),
        dwelling: Some(DwellingId::from_bytes([4; 16])),
        outcome: Some(VisitOutcome::Met { place: MeetingPlace::Door }),
        ..VisitDraft::default()
    };
    let visit = draft.check(&rules).map_err(|problems| format!("{} problems", problems.len()))?;
    Ok(Payload::of_visit(&visit, [11; 16]))
}

fn sealed() -> Result<(Entry, SigningKey), Box<dyn Error>> {
    let key = SigningKey::from_bytes(&[7; 32]);
    let chain = Chain::start(HubId::from_bytes([5; 16]), EnrolmentId::from_bytes([6; 16]), 1);
    let stream = StreamId::Grid(GridId::from_bytes([10; 16]));
    let now = now()?;
    let readings =
        Readings { recorded_ms: now.timestamp_millis(), read: PhoneTime::wall_only(now), token: None };
    Ok((seal(&chain, &key, stream, None, &readings, record()?), key))
}

fn a_draft_becomes_the_same_record() -> Held {
    same(record()?.hash(), "a331f23ff0351718b8a52e2659a9f3b7267e856d2247b857ab497f4f2b89a82c")
}

fn a_sealed_entry_is_the_same() -> Held {
    let (entry, key) = sealed()?;
    entry.prove(&key.verifying_key())?;
    same(
        Hash32::of(&[&entry.envelope.to_bytes(), &entry.signature]),
        "a05d95bd50602b375af7e1203826bf7c2ea8187fe9a6eeba745cf26b5d90b170",
    )
}

fn two_editors_of_one_household_merge() -> Held {
    let field = |key: &str, value: &str| [(key.to_owned(), Scalar::Str(value.to_owned()))];
    let (mut desk, mut phone) = (Profile::new(), Profile::new());
    let at = now()?;
    let first = desk.edit(&field("p/phone", "1"), [1; 16], at)?.ok_or("no edit")?;
    phone.apply(first.hash, &first.bytes, &allows_plain)?;
    let theirs = phone.edit(&field("p/phone", "2"), [2; 16], at)?.ok_or("no edit")?;
    desk.edit(&field("p/note", "3"), [3; 16], at)?.ok_or("no edit")?;
    desk.apply(theirs.hash, &theirs.bytes, &allows_plain)?;
    let fields = Profile::load(&desk.save())?.fields();
    let text = |value: &str| vec![Scalar::Str(value.to_owned())];
    holds(fields.get("p/phone") == Some(&text("2")) && fields.get("p/note") == Some(&text("3")))?;
    same(Hash32::of(&[&desk.save()]), "60e9f9bd9b04177133b312a120e3bcb0861b36b19d4b971e2833871eedf4ef58")
}

fn the_store_keeps_what_was_committed() -> Held {
    let mut store = Connection::open_in_memory()?;
    store.execute_batch("CREATE TABLE entry (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;")?;
    let bytes = sealed()?.0.envelope.to_bytes();
    let kept = store.transaction()?;
    kept.execute("INSERT INTO entry (seq, bytes) VALUES ($1, $2)", (1, &bytes))?;
    kept.commit()?;
    let dropped = store.transaction()?;
    dropped.execute("INSERT INTO entry (seq, bytes) VALUES ($1, $2)", (2, &bytes))?;
    dropped.rollback()?;
    let rows: Vec<(u32, Vec<u8>)> = store
        .prepare("SELECT seq, bytes FROM entry ORDER BY seq")?
        .query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    holds(rows == [(1, bytes)])
}

fn packing_gives_back_what_was_packed() -> Held {
    let many = sealed()?.0.envelope.to_bytes().repeat(200);
    let packed = zstd::encode_all(many.as_slice(), 3)?;
    holds(packed.len() * 10 < many.len() && zstd::decode_all(packed.as_slice())? == many)
}

fn same(found: Hash32, expected: &str) -> Held {
    if found.to_string() == expected {
        Ok(())
    } else {
        Err(format!("hash {found}, expected {expected}").into())
    }
}

fn holds(condition: bool) -> Held {
    if condition { Ok(()) } else { Err("not as expected".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_holds_natively_with_the_hashes_of_the_browser() {
        for step in STEPS {
            step().unwrap();
        }
    }
}
