//! 画面 – what the screens show: plain records of words, counts and days, each named for what it is on the screen.
//!
//! Ids, days and times are text, so that every host has the same types: a unit is `household/<id>` or `vacant/<id>`, a
//! day `2026-07-05`, a time of day `18:03`, an instant RFC 3339 in UTC.

mod household;
mod lines;
mod messages;
mod plan;
mod records;
mod state;
mod today;
mod visit;

pub use household::{
    CategoryForm, Chip, Choice, Conflict, FieldKind, FieldView, Forms, FoundHousehold, FoundMember, FoundUse,
    HistoryLine, Household, MemberView, OpenRequest, QuestionKind, QuestionView, RequestSaid,
};
pub use lines::{CompletionView, LineKind, LineStanding, LineView};
pub use messages::{
    AccountChoice, AccountSaid, FindingRuling, FindingStage, FindingView, Messages, RevisitForm, RevisitTold,
    RevisitView,
};
pub use plan::{Building, BuildingLine, Door, DoorHome, DoorState, Floor, Stair, Steward};
pub use records::{ExchangeLine, LookLine, Mine, ReceiptLine, ReceiptState, RuleLine};
pub use state::{Count, LeaseView, LessonLine, Outbox, Practice, State, Who};
pub use today::{
    Appointment, BestTime, DueDoor, GridLine, OwnDay, OwnDays, Place, Reason, Today, Tried, UnitLine,
};
pub use visit::{
    AnswerForm, ChangeForm, FieldForm, HazardForm, Informing, NextDoor, OutcomeForm, OutcomeShape,
    RequestForm, SavedVisit, VisitForm,
};
