//! 建议时段 – the part of the day to knock in, from what earlier knocks found.

use serde::{Deserialize, Serialize};

use crate::life::EffectiveVisit;
use crate::time::DayBand;

/// 建议时段 – a part of the day, and why this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BestTime {
    /// The part of the day.
    pub band: DayBand,
    /// Why.
    pub why: Why,
}

/// Why a part of the day is suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// 上次此时见到 – the last meeting was at that time, and nobody knocked in vain then since.
    MetThen,
    /// 此时尚未去过 – not tried in this quarter.
    NotTried,
    /// 此时去得最少 – all were tried; this one least.
    LeastTried,
}

/// Evening first: most are at home then, and an evening knock is needed before three attempts can count.
const PREFERENCE: [DayBand; 3] = [DayBand::Evening, DayBand::Afternoon, DayBand::Morning];

impl BestTime {
    /// Suggests from all earlier visits and from those of the running quarter, both by date.
    #[must_use]
    pub fn suggest(earlier: &[EffectiveVisit], of_quarter: &[EffectiveVisit]) -> Self {
        let knocks = |band: DayBand| {
            let in_vain = of_quarter.iter().filter(|visit| !visit.is_meeting() && !visit.found_false);
            in_vain.filter(|visit| visit.outcome.code().is_knock() && visit.band == Some(band)).count()
        };
        let met = earlier.iter().rev().find(|visit| visit.is_meeting() && visit.band.is_some());
        if let Some(band) = met.and_then(|visit| visit.band).filter(|band| knocks(*band) == 0) {
            return Self { band, why: Why::MetThen };
        }
        let band = PREFERENCE.into_iter().min_by_key(|band| knocks(*band)).unwrap_or(DayBand::Evening);
        Self { band, why: if knocks(band) == 0 { Why::NotTried } else { Why::LeastTried } }
    }
}
