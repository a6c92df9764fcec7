//! 页面内容 – what each page shows, as plain structs; built here and nowhere else, laid out by `templates/`.

mod help;
mod household;
mod list;
mod message;
mod overview;
mod period;
mod report;
mod shell;
mod state;

pub use help::HelpPage;
pub use household::{EventView, HouseholdPage, MemberView, Note, RequestView, Reveal};
pub use list::{ListPage, ListRow, Tab};
pub use message::{LoginPage, LoginTrouble, MessagePage};
pub use overview::{GridOrder, Number, OverviewInput, OverviewPage, WorkerNames, overview};
pub use period::{PeriodSwitch, period_name};
pub use report::ReportPage;
pub use shell::{Nav, Shell};
pub use state::{Side, StateCode, StateMark};
