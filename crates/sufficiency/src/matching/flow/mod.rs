//! The most children served at the least cost, where a group may be shared out: a flow of least cost,
//! kept optimal by prices.
//!
//! Every setting has a price, nought while it has a place free; every unit is worth its cheapest
//! offer with the price on top, or what leaving it out costs. While no offer is cheaper than the unit
//! is worth and every unit sits at an offer that is not dearer, nothing can be served better: the
//! prices are the proof, and [`Flow::is_proved`] checks it offer by offer. [`Flow::push`] serves one
//! more child and [`Flow::pull`] fills a place that came free; both keep the proof (shortest
//! augmenting paths with potentials: Edmonds and Karp 1972, Tomizawa 1971).
#![expect(clippy::indexing_slicing, reason = "every index is a unit or setting of the net the lists were made for")]

mod net;
mod pull;
mod push;
mod tree;

use std::collections::{BTreeMap, BTreeSet};

#[cfg(test)]
use super::cost::Cost;
use net::UNSERVED;
pub(crate) use net::{Net, Offers, Unit, index, most_settings};
pub(super) use tree::Tree;

/// What a group may do, besides anything.
#[derive(Debug, Clone)]
pub(crate) enum Ruling {
    /// Live in this setting.
    Only(usize),
    /// Live anywhere but in these.
    Never(BTreeSet<usize>),
}

/// How good an answer is: fewer unserved first, then less cost, in shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Value {
    pub(crate) unserved: u64,
    pub(crate) shares: i128,
}

/// Who goes where, and the prices that prove it.
#[derive(Debug, Clone)]
pub(crate) struct Flow<'a> {
    pub(super) net: &'a Net,
    /// Places left, by setting.
    left: Vec<u32>,
    /// Price of a place, by setting.
    price: Vec<i128>,
    /// What each unit is worth.
    worth: Vec<i128>,
    /// Children of which unit each setting holds: once for each child.
    held: Vec<Vec<u32>>,
    /// Where each unit's children are: once for each child.
    goes: Vec<Vec<u32>>,
    /// Children of each unit left out.
    out: Vec<u32>,
    rulings: BTreeMap<usize, Ruling>,
    /// Offers looked at so far.
    pub(crate) effort: u64,
}

/// The last stop of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Setting(usize),
    Out(usize),
}

impl<'a> Flow<'a> {
    /// Serves everybody there is room for.
    pub(crate) fn solve(net: &'a Net, tree: &mut Tree) -> Self {
        let mut flow = Self::nobody(net);
        for unit in 0..net.units.len() {
            for _ in 0..net.units[unit].size {
                flow.push(unit, tree);
            }
        }
        flow
    }

    /// Before anybody is served.
    pub(crate) fn nobody(net: &'a Net) -> Self {
        let (units, settings) = (net.units.len(), net.places.len());
        Self {
            net,
            left: net.places.clone(),
            price: vec![0; settings],
            worth: vec![0; units],
            held: vec![Vec::new(); settings],
            goes: vec![Vec::new(); units],
            out: vec![0; units],
            rulings: BTreeMap::new(),
            effort: 0,
        }
    }

    /// Where a unit's children are, once for each served.
    pub(crate) fn whereabouts(&self, unit: usize) -> &[u32] {
        self.goes.get(unit).map_or(&[], Vec::as_slice)
    }

    /// Children of a unit who are left out.
    pub(crate) fn left_out(&self, unit: usize) -> u32 {
        self.out.get(unit).copied().unwrap_or(0)
    }

    /// How good the flow is.
    pub(crate) fn value(&self) -> Value {
        let unserved = self.out.iter().map(|&out| u64::from(out)).sum();
        let paid = |(unit, goes): (usize, &Vec<u32>)| {
            let mut all: BTreeMap<usize, i128> = BTreeMap::new();
            for &setting in goes {
                *all.entry(index(setting)).or_default() += 1;
            }
            let shares = |(setting, children): (usize, i128)| self.share_at(unit, setting).unwrap_or(0) * children;
            all.into_iter().map(shares).sum::<i128>()
        };
        Value { unserved, shares: self.goes.iter().enumerate().map(paid).sum() }
    }

    /// The offers of a unit, by their place and their setting, that an answer worse than this flow by
    /// no more than `slack` may use: a unit uses an offer whole.
    pub(crate) fn offers_within(&self, unit: usize, slack: i128) -> Vec<(usize, usize)> {
        let seeks = &self.net.units[unit];
        let within = |at| {
            let (cost, setting) = seeks.share(at)?;
            let gap = (cost + self.price[setting] - self.worth[unit]).checked_mul(i128::from(seeks.size))?;
            (gap <= slack).then_some((at, setting))
        };
        (0..seeks.offers.len()).filter_map(within).collect()
    }

    /// Whether the prices prove that nothing serves more children, or as many at less cost.
    pub(crate) fn is_proved(&self) -> bool {
        let empty_is_free = self.left.iter().zip(&self.price).all(|(&left, &price)| price == 0 || left == 0);
        let nobody_gains = (0..self.net.units.len()).all(|unit| {
            let worth = self.worth[unit];
            let out = match self.rulings.get(&unit) {
                Some(Ruling::Only(_)) => self.out[unit] == 0,
                _ => worth <= UNSERVED && (self.out[unit] == 0 || worth == UNSERVED),
            };
            let gap = |at| self.net.units[unit].share(at).map(|(cost, to)| (to, cost + self.price[to] - worth));
            let offers = (0..self.net.units[unit].offers.len()).filter_map(gap);
            let mut allowed = offers.filter(|&(to, _)| self.allows(unit, to));
            let here = |to| self.goes[unit].iter().any(|&at| index(at) == to);
            out && allowed.all(|(to, gap)| gap == 0 || (gap > 0 && !here(to)))
        });
        empty_is_free && nobody_gains
    }

    /// Lays a ruling on a group and serves everybody again; `false` when there is no room for it.
    pub(crate) fn rule(&mut self, unit: usize, ruling: Ruling, tree: &mut Tree) -> bool {
        let must = matches!(ruling, Ruling::Only(_));
        self.rulings.insert(unit, ruling);
        let (stay, go): (Vec<u32>, Vec<u32>) =
            self.goes[unit].iter().copied().partition(|&setting| self.allows(unit, index(setting)));
        let mut again = u32::try_from(go.len()).unwrap_or(0);
        self.goes[unit] = stay;
        if must {
            again += std::mem::take(&mut self.out[unit]);
        }
        for &setting in &go {
            self.vacate(index(setting), unit);
        }
        if self.goes[unit].is_empty() && self.out[unit] == 0 {
            // Nobody of it anywhere: it is worth no offer until it is served again.
            self.worth[unit] = 0;
        }
        for &setting in &go {
            self.pull(index(setting), tree);
        }
        (0..again).all(|_| self.push(unit, tree))
    }

    /// Adds what the ruling on `unit` may already say of other settings.
    pub(crate) fn never(&self, unit: usize, setting: usize) -> Ruling {
        let mut never = match self.rulings.get(&unit) {
            Some(Ruling::Never(never)) => never.clone(),
            _ => BTreeSet::new(),
        };
        never.insert(setting);
        Ruling::Never(never)
    }

    fn vacate(&mut self, setting: usize, unit: usize) {
        if let Some(at) = self.held[setting].iter().position(|&held| index(held) == unit) {
            self.held[setting].remove(at);
            self.left[setting] += 1;
        }
    }

    fn allows(&self, unit: usize, setting: usize) -> bool {
        // Single children are never ruled on: most of a market is spared the look.
        self.net.units[unit].size == 1
            || match self.rulings.get(&unit) {
                None => true,
                Some(Ruling::Only(only)) => *only == setting,
                Some(Ruling::Never(never)) => !never.contains(&setting),
            }
    }

    fn may_stay_out(&self, unit: usize) -> bool {
        self.net.units[unit].size == 1 || !matches!(self.rulings.get(&unit), Some(Ruling::Only(_)))
    }

    fn share_at(&self, unit: usize, setting: usize) -> Option<i128> {
        let unit = &self.net.units[unit];
        let at = unit.offers.settings().position(|to| to == setting)?;
        unit.share(at).map(|(cost, _)| cost)
    }

    /// Moves a child of `unit` from one setting (or from nowhere) to another (or out).
    fn settle(&mut self, unit: usize, from: Option<End>, to: End) {
        match from {
            Some(End::Setting(setting)) => {
                self.vacate(setting, unit);
                if let Some(at) = self.goes[unit].iter().position(|&goes| index(goes) == setting) {
                    self.goes[unit].remove(at);
                }
            }
            Some(End::Out(out)) => self.out[out] -= 1,
            None => {}
        }
        match to {
            End::Setting(setting) => {
                self.left[setting] -= 1;
                self.held[setting].push(number(unit));
                self.goes[unit].push(number(setting));
            }
            End::Out(out) => self.out[out] += 1,
        }
    }
}

impl Value {
    /// By how much another value is better, as one number of the flow; beyond any where it is by far.
    pub(crate) fn less(self, better: Self) -> i128 {
        let children = i128::from(self.unserved.saturating_sub(better.unserved));
        children.checked_mul(UNSERVED).and_then(|out| out.checked_add(self.shares - better.shares)).unwrap_or(i128::MAX)
    }

    /// No answer is worse.
    #[cfg(test)]
    pub(crate) const WORST: Self = Self { unserved: u64::MAX, shares: i128::MAX };

    /// The value of an answer that leaves so many out and costs this.
    #[cfg(test)]
    pub(crate) fn of(unserved: u64, cost: Cost) -> Self {
        Self { unserved, shares: cost.weight() * net::SHARES }
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
