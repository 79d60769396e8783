//! The notices that a home's word alone gives rise to: opened while nothing else speaks of the child, taken back when
//! something does.

use std::collections::{BTreeSet, HashMap, HashSet};

use hub_domain::clock::london;
use hub_domain::{AuthorityCode, Date, Timestamp};

use super::Reconciled;
use super::account::{Accounts, CHILD_OF_ADMISSION, Filed};
use crate::{
    Admission, Admitted, Context, Ending, EndingCause, Notice, NoticeChange, NoticeState, Standing, WithdrawalReason,
};

/// What shells are made against.
#[derive(Debug, Clone, Copy)]
pub struct Shells<'a> {
    /// What the night set beside each other.
    pub accounts: &'a Accounts,
    /// What it found.
    pub found: &'a Reconciled,
    /// When it was made.
    pub now: Timestamp,
    /// Working days, and the rules of the placing authority.
    pub context: Context<'a>,
}

/// What must change so that every admission that nothing else speaks of has a notice, and no other has one. `held` are
/// the placing authority's notices; changes come by child.
pub fn shells(placing: AuthorityCode, held: &[Notice], night: &Shells<'_>) -> Vec<NoticeChange> {
    let filed = &night.accounts.admissions;
    let mine = |at: &usize| filed.get(*at).filter(|filed| filed.told.placing == Some(placing));
    let alone: HashMap<String, &Filed> =
        night.found.alone.iter().filter_map(mine).map(|filed| (filed.child_ref(), filed)).collect();
    let mut changes: Vec<NoticeChange> = Vec::new();
    let mut shown = BTreeSet::new();
    let joined: HashSet<usize> = night.found.joined.iter().map(|(at, _)| *at).collect();
    let known: HashMap<String, usize> = (0..)
        .zip(filed)
        .filter(|(_, it)| it.told.placing == Some(placing))
        .map(|(at, it)| (it.child_ref(), at))
        .collect();
    for shell in held.iter().filter(|notice| is_shell(notice)) {
        shown.insert(shell.child_ref.as_str());
        let change = match (alone.get(&shell.child_ref), known.get(&shell.child_ref)) {
            (Some(filed), _) => keep(shell, filed),
            (None, Some(at)) if joined.contains(at) => withdraw(shell, WithdrawalReason::Duplicate),
            (None, Some(at)) if night.found.breaks.contains(at) => withdraw(shell, WithdrawalReason::ShortBreak),
            // Still in doubt: what was said stands.
            (None, Some(_)) => None,
            (None, None) => withdraw(shell, WithdrawalReason::NotReported),
        };
        changes.extend(change);
    }
    let mut new: Vec<_> = alone.iter().filter(|(child, _)| !shown.contains(child.as_str())).collect();
    new.sort_by_key(|(child, _)| *child);
    changes.extend(
        new.into_iter().filter(|(_, filed)| filed.told.end.is_none()).map(|(_, filed)| open(placing, filed, night)),
    );
    changes
}

/// Opened for an admission, and nobody has given notice in its place.
fn is_shell(notice: &Notice) -> bool {
    notice.child_ref.starts_with(CHILD_OF_ADMISSION) && notice.standing() == Standing::ProviderOnly
}

fn open(placing: AuthorityCode, filed: &Filed, night: &Shells<'_>) -> NoticeChange {
    let admitted = Admitted {
        placing,
        host: filed.told.host,
        child_ref: filed.child_ref(),
        admission: admission_of(filed, None, night.now),
        placement_type: if filed.notified_under == "reg_28" { "K3" } else { "K2" }.to_owned(),
        setting_ref: filed.told.setting_ref.clone(),
        placement_sector: filed.told.sector.clone(),
    };
    let notice = Box::new(Notice::from_admission(&admitted, &night.context));
    if notice.held_because.is_some() { NoticeChange::Held(notice) } else { NoticeChange::Raised(notice) }
}

/// What a home told, as its notice carries it. What was heard before stays heard then.
pub fn admission_of(filed: &Filed, before: Option<&Admission>, now: Timestamp) -> Admission {
    let (on, urn) = (filed.told.start, filed.told.urn.clone());
    let heard = before.filter(|before| before.on == on).map(|before| before.reported_at);
    let reported_at = filed.notified_on.and_then(morning).or(heard).unwrap_or(now);
    Admission { on, reported_at, urn }
}

fn morning(day: Date) -> Option<Timestamp> {
    day.to_zoned(london()).ok().map(|zoned| zoned.timestamp())
}

/// The admission stands: the notice of it is as it was, begins again, or ends with it.
fn keep(shell: &Notice, filed: &Filed) -> Option<NoticeChange> {
    let mut next = Box::new(shell.clone());
    next.version = shell.version.saturating_add(1);
    match (filed.told.end, shell.state) {
        (None, NoticeState::Withdrawn | NoticeState::Ended) => {
            (next.state, next.issued) = (NoticeState::Raised, true);
            (next.ending, next.withdrawn_because) = (None, None);
            Some(NoticeChange::Raised(next))
        }
        (Some(on), state) if state.is_live() => {
            next.state = NoticeState::Ended;
            next.ending = Some(Ending {
                on,
                cause: EndingCause::Ceased,
                reason_ceased: None,
                reason_place_change: None,
                destination: None,
                deadline: None,
                stated: false,
                contradicted: false,
                unannounced: false,
            });
            Some(NoticeChange::Ended(next))
        }
        _ => None,
    }
}

fn withdraw(shell: &Notice, because: WithdrawalReason) -> Option<NoticeChange> {
    let open = shell.state.is_live() || shell.state == NoticeState::Held;
    open.then(|| {
        let mut next = Box::new(shell.clone());
        next.version = shell.version.saturating_add(1);
        next.given.withdrawals = shell.given.withdrawals.saturating_add(1);
        (next.state, next.withdrawn_because, next.held_because) = (NoticeState::Withdrawn, Some(because), None);
        NoticeChange::Withdrawn(next)
    })
}
