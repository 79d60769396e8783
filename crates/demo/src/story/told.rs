//! Who was told of which children, and whether it arrived.

use std::collections::BTreeMap;

use hub_domain::{AuthorityCode, Date, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::tally;
use crate::play::{Callers, PlayError, boroughs};
use crate::receiver::Receivers;
use crate::region::CAST;

/// A notice, as the API gives it to either side.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Notice {
    pub(crate) id: Uuid,
    kind: String,
    state: String,
    placing: Party,
    pub(crate) host: Party,
    class: String,
    start: Date,
    due_at: Option<Timestamp>,
    late_when_first_seen: bool,
    flags: Vec<String>,
}

/// One side of a notice.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Party {
    pub(crate) code: AuthorityCode,
    name: Option<String>,
}

/// How a host is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// By a signed webhook.
    Webhook,
    /// It reads its inbox.
    Inbox,
    /// It has not joined: the notice waits in its inbox until it does.
    NotJoined,
}

/// One notice. It names neither child nor home.
#[derive(Debug, Clone, Serialize)]
pub struct Told {
    /// The notice.
    pub id: Uuid,
    /// `placement`, which has a clock, or `register`.
    pub kind: String,
    /// Who placed the child.
    pub placing: AuthorityCode,
    /// Its name.
    pub placing_name: String,
    /// Who is told.
    pub host: AuthorityCode,
    /// Its name.
    pub host_name: String,
    /// `adjoining`, `at_a_distance` or `unknown`.
    pub class: String,
    /// First day of the stay.
    pub start: Date,
    /// When the host must have been told.
    pub due_at: Option<Timestamp>,
    /// That had passed when the placement was first reported.
    pub late_when_first_seen: bool,
    /// What wants a person's eye.
    pub flags: Vec<String>,
    /// Where it has got to.
    pub state: String,
    /// How the host is told.
    pub delivery: Delivery,
    /// Whether everything said of it has arrived. Of a register entry: whether the host has it.
    pub delivered: bool,
    /// Webhooks tried for it; not counted for register entries.
    pub attempts: u64,
    /// Whether the host has acknowledged it.
    pub acknowledged: bool,
}

/// One event on its way to a host's endpoint.
#[derive(Deserialize)]
struct Letter {
    state: String,
    attempts: Vec<serde::de::IgnoredAny>,
}

/// What one host was told.
#[derive(Debug, Clone, Serialize)]
pub struct HostStory {
    /// The host.
    pub host: AuthorityCode,
    /// Its name.
    pub name: String,
    /// How it is told.
    pub delivery: Delivery,
    /// Notices with a clock.
    pub notices: u64,
    /// Of these, over again by now.
    pub over: u64,
    /// Of these, at a distance.
    pub at_a_distance: u64,
    /// Of these, due before they were first reported.
    pub late_when_first_seen: u64,
    /// Of these, delivered.
    pub delivered: u64,
    /// Of these, acknowledged.
    pub acknowledged: u64,
    /// Register entries: children there before the placing authority joined.
    pub register: u64,
    /// Verified webhooks that its receiver took in.
    pub letters: u64,
    /// Webhooks that its receiver did not believe.
    pub refused: u64,
}

impl Notice {
    /// Whether it has a clock.
    pub(crate) fn is_placement(&self) -> bool {
        self.kind == "placement"
    }
}

impl Party {
    fn name(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.code.to_string())
    }
}

/// Each borough reads what its feeds have told.
pub(super) async fn read(callers: &Callers, receivers: &Receivers) -> Result<Vec<Told>, PlayError> {
    let mut all = Vec::new();
    for member in boroughs() {
        let caller = callers.of_member(member)?;
        let own: Vec<Notice> = caller.all("/v1/notices?limit=200").await?;
        for notice in own {
            let mut told = told(notice, receivers);
            if told.kind == "placement" && told.delivery == Delivery::Webhook {
                let letters: Vec<Letter> = caller.all(&format!("/v1/notices/{}/attempts", told.id)).await?;
                told.delivered = !letters.is_empty() && letters.iter().all(|letter| letter.state == "delivered");
                told.attempts = letters.iter().map(|letter| letter.attempts.len() as u64).sum();
            }
            all.push(told);
        }
    }
    all.sort_by(|a, b| (&a.kind, a.host, a.due_at, a.id).cmp(&(&b.kind, b.host, b.due_at, b.id)));
    Ok(all)
}

fn told(notice: Notice, receivers: &Receivers) -> Told {
    let joined = CAST.iter().any(|member| member.authority() == notice.host.code);
    let delivery = match (receivers.has(notice.host.code), joined) {
        (true, _) => Delivery::Webhook,
        (false, true) => Delivery::Inbox,
        (false, false) => Delivery::NotJoined,
    };
    let (placing_name, host_name) = (notice.placing.name(), notice.host.name());
    Told {
        // Read in an inbox, or (where a letter was sent) answered by a 2xx.
        delivered: delivery != Delivery::NotJoined && !matches!(notice.state.as_str(), "raised" | "held"),
        attempts: 0,
        id: notice.id,
        placing: notice.placing.code,
        placing_name,
        host: notice.host.code,
        host_name,
        class: notice.class,
        start: notice.start,
        due_at: notice.due_at,
        late_when_first_seen: notice.late_when_first_seen,
        flags: notice.flags,
        delivery,
        acknowledged: notice.state == "acknowledged",
        kind: notice.kind,
        state: notice.state,
    }
}

/// What each host was told; those with most notices first.
pub(super) fn by_host(notices: &[Told], receivers: &Receivers) -> Vec<HostStory> {
    let mut groups: BTreeMap<AuthorityCode, Vec<&Told>> = BTreeMap::new();
    for notice in notices {
        groups.entry(notice.host).or_default().push(notice);
    }
    let mut hosts: Vec<HostStory> = groups.values().filter_map(|group| host(group, receivers)).collect();
    hosts.sort_by(|a, b| (b.notices, b.register, a.host).cmp(&(a.notices, a.register, b.host)));
    hosts
}

fn host(group: &[&Told], receivers: &Receivers) -> Option<HostStory> {
    let first = group.first()?;
    let kinds = tally(group.iter().map(|notice| notice.kind.as_str()));
    let clocked = |test: fn(&Told) -> bool| {
        group.iter().filter(|notice| notice.kind == "placement" && test(notice)).map(|_| 1).sum::<u64>()
    };
    let taken = receivers.taken(first.host);
    Some(HostStory {
        host: first.host,
        name: first.host_name.clone(),
        delivery: first.delivery,
        notices: clocked(|_| true),
        over: clocked(|notice| notice.state == "ended"),
        at_a_distance: clocked(|notice| notice.class == "at_a_distance"),
        late_when_first_seen: clocked(|notice| notice.late_when_first_seen),
        delivered: clocked(|notice| notice.delivered),
        acknowledged: clocked(|notice| notice.acknowledged),
        register: kinds.get("register").copied().unwrap_or_default(),
        letters: taken.letters,
        refused: taken.refused,
    })
}
