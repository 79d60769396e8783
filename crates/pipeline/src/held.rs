//! Notices that their host cannot be told: the placing authority and the operator hear of it, and of its end; and every night,
//! and whenever a host is registered, it is tried again.
//!
//! A notice is held because nobody knows its host, or because the host is not in being on the day; never is another guessed
//! (promise S11). Nothing of it is delivered, and no clock is met by it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use hub_domain::AuthorityCode;
use hub_notices::NoticeState;
use hub_store::event::{self, Event};
use hub_store::notice::{self, NoticeRow};
use hub_store::{Tx, submission};
use serde_json::json;
use uuid::Uuid;

use crate::notices::TRIES;
use crate::notify::{self, Settled, Speaker, read};
use crate::{Fault, Hub, boxed};

/// A host cannot be told: of which notice, whose, and why.
pub const HELD: &str = "notice.held";
/// What was held has been told, or is held no more because it was taken back.
pub const RELEASED: &str = "notice.released";

/// Who releases, in the history of a notice.
pub(crate) const ACTOR: &str = "release";

/// Looks again at every child with a held notice, as today is; how many notices are held no more.
#[boxed]
pub async fn release(hub: &Hub) -> Result<usize, Fault> {
    let mut children: BTreeMap<AuthorityCode, BTreeSet<String>> = BTreeMap::new();
    for (placing, child) in notice::held(&mut *hub.store.read().await?).await? {
        children.entry(placing).or_default().insert(child);
    }
    let mut released = 0;
    for (placing, children) in children {
        let mut tries = 1;
        released += loop {
            match again(hub, placing, &children).await {
                // A person or a feed wrote to one of them meanwhile.
                Err(fault) if fault.is_retryable() && tries < TRIES => tries += 1,
                done => break done?,
            }
        };
    }
    Ok(released)
}

async fn again(hub: &Hub, placing: AuthorityCode, children: &BTreeSet<String>) -> Result<usize, Fault> {
    let mut tx = hub.store.begin().await?;
    submission::lock(&mut tx, placing).await?;
    let settled = Settled::of(hub, &mut tx, placing).await?;
    let of: Vec<String> = children.iter().cloned().collect();
    let before = held_among(&mut tx, placing, &of).await?;
    let speaker = Speaker { actor: ACTOR, statement: None, origin: None };
    notify::derive_as(hub, &mut tx, placing, (&settled, &speaker), children.clone()).await?;
    let after = held_among(&mut tx, placing, &of).await?;
    tx.commit().await?;
    let released = before.difference(&after).count();
    if released > 0 {
        tracing::info!(%placing, released, "held notices have been told");
        hub.pulse.deliveries.notify_waiters();
    }
    Ok(released)
}

async fn held_among(tx: &mut Tx, placing: AuthorityCode, children: &[String]) -> Result<BTreeSet<Uuid>, Fault> {
    let rows = notice::by_children(tx, placing, children).await?;
    Ok(rows.into_iter().filter(|row| row.state == NoticeState::Held).map(|row| row.id).collect())
}

/// Says what these events hold and what they release, once each, in the transaction that keeps them.
pub(crate) async fn tell(
    hub: &Hub,
    tx: &mut Tx,
    events: &[hub_notices::Event<'_>],
    kept: &HashMap<Uuid, &NoticeRow>,
) -> Result<(), Fault> {
    for told in events {
        let notice = told.notice;
        let before = kept.get(&notice.id).filter(|row| row.state == NoticeState::Held);
        let because = before.map(|row| read(row)).transpose()?.and_then(|before| before.held_because);
        // Held once more is held anew; of one release two events may come, a raising and an ending.
        let (kind, version) = match (notice.state == NoticeState::Held, before) {
            (true, _) if because != notice.held_because => (HELD, i64::from(notice.version)),
            (false, Some(before)) => (RELEASED, before.version),
            _ => continue,
        };
        let data = json!({
            "notice": notice.id,
            "placing": notice.placing,
            "host": notice.host,
            "reason": notice.held_because.or(because),
            "state": notice.state,
        });
        let said = Event {
            authority: notice.placing,
            id: hub.ids.next(),
            kind: kind.to_owned(),
            subject: format!("notices/{}/{version}", notice.id),
            at: hub.clock.now(),
            data: data.to_string(),
        };
        event::append(tx, &said).await?;
    }
    Ok(())
}
