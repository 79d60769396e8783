//! Alerts about a home: many authorities in a small one, or one judged worse since children went there.
//!
//! An alert names a home and a day and how many authorities place there, never a child.

mod cluster;
mod judgement;
mod register;
mod restriction;
mod setting;
mod worsening;

pub use cluster::{Cluster, clusters};
pub use register::{Register, Unregistered};
pub use setting::{Resident, Rooms, Setting};
pub use worsening::{Reports, What, Worsening, worsenings};

/// What an operator may set about alerts: policy, not law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlertRules {
    /// As many different authorities placing into one small home are a cluster.
    pub authorities: usize,
    /// A home of so many places or fewer is small; so is a children's home whose places nobody reports.
    pub places: i64,
}

impl Default for AlertRules {
    fn default() -> Self {
        Self { authorities: 3, places: 6 }
    }
}

#[cfg(test)]
mod tests;
