//! Providers: what each member saw, side by side, and what is in force.

use std::collections::{BTreeMap, BTreeSet};

use hub_disclosure::{Cell, Row, Table};
use hub_domain::{AuthorityCode, Date, QualityRow};

use crate::area::name_of;
use crate::definition::{Definition, Indicator};
use crate::episode::is_urn;
use crate::region::Picture;

const PROVIDER_QUALITY: Definition = Definition {
    id: "provider_quality",
    title: "Providers: visits, concerns and restrictions",
    words: "For each URN: children of the consortium living there, visits in the last twelve months, the next visit \
            due, and what is in force today.",
    cohort: "URNs that a placement open on the day, a vacancy or an event of quality names.",
    datasets: "quality, placements, vacancies",
    unit: "children; events",
    limits: "A restriction in force counts whoever imposed it. The regulator's own judgements stand in children_by_grade.",
    numerator: "Children, events of the row.",
    window: "In force and living there: at the day. Visits: the twelve months up to and including it.",
    banding: "none",
    source: "Indicators 31 and 32.",
    ..Definition::BLANK
};

const PROVIDER_SCORES: Definition = Definition {
    id: "provider_scores",
    title: "Providers: latest judgement of each source",
    words: "The latest scored visit of each source and each authority, side by side. They may disagree: they are \
            never averaged and no scale is turned into another.",
    cohort: "Visits up to the day with a grade or a score; of two on one day, the later reference.",
    rounding: "None.",
    datasets: "quality",
    unit: "grade; score from 1 to 4",
    limits: "An old judgement stands until a newer one of the same source and authority; its date is beside it.",
    numerator: "None: the judgement itself.",
    window: "Up to the day.",
    banding: "none",
    source: "Indicator 31.",
    ..Definition::BLANK
};

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] = &[
    Indicator { definition: &PROVIDER_QUALITY, table: Some(|_, asked| table(asked.picture)) },
    Indicator { definition: &PROVIDER_SCORES, table: Some(|_, asked| scores(asked.picture)) },
];

/// Events of quality, gathered by provider.
pub(crate) struct Events {
    as_at: Date,
    window: Date,
    providers: BTreeMap<String, Provider>,
}

/// One provider.
#[derive(Default)]
struct Provider {
    /// Visits in the window.
    visits: i64,
    last_visit: Option<Date>,
    next_due: Option<Date>,
    suspensions: i64,
    serious: i64,
    watch: i64,
    plans: i64,
    /// Latest scored visit by source and authority.
    scores: BTreeMap<(String, AuthorityCode), QualityRow>,
}

impl Events {
    pub(crate) fn new(as_at: Date, window: Date) -> Self {
        Self { as_at, window, providers: BTreeMap::new() }
    }

    /// Takes one event; those yet to happen count nowhere.
    pub(crate) fn add(&mut self, authority: AuthorityCode, row: &QualityRow) {
        if row.occurred_on > self.as_at || !is_urn(&row.urn) {
            return;
        }
        let (as_at, window) = (self.as_at, self.window);
        let provider = self.providers.entry(row.urn.trim().to_owned()).or_default();
        if row.kind == "visit" {
            provider.visit(authority, row, window);
        }
        let in_force = row.is_in_force(as_at);
        let watched = row.kind == "concern" && row.concern_level.as_deref() == Some("watch");
        provider.suspensions += i64::from(row.is_suspension(as_at));
        provider.serious += i64::from(row.is_serious(as_at));
        provider.watch += i64::from(watched && in_force);
        provider.plans += i64::from(row.kind == "improvement_plan" && in_force);
    }
}

impl Picture {
    /// URNs that had a visit in the twelve months.
    pub(crate) fn visited(&self) -> BTreeSet<&str> {
        let providers = self.events.providers.iter();
        providers.filter(|(_, provider)| provider.visits > 0).map(|(urn, _)| urn.as_str()).collect()
    }
}

impl Provider {
    fn visit(&mut self, authority: AuthorityCode, row: &QualityRow, window: Date) {
        self.visits += i64::from(row.occurred_on > window);
        // The due date of the latest visit stands; of two on one day, the earlier due.
        let later = self.last_visit.is_none_or(|last| row.occurred_on > last);
        if later {
            self.next_due = row.next_due;
        } else if self.last_visit == Some(row.occurred_on) {
            self.next_due = self.next_due.into_iter().chain(row.next_due).min();
        }
        self.last_visit = self.last_visit.max(Some(row.occurred_on));
        if row.overall.is_none() && scores_of(row).iter().all(Option::is_none) {
            return;
        }
        let latest = self.scores.entry((row.source.clone(), authority)).or_insert_with(|| row.clone());
        if (row.occurred_on, &row.event_ref) > (latest.occurred_on, &latest.event_ref) {
            *latest = row.clone();
        }
    }
}

/// Id of the count of children who live with a provider, whichever table it stands in.
pub(crate) fn children_id(urn: &str) -> String {
    format!("{}|{urn}|children", PROVIDER_QUALITY.id)
}

/// The table of providers.
pub(crate) fn table(picture: &Picture) -> Table {
    let held = picture.children_by_urn();
    let rooms = picture.settings.iter().filter(|setting| is_urn(&setting.row.urn));
    let names: BTreeMap<&str, &str> = rooms
        .map(|setting| (setting.row.urn.trim(), setting.row.provider_name.as_deref().unwrap_or_default()))
        .collect();
    let urns: BTreeSet<&str> =
        held.keys().chain(names.keys()).copied().chain(picture.events.providers.keys().map(String::as_str)).collect();
    let nothing = Provider::default();
    let rows = urns.into_iter().map(|urn| {
        let provider = picture.events.providers.get(urn).unwrap_or(&nothing);
        let children =
            Cell::Count { id: children_id(urn), value: held.get(urn).copied().unwrap_or(0), contributors: None };
        let mut cells = vec![children, Cell::Figure(provider.visits), day(provider.last_visit), day(provider.next_due)];
        cells.extend([provider.suspensions, provider.serious, provider.watch, provider.plans].map(Cell::Figure));
        Row { labels: vec![urn.to_owned(), names.get(urn).copied().unwrap_or_default().to_owned()], cells }
    });
    Table {
        name: PROVIDER_QUALITY.id.to_owned(),
        title: PROVIDER_QUALITY.title.to_owned(),
        definition: PROVIDER_QUALITY.reference(),
        dimensions: owned(&["urn", "provider_name"]),
        measures: owned(&[
            "children",
            "visits_12_months",
            "last_visit",
            "next_due",
            "suspensions",
            "serious_concerns",
            "watch_concerns",
            "improvement_plans",
        ]),
        rows: rows.collect(),
        lines: Vec::new(),
        frames: Vec::new(),
    }
}

/// The table of judgements.
pub(crate) fn scores(picture: &Picture) -> Table {
    let rows = picture.events.providers.iter().flat_map(|(urn, provider)| {
        provider.scores.iter().map(|((source, authority), row)| {
            let labels = vec![urn.clone(), source.clone(), authority.to_string(), name_of(*authority)];
            let overall = row.overall.clone().map_or(Cell::Blank, Cell::Text);
            let scores = scores_of(row).map(|score| score.map_or(Cell::Blank, Cell::Figure));
            Row { labels, cells: [day(Some(row.occurred_on)), overall].into_iter().chain(scores).collect() }
        })
    });
    Table {
        name: PROVIDER_SCORES.id.to_owned(),
        title: PROVIDER_SCORES.title.to_owned(),
        definition: PROVIDER_SCORES.reference(),
        dimensions: owned(&["urn", "source", "authority", "authority_name"]),
        measures: owned(&["occurred_on", "overall", "safety", "care", "leadership", "stability", "voice"]),
        rows: rows.collect(),
        lines: Vec::new(),
        frames: Vec::new(),
    }
}

fn scores_of(row: &QualityRow) -> [Option<i64>; 5] {
    [row.score_safety, row.score_care, row.score_leadership, row.score_stability, row.score_voice]
}

fn day(date: Option<Date>) -> Cell {
    date.map_or(Cell::Blank, |date| Cell::Text(date.to_string()))
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}
