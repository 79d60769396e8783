//! The notices that should exist.

use hub_domain::adjacency::classify;
use hub_domain::working::BeyondKnownHolidays;
use hub_domain::{AuthorityCode, Date, PlacementClass, authority};

use super::matching::{Child, Located};
use crate::{
    Context, Deadline, Ending, EndingCause, Flag, HeldReason, Notice, NoticeKind, NoticeState, Origin, Stay, Terms,
};

/// A notice as it should be, and as it is.
pub(super) struct Wanted<'a> {
    /// As it should be; `version` and `state` are set when it changes.
    pub(super) notice: Notice,
    /// As it is.
    pub(super) prior: Option<&'a Notice>,
}

/// The notices that one child's stays ask for, by start.
pub(super) fn of<'a>(child: &Child<'a>, context: &Context<'_>) -> Vec<Wanted<'a>> {
    let mut wanted: Vec<Wanted<'a>> = Vec::new();
    for (at, located) in child.stays.iter().enumerate() {
        let Some(host) = located.host.filter(|host| *host != child.placing) else { continue };
        if !context.rules.cover(located.stay.first()) {
            continue;
        }
        let claimed: Vec<_> = wanted.iter().map(|wanted| wanted.notice.id).collect();
        let prior = child.prior(&located.stay, host, &claimed);
        let mut notice = draft(child, &located.stay, host, context);
        if let Some(prior) = prior {
            keep_beginning(&mut notice, prior);
        }
        let next = child.stays.get(at + 1);
        notice.ending = located.stay.end.map(|on| ending(&notice, located, on, next, context));
        notice.flags = flags(&notice);
        notice.supersedes =
            wanted.last().map(|before| &before.notice).filter(|before| leads(before, &notice)).map(|it| it.id);
        if prior.is_some_and(|prior| prior.state != NoticeState::Withdrawn) || !is_past(&notice, context) {
            wanted.push(Wanted { notice, prior });
        }
    }
    wanted
}

/// Over before the authority joined: nobody is told.
fn is_past(notice: &Notice, context: &Context<'_>) -> bool {
    notice.ending.as_ref().is_some_and(|ending| ending.on <= context.joined)
}

fn draft(child: &Child<'_>, stay: &Stay<'_>, host: AuthorityCode, context: &Context<'_>) -> Notice {
    let known_from = authority::find(host).and_then(|authority| authority.valid_from);
    let decided_on = known_from.map_or(stay.start, |from| from.max(stay.start));
    let terms = Terms::of(stay, classify(child.placing, host, decided_on));
    let began_here = matches!(stay.origin, Origin::Placement | Origin::Relocation) && decided_on == stay.start;
    let kind = if began_here && stay.start > context.joined { NoticeKind::Placement } else { NoticeKind::Register };
    let deadline = (kind == NoticeKind::Placement).then(|| due(stay.start, &terms, context)).flatten();
    Notice {
        id: Notice::id_of(child.placing, stay.child_ref, stay.start, host),
        version: 0,
        kind,
        state: NoticeState::Held,
        issued: false,
        placing: child.placing,
        host,
        child_ref: stay.child_ref.to_owned(),
        start: stay.start,
        terms,
        deadline,
        flags: Vec::new(),
        held_because: held_because(host, stay.start.max(context.as_at), context),
        ending: None,
        withdrawn_because: None,
        supersedes: None,
        first_seen: context.as_at,
    }
}

/// What was settled when the notice was first made. When the feed no longer shows the start, that is
/// everything about the start.
fn keep_beginning(notice: &mut Notice, prior: &Notice) {
    notice.first_seen = prior.first_seen;
    if notice.id != prior.id {
        notice.id = prior.id;
        notice.start = prior.start;
        notice.kind = prior.kind;
        notice.deadline = prior.deadline;
        notice.terms.begin_as(&prior.terms);
    }
}

/// A year whose bank holidays are not loaded gives no date, and the notice says so: the host is told all
/// the same.
fn due(start: Date, terms: &Terms, context: &Context<'_>) -> Option<Deadline> {
    if terms.emergency {
        known(Deadline::emergency(start, context.rules.emergency_days, context.calendar))
    } else {
        Deadline::planned(start)
    }
}

fn known(deadline: Result<Deadline, BeyondKnownHolidays>) -> Option<Deadline> {
    deadline.ok()
}

fn held_because(host: AuthorityCode, on: Date, context: &Context<'_>) -> Option<HeldReason> {
    if context.rules.extra_hosts.contains(&host) {
        return None;
    }
    match authority::find(host) {
        None => Some(HeldReason::UnknownHost),
        Some(found) if found.exists_on(on) => None,
        Some(_) => Some(HeldReason::HostNotInForce),
    }
}

fn ending(
    notice: &Notice,
    located: &Located<'_>,
    on: Date,
    next: Option<&Located<'_>>,
    context: &Context<'_>,
) -> Ending {
    let next = next.filter(|next| next.stay.start == on);
    let closing = located.stay.closing();
    let runs = notice.kind == NoticeKind::Placement;
    Ending {
        on,
        cause: match next.map(|next| next.stay.origin) {
            None => EndingCause::Ceased,
            Some(Origin::Succession) => EndingCause::Succeeded,
            Some(Origin::Placement | Origin::Relocation | Origin::Continuation) => EndingCause::Moved,
        },
        reason_ceased: closing.reason_ceased.clone(),
        reason_place_change: closing.reason_place_change.clone(),
        destination: next.and_then(|next| next.host),
        deadline: runs.then(|| known(Deadline::ending(on, context.rules.ending_days, context.calendar))).flatten(),
    }
}

fn leads(before: &Notice, notice: &Notice) -> bool {
    before.host == notice.host && before.ending.as_ref().is_some_and(|ending| ending.on == notice.start)
}

fn flags(notice: &Notice) -> Vec<Flag> {
    let terms = &notice.terms;
    let registration = terms.registration.as_deref();
    let director = terms.approver_role.as_deref() == Some("director") || terms.needs_no_approval();
    let undated = |deadline: Option<Deadline>| notice.kind == NoticeKind::Placement && deadline.is_none();
    [
        (terms.class.needs_director() && !director, Flag::DirectorApprovalMissing),
        (terms.class == PlacementClass::Adjoining { flagged: true }, Flag::ShortBorder),
        (terms.class == PlacementClass::Unknown, Flag::ClassUnknown),
        (
            registration == Some("unregistered") || (registration.is_none() && terms.is_other()),
            Flag::UnregisteredSetting,
        ),
        (registration == Some("pending"), Flag::RegistrationPending),
        (
            undated(notice.deadline) || notice.ending.as_ref().is_some_and(|ending| undated(ending.deadline)),
            Flag::DeadlineUnknown,
        ),
    ]
    .into_iter()
    .filter_map(|(raised, flag)| raised.then_some(flag))
    .collect()
}
