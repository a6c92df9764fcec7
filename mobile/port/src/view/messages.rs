//! 消息 – what stands between the desk and this worker: doors to ask at again, questions about his own records, lines of the
//! ledger about him.

use super::{LineView, Place};

shown! {
    /// 消息.
    pub struct Messages {
        /// 复访 – the earliest day first.
        pub revisits: Vec<RevisitView>,
        /// 核查 – the latest first, those that have ended below.
        pub findings: Vec<FindingView>,
        /// 奖惩事项 – the latest first, those that have ended below.
        pub lines: Vec<LineView>,
        /// How many of them wait for an answer.
        pub waiting: u32,
    }
}

shown! {
    /// 复访 – one door to ask at again, without a word of what is on record there.
    pub struct RevisitView {
        /// Which.
        pub key: String,
        /// Where, in the words of the desk.
        pub place: String,
        /// The last day for it.
        pub due: String,
        /// 逾期 – not answered though that day has passed.
        pub overdue: bool,
        /// What was answered from this phone.
        pub answer: Option<RevisitForm>,
    }
}

shown! {
    /// 复访结果 – what came of asking again.
    pub struct RevisitForm {
        /// Which.
        pub key: String,
        /// On which day it was asked; today when empty.
        pub on: String,
        /// By telephone.
        pub by_phone: bool,
        /// Whether somebody had come.
        pub told: Option<RevisitTold>,
        /// About when, where somebody had.
        pub came_on: Option<String>,
        /// 常住人数; empty where it was not told.
        pub people: String,
        /// A remark.
        pub remark: String,
    }
}

shown! {
    /// What a resident told about whether anybody came.
    pub enum RevisitTold {
        /// 来过.
        #[default]
        Came,
        /// 没来过.
        NobodyCame,
        /// 说不清.
        Unsure,
        /// 没遇到.
        NotMet,
        /// 不愿回答.
        Refused,
    }
}

shown! {
    /// 核查 – a question about a record of this worker, and what came of it.
    pub struct FindingView {
        /// Its id.
        pub id: String,
        /// Payload hash of the record.
        pub record: String,
        /// The day the record states.
        pub visited_on: String,
        /// Where it was, while this phone holds the household.
        pub place: Option<Place>,
        /// Code of its outcome, while this phone holds the record.
        pub outcome: Option<String>,
        /// Where it stands.
        pub stage: FindingStage,
        /// What is asked.
        pub question: String,
        /// The last day for the account; it is taken later, too, as long as nobody has found.
        pub reply_by: String,
        /// 说明 – what can be said now; nothing once it was said, or a person has found.
        pub accounts: Vec<AccountChoice>,
        /// What the worker said happened.
        pub account: Option<AccountSaid>,
        /// His words with it.
        pub account_words: String,
        /// 代录 – somebody of the office wrote them down for him.
        pub account_noted: bool,
        /// 结论 – what was found.
        pub ruling: Option<FindingRuling>,
        /// Why.
        pub reason: String,
        /// The last day to appeal, where there is something to appeal against.
        pub appeal_by: Option<String>,
        /// He may appeal now.
        pub may_appeal: bool,
        /// Why he appeals.
        pub appeal_words: String,
        /// 代录 – somebody of the office wrote it down for him.
        pub appeal_noted: bool,
        /// 复核 – whether what was found was reversed; `None` before somebody has heard it.
        pub reversed: Option<bool>,
        /// Why.
        pub heard_words: String,
        /// Nothing more can come of it.
        pub ended: bool,
    }
}

shown! {
    /// Where a finding stands.
    pub enum FindingStage {
        /// 待说明.
        #[default]
        Asked,
        /// 待认定.
        Accounted,
        /// 已认定.
        Decided,
        /// 待复核.
        Appealed,
        /// 已复核.
        Heard,
    }
}

shown! {
    /// What can be said of a record in doubt.
    pub struct AccountChoice {
        /// What happened.
        pub account: AccountSaid,
        /// It means nothing without words.
        pub needs_words: bool,
    }
}

shown! {
    /// 说明 – what the worker says happened.
    pub enum AccountSaid {
        /// 如实走访.
        #[default]
        AsRecorded,
        /// 见的是另一位家人.
        MetAnother,
        /// 电话联系.
        ByPhone,
        /// 过后补录.
        TypedLater,
        /// 记错户或日期.
        Mixed,
        /// 没有走访.
        NoVisit,
        /// 其他.
        Other,
    }
}

shown! {
    /// 结论 – what a person found.
    pub enum FindingRuling {
        /// 不予认定.
        #[default]
        Cleared,
        /// 入户不到位.
        Missed,
        /// 调查结果不实.
        Inaccurate,
        /// 弄虚作假.
        Falsified,
    }
}
