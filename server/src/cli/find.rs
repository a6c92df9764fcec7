//! Finding a community, grid or worker by what a person types: its name, its code or its id.

use ruhu_core::community::CommunityFile;
use ruhu_core::ids::{CommunityId, GridId, WorkerId};

use super::CliError;
use crate::storage::Hub;

/// A name that names nothing, or several things.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// Nothing of this name.
    #[error("没有这个{what},现有:{known} / no such {what}; there are: {known}")]
    None {
        /// 社区, 网格 or 工作者.
        what: &'static str,
        /// What there is.
        known: String,
    },
    /// More than one.
    #[error("有多个同名{what},请用编号:{known} / several of this name: use the id: {known}")]
    Several {
        /// 社区, 网格 or 工作者.
        what: &'static str,
        /// Their ids.
        known: String,
    },
    /// No community yet.
    #[error(
        "尚未设置社区,请先运行 ruhu community set 名称 --street 街道 --county 区县 / no community yet: run `ruhu community set NAME --street … --county …` first"
    )]
    NoCommunity,
}

/// The community meant: the only one, or the one named.
///
/// # Errors
/// [`FindError`].
pub fn community(hub: &Hub, wanted: Option<&str>) -> Result<(CommunityId, CommunityFile), CliError> {
    let communities = hub.storage().read(|tx| tx.communities())?;
    if communities.is_empty() {
        return Err(FindError::NoCommunity.into());
    }
    let name = |file: &CommunityFile| file.community().map(|one| one.name.clone()).unwrap_or_default();
    let rows: Vec<_> = communities.iter().map(|(id, file)| (*id, name(file), String::new())).collect();
    let id = match (wanted, rows.as_slice()) {
        (None, [only]) => only.0,
        (None, _) => return Err(several("社区", &rows).into()),
        (Some(wanted), _) => pick("社区", wanted, &rows)?,
    };
    let found = communities.into_iter().find(|(one, _)| *one == id);
    found.ok_or_else(|| FindError::NoCommunity.into())
}

/// A grid of a community by name, code or id.
///
/// # Errors
/// [`FindError`].
pub fn grid(file: &CommunityFile, wanted: &str) -> Result<GridId, FindError> {
    let rows: Vec<_> =
        file.grids().into_iter().map(|(id, grid)| (id, grid.name.clone(), grid.code.clone())).collect();
    pick("网格", wanted, &rows)
}

/// A worker of a community by name or id.
///
/// # Errors
/// [`FindError`].
pub fn worker(file: &CommunityFile, wanted: &str) -> Result<WorkerId, FindError> {
    let rows: Vec<_> =
        file.workers().into_iter().map(|(id, worker)| (id, worker.name.clone(), String::new())).collect();
    pick("工作者", wanted, &rows)
}

fn pick<I: Copy + std::fmt::Display>(
    what: &'static str,
    wanted: &str,
    rows: &[(I, String, String)],
) -> Result<I, FindError> {
    let named = |row: &&(I, String, String)| {
        row.1 == wanted || (!row.2.is_empty() && row.2 == wanted) || row.0.to_string() == wanted
    };
    let found: Vec<_> = rows.iter().filter(named).cloned().collect();
    match found.as_slice() {
        [only] => Ok(only.0),
        [] => Err(FindError::None {
            what,
            known: rows.iter().map(|row| row.1.as_str()).collect::<Vec<_>>().join("、"),
        }),
        _ => Err(several(what, &found)),
    }
}

fn several<I: std::fmt::Display>(what: &'static str, rows: &[(I, String, String)]) -> FindError {
    let known = rows.iter().map(|row| format!("{} {}", row.1, row.0)).collect::<Vec<_>>().join("、");
    FindError::Several { what, known }
}
