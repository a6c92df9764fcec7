//! 表单 – what is asked of a person in a category, generated from a file; and the register that says why.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::tables;

use super::Scalar;
use super::field::{FieldKey, FieldProblem, TEXT_MAX, check};
use super::kind::{Choice, FieldType, FieldValue};
use super::words::{RefusedKind, refused};
use super::{CategoryId, ConfirmedCategories};

/// The forms of the categories a community knows: the six shipped ones, and those its files add.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CategoryForms {
    forms: BTreeMap<CategoryId, CategoryForm>,
    id_numbers: bool,
}

/// The form of one category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CategoryForm {
    /// Its id.
    pub id: CategoryId,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// 主管部门 – the department that asks for it.
    pub department: String,
    /// Its fields in the order of the form: those every category asks, then its own.
    pub fields: Vec<FormField>,
}

/// 字段登记 – one field with why it is asked, on what basis, for whom, and how long it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormField {
    /// Its id: `since`.
    pub id: String,
    /// Its label in Chinese.
    pub zh: String,
    /// Its label in English.
    pub en: String,
    /// What it can hold.
    pub kind: FieldType,
    /// 敏感 – opened with a reason, shown masked, each look logged.
    pub sensitive: bool,
    /// 目的 – what it is for.
    pub purpose: String,
    /// 依据 – the legal basis; never empty here, a field without one is not in the form.
    pub basis: String,
    /// 主管部门 – whose it is.
    pub department: String,
    /// 保存期限 – kept for so long after the person left the category or the community.
    pub retention: Months,
    /// 复核周期 – asked again after so long.
    pub review_every: Months,
}

/// A span of months, 1 to 600, written `6 months` or `1 month` in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Months(u16);

impl Months {
    /// How many.
    #[must_use]
    pub const fn count(self) -> u16 {
        self.0
    }
}

impl TryFrom<String> for Months {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, &'static str> {
        let count = text.strip_suffix(" months").or_else(|| text.strip_suffix(" month"));
        let count = count.and_then(|count| count.parse().ok()).filter(|count| (1..=600).contains(count));
        count.map(Self).ok_or("write a span as `6 months`, 1 to 600")
    }
}

impl From<Months> for String {
    fn from(months: Months) -> Self {
        format!("{} {}", months.0, if months.0 == 1 { "month" } else { "months" })
    }
}

/// What is wrong with a file of category forms. Nothing of the file is used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadForms {
    /// Not TOML, an unknown key, or a value of the wrong kind.
    #[error("类别文件第 {line} 行读不懂:{message} / category file, line {line}: {message}")]
    Unreadable {
        /// Line from 1; 0 where it is not known.
        line: usize,
        /// What the reader says.
        message: String,
    },
    /// A category or a field that must not be collected.
    #[error("{name}:{kind}")]
    Refused {
        /// Of the category, or category and field.
        name: String,
        /// Why.
        kind: RefusedKind,
    },
    /// A category beside the six without a legal basis.
    #[error(
        "{name}:六类以外的类别须写明 legal_basis / {name}: a category beside the six must state its legal_basis"
    )]
    NoLegalBasis {
        /// Of the category.
        name: String,
    },
    /// A field whose bounds, choices or id make no sense, or that stands twice.
    #[error("{name}:字段定义有误:{wanted} / {name}: {wanted}")]
    BadField {
        /// Category and field.
        name: String,
        /// What is wanted.
        wanted: &'static str,
    },
}

impl CategoryForms {
    /// What a file of forms says it is.
    pub const SCHEMA: &'static str = "ruhu-categories/1";

    /// The six that ship with this version.
    ///
    /// # Errors
    /// When the shipped file is damaged; a test reads it.
    pub fn shipped() -> Result<Self, BadForms> {
        Self::default().read(include_str!("../../policies/categories.toml"))
    }

    /// Adds the categories of a file. Beside the six, each must state its legal basis; health, justice and belief
    /// are refused whatever the file states, and the forms of the six are not replaced.
    ///
    /// # Errors
    /// The first thing wrong with the file; nothing of it is added.
    pub fn with_file(self, text: &str) -> Result<Self, BadForms> {
        let known: BTreeSet<CategoryId> = self.forms.keys().cloned().collect();
        let mut added = Self::default().read(text)?;
        let again = |id: &CategoryId| known.contains(id) || id.shipped().is_some();
        if let Some(id) = added.forms.keys().find(|id| again(id)) {
            let wanted = "已有的类别不能改写 / a category already there is not replaced";
            return Err(BadForms::BadField { name: id.to_string(), wanted });
        }
        added.forms.extend(self.forms);
        Ok(Self { forms: added.forms, id_numbers: self.id_numbers })
    }

    fn read(mut self, text: &str) -> Result<Self, BadForms> {
        let file: FormFile = tables::read(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.map_or(0, |before| before.matches('\n').count() + 1);
            BadForms::Unreadable { line, message: error.message().to_owned() }
        })?;
        if file.schema != Self::SCHEMA {
            return Err(BadForms::Unreadable { line: 1, message: format!("schema = {:?}", Self::SCHEMA) });
        }
        for category in &file.category {
            let form = category.form(&file.common)?;
            self.forms.insert(form.id.clone(), form);
        }
        Ok(self)
    }

    /// The same forms with identity numbers 身份证号 accepted; they are off unless the organ turns them on.
    #[must_use]
    pub fn with_id_numbers(mut self) -> Self {
        self.id_numbers = true;
        self
    }

    /// Whether identity numbers are accepted.
    #[must_use]
    pub const fn takes_id_numbers(&self) -> bool {
        self.id_numbers
    }

    /// The form of a category.
    #[must_use]
    pub fn form(&self, category: &CategoryId) -> Option<&CategoryForm> {
        self.forms.get(category)
    }

    /// All forms, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &CategoryForm> {
        self.forms.values()
    }

    /// The forms a community shows: those its organ confirmed with a basis.
    pub fn shown<'a>(&'a self, confirmed: &'a ConfirmedCategories) -> impl Iterator<Item = &'a CategoryForm> {
        self.forms.values().filter(|form| confirmed.holds(&form.id))
    }

    /// Text from a form or a sheet as the value of a category's field.
    ///
    /// # Errors
    /// When there is no such field, or the text does not fit it.
    pub fn check_value(
        &self,
        category: &CategoryId,
        field: &str,
        text: &str,
    ) -> Result<FieldValue, FieldProblem> {
        let form = self.form(category).ok_or(FieldProblem::UnknownCategory)?;
        form.field(field).ok_or(FieldProblem::UnknownField)?.kind.read(text)
    }

    /// Whether a value may stand in a field of the household's document.
    ///
    /// # Errors
    /// Why not; never the value itself.
    pub fn check_scalar(&self, key: &FieldKey, value: &Scalar) -> Result<(), FieldProblem> {
        check(self, key, value)
    }

    /// Whether the household's document may hold the value under the key: the schema, as the admission gate asks.
    #[must_use]
    pub fn allows(&self, key: &str, value: &Scalar) -> bool {
        FieldKey::parse_in(self, key).is_ok_and(|key| self.check_scalar(&key, value).is_ok())
    }
}

impl CategoryForm {
    /// The field of that id.
    #[must_use]
    pub fn field(&self, id: &str) -> Option<&FormField> {
        self.fields.iter().find(|field| field.id == id)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormFile {
    schema: String,
    #[serde(default)]
    common: Vec<FieldRow>,
    category: Vec<CategoryRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryRow {
    id: CategoryId,
    zh: String,
    en: String,
    department: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    basis: String,
    #[serde(default)]
    legal_basis: String,
    retention: Months,
    review_every: Months,
    #[serde(default)]
    field: Vec<FieldRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldRow {
    id: String,
    zh: String,
    en: String,
    #[serde(rename = "type")]
    kind: KindWord,
    max: Option<i64>,
    min: Option<i64>,
    choices: Option<Vec<Choice>>,
    #[serde(default)]
    sensitive: bool,
    purpose: Option<String>,
    basis: Option<String>,
    department: Option<String>,
    retention: Option<Months>,
    review_every: Option<Months>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum KindWord {
    Text,
    Date,
    PartDate,
    Choice,
    YesNo,
    Number,
}

impl CategoryRow {
    fn form(&self, common: &[FieldRow]) -> Result<CategoryForm, BadForms> {
        let name = self.id.to_string();
        // 残疾 has a type called 精神: the six of the seed are settled, only what a file adds is searched for refusals.
        if self.id.shipped().is_none() {
            let kind = [&name, &self.zh, &self.en].into_iter().find_map(|words| refused(words));
            if let Some(kind) = kind {
                return Err(BadForms::Refused { name, kind });
            }
            if self.legal_basis.trim().is_empty() {
                return Err(BadForms::NoLegalBasis { name });
            }
        }
        let (mut fields, mut seen) = (Vec::new(), BTreeSet::new());
        for row in common.iter().chain(&self.field) {
            let field = row.field(self)?;
            if !seen.insert(field.id.clone()) {
                let name = format!("{name}.{}", field.id);
                return Err(BadForms::BadField { name, wanted: "字段重复 / the field stands twice" });
            }
            // No basis, no field.
            if !field.basis.trim().is_empty() && !field.purpose.trim().is_empty() {
                fields.push(field);
            }
        }
        let (zh, en, department) = (self.zh.clone(), self.en.clone(), self.department.clone());
        Ok(CategoryForm { id: self.id.clone(), zh, en, department, fields })
    }
}

impl FieldRow {
    fn field(&self, category: &CategoryRow) -> Result<FormField, BadForms> {
        let name = format!("{}.{}", category.id, self.id);
        if let Some(kind) = [&self.id, &self.zh, &self.en].into_iter().find_map(|words| refused(words)) {
            return Err(BadForms::Refused { name, kind });
        }
        let own = |own: &Option<String>, other: &str| own.clone().unwrap_or_else(|| other.to_owned());
        let basis = if category.basis.is_empty() { &category.legal_basis } else { &category.basis };
        Ok(FormField {
            kind: self.kind().map_err(|wanted| BadForms::BadField { name, wanted })?,
            id: self.id.clone(),
            zh: self.zh.clone(),
            en: self.en.clone(),
            sensitive: self.sensitive,
            purpose: own(&self.purpose, &category.purpose),
            basis: own(&self.basis, basis),
            department: own(&self.department, &category.department),
            retention: self.retention.unwrap_or(category.retention),
            review_every: self.review_every.unwrap_or(category.review_every),
        })
    }

    fn kind(&self) -> Result<FieldType, &'static str> {
        let fits = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_';
        // With the longest category id a key still fits the 120 bytes of the admission gate.
        if !(1..=36).contains(&self.id.len()) || !self.id.chars().all(fits) {
            return Err(
                "字段编号只用小写字母、数字和下划线 / a field id is lower-case letters, digits and underscores",
            );
        }
        match (self.kind, self.min, self.max, &self.choices) {
            (KindWord::Text, None, Some(max), None) => {
                let max = u16::try_from(max).ok().filter(|max| (1..=TEXT_MAX).contains(max));
                max.map(|max| FieldType::Text { max }).ok_or("max 为 1 至 200 / max is 1 to 200")
            }
            (KindWord::Date, None, None, None) => Ok(FieldType::Date),
            (KindWord::PartDate, None, None, None) => Ok(FieldType::PartDate),
            (KindWord::YesNo, None, None, None) => Ok(FieldType::YesNo),
            (KindWord::Number, Some(min), Some(max), None) if min <= max => {
                Ok(FieldType::Number { min, max })
            }
            (KindWord::Choice, None, None, Some(choices)) => {
                let ids: BTreeSet<&str> = choices.iter().map(|choice| choice.id.as_str()).collect();
                if (2..=30).contains(&choices.len()) && ids.len() == choices.len() && !ids.contains("") {
                    Ok(FieldType::Choice(choices.clone()))
                } else {
                    Err("选项 2 至 30 个,编号不重复 / 2 to 30 choices with different ids")
                }
            }
            _ => Err(
                "text 要 max,number 要 min 和 max,choice 要 choices / text needs max, number min and max, choice choices",
            ),
        }
    }
}

#[cfg(test)]
mod tests;
