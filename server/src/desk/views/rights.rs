//! 居民权利 – what residents ask about their own record: the list, one case, the sheet they are given.

use askama::Template;

use super::list::Tab;
use super::requests::StepView;
use super::shell::Shell;
use super::{Note, Reveal};

/// The list.
#[derive(Clone, Debug, Template)]
#[template(path = "rights.html")]
pub struct RightsPage {
    /// The frame.
    pub shell: Shell,
    /// Where.
    pub heading: String,
    /// How many, in words.
    pub count: String,
    /// 待办, 逾期, 已结, each with its number.
    pub tabs: Vec<Tab>,
    /// 查阅, 更正, 删除, 停止走访.
    pub kinds: Vec<Tab>,
    /// One page of them.
    pub rows: Vec<RightsLine>,
    /// Where one is noted; `None` for whoever only looks.
    pub new: Option<String>,
    /// `第 2 页,共 3 页`.
    pub page: Option<String>,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
}

/// One case of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RightsLine {
    /// Its page.
    pub href: String,
    /// Its number.
    pub nr: String,
    /// What is asked for.
    pub kind: &'static str,
    /// How it came.
    pub channel: &'static str,
    /// Whose record; or that nobody knows.
    pub address: String,
    /// The day it was received.
    pub on: String,
    /// Where it stands.
    pub stands: &'static str,
    /// The last day.
    pub due: String,
    /// Whether that has passed.
    pub overdue: bool,
}

/// Choices of a form: code and words.
pub type Choices = Vec<(&'static str, &'static str)>;

/// 登记 – a case that is noted at the desk.
#[derive(Clone, Debug, Template)]
#[template(path = "rights_new.html")]
pub struct RightsFormPage {
    /// The frame.
    pub shell: Shell,
    /// Back to the list.
    pub back: String,
    /// Where.
    pub place: String,
    /// Where the form goes.
    pub action: String,
    /// What can be asked for.
    pub kinds: Choices,
    /// How it may have come.
    pub channels: Choices,
    /// The address of the household it was opened from.
    pub household: Option<String>,
    /// What was typed.
    pub typed: TypedCase,
}

/// What was typed and not taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedCase {
    /// The id made with the form.
    pub id: String,
    /// The household: an id, a number or an address.
    pub unit: String,
    /// The kind chosen.
    pub kind: String,
    /// The channel chosen.
    pub channel: String,
    /// The number to call back.
    pub contact: String,
    /// What was asked.
    pub words: String,
}

/// One case.
#[derive(Clone, Debug, Template)]
#[template(path = "rights_case.html")]
pub struct RightsCasePage {
    /// The frame.
    pub shell: Shell,
    /// Back to the list.
    pub back: String,
    /// Grid and community.
    pub place: String,
    /// What is asked for.
    pub kind: &'static str,
    /// Its number.
    pub nr: String,
    /// The last day, in words.
    pub due: String,
    /// Where it stands.
    pub stands: &'static str,
    /// Whether the last day has passed.
    pub overdue: bool,
    /// When and how it came, in words.
    pub received: String,
    /// Address and page of the household; `None` while nobody knows.
    pub household: Option<(String, String)>,
    /// Masked, or shown for a reason; `None` for whoever sees no words.
    pub reveal: Option<Reveal>,
    /// The number to call back, as the look allows; `None` where there is none, or not for the viewer.
    pub contact: Option<String>,
    /// What was asked.
    pub words: Note,
    /// What was done, the earliest first.
    pub steps: Vec<StepView>,
    /// The sheets that can be given: words, the page, the same as a workbook.
    pub sheets: Vec<(String, String, String)>,
    /// What can be done; `None` for whoever only looks, and once it is over.
    pub forms: Option<RightsForms>,
}

/// What the community can do about a case; of each form whether it is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RightsForms {
    /// Where the forms go.
    pub action: String,
    /// How many steps stand on the page.
    pub seen: u32,
    /// Saying whose record it is: there is one already, or none.
    pub household: Option<bool>,
    /// How somebody can show who he is.
    pub shown: Choices,
    /// What can be decided.
    pub rulings: Choices,
    /// What is to be done: `see`, `correct`, `delete`, `stop`; empty where nothing is.
    pub todo: &'static str,
    /// Where the record is corrected for the request; empty where it is not to be.
    pub record: String,
    /// The first and the last day without visits that can be set.
    pub days: (String, String),
    /// What can be erased: where the dry run is, and words.
    pub erasable: Vec<(String, String)>,
    /// The dry run.
    pub preview: Option<ErasureView>,
    /// How somebody can be answered.
    pub told: Choices,
    /// The form that was not taken.
    pub act: String,
    /// What was typed into it.
    pub words: String,
    /// What was chosen in it.
    pub outcome: String,
    /// The article that was typed.
    pub article: String,
    /// The day that was typed.
    pub until: String,
}

/// 试运行 – what an erasure would take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasureView {
    /// What: code of the form.
    pub what: String,
    /// What, in words.
    pub whom: String,
    /// The fields that go, by name.
    pub fields: Vec<String>,
    /// Fields that stay, changes and records that lose their content, records that keep it.
    pub counts: Vec<(&'static str, String)>,
}

impl RightsForms {
    /// What was typed into a form.
    #[must_use]
    pub fn words_of(&self, act: &str) -> &str {
        if self.act == act { &self.words } else { "" }
    }

    /// Whether a form stands open.
    #[must_use]
    pub fn is_open(&self, act: &str) -> bool {
        self.act == act
    }
}

/// 查阅表 – everything the community holds about a household, for the household.
#[derive(Clone, Debug, Template)]
#[template(path = "rights_sheet.html")]
pub struct RightsSheetPage {
    /// The frame.
    pub shell: Shell,
    /// Back to the case.
    pub back: String,
    /// The same as a workbook.
    pub xlsx: String,
    /// Its title.
    pub title: String,
    /// Case, day and account: whose copy this is.
    pub mark: String,
    /// Lines above the tables: what and words.
    pub lines: Vec<(String, String)>,
    /// The tables.
    pub tables: Vec<SheetTable>,
}

/// One table of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetTable {
    /// Its title.
    pub title: String,
    /// Its headings.
    pub heads: Vec<String>,
    /// Its rows, as printed.
    pub rows: Vec<Vec<String>>,
    /// What stands where there is none.
    pub when_empty: String,
}

/// 致居民 – the public page: who visits and why, what a resident may ask, and a form that leaves a number to call back.
#[derive(Clone, Debug, Template)]
#[template(path = "resident.html")]
pub struct ResidentPage {
    /// The frame.
    pub shell: Shell,
    /// Communities of this hub: id and name.
    pub communities: Vec<(String, String)>,
    /// What can be asked for.
    pub kinds: Choices,
    /// What was typed.
    pub typed: TypedCase,
    /// Why it was not taken: the field (`contact`, `community`, `kind`, empty for none), and words.
    pub trouble: Option<(&'static str, String)>,
}

/// 已收到.
#[derive(Clone, Debug, Template)]
#[template(path = "resident_noted.html")]
pub struct ResidentNotedPage {
    /// The frame.
    pub shell: Shell,
    /// The number of the case.
    pub nr: String,
    /// The last day to be answered.
    pub due: String,
}

impl ResidentPage {
    /// Why a field was not taken.
    #[must_use]
    pub fn trouble_of(&self, field: &str) -> Option<&str> {
        self.trouble.as_ref().filter(|(of, _)| *of == field).map(|(_, words)| words.as_str())
    }
}
