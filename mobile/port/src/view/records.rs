//! 记录 – what was recorded here and what became of it; what is held about the worker.

use super::{Place, VisitForm, Who};

shown! {
    /// 回执 – one record of this phone.
    pub struct ReceiptLine {
        /// Payload hash.
        pub record: String,
        /// `visit`, `found`, `withdrawal`, `request`, `revisit`, `account`, `appeal`, `line-reply`, `line-appeal`, `fields`,
        /// `other`.
        pub kind: String,
        /// About whom.
        pub unit: Option<String>,
        /// Where that is.
        pub place: Option<Place>,
        /// When it was recorded.
        pub recorded_at: String,
        /// Code of the outcome, for a visit.
        pub outcome: Option<String>,
        /// The day of the visit.
        pub visited_on: Option<String>,
        /// What became of it.
        pub state: ReceiptState,
        /// Whether it waits to be sent.
        pub to_send: bool,
        /// The reason and the way out, Chinese first, for what was not simply received.
        pub words: Option<String>,
        /// Whether it can be taken back.
        pub can_withdraw: bool,
        /// 退回草稿 – the refused visit, to be filled in again.
        pub draft: Option<VisitForm>,
    }
}

shown! {
    /// What became of a record.
    pub enum ReceiptState {
        /// 已存本机,中心未收.
        #[default]
        Unsent,
        /// 已收到.
        Accepted,
        /// 待核.
        Parked,
        /// 退回.
        Quarantined,
    }
}

shown! {
    /// One line of the log of exchanges; no personal data.
    pub struct ExchangeLine {
        /// Hub time of the answer.
        pub at: String,
        /// Records the hub took.
        pub accepted: u32,
        /// Put aside by it.
        pub put_aside: u32,
        /// Entries it brought.
        pub brought: u32,
    }
}

shown! {
    /// 我的 – everything this phone holds about the worker, and the rules he works under.
    pub struct Mine {
        /// As whom this phone records.
        pub who: Option<Who>,
        /// Households on this phone.
        pub households: u32,
        /// Own records on this phone.
        pub records: u32,
        /// Visits in progress.
        pub drafts: u32,
        /// 查看记录 – whose names were opened on this phone, the latest first.
        pub looks: Vec<LookLine>,
        /// 走访规定 in force, each with its quoted words.
        pub rules: Vec<RuleLine>,
        /// 请更新 – what was adopted was written by a newer version: no rule is shown rather than a wrong one.
        pub rules_unread: bool,
        /// The categories the organ confirmed, each with its basis.
        pub categories: Vec<RuleLine>,
        /// The community's office, for questions; empty where none is listed.
        pub office_phone: String,
    }
}

shown! {
    /// One look at names, numbers and categories.
    pub struct LookLine {
        /// When.
        pub at: String,
        /// At whom.
        pub unit: String,
        /// Where that is.
        pub place: Option<Place>,
    }
}

shown! {
    /// One rule.
    pub struct RuleLine {
        /// What it sets.
        pub field: String,
        /// To what.
        pub value: String,
        /// The words it rests on.
        pub quotes: Vec<String>,
        /// Title of the text the words are quoted from; empty where there is none.
        pub source: String,
        /// On whose word it stands.
        pub standing: String,
    }
}
