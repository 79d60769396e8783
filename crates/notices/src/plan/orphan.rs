//! Notices that no stay asks for any more.

use hub_domain::authority;

use super::matching::Child;
use super::wanted::Wanted;
use super::{NoticeChange, step};
use crate::settle::held_because;
use crate::{Context, Ending, EndingCause, Notice, NoticeState, WithdrawalReason};

/// Ends or withdraws every open notice that nothing in `wanted` stands for, and tells what could not be told before.
pub(super) fn steps(child: &Child<'_>, wanted: &[Wanted<'_>], context: &Context<'_>) -> Vec<NoticeChange> {
    let open = |notice: &&&Notice| notice.state.is_live() || notice.state == NoticeState::Held;
    let orphaned = |notice: &&&Notice| wanted.iter().all(|wanted| wanted.notice.id != notice.id);
    let mut orphans: Vec<&Notice> = child.held.iter().filter(open).filter(orphaned).copied().collect();
    orphans.sort_by_key(|notice| (notice.start, notice.id));
    let (alone, gone): (Vec<&Notice>, Vec<&Notice>) =
        orphans.into_iter().partition(|notice| stands_alone(notice, child, wanted));
    let held = alone.into_iter().filter(|notice| notice.state == NoticeState::Held);
    let closed = gone.into_iter().map(|notice| close(notice, child, wanted));
    closed.chain(held.flat_map(|notice| release(notice, context))).collect()
}

/// What was stated to a host that could not be told, and no feed has shown: told now, if the host can be. The map may know
/// more of it than it did.
fn release(notice: &Notice, context: &Context<'_>) -> Vec<NoticeChange> {
    let held = held_because(notice.host, notice.start.max(context.as_at), context);
    if held == notice.held_because {
        return Vec::new();
    }
    let mut next = Notice { held_because: held, ..notice.clone() };
    next.terms.class = context.rules.class_of(notice.placing, notice.host, notice.start);
    next.set_deadline(context);
    next.set_flags();
    step::begin(&next, notice.version)
}

/// What people or a home spoke of does not hang on the feed: its silence takes nothing back. Only where the feed shows
/// that very stay with another host does the notice pass on.
fn stands_alone(notice: &Notice, child: &Child<'_>, wanted: &[Wanted<'_>]) -> bool {
    let given = notice.given.placement.is_some();
    let unseen = notice.first_seen.is_none();
    let passes_on = wanted.iter().any(|wanted| wanted.heir_of == Some(notice.id));
    let elsewhere = given && reason(notice, child) == WithdrawalReason::HostCorrected;
    (given || unseen) && !passes_on && !elsewhere && succession(notice, wanted).is_none()
}

fn close(notice: &Notice, child: &Child<'_>, wanted: &[Wanted<'_>]) -> NoticeChange {
    let mut closed = Box::new(notice.clone());
    closed.version = closed.version.saturating_add(1);
    if let Some(ending) = succession(notice, wanted) {
        closed.state = NoticeState::Ended;
        closed.ending = Some(ending);
        return NoticeChange::Ended(closed);
    }
    closed.state = NoticeState::Withdrawn;
    closed.given.withdrawals = closed.given.withdrawals.saturating_add(1);
    closed.held_because = None;
    let passes_on = wanted.iter().any(|wanted| wanted.heir_of == Some(notice.id));
    let because = if passes_on { WithdrawalReason::HostCorrected } else { reason(notice, child) };
    closed.withdrawn_because = Some(because);
    NoticeChange::Withdrawn(closed)
}

/// The same stay is now said to be in the area of the host's successor: the child did not move.
fn succession(notice: &Notice, wanted: &[Wanted<'_>]) -> Option<Ending> {
    let heirs = wanted.iter().map(|wanted| &wanted.notice);
    let heir = heirs
        .filter(|heir| heir.start == notice.start && notice.state.is_live())
        .find(|heir| authority::succeeds(heir.host, notice.host))?;
    Some(Ending {
        on: authority::find(heir.host)?.valid_from?,
        cause: EndingCause::Succeeded,
        reason_ceased: None,
        reason_place_change: None,
        destination: Some(heir.host),
        deadline: None,
        stated: false,
        contradicted: false,
        unannounced: false,
    })
}

fn reason(notice: &Notice, child: &Child<'_>) -> WithdrawalReason {
    let mut same_start = child.stays.iter().filter(|located| located.stay.start == notice.start).peekable();
    if same_start.peek().is_some() {
        let same_host = same_start.any(|located| located.host == Some(notice.host));
        return if same_host { WithdrawalReason::Excluded } else { WithdrawalReason::HostCorrected };
    }
    let still_there = child
        .stays
        .iter()
        .any(|located| located.host == Some(notice.host) && located.stay.end.is_none_or(|end| end > notice.start));
    if still_there { WithdrawalReason::StartCorrected } else { WithdrawalReason::NotReported }
}
