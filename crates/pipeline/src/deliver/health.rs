//! What attempts say of the endpoints they were made to.

use std::collections::BTreeMap;

use hub_domain::AuthorityCode;
use hub_store::endpoint::{self, BREAK, Health};
use hub_store::{Tx, delivery};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::Sent;
use crate::{Fault, Hub};

/// With so many attempts counted, what they say is kept, even while others are in flight.
const MANY: usize = 2_048;

/// How long an endpoint is left alone after so many failures in a row, the longest first. The shortest is the first
/// wait of the retry schedule, so that a short hiccup costs nothing.
const LEFT_ALONE: [(i64, SignedDuration); 4] = [
    (50, SignedDuration::from_mins(5)),
    (20, SignedDuration::from_mins(1)),
    (10, SignedDuration::from_secs(30)),
    (BREAK, SignedDuration::from_secs(5)),
];

/// What has been counted since it was last kept.
#[derive(Debug, Default)]
pub(super) struct Tallies {
    all: BTreeMap<(AuthorityCode, Uuid), Tally>,
    attempts: usize,
}

/// What the attempts at one endpoint came to, in their order.
#[derive(Debug, Default)]
struct Tally {
    /// The last that went well, and how long it took, milliseconds.
    succeeded: Option<(Timestamp, i64)>,
    /// Failures since.
    failures: i64,
    first_failed: Option<Timestamp>,
    failed: Option<(Timestamp, &'static str)>,
}

impl Tallies {
    /// Counts an attempt that ended at `at`.
    pub(super) fn count(&mut self, sent: &Sent, at: Timestamp) {
        let tally = self.all.entry((sent.delivery.authority, sent.delivery.endpoint)).or_default();
        self.attempts += 1;
        match &sent.outcome {
            Ok(outcome) if outcome.is_delivered() => {
                let took = i64::try_from(outcome.latency.as_millis()).unwrap_or(i64::MAX);
                *tally = Tally { succeeded: Some((at, took)), ..Tally::default() };
            }
            failed => {
                tally.failures += 1;
                tally.first_failed.get_or_insert(at);
                tally.failed = Some((at, failed.as_ref().map_or_else(|why| *why, |outcome| outcome.verdict.code())));
            }
        }
    }

    /// Whether so much has been counted that it should be kept now.
    pub(super) fn are_many(&self) -> bool {
        self.attempts >= MANY
    }

    /// Keeps what has been counted. What cannot be kept is counted again by the next attempts.
    pub(super) async fn note(&mut self, hub: &Hub) -> Result<(), Fault> {
        self.attempts = 0;
        let all = std::mem::take(&mut self.all);
        if all.is_empty() {
            return Ok(());
        }
        let mut tx = hub.store.begin().await?;
        keep(&mut tx, &all, hub.clock.now()).await?;
        Ok(tx.commit().await?)
    }
}

async fn keep(tx: &mut Tx, all: &BTreeMap<(AuthorityCode, Uuid), Tally>, now: Timestamp) -> Result<(), Fault> {
    let mut hosts: Vec<AuthorityCode> = all.keys().map(|(host, _)| *host).collect();
    hosts.dedup();
    let mut noted = Vec::with_capacity(all.len());
    for host in hosts {
        for kept in endpoint::list(tx, host).await? {
            let Some(tally) = all.get(&(host, kept.id)) else { continue };
            let was_failing = kept.health.is_failing();
            let health = tally.applied_to(kept.health);
            if was_failing && health.failures == 0 {
                // It is back: what was put off because it did not answer need not wait for its hour.
                delivery::hasten(tx, host, kept.id, now).await?;
            }
            noted.push((host, kept.id, health));
        }
    }
    Ok(endpoint::note_many(tx, &noted).await?)
}

impl Tally {
    fn applied_to(&self, mut health: Health) -> Health {
        if let Some((at, took)) = self.succeeded {
            health.failures = 0;
            health.failing_since = None;
            health.succeeded_at = Some(at);
            // Four parts of what was, one of what is.
            health.milliseconds =
                Some(health.milliseconds.map_or(took, |before| before.saturating_mul(4).saturating_add(took) / 5));
        }
        if let Some((at, why)) = self.failed {
            health.failures = health.failures.saturating_add(self.failures);
            health.failing_since = health.failing_since.or(self.first_failed);
            health.failed_at = Some(at);
            health.error = Some(why.to_owned());
        }
        health.open_until = health.failed_at.and_then(|at| at.checked_add(left_alone(health.failures)?).ok());
        health
    }
}

/// How long an endpoint is left alone after so many failures in a row.
fn left_alone(failures: i64) -> Option<SignedDuration> {
    LEFT_ALONE.iter().find(|(least, _)| failures >= *least).map(|(_, wait)| *wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn an_endpoint_is_left_alone_longer_the_longer_it_fails() {
        for (failures, seconds) in
            [(0, None), (4, None), (5, Some(5)), (10, Some(30)), (20, Some(60)), (999, Some(300))]
        {
            let tally =
                Tally { failures, first_failed: Some(at(0)), failed: Some((at(9), "timed-out")), ..Tally::default() };
            let health = tally.applied_to(Health::default());
            assert_eq!(health.open_until.map(|until| until.as_second() - 9), seconds, "{failures}");
            assert_eq!((health.failures, health.failing_since), (failures, Some(at(0))));
        }
    }

    #[test]
    fn one_success_mends_all() {
        let failing =
            Health { failures: 60, failing_since: Some(at(0)), open_until: Some(at(300)), ..Health::default() };
        let tally = Tally { succeeded: Some((at(400), 120)), ..Tally::default() };
        let health = tally.applied_to(failing);
        assert_eq!((health.failures, health.failing_since, health.open_until), (0, None, None));
        assert_eq!((health.succeeded_at, health.milliseconds), (Some(at(400)), Some(120)));
    }
}
