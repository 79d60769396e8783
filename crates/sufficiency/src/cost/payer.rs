//! What health and education pay of the weekly cost.

use std::collections::{BTreeMap, BTreeSet};

use hub_disclosure::{Cell, Line, Row, Stake, Table};

use super::{CHILDREN, kinds};
use crate::definition::{Definition, Expect, Given, Indicator, Vector};
use crate::episode::Episode;
use crate::placed::PlacementKind;
use crate::region::Picture;
use crate::snapshot::{find, in_care};

const DEFINITION: Definition = Definition {
    id: "cost_by_payer",
    title: "What health and education pay of the weekly cost, by kind of placement",
    words: "Children in care today with a cost recorded, by kind of placement for the whole region: to whose cost health \
            contributes, and education, and what part of the weekly cost of all of them together each pays.",
    cohort: "Children in care today whose episode records a weekly cost: children of weekly_cost.",
    numerator: "Pounds a week paid by health, and by education; no more than the cost itself.",
    denominator: "The weekly cost of all children of the row.",
    window: "At the day.",
    source: "Indicator 29 (Croydon 2024-27, Lewisham 2022-25).",
    datasets: "placements",
    unit: "children; percent",
    rounding: "Whole percent, half up.",
    limits: "A contribution that is left blank reads as none. A percentage is shown where ten children and three authorities or more \
             stand behind the contributions themselves and none of them dominates. A kind to which nobody contributes has no row.",
    vectors: &[Vector {
        shows: "the part of all costs together, children without a contribution included; nobody's cost is none",
        as_at: "2026-03-01",
        given: &[
            child(
                r#"{"child_ref":"a","weekly_cost":400000,"health_share":100000,"episode_start":"2025-04-01","birth_month":"2014-01","legal_status":"C2","placement_type":"K2"}"#,
            ),
            child(
                r#"{"child_ref":"b","weekly_cost":400000,"health_share":0,"education_share":40000,"episode_start":"2025-04-01","birth_month":"2014-01","legal_status":"C2","placement_type":"K2"}"#,
            ),
            child(
                r#"{"child_ref":"c","health_share":5000,"episode_start":"2025-04-01","birth_month":"2014-01","legal_status":"C2","placement_type":"K2"}"#,
            ),
        ],
        expect: &[
            Expect { row: &["childrens_home"], measure: "children", value: 2 },
            Expect { row: &["childrens_home"], measure: "with_health", value: 1 },
            Expect { row: &["childrens_home"], measure: "without_health", value: 1 },
            Expect { row: &["childrens_home"], measure: "health_percent", value: 13 },
            Expect { row: &["all"], measure: "education_percent", value: 5 },
        ],
    }],
    ..Definition::BLANK
};

const fn child(record: &'static str) -> Given {
    Given::placement(record)
}

pub(super) const INDICATOR: Indicator =
    Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) };

/// Who pays: with, without, and the part.
const PAYERS: [[&str; 3]; 2] =
    [["with_health", "without_health", "health_percent"], ["with_education", "without_education", "education_percent"]];

/// The children of one kind.
#[derive(Default)]
struct Paid {
    children: u64,
    pence: u64,
    /// What each payer contributes, by child and authority.
    by: [Stake; 2],
    sums: [u64; 2],
}

impl Paid {
    fn take(&mut self, authority: &str, cost: u64, shares: [u64; 2]) {
        self.children += 1;
        self.pence = self.pence.saturating_add(cost);
        for ((stake, sum), share) in self.by.iter_mut().zip(&mut self.sums).zip(shares).filter(|(_, share)| *share > 0)
        {
            stake.add(authority, share);
            *sum += share;
        }
    }

    fn cells(&self, key: &str) -> Vec<Cell> {
        let count = |id, value| Cell::Count { id, value, contributors: None };
        let mut cells = vec![count(super::id(key, CHILDREN), self.children)];
        for ((stake, sum), [with, without, part]) in self.by.iter().zip(self.sums).zip(PAYERS) {
            let payers = stake.people();
            cells.extend([count(id(key, with), payers), count(id(key, without), self.children - payers)]);
            let percent =
                (sum * 200 + self.pence).checked_div(self.pence * 2).and_then(|part| i64::try_from(part).ok());
            cells.push(percent.map_or(Cell::Blank, |value| Cell::Cost {
                id: id(key, part),
                value,
                of: id(key, with),
                stake: stake.clone(),
                alike: None,
            }));
        }
        cells
    }
}

fn id(key: &str, measure: &str) -> String {
    format!("{}|{key}|{measure}", DEFINITION.id)
}

fn shares(episode: &Episode, cost: u64) -> [u64; 2] {
    episode.shares.map(|share| share.and_then(|share| u64::try_from(share).ok()).unwrap_or(0).min(cost))
}

fn table(picture: &Picture) -> Table {
    let kinds = kinds();
    let mut paid: BTreeMap<usize, Paid> = BTreeMap::new();
    for (authority, episode) in in_care(picture).filter(|(_, episode)| !episode.is_temporary()) {
        let Some(cost) = episode.weekly_cost.and_then(|cost| u64::try_from(cost).ok()) else { continue };
        let at = find(&kinds, PlacementKind::of(episode).as_str());
        for at in kinds.upward(at) {
            paid.entry(at).or_default().take(authority.as_str(), cost, shares(episode, cost));
        }
    }
    // A kind to which nobody contributes says nothing that weekly_cost does not.
    let costed: BTreeSet<usize> = paid.keys().copied().collect();
    paid.retain(|_, paid| paid.sums.iter().any(|sum| *sum > 0));
    let key = |at: usize| kinds.nodes.get(at).map_or("", |node| node.key.as_str());
    let mut lines = Vec::new();
    for &at in paid.keys() {
        let all: Vec<usize> = kinds.below(at).filter(|part| costed.contains(part)).collect();
        let (told, rest): (Vec<usize>, Vec<usize>) = all.iter().partition(|&part| paid.contains_key(part));
        let ids = |measure: &str| told.iter().map(|&part| id(key(part), measure)).collect::<Vec<String>>();
        let mut sum = |measure: &str, parts: Vec<String>| {
            if !parts.is_empty() {
                lines.push(Line::of(id(key(at), measure), parts));
            }
        };
        for [with, without, part] in PAYERS {
            sum(with, ids(with));
            sum(part, ids(part));
            sum(without, rest.iter().map(|&part| super::id(key(part), CHILDREN)).chain(ids(without)).collect());
        }
        lines.extend(PAYERS.map(|[with, without, _]| {
            Line::of(super::id(key(at), CHILDREN), vec![id(key(at), with), id(key(at), without)])
        }));
    }
    let rows = paid.iter().map(|(&at, paid)| {
        let labels = kinds.nodes.get(at).map(|node| node.labels.clone()).unwrap_or_default();
        Row { labels, cells: paid.cells(key(at)) }
    });
    Table {
        name: DEFINITION.id.to_owned(),
        title: DEFINITION.title.to_owned(),
        definition: DEFINITION.reference(),
        rows: rows.collect(),
        measures: std::iter::once(CHILDREN).chain(PAYERS.into_iter().flatten()).map(str::to_owned).collect(),
        dimensions: kinds.columns.clone(),
        lines,
        frames: Vec::new(),
    }
}
