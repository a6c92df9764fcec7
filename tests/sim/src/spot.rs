//! 抽查 – a spot-check in the demo: drawn by lot, asked again by workers apart, one old resident who has forgotten, and a
//! worker who is heard and cleared. Some doors still wait on phones.

use chrono::{Days, TimeDelta};
use ruhu_core::entry::{Account, RevisitKey, Ruling};
use ruhu_core::ids::{AccountId, CommunityId};
use ruhu_server::findings::course::all;
use ruhu_server::recheck::RecheckError;
use ruhu_server::recheck::act::{Entered, may_check};
use ruhu_server::recheck::agreement::Answer;
use ruhu_server::recheck::draw::Method;
use ruhu_server::storage::Hub;
use ruhu_server::storage::rechecks::ItemRow;

use crate::demo::DemoError;

/// Drawn so many days before today.
const DRAWN: TimeDelta = TimeDelta::days(9);
/// Asked, and asked about.
const ASKED: TimeDelta = TimeDelta::days(6);
/// Heard and cleared.
const CLEARED: TimeDelta = TimeDelta::days(2);
/// How many are drawn.
const SIZE: usize = 14;
/// The last ones stay with phones.
const ON_PHONES: usize = 3;

/// What the lead does about the spot-check in the evening of a day that lies `before` today.
///
/// # Errors
/// [`DemoError`].
pub(crate) fn spot_check(
    hub: &Hub,
    community: CommunityId,
    lead: AccountId,
    before: TimeDelta,
) -> Result<(), DemoError> {
    if before == DRAWN {
        let period = ruhu_core::time::Period::quarter_of(hub.today(community)?);
        let drawn = hub.draw_recheck(lead, (community, hub.make_id()), period, (Method::Lot, SIZE));
        // A small demo has nothing visited so early.
        return match drawn {
            Ok(_) | Err(RecheckError::EmptyFrame) => Ok(()),
            Err(why) => Err(why.into()),
        };
    }
    let draws = hub.storage().read(|tx| tx.draws(community))?;
    let Some(draw) = draws.first() else { return Ok(()) };
    if before == ASKED {
        let items = hub.storage().read(|tx| tx.drawn(draw.id))?;
        let asked = items.len().saturating_sub(ON_PHONES);
        let forgotten = items.iter().take(asked).find(|item| item.visit.is_some()).map(|item| item.nth);
        for (item, nth) in items.iter().zip(0..) {
            if nth < asked {
                let answer = if Some(item.nth) == forgotten { Answer::Denied } else { Answer::Agrees };
                answer_one(hub, community, lead, (draw.id, item), (1, answer))?;
            } else {
                give(hub, community, lead, (draw.id, item))?;
            }
        }
        if let Some(nth) = forgotten {
            let reply_by = hub.today(community)? + Days::new(5);
            let question = "复访时住户说没有印象有人来过。请说明当天怎样联系、见到了谁。";
            let id = hub.ask_account(lead, community, (draw.id, nth), reply_by, question)?;
            let words = "老人在里屋,开门的是来看望的女儿,核对了电话。";
            hub.note_account(lead, community, id, Account::MetAnother, words)?;
        }
    }
    if before == CLEARED {
        for finding in hub.storage().read(|tx| all(tx, community))? {
            let items = hub.storage().read(|tx| tx.drawn(draw.id))?;
            let nth = finding.about().map(|about| about.key.nth);
            if let Some(item) = items.iter().find(|item| Some(item.nth) == nth) {
                answer_one(hub, community, lead, (draw.id, item), (2, Answer::Agrees))?;
            }
            let words = "第二次复访时女儿在家,证实当天见过网格员,记录属实。";
            hub.decide_finding(lead, community, finding.id, Ruling::Cleared, words)?;
        }
    }
    Ok(())
}

fn answer_one(
    hub: &Hub,
    community: CommunityId,
    lead: AccountId,
    (draw, item): (ruhu_core::ids::RecheckId, &ItemRow),
    (round, answer): (u32, Answer),
) -> Result<(), DemoError> {
    let on = hub.today(community)?;
    // The first time a worker apart goes, the second time somebody of the office.
    let checker = if round == 1 { apart(hub, community, item)? } else { None };
    let entered = Entered { nth: item.nth, round, answer, by_phone: checker.is_none(), on, checker };
    Ok(hub.answer_recheck(lead, community, draw, entered)?)
}

fn give(
    hub: &Hub,
    community: CommunityId,
    lead: AccountId,
    (draw, item): (ruhu_core::ids::RecheckId, &ItemRow),
) -> Result<(), DemoError> {
    let due = hub.today(community)? + Days::new(14);
    match apart(hub, community, item)? {
        Some(worker) => {
            let key = RevisitKey { draw, nth: item.nth, round: 1 };
            Ok(hub.give_revisit(lead, community, key, worker, due)?)
        }
        None => Ok(()),
    }
}

/// A worker who may ask there.
fn apart(
    hub: &Hub,
    community: CommunityId,
    item: &ItemRow,
) -> Result<Option<ruhu_core::ids::WorkerId>, DemoError> {
    let file = hub.storage().read(|tx| tx.community(community))?.unwrap_or_default();
    let on = hub.today(community)?;
    Ok(file.workers().into_keys().find(|worker| may_check(&file, item, *worker, on)))
}
