//! 入户率 – done, deducted, outstanding, exactly; one module for phone and hub (`coverage.md`, D1b-15…17).
//!
//! [`Register::new`] derives the lives of all units once; [`reckon`] then gives every due obligation of a period
//! exactly one [`ObligationState`]. Everything else here is counted from that: [`Tally`], [`Cell`], [`Rate`],
//! [`QuarterReport`], [`Changes`], [`HandoverSheet`].

mod changes;
mod evidence;
mod obligation;
mod rate;
mod reckon;
mod register;
mod report;
mod responsible;
mod rules;
mod tally;

pub use changes::{Changes, Entered, Gone, changes};
pub use obligation::{Deduction, ExtraVisit, Obligation, ObligationState, Open, Served};
pub use rate::Rate;
pub use reckon::{Coverage, reckon};
pub use register::{Register, Setting};
pub use report::{HandoverSheet, QuarterReport, handover_sheet, quarter_report};
pub use responsible::{Responsible, responsible_on};
pub use rules::CoverageRules;
pub use tally::{Cell, CellState, Tally};

/// 规则版本 – the version of the rules in this module. A closed report names the one it was reckoned by; a change
/// that can move any number raises it.
pub const COVERAGE_RULES_VERSION: u16 = 1;
