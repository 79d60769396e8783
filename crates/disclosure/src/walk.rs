//! Looks for other counts that would look the same.
//!
//! A hidden cell is protected when there are other whole, possible counts — equal to the true ones in
//! everything shown, and within what is known of the hidden — in which it has a different value. Such
//! counts are *exhibited*, not estimated: start from the truth, move the cell by one, and repair each
//! sum that no longer holds by moving another hidden cell in it, until all hold again. What is found
//! proves protection against any attacker with that knowledge; what is not found is not claimed.

use std::collections::BTreeMap;

use crate::policy::Policy;
use crate::system::{Knowledge, System, View, signed};

/// Differences from the true counts, by cell.
pub(crate) type Moves = BTreeMap<usize, i64>;

/// Two possible sets of counts in which a cell's values lie far enough apart.
pub(crate) struct Proof {
    pub(crate) cell: usize,
    /// Against which of the system's views.
    pub(crate) view: usize,
    /// Against an attacker who knows this much.
    pub(crate) knowledge: Knowledge,
    pub(crate) low: Moves,
    pub(crate) high: Moves,
}

/// How a step is looked for, cheapest manner first.
const MANNERS: [Manner; 4] = [
    Manner { choices: 3, together: false, far: 1 },
    Manner { choices: 30, together: true, far: 1 },
    Manner { choices: 8, together: false, far: 1 },
    Manner { choices: 30, together: false, far: 3 },
];

/// What moves one step may be made of.
#[derive(Clone, Copy)]
struct Manner {
    /// Most choices made; moves that follow of themselves are free.
    choices: usize,
    /// All cells move the same way, as when one person more is counted.
    together: bool,
    /// How far any one cell may move.
    far: i64,
}

/// Most moves tried in one manner before giving up, where more cells can still be hidden.
pub(crate) const PATIENCE: u32 = 600;
/// Repairs of one sum worth trying.
const BREADTH: usize = 8;

/// Where a walk may go: the counts, those hidden, and what is known of them.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) system: &'a System,
    pub(crate) hidden: &'a [bool],
    pub(crate) policy: &'a Policy,
    pub(crate) knowledge: Knowledge,
    /// Who looks, by its place among the system's views.
    pub(crate) view: usize,
    /// Most moves tried in one manner before giving up.
    pub(crate) patience: u32,
}

impl Ground<'_> {
    /// Who looks.
    pub(crate) fn looker(&self) -> Option<&View> {
        self.system.views.get(self.view)
    }

    /// The cell is hidden, and the looker does not know it all the same.
    pub(crate) fn is_open(&self, cell: usize) -> bool {
        self.hidden.get(cell).copied().unwrap_or(false)
            && self.looker().is_some_and(|looker| !self.system.is_known(cell, looker))
    }

    /// Whether the cell could hold `value`, before any sum is looked at.
    pub(crate) fn may_be(&self, cell: usize, value: i64) -> bool {
        self.looker().is_some_and(|looker| {
            let bounds = self.system.bounds(cell, self.policy, self.knowledge, looker);
            (bounds.low..=bounds.high).contains(&value)
        })
    }
}

/// Proves that `cell` is protected, or gives up.
pub(crate) fn prove(ground: Ground<'_>, cell: usize) -> Option<Proof> {
    let need = signed(ground.policy.protection).saturating_add(1);
    let mut walk = Walk::new(ground);
    let high = walk.go(cell, 1, need);
    let up = high.get(&cell).copied().unwrap_or(0);
    let low = walk.go(cell, -1, need - up);
    let down = low.get(&cell).copied().unwrap_or(0);
    (up - down >= need).then_some(Proof { cell, view: ground.view, knowledge: ground.knowledge, low, high })
}

struct Walk<'a> {
    ground: Ground<'a>,
    /// Where the walk stands.
    moves: Moves,
    /// How far cells have moved in the step under way; none turns back.
    moved: Moves,
    /// Sums that do not hold, and by how much.
    broken: BTreeMap<usize, i64>,
    /// The only direction cells may move in, if there is but one.
    only: Option<i64>,
    /// How far any one cell may move in this step.
    far: i64,
    patience: u32,
}

impl<'a> Walk<'a> {
    fn new(ground: Ground<'a>) -> Self {
        Self {
            ground,
            moves: Moves::new(),
            moved: Moves::new(),
            broken: BTreeMap::new(),
            only: None,
            far: 1,
            patience: 0,
        }
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
        if !self.ground.is_open(cell) || !self.has_room(cell, direction) {
            return false;
        }
        self.shift(cell, direction);
        for manner in MANNERS {
            self.patience = self.ground.patience;
            self.only = manner.together.then_some(direction);
            self.far = manner.far;
            if self.settle(manner.choices) {
                return true;
            }
        }
        self.shift_back(cell, direction);
        false
    }

    /// Repairs every broken sum with at most `left` choices; leaves no trace when it cannot.
    fn settle(&mut self, left: usize) -> bool {
        let mut forced = Vec::new();
        let settled = loop {
            let Some((sum, excess, ways)) = self.tightest() else { break true };
            if ways == 0 || self.patience == 0 {
                break false;
            }
            let repairs = self.repairs(sum, excess);
            if let [(cell, direction)] = *repairs {
                self.shift(cell, direction);
                forced.push((cell, direction));
            } else {
                break left > 0 && repairs.into_iter().take(BREADTH).any(|repair| self.choose(repair, left - 1));
            }
        };
        if !settled {
            forced.into_iter().rev().for_each(|(cell, direction)| self.shift_back(cell, direction));
        }
        settled
    }

    fn choose(&mut self, (cell, direction): (usize, i64), left: usize) -> bool {
        self.shift(cell, direction);
        let settled = self.settle(left);
        if !settled {
            self.shift_back(cell, direction);
        }
        settled
    }

    /// The broken sum with the fewest ways to repair it: which, by how much it is out, how many ways.
    fn tightest(&self) -> Option<(usize, i64, usize)> {
        let mut best: Option<(usize, i64, usize)> = None;
        for (&sum, &excess) in &self.broken {
            let ways = self.ways(sum, excess).count();
            if best.is_none_or(|(.., fewest)| ways < fewest) {
                best = Some((sum, excess, ways));
            }
            if ways < 2 {
                break;
            }
        }
        best
    }

    /// Moves that bring `sum` nearer to holding.
    fn ways(&self, sum: usize, excess: i64) -> impl Iterator<Item = (usize, i64)> {
        let way = move |&(cell, coefficient): &(usize, i64)| (cell, -excess.signum() * coefficient);
        let open = |&(cell, direction): &(usize, i64)| {
            self.only.is_none_or(|only| only == direction)
                && self.ground.is_open(cell)
                && self.may_move(cell, direction)
                && self.has_room(cell, direction)
        };
        self.ground.system.sum(sum).iter().map(way).filter(open)
    }

    /// The same, those that break least elsewhere first.
    fn repairs(&self, sum: usize, excess: i64) -> Vec<(usize, i64)> {
        let mut found: Vec<_> =
            self.ways(sum, excess).map(|(cell, direction)| (self.harm(cell, direction), cell, direction)).collect();
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
        self.patience = self.patience.saturating_sub(1);
        self.apply(cell, direction);
        add(&mut self.moved, cell, direction);
    }

    fn shift_back(&mut self, cell: usize, direction: i64) {
        self.apply(cell, -direction);
        add(&mut self.moved, cell, -direction);
    }

    fn apply(&mut self, cell: usize, change: i64) {
        add(&mut self.moves, cell, change);
        for &sum in self.ground.system.sums_of(cell) {
            let coefficient = self.coefficient(sum, cell);
            add(&mut self.broken, sum, change * coefficient);
        }
    }

    fn may_move(&self, cell: usize, direction: i64) -> bool {
        let moved = self.moved.get(&cell).copied().unwrap_or(0) * direction;
        (0..self.far).contains(&moved)
    }

    fn has_room(&self, cell: usize, direction: i64) -> bool {
        let moved = self.moves.get(&cell).copied().unwrap_or(0);
        self.ground.may_be(cell, self.ground.system.value(cell) + moved + direction)
    }

    /// Parts come before the total and what stands with it.
    fn coefficient(&self, sum: usize, cell: usize) -> i64 {
        let totals = self.ground.system.sum(sum).iter().rev().take_while(|&&(_, coefficient)| coefficient < 0);
        totals.into_iter().find(|&&(total, _)| total == cell).map_or(1, |&(_, coefficient)| coefficient)
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
