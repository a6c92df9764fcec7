//! Attendance, leave, pay and what may be proposed: read, checked and shown, computed by nobody in this version.

use serde::{Deserialize, Serialize};

use super::{Named, Sourced};
use crate::policy::rule::RuleId;
use crate::policy::setting::Setting;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct Attendance {
    late_to_absent: Option<LateToAbsent>,
    run_of_absence: Option<RunOfAbsence>,
    total_absence: Option<TotalAbsence>,
    absence_is: Option<Vec<String>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LateToAbsent {
    late: u16,
    absent_days: u16,
    window: Setting<Window>,
    rounding: Setting<Rounding>,
    late_from_minutes: Setting<u16>,
    rule: RuleId,
    decide: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Window {
    CalendarMonth,
    CalendarYear,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Rounding {
    Floor,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RunOfAbsence {
    working_days: Setting<u16>,
    effect: String,
    rule: RuleId,
    legal_hold: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TotalAbsence {
    over_days: Setting<u16>,
    window: Setting<Window>,
    effect: String,
    rule: RuleId,
    legal_hold: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct Leave {
    kinds_counted: Option<Vec<LeaveWord>>,
    kinds_not_counted: Option<Vec<LeaveWord>>,
    deduct: Option<DayDeduction>,
    deduct_without_slip: Option<DayDeduction>,
    bonus_lost_at: Option<DaysReached>,
    unfit_at: Option<DaysReached>,
    slip_required: Option<bool>,
    return_note_required: Option<bool>,
    approver: Option<Vec<Approver>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum LeaveWord {
    Personal,
    Sick,
    Marriage,
    Maternity,
    Annual,
    Bereavement,
    WorkInjury,
    FamilyVisit,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DayDeduction {
    yuan: Setting<u32>,
    per: Setting<String>,
    from: Setting<String>,
    rule: RuleId,
    decide: Option<String>,
    legal_hold: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DaysReached {
    days: Setting<u16>,
    window: Setting<Window>,
    counts: Option<Setting<String>>,
    rule: RuleId,
    decide: Option<String>,
    legal_hold: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Approver {
    up_to_days: Option<u16>,
    role: String,
    rule: RuleId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct Bonus {
    error_deduct: Option<ErrorDeduct>,
    impact_deduct: Option<ImpactDeduct>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ErrorDeduct {
    percent: Setting<u8>,
    per: Setting<String>,
    cap_percent: Setting<u8>,
    rule: RuleId,
    decide: Option<String>,
    legal_hold: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ImpactDeduct {
    percent: Setting<u8>,
    from_level: Setting<String>,
    also: Option<String>,
    rule: RuleId,
    legal_hold: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct Effects {
    /// There is one mode: the program proposes and a person decides.
    mode: EffectMode,
    needs: Vec<EffectNeed>,
    appeal_days: Sourced<Setting<u16>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum EffectMode {
    Propose,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum EffectNeed {
    Evidence,
    WorkerReply,
    SecondPerson,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct Pay {
    currency: Option<String>,
    base_month: Option<Amount>,
    post_month: Option<Named<Amount>>,
    bonus: Option<BonusSetBy>,
    as_of: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Amount {
    yuan: Setting<u32>,
    rule: RuleId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BonusSetBy {
    set_by: String,
    after: Vec<String>,
    rule: RuleId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct Retirement {
    age: Option<RetirementAge>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RetirementAge {
    male: Setting<u8>,
    female: Setting<u8>,
    rule: RuleId,
    legal_hold: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct Contract {
    term: Option<String>,
    resignation: Option<Resignation>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Resignation {
    notice_months: Setting<u8>,
    needs: Option<String>,
    rule: RuleId,
    legal_hold: Option<String>,
}
