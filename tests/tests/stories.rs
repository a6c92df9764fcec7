//! Phones and hub together: what a worker, a lead and a bad line do to each other, told as stories.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story that cannot go on has failed")]

#[path = "stories/edits.rs"]
mod edits;
#[path = "stories/families.rs"]
mod families;
#[path = "stories/staff.rs"]
mod staff;
