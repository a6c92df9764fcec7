//! 14 – what was told is too much like another household's record of the same worker, in rare answers.
//!
//! Inputs: answers to questions and the set of changes (a multi-select is one field). Test: the best match among the worker's
//! own records in the same estate and kind of house, each shared answer weighed by its rarity, less the logarithm of the number
//! of candidates; a conformal p-value against the same number for the records of others there. Told only below 0.01 with three
//! shared rare answers. Never within one tower block, whatever floor or stair: flats there are alike. Needs 50 records of others. Cap 8.

use std::collections::BTreeMap;

use super::{Group, Kind, Power, Signal, Trap};
use crate::flags::evidence::{Housing, Said};
use crate::flags::model::Model;
use crate::flags::reading::{Comparison, Found, Hit};
use crate::flags::scene::{Row, Scene};
use crate::flags::stats::{conformal_p, log_bound};
use ruhu_core::ids::{Hash32, QuestionId};

/// Share of answers a copy changes.
const EDITED: f64 = 0.15;
/// An answer given by fewer than this share is rare.
const RARE: f64 = 0.05;
/// Shared rare answers below which nothing is told.
const RARE_SHARED: usize = 3;
/// Records of others below which nothing is said.
const ENOUGH: usize = 50;
/// The chance below which it is told (4.2).
const TELL_BELOW: f64 = 0.01;

/// The entry of the catalogue.
pub(super) const SIGNAL: Signal = Signal {
    kind: Kind::Copied,
    number: 14,
    group: Group::Answers,
    cap: 8.0,
    quarter_cap: 20.0,
    power: Some(Power { reach: 0.2, made_up: 0.1, honest: 0.002 }),
    names: ("与另一户内容雷同", "too much like another household"),
    traps: &[
        Trap {
            reading: ("同户型、同类家庭情况相近", "families alike in flats alike"),
            shown_by: ("两户实际情况", "both households as they are"),
        },
        Trap {
            reading: ("集体宿舍、同一单位职工", "a dormitory, or colleagues of one employer"),
            shown_by: ("住户的工作单位", "where the residents work"),
        },
        Trap {
            reading: ("按统一口径填写", "filled in by one template on instruction"),
            shown_by: ("下发的填写要求", "the instruction that was sent out"),
        },
    ],
    settled_by: (
        "复访这两户,逐项问清相同的罕见答案",
        "visit both households and ask about the rare answers they share",
    ),
    read,
};

/// One field of a record, as far as two records can be alike in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    Answer(QuestionId),
    Changes,
}

/// What a record says that can be compared: where it stands, the record, its fields in order.
type Spoken<'a> = (usize, &'a Row<'a>, Vec<(Field, Said)>);
/// How often each value of each field was given, and how often the field was filled at all.
type Shares = BTreeMap<Field, (f64, BTreeMap<Said, f64>)>;

/// The best match of one record.
#[derive(Clone, Copy, Debug)]
struct Best {
    record: usize,
    worker: usize,
    score: f64,
    rare: usize,
    shared: usize,
    fields: usize,
}

fn read(scene: &Scene<'_>, _: &Model) -> Found {
    let told: Vec<Spoken<'_>> = scene
        .rows
        .iter()
        .enumerate()
        .map(|(at, row)| (at, row, fields(row)))
        .filter(|(.., fields)| RARE_SHARED <= fields.len())
        .collect();
    let shares = shares(&told);
    let mut groups: BTreeMap<(usize, Housing, &str), Vec<usize>> = BTreeMap::new();
    for (nth, (_, row, _)) in told.iter().enumerate() {
        let estate = row.place.map_or("", |place| place.estate.as_str());
        groups.entry((row.worker, row.housing, estate)).or_default().push(nth);
    }
    let mut best: BTreeMap<Housing, Vec<Best>> = BTreeMap::new();
    for ((worker, housing, _), group) in &groups {
        for one in group {
            let Some(found) = best_of(&told, &shares, *one, group, *worker) else { continue };
            best.entry(*housing).or_default().push(found);
        }
    }
    let mut found = Found::default();
    for all in best.values() {
        for worker in 0..scene.workers.len() {
            let mut others: Vec<f64> =
                all.iter().filter(|one| one.worker != worker).map(|one| one.score).collect();
            let own = all.iter().filter(|one| one.worker == worker);
            if others.len() < ENOUGH {
                if own.clone().next().is_some() {
                    found.not_enough.push(worker);
                }
                continue;
            }
            others.sort_by(f64::total_cmp);
            found.looked.extend(own.clone().map(|one| one.record));
            for one in own.filter(|one| RARE_SHARED <= one.rare) {
                let p = conformal_p(&others, one.score);
                if p < TELL_BELOW {
                    let log_lr = log_bound(p).min(SIGNAL.cap.ln());
                    let words = Some(compare(one, others.len(), p));
                    found.hits.push(Hit { record: one.record, log_lr, words });
                }
            }
        }
    }
    found.not_enough.sort_unstable();
    found.not_enough.dedup();
    found
}

fn fields(row: &Row<'_>) -> Vec<(Field, Said)> {
    let Some(told) = row.is.told.as_ref() else { return Vec::new() };
    let mut fields: Vec<(Field, Said)> =
        told.answers.iter().map(|(question, said)| (Field::Answer(*question), said.clone())).collect();
    if !fields.is_empty() {
        let names: Vec<&str> = told.changes.iter().map(String::as_str).collect();
        fields.push((Field::Changes, Said::Text(Hash32::of(&[names.join(",").as_bytes()]))));
    }
    fields
}

/// How common each answer is, over all records of the community, a little smoothed.
fn shares(told: &[Spoken<'_>]) -> Shares {
    let mut shares = Shares::new();
    for (field, said) in told.iter().flat_map(|(.., fields)| fields) {
        let (all, each) = shares.entry(field.clone()).or_default();
        *all += 1.0;
        *each.entry(said.clone()).or_default() += 1.0;
    }
    shares
}

fn best_of(told: &[Spoken<'_>], shares: &Shares, one: usize, group: &[usize], worker: usize) -> Option<Best> {
    let (record, row, own) = told.get(one)?;
    // The rarity of each own answer is looked up once, not for every candidate.
    let weighed: Vec<(&Field, &Said, f64, bool)> = own
        .iter()
        .map(|(field, said)| {
            let (all, each) = shares.get(field).map_or((1.0, None), |(all, each)| (*all, each.get(said)));
            let share = (each.copied().unwrap_or(0.0) + 0.5) / (all + 1.0);
            (field, said, ((1.0 - EDITED) / share + EDITED).ln(), share < RARE)
        })
        .collect();
    let mut best: Option<Best> = None;
    let mut candidates = 0u32;
    for other in group.iter().filter(|other| **other != one) {
        let Some((_, at, theirs)) = told.get(*other) else { continue };
        if at.is.unit == row.is.unit || same_tower(row, at) {
            continue;
        }
        candidates += 1;
        let (mut score, mut rare, mut shared, mut fields) = (0.0, 0, 0, 0);
        let mut theirs = theirs.iter().peekable();
        for (field, said, weight, is_rare) in &weighed {
            while theirs.peek().is_some_and(|(next, _)| next < *field) {
                theirs.next();
            }
            let Some((_, their)) = theirs.peek().filter(|(next, _)| next == *field) else { continue };
            fields += 1;
            if their == *said {
                score += weight;
                shared += 1;
                rare += usize::from(*is_rare);
            } else {
                score += EDITED.ln();
            }
        }
        if best.is_none_or(|best| best.score < score) {
            best = Some(Best { record: *record, worker, score, rare, shared, fields });
        }
    }
    best.map(|best| Best { score: best.score - f64::from(candidates).ln(), ..best })
}

/// Flats of one tower, by whichever stair they are reached.
fn same_tower(one: &Row<'_>, other: &Row<'_>) -> bool {
    one.housing == Housing::Tower
        && one
            .place
            .zip(other.place)
            .is_some_and(|(one, other)| (&one.estate, &one.building) == (&other.estate, &other.building))
}

fn compare(best: &Best, others: usize, p: f64) -> Comparison {
    let Best { rare, shared, fields, .. } = best;
    Comparison {
        zh: format!(
            "与同一小区另一户的记录 {fields} 项中有 {shared} 项相同,其中 {rare} 项少见(不到 5%);本社区其他 {others} 条记录中这样的雷同极少(可能性 {p:.4})。"
        ),
        en: format!(
            "{shared} of {fields} answers are the same as in the record of another household of the estate, {rare} of them rare (under 5 %); \
             among {others} records of others here such likeness is very rare (chance {p:.4})."
        ),
    }
}
