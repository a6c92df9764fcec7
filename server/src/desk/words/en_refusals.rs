//! English: why something was not done.

pub(super) const WORDS: &[(&str, &str)] = &[
    (
        "refused.no-unit",
        "There is no such household in the roster; it may have been joined or moved just now. Look at the list again.",
    ),
    ("refused.several-units", "Several households match: open the one you mean from the list."),
    ("refused.wrong-unit", "This cannot be done for a vacant unit."),
    ("refused.no-entry", "There is no such record; it may have been answered just now. Look again."),
    ("refused.nothing-waits", "Nothing of it waits for a decision; it may have been answered just now."),
    ("refused.holds-no-longer", "The record does not hold any more: nothing to take back."),
    ("refused.same-record", "Both are the same record."),
    ("refused.already-joined", "One of them was joined into another household: look again."),
    ("refused.not-joined", "These two were not joined."),
    ("refused.not-living", "The household does not live in the community now."),
    ("refused.already-so", "It is so already: nothing to change."),
    ("refused.in-future", "{0} has not come: record it on the day (today is {1})."),
    ("refused.not-deducted", "There is no deduction to reject in {0}; it is: {1}."),
    ("refused.not-due", "not due"),
    ("refused.closed", "{0} is closed: a deduction can be rejected only before."),
    (
        "refused.other",
        "It was not done and nothing was changed. Try again; if it stays so, ask the administrator.",
    ),
    ("spot.empty-frame", "Nothing of this period can be drawn yet."),
    (
        "spot.signals-met-nobody",
        "{0} records have signals, but each met nobody: there is nobody to ask, so none can be drawn.",
    ),
    (
        "spot.signals-gone",
        "The period was closed six months ago and its signals are gone. You can draw by lot.",
    ),
    ("spot.bad-size", "Draw between 1 and {0}."),
    ("spot.bad-day", "The day must lie between the draw and today."),
    (
        "spot.not-apart",
        "Who made the visit or held the grid in the last two quarters cannot check it: choose somebody else.",
    ),
    ("spot.same-checker", "The second time somebody else must go."),
    ("spot.not-twice", "This one is asked once."),
];
