//! 查看 – one household, lists, receipts, drafts, the log of exchanges.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::lease::{lock_line, lock_receipt, lock_sheet};
use super::visits::draft_of;
use super::{
    Fieldbook, FieldbookError, HistoryLine, KeptDraft, OutboxCounts, Receipt, SentLine, UnitLine, UnitSheet,
};
use crate::entry::{Contents, Record};
use crate::fact::Fact;
use crate::ids::{DwellingId, Hash32};
use crate::life::HouseholdLife;
use crate::profile::Profile;
use crate::projection;
use crate::roster::{Address, Unit};
use crate::store::units::{UnitRow, UnitText};
use crate::store::{EntryState, OwnEntry, StoreError, drafts, log, looks, outbox, units};
use crate::sync::session::refusal_of;

/// Most doors whose units are read for a way to match that the database does not know: more nobody looks through.
const FOUND_DOORS: usize = 100;

impl Fieldbook {
    /// Every unit held, doors in walking order, each followed by the households behind it.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn units(&self) -> Result<Vec<UnitLine>, FieldbookError> {
        let rows = units::all(self.store.read())?;
        let today = self.today()?;
        self.lines(&rows, today)
    }

    /// Units whose address, members or telephones contain the words, in walking order; by address alone while names are
    /// locked.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn find(&self, words: &str) -> Result<Vec<UnitLine>, FieldbookError> {
        // Who finds a door by a name knows who lives there: while names are locked only addresses are searched.
        let rows = if self.is_locked()? {
            units::matching_address(self.store.read(), words.trim())?
        } else {
            units::matching(self.store.read(), words.trim())?
        };
        let today = self.today()?;
        self.lines(&rows, today)
    }

    /// Units any of whose address, members' names or telephones fits, one text at a time, in walking order and behind the
    /// first 100 doors; by address alone while names are locked. For ways to match that the database does not
    /// know.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn find_by(&self, fits: &dyn Fn(&str) -> bool) -> Result<Vec<UnitLine>, FieldbookError> {
        let db = self.store.read();
        let mut texts = units::texts(db)?;
        let locked = self.is_locked()?;
        let found = |one: &UnitText| one.text.lines().any(fits);
        let is_door = |one: &UnitText| matches!(one.unit, Unit::Vacant(_));
        let doors: BTreeSet<_> =
            texts.iter().filter(|one| is_door(one) && found(one)).filter_map(|one| one.dwelling).collect();
        texts.retain(|one| {
            let by_door = one.dwelling.is_some_and(|door| doors.contains(&door));
            by_door || (!locked && !is_door(one) && found(one))
        });
        let mut behind = BTreeSet::new();
        let mut rows = Vec::new();
        // Whatever is found is drawn, and read for it: of a street no more than a screen takes.
        for one in texts {
            behind.insert(one.dwelling);
            if FOUND_DOORS < behind.len() {
                break;
            }
            rows.extend(units::find(db, one.unit)?);
        }
        self.lines(&rows, self.today()?)
    }

    /// One unit with everything known of it.
    ///
    /// # Errors
    /// [`FieldbookError::UnknownUnit`].
    pub fn household(&self, unit: Unit) -> Result<UnitSheet, FieldbookError> {
        let db = self.store.read();
        let row = units::find(db, unit)?.ok_or(FieldbookError::UnknownUnit(unit))?;
        let behind = row.dwelling.map_or(Ok(Vec::new()), |door| units::behind(db, door))?;
        let neighbours = behind.iter().filter(|one| one.unit != unit).filter_map(|one| match one.unit {
            Unit::Household(id) => Some(id),
            Unit::Vacant(_) => None,
        });
        let refused = outbox::all(db)?.into_iter().filter(|own| {
            let apart = matches!(own.state, EntryState::Parked { .. } | EntryState::Quarantined { .. });
            apart && own.entry.envelope.unit == Some(unit)
        });
        let today = self.today()?;
        let life = match unit {
            Unit::Household(id) => Some(HouseholdLife::derive(id, &row.file, &[], self.zone()?)),
            Unit::Vacant(_) => None,
        };
        let asked = life.iter().flat_map(|life| life.do_not_ask());
        let mut sheet = UnitSheet {
            line: self.line(&row, None, today)?,
            key: life.as_ref().is_some_and(|life| life.is_key(today)),
            do_not_ask_until: asked
                .filter(|span| span.from <= today && today <= span.until)
                .map(|span| span.until)
                .max(),
            members: row.members(today),
            fields: row.fields.clone(),
            history: history(&row),
            questions: self.questions(&row, self.today()?, None)?,
            neighbours: neighbours.collect(),
            refused: refused.map(|own| Receipt::of(&own)).collect(),
        };
        if self.is_locked()? {
            lock_sheet(&mut sheet);
        }
        Ok(sheet)
    }

    /// 本次走访 – one unit with everything known of it, for a screen that shows names, numbers and categories; the look is
    /// noted. Nothing is noted while they are locked.
    ///
    /// # Errors
    /// [`FieldbookError::UnknownUnit`].
    pub fn open_household(&mut self, unit: Unit) -> Result<UnitSheet, FieldbookError> {
        let sheet = self.household(unit)?;
        if !self.is_locked()? {
            let at_ms = self.now()?.timestamp_millis();
            self.store.write("保存查看记录 note a look", |tx| looks::note(tx, unit, at_ms))?;
        }
        Ok(sheet)
    }

    /// 查看记录 – whose names, numbers and categories were opened on this phone, the latest first.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn looks(&self) -> Result<Vec<(DateTime<Utc>, Unit)>, FieldbookError> {
        let looks = looks::all(self.store.read())?.into_iter();
        Ok(looks.filter_map(|(at_ms, unit)| Some((DateTime::from_timestamp_millis(at_ms)?, unit))).collect())
    }

    /// 回执 – everything recorded on this phone and what became of it, the latest first.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn receipts(&self) -> Result<Vec<Receipt>, FieldbookError> {
        let mut receipts: Vec<Receipt> = outbox::all(self.store.read())?.iter().map(Receipt::of).collect();
        if self.is_locked()? {
            receipts.iter_mut().for_each(lock_receipt);
        }
        Ok(receipts)
    }

    /// How much is on its way.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn outbox(&self) -> Result<OutboxCounts, FieldbookError> {
        let [unsent, accepted, parked, quarantined] = outbox::counts(self.store.read())?;
        Ok(OutboxCounts { unsent, accepted, parked, quarantined })
    }

    /// How many received records were written by a newer version; they show once the app is updated.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn unreadable(&self) -> Result<u32, FieldbookError> {
        Ok(log::unreadable(self.store.read())?)
    }

    /// Keeps a visit in progress, in place of the unit's former draft.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn keep_draft(&mut self, unit: Unit, draft: &KeptDraft) -> Result<(), FieldbookError> {
        let now = self.now()?;
        let body = serde_json::to_string(draft).map_err(|_| StoreError::Row("draft.body"))?;
        Ok(self
            .store
            .write("保存草稿 keep a draft", |tx| drafts::keep(tx, unit, now.timestamp_millis(), &body))?)
    }

    /// Drops a visit in progress.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn drop_draft(&mut self, unit: Unit) -> Result<(), FieldbookError> {
        Ok(self.store.write("删除草稿 drop a draft", |tx| drafts::remove(tx, unit))?)
    }

    /// Visits in progress, the latest first.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn drafts(&self) -> Result<Vec<(Unit, DateTime<Utc>, KeptDraft)>, FieldbookError> {
        let kept = drafts::all(self.store.read())?.into_iter();
        // A draft of another version that cannot be read is passed over rather than blocking the list.
        let read = kept.filter_map(|(unit, at_ms, body)| {
            Some((unit, DateTime::from_timestamp_millis(at_ms)?, serde_json::from_str(&body).ok()?))
        });
        Ok(read.collect())
    }

    /// 同步记录 – when this phone spoke with the hub and what came of it, the latest first.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn send_log(&self) -> Result<Vec<SentLine>, FieldbookError> {
        let lines = log::exchanges(self.store.read())?.into_iter();
        let read = lines.filter_map(|(at_ms, outcome)| {
            let at = DateTime::from_timestamp_millis(at_ms)?;
            Some(SentLine { at, exchange: serde_json::from_str(&outcome).ok()? })
        });
        Ok(read.collect())
    }

    fn lines(&self, rows: &[UnitRow], today: NaiveDate) -> Result<Vec<UnitLine>, FieldbookError> {
        // A door stands before the households behind it: its address is in hand, and not read for each of them.
        let doors: BTreeMap<DwellingId, &Address> = rows
            .iter()
            .filter(|row| matches!(row.unit, Unit::Vacant(_)))
            .filter_map(|row| Some((row.dwelling?, row.address()?)))
            .collect();
        let in_hand = |row: &UnitRow| row.dwelling.and_then(|door| doors.get(&door).copied());
        let lines: Result<Vec<UnitLine>, _> =
            rows.iter().map(|row| self.line(row, in_hand(row), today)).collect();
        let mut lines = lines?;
        if self.is_locked()? {
            lines.iter_mut().for_each(lock_line);
        }
        Ok(lines)
    }

    /// `address` where the row's door is in hand; else it is read.
    fn line(
        &self,
        row: &UnitRow,
        address: Option<&Address>,
        today: NaiveDate,
    ) -> Result<UnitLine, FieldbookError> {
        let address = match (address, row.unit, row.dwelling) {
            (Some(address), ..) => Some(address.clone()),
            (None, Unit::Vacant(_), _) => row.address().cloned(),
            (None, Unit::Household(_), Some(door)) => {
                units::find(self.store.read(), Unit::Vacant(door))?.and_then(|door| door.address().cloned())
            }
            (None, Unit::Household(_), None) => None,
        };
        Ok(UnitLine {
            unit: row.unit,
            grid: row.grid,
            dwelling: row.dwelling,
            address,
            names: row.names(today),
            conflicts: row.conflicts(),
        })
    }
}

impl Receipt {
    fn of(own: &OwnEntry) -> Self {
        let envelope = &own.entry.envelope;
        let refused = own.state.is_quarantined();
        let contents = own.entry.payload.read().ok();
        let (mut record, mut draft, mut fields) = (None, None, Vec::new());
        match contents {
            Some(Contents::Visit { skeleton, body }) => {
                draft = refused.then(|| draft_of(&skeleton, body.unwrap_or_default(), skeleton.supersedes));
                record = Some(Record::Visit(skeleton));
            }
            Some(Contents::Record { record: said, .. }) => record = Some(said),
            Some(Contents::Doc { change: Some(change), .. }) if own.state != EntryState::Unsent => {
                fields = Profile::values_of(&change);
            }
            _ => {}
        }
        let words = match &own.state {
            EntryState::Parked { reason } | EntryState::Quarantined { reason } => {
                refusal_of(reason).map(|reason| reason.words().to_owned())
            }
            EntryState::Unsent | EntryState::Accepted { .. } => None,
        };
        Self {
            entry: envelope.payload_hash,
            kind: envelope.kind,
            unit: envelope.unit,
            recorded_at: DateTime::from_timestamp_millis(envelope.recorded_ms).unwrap_or_default(),
            to_send: own.to_send,
            state: own.state.clone(),
            words,
            record,
            draft,
            fields,
        }
    }
}

fn history(row: &UnitRow) -> Vec<HistoryLine> {
    let standing: Vec<Hash32> = projection::standing(&row.file).map(|(stamp, _)| stamp.entry).collect();
    let corrected: Vec<Hash32> = projection::standing(&row.file)
        .filter_map(|(_, fact)| match &fact.fact {
            Fact::Visited(visit) => visit.supersedes,
            _ => None,
        })
        .collect();
    let lines = row.file.facts().rev().map(|(stamp, fact)| HistoryLine {
        stamp: *stamp,
        fact: fact.clone(),
        taken_back: !standing.contains(&stamp.entry) && !corrected.contains(&stamp.entry),
        superseded: corrected.contains(&stamp.entry),
    });
    lines.collect()
}
