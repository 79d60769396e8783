//! The hub's jobs: what kinds there are, what they do, and when the recurring ones are due.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use hub_domain::{AuthorityCode, Timestamp, london_date};
use hub_jobs::schedule::NotAPattern;
use hub_jobs::{JobContext, JobError, Misfire, Plan, Runner, Schedule, ScheduledSlot};
use hub_notices::Step;
use hub_store::{delivery, job};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::apply::{self, Done};
use crate::publish::PublishRefusal;
use crate::retain::How;
use crate::{
    Fault, Hub, NEVER, Settings, chase, deliver, holidays, ladder, publish, reconcile, retain, sources, trend,
};

/// Validate and apply one submission.
pub const VALIDATE: &str = "validate";
/// Apply a held submission that its sender has confirmed.
pub const CONFIRM: &str = "confirm";
/// Publish a release.
pub const PUBLISH: &str = "publish";
/// Publish the public's snapshot of the quarter.
pub const PUBLISH_PUBLIC: &str = "publish-public";
/// Look for late and missing feeds.
pub const CHASE: &str = "chase";
/// Forget what need no longer be remembered.
pub const SWEEP: &str = "sweep";

/// Delete what is kept no longer.
pub const RETAIN: &str = "retain";

/// Set the accounts of each placement beside each other.
pub const RECONCILE: &str = "reconcile";

/// Say which lists of the night are not ready when offices open.
pub const UNREADY: &str = "reconcile-unready";

/// Look for deliveries that are late, and for those that wait in vain.
pub const LATE: &str = "late";

/// Move due dates with the bank holidays.
pub const FOLLOW: &str = "due-dates";

/// Every kind but the steps of the ladder, which [`Step::job`] names.
pub const KINDS: [&str; 11] =
    [VALIDATE, CONFIRM, PUBLISH, PUBLISH_PUBLIC, CHASE, SWEEP, RETAIN, RECONCILE, UNREADY, LATE, FOLLOW];

/// How long a validation waits for an earlier submission of its feed before it gives its place in the queue back.
const PATIENCE: u32 = 40;
/// How long between two looks.
const LOOK: Duration = Duration::from_millis(50);

/// How often a submission is tried that cannot be read or judged: some three minutes.
const ATTEMPTS: i64 = 6;

/// The payload of a job about one submission.
pub(crate) fn payload(submission: Uuid) -> String {
    format!("\"{submission}\"")
}

/// The runner, with a handler for each kind.
#[must_use]
pub fn handle(hub: &Arc<Hub>, runner: Runner) -> Runner {
    let (validate, confirm, publish, chase, sweep) = (hub.clone(), hub.clone(), hub.clone(), hub.clone(), hub.clone());
    let (reconcile, public) = (hub.clone(), hub.clone());
    let runner = Step::ALL.iter().fold(runner, |runner, step| {
        let hub = hub.clone();
        runner.on(step.job(), move |context| escalate(hub.clone(), *step, context))
    });
    let (late, follow, unready, retained) = (hub.clone(), hub.clone(), hub.clone(), hub.clone());
    let measured = hub.clone();
    runner
        .on(VALIDATE, move |context| decide(validate.clone(), context, false))
        .on(CONFIRM, move |context| decide(confirm.clone(), context, true))
        .on(PUBLISH, move |_| release(publish.clone()))
        .on(PUBLISH_PUBLIC, move |context| snapshot(public.clone(), context))
        .on(CHASE, move |_| ended(chase.clone(), |hub| async move { chase::chase(&hub).await }))
        .on(RECONCILE, move |_| ended(reconcile.clone(), |hub| async move { reconcile::run(&hub).await.map(drop) }))
        .on(UNREADY, move |_| ended(unready.clone(), |hub| async move { reconcile::say_unready(&hub).await }))
        .on(SWEEP, move |_| ended(sweep.clone(), |hub| async move { chase::sweep(&hub).await }))
        .on(RETAIN, move |_| {
            ended(
                retained.clone(),
                |hub| async move { retain::retain(&hub, How::Delete(retain::SCHEDULE)).await.map(drop) },
            )
        })
        .on(FOLLOW, move |_| ended(follow.clone(), |hub| async move { holidays::follow(&hub).await.map(drop) }))
        .on(trend::TREND, move |_| ended(measured.clone(), |hub| async move { trend::measure(&hub).await.map(drop) }))
        .on(LATE, move |_| ended(late.clone(), |hub| async move { deliver::chase(&hub).await }))
}

/// Makes due again what dead processes had leased: jobs, and deliveries that were being sent. To be called before the
/// hub's own parts start. `is_gone` judges the names in leases; where it is wrong, whoever still works loses its lease to
/// the next attempt and writes nothing.
pub async fn hand_back(hub: &Hub, is_gone: impl Fn(&str) -> bool) -> Result<(), Fault> {
    let holders = {
        let mut link = hub.store.read().await?;
        [job::holders(&mut link).await?, delivery::holders(&mut link).await?]
    };
    let gone: BTreeSet<&String> = holders.iter().flatten().filter(|worker| is_gone(worker)).collect();
    for worker in gone {
        let now = hub.clock.now();
        let mut tx = hub.store.begin().await?;
        let jobs = job::hand_back(&mut tx, worker, now).await?;
        let deliveries = delivery::hand_back(&mut tx, worker, now).await?;
        tx.commit().await?;
        tracing::info!(worker, jobs, deliveries, "what a dead process had leased is due again");
    }
    Ok(())
}

/// The recurring jobs.
pub fn plans(settings: &Settings) -> Result<Vec<Plan>, NotAPattern> {
    let plan = |name, pattern: &str, kind| Ok(Plan { schedule: Schedule::new(name, pattern, Misfire::Latest)?, kind });
    let mut plans = vec![
        plan("publish", &settings.publish_at, PUBLISH)?,
        plan("publish-public", comes(&settings.publish_public_at), PUBLISH_PUBLIC)?,
        nightly(plan("reconcile", &settings.reconcile_at, RECONCILE)?)?,
        plan("reconcile-unready", READY_BY, UNREADY)?,
        plan("chase", "*/15 * * * *", CHASE)?,
        plan("late", "*/5 * * * *", LATE)?,
        // Before anything is published or chased by a due date.
        plan("due-dates", "45 5 * * *", FOLLOW)?,
        plan("sweep", "30 3 * * *", SWEEP)?,
        // When no feed comes.
        plan("retain", "30 12 * * *", RETAIN)?,
        plan(trend::TREND, "5-59/15 * * * *", trend::TREND)?,
        plan(sources::QUEUE, "*/5 * * * *", sources::QUEUE)?,
    ];
    for step in Step::ALL {
        plans.push(plan(step.job(), escalates_at(*step), step.job())?);
    }
    Ok(plans)
}

/// The pattern that is meant: a schedule that never runs is planned too, so that one which did before is no longer due.
fn comes(pattern: &str) -> &str {
    if pattern == NEVER { "0 0 30 2 *" } else { pattern }
}

/// Offices open, and the lists of the night are to be there.
const READY_BY: &str = "0 7 * * *";

/// The plan, if it runs on every day of a year before offices open: lists that come later are no use that day.
fn nightly(plan: Plan) -> Result<Plan, NotAPattern> {
    let late = || NotAPattern {
        pattern: plan.schedule.pattern().to_owned(),
        reason: "it does not run before 07:00 on every day, when its lists are to be ready".to_owned(),
    };
    let ready_by = Schedule::new("ready", READY_BY, Misfire::Skip)?;
    let mut morning = Timestamp::UNIX_EPOCH;
    for _ in 0..366 {
        morning = ready_by.next_after(morning).ok_or_else(late)?;
        let last = plan.schedule.last_until(morning - SignedDuration::from_secs(1)).ok_or_else(late)?;
        if london_date(last) != london_date(morning) {
            return Err(late());
        }
    }
    Ok(plan)
}

/// When a step is looked for. Clocks turn at midnight and feeds come before five: what they ask for is said before people
/// come to work. What may come at any time of day is said within the quarter of an hour.
const fn escalates_at(step: Step) -> &'static str {
    match step {
        Step::Nudge
        | Step::Overdue
        | Step::Director
        | Step::Counted
        | Step::Details
        | Step::Unopened
        | Step::SilentEnd
        | Step::HostEnded => "40 6 * * *",
        Step::Undeliverable | Step::Cluster | Step::Worsened | Step::Unregistered => "*/15 * * * *",
    }
}

/// A scheduled run is about everybody's notices, one that a feed asks for about that authority's.
async fn escalate(hub: Arc<Hub>, step: Step, context: JobContext) -> Result<(), JobError> {
    let placing = Some(context.authority()).filter(|authority| *authority != AuthorityCode::NONE);
    ladder::run(&hub, step, placing).await.map_err(failed)?;
    Ok(())
}

async fn decide(hub: Arc<Hub>, context: JobContext, confirmed: bool) -> Result<(), JobError> {
    let id: Uuid = context.payload()?;
    for _ in 0..PATIENCE {
        match apply::decide(&hub, context.authority(), id, confirmed).await {
            Ok(Done::Decided) => return Ok(()),
            // A host's answer that met the writing of its notice passes like an earlier submission that is being judged.
            Ok(Done::Later) | Err(Fault::Overtaken) => tokio::time::sleep(LOOK).await,
            Err(fault) if is_hopeless(&fault, &context) => {
                apply::give_up(&hub, context.authority(), id, confirmed).await.map_err(failed)?;
                return Err(JobError::fatal(fault));
            }
            Err(fault) => return Err(failed(fault)),
        }
    }
    Err(JobError::retry("an earlier submission of the feed is still undecided"))
}

/// Whether it is the submission itself that cannot be judged, rather than the database that cannot be reached: then it
/// must not hold up its feed for ever.
fn is_hopeless(fault: &Fault, context: &JobContext) -> bool {
    match fault {
        Fault::Inconsistent(_) | Fault::Forgotten => true,
        Fault::Io(_) | Fault::Stopped => context.attempt() >= ATTEMPTS,
        Fault::Store(_) | Fault::Overtaken => false,
    }
}

async fn release(hub: Arc<Hub>) -> Result<(), JobError> {
    publish::publish(&hub, "schedule").await.map(drop).map_err(refused)
}

async fn snapshot(hub: Arc<Hub>, context: JobContext) -> Result<(), JobError> {
    let ScheduledSlot { slot, .. } = context.payload()?;
    publish::snapshot(&hub, slot).await.map(drop).map_err(refused)
}

fn refused(refusal: PublishRefusal) -> JobError {
    match refusal {
        PublishRefusal::Fault(fault) => failed(fault),
        refusal @ PublishRefusal::Gate(_) => JobError::fatal(refusal),
    }
}

async fn ended<F>(hub: Arc<Hub>, work: impl FnOnce(Arc<Hub>) -> F) -> Result<(), JobError>
where
    F: Future<Output = Result<(), Fault>>,
{
    work(hub).await.map_err(failed)
}

fn failed(fault: Fault) -> JobError {
    if matches!(fault, Fault::Inconsistent(_) | Fault::Forgotten) {
        JobError::fatal(fault)
    } else {
        JobError::retry(fault)
    }
}
