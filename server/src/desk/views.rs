//! 页面内容 – what each page shows, as plain structs; built here and nowhere else, laid out by `templates/`.

mod communities;
mod help;
mod household;
mod list;
mod message;
mod overview;
mod period;
mod report;
mod shell;
mod state;

pub use communities::{CommunitiesPage, CommunityRow};
pub use help::HelpPage;
pub use household::{EventView, HouseholdPage, MemberView, Note, RequestView, Reveal};
pub use list::{ListPage, ListRow, Tab};
pub use message::{LoginPage, LoginTrouble, MessagePage, PasswordPage};
pub use overview::{Depth, GridOrder, Number, OverviewInput, OverviewPage, overview};
pub use period::{PeriodSwitch, period_name};
pub use report::ReportPage;
pub use shell::{Nav, Shell};
pub use state::{LateOrNot, Side, StateCode, StateMark};
