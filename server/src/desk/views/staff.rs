//! 网格与人员 – who looks after which grid, who is away, whose phones there are.

use askama::Template;
use serde::Deserialize;

use super::shell::Shell;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "staff.html")]
pub struct StaffPage {
    /// The frame.
    pub shell: Shell,
    /// Where.
    pub place: String,
    /// Where forms go.
    pub action: String,
    /// Where the form for a one-time code goes.
    pub code_action: String,
    /// Whether the viewer may act; an auditor looks.
    pub decides: bool,
    /// Today, the earliest day most forms begin with.
    pub today: String,
    /// Grids in address order.
    pub grids: Vec<GridRow>,
    /// Workers who are here, by name.
    pub workers: Vec<WorkerRow>,
    /// What was typed, when it was refused or has to be looked at first.
    pub form: StaffForm,
    /// The hand-over or the leaving as it would be, before it is noted.
    pub look: Option<LookView>,
}

/// What any form of the page sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct StaffForm {
    /// `handover`, `cover`, `end-cover`, `leave`, `end-leave`, `leave-job`, `list`, `revoke`.
    pub act: String,
    /// Which grid, by id.
    pub grid: String,
    /// Which worker, by id.
    pub worker: String,
    /// The first day, as in `2026-09-10`.
    pub from: String,
    /// The last day.
    pub until: String,
    /// A new worker's name.
    pub name: String,
    /// `cadre` or `staff`.
    pub class: String,
    /// The office telephone on the card.
    pub phone: String,
    /// Which phone, by its enrolment.
    pub enrolment: String,
    /// Set once what it does was looked at.
    pub sure: String,
}

/// One grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Who is responsible today; `None` is nobody.
    pub responsible: Option<String>,
    /// From which day nobody will be responsible, where somebody is today.
    pub ownerless: Option<String>,
    /// 代访 now and to come: 王芳 2026-09-10 至 2026-09-20.
    pub covers: Vec<SpanView>,
    /// Days of a responsible worker's leave that nobody covers.
    pub nobody: Vec<String>,
}

/// A span of cover or leave that can be ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpanView {
    /// In words.
    pub words: String,
    /// Whose, by id.
    pub worker: String,
    /// Its first day.
    pub from: String,
    /// Whether it has begun: then it is ended, else taken back.
    pub begun: bool,
}

/// One worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerRow {
    /// The id.
    pub id: String,
    /// The name on the card.
    pub name: String,
    /// 完成情况表.
    pub completion: String,
    /// 干部 or 工作人员.
    pub class: &'static str,
    /// Grids held today.
    pub grids: String,
    /// Leave now and to come.
    pub leave: Vec<SpanView>,
    /// The first day without access, where one is noted.
    pub left: Option<String>,
    /// Whether he is here today.
    pub here: bool,
    /// Phones that were not revoked.
    pub phones: Vec<PhoneView>,
}

/// One phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneView {
    /// Its enrolment.
    pub enrolment: String,
    /// What kind, and the program it came with.
    pub device: String,
    /// The day it was last heard of.
    pub contact: String,
    /// 尚有 3 条未上传; empty when nothing was left.
    pub unsent: String,
}

/// 办理前看一眼 – what a hand-over or a leaving would do, and what is not here yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookView {
    /// What is about to be done.
    pub title: &'static str,
    /// 第3网格 · 王芳 → 李娜.
    pub heading: String,
    /// What it does: the sheet of a hand-over, the grids without anybody.
    pub lines: Vec<String>,
    /// Phones of who goes that still hold something.
    pub unsent: Vec<String>,
    /// When they hold nothing.
    pub all_sent: &'static str,
    /// What the button says.
    pub submit: &'static str,
}

/// 登记码 – shown once.
#[derive(Clone, Debug, Template)]
#[template(path = "code.html")]
pub struct CodePage {
    /// The frame.
    pub shell: Shell,
    /// Whose phone.
    pub name: String,
    /// The address as a picture for the camera: an SVG of this program's own making.
    pub picture: String,
    /// The same in letters.
    pub code: String,
    /// The address.
    pub address: String,
    /// Until when it holds.
    pub until: String,
    /// Back to the page of workers.
    pub back: String,
}
