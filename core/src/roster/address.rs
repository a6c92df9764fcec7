//! 地址 – ordered levels with labels as people write them, and the order in which they are walked.

use std::fmt;

use serde::{Deserialize, Serialize};

/// 地址 – where a door is. An absent level is an empty label and is shown as 无.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Address {
    /// 小区 – estate or street.
    pub estate: String,
    /// 楼栋(幢) – building, e.g. `3`.
    pub building: String,
    /// 单元 – stair, e.g. `2`.
    pub stair: String,
    /// 楼层 – storey; basements are negative, unknown is `None`.
    pub floor: Option<i16>,
    /// 户室号 – the door, e.g. `501`.
    pub door: String,
    /// Whatever else stood in the address. Always written: projection rows are not self-describing.
    #[serde(default)]
    pub remainder: String,
}

/// 楼栋 or one 单元 of it: what a steward looks after.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BuildingRef {
    /// 小区.
    pub estate: String,
    /// 楼栋.
    pub building: String,
    /// 单元; `None` for the whole building.
    pub stair: Option<String>,
}

impl Address {
    /// The building this door belongs to.
    #[must_use]
    pub fn building_ref(&self) -> BuildingRef {
        BuildingRef { estate: self.estate.clone(), building: self.building.clone(), stair: None }
    }

    /// Sorts doors as they are walked: estate, building, stair, floor, door; 2 before 10, 甲 before 乙.
    #[must_use]
    pub fn walking_key(&self) -> String {
        let floor = i32::from(self.floor.unwrap_or(0)) + 100;
        [
            natural_key(&self.estate),
            natural_key(&self.building),
            natural_key(&self.stair),
            format!("{floor:04}"),
            natural_key(&self.door),
            natural_key(&self.remainder),
        ]
        .join("\u{1}")
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.estate)?;
        for (label, suffix) in [(&self.building, "栋"), (&self.stair, "单元"), (&self.door, "室")] {
            if label.is_empty() {
                continue;
            }
            let bare = label.chars().all(|sign| sign.is_ascii_alphanumeric());
            write!(f, "{label}{}", if bare { suffix } else { "" })?;
        }
        f.write_str(&self.remainder)
    }
}

/// A key under which labels sort as people count: digits by value, 甲乙丙 and 一二三 in their order.
#[must_use]
pub fn natural_key(label: &str) -> String {
    const ORDER: &str = "零一二三四五六七八九十";
    const STEMS: &str = "甲乙丙丁戊己庚辛壬癸";
    let mut key = String::with_capacity(label.len() + 8);
    let mut digits = String::new();
    for sign in label.chars() {
        if sign.is_ascii_digit() {
            digits.push(sign);
            continue;
        }
        push_number(&mut key, &mut digits);
        match ORDER.chars().position(|one| one == sign).or_else(|| STEMS.chars().position(|one| one == sign))
        {
            Some(rank) => key.push_str(&format!("{rank:06}")),
            None => key.push(sign),
        }
    }
    push_number(&mut key, &mut digits);
    key
}

fn push_number(key: &mut String, digits: &mut String) {
    if !digits.is_empty() {
        key.push_str(&format!("{digits:0>6}"));
        digits.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door(building: &str, stair: &str, floor: i16, door: &str) -> Address {
        Address {
            estate: "阳光小区".into(),
            building: building.into(),
            stair: stair.into(),
            floor: Some(floor),
            door: door.into(),
            remainder: String::new(),
        }
    }

    #[test]
    fn doors_sort_as_they_are_walked() {
        let mut walk = [
            door("10", "1", 1, "101"),
            door("2", "2", 10, "1001"),
            door("2", "2", 9, "901"),
            door("2", "2", -1, "负101"),
        ];
        walk.sort_by_key(Address::walking_key);
        let doors: Vec<&str> = walk.iter().map(|one| one.door.as_str()).collect();
        assert_eq!(doors, ["负101", "901", "1001", "101"]);
    }

    #[test]
    fn stems_and_chinese_numbers_keep_their_order() {
        let mut labels = ["丙", "甲", "乙"];
        labels.sort_by_key(|label| natural_key(label));
        assert_eq!(labels, ["甲", "乙", "丙"]);
    }

    #[test]
    fn an_address_reads_as_people_write_it() {
        assert_eq!(door("3", "2", 5, "501").to_string(), "阳光小区3栋2单元501室");
    }
}
