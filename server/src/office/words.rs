//! 事实与状态的说法 – short words for lists and receipts, Chinese and English. Never a name, never an address.

use ruhu_core::coverage::{ObligationState, Open};
use ruhu_core::fact::Fact;

/// A fact in words.
#[must_use]
pub const fn fact_words(fact: &Fact) -> (&'static str, &'static str) {
    match fact {
        Fact::DwellingListed { .. } => ("登记户室", "door listed"),
        Fact::UseChanged { .. } => ("变更用途", "use changed"),
        Fact::Regridded { .. } => ("调整网格", "drawn into another grid"),
        Fact::Settled { .. } => ("入住", "lives here"),
        Fact::Left { .. } => ("迁出", "left"),
        Fact::SplitFrom { .. } => ("分户", "split"),
        Fact::Dissolved { .. } => ("销户", "dissolved"),
        Fact::SameAs { .. } => ("并入另一记录", "joined into another record"),
        Fact::Absorbs { .. } => ("并入另一记录到本户", "another record joined into it"),
        Fact::Parted { .. } => ("拆开合并", "parted again"),
        Fact::KeyMark { key: true, .. } => ("列为重点户", "key household"),
        Fact::KeyMark { key: false, .. } => ("不再是重点户", "key household no longer"),
        Fact::DoNotAsk { .. } => ("请勿打扰", "do not ask"),
        Fact::Visited(_) => ("走访", "visit"),
        Fact::Withdrawn { .. } => ("撤回", "withdrawn"),
        Fact::ImportedVisit { .. } => ("导入的走访", "imported visit"),
        Fact::Confirmed { .. } => ("确认", "confirmed"),
        Fact::Returned { .. } => ("退回", "returned"),
        Fact::DeductionRejected { .. } => ("核减不予认可", "deduction rejected"),
        Fact::Found { falsified: true, .. } => ("查实不实", "found false"),
        Fact::Found { falsified: false, .. } => ("恢复", "restored"),
        Fact::Erased { .. } => ("内容按决定删除", "content erased by decision"),
    }
}

/// The state of an obligation in words; `None` is not due.
#[must_use]
pub fn state_words(state: Option<&ObligationState>) -> String {
    match state {
        None => "不应访 / not due".to_owned(),
        Some(ObligationState::Visited(_)) => "已访 / visited".to_owned(),
        Some(ObligationState::Deducted(why)) => format!("核减·{} / deducted", why.zh()),
        Some(ObligationState::Outstanding(open)) => {
            let (zh, en) = match open {
                Open::NeverTried => ("未去过", "never tried"),
                Open::Tried(_) => ("去过未遇", "tried"),
                Open::SeenVacantOnce => ("见空一次", "seen vacant once"),
                Open::Appointment => ("已改约", "appointment"),
                Open::FoundFalse => ("查实不实", "found false"),
            };
            format!("未访·{zh} / outstanding, {en}")
        }
    }
}
