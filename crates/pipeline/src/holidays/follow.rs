//! Due dates follow the calendar: what waits is counted anew when a holiday has been proclaimed, moved or taken back.
//!
//! Runs every night, and at once after each proclamation. A notice is written only where a date moves, so that a job that
//! died or ran twice says the rest and nothing again.

use hub_domain::{AuthorityCode, Date, london_date};
use hub_notices::{EventKind, Moved, NoticeData, Party, Rescheduled, reschedule};
use hub_store::event::{self, Event, Side};
use hub_store::notice::{self, NoticeEvent, NoticeRow};
use hub_store::{Tx, delivery};
use jiff::ToSpan as _;
use serde_json::json;
use uuid::Uuid;

use crate::notices::TRIES;
use crate::notify::{Hosts, Letter, Settled, read, row, save};
use crate::{Fault, Hub, boxed};

/// A due date moved: told to both sides of the notice.
pub const MOVED: &str = "notice.rescheduled";

/// Notices looked at together.
const PAGE: i64 = 500;

/// For so long after a placement ended its due dates are still looked at.
const LOOK_BACK: i32 = 90;

/// Moves the due dates that the calendar now counts otherwise, each with an event in its notice's history that says from
/// what, to what, and for which holiday; how many notices had one moved.
#[boxed]
pub async fn follow(hub: &Hub) -> Result<u64, Fault> {
    super::refresh(hub).await?;
    let moved = every(hub, true).await?;
    metrics::counter!("hub_due_dates_moved_total").increment(moved);
    if moved > 0 {
        tracing::info!(moved, "due dates followed the calendar");
        hub.pulse.deliveries.notify_waiters();
    }
    Ok(moved)
}

/// How many notices wait by a date that the calendar now counts otherwise; nothing is written.
#[boxed]
pub async fn waiting(hub: &Hub) -> Result<u64, Fault> {
    every(hub, false).await
}

async fn every(hub: &Hub, moves: bool) -> Result<u64, Fault> {
    let placers = notice::placers(&mut *hub.store.read().await?).await?;
    let mut found = 0;
    for placing in placers {
        found += of_authority(hub, placing, moves).await?;
    }
    Ok(found)
}

async fn of_authority(hub: &Hub, placing: AuthorityCode, moves: bool) -> Result<u64, Fault> {
    let since = london_date(hub.clock.now()).checked_sub(LOOK_BACK.days()).unwrap_or(Date::MIN);
    let settled = Settled::of(hub, &mut *hub.store.read().await?, placing).await?;
    let (mut after, mut found) = (None, 0);
    loop {
        let page = notice::watched(&mut *hub.store.read().await?, placing, after, since, PAGE).await?;
        after = page.last().map(|row| row.id);
        let mut ids = Vec::new();
        for row in &page {
            ids.extend(settled.reschedule(row)?.map(|_| row.id));
        }
        found += if moves { insist(hub, placing, &ids).await? } else { u64::try_from(ids.len()).unwrap_or(u64::MAX) };
        if i64::try_from(page.len()).is_ok_and(|rows| rows < PAGE) {
            return Ok(found);
        }
    }
}

async fn insist(hub: &Hub, placing: AuthorityCode, ids: &[Uuid]) -> Result<u64, Fault> {
    let mut tries = 1;
    loop {
        match settle(hub, placing, ids).await {
            // A person or a feed wrote to one of them meanwhile.
            Err(Fault::Overtaken) if tries < TRIES => tries += 1,
            settled => return settled,
        }
    }
}

/// Looks again where it writes.
async fn settle(hub: &Hub, placing: AuthorityCode, ids: &[Uuid]) -> Result<u64, Fault> {
    if ids.is_empty() {
        return Ok(0);
    }
    let mut tx = hub.store.begin().await?;
    let settled = Settled::of(hub, &mut tx, placing).await?;
    let (mut rows, mut history, mut letters) = (Vec::new(), Vec::new(), Vec::new());
    let mut hosts = Hosts::default();
    for kept in notice::by_ids(&mut tx, placing, ids).await? {
        let Some(rescheduled) = settled.reschedule(&kept)? else { continue };
        rows.push(row(&rescheduled.notice, Some(&kept), hub.clock.now())?);
        history.push(said(hub, &rescheduled));
        tell(hub, &mut tx, &kept, &rescheduled).await?;
        if rescheduled.notice.issued {
            letters.extend(hosts.letters(hub, &mut tx, &rescheduled.notice, &letter(&kept, &rescheduled)).await?);
        }
    }
    save(&mut tx, &rows).await?;
    notice::append_events(&mut tx, &history).await?;
    delivery::enqueue_many(&mut tx, &letters).await?;
    tx.commit().await?;
    Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX))
}

impl Settled {
    fn reschedule(&self, kept: &NoticeRow) -> Result<Option<Rescheduled>, Fault> {
        Ok(reschedule(&read(kept)?, &self.working.calendar, &self.rules, &self.working.days()))
    }
}

/// What the history of the notice keeps.
fn said(hub: &Hub, rescheduled: &Rescheduled) -> NoticeEvent {
    let Rescheduled { notice, moved } = rescheduled;
    NoticeEvent {
        authority: notice.placing,
        notice: notice.id,
        n: 0,
        kind: EventKind::Rescheduled,
        at: hub.clock.now(),
        actor: "calendar".to_owned(),
        side: Party::Hub,
        detail: json!({ "moved": moved }).to_string(),
    }
}

/// What the host's systems are sent: they were sent the date before.
fn letter(kept: &NoticeRow, rescheduled: &Rescheduled) -> Letter {
    let kind = EventKind::Rescheduled;
    let moved: Vec<Moved> = rescheduled.moved.clone();
    let data = NoticeData { moved, ..NoticeData::of(kind, &rescheduled.notice) };
    Letter { kind, id: rescheduled.notice.moved_id(kept.revision), data }
}

/// Tells both sides; the host nothing of a notice that it has not been told of.
async fn tell(hub: &Hub, tx: &mut Tx, kept: &NoticeRow, rescheduled: &Rescheduled) -> Result<(), Fault> {
    let Rescheduled { notice, moved } = rescheduled;
    let data = json!({ "notice": notice.id, "placing": notice.placing, "host": notice.host, "moved": moved });
    let host = notice.issued.then_some((notice.host, Side::Host));
    for (authority, side) in [(notice.placing, Side::Placing)].into_iter().chain(host) {
        let event = Event {
            authority,
            id: hub.ids.next(),
            kind: MOVED.to_owned(),
            subject: format!("{}/{}/{side}", notice.id, kept.revision),
            at: hub.clock.now(),
            data: data.to_string(),
        };
        event::append_for(tx, &event, side).await?;
    }
    Ok(())
}
