//! What of a market can still matter, once one whole answer is in hand.
//!
//! The flow's prices say by how much at least an answer that uses an offer is worse than the flow. An
//! offer by which it is worse than the answer in hand is in no better answer, and goes. What is left
//! falls apart: a setting with room for all who could still come to it binds nobody together. Only the
//! pieces in which the flow shares a group out need branching; in the others the flow is the answer.

use std::collections::BTreeMap;

use super::flow::{Flow, Net, Offers, Unit, Value};

/// A part of a market that can be settled by itself.
pub(crate) struct Piece {
    pub(crate) net: Net,
    /// Which units of the whole it holds, in the order of its own.
    pub(crate) units: Vec<usize>,
    /// Which settings likewise.
    pub(crate) settings: Vec<usize>,
}

impl Piece {
    /// So little was cut from the whole that cutting once more would gain nothing.
    pub(crate) fn is_most_of(&self, net: &Net) -> bool {
        let offers = |net: &Net| net.units.iter().map(|unit| unit.offers.len()).sum::<usize>();
        2 * offers(&self.net) > offers(net)
    }
}

/// The pieces in which the flow `root` shares a group out; `found` is the value of an answer in hand.
pub(crate) fn pieces(root: &Flow<'_>, bound: Value, found: Value) -> Vec<Piece> {
    let slack = found.less(bound);
    let kept: Vec<Vec<(usize, usize)>> =
        (0..root.net.units.len()).map(|unit| root.offers_within(unit, slack)).collect();
    let mut coming = vec![0_u32; root.net.places.len()];
    for (unit, kept) in root.net.units.iter().zip(&kept) {
        for &(_, setting) in kept {
            if let Some(coming) = coming.get_mut(setting) {
                *coming = coming.saturating_add(unit.size);
            }
        }
    }
    let binds = |setting: usize| coming.get(setting) > root.net.places.get(setting);
    let mut ties = Ties::new(root.net.units.len());
    let mut first_at: Vec<Option<usize>> = vec![None; root.net.places.len()];
    for (unit, kept) in kept.iter().enumerate() {
        for &(_, setting) in kept.iter().filter(|&&(_, setting)| binds(setting)) {
            if let Some(first) = first_at.get_mut(setting) {
                ties.tie(*first.get_or_insert(unit), unit);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for unit in 0..root.net.units.len() {
        groups.entry(ties.root(unit)).or_default().push(unit);
    }
    let needed = groups.into_values().filter(|units| units.iter().any(|&unit| root.shares_out(unit)));
    needed.map(|units| cut(root.net, units, &kept)).collect()
}

fn cut(net: &Net, units: Vec<usize>, kept: &[Vec<(usize, usize)>]) -> Piece {
    let mut number: Vec<Option<usize>> = vec![None; net.places.len()];
    let mut settings = Vec::new();
    for &(_, setting) in units.iter().filter_map(|&unit| kept.get(unit)).flatten() {
        if let Some(number) = number.get_mut(setting).filter(|number| number.is_none()) {
            *number = Some(settings.len());
            settings.push(setting);
        }
    }
    let offers = |unit: usize, offers: &Offers| {
        let kept = kept.get(unit).into_iter().flatten();
        let kept = kept.filter_map(|&(at, setting)| Some((offers.get(at)?.0, number.get(setting).copied().flatten()?)));
        if matches!(offers, Offers::One(_)) { Offers::to_one(kept) } else { Offers::to_group(kept) }
    };
    let cut = units.iter().filter_map(|&at| net.units.get(at).map(|unit| (at, unit)));
    let cut = cut.map(|(at, unit)| Unit { size: unit.size, offers: offers(at, &unit.offers) }).collect();
    let places = settings.iter().map(|&setting| net.places.get(setting).copied().unwrap_or(0)).collect();
    Piece { net: Net::new(cut, places), units, settings }
}

impl Flow<'_> {
    /// Neither whole in one setting nor wholly out.
    pub(crate) fn shares_out(&self, unit: usize) -> bool {
        let goes = self.whereabouts(unit);
        goes.first().is_some_and(|first| self.left_out(unit) > 0 || goes.iter().any(|setting| setting != first))
    }
}

/// Units tied together (disjoint sets with path halving).
struct Ties(Vec<usize>);

impl Ties {
    fn new(units: usize) -> Self {
        Self((0..units).collect())
    }

    fn root(&mut self, unit: usize) -> usize {
        let mut at = unit;
        while let Some(&up) = self.0.get(at).filter(|&&up| up != at) {
            let over = self.0.get(up).copied().unwrap_or(up);
            if let Some(slot) = self.0.get_mut(at) {
                *slot = over;
            }
            at = over;
        }
        at
    }

    fn tie(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        // The first unit stands for all, so that pieces come in the order of the units.
        if let Some(slot) = self.0.get_mut(a.max(b)) {
            *slot = a.min(b);
        }
    }
}
