//! 奖惩事项 – lines of the ledger about this worker, in a form without words: the screens have them.

shown! {
    /// 奖惩事项 – what a person proposes by a rule, and what came of it. Nothing is deducted and nothing paid by a program.
    pub struct LineView {
        /// Its id.
        pub id: String,
        /// What is proposed.
        pub kind: LineKind,
        /// 条文号: `D1b-25`.
        pub rule: String,
        /// Clause and exact words of the rule, as adopted.
        pub quote: String,
        /// A share of the year-end bonus 年终奖, 1 to 100 percent; `None` where the rule states no amount 未定.
        pub bonus_percent: Option<u32>,
        /// 依据 – the finding it rests on, by its id; else `completion` is there.
        pub finding: Option<String>,
        /// 依据 – what was completed in a closed period, where it rests on no finding.
        pub completion: Option<CompletionView>,
        /// 文号 – the decisions that lifted the legal holds on the rule.
        pub released: Vec<String>,
        /// Where it stands.
        pub standing: LineStanding,
        /// Why it is proposed.
        pub reason: String,
        /// The last day for the worker's answer; it is taken later, too, as long as nobody has decided.
        pub reply_by: String,
        /// What he answered.
        pub reply: String,
        /// 代录 – somebody of the office wrote it down for him.
        pub reply_noted: bool,
        /// Why it was confirmed.
        pub decided_words: String,
        /// Why it was dropped; empty where whoever heard the appeal dropped it.
        pub withdrawn_words: String,
        /// The last day to appeal, once it was confirmed and where there is something to appeal against.
        pub appeal_by: Option<String>,
        /// Why he appeals.
        pub appeal_words: String,
        /// 代录 – somebody of the office wrote it down for him.
        pub appeal_noted: bool,
        /// 复核 – whether whoever heard the appeal dropped it; `None` before somebody has.
        pub reversed: Option<bool>,
        /// What whoever heard the appeal says.
        pub heard_words: String,
        /// His answer is asked for.
        pub may_reply: bool,
        /// He may appeal now.
        pub may_appeal: bool,
        /// Nothing more can come of it: dropped, or it holds.
        pub ended: bool,
    }
}

shown! {
    /// What a line proposes.
    pub enum LineKind {
        /// 奖励.
        #[default]
        Reward,
        /// 扣减.
        Deduction,
        /// 研究处理 – somebody has to decide what follows.
        Review,
    }
}

shown! {
    /// Where a line stands.
    pub enum LineStanding {
        /// 拟.
        #[default]
        Draft,
        /// 已答复.
        Answered,
        /// 已确认.
        Confirmed,
        /// 申诉待复核 – it has no effect until somebody has heard the appeal.
        Appealed,
        /// 维持.
        Upheld,
        /// 已撤销.
        Withdrawn,
    }
}

shown! {
    /// 完成情况 – this worker's households, requests and corrections of one closed period; compared with nobody.
    pub struct CompletionView {
        /// `2026Q3` or `2026-09`.
        pub period: String,
        /// 应访.
        pub due: u32,
        /// 已访.
        pub done: u32,
        /// 核减.
        pub deducted: u32,
        /// 未访.
        pub outstanding: u32,
        /// 诉求 handled by him.
        pub requests: u32,
        /// 更正 – records he corrected himself.
        pub corrections: u32,
    }
}
