//! 依据卡 – what was recorded, what is unusual and compared with whom, which innocent readings fit, and what would settle it
//! (`detection.md` 4.6). No score on top, no worker's name, no word of a resident.

use std::fmt::Write;

use chrono::DateTime;
use ruhu_core::ids::Hash32;
use serde::{Deserialize, Serialize};

use super::combine::Review;
use super::evidence::{Evidence, Material};
use super::signals::Signal;

/// 依据卡 – one record, laid out for whoever visits again or answers for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Payload hash of the record.
    pub record: Hash32,
    /// The door.
    pub address: String,
    /// 一、记录了什么.
    pub facts: Vec<Both>,
    /// 二 to 四, once per signal, in the order of the catalogue.
    pub points: Vec<Point>,
    /// 五、没有的依据 – what the hub did not have.
    pub missing: Vec<Both>,
    /// The numbers it rests on.
    pub model_version: String,
    /// SHA-256 of the material: the same material and model give the same card.
    pub inputs_hash: Hash32,
}

/// A sentence in Chinese and English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Both {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// One signal on a card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Its name.
    pub name: Both,
    /// Whether it is about the whole quarter of whoever recorded it, and not about this record alone.
    pub about_the_quarter: bool,
    /// 二、与什么相比有何不同.
    pub unusual: Both,
    /// Weak, moderate or strong.
    pub strength: Both,
    /// The number behind the word: how many times likelier if it was made up than if not, after all caps.
    pub likelihood_ratio: f64,
    /// 三、可能的正常原因 – each with what would show it.
    pub innocent: Vec<Innocent>,
    /// 四、怎样核实.
    pub settled_by: Both,
}

/// An innocent reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Innocent {
    /// What may lie behind it.
    pub reading: Both,
    /// What would show it.
    pub shown_by: Both,
}

/// The card of a record; `None` for one the material does not hold.
#[must_use]
pub fn card(material: &Material, review: &Review, record: Hash32) -> Option<Card> {
    let is = material.records.iter().find(|one| one.record == record)?;
    let line = review.lines.iter().find(|line| line.record == record)?;
    let points = line.reasons.iter().filter_map(|reason| {
        let signal = Signal::of(reason.signal)?;
        Some(Point {
            name: both(signal.names),
            about_the_quarter: reason.about_the_quarter,
            unusual: Both { zh: reason.words.zh.clone(), en: reason.words.en.clone() },
            strength: both(reason.strength.words()),
            likelihood_ratio: reason.likelihood_ratio,
            innocent: signal
                .traps
                .iter()
                .map(|trap| Innocent { reading: both(trap.reading), shown_by: both(trap.shown_by) })
                .collect(),
            settled_by: both(signal.settled_by),
        })
    });
    Some(Card {
        record,
        address: material.places.get(&is.dwelling).map(|place| place.shown.clone()).unwrap_or_default(),
        facts: facts(material, is),
        points: points.collect(),
        missing: review.missing.iter().map(|missing| both(missing.words())).collect(),
        model_version: review.model_version.to_owned(),
        inputs_hash: review.inputs_hash,
    })
}

fn both((zh, en): (&str, &str)) -> Both {
    Both { zh: zh.to_owned(), en: en.to_owned() }
}

fn facts(material: &Material, is: &Evidence) -> Vec<Both> {
    let moment = |ms: i64| {
        let at = DateTime::from_timestamp_millis(ms).unwrap_or_default();
        format!("{} {}", material.zone.date(at), material.zone.time(at).format("%H:%M"))
    };
    let code = is.outcome;
    let stated = is.visited_at.map_or_else(
        || ("时间未记".to_owned(), "time not stated".to_owned()),
        |at| (at.format("%H:%M").to_string(), at.format("%H:%M").to_string()),
    );
    let late = if is.late_entry {
        ("补录", "late entry, declared")
    } else {
        ("当天录入", "not marked as late")
    };
    let mut facts = vec![
        Both {
            zh: format!("填写的走访:{} {},{},{}", is.visited_on, stated.0, code.zh(), late.0),
            en: format!("Visit as stated: {} {}, {code}, {}", is.visited_on, stated.1, late.1),
        },
        Both {
            zh: format!("手机录入 {},中心收到 {}", moment(is.times.stated_ms), moment(is.times.received_ms)),
            en: format!(
                "Recorded on the phone {}, received by the hub {}",
                moment(is.times.stated_ms),
                moment(is.times.received_ms)
            ),
        },
    ];
    if let Some(token) = is.times.token_ms {
        let at = moment(token);
        facts.push(Both {
            zh: format!("录入不早于 {at}(手机此前最后一次与中心联系)"),
            en: format!("Recorded no earlier than {at} (the phone's last contact with the hub before it)"),
        });
    }
    if is.times.boot.is_none() {
        facts.push(Both {
            zh: "这部手机没有开机时钟,时间只作参考".to_owned(),
            en: "This phone has no clock since boot: its times say less".to_owned(),
        });
    }
    if let Some(days) = is.days_since_met {
        facts.push(Both {
            zh: format!("距上次见面 {days} 天"),
            en: format!("{days} days after the household was last met"),
        });
    }
    match &is.told {
        Some(told) => {
            let (changes, answers, requests) = (told.changes.len(), told.answers.len(), told.requests);
            let edits = told.edits;
            facts.push(Both {
                zh: format!("内容:变动 {changes} 项、改动字段 {edits} 个、专项 {answers} 项、诉求隐患 {requests} 项"),
                en: format!("Contents: {changes} changes, {edits} fields written, {answers} answers, {requests} requests or hazards"),
            });
        }
        None => facts.push(Both {
            zh: "内容已依法删除".to_owned(),
            en: "Its contents were erased by decision".to_owned(),
        }),
    }
    facts
}

impl Card {
    /// The card as lines of text, Chinese first.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a string cannot fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, to: &mut String) -> std::fmt::Result {
        writeln!(to, "■ {}  [{}]", self.address, self.short())?;
        writeln!(to, "一、记录了什么 / what was recorded")?;
        for fact in &self.facts {
            writeln!(to, "   {} / {}", fact.zh, fact.en)?;
        }
        for point in &self.points {
            let scope = if point.about_the_quarter {
                "(整季,不单指这一条 / the whole quarter, not this record alone)"
            } else {
                ""
            };
            writeln!(to, "二、{} / {}{scope}", point.name.zh, point.name.en)?;
            writeln!(to, "   {}", point.unusual.zh)?;
            writeln!(to, "   {}", point.unusual.en)?;
            writeln!(
                to,
                "   强度 / strength: {} / {} (似然比 / likelihood ratio {:.1})",
                point.strength.zh, point.strength.en, point.likelihood_ratio
            )?;
            writeln!(to, "   可能的正常原因 / innocent readings:")?;
            for one in &point.innocent {
                writeln!(
                    to,
                    "   · {} — 看 {} / {} — shown by {}",
                    one.reading.zh, one.shown_by.zh, one.reading.en, one.shown_by.en
                )?;
            }
            writeln!(to, "   怎样核实 / to settle it: {} / {}", point.settled_by.zh, point.settled_by.en)?;
        }
        writeln!(to, "三、没有的依据 / what was not to be had")?;
        for one in &self.missing {
            writeln!(to, "   {} / {}", one.zh, one.en)?;
        }
        writeln!(
            to,
            "这只是请另一人复访的理由,不是结论;工作者先说明,再由人决定。 / A reason to visit again, not a finding: the worker is heard first, and a person decides."
        )?;
        writeln!(to, "模型 / model {} · 依据 / inputs {}", self.model_version, self.inputs_hash)
    }

    /// The first signs of the record's hash, as lists show it.
    #[must_use]
    pub fn short(&self) -> String {
        self.record.to_string().chars().take(12).collect()
    }
}
