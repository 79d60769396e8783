//! What a submission would change: against what is believed when it comes in order, by reading again when it comes late.

use std::io::Read;
use std::sync::{Arc, mpsc};

use hub_contract::{Failure, Outcome, Refusal, Report};
use hub_domain::Mode;
use hub_store::submission::{Applied, Submission};
use hub_store::{Link, record};

use super::belief::Beliefs;
use super::changes::Changes;
use super::fold::{self, Difference, Own};
use super::scales::Scales;
use super::tally::Tally;
use super::{ends, payload, settings, soon};
use crate::{Fault, Hub};

/// Bytes as sent from which a second thread is worth its while.
const LARGE: i64 = 1 << 20;

/// A submission weighed against what is believed.
pub(super) struct Weighed {
    pub(super) outcome: Outcome,
    pub(super) changes: Changes,
    /// Keys closed by their absence.
    pub(super) absent: Vec<String>,
    pub(super) tally: Tally,
    /// Records believed before it.
    pub(super) believed: u64,
}

/// Weighs a submission that nothing later has been applied over.
pub(super) async fn in_order(
    hub: &Arc<Hub>,
    kept: &Submission,
    reader: impl Read + Send + 'static,
) -> Result<Weighed, Fault> {
    let (to, coming) = mpsc::channel();
    let (soon, told) = soon::soon();
    let scales = Scales::new(kept.dataset, coming, soon);
    let (settings, format) = (settings(kept), payload::format(kept)?);
    let (large, cores) = (kept.bytes >= LARGE, hub.cores.clone());
    let weighing = hub.blocking(move || {
        // A second core, if one is idle. Waiting for one while holding another could go on for ever.
        match cores.try_acquire().ok().filter(|_| large) {
            Some(_beside) => scales.weigh_beside(&settings, format, reader),
            None => scales.weigh(&settings, format, reader),
        }
    });
    let (believed, read, weighed) = tokio::join!(believe(hub, kept, to), soon::read(hub, kept, told), weighing);
    believed.and(read)?;
    let (done, mut scales) = weighed?;
    let outcome = settle(kept, done)?;
    scales.beliefs.shield(&outcome.rejected_keys);
    let mut link = hub.store.read().await?;
    let absent = absent(&mut link, kept, &outcome, &mut scales.beliefs).await?;
    let believed = scales.beliefs.len() as u64;
    Ok(Weighed { outcome, changes: scales.changes, absent, tally: scales.tally, believed })
}

/// Reads what is believed of the feed and sends it on.
async fn believe(hub: &Hub, kept: &Submission, to: mpsc::Sender<Beliefs>) -> Result<(), Fault> {
    let mut beliefs = Beliefs::default();
    let mut link = hub.store.read().await?;
    record::believed_index(&mut link, kept.authority, kept.dataset, |key, fingerprint| {
        beliefs.add(key, fingerprint);
        Ok(())
    })
    .await?;
    // Nobody waits for it when the submission has been refused meanwhile.
    let _ = to.send(beliefs);
    Ok(())
}

/// Weighs a submission that later ones have been applied over: what they amount to, it among them.
pub(super) async fn late(
    hub: &Arc<Hub>,
    kept: &Submission,
    basis: &[Applied],
    reader: impl Read + Send + 'static,
) -> Result<Weighed, Fault> {
    let mut order = basis.to_vec();
    let at = order.partition_point(|applied| (applied.as_at, applied.seq) < (kept.as_at, kept.seq));
    let Submission { id, seq, mode, as_at, covers_from, .. } = *kept;
    order.insert(at, Applied { id, seq, mode, as_at, covers_from });
    if at < fold::start(&order) {
        return overtaken(hub, kept, reader).await;
    }
    let own = Own { submission: kept, reader: Box::new(reader) };
    let (fold, outcome) = fold::read_all(hub, (kept.authority, kept.dataset), &order, i64::MAX, Some(own)).await?;
    let outcome = outcome.ok_or(Fault::Inconsistent("a late submission is not in its own order"))?;
    let outcome = outcome.or_else(|refusal| refused(kept, refusal))?;
    let in_care = fold.open() as u64;
    let Difference { changes, absent, opened, amended, unchanged } =
        fold.compare(&mut *hub.store.read().await?, kept.authority).await?;
    let tally = Tally { opened, amended, closed: 0, unchanged, in_care, care_ends: amended };
    let believed = unchanged + amended + absent.len() as u64;
    Ok(Weighed { outcome: Outcome { excluded: Vec::new(), ..outcome }, changes, absent, tally, believed })
}

/// Weighs a submission that a later `full` has been applied over: it is read for its report, and changes nothing.
async fn overtaken(hub: &Arc<Hub>, kept: &Submission, reader: impl Read + Send + 'static) -> Result<Weighed, Fault> {
    let (settings, format, dataset) = (settings(kept), payload::format(kept)?, kept.dataset);
    let read =
        move || hub_contract::validate(hub_contract::contract(dataset), &settings, format, reader, &mut |_| Ok(()));
    let outcome = settle(kept, hub.blocking(read).await?)?;
    let unchanged = outcome.report.rows.accepted;
    let tally = Tally { unchanged, ..Tally::default() };
    Ok(Weighed { outcome, changes: Changes::default(), absent: Vec::new(), tally, believed: 0 })
}

/// The outcome of a pass; a payload that the contract refuses as a whole has one too.
fn settle(kept: &Submission, done: Result<Outcome, Failure>) -> Result<Outcome, Fault> {
    match done {
        Ok(outcome) => Ok(outcome),
        Err(Failure::Refused(refusal)) => refused(kept, refusal),
        Err(Failure::Read(error) | Failure::Sink(error)) => Err(Fault::Io(error)),
    }
}

fn refused(kept: &Submission, refusal: Refusal) -> Result<Outcome, Fault> {
    let contract = hub_contract::contract(kept.dataset);
    let report = Report::refused(contract, &settings(kept), payload::format(kept)?, refusal);
    Ok(Outcome { report, excluded: Vec::new(), rejected_keys: Vec::new() })
}

/// Believed keys that a `full` or `window` submission closes by not naming them.
async fn absent(
    link: &mut Link,
    kept: &Submission,
    outcome: &Outcome,
    beliefs: &mut Beliefs,
) -> Result<Vec<String>, Fault> {
    let mut absent = Vec::new();
    if kept.mode == Mode::Changes || outcome.report.refusal.is_some() || beliefs.unseen() == 0 {
        return Ok(absent);
    }
    let dataset = kept.dataset;
    let Some(from) = kept.covers_from else {
        record::believed_index(link, kept.authority, dataset, |key, _| {
            absent.extend(beliefs.is_absent(key).then(|| key.to_owned()));
            Ok(())
        })
        .await?;
        return Ok(absent);
    };
    record::believed(link, kept.authority, dataset, |key, body| {
        let inside = ends::ends(dataset, body).is_none_or(|end| end >= from);
        if inside && beliefs.is_absent(key) {
            absent.push(key.to_owned());
        }
        Ok(())
    })
    .await?;
    Ok(absent)
}
