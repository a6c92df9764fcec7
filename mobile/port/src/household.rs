//! 家庭户 – one household, masked until the worker opens it for this visit.

use std::collections::{BTreeMap, BTreeSet};

use ruhu_core::category::{CategoryForms, CategoryId, FieldKey, Scalar};
use ruhu_core::community::CommunityFile;
use ruhu_core::fact::Fact;
use ruhu_core::fieldbook::{HistoryLine as CoreLine, LeaseStanding, RaisedRequest, UnitSheet, mask_shown};
use ruhu_core::question::{AnswerKind, Question};
use ruhu_core::roster::{By, Unit};

use crate::ask::{Nothing, SettleAsk, UnitAsk};
use crate::labels::{field, member_keys, profile_keys, text};
use crate::read::{code, place, unit, unit_text};
use crate::requests::open_request;
use crate::today::line;
use crate::view::{
    Chip, Choice, Conflict, FieldView, HistoryLine, Household, MemberView, QuestionKind, QuestionView,
};
use crate::{Port, Trouble};

impl Port {
    /// One household, masked unless it was opened.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn household(&mut self, ask: UnitAsk) -> Result<Household, Trouble> {
        let unit = unit(&ask.unit)?;
        self.show(unit)
    }

    /// 本次走访 – opens one household; any other is masked again.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn open(&mut self, ask: UnitAsk) -> Result<Household, Trouble> {
        let unit = unit(&ask.unit)?;
        // Once a visit: looking again at what stands open is no further look.
        if self.opened != Some(unit) {
            self.book.open_household(unit)?;
            self.opened = Some(unit);
        }
        self.show(unit)
    }

    /// Masks what was opened.
    ///
    /// # Errors
    /// None.
    pub fn close(&mut self, _: Nothing) -> Result<Nothing, Trouble> {
        self.opened = None;
        Ok(Nothing {})
    }

    /// Keeps one of the values of a field in conflict.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn settle(&mut self, ask: SettleAsk) -> Result<Household, Trouble> {
        let unit = unit(&ask.unit)?;
        let sheet = self.book.household(unit)?;
        let nth = usize::try_from(ask.chosen).unwrap_or(usize::MAX);
        let values = sheet.fields.get(&ask.key);
        let Some(chosen) = values.and_then(|values| values.get(nth)) else {
            return Err(Trouble::at(
                &ask.key,
                "此项已无冲突,请重新打开 / no longer in conflict, open it again",
            ));
        };
        self.book.settle_conflict(unit, &ask.key, chosen.clone())?;
        self.show(unit)
    }

    pub(crate) fn show(&self, unit: Unit) -> Result<Household, Trouble> {
        let sheet = self.book.household(unit)?;
        let file = self.book.community()?;
        let locked = self.book.lease()?.is_some_and(|lease| lease.standing == LeaseStanding::Locked);
        let open = self.opened == Some(unit) && !locked;
        let forms = CategoryForms::shipped().unwrap_or_default();
        let requests = self.book.requests(unit)?.into_iter().filter(RaisedRequest::is_waiting);
        let address = sheet.line.address.as_ref();
        let steward = address.and_then(|address| {
            let stewards = file.stewards();
            let of = |stair: Option<&String>| {
                let mut at = address.building_ref();
                at.stair = stair.cloned();
                stewards.get(&at).map(|one| one.name.clone())
            };
            of(Some(&address.stair)).or_else(|| of(None))
        });
        Ok(Household {
            unit: unit_text(unit),
            dwelling: sheet.line.dwelling.map(|id| id.to_string()),
            place: address.map(place),
            grid: sheet
                .line
                .grid
                .and_then(|id| file.grids().get(&id).map(|grid| grid.name.clone()))
                .unwrap_or_default(),
            key: sheet.key,
            locked,
            open,
            members: members(&sheet, &forms, &file, open),
            fields: views(&forms, profile_keys(), &sheet.fields, open),
            history: history(&sheet, &file, self.book.enrolled()?.map(|one| one.worker)),
            requests: requests.map(|one| open_request(one, open)).collect(),
            questions: sheet.questions.iter().map(question).collect(),
            note_for_next: first(&sheet.fields, "p/note_for_next"),
            do_not_ask_until: sheet.do_not_ask_until.map(|day| day.to_string()),
            steward,
            conflicts: conflicts(&forms, &sheet.fields, open),
            neighbours: self.neighbours(&sheet)?,
            refused: sheet.refused.iter().map(|one| self.receipt(one, None)).collect(),
            has_draft: self.book.drafts()?.iter().any(|(of, ..)| *of == unit),
        })
    }

    fn neighbours(&self, sheet: &UnitSheet) -> Result<Vec<crate::view::UnitLine>, Trouble> {
        let mut lines = Vec::new();
        for id in &sheet.neighbours {
            lines.push(line(&self.book.household(Unit::Household(*id))?.line));
        }
        Ok(lines)
    }
}

fn first(fields: &BTreeMap<String, Vec<Scalar>>, key: &str) -> String {
    fields.get(key).and_then(|values| values.first()).map(text).unwrap_or_default()
}

fn views(
    forms: &CategoryForms,
    keys: impl Iterator<Item = String>,
    fields: &BTreeMap<String, Vec<Scalar>>,
    open: bool,
) -> Vec<FieldView> {
    keys.filter_map(|key| field(forms, &key, fields.get(&key).and_then(|values| values.first()), open))
        .collect()
}

fn members(sheet: &UnitSheet, forms: &CategoryForms, file: &CommunityFile, open: bool) -> Vec<MemberView> {
    let confirmed = file.confirmed_categories();
    let shown = sheet.members.iter().map(|member| {
        let person = member.person.to_string();
        let of: BTreeSet<CategoryId> = sheet
            .fields
            .keys()
            .filter_map(|key| match FieldKey::parse_in(forms, key) {
                Ok(FieldKey::Category(of, field)) if of == member.person => Some(field.category),
                _ => None,
            })
            .filter(|category| confirmed.holds(category))
            .collect();
        let chips = of.iter().filter_map(|id| forms.form(id)).map(|form| Chip {
            id: form.id.to_string(),
            zh: form.zh.clone(),
            en: form.en.clone(),
        });
        // A child under 14 has neither a name nor a birthday on a phone.
        let fields = if open && !member.is_child {
            let of_forms = of.iter().filter_map(|id| forms.form(id)).flat_map(|form| {
                form.fields.iter().map(|field| format!("m/{person}/c/{}/{}", form.id, field.id))
            });
            views(forms, member_keys(&person).chain(of_forms), &sheet.fields, open)
        } else {
            Vec::new()
        };
        MemberView {
            name: if open { member.shown.clone() } else { mask_shown(&member.shown) },
            head: member.is_head,
            child: member.is_child,
            has_categories: !of.is_empty(),
            categories: if open { chips.collect() } else { Vec::new() },
            fields,
            person,
        }
    });
    shown.collect()
}

fn conflicts(forms: &CategoryForms, fields: &BTreeMap<String, Vec<Scalar>>, open: bool) -> Vec<Conflict> {
    let several = fields.iter().filter(|(_, values)| 1 < values.len());
    several
        .filter_map(|(key, values)| {
            let label = field(forms, key, None, open)?;
            let shown = values.iter().filter_map(|one| field(forms, key, Some(one), open));
            Some(Conflict {
                key: key.clone(),
                zh: label.zh,
                en: label.en,
                values: shown.map(|one| one.value).collect(),
            })
        })
        .collect()
}

fn history(
    sheet: &UnitSheet,
    file: &CommunityFile,
    own: Option<ruhu_core::ids::WorkerId>,
) -> Vec<HistoryLine> {
    let workers = file.workers();
    let shown = sheet.history.iter().map(|one| {
        let (by, mine) = match one.fact.by {
            By::Worker(id) => {
                (workers.get(&id).map(|worker| worker.name.clone()).unwrap_or_default(), own == Some(id))
            }
            By::Desk(_) => (String::new(), false),
        };
        let recorded_on = file.zone().date(one.stamp.recorded_at()).to_string();
        let mut line = HistoryLine {
            record: one.stamp.entry.to_string(),
            on: recorded_on,
            what: code(&one.fact.fact),
            by,
            mine,
            taken_back: one.taken_back,
            superseded: one.superseded,
            ..HistoryLine::default()
        };
        describe(one, &mut line);
        line
    });
    shown.collect()
}

fn describe(one: &CoreLine, line: &mut HistoryLine) {
    match &one.fact.fact {
        Fact::Visited(visit) => {
            "visit".clone_into(&mut line.what);
            line.on = visit.visited_on.to_string();
            line.at = visit.visited_at.map(|at| at.format("%H:%M").to_string());
            line.outcome = Some(visit.outcome.code().to_string());
            line.late = visit.late_entry;
        }
        Fact::Settled { from: Some(on), .. }
        | Fact::Left { on, .. }
        | Fact::SplitFrom { on, .. }
        | Fact::Dissolved { on, .. }
        | Fact::KeyMark { on, .. }
        | Fact::UseChanged { from: on, .. }
        | Fact::ImportedVisit { visited_on: on } => line.on = on.to_string(),
        _ => {}
    }
}

fn question(of: &Question) -> QuestionView {
    let (kind, min, max) = match &of.kind {
        AnswerKind::YesNo => (QuestionKind::YesNo, None, None),
        AnswerKind::Choice(_) => (QuestionKind::Choice, None, None),
        AnswerKind::Number { min, max } => (QuestionKind::Number, Some(*min), Some(*max)),
        AnswerKind::Date => (QuestionKind::Date, None, None),
        AnswerKind::Text { max } => (QuestionKind::Text, None, Some(i64::from(*max))),
    };
    let choices = of.kind.choices().iter().zip(0u16..).map(|(choice, nth)| Choice {
        id: nth.to_string(),
        zh: choice.zh.clone(),
        en: choice.en.clone(),
    });
    QuestionView {
        id: of.id.to_string(),
        zh: of.zh.clone(),
        en: of.en.clone(),
        why: format!("{}:{}({})", of.department, of.purpose, of.basis),
        kind,
        choices: choices.collect(),
        min,
        max,
    }
}
