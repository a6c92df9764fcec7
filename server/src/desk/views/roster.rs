//! 名册 – what is in the roster, the imports so far, a dry run with its columns and findings, and one import.

use askama::Template;

use super::list::Tab;
use super::shell::Shell;

/// 名册.
#[derive(Clone, Debug, Template)]
#[template(path = "roster.html")]
pub struct RosterPage {
    /// The frame.
    pub shell: Shell,
    /// Where.
    pub place: String,
    /// Doors, households and grids: words and numbers.
    pub counts: Vec<(&'static str, String)>,
    /// Where a file is sent; `None` for whoever only looks.
    pub action: Option<String>,
    /// How large a file may be, and how long it is kept.
    pub limits: String,
    /// The empty sheet.
    pub blank: String,
    /// Files uploaded and not entered: their pages, names and times.
    pub waiting: Vec<(String, String, String)>,
    /// The imports, the latest first.
    pub imports: Vec<ImportLine>,
}

/// One import of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportLine {
    /// Its page.
    pub href: String,
    /// The day and the time.
    pub at: String,
    /// Who.
    pub who: String,
    /// What the file was called.
    pub file: String,
    /// What was in it.
    pub counts: String,
    /// When it was undone.
    pub undone: Option<String>,
    /// Where it can be undone.
    pub undo: Option<String>,
}

/// 试读.
#[derive(Clone, Debug, Template)]
#[template(path = "dry_run.html")]
pub struct DryRunPage {
    /// The frame.
    pub shell: Shell,
    /// Where.
    pub place: String,
    /// Back to the roster.
    pub back: String,
    /// What the file is called.
    pub file: String,
    /// Until when it is kept.
    pub kept: String,
    /// Where the forms go.
    pub action: String,
    /// Over what is shown: a commit sends it back.
    pub seen: String,
    /// What the file says, counted.
    pub counts: String,
    /// Against what was entered before: word, new, changed, unchanged, missing.
    pub against: Vec<(&'static str, [String; 4])>,
    /// What a person should know about that.
    pub notes: Vec<String>,
    /// Why it cannot be entered yet.
    pub blocks: Vec<String>,
    /// Findings by kind, what was not taken first.
    pub groups: Vec<FindingGroup>,
    /// Every finding.
    pub findings: String,
    /// The tables and their columns.
    pub tables: Vec<TableView>,
    /// The meanings a column can have: codes and words.
    pub meanings: Vec<(&'static str, &'static str)>,
    /// The grid of doors without one.
    pub grids: Option<GridChoice>,
    /// The first doors as understood.
    pub first: Vec<FirstLine>,
    /// What the button says that enters it; `None` where it cannot be entered.
    pub enter: Option<String>,
}

/// A kind of finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingGroup {
    /// 未读, 待核, 说明.
    pub severity: &'static str,
    /// What it is and the way out.
    pub words: String,
    /// How often.
    pub count: String,
    /// Where each stands.
    pub href: String,
}

/// One table of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableView {
    /// Its sheet and the row of its headings.
    pub place: String,
    /// Its columns.
    pub columns: Vec<ColumnView>,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnView {
    /// The field of the form.
    pub name: String,
    /// B.
    pub letters: String,
    /// Its heading; empty where none was recognised.
    pub heading: String,
    /// Values, masked.
    pub sample: String,
    /// The code of what it is taken as; empty where nobody knows.
    pub meaning: &'static str,
    /// How that was found.
    pub by: &'static str,
}

/// Which grid doors without one go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridChoice {
    /// How many doors, in a sentence.
    pub words: String,
    /// Grids there are: ids and names.
    pub known: Vec<(String, String)>,
    /// The id chosen.
    pub chosen: String,
    /// The name of a new one.
    pub new: String,
}

/// A door as understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstLine {
    /// Sheet and row.
    pub place: String,
    /// The address.
    pub address: String,
    /// The grid.
    pub grid: String,
    /// The head, masked; or that nobody lives there.
    pub head: String,
    /// The telephone, masked.
    pub phone: String,
    /// How many people.
    pub people: String,
}

/// 事项 – every finding of a file.
#[derive(Clone, Debug, Template)]
#[template(path = "dry_run_findings.html")]
pub struct ImportFindingsPage {
    /// The frame.
    pub shell: Shell,
    /// The file.
    pub file: String,
    /// Back to the dry run.
    pub back: String,
    /// How many.
    pub count: String,
    /// By how much they matter.
    pub severities: Vec<Tab>,
    /// The one kind that is shown, and the way to all.
    pub kind: Option<(String, String)>,
    /// As a workbook.
    pub export: String,
    /// Place, severity, words.
    pub rows: Vec<(String, &'static str, String)>,
    /// 第 1 页,共 3 页; `None` when there is one.
    pub page: Option<String>,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
}

/// 一次导入.
#[derive(Clone, Debug, Template)]
#[template(path = "imported.html")]
pub struct ImportedPage {
    /// The frame.
    pub shell: Shell,
    /// Where.
    pub place: String,
    /// Back to the roster.
    pub back: String,
    /// What it was: words and values.
    pub facts: Vec<(&'static str, String)>,
    /// Where the undo is looked at first; `None` where it cannot be undone.
    pub undo: Option<String>,
    /// Why it cannot, where somebody who may would wonder.
    pub why_not: Option<&'static str>,
    /// What the undo would do.
    pub look: Option<UndoView>,
}

/// What an undo would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoView {
    /// Where it is confirmed.
    pub action: String,
    /// What goes and what stays, in sentences.
    pub lines: Vec<String>,
    /// Households that stay: addresses and pages.
    pub kept: Vec<(String, String)>,
    /// How many more stay.
    pub more: Option<String>,
}

/// 正在写入 – work that takes longer; the page comes again by itself.
#[derive(Clone, Debug, Template)]
#[template(path = "working.html")]
pub struct WorkingPage {
    /// The frame.
    pub shell: Shell,
    /// Where.
    pub place: String,
    /// The same page.
    pub again: String,
    /// How far it is, in words.
    pub words: String,
    /// Units done and all there are; `None` before that is known.
    pub done: Option<(usize, usize)>,
}
