//! From a notice to what the ladder looks at.

use std::collections::BTreeSet;

use hub_domain::ages::age_on;
use hub_domain::{Timestamp, london_date};
use uuid::Uuid;

use super::{Awaited, Watched};
use crate::alert::{Register, Unregistered};
use crate::{Deadline, Details, Flag, Notice, NoticeKind, NoticeState};

/// What the notice alone does not say.
#[derive(Debug, Clone, Copy)]
pub struct Sight<'a> {
    /// The present instant.
    pub now: Timestamp,
    /// When the notice last changed.
    pub updated_at: Timestamp,
    /// Notices that an address of their host has refused for good.
    pub refused: &'a BTreeSet<Uuid>,
    /// The regulator's register, as far as the step asks for it.
    pub register: &'a Register,
}

impl Watched {
    /// What the ladder looks at in a notice.
    pub fn of(notice: &Notice, sight: Sight<'_>) -> Self {
        let state = notice.state;
        let minor = age_on(&notice.terms.birth_month, london_date(sight.now)).is_none_or(|age| age < 18);
        Self {
            placement: placement(notice),
            details: details(notice),
            ending: ending(notice),
            issued_at: notice.issued.then_some(sight.updated_at),
            is_proposed: is_proposed(notice),
            is_opened: !matches!(state, NoticeState::Raised | NoticeState::Delivered),
            is_bounced: state == NoticeState::Raised && sight.refused.contains(&notice.id),
            is_live: state.is_live(),
            is_unregistered: minor && unregistered(notice, sight).is_some(),
            is_withdrawn: state == NoticeState::Withdrawn,
        }
    }
}

/// The setting is unregistered in law: pending is too (ruling 19).
pub fn is_unregistered(notice: &Notice) -> bool {
    notice.flags.iter().any(|flag| matches!(flag, Flag::UnregisteredSetting | Flag::RegistrationPending))
}

/// How the setting is not registered, by the placing authority's word or by the regulator's register: whoever says that it is
/// not is heard, and the worse of the two counts.
pub fn unregistered(notice: &Notice, sight: Sight<'_>) -> Option<Unregistered> {
    let said = if notice.flags.contains(&Flag::UnregisteredSetting) {
        Some(Unregistered::Ended)
    } else {
        notice.flags.contains(&Flag::RegistrationPending).then_some(Unregistered::Pending)
    };
    let urn = notice.terms.urn.as_deref();
    let found = urn.and_then(|urn| sight.register.unregistered(urn, london_date(sight.now)));
    said.max(found)
}

/// Drafted or consulted on: the placement may never come about.
fn is_proposed(notice: &Notice) -> bool {
    notice.kind == NoticeKind::Consultation || notice.state == NoticeState::Draft
}

fn placement(notice: &Notice) -> Option<Awaited> {
    let proposed = || is_proposed(notice).then(|| Deadline::planned(notice.start)).flatten();
    let deadline = notice.deadline.or_else(proposed)?;
    Some(Awaited { deadline, came: notice.given_at(), excused: is_excused(notice) })
}

fn details(notice: &Notice) -> Option<Awaited> {
    let deadline = notice.deadline.filter(|_| notice.details() != Details::NotDue)?;
    Some(Awaited { deadline, came: notice.details_given(), excused: is_excused(notice) })
}

fn is_excused(notice: &Notice) -> bool {
    let said = notice.statement.as_deref().filter(|stated| !stated.provisional);
    said.is_some_and(|stated| stated.said.not_practicable_reason.is_some())
}

fn ending(notice: &Notice) -> Option<Awaited> {
    let deadline = notice.ending.as_ref()?.deadline?;
    Some(Awaited { deadline, came: notice.end_given_at(), excused: false })
}
