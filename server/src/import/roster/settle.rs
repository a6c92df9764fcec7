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
    key_uses: BTreeMap<String, u32>,
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
    /// Somebody is spoken of whose name could not be read.
    pub has_unnamed: bool,
}

impl<'a> Assembly<'a> {
    pub(super) fn new(settings: &'a ReadSettings) -> Self {
        Self {
            settings,
            doors: Vec::new(),
            homes: Vec::new(),
            findings: Vec::new(),
            door_keys: BTreeMap::new(),
            key_uses: BTreeMap::new(),
            addresses: BTreeMap::new(),
            codes: BTreeMap::new(),
            homes_of: BTreeMap::new(),
        }
    }

    /// Takes one row in. `current` is the household the rows before it belong to.
    pub(super) fn add(&mut self, mut line: Line, table: &Table, current: &mut Option<usize>) {
        let opens = line.address.is_some() || line.code.is_some() || line.dwelling_code.is_some();
        let found = if opens {
            Some(self.home_for(&line, table, *current))
        } else if line.has_broken_place || self.is_second_family(&line, *current) {
            self.note(&line.place, Code::HouseholdUnknown);
            let address = Address { remainder: "地址待补".to_owned(), ..Address::default() };
            Some(self.open(&line, address, None))
        } else {
            *current
        };
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
        if matches!(head, Some(HeadCell::Vacant))
            && let Some(home) = self.homes.get_mut(home)
        {
            home.head_says_vacant = true;
        }
        if line.gone && line.person.name.is_some() {
            self.note(&line.place, Code::PersonGone);
            self.findings.append(&mut line.findings);
            return;
        }
        if let Some(HeadCell::Name(name)) = head.clone() {
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
        if phones_of_home && let Some(home) = self.homes.get_mut(home) {
            let phones = std::mem::take(&mut line.person.phones);
            let new: Vec<String> =
                phones.into_iter().filter(|phone| !home.read.phones.contains(phone)).collect();
            home.read.phones.extend(new);
        }
        let is_unnamed = line.person.name.is_none() && head.is_none() && line.has_traces;
        if is_unnamed {
            self.note(&line.place, Code::PersonUnnamed);
            if let Some(home) = self.homes.get_mut(home) {
                home.has_unnamed = true;
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
        // 幸福村 alone is where many live: it tells no two doors apart.
        let is_exact = !address.door.is_empty() || !address.remainder.is_empty();
        if let Some(known) = known {
            if !is_exact {
                return known;
            }
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
        if !is_exact && let Some(number) = code.clone().or_else(|| line.dwelling_code.clone()) {
            let address = Address { remainder: numbered(&number), ..address.clone() };
            return self.open(line, address, code);
        }
        let Some(door) = same_door else { return self.open(line, address.clone(), code) };
        if code.is_none() && known.is_none() {
            let is_here = |home: &usize| self.homes.get(*home).is_some_and(|home| home.door == door);
            let last_here = || self.homes_of.get(&door).and_then(|here| here.last().copied());
            let last = current.filter(is_here).or_else(last_here);
            if let Some(home) = last.filter(|home| !self.is_another_family(*home, line)) {
                if !table.has(Meaning::Name) {
                    self.note(&line.place, Code::DoorTwice);
                }
                return home;
            }
        }
        if is_exact { self.add_home(door, line, code) } else { self.open(line, address.clone(), code) }
    }

    /// A household number without an address: usual in a list of households, odd in a list of people.
    fn open_without_address(&mut self, line: &Line, table: &Table) -> usize {
        if table.has(Meaning::Name) || table.has_place() {
            self.note(&line.place, Code::HouseholdUnknown);
        }
        let number = line.code.clone().or_else(|| line.dwelling_code.clone()).unwrap_or_default();
        let address = Address { remainder: numbered(&number), ..Address::default() };
        self.open(line, address, line.code.clone())
    }

    fn open(&mut self, line: &Line, address: Address, code: Option<String>) -> usize {
        let place_key = address_key(&address);
        let key = match (&line.dwelling_code, &code) {
            (Some(number), _) => format!("dwelling:{number}"),
            (None, Some(code)) => format!("code:{code}"),
            (None, None) => format!("address:{place_key}"),
        };
        let uses = self.key_uses.entry(key.clone()).or_default();
        *uses += 1;
        let key = if *uses == 1 { key } else { format!("{key}#{uses}") };
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
            has_unnamed: false,
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

    /// A head below another head, without an address of its own: a household whose address is missing.
    fn is_second_family(&self, line: &Line, current: Option<usize>) -> bool {
        line.person.name.is_some()
            && line.person.relation == Some(RelationToHead::Head)
            && current.is_none_or(|current| self.is_another_family(current, line))
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

/// What stands for a door that is only known by its number.
fn numbered(number: &str) -> String {
    format!(" 编号{number}")
}

/// An address as a key; the floor is left out because it follows from the door.
pub(crate) fn address_key(address: &Address) -> String {
    [&address.estate, &address.building, &address.stair, &address.door, &address.remainder]
        .map(String::as_str)
        .join("|")
}
