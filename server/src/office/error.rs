//! Why a decision was not recorded.

use chrono::NaiveDate;
use ruhu_core::coverage::ObligationState;
use ruhu_core::ids::HouseholdId;
use ruhu_core::policy::PolicyProblem;
use ruhu_core::question::QuestionProblem;
use ruhu_core::time::{BadCalendar, Period};

use super::words::state_words;
use crate::ingest::office::ActError;
use crate::storage::StorageError;

/// Why a decision was not recorded; nothing was changed. No name, address or telephone stands in it.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// An act of the desk.
    #[error(transparent)]
    Act(#[from] ActError),
    /// The holiday notices.
    #[error(transparent)]
    Calendar(#[from] BadCalendar),
    /// An adoption that cannot be taken.
    #[error("不能采用,未作任何更改 / cannot be adopted, nothing was changed:\n{}", lines(.0))]
    Policy(Vec<PolicyProblem>),
    /// A policy nobody ships, or several that begin so.
    #[error(
        "没有或不止一个文件叫 {name},现有:{known} / no policy, or several, of the name {name}; there are: {known}"
    )]
    NoPolicy {
        /// As typed.
        name: String,
        /// The ids there are.
        known: String,
    },
    /// Nothing to adopt was named.
    #[error(
        "请给出 --take、--confirm-category、--demonstration 或 --file / say what is adopted: --take, --confirm-category, --demonstration or --file"
    )]
    NothingTaken,
    /// Between looking at an adoption and recording it, something else was adopted.
    #[error("看过之后规定已变动,请再核对一次 / the rules changed since this was looked at: check it again")]
    AdoptionChanged,
    /// No household or door of this name.
    #[error(
        "名册中没有 {wanted} 所指的户室;可用编号、户号或地址,见 ruhu household list / nothing in the roster by {wanted}: use an id, a household number or an address, see `ruhu household list`"
    )]
    NoUnit {
        /// Whether a household or a door was meant.
        wanted: &'static str,
    },
    /// Several of it.
    #[error("有多个户室符合,请用编号:{ids} / several match: use the id: {ids}")]
    SeveralUnits {
        /// Their ids.
        ids: String,
    },
    /// A door was meant, a household found, or the other way round.
    #[error("此处须为{wanted} / a {wanted} is wanted here")]
    WrongUnit {
        /// 户 household or 户室 door.
        wanted: &'static str,
    },
    /// No record of this number.
    #[error(
        "没有编号为 {hash} 的记录(至少 8 位),见 ruhu household waiting / no record {hash} (8 digits at least): see `ruhu household waiting`"
    )]
    NoEntry {
        /// As typed.
        hash: String,
    },
    /// Several records begin so.
    #[error("编号 {hash} 不止一条,请多写几位 / several records begin with {hash}: write more digits")]
    SeveralEntries {
        /// As typed.
        hash: String,
    },
    /// Nothing of it waits for a decision.
    #[error(
        "没有待确认的事项,见 ruhu household waiting / nothing of it waits for a decision: see `ruhu household waiting`"
    )]
    NothingWaits,
    /// The record holds no longer.
    #[error("该记录已不生效,无须再撤回 / the record does not hold any more: nothing to take back")]
    HoldsNoLonger,
    /// Only visits are corrected.
    #[error("只有仍生效的走访可以更正 / only a visit still in effect can be corrected")]
    NotAVisit,
    /// A correction that changes nothing.
    #[error(
        "更正与原记录相同,请给出 --outcome 或 --visited-on / the correction changes nothing: give --outcome or --visited-on"
    )]
    NothingCorrected,
    /// An outcome that needs more words than were given.
    #[error("结果 {outcome} 还需要 {missing} / the outcome {outcome} also needs {missing}")]
    OutcomeNeeds {
        /// Its code.
        outcome: String,
        /// The option.
        missing: &'static str,
    },
    /// One record twice.
    #[error("两个编号是同一户 / both are the same record")]
    SameRecord,
    /// Joined before.
    #[error(
        "户 {one} 已并入 {into},请改用 {into} 或先 ruhu household part / household {one} was joined into {into}: use that one, or part them first"
    )]
    AlreadyJoined {
        /// The record.
        one: HouseholdId,
        /// What goes on for it.
        into: HouseholdId,
    },
    /// Not joined.
    #[error("这两户没有合并过 / these two were not joined")]
    NotJoined,
    /// A day that has not come.
    #[error(
        "{day} 尚未到来,请到那天再登记(今天 {today})/ {day} has not come: record it on the day (today is {today})"
    )]
    InFuture {
        /// As given.
        day: NaiveDate,
        /// Today.
        today: NaiveDate,
    },
    /// The last day before the first, or more than a year after it.
    #[error(
        "截止日须在今天之后、十二个月之内({until})/ the last day must lie after today and within twelve months ({until})"
    )]
    BadUntil {
        /// As given.
        until: NaiveDate,
    },
    /// The household does not live here.
    #[error("该户现不在本社区居住 / the household does not live in the community now")]
    NotLiving,
    /// It is so already.
    #[error("已是如此,无须更改 / it is so already: nothing to change")]
    AlreadySo,
    /// Nobody can live there.
    #[error("该户室不是住宅,请先变更用途 / the door is no home: change its use first")]
    NoHome,
    /// The obligation is not deducted.
    #[error(
        "该户 {period} 没有核减可退回,现为:{state} / there is no deduction of it in {period} to reject; it is: {state}",
        state = state_words(state.as_ref())
    )]
    NotDeducted {
        /// The period.
        period: Period,
        /// The state it is in; `None` when it is not due.
        state: Option<ObligationState>,
    },
    /// The period is closed.
    #[error(
        "{period} 已关账,核减只能在关账前退回 / {period} is closed: a deduction can be rejected only before"
    )]
    Closed {
        /// The period.
        period: Period,
    },
    /// A question that may not be asked.
    #[error("专项不能开设,未作任何更改 / the question cannot be asked, nothing was changed:\n{}", lines(.0))]
    Question(Vec<QuestionProblem>),
    /// What can be answered is not understood.
    #[error(
        "读不懂 --kind {kind}:yes-no、choice:甲,乙、number:0-9、date、text:60 / --kind {kind} is not understood: yes-no, choice:a,b, number:0-9, date, text:60"
    )]
    BadKind {
        /// As typed.
        kind: String,
    },
    /// Who is asked is not understood.
    #[error(
        "读不懂 --who {who}:everyone、key、category:类别、grid:网格 / --who {who} is not understood: everyone, key, category:ID, grid:NAME"
    )]
    BadWho {
        /// As typed.
        who: String,
    },
    /// Nobody would be asked.
    #[error(
        "类别 {category} 尚未确认,不会问到任何人;请先 ruhu adopt --confirm-category {category} / category {category} is not confirmed, nobody would be asked: `ruhu adopt --confirm-category {category}` first"
    )]
    CategoryNotConfirmed {
        /// Its id.
        category: String,
    },
    /// Another question stands by this id: once asked, one is never changed.
    #[error(
        "该专项已开设,不能修改;请结束后另开 / the question is asked and cannot be changed: close it and ask a new one"
    )]
    QuestionAsked,
    /// No such question.
    #[error("没有这个专项,见 ruhu question list / no such question: see `ruhu question list`")]
    NoQuestion,
    /// Several questions.
    #[error("不止一个专项符合,请写全编号 / several questions match: write the whole id")]
    SeveralQuestions,
    /// It ended already.
    #[error("该专项 {until} 已结束 / the question ended on {until}")]
    QuestionEnded {
        /// Its last day.
        until: NaiveDate,
    },
}

impl From<Vec<PolicyProblem>> for OfficeError {
    fn from(problems: Vec<PolicyProblem>) -> Self {
        Self::Policy(problems)
    }
}

fn lines<T: std::fmt::Display>(problems: &[T]) -> String {
    problems.iter().map(|one| format!("  {one}")).collect::<Vec<_>>().join("\n")
}
