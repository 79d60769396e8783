//! Recording what came of attempts, several in one transaction.

use hub_store::Tx;
use hub_store::delivery::{self, CHALLENGE, Next, Settled};
use hub_store::endpoint;
use hub_webhook::{next_attempt, retry};
use jiff::Timestamp;

use super::{Sent, late};
use crate::notices::{self, Arrived};
use crate::{Fault, Hub};

/// Settles attempts: delivered, to be tried again, or dead.
pub(super) async fn settle(hub: &Hub, landed: Vec<Sent>) -> Result<(), Fault> {
    let now = hub.clock.now();
    let settled: Vec<Settled> = landed.iter().map(|sent| settled(sent, now)).collect();
    for (sent, settled) in landed.iter().zip(&settled) {
        let fate = match settled.next {
            Next::Delivered => "delivered",
            Next::Retry(_) => "again",
            Next::Dead => "dead",
        };
        metrics::counter!("hub_deliveries_total", "outcome" => fate).increment(1);
        if settled.next == Next::Dead {
            tracing::warn!(delivery = %sent.delivery.id, host = %sent.delivery.authority, "dead letter");
        }
    }
    let arrived: Vec<_> = landed
        .iter()
        .zip(&settled)
        .filter(|(sent, settled)| settled.next == Next::Delivered && !sent.delivery.is_service())
        .map(|(Sent { delivery, .. }, _)| Arrived {
            placing: delivery.placing,
            notice: delivery.notice,
            event: delivery.event_id,
        })
        .collect();
    let mut tries = 0;
    loop {
        match record(hub, (&landed, &settled), &arrived).await {
            Err(fault) if fault.is_retryable() && tries < notices::TRIES => tries += 1,
            done => return done,
        }
    }
}

async fn record(hub: &Hub, (landed, settled): (&[Sent], &[Settled]), arrived: &[Arrived]) -> Result<(), Fault> {
    let mut tx = hub.store.begin().await?;
    let moved = delivery::settle_many(&mut tx, settled).await?;
    notices::delivered(hub, &mut tx, arrived).await?;
    for (sent, settled) in landed.iter().zip(settled).filter(|(sent, _)| moved.contains(&sent.delivery.id)) {
        tell(hub, &mut tx, sent, settled).await?;
    }
    Ok(tx.commit().await?)
}

/// What follows from one attempt beyond its delivery: an endpoint has proved itself, or somebody is to be told.
async fn tell(hub: &Hub, tx: &mut Tx, sent: &Sent, settled: &Settled) -> Result<(), Fault> {
    let one = &sent.delivery;
    match (settled.next, &sent.token) {
        (Next::Delivered, Some(token)) if one.event_type == CHALLENGE => {
            if endpoint::verify(tx, one.authority, one.endpoint, token, settled.at).await? {
                delivery::spare_challenges(tx, one.authority, one.endpoint, settled.at).await?;
            }
            Ok(())
        }
        (Next::Dead, _) => late::mourn(hub, tx, one, &settled.outcome).await,
        (Next::Delivered | Next::Retry(_), _) => Ok(()),
    }
}

fn settled(sent: &Sent, now: Timestamp) -> Settled {
    let delivery = &sent.delivery;
    let (outcome, status, milliseconds) = match &sent.outcome {
        Ok(outcome) => (outcome.verdict.code(), outcome.status, outcome.latency.as_millis()),
        Err(why) => (*why, None, 0),
    };
    Settled {
        authority: delivery.authority,
        id: delivery.id,
        attempt: delivery.attempt,
        at: now,
        next: next(sent, now),
        outcome: outcome.to_owned(),
        status: status.map(i64::from),
        milliseconds: i64::try_from(milliseconds).unwrap_or(i64::MAX),
    }
}

fn next(sent: &Sent, now: Timestamp) -> Next {
    if sent.is_delivered() {
        return Next::Delivered;
    }
    let made = sent.delivery.attempt.saturating_sub(sent.delivery.earlier);
    let attempts = u32::try_from(made).unwrap_or(u32::MAX);
    let tried = retry::Tried { attempts, first: sent.delivery.queued_at, last: now };
    let retry_after = sent.outcome.as_ref().ok().and_then(|outcome| outcome.retry_after);
    match next_attempt(&tried, retry_after, spread(sent)) {
        retry::Next::At(at) => Next::Retry(at),
        retry::Next::Dead => Next::Dead,
    }
}

/// A number in [0, 1) that differs from delivery to delivery and attempt to attempt: the ids are random where it matters.
fn spread(sent: &Sent) -> f64 {
    let low = sent
        .delivery
        .id
        .as_u128()
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .wrapping_add(sent.delivery.attempt.unsigned_abs().into());
    let bits = u32::try_from((low >> 32) & 0xFFFF_FFFF).unwrap_or(0);
    f64::from(bits) / (f64::from(u32::MAX) + 1.0)
}
