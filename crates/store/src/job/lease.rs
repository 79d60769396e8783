//! Holding a job while it runs.

use hub_domain::Timestamp;

use super::{Job, State};
use crate::db::{args, statements};
use crate::{Link, StoreError, Tx};

statements! {
    CLAIM = "job.claim",
        "UPDATE job SET state = 'running', attempt = attempt + 1, worker = $5, run_at = $6 \
         WHERE authority = $1 AND id = $2 AND attempt = $3 AND state = $4 AND run_at <= $7";
    RENEW = "job.renew",
        "UPDATE job SET run_at = $4 WHERE authority = $1 AND id = $2 AND attempt = $3 AND state = 'running'";
    HOLDERS = "job.holders",
        "SELECT DISTINCT worker FROM job WHERE state = 'running' AND worker IS NOT NULL ORDER BY worker";
    HAND_BACK = "job.hand_back",
        "UPDATE job SET run_at = created_at WHERE state = 'running' AND worker = $1 AND run_at > $2";
    FINISH = "job.finish",
        "UPDATE job SET state = 'done', error = NULL, finished_at = $4 \
         WHERE authority = $1 AND id = $2 AND attempt = $3 AND state = 'running'";
    RETRY = "job.retry",
        "UPDATE job SET state = 'ready', error = $4, run_at = $5 \
         WHERE authority = $1 AND id = $2 AND attempt = $3 AND state = 'running'";
    GIVE_UP = "job.give_up",
        "UPDATE job SET state = 'failed', error = $4, finished_at = $5 \
         WHERE authority = $1 AND id = $2 AND attempt = $3 AND state = 'running'";
}

/// Takes a due job until `lease_until`. The answer is the job as it is now held, to be named to [`finish`], [`fail`] and
/// [`renew`]; `None` when somebody else was quicker.
pub async fn claim(
    tx: &mut Tx,
    due: &Job,
    worker: &str,
    lease_until: Timestamp,
    now: Timestamp,
) -> Result<Option<Job>, StoreError> {
    let id = due.id.to_string();
    let (until, now) = (lease_until.as_microsecond(), now.as_microsecond());
    let claim = args![due.authority.as_str(), &id, due.attempt, due.state.as_str(), worker, until, now];
    let taken = tx.run(&CLAIM, claim).await? == 1;
    Ok(taken.then(|| Job {
        state: State::Running,
        attempt: due.attempt + 1,
        run_at: lease_until,
        worker: Some(worker.to_owned()),
        ..due.clone()
    }))
}

/// Holds the job longer. `false` when it is no longer held: stop.
pub async fn renew(tx: &mut Tx, held: &Job, lease_until: Timestamp) -> Result<bool, StoreError> {
    let id = held.id.to_string();
    let until = lease_until.as_microsecond();
    Ok(tx.run(&RENEW, args![held.authority.as_str(), &id, held.attempt, until]).await? == 1)
}

/// Who holds jobs.
pub async fn holders(link: &mut Link) -> Result<Vec<String>, StoreError> {
    link.all(&HOLDERS, args![]).await?.iter().map(|row| row.text(0)).collect()
}

/// Ends every lease of a worker that is dead: its jobs are due, in the order in which they were queued, for a feed's later
/// submission waits for its earlier one. How many there were.
pub async fn hand_back(tx: &mut Tx, worker: &str, now: Timestamp) -> Result<u64, StoreError> {
    tx.run(&HAND_BACK, args![worker, now.as_microsecond()]).await
}

/// Marks the job done. `false` when it is no longer held: nothing is changed, and the transaction that did the work
/// should be dropped, for somebody else is doing it again.
pub async fn finish(tx: &mut Tx, held: &Job, now: Timestamp) -> Result<bool, StoreError> {
    let id = held.id.to_string();
    Ok(tx.run(&FINISH, args![held.authority.as_str(), &id, held.attempt, now.as_microsecond()]).await? == 1)
}

/// Puts the job back until `retry_at`, or gives it up. `false` when it is no longer held.
pub async fn fail(
    tx: &mut Tx,
    held: &Job,
    error: &str,
    retry_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let id = held.id.to_string();
    let (statement, at) = match retry_at {
        Some(retry_at) => (&RETRY, retry_at),
        None => (&GIVE_UP, now),
    };
    let words = args![held.authority.as_str(), &id, held.attempt, error, at.as_microsecond()];
    Ok(tx.run(statement, words).await? == 1)
}
