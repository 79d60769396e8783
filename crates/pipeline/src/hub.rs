//! What every use case needs: the store, the clock, the settings, and the few things kept in memory.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use arc_swap::{ArcSwap, ArcSwapOption};
use hub_domain::{Calendar, Clock, IdSource};
use hub_store::Store;
use tokio::sync::{Notify, Semaphore, watch};

use crate::checks::Checked;
use crate::identity::Seal;
use crate::publish::Published;
use crate::readings::Noted;
use crate::settings::Settings;
use crate::vacancies::Built;

/// A running hub. Shared by every request and every job.
#[derive(Debug)]
pub struct Hub {
    /// What the hub keeps.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Fresh ids.
    pub ids: Arc<dyn IdSource>,
    /// Limits, thresholds and addresses.
    pub settings: Settings,
    /// Working days of England and Wales, as they were last read.
    calendar: ArcSwap<Calendar>,
    /// The release that readers see; swapped whole.
    pub published: ArcSwapOption<Published>,
    /// The release that the public sees, likewise.
    pub public: ArcSwapOption<Published>,
    /// The live vacancy board; rebuilt when its feeds change.
    pub board: ArcSwapOption<Built>,
    /// The checks over all boroughs; made anew when their feeds change.
    pub checks: ArcSwapOption<Checked>,
    /// Wake-ups.
    pub pulse: Pulse,
    /// What seals the secrets of endpoints in the store.
    pub seal: Seal,
    /// Who is known to have looked at what today, so that it is written once.
    pub(crate) noted: Noted,
    /// Idempotency keys whose first request is still being received here.
    pub(crate) receiving: Mutex<HashSet<String>>,
    /// Bounds blocking work (parsing, hashing, compression) to the cores there are.
    pub(crate) cores: Arc<Semaphore>,
}

/// Wake-ups between the parts of one process. Each is a hint: whoever waits also polls, since another replica's commit
/// rings no bell here.
#[derive(Debug)]
pub struct Pulse {
    /// A job was queued.
    pub jobs: hub_jobs::Wake,
    /// A delivery was queued.
    pub deliveries: Arc<Notify>,
    /// Counts submissions decided in this process.
    pub decided: watch::Sender<u64>,
}

impl Default for Pulse {
    fn default() -> Self {
        Self { jobs: hub_jobs::Wake::default(), deliveries: Arc::default(), decided: watch::Sender::new(0) }
    }
}

impl Hub {
    /// A hub over an opened and migrated store.
    pub fn new(store: Store, clock: Arc<dyn Clock>, ids: Arc<dyn IdSource>, settings: Settings) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            store,
            clock,
            ids,
            calendar: ArcSwap::from_pointee(settings.calendar.clone()),
            settings,
            published: ArcSwapOption::empty(),
            public: ArcSwapOption::empty(),
            board: ArcSwapOption::empty(),
            checks: ArcSwapOption::empty(),
            pulse: Pulse::default(),
            seal: Seal::none(),
            noted: Noted::default(),
            receiving: Mutex::default(),
            cores: Arc::new(Semaphore::new(cores)),
        }
    }

    /// The hub, whose secrets in the store are sealed so.
    #[must_use]
    pub fn sealed_by(self, seal: Seal) -> Self {
        Self { seal, ..self }
    }

    /// Working days of England and Wales, for whoever shows a clock. Whoever writes a due date reads them anew.
    pub fn calendar(&self) -> Arc<Calendar> {
        self.calendar.load_full()
    }

    pub(crate) fn set_calendar(&self, calendar: Arc<Calendar>) {
        self.calendar.store(calendar);
    }

    /// Runs blocking work on a thread of its own, no more at once than there are cores.
    ///
    /// # Errors
    /// [`Fault::Stopped`](crate::Fault::Stopped) when the process is shutting down or the work panicked.
    pub(crate) async fn blocking<T, F>(&self, work: F) -> Result<T, crate::Fault>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let permit = self.cores.clone().acquire_owned().await.map_err(|_| crate::Fault::Stopped)?;
        let done = tokio::task::spawn_blocking(move || {
            let _held = permit;
            work()
        });
        done.await.map_err(|_| crate::Fault::Stopped)
    }
}
