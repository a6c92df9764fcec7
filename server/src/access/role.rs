//! 角色与范围 – what an account may do, and where.

use std::fmt;
use std::str::FromStr;

use ruhu_core::ids::CommunityId;
use ruhu_core::roster::Community;
use serde::{Deserialize, Serialize};

/// 角色 – what an account may do. The three administrators are separate people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// 社区 – the community lead: coverage down to the household, plans, decides.
    Community,
    /// 街道 – reports of its communities.
    Street,
    /// 区县 – reports, policies.
    County,
    /// 审计 – who saw what, chain verification, recomputation.
    Auditor,
    /// 系统管理员 – runs the machine; sees no households.
    SystemAdmin,
    /// 安全管理员 – accounts and devices; sees no households.
    SecurityAdmin,
}

impl Role {
    /// Every role with its code and its Chinese name.
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Community, "community", "社区"),
        (Self::Street, "street", "街道"),
        (Self::County, "county", "区县"),
        (Self::Auditor, "auditor", "审计"),
        (Self::SystemAdmin, "system-admin", "系统管理员"),
        (Self::SecurityAdmin, "security-admin", "安全管理员"),
    ];

    /// Its Chinese name.
    #[must_use]
    pub fn zh(self) -> &'static str {
        Self::ALL.iter().find(|row| row.0 == self).map_or("", |row| row.2)
    }

    /// Whether it sees coverage of communities at all.
    #[must_use]
    pub const fn sees_communities(self) -> bool {
        !matches!(self, Self::SystemAdmin | Self::SecurityAdmin)
    }

    /// Whether it sees households and workers by name; above community level nobody does (`design.md` 2).
    #[must_use]
    pub const fn sees_households(self) -> bool {
        matches!(self, Self::Community | Self::Auditor)
    }

    /// Whether it has to have a second factor: the three separated administrators (GB/T 22239-2019 8.1.4.1).
    #[must_use]
    pub const fn needs_totp(self) -> bool {
        matches!(self, Self::Auditor | Self::SystemAdmin | Self::SecurityAdmin)
    }

    /// Whether it sees the accounts: who gives them, and who audits that.
    #[must_use]
    pub const fn sees_accounts(self) -> bool {
        matches!(self, Self::Auditor | Self::SecurityAdmin)
    }

    /// Whether it makes and changes accounts.
    #[must_use]
    pub const fn keeps_accounts(self) -> bool {
        matches!(self, Self::SecurityAdmin)
    }

    /// Whether it sees how the machine is.
    #[must_use]
    pub const fn runs_the_machine(self) -> bool {
        matches!(self, Self::SystemAdmin)
    }

    /// Whether it adopts rules for the communities of its place (`design.md` 1: street, county).
    #[must_use]
    pub const fn adopts(self) -> bool {
        matches!(self, Self::Street | Self::County)
    }

    /// Whether it may act: decide, plan, import.
    #[must_use]
    pub const fn decides(self) -> bool {
        matches!(self, Self::Community)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::ALL.iter().find(|row| row.0 == *self).map_or("", |row| row.1))
    }
}

/// Text that names no role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("没有这种角色,可用:{known} / no such role; there are: {known}", known = known())]
pub struct UnknownRole;

fn known() -> String {
    Role::ALL.map(|row| format!("{} {}", row.1, row.2)).join(", ")
}

impl FromStr for Role {
    type Err = UnknownRole;
    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Role::ALL.iter().find(|row| row.1 == text || row.2 == text).map(|row| row.0).ok_or(UnknownRole)
    }
}

/// 范围 – where: an account sees what lies in its place and nothing beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Everything on this hub.
    Hub,
    /// 区县 – by its name.
    County {
        /// Its name, as communities give it.
        county: String,
    },
    /// 街道 – by its name and county.
    Street {
        /// Its county.
        county: String,
        /// Its name.
        street: String,
    },
    /// 社区 – one community.
    Community {
        /// Its id.
        id: CommunityId,
    },
}

impl Place {
    /// Whether the community lies in this place.
    #[must_use]
    pub fn holds(&self, id: CommunityId, community: &Community) -> bool {
        match self {
            Self::Hub => true,
            Self::County { county } => *county == community.county,
            Self::Street { county, street } => (county, street) == (&community.county, &community.street),
            Self::Community { id: own } => *own == id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn community(street: &str) -> Community {
        Community {
            id: CommunityId::from_bytes([1; 16]),
            name: "阳光社区".into(),
            street: street.into(),
            county: "某县".into(),
            code: String::new(),
        }
    }

    #[test]
    fn a_street_holds_its_own_communities_and_not_those_of_a_namesake_elsewhere() {
        let place = Place::Street { county: "某县".into(), street: "东街".into() };
        let id = CommunityId::from_bytes([1; 16]);
        assert!(place.holds(id, &community("东街")));
        assert!(!place.holds(id, &community("西街")));
        let elsewhere = Place::Street { county: "别县".into(), street: "东街".into() };
        assert!(!elsewhere.holds(id, &community("东街")));
    }

    #[test]
    fn every_role_is_found_by_its_code_and_its_chinese_name() {
        for (role, code, zh) in Role::ALL {
            assert_eq!((code.parse(), zh.parse()), (Ok(role), Ok(role)));
            assert_eq!(serde_json::to_value(role).unwrap(), code);
        }
    }

    #[test]
    fn nobody_above_the_community_and_no_administrator_sees_households() {
        let seeing: Vec<_> =
            Role::ALL.iter().map(|row| row.0).filter(|role| role.sees_households()).collect();
        assert_eq!(seeing, [Role::Community, Role::Auditor]);
    }
}
