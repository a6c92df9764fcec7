//! Questions 专项 as the list and the page of one show them: figures first, counted by household and grid. No worker is
//! named, and nothing is told of a worker.

use ruhu_core::ids::QuestionId;
use ruhu_core::question::Question;

use super::question_words::{asked_of_words, bar_words, days_words, kind_words, per_words, words};
use super::{Scope, Viewer};
use crate::desk::trouble::Trouble;
use crate::desk::views::{
    CloseView, Figures, QuestionLine, QuestionList, QuestionPage, QuestionsPage, Said, period_name,
};
use crate::desk::words::Lang;
use crate::office::answers::{Answered, all};
use crate::office::progress::{Homes, Progress, period_on};
use crate::office::roll::Roll;
use crate::office::spread::{Bar, spread};
use crate::storage::Tx;

/// How a question stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    Open,
    ToCome,
    Over,
}

impl Stands {
    /// Each with its words, and those for none.
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Open, "questions.is-open", "questions.none-open"),
        (Self::ToCome, "questions.to-come", "questions.none-to-come"),
        (Self::Over, "questions.over", "questions.none-over"),
    ];

    fn of(question: &Question, scope: &Scope) -> Self {
        // Closed before its first day, it is asked of nobody any more.
        if question.until < scope.today || question.until < question.from {
            Self::Over
        } else if scope.today < question.from {
            Self::ToCome
        } else {
            Self::Open
        }
    }

    fn words(self, lang: Lang) -> &'static str {
        Self::ALL.iter().find(|(one, ..)| *one == self).map_or("", |(_, words, _)| lang.t(words))
    }
}

/// A question of the community, or 404.
pub(in crate::desk) fn question_here(scope: &Scope, id: QuestionId) -> Result<Question, Trouble> {
    scope.file.questions().remove(&id).ok_or(Trouble::NotFound)
}

pub(in crate::desk) fn questions_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    (roll, said): (&Roll, Said),
) -> Result<QuestionsPage, Trouble> {
    let lang = viewer.lang;
    let mut questions: Vec<Question> = scope.file.questions().into_values().collect();
    questions.sort_by_key(|one| (one.until, one.from, one.id));
    let homes = Homes::load(tx, roll, &questions)?;
    let mut answers = all(tx, roll)?;
    let mut lines: Vec<(Stands, QuestionLine)> = Vec::new();
    for one in &questions {
        let answered = answers.remove(&one.id).unwrap_or_default();
        let period = period_on(one, scope.today);
        let mut total = Progress::default();
        homes.progress(one, period, (roll, &answered)).into_values().for_each(|grid| total.add(grid));
        let line = QuestionLine {
            href: href(one.id, scope, ""),
            words: words(one, lang).to_owned(),
            department: one.department.clone(),
            days: days_words(one, lang),
            asked_of: asked_of_words(one, scope, lang),
            period: period_name(period, lang),
            figures: figures(total),
        };
        lines.push((Stands::of(one, scope), line));
    }
    let parts = Stands::ALL.map(|(stands, heading, empty)| {
        let mut rows: Vec<QuestionLine> =
            lines.iter().filter(|(one, _)| *one == stands).map(|(_, line)| line.clone()).collect();
        if stands == Stands::Over {
            rows.reverse();
        }
        QuestionList { heading: lang.t(heading), empty: lang.t(empty), rows }
    });
    let mut shell = viewer.shell(lang.t("questions.title").to_owned(), "questions", Some(scope));
    shell.said = said;
    let write = format!("/questions/new?period={}{}", scope.period, scope.tail);
    Ok(QuestionsPage {
        shell,
        place: scope.place(),
        write: viewer.account.role.decides().then_some(write),
        parts: parts.to_vec(),
    })
}

/// One question. Whoever decides sees how often each answer was given, and where; whoever only looks how far it is.
pub(in crate::desk) fn question_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    (roll, id): (&Roll, QuestionId),
    (said, typed): (Said, CloseView),
) -> Result<QuestionPage, Trouble> {
    let (lang, decides) = (viewer.lang, viewer.account.role.decides());
    let question = question_here(scope, id)?;
    let answered = all(tx, roll)?.remove(&id).unwrap_or_default();
    let homes = Homes::load(tx, roll, [&question])?;
    let period = period_on(&question, scope.today);
    let progress = homes.progress(&question, period, (roll, &answered));
    let (mut grids, mut total) = (Vec::new(), Progress::default());
    for (grid, of) in progress {
        total.add(of);
        grids.push((scope.grid_name(grid), figures(of)));
    }
    grids.sort_by_cached_key(|(name, _)| (name.chars().count(), name.clone()));
    let of_period = answered.iter().filter(|one| period.contains(one.visited_on));
    // Of few households each answer could be told from the next: whoever only looks sees the sum of the community alone.
    let (spread, spread_note) = if decides {
        spread_words(&question, of_period, lang)
    } else {
        grids.clear();
        (Vec::new(), lang.t("questions.sum-only").to_owned())
    };
    let stands = Stands::of(&question, scope);
    let mut shell = viewer.shell(words(&question, lang).to_owned(), "questions", Some(scope));
    shell.said = said;
    let anew = format!("/questions/new?period={}{}&from={id}", scope.period, scope.tail);
    Ok(QuestionPage {
        shell,
        back: format!("/questions?period={}{}", scope.period, scope.tail),
        place: scope.place(),
        words: words(&question, lang).to_owned(),
        stands: stands.words(lang),
        facts: facts(&question, scope, lang),
        period: period_name(period, lang),
        grids,
        total: figures(total),
        spread,
        spread_note,
        export: decides.then(|| href(id, scope, "/export")),
        close: (decides && stands != Stands::Over).then(|| close_view(&question, scope, typed)),
        anew: (decides && stands == Stands::Over).then_some(anew),
    })
}

/// Who wants it, what for, on what basis, and how it is asked.
pub(super) fn facts(question: &Question, scope: &Scope, lang: Lang) -> Vec<(&'static str, String)> {
    let prefill = if question.prefill { "questions.yes" } else { "questions.no" };
    vec![
        (lang.t("questions.department"), question.department.clone()),
        (lang.t("questions.purpose"), question.purpose.clone()),
        (lang.t("questions.basis"), question.basis.clone()),
        (lang.t("questions.asked-of"), asked_of_words(question, scope, lang)),
        (lang.t("questions.kind"), kind_words(&question.kind, lang)),
        (lang.t("questions.days"), days_words(question, lang)),
        (lang.t("questions.once-per"), lang.t(per_words(question.once_per)).to_owned()),
        (lang.t("questions.prefilled"), lang.t(prefill).to_owned()),
    ]
}

fn close_view(question: &Question, scope: &Scope, typed: CloseView) -> CloseView {
    let first = scope.today.max(question.from);
    let offered = scope.today.succ_opt().unwrap_or(scope.today).clamp(scope.today, first.max(question.until));
    CloseView {
        action: href(question.id, scope, ""),
        days: (scope.today.to_string(), question.until.to_string()),
        on: if typed.on.is_empty() && typed.wrong.is_empty() { offered.to_string() } else { typed.on },
        ..typed
    }
}

fn spread_words<'a>(
    question: &Question,
    answered: impl Iterator<Item = &'a Answered>,
    lang: Lang,
) -> (Vec<(String, String)>, String) {
    let bars = spread(question, answered.map(|one| &one.value));
    if bars.is_empty() {
        return (Vec::new(), lang.t("questions.no-spread").to_owned());
    }
    let told = |(bar, count): (Bar, u32)| (bar_words(bar, &question.kind, lang), count.to_string());
    (bars.into_iter().map(told).collect(), lang.t("questions.spread-note").to_owned())
}

fn figures(of: Progress) -> Figures {
    Figures { asked: of.asked, answered: of.answered, not_asked: of.not_asked, open: of.open() }
}

/// The page of a question, or one below it.
pub(super) fn href(id: QuestionId, scope: &Scope, below: &str) -> String {
    format!("/question/{id}{below}?period={}{}", scope.period, scope.tail)
}
