//! The trend of data quality: what was measured of each submission, what that comes to by sender and dataset, and the league that
//! the consortium sees of those who agreed to it.

mod line;
mod measure;

use std::collections::BTreeMap;

use hub_domain::{AuthorityCode, Dataset, Timestamp};
use hub_store::event::{self, Event};
use hub_store::{member, trend};
use jiff::SignedDuration;
use serde_json::json;

pub use line::Line;
pub use measure::{Column, Measured};

use crate::feeds::MemberSettings;
use crate::members::SettleRefusal;
use crate::{Fault, Hub, boxed};

/// Measure the submissions that were decided.
pub const TREND: &str = "trend";
/// An authority has agreed to stand in the league, or no longer.
pub const SHARED: &str = "authority.quality_shared";

/// Days that a league or a scorecard is about.
pub const USUAL_DAYS: i32 = 28;
/// Submissions older than this are not measured any more.
const OLDEST: SignedDuration = SignedDuration::from_hours(24 * 14);
/// Submissions measured at one time.
const AT_ONCE: i64 = 500;

/// What was measured of one submission, and whose it is.
#[derive(Debug, Clone)]
pub struct Point {
    /// Which feed.
    pub dataset: Dataset,
    /// When it came.
    pub received_at: Timestamp,
    /// The submission.
    pub submission: uuid::Uuid,
    /// What was measured.
    pub measured: Measured,
}

/// Measures the submissions that were decided and not measured yet; how many.
#[boxed]
pub async fn measure(hub: &Hub) -> Result<usize, Fault> {
    let from = before(hub.clock.now(), OLDEST);
    let mut link = hub.store.read().await?;
    let all = trend::unmeasured(&mut link, from, AT_ONCE).await?;
    drop(link);
    let mut count = 0;
    for (authority, id) in all {
        if let Some(point) = measure::of(hub, authority, id).await? {
            let mut tx = hub.store.begin().await?;
            trend::keep(&mut tx, &point).await?;
            tx.commit().await?;
            count += 1;
        }
    }
    Ok(count)
}

/// What was measured of an authority's own submissions that came since, by dataset, oldest first.
#[boxed]
pub async fn own(hub: &Hub, authority: AuthorityCode, from: Timestamp) -> Result<Vec<Point>, Fault> {
    let mut link = hub.store.read_as(authority).await?;
    trend::since(&mut link, authority, from).await?.iter().map(read).collect()
}

/// Each authority's feeds over the days before now: of everybody for the operator's scorecard, else of those alone who agreed to
/// be seen by the others.
#[boxed]
pub async fn league(hub: &Hub, days: i32, only_agreed: bool) -> Result<Vec<Line>, Fault> {
    let from = before(hub.clock.now(), SignedDuration::from_hours(24 * i64::from(days)));
    let mut link = hub.store.read().await?;
    let mut lines = Vec::new();
    for member in member::senders(&mut link).await? {
        let agreed: MemberSettings = serde_json::from_str(&member.settings).unwrap_or_default();
        if only_agreed && !agreed.shares_quality {
            continue;
        }
        let points = trend::since(&mut link, member.code, from).await?;
        let points = points.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let mut by_feed: BTreeMap<Dataset, Vec<Point>> = agreed.feeds.iter().map(|feed| (*feed, Vec::new())).collect();
        for point in points {
            by_feed.entry(point.dataset).or_default().push(point);
        }
        lines.extend(by_feed.iter().map(|(dataset, points)| Line::of(member.code, *dataset, points)));
    }
    Ok(lines)
}

/// Whether an authority has agreed to stand in the league, and from now on whether it does. The change is an event.
#[boxed]
pub async fn share(hub: &Hub, authority: AuthorityCode, by: &str, shares: bool) -> Result<bool, SettleRefusal> {
    let mut tx = hub.store.begin().await?;
    let mut member = member::find(&mut tx, authority).await?.ok_or(SettleRefusal::NotAMember)?;
    let agreed: MemberSettings = serde_json::from_str(&member.settings).unwrap_or_default();
    let before = agreed.shares_quality;
    if before == shares {
        return Ok(before);
    }
    let agreed = MemberSettings { shares_quality: shares, ..agreed };
    member.settings = serde_json::to_string(&agreed).map_err(|_| Fault::Inconsistent("a member's settings"))?;
    member::upsert(&mut tx, &member).await?;
    let id = hub.ids.next();
    let data = json!({ "by": by, "shares": shares }).to_string();
    let told = Event { authority, id, kind: SHARED.to_owned(), subject: id.to_string(), at: hub.clock.now(), data };
    event::append(&mut tx, &told).await?;
    tx.commit().await?;
    Ok(before)
}

fn before(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.saturating_sub(by).unwrap_or(now)
}

fn read(kept: &trend::Point) -> Result<Point, Fault> {
    let measured = serde_json::from_str(&kept.body).map_err(|_| Fault::Inconsistent("a measured submission"))?;
    Ok(Point { dataset: kept.dataset, received_at: kept.received_at, submission: kept.submission, measured })
}
