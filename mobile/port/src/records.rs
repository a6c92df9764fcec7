//! 记录 – what was recorded here and what became of it; what is held about the worker.

use std::collections::BTreeMap;

use ruhu_core::entry::{FindingStep, Kind, LineStep, Record};
use ruhu_core::fieldbook::{Receipt, UnitLine};
use ruhu_core::policy::{Adoption, RuleTexts, SettingState, ShownSetting, Standing, adopt};
use ruhu_core::roster::{Address, Unit};
use ruhu_core::store::EntryState;

use crate::ask::Nothing;
use crate::filled::form_of;
use crate::read::{place, unit_text};
use crate::view::{ExchangeLine, LookLine, Mine, ReceiptLine, ReceiptState, RuleLine};
use crate::{Port, Trouble};

impl Port {
    /// 回执 – everything recorded here and what became of it, the latest first.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn receipts(&mut self, _: Nothing) -> Result<Vec<ReceiptLine>, Trouble> {
        let places = places(self.book.units()?);
        let receipts = self.book.receipts()?;
        Ok(receipts
            .iter()
            .map(|one| self.receipt(one, one.unit.and_then(|unit| places.get(&unit))))
            .collect())
    }

    pub(crate) fn receipt(&self, of: &Receipt, address: Option<&Address>) -> ReceiptLine {
        let (kind, visit) = match (&of.record, of.kind) {
            (Some(Record::Visit(visit)), _) => ("visit", Some(visit)),
            (Some(Record::Proposal(_)), _) => ("found", None),
            (Some(Record::Withdrawal(_)), _) => ("withdrawal", None),
            (Some(Record::RequestEvent(_)), _) => ("request", None),
            (Some(Record::Revisited(_)), _) => ("revisit", None),
            (Some(Record::Finding(said)), _) if said.step == FindingStep::Appealed => ("appeal", None),
            (Some(Record::Finding(_)), _) => ("account", None),
            (Some(Record::Line(said)), _) if said.step == LineStep::Appealed => ("line-appeal", None),
            (Some(Record::Line(_)), _) => ("line-reply", None),
            (None, Kind::Doc) => ("fields", None),
            _ => ("other", None),
        };
        let state = match &of.state {
            EntryState::Unsent => ReceiptState::Unsent,
            EntryState::Accepted { .. } => ReceiptState::Accepted,
            EntryState::Parked { .. } => ReceiptState::Parked,
            EntryState::Quarantined { .. } => ReceiptState::Quarantined,
        };
        ReceiptLine {
            record: of.entry.to_string(),
            kind: kind.to_owned(),
            unit: of.unit.map(unit_text),
            place: address.map(place),
            recorded_at: of.recorded_at.to_rfc3339(),
            outcome: visit.map(|visit| visit.outcome.code().to_string()),
            visited_on: visit.map(|visit| visit.visited_on.to_string()),
            state,
            to_send: of.to_send,
            words: of.words.clone(),
            can_withdraw: matches!(kind, "visit" | "found") && state != ReceiptState::Quarantined,
            draft: of.unit.zip(of.draft.as_ref()).map(|(unit, draft)| form_of(unit, draft, &of.fields)),
        }
    }

    /// 同步记录 – when this phone spoke with the hub; no personal data.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn exchanges(&mut self, _: Nothing) -> Result<Vec<ExchangeLine>, Trouble> {
        let lines = self.book.send_log()?.into_iter().map(|line| ExchangeLine {
            at: line.at.to_rfc3339(),
            accepted: line.exchange.accepted,
            put_aside: line.exchange.parked + line.exchange.quarantined,
            brought: line.exchange.received,
        });
        Ok(lines.collect())
    }

    /// 我的 – everything this phone holds about the worker, and the rules he works under.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn mine(&mut self, _: Nothing) -> Result<Mine, Trouble> {
        let file = self.book.community()?;
        let units = self.book.units()?;
        let worker = self.book.enrolled()?.map(|one| one.worker);
        let categories = file.confirmed_categories();
        let places = places(units.clone());
        let looks = self.book.looks()?.into_iter().map(|(at, unit)| LookLine {
            at: at.to_rfc3339(),
            unit: unit_text(unit),
            place: places.get(&unit).map(place),
        });
        let rules = rules(file.last_adopted().map(|adopted| adopted.adoption.as_str()));
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(Mine {
            who: self.who()?,
            households: count(units.iter().filter(|line| matches!(line.unit, Unit::Household(_))).count()),
            records: count(self.book.receipts()?.len()),
            drafts: count(self.book.drafts()?.len()),
            looks: looks.collect(),
            rules_unread: rules.is_none(),
            rules: rules.unwrap_or_default(),
            categories: categories
                .iter()
                .map(|(id, said)| RuleLine {
                    field: id.shipped().map_or_else(|| id.to_string(), |category| category.zh().to_owned()),
                    value: said.basis.clone(),
                    quotes: Vec::new(),
                    source: String::new(),
                    standing: [said.by.as_str(), said.document_no.as_str()].join(" ").trim().to_owned(),
                })
                .collect(),
            office_phone: worker
                .and_then(|id| file.workers().get(&id).and_then(|worker| worker.office_phone.clone()))
                .unwrap_or_default(),
        })
    }
}

fn places(lines: Vec<UnitLine>) -> BTreeMap<Unit, Address> {
    lines.into_iter().filter_map(|line| Some((line.unit, line.address?))).collect()
}

/// The setting that only the text with the visit rules has: what holds while nothing about visits was adopted.
const OF_DEFAULT: &str = "visits.ordinary";

/// 走访规定 in force, each with its quoted words: what was adopted, else the product's default, which says that it is one.
/// `None` where an adoption cannot be read: a newer hub wrote it, and what it says is not the default.
fn rules(adoption: Option<&str>) -> Option<Vec<RuleLine>> {
    let texts = RuleTexts::shipped().ok()?;
    let text = adoption.filter(|text| !text.trim().is_empty());
    let adopted = match text {
        Some(text) => Some(adopt(&texts, &Adoption::load("adoption", text).ok()?).ok()?),
        None => None,
    };
    let shown = texts.shown(adopted.as_ref());
    let is_taken =
        |one: &ShownSetting| matches!(one.state, SettingState::InForce | SettingState::Demonstration);
    let about_visits = |one: &ShownSetting| one.field.starts_with("visits.");
    let default = shown.iter().find(|one| one.field == OF_DEFAULT).map(|one| one.policy.clone());
    let is_default = !shown.iter().any(|one| is_taken(one) && about_visits(one));
    let live = shown.into_iter().filter(|one| {
        is_taken(one) || (is_default && about_visits(one) && Some(&one.policy) == default.as_ref())
    });
    let lines = live.map(|one| RuleLine {
        standing: match &one.standing {
            Standing::Adopted { by, document_no, from } => format!("{by} {document_no} {from}"),
            Standing::Trial => format!("{} / {}", Standing::TRIAL_ZH, Standing::TRIAL_EN),
        },
        source: texts.text(&one.policy).map(|text| text.title().to_owned()).unwrap_or_default(),
        field: one.field,
        value: one.value,
        quotes: one.quotes,
    });
    Some(lines.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_anything_is_adopted_the_default_is_shown_as_a_trial_with_the_words_it_rests_on() {
        let shown = rules(None).unwrap();
        let key = shown.iter().find(|one| one.field == "visits.key").unwrap();
        assert!(key.quotes[0].contains("重點戶每月入戶一次"), "{key:?}");
        assert!(key.source.contains("篇二") && key.standing.starts_with("未采用"), "{key:?}");
        assert!(shown.iter().all(|one| one.source == key.source), "one text, none that nobody adopted");
    }

    #[test]
    fn what_an_organ_adopted_stands_in_its_name() {
        let adoption = r#"
schema = "wangge-adopt/1"
[community]
name = "示范社区"
timezone = "Asia/Shanghai"
workdays = "cn-official"
[[adopt]]
policy = "d1b-town-model"
by = "示范镇人民政府"
document_no = "示政发〔2026〕1号"
from = "2026-01-01"
take = ["visits"]
"#;
        let shown = rules(Some(adoption)).unwrap();
        let ordinary = shown.iter().find(|one| one.field == "visits.ordinary").unwrap();
        assert_eq!(ordinary.standing, "示范镇人民政府 示政发〔2026〕1号 2026-01-01");
    }
    #[test]
    fn an_adoption_that_cannot_be_read_is_not_taken_for_the_default() {
        assert_eq!(rules(Some("schema = \"wangge-adopt/9\"\n[of_another_time]\n")), None);
        assert_eq!(rules(Some("")), rules(None), "nothing was adopted");
    }
}
