//! 新户, 改用途, 建议重点户 – what a worker finds at the door.

use ruhu_core::category::Scalar;
use ruhu_core::fieldbook::{NewHousehold, NewMember, NewPlace, NewUse};
use ruhu_core::roster::{DwellingUse, Unit};

use crate::ask::{Saved, SuggestAsk};
use crate::read::{address, maybe, parsed, unit, unit_text};
use crate::view::{FoundHousehold, FoundMember, FoundUse};
use crate::{Port, Trouble};

impl Port {
    /// 新户, 分户 – visitable as soon as this returns.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn new_household(&mut self, found: FoundHousehold) -> Result<Saved, Trouble> {
        let place = match (maybe("place", found.dwelling.as_deref())?, &found.place) {
            (Some(dwelling), _) => NewPlace::Known(dwelling),
            (None, Some(place)) => {
                if place.door.trim().is_empty() {
                    return Err(Trouble::at("place", "请填写户室号 / say which door"));
                }
                let grid = parsed("place", found.grid.as_deref().unwrap_or_default())?;
                NewPlace::New { address: address(place), grid }
            }
            (None, None) => return Err(Trouble::at("place", "请选择住在哪里 / say where it lives")),
        };
        let split_from = match found.split_from.as_deref().map(unit).transpose()? {
            Some(Unit::Household(id)) => Some(id),
            Some(Unit::Vacant(_)) => {
                return Err(Trouble::at("split_from", "请选择原来的户 / say which household it came out of"));
            }
            None => None,
        };
        let said = [("p/phone", &found.phone), ("p/tenure", &found.tenure)];
        let fields = said.into_iter().filter(|(_, value)| !value.trim().is_empty());
        let created = self.book.new_household(&NewHousehold {
            place,
            moved_in_on: maybe("moved_in_on", found.moved_in_on.as_deref())?,
            split_from,
            members: found.members.iter().map(member).collect(),
            fields: fields
                .map(|(key, value)| (key.to_owned(), Scalar::Str(value.trim().to_owned())))
                .collect(),
            reason: found.reason,
        })?;
        Ok(Saved {
            records: created.saved.record.iter().map(ToString::to_string).collect(),
            unit: unit_text(Unit::Household(created.household)),
        })
    }

    /// 用途变更.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn mark_use(&mut self, found: FoundUse) -> Result<Saved, Trouble> {
        let annex_of = found.annex_of.as_deref().map(unit).transpose()?;
        let to = match (found.used_as.as_str(), annex_of) {
            ("home", _) => DwellingUse::Home,
            ("non-residential", _) => DwellingUse::NonResidential,
            ("gone", _) => DwellingUse::Gone,
            ("annex", Some(Unit::Household(id))) => DwellingUse::AnnexOf(id),
            _ => return Err(Trouble::at("used_as", "请选择用途 / say what it is used for")),
        };
        let dwelling = parsed("dwelling", &found.dwelling)?;
        let saved = self.book.mark_use(&NewUse { dwelling, to, from: None, reason: found.reason })?;
        Ok(Saved {
            records: saved.record.iter().map(ToString::to_string).collect(),
            unit: unit_text(Unit::Vacant(dwelling)),
        })
    }

    /// 建议重点户 – the lead decides.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn suggest_key(&mut self, ask: SuggestAsk) -> Result<Saved, Trouble> {
        let Unit::Household(household) = unit(&ask.unit)? else {
            return Err(Trouble::at("unit", "空户不能设为重点户 / nobody lives here"));
        };
        let saved = self.book.suggest_key(household, ask.key, &ask.reason)?;
        Ok(Saved { records: saved.record.iter().map(ToString::to_string).collect(), unit: ask.unit })
    }
}

fn member(found: &FoundMember) -> NewMember {
    let said = [("name", &found.name), ("birth", &found.birth), ("relation", &found.relation)];
    let fields = said.into_iter().filter(|(_, value)| !value.trim().is_empty());
    NewMember {
        fields: fields.map(|(key, value)| (key.to_owned(), Scalar::Str(value.trim().to_owned()))).collect(),
    }
}
