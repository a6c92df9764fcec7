//! From a finding that is final to a line of the ledger: the worker reads the rule on his phone, answers, appeals, is heard.

use ruhu_core::entry::{Amount, LineKind, Ruling};
use ruhu_core::ledger::Standing;
use ruhu_server::ledger::LineError;
use ruhu_server::ledger::propose::Proposing;
use ruhu_server::recheck::draw::Method;
use ruhu_sim::village::Village;

use super::findings::{APART, SECOND, ask_again};
use super::review::{HOMES, made_up};

fn story(village: &Village) {
    let (mut phones, _) = made_up(village);
    let (hub, lead, community) = (village.hub.hub(), village.hub.lead(), village.hub.community());
    let period = "2026Q3".parse().unwrap();
    let id = hub.draw_recheck(lead, (community, hub.make_id()), period, (Method::Signals, 20)).unwrap();
    let [first, second, third] = &mut phones[..] else { panic!("three phones") };
    ask_again(village, second, id, (1, 2));
    let finding = hub.ask_account(lead, community, (id, 0), "2026-09-27".parse().unwrap(), "请说明").unwrap();
    ask_again(village, third, id, (2, 3));
    village.to("2026-09-28 09:00");
    hub.decide_finding(SECOND, community, finding, Ruling::Falsified, "两人先后询问均否认").unwrap();

    // While he may appeal against the finding nothing can be proposed; then by the rules in force alone.
    let propose = |rule: &str| {
        let reply_by = hub.today(community).unwrap() + chrono::Duration::days(7);
        let proposing =
            Proposing { rule: rule.parse().unwrap(), reply_by, words: "认定已经生效".into() };
        hub.propose_line(lead, community, finding, proposing)
    };
    assert!(matches!(propose("D1b-20"), Err(LineError::NotFinal)));
    village.to("2026-10-14 09:00");
    assert!(matches!(propose("D1b-25"), Err(LineError::NotOffered)), "a legal hold is on it");
    let line = propose("D1b-20").unwrap();

    // Only his own phone is told; he reads the rule, answers without a line, and it waits with everything else.
    for colleague in [&mut *second, &mut *third] {
        village.sync(colleague);
        assert_eq!(colleague.book.own_lines().unwrap(), []);
    }
    village.sync(first);
    let told = first.book.own_lines().unwrap().remove(0);
    assert_eq!((told.id, told.kind, told.amount), (line, LineKind::Review, Amount::Unset));
    assert_eq!(
        (told.standing, told.may_reply, told.reason.as_str()),
        (Standing::Draft, true, "认定已经生效")
    );
    assert!(told.quote.contains("按照獎懲制度給予處罰"), "{}", told.quote);
    first.book.reply_line(line, "已经补访").unwrap();
    let confirm = |by| hub.confirm_line(by, community, line, "照规定办理");
    assert!(matches!(confirm(SECOND), Err(LineError::NotAnswered { .. })), "nobody has heard it yet");
    village.sync(first);
    assert!(matches!(confirm(lead), Err(LineError::SamePerson)));
    confirm(SECOND).unwrap();

    // He appeals; nothing takes effect until an account with no part in line or finding has heard him.
    village.to("2026-10-16 09:00");
    village.sync(first);
    assert!(first.book.own_lines().unwrap()[0].may_appeal);
    first.book.appeal_line(line, "请再看看").unwrap();
    village.sync(first);
    village.to("2026-12-01 09:00");
    village.sync(first);
    let waiting = first.book.own_lines().unwrap().remove(0);
    assert_eq!((waiting.standing, waiting.ended), (Standing::Appealed, false));
    let hear = |by| hub.hear_line_appeal(by, community, line, true, "撤销");
    assert!(matches!(hear(SECOND), Err(LineError::SamePerson)));
    hear(APART).unwrap();
    village.sync(first);
    let heard = first.book.own_lines().unwrap().remove(0);
    assert_eq!(
        (heard.standing, heard.heard_words.as_str(), heard.ended),
        (Standing::Withdrawn, "撤销", true)
    );
    village.assert_verifies();
    assert_eq!(village.waiting(), [], "nothing was refused on the way");
}

#[test]
fn a_line_of_the_ledger_is_read_answered_appealed_against_and_dropped() {
    story(&Village::new(64, HOMES));
}

mod on_postgres {
    use ruhu_server::storage::DatabaseAt;
    use ruhu_server::storage::postgres::Server;
    use ruhu_tests::cluster::Cluster;
    use ruhu_tests::folder;

    use super::{HOMES, Village, story};

    #[test]
    fn a_line_of_the_ledger_comes_to_the_same_there() {
        let (cluster, folder) = (Cluster::shared(), folder::new().unwrap());
        let address = cluster.database();
        let at: DatabaseAt = address.parse::<Server>().unwrap().or_keys_in(folder.path()).into();
        story(&Village::on(at, folder, 64, HOMES));
    }
}
