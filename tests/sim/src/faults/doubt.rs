//! What stands between the desk and one worker: re-visits given to phones, questions about a record, appeals.

use chrono::{Days, NaiveDate};
use rand::RngExt;
use ruhu_core::entry::{Account, RevisitKey, Ruling, Told};
use ruhu_core::fieldbook::{Fieldbook, FieldbookError, RevisitAnswer, Saved};
use ruhu_core::ids::{AccountId, FindingId};
use ruhu_core::time::Period;
use ruhu_server::findings::FindingError;
use ruhu_server::findings::course::all;
use ruhu_server::ledger::LineError;
use ruhu_server::ledger::course::all as lines;
use ruhu_server::ledger::propose::Proposing;
use ruhu_server::recheck::RecheckError;
use ruhu_server::recheck::act::Entered;
use ruhu_server::recheck::agreement::Answer;
use ruhu_server::recheck::draw::Method;

use super::week::Week;

/// How many are drawn.
const SIZE: usize = 4;
/// An account with no part in anything.
const APART: AccountId = AccountId::from_bytes([99; 16]);
/// Who hears appeals.
const HEARING: AccountId = AccountId::from_bytes([98; 16]);

impl Week<'_> {
    /// Draws re-visits, gives them to phones, enters answers that contradict, asks, finds and hears. Whether the desk could
    /// act; what it was refused for a reason counts as done.
    pub(super) fn doubt(&mut self) -> bool {
        let (lead, community, today) =
            (self.village.hub.lead(), self.village.hub.community(), self.village.hub.today());
        let hub = self.village.hub.hub();
        let (draws, findings) = hub
            .storage()
            .read(|tx| {
                Ok::<_, ruhu_server::storage::StorageError>((tx.draws(community)?, all(tx, community)?))
            })
            .unwrap();
        let (nth, round, what) =
            (self.dice.random_range(0..4), self.dice.random_range(1..=2), self.dice.random_range(0..8));
        let worker = self.callers[self.dice.random_range(0..self.callers.len())].worker;
        let drawn = match draws.first() {
            Some(draw) => Ok(draw.id),
            None => {
                let id = (community, hub.make_id());
                hub.draw_recheck(lead, id, Period::quarter_of(today), (Method::Lot, SIZE))
            }
        };
        let draw = match drawn {
            Ok(id) => id,
            Err(why) => return !matches!(why, RecheckError::Storage(_)),
        };
        let key = RevisitKey { draw, nth, round };
        let later = today + Days::new(7);
        let words = "住户说没有人来过";
        let finding = findings.first().map(|one| one.id);
        if let (6 | 7, Some(id)) = (what, finding) {
            return !matches!(self.ledger(id), Err(LineError::Storage(_) | LineError::Act(_)));
        }
        let done = match (what, finding) {
            (0 | 1, _) => hub.give_revisit(lead, community, key, worker, later),
            (3, Some(id)) => hub.decide_finding(APART, community, id, Ruling::Falsified, words),
            (4, Some(id)) => hub.hear_appeal(HEARING, community, id, self.dice.random_bool(0.5), words),
            _ => self.contradict(key, later),
        };
        !matches!(done, Err(FindingError::Storage(_) | FindingError::Act(_)))
    }
}

impl Week<'_> {
    /// Proposes what the rules let propose once a finding was upheld; then somebody else confirms it, hears the appeal, or
    /// drops it.
    fn ledger(&mut self, finding: FindingId) -> Result<(), LineError> {
        let (lead, community) = (self.village.hub.lead(), self.village.hub.community());
        let (hub, reply_by) = (self.village.hub.hub(), self.village.hub.today() + Days::new(7));
        let words = "照规定办理";
        let Some(line) = hub.storage().read(|tx| lines(tx, community))?.first().map(|one| one.id) else {
            let rule = "D1b-20".parse().map_err(|_| LineError::NotOffered)?;
            let proposing = Proposing { rule, reply_by, words: words.to_owned() };
            return hub.propose_line(lead, community, finding, proposing).map(drop);
        };
        match self.dice.random_range(0..4) {
            0 => hub.note_reply(lead, community, line, words),
            1 => hub.confirm_line(APART, community, line, words),
            2 => hub.hear_line_appeal(HEARING, community, line, self.dice.random_bool(0.5), words),
            _ => hub.withdraw_line(lead, community, line, words),
        }
    }

    /// Somebody of the office asks by telephone and is told that nobody came; the worker is asked for his account.
    fn contradict(&self, key: RevisitKey, reply_by: NaiveDate) -> Result<(), FindingError> {
        let (lead, community, on) =
            (self.village.hub.lead(), self.village.hub.community(), self.village.hub.today());
        let RevisitKey { draw, nth, round } = key;
        let entered = Entered { nth, round, answer: Answer::Denied, by_phone: true, on, checker: None };
        let by = if round == 1 { lead } else { APART };
        let hub = self.village.hub.hub();
        match hub.answer_recheck(by, community, draw, entered) {
            Err(RecheckError::Storage(why)) => Err(FindingError::Storage(why)),
            Err(RecheckError::Act(why)) => Err(FindingError::Act(why)),
            // Asked twice by the same, or what is asked once: the first answer stands.
            Err(_) | Ok(()) => hub.ask_account(lead, community, (draw, nth), reply_by, "请说明").map(drop),
        }
    }
}

/// What a worker answers the desk, if he is asked anything.
pub(super) fn reply(book: &mut Fieldbook) -> Result<Vec<Saved>, FieldbookError> {
    let today = book.today()?;
    if let Some(one) = book.revisits()?.first() {
        let told = Told::NobodyCame;
        let said = RevisitAnswer { on: today, by_phone: false, told, came_on: None, people: Some(2) };
        return book.answer_revisit(one.key, said, "门卫说没见过").map(|one| vec![one]);
    }
    let findings = book.findings()?;
    if let Some(one) = findings.iter().find(|one| one.may_account) {
        return book.account(one.id, Account::AsRecorded, "如实走访").map(|one| vec![one]);
    }
    if let Some(one) = findings.iter().find(|one| one.may_appeal) {
        return book.appeal(one.id, "请再问一次").map(|one| vec![one]);
    }
    let lines = book.own_lines()?;
    if let Some(one) = lines.iter().find(|one| one.may_reply) {
        return book.reply_line(one.id, "已经补访").map(|one| vec![one]);
    }
    match lines.iter().find(|one| one.may_appeal) {
        Some(one) => book.appeal_line(one.id, "请再看看").map(|one| vec![one]),
        None => Ok(Vec::new()),
    }
}
