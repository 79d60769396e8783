//! What each row of a submission changes about what is believed, found out while what is believed is still being read.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::thread;

use hub_contract::{Accepted, Failure, Format, Op, Outcome, Settings};
use hub_domain::Dataset;

use super::belief::{Beliefs, Effect};
use super::changes::{Change, ChangeKind, Changes};
use super::pages;
use super::soon::Soon;
use super::tally::Tally;

/// A submission being weighed. Runs on blocking threads.
pub(super) struct Scales {
    dataset: Dataset,
    pub(super) beliefs: Beliefs,
    /// Where the beliefs come from, and the rows that came before them.
    coming: Option<(Receiver<Beliefs>, Changes)>,
    pub(super) changes: Changes,
    pub(super) tally: Tally,
    soon: Soon,
}

impl Scales {
    /// Scales for a submission of `dataset`, to be weighed against the beliefs that will come. Keys that will be closed are
    /// told to `soon` as they are found.
    pub(super) fn new(dataset: Dataset, coming: Receiver<Beliefs>, soon: Soon) -> Self {
        Self {
            dataset,
            beliefs: Beliefs::default(),
            coming: Some((coming, Changes::default())),
            changes: Changes::default(),
            tally: Tally::default(),
            soon,
        }
    }

    /// Validates the bytes and weighs each usable row.
    pub(super) fn weigh(
        mut self,
        settings: &Settings,
        format: Format,
        reader: impl Read,
    ) -> (Result<Outcome, Failure>, Self) {
        let contract = hub_contract::contract(self.dataset);
        let done = hub_contract::validate(contract, settings, format, reader, &mut |row| self.meet(&row));
        let done = done.and_then(|outcome| self.settle().map_err(Failure::Sink).map(|()| outcome));
        self.soon.close();
        (done, self)
    }

    /// The same on three threads that keep two cores busy: one parses, one validates, this one weighs.
    pub(super) fn weigh_beside(
        mut self,
        settings: &Settings,
        format: Format,
        reader: impl Read + Send,
    ) -> (Result<Outcome, Failure>, Self) {
        let contract = hub_contract::contract(self.dataset);
        let (mut writer, rows) = pages::pages();
        let done = thread::scope(|scope| {
            let validating = scope.spawn(move || {
                let mut push = |row: Accepted<'_>| writer.push(&row);
                let done = hub_contract::validate_beside(contract, settings, format, reader, &mut push)?;
                writer.finish().map_err(Failure::Sink)?;
                Ok(done)
            });
            let weighed = rows.each(|row| self.meet(row)).map_err(Failure::Sink);
            let validated = validating.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            // When the weighing fails, the other thread finds nobody to hand its rows to: that is not the cause.
            weighed.and(validated)
        });
        let done = done.and_then(|outcome| self.settle().map_err(Failure::Sink).map(|()| outcome));
        self.soon.close();
        (done, self)
    }

    fn meet(&mut self, row: &Accepted<'_>) -> io::Result<()> {
        let kind = if row.op == Op::Delete { ChangeKind::Close } else { ChangeKind::Open };
        let fingerprint = if row.op == Op::Delete { [0; 16] } else { row.fingerprint() };
        let Some((coming, waiting)) = &mut self.coming else {
            return self.compare(kind, row.row, row.key, fingerprint, row.body);
        };
        match coming.try_recv() {
            Ok(beliefs) => {
                self.begin(beliefs)?;
                self.compare(kind, row.row, row.key, fingerprint, row.body)
            }
            Err(TryRecvError::Empty) => waiting.push(kind, row.row, row.key, fingerprint, row.body),
            Err(TryRecvError::Disconnected) => Err(never_came()),
        }
    }

    /// Waits for the beliefs, if they have not come yet.
    fn settle(&mut self) -> io::Result<()> {
        let Some((coming, _)) = &self.coming else { return Ok(()) };
        let beliefs = coming.recv().map_err(|_| never_came())?;
        self.begin(beliefs)
    }

    /// Takes the beliefs, and weighs the rows that came before them.
    fn begin(&mut self, beliefs: Beliefs) -> io::Result<()> {
        self.beliefs = beliefs;
        let Some((_, mut waiting)) = self.coming.take() else { return Ok(()) };
        let mut row = Change::default();
        let mut rows = waiting.replay(&[])?;
        while rows.next_into(&mut row)? {
            self.compare(row.kind, row.row, &row.key, row.fingerprint, &row.body)?;
        }
        Ok(())
    }

    fn compare(&mut self, kind: ChangeKind, row: u64, key: &str, fingerprint: [u8; 16], body: &str) -> io::Result<()> {
        if kind == ChangeKind::Close {
            if self.beliefs.strike(key) {
                self.tally.closed += 1;
                self.changes.push(ChangeKind::Close, row, key, [0; 16], "")?;
            }
            return Ok(());
        }
        let effect = self.beliefs.meet(key, fingerprint);
        self.tally.count(self.dataset, effect, body);
        match effect {
            Effect::Open => self.changes.push(ChangeKind::Open, row, key, fingerprint, body),
            Effect::Amend => {
                self.soon.tell(key);
                self.changes.push(ChangeKind::Amend, row, key, fingerprint, body)
            }
            Effect::Unchanged => Ok(()),
        }
    }
}

/// Whoever reads the beliefs has failed, and says why.
fn never_came() -> io::Error {
    io::Error::other("what is believed could not be read")
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    type Met = Vec<(ChangeKind, u64, String, String)>;

    fn beliefs() -> Beliefs {
        let mut beliefs = Beliefs::default();
        for key in ["a/1", "b/1", "c/1", "d/1"] {
            beliefs.add(key, hub_contract::fingerprint("[1]"));
        }
        beliefs
    }

    /// Rows weighed with the beliefs sent after `before` of them; what changed, and how much.
    fn weigh(before: usize) -> (Met, [u64; 4]) {
        let (to, coming) = mpsc::channel();
        let mut scales = Scales::new(Dataset::Quality, coming, Soon::default());
        let rows = [
            (Op::Upsert, "a/1", "[1]"),
            (Op::Upsert, "b/1", "[2]"),
            (Op::Delete, "c/1", ""),
            (Op::Delete, "e/1", ""),
            (Op::Upsert, "f/1", "[1]"),
        ];
        for (at, (op, key, body)) in rows.into_iter().enumerate() {
            if at == before {
                to.send(beliefs()).unwrap();
            }
            scales.meet(&Accepted { row: at as u64 + 1, op, key, body }).unwrap();
        }
        if before >= rows.len() {
            to.send(beliefs()).unwrap();
        }
        scales.settle().unwrap();
        let mut met = Vec::new();
        let mut change = Change::default();
        let mut replay = scales.changes.replay(&[]).unwrap();
        while replay.next_into(&mut change).unwrap() {
            met.push((change.kind, change.row, change.key.clone(), change.body.clone()));
        }
        let Tally { opened, amended, closed, unchanged, .. } = scales.tally;
        (met, [opened, amended, closed, unchanged])
    }

    #[test]
    fn rows_weigh_the_same_whenever_the_beliefs_come() {
        let change = |kind, row, key: &str, body: &str| (kind, row, key.to_owned(), body.to_owned());
        let expected = vec![
            change(ChangeKind::Amend, 2, "b/1", "[2]"),
            change(ChangeKind::Close, 3, "c/1", ""),
            change(ChangeKind::Open, 5, "f/1", "[1]"),
        ];
        for before in 0..=5 {
            assert_eq!(weigh(before), (expected.clone(), [1, 1, 1, 1]), "after {before}");
        }
    }

    /// A planted fault: nothing is taken for new because what is believed could not be read.
    #[test]
    fn rows_without_beliefs_are_a_fault() {
        let (to, coming) = mpsc::channel();
        drop(to);
        let mut scales = Scales::new(Dataset::Quality, coming, Soon::default());
        scales.meet(&Accepted { row: 1, op: Op::Upsert, key: "a/1", body: "[1]" }).unwrap_err();
        scales.settle().unwrap_err();
        assert_eq!(scales.changes.len, 0);
    }
}
