//! What a plan is made of, and the events each part stands for.

use hub_domain::Timestamp;

use crate::{EndingCause, EventKind, Notice, NoticeKind, NoticeState};

/// One change to the notices, each holding the notice as it stands afterwards.
#[derive(Debug, Clone, PartialEq)]
pub enum NoticeChange {
    /// The host is told of a placement (again, when one that had ended or been withdrawn stands after all).
    Raised(Box<Notice>),
    /// The host is given a register entry, without a clock.
    Registered(Box<Notice>),
    /// The host cannot be told yet.
    Held(Box<Notice>),
    /// What was said is corrected or updated.
    Changed {
        /// The new version.
        notice: Box<Notice>,
        /// Names of what differs.
        changed: Vec<&'static str>,
    },
    /// The stay ended.
    Ended(Box<Notice>),
    /// The child moved on: one notice ends and the next begins, in one transaction.
    Moved {
        /// The notice that ends.
        ended: Box<Notice>,
        /// The notice that begins: a register entry when its `kind` says so.
        raised: Box<Notice>,
    },
    /// The stay is not as was said.
    Withdrawn(Box<Notice>),
    /// The feed shows what was stated: kept, and nobody is told again.
    Seen(Box<Notice>),
}

/// One event of a change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event<'a> {
    /// What happened.
    pub kind: EventKind,
    /// The notice afterwards.
    pub notice: &'a Notice,
    /// It is to be delivered to the host. A held notice, and the end of one never issued, are not.
    pub to_host: bool,
}

impl NoticeChange {
    /// Notes `at` as the instant at which what had been held, as `before` shows, could at last be told: no clock is met by
    /// what was said earlier and reached nobody.
    pub fn release(&mut self, before: &[Notice], at: Timestamp) {
        for notice in self.notices_mut() {
            let was_held = |prior: &Notice| prior.id == notice.id && prior.state == NoticeState::Held;
            if notice.issued && before.iter().any(was_held) {
                notice.given.released = Some(at);
            }
        }
    }

    fn notices_mut(&mut self) -> impl Iterator<Item = &mut Notice> {
        let (one, other) = match self {
            Self::Raised(notice)
            | Self::Registered(notice)
            | Self::Held(notice)
            | Self::Changed { notice, .. }
            | Self::Ended(notice)
            | Self::Withdrawn(notice)
            | Self::Seen(notice) => (notice, None),
            Self::Moved { ended, raised } => (ended, Some(raised)),
        };
        std::iter::once(one).chain(other).map(|notice| &mut **notice)
    }

    /// The events to append and deliver, in order: two for a move, else one.
    pub fn events(&self) -> Vec<Event<'_>> {
        match self {
            Self::Raised(notice) | Self::Registered(notice) => vec![begun(notice)],
            Self::Held(notice) => vec![event(EventKind::Held, notice)],
            Self::Changed { notice, .. } => vec![event(EventKind::Changed, notice)],
            Self::Ended(notice) => vec![event(EventKind::Ended, notice)],
            Self::Moved { ended, raised } => vec![event(EventKind::Ended, ended), begun(raised)],
            Self::Withdrawn(notice) => vec![event(EventKind::Withdrawn, notice)],
            Self::Seen(notice) => vec![Event { to_host: false, ..event(EventKind::Seen, notice) }],
        }
    }
}

fn begun(notice: &Notice) -> Event<'_> {
    match notice.kind {
        NoticeKind::Placement | NoticeKind::Consultation => event(EventKind::Raised, notice),
        NoticeKind::Register => event(EventKind::Registered, notice),
    }
}

fn event(kind: EventKind, notice: &Notice) -> Event<'_> {
    Event { kind, notice, to_host: notice.issued }
}

/// Joins an ending and the beginning that follows it into one move.
pub(super) fn join_moves(steps: Vec<NoticeChange>) -> Vec<NoticeChange> {
    let mut joined: Vec<NoticeChange> = Vec::with_capacity(steps.len());
    for step in steps {
        match (joined.pop(), step) {
            (Some(NoticeChange::Ended(ended)), NoticeChange::Raised(raised) | NoticeChange::Registered(raised))
                if leads_to(&ended, &raised) =>
            {
                joined.push(NoticeChange::Moved { ended, raised });
            }
            (before, step) => {
                joined.extend(before);
                joined.push(step);
            }
        }
    }
    joined
}

fn leads_to(ended: &Notice, raised: &Notice) -> bool {
    ended.ending.as_ref().is_some_and(|ending| {
        ending.cause != EndingCause::Ceased && ending.on == raised.start && ending.destination == Some(raised.host)
    })
}
