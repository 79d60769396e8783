//! The steps of single notices.

use std::collections::BTreeMap;
use std::sync::Arc;

use hub_domain::{AuthorityCode, Calendar, Date, Timestamp, london_date};
use hub_notices::alert::{Register, Unregistered};
use hub_notices::ladder::{Sight, cause, unregistered};
use hub_notices::{EventKind, Notice, Party, Rules, Step, Watched};
use hub_store::notice::{self, NoticeEvent, NoticeRow};
use hub_store::{Tx, delivery, member};
use jiff::ToSpan as _;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::tell::{Sides, Word, tell};
use super::{Switches, alerts};
use crate::holidays::working;
use crate::notices::TRIES;
use crate::notify::{read, registered};
use crate::{Fault, Hub};

/// Notices looked at together.
const PAGE: i64 = 500;

/// For so long after a placement ended its notice is still looked at: a silent end is ten working days old, and what was
/// missed before is history.
const LOOK_BACK: i32 = 90;

/// What one run of a step knows.
struct Run<'a> {
    hub: &'a Hub,
    step: Step,
    now: Timestamp,
    switches: Switches,
    /// Notices that an address of their host has refused for good, and when what it refused was queued.
    refused: BTreeMap<Uuid, Timestamp>,
    /// The regulator's register, for the one step that asks it.
    register: Register,
    /// Hosts that the operator has registered, and what it said of them.
    rules: Rules,
    calendar: Arc<Calendar>,
}

/// Says the step of every notice that has reached it; how many were told.
pub(super) async fn climb(hub: &Hub, step: Step, placing: Option<AuthorityCode>) -> Result<u64, Fault> {
    let mut link = hub.store.read().await?;
    let refused = if step == Step::Undeliverable { delivery::refused(&mut link).await? } else { BTreeMap::new() };
    let register =
        if step == Step::Unregistered { alerts::register(&mut link, |_| true).await? } else { Register::default() };
    let (switches, calendar) = (Switches::read(&mut link).await?, working(hub, &mut link).await?.calendar);
    let rules = registered(&Rules::default(), &member::all(&mut link).await?);
    let run = Run { hub, step, now: hub.clock.now(), switches, calendar, refused, register, rules };
    // A home may name an authority that does not take part: its host waits all the same.
    let authorities = match placing {
        Some(one) => vec![one],
        None => notice::authorities(&mut link).await?,
    };
    drop(link);
    let mut told = 0;
    for authority in authorities {
        told += run.authority(authority).await?;
    }
    Ok(told)
}

impl Run<'_> {
    async fn authority(&self, placing: AuthorityCode) -> Result<u64, Fault> {
        let since = london_date(self.now).checked_sub(LOOK_BACK.days()).unwrap_or(Date::MIN);
        let (mut after, mut told) = (None, 0);
        loop {
            let mut link = self.hub.store.read().await?;
            let page = notice::watched(&mut link, placing, after, since, PAGE).await?;
            drop(link);
            after = page.last().map(|row| row.id);
            let mut reached = Vec::new();
            for row in &page {
                reached.extend(self.reached(row)?.map(|_| row.id));
            }
            if !reached.is_empty() {
                told += self.say(placing, &reached).await?;
            }
            if i64::try_from(page.len()).is_ok_and(|rows| rows < PAGE) {
                return Ok(told);
            }
        }
    }

    /// Says it of these, again where a host's answer or another replica was in the way.
    async fn say(&self, placing: AuthorityCode, ids: &[Uuid]) -> Result<u64, Fault> {
        let mut tries = 0;
        loop {
            match self.write(placing, ids).await {
                Err(fault) if fault.is_retryable() && tries < TRIES => tries += 1,
                done => return done,
            }
        }
    }

    /// Looks again where it writes: what came meanwhile is not escalated.
    async fn write(&self, placing: AuthorityCode, ids: &[Uuid]) -> Result<u64, Fault> {
        let mut tx = self.hub.store.begin().await?;
        let mut history = Vec::new();
        for row in notice::by_ids(&mut tx, placing, ids).await? {
            if let Some(notice) = self.reached(&row)? {
                history.extend(self.one(&mut tx, &notice).await?);
            }
        }
        notice::append_events(&mut tx, &history).await?;
        tx.commit().await?;
        Ok(u64::try_from(history.len()).unwrap_or(u64::MAX))
    }

    /// Says it of one notice; what its history keeps, when anybody was told.
    async fn one(&self, tx: &mut Tx, notice: &Notice) -> Result<Option<NoticeEvent>, Fault> {
        let (subject, also) = cause(self.step, notice, self.sight(self.now));
        let word = Word { step: self.step, subject: &subject, also: &also, data: &self.data(notice), now: self.now };
        let sides = Sides { placing: Some(notice.placing), host: notice.issued.then_some(notice.host) };
        let told = tell(self.hub, tx, &self.switches, &word, sides).await?;
        if told.is_empty() {
            return Ok(None);
        }
        let kept = json!({ "step": self.step, "audience": told });
        Ok(Some(NoticeEvent {
            authority: notice.placing,
            notice: notice.id,
            n: 0,
            kind: EventKind::Escalated,
            at: self.now,
            actor: "ladder".to_owned(),
            side: Party::Hub,
            detail: kept.to_string(),
        }))
    }

    /// The notice, when it has reached the step. One whose bank holidays are not known reaches none that counts by them:
    /// it carries a flag of its own.
    fn reached(&self, row: &NoticeRow) -> Result<Option<Notice>, Fault> {
        let notice = read(row)?;
        let watched = Watched::of(&notice, self.sight(row.issued_at.unwrap_or(row.updated_at)));
        let reached = watched.has_reached(self.step, self.now, &self.calendar).unwrap_or(false);
        Ok(reached.then_some(notice))
    }

    fn sight(&self, issued_at: Timestamp) -> Sight<'_> {
        Sight { now: self.now, issued_at, refused: &self.refused, register: &self.register, rules: &self.rules }
    }

    /// What is said of a notice: nothing of the child. The operator learns which notice cannot be delivered and whose.
    fn data(&self, notice: &Notice) -> Map<String, Value> {
        let mut data = Map::new();
        data.insert("notice".to_owned(), json!(notice.id));
        data.insert("placing".to_owned(), json!(notice.placing));
        data.insert("host".to_owned(), json!(notice.host));
        let deadline = match self.step {
            Step::Nudge | Step::Overdue | Step::Director | Step::Counted | Step::Details => notice.deadline,
            Step::SilentEnd => notice.ending.as_ref().and_then(|ending| ending.deadline),
            Step::Unopened
            | Step::Undeliverable
            | Step::HostEnded
            | Step::Cluster
            | Step::Worsened
            | Step::Unregistered => None,
        };
        if let Some(deadline) = deadline {
            data.insert("due_at".to_owned(), json!(deadline.due_at));
        }
        if self.step == Step::Details {
            data.insert("lacking".to_owned(), json!(notice.details_lacking()));
        }
        if self.step == Step::Unregistered {
            // Who says so is not said: it may be the register, or the placing authority itself.
            let how = unregistered(notice, self.sight(self.now)).unwrap_or(Unregistered::Ended);
            data.insert("registration".to_owned(), json!(how));
        }
        data
    }
}
