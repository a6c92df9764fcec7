//! 询问 – the questions of the port, each as a function. What each answers stands at its record; what the screens show
//! of it is theirs.

#![expect(clippy::needless_pass_by_value, reason = "the bindings hand everything over by value")]

use ruhu_port::ask::{
    AccountAsk, AnswerAsk, AppealAsk, BuildingAsk, FindAsk, LineAsk, Nothing, RecordAsk, Saved, SettleAsk,
    SuggestAsk, TodayAsk, UnitAsk, WithdrawAsk,
};
use ruhu_port::view::{
    AccountSaid, Building, BuildingLine, ExchangeLine, FoundHousehold, FoundUse, Household, Messages, Mine,
    ReceiptLine, RequestSaid, RevisitForm, SavedVisit, State, Today, UnitLine, VisitForm,
};

use crate::book::Fieldbook;
use crate::trouble::PortError;

/// The questions after which the screens look again: something in the file is another, or another book answers.
const CHANGING: [&str; 16] = [
    "account",
    "answer_request",
    "answer_revisit",
    "appeal",
    "appeal_line",
    "drop_draft",
    "keep_draft",
    "mark_use",
    "new_household",
    "own_day",
    "practice",
    "reply_line",
    "save",
    "settle",
    "suggest_key",
    "withdraw",
];

#[uniffi::export]
impl Fieldbook {
    /// Asks by the port's list of questions; `with` is JSON, and so is the answer.
    ///
    /// # Errors
    /// [`PortError`]; a question that is not in the list is one, too.
    pub fn ask(&self, name: String, with: String) -> Result<String, PortError> {
        let work = |port: &mut ruhu_port::Port| port.ask(&name, &with);
        if CHANGING.contains(&name.as_str()) { self.changed(work) } else { self.asked(work) }
    }

    /// How this phone stands.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn state(&self) -> Result<State, PortError> {
        self.asked(|port| port.state(Nothing {}))
    }

    /// 应访清单 of a day and a grid; today and all when left out.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn today(&self, day: Option<String>, grid: Option<String>) -> Result<Today, PortError> {
        self.asked(|port| port.today(TodayAsk { day, grid }))
    }

    /// The buildings of this phone's grids.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn buildings(&self) -> Result<Vec<BuildingLine>, PortError> {
        self.asked(|port| port.buildings(Nothing {}))
    }

    /// 楼栋图.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn building(&self, estate: String, building: String) -> Result<Building, PortError> {
        self.asked(|port| port.building(BuildingAsk { estate, building }))
    }

    /// Units by words of an address, a name, a telephone number.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn find(&self, words: String) -> Result<Vec<UnitLine>, PortError> {
        self.asked(|port| port.find(FindAsk { words }))
    }

    /// One household, masked unless it was opened.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn household(&self, unit: String) -> Result<Household, PortError> {
        self.asked(|port| port.household(UnitAsk { unit }))
    }

    /// 本次走访 – opens names, numbers and categories of one household; any other is masked again.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn open_household(&self, unit: String) -> Result<Household, PortError> {
        self.asked(|port| port.open(UnitAsk { unit }))
    }

    /// Masks what was opened.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn close_household(&self) -> Result<(), PortError> {
        self.asked(|port| port.close(Nothing {})).map(drop)
    }

    /// The visit in progress, or an empty form.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn draft(&self, unit: String) -> Result<VisitForm, PortError> {
        self.asked(|port| port.draft(UnitAsk { unit }))
    }

    /// Keeps a visit in progress.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn keep_draft(&self, form: VisitForm) -> Result<(), PortError> {
        self.changed(|port| port.keep_draft(form)).map(drop)
    }

    /// Drops a visit in progress.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn drop_draft(&self, unit: String) -> Result<(), PortError> {
        self.changed(|port| port.drop_draft(UnitAsk { unit })).map(drop)
    }

    /// Names every problem of a form at once; saves nothing.
    ///
    /// # Errors
    /// [`PortError::FixForm`] with every problem.
    pub fn check(&self, form: VisitForm) -> Result<(), PortError> {
        self.asked(|port| port.check(form)).map(drop)
    }

    /// 保存走访. It is in the file when this returns.
    ///
    /// # Errors
    /// [`PortError`]; nothing was saved.
    pub fn save_visit(&self, form: VisitForm) -> Result<SavedVisit, PortError> {
        self.changed(|port| port.save(form))
    }

    /// 更正 – one's own visit as a form that corrects it when saved.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn correct(&self, record: String) -> Result<VisitForm, PortError> {
        self.asked(|port| port.correct(RecordAsk { record }))
    }

    /// 撤回.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn withdraw(&self, record: String, reason: String) -> Result<Saved, PortError> {
        self.changed(|port| port.withdraw(WithdrawAsk { record, reason }))
    }

    /// 新户, 分户 – visitable as soon as this returns.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn new_household(&self, found: FoundHousehold) -> Result<Saved, PortError> {
        self.changed(|port| port.new_household(found))
    }

    /// 用途变更.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn mark_use(&self, found: FoundUse) -> Result<Saved, PortError> {
        self.changed(|port| port.mark_use(found))
    }

    /// 建议重点户 – the lead decides.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn suggest_key(&self, unit: String, key: bool, reason: String) -> Result<Saved, PortError> {
        self.changed(|port| port.suggest_key(SuggestAsk { unit, key, reason }))
    }

    /// Keeps one of the values of a field in conflict, by its number from 0.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn settle(&self, unit: String, key: String, chosen: u32) -> Result<Household, PortError> {
        self.changed(|port| port.settle(SettleAsk { unit, key, chosen }))
    }

    /// 答复诉求 – what was done about a request, or that the resident was told; `words` say what or by whom.
    ///
    /// # Errors
    /// [`PortError`]; nothing was saved.
    pub fn answer_request(
        &self,
        unit: String,
        request: String,
        answer: RequestSaid,
        words: String,
    ) -> Result<Household, PortError> {
        self.changed(|port| port.answer_request(AnswerAsk { unit, request, answer, words }))
    }

    /// 消息 – doors to ask at again, questions about the worker's own records, lines of the ledger about him.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn messages(&self) -> Result<Messages, PortError> {
        self.asked(|port| port.messages(Nothing {}))
    }

    /// 复访结果 – what came of asking again; an earlier answer is replaced.
    ///
    /// # Errors
    /// [`PortError`]; nothing was saved.
    pub fn answer_revisit(&self, form: RevisitForm) -> Result<Messages, PortError> {
        self.changed(|port| port.answer_revisit(form))
    }

    /// 说明 – what happened, of a record in doubt.
    ///
    /// # Errors
    /// [`PortError`]; nothing was saved.
    pub fn account(
        &self,
        finding: String,
        account: AccountSaid,
        words: String,
    ) -> Result<Messages, PortError> {
        self.changed(|port| port.account(AccountAsk { finding, account: Some(account), words }))
    }

    /// 申诉 – somebody else is to look at what was found.
    ///
    /// # Errors
    /// [`PortError`]; nothing was saved.
    pub fn appeal(&self, finding: String, words: String) -> Result<Messages, PortError> {
        self.changed(|port| port.appeal(AppealAsk { finding, words }))
    }

    /// 本人意见 – what the worker says of a line that is proposed.
    ///
    /// # Errors
    /// [`PortError`]; nothing was saved.
    pub fn reply_line(&self, line: String, words: String) -> Result<Messages, PortError> {
        self.changed(|port| port.reply_line(LineAsk { line, words }))
    }

    /// 申诉 – somebody else is to look at a line that was confirmed.
    ///
    /// # Errors
    /// [`PortError`]; nothing was saved.
    pub fn appeal_line(&self, line: String, words: String) -> Result<Messages, PortError> {
        self.changed(|port| port.appeal_line(LineAsk { line, words }))
    }

    /// 回执 – everything recorded here and what became of it, the latest first.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn receipts(&self) -> Result<Vec<ReceiptLine>, PortError> {
        self.asked(|port| port.receipts(Nothing {}))
    }

    /// 同步记录; no personal data.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn exchanges(&self) -> Result<Vec<ExchangeLine>, PortError> {
        self.asked(|port| port.exchanges(Nothing {}))
    }

    /// 我的 – everything this phone holds about the worker, and the rules he works under.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn mine(&self) -> Result<Mine, PortError> {
        self.asked(|port| port.mine(Nothing {}))
    }
}
