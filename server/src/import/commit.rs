//! 入库 – a roster that was read is compared with what the hub remembers and entered in one transaction. How it is taken
//! back stands in [`super::undoing`].
//!
//! A source is a set of headings: the same sheet, corrected and imported again, is compared with its own last word.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::NaiveDate;
use ruhu_core::community::CommunityFact;
use ruhu_core::entry::UnitFact;
use ruhu_core::ids::{AccountId, CommunityId, GridId, Hash32, ImportId};
use ruhu_core::roster::{Grid, Unit};
use ruhu_core::time::Period;
use serde::{Deserialize, Serialize};

use super::ImportError;
use super::columns::{HandMap, Mapping};
use super::facts::{FactSettings, FactsError, UnitWrites, writes};
use super::plan::{ImportPlan, SourceSnapshot, plan};
use super::roster::{ReadRoster, ReadSettings};
use super::sheet::{Limits, Workbook, open};
use crate::access::journal::audit;
use crate::ingest::office::{Act, ActError, Desk};
use crate::office::duty::community_act;
use crate::storage::imports::{ImportBatch, ImportSource};
use crate::storage::{Hub, StorageError, Tx};

/// 试读结果 – what a commit would do. Nothing was written.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Whose roster.
    pub community: CommunityId,
    /// What the file says, with every finding.
    pub read: ReadRoster,
    /// What differs from the source's last word.
    pub plan: ImportPlan,
    /// Grids the roster names that are not drawn yet; a commit draws them.
    pub new_grids: Vec<String>,
    /// Whether the same source was imported before.
    pub known_source: bool,
    /// What the file was called.
    pub file_name: String,
    previous: SourceSnapshot,
    fingerprint: String,
    /// What the plan was made against; a commit finds the same, or does nothing.
    pub(super) base: Hash32,
}

/// 无网格门牌归入 – the grid of doors for which the roster names none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DefaultGrid {
    /// One that is drawn.
    Known(GridId),
    /// One to be drawn with the commit, by its name.
    New(String),
}

/// 进度 – how many units of how many were entered or taken back so far; nothing of it is durable before the end.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<(AtomicUsize, AtomicUsize)>);

impl Progress {
    pub(super) fn begin(&self, total: usize) {
        self.0.1.store(total, Ordering::Relaxed);
    }

    pub(super) fn step(&self) {
        self.0.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Units done, and all there are; 0 of 0 before it is known.
    #[must_use]
    pub fn read(&self) -> (usize, usize) {
        (self.0.0.load(Ordering::Relaxed), self.0.1.load(Ordering::Relaxed))
    }
}

/// How a preview is entered.
pub(super) struct Entering {
    /// For whom.
    pub(super) by: AccountId,
    /// The id of the import.
    pub(super) import: ImportId,
    /// The grid of doors without one.
    pub(super) default_grid: Option<DefaultGrid>,
    /// Whether it is an upload of the same id: it goes with the commit, and without it nothing is entered.
    pub(super) is_upload: bool,
    /// Told of every unit.
    pub(super) progress: Progress,
}

/// 入库结果 – what was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Committed {
    /// Names it for an undo.
    pub import: ImportId,
    /// Units written.
    pub units: usize,
    /// Grids drawn.
    pub grids: usize,
    /// Whether the community went live with it.
    pub went_live: bool,
}

/// Why an import was not committed or undone; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The file could not be read.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// Grids or doors are missing.
    #[error(transparent)]
    Facts(#[from] FactsError),
    /// The entries could not be made.
    #[error(transparent)]
    Act(#[from] ActError),
    /// The hub's own memory of an import cannot be read.
    #[error("读取以前的导入记录 / read what an earlier import left behind")]
    Memory(#[source] serde_json::Error),
    /// There is no import to undo.
    #[error("没有可撤销的导入 / there is no import to undo")]
    NothingToUndo,
    /// A later import of the same source stands on this one.
    #[error(
        "此后又导入过同一名册,请先撤销较新的一次 / the same roster was imported again since: undo the newer one first"
    )]
    NotTheLast,
    /// Something the plan was made against is no longer so.
    #[error(
        "试读之后名册有了变化,未写入任何内容:请重新试读 / the roster changed since the dry run, nothing was written: run it again"
    )]
    Changed,
    /// The upload was entered, discarded, or kept long enough.
    #[error("上传的文件已不在,请重新上传 / the uploaded file is gone: upload it again")]
    Gone,
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What a batch remembers for its undo.
#[derive(Serialize, Deserialize)]
pub(crate) struct Written {
    pub(crate) plan: ImportPlan,
    pub(crate) previous: SourceSnapshot,
    pub(super) entries: Vec<(Unit, Hash32)>,
}

impl Hub {
    /// Reads a file and compares it with what this source said last; changes nothing.
    ///
    /// # Errors
    /// [`CommitError`].
    pub fn preview_import(
        &self,
        community: CommunityId,
        file_name: &str,
        bytes: &[u8],
        hand: HandMap,
    ) -> Result<Preview, CommitError> {
        let book = open(file_name, bytes, &Limits::default()).map_err(ImportError::from)?;
        self.preview_book(community, file_name, &book, hand)
    }

    /// As [`Hub::preview_import`], of a file that was opened.
    pub(super) fn preview_book(
        &self,
        community: CommunityId,
        file_name: &str,
        book: &Workbook,
        hand: HandMap,
    ) -> Result<Preview, CommitError> {
        let today = self.today(community)?;
        let (file, sources) = self.storage().read(|tx| -> Result<_, StorageError> {
            Ok((tx.community(community)?.unwrap_or_default(), tx.import_sources(community)?))
        })?;
        let mut settings = ReadSettings::new(today);
        settings.confirmed = file.confirmed_categories().iter().map(|(id, _)| id.to_string()).collect();
        settings.hand = hand;
        for source in &sources {
            let known: Vec<Mapping> = serde_json::from_str(&source.mapping).map_err(CommitError::Memory)?;
            settings.remembered.extend(known);
        }
        let read = super::roster::read(&book.sheets, &settings).map_err(ImportError::from)?;
        let fingerprint = fingerprint(&read);
        let (file, source, base) = self.storage().read(|tx| -> Result<_, StorageError> {
            let file = tx.community(community)?.unwrap_or_default();
            let source = tx.import_source(community, &fingerprint)?;
            Ok((file, source, base_of(tx, community, &fingerprint)?))
        })?;
        let known_source = source.is_some();
        let previous: SourceSnapshot = match source {
            Some(source) => serde_json::from_slice(&source.snapshot).map_err(CommitError::Memory)?,
            None => SourceSnapshot::default(),
        };
        let plan = plan(community, &previous, &read);
        let drawn: BTreeSet<String> = file.grids().values().map(|grid| grid.name.clone()).collect();
        let new_grids = plan.grid_names().into_iter().filter(|name| !drawn.contains(name)).collect();
        let file_name = file_name.to_owned();
        Ok(Preview { community, read, plan, new_grids, known_source, file_name, previous, fingerprint, base })
    }

    /// Enters a previewed roster in one transaction: grids, doors, households, fields, the day of going live, and
    /// what is needed to take it back. `default_grid` is for doors whose grid the file does not name.
    ///
    /// # Errors
    /// [`CommitError`]; nothing was entered.
    pub fn commit_import(
        &self,
        by: AccountId,
        preview: Preview,
        default_grid: Option<GridId>,
    ) -> Result<Committed, CommitError> {
        let entering = Entering {
            by,
            import: self.make_id(),
            default_grid: default_grid.map(DefaultGrid::Known),
            is_upload: false,
            progress: Progress::default(),
        };
        self.enter_import(preview, entering)
    }

    pub(super) fn enter_import(
        &self,
        preview: Preview,
        entering: Entering,
    ) -> Result<Committed, CommitError> {
        let community = preview.community;
        let today = self.today(community)?;
        let mut names: BTreeSet<&String> = preview.new_grids.iter().collect();
        if let Some(DefaultGrid::New(name)) = &entering.default_grid {
            names.insert(name);
        }
        let new_grids: Vec<Grid> = names
            .into_iter()
            .map(|name| Grid { id: self.make_id(), community, name: name.clone(), code: String::new() })
            .collect();
        self.office(move |desk| commit(desk, entering, preview, new_grids, today))
    }
}

fn commit(
    desk: &Desk<'_>,
    entering: Entering,
    preview: Preview,
    mut new_grids: Vec<Grid>,
    today: NaiveDate,
) -> Result<Committed, CommitError> {
    let (tx, community) = (desk.tx(), preview.community);
    let Entering { by, import, default_grid, is_upload, progress } = entering;
    if is_upload && !tx.drop_upload(import)? {
        return Err(CommitError::Gone);
    }
    if base_of(tx, community, &preview.fingerprint)? != preview.base {
        return Err(CommitError::Changed);
    }
    let file = tx.community(community)?.unwrap_or_default();
    let drawn = file.grids();
    // A grid named by hand may be drawn already.
    new_grids.retain(|grid| drawn.values().all(|known| known.name != grid.name));
    let went_live = file.went_live_on().is_none();
    let mut facts: Vec<CommunityFact> = new_grids.iter().cloned().map(CommunityFact::GridDrawn).collect();
    if went_live {
        facts.push(CommunityFact::WentLive { on: today });
    }
    if !facts.is_empty() {
        desk.act(&community_act(by, community, facts, "导入名册"))?;
    }
    let grids: Vec<&Grid> = drawn.into_values().chain(&new_grids).collect();
    let by_name = grids.iter().map(|grid| (grid.name.clone(), grid.id)).collect();
    let default_grid = match default_grid {
        Some(DefaultGrid::Known(grid)) => Some(grid),
        Some(DefaultGrid::New(name)) => grids.iter().find(|grid| grid.name == name).map(|grid| grid.id),
        None => None,
    };
    let from = Period::quarter_of(today).first_day();
    let writes = writes(&preview.plan, &FactSettings { grids: by_name, default_grid, from })?;
    progress.begin(writes.len());
    let mut entries = Vec::with_capacity(writes.len());
    for one in &writes {
        entries.extend(enter(desk, by, community, one)?);
        progress.step();
    }
    remember(tx, by, import, preview, entries, desk.now_ms())?;
    audit(tx, desk.now_ms(), Some(by), "import.commit", &format!("{community}/{import}"))?;
    Ok(Committed { import, units: writes.len(), grids: new_grids.len(), went_live })
}

fn enter(
    desk: &Desk<'_>,
    by: AccountId,
    community: CommunityId,
    one: &UnitWrites,
) -> Result<Vec<(Unit, Hash32)>, ActError> {
    let mut entries = Vec::new();
    if !one.facts.is_empty() {
        let units = one.facts.iter().map(|fact| UnitFact { unit: one.unit, fact: fact.clone() }).collect();
        let act =
            Act { by, community, units, facts: Vec::new(), request: None, reason: "导入名册".to_owned() };
        entries.extend(desk.act(&act)?.into_iter().map(|done| (one.unit, done.entry)));
    }
    if !one.fields.is_empty() {
        desk.edit_fields(one.unit, &one.fields, by, None)?;
    }
    Ok(entries)
}

fn remember(
    tx: &Tx<'_>,
    by: AccountId,
    import: ImportId,
    preview: Preview,
    entries: Vec<(Unit, Hash32)>,
    now_ms: i64,
) -> Result<(), CommitError> {
    let Preview { community, read, plan, previous, fingerprint, file_name, .. } = preview;
    let json = |error| CommitError::Memory(error);
    tx.put_import_source(&ImportSource {
        community,
        fingerprint: fingerprint.clone(),
        mapping: serde_json::to_string(&read.mappings).map_err(json)?,
        snapshot: serde_json::to_vec(&plan.next).map_err(json)?,
        updated_ms: now_ms,
    })?;
    let report = serde_json::to_string(&read.counts).map_err(json)?;
    let written = serde_json::to_vec(&Written { plan, previous, entries }).map_err(json)?;
    let batch = ImportBatch {
        id: import,
        community,
        fingerprint,
        account: by,
        made_ms: now_ms,
        undone_ms: None,
        written,
        report,
        file: Some(file_name),
    };
    Ok(tx.add_import_batch(&batch)?)
}

/// SHA-256 over the headings of every table: what makes two files one source.
fn fingerprint(read: &ReadRoster) -> String {
    let mut parts: Vec<&[u8]> = Vec::new();
    for table in &read.tables {
        parts.push(b"\n");
        for column in &table.columns {
            parts.push(column.heading.as_bytes());
            parts.push(b"\t");
        }
    }
    Hash32::of(&parts).to_string()
}

/// SHA-256 over what a plan is made against: the imports of the community, its grids, and what the source said last.
fn base_of(tx: &Tx<'_>, community: CommunityId, fingerprint: &str) -> Result<Hash32, StorageError> {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for line in tx.import_lines(community)? {
        parts.push(line.id.as_bytes().to_vec());
        parts.push(vec![u8::from(line.undone_ms.is_some())]);
    }
    for (id, grid) in tx.community(community)?.unwrap_or_default().grids() {
        parts.push(id.as_bytes().to_vec());
        parts.push(format!("{}\n", grid.name).into_bytes());
    }
    parts.push(b"said".to_vec());
    parts.extend(tx.import_source(community, fingerprint)?.map(|source| source.snapshot));
    Ok(Hash32::of(&parts.iter().map(Vec::as_slice).collect::<Vec<_>>()))
}
