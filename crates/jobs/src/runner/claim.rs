use std::collections::BTreeMap;

use hub_domain::AuthorityCode;
use hub_store::{
    StoreError,
    job::{self, Job},
};
use jiff::Timestamp;

use super::Shared;

/// How often the queue is looked at again when another replica was quicker with everything that was due.
const TRIES: usize = 3;

impl Shared {
    /// Leases up to `most` jobs that are due at `now`, oldest first. The queue is read without a lock and
    /// each job taken by compare-and-set, so that replicas which saw the same job do not both get it.
    pub(super) async fn claim(&self, now: Timestamp, most: usize) -> Result<Vec<Job>, StoreError> {
        let mut claimed = Vec::new();
        for _ in 0..TRIES {
            let due = if most == 0 { BTreeMap::new() } else { self.due(now, most).await? };
            if due.is_empty() {
                break;
            }
            for (authority, jobs) in due {
                claimed.extend(self.take(authority, jobs, now).await?);
            }
            if !claimed.is_empty() {
                break;
            }
        }
        claimed.sort_by_key(|(due_at, job): &(Timestamp, Job)| (*due_at, job.id));
        Ok(claimed.into_iter().map(|(_, job)| job).collect())
    }

    /// What is due and not already running here, by authority: one transaction touches one authority.
    async fn due(&self, now: Timestamp, most: usize) -> Result<BTreeMap<AuthorityCode, Vec<Job>>, StoreError> {
        let here = self.running().clone();
        let limit = i64::try_from(most.saturating_add(here.len())).unwrap_or(i64::MAX);
        let due = job::due(&mut *self.store.read().await?, now, limit).await?;
        let mut grouped: BTreeMap<AuthorityCode, Vec<Job>> = BTreeMap::new();
        for job in due.into_iter().filter(|job| !here.contains(&job.id)).take(most) {
            grouped.entry(job.authority).or_default().push(job);
        }
        Ok(grouped)
    }

    /// The jobs that could be had, each with the time since when it was due.
    async fn take(
        &self,
        authority: AuthorityCode,
        jobs: Vec<Job>,
        now: Timestamp,
    ) -> Result<Vec<(Timestamp, Job)>, StoreError> {
        let mut tx = self.store.begin().await?;
        let mut taken = Vec::with_capacity(jobs.len());
        for due in jobs {
            let held = job::claim(&mut tx, &due, &self.settings.worker, self.lease_until(now), now).await?;
            taken.extend(held.map(|held| (due.run_at, held)));
        }
        tx.commit().await?;
        tracing::debug!(%authority, jobs = taken.len(), "leased");
        self.running().extend(taken.iter().map(|(_, job)| job.id));
        Ok(taken)
    }
}
