//! The notices that should exist.

use hub_domain::{AuthorityCode, Date};
use uuid::Uuid;

use super::matching::{Child, Located};
use crate::reconcile::Tolerance;
use crate::settle::{days_apart, held_because, known};
use crate::{Context, Deadline, Ending, EndingCause, Given, Notice, NoticeKind, NoticeState, Origin, Stay, Terms};

/// A notice as it should be, and as it is.
pub(super) struct Wanted<'a> {
    /// As it should be; `version` and `state` are set when it changes.
    pub(super) notice: Notice,
    /// As it is.
    pub(super) prior: Option<&'a Notice>,
    /// The notice stated of this stay for another host: this one takes its place.
    pub(super) heir_of: Option<Uuid>,
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
        let prior = child.prior(&located.stay, host, &claimed, context.rules);
        let stated = prior.is_none().then(|| child.stated_elsewhere(&located.stay, host, &wanted, context.rules));
        let stated = stated.flatten();
        let mut notice = draft(child, &located.stay, host, context);
        if let Some(prior) = prior.or(stated) {
            keep_said(&mut notice, prior);
        }
        // What was sealed to the wrong host the right one cannot open.
        if prior.is_none() {
            notice.unseal();
        }
        notice.set_deadline(context);
        if let Some(prior) = prior {
            keep_beginning(&mut notice, prior, &located.stay);
        }
        let next = child.stays.get(at + 1);
        let shown = located.stay.end.map(|on| ending(&notice, located, on, next, context));
        notice.ending = shown.or_else(|| prior.and_then(|prior| stated_end(prior, context.as_at)));
        if notice.ending.is_none() {
            // An end that is none any more was not told of: the next one waits for its own notice.
            notice.given.ended = None;
        }
        notice.set_announced(context.rules);
        if let Some(prior) = prior {
            notice.keep_met(prior);
        }
        notice.set_flags();
        notice.supersedes = superseded(child, &wanted, &notice, prior);
        if prior.is_some_and(|prior| prior.state != NoticeState::Withdrawn) || !is_past(&notice, context) {
            wanted.push(Wanted { notice, prior, heir_of: stated.map(|stated| stated.id) });
        }
    }
    wanted
}

/// Over before the authority joined: nobody is told.
fn is_past(notice: &Notice, context: &Context<'_>) -> bool {
    notice.ending.as_ref().is_some_and(|ending| ending.on <= context.joined)
}

fn draft(child: &Child<'_>, stay: &Stay<'_>, host: AuthorityCode, context: &Context<'_>) -> Notice {
    let decided_on = context.rules.decided_on(host, stay.start);
    let terms = Terms::of(stay, context.rules.classify(child.placing, host, decided_on));
    let began_here = matches!(stay.origin, Origin::Placement | Origin::Relocation) && decided_on == stay.start;
    let kind = if began_here && stay.start > context.joined { NoticeKind::Placement } else { NoticeKind::Register };
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
        deadline: None,
        flags: Vec::new(),
        held_because: held_because(host, stay.start.max(context.as_at), context),
        ending: None,
        withdrawn_because: None,
        supersedes: None,
        first_seen: Some(context.as_at),
        statement: None,
        given: Given::default(),
        intention: None,
        admission: None,
        sealed: Vec::new(),
        unregistered_from: None,
    }
}

/// What the feed does not speak of: statements, what a home told, what lies sealed, since when a flag stands.
fn keep_said(notice: &mut Notice, prior: &Notice) {
    notice.statement.clone_from(&prior.statement);
    notice.given = prior.given;
    notice.intention = prior.intention;
    notice.admission.clone_from(&prior.admission);
    notice.sealed.clone_from(&prior.sealed);
    (notice.version, notice.unregistered_from) = (prior.version, prior.unregistered_from);
}

/// What was settled when the notice was first made. When the feed no longer shows the start, that is everything about the
/// start; when it shows another start than was stated, no more than the id.
fn keep_beginning(notice: &mut Notice, prior: &Notice, stay: &Stay<'_>) {
    notice.first_seen = prior.first_seen.or(notice.first_seen);
    if notice.id == prior.id {
        return;
    }
    notice.id = prior.id;
    if stay.origin == Origin::Continuation {
        notice.start = prior.start;
        notice.kind = prior.kind;
        notice.deadline = prior.deadline;
        notice.terms.begin_as(&prior.terms);
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
        stated: false,
        contradicted: false,
        unannounced: false,
    }
}

/// The end that was stated and that the feed, which shows the stay going on, has not shown: contradicted by it once the
/// day has passed, and the few more that a feed may lag behind.
fn stated_end(prior: &Notice, as_at: Date) -> Option<Ending> {
    let stated = prior.ending.clone().filter(|ending| ending.stated)?;
    let lags = days_apart(as_at, stated.on) <= Tolerance::default().grace_days;
    Some(Ending { contradicted: as_at > stated.on && !lags, ..stated })
}

/// The notice that this one takes the place of: the feed shows that the one ends as the other begins, or it was stated so.
fn superseded(child: &Child<'_>, wanted: &[Wanted<'_>], notice: &Notice, prior: Option<&Notice>) -> Option<Uuid> {
    let shown = wanted.last().map(|before| &before.notice).filter(|before| leads(before, notice));
    let kept = prior.and_then(|prior| prior.supersedes);
    let stated = || {
        let others = child.held.iter().copied().filter(|other| other.id != notice.id && other.host == notice.host);
        others.filter(|other| other.state != NoticeState::Withdrawn).find(|other| said_to_lead(other, notice, kept))
    };
    shown.or_else(stated).map(|before| before.id)
}

/// The placing authority stated that the child left the one stay for the other, whatever days the feed shows.
fn said_to_lead(before: &Notice, notice: &Notice, kept: Option<Uuid>) -> bool {
    let said = |notice: &Notice| notice.statement.as_deref().filter(|it| !it.provisional).map(|it| it.said.clone());
    let Some(left) = said(before).filter(|left| left.destination == Some(notice.host)) else { return false };
    let begun = said(notice).and_then(|begun| begun.placement_start);
    left.ended_on.is_some_and(|on| on == notice.start || Some(on) == begun || kept == Some(before.id))
}

fn leads(before: &Notice, notice: &Notice) -> bool {
    before.host == notice.host && before.ending.as_ref().is_some_and(|ending| ending.on == notice.start)
}
