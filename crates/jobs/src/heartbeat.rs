//! The tick that calls the sweeper.
//!
//! `tokio-cron-scheduler` is used as a metronome and for nothing else: it fixes a zone's offset when a job is made,
//! forgets missed runs and knows no replicas, so no pattern, zone or memory goes through it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};
use tokio_util::sync::CancellationToken;

use crate::sweep::Sweeper;

/// How often schedules are looked at.
pub const BEAT: Duration = Duration::from_secs(15);

/// The metronome could not be started or stopped.
#[derive(Debug, thiserror::Error)]
#[error("the heartbeat of the schedules failed")]
pub struct HeartbeatError(#[from] JobSchedulerError);

/// Sweeps now and every 15 seconds until `stop`. A sweep that is still running when the next is due is not doubled.
pub async fn heartbeat(sweeper: Sweeper, stop: CancellationToken) -> Result<(), HeartbeatError> {
    let sweeping = Arc::new(Mutex::new(sweeper));
    sweep_once(&sweeping, &stop).await;
    let mut metronome = JobScheduler::new().await?;
    let beating = (Arc::clone(&sweeping), stop.clone());
    let tick = Job::new_repeated_async(BEAT, move |_, _| {
        let (sweeping, stop) = beating.clone();
        Box::pin(async move { sweep_once(&sweeping, &stop).await })
    })?;
    metronome.add(tick).await?;
    metronome.start().await?;
    stop.cancelled().await;
    metronome.shutdown().await?;
    // A sweep under way runs in a task of the metronome's: when this returns, the store may be closed.
    drop(sweeping.lock().await);
    Ok(())
}

async fn sweep_once(sweeping: &Mutex<Sweeper>, stop: &CancellationToken) {
    let Ok(sweeper) = sweeping.try_lock() else { return };
    if stop.is_cancelled() {
        return;
    }
    match sweeper.sweep().await {
        Ok(0) => {}
        Ok(queued) => tracing::info!(queued, "scheduled work was queued"),
        Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "schedules could not be swept"),
    }
}
