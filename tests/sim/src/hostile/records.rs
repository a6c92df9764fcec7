//! Records and envelopes as no honest phone makes them, with every signature right.

use chrono::{DateTime, NaiveDate, Utc};
use rand::Rng;
use ruhu_core::entry::{
    Account, Amount, DocSkeleton, FindingEvent, FindingStep, Ground, Kind, LineEvent, LineKind, LineProposal,
    LineStep, OfficeAct, Payload, Proposal, Readings, ReasonBody, Record, RequestEvent, RequestOwner,
    RequestStep, RevisitKey, Revisited, Ruling, SealedBody, TimeToken, Told, UnitFact, Withdrawal,
    write_cbor,
};
use ruhu_core::fact::Fact;
use ruhu_core::ids::{
    AccountId, DwellingId, FindingId, GridId, Hash32, HouseholdId, LineId, PersonId, QuestionId, RecheckId,
    RequestId, VisitId, WorkerId,
};
use ruhu_core::roster::{Address, By, DwellingUse, Informant, Unit};
use ruhu_core::time::{PhoneTime, SinceBoot};
use ruhu_core::visit::{
    Answer, AnswerValue, Appointment, Change, ChangeKind, Hazard, MeetingPlace, Request, VisitBody,
    VisitOutcome, VisitSkeleton,
};
use uuid::Uuid;

use super::changes::Sent;
use super::chunk::edge;
use crate::dice::Dice;

/// Who speaks, about what.
#[derive(Clone, Copy, Debug)]
pub(super) struct About {
    pub(super) worker: WorkerId,
    pub(super) household: HouseholdId,
    pub(super) dwelling: DwellingId,
    pub(super) grid: GridId,
    /// A record of this phone from before.
    pub(super) before: Hash32,
    pub(super) today: NaiveDate,
}

/// A change of a document as an entry carries it; every thing about it right but the change.
pub(super) fn doc(dice: &mut Dice, about: &About, sent: Sent) -> Payload {
    let unit = Unit::Household(about.household);
    let skeleton = DocSkeleton { unit, by: By::Worker(about.worker), change: sent.claimed, source: None };
    Payload::of_doc(&skeleton, sent.bytes, id(dice))
}

/// A record with something wrong about it, or nothing.
pub(super) fn record(dice: &mut Dice, about: &About) -> Payload {
    let unit = unit(dice, about);
    let payload = match dice.below(9) {
        0..=2 => visit(dice, about, unit),
        3 => {
            let target = if dice.chance(500) { about.before } else { hash(dice) };
            let made_by = whose(dice, about);
            reasoned(dice, &Record::Withdrawal(Withdrawal { unit, target, made_by }))
        }
        4 => {
            let steps = [RequestStep::PassedUp, RequestStep::Handled, RequestStep::Closed];
            let step = dice.pick(&steps).copied().unwrap_or(RequestStep::Closed);
            let by = By::Worker(whose(dice, about));
            let request = RequestId::from_bytes(id(dice));
            let owner = dice.chance(300).then(|| {
                let signs = dice.below(90);
                RequestOwner::Office((0..signs).map(|_| '单').collect())
            });
            let event = RequestEvent { unit, request, step, by, owner, due: None };
            reasoned(dice, &Record::RequestEvent(event))
        }
        5 | 6 => proposal(dice, about, unit),
        7 => private(dice, about),
        _ => {
            let act = OfficeAct {
                units: vec![UnitFact { unit, fact: fact(dice, about) }],
                ..OfficeAct::of(AccountId::from_bytes(id(dice)))
            };
            Payload::of_office(&act, &ReasonBody { words: words(dice) }, id(dice))
        }
    };
    if dice.chance(400) { spoilt(dice, payload) } else { payload }
}

/// What a worker says to the desk alone, of tasks nobody gave, findings nobody opened and lines nobody proposed.
fn private(dice: &mut Dice, about: &About) -> Payload {
    let made_by = whose(dice, about);
    let record = if dice.chance(200) {
        line(dice, about, made_by)
    } else if dice.chance(500) {
        Record::Revisited(Revisited {
            key: RevisitKey {
                draw: RecheckId::from_bytes(id(dice)),
                nth: dice.below(9),
                round: dice.below(4),
            },
            made_by,
            on: day(dice, about),
            by_phone: dice.chance(500),
            told: Told::Came,
            came_on: Some(day(dice, about)),
            people: Some(u8::MAX),
        })
    } else {
        let ruling = Ruling::Falsified;
        let steps = [
            FindingStep::Accounted { account: Account::Other },
            FindingStep::Appealed,
            FindingStep::Heard { reversed: true },
            FindingStep::Decided { ruling, appeal_by: Some(day(dice, about)) },
        ];
        let step = dice.pick(&steps).cloned().unwrap_or(FindingStep::Appealed);
        let (finding, worker) = (FindingId::from_bytes(id(dice)), whose(dice, about));
        Record::Finding(FindingEvent { finding, worker, step, by: By::Worker(made_by) })
    };
    reasoned(dice, &record)
}

/// A worker's word about a line of the ledger, or a line he proposes himself.
fn line(dice: &mut Dice, about: &About, made_by: WorkerId) -> Record {
    let ground = Ground::Finding(FindingId::from_bytes(id(dice)));
    let rule = dice.pick(&["D1a-10", "D1b-21"]).and_then(|rule| rule.parse().ok());
    let proposed = rule.map(|rule| {
        LineStep::Proposed(Box::new(LineProposal {
            kind: LineKind::Reward,
            rule,
            quote: words(dice),
            amount: Amount::YearEndBonus { percent: u8::MAX },
            ground,
            released: vec![words(dice)],
            reply_by: day(dice, about),
        }))
    });
    let confirmed = LineStep::Confirmed { appeal_by: Some(day(dice, about)) };
    let steps = [LineStep::Replied, LineStep::Appealed, confirmed, proposed.unwrap_or(LineStep::Withdrawn)];
    let step = dice.pick(&steps).cloned().unwrap_or(LineStep::Replied);
    let (line, worker) = (LineId::from_bytes(id(dice)), whose(dice, about));
    Record::Line(LineEvent { line, worker, step, by: By::Worker(made_by) })
}

/// Clocks and tokens of any value.
pub(super) fn readings(dice: &mut Dice, now: DateTime<Utc>, token: TimeToken, wild: bool) -> Readings {
    let ms = now.timestamp_millis();
    if !wild {
        return Readings { recorded_ms: ms, read: PhoneTime::wall_only(now), token: Some(token) };
    }
    let wild = i64::from_ne_bytes(edge(dice).to_ne_bytes());
    let wall = DateTime::from_timestamp_millis(if dice.chance(500) { wild } else { ms }).unwrap_or(now);
    let since_boot = dice.chance(500).then(|| SinceBoot { ms: edge(dice), boot: Uuid::from_bytes(id(dice)) });
    let forged = TimeToken { hub_ms: i64::from_ne_bytes(edge(dice).to_ne_bytes()), mac: id(dice) };
    let token = if dice.chance(500) { Some(forged) } else { None };
    Readings {
        recorded_ms: wild.wrapping_sub(i64::from(dice.below(2))),
        read: PhoneTime { wall, since_boot },
        token,
    }
}

fn visit(dice: &mut Dice, about: &About, unit: Unit) -> Payload {
    let outcome = match dice.below(6) {
        0 => VisitOutcome::Declined { do_not_ask_until: Some(day(dice, about)) },
        1 => VisitOutcome::MovedAway { told_by: Informant::Neighbour, left_on: Some(day(dice, about)) },
        2 => VisitOutcome::Vacant { confirmed_by: Some(Informant::PropertyManager) },
        3 => VisitOutcome::NoSuchAddress,
        _ => VisitOutcome::Met { place: MeetingPlace::Door },
    };
    let skeleton = VisitSkeleton {
        visit: VisitId::from_bytes(id(dice)),
        unit,
        dwelling: if dice.chance(900) { about.dwelling } else { DwellingId::from_bytes(id(dice)) },
        made_by: whose(dice, about),
        visited_on: day(dice, about),
        visited_at: None,
        outcome,
        late_entry: dice.chance(500),
        supersedes: dice.chance(200).then(|| if dice.chance(500) { about.before } else { hash(dice) }),
    };
    let mut body = VisitBody { note: words(dice), note_for_next: words(dice), ..VisitBody::default() };
    let rows = dice.weighted(&[(0, 5), (3, 3), (20, 1), (21, 1)], 400);
    for _ in 0..rows {
        let (request, place) = (RequestId::from_bytes(id(dice)), words(dice));
        match dice.below(4) {
            0 => body.met.push(PersonId::from_bytes(id(dice))),
            1 => body.hazards.push(Hazard { id: request, words: words(dice), place }),
            2 => body.requests.push(Request {
                id: request,
                words: words(dice),
                wanted: place,
                solved_on_the_spot: false,
            }),
            _ => body.changes.push(Change {
                kind: ChangeKind::CategoryIn,
                person: None,
                on: Some(day(dice, about)),
                category: Some(place),
            }),
        }
    }
    if dice.chance(200) {
        body.appointment = Some(Appointment { on: day(dice, about), at: None });
        let number = AnswerValue::Number(i64::from_ne_bytes(edge(dice).to_ne_bytes()));
        body.answers = vec![Answer { question: QuestionId::from_bytes(id(dice)), value: number }];
    }
    let record = Record::Visit(skeleton);
    let body = Some(SealedBody { salt: id(dice), bytes: write_cbor(&body) });
    Payload {
        kind: Kind::Record,
        version: Payload::VERSION,
        skeleton: write_cbor(&record),
        body,
        erased: None,
    }
}

fn proposal(dice: &mut Dice, about: &About, unit: Unit) -> Payload {
    let count = dice.weighted(&[(0, 1), (1, 6), (3, 3), (33, 1)], 300);
    let facts = (0..count).map(|_| {
        let unit = if dice.chance(700) { unit } else { self::unit(dice, about) };
        UnitFact { unit, fact: fact(dice, about) }
    });
    let facts = facts.collect();
    let made_by = whose(dice, about);
    reasoned(dice, &Record::Proposal(Proposal { made_by, facts }))
}

fn fact(dice: &mut Dice, about: &About) -> Fact {
    let on = day(dice, about);
    let other = HouseholdId::from_bytes(id(dice));
    let grid = if dice.chance(800) { about.grid } else { GridId::from_bytes(id(dice)) };
    match dice.below(12) {
        0 => {
            let address = Address {
                estate: words(dice),
                door: words(dice),
                floor: i16::try_from(dice.below(40_000)).ok(),
                ..Address::default()
            };
            Fact::DwellingListed { address, used_as: DwellingUse::Home, grid, from: on }
        }
        1 => Fact::Settled { dwelling: about.dwelling, grid, from: Some(on) },
        2 => Fact::Settled { dwelling: DwellingId::from_bytes(id(dice)), grid, from: None },
        3 => Fact::SplitFrom { from: if dice.chance(500) { about.household } else { other }, on },
        4 => Fact::Dissolved { on, into: Some(if dice.chance(500) { about.household } else { other }) },
        5 => Fact::Left { on, told_by: Some(Informant::Other) },
        6 => Fact::KeyMark { key: true, on },
        7 => Fact::UseChanged { to: DwellingUse::AnnexOf(about.household), from: on },
        8 => Fact::SameAs { into: about.household },
        9 => Fact::Confirmed { target: about.before },
        10 => Fact::DoNotAsk { from: on, until: NaiveDate::MAX },
        _ => Fact::Withdrawn { target: about.before },
    }
}

/// Bytes that are no longer what they were, under a hash that is theirs.
fn spoilt(dice: &mut Dice, mut payload: Payload) -> Payload {
    match dice.below(10) {
        0 => payload.version = u8::try_from(dice.below(256)).unwrap_or_default(),
        1 => payload.body = None,
        2 => payload.skeleton.push(0),
        3 => payload.skeleton.truncate(usize::try_from(dice.below(40)).unwrap_or(0)),
        4 => payload.skeleton = vec![0x81; usize::try_from(dice.below(60_000)).unwrap_or(0)],
        5 => payload.skeleton = vec![0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        6 => payload.skeleton = vec![0x5b, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3],
        7 => {
            let at = dice.below(u32::try_from(payload.skeleton.len()).unwrap_or(0));
            if let Some(byte) = payload.skeleton.get_mut(usize::try_from(at).unwrap_or(0)) {
                *byte ^= 1 << dice.below(8);
            }
        }
        8 => payload.kind = if payload.kind == Kind::Doc { Kind::Record } else { Kind::Doc },
        _ => payload.body = Some(SealedBody { salt: [0; 16], bytes: vec![0xa1; 66_000] }),
    }
    payload
}

fn reasoned(dice: &mut Dice, record: &Record) -> Payload {
    Payload::of_record_with_reason(record, &ReasonBody { words: words(dice) }, id(dice))
}

fn unit(dice: &mut Dice, about: &About) -> Unit {
    match dice.below(10) {
        0 => Unit::Vacant(about.dwelling),
        1 => Unit::Household(HouseholdId::from_bytes(id(dice))),
        2 => Unit::Vacant(DwellingId::from_bytes(id(dice))),
        _ => Unit::Household(about.household),
    }
}

fn whose(dice: &mut Dice, about: &About) -> WorkerId {
    if dice.chance(950) { about.worker } else { WorkerId::from_bytes(id(dice)) }
}

fn day(dice: &mut Dice, about: &About) -> NaiveDate {
    match dice.below(12) {
        0 => NaiveDate::MAX,
        1 => NaiveDate::MIN,
        2 => NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(about.today),
        3 => NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or(about.today),
        4 => NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap_or(about.today),
        _ => about.today,
    }
}

fn words(dice: &mut Dice) -> String {
    let length = dice.weighted(&[(0, 12), (5, 5), (500, 1), (501, 1)], 9_000);
    "话".repeat(usize::try_from(length).unwrap_or(0))
}

fn id(dice: &mut Dice) -> [u8; 16] {
    let mut bytes = [0; 16];
    dice.rng().fill_bytes(&mut bytes);
    bytes
}

fn hash(dice: &mut Dice) -> Hash32 {
    let mut bytes = [0; 32];
    dice.rng().fill_bytes(&mut bytes);
    Hash32(bytes)
}
