//! The last look before a release leaves: believes nothing that the hiding said of itself.

use std::collections::BTreeSet;

use crate::attack;
use crate::hide::Pattern;
use crate::policy::Policy;
use crate::system::{Knowledge, System, signed};
use crate::walk::{Moves, Proof};

/// The cells that the pattern leaves exposed; empty when the release may go.
pub(crate) fn exposed(system: &System, pattern: &Pattern, policy: &Policy) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let is_hidden = |cell: usize| pattern.hidden.get(cell).copied().unwrap_or(false);
    let primary = || system.primary(policy).into_iter().enumerate().filter(|&(_, is)| is).map(|(cell, _)| cell);
    found.extend(primary().filter(|&cell| !is_hidden(cell)));
    for sum in &system.sums {
        let hidden: Vec<usize> = sum.iter().map(|&(cell, _)| cell).filter(|&cell| is_hidden(cell)).collect();
        if let [alone] = hidden.as_slice() {
            found.insert(*alone);
        }
    }
    let proved = |knowledge: Knowledge| -> BTreeSet<usize> {
        let proofs = pattern.proofs.iter().filter(|proof| proof.knowledge == knowledge);
        proofs.filter(|proof| holds(system, pattern, policy, proof)).map(|proof| proof.cell).collect()
    };
    let (worst, marker) = (proved(Knowledge::TellsSmall), proved(Knowledge::Marker));
    found.extend(primary().filter(|cell| !worst.contains(cell) && !marker.contains(cell)));
    let told = attack::recovered(system, &pattern.hidden, policy, Knowledge::TellsSmall);
    found.extend(told.into_iter().filter(|cell| !marker.contains(cell)));
    found.extend(attack::recovered(system, &pattern.hidden, policy, Knowledge::Marker));
    found
}

/// Both exhibited counts are possible, and the cell's values in them lie far enough apart.
fn holds(system: &System, pattern: &Pattern, policy: &Policy, proof: &Proof) -> bool {
    let at = |moves: &Moves| moves.get(&proof.cell).copied().unwrap_or(0);
    let possible = |moves| is_possible(system, pattern, policy, proof.knowledge, moves);
    possible(&proof.low) && possible(&proof.high) && at(&proof.high) - at(&proof.low) > signed(policy.protection)
}

/// Only hidden cells move, each within what is known of it, and every sum still holds.
fn is_possible(system: &System, pattern: &Pattern, policy: &Policy, knowledge: Knowledge, moves: &Moves) -> bool {
    let fits = |(&cell, &change): (&usize, &i64)| {
        let bounds = system.bounds(cell, policy, knowledge);
        pattern.hidden.get(cell) == Some(&true) && (bounds.low..=bounds.high).contains(&(system.value(cell) + change))
    };
    let balances = |&sum: &usize| {
        let change = |&(cell, coefficient): &(usize, i64)| coefficient * moves.get(&cell).copied().unwrap_or(0);
        system.sum(sum).iter().map(change).sum::<i64>() == 0
    };
    let touched: BTreeSet<usize> = moves.keys().flat_map(|&cell| system.sums_of(cell)).copied().collect();
    moves.iter().all(fits) && touched.iter().all(balances)
}
