//! 字段名称 – the plain fields and their choices in words, so that forms, sheets and screens name them alike.

use super::field::{MemberField, ProfileField};

impl ProfileField {
    /// Every field in the order of the form, with its name in Chinese and in English.
    pub const FORM: [(Self, &'static str, &'static str); 7] = [
        (Self::Phone, "联系电话", "Telephone"),
        (Self::Phone2, "备用电话", "Second telephone"),
        (Self::Tenure, "居住方式", "Tenure"),
        (Self::Head, "户主", "Head"),
        (Self::PreferredContact, "联系方式偏好", "Preferred contact"),
        (Self::BestTime, "方便的时间", "Convenient time"),
        (Self::NoteForNext, "下次留言", "Note for the next visit"),
    ];
}

impl MemberField {
    /// Every field in the order of the form, with its name in Chinese and in English.
    pub const FORM: [(Self, &'static str, &'static str); 9] = [
        (Self::Name, "姓名", "Name"),
        (Self::Relation, "与户主关系", "Relation to the head"),
        (Self::Sex, "性别", "Sex"),
        (Self::Birth, "出生", "Born"),
        (Self::Phone, "电话", "Telephone"),
        (Self::Here, "居住状态", "Lives here"),
        (Self::IdNumber, "身份证号", "Identity number"),
        (Self::Joined, "入户日期", "Joined on"),
        (Self::Left, "离户日期", "Left on"),
    ];
}

const CHOICES: [(&str, &str, &str); 18] = [
    ("owned", "自有", "owned"),
    ("rented", "租住", "rented"),
    ("lent", "借住", "lent"),
    ("public", "公房", "public housing"),
    ("visit", "上门", "visit"),
    ("phone", "电话", "telephone"),
    ("message", "短信", "message"),
    ("office", "到社区", "at the office"),
    ("morning", "上午", "morning"),
    ("afternoon", "下午", "afternoon"),
    ("evening", "傍晚", "evening"),
    ("weekend", "周末", "weekend"),
    ("any", "都可以", "any time"),
    ("male", "男", "male"),
    ("female", "女", "female"),
    ("resident", "常住", "lives here"),
    ("registered-only", "人户分离", "registered only"),
    ("away", "外出", "away"),
];

/// A choice of a plain field in Chinese and in English; `None` for what is no such choice.
#[must_use]
pub fn choice_label(id: &str) -> Option<(&'static str, &'static str)> {
    CHOICES.iter().find(|one| one.0 == id).map(|one| (one.1, one.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_plain_field_has_a_name_and_every_choice_has_words() {
        assert_eq!(ProfileField::FORM.len(), ProfileField::ALL.len());
        assert_eq!(MemberField::FORM.len(), MemberField::ALL.len());
        let lists = [
            &ProfileField::TENURE[..],
            &ProfileField::CONTACT,
            &ProfileField::TIMES,
            &MemberField::SEX,
            &MemberField::HERE,
        ];
        for id in lists.concat() {
            assert!(choice_label(id).is_some(), "{id}");
        }
        assert_eq!(choice_label("nowhere"), None);
    }
}
