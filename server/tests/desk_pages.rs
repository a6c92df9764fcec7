//! The pages over the real store and the real router: signing in, numbers and their lists, masking, roles.

#[cfg(test)]
#[path = "desk/accounts.rs"]
mod accounts;
#[cfg(test)]
#[path = "desk/acting.rs"]
mod acting;
#[cfg(test)]
#[path = "desk/audit.rs"]
mod audit;
#[cfg(test)]
#[path = "desk/browser.rs"]
mod browser;
#[cfg(test)]
#[path = "desk/completion.rs"]
mod completion;
#[cfg(test)]
#[path = "ingest/database.rs"]
#[expect(dead_code, reason = "these stories need only part of it")]
mod database;
#[cfg(test)]
#[path = "desk/duty.rs"]
mod duty;
#[cfg(test)]
#[path = "desk/field_app.rs"]
mod field_app;
#[cfg(test)]
#[path = "desk/findings.rs"]
mod findings;
#[cfg(test)]
#[path = "desk/first_run.rs"]
mod first_run;
#[cfg(test)]
#[path = "desk/ledger.rs"]
mod ledger;
#[cfg(test)]
#[path = "desk/matrix.rs"]
mod matrix;
#[cfg(test)]
#[path = "desk/pages.rs"]
mod pages;
#[cfg(test)]
#[path = "desk/places.rs"]
mod places;
#[cfg(test)]
#[path = "desk/policy.rs"]
mod policy;
#[cfg(test)]
#[path = "desk/proving.rs"]
mod proving;
#[cfg(test)]
#[path = "desk/questions.rs"]
mod questions;
#[cfg(test)]
#[path = "desk/record.rs"]
mod record;
#[cfg(test)]
#[path = "desk/requests.rs"]
mod requests;
#[cfg(test)]
#[path = "desk/resident.rs"]
mod resident;
#[cfg(test)]
#[path = "desk/rights.rs"]
mod rights;
#[cfg(test)]
#[path = "desk/rights_erasing.rs"]
mod rights_erasing;
#[cfg(test)]
#[path = "desk/roster.rs"]
mod roster;
#[cfg(test)]
#[path = "desk/roster_refusals.rs"]
mod roster_refusals;
#[cfg(test)]
#[path = "desk/signing_in.rs"]
mod signing_in;
#[cfg(test)]
#[path = "desk/spot.rs"]
mod spot;
#[cfg(test)]
#[path = "desk/totp.rs"]
mod totp;
#[cfg(test)]
#[path = "ingest/world.rs"]
#[expect(dead_code, reason = "these stories need only part of that world")]
mod world;
