//! One more child of a unit is served, others moving over where that is best; or left out, or takes
//! the place of one who is.

use std::cmp::Reverse;

use super::{End, Flow, Tree, UNSERVED, index};

/// Before the first unit of a path there is no setting.
const NOWHERE: usize = usize::MAX;

impl Flow<'_> {
    /// Serves or leaves out one more child of `unit`; `false` when a ruling allows neither.
    pub(super) fn push(&mut self, unit: usize, tree: &mut Tree) -> bool {
        tree.begin();
        tree.label_unit(unit, 0, NOWHERE);
        self.look(unit, tree);
        while let Some(Reverse((far, _, setting))) = tree.heap.pop() {
            if tree.is_beyond(far) {
                break;
            }
            if std::mem::replace(&mut tree.settings[setting].done, true) {
                continue;
            }
            self.look_around(setting, far, tree);
        }
        let Some((far, end)) = tree.best else { return false };
        self.raise(far, tree);
        self.follow(end, tree);
        true
    }

    /// Everybody in a full setting might move over.
    fn look_around(&mut self, setting: usize, far: i128, tree: &mut Tree) {
        for at in 0..self.held[setting].len() {
            let held = index(self.held[setting][at]);
            if tree.label_unit(held, far, setting) {
                self.look(held, tree);
            }
        }
    }

    /// Looks at the offers to a unit just reached. Offers come cheapest first and prices only add to
    /// them, so that none behind one with a place free, or beyond the best end, need be looked at.
    fn look(&mut self, unit: usize, tree: &mut Tree) {
        tree.units[unit].done = true;
        let far = tree.units[unit].far - self.worth[unit];
        if self.may_stay_out(unit) {
            tree.offer_end(far + UNSERVED, End::Out(unit));
        }
        let net = self.net;
        let offers = &net.units[unit];
        for at in 0..offers.offers.len() {
            let Some((cost, setting)) = offers.share(at) else { return };
            self.effort += 1;
            if tree.is_beyond(far + cost) {
                return;
            }
            let there = far + cost + self.price[setting];
            if !self.allows(unit, setting) || tree.is_beyond(there) || !tree.label_setting(setting, there, unit) {
                continue;
            }
            if self.left[setting] > 0 {
                tree.offer_end(there, End::Setting(setting));
            } else {
                tree.heap.push(Reverse((there, false, setting)));
            }
        }
    }

    /// Raises worth and price within the tree, so that the path costs nothing more.
    fn raise(&mut self, far: i128, tree: &Tree) {
        for &unit in &tree.touched_units {
            self.worth[unit] += (far - tree.units[unit].far).max(0);
        }
        for &setting in &tree.touched_settings {
            if tree.settings[setting].done {
                self.price[setting] += (far - tree.settings[setting].far).max(0);
            }
        }
    }

    /// Everybody on the path moves one on, the last first.
    fn follow(&mut self, end: End, tree: &Tree) {
        let mut to = end;
        loop {
            let unit = match to {
                End::Setting(setting) => tree.settings[setting].from,
                End::Out(unit) => unit,
            };
            let from = tree.units[unit].from;
            self.settle(unit, (from != NOWHERE).then_some(End::Setting(from)), to);
            if from == NOWHERE {
                return;
            }
            to = End::Setting(from);
        }
    }
}
