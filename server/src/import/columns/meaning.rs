//! What columns can mean, and the words headings use for it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use ruhu_core::category::Category;
use serde::{Deserialize, Serialize};

use crate::import::cells::tidy;

/// 含义 – what a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// 户编号 – the roster owner's number of a household.
    HouseholdCode,
    /// 房屋编号 – the roster owner's number of a dwelling.
    DwellingCode,
    /// 网格.
    Grid,
    /// 地址 in one cell.
    Address,
    /// 小区.
    Estate,
    /// 幢.
    Building,
    /// 单元.
    Stair,
    /// 楼层.
    Floor,
    /// 室.
    Door,
    /// 房屋状态 – lived in by owner or tenant, vacant, no home.
    Status,
    /// 重点户.
    KeyHousehold,
    /// 户主姓名, beside a dwelling.
    Head,
    /// 上次走访日期.
    LastVisit,
    /// 姓名 of one resident.
    Name,
    /// 身份证号.
    IdNumber,
    /// 性别.
    Sex,
    /// 出生日期.
    Birth,
    /// 联系电话.
    Phone,
    /// 与户主关系.
    Relation,
    /// 人员类别, several in one cell.
    Categories,
    /// A column of marks for one category.
    Category(Category),
    /// 人户分离.
    Separated,
    /// 迁入日期, 入住日期.
    MovedIn,
    /// 是否已迁出, 是否已死亡.
    Gone,
    /// 民族.
    Ethnicity,
    /// 政治面貌.
    Politics,
    /// 健康状况.
    Health,
    /// 文化程度.
    Education,
    /// 婚姻状况.
    Marriage,
    /// 宗教信仰.
    Belief,
    /// 户籍地, 工作单位, 备注 and others that are known and not kept.
    NotKept,
    /// 序号, and whatever a person says to ignore.
    Ignored,
}

/// Whether what stands in a column is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// 保存.
    Kept,
    /// 读取不保存 – read and checked only.
    ReadOnly,
    /// 跳过 – recognised and skipped.
    Skipped,
    /// 忽略.
    Ignored,
}

/// Meaning, the word shown for it, and other headings of the same meaning.
const WORDS: &[(Meaning, &str, &str)] = &[
    (
        Meaning::HouseholdCode,
        "户编号",
        "户号 户码 户籍编号 家庭编号 户id householdcode householdid householdno hhid hh_id",
    ),
    (
        Meaning::DwellingCode,
        "房屋编号",
        "房屋编码 房屋代码 房屋id 房屋号 标准地址编码 dwellingcode dwellingid unitid",
    ),
    (Meaning::Grid, "网格", "所属网格 网格名称 网格号 所在网格 基础网格 网格编号 grid gridname"),
    (
        Meaning::Address,
        "地址",
        "详细地址 家庭住址 住址 现住址 现住地址 居住地址 门牌地址 门牌 房屋地址 实际居住地 家庭地址 现居住地 居住地 常住地址 住房地址 address",
    ),
    (
        Meaning::Estate,
        "小区",
        "小区名称 所属小区 小区/建筑 现住小区 现住小区/建筑 小区/建筑名称 建筑名称 街巷 estate compound",
    ),
    (Meaning::Building, "幢", "楼栋 栋 楼号 幢号 栋号 楼栋号 楼幢 楼幢号 楼址 楼宇 座 building"),
    (Meaning::Stair, "单元", "单元号 门栋 门洞 stair unit entrance"),
    (Meaning::Floor, "楼层", "层 层数 所在楼层 floor"),
    (Meaning::Door, "室", "房号 室号 户室 门牌号 房间号 房间 户室号 门号 room door doornumber"),
    (
        Meaning::Status,
        "房屋状态",
        "房屋情况 住房性质 居住状态 房屋性质 居住情况 房屋用途 住房情况 房屋类型 是否空置 入住情况 居住类型 自住/出租 status tenure",
    ),
    (Meaning::KeyHousehold, "重点户", "是否重点户 重点户标记 是否为重点户 keyhousehold key"),
    (
        Meaning::Head,
        "户主姓名",
        "户主 户主名 户主名字 户主(姓名) 业主 业主姓名 承租人 head headname headofhousehold",
    ),
    (
        Meaning::LastVisit,
        "上次走访日期",
        "上次走访 最近走访日期 最近走访 最近走访时间 最后走访日期 上次走访时间 上次入户日期 最近入户日期 走访日期 走访时间 入户日期 入户时间 最近一次走访 lastvisit lastvisited",
    ),
    (Meaning::Name, "姓名", "居民姓名 成员姓名 家庭成员 人员姓名 家庭成员姓名 名字 name fullname"),
    (
        Meaning::IdNumber,
        "身份证号",
        "身份证 身份证号码 公民身份号码 公民身份证号 证件号码 证件号 身份号码 idnumber idcard",
    ),
    (Meaning::Sex, "性别", "男/女 sex gender"),
    (
        Meaning::Birth,
        "出生日期",
        "出生年月 出生年月日 生日 出生 出生时间 出生年份 birth birthdate dateofbirth dob",
    ),
    (
        Meaning::Phone,
        "联系电话",
        "电话 手机 手机号 手机号码 电话号码 联系方式 联系电话/手机 固定电话 座机 本人电话 户主电话 phone telephone tel mobile",
    ),
    (
        Meaning::Relation,
        "与户主关系",
        "与户主的关系 关系 户主关系 家庭关系 和户主关系 relation relationtohead relationship",
    ),
    (
        Meaning::Categories,
        "人员类别",
        "类别 重点类别 人口类别 人群类别 服务对象类别 人员类型 服务对象 特殊人群 category categories",
    ),
    (Meaning::Separated, "人户分离", "是否人户分离 人户是否分离 separated"),
    (Meaning::MovedIn, "迁入日期", "入住日期 入住时间 迁入时间 迁入日 movedin"),
    (Meaning::Gone, "是否已迁出", "是否已死亡 是否迁出 是否死亡 已迁出 已死亡 是否去世"),
    (Meaning::Ethnicity, "民族", "ethnicity"),
    (Meaning::Politics, "政治面貌", "党员 是否党员 politics"),
    (Meaning::Health, "健康状况", "健康 身体状况 病史 health"),
    (Meaning::Education, "文化程度", "学历 教育程度 education"),
    (Meaning::Marriage, "婚姻状况", "婚姻 婚否 婚育状况 marriage maritalstatus"),
    (Meaning::Belief, "宗教信仰", "信仰 宗教 religion"),
    (
        Meaning::NotKept,
        "备注",
        "说明 户籍地 户籍地址 户籍所在地 户籍小区 户籍小区/建筑 工作单位 职业 就业情况 工作学习情况 工作学习 人口数 家庭人口数 人数 家庭人数 迁出日期 迁往地 死亡日期 是否重点人员 户口性质 户籍性质 年龄 面积 房屋面积 note remarks",
    ),
    (Meaning::Ignored, "忽略", "序号 编号 no no. 序 行号 # ignore 跳过"),
];

impl Meaning {
    /// The word shown for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        if let Self::Category(category) = self {
            return category.zh();
        }
        WORDS.iter().find(|(meaning, ..)| *meaning == self).map_or("忽略", |(_, word, _)| word)
    }

    /// Every meaning a column can be given, in the order in which they are offered.
    pub fn all() -> impl Iterator<Item = Self> {
        let of_categories = || Category::ALL.into_iter().map(|(category, ..)| Self::Category(category));
        WORDS.iter().flat_map(move |(meaning, ..)| {
            let after = (*meaning == Self::Categories).then(of_categories).into_iter().flatten();
            std::iter::once(*meaning).chain(after)
        })
    }

    /// Whether several columns of a table may have it.
    #[must_use]
    pub const fn may_repeat(self) -> bool {
        matches!(self, Self::Phone | Self::NotKept | Self::Ignored | Self::Gone)
    }

    /// The category of a column of marks.
    #[must_use]
    pub const fn category(self) -> Option<Category> {
        match self {
            Self::Category(category) => Some(category),
            _ => None,
        }
    }

    /// Whether what stands in such a column is kept; identity numbers only when a basis was stated.
    #[must_use]
    pub const fn kept(self) -> Kept {
        match self {
            Self::IdNumber => Kept::ReadOnly,
            Self::Ethnicity
            | Self::Politics
            | Self::Health
            | Self::Education
            | Self::Marriage
            | Self::Belief
            | Self::Separated
            | Self::NotKept => Kept::Skipped,
            Self::Ignored => Kept::Ignored,
            _ => Kept::Kept,
        }
    }

    /// The meaning of a word given by hand.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::of_heading(word)
    }

    /// The meaning of a heading, whatever spaces, marks and remarks stand in it.
    #[must_use]
    pub fn of_heading(heading: &str) -> Option<Self> {
        let whole = plain(heading);
        if whole.is_empty() || whole.chars().count() > 30 {
            return None;
        }
        exact(&whole)
            .or_else(|| exact(&without_brackets(&whole)))
            .or_else(|| exact(whole.trim_end_matches(|sign: char| sign.is_ascii_digit())))
            .or_else(|| whole.rsplit('/').next().filter(|last| *last != whole).and_then(exact))
            .or_else(|| by_part(&whole))
    }

    /// Every word that `--map` understands.
    #[must_use]
    pub fn known_words() -> String {
        WORDS.iter().map(|(_, word, _)| *word).collect::<Vec<_>>().join("、")
    }
}

/// Heading without spaces, stars, colons and case.
pub(super) fn plain(heading: &str) -> String {
    tidy(heading)
        .chars()
        .filter(|sign| !matches!(sign, ' ' | '*' | ':' | '_' | '★' | '※' | '"' | '“' | '”'))
        .flat_map(char::to_lowercase)
        .collect()
}

fn without_brackets(text: &str) -> String {
    let mut depth = 0u32;
    text.chars()
        .filter(|sign| match sign {
            '(' | '[' | '【' | '〔' => {
                depth += 1;
                false
            }
            ')' | ']' | '】' | '〕' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
        .collect()
}

fn exact(text: &str) -> Option<Meaning> {
    // Every cell of every row is asked whether it is a heading: the table is searched, not walked.
    static BY_WORD: LazyLock<BTreeMap<String, Meaning>> = LazyLock::new(|| {
        let spelled = |(meaning, word, others): &(Meaning, &'static str, &'static str)| {
            let meaning = *meaning;
            others.split(' ').chain([*word]).map(move |word| (plain(word), meaning)).collect::<Vec<_>>()
        };
        WORDS.iter().rev().flat_map(spelled).collect()
    });
    let found = BY_WORD.get(text).copied();
    let asks = text.trim_start_matches("是否");
    found.or_else(|| Category::from_words(text).or_else(|| Category::from_words(asks)).map(Meaning::Category))
}

/// What a longer heading is about, where one word in it settles that.
fn by_part(text: &str) -> Option<Meaning> {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["物业", "业委会", "房东", "紧急", "监护"]) {
        return Some(Meaning::NotKept);
    }
    if has(&["户籍", "迁往", "单位", "籍贯"]) {
        return Some(Meaning::NotKept);
    }
    let rules: [(&[&str], Meaning); 13] = [
        (&["身份证", "公民身份", "证件号"], Meaning::IdNumber),
        (&["与户主"], Meaning::Relation),
        (&["民族"], Meaning::Ethnicity),
        (&["政治面貌"], Meaning::Politics),
        (&["健康", "疾病", "病种"], Meaning::Health),
        (&["文化程度", "学历"], Meaning::Education),
        (&["婚姻"], Meaning::Marriage),
        (&["宗教"], Meaning::Belief),
        (&["上次走访", "最近走访", "上次入户", "最近入户", "最后走访"], Meaning::LastVisit),
        (&["重点户"], Meaning::KeyHousehold),
        (&["出生"], Meaning::Birth),
        (&["电话", "手机", "联系方式"], Meaning::Phone),
        (&["住址", "地址"], Meaning::Address),
    ];
    rules.iter().find(|(words, _)| has(words)).map(|(_, meaning)| *meaning)
}
