//! What the nightly reconciliation found: kept once for each authority concerned, under that authority, and never
//! changed but to say that it is worded otherwise or no longer found. Any night can be read as it was.

mod list;
mod settle;

use std::fmt;

use hub_domain::{AuthorityCode, Date, Timestamp};
use hub_notices::reconcile::{DiscrepancyKind, Side};
use uuid::Uuid;

pub use list::{Filter, Night, latest, list, night, nights};
pub use settle::{Found, Tally, settle};

use crate::db::Statement;

/// Every statement of the module.
pub(crate) const ALL: &[&[Statement]] = &[list::ALL, settle::ALL];

/// A discrepancy as one authority sees it, in one wording.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept {
    /// Who sees it.
    pub authority: AuthorityCode,
    /// This authority's own for it: the same every night.
    pub id: Uuid,
    /// From which side it looks.
    pub side: Side,
    /// What does not agree.
    pub kind: DiscrepancyKind,
    /// The run that found it first, in whatever wording.
    pub first_seen: Timestamp,
    /// The run that found it first in this wording.
    pub seen_from: Timestamp,
    /// The run that found it no longer so; `None` while it stands.
    pub seen_to: Option<Timestamp>,
    /// The run that found it last, once it is found no longer.
    pub last_seen: Option<Timestamp>,
    /// It is over, and not only worded otherwise.
    pub cleared: bool,
    /// `hub_notices::reconcile::Discrepancy` as JSON.
    pub body: String,
}

/// One reconciliation, as it concerned one authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Whom.
    pub authority: AuthorityCode,
    /// When it was made: what it is told by.
    pub at: Timestamp,
    /// The date in London.
    pub night: Date,
    /// Discrepancies that stood.
    pub standing: i64,
    /// Of those, found for the first time.
    pub opened: i64,
    /// No longer found.
    pub cleared: i64,
}

impl fmt::Debug for Kept {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Kept");
        shown.field("authority", &self.authority).field("id", &self.id).field("kind", &self.kind);
        shown.finish_non_exhaustive()
    }
}
