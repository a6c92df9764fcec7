//! What comes of a knock: the truth behind the door, as far as it shows itself to who stands in front of it.

use chrono::{Days, Months, NaiveDate, NaiveDateTime, NaiveTime};
use ruhu_core::roster::Informant;
use ruhu_core::time::WorkCalendar;
use ruhu_core::visit::{Appointment, Companion, MeetingPlace, VisitOutcome};

use super::{Diary, Errand, Found, Knock, words};
use crate::city::{DoorNo, Family, FamilyNo, Manner, Tenure};
use crate::dice::Dice;
use crate::world::{Abode, What, World};

/// What comes of one knock at a moment, by a worker who remembers nothing of earlier ones.
#[must_use]
pub fn at_door(world: &World, calendar: &WorkCalendar, errand: &Errand, at: NaiveDateTime) -> Knock {
    knock(world, calendar, &Diary::default(), errand, at)
}

/// Knocks at the door of an errand.
pub(super) fn knock(
    world: &World,
    calendar: &WorkCalendar,
    diary: &Diary,
    errand: &Errand,
    at: NaiveDateTime,
) -> Knock {
    let mut dice = dice_of(world, errand, at);
    let mut knock = blank(errand, at);
    if world.door(errand.door).is_none_or(|door| !door.real) {
        knock.outcome = VisitOutcome::NoSuchAddress;
        return knock;
    }
    match errand.family.and_then(|family| world.abode(family).map(|abode| (family, abode))) {
        None => vacant_door(world, calendar, &mut dice, &mut knock),
        Some((family, Abode::Behind(door))) if door == errand.door => {
            at_home(world, calendar, diary, family, &mut dice, &mut knock);
        }
        Some((family, abode)) => left(world, calendar, diary, (family, abode), &mut dice, &mut knock),
    }
    came_along(&mut dice, &mut knock);
    knock
}

/// Calls a family that has not been met in spite of attempts; `None` when nobody answers.
pub(super) fn call(world: &World, errand: &Errand, at: NaiveDateTime) -> Option<Knock> {
    let family = errand.family?;
    if !world.picks_up(family, at) {
        return None;
    }
    let mut knock = blank(errand, at);
    match world.abode(family)? {
        Abode::Behind(door) if door == errand.door => {
            knock.outcome = VisitOutcome::Phone;
            let mut dice = dice_of(world, errand, at);
            spoken_with(world, family, &mut dice, &mut knock);
        }
        Abode::Elsewhere => knock.outcome = VisitOutcome::RegisteredOnly,
        Abode::Gone { on } => {
            knock.outcome = VisitOutcome::MovedAway { told_by: Informant::Resident, left_on: Some(on) };
            knock.learnt = world.untold(family);
        }
        Abode::Behind(door) => lives_at(world, family, door, Informant::Resident, &mut knock),
        Abode::PartOf { family: into, on } => {
            part_of(world, family, into, on, Informant::Resident, &mut knock)
        }
    }
    Some(knock)
}

/// A family that found a note comes to the office; `None` for all who do not.
pub(super) fn comes_to_office(world: &World, errand: &Errand, at: NaiveDateTime) -> Option<Knock> {
    let family = errand.family.filter(|family| world.abode(*family) == Some(Abode::Behind(errand.door)))?;
    let mut dice = dice_of(world, errand, at);
    if !dice.chance(30) {
        return None;
    }
    let mut knock = blank(errand, at);
    knock.outcome = VisitOutcome::CameToOffice;
    spoken_with(world, family, &mut dice, &mut knock);
    Some(knock)
}

fn blank(errand: &Errand, at: NaiveDateTime) -> Knock {
    Knock {
        errand: *errand,
        at,
        written: at,
        outcome: VisitOutcome::NotHome { note_left: false },
        slip: None,
        child_alone: false,
        met: Vec::new(),
        learnt: Vec::new(),
        found: Vec::new(),
        requests: Vec::new(),
        hazards: Vec::new(),
        appointment: None,
        note: "",
        note_for_next: "",
        came_along: Vec::new(),
    }
}

fn dice_of(world: &World, errand: &Errand, at: NaiveDateTime) -> Dice {
    // A vacant door and the family behind it are told apart by the door's own numbers, far from any family's.
    let who = errand.family.unwrap_or(FamilyNo(u32::MAX - errand.door.0));
    world.moment("knock", who, at)
}

fn at_home(
    world: &World,
    calendar: &WorkCalendar,
    diary: &Diary,
    family: FamilyNo,
    dice: &mut Dice,
    knock: &mut Knock,
) {
    let Some(one) = world.family(family) else { return };
    let expected =
        diary.appointments.get(&knock.errand.unit).is_some_and(|agreed| agreed.on == knock.at.date());
    if !(world.opens(family, knock.at, calendar) || expected && dice.chance(930)) {
        nobody(world, dice, knock, 45);
        return;
    }
    let child = one.members.iter().any(|member| (7..=15).contains(&member.age_on(knock.at.date())));
    if child && !expected && dice.chance(60) {
        knock.child_alone = true;
        return;
    }
    match one.manner {
        Manner::Unsafe => knock.outcome = VisitOutcome::Unsafe,
        Manner::Declines => {
            let until = dice.chance(350).then(|| knock.at.date() + Months::new(dice.between(3, 11)));
            knock.outcome = VisitOutcome::Declined { do_not_ask_until: until };
        }
        _ if !expected && dice.chance(35) => reschedule(dice, knock),
        manner => {
            let inside = manner == Manner::Inside;
            knock.outcome =
                VisitOutcome::Met { place: if inside { MeetingPlace::Inside } else { MeetingPlace::Door } };
            spoken_with(world, family, dice, knock);
            successors(world, family, knock);
        }
    }
}

/// Nobody opens; a neighbour may say something, a note may be left.
fn nobody(world: &World, dice: &mut Dice, knock: &mut Knock, told_permille: u32) {
    let in_the_stair = dice.chance(told_permille);
    knock.outcome = if in_the_stair {
        VisitOutcome::Told { by: informant(dice) }
    } else {
        VisitOutcome::NotHome { note_left: dice.chance(450) }
    };
    if dice.chance(8) {
        knock.hazards.extend(dice.pick(words::HAZARDS).copied());
    }
    if world.door(knock.errand.door).is_some() && dice.chance(15) {
        knock.note = dice.word(words::NOTES);
    }
}

/// What comes up once somebody talks: what changed, what is asked for, what is noticed.
fn spoken_with(world: &World, family: FamilyNo, dice: &mut Dice, knock: &mut Knock) {
    let Some(one) = world.family(family) else { return };
    knock.met = one.adults(knock.at.date()).into_iter().take(1).map(str::to_owned).collect();
    if 1 < one.members.len() && dice.chance(300) {
        knock.met = one.adults(knock.at.date()).into_iter().take(2).map(str::to_owned).collect();
    }
    knock.learnt = world.untold(family);
    if dice.chance(85) {
        knock.requests.extend(dice.pick(words::REQUESTS).copied());
    }
    if dice.chance(25) {
        knock.hazards.extend(dice.pick(words::HAZARDS).copied());
    }
    if dice.chance(40) {
        knock.note = dice.word(words::NOTES);
    }
    if dice.chance(30) {
        knock.note_for_next = dice.word(words::FOR_NEXT);
    }
}

fn reschedule(dice: &mut Dice, knock: &mut Knock) {
    let on = knock.at.date() + Days::new(u64::from(dice.between(1, 6)));
    let at = NaiveTime::from_hms_opt(18 + dice.below(2), 30, 0);
    knock.outcome = VisitOutcome::Rescheduled;
    knock.appointment = Some(Appointment { on, at });
}

/// A household that split off under the same roof is met with its parents.
fn successors(world: &World, family: FamilyNo, knock: &mut Knock) {
    let split = knock.learnt.iter().filter_map(|no| world.event(*no)).filter_map(|event| match event.what {
        What::SplitOff { into, .. } => Some((into, event.on)),
        _ => None,
    });
    let found = split.filter_map(|(into, since)| match world.abode(into)? {
        Abode::Behind(door) => Some(Found::Newcomers { family: into, door, since, came_from: Some(family) }),
        _ => None,
    });
    knock.found = found.collect();
}

fn vacant_door(world: &World, calendar: &WorkCalendar, dice: &mut Dice, knock: &mut Knock) {
    let Some(family) = world.behind(knock.errand.door).next() else {
        let confirmed_by = dice.chance(260).then(|| {
            let word = [
                (Informant::PropertyManager, 4),
                (Informant::BuildingSteward, 4),
                (Informant::Landlord, 1),
                (Informant::Neighbour, 3),
            ];
            dice.weighted(&word, Informant::Neighbour)
        });
        knock.outcome = VisitOutcome::Vacant { confirmed_by };
        return;
    };
    if !world.opens(family, knock.at, calendar) {
        // Light behind the window, shoes at the door: let to somebody, nobody knows to whom.
        let lit = world.family(family).is_some_and(|one| one.tenure == Tenure::Let) && dice.chance(600);
        if lit {
            knock.outcome = VisitOutcome::LetUnverified;
        } else {
            nobody(world, dice, knock, 30);
        }
        return;
    }
    let place = if world.family(family).is_some_and(|one| one.manner == Manner::Inside) {
        MeetingPlace::Inside
    } else {
        MeetingPlace::Door
    };
    knock.outcome = VisitOutcome::Met { place };
    spoken_with(world, family, dice, knock);
    knock.found = newcomers(world, knock.errand.door, knock.at.date());
}

/// Everybody who lives behind a door, as newcomers.
fn newcomers(world: &World, door: DoorNo, today: NaiveDate) -> Vec<Found> {
    let found = world.behind(door).map(|family| Found::Newcomers {
        family,
        door,
        since: world.lives_there_since(family).unwrap_or(today),
        came_from: world.came_from(family),
    });
    found.collect()
}

/// The family of the errand does not live here any more, or never did.
fn left(
    world: &World,
    calendar: &WorkCalendar,
    diary: &Diary,
    (family, abode): (FamilyNo, Abode),
    dice: &mut Dice,
    knock: &mut Knock,
) {
    let new_people = world.behind(knock.errand.door).next();
    let opened = new_people.is_some_and(|one| world.opens(one, knock.at, calendar));
    let tried = u32::try_from(diary.of(knock.errand.unit).len()).unwrap_or(0);
    // Who does not open may have gone, and after some attempts somebody in the stair says so.
    let told = opened || dice.chance(180 + 120 * tried.min(4));
    if !told {
        nobody(world, dice, knock, 0);
        return;
    }
    let by = if opened { Informant::Other } else { informant(dice) };
    match abode {
        Abode::Elsewhere => knock.outcome = VisitOutcome::RegisteredOnly,
        Abode::Gone { on } => {
            let left_on = dice.chance(600).then_some(on);
            knock.outcome = VisitOutcome::MovedAway { told_by: by, left_on };
            if by != Informant::Neighbour || opened {
                knock.learnt = world.untold(family);
            }
        }
        Abode::PartOf { family: into, on } => part_of(world, family, into, on, by, knock),
        Abode::Behind(door) => lives_at(world, family, door, by, knock),
    }
    if opened {
        knock.found.extend(newcomers(world, knock.errand.door, knock.at.date()));
    }
}

fn lives_at(world: &World, family: FamilyNo, door: DoorNo, by: Informant, knock: &mut Knock) {
    let since = world.lives_there_since(family).unwrap_or(knock.at.date());
    knock.outcome = VisitOutcome::Told { by };
    knock.found.push(Found::LivesAt { family, door, since });
    knock.learnt = world.untold(family);
}

fn part_of(
    world: &World,
    family: FamilyNo,
    into: FamilyNo,
    since: NaiveDate,
    by: Informant,
    knock: &mut Knock,
) {
    knock.outcome = VisitOutcome::Told { by };
    knock.found.push(Found::PartOf { family, into, since });
    knock.learnt = world.untold(family);
}

fn informant(dice: &mut Dice) -> Informant {
    let words = [
        (Informant::Neighbour, 5),
        (Informant::Landlord, 2),
        (Informant::BuildingSteward, 2),
        (Informant::PropertyManager, 2),
    ];
    dice.weighted(&words, Informant::Neighbour)
}

fn came_along(dice: &mut Dice, knock: &mut Knock) {
    if dice.chance(35) {
        let who = [
            (Companion::Colleague, 5),
            (Companion::BuildingSteward, 3),
            (Companion::Volunteer, 2),
            (Companion::PropertyManager, 1),
        ];
        knock.came_along.push(dice.weighted(&who, Companion::Colleague));
    }
}

impl Family {
    /// Whether anybody of it can be called.
    #[must_use]
    pub fn has_phone(&self) -> bool {
        self.members.iter().any(|member| member.phone.is_some())
    }
}
