//! The notices that should exist.

use hub_domain::adjacency::classify;
use hub_domain::{AuthorityCode, Date, authority};
use uuid::Uuid;

use super::matching::{Child, Located};
use crate::settle::{held_because, known};
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
        notice.sealed.retain(|_| prior.is_some());
        notice.set_deadline(context);
        if let Some(prior) = prior {
            keep_beginning(&mut notice, prior, &located.stay);
        }
        let next = child.stays.get(at + 1);
        let shown = located.stay.end.map(|on| ending(&notice, located, on, next, context));
        notice.ending = shown.or_else(|| prior.and_then(|prior| prior.ending.clone()).filter(|ending| ending.stated));
        notice.set_flags();
        notice.supersedes =
            wanted.last().map(|before| &before.notice).filter(|before| leads(before, &notice)).map(|it| it.id);
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
    let known_from = authority::find(host).and_then(|authority| authority.valid_from);
    let decided_on = known_from.map_or(stay.start, |from| from.max(stay.start));
    let terms = Terms::of(stay, classify(child.placing, host, decided_on));
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
    }
}

/// What the feed does not speak of: statements, what a home told, what lies sealed.
fn keep_said(notice: &mut Notice, prior: &Notice) {
    notice.statement.clone_from(&prior.statement);
    notice.given = prior.given;
    notice.intention = prior.intention;
    notice.admission.clone_from(&prior.admission);
    notice.sealed.clone_from(&prior.sealed);
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
    }
}

fn leads(before: &Notice, notice: &Notice) -> bool {
    before.host == notice.host && before.ending.as_ref().is_some_and(|ending| ending.on == notice.start)
}
