//! Groups kept together: the flow shares a group out where that is best, so each group it shares out is
//! put in one setting, or kept from it, until none is. What the flow says of a branch is the best that
//! branch can do; a branch no better than an answer in hand is left (branch and bound).
//!
//! Before branching the market is cut to what can still matter ([`super::piece`]): far groups then cost
//! the sum of their branches, not the product.

use super::flow::{Flow, Net, Ruling, Tree, Value, index};
use super::piece::{Piece, pieces};

/// The best answer found.
#[derive(Debug)]
pub(crate) struct Best {
    /// Where each unit lives, whole; `None` where it is left out.
    pub(crate) goes: Vec<Option<usize>>,
    /// Children left out.
    pub(crate) unserved: u64,
    /// No answer leaves fewer out.
    pub(crate) unserved_at_least: u64,
    /// No answer is better at all.
    pub(crate) is_proved: bool,
}

/// The most children served, at the least cost among the answers that serve as many.
pub(crate) fn best(net: &Net, effort: u64) -> Best {
    solve(net, &mut { effort })
}

/// Settles a market or a piece of one, and takes what that cost from `effort`.
fn solve(net: &Net, effort: &mut u64) -> Best {
    let mut tree = Tree::of(net);
    let root = Flow::solve(net, &mut tree);
    let is_proved = root.is_proved();
    if shared_out(&root).is_none() {
        return Best { is_proved, ..Best::of(&root) };
    }
    let dived = dive(root.clone(), &mut tree);
    let parts = pieces(&root, root.value(), dived.value());
    let mut whole = Best { is_proved, unserved: 0, unserved_at_least: 0, goes: Best::of(&root).goes };
    let mut outside: u64 = (0..net.units.len()).map(|unit| u64::from(root.left_out(unit))).sum();
    for (piece, yet) in parts.iter().zip((1..=parts.len()).rev()) {
        outside -= piece.units.iter().map(|&unit| u64::from(root.left_out(unit))).sum::<u64>();
        // An equal part of what is left for each piece, so that one that is hard starves no other.
        let share = *effort / u64::try_from(yet).unwrap_or(1);
        let mut left = share;
        let found = if piece.is_most_of(net) { settle(&piece.net, &mut left) } else { solve(&piece.net, &mut left) };
        whole.take(piece, &found);
        *effort = effort.saturating_sub(share - left);
    }
    whole.unserved += outside;
    whole.unserved_at_least += outside;
    whole
}

/// Settles a market by branching on the whole of it.
fn settle(net: &Net, effort: &mut u64) -> Best {
    let mut tree = Tree::of(net);
    let root = Flow::solve(net, &mut tree);
    let dived = dive(root.clone(), &mut tree);
    hunt(root, dived, tree, effort)
}

impl Best {
    fn of(flow: &Flow<'_>) -> Self {
        let units = 0..flow.net.units.len();
        let goes = units.map(|unit| flow.whereabouts(unit).first().map(|&setting| index(setting))).collect();
        let unserved = flow.value().unserved;
        Self { goes, unserved, unserved_at_least: unserved, is_proved: true }
    }

    /// Takes over what was found for a piece.
    fn take(&mut self, piece: &Piece, found: &Self) {
        for (&unit, goes) in piece.units.iter().zip(&found.goes) {
            if let Some(slot) = self.goes.get_mut(unit) {
                *slot = goes.and_then(|setting| piece.settings.get(setting).copied());
            }
        }
        self.unserved += found.unserved;
        self.unserved_at_least += found.unserved_at_least;
        self.is_proved &= found.is_proved;
    }
}

/// Puts one group after another where most of it is; kept from there where there is no room for all of it.
fn dive<'a>(mut flow: Flow<'a>, tree: &mut Tree) -> Flow<'a> {
    while let Some((unit, setting)) = shared_out(&flow) {
        let mut next = flow.clone();
        if next.rule(unit, Ruling::Only(setting), tree) {
            flow = next;
        } else {
            let never = flow.never(unit, setting);
            flow.rule(unit, never, tree);
        }
    }
    flow
}

/// A branch to be looked at: the flow above it, and the setting its group is to be kept from.
struct Branch<'a> {
    flow: Flow<'a>,
    bound: Value,
    unit: usize,
    setting: usize,
}

struct Hunt<'a, 'b> {
    tree: Tree,
    open: Vec<Branch<'a>>,
    found: Flow<'a>,
    value: Value,
    effort: &'b mut u64,
}

/// Branches until nothing is left that could be better than what is found, or the effort is spent.
fn hunt<'a>(root: Flow<'a>, found: Flow<'a>, tree: Tree, effort: &mut u64) -> Best {
    let mut hunt = Hunt { tree, open: Vec::new(), value: found.value(), found, effort };
    let is_proved = root.is_proved();
    hunt.explore(root);
    while let Some(branch) = hunt.open.pop() {
        if branch.bound >= hunt.value {
            continue;
        }
        if *hunt.effort == 0 {
            hunt.open.push(branch);
            break;
        }
        let Branch { mut flow, unit, setting, .. } = branch;
        let never = flow.never(unit, setting);
        if hunt.rule(&mut flow, unit, never) {
            hunt.explore(flow);
        }
    }
    let bound = hunt.open.iter().map(|branch| branch.bound).min().filter(|bound| *bound < hunt.value);
    Best {
        unserved_at_least: bound.map_or(hunt.value.unserved, |bound| bound.unserved),
        is_proved: is_proved && bound.is_none(),
        ..Best::of(&hunt.found)
    }
}

impl<'a> Hunt<'a, '_> {
    /// Goes down from `flow`, putting one group after another where most of it is, until none is shared out.
    fn explore(&mut self, mut flow: Flow<'a>) {
        loop {
            let bound = flow.value();
            if bound >= self.value {
                return;
            }
            let Some((unit, setting)) = shared_out(&flow) else {
                (self.value, self.found) = (bound, flow);
                return;
            };
            self.open.push(Branch { flow: flow.clone(), bound, unit, setting });
            if *self.effort == 0 || !self.rule(&mut flow, unit, Ruling::Only(setting)) {
                return;
            }
        }
    }

    /// Lays down a ruling; what it costs is the offers looked at and a copy of the flow.
    fn rule(&mut self, flow: &mut Flow<'a>, unit: usize, ruling: Ruling) -> bool {
        let before = flow.effort;
        let has_room = flow.rule(unit, ruling, &mut self.tree);
        let copied = u64::try_from(flow.net.units.len() + flow.net.places.len()).unwrap_or(0);
        *self.effort = self.effort.saturating_sub(flow.effort - before + copied);
        has_room
    }
}

/// The largest group that is neither whole in one setting nor wholly out, and where most of it is.
fn shared_out(flow: &Flow<'_>) -> Option<(usize, usize)> {
    let groups = flow.net.units.iter().enumerate().filter(|(_, unit)| unit.size > 1);
    let shared = groups.filter(|&(at, _)| flow.shares_out(at)).map(|(at, unit)| (unit.size, at));
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
            let offers = (0..unit.offers.len()).filter_map(|at| unit.offers.get(at));
            let before = left.to_vec();
            for (cost, setting) in offers.filter(|&(_, at)| before[at] >= unit.size) {
                left[setting] -= unit.size;
                go(net, at + 1, left, (so_far.0, so_far.1 + cost), best);
                left[setting] += unit.size;
            }
        }
        let mut best = Value::WORST;
        go(net, 0, &mut net.places.clone(), (0, Cost::default()), &mut best);
        best
    }

    /// What an answer is worth, counted from the offers alone; fails where it gives a place twice or one not offered.
    fn value_of(net: &Net, answer: &Best) -> Value {
        let mut left = net.places.clone();
        let (mut unserved, mut cost) = (0, Cost::default());
        for (unit, goes) in net.units.iter().zip(&answer.goes) {
            let Some(goes) = goes else {
                unserved += u64::from(unit.size);
                continue;
            };
            let offers = (0..unit.offers.len()).filter_map(|at| unit.offers.get(at));
            cost += offers.into_iter().find(|(_, setting)| setting == goes).unwrap().0;
            left[*goes] = left[*goes].checked_sub(unit.size).unwrap();
        }
        Value::of(unserved, cost)
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
            prop_assert!(found.is_proved);
            let value = value_of(&net, &found);
            prop_assert_eq!(value, by_exhaustion(&net));
            prop_assert_eq!((found.unserved, found.unserved_at_least), (value.unserved, value.unserved));
            // Cut short, it still answers, and with a true bound.
            let hasty = best(&net, 0);
            let hastily = value_of(&net, &hasty);
            prop_assert!(hastily >= value && hasty.unserved_at_least <= value.unserved);
            prop_assert!(!hasty.is_proved || hastily == value);
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
