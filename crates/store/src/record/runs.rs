//! More rows than memory should hold, put in order: sorted runs in temporary files, then merged.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek as _, Write as _};

use tokio::sync::mpsc;

use crate::StoreError;
use crate::db::Batch;

/// Bytes of merged rows handed on at once.
const PIECE: usize = 4 << 20;

/// Bytes read ahead in each run.
const AHEAD: usize = 128 << 10;

/// Sorted runs. Their files have no name: nothing of a child stays behind, however the process ends.
#[derive(Default)]
pub(super) struct Runs(Vec<File>);

impl Runs {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sorts the batch into a run of its own, and empties it.
    pub(super) async fn spill(&mut self, batch: &mut Batch) -> Result<(), StoreError> {
        let mut taken = std::mem::take(batch);
        let work = tokio::task::spawn_blocking(move || {
            taken.sort();
            let file = write(&taken)?;
            taken.clear();
            io::Result::Ok((file, taken))
        });
        let (file, emptied) = work.await.map_err(io::Error::other).flatten().map_err(StoreError::spooling)?;
        self.0.push(file);
        *batch = emptied;
        Ok(())
    }

    /// Every row of every run, in order of key, a few megabytes at a time, made on a thread of its own while the ones
    /// before are written.
    pub(super) fn merge(self) -> mpsc::Receiver<io::Result<Batch>> {
        let (to, from) = mpsc::channel(1);
        tokio::task::spawn_blocking(move || {
            if let Err(error) = merge(self.0, &to) {
                let _ = to.blocking_send(Err(error));
            }
        });
        from
    }
}

fn write(batch: &Batch) -> io::Result<File> {
    let mut out = BufWriter::with_capacity(AHEAD, tempfile::tempfile()?);
    for row in batch.rows() {
        for text in [row.key, row.body] {
            let length = u32::try_from(text.len()).map_err(io::Error::other)?;
            out.write_all(&length.to_le_bytes())?;
            out.write_all(text.as_bytes())?;
        }
        out.write_all(row.fingerprint)?;
    }
    let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.rewind()?;
    Ok(file)
}

fn merge(files: Vec<File>, to: &mpsc::Sender<io::Result<Batch>>) -> io::Result<()> {
    let mut heads = BinaryHeap::new();
    for file in files {
        let mut head = Head::over(file);
        if head.advance()? {
            heads.push(head);
        }
    }
    let mut batch = Batch::default();
    while let Some(mut least) = heads.peek_mut() {
        batch.add(&least.key, least.fingerprint, &least.body);
        if !least.advance()? {
            PeekMut::pop(least);
        }
        if batch.bytes() >= PIECE && to.blocking_send(Ok(std::mem::take(&mut batch))).is_err() {
            return Ok(()); // Nobody waits for the rest: the load has failed or was given up.
        }
    }
    let _ = to.blocking_send(Ok(batch));
    Ok(())
}

/// The next row of a run. In a heap the least key comes first.
struct Head {
    run: BufReader<File>,
    key: String,
    body: String,
    fingerprint: [u8; 16],
}

impl Head {
    fn over(file: File) -> Self {
        let run = BufReader::with_capacity(AHEAD, file);
        Self { run, key: String::new(), body: String::new(), fingerprint: [0; 16] }
    }

    /// Reads the next row; false at the end of the run.
    fn advance(&mut self) -> io::Result<bool> {
        if io::BufRead::fill_buf(&mut self.run)?.is_empty() {
            return Ok(false);
        }
        text(&mut self.run, &mut self.key)?;
        text(&mut self.run, &mut self.body)?;
        self.run.read_exact(&mut self.fingerprint)?;
        Ok(true)
    }
}

fn text(run: &mut BufReader<File>, into: &mut String) -> io::Result<()> {
    let mut length = [0; 4];
    run.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length);
    into.clear();
    run.by_ref().take(u64::from(length)).read_to_string(into)?;
    Ok(())
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Head {}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        other.key.cmp(&self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::{Batch, Runs};

    type Row = (String, [u8; 16], String);

    /// A run's rows: empty bodies, many-byte letters, and a key that every run has.
    fn rows(run: u8) -> Vec<Row> {
        let each = (0..u32::from(run) * 70).map(|n| {
            let key = format!("é{:03}/{run}", n.wrapping_mul(37) % 500);
            (key, [run; 16], "𝛑".repeat(usize::from(run) * 40 % 90))
        });
        each.chain([("twice".to_owned(), [run; 16], String::new())]).collect()
    }

    fn batch(rows: &[Row]) -> Batch {
        let mut batch = Batch::default();
        for (key, fingerprint, body) in rows {
            batch.add(key, *fingerprint, body);
        }
        batch
    }

    async fn gather(runs: Runs) -> Vec<Row> {
        let mut merged = Vec::new();
        let mut from = runs.merge();
        while let Some(batch) = from.recv().await {
            let batch = batch.unwrap();
            merged.extend(batch.rows().map(|row| (row.key.to_owned(), *row.fingerprint, row.body.to_owned())));
        }
        merged
    }

    /// Runs of unequal length whose keys interleave.
    #[tokio::test]
    async fn merged_runs_are_in_order_and_whole() {
        let mut all: Vec<Row> = (0..5).flat_map(rows).collect();
        let mut runs = Runs::default();
        for run in 0..5 {
            let mut batch = batch(&rows(run));
            runs.spill(&mut batch).await.unwrap();
            assert!(batch.is_empty());
        }
        let mut merged = gather(runs).await;
        assert!(merged.is_sorted_by(|one, next| one.0 <= next.0));
        merged.sort();
        all.sort();
        assert_eq!(merged, all);
    }
}
