//! 状态 – the states of an obligation as addresses name them and pages mark them: letter, pattern and words.

use ruhu_core::coverage::{CellState, Deduction, ObligationState};

use crate::desk::words::Lang;

/// Which states a list shows; written in its address as `state=declined`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StateCode {
    /// 应访 – all that is due.
    Due,
    /// 已访.
    Done,
    /// 核减 – any of them.
    Deducted,
    /// 未访 – any of them.
    Open,
    /// 交接期 – outstanding, nobody's shortfall.
    Late,
    /// 多访.
    Extra,
    /// Exactly one state.
    Only(CellState),
}

/// Which side of the identity a state stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// 已访.
    Done,
    /// 核减.
    Deducted,
    /// 未访.
    Open,
    /// 多访 – outside the identity.
    Extra,
}

/// A state as it is marked: never by colour alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateMark {
    /// Class of the style sheet: colour and pattern.
    pub class: &'static str,
    /// One letter.
    pub letter: &'static str,
    /// Words.
    pub words: String,
}

/// Outstanding states in the order pages list them.
pub(crate) const OPEN: [CellState; 5] = [
    CellState::NeverTried,
    CellState::Tried,
    CellState::SeenVacantOnce,
    CellState::Appointment,
    CellState::FoundFalse,
];

impl StateCode {
    /// As written in addresses.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Due => "due".to_owned(),
            Self::Done => "done".to_owned(),
            Self::Deducted => "deducted".to_owned(),
            Self::Open => "open".to_owned(),
            Self::Late => "late".to_owned(),
            Self::Extra => "extra".to_owned(),
            Self::Only(state) => state_code(state).to_owned(),
        }
    }

    /// Back from [`StateCode::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::all().into_iter().find(|one| one.code() == code)
    }

    /// Every list there is, in the order of the filter.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut all = vec![Self::Due, Self::Done, Self::Deducted];
        all.extend(Deduction::ALL.map(|(kind, _)| Self::Only(CellState::Deducted(kind))));
        all.push(Self::Open);
        all.extend(OPEN.map(Self::Only));
        all.extend([Self::Late, Self::Extra]);
        all
    }

    /// Whether an obligation belongs into the list. 多访 is not an obligation.
    #[must_use]
    pub fn holds(self, state: &ObligationState, taken_over_late: LateOrNot) -> bool {
        match self {
            Self::Due => true,
            Self::Done => state.is_done(),
            Self::Deducted => matches!(state, ObligationState::Deducted(_)),
            Self::Open => state.is_outstanding(),
            Self::Late => state.is_outstanding() && taken_over_late == LateOrNot::Late,
            Self::Extra => false,
            Self::Only(only) => CellState::of(state) == only,
        }
    }

    /// Its side of the identity; `None` for 应访, which is all three.
    #[must_use]
    pub const fn side(self) -> Option<Side> {
        match self {
            Self::Due => None,
            Self::Done | Self::Only(CellState::Visited) => Some(Side::Done),
            Self::Deducted | Self::Only(CellState::Deducted(_)) => Some(Side::Deducted),
            Self::Open | Self::Late | Self::Only(_) => Some(Side::Open),
            Self::Extra => Some(Side::Extra),
        }
    }

    /// Its words.
    #[must_use]
    pub fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Due => lang.t("term.due"),
            Self::Done => lang.t("term.done"),
            Self::Deducted => lang.t("term.deducted"),
            Self::Open => lang.t("term.open"),
            Self::Late => lang.t("term.late"),
            Self::Extra => lang.t("term.extra"),
            Self::Only(state) => state_words(state, lang),
        }
    }

    /// How it is marked.
    #[must_use]
    pub fn mark(self, lang: Lang) -> StateMark {
        let (class, letter) = match self.side() {
            Some(Side::Done) => ("st-done", lang.t("letter.done")),
            Some(Side::Deducted) => ("st-deducted", lang.t("letter.deducted")),
            Some(Side::Extra) => ("st-extra", lang.t("letter.extra")),
            Some(Side::Open) | None => ("st-open", lang.t("letter.open")),
        };
        StateMark { class, letter, words: self.words(lang).to_owned() }
    }
}

/// 交接期 or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LateOrNot {
    /// Taken over too late to be anybody's shortfall.
    Late,
    /// In time.
    InTime,
}

const fn state_code(state: CellState) -> &'static str {
    match state {
        CellState::Visited => "done",
        CellState::Deducted(Deduction::Dissolved) => "dissolved",
        CellState::Deducted(Deduction::MovedOut) => "moved-out",
        CellState::Deducted(Deduction::NoSuchAddress) => "no-such-address",
        CellState::Deducted(Deduction::RegisteredOnly) => "registered-only",
        CellState::Deducted(Deduction::BecameOccupied) => "became-occupied",
        CellState::Deducted(Deduction::VacantConfirmed) => "vacant-confirmed",
        CellState::Deducted(Deduction::Declined) => "declined",
        CellState::Deducted(Deduction::Unsafe) => "unsafe",
        CellState::Deducted(Deduction::ThreeAttempts) => "three-attempts",
        CellState::NeverTried => "never-tried",
        CellState::Tried => "tried",
        CellState::SeenVacantOnce => "seen-vacant-once",
        CellState::Appointment => "appointment",
        CellState::FoundFalse => "found-false",
    }
}

fn state_words(state: CellState, lang: Lang) -> &'static str {
    match state {
        CellState::Visited => lang.t("term.done"),
        CellState::Deducted(Deduction::Dissolved) => lang.t("deduction.dissolved"),
        CellState::Deducted(Deduction::MovedOut) => lang.t("deduction.moved-out"),
        CellState::Deducted(Deduction::NoSuchAddress) => lang.t("deduction.no-such-address"),
        CellState::Deducted(Deduction::RegisteredOnly) => lang.t("deduction.registered-only"),
        CellState::Deducted(Deduction::BecameOccupied) => lang.t("deduction.became-occupied"),
        CellState::Deducted(Deduction::VacantConfirmed) => lang.t("deduction.vacant-confirmed"),
        CellState::Deducted(Deduction::Declined) => lang.t("deduction.declined"),
        CellState::Deducted(Deduction::Unsafe) => lang.t("deduction.unsafe"),
        CellState::Deducted(Deduction::ThreeAttempts) => lang.t("deduction.three-attempts"),
        CellState::NeverTried => lang.t("open.never-tried"),
        CellState::Tried => lang.t("open.tried"),
        CellState::SeenVacantOnce => lang.t("open.seen-vacant-once"),
        CellState::Appointment => lang.t("open.appointment"),
        CellState::FoundFalse => lang.t("open.found-false"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_found_by_the_name_its_address_gives_it() {
        for one in StateCode::all() {
            assert_eq!(StateCode::from_code(&one.code()), Some(one));
        }
        assert_eq!(StateCode::from_code("rate"), None);
    }

    #[test]
    fn each_side_has_a_letter_and_a_class_of_its_own() {
        let marks: Vec<_> = [StateCode::Done, StateCode::Deducted, StateCode::Open, StateCode::Extra]
            .map(|one| one.mark(Lang::Zh))
            .to_vec();
        for (nth, one) in marks.iter().enumerate() {
            for other in marks.iter().skip(nth + 1) {
                assert_ne!((one.class, one.letter), (other.class, other.letter));
                assert_ne!(one.letter, other.letter);
            }
        }
    }
}
