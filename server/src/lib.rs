//! The hub of Ruhu 入户: takes in what phones recorded, computes coverage, serves the pages.

pub mod access;
pub mod backup;
pub mod checkpoint;
pub mod cli;
pub mod coverage;
pub mod desk;
pub mod erase;
pub mod export;
mod files;
pub mod findings;
pub mod flags;
pub mod import;
pub mod ingest;
pub mod keys;
pub mod ledger;
pub mod office;
pub mod proof;
pub mod recheck;
pub mod report;
pub mod rights;
pub mod serve;
pub mod storage;
pub mod verify;
