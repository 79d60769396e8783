//! Applying a judged submission: record versions, notices, deliveries, verdict and the next work, in one transaction — or
//! nothing.

mod records;
mod touched;

use std::sync::Arc;

use hub_domain::{AuthorityCode, Dataset};
use hub_store::submission::{Counts, Decision, Expect, Submission, Verdict};
use hub_store::{Tx, submission};
use uuid::Uuid;

use crate::validate::{Judged, Judgement};
use crate::{Fault, Hub, boxed, ladder, notify, validate};

pub(crate) use records::write;
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
#[boxed]
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
    let report = serde_json::to_vec(&judged.report).map_err(|_| Fault::Inconsistent("a report"))?;
    let report = zstd::encode_all(report.as_slice(), 3)?;
    let mut tx = hub.store.begin().await?;
    let Some(written) = number(&mut tx, kept, expect).await? else { return Ok(Done::Later) };
    if submission::applied(&mut tx, kept.authority, kept.dataset).await? != judged.basis {
        return Ok(Done::Later);
    }
    if applies {
        apply(hub, &mut tx, &written, &mut judged).await?;
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

/// Rejects a submission that the hub cannot judge, so that it does not hold up the rest of its feed.
pub(crate) async fn give_up(hub: &Hub, authority: AuthorityCode, id: Uuid, confirmed: bool) -> Result<(), Fault> {
    let decision = Decision {
        authority,
        id,
        expect: if confirmed { Expect::Held } else { Expect::Received },
        verdict: Verdict::Rejected,
        held_reason: Some("the hub could not judge it; its operator has been told".to_owned()),
        counts: Counts::default(),
        report: None,
        at: hub.clock.now(),
    };
    let mut tx = hub.store.begin().await?;
    submission::decide(&mut tx, &decision).await?;
    tx.commit().await?;
    tracing::error!(submission = %id, %authority, "a submission cannot be judged");
    Ok(())
}

/// The submission with the number under which its changes are written, and its authority locked until the transaction
/// ends. One that was held takes a fresh number: what has been written since stays known as it was. `None` while the feed
/// has an undecided submission with a lower number.
pub(crate) async fn number(tx: &mut Tx, kept: &Submission, expect: Expect) -> Result<Option<Submission>, Fault> {
    if expect == Expect::Received {
        submission::lock(tx, kept.authority).await?;
        return Ok(Some(kept.clone()));
    }
    let fresh = Submission { seq: submission::next_seq(tx, kept.authority).await?, ..kept.clone() };
    Ok(if submission::has_undecided_before(tx, &fresh).await? { None } else { Some(fresh) })
}

async fn apply(hub: &Hub, tx: &mut Tx, written: &Submission, judged: &mut Judged) -> Result<(), Fault> {
    let touched = write(tx, written, &mut judged.delta).await?;
    if written.dataset == Dataset::Placements {
        // The children's episodes are as the latest submission leaves them, whichever this is.
        let as_at = judged.basis.last().map_or(written.as_at, |last| last.as_at.max(written.as_at));
        notify::derive(hub, tx, written.authority, as_at, touched.children, Some(written.id)).await?;
        if touched.is_urgent {
            ladder::ask_of(hub, tx, written.authority).await?;
        }
    }
    ladder::ask_of_homes(hub, tx, written.dataset).await?;
    if !judged.late {
        submission::supersede(tx, written, hub.clock.now()).await?;
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
