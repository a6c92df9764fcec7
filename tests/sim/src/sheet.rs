//! 台账 – the community's roster as its clerk would hand it in: two sheets, the headings people use.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ruhu_core::roster::Address;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use crate::city::{City, Door, DoorNo, Family, FamilyNo, GridNo, Housing, Tenure};
use crate::people::Member;

/// Headings of 房屋台账, one row a door.
pub const DOOR_HEADINGS: [&str; 12] = [
    "户编号",
    "小区",
    "幢",
    "单元",
    "楼层",
    "室",
    "所属网格",
    "房屋状态",
    "是否重点户",
    "户主姓名",
    "上次走访日期",
    "备注",
];

/// Headings of 人口台账, one row a person, joined by 户编号.
pub const PERSON_HEADINGS: [&str; 8] =
    ["户编号", "姓名", "身份证号", "性别", "出生日期", "联系电话", "与户主关系", "人员类别"];

/// A roster that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("写出名册失败 / write the roster")]
pub struct SheetError(#[from] XlsxError);

/// The roster of a city as an .xlsx file; the same city always gives the same bytes.
///
/// # Errors
/// [`SheetError`] when a sheet would grow beyond what the format holds.
pub fn roster(city: &City) -> Result<Vec<u8>, SheetError> {
    let mut book = Workbook::new();
    // The file would otherwise say when it was written, and no two would be alike.
    let written = ExcelDateTime::parse_from_str(&format!("{}T08:00:00", city.plan.on))?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&written));
    let by_door: BTreeMap<DoorNo, (FamilyNo, &Family)> =
        city.families.iter().map(|(no, family)| (family.door, (*no, family))).collect();

    let doors = book.add_worksheet().set_name("房屋台账")?;
    headings(doors, &DOOR_HEADINGS)?;
    for (row, (no, door)) in (1..).zip(&city.doors) {
        door_row(doors, row, *no, door, by_door.get(no).map(|(_, family)| *family))?;
    }

    let people = book.add_worksheet().set_name("人口台账")?;
    headings(people, &PERSON_HEADINGS)?;
    let members = by_door.iter().flat_map(|(door, (_, family))| {
        family.members.iter().map(move |member| (household_code(*door), member))
    });
    for (row, (code, member)) in (1..).zip(members) {
        person_row(people, row, &code, member)?;
    }
    Ok(book.save_to_buffer()?)
}

/// 户编号 of a door in the roster.
#[must_use]
pub fn household_code(door: DoorNo) -> String {
    format!("H11{:05}", door.0 + 1)
}

/// The door a 户编号 of this roster names.
#[must_use]
pub fn door_of(code: &str) -> Option<DoorNo> {
    code.strip_prefix("H11")?.parse::<u32>().ok()?.checked_sub(1).map(DoorNo)
}

/// 第1网格 – the name of a grid in the roster.
#[must_use]
pub fn grid_name(grid: GridNo) -> String {
    format!("第{}网格", grid.0)
}

fn headings(sheet: &mut Worksheet, names: &[&str]) -> Result<(), XlsxError> {
    for (column, name) in (0..).zip(names) {
        sheet.write_string(0, column, *name)?;
    }
    Ok(())
}

fn door_row(
    sheet: &mut Worksheet,
    row: u32,
    no: DoorNo,
    door: &Door,
    family: Option<&Family>,
) -> Result<(), XlsxError> {
    let Address { estate, building, stair, floor, door: label, .. } = &door.address;
    let state = match family.map(|family| family.tenure) {
        None => "空置",
        Some(Tenure::Let) => "出租",
        Some(Tenure::Owned) => "自住",
    };
    let head = family.and_then(|family| family.members.first()).map(|head| head.name.as_str());
    let key = if family.is_some_and(|family| family.key) { "是" } else { "否" };
    sheet.write_string(row, 0, household_code(no))?;
    sheet.write_string(row, 1, estate)?;
    number_or_text(sheet, row, 2, building)?;
    number_or_text(sheet, row, 3, stair)?;
    if let Some(floor) = floor {
        sheet.write_number(row, 4, f64::from(*floor))?;
    }
    // Nobody writes a village house without its 号; a flat's number stands alone.
    let suffix = if door.housing == Housing::Village { "号" } else { "" };
    sheet.write_string(row, 5, format!("{label}{suffix}"))?;
    sheet.write_string(row, 6, grid_name(door.grid))?;
    sheet.write_string(row, 7, state)?;
    sheet.write_string(row, 8, key)?;
    text(sheet, row, 9, head)?;
    text(sheet, row, 10, family.and_then(|family| family.last_visit).map(iso).as_deref())
}

fn person_row(sheet: &mut Worksheet, row: u32, code: &str, member: &Member) -> Result<(), XlsxError> {
    let categories: Vec<_> = member.categories.keys().map(|one| one.zh()).collect();
    sheet.write_string(row, 0, code)?;
    sheet.write_string(row, 1, &member.name)?;
    sheet.write_string(row, 2, &member.id_number)?;
    sheet.write_string(row, 3, member.sex.zh())?;
    sheet.write_string(row, 4, iso(member.born))?;
    text(sheet, row, 5, member.phone.as_deref())?;
    sheet.write_string(row, 6, member.relation.zh())?;
    text(sheet, row, 7, Some(categories.join("、").as_str()))
}

/// Clerks type `3` as a number and `甲` as a text; spreadsheets keep the difference.
fn number_or_text(sheet: &mut Worksheet, row: u32, column: u16, label: &str) -> Result<(), XlsxError> {
    match label.parse::<u32>() {
        Ok(number) => sheet.write_number(row, column, f64::from(number)).map(|_| ()),
        Err(_) => text(sheet, row, column, Some(label)),
    }
}

fn text(sheet: &mut Worksheet, row: u32, column: u16, words: Option<&str>) -> Result<(), XlsxError> {
    match words.filter(|words| !words.is_empty()) {
        Some(words) => sheet.write_string(row, column, words).map(|_| ()),
        None => Ok(()),
    }
}

fn iso(day: NaiveDate) -> String {
    day.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::city::Plan;

    #[test]
    fn one_city_gives_one_file() {
        let plan = Plan { seed: 3, households: 120, grids: 2, on: "2026-06-30".parse().unwrap() };
        let once = roster(&City::build(plan)).unwrap();
        assert!(once.starts_with(b"PK"));
        assert_eq!(once, roster(&City::build(plan)).unwrap());
        assert_ne!(once, roster(&City::build(Plan { seed: 4, ..plan })).unwrap());
    }

    #[test]
    fn the_importer_reads_in_the_roster_what_the_city_holds() {
        use ruhu_server::import::{self, finding::Severity, roster::ReadSettings, sheet::Limits};
        let plan = Plan { seed: 1, households: 2400, grids: 6, on: "2026-06-30".parse().unwrap() };
        let city = City::build(plan);
        let bytes = roster(&city).unwrap();
        let mut settings = ReadSettings::new(plan.on);
        settings.confirmed = crate::people::Category::ALL.iter().map(|row| row.1.to_owned()).collect();
        let read = import::read("roster.xlsx", &bytes, &Limits::default(), &settings).unwrap();
        let unread: Vec<_> = read.findings.iter().filter(|one| one.severity() == Severity::Unread).collect();
        assert!(unread.is_empty(), "{unread:?}");
        let counts = &read.counts;
        let found = crate::city::summarise(&city);
        assert_eq!(usize::try_from(counts.dwellings).unwrap(), found.doors);
        assert_eq!(usize::try_from(counts.households).unwrap(), found.households);
        assert_eq!(usize::try_from(counts.persons).unwrap(), found.persons);
        assert_eq!(counts.per_grid.len(), 6);
        for (category, id, zh) in crate::people::Category::ALL {
            let held = counts.categories.get(id).copied().unwrap_or(0);
            assert_eq!(usize::try_from(held).unwrap(), found.categories[zh], "{category:?}");
        }
        let mut written: Vec<_> = city.doors.values().map(|door| door.address.walking_key()).collect();
        let mut held: Vec<_> = read.dwellings.iter().map(|one| one.address.walking_key()).collect();
        written.sort();
        held.sort();
        let odd: Vec<_> = held.iter().zip(&written).filter(|(a, b)| a != b).take(3).collect();
        assert!(odd.is_empty(), "{odd:?}");
    }

    #[test]
    fn a_code_leads_back_to_its_door() {
        assert_eq!(household_code(DoorNo(0)), "H1100001");
        assert_eq!(door_of("H1102681"), Some(DoorNo(2680)));
        assert_eq!(door_of("H1100000"), None);
    }
}
