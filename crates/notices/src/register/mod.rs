//! A line of the register: one child placed by one authority in the area of another, as either side reads it.

use hub_domain::{AuthorityCode, Calendar, Date, Timestamp};

use crate::clock::{ending_clock_at, host_clock_at};
use crate::payload::AuthorityRef;
use crate::{Clock, Details, Flag, Notice, NoticeState, Standing, Terms};

/// A line of the register. Holds a pseudonym, a month of birth and a postcode sector: for the two authorities alone.
#[derive(Clone)]
pub struct Entry {
    /// The notice.
    pub notice: uuid::Uuid,
    /// The placing authority's pseudonym for the child.
    pub child_ref: String,
    /// Who placed.
    pub placing: AuthorityRef,
    /// In whose area.
    pub host: AuthorityRef,
    /// First day in the host's area: of the stay, or of a host that came into being during it.
    pub since: Date,
    /// First day no longer there, as far as is known now.
    pub until: Option<Date>,
    /// The day the placement is meant to end, once said.
    pub meant_until: Option<Date>,
    /// What is said of the placement.
    pub terms: Terms,
    /// How far the host has got with the notice.
    pub state: NoticeState,
    /// Who has given notice.
    pub standing: Standing,
    /// What wants a person's eye.
    pub flags: Vec<Flag>,
    /// How notice of the placement stands; `None` where none was due.
    pub clock: Option<Clock>,
    /// How notice of its end stands, once it has ended.
    pub ending_clock: Option<Clock>,
    /// Whether needs and care plan have come (reg 13(4)(b)).
    pub details: Details,
    /// By which the host ties this line to others of the same child.
    pub link_key: uuid::Uuid,
}

impl Entry {
    /// The line of a notice, its clocks read at `now`.
    pub fn of(notice: &Notice, now: Timestamp, calendar: &Calendar) -> Self {
        Self {
            notice: notice.id,
            child_ref: notice.child_ref.clone(),
            placing: named(notice.placing),
            host: named(notice.host),
            since: notice.there_from(),
            until: notice.ending.as_ref().map(|ending| ending.on),
            meant_until: notice.intention,
            terms: notice.terms.clone(),
            state: notice.state,
            standing: notice.standing(),
            flags: notice.flags.clone(),
            clock: host_clock_at(notice, now, calendar),
            ending_clock: ending_clock_at(notice, now, calendar),
            details: notice.details(),
            link_key: notice.link_key(),
        }
    }
}

fn named(code: AuthorityCode) -> AuthorityRef {
    code.into()
}

impl std::fmt::Debug for Entry {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry").field("notice", &self.notice).field("state", &self.state).finish_non_exhaustive()
    }
}
