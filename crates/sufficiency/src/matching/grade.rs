//! How a home was judged, as far as it bears on the choice between two.

use std::collections::HashMap;

use hub_domain::{Date, QualityRow};

use crate::episode::is_urn;

/// The latest judgement, best first. One not judged stands between good and requires improvement:
/// nothing is held against it, and nothing speaks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Grade {
    Outstanding,
    Good,
    #[default]
    NotJudged,
    RequiresImprovement,
    Inadequate,
}

impl Grade {
    fn read(word: &str) -> Option<Self> {
        match word {
            "outstanding" => Some(Self::Outstanding),
            "good" => Some(Self::Good),
            "requires_improvement" => Some(Self::RequiresImprovement),
            "inadequate" => Some(Self::Inadequate),
            _ => None,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Outstanding => "outstanding",
            Self::Good => "good",
            Self::NotJudged => "not_judged",
            Self::RequiresImprovement => "requires_improvement",
            Self::Inadequate => "inadequate",
        }
    }

    /// What it adds to the cost of an offer.
    pub(crate) fn rank(self) -> u64 {
        match self {
            Self::Outstanding => 0,
            Self::Good => 1,
            Self::NotJudged => 2,
            Self::RequiresImprovement => 3,
            Self::Inadequate => 4,
        }
    }
}

/// The latest judgement of each URN, as visits stream past; of several on one day, the worst.
#[derive(Default)]
pub(crate) struct Grades(HashMap<String, (Date, Grade)>);

impl Grades {
    /// Takes one visit of any member; those yet to happen count nowhere.
    pub(crate) fn add(&mut self, row: &QualityRow, as_at: Date) {
        let Some(grade) = row.overall.as_deref().and_then(Grade::read) else { return };
        if row.kind != "visit" || row.occurred_on > as_at || !is_urn(&row.urn) {
            return;
        }
        let heard = (row.occurred_on, grade);
        let latest = self.0.entry(row.urn.trim().to_owned()).or_insert(heard);
        *latest = heard.max(*latest);
    }

    pub(crate) fn of(&self, urn: &str) -> Grade {
        self.0.get(urn.trim()).map_or(Grade::NotJudged, |&(_, grade)| grade)
    }
}
