use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_third_quarter_runs_from_july_to_september() {
    let quarter: Period = "2026Q3".parse().unwrap();
    assert_eq!((quarter.first_day(), quarter.last_day()), (day("2026-07-01"), day("2026-09-30")));
    assert_eq!(quarter.months(), ["2026-07", "2026-08", "2026-09"].map(|text| text.parse().unwrap()));
    assert_eq!(quarter.next().to_string(), "2026Q4");
    assert_eq!("2026-01".parse::<Period>().unwrap().previous().to_string(), "2025-12");
}

#[test]
fn days_left_count_the_day_itself() {
    let quarter: Period = "2026Q3".parse().unwrap();
    assert_eq!(quarter.days_left(day("2026-09-01")), 30);
    assert_eq!(quarter.days_left(day("2026-09-02")), 29);
    assert_eq!(quarter.days_left(day("2026-10-01")), 0);
}

#[test]
fn nonsense_names_no_period() {
    for text in ["2026Q5", "2026-13", "2026", "Q3", "", "二〇二六年"] {
        assert!(text.parse::<Period>().is_err(), "{text}");
    }
}

#[test]
fn a_late_evening_in_utc_is_the_next_morning_in_china() {
    let at: DateTime<Utc> = "2026-07-01T17:00:00Z".parse().unwrap();
    assert_eq!(Zone::CHINA.date(at), day("2026-07-02"));
    assert_eq!(Zone::CHINA.instant(Zone::CHINA.date(at), Zone::CHINA.time(at)), at);
}

#[test]
fn half_past_five_is_evening() {
    let at = |text: &str| DayBand::of(text.parse().unwrap());
    assert_eq!(at("11:59:59"), DayBand::Morning);
    assert_eq!(at("12:00:00"), DayBand::Afternoon);
    assert_eq!(at("17:29:00"), DayBand::Afternoon);
    assert_eq!(at("17:30:00"), DayBand::Evening);
}

#[test]
fn a_make_up_sunday_is_worked_and_the_national_day_is_not() {
    let calendar = WorkCalendar::shipped().unwrap();
    assert!(calendar.is_working_day(day("2026-09-20")));
    assert!(!calendar.is_working_day(day("2026-10-01")));
    assert_eq!(calendar.working_days(day("2026-09-28"), day("2026-10-08")), 4);
}
