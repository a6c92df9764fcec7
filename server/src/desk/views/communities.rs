//! 各社区 – the communities an account sees, in the order of their places.

use askama::Template;

use super::PeriodSwitch;
use super::shell::Shell;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "communities.html")]
pub struct CommunitiesPage {
    /// The frame.
    pub shell: Shell,
    /// The switch.
    pub periods: PeriodSwitch,
    /// One row per community.
    pub rows: Vec<CommunityRow>,
}

/// One community.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommunityRow {
    /// Where.
    pub place: String,
    /// Its overview.
    pub href: String,
    /// 应访.
    pub due: u32,
    /// 已访.
    pub done: u32,
    /// 核减.
    pub deducted: u32,
    /// 未访.
    pub open: u32,
    /// 入户率(严).
    pub strict: String,
    /// 入户率(核减后).
    pub adjusted: String,
}
