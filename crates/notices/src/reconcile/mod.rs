//! Three accounts of one move, set beside each other: what the placing authority's episodes say, what it told the
//! host (reg 13 and 14), and what the home told the host (SI 2015/541 reg 41; SI 2023/416 reg 28).
//!
//! Nobody joins these three today. [`reconcile`] joins them once a night and lists what does not agree: an account that
//! is missing, or one fact told in two ways. Each is listed once, with both values, who must act, and since when; a
//! join that cannot be made without a guess is listed as that. Work is linear in the number of accounts, and the list
//! is in one order whatever the order of the accounts. Pure: how long a discrepancy has been known is the store's.

mod account;
mod breaks;
mod compare;
mod discrepancy;
mod join;
mod link;
mod read;
mod shells;
mod words;

pub use account::{Accounts, Break, Filed, Heard, Owed, Placed, Told, Tolerance};
pub use discrepancy::{Discrepancy, Said, Side};
pub use words::{Actor, DiscrepancyKind, Doubt, Field};

pub use read::{breaks_of, stays_of};
pub use shells::{Shells, admission_of, shells};

use join::Joined;
use uuid::Uuid;

/// What was found, and how much was looked at to find it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// By kind, field and the day it began; never twice the same.
    pub discrepancies: Vec<Discrepancy>,
    /// Admissions that were joined, by place, and the id of the notice or stay that each is of.
    pub joined: Vec<(usize, Uuid)>,
    /// Admissions that nothing else speaks of, by place.
    pub alone: Vec<usize>,
    /// Admissions for a short break, by place.
    pub breaks: Vec<usize>,
    /// Stays whose accounts were all there and agreed.
    pub agreed: u64,
    /// Look-ups and comparisons made: what must grow no faster than the accounts.
    pub work: u64,
}

/// Joins the accounts and lists what does not agree. No account may stand twice.
pub fn reconcile(accounts: &Accounts, tolerance: &Tolerance) -> Reconciled {
    let mut joined = Joined::of(accounts, tolerance);
    link::link(&mut joined, accounts, tolerance);
    let mut found = compare::compare(&joined, accounts, tolerance);
    found.discrepancies.sort_unstable_by(Discrepancy::order);
    found.joined.sort_unstable();
    found.alone.sort_unstable();
    found.breaks.sort_unstable();
    found.work += joined.work;
    found
}

#[cfg(test)]
mod tests;
