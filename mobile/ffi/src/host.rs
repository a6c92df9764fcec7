//! 宿主 – what the app around the core hands in, and what it is told.
//!
//! Whatever a host's own code throws comes back as [`HostFault`], then as a
//! [`PortError`](crate::trouble::PortError); it never ends the program. Its message is not passed on: nobody knows what
//! it quotes.

use serde::Serialize;

/// 宿主出错 – what a key store, a clock or an observer may throw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum HostFault {
    /// Not now: the phone itself is still locked, say.
    #[error("手机暂时不允许,请解锁手机后再试 / the phone does not allow it now: unlock it and try again")]
    NotNow,
    /// What was kept is gone for good: the key store was reset.
    #[error(
        "手机密钥库中的密钥已失效,请联系支持;可另建数据文件 / the key in the phone's key store is gone: call support; a new file can be begun"
    )]
    Gone,
    /// Anything else, exceptions of the host's code among them.
    #[error("手机系统调用出错,请联系支持 / a call to the phone's system failed: call support")]
    Unforeseen,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for HostFault {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unforeseen
    }
}

/// 密钥库 – wraps the file's key with a key that never leaves the phone's hardware (Keystore, Keychain).
/// It must not call the book back.
#[uniffi::export(foreign)]
pub trait KeyStore: Send + Sync {
    /// Seals the bytes.
    ///
    /// # Errors
    /// [`HostFault`].
    fn wrap_key(&self, key: Vec<u8>) -> Result<Vec<u8>, HostFault>;

    /// Back from [`KeyStore::wrap_key`].
    ///
    /// # Errors
    /// [`HostFault`].
    fn unwrap_key(&self, wrapped: Vec<u8>) -> Result<Vec<u8>, HostFault>;
}

/// 时钟 – the phone's readings at this moment.
#[uniffi::export(foreign)]
pub trait ClockReadings: Send + Sync {
    /// Reads them.
    ///
    /// # Errors
    /// [`HostFault`].
    fn read(&self) -> Result<ClockReading, HostFault>;
}

/// One look at the clocks.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ClockReading {
    /// Wall clock: milliseconds since 1970-01-01 UTC.
    pub wall_ms: i64,
    /// The clock nobody can set, where there is one.
    pub boot: Option<BootReading>,
}

/// The clock nobody can set.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct BootReading {
    /// Milliseconds since boot, sleep included.
    pub elapsed_ms: u64,
    /// Which boot they count from: a UUID, or any words that are another after each boot.
    pub boot_id: String,
}

/// 观察者 – is told when something changed. What it throws is counted and stops nothing: what happened has happened.
/// It may call the book back.
#[uniffi::export(foreign)]
pub trait Observer: Send + Sync {
    /// Something in the file changed: by this screen or by a sync.
    ///
    /// # Errors
    /// [`HostFault`].
    fn changed(&self) -> Result<(), HostFault>;

    /// The book was made, opened, locked, put aside or erased.
    ///
    /// # Errors
    /// [`HostFault`].
    fn host_changed(&self, state: HostState) -> Result<(), HostFault>;

    /// How the running sync stands.
    ///
    /// # Errors
    /// [`HostFault`].
    fn sync_changed(&self, state: SyncState) -> Result<(), HostFault>;
}

/// 装配 – what a host says once.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Setup {
    /// A folder of the app's own, kept out of the phone's backups. Made when it is not there.
    pub folder: String,
    /// Version of the app, shown and sent.
    pub app: String,
    /// The kind of phone, no serial number; told to the hub at enrolling.
    pub device: String,
    /// Which host.
    pub host: HostKind,
    /// The authorities to believe, as PEM: those of the phone on Android, or the hub's own where it has one. `None`: the
    /// system's, where a program may ask for them (not on Android).
    pub roots_pem: Option<String>,
}

/// Which host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, uniffi::Enum)]
#[serde(rename_all = "kebab-case")]
pub enum HostKind {
    /// Android.
    Android,
    /// iOS.
    Ios,
}

/// How the file of this phone stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, uniffi::Enum)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Nothing is here yet: choose a passcode.
    New,
    /// Encrypted, and closed.
    Locked,
    /// Open.
    Open,
    /// 撤销 – the enrolment was revoked and what was here is erased.
    Erased,
}

/// How the host stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, uniffi::Record)]
pub struct HostState {
    /// How the file stands.
    pub standing: Standing,
    /// Which host.
    pub host: HostKind,
    /// Wrong passcodes are slowed down: no earlier than this instant (RFC 3339), by the phone's own clock.
    pub wait_until: Option<String>,
    /// Always `None`: nobody has to promise a phone's own app that its file stays.
    pub persisted: Option<bool>,
    /// Bytes used.
    pub used_bytes: Option<u64>,
    /// Always `None`: a phone's own app has no quota.
    pub quota_bytes: Option<u64>,
    /// Always `None`; a browser says here why it cannot keep a file.
    pub why: Option<String>,
}

/// What became of a sync.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, uniffi::Record)]
pub struct SyncState {
    /// What.
    pub state: SyncStep,
    /// Bytes of a first load that have come.
    pub loaded_bytes: Option<u64>,
    /// Of how many.
    pub total_bytes: Option<u64>,
    /// Not sooner than this, RFC 3339.
    pub retry_at: Option<String>,
    /// 已收到 in the last exchange.
    pub accepted: u32,
    /// 待核 or 退回 in the last exchange.
    pub put_aside: u32,
    /// Received from the hub in the last exchange.
    pub brought: u32,
}

/// How a sync stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, uniffi::Enum)]
#[serde(rename_all = "kebab-case")]
pub enum SyncStep {
    /// None was asked for.
    #[default]
    Idle,
    /// Under way.
    Running,
    /// Both sides hold the same.
    Done,
    /// No answer, or the hub asked for a pause; to be tried again at [`SyncState::retry_at`].
    Waiting,
    /// The hub does not know this phone: enrol (again). Nothing was lost.
    EnrolAgain,
    /// The hub speaks a newer protocol.
    UpdateApp,
    /// 撤销 – the enrolment was revoked; everything was sent, and what was here is erased.
    Erased,
}
