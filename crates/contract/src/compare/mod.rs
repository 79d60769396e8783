//! Two versions of a contract: what changed, whether it breaks what was agreed, and why.
//!
//! *Breaking* is said for the two who rely on a contract: a sender whose file was good yesterday, and a reader of the records
//! that are kept. Records are arrays of the columns in the contract's order, so a column may be added at the end and nowhere else.

mod columns;
mod rules;
mod terms;

use std::cmp::Ordering;
use std::fmt;

use serde::Serialize;

use crate::model::Contract;

/// How much a change asks of others. Orders from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// Words for people: nothing that is sent or kept is judged otherwise.
    Words,
    /// Every file that was good is good still, and every record kept reads as before.
    Compatible,
    /// A file that was good may be refused or left out, or a record kept reads otherwise.
    Breaking,
}

impl Weight {
    /// The word in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Compatible => "compatible",
            Self::Breaking => "breaking",
        }
    }

    /// Which part of the version it raises.
    pub const fn raises(self) -> &'static str {
        match self {
            Self::Words => "patch",
            Self::Compatible => "minor",
            Self::Breaking => "major",
        }
    }
}

/// One difference between two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// How much it asks of others.
    pub weight: Weight,
    /// Where: `column urn`, `rule 903-501`, `terms`.
    pub at: String,
    /// What is otherwise.
    pub what: String,
    /// Why that breaks something, or does not.
    pub why: &'static str,
}

/// What lies between two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The dataset, as the newer one names it.
    pub dataset: String,
    /// Version of the older.
    pub from: String,
    /// Version of the newer.
    pub to: String,
    /// The differences, heaviest first.
    pub changes: Vec<Change>,
    /// The heaviest of them.
    pub weight: Option<Weight>,
    /// Whether the version says as much: major for what breaks, minor for what is added, patch for words.
    pub version_says_so: bool,
}

impl Comparison {
    /// Whether anything breaks.
    pub fn is_breaking(&self) -> bool {
        self.weight == Some(Weight::Breaking)
    }
}

impl fmt::Display for Comparison {
    /// As people read it at a terminal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {} to {}", self.dataset, self.from, self.to)?;
        for change in &self.changes {
            writeln!(f, "\n{}  {}: {}", change.weight.as_str().to_uppercase(), change.at, change.what)?;
            writeln!(f, "  {}", change.why)?;
        }
        match self.weight {
            None => writeln!(f, "\nThe two say the same.")?,
            Some(Weight::Breaking) => writeln!(f, "\nThis breaks what was agreed.")?,
            Some(Weight::Words | Weight::Compatible) => writeln!(f, "\nNothing breaks.")?,
        }
        match self.weight {
            Some(weight) if !self.version_says_so => {
                writeln!(f, "The version does not say so: raise its {} number.", weight.raises())
            }
            _ => Ok(()),
        }
    }
}

/// Compares an older version of a contract with a newer one.
pub fn compare(older: &Contract, newer: &Contract) -> Comparison {
    let mut changes = Changes::default();
    terms::compare(older, newer, &mut changes);
    columns::compare(older, newer, &mut changes);
    rules::compare(older, newer, &mut changes);
    let mut changes = changes.0;
    changes.sort_by_key(|change| std::cmp::Reverse(change.weight));
    let weight = changes.iter().map(|change| change.weight).max();
    Comparison {
        dataset: newer.name.clone(),
        from: older.version.clone(),
        to: newer.version.clone(),
        version_says_so: says_so(&older.version, &newer.version, weight),
        changes,
        weight,
    }
}

/// The numbers of a version `1.2.3`.
pub(crate) fn numbers(version: &str) -> Option<[u32; 3]> {
    let parts: Vec<u32> = version.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    parts.try_into().ok()
}

fn says_so(from: &str, to: &str, weight: Option<Weight>) -> bool {
    let (Some(from), Some(to)) = (numbers(from), numbers(to)) else { return false };
    match weight {
        None => from.cmp(&to) != Ordering::Greater,
        Some(Weight::Words) => to > from,
        Some(Weight::Compatible) => to.get(..2) > from.get(..2),
        Some(Weight::Breaking) => to.first() > from.first(),
    }
}

/// The differences found so far.
#[derive(Default)]
struct Changes(Vec<Change>);

impl Changes {
    fn say(&mut self, weight: Weight, at: impl Into<String>, what: impl Into<String>, why: &'static str) {
        self.0.push(Change { weight, at: at.into(), what: what.into(), why });
    }

    /// Says it if the words differ.
    fn words(&mut self, at: &str, what: &str, (older, newer): (&str, &str)) {
        if older != newer {
            self.say(Weight::Words, at, format!("its {what} is worded otherwise"), "Only people read it.");
        }
    }
}
