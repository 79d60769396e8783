//! Chooses the cells to hide: the small ones, and beside them whatever else it takes.
//!
//! Hiding is monotone — a cell once hidden stays hidden, and hiding more never makes a protected cell
//! less so — hence the work list ends, and at its end every rule holds at once over all tables.

use std::collections::BTreeSet;

use crate::attack;
use crate::policy::Policy;
use crate::system::{Knowledge, System, signed};
use crate::walk::{Ground, PATIENCE, Proof, prove};

/// How much longer to look for a proof when nothing is left to hide.
const LAST_RESORT: u32 = 50;

/// Which cells are hidden, and the proof that each small one is protected.
pub(crate) struct Pattern {
    pub(crate) hidden: Vec<bool>,
    pub(crate) primary: Vec<bool>,
    pub(crate) proofs: Vec<Proof>,
}

/// The cells that nothing could protect.
pub(crate) struct Exposed(pub(crate) Vec<usize>);

/// Hides until everything holds.
pub(crate) fn suppress(system: &System, policy: &Policy) -> Result<Pattern, Exposed> {
    let primary = system.primary(policy);
    let everything: Vec<bool> = primary.iter().enumerate().map(|(cell, &is)| is || system.value(cell) > 0).collect();
    let hopeless = attack::recovered(system, &everything, policy, Knowledge::TellsSmall).into_iter().collect();
    let waiting = (0..system.sums.len()).collect();
    let mut hiding = Hiding { system, policy, hidden: primary.clone(), everything, hopeless, waiting };
    let mut proofs = Vec::new();
    let mut exposed = Vec::new();
    for (cell, _) in primary.iter().enumerate().filter(|&(_, &is)| is) {
        match hiding.protect(cell) {
            Some(proof) => proofs.push(proof),
            None => exposed.push(cell),
        }
    }
    hiding.mend();
    if exposed.is_empty() { Ok(Pattern { hidden: hiding.hidden, primary, proofs }) } else { Err(Exposed(exposed)) }
}

struct Hiding<'a> {
    system: &'a System,
    policy: &'a Policy,
    hidden: Vec<bool>,
    /// Every count but zero, and whatever is hidden anyway.
    everything: Vec<bool>,
    /// Cells that the worst attacker works out though no count but zero is shown.
    hopeless: BTreeSet<usize>,
    /// Sums to look at again.
    waiting: BTreeSet<usize>,
}

impl Hiding<'_> {
    /// Hides around `cell` until it is proved protected: from the worst attacker where hiding can
    /// do it, else from one who sees the marker. `None` when nothing is left to hide.
    fn protect(&mut self, cell: usize) -> Option<Proof> {
        self.mend();
        if !self.hopeless.contains(&cell) {
            let worst = self.prove(cell, Knowledge::TellsSmall);
            if worst.is_some() {
                return worst;
            }
        }
        let knowledge = if self.could_be_proved(cell) { Knowledge::TellsSmall } else { Knowledge::Marker };
        loop {
            if let Some(proof) = self.prove(cell, knowledge) {
                return Some(proof);
            }
            let Some(next) = self.nearest(cell) else { break };
            self.hide(next);
            self.mend();
        }
        self.look(&self.hidden, cell, knowledge, PATIENCE * LAST_RESORT)
    }

    fn prove(&self, cell: usize, knowledge: Knowledge) -> Option<Proof> {
        self.look(&self.hidden, cell, knowledge, PATIENCE)
    }

    fn look(&self, hidden: &[bool], cell: usize, knowledge: Knowledge, patience: u32) -> Option<Proof> {
        let (system, policy) = (self.system, self.policy);
        prove(Ground { system, hidden, policy, knowledge, patience }, cell)
    }

    /// Whether the worst attacker would be kept out if no count but zero were shown.
    fn could_be_proved(&self, cell: usize) -> bool {
        if self.hopeless.contains(&cell) {
            return false;
        }
        self.look(&self.everything, cell, Knowledge::TellsSmall, PATIENCE).is_some()
    }

    /// Brings every waiting sum to order.
    fn mend(&mut self) {
        while let Some(&sum) = self.waiting.first() {
            let next = if self.gives_back(sum) { self.beside(sum) } else { None };
            match next {
                Some(cell) => self.hide(cell),
                None => _ = self.waiting.remove(&sum),
            }
        }
    }

    /// The sum has one hidden cell, or its shown total less its shown parts leaves too little.
    fn gives_back(&self, sum: usize) -> bool {
        let cells = self.system.sum(sum);
        let hidden = cells.iter().filter(|&&(cell, _)| self.is_hidden(cell));
        let total_shown = cells.last().is_some_and(|&(total, _)| !self.is_hidden(total));
        let (number, left) = hidden.fold((0, 0), |(n, left), &(cell, _)| (n + 1, left + self.system.value(cell)));
        number == 1 || (number > 1 && total_shown && left < signed(self.policy.threshold))
    }

    /// The best cell to hide beside those hidden in `sum`: one that leaves the hidden cell room to
    /// move, then the smallest, then the first. A zero only where nothing else is left, its total first.
    fn beside(&self, sum: usize) -> Option<usize> {
        let cells = self.system.sum(sum);
        let alone = cells.iter().find(|&&(cell, _)| self.is_hidden(cell)).copied();
        let shown = cells.iter().filter(|&&(cell, _)| !self.is_hidden(cell));
        shown
            .map(|&(cell, sign)| {
                let cramped =
                    alone.is_some_and(|(other, other_sign)| !self.leaves_room(other, cell, sign * other_sign));
                let value = self.system.value(cell);
                (value == 0, value == 0 && sign > 0, cramped, value, cell)
            })
            .min()
            .map(|(.., cell)| cell)
    }

    /// Whether two hidden cells, tied by one sum, can move far enough. `tie` is 1 when one must fall
    /// as the other rises.
    fn leaves_room(&self, one: usize, other: usize, tie: i64) -> bool {
        let room = |cell: usize, upward: bool| {
            let bounds = self.system.bounds(cell, self.policy, Knowledge::TellsSmall);
            let value = self.system.value(cell);
            if upward { bounds.high - value } else { value - bounds.low }
        };
        let up = room(one, true).min(room(other, tie < 0));
        let down = room(one, false).min(room(other, tie > 0));
        up.saturating_add(down) > signed(self.policy.protection)
    }

    /// The smallest shown cell in a sum with `cell`, or in a sum with a cell so found, and so on; a
    /// zero only where there is nothing else.
    fn nearest(&self, cell: usize) -> Option<usize> {
        let mut seen = BTreeSet::from([cell]);
        let mut ring = vec![cell];
        let mut zero = None;
        while !ring.is_empty() {
            let around: BTreeSet<usize> = ring.iter().flat_map(|&cell| self.neighbours(cell)).collect();
            let shown = around.iter().filter(|&&cell| !self.is_hidden(cell));
            let (zeros, others): (Vec<usize>, Vec<usize>) = shown.partition(|&&cell| self.system.value(cell) == 0);
            if let Some(found) = others.into_iter().min_by_key(|&cell| (self.system.value(cell), cell)) {
                return Some(found);
            }
            zero = zero.or(zeros.first().copied());
            ring = around.into_iter().filter(|&cell| seen.insert(cell)).collect();
        }
        zero
    }

    fn neighbours(&self, cell: usize) -> impl Iterator<Item = usize> {
        self.system.sums_of(cell).iter().flat_map(|&sum| self.system.sum(sum)).map(|&(cell, _)| cell)
    }

    fn hide(&mut self, cell: usize) {
        if let Some(is) = self.hidden.get_mut(cell) {
            *is = true;
        }
        self.waiting.extend(self.system.sums_of(cell));
    }

    fn is_hidden(&self, cell: usize) -> bool {
        self.hidden.get(cell).copied().unwrap_or(false)
    }
}
