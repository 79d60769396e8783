//! Chooses the cells to hide: the small ones, and beside them whatever else it takes.
//!
//! Hiding is monotone — a cell once hidden stays hidden, and hiding more never makes a protected cell
//! less so — hence the work list ends, and at its end every rule holds at once over all tables.

use std::collections::{BTreeMap, BTreeSet};

use crate::attack;
use crate::check::{Exposed, holds};
use crate::linear::exhibit;
use crate::policy::Policy;
use crate::system::{Knowledge, System, View, signed};
use crate::walk::{Ground, PATIENCE, Proof, prove};

/// How much longer to look for a proof when nothing is left to hide.
const LAST_RESORT: u32 = 50;

/// Which cells are hidden, and the proofs that each is protected from whoever looks.
pub(crate) struct Pattern {
    pub(crate) hidden: Vec<bool>,
    /// Hidden on their own account.
    pub(crate) primary: Vec<bool>,
    /// Hidden on their own account or in this run, or what a proof leans on: what later releases must keep hidden.
    pub(crate) needed: Vec<bool>,
    pub(crate) proofs: Vec<Proof>,
}

/// The cells that nothing could protect.
pub(crate) struct Unprotected(pub(crate) Vec<Exposed>);

/// Hides until everything holds: first from the reader who contributes nothing, then from each contributor in turn.
pub(crate) fn suppress(system: &System, policy: &Policy) -> Result<Pattern, Unprotected> {
    let withheld = system.withheld(policy);
    let everything: Vec<bool> = withheld.iter().enumerate().map(|(cell, &is)| is || system.value(cell) > 0).collect();
    let hopeless = attack::recovered(system, &everything, policy, Knowledge::TellsSmall).into_iter().collect();
    let waiting = (0..system.sums.len()).collect();
    let fresh = system.fresh(policy);
    let mut hiding = Hiding { system, policy, hidden: withheld, fresh, everything, hopeless, waiting };
    let mut found = Found::default();
    let reader = View::default();
    for cell in system.targets(&reader, policy) {
        found.take(hiding.protect(cell), Exposed { cell, view: 0 });
    }
    for (view, looker) in system.views.iter().enumerate().skip(1) {
        for cell in system.targets(looker, policy) {
            if !found.covers(&hiding, cell, view) {
                found.take(hiding.protect_from(cell, view), Exposed { cell, view });
            }
        }
    }
    hiding.mend();
    let Hiding { hidden, fresh: mut needed, .. } = hiding;
    let Found { proofs, exposed } = found;
    if !exposed.is_empty() {
        return Err(Unprotected(exposed));
    }
    let proofs: Vec<Proof> = proofs.into_values().flatten().collect();
    for cell in proofs.iter().flat_map(|proof| proof.low.keys().chain(proof.high.keys())) {
        if let Some(is) = needed.get_mut(*cell) {
            *is = true;
        }
    }
    Ok(Pattern { hidden, primary: system.primary(policy), needed, proofs })
}

/// Proofs so far, by cell, and what could not be proved.
#[derive(Default)]
struct Found {
    proofs: BTreeMap<usize, Vec<Proof>>,
    exposed: Vec<Exposed>,
}

impl Found {
    fn take(&mut self, proof: Option<Proof>, exposed: Exposed) {
        match proof {
            Some(proof) => self.proofs.entry(proof.cell).or_default().push(proof),
            None => self.exposed.push(exposed),
        }
    }

    /// A proof made against somebody else holds against this looker too.
    fn covers(&self, hiding: &Hiding<'_>, cell: usize, view: usize) -> bool {
        let Hiding { system, policy, hidden, .. } = hiding;
        self.proofs.get(&cell).is_some_and(|all| all.iter().any(|proof| holds(system, hidden, policy, proof, view)))
    }
}

struct Hiding<'a> {
    system: &'a System,
    policy: &'a Policy,
    hidden: Vec<bool>,
    /// Withheld on their own account or in this run, and not only because they were hidden before.
    fresh: Vec<bool>,
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
        self.hide_until(Aim { cell, knowledge, view: 0 })
    }

    /// The same against a contributor, who is told by the marker and by its own rows.
    fn protect_from(&mut self, cell: usize, view: usize) -> Option<Proof> {
        self.mend();
        self.hide_until(Aim { cell, knowledge: Knowledge::Marker, view })
    }

    fn hide_until(&mut self, aim: Aim) -> Option<Proof> {
        loop {
            if let Some(proof) = self.look(&self.hidden, aim, PATIENCE) {
                return Some(proof);
            }
            let Some(next) = self.nearest(aim) else { break };
            self.hide(next);
            self.mend();
        }
        let (system, policy, Aim { cell, knowledge, view }) = (self.system, self.policy, aim);
        let ground = Ground { system, hidden: &self.hidden, policy, knowledge, view, patience: PATIENCE };
        // With nothing left to hide a solver looks for what the walk did not find, and then the walk takes its time.
        exhibit(ground, cell).or_else(|| self.look(&self.hidden, aim, PATIENCE * LAST_RESORT))
    }

    fn prove(&self, cell: usize, knowledge: Knowledge) -> Option<Proof> {
        self.look(&self.hidden, Aim { cell, knowledge, view: 0 }, PATIENCE)
    }

    fn look(&self, hidden: &[bool], aim: Aim, patience: u32) -> Option<Proof> {
        let (system, policy, Aim { cell, knowledge, view }) = (self.system, self.policy, aim);
        prove(Ground { system, hidden, policy, knowledge, view, patience }, cell)
    }

    /// Whether the worst attacker would be kept out if no count but zero were shown.
    fn could_be_proved(&self, cell: usize) -> bool {
        if self.hopeless.contains(&cell) {
            return false;
        }
        self.look(&self.everything, Aim { cell, knowledge: Knowledge::TellsSmall, view: 0 }, PATIENCE).is_some()
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

    /// The sum has one open cell, or what is known of it leaves too little to those that are open, all of them on one side. One
    /// that is open only because it was hidden before needs no company of its own.
    fn gives_back(&self, sum: usize) -> bool {
        let open = || self.system.sum(sum).iter().filter(|&&(cell, _)| self.is_open(cell));
        let (number, left) = open().fold((0, 0), |(n, left), &(cell, _)| (n + 1, left + self.system.value(cell)));
        let is_fresh = open().any(|&(cell, _)| self.fresh.get(cell).copied().unwrap_or(false));
        let is_one_sided = open().all(|&(_, sign)| sign > 0) || open().all(|&(_, sign)| sign < 0);
        is_fresh && (number == 1 || (number > 1 && is_one_sided && left < signed(self.policy.threshold)))
    }

    /// The best cell to hide beside those hidden in `sum`: one that leaves the hidden cell room to
    /// move, then the smallest, then the first. A zero only where nothing else is left, its total first.
    fn beside(&self, sum: usize) -> Option<usize> {
        let cells = self.system.sum(sum);
        let alone = cells.iter().find(|&&(cell, _)| self.is_open(cell)).copied();
        let shown = cells.iter().filter(|&&(cell, _)| self.can_hide(cell));
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
            let bounds = self.system.bounds(cell, self.policy, Knowledge::TellsSmall, &View::default());
            let value = self.system.value(cell);
            if upward { bounds.high - value } else { value - bounds.low }
        };
        let up = room(one, true).min(room(other, tie < 0));
        let down = room(one, false).min(room(other, tie > 0));
        up.saturating_add(down) > signed(self.policy.protection)
    }

    /// The smallest cell that can be hidden, in a sum with the cell, or in a sum with a cell so found, and so on; a
    /// zero only where there is nothing else. What the looker knows anyway is no help and is passed over.
    fn nearest(&self, aim: Aim) -> Option<usize> {
        let looker = self.system.views.get(aim.view)?;
        let mut seen = BTreeSet::from([aim.cell]);
        let mut ring = vec![aim.cell];
        let mut zero = None;
        while !ring.is_empty() {
            let around: BTreeSet<usize> = ring.iter().flat_map(|&cell| self.neighbours(cell)).collect();
            let helps = |cell: &&usize| self.can_hide(**cell) && !self.system.is_known(**cell, looker);
            let (zeros, others): (Vec<usize>, Vec<usize>) =
                around.iter().filter(helps).partition(|&&cell| self.system.value(cell) == 0);
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
        for flags in [&mut self.hidden, &mut self.fresh, &mut self.everything] {
            if let Some(is) = flags.get_mut(cell) {
                *is = true;
            }
        }
        self.waiting.extend(self.system.sums_of(cell));
    }

    fn is_hidden(&self, cell: usize) -> bool {
        self.hidden.get(cell).copied().unwrap_or(false)
    }

    /// Hidden, and no earlier release says what it is.
    fn is_open(&self, cell: usize) -> bool {
        self.is_hidden(cell) && !self.is_given_away(cell)
    }

    /// Hiding it would keep anything from anybody.
    fn can_hide(&self, cell: usize) -> bool {
        !self.is_hidden(cell) && !self.is_given_away(cell)
    }

    fn is_given_away(&self, cell: usize) -> bool {
        self.system.counts.get(cell).is_none_or(|count| count.past.is_known)
    }
}

/// What is to be proved: of which cell, to whom, knowing what.
#[derive(Clone, Copy)]
struct Aim {
    cell: usize,
    knowledge: Knowledge,
    view: usize,
}
