//! The placing authority's own word about a stay: a statement. Statements are only ever added; each stands in
//! the place of the one before it.
//!
//! A statement holds tiers 1 and 2 of a notice. What would name or find the child, and what is said of needs
//! and risks, travels sealed and is refused here.

mod fields;
mod form;
mod need;
mod outstanding;
mod read;

use hub_domain::{Date, Timestamp, words};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use fields::{FIELDS, Field, Recipient, Statement};
pub use form::Form;
pub(crate) use need::is_abroad;
pub use need::{Condition, Need};
pub use outstanding::{Outstanding, outstanding, outstanding_of};
pub use read::{Draft, Wrong, read};

words! {
    /// What a statement does.
    StatementKind("type of statement") {
        /// Asks the host before a placement at a distance (reg 11(2)(d)).
        Consult = "consult", "Consultation";
        /// Gives notice of a placement (reg 13(4)).
        Placement = "placement", "Placement";
        /// Corrects or adds to what was stated, and answers a query.
        Change = "change", "Change";
        /// Gives notice that the placement is to end (reg 14(2)(c)).
        IntentionToEnd = "intention_to_end", "Intention to end";
        /// Gives notice that the placement ended (reg 14(4)).
        Ended = "ended", "Ended";
        /// Takes the notice back.
        Withdraw = "withdraw", "Withdrawal";
    }
}

impl StatementKind {
    /// It may be the first word on a stay.
    pub const fn opens(self) -> bool {
        matches!(self, Self::Consult | Self::Placement)
    }
}

/// The placing authority's latest word, as the notice carries it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Stated {
    /// The statement.
    pub id: Uuid,
    /// Counts the statements on this notice, from 1.
    pub n: u32,
    /// What it does.
    pub kind: StatementKind,
    /// When the hub had it: the instant that notice was given.
    pub at: Timestamp,
    /// Not complete yet, and not shown to the host.
    pub provisional: bool,
    /// All that has been said, this statement's changes made to what was said before.
    pub said: Statement,
}

/// When each notice was given. A clock is met by these, never by a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Given {
    /// The host was consulted.
    pub consult: Option<Timestamp>,
    /// The host was given notice of the placement.
    pub placement: Option<Timestamp>,
    /// What had been held could at last be told: no host heard of it before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released: Option<Timestamp>,
    /// The host was given notice that it is to end.
    pub intention: Option<Timestamp>,
    /// The host was given notice that it ended.
    pub ended: Option<Timestamp>,
    /// The assessment of needs first lay sealed for the host (reg 13(4)(b)(i)).
    pub needs: Option<Timestamp>,
    /// The care plan first lay sealed for the host (reg 13(4)(b)(ii)).
    pub care_plan: Option<Timestamp>,
    /// How often what was stated has been corrected.
    pub corrections: u32,
    /// How often the notice has been taken back, by whomever: what was said of it before was said of another.
    pub withdrawals: u32,
}

/// What a home told of an admission (SI 2015/541 reg 41, SI 2023/416 reg 28).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admission {
    /// The day of admission.
    pub on: Date,
    /// When the home's word reached the hub.
    pub reported_at: Timestamp,
    /// Ofsted URN of the home.
    pub urn: Option<String>,
}

impl std::fmt::Debug for Stated {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stated")
            .field("id", &self.id)
            .field("n", &self.n)
            .field("kind", &self.kind)
            .field("provisional", &self.provisional)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
