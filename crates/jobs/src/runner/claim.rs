use std::collections::BTreeMap;
use std::sync::PoisonError;

use hub_domain::AuthorityCode;
use hub_store::{
    StoreError,
    job::{self, Job},
};
use jiff::Timestamp;

use super::Shared;

/// Jobs looked at beyond those that can be taken: enough to see past the first few authorities of a long queue.
const BEYOND: usize = 32;

/// Which of the jobs that are due go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// The longest due.
    Oldest,
    /// Those of the authority that has least running, then of the one that has waited longest to begin.
    Fair,
}

/// How often the queue is looked at again when another replica was quicker with everything that was due.
const TRIES: usize = 3;

impl Shared {
    /// Leases up to `most` jobs that are due at `now`. The queue is read without a lock and
    /// each job taken by compare-and-set, so that replicas which saw the same job do not both get it.
    pub(super) async fn claim(&self, now: Timestamp, most: usize, order: Order) -> Result<Vec<Job>, StoreError> {
        let mut claimed = Vec::new();
        for _ in 0..TRIES {
            let due = if most == 0 { BTreeMap::new() } else { self.due(now, most, order).await? };
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
    async fn due(
        &self,
        now: Timestamp,
        most: usize,
        order: Order,
    ) -> Result<BTreeMap<AuthorityCode, Vec<Job>>, StoreError> {
        let here = self.running().clone();
        let limit = i64::try_from(most.saturating_add(here.len()).saturating_add(BEYOND)).unwrap_or(i64::MAX);
        let mut waiting = job::due(&mut *self.store.read().await?, now, limit).await?;
        waiting.retain(|job| !here.contains_key(&job.id));
        if order == Order::Fair {
            waiting = self.in_turn(waiting, most, here.into_values());
        }
        let mut grouped: BTreeMap<AuthorityCode, Vec<Job>> = BTreeMap::new();
        for job in waiting.into_iter().take(most) {
            grouped.entry(job.authority).or_default().push(job);
        }
        Ok(grouped)
    }

    /// Up to `most` of the jobs, each time one of the authority that has least under way.
    fn in_turn(&self, mut waiting: Vec<Job>, most: usize, here: impl Iterator<Item = AuthorityCode>) -> Vec<Job> {
        let served = self.served.lock().unwrap_or_else(PoisonError::into_inner);
        let mut under_way: BTreeMap<AuthorityCode, usize> = BTreeMap::new();
        for authority in here {
            *under_way.entry(authority).or_default() += 1;
        }
        let mut chosen = Vec::with_capacity(most);
        while chosen.len() < most {
            let rank = |job: &Job| {
                let of = job.authority;
                let busy = under_way.get(&of).copied().unwrap_or(0);
                (busy, served.get(&of).copied().unwrap_or(0), job.run_at, job.id)
            };
            let next = waiting.iter().enumerate().min_by_key(|(_, job)| rank(job)).map(|(at, _)| at);
            let Some(next) = next else { break };
            let job = waiting.swap_remove(next);
            *under_way.entry(job.authority).or_default() += 1;
            chosen.push(job);
        }
        chosen
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
        self.running().extend(taken.iter().map(|(_, job)| (job.id, authority)));
        if !taken.is_empty() {
            let mut served = self.served.lock().unwrap_or_else(PoisonError::into_inner);
            let next = served.values().max().map_or(1, |last| last.saturating_add(1));
            served.insert(authority, next);
        }
        Ok(taken)
    }
}
