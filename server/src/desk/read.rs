//! 取数 – from the hub's rows to what pages show. Every read is one consistent view; who may see what is decided here.

mod access;
mod account;
mod accounts;
mod adopting;
mod asking;
mod audit;
mod card;
mod choice;
mod dry_run;
mod export;
mod figures;
mod findings;
mod household;
mod ledger;
mod ledger_book;
mod list;
mod log_filter;
mod offers;
mod people;
mod periods;
mod places;
mod policy;
mod question_words;
mod questions;
mod record;
mod record_form;
mod requests;
mod rights;
mod rights_erase;
mod rights_sheet;
mod rights_words;
mod roster;
mod spot;
mod spot_rows;
mod staff;
mod steps;
mod waiting;

pub(super) use access::{AccessAsked, access_book, access_page};
pub(super) use account::{account_page, clock, machine_page};
pub(super) use accounts::{accounts_page, one_account_page, place_of};
pub(super) use adopting::{Typed, Wish, adopt_page, blank, file_text};
pub(super) use asking::{preview_page, question_form_page, read_form, written_from};
pub(super) use audit::{audit_book, audit_page};
pub(super) use card::{CardOrNot, card_page};
pub(super) use choice::{Asked, Choice, Scope, choose};
pub(super) use dry_run::{FindingsAsked, dry_run_page, field_name, findings_book, import_findings_page};
pub(super) use export::{answers_export, export_page};
pub(super) use figures::{communities_page, overview_page};
pub(super) use findings::{account_of, finding_page, findings_page, ruling_of};
pub(super) use household::{Look, household_page};
pub(super) use ledger::{ledger_page, line_page};
pub(super) use ledger_book::ledger_book;
pub(super) use list::list_page;
pub(super) use log_filter::LogAsked;
pub(super) use offers::completion_page;
pub(super) use periods::{closable, periods_page};
pub(super) use places::{place_form, places_page};
pub(super) use policy::{policies_page, policy_page};
pub(super) use questions::{question_here, question_page, questions_page};
pub(super) use record::record_page;
pub(super) use record_form::{Form as RecordTyped, source_of};
pub(super) use requests::{request_page, requests_page};
pub(super) use rights::{RightsAsked, case_here, kinds, rights_case_page, rights_form_page, rights_page};
pub(super) use rights_erase::{erasure_view, what_of};
pub(super) use rights_sheet::{rights_book, rights_sheet, target_of};
pub(super) use roster::{can_undo, imported_page, query as roster_query, roster_page, working_page};
pub(super) use spot::{spot_check_page, spot_checks_page, spot_sheet};
pub(super) use spot_rows::{ASK, GIVE};
pub(super) use staff::{handover_view, leaving_view, ownerless, staff_page};
pub(super) use waiting::waiting_page;

use ruhu_core::ids::{DwellingId, HouseholdId};
use ruhu_core::roster::Unit;

use super::views::{Nav, Said, Shell};
use super::words::Lang;
use crate::access::Account;

/// Who looks, in which language, at which address: what the frame of a page is made from.
#[derive(Clone, Debug)]
pub(super) struct Viewer {
    /// Who.
    pub(super) account: Account,
    /// In which language.
    pub(super) lang: Lang,
    /// The same page in the other language.
    pub(super) lang_href: String,
}

impl Viewer {
    /// The frame of a page inside a community.
    pub(super) fn shell(&self, title: String, here: &'static str, scope: Option<&Scope>) -> Shell {
        let nav = Nav {
            place: scope.map(Scope::place).unwrap_or_default(),
            account: self.account.shown.clone(),
            query: scope.map(|scope| format!("?period={}{}", scope.period, scope.tail)).unwrap_or_default(),
            figures: self.account.role.sees_communities(),
            households: self.account.role.sees_households(),
            accounts: self.account.role.sees_accounts(),
            machine: self.account.role.runs_the_machine(),
            here,
        };
        Shell {
            lang: self.lang,
            title,
            lang_href: self.lang_href.clone(),
            nav: Some(nav),
            said: Said::Nothing,
        }
    }
}

/// How addresses name a unit: `h-…` a household, `d-…` a door.
pub(super) fn unit_code(unit: Unit) -> String {
    match unit {
        Unit::Household(id) => format!("h-{id}"),
        Unit::Vacant(id) => format!("d-{id}"),
    }
}

/// Back from [`unit_code`].
pub(super) fn unit_of_code(code: &str) -> Option<Unit> {
    let (kind, id) = code.split_once('-')?;
    match kind {
        "h" => id.parse::<HouseholdId>().ok().map(Unit::Household),
        "d" => id.parse::<DwellingId>().ok().map(Unit::Vacant),
        _ => None,
    }
}
