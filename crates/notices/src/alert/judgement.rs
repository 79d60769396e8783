//! Grades over time: by one source of one authority, or by the regulator on one scale. Scales are never mixed.

use std::collections::BTreeMap;

use hub_domain::{AuthorityCode, Date, QualityRow, RegulatorRow};

/// Members' visits, best first.
const VISITS: [&str; 4] = ["outstanding", "good", "requires_improvement", "inadequate"];

/// The regulator's scales with an overall grade, best first. An interim inspection leaves the grade as it stood.
const SCALES: [(&str, &[&str]); 2] = [
    ("four_point", &VISITS),
    ("supported_accommodation", &["consistently_strong", "inconsistent", "serious_weaknesses"]),
];

/// A grade, and from which day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Judgement {
    pub(super) on: Date,
    pub(super) grade: String,
    /// 0 is best.
    rank: usize,
    /// Tells two of one day apart, in the same order whoever asks.
    reference: String,
}

/// Judgements that may be compared with each other, oldest first.
pub(super) type Series = Vec<Judgement>;

/// Every series about a home up to `today`.
pub(super) fn series(reports: &[&(AuthorityCode, QualityRow)], entries: &[RegulatorRow], today: Date) -> Vec<Series> {
    let mut visits: BTreeMap<(&str, AuthorityCode), Series> = BTreeMap::new();
    for (by, event) in reports {
        if let Some(judgement) = of_visit(event) {
            visits.entry((&event.source, *by)).or_default().push(judgement);
        }
    }
    let mut official: BTreeMap<&str, Series> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.effective_from <= today) {
        if let Some((scale, judgement)) = of_entry(entry) {
            official.entry(scale).or_default().push(judgement);
        }
    }
    let mut all: Vec<Series> = visits.into_values().chain(official.into_values()).collect();
    for series in &mut all {
        series.sort_by(|a, b| (a.on, &a.reference).cmp(&(b.on, &b.reference)));
    }
    all
}

/// The latest judgement, where it was made since `came` and is below the one that stood then.
pub(super) fn fell_since(series: &[Judgement], came: Date) -> bool {
    let Some(latest) = series.last() else { return false };
    let stood = series.iter().rfind(|judgement| judgement.on <= came);
    latest.on > came && stood.is_some_and(|stood| latest.rank > stood.rank)
}

fn of_visit(event: &QualityRow) -> Option<Judgement> {
    let grade = event.overall.clone().filter(|_| event.kind == "visit")?;
    let rank = VISITS.iter().position(|word| *word == grade)?;
    Some(Judgement { on: event.occurred_on, grade, rank, reference: event.event_ref.clone() })
}

/// The regulator's overall grade, and its scale.
fn of_entry(entry: &RegulatorRow) -> Option<(&'static str, Judgement)> {
    if (entry.entry.as_str(), entry.aspect.as_str()) != ("judgement", "overall") {
        return None;
    }
    let (scale, words) = SCALES.into_iter().find(|(scale, _)| entry.scale.as_deref() == Some(scale))?;
    let grade = entry.grade.clone()?;
    let rank = words.iter().position(|word| *word == grade)?;
    Some((scale, Judgement { on: entry.effective_from, grade, rank, reference: String::new() }))
}
