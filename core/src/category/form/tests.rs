use super::*;
use crate::category::Category;

fn forms() -> CategoryForms {
    CategoryForms::shipped().unwrap()
}

fn own_fields(category: Category) -> Vec<String> {
    let forms = forms();
    let form = forms.form(&category.into()).unwrap();
    form.fields.iter().skip(8).map(|field| field.id.clone()).collect()
}

fn added(row: &str) -> Result<CategoryForms, BadForms> {
    forms().with_file(&format!("schema = \"ruhu-categories/1\"\n{row}"))
}

const ELDERS: &str = "[[category]]\nid = \"living-alone\"\nzh = \"独居老人\"\nen = \"elders living alone\"\ndepartment = \"民政\"\npurpose = \"定期探访\"\nlegal_basis = \"老年人权益保障法\"\nretention = \"6 months\"\nreview_every = \"1 month\"\n";

#[test]
fn the_six_forms_ask_what_the_service_needs_and_nothing_else() {
    let forms = forms();
    assert_eq!(forms.iter().count(), 6);
    for form in forms.iter() {
        let common: Vec<&str> = form.fields.iter().take(8).map(|field| field.id.as_str()).collect();
        let all = [
            "since",
            "until",
            "help_wanted",
            "help_given",
            "help_given_on",
            "source_department",
            "last_confirmed",
            "next_review",
        ];
        assert_eq!(common, all, "{}", form.id);
        assert_eq!(form.id.shipped().map(Category::zh), Some(form.zh.as_str()));
    }
    assert_eq!(
        own_fields(Category::Migrant),
        [
            "origin",
            "arrived",
            "tenure",
            "residence_permit",
            "permit_expires",
            "expected_stay",
            "school_places"
        ]
    );
    assert_eq!(
        own_fields(Category::LowIncome),
        ["aid", "members_covered", "review_due", "cause", "help_received"]
    );
    assert_eq!(
        own_fields(Category::PreferentialCare),
        ["kind", "certificate", "honour_plaque", "festival_visit"]
    );
    assert_eq!(
        own_fields(Category::Disabled),
        ["certificate", "certificate_expires", "type", "grade", "two_subsidies", "aids_wanted", "has_carer"]
    );
    assert_eq!(
        own_fields(Category::Unemployed),
        ["registered_on", "hard_to_place", "looking_for_work", "skills", "referral", "referral_result"]
    );
    assert_eq!(own_fields(Category::ChildbearingAge), ["wants_information", "service_asked", "referral"]);
}

#[test]
fn every_field_says_why_it_is_asked_on_what_basis_and_how_long_it_is_kept() {
    let forms = forms();
    for form in forms.iter() {
        for field in &form.fields {
            assert!(!field.purpose.is_empty() && !field.basis.is_empty() && !field.department.is_empty());
            assert!(
                field.retention.count() <= 12 && field.review_every.count() <= 12,
                "{}.{}",
                form.id,
                field.id
            );
        }
    }
    let disabled = forms.form(&Category::Disabled.into()).unwrap();
    let sensitive: Vec<&str> =
        disabled.fields.iter().filter(|one| one.sensitive).map(|one| one.id.as_str()).collect();
    assert_eq!(sensitive, ["type", "grade"]);
    insta::assert_json_snapshot!(disabled.field("has_carer"), @r#"
    {
      "id": "has_carer",
      "zh": "有照护人",
      "en": "has a carer",
      "kind": "yes-no",
      "sensitive": false,
      "purpose": "落实残疾人补贴、辅具和照护服务",
      "basis": "残疾人保障法",
      "department": "残联",
      "retention": "12 months",
      "review_every": "12 months"
    }
    "#);
}

#[test]
fn the_department_of_a_form_is_the_one_the_rule_text_names() {
    let texts = crate::policy::RuleTexts::shipped().unwrap();
    let categories =
        texts.text("d1b-town-model").unwrap().settings().iter().find(|one| one.field == "category");
    let rows = categories.unwrap().value.as_array().unwrap();
    let ids: Vec<&str> = rows.iter().filter_map(|row| row["id"].as_str()).collect();
    assert_eq!(ids, Category::ALL.map(|row| row.1));
}

#[test]
fn text_from_a_form_or_a_sheet_becomes_a_value_or_a_reason() {
    let forms = forms();
    let read = |category: Category, field: &str, text: &str| forms.check_value(&category.into(), field, text);
    assert_eq!(read(Category::LowIncome, "members_covered", " 3 "), Ok(FieldValue::Number(3)));
    assert_eq!(read(Category::LowIncome, "members_covered", "三"), Err(FieldProblem::NotANumber));
    assert_eq!(
        read(Category::LowIncome, "members_covered", "21"),
        Err(FieldProblem::OutOfRange { min: 0, max: 20 })
    );
    assert_eq!(
        read(Category::Migrant, "residence_permit", "已申请"),
        Ok(FieldValue::Choice("applied".into()))
    );
    assert_eq!(read(Category::Migrant, "residence_permit", "丢失"), Err(FieldProblem::NotAChoice));
    assert_eq!(read(Category::Unemployed, "looking_for_work", "是"), Ok(FieldValue::YesNo(true)));
    assert_eq!(read(Category::Unemployed, "looking_for_work", "也许"), Err(FieldProblem::NotYesOrNo));
    assert!(matches!(read(Category::Disabled, "since", "2024-05"), Ok(FieldValue::PartDate(_))));
    assert_eq!(read(Category::Disabled, "next_review", "2024-05"), Err(FieldProblem::NotADate));
    assert_eq!(
        read(Category::Unemployed, "skills", &"焊".repeat(101)),
        Err(FieldProblem::TooLong { max: 100 })
    );
    assert_eq!(read(Category::ChildbearingAge, "pregnant", "是"), Err(FieldProblem::UnknownField));
    assert_eq!(
        forms.check_value(&"living-alone".parse().unwrap(), "since", "2024"),
        Err(FieldProblem::UnknownCategory)
    );
}

#[test]
fn only_confirmed_forms_are_shown() {
    let mut confirmed = ConfirmedCategories::default();
    assert_eq!(forms().shown(&confirmed).count(), 0);
    let stated = crate::category::Confirmation {
        basis: "文件".into(),
        by: "民政局".into(),
        document_no: String::new(),
    };
    confirmed.confirm(Category::LowIncome.into(), stated);
    assert_eq!(forms().shown(&confirmed).map(|form| form.zh.clone()).collect::<Vec<_>>(), ["低保困难户"]);
    assert_eq!(forms().shown(&ConfirmedCategories::demonstration()).count(), 6);
}

#[test]
fn a_category_beside_the_six_comes_only_with_a_legal_basis() {
    let with_elders = added(ELDERS).unwrap();
    assert_eq!(with_elders.iter().count(), 7);
    let no_basis = ELDERS.replace("legal_basis = \"老年人权益保障法\"", "legal_basis = \"\"");
    assert!(matches!(added(&no_basis), Err(BadForms::NoLegalBasis { .. })));
}

#[test]
fn health_justice_and_belief_are_refused_whatever_a_file_states() {
    for words in ["严重精神障碍患者", "社区矫正对象", "信教群众"] {
        let error = added(&ELDERS.replace("独居老人", words)).unwrap_err();
        assert!(matches!(error, BadForms::Refused { .. }) && error.to_string().contains("不收集"), "{error}");
    }
    let field = format!(
        "{ELDERS}[[category.field]]\nid = \"faith\"\nzh = \"宗教信仰\"\nen = \"faith\"\ntype = \"yes-no\"\n"
    );
    assert!(matches!(added(&field), Err(BadForms::Refused { name, .. }) if name == "living-alone.faith"));
}

#[test]
fn a_file_cannot_widen_the_six() {
    let widened = ELDERS.replace("living-alone", "childbearing-age").replace("独居老人", "育龄妇女");
    assert!(matches!(added(&widened), Err(BadForms::BadField { name, .. }) if name == "childbearing-age"));
}

#[test]
fn a_field_without_a_basis_is_not_in_the_form() {
    let field = format!(
        "{ELDERS}[[category.field]]\nid = \"keys\"\nzh = \"备用钥匙\"\nen = \"keys\"\ntype = \"yes-no\"\nbasis = \"\"\n"
    );
    let forms = added(&field).unwrap();
    assert!(forms.form(&"living-alone".parse().unwrap()).unwrap().field("keys").is_none());
}

#[test]
fn a_slip_in_a_file_of_forms_is_named() {
    let typo = added(&ELDERS.replace("retention", "retain")).unwrap_err().to_string();
    assert!(typo.contains("retain") && typo.contains("line 9"), "{typo}");
    let field = |row: &str| {
        added(&format!("{ELDERS}[[category.field]]\nid = \"keys\"\nzh = \"钥匙\"\nen = \"keys\"\n{row}\n"))
    };
    for wrong in [
        "type = \"text\"",
        "type = \"text\"\nmax = 201",
        "type = \"number\"\nmin = 2\nmax = 1",
        "type = \"choice\"",
        "type = \"yes-no\"\nmax = 3",
    ] {
        assert!(matches!(field(wrong), Err(BadForms::BadField { .. })), "{wrong}");
    }
    assert!(matches!(added(&ELDERS.replace("6 months", "soon")), Err(BadForms::Unreadable { .. })));
}
