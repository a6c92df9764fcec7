//! 查阅表 – everything the community holds about a household, for the household: its own record, its visits, what it asked
//! for, and who looked. Nothing of findings, of other households, or of workers but their names.

use std::collections::BTreeMap;

use ruhu_core::category::{FieldKey, MemberField, ProfileField, Scalar};
use ruhu_core::ids::PersonId;
use ruhu_core::roster::Unit;

use super::access::looks_at;
use super::household::{Look, household_page};
use super::people::People;
use super::rights::{address_of, day_of};
use super::rights_words::{field_words, value_words};
use super::{Scope, Viewer, unit_code};
use crate::desk::trouble::Trouble;
use crate::desk::views::{Note, RightsSheetPage, SheetTable, TypedDecision};
use crate::desk::words::Lang;
use crate::office::rights::case_number;
use crate::office::waiting::fields_of;
use crate::report::table::{Align, Book, Cell, Column, Line, Table};
use crate::storage::Tx;
use crate::storage::rights::CaseRow;

/// Why the record is opened, as the log names it.
const FOR: Look = Look::For("resident");
/// Looks a sheet lists, the latest.
const LOOKS: u32 = 500;

/// What the sheet of a case holds; `at_ms` is when it is made, milliseconds since 1970 UTC.
pub(in crate::desk) fn rights_sheet(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    (case, of, at_ms): (&CaseRow, Option<PersonId>, i64),
) -> Result<RightsSheetPage, Trouble> {
    let lang = viewer.lang;
    let unit = case.unit.ok_or(Trouble::NotFound)?;
    let page = household_page(tx, viewer, scope, unit, (FOR, TypedDecision::default()))?;
    let query = format!("?period={}{}", scope.period, scope.tail);
    let day = day_of(scope, at_ms).to_string();
    let whose = match (of, tx.unit(unit)?) {
        (Some(person), Some(row)) => {
            let everybody = People::ever(tx, row.nr)?;
            Some(everybody.name(person).ok_or(Trouble::NotFound)?)
        }
        _ => None,
    };
    // What was said at the door may be anybody's of the household: on the sheet of one member it does not stand.
    let said = |note: Note| if of.is_some() { String::new() } else { shown(note, lang) };
    let nr = case_number(&scope.file, case);
    let table = |title: &'static str, heads: &[&'static str], rows, when_empty: &'static str| SheetTable {
        title: title.to_owned(),
        heads: heads.iter().map(|head| (*head).to_owned()).collect(),
        rows,
        when_empty: when_empty.to_owned(),
    };
    // Whether somebody falsified a record is a matter between the community and its worker.
    let findings = [lang.t("event.found-false"), lang.t("event.restored")];
    // What was corrected, taken back or no longer counts did not happen as it stands there.
    let events = page.events.into_iter().filter(|one| !one.struck && !findings.contains(&one.what.as_str()));
    let events = events.map(|event| {
        // Of a decision the reasons are the office's own words; of a visit they are about the household.
        let words = if event.class == "ev-desk" { String::new() } else { said(event.note) };
        vec![event.on, event.what, event.by, words]
    });
    let requests = page.requests.into_iter().map(|one| vec![one.on, said(one.words), one.step]);
    let looks = looks_at(tx, scope, unit, LOOKS, lang)?;
    Ok(RightsSheetPage {
        shell: viewer.shell(lang.t("sheet.title").to_owned(), "rights", Some(scope)),
        back: format!("/rights/{}{query}", case.id),
        xlsx: format!("/rights/{}/sheet.xlsx{query}{}", case.id, whose_tail(of)),
        title: lang.t("sheet.title").to_owned(),
        mark: lang.fill("sheet.mark", &[&nr, &day, &viewer.account.shown]),
        lines: vec![
            (lang.t("sheet.place").to_owned(), scope.place()),
            (lang.t("sheet.address").to_owned(), address_of(tx, scope, unit)?),
            (lang.t("sheet.worker").to_owned(), page.place),
            (lang.t("sheet.for").to_owned(), whose.unwrap_or_else(|| lang.t("sheet.for-words").to_owned())),
        ],
        tables: vec![
            table(
                lang.t("sheet.record"),
                &[lang.t("sheet.person"), lang.t("sheet.field"), lang.t("sheet.value")],
                record(tx, unit, of, lang)?,
                lang.t("sheet.no-record"),
            ),
            table(
                lang.t("sheet.visits"),
                &[lang.t("sheet.day"), lang.t("sheet.happened"), lang.t("sheet.who"), lang.t("sheet.words")],
                events.collect(),
                lang.t("sheet.no-visits"),
            ),
            table(
                lang.t("sheet.requests"),
                &[lang.t("sheet.day"), lang.t("sheet.words"), lang.t("rights.stands")],
                requests.collect(),
                lang.t("sheet.no-requests"),
            ),
            table(
                lang.t("sheet.looks"),
                &[lang.t("sheet.at"), lang.t("sheet.who"), lang.t("sheet.looked")],
                looks.into_iter().map(|look| vec![look.at, look.who, look.what]).collect(),
                lang.t("sheet.no-looks"),
            ),
        ],
    })
}

/// The same as a workbook; every table carries whose copy it is.
pub(in crate::desk) fn rights_book(viewer: &Viewer, scope: &Scope, sheet: &RightsSheetPage) -> Book {
    let column = |head: &String| Column { title: head.clone().into(), width: 26, align: Align::Left };
    let tables = sheet.tables.iter().map(|table| Table {
        title: table.title.clone(),
        columns: table.heads.iter().map(column).collect(),
        rows: table
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| Cell::Text(cell.clone())).collect())
            .collect(),
        total: None,
        when_empty: table.when_empty.clone(),
        notes: vec![sheet.mark.clone()],
    });
    Book {
        title: sheet.title.clone(),
        period: scope.today.to_string(),
        made_by_unit: scope.file.community().map(|one| one.name.clone()).unwrap_or_default(),
        made_by: viewer.account.shown.clone(),
        on: scope.today,
        heading: sheet.lines.iter().map(|(label, words)| Line::new(label, words.clone())).collect(),
        tables: tables.collect(),
    }
}

/// Where a row stands among those of one person, and its cells.
type Ranked = (usize, Vec<String>);

/// Every field with its value, the household's own first, then member by member, the head before the others.
/// Of one member's sheet: her own and the household's, and nothing of the others (个人信息保护法 §45: one's own).
fn record(tx: &Tx<'_>, unit: Unit, of: Option<PersonId>, lang: Lang) -> Result<Vec<Vec<String>>, Trouble> {
    let fields = fields_of(tx, unit)?;
    let first = |key: &str| fields.get(key).and_then(|values| values.first()).map(ToString::to_string);
    let head = first(&FieldKey::Profile(ProfileField::Head).to_string());
    let mut people: BTreeMap<(bool, Option<PersonId>), Vec<Ranked>> = BTreeMap::new();
    for (key, values) in &fields {
        let parsed = FieldKey::parse(key).ok();
        let person = parsed.as_ref().and_then(FieldKey::person);
        if of.is_some() && person.is_some() && person != of {
            continue;
        }
        let name = |id: PersonId| first(&FieldKey::Member(id, MemberField::Name).to_string());
        let is_head = parsed == Some(FieldKey::Profile(ProfileField::Head));
        let words = |value: &Scalar| match value.to_string().parse::<PersonId>() {
            Ok(id) if is_head => name(id).unwrap_or_default(),
            _ => value_words(key, value, lang),
        };
        let said: Vec<String> = values.iter().filter(|value| !value.is_empty()).map(words).collect();
        if said.is_empty() {
            continue;
        }
        let whose = person.map_or_else(|| lang.t("sheet.home").to_owned(), |id| name(id).unwrap_or_default());
        let later = person.is_some_and(|id| head.as_deref() != Some(id.to_string().as_str()));
        let line = vec![whose, field_words(key, lang), said.join(" / ")];
        people.entry((later, person)).or_default().push((rank(parsed.as_ref()), line));
    }
    for rows in people.values_mut() {
        // Stable: the fields of a category stay together.
        rows.sort_by_key(|(rank, _)| *rank);
    }
    Ok(people.into_values().flatten().map(|(_, row)| row).collect())
}

/// Where a field stands among those of one person: as the register lists them, those of categories last.
fn rank(key: Option<&FieldKey>) -> usize {
    let place = match key {
        Some(FieldKey::Profile(field)) => ProfileField::ALL.iter().position(|(one, _)| one == field),
        Some(FieldKey::Member(_, field)) => MemberField::ALL.iter().position(|(one, _)| one == field),
        _ => None,
    };
    place.unwrap_or(usize::MAX)
}

fn shown(note: Note, lang: Lang) -> String {
    match note {
        Note::Shown(words) => words,
        Note::Erased => lang.t("household.erased").to_owned(),
        Note::None | Note::Hidden => String::new(),
    }
}

/// Whose sheet, as it stands in an address behind something else.
pub(super) fn whose_tail(of: Option<PersonId>) -> String {
    of.map(|person| format!("&of={person}")).unwrap_or_default()
}

/// The unit a sheet is about, as the log of looks names it.
pub(in crate::desk) fn target_of(case: &CaseRow) -> String {
    case.unit.map_or_else(|| case.id.to_string(), unit_code)
}
