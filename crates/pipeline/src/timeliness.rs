//! How notice came, as either side of it may count: its own months with each other authority, exact.

use hub_domain::{Date, london_date};
use hub_notices::timeliness::{by_month, start};
use hub_store::notice;

pub use hub_notices::timeliness::Line;
use jiff::ToSpan as _;

use crate::notify::read;
use crate::register::Side;
use crate::{Fault, Hub, boxed};

/// Notices read together.
const PAGE: i64 = 1_000;

/// The first day of the first month shown when none is asked for: twelve months before today's, as in the published table.
pub fn first_day(today: Date) -> Date {
    today.first_of_month().checked_sub(12.months()).unwrap_or(Date::MIN)
}

/// Month by month and pair by pair, how notice came of placements begun from `since` until today: those that the authority
/// made, or those that it has been told of as host. Nothing is hidden: each of them is the reader's own.
#[boxed]
pub async fn own(hub: &Hub, side: Side, since: Date) -> Result<Vec<Line>, Fault> {
    let (now, calendar) = (hub.clock.now(), hub.calendar());
    let (Side::Hosted(reader) | Side::Placed(reader)) = side;
    let mut link = hub.store.read_as(reader).await?;
    let mut starts = Vec::new();
    let mut after = (since, None);
    loop {
        let page = match side {
            Side::Placed(placing) => notice::started_placed(&mut link, placing, after, PAGE).await?,
            Side::Hosted(host) => notice::started_hosted(&mut link, host, after, PAGE).await?,
        };
        for row in &page {
            starts.extend(start(&read(row)?, now, &calendar));
            after = (row.started_on, Some(row.id));
        }
        if i64::try_from(page.len()).is_ok_and(|rows| rows < PAGE) {
            break;
        }
    }
    starts.retain(|start| start.on <= london_date(now));
    Ok(by_month(&starts))
}
