//! The attacker with a solver: the least and the most that each count could be, by linear programming over all tables of
//! the release at once.
//!
//! It shares nothing with the hiding or its proofs but the counts and the sums, and is given neither. Counts are taken as
//! any number, not only whole ones, so a range that is too narrow here is too narrow for every attacker; what a range that
//! is wide enough here leaves open, whole numbers, the proofs settle ([`crate::walk`]).
//!
//! Unknowns are differences from the true counts, so that the truth is where every solution starts; that is no
//! help to the attacker, whose ranges do not depend on where the origin lies. A difference beyond [`FAR`] is not
//! looked for: ranges can only come out narrower than they are.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

use crate::check::{Exposed, holds};
use crate::hide::Pattern;
use crate::policy::Policy;
use crate::system::{Knowledge, System, signed};
use crate::walk::{Ground, Moves, Proof};

/// No count is looked for farther than this from the truth.
const FAR: i64 = 4;
/// Rounds in which many cells are pushed together before each is pushed alone.
const ROUNDS: u64 = 6;
/// Solutions are exact to less than this.
const SLACK: f64 = 1e-6;

/// Beyond so many unknowns, over all who look, contributors are left to the whole-number proofs, which are the stricter
/// test, and to [`crate::audit()`], which spares nobody: a region's worth of contributors takes a solver minutes.
const MANY: usize = 20_000;

/// The cells that somebody works out: the reader, told which cells are small wherever the proofs say that this helps
/// nobody, and each contributor.
pub(crate) fn exposed(system: &System, pattern: &Pattern, policy: &Policy) -> BTreeSet<Exposed> {
    let field = Field { system, hidden: &pattern.hidden, policy };
    let worst = pattern.proofs.iter().filter(|proof| proof.view == 0 && proof.knowledge == Knowledge::TellsSmall);
    let worst: BTreeSet<usize> = worst.map(|proof| proof.cell).collect();
    let mut found = BTreeSet::new();
    let unknowns = pattern.hidden.iter().filter(|&&is| is).count();
    let lookers = if unknowns.saturating_mul(system.views.len()) > MANY { 1 } else { system.views.len() };
    for (view, looker) in system.views.iter().enumerate().take(lookers) {
        let targets = system.targets(looker, policy);
        let (told, untold): (Vec<usize>, Vec<usize>) =
            targets.into_iter().partition(|cell| view == 0 && worst.contains(cell));
        let mut cells = field.recovered(view, Knowledge::TellsSmall, &told);
        cells.extend(field.recovered(view, Knowledge::Marker, &untold));
        found.extend(cells.into_iter().map(|cell| Exposed { cell, view }));
    }
    found
}

/// Other whole counts in which `cell` lies as far above or below the truth as a solution says, where the walk found none.
/// What does not come out whole is no proof.
pub(crate) fn exhibit(ground: Ground<'_>, cell: usize) -> Option<Proof> {
    let pieces = pieces(&ground);
    let piece = pieces.get(&cell)?;
    let mut cells: Vec<usize> = pieces.iter().filter(|&(_, of)| of == piece).map(|(&cell, _)| cell).collect();
    cells.sort_unstable();
    let piece = Piece { ground, cells, ranges: &mut HashMap::new() };
    let [high, low] = [1.0, -1.0].map(|way| piece.solve(&HashMap::from([(cell, way)])).and_then(|found| whole(&found)));
    let proof = Proof {
        cell,
        view: ground.view,
        knowledge: ground.knowledge,
        low: low.unwrap_or_default(),
        high: high.unwrap_or_default(),
    };
    holds(ground.system, ground.hidden, ground.policy, &proof, ground.view).then_some(proof)
}

fn whole(found: &[(usize, f64)]) -> Option<Moves> {
    let whole = |&(cell, value): &(usize, f64)| {
        let change = (-FAR..=FAR).find(|&change| (float(change) - value).abs() < SLACK)?;
        Some((cell, change))
    };
    let moves: Option<Moves> = found.iter().map(whole).collect();
    moves.map(|moves| moves.into_iter().filter(|&(_, change)| change != 0).collect())
}

/// What the attacker is up against.
#[derive(Clone, Copy)]
pub(crate) struct Field<'a> {
    pub(crate) system: &'a System,
    pub(crate) hidden: &'a [bool],
    pub(crate) policy: &'a Policy,
}

impl Field<'_> {
    /// The cells among `targets` whose range is no wider than the protection, to that looker with that knowledge.
    pub(crate) fn recovered(&self, view: usize, knowledge: Knowledge, targets: &[usize]) -> Vec<usize> {
        let Self { system, hidden, policy } = *self;
        let ground = Ground { system, hidden, policy, knowledge, view, patience: 0 };
        let pieces = pieces(&ground);
        let mut ranges: HashMap<usize, (f64, f64)> = HashMap::new();
        let mut by_piece: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &cell in targets {
            if let Some(&piece) = pieces.get(&cell) {
                by_piece.entry(piece).or_default().push(cell);
            }
        }
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (&cell, &piece) in &pieces {
            members.entry(piece).or_default().push(cell);
        }
        for (piece, targets) in &by_piece {
            let mut cells = members.remove(piece).unwrap_or_default();
            cells.sort_unstable();
            Piece { ground, cells, ranges: &mut ranges }.attack(targets);
        }
        let need = protection(policy);
        let is_narrow = |cell: &usize| ranges.get(cell).is_none_or(|(low, high)| high - low <= need);
        targets.iter().copied().filter(is_narrow).collect()
    }
}

fn protection(policy: &Policy) -> f64 {
    float(signed(policy.protection)) + SLACK
}

/// Open cells by the piece they belong to: cells that no sum ties together, however far round, say nothing of each other.
fn pieces(ground: &Ground<'_>) -> HashMap<usize, usize> {
    let system = ground.system;
    let mut found = HashMap::new();
    for start in (0..system.counts.len()).filter(|&cell| ground.is_open(cell)) {
        let mut stack = vec![start];
        while let Some(cell) = stack.pop() {
            if found.contains_key(&cell) {
                continue;
            }
            found.insert(cell, start);
            let near = system.sums_of(cell).iter().flat_map(|&sum| system.sum(sum)).map(|&(cell, _)| cell);
            stack.extend(near.filter(|next| ground.is_open(*next) && !found.contains_key(next)));
        }
    }
    found
}

/// Cells that hang together, and the ranges seen so far.
struct Piece<'a> {
    ground: Ground<'a>,
    cells: Vec<usize>,
    ranges: &'a mut HashMap<usize, (f64, f64)>,
}

impl Piece<'_> {
    /// Pushes all targets together, up, down and at random; then one by one those whose range is still narrow.
    fn attack(&mut self, targets: &[usize]) {
        for &cell in &self.cells {
            self.ranges.entry(cell).or_insert((0.0, 0.0));
        }
        for round in 0..ROUNDS {
            let open: Vec<usize> = targets.iter().copied().filter(|&cell| self.is_narrow(cell)).collect();
            if open.is_empty() {
                return;
            }
            let push = |&cell: &usize| (cell, if goes_up(cell, round) { 1.0 } else { -1.0 });
            self.push(&open.iter().map(push).collect());
        }
        for (cell, way) in targets.iter().flat_map(|&cell| [(cell, 1.0), (cell, -1.0)]) {
            if self.is_narrow(cell) {
                self.push(&HashMap::from([(cell, way)]));
            }
        }
    }

    fn is_narrow(&self, cell: usize) -> bool {
        self.ranges.get(&cell).is_none_or(|(low, high)| high - low <= protection(self.ground.policy))
    }

    /// One linear programme; what its solution says of every cell is kept. A solver that fails shows nothing, and what
    /// was not shown to be wide counts as recovered.
    fn push(&mut self, towards: &HashMap<usize, f64>) {
        for (cell, value) in self.solve(towards).unwrap_or_default() {
            let range = self.ranges.entry(cell).or_insert((0.0, 0.0));
            *range = (range.0.min(value), range.1.max(value));
        }
    }

    /// The differences from the truth that go farthest the way the weights point.
    fn solve(&self, towards: &HashMap<usize, f64>) -> Option<Vec<(usize, f64)>> {
        let mut problem = Problem::new(OptimizationDirection::Maximize);
        let mut variables: HashMap<usize, Variable> = HashMap::new();
        for &cell in &self.cells {
            let (low, high) = self.room(cell);
            let weight = towards.get(&cell).copied().unwrap_or(0.0);
            variables.insert(cell, problem.add_var(weight, (float(low), float(high))));
        }
        let sums = self.cells.iter().flat_map(|&cell| self.ground.system.sums_of(cell));
        for sum in sums.collect::<BTreeSet<_>>() {
            let terms = self.ground.system.sum(*sum).iter();
            let open = terms.filter_map(|(cell, sign)| Some((*variables.get(cell)?, float(*sign))));
            problem.add_constraint(open.collect::<Vec<_>>(), ComparisonOp::Eq, 0.0);
        }
        let solution = problem.solve().ok()?.into_solution().ok()?;
        Some(self.cells.iter().filter_map(|cell| Some((*cell, solution.var_value(*variables.get(cell)?)))).collect())
    }

    /// How far below and above the truth the count could lie, before any sum is looked at.
    fn room(&self, cell: usize) -> (i64, i64) {
        let Ground { system, policy, knowledge, .. } = self.ground;
        let value = system.value(cell);
        let Some(looker) = self.ground.looker() else { return (0, 0) };
        let bounds = system.bounds(cell, policy, knowledge, looker);
        ((bounds.low - value).clamp(-FAR, 0), (bounds.high - value).clamp(0, FAR))
    }
}

/// Up in the first round, down in the second, then as a fixed scramble of the cell and the round says.
fn goes_up(cell: usize, round: u64) -> bool {
    match round {
        0 => true,
        1 => false,
        round => {
            let mixed = u64::try_from(cell).unwrap_or(0).wrapping_add(round << 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            (mixed >> 40) & 1 == 1
        }
    }
}

fn float(number: i64) -> f64 {
    i32::try_from(number).map_or(f64::from(i32::MAX), f64::from)
}
