//! What a resident asked to have erased: the dry runs there are, and what one found.

use std::collections::BTreeMap;

use ruhu_core::ids::PersonId;

use super::people::People;
use super::rights_sheet::whose_tail;
use super::rights_words::field_words;
use crate::desk::views::ErasureView;
use crate::desk::words::Lang;
use crate::erase::What;
use crate::erase::plan::Preview;
use crate::storage::rights::CaseRow;
use crate::storage::{StorageError, Tx};

/// The dry runs there are: of the household, and of each of its members.
pub(super) fn erasable(
    tx: &Tx<'_>,
    case: &CaseRow,
    action: &str,
    lang: Lang,
) -> Result<Vec<(String, String)>, StorageError> {
    let whole = (format!("{action}&erase=household"), lang.t("rights.erase-household").to_owned());
    let mut all = vec![whole];
    if let Some(row) = case.unit.map(|unit| tx.unit(unit)).transpose()?.flatten() {
        let members = People::ever(tx, row.nr)?.masked();
        all.extend(
            members.into_iter().map(|(id, name)| {
                (format!("{action}&erase={id}"), lang.fill("rights.erase-person", &[&name]))
            }),
        );
    }
    Ok(all)
}

/// 查阅表 – each member's own, and the whole household's: words, the page, the workbook.
pub(super) fn sheets(
    tx: &Tx<'_>,
    case: &CaseRow,
    (path, query): (&str, &str),
    lang: Lang,
) -> Result<Vec<(String, String, String)>, StorageError> {
    let one = |words: String, of: Option<PersonId>| {
        let tail = whose_tail(of);
        (words, format!("{path}/sheet{query}{tail}"), format!("{path}/sheet.xlsx{query}{tail}"))
    };
    let row = case.unit.map(|unit| tx.unit(unit)).transpose()?.flatten();
    let members = row.map(|row| People::ever(tx, row.nr)).transpose()?.unwrap_or_default().masked();
    let own = members.into_iter().map(|(id, name)| one(lang.fill("rights.sheet-of", &[&name]), Some(id)));
    let whole = one(lang.t("rights.sheet-whole").to_owned(), None);
    Ok(own.chain([whole]).collect())
}

/// What is to be erased, as a form or an address says.
pub(in crate::desk) fn what_of(code: &str) -> Option<What> {
    match code {
        "household" => Some(What::Household),
        person => person.parse::<PersonId>().ok().map(What::Person),
    }
}

/// The dry run of an erasure, as the page shows it: names of fields, no values.
pub(in crate::desk) fn erasure_view(
    tx: &Tx<'_>,
    case: &CaseRow,
    (what, preview): (&What, &Preview),
    lang: Lang,
) -> Result<ErasureView, StorageError> {
    let (code, whom) = match what {
        What::Person(person) => {
            let row = case.unit.map(|unit| tx.unit(unit)).transpose()?.flatten();
            let members = row.map(|row| People::ever(tx, row.nr)).transpose()?.unwrap_or_default().masked();
            let name = members.into_iter().find(|(id, _)| id == person).map(|(_, name)| name);
            (person.to_string(), name.unwrap_or_default())
        }
        _ => ("household".to_owned(), lang.t("rights.whole").to_owned()),
    };
    let mut fields: BTreeMap<String, usize> = BTreeMap::new();
    for key in &preview.fields {
        *fields.entry(field_words(key, lang)).or_default() += 1;
    }
    let times = |(name, times): (String, usize)| if times == 1 { name } else { format!("{name} ×{times}") };
    Ok(ErasureView {
        what: code,
        whom,
        fields: fields.into_iter().map(times).collect(),
        counts: [
            (lang.t("rights.n-fields"), preview.fields.len()),
            (lang.t("rights.n-fields-stay"), preview.fields_stay),
            (lang.t("rights.n-changes"), preview.changes),
            (lang.t("rights.n-bodies"), preview.bodies.len()),
            (lang.t("rights.n-bodies-stay"), preview.bodies_stay),
        ]
        .map(|(words, number)| (words, number.to_string()))
        .to_vec(),
    })
}
