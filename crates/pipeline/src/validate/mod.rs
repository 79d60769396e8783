//! Judging a kept submission: its findings, and what it would change.

mod belief;
mod changes;
mod ends;
mod fold;
mod held;
mod pages;
mod payload;
mod scales;
mod soon;
mod tally;
mod verdict;
mod weigh;

use std::sync::Arc;

use hub_contract::{Contract, Report, Settings};
use hub_store::submission::{self, Applied, Counts, Submission};
use hub_store::{Link, record};

use crate::{Fault, Hub, boxed};
use weigh::Weighed;

pub(crate) use ends::{EPISODE_END, LEGAL_STATUS, PLACEMENT_LA, PLACEMENT_TYPE, text};
pub(crate) use fold::without;

pub use belief::{Beliefs, Effect};
pub use changes::{Change, ChangeKind, Changes, Replay};
pub use verdict::{Held, Judgement};

/// What judging a submission came to.
#[derive(Debug)]
pub struct Judged {
    /// The verdict, and why.
    pub judgement: Judgement,
    /// The contract's report.
    pub report: Report,
    /// Rows read, accepted, and what they change.
    pub counts: Counts,
    /// What is to be written.
    pub delta: Delta,
    /// The applied submissions that the judgement was made against.
    pub basis: Vec<Applied>,
    /// Whether something later had been applied.
    pub late: bool,
}

/// What is to be written of records.
#[derive(Debug, Default)]
pub struct Delta {
    /// Changed rows, but for those in `excluded`.
    pub changes: Changes,
    /// Rows that a set rule left out after they were handed on, ascending.
    pub excluded: Vec<u64>,
    /// Keys closed by their absence.
    pub absent: Vec<String>,
}

/// Judges a stored submission against what is believed now. `confirmed`: its sender has seen the guard and means it.
#[boxed]
pub async fn judge(hub: &Arc<Hub>, kept: &Submission, confirmed: bool) -> Result<Judged, Fault> {
    let reader = payload::read(hub.clone(), kept.authority, kept.id);
    judge_bytes(hub, kept, confirmed, reader).await
}

/// Judges bytes as the submission `kept`; `reader` is read on a blocking thread.
pub(crate) async fn judge_bytes(
    hub: &Arc<Hub>,
    kept: &Submission,
    confirmed: bool,
    reader: impl std::io::Read + Send + 'static,
) -> Result<Judged, Fault> {
    let mut link = hub.store.read().await?;
    let basis = submission::applied(&mut link, kept.authority, kept.dataset).await?;
    drop(link);
    let late = basis.last().is_some_and(|last| (last.as_at, last.seq) > (kept.as_at, kept.seq));
    let weighed =
        if late { weigh::late(hub, kept, &basis, reader).await? } else { weigh::in_order(hub, kept, reader).await? };
    let contract = hub_contract::contract(kept.dataset);
    let rows = weighed.outcome.report.rows;
    let read = Counts {
        rows_read: rows.read,
        rows_accepted: rows.accepted,
        rows_rejected: rows.rejected,
        ..Counts::default()
    };
    if verdict::is_unusable(contract, &weighed.outcome.report) {
        let (judgement, report, delta) = (Judgement::Rejected, weighed.outcome.report, Delta::default());
        return Ok(Judged { judgement, report, counts: read, delta, basis, late });
    }
    let judged = conclude(hub, kept, contract, (weighed, read), (late, confirmed)).await?;
    Ok(Judged { basis, late, ..judged })
}

/// The verdict on a submission that can be used.
async fn conclude(
    hub: &Hub,
    kept: &Submission,
    contract: &Contract,
    (weighed, read): (Weighed, Counts),
    (late, confirmed): (bool, bool),
) -> Result<Judged, Fault> {
    let Weighed { mut outcome, changes, absent, tally, believed } = weighed;
    let mut delta = Delta { changes, excluded: outcome.excluded, absent };
    let tally = if delta.excluded.is_empty() { tally } else { tally.without(&mut delta)? };
    let closed = tally.closed + delta.absent.len() as u64;
    let mut guard = verdict::Guard {
        rows: outcome.report.rows.read,
        believed,
        closed,
        in_care: tally.in_care,
        care_ends: tally.care_ends,
        share: contract.shrink_share,
    };
    if matches!(guard.holds(kept.mode), Some(Held::EndsCare { .. })) {
        guard.care_ends = newly_ended(&mut *hub.store.read().await?, kept, &mut delta).await?;
    }
    if !late {
        held::compare(hub, kept, (&mut delta, believed), &mut outcome.report).await?;
    }
    let judgement = verdict::judge(kept.mode, &outcome.report, &guard, confirmed);
    let counts = Counts { opened: tally.opened, amended: tally.amended, closed, unchanged: tally.unchanged, ..read };
    Ok(Judged { judgement, report: outcome.report, counts, delta, basis: Vec::new(), late: false })
}

/// How many amended rows end care that had not ended before: a correction to old care ends nobody's.
async fn newly_ended(link: &mut Link, kept: &Submission, delta: &mut Delta) -> Result<u64, Fault> {
    let mut keys = Vec::new();
    let mut change = Change::default();
    let mut replay = delta.changes.replay(&delta.excluded)?;
    while replay.next_into(&mut change)? {
        if change.kind == ChangeKind::Amend && ends::care(&change.body) == ends::Care::Ended {
            keys.push(std::mem::take(&mut change.key));
        }
    }
    let before = record::by_keys(link, kept.authority, kept.dataset, &keys).await?;
    Ok(before.iter().filter(|version| ends::care(&version.body) != ends::Care::Ended).count() as u64)
}

/// What the contract is told of a kept submission.
fn settings(kept: &Submission) -> Settings {
    Settings { mode: kept.mode, covers_from: kept.covers_from, ..Settings::full(kept.authority, kept.as_at) }
}
