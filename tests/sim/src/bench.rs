//! Figures of merit, printed and never asserted: the machine is noisy, and a bar is a person's to judge.

pub mod baseline;
pub mod load;
