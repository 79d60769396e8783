//! Who could be brought to a home by a place that is not there yet: straight away, or by somebody
//! moving over, and somebody into theirs, and so on.

use std::collections::{BTreeSet, VecDeque};

use super::flow::{Net, index};

/// Single children and where they live; groups stay put.
#[derive(Clone)]
pub(crate) struct Chains<'a> {
    net: &'a Net,
    goes: Vec<Option<usize>>,
    seen: Vec<u32>,
    searched: Vec<u32>,
    search: u32,
    /// The unit whose place each unit would take, in the search under way.
    ahead: Vec<Option<usize>>,
}

impl<'a> Chains<'a> {
    pub(crate) fn of(net: &'a Net, goes: &[Option<usize>]) -> Self {
        let (units, settings) = (net.units.len(), net.places.len());
        Self {
            net,
            goes: goes.to_vec(),
            seen: vec![0; units],
            searched: vec![0; settings],
            search: 0,
            ahead: vec![None; units],
        }
    }

    /// Every child without a home whom one place for any of `suited` would bring to one.
    pub(crate) fn reached(&mut self, suited: &[usize]) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        self.walk(suited, |unit| {
            reached.insert(unit);
            false
        });
        reached
    }

    /// How many such places would be filled one after another, `most` at the most. Those filled stay so.
    pub(crate) fn fill(&mut self, suited: &[usize], most: usize) -> usize {
        let mut away: BTreeSet<usize> = BTreeSet::new();
        for filled in 0..most {
            let left: Vec<usize> = suited.iter().copied().filter(|unit| !away.contains(unit)).collect();
            let mut last = None;
            self.walk(&left, |unit| {
                last = Some(unit);
                true
            });
            let Some(last) = last else { return filled };
            away.insert(self.advance(last));
        }
        most
    }

    /// Everybody between the child and the new place moves one on; answers with who takes the new place.
    fn advance(&mut self, last: usize) -> usize {
        let mut unit = last;
        while let Some(ahead) = self.ahead.get(unit).copied().flatten() {
            let place = self.goes.get(ahead).copied().flatten();
            if let Some(goes) = self.goes.get_mut(unit) {
                *goes = place;
            }
            unit = ahead;
        }
        // Beyond every setting of the net: the new place.
        if let Some(goes) = self.goes.get_mut(unit) {
            *goes = Some(usize::MAX);
        }
        unit
    }

    /// Meets every child without a home that a chain leads to, until told to stop.
    fn walk(&mut self, suited: &[usize], mut meet: impl FnMut(usize) -> bool) {
        self.search += 1;
        let mut queue = VecDeque::new();
        for &unit in suited {
            self.call(unit, None, &mut queue);
        }
        while let Some(unit) = queue.pop_front() {
            match self.goes.get(unit).copied().flatten() {
                None if meet(unit) => return,
                None => {}
                Some(setting) => self.ask(setting, unit, &mut queue),
            }
        }
    }

    /// Calls everybody who would take the place that `unit` has in a setting not yet asked.
    fn ask(&mut self, setting: usize, unit: usize, queue: &mut VecDeque<usize>) {
        let search = self.search;
        let fresh = self.searched.get_mut(setting).is_some_and(|at| std::mem::replace(at, search) != search);
        if !fresh {
            return;
        }
        let net = self.net;
        for &(other, _) in net.wanting(setting) {
            self.call(index(other), Some(unit), queue);
        }
    }

    fn call(&mut self, unit: usize, ahead: Option<usize>, queue: &mut VecDeque<usize>) {
        let alone = self.net.units.get(unit).is_some_and(|unit| unit.size == 1);
        let search = self.search;
        let fresh = self.seen.get_mut(unit).is_some_and(|seen| std::mem::replace(seen, search) != search);
        if let Some(slot) = self.ahead.get_mut(unit).filter(|_| alone && fresh) {
            *slot = ahead;
            queue.push_back(unit);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::branch::best;
    use super::super::cost::Cost;
    use super::super::flow::{Net, Offers, Unit};
    use super::*;

    fn net(wants: &[BTreeSet<usize>], places: Vec<u32>) -> Net {
        let offers = |wants: &BTreeSet<usize>| {
            Offers::to_one(wants.iter().map(|&at| (Cost { miles: at as u64, ..Cost::default() }, at)))
        };
        Net::new(wants.iter().map(|wants| Unit { size: 1, offers: offers(wants) }).collect(), places)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn a_chain_gains_what_assigning_anew_gains(
            mut wants in prop::collection::vec(prop::collection::btree_set(0_usize..4, 0..4), 1..8),
            mut places in prop::collection::vec(0_u32..3, 4),
            suited in prop::collection::btree_set(0_usize..8, 0..8),
            more in 1_u32..4,
        ) {
            let suited: Vec<usize> = suited.into_iter().filter(|&unit| unit < wants.len()).collect();
            let before = net(&wants, places.clone());
            let found = best(&before, u64::MAX / 2);
            let goes = found.goes;
            let mut chains = Chains::of(&before, &goes);
            let reached = chains.reached(&suited);
            let filled = chains.fill(&suited, index(more));
            places.push(more);
            for &unit in &suited {
                wants[unit].insert(4);
            }
            let after = net(&wants, places.clone());
            let gained = found.unserved - best(&after, u64::MAX / 2).unserved;
            prop_assert_eq!(u64::try_from(filled).unwrap(), gained);
            prop_assert_eq!(reached.is_empty(), gained == 0);
            // Each one reached could be the one: without the others it is served.
            places[4] = 1;
            for &child in &reached {
                let alone: Vec<_> = wants.iter().enumerate().map(|(unit, wants)| {
                    if unit == child || goes[unit].is_some() { wants.clone() } else { BTreeSet::new() }
                }).collect();
                let served = goes.iter().flatten().count() + 1;
                let left = best(&net(&alone, places.clone()), u64::MAX / 2).unserved;
                prop_assert_eq!(index(u32::try_from(left).unwrap()), wants.len() - served);
            }
        }
    }
}
