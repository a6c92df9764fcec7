//! Phones and hub together: what a worker, a lead and a bad line do to each other, told as stories.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story that cannot go on has failed")]

#[path = "stories/edits.rs"]
mod edits;
#[path = "stories/families.rs"]
mod families;
#[path = "stories/faults.rs"]
mod faults;
#[path = "stories/late.rs"]
mod late;
#[path = "stories/nodes.rs"]
mod nodes;
#[path = "stories/restored.rs"]
mod restored;
#[path = "stories/socket.rs"]
mod socket;
#[path = "stories/staff.rs"]
mod staff;
