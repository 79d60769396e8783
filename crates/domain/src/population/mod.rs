//! Estimates of how many children live in an area: the denominators of every rate. They come from a dated file of the
//! Office for National Statistics or of whoever estimates; what was once used is kept, since a rate says which it used.

mod group;
mod read;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::AuthorityCode;
pub use group::EthnicGroup;
pub use read::{Wrong, read};

/// Children are the ages 0 to 17.
pub const OLDEST: u8 = 17;

/// One edition of the estimates. A revised estimate is another vintage, never an edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vintage {
    /// Its name, such as `ons-mid-2024`.
    pub name: String,
    /// The day the estimates are of, such as 30 June 2024.
    pub estimated_on: Date,
    /// The estimates, in the order of authority, sex, ethnicity and age.
    pub estimates: Vec<Estimate>,
}

/// How many people of one authority, sex, ethnic group and span of ages there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Estimate {
    /// Where they live.
    pub authority: AuthorityCode,
    /// Of one sex, or of any.
    pub sex: Option<Sex>,
    /// Of one ethnic group, or of any.
    pub ethnicity: Option<EthnicGroup>,
    /// Youngest, whole years.
    pub age_from: u8,
    /// Oldest, whole years.
    pub age_to: u8,
    /// How many.
    pub people: u64,
}

/// Which sex an estimate is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Sex {
    /// Female.
    F,
    /// Male.
    M,
}

impl Sex {
    /// The letter of the 903 (`F`, `M`); `None` for any other.
    pub fn of(letter: &str) -> Option<Self> {
        match letter {
            "F" => Some(Self::F),
            "M" => Some(Self::M),
            _ => None,
        }
    }
}

impl Vintage {
    /// Children of 0 to 17 in an authority, of everybody, of one sex or of one ethnic group; `None` where the vintage does
    /// not say.
    pub fn children(&self, authority: AuthorityCode, of: Of) -> Option<u64> {
        let asked = |estimate: &&Estimate| estimate.authority == authority && of.is_of(estimate);
        let mut found = self.estimates.iter().filter(asked).peekable();
        found.peek()?;
        Some(found.map(|estimate| estimate.people).sum())
    }
}

/// Of whom a count of children is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// All of them.
    Everybody,
    /// One sex.
    Sex(Sex),
    /// One ethnic group.
    Ethnicity(EthnicGroup),
}

impl Of {
    fn is_of(self, estimate: &Estimate) -> bool {
        match self {
            Self::Everybody => estimate.sex.is_none() && estimate.ethnicity.is_none(),
            Self::Sex(sex) => estimate.sex == Some(sex),
            Self::Ethnicity(group) => estimate.ethnicity == Some(group),
        }
    }
}

/// The vintage to use on a day among those loaded, by what it must say of somebody: the one estimated last, not after the
/// day; of two of one day, the one whose name sorts last.
pub fn in_use(vintages: &[Vintage], on: Date, of: Of) -> Option<&Vintage> {
    let says = |vintage: &&Vintage| vintage.estimates.iter().any(|estimate| of.is_of(estimate));
    let ready = vintages.iter().filter(|vintage| vintage.estimated_on <= on).filter(says);
    ready.max_by(|a, b| (a.estimated_on, &a.name).cmp(&(b.estimated_on, &b.name)))
}
