//! What follows from what a notice holds: whether it can be sent, its deadline, its flags. A statement and a feed
//! settle a notice alike, so the order in which they come does not matter.

use hub_domain::working::BeyondKnownHolidays;
use hub_domain::{AuthorityCode, Calendar, Date, PlacementClass, authority};

use crate::ladder::is_unregistered;
use crate::statement::is_abroad;
use crate::{Context, Deadline, Flag, HeldReason, Notice, NoticeKind, Rules};

impl Notice {
    /// Sets the deadline from the start and whether it was an emergency.
    pub(crate) fn set_deadline(&mut self, context: &Context<'_>) {
        let due = || self.due(context.calendar, context.rules);
        self.deadline = (self.kind == NoticeKind::Placement).then(due).flatten();
    }

    /// A year whose bank holidays are not loaded gives no date, and the notice says so: the host is told all
    /// the same.
    pub(crate) fn due(&self, calendar: &Calendar, rules: &Rules) -> Option<Deadline> {
        if self.is_emergency() {
            known(Deadline::emergency(self.start, rules.emergency_days, calendar))
        } else {
            Deadline::planned(self.start)
        }
    }

    /// Made in an emergency, as far as everybody who says anything of it agrees: one who says that it was planned starts
    /// the shorter clock.
    pub fn is_emergency(&self) -> bool {
        let said = self.said().and_then(|said| said.emergency);
        match (said, self.terms.asserted_emergency()) {
            (Some(said), Some(shown)) => said && shown,
            (said, shown) => said.or(shown) == Some(true),
        }
    }

    /// Whether the end is the one that was announced, as near as two accounts of one day lie to each other.
    pub(crate) fn set_announced(&mut self, rules: &Rules) {
        let meant = self.intention;
        if let Some(ending) = &mut self.ending {
            let far = |day: Date| days_apart(day, ending.on) > i64::from(rules.match_days);
            ending.unannounced = meant.is_some_and(far);
        }
    }

    /// Sets what wants a person's eye.
    pub(crate) fn set_flags(&mut self) {
        let terms = &self.terms;
        let said = self.said();
        let approver = said.and_then(|said| said.approver_role.as_deref()).or(terms.approver_role.as_deref());
        let director = approver == Some("director") || terms.needs_no_approval();
        let undated = |deadline: Option<Deadline>| self.kind == NoticeKind::Placement && deadline.is_none();
        // A feed that is silent, or says otherwise, does not unsay what a person said.
        let stated = said.and_then(|said| said.registration.as_deref());
        let registration = terms.registration.as_deref().or(stated);
        let either = |word: &str| registration == Some(word) || stated == Some(word);
        let asserted = said.and_then(|said| said.class.as_deref());
        let known_class = terms.class != PlacementClass::Unknown;
        self.flags = [
            (terms.class.needs_director() && !director, Flag::DirectorApprovalMissing),
            (self.is_unconsulted(), Flag::ConsultMissing),
            (known_class && asserted.is_some_and(|class| class != terms.class.as_str()), Flag::ClassContradicted),
            (!self.differences_from_feed().is_empty(), Flag::DiffersFromFeed),
            (terms.class == PlacementClass::Adjoining { flagged: true }, Flag::ShortBorder),
            (terms.class == PlacementClass::Unknown, Flag::ClassUnknown),
            (either("unregistered") || (registration.is_none() && terms.is_other()), Flag::UnregisteredSetting),
            (either("pending"), Flag::RegistrationPending),
            (is_abroad(self.host), Flag::OutsideEnglandAndWales),
            (
                undated(self.deadline) || self.ending.as_ref().is_some_and(|ending| undated(ending.deadline)),
                Flag::DeadlineUnknown,
            ),
        ]
        .into_iter()
        .filter_map(|(raised, flag)| raised.then_some(flag))
        .collect();
        let next = self.version.saturating_add(1);
        self.unregistered_from = is_unregistered(self).then(|| self.unregistered_from.unwrap_or(next));
    }

    /// Notice was given of a placement at a distance, and the host had not been consulted before. In an emergency it
    /// may be afterwards (reg 11(3)); a connected person and the authority's own carer are exempt (reg 11(4)).
    fn is_unconsulted(&self) -> bool {
        let Some(given) = self.given.placement.filter(|_| self.terms.class.needs_director()) else { return false };
        let first = self.given.consult.is_some_and(|consult| self.is_emergency() || consult < given);
        !first && !self.terms.needs_no_approval()
    }

    /// Names of what was stated and is otherwise in the feed; nothing while either is silent.
    pub fn differences_from_feed(&self) -> Vec<&'static str> {
        let Some(said) = self.said().filter(|_| self.first_seen.is_some()) else { return Vec::new() };
        let terms = &self.terms;
        let ended = self.ending.as_ref().filter(|ending| !ending.stated).map(|ending| ending.on);
        let goes_on = self.ending.as_ref().is_none_or(|ending| ending.contradicted);
        [
            ("host", differ(said.host, Some(self.host))),
            ("placement_start", differ(said.placement_start, Some(self.start))),
            ("emergency", differ(said.emergency, terms.asserted_emergency())),
            ("placement_type", differ(said.placement_type.as_deref(), Some(terms.placement_type.as_str()))),
            ("placement_provider", differ(said.placement_provider.as_deref(), terms.placement_provider.as_deref())),
            ("urn", differ(said.urn.as_deref(), terms.urn.as_deref())),
            ("setting_ref", differ(said.setting_ref.as_deref(), terms.setting_ref.as_deref())),
            ("placement_sector", differ(said.placement_sector.as_deref(), terms.placement_sector.as_deref())),
            ("registration", differ(said.registration.as_deref(), terms.registration.as_deref())),
            ("legal_status", differ(said.legal_status.as_deref(), Some(terms.legal_status.as_str()))),
            ("approver_role", differ(said.approver_role.as_deref(), terms.approver_role.as_deref())),
            ("ended_on", differ(said.ended_on, ended) || (goes_on && said.ended_on.is_some())),
        ]
        .into_iter()
        .filter_map(|(name, differs)| differs.then_some(name))
        .collect()
    }
}

/// Both speak, and not alike.
fn differ<T: PartialEq>(said: Option<T>, shown: Option<T>) -> bool {
    said.zip(shown).is_some_and(|(said, shown)| said != shown)
}

/// Whole days between two, whichever comes first.
pub(crate) fn days_apart(a: Date, b: Date) -> i64 {
    a.until(b).map_or(i64::MAX, |span| i64::from(span.get_days()).abs())
}

/// The day, if the calendar reaches so far.
pub(crate) fn known(deadline: Result<Deadline, BeyondKnownHolidays>) -> Option<Deadline> {
    deadline.ok()
}

/// Why `host` cannot be told on `on`.
pub(crate) fn held_because(host: AuthorityCode, on: Date, context: &Context<'_>) -> Option<HeldReason> {
    let on = context.rules.judged_on.map_or(on, |day| day.max(on));
    match authority::find(host) {
        // Taking part does not keep an authority in being: registration stands in only where the registry says nothing.
        None if context.rules.extra_hosts.contains(&host) => {
            let over = context.rules.described.get(&host).is_some_and(|said| !said.exists_on(on));
            over.then_some(HeldReason::HostNotInForce)
        }
        None => Some(HeldReason::UnknownHost),
        Some(found) if found.exists_on(on) => None,
        Some(_) => Some(HeldReason::HostNotInForce),
    }
}
