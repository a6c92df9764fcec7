//! 不予导入的原因 – why a file was not taken or not entered, in the words of the page.

use crate::desk::read::Asked;
use crate::desk::trouble::Trouble;
use crate::desk::views::Said;
use crate::desk::words::Lang;
use crate::import::ImportError;
use crate::import::commit::CommitError;
use crate::import::sheet::SheetError;
use crate::import::upload::Stopped;

/// Why a file was not taken; what is no answer to a form is trouble.
pub(super) fn import_words(why: CommitError, lang: Lang) -> Result<String, Trouble> {
    match why {
        CommitError::Import(ImportError::Sheet(why)) => Ok(sheet_words(&why, lang)),
        CommitError::Import(ImportError::Columns(_)) => Ok(lang.t("roster.block-headings").to_owned()),
        why => Err(why.into()),
    }
}

/// What is said of an upload that was stopped.
pub(super) const fn stopped_words(why: Stopped) -> &'static str {
    match why {
        Stopped::Changed => "roster.stopped-changed",
        Stopped::Failed => "roster.stopped-failed",
    }
}

/// What is said on an import's page after a redirect; its undo has a page of its own and is no single step.
/// That it was undone is said only where it is.
pub(super) fn roster_said(asked: &Asked, is_undone: bool, lang: Lang) -> Said {
    let words = match asked.done.as_deref() {
        Some("imported") => lang.t("done.imported"),
        Some("import-undone") if is_undone => lang.t("done.import-undone"),
        Some("import-undone") => return Said::Refused(lang.t("roster.not-undone").to_owned()),
        _ => return Said::Nothing,
    };
    Said::Done { words: words.to_owned(), undo: None }
}

fn sheet_words(why: &SheetError, lang: Lang) -> String {
    let half = |both: &str| lang.half(both).to_owned();
    match why {
        SheetError::Empty => lang.t("roster.file-empty").to_owned(),
        SheetError::TooBig { limit, .. } => lang.fill("roster.too-large", &[&limit.to_string()]),
        SheetError::NotARoster { zh, en } => {
            lang.fill("roster.file-stranger", &[if lang == Lang::Zh { zh } else { en }])
        }
        SheetError::Password => lang.t("roster.file-locked").to_owned(),
        SheetError::Damaged { place } => lang.fill("roster.file-damaged", &[&half(place)]),
        SheetError::Unpacks { limit } => lang.fill("roster.file-unpacks", &[&limit.to_string()]),
        SheetError::OldFormat => lang.t("roster.file-old").to_owned(),
        SheetError::TooManySheets { limit } => lang.fill("roster.file-sheets", &[&limit.to_string()]),
        SheetError::TooManyCells { limit } => lang.fill("roster.file-cells", &[&limit.to_string()]),
        SheetError::TooMuchText { limit } => lang.fill("roster.file-text", &[&limit.to_string()]),
        SheetError::TooManyRows { sheet, row, limit } => {
            lang.fill("roster.file-rows", &[sheet, &row.to_string(), &limit.to_string()])
        }
        SheetError::TooManyColumns { sheet, row, column, limit } => {
            lang.fill("roster.file-columns", &[sheet, &row.to_string(), column, &limit.to_string()])
        }
        SheetError::CellTooLong { sheet, row, column } => {
            lang.fill("roster.file-cell", &[sheet, &row.to_string(), column])
        }
        SheetError::Encoding { line } => lang.fill("roster.file-encoding", &[&line.to_string()]),
        SheetError::NotText { line } => lang.fill("roster.file-not-text", &[&line.to_string()]),
    }
}
