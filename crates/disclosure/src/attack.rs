//! The gate's attacker: works from what is shown, and what anybody knows of the rules, alone.
//!
//! Interval propagation: each sum bounds each of its hidden cells by the bounds of the others, over
//! and over until nothing narrows. It sees what a patient reader with a spreadsheet sees.

use crate::policy::Policy;
use crate::system::{Bounds, Knowledge, System, UNBOUNDED, View, signed};

/// Passes over all sums after which the attacker tires; each pass only narrows.
const PASSES: usize = 64;

/// The range of every cell as the reader who contributes nothing sees it: a point where shown.
pub(crate) fn ranges(system: &System, hidden: &[bool], policy: &Policy, knowledge: Knowledge) -> Vec<Bounds> {
    let reader = View::default();
    let mut known: Vec<Bounds> = (0..system.counts.len())
        .map(|cell| match hidden.get(cell) {
            Some(true) if !system.is_known(cell, &reader) => system.bounds(cell, policy, knowledge, &reader),
            _ => Bounds { low: system.value(cell), high: system.value(cell) },
        })
        .collect();
    for _ in 0..PASSES {
        let narrowed = system.sums.iter().filter(|sum| narrow(sum, &mut known)).count();
        if narrowed == 0 {
            break;
        }
    }
    known
}

/// The cells to be kept from the reader whose range is too narrow.
pub(crate) fn recovered(system: &System, hidden: &[bool], policy: &Policy, knowledge: Knowledge) -> Vec<usize> {
    let known = ranges(system, hidden, policy, knowledge);
    let narrow =
        |cell: &usize| known.get(*cell).is_some_and(|range| range.high - range.low <= signed(policy.protection));
    system.targets(&View::default(), policy).into_iter().filter(narrow).collect()
}

/// Narrows each cell of one sum; says whether any narrowed.
fn narrow(sum: &[(usize, i64)], known: &mut [Bounds]) -> bool {
    let mut changed = false;
    for &(cell, coefficient) in sum {
        let Some(mine) = known.get(cell).copied() else { continue };
        if mine.low == mine.high {
            continue;
        }
        let others = sum.iter().filter(|&&(other, _)| other != cell);
        let (low, high) = others.fold((0_i128, 0_i128), |(low, high), &(other, sign)| {
            let theirs = known.get(other).copied().unwrap_or(Bounds { low: 0, high: UNBOUNDED });
            let (a, b) = (i128::from(theirs.low * sign), i128::from(theirs.high * sign));
            (low + a.min(b), high + a.max(b))
        });
        // coefficient x cell = -others
        let (low, high) = if coefficient > 0 { (-high, -low) } else { (low, high) };
        let next = Bounds { low: mine.low.max(clamp(low)), high: mine.high.min(clamp(high)) };
        changed |= next != mine;
        if let Some(slot) = known.get_mut(cell) {
            *slot = next;
        }
    }
    changed
}

fn clamp(value: i128) -> i64 {
    let limit = i128::from(UNBOUNDED);
    i64::try_from(value.clamp(-limit, limit)).unwrap_or(UNBOUNDED)
}
