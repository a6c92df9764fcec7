//! Turning a one-time code into an enrolment, and refusals of whole requests.

use serde::{Deserialize, Serialize};

use crate::entry::TimeToken;
use crate::ids::{CommunityId, EnrolmentId, HubId, WorkerId};
use crate::roster::Assignment;

/// What a phone shows to be enrolled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// The one-time code, as typed or scanned.
    pub code: String,
    /// The public key made on the phone.
    pub key: [u8; 32],
    /// What kind of phone, for the list of devices; no serial number.
    pub device: String,
    /// The program and its version.
    pub app: String,
}

/// What it gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolReply {
    /// The hub.
    pub hub: HubId,
    /// The hub's public key; every reply is signed with it.
    pub hub_key: [u8; 32],
    /// Who is enrolled.
    pub worker: WorkerId,
    /// Name on the worker's card.
    pub worker_name: String,
    /// The enrolment.
    pub enrolment: EnrolmentId,
    /// The community, whose stream holds grids, workers and settings.
    pub community: CommunityId,
    /// Grids assigned or covered today.
    pub assignments: Vec<Assignment>,
    /// Hub time with its seal.
    pub token: TimeToken,
}

/// A refusal of a whole request, sent with a 4xx or 5xx status as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// What it is.
    pub code: TroubleCode,
    /// Hub time, so that a phone whose clock is wrong can sign again; milliseconds since 1970 UTC.
    pub hub_ms: i64,
    /// Words for the person, Chinese first.
    pub words: String,
}

/// Why a whole request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TroubleCode {
    /// Not a request of this protocol, or too large.
    BadRequest,
    /// Protocol version not spoken here: update the app (or the hub).
    Version,
    /// No such enrolment at this hub.
    UnknownEnrolment,
    /// The signature does not hold.
    BadSignature,
    /// The phone's clock is more than five minutes off; sign again with `hub_ms`.
    ClockSkew,
    /// The enrolment was revoked: what was pushed was put aside safely; the phone erases its copy.
    Erase,
    /// The one-time code is wrong, used or expired.
    BadCode,
    /// Too many tries or too much for today.
    TooMany,
    /// The hub cannot answer now.
    Busy,
}
