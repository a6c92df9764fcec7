//! 外勤本 – the one door for every phone.

pub mod sheets;
