//! 应访清单 – who is due, why, and when best to knock, in the order in which doors are walked.
//!
//! The list reads [`crate::coverage::reckon`] and nothing else about duty, so that phone and hub cannot disagree.

mod best_time;
mod list;

pub use best_time::{BestTime, Why};
pub use list::{DueList, DueRow, Hint, Overdue, Progress, Tried, list};
