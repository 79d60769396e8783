//! What becomes of each count and cost, and of what is made of them.

use std::collections::{BTreeSet, HashMap};

use crate::costs::{Cost, Costs};
use crate::gate::Shown;
use crate::hide::Pattern;
use crate::known::{Printed, Remembered};
use crate::policy::Policy;
use crate::system::{System, signed};
use crate::table::{Cell, Row};

/// What becomes of a count or a cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Printed as it is.
    Shown(u64),
    /// Printed as the release before had it.
    Held(u64),
    /// The marker, to keep this cell or one beside it.
    Hidden,
    /// The marker, for no other reason than that releases before had it there.
    Carried,
}

/// The fates of a release, by cell id.
pub(crate) struct Fates<'a>(HashMap<&'a str, Fate>);

impl<'a> Fates<'a> {
    /// Those of the counts.
    pub(crate) fn of_counts(system: &'a System, pattern: &Pattern) -> Self {
        let fate =
            |(cell, count): (usize, &'a crate::system::Count)| (count.id.as_str(), of_count(system, pattern, cell));
        Self(system.counts.iter().enumerate().map(fate).collect())
    }

    /// The costs that are not to be printed anew, whatever sums of costs say: thin ones, those that an earlier release hid, and
    /// those whose count is not shown, or has not moved since they were printed.
    pub(crate) fn withheld(&self, costs: &Costs, system: &System, policy: &Policy) -> Vec<bool> {
        let anew = |cost: &Cost| matches!(self.of_cost(cost, false, system, policy), Fate::Shown(_));
        costs.cells.iter().map(|cost| !anew(cost)).collect()
    }

    /// Adds those of the costs.
    pub(crate) fn take_costs(&mut self, costs: &'a Costs, hidden: &[bool], (system, policy): (&System, &Policy)) {
        let withheld = self.withheld(costs, system, policy);
        for ((cost, hidden), withheld) in costs.cells.iter().zip(hidden).zip(withheld) {
            let fate = self.of_cost(cost, *hidden && !withheld, system, policy);
            self.0.insert(&cost.id, fate);
        }
    }

    /// A cost is told anew only when the count it is of is: of the same people but one, or of all but one the same, it would
    /// say what that one costs.
    fn of_cost(&self, cost: &Cost, is_beside: bool, system: &System, policy: &Policy) -> Fate {
        let held = || cost.past.before.map_or(Fate::Hidden, |before| Fate::Held(u64::try_from(before).unwrap_or(0)));
        if cost.is_thin || is_beside {
            return Fate::Hidden;
        }
        match self.0.get(cost.of.as_str()) {
            Some(Fate::Shown(count)) if *count >= policy.threshold => {
                let has_moved = system.find(&cost.of).is_some_and(|of| !of.past.is_known);
                match cost.past.before {
                    _ if cost.past.was_hidden => Fate::Carried,
                    Some(before) if before != signed(cost.value) && !has_moved => held(),
                    _ => Fate::Shown(cost.value),
                }
            }
            Some(Fate::Held(_)) => held(),
            _ => Fate::Hidden,
        }
    }

    /// What a reader sees in a cell. A cell that the gate did not judge is not shown.
    pub(crate) fn show(&self, cell: Cell, policy: &Policy) -> Shown {
        match cell {
            Cell::Count { id, .. } => match self.0.get(id.as_str()) {
                Some(Fate::Shown(count)) => Shown::Count(policy.rounded(*count)),
                Some(Fate::Held(count)) => Shown::Held(policy.rounded(*count)),
                Some(Fate::Hidden | Fate::Carried) | None => Shown::Hidden,
            },
            Cell::Typical { value, of, people } => {
                let enough = people.is_none_or(|people| people >= policy.threshold);
                if enough && self.may_be_made_of(&of, policy) { Shown::Figure(value) } else { Shown::Hidden }
            }
            Cell::Cost { id, .. } => match self.0.get(id.as_str()) {
                Some(Fate::Shown(cost)) => Shown::Figure(i64::try_from(*cost).unwrap_or(i64::MAX)),
                Some(Fate::Held(cost)) => Shown::Held(*cost),
                Some(Fate::Hidden | Fate::Carried) | None => Shown::Hidden,
            },
            Cell::Figure(number) => Shown::Figure(number),
            Cell::Text(text) => Shown::Text(text),
            Cell::Blank => Shown::Blank,
        }
    }

    /// Every count that a figure is made of is shown, and the first reaches the threshold.
    fn may_be_made_of(&self, of: &[String], policy: &Policy) -> bool {
        let shown =
            |id: &String| if let Some(Fate::Shown(count)) = self.0.get(id.as_str()) { Some(*count) } else { None };
        let first = of.first().and_then(shown);
        first.is_some_and(|count| count >= policy.threshold) && of.iter().all(|id| shown(id).is_some())
    }

    /// What later releases must know of this one.
    pub(crate) fn remembered(&self) -> Remembered {
        let printed = |fate: &Fate| match fate {
            Fate::Shown(count) | Fate::Held(count) => Printed::Count(*count),
            Fate::Hidden => Printed::Hidden,
            Fate::Carried => Printed::Carried,
        };
        let cells = self.0.iter().map(|(id, fate)| ((*id).to_owned(), printed(fate))).collect();
        Remembered { cells, rows: BTreeSet::new() }
    }

    /// Something of the row is hidden that must be kept up.
    pub(crate) fn hides(&self, row: &Row) -> bool {
        let is_hidden =
            |cell: &Cell| if let Cell::Count { id, .. } = cell { self.get(id) == Some(Fate::Hidden) } else { false };
        row.cells.iter().any(is_hidden)
    }

    /// The fate of that cell.
    pub(crate) fn get(&self, id: &str) -> Option<Fate> {
        self.0.get(id).copied()
    }
}

/// A count that may not be told is held where the release before printed a count and it is no small one now.
fn of_count(system: &System, pattern: &Pattern, cell: usize) -> Fate {
    let unsigned = |count: i64| u64::try_from(count).unwrap_or(0);
    let is = |flags: &[bool]| flags.get(cell).copied().unwrap_or(true);
    if !is(&pattern.hidden) {
        return Fate::Shown(unsigned(system.value(cell)));
    }
    match system.counts.get(cell).and_then(|count| count.past.before) {
        Some(before) if !is(&pattern.primary) => Fate::Held(unsigned(before)),
        _ if is(&pattern.needed) => Fate::Hidden,
        _ => Fate::Carried,
    }
}
