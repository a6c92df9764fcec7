//! The same work through automerge's own sync protocol: a document per household with its visits inside.
//!
//! As `sync.md` 4.4: all documents' messages of one flight travel in one body, 18 bytes of framing each, and both
//! sides keep their sync states between days.

use automerge::sync::{Message, State, SyncDoc};
use automerge::transaction::Transactable;
use automerge::{AutoCommit, AutomergeError, ObjId, ObjType, ROOT, ReadDoc};
use ruhu_core::profile::Scalar;
use ruhu_core::visit::VisitDraft;
use serde::Serialize;
use serde_json::Value;

use crate::fields::Fields;

/// Bytes of one document's framing in a flight: its id and the length of its message.
const FRAME_BYTES: usize = 18;

/// The same work done by the other protocol could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// A document could not be edited.
    #[error("对照:写入文档 / baseline: edit a document")]
    Edit(#[source] Box<AutomergeError>),
    /// A visit could not be turned into fields.
    #[error("对照:展开走访 / baseline: spell out a visit")]
    Spell(#[from] serde_json::Error),
    /// A sync state could not be kept overnight.
    #[error("对照:保存同步状态 / baseline: keep a sync state")]
    State(#[from] automerge::sync::DecodeStateError),
    /// A flight could not be packed.
    #[error("对照:压缩 / baseline: pack a flight")]
    Pack(#[from] std::io::Error),
}

impl From<AutomergeError> for BaselineError {
    fn from(why: AutomergeError) -> Self {
        Self::Edit(Box::new(why))
    }
}

/// What a synchronisation cost; bytes of bodies, without HTTP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// From the phone to the hub.
    pub up: usize,
    /// From the hub to the phone.
    pub down: usize,
    /// Both, each flight packed with zstd as our own frames are.
    pub packed: usize,
    /// Flights there and back.
    pub round_trips: u32,
}

/// One household on one side.
#[derive(Clone, Debug)]
struct Document {
    doc: AutoCommit,
    state: State,
}

/// 400 documents on a phone and at a hub.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    phone: Vec<Document>,
    hub: Vec<Document>,
}

/// Which side writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The phone.
    Phone,
    /// The hub.
    Hub,
}

impl Baseline {
    /// Households known to the hub, each with its fields; the phone has none of them yet.
    ///
    /// # Errors
    /// [`BaselineError::Edit`].
    pub fn at_hub(households: &[Fields]) -> Result<Self, BaselineError> {
        let mut both = Self::default();
        for fields in households {
            let mut doc = AutoCommit::new();
            for (key, value) in fields {
                match value {
                    Scalar::Bool(yes) => doc.put(ROOT, key.as_str(), *yes)?,
                    Scalar::Int(number) => doc.put(ROOT, key.as_str(), *number)?,
                    Scalar::Str(text) => doc.put(ROOT, key.as_str(), text.as_str())?,
                }
            }
            doc.commit();
            both.hub.push(Document { doc, state: State::new() });
            both.phone.push(Document { doc: AutoCommit::new(), state: State::new() });
        }
        Ok(both)
    }

    /// Writes a visit into the `nth` household; nothing when there is none.
    ///
    /// # Errors
    /// [`BaselineError`].
    pub fn visit(&mut self, side: Side, nth: usize, draft: &VisitDraft) -> Result<(), BaselineError> {
        let documents = match side {
            Side::Phone => &mut self.phone,
            Side::Hub => &mut self.hub,
        };
        let Some(document) = documents.get_mut(nth) else { return Ok(()) };
        let mut visit = serde_json::to_value(draft)?;
        drop_absent(&mut visit);
        // The unit is the document itself here, and need not be said again.
        if let Some(fields) = visit.as_object_mut() {
            fields.remove("unit");
        }
        let key = format!("v/{}", document.doc.length(ROOT));
        let object = document.doc.put_object(ROOT, key, ObjType::Map)?;
        spell(&mut document.doc, &object, &visit)?;
        document.doc.commit();
        Ok(())
    }

    /// Lets both sides talk until neither has anything left to say.
    ///
    /// # Errors
    /// [`BaselineError`].
    pub fn sync(&mut self) -> Result<Cost, BaselineError> {
        let mut cost = Cost::default();
        // A new conversation on another day: what was in flight is forgotten, the heads both knew are kept.
        for one in self.phone.iter_mut().chain(&mut self.hub) {
            one.state = State::decode(&one.state.encode())?;
        }
        loop {
            let up = fly(&mut self.phone, &mut self.hub)?;
            if up.messages == 0 {
                return Ok(cost);
            }
            let down = fly(&mut self.hub, &mut self.phone)?;
            cost.up += up.bytes;
            cost.down += down.bytes;
            cost.packed += up.packed + down.packed;
            cost.round_trips += 1;
            if down.messages == 0 {
                return Ok(cost);
            }
        }
    }

    /// Whether both sides hold the same documents.
    #[must_use]
    pub fn agree(&mut self) -> bool {
        let mut pairs = self.phone.iter_mut().zip(&mut self.hub);
        pairs.all(|(phone, hub)| phone.doc.get_heads() == hub.doc.get_heads())
    }
}

/// One flight of all documents' messages.
struct Flight {
    messages: usize,
    bytes: usize,
    packed: usize,
}

fn fly(from: &mut [Document], to: &mut [Document]) -> Result<Flight, BaselineError> {
    let mut body = Vec::new();
    let mut flight = Flight { messages: 0, bytes: 0, packed: 0 };
    for (nth, (from, to)) in from.iter_mut().zip(to).enumerate() {
        let Some(message) = from.doc.sync().generate_sync_message(&mut from.state) else { continue };
        let bytes = message.encode();
        body.extend_from_slice(&[0; FRAME_BYTES - 8]);
        body.extend_from_slice(&nth.to_be_bytes());
        body.extend_from_slice(&bytes);
        flight.messages += 1;
        if let Ok(message) = Message::decode(&bytes) {
            to.doc.sync().receive_sync_message(&mut to.state, message)?;
        }
    }
    flight.bytes = body.len();
    flight.packed = zstd::bulk::compress(&body, 3)?.len();
    Ok(flight)
}

/// Absent answers cost nothing in either protocol.
fn drop_absent(value: &mut Value) {
    if let Value::Object(fields) = value {
        fields.values_mut().for_each(drop_absent);
        fields.retain(|_, value| match value {
            Value::Null => false,
            Value::Array(list) => !list.is_empty(),
            Value::Object(fields) => !fields.is_empty(),
            Value::String(text) => !text.is_empty(),
            _ => true,
        });
    }
}

fn spell(doc: &mut AutoCommit, at: &ObjId, value: &Value) -> Result<(), AutomergeError> {
    let Value::Object(fields) = value else { return Ok(()) };
    for (key, value) in fields {
        match value {
            Value::Bool(yes) => doc.put(at, key.as_str(), *yes)?,
            Value::Number(number) => doc.put(at, key.as_str(), number.as_i64().unwrap_or_default())?,
            Value::String(text) => doc.put(at, key.as_str(), text.as_str())?,
            Value::Object(_) => {
                let inner = doc.put_object(at, key.as_str(), ObjType::Map)?;
                spell(doc, &inner, value)?;
            }
            Value::Array(list) => {
                let inner = doc.put_object(at, key.as_str(), ObjType::Map)?;
                for (nth, one) in list.iter().enumerate() {
                    spell_item(doc, &inner, nth, one)?;
                }
            }
            Value::Null => {}
        }
    }
    Ok(())
}

fn spell_item(doc: &mut AutoCommit, at: &ObjId, nth: usize, one: &Value) -> Result<(), AutomergeError> {
    let key = nth.to_string();
    match one {
        Value::Object(_) => {
            let inner = doc.put_object(at, key, ObjType::Map)?;
            spell(doc, &inner, one)
        }
        Value::String(text) => doc.put(at, key, text.as_str()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
