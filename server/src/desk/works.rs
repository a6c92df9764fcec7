//! 在办 – imports and undos that this node is about. Only how far they are: what was entered stands in the database, and
//! whoever asks another node is told what that one knows.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ruhu_core::ids::ImportId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::import::commit::Progress;

/// How long a form waits for its work before it shows how far that is.
const PATIENCE: Duration = Duration::from_secs(3);
/// Files taken in, read again or entered at once: each is held in memory as long.
const FILES_AT_ONCE: usize = 4;

/// What is being worked on here.
#[derive(Clone)]
pub(super) struct Works {
    running: Arc<Mutex<BTreeMap<ImportId, Progress>>>,
    files: Arc<Semaphore>,
}

impl Default for Works {
    fn default() -> Self {
        Self { running: Arc::default(), files: Arc::new(Semaphore::new(FILES_AT_ONCE)) }
    }
}

impl Works {
    /// A place to take a file in, or to read one again; `None` when all are taken.
    pub(super) fn file(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.files).try_acquire_owned().ok()
    }

    /// How far the work about an import is: units done, and all there are; `None` when nobody works on it here.
    pub(super) fn progress(&self, import: ImportId) -> Option<(usize, usize)> {
        self.running().get(&import).map(Progress::read)
    }

    /// Does the work, if nobody is at it here, and waits a little for its end.
    pub(super) async fn run(&self, import: ImportId, work: impl FnOnce(&Progress) + Send + 'static) {
        let progress = Progress::default();
        {
            let mut running = self.running();
            if running.contains_key(&import) {
                return;
            }
            running.insert(import, progress.clone());
        }
        let ended = Ended { works: self.clone(), import };
        let job = tokio::task::spawn_blocking(move || {
            let _ended = ended;
            work(&progress);
        });
        // What takes longer goes on; the page then tells how far it is.
        drop(tokio::time::timeout(PATIENCE, job).await);
    }

    fn running(&self) -> MutexGuard<'_, BTreeMap<ImportId, Progress>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets the work when it ends, also when it breaks off.
struct Ended {
    works: Works,
    import: ImportId,
}

impl Drop for Ended {
    fn drop(&mut self) {
        self.works.running().remove(&self.import);
    }
}
