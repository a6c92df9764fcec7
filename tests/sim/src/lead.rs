//! 社区负责人 – a lead who goes over what residents asked for in the evening, as far as an evening goes.

use chrono::{Days, NaiveDate};
use ruhu_core::entry::{RequestOwner, RequestStep};
use ruhu_core::ids::{AccountId, CommunityId};
use ruhu_server::office::Order;
use ruhu_server::office::requests::{Listed, NewStep, RequestError, listed};
use ruhu_server::storage::{Hub, StorageError};

/// Days the lead gives a request.
const GIVEN: u64 = 7;
/// Requests come in so many tempers: one of them is never handled, and becomes overdue.
const TEMPERS: u8 = 9;

/// One evening: what is new is assigned, some of what was assigned is handled, some residents are told, and what they
/// were told of is closed. The same request has the same course in every run.
///
/// # Errors
/// [`RequestError`].
pub fn evening(
    hub: &Hub,
    community: CommunityId,
    by: AccountId,
    today: NaiveDate,
) -> Result<(), RequestError> {
    let (file, waiting) = hub.storage().read(|tx| {
        let file = tx.community(community)?.unwrap_or_default();
        let waiting = listed(tx, &file, |one| one.state.is_waiting())?;
        Ok::<_, StorageError>((file, waiting))
    })?;
    for one in waiting {
        let responsible = one.row.grid.and_then(|grid| file.responsible(grid, today));
        let Some((step, words)) = next(&one, responsible.map(RequestOwner::Worker), today) else { continue };
        let order = Order { by, community, reason: words.to_owned() };
        hub.step_request(order, one.row.unit, one.id, step)?;
    }
    Ok(())
}

fn next(
    one: &Listed,
    responsible: Option<RequestOwner>,
    today: NaiveDate,
) -> Option<(NewStep, &'static str)> {
    let temper = one.id.as_bytes().iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)) % TEMPERS;
    let given = |day: NaiveDate| day.checked_add_days(Days::new(GIVEN));
    match one.state.latest() {
        None => {
            let office = || RequestOwner::Office("物业公司".to_owned());
            let owner = responsible.filter(|_| !temper.is_multiple_of(3)).unwrap_or_else(office);
            Some((NewStep::Assign { owner, due: given(today)? }, "请尽快办理"))
        }
        Some(RequestStep::Assigned) => {
            let patience = today.checked_add_days(Days::new(GIVEN.saturating_sub(u64::from(temper))))?;
            let ripe = temper + 1 < TEMPERS && one.due.is_some_and(|due| due <= patience);
            ripe.then_some((NewStep::Handle, "已联系处理,问题解决"))
        }
        Some(RequestStep::Handled) => temper.is_multiple_of(2).then_some((NewStep::Tell, "电话告知")),
        Some(RequestStep::Replied) => Some((NewStep::Close, "")),
        _ => None,
    }
}
