//! From a notice to what the ladder looks at.

use std::collections::BTreeSet;

use hub_domain::ages::age_on;
use hub_domain::{Timestamp, london_date};
use uuid::Uuid;

use super::{Awaited, Watched};
use crate::{Deadline, Flag, Notice, NoticeKind, NoticeState};

/// What the notice alone does not say.
#[derive(Debug, Clone, Copy)]
pub struct Sight<'a> {
    /// The present instant.
    pub now: Timestamp,
    /// When the notice last changed.
    pub updated_at: Timestamp,
    /// Notices that an address of their host has refused for good.
    pub refused: &'a BTreeSet<Uuid>,
}

impl Watched {
    /// What the ladder looks at in a notice.
    pub fn of(notice: &Notice, sight: Sight<'_>) -> Self {
        let state = notice.state;
        let minor = age_on(&notice.terms.birth_month, london_date(sight.now)).is_none_or(|age| age < 18);
        Self {
            placement: placement(notice),
            ending: ending(notice),
            issued_at: notice.issued.then_some(sight.updated_at),
            is_proposed: is_proposed(notice),
            is_opened: !matches!(state, NoticeState::Raised | NoticeState::Delivered),
            is_bounced: state == NoticeState::Raised && sight.refused.contains(&notice.id),
            is_live: state.is_live(),
            is_unregistered: minor && is_unregistered(notice),
            is_withdrawn: state == NoticeState::Withdrawn,
        }
    }
}

/// The setting is unregistered in law: pending is too (ruling 19).
pub fn is_unregistered(notice: &Notice) -> bool {
    notice.flags.iter().any(|flag| matches!(flag, Flag::UnregisteredSetting | Flag::RegistrationPending))
}

/// Drafted or consulted on: the placement may never come about.
fn is_proposed(notice: &Notice) -> bool {
    notice.kind == NoticeKind::Consultation || notice.state == NoticeState::Draft
}

fn placement(notice: &Notice) -> Option<Awaited> {
    let proposed = || is_proposed(notice).then(|| Deadline::planned(notice.start)).flatten();
    let deadline = notice.deadline.or_else(proposed)?;
    let said = notice.statement.as_deref().filter(|stated| !stated.provisional);
    let excused = said.is_some_and(|stated| stated.said.not_practicable_reason.is_some());
    Some(Awaited { deadline, came: notice.given_at(), excused })
}

fn ending(notice: &Notice) -> Option<Awaited> {
    let deadline = notice.ending.as_ref()?.deadline?;
    Some(Awaited { deadline, came: notice.end_given_at(), excused: false })
}
