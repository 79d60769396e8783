//! Work that does not go on: jobs, schedules, letters.

use std::collections::BTreeSet;

use hub_domain::AuthorityCode;
use hub_jobs::lag;
use hub_pipeline::audit;
use hub_store::delivery::{self, Due, Filter};
use hub_store::{identity, job, member, schedule};
use jiff::SignedDuration;

use super::Check;
use crate::command::Stop;
use crate::command::office::{Office, name_of};

/// As many as are looked at; more are said to be "or more".
const MOST: i64 = 1_000;
/// A letter undelivered for longer than this is told to the operator.
const LATE: SignedDuration = SignedDuration::from_hours(4);

/// Jobs that died, and jobs that nobody takes.
pub(super) async fn jobs(office: &Office, minutes: i32) -> Result<Vec<Check>, Stop> {
    let mut link = office.read().await?;
    let now = office.now();
    let dead = job::list(&mut link, Some(job::State::Failed), MOST).await?;
    let mut checks = vec![match dead.first() {
        None => Check::good("jobs", "none has died"),
        Some(last) => {
            let why = last.error.clone().unwrap_or_default();
            let says = format!("{} died; the last was {} of {}: {why}", dead.len(), last.kind, name_of(last.authority));
            Check::bad("jobs", says, "mend the cause; a submission is judged again when it is sent again or confirmed")
        }
    }];
    let waited = job::oldest_due(&mut link, now).await?.map(|due| now.duration_since(due));
    checks.push(match waited {
        Some(waited) if waited > SignedDuration::from_mins(minutes.into()) => {
            let says = format!("a job has been due for {} minutes", waited.as_mins());
            Check::bad("queue", says, "start the hub (`hub serve`), or give it more of --jobs")
        }
        _ => Check::good("queue", "nothing has waited long"),
    });
    Ok(checks)
}

/// Schedules that were switched off.
pub(super) async fn schedules(office: &Office) -> Result<Check, Stop> {
    let mut link = office.read().await?;
    let all = schedule::all(&mut link).await?;
    let off: Vec<&str> = all.iter().filter(|one| !one.enabled).map(|one| one.name.as_str()).collect();
    Ok(if all.is_empty() {
        Check::look(
            "schedules",
            "none is registered: no hub has run on this database yet",
            "start the hub (`hub serve`)",
        )
    } else if off.is_empty() {
        Check::good("schedules", format!("all {} are on", all.len()))
    } else {
        Check::look(
            "schedules",
            format!("switched off: {}", off.join(", ")),
            "switch them on again when what was wrong is mended",
        )
    })
}

/// Whether some process queues what the schedules say is due.
pub(super) async fn beat(office: &Office, minutes: i32) -> Result<Option<Check>, Stop> {
    let mut link = office.read().await?;
    let now = office.now();
    let all = schedule::all(&mut link).await?;
    let Some((lag, name)) = lag(&all, now) else {
        return Ok((!all.is_empty()).then(|| Check::good("heartbeat", "every slot that was due has been queued")));
    };
    Ok(Some(if lag > SignedDuration::from_mins(minutes.into()) {
        let says = format!("nothing has queued {name}, due {} minutes ago", lag.as_mins());
        Check::bad(
            "heartbeat",
            says,
            "no hub runs on this database, or its heartbeat has stopped: start it (`hub serve`)",
        )
    } else {
        Check::good("heartbeat", "no slot has been due for long")
    }))
}

/// How long the oldest webhook that may be sent has been due.
pub(super) async fn outbox(office: &Office, minutes: i32) -> Result<Check, Stop> {
    let mut link = office.read().await?;
    let now = office.now();
    let first = delivery::due(&mut link, &Due { now, per_endpoint: 1, limit: MOST }).await?;
    let oldest = first.iter().map(|one| now.duration_since(one.next_at)).max();
    Ok(match oldest {
        Some(waited) if waited > SignedDuration::from_mins(minutes.into()) => {
            let says = format!("a webhook that may be sent has been due for {} minutes", waited.as_mins());
            Check::bad(
                "outbox",
                says,
                "no hub sends, or too few at once: start one (`hub serve`), or give it more of --deliveries",
            )
        }
        _ => Check::good("outbox", "nothing that may be sent has waited long"),
    })
}

/// Whether the audit chains are whole.
pub(super) async fn audited(office: &Office) -> Result<Check, Stop> {
    let mut link = office.read().await?;
    let (heads, broken) = audit::verify(&mut link).await?;
    Ok(match broken.first() {
        None => Check::good("audit", format!("{} chains are whole", heads.len())),
        Some(first) => {
            let says =
                format!("the chain of {} is broken at entry {}: {}", name_of(first.authority), first.n, first.why);
            Check::bad(
                "audit",
                says,
                "somebody wrote to the database beside the hub: keep it as it is, tell the authority, and \
                                       compare with a backup from before (`hub restore --check`)",
            )
        }
    })
}

/// Webhooks that were given up, and those that wait too long.
pub(super) async fn letters(office: &Office) -> Result<Vec<Check>, Stop> {
    let mut link = office.read().await?;
    let mut hosts: BTreeSet<AuthorityCode> = member::all(&mut link).await?.iter().map(|member| member.code).collect();
    hosts.extend(identity::clients(&mut link).await?.into_iter().flat_map(|client| client.authorities));
    let mut dead = Vec::new();
    for host in hosts {
        let of = Filter { authority: Some(host), state: Some(delivery::State::Dead), limit: MOST, ..Filter::default() };
        let all = delivery::log(&mut link, &of).await?;
        // What its host took away the address of is nobody's to mend.
        let is_wanted =
            |one: &&delivery::Delivery| !one.is_service() && one.error.as_deref() != Some("endpoint-removed");
        let many = all.iter().filter(is_wanted).count();
        if many > 0 {
            dead.push(format!("{} ({many})", name_of(host)));
        }
    }
    let mut checks = vec![if dead.is_empty() {
        Check::good("dead letters", "no webhook was given up")
    } else {
        let mend =
            "mend the receiver, then `hub delivery replay`; the host reads the same notices in its inbox meanwhile";
        Check::bad("dead letters", format!("webhooks to {} were given up", dead.join(", ")), mend)
    }];
    let since = office.now().saturating_sub(LATE).unwrap_or(office.now());
    let late = delivery::late_endpoints(&mut link, since).await?;
    if !late.is_empty() {
        let names: BTreeSet<String> = late.iter().map(|one| name_of(one.authority)).collect();
        let names: Vec<String> = names.into_iter().collect();
        let waiting: i64 = late.iter().map(|one| one.waiting).sum();
        let says = format!("{waiting} webhooks to {} have waited for more than four hours", names.join(", "));
        let mend = "see `hub endpoint list`; ask those councils whether their receivers run";
        checks.push(Check::look("late letters", says, mend));
    }
    Ok(checks)
}
