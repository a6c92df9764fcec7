use super::*;

#[test]
fn the_words_of_sheets_find_their_category() {
    let found = |words: &[&str]| words.iter().map(|text| Category::from_words(text)).collect::<Vec<_>>();
    assert_eq!(found(&["流动人口", "租户"]), [Some(Category::Migrant); 2]);
    assert_eq!(
        found(&["育龄妇女", "育(孕)龄妇女", "育(孕)龄妇女", "育***孕***龄妇女", " 育 龄 "]),
        [Some(Category::ChildbearingAge); 5]
    );
    assert_eq!(found(&["低保困难户", "低保户", "低保", "Low-Income"]), [Some(Category::LowIncome); 4]);
    assert_eq!(found(&["优抚对象", "退役军人"]), [Some(Category::PreferentialCare); 2]);
    assert_eq!(found(&["残疾人", "残疾"]), [Some(Category::Disabled); 2]);
    assert_eq!(found(&["下岗失业人员", "失业"]), [Some(Category::Unemployed); 2]);
    assert_eq!(found(&["", "独居老人", "党员", "低保户甲"]), [None; 4]);
    for (category, id, zh) in Category::ALL {
        assert_eq!(found(&[id, zh]), [Some(category); 2]);
        assert_eq!(CategoryId::from(category).shipped(), Some(category));
        assert_eq!(serde_json::to_value(category).unwrap(), id);
    }
}

#[test]
fn health_justice_and_belief_are_refused_with_a_reason() {
    let cases = [
        ("严重精神障碍患者", RefusedKind::Health),
        ("HIV", RefusedKind::Health),
        ("社区矫正对象", RefusedKind::Justice),
        ("刑满释放人员", RefusedKind::Justice),
        ("重点人口", RefusedKind::Justice),
        ("信访户", RefusedKind::Justice),
        ("宗教信仰", RefusedKind::Belief),
        ("ethnic group", RefusedKind::Belief),
    ];
    for (words, kind) in cases {
        assert_eq!(read_words(words), CategoryWord::Refused(kind), "{words}");
        assert!(kind.to_string().contains("不收集"));
    }
    assert_eq!(read_words("archive"), CategoryWord::Unknown);
    assert_eq!(read_words("独居老人"), CategoryWord::Unknown);
    assert_eq!(read_words("低保"), CategoryWord::Known(Category::LowIncome));
}

#[test]
fn a_confirmation_without_a_basis_is_none() {
    let mut confirmed = ConfirmedCategories::default();
    let stated =
        |basis: &str| Confirmation {
            basis: basis.into(), by: "民政局".into(), document_no: String::new()
        };
    assert!(!confirmed.confirm(Category::LowIncome.into(), stated(" ")));
    assert!(confirmed.confirm(Category::LowIncome.into(), stated("社会救助暂行办法")));
    insta::assert_json_snapshot!(confirmed, @r#"
    {
      "low-income": {
        "basis": "社会救助暂行办法",
        "by": "民政局",
        "document_no": ""
      }
    }
    "#);
    assert_eq!(ConfirmedCategories::demonstration().iter().count(), 6);
}

#[test]
fn an_id_of_a_category_is_plain() {
    for text in ["", "Low-Income", "低保", "a b", "a/b"] {
        assert!(text.parse::<CategoryId>().is_err(), "{text}");
    }
    assert!(serde_json::from_str::<CategoryId>("\"a/b\"").is_err());
}
