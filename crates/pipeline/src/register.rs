//! The register: which children live in another authority's area, as the host and the placing authority each read it.

use hub_domain::{AuthorityCode, Date};
pub use hub_notices::Clock;
pub use hub_notices::register::Entry;
use hub_store::notice::{self, Leaf, NoticeRow};
use uuid::Uuid;

use crate::notify::read;
use crate::{Fault, Hub};

/// Lines read together when the whole register is asked for.
const PAGE: i64 = 500;

/// From which side the register is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Children of others in this authority's area.
    Hosted(AuthorityCode),
    /// This authority's children in others' areas.
    Placed(AuthorityCode),
}

/// One page, latest arrival first: who was there on the day of `leaf`, as known now.
pub async fn page(hub: &Hub, side: Side, leaf: &Leaf) -> Result<Vec<Entry>, Fault> {
    let now = hub.clock.now();
    let rows = rows(hub, side, leaf).await?;
    rows.iter().map(|row| Ok(Entry::of(&read(row)?, now, hub.calendar))).collect()
}

/// All of it.
pub async fn whole(hub: &Hub, side: Side, as_of: Date) -> Result<Vec<Entry>, Fault> {
    let mut all: Vec<Entry> = Vec::new();
    loop {
        let before: Option<(Date, Uuid)> = all.last().map(|entry| (entry.since, entry.notice));
        let next = page(hub, side, &Leaf { as_of, before, limit: PAGE }).await?;
        let full = i64::try_from(next.len()).is_ok_and(|lines| lines == PAGE);
        all.extend(next);
        if !full {
            return Ok(all);
        }
    }
}

async fn rows(hub: &Hub, side: Side, leaf: &Leaf) -> Result<Vec<NoticeRow>, Fault> {
    let (Side::Hosted(reader) | Side::Placed(reader)) = side;
    let mut link = hub.store.read_as(reader).await?;
    Ok(match side {
        Side::Hosted(host) => notice::hosted(&mut link, host, leaf).await?,
        Side::Placed(placing) => notice::placed(&mut link, placing, leaf).await?,
    })
}
