//! English: the access log.

pub(super) const WORDS: &[(&str, &str)] = &[
    ("nav.access", "Looks"),
    ("access.title", "Who looked"),
    (
        "access.lead",
        "Who looked at which household, when and why. Rows are only ever added, each sealed over the one before.",
    ),
    ("access.caption", "The latest first."),
    ("access.at", "When"),
    ("access.who", "Who"),
    ("access.what", "What, and why"),
    ("access.on", "About"),
    ("access.nr", "Number"),
    ("access.all", "All looks"),
    ("access.empty", "Nobody has looked."),
    ("access.older", "Earlier ones"),
    ("access.shell", "the shell"),
    ("access.check", "Check the chain"),
    (
        "access.holds",
        "The chain holds up to row {0} (hash {1}). Write that down: if the row is missing next time, or its hash is another, the end was cut off or the whole chain reckoned anew.",
    ),
    (
        "access.broken",
        "The chain does not hold from row {0} on: run ruhu verify, and keep the database as it is.",
    ),
    ("access.view", "Opened it, masked"),
    ("access.reveal", "Read it unmasked · {0}"),
    ("access.sheet", "Listed addresses for re-visits"),
    ("access.card", "Read an evidence card"),
    ("access.finding", "Read a finding"),
    ("access.seen-by", "Who has seen it"),
    (
        "help.access",
        "Each time a household is opened, words are unmasked, or a card or finding is read, it is noted before it is shown: who, when, what, and why. A lead sees those of the community, an auditor checks the whole chain. Where a resident asks who has seen what is held about them, the household's page leads there.",
    ),
];
