//! 户情 – a household's fields as the page shows them: masked, opened for a reason, or open to be corrected.

use std::collections::BTreeSet;

use chrono::Months;
use ruhu_core::category::{
    CategoryField, CategoryForm, CategoryForms, CategoryId, ConfirmedCategories, FieldKey, FormField,
    MemberField, PartDate, ProfileField, Scalar, child_label,
};
use ruhu_core::fieldbook::mask_value;
use ruhu_core::ids::PersonId;
use ruhu_core::policy;
use ruhu_core::roster::{By, Unit};

use super::choice::Scope;
use super::household::{Look, reveal};
use super::list::address;
use super::record_form::{Form, input_kind, source_words, words_of};
use super::{Viewer, unit_code};
use crate::desk::trouble::Trouble;
use crate::desk::views::{
    AddView, ConflictView, FieldInput, FormView, InputKind, RecordLine, RecordPage, RecordSection, SideView,
};
use crate::desk::words::Lang;
use crate::office::record::{Held, Record, Said, form_text, said_on};
use crate::storage::{StorageError, Tx};

/// Builds the page. The caller has logged the look before. With a form it is open to be corrected.
pub(in crate::desk) fn record_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    (unit, tail): (Unit, &str),
    look: Look,
    form: Option<Form>,
) -> Result<RecordPage, Trouble> {
    let row =
        tx.unit(unit)?.filter(|row| row.grid.is_some_and(|grid| scope.file.grids().contains_key(&grid)));
    let (Some(row), Unit::Household(_)) = (row, unit) else { return Err(Trouble::NotFound) };
    let lang = viewer.lang;
    let record = Record::of(tx, &row)?;
    let forms = CategoryForms::shipped().map_err(|_| StorageError::Damaged { what: "register of fields" })?;
    let confirmed = scope.file.confirmed_categories();
    let query = format!("?period={}{}", scope.period, scope.tail);
    let back = format!("/household/{}{query}", unit_code(unit));
    // A resident's request goes along to the end.
    let query = query + tail;
    let path = format!("/household/{}", unit_code(unit));
    let form = form.filter(|_| viewer.account.role.decides() && matches!(look, Look::For(_)));
    let told = Told {
        scope,
        lang,
        look,
        record: &record,
        forms: &forms,
        confirmed: &confirmed,
        form: form.as_ref(),
    };
    let known = record.members();
    let mut members = known.clone();
    members.extend(form.iter().flat_map(|form| form.newcomers(&record)));
    let (gone, here): (Vec<_>, Vec<_>) =
        members.into_iter().partition(|person| known.contains(person) && !record.lives_here(*person));
    let mut sections = vec![told.household()];
    sections.extend(here.into_iter().map(|person| told.member(person)));
    let gone: Vec<_> = gone.into_iter().map(|person| told.member(person)).collect();
    let lines = |one: &RecordSection| {
        let own = one.lines.iter().chain(one.forms.iter().flat_map(|form| &form.lines));
        own.map(|line| line.key.clone()).collect::<Vec<_>>()
    };
    let conflicts = told.conflicts();
    let mut placed: BTreeSet<String> = sections.iter().chain(&gone).flat_map(lines).collect();
    placed.extend(conflicts.iter().map(|one| one.key.clone()));
    Ok(RecordPage {
        shell: viewer.shell(lang.t("record.title").to_owned(), "households", Some(scope)),
        back,
        for_case: !tail.is_empty(),
        address: address(tx, row.dwelling, scope.today)?,
        place: row.grid.map(|grid| scope.grid_name(grid)).unwrap_or_default(),
        reveal: reveal(look, &format!("{path}/record/reveal{query}"), lang),
        conflicts,
        sections,
        gone,
        form: form.as_ref().map(|form| form.view(&format!("{path}/record{query}"), &placed, lang)),
    })
}

struct Told<'a> {
    scope: &'a Scope,
    lang: Lang,
    look: Look,
    record: &'a Record,
    forms: &'a CategoryForms,
    confirmed: &'a ConfirmedCategories,
    form: Option<&'a Form>,
}

impl Told<'_> {
    fn household(&self) -> RecordSection {
        let lines = ProfileField::FORM
            .iter()
            .filter_map(|(field, zh, en)| self.line(&FieldKey::Profile(*field), self.label(zh, en), None));
        RecordSection {
            title: self.lang.t("record.household").to_owned(),
            lines: lines.collect(),
            ..RecordSection::default()
        }
    }

    fn member(&self, person: PersonId) -> RecordSection {
        let is_open = matches!(self.look, Look::For(_));
        let lines = MemberField::FORM.iter().filter_map(|(field, zh, en)| {
            let is_off = field.is_sensitive() && !self.forms.takes_id_numbers();
            let key = FieldKey::Member(person, *field);
            if is_off && self.record.get(&key).is_none() {
                return None;
            }
            self.line(&key, self.label(zh, en), None)
        });
        let own = self.categories(person);
        let (shown, kept_back): (Vec<_>, Vec<_>) =
            own.iter().filter_map(|id| self.forms.form(id)).partition(|form| self.confirmed.holds(&form.id));
        let kept_back = match (is_open, shown.len() + kept_back.len(), kept_back.len()) {
            (false, 1.., _) => self.lang.t("record.has-categories").to_owned(),
            (true, _, 1..) => {
                let names: Vec<&str> = kept_back.iter().map(|form| self.label(&form.zh, &form.en)).collect();
                self.lang.fill("record.not-confirmed", &[&names.join("、")])
            }
            _ => String::new(),
        };
        let is_head = self.record.text(&FieldKey::Profile(ProfileField::Head)).parse().ok() == Some(person);
        let is_new = !self.record.members().contains(&person);
        let tags = [(is_head, "record.head"), (is_new, "record.new")];
        RecordSection {
            title: self.name(person),
            tags: tags
                .iter()
                .filter(|(holds, _)| *holds)
                .map(|(_, key)| self.lang.t(key).to_owned())
                .collect(),
            lines: lines.collect(),
            add: self.form.and_then(|_| self.addable(person, &own)),
            forms: if is_open {
                shown.into_iter().map(|form| self.category(person, form)).collect()
            } else {
                Vec::new()
            },
            kept_back,
        }
    }

    /// The categories of which something stands in the record, or is asked for in the form.
    fn categories(&self, person: PersonId) -> BTreeSet<CategoryId> {
        let mut ids = BTreeSet::new();
        let stands =
            self.record.fields().filter(|(_, held)| held.now().is_some()).map(|(key, _)| key.clone());
        let typed = self.form.into_iter().flat_map(Form::keys);
        for key in stands.chain(typed) {
            match key {
                FieldKey::Category(of, field) if of == person => {
                    ids.insert(field.category);
                }
                _ => {}
            }
        }
        ids
    }

    /// 列入类别 – a child under 14 is put into none (`domain.md` 2.8: the guardian's consent is not recorded here).
    fn addable(&self, person: PersonId, own: &BTreeSet<CategoryId>) -> Option<AddView> {
        if self.child(person).is_some() {
            return None;
        }
        let others = self.forms.shown(self.confirmed).filter(|form| !own.contains(&form.id));
        let categories: Vec<(String, String)> =
            others.map(|form| (form.id.to_string(), self.label(&form.zh, &form.en).to_owned())).collect();
        (!categories.is_empty()).then(|| AddView { person: person.to_string(), categories })
    }

    fn category(&self, person: PersonId, form: &CategoryForm) -> FormView {
        let lines = form.fields.iter().filter_map(|field| {
            let of = CategoryField { category: form.id.clone(), field: field.id.clone() };
            self.line(&FieldKey::Category(person, of), self.label(&field.zh, &field.en), Some(field))
        });
        let mut whys: Vec<String> = Vec::new();
        for field in &form.fields {
            let why = format!("{} · {}", field.purpose, field.basis);
            if !whys.contains(&why) {
                whys.push(why);
            }
        }
        FormView {
            title: self.label(&form.zh, &form.en).to_owned(),
            why: self.lang.fill("record.why", &[&form.department, &whys.join(";")]),
            lines: lines.collect(),
        }
    }

    /// One field; `None` for an empty one that cannot be filled in here.
    fn line(&self, key: &FieldKey, label: &str, of: Option<&FormField>) -> Option<RecordLine> {
        let nothing = Held::default();
        let held = self.record.get(key).unwrap_or(&nothing);
        let name = key.to_string();
        let typed = self.form.and_then(|form| form.typed(&name));
        // A field in conflict is settled above, by choosing.
        let input = self.form.filter(|_| !held.is_conflict()).map(|_| FieldInput {
            kind: self.kind(key, of, held),
            now: typed.map_or_else(|| held.text(), |typed| typed.now.clone()),
            was: typed.map_or_else(|| held.text(), |typed| typed.was.clone()),
        });
        if input.is_none() && held.now().is_none() && held.said.is_empty() {
            return None;
        }
        let said = held.now().and_then(|value| held.said_of(value));
        let shown = |value: &Scalar| self.shown(key, of, value);
        let past = held.said.iter().rev().filter(|one| Some(*one) != said);
        Some(RecordLine {
            label: label.to_owned(),
            value: held.now().map(shown).unwrap_or_default(),
            said: self.said(key, said),
            again: said.is_some_and(|said| of.is_some_and(|of| self.is_due_again(of, said))),
            sensitive: of.is_some_and(|of| of.sensitive)
                || matches!(key, FieldKey::Member(_, field) if field.is_sensitive()),
            earlier: past.map(|one| (shown(&one.value), self.by(one))).collect(),
            problem: self.form.and_then(|form| form.problem(&name, shown, self.lang)),
            key: name,
            input,
        })
    }

    /// What an input takes. What stands there can always be kept: a head who left, a choice of another version.
    fn kind(&self, key: &FieldKey, of: Option<&FormField>, held: &Held) -> InputKind {
        let mut kind = input_kind(key, of, self.members(), self.lang);
        if let (InputKind::Choice(choices), Some(value)) = (&mut kind, held.now()) {
            let text = form_text(value);
            if !choices.iter().any(|(id, _)| *id == text) {
                choices.push((text, self.shown(key, of, value)));
            }
        }
        kind
    }

    /// 应复核 – the register's time has passed since it was written.
    fn is_due_again(&self, of: &FormField, said: &Said) -> bool {
        let months = Months::new(u32::from(of.review_every.count()));
        let due = said_on(said, self.scope.file.zone()).checked_add_months(months);
        due.is_some_and(|due| due <= self.scope.today)
    }

    fn said(&self, key: &FieldKey, said: Option<&Said>) -> String {
        let Some(said) = said else { return String::new() };
        let by = self.by(said);
        let on = said_on(said, self.scope.file.zone());
        match self.record.nothing_changed_on.filter(|day| on < *day && is_confirmed_at_the_door(key)) {
            Some(day) => self.lang.fill("record.confirmed", &[&by, &day.to_string()]),
            None => by,
        }
    }

    fn by(&self, said: &Said) -> String {
        let on = said_on(said, self.scope.file.zone()).to_string();
        let who = match said.by {
            By::Worker(id) => {
                self.scope.file.workers().get(&id).map(|worker| worker.name.clone()).unwrap_or_default()
            }
            By::Desk(_) => self.lang.t("household.by-desk").to_owned(),
        };
        match said.source {
            Some(source) => self.lang.fill("record.said-by", &[&on, &who, source_words(source, self.lang)]),
            None => format!("{on} {who}"),
        }
    }

    pub(super) fn shown(&self, key: &FieldKey, of: Option<&FormField>, value: &Scalar) -> String {
        let masked = match self.look {
            Look::Masked => mask_value(&key.to_string(), value),
            Look::For(_) => value.clone(),
        };
        if let (FieldKey::Profile(ProfileField::Head), Ok(person)) = (key, form_text(&masked).parse()) {
            return self.name(person);
        }
        words_of(of, &masked, self.lang)
    }

    /// A member as it is shown: a child under 14 by age until the record is opened.
    pub(super) fn name(&self, person: PersonId) -> String {
        let key = FieldKey::Member(person, MemberField::Name);
        let label = self.child(person).filter(|_| self.look == Look::Masked);
        let typed = self.form.and_then(|form| form.typed(&key.to_string())).map(|typed| typed.now.clone());
        let name = || match self.record.get(&key).and_then(Held::now) {
            Some(name) => self.shown(&key, None, name),
            None => typed.unwrap_or_default(),
        };
        let name = label.unwrap_or_else(name);
        if name.is_empty() { self.lang.t("record.nameless").to_owned() } else { name }
    }

    fn child(&self, person: PersonId) -> Option<String> {
        let key = FieldKey::Member(person, MemberField::Birth);
        let typed = self.form.and_then(|form| form.typed(&key.to_string())).map(|typed| typed.now.clone());
        let born = typed.unwrap_or_else(|| self.record.text(&key));
        let lang = match self.lang {
            Lang::Zh => policy::Lang::Zh,
            Lang::En => policy::Lang::En,
        };
        child_label(born.parse::<PartDate>().ok()?, self.scope.today, lang)
    }

    pub(super) fn label<'w>(&self, zh: &'w str, en: &'w str) -> &'w str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    pub(super) fn members(&self) -> Vec<(String, String)> {
        let here = self.record.members().into_iter().filter(|person| self.record.lives_here(*person));
        here.map(|person| (person.to_string(), self.name(person))).collect()
    }

    fn conflicts(&self) -> Vec<ConflictView> {
        let in_conflict = self.record.fields().filter(|(_, held)| held.is_conflict());
        in_conflict
            .filter_map(|(key, held)| {
                let (label, of) = self.named(key)?;
                let name = key.to_string();
                let chosen = self.form.and_then(|form| form.kept.iter().find(|one| one.key == name));
                let values = held.values.iter().map(|value| SideView {
                    shown: self.shown(key, of, value),
                    // Masked, nothing is sent: the page holds no more than it shows.
                    text: self.form.map(|_| format!("={}", form_text(value))).unwrap_or_default(),
                    said: held.said_of(value).map(|said| self.by(said)).unwrap_or_default(),
                    chosen: chosen.is_some_and(|one| one.chosen == form_text(value)),
                });
                let problem = self
                    .form
                    .and_then(|form| form.problem(&name, |value| self.shown(key, of, value), self.lang));
                Some(ConflictView { label, values: values.collect(), key: name, problem })
            })
            .collect()
    }

    /// Whose field it is, and which; `None` for one of a category that is not confirmed here.
    fn named(&self, key: &FieldKey) -> Option<(String, Option<&FormField>)> {
        let of_member = |person: PersonId, label: &str| format!("{} · {label}", self.name(person));
        Some(match key {
            FieldKey::Profile(field) => {
                let (_, zh, en) = ProfileField::FORM.iter().find(|one| one.0 == *field)?;
                (self.label(zh, en).to_owned(), None)
            }
            FieldKey::Member(person, field) => {
                let (_, zh, en) = MemberField::FORM.iter().find(|one| one.0 == *field)?;
                (of_member(*person, self.label(zh, en)), None)
            }
            FieldKey::Category(person, of) => {
                let form = self.forms.form(&of.category).filter(|form| self.confirmed.holds(&form.id))?;
                let field = form.field(&of.field)?;
                let label = match self.look {
                    Look::Masked => self.lang.t("record.category").to_owned(),
                    Look::For(_) => {
                        format!("{} · {}", self.label(&form.zh, &form.en), self.label(&field.zh, &field.en))
                    }
                };
                (of_member(*person, &label), Some(field))
            }
        })
    }
}

/// 无变化 confirms who lives here, the telephone and the tenure ([`ruhu_core::visit::VisitBody::nothing_changed`]).
const fn is_confirmed_at_the_door(key: &FieldKey) -> bool {
    matches!(
        key,
        FieldKey::Profile(ProfileField::Phone | ProfileField::Tenure | ProfileField::Head)
            | FieldKey::Member(_, MemberField::Name | MemberField::Relation | MemberField::Here)
    )
}
