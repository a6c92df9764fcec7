//! 社区设置 – which communities there are, and where each belongs.

use ruhu_core::community::CommunityFact;
use ruhu_core::ids::{AccountId, CommunityId};
use ruhu_core::roster::Community;

use super::duty::community_act;
use crate::access::journal;
use crate::ingest::office::{ActError, Desk};
use crate::storage::{Hub, StorageError};

/// Characters of a name.
pub const NAME_MAX: usize = 40;

/// 名称与所属 – what a community is called and where it belongs; accounts of a street or county see what bears its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedPlace {
    /// 区县.
    pub county: String,
    /// 街道 or town.
    pub street: String,
    /// The community's own name.
    pub name: String,
    /// 行政区划代码, possibly empty.
    pub code: String,
}

impl NamedPlace {
    fn checked(&self) -> Result<Self, PlaceError> {
        let Self { county, street, name, code } = self;
        let [county, street, name, code] = [county, street, name, code].map(|text| text.trim().to_owned());
        for (field, text) in [("county", &county), ("street", &street), ("name", &name), ("code", &code)] {
            if text.is_empty() && field != "code" {
                return Err(PlaceError::Missing(field));
            }
            if NAME_MAX < text.chars().count() || text.chars().any(is_unseen) {
                return Err(PlaceError::TooLong(field));
            }
        }
        Ok(Self { county, street, name, code })
    }

    fn is(&self, one: &Community) -> bool {
        (&self.county, &self.street, &self.name) == (&one.county, &one.street, &one.name)
    }
}

/// Why a community was not set up or renamed; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// A name is missing: `county`, `street` or `name`.
    #[error("请填写 {0} / {0} is missing")]
    Missing(&'static str),
    /// A name is too long, or has signs nobody can see.
    #[error("{0} 过长 / {0} is too long")]
    TooLong(&'static str),
    /// There is one of this name in this place.
    #[error("该街道已有同名社区 / there is a community of this name in this street")]
    Taken,
    /// No such community.
    #[error("没有这个社区 / no such community")]
    Unknown,
    /// It is called so already.
    #[error("没有变化 / nothing changes")]
    AlreadySo,
    /// An act of the desk.
    #[error(transparent)]
    Act(#[from] ActError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Hub {
    /// 设置社区 – a new community. Nobody works in it and nothing lies in it yet.
    ///
    /// # Errors
    /// [`PlaceError`]; nothing was changed.
    pub fn set_up_community(&self, by: AccountId, place: &NamedPlace) -> Result<CommunityId, PlaceError> {
        let (place, id) = (place.checked()?, self.make_id());
        self.office(move |desk| {
            name(desk, by, id, place, "community.set-up")?;
            Ok(id)
        })
    }

    /// 改名 – a community is called otherwise, or belongs elsewhere, from now on.
    ///
    /// # Errors
    /// [`PlaceError`]; nothing was changed.
    pub fn rename_community(
        &self,
        by: AccountId,
        id: CommunityId,
        place: &NamedPlace,
    ) -> Result<(), PlaceError> {
        let place = place.checked()?;
        self.office(move |desk| {
            let file = desk.tx().community(id)?;
            let known = file.as_ref().and_then(|file| file.community()).ok_or(PlaceError::Unknown)?;
            if place.is(known) && place.code == known.code {
                return Err(PlaceError::AlreadySo);
            }
            name(desk, by, id, place, "community.rename")
        })
    }
}

fn named_so(one: &Community) -> String {
    format!("{}/{}/{}", one.county, one.street, one.name)
}

/// Signs that make two names look alike: controls, and those without width or that turn the writing.
fn is_unseen(sign: char) -> bool {
    sign.is_control()
        || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn name(
    desk: &Desk<'_>,
    by: AccountId,
    id: CommunityId,
    place: NamedPlace,
    what: &str,
) -> Result<(), PlaceError> {
    let tx = desk.tx();
    let others = tx.communities()?.into_iter().filter(|(other, _)| *other != id);
    if others.into_iter().any(|(_, file)| file.community().is_some_and(|one| place.is(one))) {
        return Err(PlaceError::Taken);
    }
    let was = tx.community(id)?.as_ref().and_then(|file| file.community()).map(named_so).unwrap_or_default();
    let NamedPlace { county, street, name, code } = place;
    let is = format!("{county}/{street}/{name}");
    let named = vec![CommunityFact::Named(Community { id, name, street, county, code })];
    desk.act(&community_act(by, id, named, "设置社区"))?;
    // Which accounts see it goes by these names: whoever audits sees from where to where it went.
    journal::audit(tx, desk.now_ms(), Some(by), what, &format!("{id} {was}→{is}"))?;
    Ok(())
}
