//! 居民 – members of a household: names of their time, relations, numbers that belong to nobody, categories.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::dice::Dice;

mod household;
mod names;

pub use household::{Household, compose};

/// 居民 – one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// 姓名.
    pub name: String,
    /// 性别.
    pub sex: Sex,
    /// 出生日期.
    pub born: NaiveDate,
    /// 身份证号 – area 99…, which is assigned nowhere, with a right check digit.
    pub id_number: String,
    /// 联系电话 – begins with 100, which no mobile number does.
    pub phone: Option<String>,
    /// 与户主关系.
    pub relation: Relation,
    /// 人员类别 with the day each began.
    pub categories: BTreeMap<Category, NaiveDate>,
}

/// 性别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sex {
    /// 女.
    Female,
    /// 男.
    Male,
}

/// 与户主关系.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relation {
    /// 户主.
    Head,
    /// 配偶.
    Spouse,
    /// 子女.
    Child,
    /// 父母.
    Parent,
    /// 其他.
    Other,
}

/// 人员类别 – the six of the seed (D1b-19).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    /// 流动人口.
    Migrant,
    /// 育龄妇女.
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
    /// All six with their ids and Chinese names, in the order rosters write them.
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Migrant, "migrant", "流动人口"),
        (Self::ChildbearingAge, "childbearing-age", "育龄妇女"),
        (Self::LowIncome, "low-income", "低保困难户"),
        (Self::PreferentialCare, "preferential-care", "优抚对象"),
        (Self::Disabled, "disabled", "残疾人"),
        (Self::Unemployed, "unemployed", "下岗失业人员"),
    ];

    /// Its id in policies and field keys.
    #[must_use]
    pub fn id(self) -> &'static str {
        Self::ALL.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// Its Chinese name.
    #[must_use]
    pub fn zh(self) -> &'static str {
        Self::ALL.iter().find(|row| row.0 == self).map_or("", |row| row.2)
    }
}

impl Sex {
    /// 男 or 女.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Female => "女",
            Self::Male => "男",
        }
    }
}

impl Relation {
    /// As rosters write it.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Head => "户主",
            Self::Spouse => "配偶",
            Self::Child => "子女",
            Self::Parent => "父母",
            Self::Other => "其他",
        }
    }
}

impl Member {
    /// Age in whole years on a day; 0 before birth.
    #[must_use]
    pub fn age_on(&self, day: NaiveDate) -> u32 {
        day.years_since(self.born).unwrap_or(0)
    }

    /// A person of this surname, sex and birthday, with fresh numbers.
    #[must_use]
    pub fn new(dice: &mut Dice, surname: &str, sex: Sex, born: NaiveDate, relation: Relation) -> Self {
        Self {
            name: format!("{surname}{}", names::given(dice, sex, born.year())),
            sex,
            born,
            id_number: id_number(dice, born, sex),
            phone: None,
            relation,
            categories: BTreeMap::new(),
        }
    }
}

/// 姓 – a surname, by how common it is.
pub fn surname(dice: &mut Dice) -> &'static str {
    names::surname(dice)
}

/// The surname a name begins with: two signs for the compound ones of the list.
#[must_use]
pub fn surname_of(name: &str) -> String {
    let signs = if names::COMPOUND.iter().any(|one| name.starts_with(one)) { 2 } else { 1 };
    name.chars().take(signs).collect()
}

/// A telephone number that no mobile has: 100 and eight digits.
pub fn phone(dice: &mut Dice) -> String {
    format!("100{:08}", dice.below(100_000_000))
}

/// An identity number of area 99…, which is assigned nowhere, with a right check digit.
pub fn id_number(dice: &mut Dice, born: NaiveDate, sex: Sex) -> String {
    let area = 990_000 + dice.below(10_000);
    // The last digit of the sequence is odd for men and even for women.
    let sequence = dice.below(499) * 2 + u32::from(sex == Sex::Male);
    let body = format!("{area}{}{sequence:03}", born.format("%Y%m%d"));
    let sign = check_digit(&body);
    format!("{body}{sign}")
}

/// ISO 7064 MOD 11-2 over seventeen digits, as GB 11643 asks.
#[must_use]
pub fn check_digit(body: &str) -> char {
    let sum = body.chars().filter_map(|sign| sign.to_digit(10)).fold(0, |sum, digit| (sum + digit) * 2 % 11);
    match (12 - sum) % 11 {
        10 => 'X',
        digit => char::from_digit(digit, 10).unwrap_or('X'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_is_the_one_the_standard_computes() {
        // The number that `domain.md` 2.12 gives, and one whose digit is the Roman ten.
        assert_eq!(check_digit("99000119900101001"), '3');
        assert_eq!(check_digit("99214519421204429"), 'X');
    }

    #[test]
    fn numbers_belong_to_nobody() {
        let mut dice = Dice::new(1, "numbers", &[]);
        let born = "1950-02-03".parse().unwrap();
        let id = id_number(&mut dice, born, Sex::Female);
        assert!(id.starts_with("99") && id.len() == 18 && id.contains("19500203"), "{id}");
        assert_eq!(id.chars().nth(16).unwrap().to_digit(10).unwrap() % 2, 0);
        assert!(phone(&mut dice).starts_with("100"));
        assert_eq!(phone(&mut dice).len(), 11);
    }

    #[test]
    fn a_compound_surname_is_inherited_whole() {
        assert_eq!(surname_of("欧阳建国"), "欧阳");
        assert_eq!(surname_of("王秀英"), "王");
    }
}
