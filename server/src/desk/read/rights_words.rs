//! Codes of residents' requests and fields of the record, in words for whoever they are about.

use ruhu_core::category::{CategoryForms, FieldKey, FieldType, MemberField, ProfileField, Scalar};

use crate::desk::views::Choices;
use crate::desk::words::Lang;
use crate::rights::{Channel, Kind, Ruling, Shown, State, Step, Told};

pub(super) fn kind_words(kind: Kind, lang: Lang) -> &'static str {
    match kind {
        Kind::See => lang.t("rights.see"),
        Kind::Correct => lang.t("rights.correct"),
        Kind::Delete => lang.t("rights.delete"),
        Kind::Stop => lang.t("rights.stop-visits"),
    }
}

pub(super) fn channel_words(channel: Channel, lang: Lang) -> &'static str {
    match channel {
        Channel::Visit => lang.t("rights.by-visit"),
        Channel::Slip => lang.t("rights.by-slip"),
        Channel::Counter => lang.t("rights.by-counter"),
        Channel::Page => lang.t("rights.by-page"),
    }
}

pub(super) fn state_words(state: State, lang: Lang) -> &'static str {
    match state {
        State::Received => lang.t("rights.state-received"),
        State::Identified => lang.t("rights.state-identified"),
        State::NotShown => lang.t("rights.state-not-shown"),
        State::Granted => lang.t("rights.state-granted"),
        State::Refused => lang.t("rights.state-refused"),
        State::Done => lang.t("rights.state-done"),
        State::Answered => lang.t("rights.state-answered"),
        State::Withdrawn => lang.t("rights.state-withdrawn"),
    }
}

pub(super) fn shown_words(shown: Shown, lang: Lang) -> &'static str {
    match shown {
        Shown::Document => lang.t("rights.shown-document"),
        Shown::Known => lang.t("rights.shown-known"),
        Shown::CallBack => lang.t("rights.shown-call-back"),
    }
}

pub(super) fn ruling_words(ruling: Ruling, lang: Lang) -> &'static str {
    match ruling {
        Ruling::Granted => lang.t("rights.ruled-granted"),
        Ruling::InPart => lang.t("rights.ruled-in-part"),
        Ruling::Refused => lang.t("rights.ruled-refused"),
    }
}

fn told_words(told: Told, lang: Lang) -> &'static str {
    match told {
        Told::InPerson => lang.t("rights.told-in-person"),
        Told::Phone => lang.t("rights.told-phone"),
        Told::Letter => lang.t("rights.told-letter"),
        Told::NotReached => lang.t("rights.told-not-reached"),
    }
}

/// How somebody can be answered.
pub(super) fn choices_told(lang: Lang) -> Choices {
    Told::ALL.iter().map(|one| (one.code(), told_words(*one, lang))).collect()
}

/// A step, and how it came out.
pub(super) fn step_words(step: Step, lang: Lang) -> String {
    let (words, outcome) = match step {
        Step::Identified(shown) => (lang.t("rights.step-identified"), shown_words(shown, lang)),
        Step::Named => (lang.t("rights.step-household"), ""),
        Step::NotShown => (lang.t("rights.step-not-shown"), ""),
        Step::Decided(ruling) => (lang.t("rights.step-decided"), ruling_words(ruling, lang)),
        Step::Done => (lang.t("rights.step-done"), ""),
        Step::Answered(told) => (lang.t("rights.step-answered"), told_words(told, lang)),
        Step::Withdrawn => (lang.t("rights.step-withdrawn"), ""),
    };
    if outcome.is_empty() { words.to_owned() } else { format!("{words} · {outcome}") }
}

/// The name of a field of the record; the field's own where it is none this program knows.
pub(super) fn field_words(key: &str, lang: Lang) -> String {
    let known = match FieldKey::parse(key) {
        Ok(FieldKey::Profile(field)) => match field {
            ProfileField::Phone => lang.t("sheet.phone"),
            ProfileField::Phone2 => lang.t("sheet.phone2"),
            ProfileField::Tenure => lang.t("sheet.tenure"),
            ProfileField::PreferredContact => lang.t("sheet.contact"),
            ProfileField::BestTime => lang.t("sheet.time"),
            ProfileField::NoteForNext => lang.t("sheet.note"),
            ProfileField::Head => lang.t("sheet.head"),
        },
        Ok(FieldKey::Member(_, field)) => match field {
            MemberField::Name => lang.t("sheet.name"),
            MemberField::Sex => lang.t("sheet.sex"),
            MemberField::Birth => lang.t("sheet.birth"),
            MemberField::Relation => lang.t("sheet.relation"),
            MemberField::Phone => lang.t("sheet.phone"),
            MemberField::Here => lang.t("sheet.here"),
            MemberField::IdNumber => lang.t("sheet.id-number"),
            MemberField::Joined => lang.t("sheet.joined"),
            MemberField::Left => lang.t("sheet.left"),
        },
        Ok(FieldKey::Category(_, of)) => {
            let forms = CategoryForms::shipped().unwrap_or_default();
            let form = forms.form(&of.category);
            let field = form.and_then(|form| form.fields.iter().find(|field| field.id == of.field));
            return match (form, field) {
                (Some(form), Some(field)) => match lang {
                    Lang::Zh => format!("{} · {}", form.zh, field.zh),
                    Lang::En => format!("{} · {}", form.en, field.en),
                },
                _ => key.to_owned(),
            };
        }
        Err(_) => return key.to_owned(),
    };
    known.to_owned()
}

/// A value of a field: choices in words, anything else as it was written.
pub(super) fn value_words(key: &str, value: &Scalar, lang: Lang) -> String {
    let plain = || match value {
        Scalar::Bool(yes) => lang.t(if *yes { "sheet.yes" } else { "sheet.no" }).to_owned(),
        other => other.to_string(),
    };
    match FieldKey::parse(key) {
        Ok(FieldKey::Category(_, of)) => {
            let forms = CategoryForms::shipped().unwrap_or_default();
            let field = forms.form(&of.category).and_then(|form| form.field(&of.field).cloned());
            let Some(FieldType::Choice(choices)) = field.map(|field| field.kind) else { return plain() };
            let chosen = choices.into_iter().find(|one| one.id == value.to_string());
            chosen.map_or_else(plain, |one| if lang == Lang::Zh { one.zh } else { one.en })
        }
        Ok(known) if known.choices().is_some() => {
            choice_words(&value.to_string(), lang).map_or_else(plain, str::to_owned)
        }
        _ => plain(),
    }
}

fn choice_words(code: &str, lang: Lang) -> Option<&'static str> {
    Some(match code {
        "owned" => lang.t("sheet.owned"),
        "rented" => lang.t("sheet.rented"),
        "lent" => lang.t("sheet.lent"),
        "public" => lang.t("sheet.public"),
        "visit" => lang.t("sheet.by-visit"),
        "phone" => lang.t("sheet.by-phone"),
        "message" => lang.t("sheet.by-message"),
        "office" => lang.t("sheet.by-office"),
        "morning" => lang.t("band.morning"),
        "afternoon" => lang.t("band.afternoon"),
        "evening" => lang.t("band.evening"),
        "weekend" => lang.t("sheet.weekend"),
        "any" => lang.t("sheet.any"),
        "male" => lang.t("sheet.male"),
        "female" => lang.t("sheet.female"),
        "resident" => lang.t("sheet.resident"),
        "registered-only" => lang.t("sheet.registered-only"),
        "away" => lang.t("sheet.away"),
        _ => return None,
    })
}
