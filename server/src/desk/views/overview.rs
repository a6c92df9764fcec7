//! 总览 – the rates of a community and the grids they are made of, each number a link to its households.

use askama::Template;
use chrono::NaiveDate;
use ruhu_core::closing::SilentPhones;
use ruhu_core::coverage::{CellState, Deduction, Rate, Tally};
use ruhu_core::ids::GridId;
use ruhu_core::time::{Cadence, Period};

use super::PeriodSwitch;
use super::list::Tab;
use super::shell::Shell;
use super::state::{OPEN, StateCode};
use crate::desk::words::Lang;
use crate::report::coverage::{Counted, GridRow, Standing};

/// What the overview is built from: finished figures, no lists.
#[derive(Clone, Debug)]
pub struct OverviewInput {
    /// 示范区幸福街道幸福社区.
    pub place: String,
    /// Which period.
    pub period: Period,
    /// The day the figures stand for.
    pub as_of: NaiveDate,
    /// Today's local date.
    pub today: NaiveDate,
    /// Running, over or closed.
    pub standing: Standing,
    /// 试行期.
    pub trial: bool,
    /// The adopted policy's title; `None` prints 未采用文件·试行.
    pub policy: Option<String>,
    /// Grids in address order.
    pub grids: Vec<GridRow>,
    /// 合计.
    pub total: Counted,
    /// 未同步手机.
    pub silent: SilentPhones,
    /// Rate at closing, rate now, numbers of amendments: once something was amended.
    pub amended: Option<(Rate, Rate, String)>,
    /// The order of the grids.
    pub order: GridOrder,
    /// Whether workers may be named and households opened: not above community level.
    pub depth: Depth,
    /// `&community=…` where the account sees several.
    pub tail: String,
}

/// The two orders there are. There is none by rate (design 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GridOrder {
    /// 按地址.
    Address,
    /// 按未访户数 – work to be shared.
    Outstanding,
}

/// How deep an account sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// The community and its auditors: down to the household, workers by name.
    Households,
    /// Street and above: figures and reports; no worker is named, no household opened.
    Figures,
}

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "overview.html")]
pub struct OverviewPage {
    /// The frame.
    pub shell: Shell,
    /// Where.
    pub place: String,
    /// The switch.
    pub periods: PeriodSwitch,
    /// 进行中, 已关账…
    pub standing: String,
    /// 未采用文件·试行, 试行期: set apart.
    pub badges: Vec<String>,
    /// 应访, 已访, 核减, 未访.
    pub due: Number,
    /// 已访, 核减, 未访 in the order of the identity.
    pub parts: Vec<Number>,
    /// The same three as lengths, in tenths of a percent of 应访.
    pub bar: Vec<BarPart>,
    /// What the bar says, for who cannot see it.
    pub bar_words: String,
    /// 入户率(严), 入户率(核减后).
    pub rates: Vec<RateView>,
    /// 关账 97.20 % → 现 97.45 %(更正 1–3).
    pub then_now: Option<String>,
    /// 2 部手机未同步,最多影响 41 户.
    pub silent: String,
    /// Whether that is a warning.
    pub silent_warns: bool,
    /// 核减 by kind; only those that occur.
    pub deductions: Vec<Number>,
    /// 未访 by why.
    pub open: Vec<Number>,
    /// 多访, 交接期.
    pub beside: Vec<Number>,
    /// 重点户, its heading and numbers; empty in a month, where all are key.
    pub key: Option<KeyView>,
    /// One row per grid.
    pub grids: Vec<GridView>,
    /// 合计.
    pub total: GridView,
    /// The two orders.
    pub orders: Vec<Tab>,
    /// Where the workbook is.
    pub export: String,
    /// Where the whole report is.
    pub report: String,
}

/// A number and the list it opens into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// What is counted.
    pub words: String,
    /// How many.
    pub count: u32,
    /// The list, exactly that long; empty where households are not opened.
    pub href: String,
    /// Class of its mark.
    pub class: &'static str,
    /// Its letter.
    pub letter: &'static str,
}

/// A part of the bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BarPart {
    /// Class of its colour and pattern.
    pub class: &'static str,
    /// Where it begins, of 1,000.
    pub from: u32,
    /// Its length, of 1,000.
    pub length: u32,
}

/// A rate with what it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateView {
    /// 入户率(严).
    pub words: &'static str,
    /// 81.39 %.
    pub rate: String,
    /// 980 ÷ 1204.
    pub made_of: String,
    /// Its definition on the help page.
    pub anchor: &'static str,
}

/// 重点户.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyView {
    /// 应访.
    pub due: u32,
    /// 已访.
    pub done: u32,
    /// Its rate.
    pub rate: String,
}

/// One grid of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridView {
    /// Its name.
    pub name: String,
    /// 网格员; empty where workers are not named.
    pub responsible: String,
    /// 应访, 已访, 核减, 未访: each a link.
    pub numbers: Vec<Number>,
    /// 入户率(严).
    pub strict: String,
    /// 入户率(核减后).
    pub adjusted: String,
    /// 重点户 应/已.
    pub key: String,
    /// 交接期, 代访, 多访.
    pub remarks: String,
}

/// Builds the page.
#[must_use]
pub fn overview(shell: Shell, input: &OverviewInput) -> OverviewPage {
    let (lang, period) = (shell.lang, input.period);
    let tail = &input.tail;
    let lists = Lists { period, lang, tail, depth: input.depth };
    let tally = &input.total.tally;
    let number = |code: StateCode, count: u32| lists.number(None, code, count);
    let occurring = |state: CellState, count: u32| (0 < count).then(|| number(StateCode::Only(state), count));
    let deducted = |kind: Deduction| tally.deducted.get(&kind).copied().unwrap_or(0);
    let open = |state: CellState| tally.outstanding.get(&state).copied().unwrap_or(0);
    let order = if input.order == GridOrder::Outstanding { "&order=open" } else { "" };
    let rest = format!("{order}{tail}");
    let mut rows: Vec<&GridRow> = input.grids.iter().collect();
    if input.order == GridOrder::Outstanding {
        rows.sort_by_key(|row| std::cmp::Reverse(row.counted.tally.outstanding_total()));
    }
    OverviewPage {
        place: input.place.clone(),
        periods: PeriodSwitch::new(period, "/", &rest, input.today, lang),
        standing: standing(input, lang),
        badges: badges(input, lang),
        due: number(StateCode::Due, tally.due),
        parts: sides(tally).map(|(code, count)| number(code, count)).to_vec(),
        bar: bar(tally),
        bar_words: lang.fill(
            "overview.bar",
            &sides(tally).map(|(_, count)| count.to_string()).each_ref().map(String::as_str),
        ),
        rates: rates(tally, lang),
        then_now: input.amended.as_ref().map(|(then, now, numbers)| {
            lang.fill("standing.then-now", &[&then.to_string(), &now.to_string(), numbers])
        }),
        silent: silent_words(input.silent, lang),
        silent_warns: 0 < input.silent.phones,
        deductions: Deduction::ALL
            .iter()
            .filter_map(|(kind, _)| occurring(CellState::Deducted(*kind), deducted(*kind)))
            .collect(),
        open: OPEN.iter().filter_map(|state| occurring(*state, open(*state))).collect(),
        beside: [(StateCode::Extra, tally.extra), (StateCode::Late, tally.taken_over_late)]
            .into_iter()
            .filter(|(_, count)| 0 < *count)
            .map(|(code, count)| number(code, count))
            .collect(),
        key: key(&input.total, period),
        grids: rows.into_iter().map(|row| grid_view(row, input, &lists)).collect(),
        total: total_view(input, &lists),
        orders: orders(input, lang),
        export: format!("/report.xlsx?period={period}{tail}"),
        report: format!("/report?period={period}{tail}"),
        shell,
    }
}

/// 2 部手机未同步,最多影响 41 户.
pub(crate) fn silent_words(silent: SilentPhones, lang: Lang) -> String {
    match silent.phones {
        0 => lang.t("standing.all-synced").to_owned(),
        phones => lang.fill("standing.silent", &[&phones.to_string(), &silent.households.to_string()]),
    }
}

/// Where the lists are.
struct Lists<'a> {
    period: Period,
    lang: Lang,
    tail: &'a str,
    depth: Depth,
}

impl Lists<'_> {
    fn number(&self, grid: Option<GridId>, code: StateCode, count: u32) -> Number {
        let of_grid = grid.map(|grid| format!("&grid={grid}")).unwrap_or_default();
        let mark = code.mark(self.lang);
        Number {
            words: mark.words,
            count,
            href: match self.depth {
                Depth::Households => {
                    format!("/households?period={}{of_grid}&state={}{}", self.period, code.code(), self.tail)
                }
                Depth::Figures => String::new(),
            },
            class: mark.class,
            letter: mark.letter,
        }
    }
}

fn sides(tally: &Tally) -> [(StateCode, u32); 3] {
    [
        (StateCode::Done, tally.done),
        (StateCode::Deducted, tally.deducted_total()),
        (StateCode::Open, tally.outstanding_total()),
    ]
}

fn bar(tally: &Tally) -> Vec<BarPart> {
    let place =
        |upto: u32| u32::try_from(u64::from(upto) * 1000 / u64::from(tally.due.max(1))).unwrap_or(1000);
    let mut before = 0;
    let part = |(code, count): (StateCode, u32)| {
        let from = place(before);
        before += count;
        BarPart { class: code.mark(Lang::Zh).class, from, length: place(before) - from }
    };
    sides(tally).into_iter().map(part).filter(|part| 0 < part.length).collect()
}

fn rates(tally: &Tally, lang: Lang) -> Vec<RateView> {
    let base = tally.due.saturating_sub(tally.deducted_total());
    let rate = |words, rate: Rate, base: u32, anchor| RateView {
        words,
        rate: rate.to_string(),
        made_of: lang.fill("overview.of", &[&tally.done.to_string(), &base.to_string()]),
        anchor,
    };
    vec![
        rate(lang.t("term.strict"), tally.strict(), tally.due, "strict"),
        rate(lang.t("term.adjusted"), tally.adjusted(), base, "adjusted"),
    ]
}

fn key(total: &Counted, period: Period) -> Option<KeyView> {
    let key = &total.key;
    let worth_showing = period.cadence() == Cadence::Quarter;
    worth_showing.then(|| KeyView { due: key.due, done: key.done, rate: key.strict().to_string() })
}

fn standing(input: &OverviewInput, lang: Lang) -> String {
    match input.standing {
        Standing::Running => lang.fill("standing.running", &[&input.as_of.to_string()]),
        Standing::Ended => {
            let suggested = ruhu_core::closing::suggested_on(input.period);
            lang.fill("standing.ended", &[&suggested.to_string()])
        }
        Standing::Closed { on } => lang.fill("standing.closed", &[&on.to_string()]),
    }
}

fn badges(input: &OverviewInput, lang: Lang) -> Vec<String> {
    let policy = match &input.policy {
        None => lang.t("standing.trial").to_owned(),
        Some(title) => lang.fill("standing.policy", &[title]),
    };
    let trial = input.trial.then(|| lang.t("standing.trial-period").to_owned());
    std::iter::once(policy).chain(trial).collect()
}

fn grid_view(row: &GridRow, input: &OverviewInput, lists: &Lists<'_>) -> GridView {
    let responsible = match input.depth {
        Depth::Figures => String::new(),
        Depth::Households if row.responsible.is_empty() => lists.lang.t("term.nobody").to_owned(),
        Depth::Households => row.responsible.clone(),
    };
    view_of(row.name.clone(), responsible, Some(row.grid), &row.counted, lists)
}

fn total_view(input: &OverviewInput, lists: &Lists<'_>) -> GridView {
    view_of(lists.lang.t("overview.total").to_owned(), String::new(), None, &input.total, lists)
}

fn view_of(
    name: String,
    responsible: String,
    grid: Option<GridId>,
    counted: &Counted,
    lists: &Lists<'_>,
) -> GridView {
    let tally = &counted.tally;
    let lang = lists.lang;
    let numbers = std::iter::once((StateCode::Due, tally.due)).chain(sides(tally));
    let remarks = [
        (lang.t("term.late"), tally.taken_over_late),
        (lang.t("term.covered"), tally.covered),
        (lang.t("term.extra"), tally.extra),
    ];
    let remarks =
        remarks.iter().filter(|(_, count)| 0 < *count).map(|(words, count)| format!("{words} {count}"));
    GridView {
        name,
        responsible,
        numbers: numbers.map(|(code, count)| lists.number(grid, code, count)).collect(),
        strict: tally.strict().to_string(),
        adjusted: tally.adjusted().to_string(),
        key: format!("{} / {}", counted.key.due, counted.key.done),
        remarks: remarks.collect::<Vec<_>>().join(" · "),
    }
}

fn orders(input: &OverviewInput, lang: Lang) -> Vec<Tab> {
    let tab = |words: &str, query: &str, order: GridOrder| Tab {
        words: words.to_owned(),
        href: format!("/?period={}{query}{}", input.period, input.tail),
        here: input.order == order,
        count: None,
    };
    vec![
        tab(lang.t("overview.order-address"), "", GridOrder::Address),
        tab(lang.t("overview.order-open"), "&order=open", GridOrder::Outstanding),
    ]
}
