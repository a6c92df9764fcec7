//! 家庭户 – one household with everything known of it.

use super::{Place, ReceiptLine, UnitLine};

shown! {
    /// 家庭户, or an empty home.
    pub struct Household {
        /// Which.
        pub unit: String,
        /// Its door.
        pub dwelling: Option<String>,
        /// Where.
        pub place: Option<Place>,
        /// 网格.
        pub grid: String,
        /// 重点户.
        pub key: bool,
        /// Names, numbers and categories are locked: the lease ran out.
        pub locked: bool,
        /// Whether the fields below stand open; else names, numbers and categories are masked.
        pub open: bool,
        /// Its members.
        pub members: Vec<MemberView>,
        /// Fields of the household as a whole, in the order of the form.
        pub fields: Vec<FieldView>,
        /// Visits and events, the latest first.
        pub history: Vec<HistoryLine>,
        /// 诉求, 隐患 – not closed yet, or what came of it not told to the resident. None while names are locked.
        pub requests: Vec<OpenRequest>,
        /// 专项 – to ask today.
        pub questions: Vec<QuestionView>,
        /// 下次留言.
        pub note_for_next: String,
        /// 请勿打扰 until this day.
        pub do_not_ask_until: Option<String>,
        /// 楼栋长 – whom to ask first.
        pub steward: Option<String>,
        /// Where two workers wrote the same field apart.
        pub conflicts: Vec<Conflict>,
        /// Other households behind the same door.
        pub neighbours: Vec<UnitLine>,
        /// Its records that were refused or wait.
        pub refused: Vec<ReceiptLine>,
        /// A visit to it is being filled in.
        pub has_draft: bool,
    }
}

shown! {
    /// One member.
    pub struct MemberView {
        /// Who.
        pub person: String,
        /// The name as it may be shown now: masked, open, or `儿童, 6 岁` for a child under 14.
        pub name: String,
        /// 户主.
        pub head: bool,
        /// Under 14.
        pub child: bool,
        /// 服务对象 – the categories with a form here; empty while masked.
        pub categories: Vec<Chip>,
        /// Whether there are categories at all, told while they are masked.
        pub has_categories: bool,
        /// Fields, in the order of the form; empty for a child under 14 and while masked.
        pub fields: Vec<FieldView>,
    }
}

shown! {
    /// A category of a member.
    pub struct Chip {
        /// Its id.
        pub id: String,
        /// In Chinese.
        pub zh: String,
        /// In English.
        pub en: String,
    }
}

shown! {
    /// One field of a form.
    pub struct FieldView {
        /// Its key in the household's document.
        pub key: String,
        /// Label in Chinese.
        pub zh: String,
        /// Label in English.
        pub en: String,
        /// What it can hold.
        pub kind: FieldKind,
        /// The choices, for a choice.
        pub choices: Vec<Choice>,
        /// Its value as text (a choice by its id, yes as `true`); masked while the sheet is. Empty: not known.
        pub value: String,
        /// 目的 and 依据 – why it is asked; empty for the plain fields of the profile.
        pub why: String,
    }
}

shown! {
    /// What a field can hold.
    pub enum FieldKind {
        /// Words.
        #[default]
        Text,
        /// A whole day.
        Date,
        /// A day, a month or a year.
        PartDate,
        /// One of the choices.
        Choice,
        /// 是 / 否.
        YesNo,
        /// A whole number.
        Number,
        /// The id of a member.
        Member,
    }
}

shown! {
    /// 空表 – what can be asked, without values.
    pub struct Forms {
        /// Of a member; each key stands behind the person's id: `name`.
        pub member: Vec<FieldView>,
        /// The categories the organ confirmed.
        pub categories: Vec<CategoryForm>,
        /// 走访结果, in the order they are offered.
        pub outcomes: Vec<super::OutcomeShape>,
    }
}

shown! {
    /// 类别表 – the form of one category.
    pub struct CategoryForm {
        /// Its id.
        pub id: String,
        /// In Chinese.
        pub zh: String,
        /// In English.
        pub en: String,
        /// Its fields; each key stands behind the person's id: `c/low-income/since`.
        pub fields: Vec<FieldView>,
    }
}

shown! {
    /// One choice.
    pub struct Choice {
        /// What is stored.
        pub id: String,
        /// In Chinese.
        pub zh: String,
        /// In English.
        pub en: String,
    }
}

shown! {
    /// One line of the history.
    pub struct HistoryLine {
        /// Payload hash of the record, for a correction or withdrawal.
        pub record: String,
        /// The day it speaks of.
        pub on: String,
        /// The time of day, for a visit.
        pub at: Option<String>,
        /// `visit`, or the code of the event.
        pub what: String,
        /// Code of the outcome, for a visit.
        pub outcome: Option<String>,
        /// Who recorded it; empty for the desk.
        pub by: String,
        /// One's own.
        pub mine: bool,
        /// 补录.
        pub late: bool,
        /// Withdrawn or returned.
        pub taken_back: bool,
        /// Corrected by a later record.
        pub superseded: bool,
    }
}

shown! {
    /// 诉求 or 隐患.
    pub struct OpenRequest {
        /// Its id.
        pub id: String,
        /// The resident's words, or what the danger is; masked sheets do not show them.
        pub words: String,
        /// What is wanted, or where it is.
        pub more: String,
        /// 隐患.
        pub hazard: bool,
        /// The day it was raised.
        pub on: String,
        /// The latest step: `passed_up`, `assigned`, `handled`, `replied`, `closed`; `None` while it was only noticed.
        pub step: Option<String>,
        /// 办结 – closed since.
        pub closed: bool,
        /// 待告知 – something came of it and the resident does not know yet.
        pub to_tell: bool,
        /// What came of it; masked sheets do not show it.
        pub result: String,
        /// 承办 – the office or colleague who is to handle it; empty where nobody was said.
        pub owner: String,
        /// Whether that is this worker, and it is not handled yet.
        pub mine: bool,
        /// 时限 – the last day to handle it.
        pub due: Option<String>,
        /// 逾期 – not handled though that day has passed.
        pub overdue: bool,
        /// What can be said of it now; nothing while its words are masked.
        pub answers: Vec<RequestSaid>,
    }
}

shown! {
    /// 答复 – what a worker can say of a request.
    pub enum RequestSaid {
        /// 已办理 – the words say what was done.
        #[default]
        Handled,
        /// 已告知 – the resident was told; the words may be empty.
        Told,
        /// 不属我办 – the words say whose it is.
        NotMine,
    }
}

shown! {
    /// 专项 – one question.
    pub struct QuestionView {
        /// Its id.
        pub id: String,
        /// In Chinese.
        pub zh: String,
        /// In English; may be empty.
        pub en: String,
        /// Who asks, what for, on what basis.
        pub why: String,
        /// What can be answered.
        pub kind: QuestionKind,
        /// The choices, for a choice; their ids are their numbers from 0.
        pub choices: Vec<Choice>,
        /// Smallest number.
        pub min: Option<i64>,
        /// Largest number, or most characters of a text.
        pub max: Option<i64>,
    }
}

shown! {
    /// What can be answered.
    pub enum QuestionKind {
        /// 是 / 否: `true`, `false`.
        #[default]
        YesNo,
        /// One of the choices, by number.
        Choice,
        /// A whole number.
        Number,
        /// A day.
        Date,
        /// A few words.
        Text,
    }
}

shown! {
    /// 两人同时修改 – one field with several values.
    pub struct Conflict {
        /// The field's key.
        pub key: String,
        /// Label in Chinese.
        pub zh: String,
        /// Label in English.
        pub en: String,
        /// The values as text, to choose from by number.
        pub values: Vec<String>,
    }
}

shown! {
    /// 新户 – a household found at the door.
    pub struct FoundHousehold {
        /// Behind this door of the roster; or a new door, when empty.
        pub dwelling: Option<String>,
        /// The new door.
        pub place: Option<Place>,
        /// The grid of the new door.
        pub grid: Option<String>,
        /// 入住日.
        pub moved_in_on: Option<String>,
        /// 分户 – the household it came out of.
        pub split_from: Option<String>,
        /// Its members.
        pub members: Vec<FoundMember>,
        /// 联系电话.
        pub phone: String,
        /// 居住方式: `owned`, `rented`, `lent`, `public`, or empty.
        pub tenure: String,
        /// Why, in the worker's words.
        pub reason: String,
    }
}

shown! {
    /// One member of a new household.
    pub struct FoundMember {
        /// 姓名.
        pub name: String,
        /// 出生 – a day, a month, a year, or empty.
        pub birth: String,
        /// 与户主关系.
        pub relation: String,
    }
}

shown! {
    /// 用途变更 – a door is used otherwise than the roster says.
    pub struct FoundUse {
        /// Which door.
        pub dwelling: String,
        /// `home`, `annex`, `non-residential`, `gone`.
        pub used_as: String,
        /// Of which household, for an annex.
        pub annex_of: Option<String>,
        /// Why, in the worker's words.
        pub reason: String,
    }
}
