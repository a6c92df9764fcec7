//! What is found at the door: fields, new households, another use.

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use ruhu_core::category::Scalar;
use ruhu_core::fieldbook::{Fieldbook, NewHousehold, NewMember, NewPlace, NewUse};
use ruhu_core::roster::{Address, DwellingUse};

use super::visit::saved_words;
use super::{PhoneError, Printer, who};

/// Fields to change.
#[derive(Debug, Args)]
pub struct EditArgs {
    /// 编号、地址、姓名或电话 / id, address, name or telephone.
    pub who: String,
    /// 键=值,可多次;空值即清除 / key=value, again and again; an empty value clears the field.
    #[arg(long = "field", required = true)]
    pub fields: Vec<String>,
}

/// Which value holds.
#[derive(Debug, Args)]
pub struct SettleArgs {
    /// 编号、地址、姓名或电话 / id, address, name or telephone.
    pub who: String,
    /// 字段 / the field: p/phone.
    pub key: String,
    /// 选定的值 / the value chosen.
    pub value: String,
}

/// A household found at the door.
#[derive(Debug, Args)]
pub struct NewHouseholdArgs {
    /// 已知户室 / a door of the roster, by address or id.
    #[arg(long, conflicts_with = "address")]
    pub door: Option<String>,
    /// 新地址 / a new address: estate/building/stair/floor/door, e.g. 阳光小区/3/2/5/501.
    #[arg(long, required_unless_present = "door")]
    pub address: Option<String>,
    /// 网格 / the grid of a new address, when there are several.
    #[arg(long)]
    pub grid: Option<String>,
    /// 成员,可多次 / a member: name=王某,birth=1980-05.
    #[arg(long = "member")]
    pub members: Vec<String>,
    /// 户情字段 键=值,可多次 / a field of the household: p/phone=13800000000.
    #[arg(long = "field")]
    pub fields: Vec<String>,
    /// 入住日 / the day it moved in.
    #[arg(long)]
    pub moved_in: Option<NaiveDate>,
    /// 从哪一户分出 / the household it came out of.
    #[arg(long)]
    pub split_from: Option<String>,
    /// 说明 / why.
    #[arg(long, default_value = "")]
    pub reason: String,
}

/// Another use of a door.
#[derive(Debug, Args)]
pub struct UseArgs {
    /// 户室 / the door, by address or id.
    pub door: String,
    /// 用途 / what it is used for.
    pub to: Use,
    /// 附属于哪一户 / the household it is an annex of.
    #[arg(long, required_if_eq("to", "annex"))]
    pub of: Option<String>,
    /// 自何日起 / since when; today when left out.
    #[arg(long)]
    pub from: Option<NaiveDate>,
    /// 说明 / why.
    #[arg(long, default_value = "")]
    pub reason: String,
}

/// 户室用途.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Use {
    /// 住宅.
    Home,
    /// 同户另一处住房.
    Annex,
    /// 非住宅.
    NonResidential,
    /// 已灭失.
    Gone,
}

pub(super) fn edit(args: &EditArgs, book: &mut Fieldbook, to: &mut Printer<'_>) -> Result<(), PhoneError> {
    let unit = who::unit(book, &args.who)?.unit;
    let fields = args.fields.iter().map(|text| who::field(text)).collect::<Result<Vec<_>, _>>()?;
    to.print(&book.edit_fields(unit, &fields)?, |saved| {
        saved.as_ref().map_or_else(|| "没有变化 / nothing changed".to_owned(), saved_words)
    })
}

pub(super) fn settle(
    args: &SettleArgs,
    book: &mut Fieldbook,
    to: &mut Printer<'_>,
) -> Result<(), PhoneError> {
    let unit = who::unit(book, &args.who)?.unit;
    let chosen = who::scalar(&args.key, &args.value);
    to.print(&book.settle_conflict(unit, &args.key, chosen)?, |saved| {
        saved.as_ref().map_or_else(|| "没有变化 / nothing changed".to_owned(), saved_words)
    })
}

pub(super) fn new_household(
    args: &NewHouseholdArgs,
    book: &mut Fieldbook,
    to: &mut Printer<'_>,
) -> Result<(), PhoneError> {
    let place = match (&args.door, &args.address) {
        (Some(door), _) => NewPlace::Known(who::door(book, door)?),
        (None, Some(text)) => {
            NewPlace::New { address: address(text)?, grid: who::grid(book, args.grid.as_deref())? }
        }
        (None, None) => {
            return Err(PhoneError::Usage(
                "请给出 --door 或 --address / give --door or --address".to_owned(),
            ));
        }
    };
    let found = NewHousehold {
        place,
        moved_in_on: args.moved_in,
        split_from: args.split_from.as_deref().map(|words| who::household(book, words)).transpose()?,
        members: args.members.iter().map(|text| member(text)).collect::<Result<_, _>>()?,
        fields: args.fields.iter().map(|text| who::field(text)).collect::<Result<_, _>>()?,
        reason: args.reason.clone(),
    };
    to.print(&book.new_household(&found)?, |created| {
        format!("{}\n新户 new household {}", saved_words(&created.saved), created.household)
    })
}

pub(super) fn mark_use(args: &UseArgs, book: &mut Fieldbook, to: &mut Printer<'_>) -> Result<(), PhoneError> {
    let used_as = match (args.to, &args.of) {
        (Use::Home, _) => DwellingUse::Home,
        (Use::NonResidential, _) => DwellingUse::NonResidential,
        (Use::Gone, _) => DwellingUse::Gone,
        (Use::Annex, Some(of)) => DwellingUse::AnnexOf(who::household(book, of)?),
        (Use::Annex, None) => {
            return Err(PhoneError::Usage("请用 --of 指明住户 / name the household with --of".to_owned()));
        }
    };
    let dwelling = who::door(book, &args.door)?;
    let found = NewUse { dwelling, to: used_as, from: args.from, reason: args.reason.clone() };
    to.print(&book.mark_use(&found)?, saved_words)
}

fn address(text: &str) -> Result<Address, PhoneError> {
    let bad = || {
        PhoneError::Usage(format!(
            "地址应写成 小区/楼栋/单元/楼层/户室 / write an address as estate/building/stair/floor/door, not {text:?}"
        ))
    };
    let parts: Vec<&str> = text.split('/').collect();
    let [estate, building, stair, floor, door] = parts.as_slice() else { return Err(bad()) };
    let floor = if floor.is_empty() { None } else { Some(floor.parse().map_err(|_| bad())?) };
    Ok(Address {
        estate: (*estate).to_owned(),
        building: (*building).to_owned(),
        stair: (*stair).to_owned(),
        floor,
        door: (*door).to_owned(),
        remainder: String::new(),
    })
}

fn member(text: &str) -> Result<NewMember, PhoneError> {
    let fields = text.split(',').map(|part| {
        let (field, value) = part.split_once('=').ok_or_else(|| {
            PhoneError::Usage(format!(
                "成员应写成 name=王某,birth=1980 / write a member as name=王某,birth=1980, not {text:?}"
            ))
        })?;
        Ok((field.trim().to_owned(), Scalar::Str(value.trim().to_owned())))
    });
    Ok(NewMember { fields: fields.collect::<Result<_, PhoneError>>()? })
}
