//! A place that came free is filled, if anybody gains by it, and the places that frees in turn.

use std::cmp::Reverse;

use super::{End, Flow, Tree, index};

impl Flow<'_> {
    /// Fills one place of `setting`, or lowers its price to nought.
    pub(super) fn pull(&mut self, setting: usize, tree: &mut Tree) {
        if self.left[setting] == 0 || self.price[setting] == 0 {
            return;
        }
        tree.begin();
        tree.label_setting(setting, 0, usize::MAX);
        tree.offer_end(self.price[setting], End::Setting(setting));
        tree.heap.push(Reverse((0, false, setting)));
        while let Some(Reverse((far, is_unit, at))) = tree.heap.pop() {
            if tree.is_beyond(far) {
                break;
            }
            let label = if is_unit { &mut tree.units[at] } else { &mut tree.settings[at] };
            if label.done || label.far < far {
                continue;
            }
            label.done = true;
            if is_unit { self.leave(at, far, tree) } else { self.ask(at, far, tree) }
        }
        let Some((far, end)) = tree.best else { return };
        self.lower(far, tree);
        self.draw(setting, end, tree);
    }

    /// Who would come to this setting, and from how far.
    fn ask(&mut self, setting: usize, far: i128, tree: &mut Tree) {
        let net = self.net;
        for &(unit, at) in net.wanting(setting) {
            let unit = index(unit);
            self.effort += 1;
            let Some((cost, _)) = net.units[unit].share(index(at)) else { continue };
            let there = far + cost + self.price[setting] - self.worth[unit];
            let moves = !self.goes[unit].is_empty() || self.out[unit] > 0;
            if moves && self.allows(unit, setting) && !tree.is_beyond(there) && tree.label_unit(unit, there, setting) {
                tree.heap.push(Reverse((there, true, unit)));
            }
        }
    }

    /// What a unit that comes would leave.
    fn leave(&mut self, unit: usize, far: i128, tree: &mut Tree) {
        if self.out[unit] > 0 {
            tree.offer_end(far, End::Out(unit));
        }
        for at in 0..self.goes[unit].len() {
            let setting = index(self.goes[unit][at]);
            if tree.label_setting(setting, far, unit) {
                tree.offer_end(far + self.price[setting], End::Setting(setting));
                tree.heap.push(Reverse((far, false, setting)));
            }
        }
    }

    fn lower(&mut self, far: i128, tree: &Tree) {
        for &unit in &tree.touched_units {
            self.worth[unit] -= (far - tree.units[unit].far).max(0);
        }
        for &setting in &tree.touched_settings {
            self.price[setting] -= (far - tree.settings[setting].far).max(0);
        }
    }

    /// Everybody on the path moves one on, whoever takes the free place first.
    fn draw(&mut self, free: usize, end: End, tree: &Tree) {
        let mut moves = Vec::new();
        let mut from = end;
        while from != End::Setting(free) {
            let unit = match from {
                End::Setting(setting) => tree.settings[setting].from,
                End::Out(unit) => unit,
            };
            let to = End::Setting(tree.units[unit].from);
            moves.push((unit, from, to));
            from = to;
        }
        for (unit, from, to) in moves.into_iter().rev() {
            self.settle(unit, Some(from), to);
        }
    }
}
