//! Which stay a notice already held is about.

use hub_domain::{AuthorityCode, PlacementRow};
use uuid::Uuid;

use super::wanted::Wanted;
use crate::settle::days_apart;
use crate::{Notice, NoticeState, Origin, Rules, Stay};

/// One child's stays and notices.
pub(super) struct Child<'a> {
    pub(super) placing: AuthorityCode,
    pub(super) held: Vec<&'a Notice>,
    pub(super) stays: Vec<Located<'a>>,
}

/// A stay, and the host it is in as far as the hub can tell.
pub(super) struct Located<'a> {
    pub(super) stay: Stay<'a>,
    pub(super) host: Option<AuthorityCode>,
}

impl<'a> Child<'a> {
    pub(super) fn of(placing: AuthorityCode, held: Vec<&'a Notice>, stays: Vec<Stay<'a>>) -> Self {
        let stays = stays
            .into_iter()
            .map(|stay| Located { host: stay.host.or_else(|| remembered_host(&held, &stay)), stay })
            .collect();
        Self { placing, held, stays }
    }

    /// The notice about `stay` in `host`: the one whose id says so or, when the feed shows only the later
    /// part of a stay, the one raised while it still showed the start. `claimed` are the notices of the
    /// stays before it.
    /// Else the one that people or a home spoke of, of about the same day.
    pub(super) fn prior(
        &self,
        stay: &Stay<'_>,
        host: AuthorityCode,
        claimed: &[Uuid],
        rules: &Rules,
    ) -> Option<&'a Notice> {
        let id = Notice::id_of(self.placing, stay.child_ref, stay.start, host);
        let free = || self.held.iter().copied().filter(|notice| !claimed.contains(&notice.id));
        let exact = free().find(|notice| notice.id == id);
        let began = || {
            let began = free().filter(|notice| notice.host == host && may_have_begun(notice, stay));
            began.max_by_key(|notice| notice.start)
        };
        let spoken = || {
            let near = free().filter(|notice| notice.host == host && self.may_be_meant(notice, stay, rules));
            near.min_by_key(|notice| (days_apart(notice.start, stay.start), notice.start))
        };
        exact.or_else(began).or_else(spoken)
    }

    /// The notice that the placing authority gave another host of a stay from this very day. Another day is another stay:
    /// the child may be about to move.
    pub(super) fn stated_elsewhere(
        &self,
        stay: &Stay<'_>,
        host: AuthorityCode,
        wanted: &[Wanted<'_>],
        rules: &Rules,
    ) -> Option<&'a Notice> {
        let taken =
            |notice: &Notice| wanted.iter().any(|it| it.notice.id == notice.id || it.heir_of == Some(notice.id));
        let given = self.held.iter().copied().filter(|notice| notice.host != host && notice.start == stay.start);
        let mut near = given.filter(|notice| notice.given.placement.is_some() && !taken(notice));
        near.find(|notice| self.may_be_meant(notice, stay, rules))
    }

    /// Somebody other than the feed spoke of `notice`, no stay is exactly the one it is about, and `stay` may be.
    fn may_be_meant(&self, notice: &Notice, stay: &Stay<'_>, rules: &Rules) -> bool {
        let spoken = notice.statement.is_some() || notice.admission.is_some();
        let open = notice.state.is_live() || matches!(notice.state, NoticeState::Held | NoticeState::Draft);
        let about = |located: &Located<'_>| {
            let stay = &located.stay;
            located.host.is_some_and(|host| notice.id == Notice::id_of(self.placing, stay.child_ref, stay.start, host))
        };
        spoken
            && open
            && !self.stays.iter().any(about)
            && days_apart(notice.start, stay.start) <= i64::from(rules.match_days)
            && may_be_same_setting(notice, stay)
    }
}

/// A stay whose location went blank is still where it was last said to be: a host once told is not
/// untold because a postcode could not be looked up tonight.
fn remembered_host(held: &[&Notice], stay: &Stay<'_>) -> Option<AuthorityCode> {
    let about = held.iter().filter(|notice| {
        let starts = notice.start == stay.start && notice.state != NoticeState::Withdrawn;
        (starts && may_be_same_setting(notice, stay)) || may_have_begun(notice, stay)
    });
    about.max_by_key(|notice| (notice.state.is_live(), notice.start, notice.id)).map(|notice| notice.host)
}

fn may_have_begun(notice: &Notice, stay: &Stay<'_>) -> bool {
    stay.origin == Origin::Continuation
        && notice.state != NoticeState::Withdrawn
        && notice.start < stay.start
        && notice.ending.as_ref().is_none_or(|ending| ending.on >= stay.start)
        && may_be_same_setting(notice, stay)
}

fn may_be_same_setting(notice: &Notice, stay: &Stay<'_>) -> bool {
    let first = |row: &PlacementRow| row.setting_ref.clone();
    let settings = notice.terms.setting_ref.as_ref().zip(stay.newest(first));
    settings.is_none_or(|(before, now)| *before == now)
}
