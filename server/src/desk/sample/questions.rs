//! The pages of questions, filled in.

use super::shell;
use crate::desk::views::{
    CloseView, ExportForm, ExportPage, Figures, PreviewPage, QuestionForm, QuestionFormPage, QuestionLine,
    QuestionList, QuestionPage, QuestionsPage, ScreenView, Wrong,
};
use crate::desk::words::Lang;

const FIGURES: Figures = Figures { asked: 40, answered: 21, not_asked: 4, open: 15 };
const HREF: &str = "/question/1?period=2026Q3";

pub(crate) fn questions_page(lang: Lang) -> QuestionsPage {
    let line = QuestionLine {
        href: HREF.into(),
        words: "Gas?".into(),
        department: "Fire".into(),
        days: lang.fill("questions.from-to", &["2026-07-01", "2026-09-30"]),
        asked_of: lang.t("questions.everyone").into(),
        period: "2026Q3".into(),
        figures: FIGURES,
    };
    let part = |heading: &'static str, empty: &'static str, rows: Vec<QuestionLine>| QuestionList {
        heading: lang.t(heading),
        empty: lang.t(empty),
        rows,
    };
    QuestionsPage {
        shell: shell(lang, "questions", lang.t("questions.title")),
        place: String::new(),
        write: Some("/questions/new?period=2026Q3".into()),
        parts: vec![
            part("questions.is-open", "questions.none-open", vec![line.clone()]),
            part("questions.to-come", "questions.none-to-come", Vec::new()),
            part("questions.over", "questions.none-over", vec![line]),
        ],
    }
}

pub(crate) fn question_page(lang: Lang) -> QuestionPage {
    QuestionPage {
        shell: shell(lang, "questions", "Gas?"),
        back: "/questions?period=2026Q3".into(),
        place: String::new(),
        words: "Gas?".into(),
        stands: lang.t("questions.is-open"),
        facts: vec![
            (lang.t("questions.department"), "Fire".into()),
            (lang.t("questions.basis"), "§ 3".into()),
        ],
        period: "2026Q3".into(),
        grids: vec![("1".into(), FIGURES), ("2".into(), Figures::default())],
        total: FIGURES,
        spread: vec![
            (lang.t("questions.yes").into(), "12".into()),
            (lang.t("questions.no").into(), "3".into()),
        ],
        spread_note: lang.t("questions.spread-note").into(),
        export: Some("/question/1/export?period=2026Q3".into()),
        close: Some(CloseView {
            action: HREF.into(),
            days: ("2026-07-10".into(), "2026-09-30".into()),
            on: "2026-07-11".into(),
            reason: "<b>".into(),
            wrong: wrong(lang, &["on", "reason", "sure"]),
        }),
        anew: Some("/questions/new?period=2026Q3&from=1".into()),
    }
}

pub(crate) fn question_form_page(lang: Lang) -> QuestionFormPage {
    let every = ["zh", "en", "department", "purpose", "basis", "who", "kind", "choices", "number", "length"];
    QuestionFormPage {
        shell: shell(lang, "questions", lang.t("questions.write")),
        back: "/questions?period=2026Q3".into(),
        place: String::new(),
        action: "/questions/new?period=2026Q3".into(),
        today: "2026-07-10".into(),
        categories: vec![("disabled".into(), "Disabled".into())],
        grids: vec![("1".into(), "Grid 1".into()), ("2".into(), "Grid 2".into())],
        form: QuestionForm {
            zh: "Gas?".into(),
            who: "grids".into(),
            grids: ["1".to_owned()].into(),
            kind: "choice".into(),
            choices: "Yes\nNo".into(),
            per: "month".into(),
            prefill: "1".into(),
            ..QuestionForm::default()
        },
        wrong: wrong(lang, &every),
    }
}

pub(crate) fn preview_page(lang: Lang) -> PreviewPage {
    PreviewPage {
        shell: shell(lang, "questions", lang.t("questions.preview-title")),
        place: String::new(),
        action: "/questions/new?period=2026Q3".into(),
        fields: vec![("id", "1".into()), ("zh", "\"Gas\"?".into())],
        screen: ScreenView {
            words: "Gas?".into(),
            en: "Gas?".into(),
            keys: vec![lang.t("questions.yes").into(), lang.t("questions.no").into()],
            field: String::new(),
            why: "Fire:extinguishers(§ 3)".into(),
        },
        facts: vec![(lang.t("questions.basis"), "§ 3".into())],
        cost: vec![
            (lang.t("questions.asked"), lang.fill("questions.count-households", &["40"])),
            (lang.t("questions.per-visit"), lang.fill("questions.touches-signs", &["1", "8"])),
        ],
        notes: vec![lang.t("questions.how-counted").into()],
    }
}

pub(crate) fn question_export_page(lang: Lang) -> ExportPage {
    let columns = [("unit", "questions.column-unit"), ("answer", "questions.answer")];
    ExportPage {
        shell: shell(lang, "questions", lang.t("questions.export")),
        back: HREF.into(),
        words: "Gas?".into(),
        count: lang.fill("questions.count-answers", &["21"]),
        action: "/question/1/export?period=2026Q3".into(),
        here: "/question/1/export".into(),
        carried: vec![("period", "2026Q3".into())],
        columns: columns.map(|(code, words)| (code, lang.t(words))).to_vec(),
        headings: vec!["No.".into(), "Gas".into()],
        form: ExportForm {
            to: "Fire".into(),
            columns: [("unit".to_owned(), ("1".to_owned(), "No.".to_owned()))].into(),
            ..ExportForm::default()
        },
        wrong: wrong(lang, &["to", "purpose", "basis", "columns"]),
    }
}

fn wrong(lang: Lang, fields: &[&'static str]) -> Wrong {
    let mut wrong = Wrong::default();
    for field in fields {
        wrong.at(field, lang.t("questions.missing"));
    }
    wrong
}
