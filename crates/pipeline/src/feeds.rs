//! Which feeds are expected, and whether they came.

use hub_contract::{Sla, contract};
use hub_domain::clock::london;
use hub_domain::{AuthorityCode, Dataset, Date, Timestamp};
use hub_notices::{Described, Rules};
use hub_store::submission::{self, Verdict};
use hub_store::{Link, member};
use jiff::{SignedDuration, ToSpan};
use serde::{Deserialize, Serialize};

use crate::{Fault, Hub};

/// What a member has agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MemberSettings {
    /// Datasets it sends, each as often as its contract says.
    pub feeds: Vec<Dataset>,
    /// What it has settled about notices.
    pub notices: Rules,
    /// What the operator said of it, where the built-in registry does not know it.
    pub described: Described,
    /// It has agreed that the consortium sees how good its feeds are.
    pub shares_quality: bool,
}

/// Whether the night's feed came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrival {
    /// By the agreed time.
    OnTime,
    /// After it.
    ArrivedLate,
    /// Not yet, and the agreed time has passed.
    Late,
    /// Not yet, and the grace has passed too.
    Missing,
    /// Nothing has ever come.
    Never,
    /// Not yet, and the first agreed time since the sender joined is still to come: a feed that is due but a few times a
    /// year.
    Expected,
}

/// One feed as it stands.
#[derive(Debug, Clone, Serialize)]
pub struct Feed {
    /// Whose.
    pub authority: AuthorityCode,
    /// Of what.
    pub dataset: Dataset,
    /// The night it was last due for, or is next due for when it came early, as the London date of the agreed time.
    pub night: Date,
    /// The agreed time that night.
    pub due_at: Timestamp,
    /// Whether it came.
    pub arrival: Arrival,
    /// When one last came that was not rejected.
    pub last_received_at: Option<Timestamp>,
    /// The business date it described.
    pub last_as_at: Option<Date>,
    /// What became of it; none while it is being judged.
    pub last_verdict: Option<Verdict>,
}

/// Every expected feed, or those of one authority; the region's own sender is one here.
pub async fn feeds(hub: &Hub, of: Option<AuthorityCode>) -> Result<Vec<Feed>, Fault> {
    let now = hub.clock.now();
    let mut link = match of {
        Some(authority) => hub.store.read_as(authority).await?,
        None => hub.store.read().await?,
    };
    let mut feeds = Vec::new();
    for member in member::senders(&mut link).await? {
        if of.is_some_and(|of| of != member.code) {
            continue;
        }
        let agreed: MemberSettings = serde_json::from_str(&member.settings).unwrap_or_default();
        for dataset in agreed.feeds {
            if let Some(feed) = feed(&mut link, member.code, dataset, (now, member.joined_on)).await? {
                feeds.push(feed);
            }
        }
    }
    Ok(feeds)
}

async fn feed(
    link: &mut Link,
    authority: AuthorityCode,
    dataset: Dataset,
    (now, joined): (Timestamp, Date),
) -> Result<Option<Feed>, Fault> {
    let contract = contract(dataset);
    let last = submission::last_received(link, authority, dataset).await?;
    let coming = next_due(&contract.sla, now).filter(|(_, due_at)| {
        let (day, from, _) = opening(&contract.sla, *due_at);
        last.as_ref().is_some_and(|last| last.as_at >= day && last.received_at > from)
    });
    // A night whose feed came before its time is told of at once; else the last night whose time has passed.
    let told = coming.or_else(|| last_due(&contract.sla, now)).filter(|(night, _)| *night >= joined);
    let Some((night, due_at)) = told else { return Ok(expected(authority, dataset, now)) };
    let missing_from = later(due_at, SignedDuration::from_mins(contract.sla.grace_minutes.into()));
    let first = submission::first_of_night(link, authority, dataset, opening(&contract.sla, due_at)).await?;
    let arrival = match first {
        Some(at) if at <= due_at => Arrival::OnTime,
        Some(_) => Arrival::ArrivedLate,
        None if last.is_none() => Arrival::Never,
        None if now > missing_from => Arrival::Missing,
        None => Arrival::Late,
    };
    Ok(Some(Feed {
        authority,
        dataset,
        night,
        due_at,
        arrival,
        last_received_at: last.as_ref().map(|last| last.received_at),
        last_as_at: last.as_ref().map(|last| last.as_at),
        last_verdict: last.and_then(|last| last.verdict),
    }))
}

/// A feed whose first agreed time is to come, where that may be weeks away; a nightly one is listed from its first night.
fn expected(authority: AuthorityCode, dataset: Dataset, now: Timestamp) -> Option<Feed> {
    let contract = contract(dataset);
    let (night, due_at) = next_due(&contract.sla, now).filter(|_| contract.sla.frequency.is_seldom())?;
    Some(Feed {
        authority,
        dataset,
        night,
        due_at,
        arrival: Arrival::Expected,
        last_received_at: None,
        last_as_at: None,
        last_verdict: None,
    })
}

/// Two quarterly days are no further apart than this.
const FARTHEST: i32 = 93;

/// The last agreed time at or before `now`, with its London date.
fn last_due(sla: &Sla, now: Timestamp) -> Option<(Date, Timestamp)> {
    let today = hub_domain::london_date(now);
    let back = |days: i32| today.checked_sub(days.days()).ok();
    (0..=FARTHEST).filter_map(back).find_map(|day| due_on(sla, day).filter(|(_, due_at)| *due_at <= now))
}

/// The first agreed time after `now`, with its London date.
fn next_due(sla: &Sla, now: Timestamp) -> Option<(Date, Timestamp)> {
    let today = hub_domain::london_date(now);
    let on = |days: i32| today.checked_add(days.days()).ok();
    (0..=FARTHEST).filter_map(on).find_map(|day| due_on(sla, day).filter(|(_, due_at)| *due_at > now))
}

/// The first agreed time that follows the end of a day, in London.
pub(crate) fn due_after(sla: &Sla, day: Date) -> Option<Timestamp> {
    let on = |days: i32| day.checked_add(days.days()).ok();
    (1..=FARTHEST).filter_map(on).find_map(|day| due_on(sla, day)).map(|(_, due_at)| due_at)
}

/// The agreed time of a day on which the feed is due.
fn due_on(sla: &Sla, day: Date) -> Option<(Date, Timestamp)> {
    let due_at = || Some(day.to_datetime(sla.deliver_by).to_zoned(london()).ok()?.timestamp());
    sla.frequency.is_due_on(day).then(due_at).flatten().map(|due_at| (day, due_at))
}

/// What counts as a night's feed: one that describes the day of the time agreed before, or that came in the half day
/// before this one. What came late last night and describes the day before is not tonight's; nor is what came before the
/// time agreed for last night, given last: that was last night's.
fn opening(sla: &Sla, due_at: Timestamp) -> (Date, Timestamp, Timestamp) {
    let (day, last) =
        last_due(sla, later(due_at, SignedDuration::from_micros(-1))).unwrap_or((Date::MAX, Timestamp::MIN));
    (day, later(due_at, SignedDuration::from_hours(-12)), last)
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use hub_contract::Frequency;
    use hub_domain::Timestamp;
    use jiff::civil::{date, time};

    use super::*;

    const EVERY_DAY: Sla = Sla { deliver_by: time(5, 0, 0, 0), frequency: Frequency::Daily, grace_minutes: 120 };

    #[test]
    fn the_agreed_time_is_londons_across_both_clock_changes() {
        let cases = [
            ("2026-03-28T12:00:00Z", date(2026, 3, 28), "2026-03-28T05:00:00Z"),
            ("2026-03-29T12:00:00Z", date(2026, 3, 29), "2026-03-29T04:00:00Z"),
            ("2026-10-25T12:00:00Z", date(2026, 10, 25), "2026-10-25T05:00:00Z"),
            ("2026-10-25T04:59:00Z", date(2026, 10, 24), "2026-10-24T04:00:00Z"),
        ];
        for (now, night, due) in cases {
            let now: Timestamp = now.parse().expect("an instant");
            assert_eq!(last_due(&EVERY_DAY, now), Some((night, due.parse().expect("an instant"))));
        }
    }

    #[test]
    fn a_weekday_feed_is_not_due_on_a_sunday() {
        let weekdays = Sla { frequency: Frequency::Weekdays, ..EVERY_DAY };
        let sunday: Timestamp = "2026-11-15T12:00:00Z".parse().expect("an instant");
        assert_eq!(last_due(&weekdays, sunday).map(|(night, _)| night), Some(date(2026, 11, 13)));
    }

    #[test]
    fn a_seldom_feed_is_due_on_its_day_and_on_no_other() {
        let at = |text: &str| -> Timestamp { text.parse().expect("an instant") };
        let cases = [
            (Frequency::Monthly(10), "2026-11-10T04:59:00Z", date(2026, 10, 10), date(2026, 11, 10)),
            (Frequency::Monthly(10), "2026-11-10T05:00:00Z", date(2026, 11, 10), date(2026, 12, 10)),
            (Frequency::Quarterly(15), "2026-10-15T03:59:00Z", date(2026, 7, 15), date(2026, 10, 15)),
            (Frequency::Quarterly(15), "2026-12-31T12:00:00Z", date(2026, 10, 15), date(2027, 1, 15)),
        ];
        for (frequency, now, last, next) in cases {
            let sla = Sla { frequency, ..EVERY_DAY };
            assert_eq!(last_due(&sla, at(now)).map(|(day, _)| day), Some(last), "{frequency} {now}");
            assert_eq!(next_due(&sla, at(now)).map(|(day, _)| day), Some(next), "{frequency} {now}");
        }
    }
}
