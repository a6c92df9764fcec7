//! 居民权利 – two residents of the demo: one who wanted to see the own record and was answered, one who left a number on the
//! public page and waits to be called.

use chrono::TimeDelta;
use ruhu_core::ids::{AccountId, CommunityId, RightsId};
use ruhu_core::roster::Unit;
use ruhu_server::office::rights::{NewCase, RightsError, Take};
use ruhu_server::rights::{Channel, Kind, Ruling, Shown, Step, Told};
use ruhu_server::storage::Hub;

/// Asked at the counter and agreed to so many days before today.
const ASKED: TimeDelta = TimeDelta::days(4);
/// Handed over.
const ANSWERED: TimeDelta = TimeDelta::days(3);
/// A number left on the public page.
const LEFT: TimeDelta = TimeDelta::days(1);
/// Numbers that nobody has.
const CALLERS: [&str; 2] = ["10000000001", "10000000002"];

/// What the lead does about residents' requests in the evening of a day that lies `before` today.
///
/// # Errors
/// [`RightsError`].
pub(crate) fn residents(
    hub: &Hub,
    community: CommunityId,
    lead: AccountId,
    before: TimeDelta,
) -> Result<(), RightsError> {
    let new = |kind, channel, contact: &str, words: &str| NewCase {
        id: hub.make_id(),
        community,
        unit: String::new(),
        kind,
        channel,
        contact: contact.to_owned(),
        words: words.to_owned(),
    };
    if before == ASKED {
        let roll = hub.roll(community)?;
        let living = roll.units().find_map(|one| match one.row.unit {
            Unit::Household(id) if roll.is_living(id) => Some(id),
            _ => None,
        });
        let Some(household) = living else { return Ok(()) };
        let asked = new(Kind::See, Channel::Counter, CALLERS[0], "想看看登记了哪些信息");
        let case = hub.note_case(lead, NewCase { unit: household.to_string(), ..asked })?.id;
        step(hub, (community, lead, case), (0, ""), Step::Identified(Shown::Document))?;
        step(hub, (community, lead, case), (1, ""), Step::Decided(Ruling::Granted))?;
    }
    if before == ANSWERED
        && let Some((case, _)) = hub.storage().read(|tx| tx.cases_of(community))?.into_iter().next()
    {
        step(hub, (community, lead, case.id), (2, "已打印查阅表"), Step::Done)?;
        step(hub, (community, lead, case.id), (3, "当面交给本人"), Step::Answered(Told::InPerson))?;
    }
    if before == LEFT {
        hub.note_case_from_page(new(Kind::Correct, Channel::Page, CALLERS[1], ""), "")?;
    }
    Ok(())
}

fn step(
    hub: &Hub,
    (community, by, case): (CommunityId, AccountId, RightsId),
    (seen, words): (u32, &str),
    step: Step,
) -> Result<(), RightsError> {
    hub.step_case(Take { by, community, case, seen, words: words.to_owned() }, step)
}
