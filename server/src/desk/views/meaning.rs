//! What a column can mean, as pages call it.

use ruhu_core::category::Category;

use crate::desk::words::Lang;
use crate::import::columns::Meaning;

/// The words of a meaning.
#[must_use]
pub fn meaning_words(meaning: Meaning, lang: Lang) -> &'static str {
    lang.t(match meaning {
        Meaning::HouseholdCode => "meaning.household-code",
        Meaning::DwellingCode => "meaning.dwelling-code",
        Meaning::Grid => "meaning.grid",
        Meaning::Address => "meaning.address",
        Meaning::Estate => "meaning.estate",
        Meaning::Building => "meaning.building",
        Meaning::Stair => "meaning.stair",
        Meaning::Floor => "meaning.floor",
        Meaning::Door => "meaning.door",
        Meaning::Status => "meaning.status",
        Meaning::KeyHousehold => "meaning.key",
        Meaning::Head => "meaning.head",
        Meaning::LastVisit => "meaning.last-visit",
        Meaning::Name => "meaning.name",
        Meaning::IdNumber => "meaning.id-number",
        Meaning::Sex => "meaning.sex",
        Meaning::Birth => "meaning.birth",
        Meaning::Phone => "meaning.phone",
        Meaning::Relation => "meaning.relation",
        Meaning::Categories => "meaning.categories",
        Meaning::Category(Category::Migrant) => "meaning.migrant",
        Meaning::Category(Category::ChildbearingAge) => "meaning.childbearing-age",
        Meaning::Category(Category::LowIncome) => "meaning.low-income",
        Meaning::Category(Category::PreferentialCare) => "meaning.preferential-care",
        Meaning::Category(Category::Disabled) => "meaning.disabled",
        Meaning::Category(Category::Unemployed) => "meaning.unemployed",
        Meaning::Separated => "meaning.separated",
        Meaning::MovedIn => "meaning.moved-in",
        Meaning::Gone => "meaning.gone",
        Meaning::Ethnicity => "meaning.ethnicity",
        Meaning::Politics => "meaning.politics",
        Meaning::Health => "meaning.health",
        Meaning::Education => "meaning.education",
        Meaning::Marriage => "meaning.marriage",
        Meaning::Belief => "meaning.belief",
        Meaning::NotKept => "meaning.not-kept",
        Meaning::Ignored => "meaning.ignored",
    })
}
