//! Holding a job while it runs.

use hub_domain::Timestamp;

use super::{Job, State};
use crate::db::{args, statements};
use crate::{StoreError, Tx};

statements! {
    CLAIM = "job.claim",
        "UPDATE job SET state = 'running', attempt = attempt + 1, worker = $5, run_at = $6 \
         WHERE authority = $1 AND id = $2 AND attempt = $3 AND state = $4 AND run_at <= $7";
    RENEW = "job.renew",
        "UPDATE job SET run_at = $4 WHERE authority = $1 AND id = $2 AND attempt = $3 AND state = 'running'";
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
