//! What an attacker knows before a release is made: each contributor its own rows, everybody the releases before.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use crate::kept::KeptRow;
use crate::table::{Cell, Table};

/// What attackers bring with them.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// What each contributor knows of its own rows.
    pub shares: Shares,
    /// What the last releases showed.
    pub memory: Memory,
}

/// By contributor, how much of each count is its own: what it can subtract (promise C2, the insider).
#[derive(Clone, Default)]
pub struct Shares(BTreeMap<String, HashMap<String, u64>>);

impl std::fmt::Debug for Shares {
    /// How many contributors: what is theirs is exact.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shares").field("contributors", &self.0.len()).finish_non_exhaustive()
    }
}

impl Shares {
    /// Takes what `contributor` would see were its rows the only ones: the same tables made of them alone.
    pub fn take(&mut self, contributor: &str, tables: &[Table]) {
        let own = self.0.entry(contributor.to_owned()).or_default();
        for cell in tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells) {
            if let Cell::Count { id, value: value @ 1.., .. } = cell {
                own.insert(id.clone(), *value);
            }
        }
    }

    /// Says that so much of the cell `id` is `contributor`'s own.
    pub fn put(&mut self, contributor: &str, id: &str, count: u64) {
        if count > 0 {
            self.0.entry(contributor.to_owned()).or_default().insert(id.to_owned(), count);
        }
    }

    /// Contributors and what is theirs, by cell id.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &HashMap<String, u64>)> {
        self.0.iter().map(|(name, own)| (name.as_str(), own))
    }
}

/// How many releases are remembered (promise C3).
pub const REMEMBERED: usize = 12;

/// What the last releases to the same readers showed, the latest first.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    releases: VecDeque<Remembered>,
    /// Cells that narrower readers are not shown, and these therefore are not either.
    withheld: BTreeSet<String>,
}

/// What one release showed, by cell id, and the rows of which it hid something. Holds no hidden value.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Remembered {
    pub(crate) cells: BTreeMap<String, Printed>,
    pub(crate) rows: BTreeSet<KeptRow>,
}

/// What a release had in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Printed {
    /// This number.
    Count(u64),
    /// The marker, to keep this cell or one beside it.
    Hidden,
    /// The marker, for no other reason than that releases before had it there: such a one need not be kept up.
    Carried,
}

impl Printed {
    fn count(self) -> Option<u64> {
        if let Self::Count(count) = self { Some(count) } else { None }
    }
}

impl std::fmt::Debug for Remembered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remembered").field("cells", &self.cells.len()).finish_non_exhaustive()
    }
}

/// The text is no memory of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no memory of a release")]
pub struct Forgotten;

impl Memory {
    /// Of releases, the latest first; those beyond the twelfth are left out.
    pub fn of(releases: impl IntoIterator<Item = Remembered>) -> Self {
        Self { releases: releases.into_iter().take(REMEMBERED).collect(), withheld: BTreeSet::new() }
    }

    /// Adds the release made after all of these.
    pub fn push(&mut self, release: Remembered) {
        self.releases.push_front(release);
        self.releases.truncate(REMEMBERED);
    }

    /// Hides too what `other`, a release to readers who are among these, hides.
    pub fn also_hide(&mut self, other: &Remembered) {
        self.withheld
            .extend(other.cells.iter().filter(|(_, printed)| printed.count().is_none()).map(|(id, _)| id.clone()));
    }

    /// How many releases.
    pub fn len(&self) -> usize {
        self.releases.len()
    }

    /// Nothing was shown before.
    pub fn is_empty(&self) -> bool {
        self.releases.is_empty()
    }

    /// Rows of which one of the releases hid something.
    pub(crate) fn kept_rows(&self) -> impl Iterator<Item = &KeptRow> {
        self.releases.iter().flat_map(|release| &release.rows)
    }

    /// What is known of a cell that counts `value` now.
    pub(crate) fn past(&self, id: &str, value: i64) -> Past {
        let said = || self.releases.iter().filter_map(|release| release.cells.get(id).copied());
        let count = |printed: Printed| printed.count().map(crate::system::signed);
        let printed: BTreeSet<i64> = said().filter_map(count).collect();
        Past {
            before: said().next().and_then(count),
            was_hidden: self.withheld.contains(id) || said().any(|printed| printed == Printed::Hidden),
            is_known: printed.contains(&value),
            printed,
        }
    }
}

/// What the releases before say of one cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Past {
    /// What the latest of them that has the cell printed.
    pub(crate) before: Option<i64>,
    /// Whatever any of them printed: who kept them all takes the count from each.
    pub(crate) printed: BTreeSet<i64>,
    /// One of them hid it.
    pub(crate) was_hidden: bool,
    /// One of them printed the very count it has now: who guesses that it has not changed knows it.
    pub(crate) is_known: bool,
}

impl Remembered {
    /// The counts printed, by cell id.
    pub fn shown(&self) -> impl Iterator<Item = (String, u64)> {
        self.cells.iter().filter_map(|(id, printed)| Some((id.clone(), printed.count()?)))
    }

    /// One line a cell, for keeping: its id, and after a tab the number printed, or a dash where the marker was carried on. Then one
    /// line a row, after a tab.
    pub fn to_text(&self) -> String {
        let line = |(id, printed): (&String, &Printed)| {
            let id = id.replace(['\t', '\n'], " ");
            match printed {
                Printed::Count(count) => format!("{id}\t{count}\n"),
                Printed::Hidden => format!("{id}\n"),
                Printed::Carried => format!("{id}\t-\n"),
            }
        };
        // A row is lists of text and does not fail to serialise.
        let row = |row: &KeptRow| format!("\t{}\n", serde_json::to_string(row).unwrap_or_default());
        self.cells.iter().map(line).chain(self.rows.iter().map(row)).collect()
    }

    /// Reads what [`Remembered::to_text`] wrote.
    pub fn parse(text: &str) -> Result<Self, Forgotten> {
        let mut read = Self::default();
        for line in text.lines() {
            let (id, printed) = match line.split_once('\t') {
                Some(("", row)) => {
                    read.rows.insert(serde_json::from_str(row).map_err(|_| Forgotten)?);
                    continue;
                }
                None => (line, Printed::Hidden),
                Some((id, "-")) => (id, Printed::Carried),
                Some((id, count)) => (id, Printed::Count(count.parse().map_err(|_| Forgotten)?)),
            };
            read.cells.insert(id.to_owned(), printed);
        }
        Ok(read)
    }
}
