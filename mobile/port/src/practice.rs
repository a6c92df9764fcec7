//! 练习楼道 – one stair with six invented doors, each for one thing a day at the doors asks for. Tried on the same screens
//! over the same core; nothing of it counts, is kept or is sent.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use ruhu_core::category::{Category, Confirmation, ConfirmedCategories, Scalar};
use ruhu_core::community::{AdoptedRules, CommunityFact};
use ruhu_core::entry::{Kind, Record, UnitFact};
use ruhu_core::fact::Fact;
use ruhu_core::fieldbook::Invented;
use ruhu_core::ids::{CommunityId, DwellingId, GridId, HouseholdId, PersonId, WorkerId, derived};
use ruhu_core::policy::VisitPolicy;
use ruhu_core::roster::{Address, Assignment, AssignmentKind, Community, DwellingUse, Grid, Unit};
use ruhu_core::time::{Period, Zone};

use crate::ask::{Nothing, PracticeAsk};
use crate::view::{LessonLine, Practice, State};
use crate::{Port, Trouble};

/// Everything invented is known since so many days before the quarter: all six doors are due, and none is overdue.
const KNOWN_DAYS_BEFORE: u64 = 10;
/// Names of every id in the practice follow from it.
const DOMAIN: &str = "ruhu practice";

/// 一课 – what one door is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lesson {
    code: &'static str,
    dwelling: DwellingId,
}

/// One invented door. Nobody lives there, has that name or that number.
struct Home {
    code: &'static str,
    floor: i16,
    door: &'static str,
    /// Name, birth, relation; the head first. Nobody where the roster says it is empty.
    people: &'static [(&'static str, &'static str, &'static str)],
    phone: &'static str,
    tenure: &'static str,
}

const HOMES: [Home; 6] = [
    Home {
        code: "unchanged",
        floor: 1,
        door: "101",
        people: &[("王练习", "1978-03", "户主"), ("李练习", "1980-11", "配偶")],
        phone: "10000000101",
        tenure: "owned",
    },
    Home {
        code: "not-home",
        floor: 1,
        door: "102",
        people: &[("陈练习", "1991-06", "户主")],
        phone: "10000000102",
        tenure: "rented",
    },
    Home {
        code: "key",
        floor: 2,
        door: "201",
        people: &[("赵练习", "1951-02", "户主")],
        phone: "10000000201",
        tenure: "public",
    },
    Home {
        code: "moved-in",
        floor: 2,
        door: "202",
        people: &[("孙练习", "1969-09", "户主")],
        phone: "10000000202",
        tenure: "owned",
    },
    Home { code: "vacant", floor: 3, door: "301", people: &[], phone: "", tenure: "" },
    Home { code: "tenant", floor: 3, door: "302", people: &[], phone: "", tenure: "" },
];

/// Whose door it is that has a category form to look at.
const KEY_LESSON: &str = "key";

impl Port {
    /// 练习 – begins it anew, or ends it and forgets it.
    ///
    /// # Errors
    /// [`Trouble`]; the real book, and a practice that was going on, are as they were.
    pub fn practise(&mut self, ask: PracticeAsk) -> Result<State, Trouble> {
        // Made first, put in its place last: whoever cannot begin anew goes on practising, and never over the real book.
        let next = if ask.on { Some(Box::new(self.begun()?)) } else { None };
        (self.practice, self.opened) = (next, None);
        self.asked().state(Nothing {})
    }

    fn begun(&mut self) -> Result<Self, Trouble> {
        let book = self.book.practice(&invented(self.book.today()?))?;
        let lessons = HOMES.iter().map(lesson).collect();
        Ok(Self { lessons, ..Self::new(book, &self.app).reading(Arc::clone(&self.initials)) })
    }

    /// Whom a question is for: the practice while one is going on, the real book else.
    pub(crate) fn asked(&mut self) -> &mut Self {
        match self.practice {
            Some(ref mut practice) => practice,
            None => self,
        }
    }

    /// 六扇门 – what each is for, and where something was recorded already. `None` in the real book.
    pub(crate) fn lesson_lines(&self) -> Result<Option<Practice>, Trouble> {
        if !self.book.is_practice() {
            return Ok(None);
        }
        let units = self.book.units()?;
        let door_of = |unit: Unit| units.iter().find(|line| line.unit == unit).and_then(|line| line.dwelling);
        let tried: Vec<DwellingId> = self
            .book
            .receipts()?
            .iter()
            .filter(|one| one.kind == Kind::Record && !matches!(one.record, Some(Record::Withdrawal(_))))
            .filter_map(|one| door_of(one.unit?))
            .collect();
        let lines = self.lessons.iter().map(|lesson| LessonLine {
            code: lesson.code.to_owned(),
            dwelling: lesson.dwelling.to_string(),
            tried: tried.contains(&lesson.dwelling),
        });
        Ok(Some(Practice { lessons: lines.collect() }))
    }
}

fn lesson(home: &Home) -> Lesson {
    Lesson { code: home.code, dwelling: door(home) }
}

fn door(home: &Home) -> DwellingId {
    derived(DOMAIN, &[b"door", home.code.as_bytes()])
}

fn household(home: &Home) -> Unit {
    Unit::Household(derived::<HouseholdId>(DOMAIN, &[b"household", home.code.as_bytes()]))
}

fn person(home: &Home, nth: usize) -> PersonId {
    derived(DOMAIN, &[b"person", home.code.as_bytes(), nth.to_string().as_bytes()])
}

fn invented(today: NaiveDate) -> Invented {
    let quarter = Period::quarter_of(today);
    let since = quarter.first_day().checked_sub_days(Days::new(KNOWN_DAYS_BEFORE)).unwrap_or(today);
    let recorded_at: DateTime<Utc> = Zone::CHINA.instant(since, NaiveTime::MIN);
    let community: CommunityId = derived(DOMAIN, &[b"community"]);
    let grid: GridId = derived(DOMAIN, &[b"grid"]);
    let worker: WorkerId = derived(DOMAIN, &[b"worker"]);
    Invented {
        community,
        grid,
        worker,
        worker_name: "练习".to_owned(),
        recorded_at,
        facts: about_community(community, grid, worker, since),
        units: HOMES.iter().flat_map(|home| about(home, grid, since, today)).collect(),
        fields: HOMES.iter().filter(|home| !home.people.is_empty()).map(fields).collect(),
    }
}

fn about_community(
    community: CommunityId,
    grid: GridId,
    worker: WorkerId,
    since: NaiveDate,
) -> Vec<CommunityFact> {
    let mut categories = ConfirmedCategories::default();
    let (basis, by) = ("练习".to_owned(), "练习".to_owned());
    categories.confirm(Category::LowIncome.into(), Confirmation { basis, by, document_no: String::new() });
    vec![
        CommunityFact::Named(Community {
            id: community,
            name: "练习社区".to_owned(),
            street: String::new(),
            county: String::new(),
            code: String::new(),
        }),
        CommunityFact::WentLive { on: since },
        CommunityFact::GridDrawn(Grid {
            id: grid,
            community,
            name: "练习网格".to_owned(),
            code: String::new(),
        }),
        CommunityFact::Assigned(Assignment {
            grid,
            worker,
            kind: AssignmentKind::Responsible,
            from: since,
            until: None,
        }),
        CommunityFact::PolicyAdopted(Box::new(AdoptedRules {
            visits: VisitPolicy::default_trial(),
            categories,
            adoption: String::new(),
        })),
    ]
}

fn about(home: &Home, grid: GridId, since: NaiveDate, today: NaiveDate) -> Vec<UnitFact> {
    let dwelling = door(home);
    let address = Address {
        estate: "练习小区".to_owned(),
        building: "1".to_owned(),
        stair: "1".to_owned(),
        floor: Some(home.floor),
        door: home.door.to_owned(),
        remainder: String::new(),
    };
    let listed = Fact::DwellingListed { address, used_as: DwellingUse::Home, grid, from: since };
    let mut facts = vec![UnitFact { unit: Unit::Vacant(dwelling), fact: listed }];
    if !home.people.is_empty() {
        let unit = household(home);
        // Moved in too late in the quarter before to be due in it.
        facts.push(UnitFact { unit, fact: Fact::Settled { dwelling, grid, from: Some(since) } });
        if home.code == KEY_LESSON {
            // Key on the last day of the month before is due this month, and in none before it (`coverage.md`).
            let on = Period::month_of(today).first_day().pred_opt().unwrap_or(since);
            facts.push(UnitFact { unit, fact: Fact::KeyMark { key: true, on } });
        }
    }
    facts
}

fn fields(home: &Home) -> (Unit, Vec<(String, Scalar)>) {
    let mut fields: Vec<(String, Scalar)> = vec![
        ("p/phone".to_owned(), home.phone.into()),
        ("p/tenure".to_owned(), home.tenure.into()),
        ("p/head".to_owned(), person(home, 0).to_string().as_str().into()),
    ];
    for (nth, (name, birth, relation)) in home.people.iter().enumerate() {
        let key = |field: &str| format!("m/{}/{field}", person(home, nth));
        fields.extend([
            (key("name"), Scalar::from(*name)),
            (key("birth"), Scalar::from(*birth)),
            (key("relation"), Scalar::from(*relation)),
        ]);
    }
    if home.code == KEY_LESSON {
        let form = |field: &str| format!("m/{}/c/{}/{field}", person(home, 0), Category::LowIncome.id());
        fields.extend([
            (form("since"), Scalar::from("2024-05")),
            (form("aid"), Scalar::from("minimum-living")),
        ]);
    }
    (household(home), fields)
}
