//! The register: which children live in another authority's area, as the host and the placing authority each read it.

use hub_domain::{AuthorityCode, Date, Timestamp, london_midnight};
pub use hub_notices::Clock;
pub use hub_notices::register::Entry;
use hub_store::notice::{self, Leaf, NoticeRow};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::notify::read;
use crate::{Fault, Hub, boxed};

/// Lines read together when the whole register is asked for.
const PAGE: i64 = 500;

/// The last of a day before its midnight.
const MOMENT: SignedDuration = SignedDuration::from_micros(1);

/// From which side the register is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Children of others in this authority's area.
    Hosted(AuthorityCode),
    /// This authority's children in others' areas.
    Placed(AuthorityCode),
}

/// Which register is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Who was there on this day.
    pub as_of: Date,
    /// As the hub knew it when this day ended in London; as it knows it now, when there is none.
    pub known_on: Option<Date>,
}

impl Asked {
    /// Who was there on that day, as is known now.
    pub const fn of(as_of: Date) -> Self {
        Self { as_of, known_on: None }
    }

    /// The midnight before which all of it was known; `None` where that is yet to come.
    fn known_before(self, now: Timestamp) -> Option<Timestamp> {
        self.known_on.and_then(|day| london_midnight(day.tomorrow().ok()?)).filter(|midnight| *midnight <= now)
    }
}

/// Where a page begins, and how long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Below this line: first day and notice.
    pub before: Option<(Date, Uuid)>,
    /// At most so many lines.
    pub limit: i64,
}

/// One page, latest arrival first; clocks are read at the end of the day on which it was known.
#[boxed]
pub async fn page(hub: &Hub, side: Side, asked: Asked, page: Page) -> Result<Vec<Entry>, Fault> {
    let now = hub.clock.now();
    let known_before = asked.known_before(now);
    let leaf = Leaf { as_of: asked.as_of, known_before, before: page.before, limit: page.limit };
    let seen_at = known_before.map_or(now, |midnight| midnight - MOMENT);
    let rows = rows(hub, side, &leaf).await?;
    let calendar = hub.calendar();
    rows.iter().map(|row| Ok(Entry::of(&read(row)?, seen_at, &calendar))).collect()
}

/// All of it.
#[boxed]
pub async fn whole(hub: &Hub, side: Side, asked: Asked) -> Result<Vec<Entry>, Fault> {
    let mut all: Vec<Entry> = Vec::new();
    loop {
        let before: Option<(Date, Uuid)> = all.last().map(|entry| (entry.since, entry.notice));
        let next = page(hub, side, asked, Page { before, limit: PAGE }).await?;
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
