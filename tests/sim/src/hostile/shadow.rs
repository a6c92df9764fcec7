//! 影子 – the gate alone, asked about every change before the hub is: what it lets in must leave a document that saves,
//! loads and takes an honest edit.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use ruhu_core::category::{FieldKey, Scalar, check_scalar};
use ruhu_core::profile::{Applied, GateRefusal, Profile, WhyNot};
use ruhu_core::sync::wire::{Refusal, Verdict};

use super::changes::Sent;
use super::ground::Ground;
use super::{Figures, Meter};

/// A household's document beside the hub's: the gate alone, asked first.
pub(super) struct Shadow {
    pub(super) profile: Profile,
    pub(super) ground: Ground,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Foreseen {
    Accepted,
    Parked(Refusal),
    Quarantined(Refusal),
}

pub(super) const TOO_LARGE: Foreseen = Foreseen::Quarantined(Refusal::TooLarge);
pub(super) const MALFORMED: Foreseen = Foreseen::Quarantined(Refusal::Malformed);

impl Shadow {
    pub(super) fn of(document: &[u8]) -> Self {
        let profile = Profile::load(document).unwrap_or_default();
        Self { profile, ground: Ground::of(document) }
    }

    /// Asks the gate alone; what it lets in must leave a document that saves, loads and takes an honest edit.
    pub(super) fn foresee(&mut self, sent: &Sent, meter: &dyn Meter, figures: &mut Figures) -> Foreseen {
        let (before, document) = (self.profile.fields(), self.profile.save());
        meter.mark();
        let said = self.profile.apply(sent.claimed, &sent.bytes, &allowed);
        figures.change_grew_bytes = figures.change_grew_bytes.max(meter.grown_bytes());
        match said {
            Ok(Applied::New) => {
                if !self.lives() {
                    let (document, change) = (STANDARD.encode(document), STANDARD.encode(&sent.bytes));
                    figures.finding(format!(
                        "修改损坏了户情 / an accepted change poisoned the document: {change} on {document}"
                    ));
                }
                Foreseen::Accepted
            }
            Ok(Applied::Known) => Foreseen::Accepted,
            Err(why) => {
                *figures.gate.entry(rule(why)).or_default() += 1;
                if self.profile.fields() != before {
                    figures.finding("被拒的修改留下痕迹 / a refused change left something behind".into());
                }
                match why {
                    GateRefusal::Dependency => Foreseen::Parked(Refusal::Dependency),
                    GateRefusal::Not(WhyNot::TooLarge) => TOO_LARGE,
                    GateRefusal::Not(_) => Foreseen::Quarantined(Refusal::Gate),
                }
            }
        }
    }

    fn lives(&mut self) -> bool {
        let saved = self.profile.save();
        let (Ok(mut one), Ok(mut other)) = (Profile::load(&saved), Profile::load(&saved)) else {
            return false;
        };
        if one.fields() != self.profile.fields() {
            return false;
        }
        let words = format!("{}", saved.len());
        let edit = one.edit(&[field("p/note_for_next", &words)], [0xee; 16], DateTime::default());
        let Ok(Some(edit)) = edit else { return false };
        let taken = other.apply(edit.hash, &edit.bytes, &allowed) == Ok(Applied::New);
        taken && one.fields() == other.fields()
    }
}

impl Foreseen {
    pub(super) fn is(self, verdict: &Verdict) -> bool {
        match (self, verdict) {
            (Self::Accepted, Verdict::Accepted { .. }) => true,
            (Self::Parked(foreseen), Verdict::Parked { reason }) => foreseen == *reason,
            (Self::Quarantined(foreseen), Verdict::Quarantined { reason }) => foreseen == *reason,
            _ => false,
        }
    }
}

/// The name of the rule that did not hold.
pub(super) fn rule(why: GateRefusal) -> String {
    match why {
        GateRefusal::Dependency => "dependency".to_owned(),
        GateRefusal::Not(why) => {
            let name = serde_json::to_value(why).ok();
            name.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
        }
    }
}

fn allowed(key: &str, value: &Scalar) -> bool {
    FieldKey::parse(key).is_ok_and(|key| check_scalar(&key, value).is_ok())
}

pub(super) fn field(key: &str, value: &str) -> (String, Scalar) {
    (key.to_owned(), Scalar::Str(value.to_owned()))
}
