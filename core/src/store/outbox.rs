//! 发件箱与回执 – what was recorded here: sealed, to be sent, and what became of it.

use ed25519_dalek::SigningKey;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};

use super::units::{unit_from_key, unit_key};
use super::{Projector, StoreError, enrolment, int};
use crate::entry::{Chain, Entry, Envelope, Payload, Readings, StreamId, read_cbor, seal, write_cbor};
use crate::ids::Hash32;
use crate::roster::Unit;
use crate::time::Period;

/// What became of an entry recorded here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    /// 已存本机,中心未收.
    Unsent,
    /// 已收到 – in the hub's log.
    Accepted {
        /// The stream it was placed in.
        stream: StreamId,
        /// Its place there.
        seq: u64,
        /// When it was recorded, as the hub vouches for, milliseconds since 1970 UTC.
        recorded_ms: i64,
        /// The period a visit counts in.
        counts_in: Option<Period>,
        /// Hub time of the reply, milliseconds since 1970 UTC.
        received_ms: i64,
    },
    /// 待核 – kept at the hub, waiting.
    Parked {
        /// Why, as a code.
        reason: String,
    },
    /// 退回 – kept at the hub apart; its values are offered again as a draft.
    Quarantined {
        /// Why, as a code.
        reason: String,
    },
}

/// An entry recorded here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnEntry {
    /// As sealed last.
    pub entry: Entry,
    /// Whether it must be sent: never received, or asked for again.
    pub to_send: bool,
    /// What became of it.
    pub state: EntryState,
    /// How often it had to be sealed again after its signature was not believed.
    pub sealed_again: u32,
}

impl EntryState {
    /// Whether it changes nothing here any more: refused for good.
    #[must_use]
    pub const fn is_quarantined(&self) -> bool {
        matches!(self, Self::Quarantined { .. })
    }
}

/// Seals a payload as the next entry of the chain, projects it and puts it into the outbox: all in the caller's
/// transaction, so that a saved record is never without its place in the outbox.
///
/// # Errors
/// [`StoreError`]; the caller's transaction must then be dropped.
pub fn append(
    tx: &Transaction<'_>,
    projector: &mut Projector<'_>,
    readings: &Readings,
    stream: StreamId,
    unit: Option<Unit>,
    payload: Payload,
) -> Result<Hash32, StoreError> {
    let row = enrolment::need(tx)?;
    let key = enrolment::secret(tx)?.ok_or(StoreError::NotEnrolled)?;
    let entry = seal(&row.chain(), &key.0, stream, unit, readings, payload);
    let hash = entry.envelope.payload_hash;
    insert(tx, &entry)?;
    enrolment::advance(tx, &row.chain().after(&entry.envelope))?;
    projector.take(&entry.payload, readings.recorded_ms, None)?;
    Ok(hash)
}

/// What is to be sent, in the order of recording, up to `limit_bytes` of payloads; and how many more wait.
///
/// # Errors
/// [`StoreError`].
pub fn to_send(db: &Connection, limit_bytes: usize) -> Result<(Vec<Entry>, u32), StoreError> {
    let what = "读取发件箱 read the outbox";
    let waiting: u32 = db
        .query_row("SELECT count(*) FROM own_entry WHERE to_send = 1", [], |row| row.get(0))
        .map_err(StoreError::of(what))?;
    let sql = format!("{SELECT} WHERE to_send = 1 ORDER BY epoch, seq");
    let mut statement = db.prepare_cached(&sql).map_err(StoreError::of(what))?;
    let mut rows = statement.query([]).map_err(StoreError::of(what))?;
    let (mut entries, mut bytes) = (Vec::new(), 0usize);
    while let Some(row) = rows.next().map_err(StoreError::of(what))? {
        let entry = from_row(row)?.entry;
        // 300 bytes: what travels of an envelope. The first always goes, however large.
        bytes += entry.payload.size_bytes() + 300;
        if !entries.is_empty() && limit_bytes < bytes {
            break;
        }
        entries.push(entry);
    }
    let sent = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    Ok((entries, waiting.saturating_sub(sent)))
}

/// The entry with this payload hash, if it was recorded here.
///
/// # Errors
/// [`StoreError`].
pub fn find(db: &Connection, payload: Hash32) -> Result<Option<OwnEntry>, StoreError> {
    one(db, "payload_hash = ?1", params![payload.0])
}

/// The entry at a place of the chain, if it is still kept.
///
/// # Errors
/// [`StoreError`].
pub fn at(db: &Connection, epoch: u32, seq: u64) -> Result<Option<OwnEntry>, StoreError> {
    one(db, "epoch = ?1 AND seq = ?2", params![epoch, int(seq)])
}

/// Everything recorded here, the latest first.
///
/// # Errors
/// [`StoreError`].
pub fn all(db: &Connection) -> Result<Vec<OwnEntry>, StoreError> {
    let what = "读取回执 read the receipts";
    let mut statement =
        db.prepare_cached(&format!("{SELECT} ORDER BY nth DESC")).map_err(StoreError::of(what))?;
    let mut rows = statement.query([]).map_err(StoreError::of(what))?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next().map_err(StoreError::of(what))? {
        entries.push(from_row(row)?);
    }
    Ok(entries)
}

/// Unsent, accepted, parked, quarantined.
///
/// # Errors
/// [`StoreError`].
pub fn counts(db: &Connection) -> Result<[u32; 4], StoreError> {
    let sql = "SELECT coalesce(sum(to_send), 0),
                      coalesce(sum(to_send = 0 AND state LIKE '{\"accepted\"%'), 0),
                      coalesce(sum(to_send = 0 AND state LIKE '{\"parked\"%'), 0),
                      coalesce(sum(to_send = 0 AND state LIKE '{\"quarantined\"%'), 0) FROM own_entry";
    db.query_row(sql, [], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))
        .map_err(StoreError::of("统计回执 count the receipts"))
}

/// Notes what became of an entry, and whether it must be sent (again).
///
/// # Errors
/// [`StoreError`].
pub fn note(
    tx: &Transaction<'_>,
    payload: Hash32,
    state: &EntryState,
    to_send: bool,
) -> Result<(), StoreError> {
    let json = serde_json::to_string(state).map_err(|_| StoreError::Row("own_entry.state"))?;
    let vouched = match state {
        EntryState::Accepted { recorded_ms, .. } => Some(*recorded_ms),
        _ => None,
    };
    let sql = "UPDATE own_entry SET state = ?1, to_send = ?2, recorded_ms = coalesce(?3, recorded_ms)
               WHERE payload_hash = ?4";
    tx.prepare_cached(sql)
        .and_then(|mut statement| statement.execute(params![json, to_send, vouched, payload.0]))
        .map(drop)
        .map_err(StoreError::of("记录回执 note a receipt"))
}

/// Marks everything from a place of the chain on to be sent; how many entries that were.
///
/// # Errors
/// [`StoreError`].
pub fn send_from(tx: &Transaction<'_>, epoch: u32, seq: u64) -> Result<usize, StoreError> {
    tx.execute("UPDATE own_entry SET to_send = 1 WHERE epoch = ?1 AND ?2 <= seq", params![epoch, int(seq)])
        .map_err(StoreError::of("准备补传 send again from a place of the chain"))
}

/// The last entry of the chain the hub said it keeps, whatever became of it there.
///
/// # Errors
/// [`StoreError`].
pub fn last_kept(db: &Connection) -> Result<Option<Envelope>, StoreError> {
    // What the hub would not believe twice was put aside here and never kept there.
    let found: Option<Vec<u8>> = db
        .prepare_cached(
            "SELECT envelope FROM own_entry WHERE to_send = 0 AND state NOT LIKE '%\"bad_signature\"%'
             ORDER BY epoch DESC, seq DESC LIMIT 1",
        )
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)).optional())
        .map_err(StoreError::of("读取回执 read the last receipt"))?;
    let read =
        |bytes: Vec<u8>| Envelope::from_bytes(&bytes).map_err(|_| StoreError::Row("own_entry.envelope"));
    found.map(read).transpose()
}

/// Entries that a verified backup of the hub covers, about units this phone does not hold any more.
///
/// # Errors
/// [`StoreError`].
pub fn covered_and_gone(db: &Connection) -> Result<Vec<OwnEntry>, StoreError> {
    let what = "读取回执 read covered entries";
    let sql = format!(
        "{SELECT} WHERE covered = 1 AND to_send = 0 AND unit NOT IN (SELECT id FROM unit) ORDER BY nth"
    );
    let mut statement = db.prepare_cached(&sql).map_err(StoreError::of(what))?;
    let mut rows = statement.query([]).map_err(StoreError::of(what))?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next().map_err(StoreError::of(what))? {
        entries.push(from_row(row)?);
    }
    Ok(entries)
}

/// A verified backup of the hub covers the entries of an epoch up to `seq`.
///
/// # Errors
/// [`StoreError`].
pub fn cover(tx: &Transaction<'_>, epoch: u32, seq: u64) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE own_entry SET covered = 1 WHERE covered = 0 AND to_send = 0 AND epoch = ?1 AND seq <= ?2",
    )
    .and_then(|mut statement| statement.execute(params![epoch, int(seq)]))
    .map(drop)
    .map_err(StoreError::of("记录备份 note what a backup covers"))
}

/// The hub was restored: everything still kept is offered again (`design.md` 7, "Receipts survive restores").
///
/// # Errors
/// [`StoreError`].
pub fn offer_all_again(tx: &Transaction<'_>) -> Result<usize, StoreError> {
    tx.execute("UPDATE own_entry SET to_send = 1, covered = 0", [])
        .map_err(StoreError::of("准备全部补传 offer everything again"))
}

/// Opens the next epoch and seals everything that is to be sent again, in the order of recording: the same payloads,
/// the same readings, new places. The former envelopes are kept. `suspect` is counted as sealed again.
///
/// # Errors
/// [`StoreError`].
pub fn seal_again(tx: &Transaction<'_>, suspect: Option<Hash32>) -> Result<u32, StoreError> {
    let what = "重新编号 seal again";
    let row = enrolment::need(tx)?;
    let key = enrolment::secret(tx)?.ok_or(StoreError::NotEnrolled)?.0;
    let mut chain = Chain::start(row.hub, row.enrolment, row.epoch.saturating_add(1));
    let mut waiting = all(tx)?;
    waiting.retain(|own| own.to_send);
    waiting.reverse();
    for own in &waiting {
        let sealed = reseal(&chain, &key, own);
        let again = own.sealed_again + u32::from(suspect == Some(sealed.envelope.payload_hash));
        keep_former(tx, &own.entry)?;
        tx.execute(
            "UPDATE own_entry SET epoch = ?1, seq = ?2, envelope = ?3, signature = ?4, sealed_again = ?5
             WHERE payload_hash = ?6",
            params![
                sealed.envelope.epoch,
                int(sealed.envelope.seq),
                sealed.envelope.to_bytes(),
                sealed.signature,
                again,
                sealed.envelope.payload_hash.0
            ],
        )
        .map_err(StoreError::of(what))?;
        chain = chain.after(&sealed.envelope);
    }
    enrolment::advance(tx, &chain)?;
    Ok(chain.epoch)
}

fn reseal(chain: &Chain, key: &SigningKey, own: &OwnEntry) -> Entry {
    let old = &own.entry.envelope;
    let readings = Readings { recorded_ms: old.recorded_ms, read: old.read, token: old.token };
    seal(chain, key, old.stream, old.unit, &readings, own.entry.payload.clone())
}

fn keep_former(tx: &Transaction<'_>, entry: &Entry) -> Result<(), StoreError> {
    let envelope = &entry.envelope;
    tx.execute(
        "INSERT OR IGNORE INTO former_envelope (epoch, seq, payload_hash, envelope, signature)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            envelope.epoch,
            int(envelope.seq),
            envelope.payload_hash.0,
            envelope.to_bytes(),
            entry.signature
        ],
    )
    .map(drop)
    .map_err(StoreError::of("保存旧信封 keep the former envelope"))
}

const SELECT: &str = "SELECT envelope, signature, payload, to_send, state, sealed_again FROM own_entry";

fn insert(tx: &Transaction<'_>, entry: &Entry) -> Result<(), StoreError> {
    let envelope = &entry.envelope;
    let state = serde_json::to_string(&EntryState::Unsent).map_err(|_| StoreError::Row("own_entry.state"))?;
    let unit = envelope.unit.map(unit_key);
    tx.prepare_cached(
        "INSERT INTO own_entry
         (epoch, seq, payload_hash, envelope, signature, payload, unit, recorded_ms, to_send, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, ?9)",
    )
    .and_then(|mut statement| {
        statement.execute(params![
            envelope.epoch,
            int(envelope.seq),
            envelope.payload_hash.0,
            envelope.to_bytes(),
            entry.signature,
            write_cbor(&entry.payload),
            unit,
            envelope.recorded_ms,
            state,
        ])
    })
    .map(drop)
    .map_err(StoreError::of("保存记录 append an entry"))
}

fn one(
    db: &Connection,
    condition: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<Option<OwnEntry>, StoreError> {
    let what = "读取记录 read an own entry";
    let mut statement =
        db.prepare_cached(&format!("{SELECT} WHERE {condition}")).map_err(StoreError::of(what))?;
    let mut rows = statement.query(values).map_err(StoreError::of(what))?;
    rows.next().map_err(StoreError::of(what))?.map(from_row).transpose()
}

fn from_row(row: &Row<'_>) -> Result<OwnEntry, StoreError> {
    let get = StoreError::of;
    let envelope: Vec<u8> = row.get(0).map_err(get("own_entry.envelope"))?;
    let payload: Vec<u8> = row.get(2).map_err(get("own_entry.payload"))?;
    let state: String = row.get(4).map_err(get("own_entry.state"))?;
    let entry = Entry {
        envelope: Envelope::from_bytes(&envelope).map_err(|_| StoreError::Row("own_entry.envelope"))?,
        signature: row.get(1).map_err(get("own_entry.signature"))?,
        payload: read_cbor(&payload).map_err(|_| StoreError::Row("own_entry.payload"))?,
    };
    Ok(OwnEntry {
        entry,
        to_send: row.get(3).map_err(get("own_entry.to_send"))?,
        state: serde_json::from_str(&state).map_err(|_| StoreError::Row("own_entry.state"))?,
        sealed_again: row.get(5).map_err(get("own_entry.sealed_again"))?,
    })
}

/// Units that own entries on their way to the hub are about.
///
/// # Errors
/// [`StoreError`].
pub fn units_to_send(db: &Connection) -> Result<Vec<Unit>, StoreError> {
    let what = "读取发件箱 read the outbox";
    let sql = "SELECT DISTINCT entry_unit.unit FROM own_entry JOIN entry_unit USING (payload_hash) WHERE to_send = 1";
    let mut statement = db.prepare_cached(sql).map_err(StoreError::of(what))?;
    let rows = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).map_err(StoreError::of(what))?;
    let keys: Result<Vec<_>, _> = rows.collect();
    Ok(keys.map_err(StoreError::of(what))?.iter().filter_map(|key| unit_from_key(key)).collect())
}
