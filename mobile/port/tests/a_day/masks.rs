//! What is shown of a household before it is opened, and questions in JSON.

use ruhu_port::Remedy;
use ruhu_port::ask::{Nothing, TodayAsk};
use ruhu_sim::village::{Village, field};

use crate::{CHILD, HER, ask, household, on};

#[test]
fn names_and_numbers_are_masked_until_one_household_is_opened_and_masked_again_when_another_is() {
    let village = Village::new(72, 3);
    let homes = village.homes(1);
    let mut phone = village.phone(1, "first");
    village.to("2026-07-02 10:00");
    for (key, value) in [
        (format!("m/{HER}/name"), "欧阳静好"),
        (format!("m/{HER}/phone"), "13912345678"),
        (format!("m/{HER}/c/low-income/since"), "2024-05"),
        (format!("m/{CHILD}/name"), "欧阳小小"),
        (format!("m/{CHILD}/birth"), "2020-03"),
    ] {
        phone.book.edit_fields(homes[0].unit(), &field(&key, value)).unwrap();
    }
    let unit = household(homes[0]);
    let (_, ()) = on(phone, |port| {
        let text = |shown: &ruhu_port::view::Household| format!("{shown:?}");
        let masked = port.household(ask(&unit)).unwrap();
        assert!(!text(&masked).contains("静好") && !text(&masked).contains("13912345678"), "{masked:?}");
        assert!(!text(&masked).contains("low-income") && masked.members.iter().any(|one| one.has_categories));
        let today = port.today(TodayAsk::default()).unwrap();
        assert!(!format!("{today:?}").contains("静好"));
        let open = port.open(ask(&unit)).unwrap();
        let her = open.members.iter().find(|one| one.person == HER).unwrap();
        assert_eq!((her.name.as_str(), her.categories[0].zh.as_str()), ("欧阳静好", "低保困难户"));
        let since = her.fields.iter().find(|one| one.key.ends_with("c/low-income/since")).unwrap();
        assert_eq!(since.value, "2024-05");
        assert!(since.why.len() > 1 && since.zh == "纳入日期");
        // A child under 14 has no name on a phone, opened or not.
        assert!(!text(&open).contains("小小"), "{open:?}");
        assert!(open.members.iter().any(|one| one.name == "儿童, 6 岁" && one.child));
        port.open(ask(&household(homes[1]))).unwrap();
        assert!(!port.household(ask(&unit)).unwrap().open);
        port.open(ask(&unit)).unwrap();
        port.open(ask(&unit)).unwrap();
        // Each look is noted, once a visit.
        let looks: Vec<String> =
            port.mine(Nothing {}).unwrap().looks.into_iter().map(|one| one.unit).collect();
        assert_eq!(looks, [unit.clone(), household(homes[1]), unit.clone()]);
        port.close(Nothing {}).unwrap();
        assert!(!text(&port.household(ask(&unit)).unwrap()).contains("静好"));
    });
}

#[test]
fn questions_in_json_are_answered_by_name_and_one_that_is_not_in_the_list_changes_nothing() {
    let village = Village::new(79, 3);
    let phone = village.phone(1, "first");
    let (_, ()) = on(phone, |port| {
        let state: serde_json::Value = serde_json::from_str(&port.ask("state", "{}").unwrap()).unwrap();
        assert_eq!(state["app"], "ruhu-test/1");
        assert!(port.ask("today", "{\"grid\":null}").unwrap().contains("\"quarter\""));
        assert_eq!(port.ask("wipe", "{}").unwrap_err().remedy, Remedy::CallSupport);
        assert_eq!(port.ask("today", "{\"grid\":5}").unwrap_err().remedy, Remedy::CallSupport);
        assert_eq!(port.ask("household", "{\"unit\":\"nobody\"}").unwrap_err().remedy, Remedy::FixForm);
    });
}
