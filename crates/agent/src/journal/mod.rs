//! What was to be sent, and how far it came, so that a run cut off anywhere is gone on with and not begun again.
//!
//! A feed is first put here whole, with its idempotency key; then sent; then its answer noted. Each step is on stable
//! storage before the next begins. Whatever the next run finds half done it finishes with the same bytes and the same key,
//! and the hub takes a key once. What lies here is what leaves the borough and nothing more.

mod entry;
mod spool;

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use hub_domain::Timestamp;

pub use entry::{Entry, Step};

use crate::hub::Parcel;

/// Name of the folder, beside the settings file.
pub const FOLDER: &str = "hub-agent.journal";
const LINES: &str = "journal.jsonl";
const LOCK: &str = "lock";
/// Lines after which the journal is written anew, with what is open and the latest of the rest.
const LONG: usize = 4_000;
/// Entries that such a rewriting keeps.
const KEPT: usize = 1_000;

/// The journal of one settings folder; nobody else has it open.
#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
    lines: File,
    entries: Vec<Entry>,
    /// Held while this is: a second run waits for no one, it is told.
    _lock: File,
}

/// The journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another run is at work.
    #[error("another hub-agent is sending from this settings folder; {} is held", .0.display())]
    Busy(PathBuf),
    /// It cannot be read or written.
    #[error("the journal {} cannot be used; nothing is sent that could not be remembered", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl Journal {
    /// Opens the journal beside a settings file, making it if there is none. A last line that was cut short is let go: what
    /// it would have said is found out again.
    pub fn open(folder: &Path) -> Result<Self, JournalError> {
        let folder = folder.join(FOLDER);
        let fault = |source| JournalError::Io { path: folder.clone(), source };
        spool::make(&folder).map_err(fault)?;
        let lock = OpenOptions::new().create(true).append(true).open(folder.join(LOCK)).map_err(fault)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => return Err(JournalError::Busy(folder.join(LOCK))),
            Err(std::fs::TryLockError::Error(source)) => return Err(fault(source)),
        }
        let path = folder.join(LINES);
        let (entries, whole, count) = read(&path).map_err(fault)?;
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let lines = options.open(&path).map_err(fault)?;
        lines.set_len(whole).map_err(fault)?;
        let mut journal = Self { folder, lines, entries, _lock: lock };
        if count > LONG {
            journal.rewrite()?;
        }
        Ok(journal)
    }

    /// What is not finished, oldest first.
    pub fn open_entries(&self) -> Vec<Entry> {
        self.entries.iter().filter(|entry| entry.is_open()).cloned().collect()
    }

    /// Everything remembered, oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What is remembered of a key.
    pub fn find(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Puts a parcel here, whole, before it is sent.
    pub fn keep(&mut self, parcel: &Parcel, at: Timestamp) -> Result<(), JournalError> {
        let fault = |source| JournalError::Io { path: self.folder.clone(), source };
        spool::write(&self.folder, &parcel.key, &parcel.body).map_err(fault)?;
        self.add(Entry::ready(parcel, at))
    }

    /// The parcel of an entry that is ready; `None` when its bytes are gone.
    pub fn parcel(&self, entry: &Entry) -> Result<Option<Parcel>, JournalError> {
        let fault = |source| JournalError::Io { path: self.folder.clone(), source };
        match spool::read(&self.folder, &entry.key) {
            Ok(body) => Ok(Some(Parcel { key: entry.key.clone(), query: entry.query.clone(), body })),
            Err(gone) if gone.kind() == ErrorKind::NotFound => Ok(None),
            Err(source) => Err(fault(source)),
        }
    }

    /// Notes how far an entry has come. Its bytes go once nobody can ask for them again.
    pub fn note(&mut self, key: &str, step: Step, at: Timestamp) -> Result<(), JournalError> {
        let Some(entry) = self.find(key) else { return Ok(()) };
        let next = Entry { step, at, ..entry.clone() };
        let is_done = !matches!(next.step, Step::Ready);
        self.add(next)?;
        if is_done {
            spool::remove(&self.folder, key)
                .map_err(|source| JournalError::Io { path: self.folder.clone(), source })?;
        }
        Ok(())
    }

    fn add(&mut self, entry: Entry) -> Result<(), JournalError> {
        let write = |mut file: &File| -> std::io::Result<()> {
            let mut line = serde_json::to_vec(&entry).map_err(std::io::Error::from)?;
            line.push(b'\n');
            file.write_all(&line)?;
            file.sync_data()
        };
        write(&self.lines).map_err(|source| JournalError::Io { path: self.folder.clone(), source })?;
        put(&mut self.entries, entry);
        Ok(())
    }

    /// Writes the journal anew, shorter.
    fn rewrite(&mut self) -> Result<(), JournalError> {
        let spare = self.entries.len().saturating_sub(KEPT);
        let mut at = 0;
        self.entries.retain(|entry| {
            at += 1;
            at > spare || entry.is_open()
        });
        let mut text = Vec::new();
        let fault = |source| JournalError::Io { path: self.folder.clone(), source };
        for entry in &self.entries {
            serde_json::to_writer(&mut text, entry).map_err(|error| fault(error.into()))?;
            text.push(b'\n');
        }
        let path = self.folder.join(LINES);
        spool::replace(&path, &text).map_err(fault)?;
        self.lines = OpenOptions::new().append(true).open(&path).map_err(fault)?;
        Ok(())
    }
}

/// The entries, how many bytes of the file are whole lines, and how many lines there are.
fn read(path: &Path) -> std::io::Result<(Vec<Entry>, u64, usize)> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(gone) if gone.kind() == ErrorKind::NotFound => return Ok((Vec::new(), 0, 0)),
        Err(fault) => return Err(fault),
    };
    let (mut entries, mut whole, mut count) = (Vec::new(), 0_u64, 0_usize);
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 && line.ends_with(b"\n") {
        whole += u64::try_from(line.len()).unwrap_or(0);
        count += 1;
        if let Ok(entry) = serde_json::from_slice(&line) {
            put(&mut entries, entry);
        }
        line.clear();
    }
    Ok((entries, whole, count))
}

/// The latest line about a key is what holds.
fn put(entries: &mut Vec<Entry>, entry: Entry) {
    match entries.iter_mut().find(|known| known.key == entry.key) {
        Some(known) => *known = entry,
        None => entries.push(entry),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parcel(key: &str) -> Parcel {
        let query =
            vec![("dataset".to_owned(), "placements".to_owned()), ("as_at".to_owned(), "2026-04-07".to_owned())];
        Parcel { key: key.to_owned(), query, body: b"bytes".to_vec() }
    }

    fn now() -> Timestamp {
        "2026-04-07T02:00:00Z".parse().unwrap()
    }

    #[test]
    fn what_was_begun_is_found_again_and_what_was_finished_is_not_begun() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path()).unwrap();
        for key in ["k1", "k2", "k3"] {
            journal.keep(&parcel(key), now()).unwrap();
        }
        journal.note("k1", Step::Decided { id: "a".into(), verdict: "accepted".into() }, now()).unwrap();
        journal.note("k2", Step::Received { id: "b".into() }, now()).unwrap();
        assert!(matches!(Journal::open(folder.path()), Err(JournalError::Busy(_))));
        drop(journal);
        let journal = Journal::open(folder.path()).unwrap();
        let open: Vec<String> = journal.open_entries().into_iter().map(|entry| entry.key).collect();
        assert_eq!(open, ["k2", "k3"]);
        let last = journal.find("k3").unwrap();
        assert_eq!(journal.parcel(last).unwrap().unwrap().body, b"bytes");
        assert_eq!(journal.parcel(journal.find("k1").unwrap()).unwrap(), None);
        assert_eq!(last.about(), "placements as at 2026-04-07");
    }

    #[test]
    fn a_line_that_was_cut_short_is_let_go() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path()).unwrap();
        journal.keep(&parcel("k1"), now()).unwrap();
        journal.note("k1", Step::Received { id: "b".into() }, now()).unwrap();
        drop(journal);
        let path = folder.path().join(FOLDER).join(LINES);
        let whole = std::fs::read(&path).unwrap();
        let first = whole.iter().position(|&byte| byte == b'\n').unwrap() + 1;
        for length in 0..=whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
            let mut journal = Journal::open(folder.path()).unwrap();
            let step = journal.find("k1").map(|entry| entry.step.clone());
            let expected = match length {
                length if length < first => None,
                length if length < whole.len() => Some(Step::Ready),
                _ => Some(Step::Received { id: "b".into() }),
            };
            assert_eq!(step, expected, "{length} bytes");
            journal.keep(&parcel("k9"), now()).unwrap();
            drop(journal);
            assert!(Journal::open(folder.path()).unwrap().find("k9").is_some(), "{length} bytes");
        }
    }

    #[test]
    fn a_long_journal_is_written_anew_and_forgets_nothing_open() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path()).unwrap();
        for key in 0..KEPT + 20 {
            journal.entries.push(Entry::ready(&parcel(&key.to_string()), now()));
            if key > 0 {
                journal.entries[key].step = Step::Decided { id: "a".into(), verdict: "accepted".into() };
            }
        }
        journal.rewrite().unwrap();
        drop(journal);
        let journal = Journal::open(folder.path()).unwrap();
        assert_eq!((journal.entries().len(), journal.open_entries().len()), (KEPT + 1, 1));
    }
}
