//! Which notice a statement is about, where it names none.

use hub_domain::{AuthorityCode, Date};

use crate::{Notice, NoticeKind, NoticeState, Rules};

/// The stay that a statement speaks of.
#[derive(Clone, Copy)]
pub struct Meant<'a> {
    /// Who placed the child.
    pub placing: AuthorityCode,
    /// The pseudonym.
    pub child_ref: &'a str,
    /// Where, as stated.
    pub host: AuthorityCode,
    /// From when, as stated.
    pub start: Date,
}

impl Meant<'_> {
    /// The notice among the child's that a statement beginning one joins: of this very stay, else one of about the same
    /// day with the same host that nobody has given notice of, else the one that the feed shows with another host from
    /// this day.
    pub fn joins<'a>(&self, notices: &'a [Notice], rules: &Rules) -> Option<&'a Notice> {
        let id = Notice::id_of(self.placing, self.child_ref, self.start, self.host);
        let own = || notices.iter().filter(|it| it.placing == self.placing && it.child_ref == self.child_ref);
        let free = || own().filter(|it| is_open(it) && it.given.placement.is_none());
        let near = || {
            let near = free().filter(|it| it.host == self.host && self.days_from(it) <= i64::from(rules.match_days));
            near.min_by_key(|it| (self.days_from(it), it.start))
        };
        let elsewhere =
            || free().find(|it| it.start == self.start && it.first_seen.is_some() && it.kind == NoticeKind::Placement);
        own().find(|notice| notice.id == id).or_else(near).or_else(elsewhere)
    }

    /// The notice among the child's that a statement following another is about: of this very stay, else the only open one
    /// with the host.
    pub fn follows<'a>(&self, notices: &'a [Notice]) -> Option<&'a Notice> {
        let id = Notice::id_of(self.placing, self.child_ref, self.start, self.host);
        let own = || notices.iter().filter(|it| it.placing == self.placing && it.child_ref == self.child_ref);
        own().find(|notice| notice.id == id).or_else(|| {
            let mut open = own().filter(|notice| notice.host == self.host && is_open(notice));
            open.next().filter(|_| open.next().is_none())
        })
    }

    fn days_from(&self, notice: &Notice) -> i64 {
        notice.start.until(self.start).map_or(i64::MAX, |span| i64::from(span.get_days()).abs())
    }
}

fn is_open(notice: &Notice) -> bool {
    notice.state.is_live() || matches!(notice.state, NoticeState::Held | NoticeState::Draft)
}

impl std::fmt::Debug for Meant<'_> {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Meant").field("placing", &self.placing).field("host", &self.host).finish_non_exhaustive()
    }
}
