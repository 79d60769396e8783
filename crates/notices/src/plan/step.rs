//! From a notice as it is to the notice as it should be.

use super::NoticeChange;
use super::wanted::Wanted;
use crate::{Notice, NoticeKind, NoticeState};

/// The changes that one wanted notice needs; none when it is as it should be.
pub(super) fn steps(wanted: &Wanted<'_>) -> Vec<NoticeChange> {
    let notice = &wanted.notice;
    let Some(prior) = wanted.prior else { return begin(notice, 0) };
    if confirms(notice, prior) {
        return vec![NoticeChange::Seen(Box::new(Notice {
            state: prior.state,
            version: prior.version,
            issued: prior.issued,
            ..notice.clone()
        }))];
    }
    match prior.state {
        NoticeState::Held if notice.held_because == prior.held_because && notice.differences(prior).is_empty() => {
            Vec::new()
        }
        NoticeState::Draft | NoticeState::Held | NoticeState::Withdrawn => begin(notice, prior.version),
        NoticeState::Ended if notice.ending.is_none() => begin(notice, prior.version),
        NoticeState::Ended => change(notice, prior, NoticeState::Ended),
        NoticeState::Raised
        | NoticeState::Delivered
        | NoticeState::Opened
        | NoticeState::Acknowledged
        | NoticeState::Complete
        | NoticeState::Queried
        | NoticeState::Disputed => continue_live(notice, prior),
    }
}

/// A feed shows for the first time what was stated, and nothing else than was stated: the host knows it already.
fn confirms(notice: &Notice, prior: &Notice) -> bool {
    let told = prior.state.is_live() || prior.state == NoticeState::Ended;
    let over = notice.ending.as_ref().is_some_and(|ending| !ending.stated);
    told && prior.first_seen.is_none()
        && prior.given.placement.is_some()
        && notice.kind == prior.kind
        && notice.differences_from_feed().is_empty()
        && (!over || prior.state == NoticeState::Ended)
}

/// A question or a dispute stays open through a change; anything else is to be delivered anew.
fn continue_live(notice: &Notice, prior: &Notice) -> Vec<NoticeChange> {
    if notice.ending.is_some() {
        return vec![NoticeChange::Ended(version(notice, prior.version, NoticeState::Ended))];
    }
    let open = matches!(prior.state, NoticeState::Queried | NoticeState::Disputed);
    change(notice, prior, if open { prior.state } else { NoticeState::Raised })
}

/// Tells the host, or holds what cannot be told; a stay already over is told of and ended at once.
pub(super) fn begin(notice: &Notice, after: u32) -> Vec<NoticeChange> {
    if notice.held_because.is_some() {
        let mut held = version(notice, after, NoticeState::Held);
        held.issued = false;
        held.held_because = notice.held_because;
        return vec![NoticeChange::Held(held)];
    }
    let mut begun = version(notice, after, NoticeState::Raised);
    begun.ending = None;
    let ended = notice.ending.is_some().then(|| version(notice, begun.version, NoticeState::Ended));
    let begun = match begun.kind {
        NoticeKind::Placement | NoticeKind::Consultation => NoticeChange::Raised(begun),
        NoticeKind::Register => NoticeChange::Registered(begun),
    };
    std::iter::once(begun).chain(ended.map(NoticeChange::Ended)).collect()
}

fn change(notice: &Notice, prior: &Notice, state: NoticeState) -> Vec<NoticeChange> {
    let changed = notice.differences(prior);
    if changed.is_empty() {
        return Vec::new();
    }
    vec![NoticeChange::Changed { notice: version(notice, prior.version, state), changed }]
}

/// The version after `after`, issued. A host that could be told once is told of what follows, whatever
/// has become of it since.
fn version(notice: &Notice, after: u32, state: NoticeState) -> Box<Notice> {
    Box::new(Notice {
        version: after.saturating_add(1),
        state,
        issued: true,
        held_because: None,
        withdrawn_because: None,
        ..notice.clone()
    })
}
