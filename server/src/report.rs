//! 报表 – coverage reports as documents: composed from the register, signed, and rendered alike everywhere.
//!
//! [`coverage::CoverageReport`] is the document; [`coverage::compose`] makes it, [`coverage::book`] turns it into
//! neutral [`table`]s, and [`text`], [`sheet`] and the desk's pages render those. [`seal`] signs the document's
//! canonical JSON and checks files that come back. All of that is pure: the same log gives the same bytes.
//! [`reading`] is the way from the hub's rows to a register, [`closing`] the way from a person's decision to a closed
//! period and its amendments.

pub mod answers;
pub mod closing;
pub mod coverage;
pub mod csv;
pub mod reading;
pub mod seal;
pub mod sheet;
pub mod table;
pub mod text;

pub use coverage::CoverageReport;
pub use seal::{SealError, SignedReport};
pub use table::Book;

#[cfg(test)]
pub(crate) mod sample;
