use super::*;
use proptest::prelude::*;

const PERSON: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

fn key(text: &str) -> FieldKey {
    FieldKey::parse(text).unwrap_or_else(|problem| panic!("{text}: {problem}"))
}

fn member_key(field: &str) -> FieldKey {
    key(&format!("m/{PERSON}/{field}"))
}

fn words(text: &str) -> Scalar {
    Scalar::Str(text.to_owned())
}

#[test]
fn every_field_of_the_schema_has_one_key_that_reads_back() {
    let mut keys: Vec<String> = ProfileField::ALL.iter().map(|(_, name)| format!("p/{name}")).collect();
    keys.extend(MemberField::ALL.iter().map(|(_, name)| format!("m/{PERSON}/{name}")));
    for form in CategoryForms::shipped().unwrap().iter() {
        keys.extend(form.fields.iter().map(|field| format!("m/{PERSON}/c/{}/{}", form.id, field.id)));
    }
    assert_eq!(keys.len(), 7 + 9 + 6 * 8 + 32);
    for text in keys {
        assert_eq!(key(&text).to_string(), text);
    }
}

#[test]
fn the_schema_is_closed() {
    let wrong = [
        "",
        "p",
        "p/",
        "p/wechat",
        "p/phone/x",
        "P/phone",
        " p/phone",
        "m/1/name",
        "m/01890a5d-ac96-774b-bcce-b302099a8057",
        "m/01890A5D-AC96-774B-BCCE-B302099A8057/name",
        "m/{01890a5d-ac96-774b-bcce-b302099a8057}/name",
        "m/01890a5dac96774bbcceb302099a8057/name",
        "m/01890a5d-ac96-774b-bcce-b302099a8057/religion",
        "m/01890a5d-ac96-774b-bcce-b302099a8057/c/low-income",
        "m/01890a5d-ac96-774b-bcce-b302099a8057/c/low-income/pregnant",
        "m/01890a5d-ac96-774b-bcce-b302099a8057/c/petitioner/since",
        "m/01890a5d-ac96-774b-bcce-b302099a8057/d/low-income/since",
    ];
    for text in wrong {
        assert!(FieldKey::parse(text).is_err(), "{text}");
    }
}

#[test]
fn values_that_fit_are_admitted() {
    let fits = [
        (key("p/phone"), words("138-0000 0001")),
        (key("p/tenure"), words("rented")),
        (key("p/best_time"), words("evening")),
        (key("p/note_for_next"), words("门铃坏了,请敲门")),
        (key("p/head"), words(PERSON)),
        (member_key("name"), words("王小明")),
        (member_key("birth"), words("1958-05")),
        (member_key("here"), words("registered-only")),
        (member_key("c/low-income/members_covered"), Scalar::Int(3)),
        (member_key("c/disabled/has_carer"), Scalar::Bool(false)),
        (member_key("c/migrant/residence_permit"), words("held")),
        (member_key("c/low-income/since"), words("2024")),
    ];
    for (key, value) in fits {
        assert_eq!(check_scalar(&key, &value), Ok(()), "{key}");
    }
}

#[test]
fn values_that_do_not_fit_are_refused_with_a_reason_that_holds_no_value() {
    let refused = [
        (key("p/phone"), words("微信 wx1"), FieldProblem::NotAPhone),
        (key("p/phone"), Scalar::Int(13_800_000_001), FieldProblem::WrongKind),
        (key("p/tenure"), words("squatted"), FieldProblem::NotAChoice),
        (key("p/head"), words("王小明"), FieldProblem::NotAMember),
        (key("p/head"), words(&PERSON.to_uppercase()), FieldProblem::NotAMember),
        (key("p/note_for_next"), words(&"字".repeat(201)), FieldProblem::TooLong { max: 200 }),
        (key("p/note_for_next"), words("两行\n字"), FieldProblem::HiddenSign),
        (member_key("name"), words("王\u{202e}明"), FieldProblem::HiddenSign),
        (member_key("birth"), words("1958-5"), FieldProblem::NotAPartDate),
        (member_key("sex"), words("男"), FieldProblem::NotAChoice),
        (member_key("c/low-income/members_covered"), words("3"), FieldProblem::WrongKind),
        (
            member_key("c/low-income/members_covered"),
            Scalar::Int(-1),
            FieldProblem::OutOfRange { min: 0, max: 20 },
        ),
        (member_key("c/disabled/has_carer"), words("是"), FieldProblem::WrongKind),
        (member_key("c/disabled/grade"), words("5"), FieldProblem::NotAChoice),
        (member_key("c/disabled/next_review"), words("2026"), FieldProblem::NotADate),
    ];
    for (key, value, problem) in refused {
        assert_eq!(check_scalar(&key, &value), Err(problem), "{key}");
    }
}

#[test]
fn any_field_can_be_cleared() {
    for text in ["p/phone", "p/tenure"] {
        assert_eq!(check_scalar(&key(text), &words("")), Ok(()));
    }
    for field in ["name", "birth", "id_number", "c/disabled/has_carer", "c/low-income/members_covered"] {
        assert_eq!(check_scalar(&member_key(field), &words("")), Ok(()), "{field}");
    }
}

#[test]
fn identity_numbers_are_off_until_the_organ_turns_them_on() {
    let (key, number) = (member_key("id_number"), words("11010119900101001X"));
    assert_eq!(check_scalar(&key, &number), Err(FieldProblem::SwitchedOff));
    let on = CategoryForms::shipped().unwrap().with_id_numbers();
    assert_eq!(on.check_scalar(&key, &number), Ok(()));
    for wrong in ["11010119900101001x", "1101011990010100", "X10101199001010011", "一1010119900101001X"] {
        assert_eq!(on.check_scalar(&key, &words(wrong)), Err(FieldProblem::NotAnIdNumber), "{wrong}");
    }
    assert!(MemberField::IdNumber.is_sensitive());
}

#[test]
fn a_community_with_an_added_category_has_a_wider_schema_and_others_have_not() {
    let file = "schema = \"ruhu-categories/1\"\n[[category]]\nid = \"living-alone\"\nzh = \"独居老人\"\nen = \"elders living alone\"\ndepartment = \"民政\"\npurpose = \"探访\"\nlegal_basis = \"老年人权益保障法\"\nretention = \"6 months\"\nreview_every = \"1 month\"\n[[category.field]]\nid = \"has_contact\"\nzh = \"有联系人\"\nen = \"has a contact\"\ntype = \"yes-no\"\n";
    let forms = CategoryForms::shipped().unwrap().with_file(file).unwrap();
    let text = format!("m/{PERSON}/c/living-alone/has_contact");
    let key = FieldKey::parse_in(&forms, &text).unwrap();
    assert_eq!(forms.check_scalar(&key, &Scalar::Bool(true)), Ok(()));
    assert_eq!(check_scalar(&key, &Scalar::Bool(true)), Err(FieldProblem::UnknownCategory));
    assert_eq!(FieldKey::parse(&text), Err(FieldProblem::UnknownCategory));
}

#[test]
fn a_scalar_is_stored_as_what_it_is() {
    insta::assert_json_snapshot!([Scalar::Bool(true), Scalar::Int(3), words("2024")], @r#"
    [
      true,
      3,
      "2024"
    ]
    "#);
}

proptest! {
    #[test]
    fn a_key_that_is_read_prints_as_itself_and_no_text_panics(text in "(p|m)/[a-z0-9_/-]{0,60}|\\PC{0,40}") {
        if let Ok(key) = FieldKey::parse(&text) {
            prop_assert_eq!(key.to_string(), text);
        }
    }

    #[test]
    fn no_value_panics_and_no_long_text_is_admitted(text in "\\PC{0,300}", number in any::<i64>(), nth in 0usize..16) {
        let profile = ProfileField::ALL.iter().map(|(field, _)| FieldKey::Profile(*field));
        let member = MemberField::ALL.iter().map(|(field, _)| FieldKey::Member(PERSON.parse().unwrap(), *field));
        let key = profile.chain(member).nth(nth).unwrap();
        prop_assert_eq!(check_scalar(&key, &Scalar::Int(number)), Err(if key.to_string().ends_with("id_number") { FieldProblem::SwitchedOff } else { FieldProblem::WrongKind }));
        if check_scalar(&key, &words(&text)).is_ok() {
            prop_assert!(text.chars().count() <= usize::from(TEXT_MAX));
        }
    }
}
