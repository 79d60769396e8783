//! From a notice to what the ladder looks at.

use std::collections::BTreeMap;

use hub_domain::ages::age_on;
use hub_domain::{Timestamp, london_date};
use uuid::Uuid;

use super::{Awaited, Step, Watched};
use crate::alert::{Register, Unregistered};
use crate::{Deadline, Details, Flag, Notice, NoticeKind, NoticeState, Rules};

/// What the notice alone does not say.
#[derive(Debug, Clone, Copy)]
pub struct Sight<'a> {
    /// The present instant.
    pub now: Timestamp,
    /// When the version that stands was issued to the host.
    pub issued_at: Timestamp,
    /// Notices that an address of their host has refused for good, and when what it refused was queued.
    pub refused: &'a BTreeMap<Uuid, Timestamp>,
    /// The regulator's register, as far as the step asks for it.
    pub register: &'a Register,
    /// What is settled about hosts: which are known, and from when to when.
    pub rules: &'a Rules,
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
            issued_at: notice.issued.then_some(sight.issued_at),
            is_proposed: is_proposed(notice),
            is_opened: !matches!(state, NoticeState::Raised | NoticeState::Delivered),
            is_bounced: state == NoticeState::Raised
                && sight.refused.get(&notice.id).is_some_and(|queued| *queued >= sight.issued_at),
            is_live: state.is_live(),
            is_held: state == NoticeState::Held,
            is_host_gone: notice.issued && sight.rules.has_ended(notice.host, london_date(sight.now)),
            is_unregistered: minor && unregistered(notice, sight).is_some(),
            is_withdrawn: state == NoticeState::Withdrawn,
        }
    }
}

/// What a step is said of, once: the notice, how often it was taken back before, and what the step is about. A due date that
/// is another, a second end, a new version that waits and a home that loses its registration again are each said anew. With
/// it the other names under which it may have been said: what a feed and the regulator's register both say is one spell.
pub fn cause(step: Step, notice: &Notice, sight: Sight<'_>) -> (String, Vec<String>) {
    let named = |about: &str| format!("{}/{}/{about}", notice.id, notice.given.withdrawals);
    let about = match step {
        Step::Nudge | Step::Overdue | Step::Director | Step::Counted | Step::Details => {
            notice.deadline.map_or(notice.start, |deadline| deadline.last_day).to_string()
        }
        Step::SilentEnd => notice.ending.as_ref().map_or(notice.start, |ending| ending.on).to_string(),
        Step::Unopened | Step::Undeliverable => notice.version.to_string(),
        Step::HostEnded => notice.host.to_string(),
        Step::Unregistered => {
            let urn = notice.terms.urn.as_deref();
            let since = urn.and_then(|urn| sight.register.unregistered_since(urn, london_date(sight.now)));
            let of_register = since.map(|since| format!("register-{since}"));
            return match (notice.unregistered_from, of_register) {
                (Some(version), also) => (named(&version.to_string()), also.iter().map(|also| named(also)).collect()),
                (None, of_register) => (named(&of_register.unwrap_or_default()), Vec::new()),
            };
        }
        Step::Cluster | Step::Worsened => String::new(),
    };
    (named(&about), Vec::new())
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
    Some(Awaited { deadline, came: notice.given_at() })
}

fn details(notice: &Notice) -> Option<Awaited> {
    // A reason excuses that they come late, never that they do not come.
    let deadline = notice.deadline.filter(|_| notice.details() != Details::NotDue)?;
    Some(Awaited { deadline, came: notice.details_given() })
}

fn ending(notice: &Notice) -> Option<Awaited> {
    let deadline = notice.ending.as_ref()?.deadline?;
    Some(Awaited { deadline, came: notice.end_given_at() })
}
