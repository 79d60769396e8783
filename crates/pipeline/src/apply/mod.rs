//! Applying a judged submission: record versions, notices, deliveries, verdict and the next work, in one transaction — or
//! nothing.

mod records;
mod touched;

use std::sync::Arc;

use hub_domain::{AuthorityCode, Dataset};
use hub_store::submission::{Decision, Expect, Submission, Verdict};
use hub_store::{Tx, submission};
use uuid::Uuid;

use crate::validate::{Judged, Judgement};
use crate::{Fault, Hub, notify, validate};

pub(crate) use touched::Touched;

/// What came of a validation job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// The submission has its verdict (now or before).
    Decided,
    /// An earlier submission of the feed is still undecided, or the feed changed meanwhile: run again soon.
    Later,
}

/// Judges a submission and applies what was judged. `confirmed`: its sender has confirmed what the guard held.
pub async fn decide(hub: &Arc<Hub>, authority: AuthorityCode, id: Uuid, confirmed: bool) -> Result<Done, Fault> {
    let mut link = hub.store.read().await?;
    let Some(kept) = submission::find(&mut link, authority, id).await? else { return Ok(Done::Decided) };
    let expect = match (kept.verdict, confirmed) {
        (None, false) => Expect::Received,
        (Some(Verdict::Held), true) => Expect::Held,
        _ => return Ok(Done::Decided),
    };
    if submission::has_undecided_before(&mut link, &kept).await? {
        return Ok(Done::Later);
    }
    drop(link);
    let began = std::time::Instant::now();
    let judged = validate::judge(hub, &kept, confirmed).await?;
    let verdict = word(&judged.judgement);
    let done = settle(hub, &kept, judged, expect).await?;
    if done == Done::Decided {
        metrics::counter!("hub_submissions_total", "dataset" => kept.dataset.as_str(), "verdict" => verdict)
            .increment(1);
        metrics::histogram!("hub_decide_seconds", "dataset" => kept.dataset.as_str())
            .record(began.elapsed().as_secs_f64());
        tracing::info!(submission = %id, %authority, dataset = %kept.dataset, verdict, "decided");
        hub.pulse.decided.send_modify(|count| *count += 1);
        hub.pulse.jobs.up();
        hub.pulse.deliveries.notify_waiters();
    }
    Ok(done)
}

async fn settle(hub: &Arc<Hub>, kept: &Submission, mut judged: Judged, expect: Expect) -> Result<Done, Fault> {
    let applies = matches!(judged.judgement, Judgement::Accepted | Judgement::AcceptedWithFindings);
    let report = serde_json::to_vec(&judged.outcome.report).map_err(|_| Fault::Inconsistent("a report"))?;
    let report = zstd::encode_all(report.as_slice(), 3)?;
    let mut tx = hub.store.begin().await?;
    submission::lock(&mut tx, kept.authority).await?;
    if submission::applied(&mut tx, kept.authority, kept.dataset).await? != judged.basis {
        return Ok(Done::Later);
    }
    if applies {
        apply(hub, &mut tx, kept, &mut judged).await?;
    }
    let held_reason = match &judged.judgement {
        Judgement::Held(held) => Some(held.to_string()),
        Judgement::Accepted | Judgement::AcceptedWithFindings | Judgement::Rejected => None,
    };
    let decision = Decision {
        authority: kept.authority,
        id: kept.id,
        expect,
        verdict: verdict(&judged.judgement),
        held_reason,
        counts: judged.counts.clone(),
        report: Some(&report),
        at: hub.clock.now(),
    };
    if !submission::decide(&mut tx, &decision).await? {
        return Ok(Done::Decided);
    }
    tx.commit().await?;
    Ok(Done::Decided)
}

async fn apply(hub: &Hub, tx: &mut Tx, kept: &Submission, judged: &mut Judged) -> Result<(), Fault> {
    let touched = records::write(hub, tx, kept, judged).await?;
    judged.counts.opened = touched.opened;
    judged.counts.amended = touched.amended;
    if kept.dataset == Dataset::Placements {
        notify::derive(hub, tx, kept.authority, kept.as_at, touched.children).await?;
    }
    if !judged.late {
        submission::supersede(tx, kept, hub.clock.now()).await?;
    }
    Ok(())
}

fn verdict(judgement: &Judgement) -> Verdict {
    match judgement {
        Judgement::Accepted => Verdict::Accepted,
        Judgement::AcceptedWithFindings => Verdict::AcceptedWithFindings,
        Judgement::Held(_) => Verdict::Held,
        Judgement::Rejected => Verdict::Rejected,
    }
}

fn word(judgement: &Judgement) -> &'static str {
    verdict(judgement).as_str()
}
