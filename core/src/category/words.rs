//! The words sheets use for categories, and the words no sheet may bring in.

use super::Category;

/// What the words of a sheet mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CategoryWord {
    /// One of the six.
    Known(Category),
    /// 不得收集 – read by the import, never kept, whatever is confirmed.
    Refused(RefusedKind),
    /// None of the six: kept only where a file with a legal basis adds it.
    Unknown,
}

/// 不得收集 – kinds of marks this product refuses by design (`domain.md` 2.6, 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum RefusedKind {
    /// 健康 – belongs to the health system.
    #[error(
        "健康类信息(如严重精神障碍)由卫生健康系统管理,本系统不收集 / health marks belong to the health system and are not collected here"
    )]
    Health,
    /// 司法、公安 – belongs to justice and police.
    #[error(
        "司法、公安类信息(如社区矫正、涉毒、信访)依法保密,本系统不收集 / justice and police marks are confidential by law and are not collected here"
    )]
    Justice,
    /// 信仰、民族、观点 – no service purpose.
    #[error(
        "信仰、民族、政治态度与服务无关,本系统不收集 / belief, ethnicity and opinion serve no service and are not collected here"
    )]
    Belief,
}

const KNOWN: [(Category, &[&str]); 6] = [
    (Category::Migrant, &["流动人口", "计生流动人员", "流动人员", "外来人口", "外来人员", "租户", "migrant"]),
    (
        Category::ChildbearingAge,
        &["育龄妇女", "育孕龄妇女", "孕龄妇女", "已婚育龄妇女", "育龄", "childbearing-age"],
    ),
    (
        Category::LowIncome,
        &[
            "低保困难户",
            "低保户",
            "低保",
            "低保对象",
            "困难户",
            "最低生活保障",
            "特困",
            "低收入",
            "low-income",
        ],
    ),
    (
        Category::PreferentialCare,
        &["优抚对象", "优抚", "优扶对象", "退役军人", "军属", "烈属", "军烈属", "preferential-care"],
    ),
    (Category::Disabled, &["残疾人", "残疾", "残疾人员", "持证残疾人", "disabled"]),
    (
        Category::Unemployed,
        &["下岗失业人员", "下岗失业", "失业人员", "失业", "下岗", "下岗人员", "就业困难人员", "unemployed"],
    ),
];

const REFUSED: [(RefusedKind, &[&str]); 3] = [
    (
        RefusedKind::Health,
        &[
            "精神障碍",
            "精神病",
            "肇事肇祸",
            "传染病",
            "艾滋",
            "肝炎",
            "结核",
            "癌",
            "病史",
            "怀孕",
            "避孕",
            "mental-illness",
            "hiv",
        ],
    ),
    (
        RefusedKind::Justice,
        &[
            "社区矫正",
            "矫正对象",
            "刑满",
            "刑释",
            "安置帮教",
            "前科",
            "吸毒",
            "涉毒",
            "戒毒",
            "信访",
            "上访",
            "涉稳",
            "涉恐",
            "重点青少年",
            "重点人口",
            "重点人员",
            "布控",
            "邪教",
            "correction",
            "ex-convict",
            "drug",
            "drugs",
            "petition",
            "petitioner",
        ],
    ),
    (
        RefusedKind::Belief,
        &[
            "宗教",
            "信教",
            "信仰",
            "教徒",
            "民族",
            "政治态度",
            "政治面貌",
            "思想动态",
            "religion",
            "ethnic",
            "ethnicity",
            "political",
        ],
    ),
];

/// What the words of a sheet mean. Refused words are refused wherever they stand in the text.
#[must_use]
pub fn read_words(text: &str) -> CategoryWord {
    match (category(text), refused(text)) {
        (Some(category), _) => CategoryWord::Known(category),
        (None, Some(kind)) => CategoryWord::Refused(kind),
        (None, None) => CategoryWord::Unknown,
    }
}

/// Whether the words name something that must not be collected: health, justice, belief.
#[must_use]
pub fn refused(text: &str) -> Option<RefusedKind> {
    // English words match whole: an archive is no HIV.
    let tokens = text.split(|sign: char| !sign.is_ascii_alphanumeric()).filter(|token| !token.is_empty());
    let tokens = format!("-{}-", tokens.collect::<Vec<_>>().join("-").to_lowercase());
    let text = bare(text);
    let names = |word: &str| {
        if word.is_ascii() { tokens.contains(&format!("-{word}-")) } else { text.contains(word) }
    };
    REFUSED.iter().find(|(_, words)| words.iter().any(|word| names(word))).map(|(kind, _)| *kind)
}

pub(super) fn category(text: &str) -> Option<Category> {
    let text = bare(text);
    KNOWN.iter().find(|(_, words)| words.contains(&text.as_str())).map(|(category, _)| *category)
}

/// Without spaces, brackets and the asterisks a word filter leaves: `育(孕)龄妇女` and `育***孕***龄妇女` are one.
fn bare(text: &str) -> String {
    let kept = text.chars().filter(|sign| !sign.is_whitespace() && !"()()[]【】*·、".contains(*sign));
    kept.collect::<String>().to_lowercase()
}
