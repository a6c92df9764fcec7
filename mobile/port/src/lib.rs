//! 端口 – what the screens of a phone ask of the core, and what they are shown: one list of questions with typed answers, the
//! same in a browser (wasm in a Worker), on Android and on iOS (uniffi) and on a command line (JSON).
//!
//! | module | what it does |
//! |---|---|
//! | [`view`] | the records the screens show and fill in |
//! | [`ask`] | the list of questions, by name |
//! | [`trouble`] | what went wrong, and what the person can do about it |
//! | [`initials`] | 首字母: what a host knows of the reading of a sign |
//! | `today`, `plan`, `household`, `visit`, `found`, `forms`, `records`, `requests`, `messages` | the answers |
//! | `practice` | 练习楼道: the same answers over six invented doors |
//!
//! Nothing here decides anything about visits: answers are the core's own, in the words of the screens. How bytes reach
//! the hub, where the file lies and how it is unlocked is the host's affair.

#![expect(
    clippy::needless_pass_by_value,
    reason = "every question is handed over whole: one shape for the list, whatever an answer needs of it"
)]

/// A record or an enum of the screens: serialisable, and known to TypeScript, Kotlin, Swift and Python where asked for.
macro_rules! shown {
    ($(#[$doc:meta])* pub struct $name:ident { $($body:tt)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
        #[serde(default)]
        pub struct $name { $($body)* }
    };
    ($(#[$doc:meta])* pub enum $name:ident { $($body:tt)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($body)* }
    };
}

pub mod ask;
mod fields;
mod filled;
mod forms;
mod found;
mod household;
pub mod initials;
mod labels;
mod messages;
mod plan;
mod practice;
mod read;
mod records;
mod requests;
mod today;
pub mod trouble;
pub mod view;
mod visit;

use std::sync::Arc;

use ruhu_core::fieldbook::Fieldbook;
pub use trouble::{Remedy, Trouble};

/// 端口 – one worker's book, as the screens see it.
pub struct Port {
    book: Fieldbook,
    /// 本次走访 – the household whose fields stand open, since the worker asked for it.
    opened: Option<ruhu_core::roster::Unit>,
    app: String,
    initials: Arc<dyn initials::Initials>,
    /// 练习 – while one is going on it answers in this book's place.
    practice: Option<Box<Port>>,
    /// The doors of a practice; none in a real book.
    lessons: Vec<practice::Lesson>,
}

impl Port {
    /// Over an open book. `app` is the version that is shown and sent.
    #[must_use]
    pub fn new(book: Fieldbook, app: &str) -> Self {
        Self {
            book,
            opened: None,
            app: app.to_owned(),
            initials: Arc::new(initials::NoInitials),
            practice: None,
            lessons: Vec::new(),
        }
    }

    /// The same with a host that knows how signs are read.
    #[must_use]
    pub fn reading(self, initials: Arc<dyn initials::Initials>) -> Self {
        Self { initials, ..self }
    }

    /// The book itself, for the host: enrolling and carrying bytes. Never the practice.
    pub const fn book(&mut self) -> &mut Fieldbook {
        &mut self.book
    }

    /// Gives the book back.
    #[must_use]
    pub fn into_book(self) -> Fieldbook {
        self.book
    }
}

#[cfg(feature = "uniffi")]
uniffi::setup_scaffolding!();
