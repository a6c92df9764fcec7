//! 诚实的一季 – what happens to households in a quarter, and what an honest worker makes of it.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use ruhu_core::ids::{Hash32, ImportId};
use ruhu_core::time::{Period, Zone};
use ruhu_core::visit::OutcomeCode;
use ruhu_server::flags::Material;
use ruhu_server::flags::evidence::{KnownChange, KnownWhat, Missing, SaidBy};

use super::draw::{chance, lognormal, waiting, whole};
use super::strategy::Strategy;
use super::town::{Decoy, Home, Person, QUESTIONS, Town, VALUES, days, drawn, town};
use super::{fake, phone};
use crate::dice::Dice;

/// A community's quarter with the truth beside it.
#[derive(Debug)]
pub struct Quarter {
    /// What the hub would know at its end.
    pub material: Material,
    /// Which records are made up, by which strategy.
    pub made_up: BTreeMap<Hash32, String>,
    /// What is honest and odd about each worker.
    pub(super) marks: BTreeMap<ruhu_core::ids::WorkerId, Marks>,
}

/// What is known of a worker besides his records.
#[derive(Clone, Debug)]
pub(super) struct Marks {
    pub(super) decoys: Vec<&'static str>,
    pub(super) browser: bool,
    pub(super) late_habit: bool,
    /// Share of his households he makes up; 0 for an honest worker.
    pub(super) share: f64,
}

/// Something that happened to a household.
#[derive(Clone, Copy, Debug)]
pub(super) struct Happened {
    pub(super) on: NaiveDate,
    /// What a register would say of it, if any keeps it.
    pub(super) what: Option<KnownWhat>,
}

/// A record before it goes through a phone.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) home: usize,
    /// The day it is about.
    pub(super) on: NaiveDate,
    /// Day and minute of the day as put on the form; `None` leaves what it offers. Whether it is late, the phone decides.
    pub(super) says_on: Option<NaiveDate>,
    pub(super) says_minute: Option<u32>,
    /// When it is typed: day, and second of the day.
    pub(super) typed_on: NaiveDate,
    pub(super) typed_s: u32,
    pub(super) outcome: OutcomeCode,
    /// A change was reported, and so many fields of the household were written.
    pub(super) changed: bool,
    pub(super) edits: u32,
    pub(super) request: bool,
    pub(super) answers: Option<[u16; QUESTIONS]>,
    pub(super) remark: String,
    pub(super) made_up: bool,
    /// The clock was set back by so many milliseconds while typing.
    pub(super) back_ms: i64,
}

/// The quarters of one community, one after the other; the first of those named only gives it a past.
#[must_use]
pub fn community(
    (seed, nth): (u64, u32),
    quarters: &[Period],
    dishonest: f64,
    strategies: &[Strategy],
    nuisance: f64,
) -> Vec<Quarter> {
    let mut town = town(seed, nth, dishonest, strategies, nuisance);
    let made = quarters
        .iter()
        .zip(0u32..)
        .map(|(period, at)| quarter(&mut town, (seed, nth, at), *period, nuisance));
    // The first quarter only fills the town with a past.
    made.skip(1).collect()
}

fn quarter(town: &mut Town, (seed, nth, at): (u64, u32, u32), period: Period, nuisance: f64) -> Quarter {
    let mut dice = Dice::new(seed, "falsify quarter", &[u64::from(nth), u64::from(at)]);
    let happened = happen(town, &mut dice, period);
    let mut found = Quarter {
        material: Material {
            community: town.id,
            period,
            zone: Zone::CHINA,
            records: Vec::new(),
            places: town.places.clone(),
            changes: known(town, &happened, &mut dice, period),
            missing: [Missing::Location, Missing::ActiveTime].into(),
        },
        made_up: BTreeMap::new(),
        marks: BTreeMap::new(),
    };
    let before: Vec<Home> = town.homes.clone();
    for person in &town.people.clone() {
        let mut own = Dice::new(seed, "falsify work", &[u64::from(nth), u64::from(at), number(person)]);
        let mut drafts = honest(town, person, &happened, &mut own, period, nuisance);
        if let Some(strategy) = &person.falsifier {
            fake::falsify(town, person, strategy, &mut own, period, (&mut drafts, &before));
        }
        phone::through(town, person, &mut own, (drafts, nuisance), &mut found);
    }
    found.material = found.material.sorted();
    found
}

fn number(person: &Person) -> u64 {
    person.id.as_bytes().first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// What happens: 12 of 100 households have something to report in a quarter; registers keep some of it.
fn happen(town: &mut Town, dice: &mut Dice, period: Period) -> Vec<Option<Happened>> {
    let span = u32::try_from((period.last_day() - period.first_day()).num_days()).unwrap_or(90);
    let mut all = Vec::with_capacity(town.homes.len());
    for home in &mut town.homes {
        home.pending =
            home.pending.or(home.latest).filter(|one| home.found_on.is_none_or(|found| found < one.on));
        home.latest = None;
        if !chance(dice, (0.12 * home.changes).min(0.8)) {
            all.push(None);
            continue;
        }
        let on = period.first_day() + Days::new(u64::from(dice.below(span)));
        let kinds = [(None, 72), (Some(KnownWhat::CategoryIn), 18), (Some(KnownWhat::Divided), 10)];
        let what = dice.weighted(&kinds, None);
        // A change of the household changes an answer as well, half of the time.
        let question = dice.below(u32::try_from(QUESTIONS).unwrap_or(1)) as usize;
        if let (true, Some(answer), Some(values)) =
            (chance(dice, 0.5), home.answers.get_mut(question), VALUES.get(question))
        {
            *answer = u16::try_from(dice.below(u32::from(*values))).unwrap_or(0);
        }
        home.latest = Some(Happened { on, what });
        all.push(home.latest);
    }
    all
}

/// What registers say of it afterwards: 85 % of true changes, after 20 days in the middle; 3 % with a wrong date.
fn known(town: &Town, happened: &[Option<Happened>], dice: &mut Dice, period: Period) -> Vec<KnownChange> {
    let end =
        Zone::CHINA.instant(period.last_day() + Days::new(10), chrono::NaiveTime::MIN).timestamp_millis();
    let mut known = Vec::new();
    for (home, one) in town.homes.iter().zip(happened) {
        let Some((what, one)) = one.as_ref().and_then(|one| Some((one.what?, one))) else { continue };
        if !chance(dice, 0.85) {
            continue;
        }
        let wrong = if chance(dice, 0.03) { 40 } else { 0 };
        let on = one.on.checked_sub_days(Days::new(wrong)).unwrap_or(one.on);
        let after = 86_400_000.0 * waiting(dice, 20.0);
        let known_ms = Zone::CHINA.instant(one.on, chrono::NaiveTime::MIN).timestamp_millis()
            + i64::from(whole(after / 1000.0)) * 1000;
        if known_ms <= end {
            // Rosters carry categories; that a household split or left, somebody at the desk enters.
            let by_roster = what == KnownWhat::CategoryIn && chance(dice, 0.8);
            let said_by =
                if by_roster { SaidBy::Register(ImportId::from_bytes([1; 16])) } else { SaidBy::Desk };
            known.push(KnownChange { unit: home.unit, on, known_ms, what, said_by });
        }
    }
    known
}

/// A quarter of honest visits: every household until it is met, at most four times.
fn honest(
    town: &mut Town,
    person: &Person,
    happened: &[Option<Happened>],
    dice: &mut Dice,
    period: Period,
    nuisance: f64,
) -> Vec<Draft> {
    let calendar = days(period.first_day(), period.last_day());
    let away = if person.decoys.contains(&Decoy::Surge) { calendar.len() * 6 / 10 } else { 0 };
    let worked: Vec<NaiveDate> = calendar
        .into_iter()
        .skip(away)
        .filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) || chance(dice, 0.35))
        .collect();
    let mut open: Vec<usize> = person.homes.clone();
    let mut tries: BTreeMap<usize, u32> = BTreeMap::new();
    let mut drafts = Vec::new();
    let days_left = worked.len();
    for (nth, on) in worked.into_iter().enumerate() {
        let left = (days_left - nth) as f64;
        // Two knocks for a meeting; a little more is done towards the end.
        let wanted = (open.len() as f64 * 2.1 / left * lognormal(dice, 1.0, 0.35)).min(45.0);
        if open.is_empty() {
            break;
        }
        let walk = walk(dice, &open, whole(wanted));
        let from = if chance(dice, 0.35) { 18 * 60 } else { 9 * 60 + dice.below(90) };
        let mut second = from * 60;
        let courtyard = person.decoys.contains(&Decoy::Courtyard) && nth % 20 == 7;
        for home in walk {
            let Some(is) = town.homes.get_mut(home) else { continue };
            second += if courtyard { 20 } else { 30 + dice.below(60) + is.climb * 8 + dice.below(90) };
            if 12 * 3600 < second && second < 13 * 3600 {
                second = 14 * 3600 + dice.below(900);
            }
            if 21 * 3600 + 1800 < second {
                break;
            }
            let night = person.decoys.contains(&Decoy::Night) && chance(dice, 0.01);
            let draft = knock(
                is,
                person,
                happened.get(home).copied().flatten(),
                dice,
                (home, on, second, night),
                courtyard,
            );
            second = draft.typed_s;
            let met = matches!(draft.outcome, OutcomeCode::Met | OutcomeCode::MetAtDoor | OutcomeCode::Phone);
            let tried = tries.entry(home).or_default();
            *tried += 1;
            if met || 4 <= *tried {
                open.retain(|one| *one != home);
            }
            drafts.push(draft);
        }
    }
    late_entries(person, dice, nuisance, &mut drafts);
    drafts
}

/// Doors in walking order from somewhere on, so that neighbours are met together.
fn walk(dice: &mut Dice, open: &[usize], wanted: u32) -> Vec<usize> {
    let from = dice.below(u32::try_from(open.len()).unwrap_or(1)) as usize;
    open.iter().cycle().skip(from).take((wanted as usize).min(open.len())).copied().collect()
}

fn knock(
    home: &mut Home,
    person: &Person,
    happened: Option<Happened>,
    dice: &mut Dice,
    (at, on, second, night): (usize, NaiveDate, u32, bool),
    courtyard: bool,
) -> Draft {
    let weekend = matches!(on.weekday(), Weekday::Sat | Weekday::Sun);
    let base = match second / 60 {
        _ if weekend => 0.55,
        1050.. => 0.65,
        _ => 0.35,
    };
    let ahead = if person.decoys.contains(&Decoy::CallsAhead) { 0.35 } else { 0.0 };
    let opened = courtyard || chance(dice, (base * home.opens + ahead).clamp(0.03, 0.95));
    let by_phone = !opened && chance(dice, 0.10);
    let declined = opened && !courtyard && chance(dice, 0.03);
    let met = opened && !declined;
    let outcome = match (met, by_phone, declined) {
        (true, ..) => OutcomeCode::MetAtDoor,
        (_, true, _) if chance(dice, 0.8) => OutcomeCode::Phone,
        (_, true, _) => OutcomeCode::Met,
        (.., true) => OutcomeCode::Declined,
        _ => OutcomeCode::NotHome,
    };
    let spoke = met || by_phone;
    let minutes = if !spoke {
        0.4
    } else if courtyard {
        1.2
    } else {
        lognormal(dice, 4.0 * person.slow, 0.44) + waiting(dice, 2.0)
    };
    let typed_s = second + whole(minutes * 60.0);
    // What happened and was not found before is found nine times in ten.
    let open = home
        .pending
        .or(happened)
        .filter(|one| one.on <= on && home.found_on.is_none_or(|found| found < one.on));
    let found = spoke && ((open.is_some() && chance(dice, 0.88)) || chance(dice, 0.01));
    // Some write it into the household's fields, some report it, most do both.
    let edits = if found && chance(dice, 0.6) { 1 + dice.below(3) } else { 0 };
    let changed = found && (edits == 0 || chance(dice, 0.7));
    if spoke {
        (home.pending, home.found_on) = (None, Some(on));
    }
    Draft {
        home: at,
        on,
        says_on: None,
        says_minute: night.then(|| dice.below(180)),
        typed_on: on,
        typed_s,
        outcome,
        changed,
        edits,
        request: spoke && chance(dice, 0.085),
        answers: spoke.then(|| answered(home, person, dice)),
        remark: if spoke { remark(person, dice) } else { String::new() },
        made_up: false,
        back_ms: 0,
    }
}

/// True answers, moved a little by how the worker understands the question.
fn answered(home: &Home, person: &Person, dice: &mut Dice) -> [u16; QUESTIONS] {
    std::array::from_fn(|nth| {
        let (own, tilt) =
            (home.answers.get(nth).copied().unwrap_or(0), person.tilt.get(nth).copied().unwrap_or(0.0));
        let values = VALUES.get(nth).copied().unwrap_or(2);
        if chance(dice, (tilt.abs() * 0.25).min(0.2)) {
            if 0.0 < tilt { (own + 1) % values } else { own.saturating_sub(1) }
        } else {
            own
        }
    })
}

/// Mostly nothing; else a common phrase, words of his own, or his template.
fn remark(person: &Person, dice: &mut Dice) -> String {
    if person.decoys.contains(&Decoy::Template) && chance(dice, 0.15) {
        let own = person.id.as_bytes().first().copied().unwrap_or(0);
        return format!("今日上门走访该户家中情况正常无其他需要登记事项模板{own}");
    }
    if !chance(dice, 0.08) {
        return String::new();
    }
    if chance(dice, 0.5) {
        dice.word(&[
            "家中老人独居请多关注",
            "楼道堆放杂物已劝导",
            "反映路灯不亮",
            "已宣传燃气安全",
            "孩子上学早晚在家",
        ])
        .to_owned()
    } else {
        varied(dice)
    }
}

/// A remark nobody else writes.
pub(super) fn varied(dice: &mut Dice) -> String {
    let words = [
        "楼上", "漏水", "电梯", "邻居", "老人", "看病", "孩子", "转学", "租客", "换锁", "下月", "搬家",
        "反映", "路面", "积水", "消防", "通道", "电表",
    ];
    (0..8).map(|_| dice.word(&words)).collect()
}

/// Some write on paper and type later: the same evening, which no phone lets them declare, or some days on.
fn late_entries(person: &Person, dice: &mut Dice, nuisance: f64, drafts: &mut [Draft]) {
    let habit = if person.late_habit { 0.3 } else { 0.01 * nuisance };
    let mut sittings: BTreeMap<NaiveDate, Option<Sitting>> = BTreeMap::new();
    for draft in drafts {
        let sitting = sittings.entry(draft.on).or_insert_with(|| {
            let days = if chance(dice, 0.4) { u64::from(1 + dice.below(3)) } else { 0 };
            let second = 20 * 3600 + dice.below(3600);
            // One in four leaves the time of typing as the form offers it (judgement).
            let says_times = chance(dice, 0.75);
            chance(dice, habit).then_some(Sitting { days, second, says_times })
        });
        let Some(sitting) = sitting else { continue };
        sitting.second += 40 + dice.below(80);
        if 0 < sitting.days {
            (draft.says_on, draft.says_minute) = (Some(draft.on), None);
        } else if sitting.says_times {
            draft.says_minute = draft.says_minute.or(Some((draft.typed_s / 60).min(1439)));
        }
        (draft.typed_on, draft.typed_s) = (draft.on + Days::new(sitting.days), sitting.second);
    }
}

/// An evening of typing: how many days after the visits, at which second it has arrived, and whether the times of the visits
/// are put on the form.
struct Sitting {
    days: u64,
    second: u32,
    says_times: bool,
}

/// A guess at what somebody would answer, as often as others do.
pub(super) fn guessed(town: &Town, home: &Home, dice: &mut Dice) -> [u16; QUESTIONS] {
    let usual = town.usual.get(&home.housing);
    std::array::from_fn(|nth| {
        usual.and_then(|usual| usual.get(nth)).map_or(0, |weights| drawn(dice, weights))
    })
}
