//! Judging a kept submission: its findings, and what it would change.

mod belief;
mod changes;
mod ends;
mod payload;
mod verdict;

use std::sync::Arc;

use hub_contract::{Accepted, Failure, Format, Op, Outcome, Settings};
use hub_domain::{Dataset, Mode};
use hub_store::submission::{Applied, Counts, Submission};
use hub_store::{Link, StoreError, record, submission};

use crate::{Fault, Hub};

pub(crate) use ends::{PLACEMENT_LA, text};

pub use belief::{Beliefs, Effect, Later, Strike};
pub use changes::{Change, ChangeKind, Changes, Replay};
pub use verdict::{Held, Judgement};

/// What judging a submission came to.
#[derive(Debug)]
pub struct Judged {
    /// The verdict, and why.
    pub judgement: Judgement,
    /// The contract's report.
    pub outcome: Outcome,
    /// Rows read, accepted, and what they change.
    pub counts: Counts,
    /// Changes, but for those in `outcome.excluded`.
    pub changes: Changes,
    /// Keys closed by their absence.
    pub absent: Vec<String>,
    /// The applied submissions that the judgement was made against.
    pub basis: Vec<Applied>,
    /// Whether something later had been applied.
    pub late: bool,
}

/// Judges a stored submission against what is believed now. `confirmed`: its sender has seen the guard and means it.
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
    let mut beliefs = Beliefs::meeting(kept.as_at, later_than(&basis, kept));
    record::believed_index(&mut link, kept.authority, kept.dataset, |key, fingerprint, as_at| {
        beliefs.add(key, fingerprint, as_at.parse().map_err(|_| StoreError::Decode("a date"))?);
        Ok(())
    })
    .await?;
    beliefs.settle();
    if beliefs.is_late() {
        record::believed(&mut link, kept.authority, kept.dataset, |key, body| {
            beliefs.ends(key, ends::ends(kept.dataset, body));
            Ok(())
        })
        .await?;
    }
    drop(link);
    let work =
        Work { dataset: kept.dataset, mode: kept.mode, beliefs, changes: Changes::default(), tally: Tally::default() };
    let settings =
        Settings { mode: kept.mode, covers_from: kept.covers_from, ..Settings::full(kept.authority, kept.as_at) };
    let format = payload::format(kept)?;
    let (done, mut work) = hub.blocking(move || work.validate(&settings, format, reader)).await?;
    let outcome = match done {
        Ok(outcome) => outcome,
        Err(Failure::Refused(refusal)) => refused(kept, &settings, format, refusal),
        Err(Failure::Read(error) | Failure::Sink(error)) => return Err(Fault::Io(error)),
    };
    work.beliefs.shield(&outcome.rejected_keys);
    let mut link = hub.store.read().await?;
    let absent = absent(&mut link, kept, &work.beliefs).await?;
    Ok(work.conclude(kept, outcome, absent, basis, confirmed))
}

/// The outcome for a stored payload that the contract refuses as a whole.
fn refused(kept: &Submission, settings: &Settings, format: Format, refusal: hub_contract::Refusal) -> Outcome {
    let contract = hub_contract::contract(kept.dataset);
    let report = hub_contract::Report::refused(contract, settings, format, refusal);
    Outcome { report, excluded: Vec::new(), rejected_keys: Vec::new() }
}

fn later_than(basis: &[Applied], kept: &Submission) -> Vec<Later> {
    let mine = (kept.as_at, kept.seq);
    let later = basis.iter().filter(|applied| (applied.as_at, applied.seq) > mine);
    later
        .map(|applied| match (applied.mode, applied.covers_from) {
            (Mode::Full, _) => Later::Full,
            (Mode::Window, Some(from)) => Later::Window(from),
            (Mode::Window, None) | (Mode::Changes, _) => Later::Changes,
        })
        .collect()
}

/// Believed keys that a `full` or `window` submission closes by not naming them.
async fn absent(link: &mut Link, kept: &Submission, beliefs: &Beliefs) -> Result<Vec<String>, Fault> {
    let mut absent = Vec::new();
    if kept.mode == Mode::Changes || beliefs.unseen() == 0 {
        return Ok(absent);
    }
    let (dataset, window) = (kept.dataset, kept.covers_from);
    record::believed(link, kept.authority, dataset, |key, body| {
        let ends = if window.is_some() || beliefs.is_late() { ends::ends(dataset, body) } else { None };
        let inside = window.is_none_or(|from| ends.is_none_or(|end| end >= from));
        if inside && beliefs.is_absent(key, ends) {
            absent.push(key.to_owned());
        }
        Ok(())
    })
    .await?;
    Ok(absent)
}

/// A validation under way on its own thread.
struct Work {
    dataset: Dataset,
    mode: Mode,
    beliefs: Beliefs,
    changes: Changes,
    tally: Tally,
}

/// What was met on the way, for the guard.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    opened: u64,
    amended: u64,
    closed: u64,
    unchanged: u64,
    /// Rows of children still in care, and rows by which this submission newly ends a child's care.
    in_care: u64,
    care_ends: u64,
}

impl Work {
    fn validate(
        mut self,
        settings: &Settings,
        format: Format,
        reader: impl std::io::Read,
    ) -> (Result<Outcome, Failure>, Self) {
        let contract = hub_contract::contract(self.dataset);
        let done = hub_contract::validate(contract, settings, format, reader, &mut |row| self.meet(&row));
        (done, self)
    }

    fn meet(&mut self, row: &Accepted<'_>) -> std::io::Result<()> {
        if row.op == Op::Delete {
            return match self.beliefs.strike(row.key) {
                Strike::Overtaken => Ok(()),
                strike @ (Strike::Closes | Strike::Absent) => {
                    self.tally.closed += u64::from(strike == Strike::Closes);
                    self.changes.push(ChangeKind::Delete, row.row, row.key, [0; 16], "")
                }
            };
        }
        let ends = if self.beliefs.is_late() { ends::ends(self.dataset, row.body) } else { None };
        let effect = self.beliefs.meet(row.key, row.fingerprint, ends);
        self.count(effect, row.body);
        match effect {
            Effect::Open => self.changes.push(ChangeKind::Open, row.row, row.key, row.fingerprint, row.body),
            Effect::Amend => self.changes.push(ChangeKind::Amend, row.row, row.key, row.fingerprint, row.body),
            Effect::Bury => self.changes.push(ChangeKind::Delete, row.row, row.key, [0; 16], ""),
            Effect::Touch if self.mode == Mode::Changes => {
                self.changes.push(ChangeKind::Touch, row.row, row.key, row.fingerprint, "")
            }
            Effect::Touch | Effect::Unchanged | Effect::Overtaken => Ok(()),
        }
    }

    fn count(&mut self, effect: Effect, body: &str) {
        match effect {
            Effect::Open => self.tally.opened += 1,
            Effect::Amend => self.tally.amended += 1,
            Effect::Bury => self.tally.closed += 1,
            Effect::Touch | Effect::Unchanged | Effect::Overtaken => self.tally.unchanged += 1,
        }
        if self.dataset == Dataset::Placements {
            match ends::care(body) {
                ends::Care::Open => self.tally.in_care += 1,
                ends::Care::Ended if effect == Effect::Amend => self.tally.care_ends += 1,
                ends::Care::Ended | ends::Care::Continues => {}
            }
        }
    }

    fn conclude(
        self,
        kept: &Submission,
        outcome: Outcome,
        absent: Vec<String>,
        basis: Vec<Applied>,
        confirmed: bool,
    ) -> Judged {
        let counts = Counts {
            rows_read: outcome.report.rows.read,
            rows_accepted: outcome.report.rows.accepted,
            rows_rejected: outcome.report.rows.rejected,
            opened: self.tally.opened,
            amended: self.tally.amended,
            closed: self.tally.closed + absent.len() as u64,
            unchanged: self.tally.unchanged,
        };
        let contract = hub_contract::contract(kept.dataset);
        let guard = verdict::Guard {
            believed: self.beliefs.len() as u64,
            closed: counts.closed,
            in_care: self.tally.in_care,
            care_ends: self.tally.care_ends,
            share: contract.shrink_share,
        };
        let judgement = verdict::judge(kept.mode, contract, &outcome.report, &guard, confirmed);
        let late = self.beliefs.is_late();
        Judged { judgement, outcome, counts, changes: self.changes, absent, basis, late }
    }
}
