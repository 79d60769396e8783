//! Stays and notices, joined by child: both carry the placing authority's own pseudonym.

use std::collections::HashMap;

use hub_domain::{AuthorityCode, Date};

use super::account::{Accounts, Placed, Told, Tolerance, day_number};

/// The accounts of one stay, by place in [`Accounts`]: at least one of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) stay: Option<usize>,
    pub(super) notice: Option<usize>,
    pub(super) admission: Option<usize>,
    /// An admission that could not be joined may be its own: that none is joined says nothing.
    pub(super) doubted: bool,
    /// Of an admission that stands alone: agreements on short breaks that it may be under.
    pub(super) series: usize,
}

/// Every stay and notice in one group each, and the admissions that could not be joined.
#[derive(Debug, Default)]
pub(super) struct Joined {
    pub(super) groups: Vec<Group>,
    /// Admissions in doubt: which, why, and how many placements fit.
    pub(super) doubts: Vec<(usize, super::Doubt, u32)>,
    /// Admissions for a short break, and which of those that episodes show.
    pub(super) breaks: Vec<(usize, Option<usize>)>,
    pub(super) work: u64,
}

type Child<'a> = (Option<AuthorityCode>, &'a str);

impl Joined {
    /// Joins stays and notices; admissions come later.
    pub(super) fn of(accounts: &Accounts, tolerance: &Tolerance) -> Self {
        let mut joined = Self::default();
        let mut notices: HashMap<Child<'_>, Vec<usize>> = HashMap::with_capacity(accounts.notices.len());
        for (at, notice) in accounts.notices.iter().enumerate() {
            notices.entry(child(notice)).or_default().push(at);
        }
        let mut stays: HashMap<Child<'_>, Vec<usize>> = HashMap::with_capacity(accounts.stays.len());
        for (at, stay) in accounts.stays.iter().enumerate() {
            stays.entry(child(stay)).or_default().push(at);
        }
        for (child, stays) in stays {
            joined.pair(accounts, stays, notices.remove(&child).unwrap_or_default(), tolerance);
        }
        let alone = notices.into_values().flatten();
        joined.groups.extend(alone.map(|at| Group { notice: Some(at), ..Group::default() }));
        joined
    }

    /// One child's stays and notices: the same id first, then the nearest start, in the same host before another.
    fn pair(&mut self, accounts: &Accounts, mut stays: Vec<usize>, mut notices: Vec<usize>, tolerance: &Tolerance) {
        let mut pairs = Vec::new();
        for &stay_at in &stays {
            let Some(stay) = accounts.stays.get(stay_at) else { continue };
            pairs.extend(notices.iter().filter_map(|at| {
                let notice = accounts.notices.get(*at)?;
                let near = nearness(stay, notice, tolerance)?;
                Some((near, notice.id, stay_at, *at))
            }));
            self.work += notices.len() as u64;
        }
        pairs.sort_unstable();
        for (.., stay, notice) in pairs {
            if stays.contains(&stay) && notices.contains(&notice) {
                stays.retain(|at| *at != stay);
                notices.retain(|at| *at != notice);
                self.groups.push(Group { stay: Some(stay), notice: Some(notice), ..Group::default() });
            }
        }
        self.groups.extend(stays.into_iter().map(|at| Group { stay: Some(at), ..Group::default() }));
        self.groups.extend(notices.into_iter().map(|at| Group { notice: Some(at), ..Group::default() }));
    }
}

impl Joined {
    /// The admission is of this group.
    pub(super) fn claim(&mut self, group: usize, admission: usize) {
        if let Some(group) = self.groups.get_mut(group) {
            group.admission = Some(admission);
        }
    }

    /// The admission may be of any of these groups, or of none.
    pub(super) fn doubt(&mut self, admission: usize, doubt: super::Doubt, groups: &[usize]) {
        self.doubts.push((admission, doubt, u32::try_from(groups.len()).unwrap_or(u32::MAX)));
        for group in groups {
            if let Some(group) = self.groups.get_mut(*group) {
                group.doubted = true;
            }
        }
    }
}

impl Group {
    /// The stay and the notice, where there are.
    pub(super) fn placed<'a>(&self, accounts: &'a Accounts) -> [Option<&'a Placed>; 2] {
        [self.stay.and_then(|at| accounts.stays.get(at)), self.notice.and_then(|at| accounts.notices.get(at))]
    }

    /// What episode, notice and admission tell, where there are.
    pub(super) fn told<'a>(&self, accounts: &'a Accounts) -> [Option<&'a Told>; 3] {
        let [stay, notice] = self.placed(accounts).map(|placed| placed.map(|placed| &placed.told));
        [stay, notice, self.admission.and_then(|at| accounts.admissions.get(at)).map(|filed| &filed.told)]
    }
}

/// How well a notice fits a stay of the same child, least best; `None` when it is of another stay.
fn nearness(stay: &Placed, notice: &Placed, tolerance: &Tolerance) -> Option<(bool, bool, i64, Date)> {
    let apart = (day_number(stay.told.start) - day_number(notice.told.start)).abs();
    // A stay that the feed shows from its middle began when an earlier notice says it did.
    let apart = if !stay.told.start_known && notice.told.start < stay.told.start { 0 } else { apart };
    let is_other = stay.id != notice.id;
    let may_be = !is_other || apart <= tolerance.notice_days;
    may_be.then_some((is_other, stay.told.host != notice.told.host, apart, stay.told.start))
}

fn child(placed: &Placed) -> Child<'_> {
    (placed.told.placing, &placed.child_ref)
}
