//! What the release says of one provider.

use hub_notices::Step;
use hub_pipeline::providers::Alert;
use hub_pipeline::publish::Published;

use super::visits::{SCORES, Visit};
use crate::figure::{Cell, Column, DataTable, Figure, Line, Opened, Row};
use crate::layout::when;
use crate::refused::Refused;

/// What is in force by members' events: the measure, and its words.
const IN_FORCE: [(&str, &str); 4] = [
    ("suspensions", "Suspensions by authorities"),
    ("serious_concerns", "Serious concerns"),
    ("watch_concerns", "Concerns being watched"),
    ("improvement_plans", "Improvement plans"),
];

/// The release's rows of one URN.
pub(super) struct Known {
    pub(super) name: String,
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) warnings: Vec<String>,
    pub(super) visits: Vec<Visit>,
    pub(super) placing: DataTable,
    is_listed: bool,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            name: String::new(),
            facts: Vec::new(),
            warnings: Vec::new(),
            visits: Vec::new(),
            placing: placing(Vec::new()),
            is_listed: false,
        }
    }
}

impl Known {
    /// Reads the release's tables of providers.
    pub(super) fn of(published: &Published, urn: &str) -> Result<Self, Refused> {
        let mut known = Self::default();
        let labels = [("urn", urn)];
        if let Some(opened) = Opened::of(published, "provider_quality")?
            && let Some(line) = opened.where_all(&labels).next()
        {
            known.list(line);
        }
        if let Some(opened) = Opened::of(published, "provider_scores")? {
            known.visits = opened.where_all(&labels).map(visit).collect();
        }
        if let Some(opened) = Opened::of(published, "question_16")? {
            let row = |line: Line<'_>| {
                Row::of(vec![Cell::text(line.word("authority_name")), Cell::Figure(line.figure("children"))])
            };
            known.placing = placing(opened.where_all(&labels).map(row).collect());
        }
        Ok(known)
    }

    /// Whether the release names it at all.
    pub(super) fn is_anything(&self) -> bool {
        self.is_listed || !self.visits.is_empty()
    }

    fn list(&mut self, line: Line<'_>) {
        self.is_listed = true;
        line.word("provider_name").clone_into(&mut self.name);
        let said = |measure: &str| line.figure(measure).said();
        self.facts = vec![
            ("Members' children living there", said("children")),
            ("Visits in twelve months", said("visits_12_months")),
            ("Last visit", said("last_visit")),
            ("Next visit due", said("next_due")),
        ];
        for (measure, words) in IN_FORCE {
            let figure = line.figure(measure);
            if figure.number().is_some_and(|number| number > 0) {
                self.warnings.push(format!("{words} in force: {figure}."));
            }
            self.facts.push((words, figure.said()));
        }
    }
}

fn visit(line: Line<'_>) -> Visit {
    Visit {
        authority: line.word("authority_name").to_owned(),
        source: line.word("source").to_owned(),
        on: line.figure("occurred_on"),
        overall: line.figure("overall"),
        scores: SCORES.map(|score| line.figure(score)),
    }
}

/// Whose children live there: published of providers judged below good, where it is needed.
fn placing(rows: Vec<Row>) -> DataTable {
    DataTable {
        id: "placing".to_owned(),
        caption: "Whose children live there".to_owned(),
        columns: vec![Column::text("Authority"), Column::figures("Children")],
        rows,
        empty: "Whose children live there is published of providers that an authority judges below good; of others only how \
                many there are together."
            .to_owned(),
    }
}

/// Alerts that whoever asks was told.
pub(super) fn alerts(told: &[Alert]) -> DataTable {
    let row = |alert: &Alert| {
        let what = match (alert.step, &alert.what, alert.authorities_at_least) {
            (Step::Cluster, _, Some(least)) => format!("{least} authorities or more place into this small home"),
            (step, Some(what), _) => format!("{}: {}", step.label(), super::plain(what).to_lowercase()),
            (step, None, _) => step.label().to_owned(),
        };
        let since = alert.since.clone().map_or(Figure::Blank, Figure::Word);
        Row::of(vec![Cell::Text(when(alert.at)), Cell::Text(what), Cell::Figure(since)])
    };
    DataTable {
        id: "alerts".to_owned(),
        caption: "Alerts that your authority was told of it".to_owned(),
        columns: ["Told", "What", "Since"].map(Column::text).to_vec(),
        rows: told.iter().map(row).collect(),
        empty: "Your authority was told of none.".to_owned(),
    }
}
