use hub_domain::{AuthorityCode, Date, Timestamp, authority};
use hub_notices::{EventKind, outstanding};
use hub_pipeline::Hub;
use hub_pipeline::notices::Known;
use hub_store::delivery::{Attempt, Delivery};
use hub_store::notice::NoticeEvent;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::clock::{ClockView, OutstandingView, StatementView};

/// A notice as one side sees it. It holds a pseudonym and no name or address.
#[derive(Serialize, ToSchema)]
#[schema(as = Notice)]
pub(crate) struct View {
    /// Its id, the same however often it changes.
    pub(crate) id: Uuid,
    /// Counts what the placing authority has said of it.
    version: u32,
    /// `placement`, or `register` for a child who was there before the hub was.
    kind: String,
    /// `draft`, `held`, `raised`, `delivered`, `opened`, `acknowledged`, `complete`, `queried`, `disputed`, `ended` or
    /// `withdrawn`: how far the host has got with it.
    state: String,
    /// The host has what was last said of it, whatever the state: its system answered, or somebody there read it.
    received: bool,
    /// `stated`, `presumed_missing`, `provider_only`, `consulted`, `draft` or `register`: who has given notice.
    standing: String,
    /// `corrected`, `ending_notified`, `superseded`, `terminated`: what else has become of it.
    marks: Vec<String>,
    /// The authority that placed the child.
    placing: AuthorityName,
    /// The authority told.
    host: AuthorityName,
    /// `adjoining`, `at_a_distance` or `unknown` (reg 11(5)).
    class: String,
    /// First day of the stay.
    #[schema(value_type = String, format = Date)]
    start: Date,
    /// When the host must have been told: in time strictly before this instant.
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<Timestamp>,
    /// The due date had passed when the placement was first reported.
    late_when_first_seen: bool,
    /// What wants a person's eye.
    flags: Vec<String>,
    /// Why it is held.
    held_because: Option<String>,
    /// What is said of the placement, in 903 codes.
    #[schema(value_type = Object)]
    terms: serde_json::Value,
    /// The placing authority's pseudonym for the child.
    child_ref: String,
    /// Alike in every notice of the child to this host, and in no other host's.
    link_key: Uuid,
    /// `not_due`, `outstanding` or `given`: whether needs and care plan have come, which reg 13(4)(b) wants in a notice.
    details: String,
    /// How it ended, once it has.
    #[schema(value_type = Option<Object>)]
    ending: Option<serde_json::Value>,
    /// Why it was withdrawn.
    withdrawn_because: Option<String>,
    /// The notice of the stay before it with the same host.
    supersedes: Option<Uuid>,
    /// When the hub first had it.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) raised_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Every clock, with what is left of it.
    clocks: Vec<ClockView>,
    /// What is still to come before it is complete.
    outstanding: Vec<OutstandingView>,
    /// Names of what was stated and is otherwise in the feed.
    differences: Vec<&'static str>,
    /// When the placing authority gave notice of the placement.
    #[schema(value_type = Option<String>, format = DateTime)]
    notice_given_at: Option<Timestamp>,
    /// The day the placement is meant to end, where that was said.
    #[schema(value_type = Option<String>, format = Date)]
    ending_on: Option<Date>,
    /// All that the placing authority has stated; what is provisional it alone sees.
    #[schema(value_type = Option<Object>)]
    statement: Option<serde_json::Value>,
    /// Every statement, oldest first, when one notice is asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    statements: Vec<StatementView>,
    /// What happened, oldest first, when one notice is asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    events: Vec<History>,
}

/// An authority, for machines and for people.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuthorityName {
    /// GSS code.
    #[schema(value_type = String)]
    pub(crate) code: AuthorityCode,
    /// Its name, where the hub knows it.
    name: Option<&'static str>,
}

/// Something that happened to a notice.
#[derive(Serialize, ToSchema)]
pub(crate) struct History {
    /// What.
    kind: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `placing`, `host` or `hub`.
    side: String,
    /// Who or what did it.
    actor: String,
    /// The rest.
    #[schema(value_type = Object)]
    detail: serde_json::Value,
}

/// One event on its way to one endpoint.
#[derive(Serialize, ToSchema)]
#[schema(as = Delivery)]
pub(crate) struct DeliveryView {
    /// Its id.
    id: Uuid,
    /// The endpoint.
    endpoint: Uuid,
    /// `webhook-id` of every attempt.
    event_id: Uuid,
    /// Such as `notice.raised`.
    event_type: String,
    /// `ready`, `sending`, `delivered` or `dead`.
    state: String,
    /// When it is tried next, while it is neither delivered nor dead.
    #[schema(value_type = String, format = DateTime)]
    next_at: Timestamp,
    /// Every attempt, first to last.
    attempts: Vec<AttemptView>,
}

/// One attempt.
#[derive(Serialize, ToSchema)]
#[schema(as = Attempt)]
pub(crate) struct AttemptView {
    /// Counted from one.
    n: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// What came of it.
    outcome: String,
    /// HTTP status, if there was an answer.
    status: Option<i64>,
    /// How long it took.
    milliseconds: i64,
}

impl View {
    /// As the placing authority sees it.
    pub(crate) fn to_placing(known: Known, hub: &Hub) -> Self {
        Self::of(known, hub)
    }

    /// As the host sees it: nothing that has not been given.
    pub(crate) fn to_host(mut known: Known, hub: &Hub) -> Self {
        known.statements.retain(|row| !row.provisional);
        known.events.retain(|event| event.kind != EventKind::Drafted);
        if known.notice.statement.as_deref().is_some_and(|stated| stated.provisional) {
            known.notice.statement = None;
        }
        Self::of(known, hub)
    }

    fn of(known: Known, hub: &Hub) -> Self {
        let clocks = known.clocks(hub).into_iter().map(ClockView::from).collect();
        let notice = known.notice;
        Self {
            received: known.received,
            standing: notice.standing().to_string(),
            marks: notice.marks().iter().map(ToString::to_string).collect(),
            clocks,
            outstanding: outstanding(&notice).into_iter().map(OutstandingView::from).collect(),
            differences: notice.differences_from_feed(),
            link_key: notice.link_key(),
            details: notice.details().to_string(),
            notice_given_at: notice.given_at(),
            ending_on: notice.intention,
            statement: notice.statement.as_deref().and_then(|stated| serde_json::to_value(&stated.said).ok()),
            statements: StatementView::all(&known.statements),
            late_when_first_seen: notice.late_when_first_seen(),
            class: notice.terms.class.to_string(),
            terms: serde_json::to_value(&notice.terms).unwrap_or_default(),
            id: notice.id,
            version: notice.version,
            kind: notice.kind.to_string(),
            state: notice.state.to_string(),
            placing: notice.placing.into(),
            host: notice.host.into(),
            start: notice.start,
            due_at: notice.deadline.map(|deadline| deadline.due_at),
            flags: notice.flags.iter().map(ToString::to_string).collect(),
            held_because: notice.held_because.map(|reason| reason.to_string()),
            child_ref: notice.child_ref,
            ending: notice.ending.and_then(|ending| serde_json::to_value(ending).ok()),
            withdrawn_because: notice.withdrawn_because.map(|reason| reason.to_string()),
            supersedes: notice.supersedes,
            raised_at: known.raised_at,
            updated_at: known.updated_at,
            events: known.events.into_iter().map(History::from).collect(),
        }
    }
}

impl From<AuthorityCode> for AuthorityName {
    fn from(code: AuthorityCode) -> Self {
        Self { code, name: authority::find(code).map(|authority| authority.name.as_str()) }
    }
}

impl From<NoticeEvent> for History {
    fn from(event: NoticeEvent) -> Self {
        Self {
            kind: event.kind.to_string(),
            at: event.at,
            side: event.side.to_string(),
            actor: event.actor,
            detail: serde_json::from_str(&event.detail).unwrap_or_default(),
        }
    }
}

impl From<(Delivery, Vec<Attempt>)> for DeliveryView {
    fn from((delivery, attempts): (Delivery, Vec<Attempt>)) -> Self {
        Self {
            id: delivery.id,
            endpoint: delivery.endpoint,
            event_id: delivery.event_id,
            event_type: delivery.event_type,
            state: delivery.state.to_string(),
            next_at: delivery.next_at,
            attempts: attempts.into_iter().map(AttemptView::from).collect(),
        }
    }
}

impl From<Attempt> for AttemptView {
    fn from(attempt: Attempt) -> Self {
        let Attempt { n, at, outcome, status, milliseconds, .. } = attempt;
        Self { n, at, outcome, status, milliseconds }
    }
}
