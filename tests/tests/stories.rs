//! Phones and hub together: what a worker, a lead and a bad line do to each other, told as stories.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story that cannot go on has failed")]

#[path = "stories/edits.rs"]
mod edits;
#[path = "stories/erasing.rs"]
mod erasing;
#[path = "stories/families.rs"]
mod families;
#[path = "stories/faults.rs"]
mod faults;
#[path = "stories/findings.rs"]
mod findings;
#[path = "stories/first_load.rs"]
mod first_load;
#[path = "stories/late.rs"]
mod late;
#[path = "stories/ledger.rs"]
mod ledger;
#[path = "stories/load.rs"]
mod load;
#[path = "stories/lost.rs"]
mod lost;
#[path = "stories/nodes.rs"]
mod nodes;
#[path = "stories/restored.rs"]
mod restored;
#[path = "stories/review.rs"]
mod review;
#[path = "stories/socket.rs"]
mod socket;
#[path = "stories/staff.rs"]
mod staff;
