//! Groups kept together: the flow shares a group out where that is best, so each group it shares out is
//! put in one setting, or kept from it, until none is. What the flow says of a branch is the best that
//! branch can do; a branch no better than an answer in hand is left (branch and bound).

use super::flow::{Flow, Net, Ruling, Tree, Value, index};

/// Offers that may be looked at after the first answer before the bound is given instead of a proof.
pub(crate) const EFFORT: u64 = 400_000_000;

/// The best answer found.
#[derive(Debug)]
pub(crate) struct Best<'a> {
    /// Every group whole.
    pub(crate) flow: Flow<'a>,
    /// No answer leaves fewer out.
    pub(crate) unserved_at_least: u64,
    /// No answer is better at all.
    pub(crate) is_proved: bool,
}

/// A branch to be looked at: the flow above it, and the setting its group is to be kept from.
struct Branch<'a> {
    flow: Flow<'a>,
    bound: Value,
    unit: usize,
    setting: usize,
}

/// The most children served, at the least cost among the answers that serve as many.
pub(crate) fn best(net: &Net, effort: u64) -> Best<'_> {
    let mut tree = Tree::of(net);
    let root = Flow::solve(net, &mut tree);
    let allowance = root.effort.saturating_add(effort);
    let mut hunt = Hunt { tree, open: Vec::new(), found: None, spent: root.effort };
    hunt.explore(root);
    while let Some(branch) = hunt.open.pop() {
        if hunt.found.as_ref().is_some_and(|(value, _)| branch.bound >= *value) {
            continue;
        }
        if hunt.spent > allowance && hunt.found.is_some() {
            hunt.open.push(branch);
            break;
        }
        hunt.keep_from(branch);
    }
    hunt.finish(net)
}

struct Hunt<'a> {
    tree: Tree,
    open: Vec<Branch<'a>>,
    found: Option<(Value, Flow<'a>)>,
    spent: u64,
}

impl<'a> Hunt<'a> {
    /// Goes down from `flow`, putting one group after another where most of it is, until none is shared out.
    fn explore(&mut self, mut flow: Flow<'a>) {
        loop {
            let bound = flow.value();
            if self.found.as_ref().is_some_and(|(value, _)| bound >= *value) {
                return;
            }
            let Some((unit, setting)) = shared_out(&flow) else {
                self.found = Some((bound, flow));
                return;
            };
            self.open.push(Branch { flow: flow.clone(), bound, unit, setting });
            let before = flow.effort;
            let has_room = flow.rule(unit, Ruling::Only(setting), &mut self.tree);
            self.spent += flow.effort - before;
            if !has_room {
                return;
            }
        }
    }

    fn keep_from(&mut self, branch: Branch<'a>) {
        let Branch { mut flow, unit, setting, .. } = branch;
        let before = flow.effort;
        let has_room = flow.rule(unit, flow.never(unit, setting), &mut self.tree);
        self.spent += flow.effort - before;
        if has_room {
            self.explore(flow);
        }
    }

    fn finish(self, net: &'a Net) -> Best<'a> {
        let (value, flow) = self.found.unwrap_or_else(|| {
            let flow = Flow::nobody(net);
            (Value::WORST, flow)
        });
        let bound = self.open.iter().map(|branch| branch.bound).min().filter(|bound| *bound < value);
        Best {
            unserved_at_least: bound.map_or(value.unserved, |bound| bound.unserved),
            is_proved: bound.is_none(),
            flow,
        }
    }
}

/// The largest group that is neither whole in one setting nor wholly out, and where most of it is.
fn shared_out(flow: &Flow<'_>) -> Option<(usize, usize)> {
    let groups = flow.net.units.iter().enumerate().filter(|(_, unit)| unit.size > 1);
    let shared = groups.filter_map(|(at, unit)| {
        let goes = flow.whereabouts(at);
        let first = goes.first()?;
        let whole = flow.left_out(at) == 0 && goes.iter().all(|setting| setting == first);
        (!whole).then_some((unit.size, at))
    });
    let (_, unit) = shared.max_by_key(|&(size, at)| (size, std::cmp::Reverse(at)))?;
    let goes = flow.whereabouts(unit);
    let children = |setting: u32| goes.iter().filter(|&&at| at == setting).count();
    let most = goes.iter().max_by_key(|&&setting| (children(setting), std::cmp::Reverse(setting)))?;
    Some((unit, index(*most)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::strategy::ValueTree as _;

    use super::super::cost::Cost;
    use super::super::flow::{Offers, Unit};
    use super::*;

    /// The best by trying everything.
    fn by_exhaustion(net: &Net) -> Value {
        fn go(net: &Net, at: usize, left: &mut [u32], so_far: (u64, Cost), best: &mut Value) {
            let Some(unit) = net.units.get(at) else {
                *best = (*best).min(Value::of(so_far.0, so_far.1));
                return;
            };
            go(net, at + 1, left, (so_far.0 + u64::from(unit.size), so_far.1), best);
            for (cost, setting) in (0..unit.offers.len()).filter_map(|at| unit.offers.get(at)) {
                if left[setting] >= unit.size {
                    left[setting] -= unit.size;
                    go(net, at + 1, left, (so_far.0, so_far.1 + cost), best);
                    left[setting] += unit.size;
                }
            }
        }
        let mut best = Value::WORST;
        go(net, 0, &mut net.places.clone(), (0, Cost::default()), &mut best);
        best
    }

    /// Takes the cheapest offer with room, unit by unit: what the exhaustion must catch.
    fn greedy(net: &Net) -> Value {
        let mut left = net.places.clone();
        let (mut unserved, mut cost) = (0, Cost::default());
        for unit in &net.units {
            let offers = (0..unit.offers.len()).filter_map(|at| unit.offers.get(at));
            match offers.into_iter().find(|&(_, setting)| left[setting] >= unit.size) {
                Some((paid, setting)) => {
                    left[setting] -= unit.size;
                    cost += paid;
                }
                None => unserved += u64::from(unit.size),
            }
        }
        Value::of(unserved, cost)
    }

    /// Few different figures, so that ties and near-ties are common.
    fn cost() -> impl Strategy<Value = Cost> {
        (0..2_u64, 0..3_u64, 0..2_u64, 0..4_u64).prop_map(|(unmet, miles, grade, fee)| Cost {
            unmet,
            miles,
            grade,
            fee,
        })
    }

    fn unit(settings: usize) -> impl Strategy<Value = Unit> {
        let offers = prop::collection::btree_map(0..settings, cost(), 0..=settings);
        (prop_oneof![3 => Just(1_u32), 2 => 2..=3_u32], offers).prop_map(|(size, offers)| {
            let offers = offers.into_iter().map(|(setting, cost)| (cost, setting));
            let offers = if size == 1 { Offers::to_one(offers) } else { Offers::to_group(offers) };
            Unit { size, offers }
        })
    }

    fn market() -> impl Strategy<Value = (Vec<Unit>, Vec<u32>)> {
        (1..5_usize).prop_flat_map(|settings| {
            (prop::collection::vec(unit(settings), 0..7), prop::collection::vec(0..4_u32, settings))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn nothing_tried_is_better((units, places) in market()) {
            let net = Net::new(units, places);
            let found = best(&net, u64::MAX / 2);
            prop_assert!(found.is_proved && found.flow.is_proved() && shared_out(&found.flow).is_none());
            for (setting, &places) in net.places.iter().enumerate() {
                prop_assert!(found.flow.held(setting).len() <= index(places));
            }
            let value = found.flow.value();
            prop_assert_eq!(value, by_exhaustion(&net));
            prop_assert_eq!(found.unserved_at_least, value.unserved);
            // Cut short, it still answers, and with a true bound.
            let hasty = best(&net, 0);
            prop_assert!(hasty.flow.value() >= value && hasty.unserved_at_least <= value.unserved);
            prop_assert!(!hasty.is_proved || hasty.flow.value() == value);
        }
    }

    #[test]
    fn the_greedy_answer_is_caught() {
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let (mut worse_count, mut worse_cost) = (0, 0);
        for _ in 0..500 {
            let (units, places) = market().new_tree(&mut runner).unwrap().current();
            let net = Net::new(units, places);
            let (greedy, true_best) = (greedy(&net), by_exhaustion(&net));
            worse_count += u32::from(greedy.unserved > true_best.unserved);
            worse_cost += u32::from(greedy.unserved == true_best.unserved && greedy > true_best);
        }
        assert!(worse_count > 10 && worse_cost > 10, "{worse_count} {worse_cost}");
    }
}
