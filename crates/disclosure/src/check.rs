//! The last look before a release leaves: believes nothing that the hiding said of itself.

use std::collections::{BTreeSet, HashMap};

use crate::attack;
use crate::hide::Pattern;
use crate::policy::Policy;
use crate::system::{Knowledge, System, signed};
use crate::walk::{Ground, Moves, Proof};

/// A cell that somebody can work out, or that could not be shown to be safe from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Exposed {
    pub(crate) cell: usize,
    /// By whom, as a place among the system's views.
    pub(crate) view: usize,
}

/// The cells that the pattern leaves exposed; empty when the release may go.
pub(crate) fn exposed(system: &System, pattern: &Pattern, policy: &Policy) -> BTreeSet<Exposed> {
    let mut found = shown_though_withheld(system, pattern, policy);
    let by_cell = proofs_by_cell(pattern);
    for (view, looker) in system.views.iter().enumerate() {
        let targets = system.targets(looker, policy);
        let proved = |cell: usize| {
            let proofs = by_cell.get(&cell).map_or(&[][..], Vec::as_slice);
            proofs.iter().any(|proof| holds(system, &pattern.hidden, policy, proof, view))
        };
        found.extend(targets.into_iter().filter(|&cell| !proved(cell)).map(|cell| Exposed { cell, view }));
    }
    found.extend(worked_out(system, pattern, policy).into_iter().map(|cell| Exposed { cell, view: 0 }));
    found
}

/// Cells that must not be shown and are.
fn shown_though_withheld(system: &System, pattern: &Pattern, policy: &Policy) -> BTreeSet<Exposed> {
    let withheld = system.withheld(policy).into_iter().zip(&pattern.hidden).enumerate();
    withheld.filter(|&(_, (is, &hidden))| is && !hidden).map(|(cell, _)| Exposed { cell, view: 0 }).collect()
}

fn proofs_by_cell(pattern: &Pattern) -> HashMap<usize, Vec<&Proof>> {
    let mut by_cell: HashMap<usize, Vec<&Proof>> = HashMap::new();
    for proof in &pattern.proofs {
        by_cell.entry(proof.cell).or_default().push(proof);
    }
    by_cell
}

/// What the reader with a spreadsheet works out, knowing as little as each proof allows.
fn worked_out(system: &System, pattern: &Pattern, policy: &Policy) -> BTreeSet<usize> {
    let mut found: BTreeSet<usize> =
        attack::recovered(system, &pattern.hidden, policy, Knowledge::TellsSmall).into_iter().collect();
    let spared = pattern.proofs.iter().filter(|proof| proof.view == 0 && proof.knowledge == Knowledge::Marker);
    spared.for_each(|proof| _ = found.remove(&proof.cell));
    found.extend(attack::recovered(system, &pattern.hidden, policy, Knowledge::Marker));
    found
}

/// Both exhibited counts are possible to that looker, and the cell's values in them lie far enough apart.
pub(crate) fn holds(system: &System, hidden: &[bool], policy: &Policy, proof: &Proof, view: usize) -> bool {
    let knowledge = if view == 0 { proof.knowledge } else { Knowledge::Marker };
    let ground = Ground { system, hidden, policy, knowledge, view, patience: 0 };
    let at = |moves: &Moves| moves.get(&proof.cell).copied().unwrap_or(0);
    let apart = at(&proof.high) - at(&proof.low) > signed(policy.protection);
    apart && is_possible(&ground, &proof.low) && is_possible(&ground, &proof.high)
}

/// Only open cells move, each within what is known of it, and every sum still holds.
fn is_possible(ground: &Ground<'_>, moves: &Moves) -> bool {
    let system = ground.system;
    let fits = |(&cell, &change): (&usize, &i64)| {
        ground.is_open(cell) && ground.may_be(cell, system.value(cell).saturating_add(change))
    };
    let balances = |&sum: &usize| {
        let change = |&(cell, coefficient): &(usize, i64)| coefficient * moves.get(&cell).copied().unwrap_or(0);
        system.sum(sum).iter().map(change).sum::<i64>() == 0
    };
    let touched: BTreeSet<usize> = moves.keys().flat_map(|&cell| system.sums_of(cell)).copied().collect();
    moves.iter().all(fits) && touched.iter().all(balances)
}
