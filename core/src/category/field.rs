//! 户情字段 – the closed schema of the household's document: flat keys, scalars only. The admission gate, the forms
//! and the import all ask here and nowhere else.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use super::form::CategoryForms;
use super::kind::check_text;
use super::{CategoryId, PartDate, Scalar};
use crate::ids::PersonId;

/// The longest text of any field, in characters.
pub const TEXT_MAX: u16 = 200;

/// The name of a field in the household's document: `p/phone`, `m/<person>/name`, `m/<person>/c/low-income/since`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FieldKey {
    /// A field of the household as a whole.
    Profile(ProfileField),
    /// A field of one member.
    Member(PersonId, MemberField),
    /// A field of one member's category form.
    Category(PersonId, CategoryField),
}

/// One field of one category's form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CategoryField {
    /// Of which category.
    pub category: CategoryId,
    /// Id of the field: `since`.
    pub field: String,
}

/// One enum of field names with their text forms; a macro because a list and two matches would drift apart.
macro_rules! fields {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $field:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$each])* $field,)*
        }

        impl $name {
            /// All of them, each with its name in the document.
            pub const ALL: &'static [(Self, &'static str)] = &[$((Self::$field, $text),)*];

            /// Its name in the document.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$field => $text,)*
                }
            }

            fn of(text: &str) -> Option<Self> {
                Self::ALL.iter().find(|(_, name)| *name == text).map(|(field, _)| *field)
            }
        }
    };
}

fields! {
    /// Fields of the household as a whole.
    ProfileField {
        /// 联系电话.
        Phone = "phone",
        /// 备用电话.
        Phone2 = "phone2",
        /// 居住方式 – `owned`, `rented`, `lent`, `public`.
        Tenure = "tenure",
        /// 联系方式偏好 – `visit`, `phone`, `message`, `office`.
        PreferredContact = "preferred_contact",
        /// 方便的时间 – `morning`, `afternoon`, `evening`, `weekend`, `any`.
        BestTime = "best_time",
        /// 下次留言 – belongs to the household.
        NoteForNext = "note_for_next",
        /// 户主 – the id of a member.
        Head = "head",
    }
}

fields! {
    /// Fields of one member of the household.
    MemberField {
        /// 姓名.
        Name = "name",
        /// 性别 – `male`, `female`.
        Sex = "sex",
        /// 出生 – a day, a month or a year.
        Birth = "birth",
        /// 与户主关系.
        Relation = "relation",
        /// 电话.
        Phone = "phone",
        /// 居住状态 – `resident`, `registered-only`, `away`.
        Here = "here",
        /// 身份证号 – sensitive, off unless the organ turns it on.
        IdNumber = "id_number",
        /// 入户日期 – joined the household.
        Joined = "joined",
        /// 离户日期 – left the household.
        Left = "left",
    }
}

impl ProfileField {
    /// 租住, 自有 … – the choices of [`Self::Tenure`].
    pub const TENURE: [&'static str; 4] = ["owned", "rented", "lent", "public"];
    /// The choices of [`Self::PreferredContact`].
    pub const CONTACT: [&'static str; 4] = ["visit", "phone", "message", "office"];
    /// The choices of [`Self::BestTime`].
    pub const TIMES: [&'static str; 5] = ["morning", "afternoon", "evening", "weekend", "any"];
}

impl MemberField {
    /// The choices of [`Self::Sex`].
    pub const SEX: [&'static str; 2] = ["male", "female"];
    /// The choices of [`Self::Here`].
    pub const HERE: [&'static str; 3] = ["resident", "registered-only", "away"];

    /// 敏感 – opened with a reason, each look logged.
    #[must_use]
    pub const fn is_sensitive(self) -> bool {
        matches!(self, Self::IdNumber)
    }
}

/// Why a key or a value is refused. Never holds the value: it may be personal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldProblem {
    /// No field has this name.
    #[error("没有这个字段 / there is no such field")]
    UnknownField,
    /// No category has this id here.
    #[error("没有这个类别 / there is no such category here")]
    UnknownCategory,
    /// A number where a text belongs, and the like.
    #[error("值的类型不对 / the value is of the wrong kind")]
    WrongKind,
    /// More characters than fit.
    #[error("超过 {max} 个字 / more than {max} characters")]
    TooLong {
        /// How many fit.
        max: u16,
    },
    /// A sign that cannot be seen: a control sign, a mark that turns the direction of writing.
    #[error("含有看不见的字符,请删去 / holds an invisible character; remove it")]
    HiddenSign,
    /// Not a telephone number.
    #[error(
        "电话应为 3 至 20 位数字,可带 + - 空格 / a telephone number is 3 to 20 digits with + - and spaces"
    )]
    NotAPhone,
    /// Not an identity number.
    #[error("身份证号应为 18 位 / an identity number has 18 signs")]
    NotAnIdNumber,
    /// Not a whole day.
    #[error("日期应写成 2026-07-05 / write a date as 2026-07-05")]
    NotADate,
    /// Not a day, a month or a year.
    #[error("日期应写成 1958、1958-05 或 1958-05-01 / write a date as 1958, 1958-05 or 1958-05-01")]
    NotAPartDate,
    /// None of the choices.
    #[error("不在选项之中 / none of the choices")]
    NotAChoice,
    /// Neither yes nor no.
    #[error("应为是或否 / answer yes or no")]
    NotYesOrNo,
    /// Not a whole number.
    #[error("应为整数 / a whole number is wanted")]
    NotANumber,
    /// A number out of bounds.
    #[error("应在 {min} 至 {max} 之间 / between {min} and {max}")]
    OutOfRange {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// 身份证号 is not collected unless the organ turned it on.
    #[error("身份证号未启用,不收集 / identity numbers are switched off and not collected")]
    SwitchedOff,
    /// Not the id of a member.
    #[error("应为成员编号 / the id of a member is wanted")]
    NotAMember,
}

/// The forms that ship; read once, because the gate asks for every change of every push.
static SHIPPED: LazyLock<CategoryForms> = LazyLock::new(|| CategoryForms::shipped().unwrap_or_default());

impl FieldKey {
    /// Reads a key of the closed schema with the six shipped categories.
    ///
    /// # Errors
    /// When the schema has no such field or category, or the key is not in its one written form.
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        Self::parse_in(&SHIPPED, text)
    }

    /// Reads a key of the closed schema of a community that added categories by a file.
    ///
    /// # Errors
    /// When the schema has no such field or category, or the key is not in its one written form.
    pub fn parse_in(forms: &CategoryForms, text: &str) -> Result<Self, FieldProblem> {
        let parts: Vec<&str> = text.split('/').collect();
        let key = match parts.as_slice() {
            ["p", field] => Self::Profile(ProfileField::of(field).ok_or(FieldProblem::UnknownField)?),
            ["m", person, field] => {
                Self::Member(member(person)?, MemberField::of(field).ok_or(FieldProblem::UnknownField)?)
            }
            ["m", person, "c", category, field] => {
                let category: CategoryId = category.parse().map_err(|_| FieldProblem::UnknownCategory)?;
                let form = forms.form(&category).ok_or(FieldProblem::UnknownCategory)?;
                let field = form.field(field).ok_or(FieldProblem::UnknownField)?.id.clone();
                Self::Category(member(person)?, CategoryField { category, field })
            }
            _ => return Err(FieldProblem::UnknownField),
        };
        // One field, one key: `M/…` in capitals or a braced id would be a second name for the same thing.
        if key.to_string() == text { Ok(key) } else { Err(FieldProblem::UnknownField) }
    }

    /// The member it belongs to, if it belongs to one.
    #[must_use]
    pub const fn person(&self) -> Option<PersonId> {
        match self {
            Self::Profile(_) => None,
            Self::Member(person, _) | Self::Category(person, _) => Some(*person),
        }
    }

    /// The choices of a profile or member field; `None` for a field without choices and for category fields, whose
    /// form lists them.
    #[must_use]
    pub const fn choices(&self) -> Option<&'static [&'static str]> {
        match self {
            Self::Profile(ProfileField::Tenure) => Some(&ProfileField::TENURE),
            Self::Profile(ProfileField::PreferredContact) => Some(&ProfileField::CONTACT),
            Self::Profile(ProfileField::BestTime) => Some(&ProfileField::TIMES),
            Self::Member(_, MemberField::Sex) => Some(&MemberField::SEX),
            Self::Member(_, MemberField::Here) => Some(&MemberField::HERE),
            _ => None,
        }
    }
}

impl fmt::Display for FieldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Profile(field) => write!(f, "p/{}", field.name()),
            Self::Member(person, field) => write!(f, "m/{person}/{}", field.name()),
            Self::Category(person, one) => write!(f, "m/{person}/c/{}/{}", one.category, one.field),
        }
    }
}

impl FromStr for FieldKey {
    type Err = FieldProblem;
    fn from_str(text: &str) -> Result<Self, FieldProblem> {
        Self::parse(text)
    }
}

/// Whether a value may stand in a field, with the six shipped categories.
///
/// # Errors
/// Why not; never the value itself.
pub fn check_scalar(key: &FieldKey, value: &Scalar) -> Result<(), FieldProblem> {
    SHIPPED.check_scalar(key, value)
}

pub(super) fn check(forms: &CategoryForms, key: &FieldKey, value: &Scalar) -> Result<(), FieldProblem> {
    if let FieldKey::Category(_, one) = key {
        let form = forms.form(&one.category).ok_or(FieldProblem::UnknownCategory)?;
        let field = form.field(&one.field).ok_or(FieldProblem::UnknownField)?;
        return empty_or(value, |value| field.kind.check(value).map(drop));
    }
    empty_or(value, |value| {
        if matches!(key, FieldKey::Member(_, MemberField::IdNumber)) && !forms.takes_id_numbers() {
            return Err(FieldProblem::SwitchedOff);
        }
        let Scalar::Str(text) = value else { return Err(FieldProblem::WrongKind) };
        match key {
            FieldKey::Profile(field) => check_profile(*field, text),
            FieldKey::Member(_, field) => check_member(*field, text),
            FieldKey::Category(..) => Err(FieldProblem::UnknownField),
        }
    })
}

/// An empty text means "not known" everywhere: clearing a field is an edit like any other.
fn empty_or(
    value: &Scalar,
    check: impl FnOnce(&Scalar) -> Result<(), FieldProblem>,
) -> Result<(), FieldProblem> {
    if value.is_empty() { Ok(()) } else { check(value) }
}

fn check_profile(field: ProfileField, text: &str) -> Result<(), FieldProblem> {
    match field {
        ProfileField::Phone | ProfileField::Phone2 => check_phone(text),
        ProfileField::Tenure => one_of(&ProfileField::TENURE, text),
        ProfileField::PreferredContact => one_of(&ProfileField::CONTACT, text),
        ProfileField::BestTime => one_of(&ProfileField::TIMES, text),
        ProfileField::NoteForNext => check_text(text, TEXT_MAX),
        ProfileField::Head => match member(text) {
            Ok(person) if person.to_string() == text => Ok(()),
            _ => Err(FieldProblem::NotAMember),
        },
    }
}

fn check_member(field: MemberField, text: &str) -> Result<(), FieldProblem> {
    match field {
        MemberField::Name => check_text(text, 50),
        MemberField::Relation => check_text(text, 20),
        MemberField::Phone => check_phone(text),
        MemberField::Sex => one_of(&MemberField::SEX, text),
        MemberField::Here => one_of(&MemberField::HERE, text),
        MemberField::Birth | MemberField::Joined | MemberField::Left => {
            text.parse::<PartDate>().map(drop).map_err(|_| FieldProblem::NotAPartDate)
        }
        MemberField::IdNumber => {
            let (mut digits, mut signs) = (0, 0);
            for sign in text.chars() {
                signs += 1;
                digits += u8::from(sign.is_ascii_digit());
            }
            let whole = signs == 18 && (digits == 18 || digits == 17 && text.ends_with('X'));
            if whole { Ok(()) } else { Err(FieldProblem::NotAnIdNumber) }
        }
    }
}

fn check_phone(text: &str) -> Result<(), FieldProblem> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let fits = |sign: char| sign.is_ascii_digit() || matches!(sign, '+' | '-' | ' ');
    if (3..=20).contains(&digits) && text.len() <= 30 && text.chars().all(fits) {
        Ok(())
    } else {
        Err(FieldProblem::NotAPhone)
    }
}

fn one_of(choices: &[&str], text: &str) -> Result<(), FieldProblem> {
    if choices.contains(&text) { Ok(()) } else { Err(FieldProblem::NotAChoice) }
}

fn member(text: &str) -> Result<PersonId, FieldProblem> {
    text.parse().map_err(|_| FieldProblem::UnknownField)
}

#[cfg(test)]
mod tests;
