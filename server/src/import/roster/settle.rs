//! Rows find their door and their household: by number, by address, or by standing below one.

use std::collections::BTreeMap;

use ruhu_core::roster::Address;

use super::line::{Line, Personal};
use super::people::Member;
use super::{ReadDwelling, ReadHousehold, ReadSettings, ReadUse};
use crate::import::cells::HeadCell;
use crate::import::columns::{Meaning, Table};
use crate::import::finding::{Code, Finding, Place};
use crate::import::terms::{RelationToHead, Status};

/// Doors and households while rows still arrive.
pub(super) struct Assembly<'a> {
    pub(super) settings: &'a ReadSettings,
    pub(super) doors: Vec<ReadDwelling>,
    pub(super) homes: Vec<Home>,
    pub(super) findings: Vec<Finding>,
    door_keys: BTreeMap<String, usize>,
    addresses: BTreeMap<String, usize>,
    codes: BTreeMap<String, usize>,
    /// Households of each door, in order.
    homes_of: BTreeMap<usize, Vec<usize>>,
}

/// A door's household, or its absence, while rows still arrive.
pub(super) struct Home {
    pub read: ReadHousehold,
    pub door: usize,
    pub members: Vec<Member>,
    pub status: Option<Status>,
    /// 户主栏 says 空 or 空置.
    pub head_says_vacant: bool,
    /// Whether rows of a list of people arrived.
    pub has_list: bool,
}

impl<'a> Assembly<'a> {
    pub(super) fn new(settings: &'a ReadSettings) -> Self {
        Self {
            settings,
            doors: Vec::new(),
            homes: Vec::new(),
            findings: Vec::new(),
            door_keys: BTreeMap::new(),
            addresses: BTreeMap::new(),
            codes: BTreeMap::new(),
            homes_of: BTreeMap::new(),
        }
    }

    /// Takes one row in. `current` is the household the rows before it belong to.
    pub(super) fn add(&mut self, mut line: Line, table: &Table, current: &mut Option<usize>) {
        let opens = line.address.is_some() || line.code.is_some() || line.dwelling_code.is_some();
        let found = if opens { Some(self.home_for(&line, table, *current)) } else { *current };
        let Some(home) = found else {
            let code = if line.person.name.is_some() { Code::PersonOrphan } else { Code::RowNotUnderstood };
            self.note(&line.place, code);
            self.findings.append(&mut line.findings);
            return;
        };
        *current = Some(home);
        self.say_of_home(home, &line, table);
        let has_name_column = table.has(Meaning::Name);
        let head = line.head.take();
        if matches!(head, Some(HeadCell::Vacant)) {
            if let Some(home) = self.homes.get_mut(home) {
                home.head_says_vacant = true;
            }
        }
        if line.gone && line.person.name.is_some() {
            self.note(&line.place, Code::PersonGone);
            self.findings.append(&mut line.findings);
            return;
        }
        if let Some(HeadCell::Name(name)) = head {
            // Beside a name column the row's personal fields belong to the person named there.
            let phones = std::mem::take(&mut line.person.phones);
            let mut person =
                if has_name_column { Personal::default() } else { std::mem::take(&mut line.person) };
            person.name = Some(name);
            person.relation = Some(RelationToHead::Head);
            self.meet(home, Member::new(&line, person, true));
            line.person.phones = phones;
        }
        let phones_of_home = !has_name_column;
        if phones_of_home {
            if let Some(home) = self.homes.get_mut(home) {
                let phones = std::mem::take(&mut line.person.phones);
                let new: Vec<String> =
                    phones.into_iter().filter(|phone| !home.read.phones.contains(phone)).collect();
                home.read.phones.extend(new);
            }
        }
        let mut entered = true;
        if line.person.name.is_some() {
            let person = std::mem::take(&mut line.person);
            entered = self.meet(home, Member::new(&line, person, false));
        }
        // A second entry of a person says nothing new of its cells.
        if entered || opens {
            self.findings.append(&mut line.findings);
        }
    }

    pub(super) fn note(&mut self, place: &Place, code: Code) {
        self.findings.push(Finding { place: place.clone(), code });
    }

    fn home_for(&mut self, line: &Line, table: &Table, current: Option<usize>) -> usize {
        let known = line.code.as_ref().and_then(|code| self.codes.get(code).copied());
        let Some(address) = &line.address else {
            return known.unwrap_or_else(|| self.open_without_address(line, table));
        };
        let place_key = address_key(address);
        if let Some(known) = known {
            let own = self.homes.get(known).and_then(|home| self.doors.get(home.door));
            if own.is_some_and(|door| address_key(&door.address) == place_key) {
                if !table.has(Meaning::Name) {
                    self.note(&line.place, Code::DoorTwice);
                }
                return known;
            }
            self.note(&line.place, Code::CodeTwice);
        }
        let code = line.code.clone().filter(|_| known.is_none());
        let same_door = match &line.dwelling_code {
            Some(number) => self.door_keys.get(&format!("dwelling:{number}")).copied(),
            None => self.addresses.get(&place_key).copied(),
        };
        let Some(door) = same_door else { return self.open(line, address.clone(), code) };
        if code.is_none() && known.is_none() {
            let here = self.homes_of.get(&door).cloned().unwrap_or_default();
            let last = current.filter(|current| here.contains(current)).or_else(|| here.last().copied());
            if let Some(home) = last.filter(|home| !self.is_another_family(*home, line)) {
                if !table.has(Meaning::Name) {
                    self.note(&line.place, Code::DoorTwice);
                }
                return home;
            }
        }
        self.add_home(door, line, code)
    }

    /// A household number without an address: usual in a list of households, odd in a list of people.
    fn open_without_address(&mut self, line: &Line, table: &Table) -> usize {
        if table.has(Meaning::Name) || table.has_place() {
            self.note(&line.place, Code::HouseholdUnknown);
        }
        let number = line.code.clone().or_else(|| line.dwelling_code.clone()).unwrap_or_default();
        let address = Address { remainder: format!("户编号 {number}"), ..Address::default() };
        self.open(line, address, line.code.clone())
    }

    fn open(&mut self, line: &Line, address: Address, code: Option<String>) -> usize {
        let place_key = address_key(&address);
        let key = match (&line.dwelling_code, &code) {
            (Some(number), _) => format!("dwelling:{number}"),
            (None, Some(code)) => format!("code:{code}"),
            (None, None) => format!("address:{place_key}"),
        };
        let door = self.doors.len();
        self.doors.push(ReadDwelling {
            key: key.clone(),
            address,
            grid: None,
            used_as: ReadUse::Home,
            place: line.place.clone(),
        });
        self.door_keys.entry(key).or_insert(door);
        self.addresses.entry(place_key).or_insert(door);
        self.add_home(door, line, code)
    }

    fn add_home(&mut self, door: usize, line: &Line, code: Option<String>) -> usize {
        let home = self.homes.len();
        let here = self.homes_of.entry(door).or_default();
        here.push(home);
        let dwelling = self.doors.get(door).map(|door| door.key.clone()).unwrap_or_default();
        let key = match &code {
            Some(code) => format!("code:{code}"),
            None => format!("{dwelling}#{}", here.len()),
        };
        if let Some(code) = &code {
            self.codes.insert(code.clone(), home);
        }
        self.homes.push(Home {
            read: ReadHousehold {
                key,
                dwelling,
                code,
                tenure: None,
                is_key: None,
                last_visit: None,
                moved_in: None,
                phones: Vec::new(),
                members: Vec::new(),
                place: line.place.clone(),
                struck: line.struck,
            },
            door,
            members: Vec::new(),
            status: None,
            head_says_vacant: false,
            has_list: false,
        });
        home
    }

    /// Whether a row at a known door speaks of a second household there: another head.
    fn is_another_family(&self, home: usize, line: &Line) -> bool {
        let own = match &line.head {
            Some(HeadCell::Name(name)) => Some(name),
            _ => line.person.name.as_ref().filter(|_| line.person.relation == Some(RelationToHead::Head)),
        };
        let Some(own) = own else { return false };
        self.homes.get(home).is_some_and(|home| {
            home.members
                .iter()
                .any(|one| one.read.relation == Some(RelationToHead::Head) && one.read.name != *own)
        })
    }

    fn say_of_home(&mut self, nth: usize, line: &Line, table: &Table) {
        let Some(home) = self.homes.get_mut(nth) else { return };
        home.has_list |= table.has(Meaning::Name) && line.person.name.is_some();
        home.status = home.status.or(line.status);
        // A mark anywhere in the household is a mark; 否 on a member's row does not take it back.
        home.read.is_key = match (home.read.is_key, line.is_key) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (known, said) => known.or(said),
        };
        home.read.last_visit = home.read.last_visit.max(line.last_visit);
        home.read.moved_in = home.read.moved_in.or(line.moved_in);
        if let Some(door) = self.doors.get_mut(home.door) {
            if door.grid.is_none() {
                door.grid.clone_from(&line.grid);
            }
            match line.status {
                Some(Status::NonResidential) => door.used_as = ReadUse::NonResidential,
                Some(Status::Gone) => door.used_as = ReadUse::Gone,
                Some(Status::Lived(_) | Status::Vacant) | None => {}
            }
        }
    }
}

/// An address as a key; the floor is left out because it follows from the door.
pub(crate) fn address_key(address: &Address) -> String {
    [&address.estate, &address.building, &address.stair, &address.door, &address.remainder]
        .map(String::as_str)
        .join("|")
}
