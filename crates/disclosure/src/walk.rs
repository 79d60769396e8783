//! Looks for other counts that would look the same.
//!
//! A hidden cell is protected when there are other whole, possible counts — equal to the true ones in
//! everything shown, and within what is known of the hidden — in which it has a different value. Such
//! counts are *exhibited*, not estimated: start from the truth, move the cell by one, and repair each
//! sum that no longer holds by moving another hidden cell in it, until all hold again. What is found
//! proves protection against any attacker with that knowledge; what is not found is not claimed.

use std::collections::{BTreeMap, BTreeSet};

use crate::policy::Policy;
use crate::system::{Knowledge, System, signed};

/// Differences from the true counts, by cell.
pub(crate) type Moves = BTreeMap<usize, i64>;

/// Two possible sets of counts in which a cell's values lie far enough apart.
pub(crate) struct Proof {
    pub(crate) cell: usize,
    /// Against an attacker who knows this much.
    pub(crate) knowledge: Knowledge,
    pub(crate) low: Moves,
    pub(crate) high: Moves,
}

/// Most cells moved by one step, tried in this order.
const REACH: [usize; 5] = [4, 6, 9, 14, 22];
/// Most repairs tried at each reach before giving up.
const PATIENCE: u32 = 1_500;

/// Where a walk may go: the counts, those hidden, and what is known of them.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) system: &'a System,
    pub(crate) hidden: &'a [bool],
    pub(crate) policy: &'a Policy,
    pub(crate) knowledge: Knowledge,
}

/// Proves that `cell` is protected, or gives up.
pub(crate) fn prove(ground: Ground<'_>, cell: usize) -> Option<Proof> {
    let need = signed(ground.policy.protection).saturating_add(1);
    let mut walk = Walk::new(ground);
    let high = walk.go(cell, 1, need);
    let up = high.get(&cell).copied().unwrap_or(0);
    let low = walk.go(cell, -1, need - up);
    let down = low.get(&cell).copied().unwrap_or(0);
    (up - down >= need).then_some(Proof { cell, knowledge: ground.knowledge, low, high })
}

struct Walk<'a> {
    ground: Ground<'a>,
    /// Where the walk stands.
    moves: Moves,
    /// Cells moved in the step under way.
    moved: BTreeSet<usize>,
    /// Sums that do not hold, and by how much.
    broken: BTreeMap<usize, i64>,
    patience: u32,
}

impl<'a> Walk<'a> {
    fn new(ground: Ground<'a>) -> Self {
        Self { ground, moves: Moves::new(), moved: BTreeSet::new(), broken: BTreeMap::new(), patience: 0 }
    }

    /// From the truth, as many steps of `direction` as can be made, up to `most`.
    fn go(&mut self, cell: usize, direction: i64, most: i64) -> Moves {
        self.moves.clear();
        for _ in 0..most {
            if !self.step(cell, direction) {
                break;
            }
        }
        std::mem::take(&mut self.moves)
    }

    fn step(&mut self, cell: usize, direction: i64) -> bool {
        self.moved.clear();
        if !self.has_room(cell, direction) {
            return false;
        }
        self.shift(cell, direction);
        for reach in REACH {
            self.patience = PATIENCE;
            if self.settle(reach) {
                return true;
            }
        }
        self.shift_back(cell, direction);
        false
    }

    /// Repairs every broken sum with at most `left` more moves; leaves no trace when it cannot.
    fn settle(&mut self, left: usize) -> bool {
        let Some((&sum, &excess)) = self.broken.first_key_value() else { return true };
        if left == 0 || self.patience == 0 {
            return false;
        }
        self.patience -= 1;
        for (cell, direction) in self.repairs(sum, excess) {
            self.shift(cell, direction);
            if self.settle(left - 1) {
                return true;
            }
            self.shift_back(cell, direction);
        }
        false
    }

    /// Moves that bring `sum` nearer to holding; those that break least elsewhere first.
    fn repairs(&self, sum: usize, excess: i64) -> Vec<(usize, i64)> {
        let mut found: Vec<(i64, usize, i64)> = Vec::new();
        for &(cell, coefficient) in self.ground.system.sum(sum) {
            let direction = -excess.signum() * coefficient;
            if self.is_hidden(cell) && !self.moved.contains(&cell) && self.has_room(cell, direction) {
                found.push((self.harm(cell, direction), cell, direction));
            }
        }
        found.sort_unstable();
        found.into_iter().map(|(_, cell, direction)| (cell, direction)).collect()
    }

    /// By how much the sums of `cell` hold less well after the move.
    fn harm(&self, cell: usize, direction: i64) -> i64 {
        let change = |&sum: &usize| {
            let before = self.broken.get(&sum).copied().unwrap_or(0);
            (before + direction * self.coefficient(sum, cell)).abs() - before.abs()
        };
        self.ground.system.sums_of(cell).iter().map(change).sum()
    }

    fn shift(&mut self, cell: usize, direction: i64) {
        self.apply(cell, direction);
        self.moved.insert(cell);
    }

    fn shift_back(&mut self, cell: usize, direction: i64) {
        self.apply(cell, -direction);
        self.moved.remove(&cell);
    }

    fn apply(&mut self, cell: usize, change: i64) {
        add(&mut self.moves, cell, change);
        for &sum in self.ground.system.sums_of(cell) {
            let coefficient = self.coefficient(sum, cell);
            add(&mut self.broken, sum, change * coefficient);
        }
    }

    fn has_room(&self, cell: usize, direction: i64) -> bool {
        let bounds = self.ground.system.bounds(cell, self.ground.policy, self.ground.knowledge);
        let there = self.ground.system.value(cell) + self.moves.get(&cell).copied().unwrap_or(0) + direction;
        (bounds.low..=bounds.high).contains(&there)
    }

    fn is_hidden(&self, cell: usize) -> bool {
        self.ground.hidden.get(cell).copied().unwrap_or(false)
    }

    /// Parts come sorted before the total, which comes last.
    fn coefficient(&self, sum: usize, cell: usize) -> i64 {
        match self.ground.system.sum(sum).last() {
            Some(&(total, coefficient)) if total == cell => coefficient,
            _ => 1,
        }
    }
}

fn add(map: &mut BTreeMap<usize, i64>, key: usize, change: i64) {
    let now = map.get(&key).copied().unwrap_or(0) + change;
    if now == 0 {
        map.remove(&key);
    } else {
        map.insert(key, now);
    }
}
