//! Plans, from a child's first night to the last.

mod addressee;
mod borders;
mod corrections;
mod ends;
mod lifecycle;
mod properties;
mod released;
mod stated;
mod stated_properties;
mod succession;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use hub_domain::{Calendar, PlacementRow, Timestamp};
use uuid::Uuid;

use crate::alert::Register;
use crate::fixture::{code, day, rows};
use crate::statement::read;
use crate::{
    Context, EventKind, GiveRefusal, Meant, Notice, NoticeChange, NoticeState, Party, Rules, Sight, Stated,
    StatementKind, apply, give, plan,
};
use serde_json::Value;

/// What the ladder knows besides a notice: nothing.
pub(super) fn sight(now: Timestamp, issued_at: Timestamp) -> Sight<'static> {
    static NOTHING: LazyLock<(BTreeMap<Uuid, Timestamp>, Register, Rules)> = LazyLock::new(Default::default);
    let (refused, register, rules) = &*NOTHING;
    Sight { now, issued_at, refused, register, rules }
}

/// What the hub holds of Lewisham, night after night.
pub(super) struct Hub {
    pub(super) notices: Vec<Notice>,
    pub(super) rules: Rules,
    said: usize,
    joined: &'static str,
    as_at: &'static str,
}

impl Hub {
    /// Lewisham joined on 1 April 2026; it is 1 June.
    pub(super) fn new() -> Self {
        Self { notices: Vec::new(), rules: Rules::default(), said: 0, joined: "2026-04-01", as_at: "2026-06-01" }
    }

    pub(super) fn on(&mut self, as_at: &'static str) -> &mut Self {
        self.as_at = as_at;
        self
    }

    /// One night: plans, checks every event against the state machine, applies, and plans again to
    /// see that nothing is left.
    pub(super) fn night_of(&mut self, rows: &[PlacementRow]) -> Vec<NoticeChange> {
        let changes = self.plan(rows);
        for change in &changes {
            for event in change.events() {
                self.append(event.kind, event.notice);
            }
        }
        assert_eq!(self.plan(rows), [], "a plan made again is empty");
        changes
    }

    pub(super) fn night(&mut self, episodes: &[&str]) -> Vec<NoticeChange> {
        self.night_of(&rows(episodes))
    }

    /// `kind:host` of every event of the night.
    pub(super) fn events(&mut self, episodes: &[&str]) -> Vec<String> {
        let changes = self.night(episodes);
        let name = |code| hub_domain::authority::find(code).map_or("?", |authority| authority.slug.as_str());
        let said = |change: &NoticeChange| {
            let events = change.events();
            events.iter().map(|event| format!("{}:{}", event.kind, name(event.notice.host))).collect::<Vec<_>>()
        };
        changes.iter().flat_map(said).collect()
    }

    pub(super) fn only(&self) -> &Notice {
        assert_eq!(self.notices.len(), 1);
        &self.notices[0]
    }

    pub(super) fn host_says(&mut self, event: EventKind) {
        let notice = &mut self.notices[0];
        notice.state = apply(Some(notice.state), Party::Host, event).unwrap();
    }

    /// A statement of Lewisham's, at an instant: as the hub takes it, without looking at the feed again.
    pub(super) fn says(&mut self, kind: StatementKind, members: Value, at: &str) -> Result<EventKind, GiveRefusal> {
        self.says_of(kind, members, at, false)
    }

    pub(super) fn says_of(
        &mut self,
        kind: StatementKind,
        members: Value,
        at: &str,
        provisional: bool,
    ) -> Result<EventKind, GiveRefusal> {
        let Value::Object(members) = members else { panic!("an object") };
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        let meant = Meant {
            placing: code("lewisham"),
            child_ref: text("child_ref").unwrap(),
            host: text("host").unwrap().parse().unwrap(),
            start: day(text("placement_start").unwrap()),
        };
        let prior = if kind.opens() { meant.joins(&self.notices, &self.rules) } else { meant.follows(&self.notices) };
        let prior = prior.filter(|prior| kind != StatementKind::Consult || prior.host == meant.host).cloned();
        let before = prior.as_ref().and_then(|prior| prior.statement.as_deref()).map(|stated| stated.said.clone());
        let at: hub_domain::Timestamp = at.parse().unwrap();
        let draft = read(kind, members, before.as_ref(), code("lewisham"), hub_domain::london_date(at));
        assert!(provisional || draft.wrong.is_empty(), "{:?}", draft.wrong);
        let n = u32::try_from(self.said).unwrap() + 1;
        let stated = Stated { id: uuid::Uuid::from_u128(n.into()), n, kind, at, provisional, said: draft.said };
        let rules = self.rules.clone();
        let (event, notice) = give(prior.as_ref(), code("lewisham"), stated, &self.context(&rules))?;
        self.said += 1;
        self.notices.retain(|kept| kept.id != notice.id);
        self.notices.push(notice);
        Ok(event)
    }

    /// The only notice of which the host may know that the child lives there.
    pub(super) fn live(&self) -> &Notice {
        let live: Vec<_> = self.notices.iter().filter(|notice| notice.state.is_live()).collect();
        assert_eq!(live.len(), 1, "{live:?}");
        live[0]
    }

    fn context<'a>(&self, rules: &'a Rules) -> Context<'a> {
        let calendar = Calendar::england_and_wales();
        Context { as_at: day(self.as_at), joined: day(self.joined), calendar, rules }
    }

    fn plan(&self, rows: &[PlacementRow]) -> Vec<NoticeChange> {
        let context = Context {
            as_at: day(self.as_at),
            joined: day(self.joined),
            calendar: Calendar::england_and_wales(),
            rules: &self.rules,
        };
        plan(code("lewisham"), &self.notices, rows, &context)
    }

    fn append(&mut self, event: EventKind, after: &Notice) {
        let before = self.notices.iter().position(|notice| notice.id == after.id);
        let prior = before.map(|at| self.notices.swap_remove(at));
        let party = event.owner();
        let state = apply(prior.as_ref().map(|notice| notice.state), party, event).unwrap();
        assert_eq!(state, after.state, "{event}");
        let said = u32::from(event != EventKind::Seen);
        assert_eq!(after.version, prior.map_or(0, |notice| notice.version) + said, "{event}");
        assert_eq!(after.held_because.is_some(), state == NoticeState::Held);
        assert_eq!(after.withdrawn_because.is_some(), state == NoticeState::Withdrawn);
        self.notices.push(after.clone());
    }
}
