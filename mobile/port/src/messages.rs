//! 消息 – doors to ask at again, questions about the worker's own records and lines of the ledger about him, and what he
//! says to them.

use ruhu_core::entry::{Account, RevisitKey, Ruling, Told};
use ruhu_core::fieldbook::{OwnFinding, Revisit, RevisitAnswer};
use ruhu_core::finding::Stage;

use crate::ask::{AccountAsk, AppealAsk, Nothing};
use crate::read::{maybe, parsed, place};
use crate::view::{
    AccountChoice, AccountSaid, FindingRuling, FindingStage, FindingView, Messages, RevisitForm, RevisitTold,
    RevisitView,
};
use crate::{Port, Trouble};

mod lines;

use lines::line;

const TOLD: [(RevisitTold, Told); 5] = [
    (RevisitTold::Came, Told::Came),
    (RevisitTold::NobodyCame, Told::NobodyCame),
    (RevisitTold::Unsure, Told::Unsure),
    (RevisitTold::NotMet, Told::NotMet),
    (RevisitTold::Refused, Told::Refused),
];

/// In the order they are offered.
const ACCOUNTS: [(AccountSaid, Account); 7] = [
    (AccountSaid::AsRecorded, Account::AsRecorded),
    (AccountSaid::MetAnother, Account::MetAnother),
    (AccountSaid::ByPhone, Account::ByPhone),
    (AccountSaid::TypedLater, Account::TypedLater),
    (AccountSaid::Mixed, Account::Mixed),
    (AccountSaid::NoVisit, Account::NoVisit),
    (AccountSaid::Other, Account::Other),
];

impl Port {
    /// 消息 – doors to ask at again, questions about the worker's own records, lines of the ledger about him.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn messages(&mut self, _: Nothing) -> Result<Messages, Trouble> {
        Ok(Messages {
            revisits: self.book.revisits()?.into_iter().map(revisit).collect(),
            findings: self.book.findings()?.into_iter().map(finding).collect(),
            lines: self.book.own_lines()?.into_iter().map(line).collect(),
            waiting: self.book.waiting()?,
        })
    }

    /// 复访结果 – kept at once, sent with the next sync; an earlier answer is replaced.
    ///
    /// # Errors
    /// [`Trouble`]; nothing was saved.
    pub fn answer_revisit(&mut self, form: RevisitForm) -> Result<Messages, Trouble> {
        let told = form.told.ok_or_else(|| missing("told"))?;
        let told = TOLD.iter().find(|one| one.0 == told).map(|one| one.1).ok_or_else(|| missing("told"))?;
        let answer = RevisitAnswer {
            on: maybe("visited-on", Some(&form.on))?.map_or_else(|| self.book.today(), Ok)?,
            by_phone: form.by_phone,
            told,
            came_on: maybe("came-on", form.came_on.as_deref())?,
            people: maybe("people", Some(&form.people))?,
        };
        self.book.answer_revisit(key(&form.key)?, answer, form.remark.trim())?;
        self.messages(Nothing {})
    }

    /// 说明 – what happened, of a record in doubt.
    ///
    /// # Errors
    /// [`Trouble`]; nothing was saved.
    pub fn account(&mut self, ask: AccountAsk) -> Result<Messages, Trouble> {
        let account = ACCOUNTS.iter().find(|one| Some(one.0) == ask.account);
        let account = account.ok_or_else(|| missing("account"))?.1;
        self.book.account(parsed("finding", &ask.finding)?, account, ask.words.trim())?;
        self.messages(Nothing {})
    }

    /// 申诉 – somebody else is to look at it.
    ///
    /// # Errors
    /// [`Trouble`]; nothing was saved.
    pub fn appeal(&mut self, ask: AppealAsk) -> Result<Messages, Trouble> {
        self.book.appeal(parsed("finding", &ask.finding)?, ask.words.trim())?;
        self.messages(Nothing {})
    }
}

fn missing(field: &str) -> Trouble {
    Trouble::at(field, "未填,请选一项 / missing: choose one")
}

fn key_text(key: RevisitKey) -> String {
    format!("{}/{}/{}", key.draw, key.nth, key.round)
}

/// Back from [`key_text`].
fn key(text: &str) -> Result<RevisitKey, Trouble> {
    let mut parts = text.split('/');
    let mut next = || parts.next().unwrap_or_default();
    let (draw, nth, round) = (parsed("key", next())?, parsed("key", next())?, parsed("key", next())?);
    Ok(RevisitKey { draw, nth, round })
}

fn revisit(of: Revisit) -> RevisitView {
    let key = key_text(of.key);
    let answer = of.answer.map(|one| RevisitForm {
        key: key.clone(),
        on: one.on.to_string(),
        by_phone: one.by_phone,
        told: TOLD.iter().find(|pair| pair.1 == one.told).map(|pair| pair.0),
        came_on: one.came_on.map(|day| day.to_string()),
        people: one.people.map(|count| count.to_string()).unwrap_or_default(),
        remark: of.remark.clone(),
    });
    RevisitView { key, place: of.place, due: of.due.to_string(), overdue: of.overdue, answer }
}

fn finding(of: OwnFinding) -> FindingView {
    let choices = ACCOUNTS.iter().filter(|_| of.may_account);
    FindingView {
        id: of.id.to_string(),
        record: of.record.to_string(),
        visited_on: of.visited_on.to_string(),
        place: of.address.as_ref().map(place),
        outcome: of.outcome.map(|outcome| outcome.code().to_string()),
        stage: match of.stage {
            Stage::Asked => FindingStage::Asked,
            Stage::Accounted => FindingStage::Accounted,
            Stage::Decided => FindingStage::Decided,
            Stage::Appealed => FindingStage::Appealed,
            Stage::Heard => FindingStage::Heard,
        },
        question: of.question,
        reply_by: of.reply_by.to_string(),
        accounts: choices
            .map(|(account, core)| AccountChoice { account: *account, needs_words: core.needs_words() })
            .collect(),
        account: of.account.and_then(|said| ACCOUNTS.iter().find(|one| one.1 == said)).map(|one| one.0),
        account_words: of.account_words,
        account_noted: of.account_noted,
        ruling: of.ruling.map(|ruling| match ruling {
            Ruling::Cleared => FindingRuling::Cleared,
            Ruling::Missed => FindingRuling::Missed,
            Ruling::Inaccurate => FindingRuling::Inaccurate,
            Ruling::Falsified => FindingRuling::Falsified,
        }),
        reason: of.reason,
        appeal_by: of.appeal_by.map(|day| day.to_string()),
        may_appeal: of.may_appeal,
        appeal_words: of.appeal_words,
        appeal_noted: of.appeal_noted,
        reversed: of.reversed,
        heard_words: of.heard_words,
        ended: of.ended,
    }
}
