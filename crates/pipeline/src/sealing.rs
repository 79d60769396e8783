//! Public keys to which details about children are sealed: registered and retired by the host, read by everybody, and
//! never put in one another's place. The hub holds no private half and can open nothing.

use std::collections::{BTreeMap, BTreeSet};

use hub_domain::{AuthorityCode, Timestamp};
use hub_notices::envelope::{Fingerprint, Recipient};
use hub_store::event::{self, Event, Side};
use hub_store::sealing::{self, SealingKey};
use hub_store::{StoreError, Tx, envelope};
use uuid::Uuid;

use crate::{Fault, Hub, boxed};

/// Keys that an authority may have live at once: offices and successors, not a key ring.
const MOST: usize = 8;
/// A host has another key: what is sealed for it is to be sealed again.
pub const ROTATED: &str = "sealing_key.rotated";
/// A host's key is gone, and something was sealed to it alone: the host can no longer be expected to open it.
pub const RETIRED: &str = "sealing_key.retired";

/// Why a key is not registered or retired.
#[derive(Debug, thiserror::Error)]
pub enum KeyRefusal {
    /// It was retired, and a retired key does not come back.
    #[error("the key has been retired")]
    Retired,
    /// The authority has as many keys as it may.
    #[error("{MOST} keys are registered already")]
    TooMany,
    /// The authority has no such key.
    #[error("no such key")]
    NotFound,
    /// The hub failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StoreError> for KeyRefusal {
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}

/// Registers a key of the host, and tells every placing authority that has something sealed for it to seal it again.
/// `true` with a key that was not there before.
#[boxed]
pub async fn register(
    hub: &Hub,
    host: AuthorityCode,
    client: &str,
    recipient: Recipient,
) -> Result<(SealingKey, bool), KeyRefusal> {
    let mut tx = hub.store.begin().await?;
    let known = sealing::list(&mut tx, host).await?;
    if let Some(known) = known.iter().find(|key| key.recipient == recipient) {
        return if known.is_live() { Ok((known.clone(), false)) } else { Err(KeyRefusal::Retired) };
    }
    if known.iter().filter(|key| key.is_live()).count() >= MOST {
        return Err(KeyRefusal::TooMany);
    }
    let key = SealingKey {
        authority: host,
        id: hub.ids.next(),
        fingerprint: recipient.fingerprint(),
        recipient,
        registered_at: hub.clock.now(),
        registered_by: client.to_owned(),
        retired: None,
    };
    if !sealing::insert(&mut tx, &key).await? {
        return Err(Fault::Overtaken.into());
    }
    let sealed_before = |_: &BTreeSet<Fingerprint>| true;
    tell(hub, &mut tx, &key, ROTATED, sealed_before).await?;
    tx.commit().await?;
    Ok((key, true))
}

/// Retires a key of the host; nothing can be sealed to it from now on. Retiring it again changes nothing.
#[boxed]
pub async fn retire(hub: &Hub, host: AuthorityCode, client: &str, id: Uuid) -> Result<SealingKey, KeyRefusal> {
    let now = hub.clock.now();
    let mut tx = hub.store.begin().await?;
    let keys = sealing::list(&mut tx, host).await?;
    let mut key = keys.iter().find(|key| key.id == id).cloned().ok_or(KeyRefusal::NotFound)?;
    if key.is_live() && sealing::retire(&mut tx, host, id, now, client).await? {
        key.retired = Some((now, client.to_owned()));
        let left: BTreeSet<_> =
            keys.iter().filter(|key| key.is_live() && key.id != id).map(|key| &key.fingerprint).collect();
        let orphaned = |sealed: &BTreeSet<Fingerprint>| {
            sealed.contains(&key.fingerprint) && !sealed.iter().any(|one| left.contains(one))
        };
        tell(hub, &mut tx, &key, RETIRED, orphaned).await?;
    }
    tx.commit().await?;
    Ok(key)
}

/// Every key that the authority has registered, retired ones among them, oldest first. Public keys are anybody's to see.
#[boxed]
pub async fn list(hub: &Hub, reader: AuthorityCode, owner: AuthorityCode) -> Result<Vec<SealingKey>, Fault> {
    let mut link = hub.store.read_as(reader).await?;
    Ok(sealing::list(&mut link, owner).await?)
}

/// Tells each placing authority which of its notices have an envelope for the host that is `affected`.
async fn tell(
    hub: &Hub,
    tx: &mut Tx,
    key: &SealingKey,
    kind: &str,
    affected: impl Fn(&BTreeSet<Fingerprint>) -> bool,
) -> Result<(), Fault> {
    let mut by_placing: BTreeMap<AuthorityCode, BTreeSet<Uuid>> = BTreeMap::new();
    for envelope in envelope::by_host(tx, key.authority).await?.iter().filter(|one| affected(&one.fingerprints)) {
        by_placing.entry(envelope.authority).or_default().insert(envelope.notice);
    }
    for (placing, notices) in by_placing {
        let told = told(hub, placing, key, kind, &notices, hub.clock.now());
        event::append_for(tx, &told, Side::Placing).await?;
    }
    Ok(())
}

fn told(
    hub: &Hub,
    placing: AuthorityCode,
    key: &SealingKey,
    kind: &str,
    notices: &BTreeSet<Uuid>,
    at: Timestamp,
) -> Event {
    let (host, fingerprint) = (key.authority, &key.fingerprint);
    let data = serde_json::json!({ "host": host, "fingerprint": fingerprint, "notices": notices });
    Event {
        authority: placing,
        id: hub.ids.next(),
        kind: kind.to_owned(),
        subject: format!("{host}/{fingerprint}"),
        at,
        data: data.to_string(),
    }
}
