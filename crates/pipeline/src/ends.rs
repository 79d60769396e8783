//! Ends that were stated and that the feed goes on to contradict. A feed that does not change touches nobody, so they are
//! looked at every night.

use std::collections::{BTreeMap, BTreeSet};

use hub_domain::{AuthorityCode, Date, london_date};
use hub_notices::NoticeState;
use hub_store::{notice, submission};
use jiff::ToSpan as _;

use crate::notices::TRIES;
use crate::notify::{self, Settled, read};
use crate::{Fault, Hub};

/// An end stated longer ago has been looked at every night since.
const LOOK_BACK: i32 = 60;

/// Looks again at the children of whom an end was stated lately that no feed has shown.
pub(crate) async fn doubt(hub: &Hub) -> Result<(), Fault> {
    let since = london_date(hub.clock.now()).checked_sub(LOOK_BACK.days()).unwrap_or(Date::MIN);
    let mut children: BTreeMap<AuthorityCode, BTreeSet<String>> = BTreeMap::new();
    for (placing, child) in notice::ended_since(&mut *hub.store.read().await?, since).await? {
        children.entry(placing).or_default().insert(child);
    }
    for (placing, children) in children {
        let mut tries = 1;
        loop {
            match again(hub, placing, &children).await {
                // A person or a feed wrote to one of them meanwhile.
                Err(fault) if fault.is_retryable() && tries < TRIES => tries += 1,
                done => break done?,
            }
        }
    }
    Ok(())
}

async fn again(hub: &Hub, placing: AuthorityCode, ended: &BTreeSet<String>) -> Result<(), Fault> {
    let mut tx = hub.store.begin().await?;
    submission::lock(&mut tx, placing).await?;
    let ended: Vec<String> = ended.iter().cloned().collect();
    let mut doubtful = BTreeSet::new();
    for row in notice::by_children(&mut tx, placing, &ended).await? {
        let stated = row.state == NoticeState::Ended && read(&row)?.ending.is_some_and(|ending| ending.stated);
        doubtful.extend(stated.then_some(row.child_ref));
    }
    if doubtful.is_empty() {
        return Ok(());
    }
    let as_at = Settled::of(hub, &mut tx, placing).await?.as_at;
    notify::derive(hub, &mut tx, placing, as_at, doubtful, None).await?;
    tx.commit().await?;
    hub.pulse.deliveries.notify_waiters();
    Ok(())
}
