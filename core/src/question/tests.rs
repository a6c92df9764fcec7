use super::*;
use crate::category::RefusedKind;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn question(id: u8) -> Question {
    Question {
        id: QuestionId::from_bytes([id; 16]),
        zh: "家中是否使用瓶装燃气?".into(),
        en: "Is bottled gas used?".into(),
        department: "应急管理".into(),
        purpose: "安排免费安检".into(),
        basis: "城镇燃气管理条例".into(),
        asked_of: AskedOf::Everyone,
        from: day("2026-07-01"),
        until: day("2026-09-30"),
        kind: AnswerKind::YesNo,
        prefill: false,
        once_per: Cadence::Quarter,
    }
}

fn grid(id: u8) -> GridId {
    GridId::from_bytes([id; 16])
}

fn ids(questions: &[&Question]) -> Vec<u8> {
    questions.iter().map(|one| one.id.as_bytes()[0]).collect()
}

fn plain<'a>(categories: &'a BTreeSet<CategoryId>) -> Asked<'a> {
    Asked { grid: grid(1), is_key: false, categories }
}

fn yes(id: u8) -> Answer {
    Answer { question: QuestionId::from_bytes([id; 16]), value: AnswerValue::YesNo(true) }
}

fn problems(change: impl FnOnce(&mut Question)) -> Vec<QuestionProblem> {
    let mut one = question(1);
    change(&mut one);
    one.check().err().unwrap_or_default()
}

#[test]
fn a_question_without_a_purpose_or_a_basis_is_not_asked() {
    assert_eq!(problems(|_| {}), []);
    let bare = problems(|one| (one.purpose, one.basis) = (String::new(), " ".into()));
    assert_eq!(
        bare,
        [QuestionProblem::Missing(QuestionPart::Purpose), QuestionProblem::Missing(QuestionPart::Basis)]
    );
    assert_eq!(problems(|one| one.zh = "长".repeat(81)), [QuestionProblem::TooLong(QuestionPart::Words)]);
    assert_eq!(
        problems(|one| one.asked_of = AskedOf::Grids(BTreeSet::new())),
        [QuestionProblem::Missing(QuestionPart::AskedOf)]
    );
    assert_eq!(problems(|one| one.until = day("2026-06-30")), [QuestionProblem::Days]);
    assert_eq!(problems(|one| one.until = day("2027-07-02")), [QuestionProblem::Days]);
    assert_eq!(problems(|one| one.until = day("2027-07-01")), []);
}

#[test]
fn choices_bounds_and_lengths_must_make_sense() {
    let words = |zh: &str| ChoiceWords { zh: zh.into(), en: String::new() };
    for kind in [
        AnswerKind::Choice(vec![words("有")]),
        AnswerKind::Choice(vec![words("有"), words("有 ")]),
        AnswerKind::Choice(vec![words("有"), words("")]),
        AnswerKind::Number { min: 2, max: 1 },
        AnswerKind::Text { max: 0 },
        AnswerKind::Text { max: 201 },
    ] {
        assert_eq!(problems(|one| one.kind = kind.clone()), [QuestionProblem::Kind], "{kind:?}");
    }
}

#[test]
fn nobody_is_asked_about_belief_justice_or_illness() {
    assert_eq!(
        problems(|one| one.zh = "家中有无宗教信仰?".into()),
        [QuestionProblem::Refused(RefusedKind::Belief)]
    );
    let hidden = ChoiceWords { zh: "刑满释放".into(), en: String::new() };
    let plain = ChoiceWords { zh: "无".into(), en: String::new() };
    let kind = AnswerKind::Choice(vec![hidden, plain]);
    assert_eq!(problems(|one| one.kind = kind), [QuestionProblem::Refused(RefusedKind::Justice)]);
}

#[test]
fn a_question_is_asked_of_those_it_is_meant_for() {
    let low_income: CategoryId = crate::category::Category::LowIncome.into();
    let (none, some) = (BTreeSet::new(), BTreeSet::from([low_income.clone()]));
    let of = |id: u8, asked_of: AskedOf| Question { asked_of, ..question(id) };
    let questions = [
        of(1, AskedOf::Everyone),
        of(2, AskedOf::KeyHouseholds),
        of(3, AskedOf::WithCategory(low_income)),
        of(4, AskedOf::Grids([grid(2)].into())),
    ];
    let asked = |unit: Asked<'_>| ids(&open_for(&questions, &unit, &[], day("2026-08-01")));
    assert_eq!(asked(plain(&none)), [1]);
    assert_eq!(asked(Asked { is_key: true, ..plain(&none) }), [1, 2]);
    assert_eq!(asked(plain(&some)), [1, 3]);
    assert_eq!(asked(Asked { grid: grid(2), ..plain(&none) }), [1, 4]);
}

#[test]
fn a_question_is_asked_once_a_period_and_not_asked_is_no_answer() {
    let none = BTreeSet::new();
    let monthly = Question { once_per: Cadence::Month, ..question(2) };
    let questions = [question(1), monthly];
    let (first, second) = (yes(1), yes(2));
    let skipped = Answer { value: AnswerValue::NotAsked, ..yes(1) };
    let on = |visited_on: &str, answer| Answered { visited_on: day(visited_on), answer };
    let asked = |answered: &[Answered<'_>], today: &str| {
        ids(&open_for(&questions, &plain(&none), answered, day(today)))
    };
    assert_eq!(asked(&[], "2026-06-30"), [0u8; 0]);
    assert_eq!(asked(&[on("2026-07-05", &first), on("2026-07-05", &second)], "2026-07-20"), [0u8; 0]);
    assert_eq!(asked(&[on("2026-07-05", &first), on("2026-07-05", &second)], "2026-08-01"), [2]);
    assert_eq!(asked(&[on("2026-07-05", &skipped)], "2026-07-20"), [1, 2]);
    assert_eq!(asked(&[on("2026-06-30", &first)], "2026-07-20"), [1, 2], "an answer of the period before");
}

#[test]
fn a_visit_has_room_for_the_answers_to_its_questions() {
    assert_eq!(Question::PER_VISIT, usize::from(crate::visit::VisitDraft::ANSWERS_MAX));
}

#[test]
fn at_most_five_are_asked_and_those_that_end_first_come_first() {
    let none = BTreeSet::new();
    let mut questions: Vec<Question> = (1..=7).map(question).collect();
    questions[6].until = day("2026-07-31");
    assert_eq!(ids(&open_for(&questions, &plain(&none), &[], day("2026-07-10"))), [7, 1, 2, 3, 4]);
}

#[test]
fn a_sixth_question_that_could_meet_five_others_is_refused_with_the_day() {
    let mut others: Vec<Question> = (1..=5).map(question).collect();
    others[4].from = day("2026-08-15");
    let sixth = question(6);
    assert_eq!(
        sixth.check_among(&others),
        Err(vec![QuestionProblem::TooMany { day: day("2026-08-15"), count: 6 }])
    );
    let earlier = Question { until: day("2026-08-14"), ..question(6) };
    assert_eq!(earlier.check_among(&others), Ok(()));
    let elsewhere = |id: u8, grids: &[u8]| Question {
        asked_of: AskedOf::Grids(grids.iter().map(|id| grid(*id)).collect()),
        ..question(id)
    };
    let of_grid_1: Vec<Question> = (1..=5).map(|id| elsewhere(id, &[1])).collect();
    assert_eq!(elsewhere(6, &[2]).check_among(&of_grid_1), Ok(()));
    assert!(elsewhere(6, &[1, 2]).check_among(&of_grid_1).is_err());
    assert_eq!(others[0].check_among(&others), Ok(()), "a question is not its own rival");
}

#[test]
fn an_answer_fits_its_kind_or_is_not_asked() {
    let words = |zh: &str| ChoiceWords { zh: zh.into(), en: String::new() };
    let cases = [
        (AnswerKind::YesNo, AnswerValue::YesNo(false), AnswerValue::Number(1)),
        (AnswerKind::Choice(vec![words("有"), words("无")]), AnswerValue::Choice(1), AnswerValue::Choice(2)),
        (AnswerKind::Number { min: 0, max: 9 }, AnswerValue::Number(9), AnswerValue::Number(10)),
        (AnswerKind::Date, AnswerValue::Date(day("2026-07-05")), AnswerValue::Text("2026-07-05".into())),
        (AnswerKind::Text { max: 2 }, AnswerValue::Text("两字".into()), AnswerValue::Text("三个字".into())),
    ];
    for (kind, fitting, other) in cases {
        let one = Question { kind, ..question(1) };
        assert!(
            one.fits(&fitting) && one.fits(&AnswerValue::NotAsked) && !one.fits(&other),
            "{:?}",
            one.kind
        );
    }
}

#[test]
fn answers_belong_to_the_questions_of_the_visit_each_once() {
    let (one, two) = (question(1), question(2));
    assert_eq!(check_answers(&[&one, &two], &[yes(1), yes(2)]), Ok(()));
    assert_eq!(check_answers(&[&one, &two], &[]), Ok(()));
    let refused = Err(Problem::DoesNotFit(Field::Answers));
    assert_eq!(check_answers(&[&one], &[yes(2)]), refused);
    assert_eq!(check_answers(&[&one], &[yes(1), yes(1)]), refused);
    let text = Answer { value: AnswerValue::Text("是".into()), ..yes(1) };
    assert_eq!(check_answers(&[&one], &[text]), refused);
}

#[test]
fn the_last_answer_is_offered_where_the_question_wants_it() {
    let no = Answer { value: AnswerValue::YesNo(false), ..yes(1) };
    let (old, skipped) = (yes(1), Answer { value: AnswerValue::NotAsked, ..yes(1) });
    let answered = [
        Answered { visited_on: day("2026-06-01"), answer: &no },
        Answered { visited_on: day("2026-03-01"), answer: &old },
        Answered { visited_on: day("2026-06-20"), answer: &skipped },
    ];
    let wanted = Question { prefill: true, ..question(1) };
    assert_eq!(wanted.prefilled(&answered, day("2026-07-05")), Some(&AnswerValue::YesNo(false)));
    assert_eq!(question(1).prefilled(&answered, day("2026-07-05")), None);
    let changed = Question { kind: AnswerKind::Date, ..wanted };
    assert_eq!(changed.prefilled(&answered, day("2026-07-05")), None);
}

#[test]
fn a_question_travels_as_this_shape() {
    let one = Question {
        asked_of: AskedOf::WithCategory(crate::category::Category::LowIncome.into()),
        ..question(1)
    };
    insta::assert_json_snapshot!(one, @r#"
    {
      "id": "01010101-0101-0101-0101-010101010101",
      "zh": "家中是否使用瓶装燃气?",
      "en": "Is bottled gas used?",
      "department": "应急管理",
      "purpose": "安排免费安检",
      "basis": "城镇燃气管理条例",
      "asked_of": {
        "with_category": "low-income"
      },
      "from": "2026-07-01",
      "until": "2026-09-30",
      "kind": "yes_no",
      "prefill": false,
      "once_per": "quarter"
    }
    "#);
    let mut bytes = Vec::new();
    ciborium::into_writer(&one, &mut bytes).unwrap();
    assert_eq!(ciborium::from_reader::<Question, _>(bytes.as_slice()).unwrap(), one);
}

proptest! {
    #[test]
    fn what_is_asked_depends_on_no_order_and_is_never_more_than_five(
        ends in prop::collection::vec(1u32..30, 0..12),
        answered in prop::collection::vec(0u8..12, 0..6),
        turn in 0usize..12,
    ) {
        let none = BTreeSet::new();
        let ending = |(id, end): (u8, &u32)| Question { until: NaiveDate::from_ymd_opt(2026, 8, *end).unwrap(), ..question(id) };
        let questions: Vec<Question> = (0u8..).zip(&ends).map(ending).collect();
        let mut turned = questions.clone();
        turned.rotate_left(turn % questions.len().max(1));
        let answers: Vec<Answer> = answered.iter().map(|id| yes(*id)).collect();
        let answers: Vec<Answered<'_>> =
            answers.iter().map(|answer| Answered { visited_on: day("2026-07-02"), answer }).collect();
        let today = day("2026-08-10");
        let asked = open_for(&questions, &plain(&none), &answers, today);
        prop_assert_eq!(ids(&asked), ids(&open_for(&turned, &plain(&none), &answers, today)));
        prop_assert!(asked.len() <= Question::PER_VISIT);
        prop_assert!(asked.iter().all(|one| one.is_open(today) && !answered.contains(&one.id.as_bytes()[0])));
    }
}

#[test]
fn nobody_is_asked_for_a_number_or_a_password_at_the_door() {
    for words in ["户主身份证号码", "银行账号是多少", "请告知密码", "Your ID  number?"] {
        let asked = problems(|one| one.zh = words.into());
        assert_eq!(asked, [QuestionProblem::Numbers], "{words}");
    }
    assert_eq!(problems(|one| one.zh = "身份证快到期,需要上门办理吗".into()), []);
}
