//! People find their household, each once; then everything is counted.

use std::collections::BTreeMap;

use ruhu_core::category::PartDate;

use super::line::{Line, Personal};
use super::settle::{Assembly, Home};
use super::{Counts, ReadPerson, ReadRoster, ReadUse};
use crate::import::cells::{Identity, covers};
use crate::import::finding::{Code, Finding, Place};
use crate::import::terms::{RelationToHead, Status, Tenure};

/// A person while rows still arrive.
pub(super) struct Member {
    pub read: ReadPerson,
    identity: Option<Identity>,
    /// Known only as the head named with a dwelling.
    from_head: bool,
    marks_at: Option<u16>,
    identity_at: Option<u16>,
}

impl Member {
    pub(super) fn new(line: &Line, person: Personal, from_head: bool) -> Self {
        let name = person.name.unwrap_or_default();
        Self {
            read: ReadPerson {
                key: name.clone(),
                name,
                relation: person.relation,
                sex: person.sex,
                birth: person.birth,
                phones: person.phones,
                marks: person.marks.into_iter().map(|mark| mark.id().to_owned()).collect(),
                categories: Default::default(),
                separated: person.separated,
                id_number: None,
                also_at: None,
                place: line.place.clone(),
                struck: line.struck,
            },
            identity: person.identity,
            from_head,
            marks_at: line.marks_at,
            identity_at: line.identity_at,
        }
    }

    /// Same name, and nothing that tells the two apart.
    fn is_same(&self, other: &Self) -> bool {
        if self.read.name != other.read.name {
            return false;
        }
        if let (Some(one), Some(two)) = (&self.identity, &other.identity) {
            return one == two;
        }
        match (self.read.birth, other.read.birth) {
            (Some(PartDate::Day(one)), Some(two)) => covers(two, one),
            (Some(one), Some(PartDate::Day(two))) => covers(one, two),
            (Some(one), Some(two)) => one == two,
            _ => true,
        }
    }

    /// Fills what is not known yet from a second entry.
    fn fill(&mut self, other: Self) {
        let (mine, theirs) = (&mut self.read, other.read);
        mine.relation = mine.relation.or(theirs.relation);
        mine.sex = mine.sex.or(theirs.sex);
        mine.birth = mine.birth.or(theirs.birth);
        mine.separated = mine.separated.or(theirs.separated);
        if mine.phones.is_empty() {
            mine.phones = theirs.phones;
        }
        mine.marks.extend(theirs.marks);
        self.identity = self.identity.take().or(other.identity);
        self.marks_at = self.marks_at.or(other.marks_at);
        self.identity_at = self.identity_at.or(other.identity_at);
    }

    /// What a second entry of the person elsewhere would share.
    fn fingerprint(&self) -> Option<String> {
        match (&self.identity, self.read.birth, self.read.phones.first()) {
            (Some(identity), ..) => Some(identity.digits().to_owned()),
            (None, Some(PartDate::Day(day)), Some(phone)) => {
                Some(format!("{}|{day}|{phone}", self.read.name))
            }
            _ => None,
        }
    }
}

impl Assembly<'_> {
    /// Enters a person into a household; whether it was a new one.
    pub(super) fn meet(&mut self, nth: usize, mut member: Member) -> bool {
        let Some(home) = self.homes.get_mut(nth) else { return false };
        let place = member.read.place.clone();
        if let Some(known) = home.members.iter_mut().find(|known| known.is_same(&member)) {
            if member.from_head {
                known.fill(member);
                return false;
            }
            if known.from_head {
                // The head named with the dwelling turns up in the list: the list is what counts.
                std::mem::swap(known, &mut member);
                known.read.relation = known.read.relation.or(Some(RelationToHead::Head));
                known.fill(member);
                return true;
            }
            let first = known.read.place.clone();
            known.fill(member);
            self.note(&place, Code::PersonTwice { first });
            return false;
        }
        let mut notes = Vec::new();
        let of_name = home.members.iter().filter(|known| known.read.name == member.read.name).count();
        if of_name > 0 {
            member.read.key = format!("{}#{}", member.read.name, of_name + 1);
            notes.push(Code::PersonSameName);
        }
        let is_head = |one: &Member| one.read.relation == Some(RelationToHead::Head) && !one.from_head;
        if is_head(&member) && home.members.iter().any(is_head) {
            notes.push(Code::SecondHead);
        }
        home.members.push(member);
        for code in notes {
            self.note(&place, code);
        }
        true
    }

    /// Closes the books: who lives where, what is kept, and the counts.
    pub(super) fn finish(mut self, earlier: Vec<Finding>) -> ReadRoster {
        let mut roster =
            ReadRoster { findings: earlier, read_on: self.settings.today, ..ReadRoster::default() };
        let mut lived = vec![false; self.doors.len()];
        let mut first_seen: BTreeMap<String, (String, Place)> = BTreeMap::new();
        let mut unkept = Unkept::default();
        for mut home in std::mem::take(&mut self.homes) {
            if !self.is_lived_in(&home) {
                continue;
            }
            if let Some(lived) = lived.get_mut(home.door) {
                *lived = true;
            }
            self.note_home(&home);
            for mut member in std::mem::take(&mut home.members) {
                if let Some(print) = member.fingerprint() {
                    let own = (home.read.key.clone(), member.read.place.clone());
                    let (at, first) = first_seen.entry(print).or_insert(own);
                    if *at != home.read.key {
                        member.read.also_at = Some(first.clone());
                        let first = first.clone();
                        self.note(&member.read.place, Code::PersonElsewhere { first });
                    }
                }
                self.keep(&mut member, &mut unkept);
                home.read.members.push(member.read);
            }
            home.read.tenure = match home.status {
                Some(Status::Lived(tenure)) => Some(tenure),
                _ => None,
            };
            roster.households.push(home.read);
        }
        roster.findings.append(&mut self.findings);
        roster.findings.extend(unkept.findings());
        roster.dwellings = self.doors;
        roster.counts = count(&roster, &lived);
        roster
    }

    fn is_lived_in(&mut self, home: &Home) -> bool {
        let is_lived = !home.members.is_empty()
            || home.has_unnamed
            || matches!(home.status, Some(Status::Lived(_))) && !home.head_says_vacant;
        if is_lived {
            return true;
        }
        let is_home = self.doors.get(home.door).is_some_and(|door| door.used_as == ReadUse::Home);
        if is_home && home.status.is_none() && !home.head_says_vacant {
            self.note(&home.read.place, Code::NobodyNamed);
        }
        if home.read.last_visit.is_some() {
            self.note(&home.read.place, Code::VisitToVacant);
        }
        false
    }

    fn note_home(&mut self, home: &Home) {
        let says_vacant = home.head_says_vacant || matches!(home.status, Some(Status::Vacant));
        if says_vacant {
            self.note(&home.read.place, Code::VacantButLivedIn);
        }
        if home.has_list && home.members.iter().any(|one| one.from_head) {
            self.note(&home.read.place, Code::HeadNotListed);
        }
    }

    /// Keeps what may be kept of a person and counts what may not.
    fn keep(&self, member: &mut Member, unkept: &mut Unkept) {
        let read = &mut member.read;
        let place = |column| Place { sheet: read.place.sheet.clone(), row: None, column };
        if let Some(identity) = &member.identity {
            if self.settings.id_basis.is_some() {
                read.id_number = Some(identity.digits().to_owned());
            } else {
                *unkept.identities.entry(place(member.identity_at)).or_default() += 1;
            }
        }
        for mark in &read.marks {
            if self.settings.confirmed.contains(mark) {
                read.categories.insert(mark.clone());
            } else if read.also_at.is_none() {
                *unkept.marks.entry((place(member.marks_at), mark.clone())).or_default() += 1;
            }
        }
    }
}

/// What was read and not kept, by column.
#[derive(Default)]
struct Unkept {
    identities: BTreeMap<Place, u32>,
    marks: BTreeMap<(Place, String), u32>,
}

impl Unkept {
    fn findings(self) -> impl Iterator<Item = Finding> {
        let identities = self
            .identities
            .into_iter()
            .map(|(place, count)| Finding { place, code: Code::IdNotKept { count } });
        let marks = self.marks.into_iter().map(|((place, category), count)| Finding {
            place,
            code: Code::CategoryNotKept { category, count },
        });
        identities.chain(marks)
    }
}

fn count(roster: &ReadRoster, lived: &[bool]) -> Counts {
    let mut counts = Counts::default();
    for (door, lived) in roster.dwellings.iter().zip(lived) {
        counts.dwellings += 1;
        counts.vacant += u32::from(!lived && door.used_as == ReadUse::Home);
        *counts.per_grid.entry(door.grid.clone().unwrap_or_default()).or_default() += 1;
    }
    for home in &roster.households {
        counts.households += 1;
        counts.key_households += u32::from(home.is_key == Some(true));
        counts.with_last_visit += u32::from(home.last_visit.is_some());
        counts.rented += u32::from(home.tenure == Some(Tenure::Rented));
        for person in home.members.iter().filter(|person| person.also_at.is_none()) {
            counts.persons += 1;
            for mark in &person.marks {
                *counts.categories.entry(mark.clone()).or_default() += 1;
            }
        }
    }
    counts
}
