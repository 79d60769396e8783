//! The ladder of escalation and the alerts: who hears, and that nobody hears a thing twice.
//!
//! Every step is a job of its own. A job reads what stands now, so that what was waited for and came is not escalated;
//! what it says and that it said it are one transaction, and the event's key (whom, what, of what) makes it once. A job
//! that dies half way and runs again says the rest.

mod alerts;
mod climb;
mod own;
mod switches;
mod tell;

use std::collections::BTreeSet;

use hub_domain::{AuthorityCode, Dataset};
use hub_notices::ladder::is_unregistered;
use hub_notices::{Notice, Step};
use hub_store::Tx;
use hub_store::job::{self, NewJob};

use crate::{Fault, Hub, boxed};

pub(crate) use own::may_be_unregistered;
pub use switches::{EVERYBODY, Switches, set, switches};

/// Does the work of a step's job, for one authority's notices or (`None`) for everybody's; how many were told.
#[boxed]
pub async fn run(hub: &Hub, step: Step, placing: Option<AuthorityCode>) -> Result<u64, Fault> {
    let told = match step {
        Step::Cluster => alerts::clusters(hub).await?,
        Step::Worsened => alerts::worsenings(hub).await?,
        Step::Nudge
        | Step::Overdue
        | Step::Director
        | Step::Counted
        | Step::Details
        | Step::Unopened
        | Step::Undeliverable
        | Step::SilentEnd
        | Step::HostEnded => climb::climb(hub, step, placing).await?,
        Step::Unregistered => {
            // A whole feed is read for it: when the feed or the night asks, not every quarter of an hour.
            let at_home = match placing {
                Some(placing) => own::unregistered(hub, placing).await?,
                None => 0,
            };
            climb::climb(hub, step, placing).await? + at_home
        }
    };
    metrics::counter!("hub_ladder_told_total", "step" => step.as_str()).increment(told);
    Ok(told)
}

/// Asks for what cannot wait for a schedule, in the transaction that changes the notices: a child in a setting that
/// nobody has registered.
pub(crate) async fn ask(hub: &Hub, tx: &mut Tx, changed: impl Iterator<Item = &Notice>) -> Result<(), Fault> {
    let urgent: BTreeSet<AuthorityCode> =
        changed.filter(|notice| is_unregistered(notice)).map(|notice| notice.placing).collect();
    for authority in urgent {
        queue(hub, tx, authority, Step::Unregistered).await?;
    }
    Ok(())
}

/// Asks for what a feed about homes may give cause for, in the transaction that applies it.
pub(crate) async fn ask_of_homes(hub: &Hub, tx: &mut Tx, dataset: Dataset) -> Result<(), Fault> {
    let steps: &[Step] = match dataset {
        Dataset::Regulator => &[Step::Unregistered, Step::Worsened],
        Dataset::Quality => &[Step::Worsened],
        Dataset::Placements
        | Dataset::Vacancies
        | Dataset::Searches
        | Dataset::Fostering
        | Dataset::CareLeavers
        | Dataset::Admissions => &[],
    };
    for step in steps {
        queue(hub, tx, EVERYBODY, *step).await?;
    }
    Ok(())
}

/// Asks for the same of everything that an authority's feed shows, in its own area too.
pub(crate) async fn ask_of(hub: &Hub, tx: &mut Tx, authority: AuthorityCode) -> Result<(), Fault> {
    queue(hub, tx, authority, Step::Unregistered).await
}

async fn queue(hub: &Hub, tx: &mut Tx, authority: AuthorityCode, step: Step) -> Result<(), Fault> {
    let now = hub.clock.now();
    let (kind, payload, dedupe) = (step.job().to_owned(), "null".to_owned(), "asked".to_owned());
    job::enqueue(tx, &NewJob { authority, id: hub.ids.next(), kind, payload, dedupe, run_at: now, now }).await?;
    Ok(())
}
