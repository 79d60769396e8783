use hub_domain::{AuthorityCode, Date, Timestamp, authority, london_date};
use hub_notices::reconcile::{self, Side};
use hub_store::reconciliation::Kept;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::problem::{INTERNAL, Problem};
use crate::route::notices::AuthorityName;

/// Something about one placement that two accounts do not agree about, or that one is silent of.
#[derive(Serialize, ToSchema)]
pub(crate) struct Discrepancy {
    /// Its id, the same for every authority concerned and every night that it stands.
    id: Uuid,
    /// Whose row this is.
    #[schema(value_type = String)]
    authority: AuthorityCode,
    /// `placing` or `host`: from which side that authority looks.
    side: String,
    /// `missing_notice`, `missing_episode`, `missing_admission`, `provider_only`, `short_break`, `mismatch` or `ambiguous`.
    kind: String,
    /// What is told in two ways, of a mismatch: `start`, `end`, `host`, `sector`, `urn` or `class`.
    field: Option<String>,
    /// Why it cannot be joined, of an admission in doubt: `several`, `unconfirmed`, `placing_not_named`,
    /// `reference_contradicted`, `may_be_short_break`.
    doubt: Option<String>,
    /// How many placements fit an admission in doubt.
    candidates: Option<u32>,
    /// The authority that placed the child; absent where only a home speaks and names none.
    placing: Option<AuthorityName>,
    /// The authorities whose areas the accounts name.
    hosts: Vec<AuthorityName>,
    /// The placing authority's pseudonym for the child; for the placing authority only.
    #[serde(skip_serializing_if = "Option::is_none")]
    child_ref: Option<String>,
    /// The notice, given or opened by the hub.
    notice: Option<Uuid>,
    /// The host's reference for the admission.
    admission_ref: Option<String>,
    /// What each account says: the value of the field, or the day it began.
    said: Said,
    /// Who must act: `placing`, `host`, `provider`, which the host asks, or `nobody`.
    act: String,
    /// The day from which it stands, by the accounts themselves.
    #[schema(value_type = String, format = Date)]
    since: Date,
    /// The night that found it first.
    #[schema(value_type = String, format = Date)]
    first_seen: Date,
    /// The night that found it last, once it is found no longer.
    #[schema(value_type = Option<String>, format = Date)]
    last_seen: Option<Date>,
    /// The night that found it no longer.
    #[schema(value_type = Option<String>, format = Date)]
    cleared_on: Option<Date>,
    /// Its place in the list.
    #[serde(skip)]
    place: (Timestamp, Uuid),
}

/// What each account says; null where it is missing or silent.
#[derive(Serialize, ToSchema)]
pub(crate) struct Said {
    /// The placing authority's episodes.
    pub(super) episode: Option<String>,
    /// Its notice.
    pub(super) notice: Option<String>,
    /// The home's notice, as the host filed it.
    pub(super) admission: Option<String>,
}

impl Discrepancy {
    /// As one side may see it.
    pub(super) fn of(kept: &Kept) -> Result<Self, Problem> {
        let found: reconcile::Discrepancy =
            serde_json::from_str(&kept.body).map_err(|error| Problem::new(INTERNAL).cause(error))?;
        let cleared = kept.seen_to.filter(|_| kept.cleared);
        Ok(Self {
            id: found.id,
            authority: kept.authority,
            side: kept.side.to_string(),
            kind: found.kind.to_string(),
            field: found.field.map(|field| field.to_string()),
            doubt: found.doubt.map(|doubt| doubt.to_string()),
            candidates: found.candidates,
            placing: found.placing.map(AuthorityName::from),
            hosts: found.hosts.into_iter().map(AuthorityName::from).collect(),
            child_ref: found.child_ref.filter(|_| kept.side == Side::Placing),
            notice: found.notice,
            admission_ref: found.admission_ref,
            said: Said { episode: found.said.episode, notice: found.said.notice, admission: found.said.admission },
            act: found.act.to_string(),
            since: found.since,
            first_seen: london_date(kept.first_seen),
            last_seen: kept.last_seen.map(london_date),
            cleared_on: cleared.map(london_date),
            place: (kept.seen_from, kept.id),
        })
    }

    pub(super) fn place(&self) -> (Timestamp, Uuid) {
        self.place
    }

    /// The row of a sheet, in the order of its headings.
    pub(super) fn cells(self) -> [String; 21] {
        let text = |text: Option<String>| text.unwrap_or_default();
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let named = |code: AuthorityCode| authority::find(code).map(|known| known.name.clone()).unwrap_or_default();
        let placing = self.placing.map(|placing| placing.code);
        let hosts: Vec<AuthorityCode> = self.hosts.into_iter().map(|host| host.code).collect();
        [
            self.kind,
            text(self.field),
            self.act,
            self.since.to_string(),
            self.first_seen.to_string(),
            day(self.last_seen),
            day(self.cleared_on),
            placing.map(|code| code.to_string()).unwrap_or_default(),
            placing.map(named).unwrap_or_default(),
            hosts.iter().map(ToString::to_string).collect::<Vec<_>>().join(";"),
            hosts.iter().map(|code| named(*code)).collect::<Vec<_>>().join(";"),
            text(self.said.episode),
            text(self.said.notice),
            text(self.said.admission),
            text(self.doubt),
            self.candidates.map(|count| count.to_string()).unwrap_or_default(),
            self.notice.map(|id| id.to_string()).unwrap_or_default(),
            text(self.admission_ref),
            text(self.child_ref),
            self.side,
            self.id.to_string(),
        ]
    }
}

/// The headings of a sheet.
pub(super) const HEADINGS: [&str; 21] = [
    "kind",
    "field",
    "act",
    "since",
    "first_seen",
    "last_seen",
    "cleared_on",
    "placing",
    "placing_name",
    "hosts",
    "host_names",
    "episode_says",
    "notice_says",
    "admission_says",
    "doubt",
    "candidates",
    "notice",
    "admission_ref",
    "child_ref",
    "side",
    "id",
];
