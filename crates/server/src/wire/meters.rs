//! Measures for Prometheus: one recorder for the process, however many hubs run in it (tests run several).

use std::sync::{Arc, Mutex, PoisonError};

use hub_api::RenderMetrics;
use hub_pipeline::Hub;
use hub_store::{delivery, job, schedule};
use metrics::{counter, gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use super::StartError;

/// Upper bounds of the histograms, seconds: from a table served out of memory to a first load.
const BOUNDS: [f64; 12] = [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0, 300.0];

static HANDLE: Mutex<Option<PrometheusHandle>> = Mutex::new(None);

/// Begins measuring, and gives what renders the measures.
pub(super) fn begin() -> Result<RenderMetrics, StartError> {
    let mut kept = HANDLE.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.is_none() {
        let builder =
            PrometheusBuilder::new().set_buckets(&BOUNDS).map_err(|error| StartError::Meters(error.into()))?;
        *kept = Some(builder.install_recorder().map_err(|error| StartError::Meters(error.into()))?);
    }
    begin_at_nought();
    let handle = kept.clone();
    Ok(Arc::new(move || handle.as_ref().map(PrometheusHandle::render).unwrap_or_default()))
}

/// Counters that an alert looks at are there from the start: what was never counted has no rate.
fn begin_at_nought() {
    for name in [
        "hub_due_dates_moved_total",
        "hub_notice_events_total",
        "hub_notices_late_total",
        "hub_reconciliations_total",
        "hub_releases_refused_total",
        "hub_releases_total",
        "hub_requests_limited_total",
        "hub_uploads_limited_total",
    ] {
        counter!(name).increment(0);
    }
}

/// Takes the measures that need a look at all the work there is. To be called every quarter of a minute or so.
pub(super) async fn survey(hub: &Hub) {
    let now = hub.clock.now();
    let Ok(mut link) = hub.store.read().await else { return };
    if let Ok(backlog) = delivery::backlog(&mut link, now).await {
        let oldest = backlog.oldest.map_or(0.0, |due| now.duration_since(due).as_secs_f64());
        gauge!("hub_deliveries_oldest_due_seconds").set(oldest);
    }
    if let Ok(dead) = delivery::dead(&mut link).await {
        gauge!("hub_deliveries_dead").set(f64::from(u32::try_from(dead).unwrap_or(u32::MAX)));
    }
    if let Ok(known) = schedule::all(&mut link).await {
        gauge!("hub_schedule_lag_seconds").set(hub_jobs::lag(&known, now).map_or(0.0, |(lag, _)| lag.as_secs_f64()));
    }
}

/// Takes the measures that are not counted as things happen, and folds what histograms have taken in, so that it does
/// not pile up. To be called every second or so.
pub(super) async fn observe(hub: &Hub) {
    let now = hub.clock.now();
    // A database that does not answer is told of by whoever needs it; a measure that is not taken stays as it was.
    if let Ok(mut link) = hub.store.read().await
        && let Ok(oldest) = job::oldest_due(&mut link, now).await
    {
        gauge!("hub_jobs_oldest_due_seconds").set(oldest.map_or(0.0, |due| now.duration_since(due).as_secs_f64()));
    }
    if let Some(published) = hub.published.load().as_ref() {
        gauge!("hub_release_age_seconds").set(now.duration_since(published.release.published_at).as_secs_f64());
    }
    if let Some(handle) = HANDLE.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
        handle.run_upkeep();
    }
}
