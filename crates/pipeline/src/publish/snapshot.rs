//! The public's snapshot, once a quarter (promise C4).

use std::sync::Arc;

use hub_domain::{Timestamp, london_date};
use hub_store::release;

use super::{Audience, PublishRefusal, Published, publish_to};
use crate::{Hub, boxed};

/// More snapshots than anybody makes in a quarter.
const LOOKED_AT: i64 = 200;

/// Publishes the snapshot of the quarter in which `slot` lies, unless it was: by another replica, by this job before it
/// died, or on an earlier day of the quarter. So it may be tried on several days, in case the gate refuses on the first.
#[boxed]
pub async fn snapshot(hub: &Arc<Hub>, slot: Timestamp) -> Result<Option<Arc<Published>>, PublishRefusal> {
    let reason = quarter(slot);
    let mut link = hub.store.read().await?;
    let last = release::list(&mut link, Audience::Public.as_str(), None, LOOKED_AT).await?;
    drop(link);
    if last.iter().any(|release| release.reason == reason) {
        tracing::info!(reason, "the public's snapshot is published already");
        return Ok(None);
    }
    publish_to(hub, Audience::Public, &reason).await.map(Some)
}

/// What a snapshot of that moment is published for: `quarter 2026-Q2`, by London's calendar.
fn quarter(at: Timestamp) -> String {
    let day = london_date(at);
    format!("quarter {}-Q{}", day.year(), (day.month() + 2) / 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_are_londons() {
        let table = [
            ("2026-01-01T07:00:00Z", "quarter 2026-Q1"),
            ("2026-03-31T22:59:59Z", "quarter 2026-Q1"),
            ("2026-03-31T23:00:00Z", "quarter 2026-Q2"),
            ("2026-12-31T23:59:59Z", "quarter 2026-Q4"),
        ];
        for (at, expected) in table {
            assert_eq!(quarter(at.parse().unwrap()), expected, "{at}");
        }
    }
}
