//! 页面内容 – what each page shows, as plain structs; built here and nowhere else, laid out by `templates/`.

mod access;
mod account;
mod accounts;
mod audit;
mod communities;
mod findings;
mod help;
mod household;
mod ledger;
mod list;
mod log_filter;
mod meaning;
mod message;
mod overview;
mod period;
mod periods;
mod places;
mod policy;
mod question_form;
mod questions;
mod record;
mod report;
mod requests;
mod rights;
mod roster;
mod shell;
mod spot;
mod staff;
mod state;
mod waiting;

pub use access::{AccessLine, AccessPage};
pub use account::{
    AccountPage, FactorView, FirstPage, LoginCodePage, ProvePage, RecoveryPage, SecretView, SessionLine,
    TotpPage,
};
pub use accounts::{
    AccountActs, AccountChoices, AccountForm, AccountRowView, AccountsPage, HistoryLine, MachinePage,
    OneAccountPage, OneTimePage,
};
pub use audit::{AuditLine, AuditPage};
pub use communities::{CommunitiesPage, CommunityRow};
pub use findings::{AskView, FindingForm, FindingForms, FindingLine, FindingPage, FindingsPage};
pub use help::HelpPage;
pub use household::{
    DecideView, EventView, HouseholdPage, MemberView, Note, RequestView, Reveal, TypedDecision,
};
pub use ledger::{
    CompletionPage, DelayLine, LedgerLine, LedgerPage, LineForm, LineForms, LinePage, OfferForm, OfferLine,
    OffersView,
};
pub use list::{ListPage, ListRow, Tab};
pub use log_filter::LogFilter;
pub use meaning::meaning_words;
pub use message::{LoginPage, LoginTrouble, MessagePage, PasswordPage};
pub use overview::{Depth, GridOrder, Number, OverviewInput, OverviewPage, overview};
pub use period::{PeriodSwitch, period_name};
pub use periods::{Closable, PeriodRow, PeriodsPage};
pub use places::{PlaceForm, PlaceRow, PlacesPage};
pub use policy::{
    AdoptPage, AdoptionView, CategoryView, ChoicesView, FieldView, HoldView, OpenView, PoliciesPage,
    PoliciesRow, PolicyPage, SettingView, TextView, TrialView, TriedView,
};
pub use question_form::{ExportForm, PreviewPage, QuestionForm, QuestionFormPage, ScreenView, Wrong};
pub use questions::{
    CloseView, ExportPage, Figures, QuestionLine, QuestionList, QuestionPage, QuestionsPage,
};
pub use record::{
    AddView, ConflictView, FieldInput, FormView, InputKind, RecordForm, RecordLine, RecordPage,
    RecordSection, SideView,
};
pub use report::ReportPage;
pub use requests::{RequestForms, RequestLine, RequestPage, RequestsPage, StepView, TypedStep};
pub use rights::{
    Choices, ErasureView, ResidentNotedPage, ResidentPage, RightsCasePage, RightsFormPage, RightsForms,
    RightsLine, RightsPage, RightsSheetPage, SheetTable, TypedCase,
};
pub use roster::{
    ColumnView, DryRunPage, FindingGroup, FirstLine, GridChoice, ImportFindingsPage, ImportLine,
    ImportedPage, RosterPage, TableView, UndoView, WorkingPage,
};
pub use shell::{Nav, Said, Shell, Undo};
pub use spot::{
    AgreementRow, CardPage, DrawRowView, NoCardPage, PointView, SpotCheckPage, SpotChecksPage, SpotForm,
    SpotItem, SpotRound, SpotSheet,
};
pub use staff::{CodePage, GridRow, LookView, PhoneView, SpanView, StaffForm, StaffPage, WorkerRow};
pub use state::{LateOrNot, Side, StateCode, StateMark};
pub use waiting::{PairRow, WaitingPage, WaitingRow};
