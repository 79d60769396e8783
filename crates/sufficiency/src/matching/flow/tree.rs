//! A growing tree of shortest paths; one is used again and again, so that nothing is cleared.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{End, Net};

/// Label of a unit or setting, of the search that numbered it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Label {
    search: u32,
    pub(super) far: i128,
    /// The unit or setting before it.
    pub(super) from: usize,
    pub(super) done: bool,
}

/// Paths found by the search under way.
#[derive(Debug)]
pub(crate) struct Tree {
    search: u32,
    pub(super) units: Vec<Label>,
    pub(super) settings: Vec<Label>,
    /// Distance, whether a unit, and which: ties fall to settings, then to the first.
    pub(super) heap: BinaryHeap<Reverse<(i128, bool, usize)>>,
    pub(super) touched_units: Vec<usize>,
    pub(super) touched_settings: Vec<usize>,
    /// The nearest end so far.
    pub(super) best: Option<(i128, End)>,
}

impl Tree {
    pub(crate) fn of(net: &Net) -> Self {
        Self {
            search: 0,
            units: vec![Label::default(); net.units.len()],
            settings: vec![Label::default(); net.places.len()],
            heap: BinaryHeap::new(),
            touched_units: Vec::new(),
            touched_settings: Vec::new(),
            best: None,
        }
    }

    pub(super) fn begin(&mut self) {
        self.search += 1;
        self.heap.clear();
        self.touched_units.clear();
        self.touched_settings.clear();
        self.best = None;
    }

    /// Whether anything at that distance could still be on the best path.
    pub(super) fn is_beyond(&self, far: i128) -> bool {
        self.best.is_some_and(|(best, _)| best <= far)
    }

    pub(super) fn offer_end(&mut self, far: i128, end: End) {
        if !self.is_beyond(far) {
            self.best = Some((far, end));
        }
    }

    /// Labels a setting if that is nearer than it was; `false` if not.
    pub(super) fn label_setting(&mut self, setting: usize, far: i128, from: usize) -> bool {
        let label = &mut self.settings[setting];
        if label.search != self.search {
            self.touched_settings.push(setting);
        } else if label.done || label.far <= far {
            return false;
        }
        *label = Label { search: self.search, far, from, done: false };
        true
    }

    /// Labels a unit likewise.
    pub(super) fn label_unit(&mut self, unit: usize, far: i128, from: usize) -> bool {
        let label = &mut self.units[unit];
        if label.search != self.search {
            self.touched_units.push(unit);
        } else if label.done || label.far <= far {
            return false;
        }
        *label = Label { search: self.search, far, from, done: false };
        true
    }
}
