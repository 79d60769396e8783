//! One thing that does not agree.

use std::cmp::Ordering;

use hub_domain::{AuthorityCode, Date, words};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::words::{Actor, DiscrepancyKind, Doubt, Field};

/// One thing that does not agree, with what each account says of it. Values are of tier 2 at most: no name, birth
/// month, sex, or address nearer than a postcode sector.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discrepancy {
    /// The same every night that it stands.
    pub id: Uuid,
    /// What does not agree.
    pub kind: DiscrepancyKind,
    /// The fact, of a mismatch.
    pub field: Option<Field>,
    /// Why it cannot be joined, of an admission in doubt.
    pub doubt: Option<Doubt>,
    /// Placements that an admission in doubt fits.
    pub candidates: Option<u32>,
    /// The authority that placed the child; `None` where only a home speaks and names none.
    pub placing: Option<AuthorityCode>,
    /// The authorities whose areas the accounts name, by code.
    pub hosts: Vec<AuthorityCode>,
    /// The placing authority's pseudonym for the child.
    pub child_ref: Option<String>,
    /// The notice; of a stay without one, the notice that the hub opens for it.
    pub notice: Option<Uuid>,
    /// The host's reference for the admission.
    pub admission_ref: Option<String>,
    /// What each account says: the value of the field, or the day it began.
    pub said: Said,
    /// Who must act.
    pub act: Actor,
    /// The day from which it stands, by the accounts themselves.
    pub since: Date,
}

/// What each account says; `None` where it is missing or silent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The placing authority's episodes.
    pub episode: Option<String>,
    /// Its notice.
    pub notice: Option<String>,
    /// The home's notice.
    pub admission: Option<String>,
}

words! {
    /// From which side an authority looks at a discrepancy.
    Side("side of a discrepancy") {
        /// It placed the child.
        Placing = "placing", "Placing";
        /// The child lives, or is said to live, in its area.
        Host = "host", "Host";
    }
}

/// RFC 9562 version 5 namespace of discrepancies.
const NAMESPACE: Uuid = Uuid::from_u128(0x2b9e_41d7_8c0f_5a36_b1e4_07d3_5fa9_6c28);

impl Discrepancy {
    /// The id of what is found of `subject`: a notice's id, or a host and its reference.
    pub(super) fn id_of(kind: DiscrepancyKind, field: Option<Field>, subject: &str) -> Uuid {
        let field = field.map_or("", Field::as_str);
        Uuid::new_v5(&NAMESPACE, format!("{kind}/{field}/{subject}").as_bytes())
    }

    /// The authorities concerned, each once: the placing authority, and every host that an account names.
    pub fn parties(&self) -> impl Iterator<Item = (AuthorityCode, Side)> + '_ {
        let hosts = self.hosts.iter().filter(|host| Some(**host) != self.placing);
        self.placing.map(|placing| (placing, Side::Placing)).into_iter().chain(hosts.map(|host| (*host, Side::Host)))
    }

    /// The id under which one authority has it: each row of a list has its own.
    pub fn id_for(&self, authority: AuthorityCode, side: Side) -> Uuid {
        Uuid::new_v5(&NAMESPACE, format!("{}/{authority}/{side}", self.id).as_bytes())
    }

    pub(super) fn order(a: &Self, b: &Self) -> Ordering {
        (a.kind, a.field, a.since, a.id).cmp(&(b.kind, b.field, b.since, b.id))
    }
}

impl std::fmt::Debug for Discrepancy {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Discrepancy");
        shown.field("id", &self.id).field("kind", &self.kind).field("field", &self.field).finish_non_exhaustive()
    }
}
