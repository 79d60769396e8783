//! A feed's submissions read again, in their order (`as_at`, sequence): what "believed now" means (promise D4), spelt out.
//!
//! A submission that comes in order needs none of this: what it changes follows from what is believed. One that comes late,
//! or is taken back, changes what later ones were compared with; so they are read again, from the last `full` on, and what
//! they amount to is compared with what is believed.

use std::collections::{HashMap, HashSet};
use std::io::{self, Read};
use std::sync::Arc;

use hub_contract::{Accepted, Failure, Op, Outcome, Refusal};
use hub_domain::{AuthorityCode, Dataset, Date, Mode};
use hub_store::submission::{self, Applied, Submission};
use hub_store::{Link, record};

use super::belief::key_hash;
use super::changes::{Change, ChangeKind, Changes};
use super::{Delta, ends, payload, settings};
use crate::{Fault, Hub};

/// What must be written so that what is believed becomes the fold.
#[derive(Debug, Default)]
pub(super) struct Difference {
    /// Records to open and to amend.
    pub(super) changes: Changes,
    /// Keys to close.
    pub(super) absent: Vec<String>,
    /// Records opened, amended, and found as they should be.
    pub(super) opened: u64,
    pub(super) amended: u64,
    pub(super) unchanged: u64,
}

/// One feed's fold, as far as it has been read.
pub(super) struct Fold {
    dataset: Dataset,
    said: HashMap<u128, Said>,
    /// Every usable row that was read, numbered.
    rows: Changes,
    begun: bool,
}

/// The row that a key stands at.
#[derive(Debug, Clone, Copy)]
struct Said {
    row: u64,
    fingerprint: [u8; 16],
    ends: Option<Date>,
}

/// Where in its order a feed need be read from: nothing before the last `full` shows.
pub(super) fn start(order: &[Applied]) -> usize {
    order.iter().rposition(|applied| applied.mode == Mode::Full).unwrap_or(0)
}

/// A submission read from elsewhere than the store: it is the one being judged.
pub(super) struct Own<'a> {
    pub(super) submission: &'a Submission,
    pub(super) reader: Box<dyn Read + Send>,
}

/// What withdrawing a submission changes: what the others of its feed, in their order, amount to without it. A row that
/// could not be used then leaves its record as it was known before the withdrawn one.
pub(crate) async fn without(hub: &Arc<Hub>, kept: &Submission, basis: &[Applied]) -> Result<Delta, Fault> {
    let rest: Vec<Applied> = basis.iter().filter(|applied| applied.id != kept.id).cloned().collect();
    let at = basis.iter().position(|applied| applied.id == kept.id).unwrap_or_default();
    if at < start(&rest) {
        return Ok(Delta::default());
    }
    let feed = (kept.authority, kept.dataset);
    let (fold, _) = read_all(hub, feed, &rest, kept.seq - 1, None).await?;
    let Difference { changes, absent, .. } = fold.compare(&mut *hub.store.read().await?, kept.authority).await?;
    Ok(Delta { changes, excluded: Vec::new(), absent })
}

/// Reads submissions in their order; with the outcome of `own`, if it is among them.
pub(super) async fn read_all(
    hub: &Arc<Hub>,
    (authority, dataset): (AuthorityCode, Dataset),
    order: &[Applied],
    known_at: i64,
    mut own: Option<Own<'_>>,
) -> Result<(Fold, Option<Result<Outcome, Refusal>>), Fault> {
    let mut fold = Fold::new(dataset);
    let mut outcome = None;
    for applied in order.get(start(order)..).unwrap_or_default() {
        if let Some(own) = own.take_if(|own| own.submission.id == applied.id) {
            let done;
            (fold, done) = fold.read(hub, own.submission, own.reader, known_at).await?;
            outcome = Some(done);
            continue;
        }
        let mut link = hub.store.read().await?;
        let again = submission::find(&mut link, authority, applied.id).await?;
        drop(link);
        let again = again.ok_or(Fault::Inconsistent("an applied submission is not kept"))?;
        if again.bytes > 0 && !payload::is_kept(hub, &again).await? {
            return Err(Fault::Forgotten);
        }
        let reader = payload::read(hub.clone(), authority, applied.id);
        let done;
        (fold, done) = fold.read(hub, &again, reader, known_at).await?;
        done.map_err(|_| Fault::Inconsistent("an applied submission is refused when it is read again"))?;
    }
    Ok((fold, outcome))
}

impl Fold {
    pub(super) fn new(dataset: Dataset) -> Self {
        Self { dataset, said: HashMap::new(), rows: Changes::default(), begun: false }
    }

    /// Records that are open.
    pub(super) fn open(&self) -> usize {
        self.said.values().filter(|said| said.ends.is_none()).count()
    }

    /// Reads one submission into the fold; one that is refused as a whole adds nothing.
    async fn read(
        mut self,
        hub: &Arc<Hub>,
        kept: &Submission,
        reader: impl Read + Send + 'static,
        known_at: i64,
    ) -> Result<(Self, Result<Outcome, Refusal>), Fault> {
        let begins = !std::mem::replace(&mut self.begun, true) && kept.mode == Mode::Full;
        let reading = kept.clone();
        let (done, mut fold) = hub.blocking(move || (self.take(&reading, reader), self)).await?;
        let outcome = match done {
            Ok(outcome) => outcome,
            Err(Failure::Refused(refusal)) => return Ok((fold, Err(refusal))),
            Err(Failure::Read(error) | Failure::Sink(error)) => return Err(Fault::Io(error)),
        };
        if begins && !outcome.rejected_keys.is_empty() {
            fold.keep(&mut *hub.store.read().await?, kept, &outcome.rejected_keys, known_at).await?;
        }
        Ok((fold, Ok(outcome)))
    }

    fn take(&mut self, kept: &Submission, reader: impl Read) -> Result<Outcome, Failure> {
        let contract = hub_contract::contract(self.dataset);
        let format = payload::format(kept).map_err(|fault| Failure::Read(io::Error::other(fault)))?;
        let mut said = Vec::new();
        let mut sink = |row: Accepted<'_>| -> io::Result<()> {
            let stands =
                if row.op == Op::Delete { None } else { Some(self.push(row.key, row.fingerprint(), row.body)?) };
            said.push((row.row, key_hash(row.key), stands));
            Ok(())
        };
        let outcome = hub_contract::validate(contract, &settings(kept), format, reader, &mut sink)?;
        let mut named: HashSet<u128> = said.iter().map(|(_, key, _)| *key).collect();
        named.extend(outcome.rejected_keys.iter().map(|key| key_hash(key)));
        self.said.retain(|key, said| named.contains(key) || !covers(kept, said.ends));
        for (row, key, stands) in said {
            match stands {
                _ if outcome.excluded.binary_search(&row).is_ok() => {}
                Some(stands) => drop(self.said.insert(key, stands)),
                None => drop(self.said.remove(&key)),
            }
        }
        Ok(outcome)
    }

    fn push(&mut self, key: &str, fingerprint: [u8; 16], body: &str) -> io::Result<Said> {
        let row = self.rows.len;
        self.rows.push(ChangeKind::Open, row, key, fingerprint, body)?;
        Ok(Said { row, fingerprint, ends: ends::ends(self.dataset, body) })
    }

    /// Takes the records of keys whose rows could not be used as they were known.
    async fn keep(&mut self, link: &mut Link, kept: &Submission, keys: &[String], known_at: i64) -> Result<(), Fault> {
        let mut known = Vec::new();
        record::as_known(link, kept.authority, kept.dataset, known_at, |key, body| {
            if keys.binary_search_by(|rejected| rejected.as_str().cmp(key)).is_ok() {
                known.push((key.to_owned(), body.to_owned()));
            }
            Ok(())
        })
        .await?;
        for (key, body) in known {
            let stands = self.push(&key, hub_contract::fingerprint(&body), &body)?;
            self.said.entry(key_hash(&key)).or_insert(stands);
        }
        Ok(())
    }

    /// What must be written so that what is believed becomes what was read.
    pub(super) async fn compare(mut self, link: &mut Link, authority: AuthorityCode) -> Result<Difference, Fault> {
        let mut difference = Difference::default();
        let mut amended = HashSet::new();
        record::believed_index(link, authority, self.dataset, |key, fingerprint| {
            let hash = key_hash(key);
            match self.said.get(&hash) {
                None => difference.absent.push(key.to_owned()),
                Some(said) if said.fingerprint == fingerprint => {
                    self.said.remove(&hash);
                    difference.unchanged += 1;
                }
                Some(_) => drop(amended.insert(hash)),
            }
            Ok(())
        })
        .await?;
        let mut row = Change::default();
        let mut rows = self.rows.replay(&[])?;
        while rows.next_into(&mut row)? {
            let hash = key_hash(&row.key);
            if self.said.get(&hash).is_none_or(|said| said.row != row.row) {
                continue;
            }
            let amends = amended.contains(&hash);
            let (kind, count) = if amends {
                (ChangeKind::Amend, &mut difference.amended)
            } else {
                (ChangeKind::Open, &mut difference.opened)
            };
            *count += 1;
            // Rows of several submissions: their numbers mean nothing outside.
            difference.changes.push(kind, 0, &row.key, row.fingerprint, &row.body)?;
        }
        Ok(difference)
    }
}

/// Whether a submission closes, by not naming it, a record that ends on `ends`.
fn covers(kept: &Submission, ends: Option<Date>) -> bool {
    match (kept.mode, kept.covers_from) {
        (Mode::Full, _) => true,
        (Mode::Window, Some(from)) => ends.is_none_or(|end| end >= from),
        (Mode::Window, None) | (Mode::Changes, _) => false,
    }
}
