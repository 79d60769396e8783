//! What an attacker knows before a release is made: each contributor its own rows, everybody the releases before.

use std::collections::{BTreeMap, HashMap, VecDeque};

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
pub struct Memory(VecDeque<Remembered>);

/// What one release showed, by cell id: the number printed, or nothing where it was hidden. Holds no hidden value.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Remembered(pub(crate) BTreeMap<String, Option<u64>>);

impl std::fmt::Debug for Remembered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remembered").field("cells", &self.0.len()).finish_non_exhaustive()
    }
}

/// The text is no memory of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no memory of a release")]
pub struct Forgotten;

impl Memory {
    /// Of releases, the latest first; those beyond the twelfth are left out.
    pub fn of(releases: impl IntoIterator<Item = Remembered>) -> Self {
        Self(releases.into_iter().take(REMEMBERED).collect())
    }

    /// Adds the release made after all of these.
    pub fn push(&mut self, release: Remembered) {
        self.0.push_front(release);
        self.0.truncate(REMEMBERED);
    }

    /// How many releases.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Nothing was shown before.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is known of a cell that counts `value` now.
    pub(crate) fn past(&self, id: &str, value: i64) -> Past {
        let shown = |release: &Remembered| release.0.get(id).copied();
        let signed = |count: Option<u64>| count.map(crate::system::signed);
        Past {
            before: self.0.front().and_then(shown).and_then(signed),
            was_hidden: self.0.iter().any(|release| shown(release) == Some(None)),
            is_known: self.0.iter().filter_map(shown).any(|count| signed(count) == Some(value)),
        }
    }
}

/// What the releases before say of one cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Past {
    /// What the release before printed.
    pub(crate) before: Option<i64>,
    /// One of them hid it.
    pub(crate) was_hidden: bool,
    /// One of them printed the very count it has now: who guesses that it has not changed knows it.
    pub(crate) is_known: bool,
}

impl Remembered {
    /// The counts printed, by cell id.
    pub fn shown(&self) -> impl Iterator<Item = (String, u64)> {
        self.0.iter().filter_map(|(id, count)| Some((id.clone(), (*count)?)))
    }

    /// One line a cell, for keeping: its id, and after a tab the number printed, if one was.
    pub fn to_text(&self) -> String {
        self.0.iter().fold(String::new(), |mut text, (id, shown)| {
            text.push_str(&id.replace(['\t', '\n'], " "));
            if let Some(count) = shown {
                text.push('\t');
                text.push_str(&count.to_string());
            }
            text.push('\n');
            text
        })
    }

    /// Reads what [`Remembered::to_text`] wrote.
    pub fn parse(text: &str) -> Result<Self, Forgotten> {
        let line = |line: &str| match line.split_once('\t') {
            None => Ok((line.to_owned(), None)),
            Some((id, count)) => count.parse().map(|count| (id.to_owned(), Some(count))).map_err(|_| Forgotten),
        };
        text.lines().map(line).collect::<Result<_, _>>().map(Self)
    }
}
