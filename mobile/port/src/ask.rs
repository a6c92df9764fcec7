//! 询问 – every question by its name, for hosts that pass JSON: `{"ask": "today", "with": {…}}`.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::view::{
    Building, BuildingLine, ExchangeLine, Forms, FoundHousehold, FoundUse, Household, Messages, Mine, OwnDay,
    OwnDays, ReceiptLine, RevisitForm, SavedVisit, State, Today, UnitLine, VisitForm,
};
use crate::{Port, Remedy, Trouble};

shown! {
    /// Nothing to say with a question.
    pub struct Nothing {}
}

shown! {
    /// Which day and grid; today and all when empty.
    pub struct TodayAsk {
        /// The day.
        pub day: Option<String>,
        /// The grid's id.
        pub grid: Option<String>,
    }
}

shown! {
    /// Which building.
    pub struct BuildingAsk {
        /// 小区.
        pub estate: String,
        /// 楼栋.
        pub building: String,
    }
}

shown! {
    /// Which unit.
    pub struct UnitAsk {
        /// `household/<id>` or `vacant/<id>`.
        pub unit: String,
    }
}

shown! {
    /// Words to look for.
    pub struct FindAsk {
        /// Of an address, a name, a telephone number.
        pub words: String,
    }
}

shown! {
    /// Which record, and why it is taken back.
    pub struct WithdrawAsk {
        /// Payload hash.
        pub record: String,
        /// In the worker's words; may be empty.
        pub reason: String,
    }
}

shown! {
    /// Which record.
    pub struct RecordAsk {
        /// Payload hash.
        pub record: String,
    }
}

shown! {
    /// Which value of a field in conflict stays.
    pub struct SettleAsk {
        /// Whose.
        pub unit: String,
        /// The field's key.
        pub key: String,
        /// Its number among [`crate::view::Conflict::values`], from 0.
        pub chosen: u32,
    }
}

shown! {
    /// 答复诉求 – what is said of a request.
    pub struct AnswerAsk {
        /// Whose.
        pub unit: String,
        /// Its id.
        pub request: String,
        /// What is said.
        pub answer: crate::view::RequestSaid,
        /// What was done, or whose it is.
        pub words: String,
    }
}

shown! {
    /// 说明 – what happened, of a record in doubt.
    pub struct AccountAsk {
        /// Of which finding.
        pub finding: String,
        /// What happened.
        pub account: Option<crate::view::AccountSaid>,
        /// In the worker's words.
        pub words: String,
    }
}

shown! {
    /// 申诉.
    pub struct AppealAsk {
        /// Against which finding.
        pub finding: String,
        /// Why.
        pub words: String,
    }
}

shown! {
    /// 奖惩事项 – what is said of a line.
    pub struct LineAsk {
        /// Of which line.
        pub line: String,
        /// In the worker's words.
        pub words: String,
    }
}

shown! {
    /// 建议重点户.
    pub struct SuggestAsk {
        /// Which household.
        pub unit: String,
        /// Key, or no longer.
        pub key: bool,
        /// Why.
        pub reason: String,
    }
}

shown! {
    /// 练习 – begins it anew, or ends it.
    pub struct PracticeAsk {
        /// Begin.
        pub on: bool,
    }
}

shown! {
    /// What was saved.
    pub struct Saved {
        /// Payload hashes of the records.
        pub records: Vec<String>,
        /// The unit it is about.
        pub unit: String,
    }
}

/// The list of questions; a macro because a list of names, a dispatcher and the types for TypeScript would drift apart.
macro_rules! asks {
    ($($(#[$doc:meta])* $name:literal: $with:ty => $answer:ty = $method:ident;)*) => {
        impl Port {
            fn answered(&mut self, name: &str, with: &str) -> Result<String, Trouble> {
                match name {
                    $($name => {
                        let answer: $answer = self.$method(read::<$with>(with)?)?;
                        written(&answer)
                    })*
                    _ => Err(unknown()),
                }
            }
        }

        /// Every question with what goes with it and what comes back, as TypeScript.
        #[cfg(feature = "ts")]
        #[must_use]
        pub fn listing(config: &ts_rs::Config) -> Vec<(&'static str, String, String)> {
            use ts_rs::TS;
            vec![$(($name, <$with>::name(config), <$answer>::name(config)),)*]
        }
    };
}

/// The one question about the practice itself: never handed on to it.
const PRACTISE: &str = "practice";

impl Port {
    /// Answers a question by its name. `with` is JSON, and so is the answer. While a practice is going on it is asked, and
    /// nothing reaches the real book.
    ///
    /// # Errors
    /// [`Trouble`]; nothing was changed. A name that is not in the list is one, too.
    pub fn ask(&mut self, name: &str, with: &str) -> Result<String, Trouble> {
        if name == PRACTISE { self.answered(name, with) } else { self.asked().answered(name, with) }
    }
}

asks! {
    /// How this phone stands.
    "state": Nothing => State = state;
    /// 应访清单.
    "today": TodayAsk => Today = today;
    /// The buildings of this phone's grids.
    "buildings": Nothing => Vec<BuildingLine> = buildings;
    /// 楼栋图.
    "building": BuildingAsk => Building = building;
    /// Units by address, name, telephone.
    "find": FindAsk => Vec<UnitLine> = find;
    /// One household, masked unless it was opened.
    "household": UnitAsk => Household = household;
    /// 本次走访 – opens names, numbers and categories of one household; any other is masked again.
    "open": UnitAsk => Household = open;
    /// Masks what was opened.
    "close": Nothing => Nothing = close;
    /// The visit in progress, or an empty form.
    "draft": UnitAsk => VisitForm = draft;
    /// Keeps a visit in progress.
    "keep_draft": VisitForm => Nothing = keep_draft;
    /// Drops a visit in progress.
    "drop_draft": UnitAsk => Nothing = drop_draft;
    /// Names every problem of a form at once; saves nothing.
    "check": VisitForm => Nothing = check;
    /// 空表 – of a member and of each confirmed category.
    "forms": Nothing => Forms = forms;
    /// 保存走访.
    "save": VisitForm => SavedVisit = save;
    /// 更正 – one's own visit as a form that corrects it when saved.
    "correct": RecordAsk => VisitForm = correct;
    /// 撤回.
    "withdraw": WithdrawAsk => Saved = withdraw;
    /// 新户, 分户.
    "new_household": FoundHousehold => Saved = new_household;
    /// 用途变更.
    "mark_use": FoundUse => Saved = mark_use;
    /// 建议重点户.
    "suggest_key": SuggestAsk => Saved = suggest_key;
    /// Keeps one of the values of a field in conflict.
    "settle": SettleAsk => Household = settle;
    /// 答复诉求 – what was done about a request, or that the resident was told.
    "answer_request": AnswerAsk => Household = answer_request;
    /// 消息 – doors to ask at again, questions about the worker's own records, lines of the ledger about him.
    "messages": Nothing => Messages = messages;
    /// 复访结果 – what came of asking again.
    "answer_revisit": RevisitForm => Messages = answer_revisit;
    /// 说明 – what happened, of a record in doubt.
    "account": AccountAsk => Messages = account;
    /// 申诉 – somebody else is to look at what was found.
    "appeal": AppealAsk => Messages = appeal;
    /// 本人意见 – what the worker says of a line that is proposed.
    "reply_line": LineAsk => Messages = reply_line;
    /// 申诉 – somebody else is to look at a line that was confirmed.
    "appeal_line": LineAsk => Messages = appeal_line;
    /// 回执 – everything recorded here and what became of it, the latest first.
    "receipts": Nothing => Vec<ReceiptLine> = receipts;
    /// 同步记录.
    "exchanges": Nothing => Vec<ExchangeLine> = exchanges;
    /// 我的.
    "mine": Nothing => Mine = mine;
    /// 休息日 – the working days left of the quarter, and which the worker takes off; on this phone alone.
    "own_days": Nothing => OwnDays = own_days;
    /// Takes a day off, or works on it after all.
    "own_day": OwnDay => OwnDays = own_day;
    /// 练习 – begins the practice anew, or ends it and forgets it.
    "practice": PracticeAsk => State = practise;
}

fn read<T: DeserializeOwned>(with: &str) -> Result<T, Trouble> {
    // What goes with a question comes from our own screens: a mismatch is a fault of the app, not of the person.
    serde_json::from_str(with).map_err(|_| fault("端口参数有误 / the question does not fit the port"))
}

fn written<T: Serialize>(answer: &T) -> Result<String, Trouble> {
    serde_json::to_string(answer).map_err(|_| fault("端口回答有误 / the answer does not fit the port"))
}

fn unknown() -> Trouble {
    fault("没有这个询问 / there is no such question")
}

fn fault(words: &str) -> Trouble {
    Trouble { remedy: Remedy::CallSupport, words: words.to_owned(), problems: Vec::new() }
}
