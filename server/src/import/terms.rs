//! 词表 – the words rosters use for what the product knows, in one place.

use serde::{Deserialize, Serialize};

/// 住房性质 – how a household holds its dwelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tenure {
    /// 自住.
    Owned,
    /// 租住.
    Rented,
    /// 借住.
    Lent,
    /// 单位房, 公租房.
    Public,
    /// Lived in, and nothing more is said.
    Unsaid,
}

impl Tenure {
    /// The choice kept in `p/tenure`, one of [`ruhu_core::category::ProfileField::TENURE`].
    #[must_use]
    pub const fn word(self) -> Option<&'static str> {
        match self {
            Self::Owned => Some("owned"),
            Self::Rented => Some("rented"),
            Self::Lent => Some("lent"),
            Self::Public => Some("public"),
            Self::Unsaid => None,
        }
    }
}

/// 房屋状态 – what a roster says of a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Somebody lives there.
    Lived(Tenure),
    /// 空置.
    Vacant,
    /// 非住宅.
    NonResidential,
    /// 已灭失.
    Gone,
}

/// The state of a door by any usual word.
#[must_use]
pub fn status(word: &str) -> Option<Status> {
    let word = word.trim_matches(['(', ')', '[', ']']);
    Some(match word {
        "自住" | "自有" | "自有住房" | "自购" | "产权自有" | "业主" | "业主自住" | "owner" | "owned"
        | "owner-occupied" => Status::Lived(Tenure::Owned),
        "出租" | "租住" | "租赁" | "租房" | "承租" | "租户" | "群租" | "合租" | "已出租" | "rented"
        | "rent" | "tenant" => Status::Lived(Tenure::Rented),
        "借住" | "借用" => Status::Lived(Tenure::Lent),
        "公租房" | "廉租房" | "单位房" | "公房" | "宿舍" => Status::Lived(Tenure::Public),
        "常住" | "有人" | "入住" | "有人居住" | "其他" | "other" => Status::Lived(Tenure::Unsaid),
        "空置" | "空" | "空户" | "空房" | "空置房" | "无人" | "无人居住" | "空关" | "空挂" | "待租"
        | "未入住" | "vacant" | "empty" => Status::Vacant,
        "非住宅" | "商铺" | "商用" | "门面" | "办公" | "仓库" | "车库" | "店面" | "经营" | "shop"
        | "office" => Status::NonResidential,
        "拆除" | "已拆除" | "灭失" | "已灭失" | "拆迁" | "已拆迁" | "demolished" => {
            Status::Gone
        }
        _ => return None,
    })
}

/// 与户主关系 – relation to head, without the detail of GB/T 4761.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationToHead {
    /// 户主.
    Head,
    /// 配偶.
    Spouse,
    /// 子女.
    Child,
    /// 父母, also of the spouse.
    Parent,
    /// 祖父母.
    Grandparent,
    /// 孙子女.
    Grandchild,
    /// 兄弟姐妹.
    Sibling,
    /// 儿媳, 女婿.
    ChildInLaw,
    /// 其他.
    Other,
}

impl RelationToHead {
    /// The word kept in `m/<person>/relation`.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Head => "户主",
            Self::Spouse => "配偶",
            Self::Child => "子女",
            Self::Parent => "父母",
            Self::Grandparent => "祖父母",
            Self::Grandchild => "孙子女",
            Self::Sibling => "兄弟姐妹",
            Self::ChildInLaw => "儿媳女婿",
            Self::Other => "其他",
        }
    }
}

/// A relation by any usual word.
#[must_use]
pub fn relation(word: &str) -> Option<RelationToHead> {
    Some(match word {
        "户主" | "本人" | "户主本人" | "本人或户主" | "head" | "self" => RelationToHead::Head,
        "配偶" | "妻" | "夫" | "妻子" | "丈夫" | "夫妻" | "爱人" | "spouse" | "wife" | "husband" => {
            RelationToHead::Spouse
        }
        "子女" | "子" | "女" | "儿子" | "女儿" | "长子" | "次子" | "三子" | "长女" | "次女" | "三女"
        | "独生子" | "独生女" | "养子" | "养女" | "继子" | "继女" | "child" | "son" | "daughter" => {
            RelationToHead::Child
        }
        "父母" | "父" | "母" | "父亲" | "母亲" | "岳父" | "岳母" | "公公" | "婆婆" | "岳父母" | "公婆"
        | "parent" | "father" | "mother" => RelationToHead::Parent,
        "祖父母" | "祖父" | "祖母" | "爷爷" | "奶奶" | "外祖父" | "外祖母" | "外公" | "外婆" | "姥姥"
        | "姥爷" | "grandparent" => RelationToHead::Grandparent,
        "孙子女" | "孙子" | "孙女" | "外孙" | "外孙女" | "外孙子" | "孙" | "外孙子女" | "重孙" | "曾孙"
        | "grandchild" => RelationToHead::Grandchild,
        "兄弟姐妹" | "兄" | "弟" | "姐" | "妹" | "哥哥" | "弟弟" | "姐姐" | "妹妹" | "兄弟" | "姐妹"
        | "sibling" | "brother" | "sister" => RelationToHead::Sibling,
        "儿媳女婿" | "儿媳" | "媳妇" | "女婿" | "儿媳妇" => RelationToHead::ChildInLaw,
        "其他" | "其它" | "其他亲属" | "亲属" | "非亲属" | "保姆" | "朋友" | "同住" | "租客" | "合租"
        | "other" => RelationToHead::Other,
        _ => return None,
    })
}

/// 性别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
}

impl Sex {
    /// The word kept in `m/<person>/sex`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
        }
    }
}

/// A sex by any usual word, or by its code in GB/T 2261.1.
#[must_use]
pub fn sex(word: &str) -> Option<Sex> {
    match word {
        "男" | "男性" | "1" | "m" | "male" => Some(Sex::Male),
        "女" | "女性" | "2" | "f" | "female" => Some(Sex::Female),
        _ => None,
    }
}

/// Yes or no by any usual mark.
#[must_use]
pub fn yes_no(word: &str) -> Option<bool> {
    match word {
        "是" | "有" | "√" | "✓" | "✔" | "☑" | "y" | "yes" | "1" | "true" | "v" | "对" | "重点户" | "重点"
        | "●" | "○√" => Some(true),
        "否" | "无" | "不是" | "没有" | "×" | "✗" | "✘" | "☐" | "n" | "no" | "0" | "false" | "x" | "-"
        | "/" | "非重点" | "普通" | "一般" | "普通户" | "一般户" | "○" => Some(false),
        _ => None,
    }
}
