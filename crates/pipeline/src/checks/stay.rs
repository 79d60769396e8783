//! An episode, as much of it as the checks read.

use hub_domain::codes::is_short_break;
use hub_domain::{AuthorityCode, Date, PlacementRow};

/// One episode of one authority.
#[derive(Clone)]
pub(super) struct Stay {
    pub(super) authority: AuthorityCode,
    pub(super) child_ref: String,
    pub(super) start: Date,
    pub(super) end: Option<Date>,
    pub(super) place: String,
    pub(super) provider: Option<String>,
    pub(super) urn: Option<String>,
    sector: Option<String>,
    person: (String, String, String),
}

impl Stay {
    /// `None` of a short break, which is not looked-after care by this hub's counting (ruling 12).
    pub(super) fn of(authority: AuthorityCode, row: PlacementRow) -> Option<Self> {
        let is_named = |urn: &String| !urn.is_empty() && !urn.bytes().all(|byte| byte == b'X');
        (!is_short_break(&row.legal_status)).then(|| Self {
            authority,
            child_ref: row.child_ref,
            start: row.episode_start,
            end: row.episode_end,
            place: row.placement_type,
            provider: row.placement_provider,
            urn: row.urn.map(|urn| urn.trim().to_owned()).filter(is_named),
            sector: row.placement_sector,
            person: (row.birth_month, row.sex, row.ethnicity),
        })
    }

    pub(super) const fn is_open(&self) -> bool {
        self.end.is_none()
    }

    /// Where and who, as far as both can be compared between authorities; `None` where the place is not told.
    pub(super) fn likeness(&self) -> Option<(&str, &str, &(String, String, String))> {
        Some((self.urn.as_deref()?, self.sector.as_deref()?, &self.person))
    }
}

impl std::fmt::Debug for Stay {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Stay({})", self.authority)
    }
}
