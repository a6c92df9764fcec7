//! 上传 – pushes of visits as the phones of a county send them, sealed and signed before anything is timed.

use chrono::{NaiveDate, NaiveTime};
use ruhu_core::entry::{Payload, Readings, StreamId, seal};
use ruhu_core::ids::{Hash32, VisitId, derived};
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::{PROTOCOL, Push, SyncRequest, pack_request};
use ruhu_core::time::PhoneTime;
use ruhu_core::visit::{Appointment, DraftRules, MeetingPlace, VisitBody, VisitDraft, VisitOutcome};

use super::BenchError;
use super::county::{County, Patch};
use crate::dice::Dice;
use crate::harness::HarnessError;

/// A request that pushes the next `count` visits of a grid's phone, made on `day`: the households in walking order,
/// from where the phone's chain stands on.
///
/// # Errors
/// [`BenchError`].
pub fn push(county: &County, patch: &Patch, count: u32, day: NaiveDate) -> Result<Vec<u8>, BenchError> {
    let standing = county.standing(patch).map_err(HarnessError::from)?;
    let now = county.clock.now();
    let now_ms = now.timestamp_millis();
    let token = county.hub.tokens().issue(patch.enrolment, now_ms);
    let mut chain = standing.chain;
    let mut entries = Vec::new();
    for _ in 0..count {
        let done = u32::try_from(chain.next_seq - 1).unwrap_or(u32::MAX);
        let nth = patch.first + done.checked_rem(patch.households).unwrap_or(0);
        let payload = visit(patch, nth, (done, b""), day)?;
        let readings = Readings { recorded_ms: now_ms, read: PhoneTime::wall_only(now), token: Some(token) };
        let unit = Unit::Household(Patch::household(nth).0);
        let stream = StreamId::Grid(patch.grid);
        let entry = seal(&chain, &patch.key, stream, Some(unit), &readings, payload);
        chain = chain.after(&entry.envelope);
        entries.push(entry);
    }
    let request = SyncRequest {
        protocol: PROTOCOL,
        app: "ruhu-sim/bench".into(),
        hub_epoch: standing.hub_epoch,
        kept: None,
        whole: false,
        hub_key_nr: 0,
        cursors: standing.cursors,
        pushes: Push::of(&entries).into_iter().collect(),
        unsent_after: 0,
    };
    Ok(pack_request(&request, county.hub.id(), patch.enrolment, &patch.key, now_ms))
}

/// A visit to the household with a number, the `done`-th of a phone's story. Four of five are met; one in five leaves a
/// few words.
pub(crate) fn visit(
    patch: &Patch,
    nth: u32,
    (done, story): (u32, &[u8]),
    day: NaiveDate,
) -> Result<Payload, BenchError> {
    let mut dice = Dice::new(1, "push", &[u64::from(nth), u64::from(done)]);
    let (household, dwelling) = Patch::household(nth);
    let outcome = match dice.below(10) {
        0 => VisitOutcome::NotHome { note_left: true },
        1 => VisitOutcome::Rescheduled,
        2..5 => VisitOutcome::Met { place: MeetingPlace::Inside },
        _ => VisitOutcome::Met { place: MeetingPlace::Door },
    };
    let met = matches!(outcome, VisitOutcome::Met { .. });
    let body = VisitBody {
        met: if met { vec![derived("bench/person", &[&nth.to_be_bytes()])] } else { Vec::new() },
        nothing_changed: met,
        appointment: (outcome == VisitOutcome::Rescheduled)
            .then(|| Appointment { on: day.succ_opt().unwrap_or(day), at: None }),
        note: if dice.chance(200) { "老人身体尚好,儿子周末回来".into() } else { String::new() },
        ..VisitBody::default()
    };
    let draft = VisitDraft {
        unit: Some(Unit::Household(household)),
        dwelling: Some(dwelling),
        outcome: Some(outcome),
        body,
        ..VisitDraft::default()
    };
    let id = [&nth.to_be_bytes(), &done.to_be_bytes(), story].concat();
    let visit: VisitId = derived("bench/visit", &[&id]);
    let time = NaiveTime::from_hms_opt(9 + dice.below(10), dice.below(60), 0).unwrap_or(NaiveTime::MIN);
    let rules = DraftRules { today: day, time, visit, made_by: patch.worker };
    let mut salt = [0; 16];
    salt.iter_mut().zip(Hash32::of(&[b"bench/salt", &id]).0).for_each(|(to, from)| *to = from);
    let visit = draft.check(&rules).map_err(|_| BenchError::Refused)?;
    Ok(Payload::of_visit(&visit, salt))
}
