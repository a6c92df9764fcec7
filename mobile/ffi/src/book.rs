//! 外勤本 – the one object of the bindings: made, unlocked, locked, put aside; and the door through which everything
//! else reaches the open book.

#![expect(clippy::needless_pass_by_value, reason = "the bindings hand everything over by value")]

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand::SeedableRng;
use rand::rngs::StdRng;
use ruhu_core::fieldbook::{Door, Fieldbook as Book, FieldbookError};
use ruhu_core::time::PhoneTime;
use ruhu_port::{Port, Trouble};

use crate::clock::HostClock;
use crate::host::{ClockReadings, HostFault, HostState, KeyStore, Observer, Setup, Standing, SyncState};
use crate::safe::{FileKey, Safe, Tried};
use crate::shelf::Shelf;
use crate::trouble::PortError;

/// 外勤本 – one worker's book on one phone, encrypted. Every function may be called from any thread, off the main one:
/// most take milliseconds, a passcode takes a third of a second.
#[derive(uniffi::Object)]
pub struct Fieldbook {
    pub(crate) setup: Setup,
    shelf: Shelf,
    keys: Arc<dyn KeyStore>,
    clock: Arc<HostClock>,
    observer: Arc<dyn Observer>,
    observer_faults: AtomicU32,
    /// Held while the files change hands; a call from within a host's own callback is refused, not left waiting for
    /// itself.
    hands: Mutex<()>,
    open: Mutex<Option<Open>>,
    pub(crate) synced: Mutex<SyncState>,
    pub(crate) syncing: AtomicBool,
}

/// The open book and its number on the shelf.
struct Open {
    port: Port,
    nr: u32,
}

#[uniffi::export]
impl Fieldbook {
    /// Looks into the folder; opens nothing yet.
    ///
    /// # Errors
    /// [`PortError`]: the folder cannot be used, or the host's clock failed.
    #[uniffi::constructor]
    pub fn new(
        setup: Setup,
        keys: Arc<dyn KeyStore>,
        clock: Arc<dyn ClockReadings>,
        observer: Arc<dyn Observer>,
    ) -> Result<Arc<Self>, PortError> {
        Ok(Arc::new(Self {
            shelf: Shelf::new(&setup.folder)?,
            setup,
            keys,
            clock: Arc::new(HostClock::new(clock)?),
            observer,
            observer_faults: AtomicU32::new(0),
            hands: Mutex::new(()),
            open: Mutex::new(None),
            synced: Mutex::new(SyncState::default()),
            syncing: AtomicBool::new(false),
        }))
    }

    /// How the file stands.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn host(&self) -> Result<HostState, PortError> {
        let now = self.clock.refresh()?;
        self.host_at(now)
    }

    /// Makes the encrypted file, and opens it. A passcode has six signs or more.
    ///
    /// # Errors
    /// [`PortError::FixForm`] for the passcode, or where there is a file already.
    pub fn create(&self, passcode: String) -> Result<HostState, PortError> {
        let now = self.clock.refresh()?;
        let hands = self.alone()?;
        let nr = self.shelf.current()?;
        let erased = match self.standing()? {
            Standing::New => false,
            Standing::Erased => true,
            Standing::Locked | Standing::Open => {
                return Err(PortError::field(
                    "passcode",
                    "本机已有数据文件,请输入其密码 / there is a file already: unlock it",
                ));
            }
        };
        let nr = if erased { nr.saturating_add(1) } else { nr };
        let rng = randomness()?;
        self.shelf.make(nr)?;
        let mut dice = randomness()?;
        let mut random = |bytes: &mut [u8]| rand::Rng::fill_bytes(&mut dice, bytes);
        let key = Safe::make(&self.shelf.safe(nr), &passcode, &*self.keys, &mut random)?;
        self.start(nr, &key, rng)?;
        drop(hands);
        self.told_host(now)
    }

    /// Opens the file, or else one that was put aside under this passcode.
    ///
    /// # Errors
    /// [`PortError::FixForm`] for a wrong passcode, [`PortError::TryLater`] after too many of them.
    pub fn unlock(&self, passcode: String) -> Result<HostState, PortError> {
        let now = self.clock.refresh()?;
        let hands = self.alone()?;
        if self.is_open() {
            drop(hands);
            return self.host_at(now);
        }
        let mut found_any = false;
        for nr in self.shelf.numbers()? {
            let Some(mut safe) = Safe::find(&self.shelf.safe(nr))? else { continue };
            if safe.is_erased() {
                continue;
            }
            if let Some(wait) = waits(&safe, now) {
                // One that was put aside keeps nobody out of the one in use, which was tried first.
                if found_any { continue } else { return Err(wait) }
            }
            found_any = true;
            if let Tried::Right(key) = safe.open(&passcode, now, &*self.keys)? {
                self.start(nr, &key, randomness()?)?;
                self.shelf.use_again(nr)?;
                drop(hands);
                return self.told_host(now);
            }
        }
        Err(if found_any {
            wrong("passcode")
        } else {
            PortError::support("本机还没有数据文件 / there is no file on this phone yet")
        })
    }

    /// Closes the file; nothing of it stays readable. A sync under way ends at its next step and loses nothing.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn lock(&self) -> Result<HostState, PortError> {
        let now = self.clock.refresh()?;
        drop(self.book().take());
        self.told_host(now)
    }

    /// Another passcode for the same file, which must be open.
    ///
    /// # Errors
    /// As [`Fieldbook::unlock`], for the field `old`; [`PortError::FixForm`] for `next`.
    pub fn change_passcode(&self, old: String, next: String) -> Result<HostState, PortError> {
        let now = self.clock.refresh()?;
        let _hands = self.alone()?;
        let nr = self.book().as_ref().map(|open| open.nr).ok_or_else(closed)?;
        let mut safe = Safe::find(&self.shelf.safe(nr))?.ok_or_else(closed)?;
        if let Some(wait) = waits(&safe, now) {
            return Err(wait);
        }
        let Tried::Right(key) = safe.open(&old, now, &*self.keys)? else { return Err(wrong("old")) };
        let mut dice = randomness()?;
        let mut random = |bytes: &mut [u8]| rand::Rng::fill_bytes(&mut dice, bytes);
        safe.reseal(&next, &key, &*self.keys, &mut random)?;
        self.host_at(now)
    }

    /// 忘记密码 – closes the file and puts it aside, with everything in it that was not sent. It opens only with its own
    /// passcode; [`Fieldbook::unlock`] tries it as well.
    ///
    /// # Errors
    /// [`PortError`].
    pub fn begin_anew(&self) -> Result<HostState, PortError> {
        let now = self.clock.refresh()?;
        let hands = self.alone()?;
        drop(self.book().take());
        if !matches!(self.standing()?, Standing::New) {
            self.shelf.make(self.shelf.current()?.saturating_add(1))?;
        }
        drop(hands);
        self.told_host(now)
    }

    /// How often the observer threw: for the host's own tests.
    #[must_use]
    pub fn observer_faults(&self) -> u32 {
        self.observer_faults.load(Ordering::Relaxed)
    }
}

impl Fieldbook {
    /// One question to the open book.
    pub(crate) fn asked<T>(
        &self,
        work: impl FnOnce(&mut Port) -> Result<T, Trouble>,
    ) -> Result<T, PortError> {
        self.clock.refresh()?;
        let mut book = self.book();
        let open = book.as_mut().ok_or_else(closed)?;
        Ok(work(&mut open.port)?)
    }

    /// As [`Fieldbook::asked`], and whoever watches is told.
    pub(crate) fn changed<T>(
        &self,
        work: impl FnOnce(&mut Port) -> Result<T, Trouble>,
    ) -> Result<T, PortError> {
        let done = self.asked(work)?;
        self.tell(|observer| observer.changed());
        Ok(done)
    }

    /// Tells the observer. What it throws is counted and no more: what it is told of has happened.
    pub(crate) fn tell(&self, what: impl FnOnce(&dyn Observer) -> Result<(), HostFault>) {
        if what(&*self.observer).is_err() {
            self.observer_faults.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// 撤销 – the hub has everything and the book is empty: its file and its key go.
    pub(crate) fn erased(&self) -> Result<(), PortError> {
        let now = self.clock.refresh()?;
        let hands = self.alone()?;
        let nr = self.book().take().map(|open| open.nr);
        if let Some(nr) = nr {
            // First the key: a file without one is noise, whoever is killed here.
            Safe::erase(&self.shelf.safe(nr))?;
            self.shelf.remove(nr)?;
        }
        drop(hands);
        self.told_host(now)?;
        Ok(())
    }

    fn start(&self, nr: u32, key: &FileKey, rng: StdRng) -> Result<(), PortError> {
        let path = self.shelf.book(nr);
        let path = path.to_str().ok_or_else(|| {
            PortError::support(
                "应用文件夹的路径含有非法字符 / the path of the app's folder is not readable text",
            )
        })?;
        let book = self.encrypted(path, key, rng)?;
        *self.book() = Some(Open { port: Port::new(book, &self.setup.app), nr });
        Ok(())
    }

    #[cfg(feature = "sqlcipher")]
    fn encrypted(&self, path: &str, key: &FileKey, rng: StdRng) -> Result<Book, PortError> {
        let key = ruhu_core::store::StoreKey::new(**key);
        let clock: Arc<HostClock> = Arc::clone(&self.clock);
        Ok(Book::open_encrypted(path, &key, &self.setup.app, clock, Box::new(rng))?)
    }

    #[cfg(not(feature = "sqlcipher"))]
    fn encrypted(&self, _: &str, _: &FileKey, _: StdRng) -> Result<Book, PortError> {
        Err(PortError::support(
            "本应用构建时未带加密组件,不能使用 / this app was built without encryption and keeps nothing",
        ))
    }

    fn host_at(&self, now: PhoneTime) -> Result<HostState, PortError> {
        // One that cannot be read is said to be so by whatever is tried next; how things stand can always be told.
        let safe = Safe::find(&self.shelf.safe(self.shelf.current()?)).ok().flatten();
        Ok(HostState {
            standing: self.standing()?,
            host: self.setup.host,
            wait_until: safe.and_then(|safe| safe.wait_until(now)).map(|until| until.to_rfc3339()),
            persisted: None,
            used_bytes: Some(self.shelf.used_bytes()),
            quota_bytes: None,
            why: None,
        })
    }

    fn told_host(&self, now: PhoneTime) -> Result<HostState, PortError> {
        let state = self.host_at(now)?;
        self.tell(|observer| observer.host_changed(state.clone()));
        Ok(state)
    }

    fn standing(&self) -> Result<Standing, PortError> {
        if self.is_open() {
            return Ok(Standing::Open);
        }
        let nr = self.shelf.current()?;
        Ok(match Safe::find(&self.shelf.safe(nr)) {
            Ok(Some(safe)) if safe.is_erased() => Standing::Erased,
            // A book without its key, or with one that cannot be read, is not to be written over.
            Ok(None) if !self.shelf.book(nr).exists() => Standing::New,
            _ => Standing::Locked,
        })
    }

    fn is_open(&self) -> bool {
        self.book().is_some()
    }

    /// A panic elsewhere leaves the file as its last transaction left it: the book is still good.
    fn book(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn alone(&self) -> Result<MutexGuard<'_, ()>, PortError> {
        match self.hands.try_lock() {
            Ok(hands) => Ok(hands),
            Err(std::sync::TryLockError::Poisoned(hands)) => Ok(hands.into_inner()),
            Err(std::sync::TryLockError::WouldBlock) => {
                Err(PortError::later("正在打开或关闭,请稍候 / it is being opened or closed: a moment"))
            }
        }
    }
}

impl Door for Fieldbook {
    type Error = PortError;

    fn with<T>(&self, work: impl FnOnce(&mut Book) -> Result<T, FieldbookError>) -> Result<T, PortError> {
        self.clock.refresh()?;
        let mut book = self.book();
        let open = book.as_mut().ok_or_else(closed)?;
        Ok(work(open.port.book())?)
    }
}

/// Keys come from it: the system's own, or nothing at all.
fn randomness() -> Result<StdRng, PortError> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)
        .map_err(|_| PortError::support("系统随机数不可用 / the phone's system gives no randomness"))?;
    Ok(StdRng::from_seed(seed))
}

fn waits(safe: &Safe, now: PhoneTime) -> Option<PortError> {
    let left_s = (safe.wait_until(now)? - now.wall).num_seconds() + 1;
    let words =
        format!("密码多次有误,请 {left_s} 秒后再试 / too many wrong passcodes: try again in {left_s} s");
    Some(PortError::TryLater { words })
}

fn wrong(field: &str) -> PortError {
    PortError::field(field, "密码不对 / the passcode is wrong")
}

pub(crate) fn closed() -> PortError {
    PortError::later("已锁定,请先输入密码 / it is locked: give the passcode first")
}
