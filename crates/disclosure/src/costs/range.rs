//! How much dearer or cheaper a hidden cost could be, by linear programming over all sums of costs.

use std::collections::HashMap;

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

use super::{Costs, Told};
use crate::policy::Policy;

/// The largest cost, in the programme's units: money in pence is too large for a solver's tolerances.
const LARGEST: f64 = 1_000.0;
/// No cost is looked for farther than so many times the largest from the truth: ranges can only come out narrower.
const FAR: f64 = 10.0 * LARGEST;
/// Solutions are exact to less than this.
const SLACK: f64 = 1e-6;

impl Costs {
    /// Whether the looker can tell what others pay of that cost to within the percentage: it could not be so much dearer, or
    /// not so much cheaper, and everything printed stay as it is. Costs are any number from the looker's own part upwards.
    pub(super) fn can_tell(&self, Told { cell, looker }: Told, hidden: &[bool], policy: &Policy) -> bool {
        let Some(cost) = self.cells.get(cell) else { return true };
        let others = self.scaled(cost.stake.total().saturating_sub(self.own(cost, looker)));
        let need = others * share(policy) - SLACK;
        [1.0, -1.0].into_iter().any(|way| self.reach((cell, way), looker, hidden).is_none_or(|far| far < need))
    }

    /// How far that way the cost can move. A solver that fails shows nothing, and then the cost counts as told.
    fn reach(&self, (cell, way): (usize, f64), looker: usize, hidden: &[bool]) -> Option<f64> {
        let mut problem = Problem::new(OptimizationDirection::Maximize);
        let mut variables: HashMap<usize, Variable> = HashMap::new();
        let open = self.cells.iter().enumerate().filter(|(cell, _)| hidden.get(*cell).copied().unwrap_or(false));
        for (at, cost) in open {
            let others = self.scaled(cost.stake.total().saturating_sub(self.own(cost, looker)));
            let weight = if at == cell { way } else { 0.0 };
            variables.insert(at, problem.add_var(weight, (-others, FAR)));
        }
        let target = *variables.get(&cell)?;
        for sum in &self.sums {
            let open =
                sum.iter().filter_map(|(cell, sign)| Some((*variables.get(cell)?, if *sign > 0 { 1.0 } else { -1.0 })));
            let open: Vec<(Variable, f64)> = open.collect();
            if !open.is_empty() {
                problem.add_constraint(open, ComparisonOp::Eq, 0.0);
            }
        }
        let solution = problem.solve().ok()?.into_solution().ok()?;
        Some(solution.var_value(target) * way)
    }

    /// In the programme's units.
    fn scaled(&self, amount: u64) -> f64 {
        let largest = self.cells.iter().map(|cost| cost.stake.total()).max().unwrap_or(0).max(1);
        // Thousandths of a millionth of the largest, a whole number that a float holds exactly.
        let parts = u128::from(amount) * 1_000_000_000 / u128::from(largest);
        u32::try_from(parts).map_or(LARGEST, |parts| f64::from(parts) * LARGEST / 1e9)
    }
}

/// The policy's percentage.
fn share(policy: &Policy) -> f64 {
    u32::try_from(policy.costs.percent).map_or(1.0, f64::from) / 100.0
}
