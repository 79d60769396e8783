//! The hub's keys in memory, read again when another replica may have changed them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::ArcSwap;
use hub_domain::{Clock, Timestamp};
use hub_store::identity::SigningKey as Stored;
use hub_store::{Store, StoreError, identity};
use jiff::SignedDuration;

use super::fault::IdentityFault;
use super::key::{Held, PUBLISHED_FIRST, PublicKey, Purpose, make};
use super::seal::Seal;

/// A snapshot older than this is read again at the next use; it is also the least time between two readings, so that
/// a stream of invented key ids costs one reading a minute.
const STALE: SignedDuration = SignedDuration::from_mins(1);

/// The hub's keys at one moment.
#[derive(Debug)]
pub(crate) struct Keys {
    held: Vec<Held>,
    pub(crate) read_at: Timestamp,
}

impl Keys {
    /// Reads every key.
    pub(crate) async fn read(store: &Store, seal: &Seal, now: Timestamp) -> Result<Self, IdentityFault> {
        let mut held = Vec::new();
        for purpose in Purpose::ALL {
            for stored in stored(store, purpose).await? {
                let opened = seal.open(&stored.private, &stored.kid)?;
                held.push(Held::read(Stored { private: opened.private, ..stored })?);
            }
        }
        Ok(Self { held, read_at: now })
    }

    /// The key that signs at `now` for `purpose` what is dated `at`: of those that stand, the newest that had been
    /// published long enough, else the first there was. So a receipt signed again comes out the same.
    pub(crate) fn signing(&self, purpose: Purpose, at: Timestamp, now: Timestamp) -> Result<&Held, IdentityFault> {
        let ready = |key: &&Held| key.created_at.checked_add(PUBLISHED_FIRST).is_ok_and(|from| from <= at);
        let order = |key: &&Held| (key.created_at, key.public.kid.clone());
        let of = || self.held.iter().filter(move |key| key.public.purpose == purpose && self.stands(key, now));
        let key = of().filter(ready).max_by_key(order).or_else(|| of().min_by_key(order));
        key.ok_or_else(|| IdentityFault::Material(format!("there is no {purpose} key")))
    }

    /// The key `kid` of that purpose, if its signatures are still good at `now`.
    pub(crate) fn standing(&self, purpose: Purpose, kid: &str, now: Timestamp) -> Option<&Held> {
        let found = self.held.iter().find(|key| key.public.kid == kid && key.public.purpose == purpose)?;
        self.stands(found, now).then_some(found)
    }

    /// The public halves of every key that stands, for the key set.
    pub(crate) fn public(&self, now: Timestamp) -> Vec<PublicKey> {
        self.held.iter().filter(|key| self.stands(key, now)).map(|key| key.public.clone()).collect()
    }

    /// The keys that sign for `purpose` now: the present one, and the one before it while both stand.
    pub(crate) fn signing_pair(&self, purpose: Purpose, now: Timestamp) -> Result<Vec<&Held>, IdentityFault> {
        let present = self.signing(purpose, now, now)?;
        let older = self.held.iter().filter(|key| key.public.purpose == purpose && key.created_at < present.created_at);
        let before = older.filter(|key| self.stands(key, now)).max_by_key(|key| key.created_at);
        Ok(std::iter::once(present).chain(before).collect())
    }

    fn stands(&self, key: &Held, now: Timestamp) -> bool {
        let later = self.held.iter().filter(|other| {
            other.public.purpose == key.public.purpose
                && other.created_at > key.created_at
                && other.retired_at.is_none()
        });
        key.stands(later.map(|next| next.created_at).min(), now)
    }

    fn is_stale(&self, now: Timestamp) -> bool {
        now.duration_since(self.read_at) >= STALE
    }
}

/// The present snapshot. Cheap to clone; clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Ring {
    keys: Arc<ArcSwap<Keys>>,
    reading: Arc<AtomicBool>,
    seal: Seal,
}

impl Ring {
    /// Reads the keys, making one for each purpose that has none and sealing what lies otherwise than it should.
    pub(crate) async fn open(store: &Store, clock: &dyn Clock, seal: Seal) -> Result<Self, IdentityFault> {
        for purpose in Purpose::ALL {
            let kept = stored(store, purpose).await?;
            seal_again(store, &seal, &kept).await?;
            if kept.is_empty() {
                // Two replicas that start on an empty database make two keys; both are published and one signs.
                let mut tx = store.begin().await?;
                identity::insert_key(&mut tx, &sealed(&seal, make(purpose, clock.now())?)?).await?;
                tx.commit().await?;
            }
        }
        let keys = Keys::read(store, &seal, clock.now()).await?;
        Ok(Self { keys: Arc::new(ArcSwap::from_pointee(keys)), reading: Arc::default(), seal })
    }

    /// The key as it is to be kept.
    pub(crate) fn sealed(&self, key: Stored) -> Result<Stored, IdentityFault> {
        sealed(&self.seal, key)
    }

    /// The present snapshot.
    pub(crate) fn keys(&self) -> Arc<Keys> {
        self.keys.load_full()
    }

    /// When the present snapshot was read, unless it is stale: what was verified against it still holds.
    pub(crate) fn read_at(&self, now: Timestamp) -> Option<Timestamp> {
        let keys = self.keys.load();
        (!keys.is_stale(now)).then_some(keys.read_at)
    }

    /// Begins reading the keys again when the snapshot is stale. Nobody waits for it: while the database is away, what
    /// was read last goes on serving.
    pub(crate) fn refresh(&self, store: &Store, clock: &Arc<dyn Clock>) {
        if !self.keys.load().is_stale(clock.now()) || self.reading.swap(true, Ordering::AcqRel) {
            return;
        }
        let (ring, store, clock) = (self.clone(), store.clone(), Arc::clone(clock));
        tokio::spawn(async move {
            if let Err(error) = ring.reload(&store, clock.now()).await {
                tracing::warn!(error = %Chain(&error), "signing keys could not be read again");
            }
            ring.reading.store(false, Ordering::Release);
        });
    }

    /// Reads the keys again and waits for it, if they have not been read within the last minute.
    pub(crate) async fn reload_if_stale(&self, store: &Store, now: Timestamp) -> Result<Arc<Keys>, IdentityFault> {
        if self.keys.load().is_stale(now) {
            self.reload(store, now).await?;
        }
        Ok(self.keys())
    }

    /// Reads the keys now.
    pub(crate) async fn reload(&self, store: &Store, now: Timestamp) -> Result<(), IdentityFault> {
        self.keys.store(Arc::new(Keys::read(store, &self.seal, now).await?));
        Ok(())
    }
}

/// An error and what caused it, in one line for the operator.
struct Chain<'a>(&'a IdentityFault);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = std::error::Error::source(self.0);
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

fn sealed(seal: &Seal, key: Stored) -> Result<Stored, IdentityFault> {
    Ok(Stored { private: seal.close(&key.private, &key.kid)?, ..key })
}

/// Keeps those keys as they should lie which do not. Two replicas that do so at once leave one of two good seals.
async fn seal_again(store: &Store, seal: &Seal, kept: &[Stored]) -> Result<(), IdentityFault> {
    for key in kept {
        let opened = seal.open(&key.private, &key.kid)?;
        if !opened.is_current {
            let mut tx = store.begin().await?;
            identity::seal_key(&mut tx, &key.kid, &seal.close(&opened.private, &key.kid)?).await?;
            tx.commit().await?;
            tracing::info!(kid = key.kid, "a signing key was sealed");
        }
    }
    Ok(())
}

async fn stored(store: &Store, purpose: Purpose) -> Result<Vec<Stored>, StoreError> {
    let mut link = store.read().await?;
    identity::keys(&mut link, purpose.as_str()).await
}
