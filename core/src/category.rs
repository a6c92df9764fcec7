//! 服务对象 – the six categories as forms.
//!
//! The seed calls them 重点人口信息; here they are people owed a service. Six ship with their forms; a community keeps
//! only those its organ confirmed with a basis. Others come from a file that states its legal basis; health, justice
//! and belief are refused. The household's fields, of these forms and of the profile, have one closed schema:
//! [`FieldKey`] and [`check_scalar`].

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

mod date;
mod field;
mod form;
mod kind;
mod label;
mod mask;
mod scalar;
mod words;

pub use date::{BadPartDate, PartDate};
pub use field::{CategoryField, FieldKey, FieldProblem, MemberField, ProfileField, TEXT_MAX, check_scalar};
pub use form::{BadForms, CategoryForm, CategoryForms, FormField, Months};
pub use kind::{Choice, FieldType, FieldValue};
pub use label::choice_label;
pub use mask::{child_label, is_child_label, mask_address, mask_id_number, mask_name, mask_phone};
pub use scalar::Scalar;
pub use words::{CategoryWord, RefusedKind, read_words, refused};

/// 服务对象类别 – the six of D1b-19, no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// 流动人口.
    Migrant,
    /// 育(孕)龄妇女.
    ChildbearingAge,
    /// 低保困难户.
    LowIncome,
    /// 优抚对象.
    PreferentialCare,
    /// 残疾人.
    Disabled,
    /// 下岗失业人员.
    Unemployed,
}

impl Category {
    /// All six in the order of D1b-19, each with its id and its Chinese name.
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Migrant, "migrant", "流动人口"),
        (Self::ChildbearingAge, "childbearing-age", "育(孕)龄妇女"),
        (Self::LowIncome, "low-income", "低保困难户"),
        (Self::PreferentialCare, "preferential-care", "优抚对象"),
        (Self::Disabled, "disabled", "残疾人"),
        (Self::Unemployed, "unemployed", "下岗失业人员"),
    ];

    /// `low-income`.
    #[must_use]
    pub fn id(self) -> &'static str {
        Self::ALL.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// 低保困难户.
    #[must_use]
    pub fn zh(self) -> &'static str {
        Self::ALL.iter().find(|row| row.0 == self).map_or("", |row| row.2)
    }

    /// The category a sheet means by its words: `低保户`, `育孕龄妇女`, `disabled`. `None` for every other word;
    /// [`read_words`] says whether such a word is unknown or refused.
    #[must_use]
    pub fn from_words(text: &str) -> Option<Self> {
        words::category(text)
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// The id of a category: one of the six, or one added by a file. Lower-case letters, digits and hyphens, at most 40.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CategoryId(String);

impl CategoryId {
    /// The id as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Which of the six it is, if any.
    #[must_use]
    pub fn shipped(&self) -> Option<Category> {
        Category::ALL.iter().find(|row| row.1 == self.0).map(|row| row.0)
    }
}

impl From<Category> for CategoryId {
    fn from(category: Category) -> Self {
        Self(category.id().to_owned())
    }
}

impl fmt::Display for CategoryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for CategoryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CategoryId({})", self.0)
    }
}

/// Text that cannot be the id of a category.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "类别编号只用小写字母、数字和连字符,至多 40 个 / a category id is lower-case letters, digits and hyphens, at most 40"
)]
pub struct BadCategoryId;

impl FromStr for CategoryId {
    type Err = BadCategoryId;
    fn from_str(text: &str) -> Result<Self, BadCategoryId> {
        let fits = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-';
        if (1..=40).contains(&text.len()) && text.chars().all(fits) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadCategoryId)
        }
    }
}

impl TryFrom<String> for CategoryId {
    type Error = BadCategoryId;
    fn try_from(text: String) -> Result<Self, BadCategoryId> {
        text.parse()
    }
}

impl From<CategoryId> for String {
    fn from(id: CategoryId) -> Self {
        id.0
    }
}

/// 依据 – on what basis, and on whose word, a community keeps a category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The legal basis, as the organ words it; never empty.
    pub basis: String,
    /// The organ.
    pub by: String,
    /// 文号 – its document, possibly empty where none is needed.
    pub document_no: String,
}

/// 已确认类别 – the categories an organ confirmed with a basis. Marks of all others are read, not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConfirmedCategories(BTreeMap<CategoryId, Confirmation>);

impl ConfirmedCategories {
    /// All six, on one basis: the demonstration with synthetic data.
    #[must_use]
    pub fn demonstration() -> Self {
        let confirmation =
            Confirmation {
                basis: "示范数据".to_owned(), by: "示范".to_owned(), document_no: String::new()
            };
        Self(Category::ALL.iter().map(|row| (row.0.into(), confirmation.clone())).collect())
    }

    /// Confirms a category; a confirmation without a basis is none. Returns whether it was taken.
    pub fn confirm(&mut self, category: CategoryId, confirmation: Confirmation) -> bool {
        let stated = !confirmation.basis.trim().is_empty();
        if stated {
            self.0.insert(category, confirmation);
        }
        stated
    }

    /// Whether marks of the category are kept and its fields shown.
    #[must_use]
    pub fn holds(&self, category: &CategoryId) -> bool {
        self.0.contains_key(category)
    }

    /// The basis of a category.
    #[must_use]
    pub fn basis(&self, category: &CategoryId) -> Option<&Confirmation> {
        self.0.get(category)
    }

    /// The confirmed ones in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&CategoryId, &Confirmation)> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests;
