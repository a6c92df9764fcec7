//! 走访 – the form of a visit, and what saving it gave.

use super::{Appointment, Place};

shown! {
    /// 走访表 – a visit being filled in. Everything may lack.
    pub struct VisitForm {
        /// Whom.
        pub unit: String,
        /// At which door.
        pub dwelling: Option<String>,
        /// 走访日期; today when empty.
        pub visited_on: Option<String>,
        /// 走访时间; now when empty and the visit was today.
        pub visited_at: Option<String>,
        /// 走访结果.
        pub outcome: Option<OutcomeForm>,
        /// Only a child was at home.
        pub child_alone: bool,
        /// 更正 – payload hash of one's own record that this one corrects.
        pub supersedes: Option<String>,
        /// Ids of the adults met.
        pub met: Vec<String>,
        /// 无变化.
        pub nothing_changed: bool,
        /// 变化.
        pub changes: Vec<ChangeForm>,
        /// 诉求.
        pub requests: Vec<RequestForm>,
        /// 隐患.
        pub hazards: Vec<HazardForm>,
        /// 专项.
        pub answers: Vec<AnswerForm>,
        /// 改约.
        pub appointment: Option<Appointment>,
        /// 同行 – by role: `colleague`, `police`, `doctor`, `property_manager`, `building_steward`, `volunteer`.
        pub came_along: Vec<String>,
        /// 备注.
        pub note: String,
        /// 下次留言.
        pub note_for_next: String,
        /// Fields of the household that change with this visit.
        pub fields: Vec<FieldForm>,
    }
}

shown! {
    /// 走访结果 with what belongs to it.
    pub struct OutcomeForm {
        /// `met`, `met-at-door`, `not-home`, `declined`, `phone`, `came-to-office`, `vacant`, `let-unverified`,
        /// `moved-away`, `registered-only`, `no-such-address`, `rescheduled`, `unsafe`, `told`.
        pub code: String,
        /// 留言条, of `not-home`.
        pub note_left: bool,
        /// 请勿打扰, of `declined`.
        pub do_not_ask_until: Option<String>,
        /// Who said so, of `vacant`, `moved-away`, `told`: `resident`, `landlord`, `property_manager`,
        /// `building_steward`, `neighbour`, `other`.
        pub informant: Option<String>,
        /// The day it left, of `moved-away`.
        pub left_on: Option<String>,
    }
}

shown! {
    /// What an outcome asks for.
    pub struct OutcomeShape {
        /// Its code.
        pub code: String,
        /// Somebody of the household was met or spoken with; not offered at an empty home.
        pub met: bool,
        /// 留言条 can be ticked.
        pub note_left: bool,
        /// 请勿打扰至 can be filled in.
        pub until: bool,
        /// 搬离日期 can be filled in.
        pub left_on: bool,
        /// 改约 must be filled in.
        pub appointment: bool,
        /// Whether it is somebody's word.
        pub informing: Informing,
    }
}

shown! {
    /// Whether an outcome rests on somebody's word.
    pub enum Informing {
        /// It does not.
        #[default]
        Not,
        /// Somebody may confirm it.
        May,
        /// Whose word must be said.
        Must,
    }
}

shown! {
    /// 变化 – one step of what changed.
    pub struct ChangeForm {
        /// `moved_in`, `moved_out`, `birth`, `death`, `phone`, `head`, `tenure`, `category_in`, `category_out`,
        /// `correction`.
        pub kind: String,
        /// Whom it concerns; `new-1` for somebody who joins with this visit.
        pub person: Option<String>,
        /// When.
        pub on: Option<String>,
        /// The category entered or left.
        pub category: Option<String>,
    }
}

shown! {
    /// 诉求.
    pub struct RequestForm {
        /// Its id; made when empty.
        pub id: String,
        /// The resident's words.
        pub words: String,
        /// 期望.
        pub wanted: String,
        /// 当场办结.
        pub solved_on_the_spot: bool,
    }
}

shown! {
    /// 隐患.
    pub struct HazardForm {
        /// Its id; made when empty.
        pub id: String,
        /// What it is.
        pub words: String,
        /// Where it is.
        pub place: String,
    }
}

shown! {
    /// An answer.
    pub struct AnswerForm {
        /// To which question.
        pub question: String,
        /// As text by the question's kind; `None`: 未问.
        pub value: Option<String>,
    }
}

shown! {
    /// A field and what it shall hold.
    pub struct FieldForm {
        /// Its key in the household's document; `m/new-1/name` for somebody who joins with this visit.
        pub key: String,
        /// As text, as [`super::FieldView::value`].
        pub value: String,
    }
}

shown! {
    /// What was saved: 已存本机,中心未收.
    pub struct SavedVisit {
        /// Payload hash of the record, for an undo or a correction.
        pub record: String,
        /// Whether fields were changed beside it.
        pub fields_changed: bool,
        /// The next due door of the same stair, walking on.
        pub next: Option<NextDoor>,
        /// How far the quarter is now.
        pub done: u32,
        /// Of how many.
        pub due: u32,
    }
}

shown! {
    /// The next door.
    pub struct NextDoor {
        /// Whom.
        pub unit: String,
        /// Where.
        pub place: Option<Place>,
    }
}
