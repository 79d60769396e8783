//! What members saw at their visits, side by side; never averaged, and no scale turned into another.

use std::collections::BTreeSet;

use hub_domain::RegulatorRow;

use super::plain;
use crate::figure::{Cell, Column, DataTable, Figure, Row};

/// Scores from 1 (worst) to 4, by their columns.
pub(super) const SCORES: [&str; 5] = ["safety", "care", "leadership", "stability", "voice"];

/// The latest scored visit of one source and authority.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    pub(super) authority: String,
    pub(super) source: String,
    pub(super) on: Figure,
    pub(super) overall: Figure,
    pub(super) scores: [Figure; 5],
}

/// Every one of them.
pub(super) fn table(visits: &[Visit]) -> DataTable {
    let row = |visit: &Visit| {
        let overall = match &visit.overall {
            Figure::Word(word) => Figure::Word(plain(word)),
            Figure::Number(_) | Figure::Held(_) | Figure::Hidden | Figure::Blank => visit.overall.clone(),
        };
        let words = [Cell::text(visit.authority.as_str()), Cell::Text(plain(&visit.source))];
        let figures = [visit.on.clone(), overall].into_iter().chain(visit.scores.clone()).map(Cell::Figure);
        Row::of(words.into_iter().chain(figures).collect())
    };
    let words = ["Authority", "Source", "On", "Overall"].map(Column::text).into_iter();
    DataTable {
        id: "visits".to_owned(),
        caption: "What authorities saw at their visits: the latest of each source, scores from 1 (worst) to 4"
            .to_owned(),
        columns: words.chain(SCORES.iter().map(|score| Column::figures(plain(score)))).collect(),
        rows: visits.iter().map(row).collect(),
        empty: "No authority has told of a scored visit.".to_owned(),
    }
}

/// Where they differ from one another, and from the regulator: said, never settled.
pub(super) fn disagreements(entries: &[RegulatorRow], visits: &[Visit]) -> Vec<String> {
    let judged = visits.iter().filter_map(|visit| match &visit.overall {
        Figure::Word(grade) => Some((visit.authority.as_str(), grade.as_str())),
        Figure::Number(_) | Figure::Held(_) | Figure::Hidden | Figure::Blank => None,
    });
    let judged: Vec<(&str, &str)> = judged.collect();
    let grades: BTreeSet<&str> = judged.iter().map(|(_, grade)| *grade).collect();
    let mut said = Vec::new();
    if grades.len() > 1 {
        let each: Vec<String> =
            judged.iter().map(|(by, grade)| format!("{by} {}", plain(grade).to_lowercase())).collect();
        said.push(format!("Authorities judge it differently: {}.", each.join("; ")));
    }
    let regulator = entries
        .iter()
        .find(|row| row.entry == "judgement" && row.aspect == "overall" && row.scale.as_deref() == Some("four_point"));
    if let Some(grade) = regulator.and_then(|row| row.grade.as_deref()) {
        let others: Vec<&str> = judged.iter().filter(|(_, own)| *own != grade).map(|(by, _)| *by).collect();
        if !others.is_empty() {
            let grade = plain(grade).to_lowercase();
            said.push(format!(
                "The regulator's overall judgement is {grade}; otherwise judges: {}.",
                others.join(", ")
            ));
        }
    }
    let spread = SCORES.iter().enumerate().filter_map(|(at, score)| {
        let given = visits.iter().filter_map(|visit| visit.scores.get(at)?.number());
        let (least, most) =
            given.fold((i64::MAX, i64::MIN), |(least, most), score| (least.min(score), most.max(score)));
        (most.saturating_sub(least) >= 2 && least != i64::MAX).then(|| format!("{score} from {least} to {most}"))
    });
    let spread: Vec<String> = spread.collect();
    if !spread.is_empty() {
        said.push(format!("Scores lie far apart: {}.", spread.join(", ")));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(authority: &str, overall: &str, safety: i64) -> Visit {
        let mut scores = [const { Figure::Blank }; 5];
        scores[0] = Figure::Number(safety);
        Visit {
            authority: authority.to_owned(),
            source: "borough_qa".to_owned(),
            on: Figure::Word("2026-03-01".to_owned()),
            overall: Figure::Word(overall.to_owned()),
            scores,
        }
    }

    #[test]
    fn judgements_that_differ_are_shown_beside_each_other() {
        let visits = [visit("Lewisham", "good", 4), visit("Croydon", "inadequate", 1)];
        let regulator = RegulatorRow {
            entry: "judgement".into(),
            aspect: "overall".into(),
            scale: Some("four_point".into()),
            grade: Some("good".into()),
            ..RegulatorRow::default()
        };
        assert_eq!(
            disagreements(&[regulator], &visits),
            [
                "Authorities judge it differently: Lewisham good; Croydon inadequate.",
                "The regulator's overall judgement is good; otherwise judges: Croydon.",
                "Scores lie far apart: safety from 1 to 4.",
            ]
        );
        assert!(disagreements(&[], &[visit("Lewisham", "good", 3)]).is_empty());
    }
}
