//! What a week costs, by kind of placement.

use std::collections::BTreeMap;

use hub_disclosure::{Cell, Row, Table};
use hub_domain::AuthorityCode;

use crate::definition::{Definition, Expect, Given, Indicator, Vector};
use crate::placed::{PlacementKind, Year};
use crate::region::Picture;
use crate::stay::{Reading, Walk};

const DEFINITION: Definition = Definition {
    id: "weekly_cost",
    title: "What a week costs, by kind of placement",
    words: "Pounds a week, all payers together, by kind of placement, for the whole region: the mean over every day of the \
            twelve months, and of the children in care today with a cost recorded the median, the mode, the cost that nine in \
            ten do not exceed (p90), and the mean without the dearest and cheapest twentieth (trimmed_mean).",
    cohort: "mean: days of care in the twelve months whose episode records a weekly cost. The rest: children in care today \
             whose episode records one (children); not_costed are those whose episode does not.",
    numerator: "Pounds.",
    denominator: "mean: days, of which there are seven to a week. The rest: children.",
    window: "mean: the twelve months up to and including the day. The rest: at the day.",
    source: "Indicator 26 (Lewisham 2022-25); ruling 17.",
    datasets: "placements",
    unit: "pounds a week; children",
    rounding: "Whole pounds, half up. The median of an even number is the lower of the two in the middle; the mode is of whole \
               pounds, the smallest of a tie; p90 is the nearest rank; a twentieth is rounded down at each end.",
    limits: "Shown where ten children and three authorities or more stand behind it and no child or authority dominates: the \
             total less the two largest must be 15% of the largest or more. An authority's own figures are not held to that. No \
             largest cost is ever shown.",
    vectors: &[Vector {
        shows: "the mean goes by days; a mode tied between 400 and 450 is 400; p90 of twelve is the eleventh; a twentieth of \
                twelve is none",
        as_at: "2026-03-31",
        given: &[
            cost(
                r#"{"child_ref":"a","weekly_cost":40000,"episode_start":"2025-04-01","birth_month":"2014-01","legal_status":"C2","reason_new_episode":"S","placement_type":"K2"}"#,
            ),
            cost(
                r#"{"child_ref":"b","weekly_cost":40040,"episode_start":"2025-04-01","birth_month":"2014-01","legal_status":"C2","reason_new_episode":"S","placement_type":"K2"}"#,
            ),
            cost(
                r#"{"child_ref":"c","weekly_cost":45000,"episode_start":"2025-04-01","birth_month":"2014-01","legal_status":"C2","reason_new_episode":"S","placement_type":"K2"}"#,
            ),
            cost(
                r#"{"child_ref":"d","weekly_cost":45000,"episode_start":"2025-04-01","birth_month":"2014-01","legal_status":"C2","reason_new_episode":"S","placement_type":"K2"}"#,
            ),
            cost(
                r#"{"child_ref":"e","weekly_cost":50000,"episode_start":"2025-04-01","birth_month":"2014-01","legal_status":"C2","reason_new_episode":"S","placement_type":"K2"}"#,
            ),
            cost(
                r#"{"child_ref":"f","weekly_cost":51000,"episode_start":"2025-04-01","birth_month":"2014-01","legal_status":"C2","reason_new_episode":"S","placement_type":"K2"}"#,
            ),
            cost(
                r#"{"child_ref":"g","weekly_cost":52000,"episode_start":"2025-04-01","birth_month":"2014-01","legal_status":"C2","reason_new_episode":"S","placement_type":"K2"}"#,
            ),
            cost(
                r#"{"child_ref":"h","weekly_cost":53000,"episode_start":"2025-04-01","birth_month":"2014-01","legal_status":"C2","reason_new_episode":"S","placement_type":"K2"}"#,
            ),
            cost(
                r#"{"child_ref":"i","weekly_cost":54000,"episode_start":"2025-04-01","birth_month":"2014-01","legal_status":"C2","reason_new_episode":"S","placement_type":"K2"}"#,
            ),
            cost(
                r#"{"child_ref":"j","weekly_cost":55000,"episode_start":"2025-04-01","birth_month":"2014-01","legal_status":"C2","reason_new_episode":"S","placement_type":"K2"}"#,
            ),
            cost(
                r#"{"child_ref":"k","weekly_cost":56000,"episode_start":"2025-04-01","birth_month":"2014-01","legal_status":"C2","reason_new_episode":"S","placement_type":"K2"}"#,
            ),
            cost(
                r#"{"child_ref":"l","weekly_cost":90000,"episode_start":"2025-04-01","birth_month":"2014-01","legal_status":"C2","reason_new_episode":"S","placement_type":"K2"}"#,
            ),
            cost(
                r#"{"child_ref":"m","episode_start":"2025-04-01","birth_month":"2014-01","legal_status":"C2","reason_new_episode":"S","placement_type":"K2"}"#,
            ),
        ],
        expect: &[
            Expect { row: &["childrens_home"], measure: "children", value: 12 },
            Expect { row: &["childrens_home"], measure: "not_costed", value: 1 },
            Expect { row: &["childrens_home"], measure: "mean", value: 526 },
            Expect { row: &["childrens_home"], measure: "median", value: 510 },
            Expect { row: &["childrens_home"], measure: "mode", value: 400 },
            Expect { row: &["childrens_home"], measure: "p90", value: 560 },
            Expect { row: &["childrens_home"], measure: "trimmed_mean", value: 526 },
        ],
    }],
    ..Definition::BLANK
};

const fn cost(record: &'static str) -> Given {
    Given::placement(record)
}

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] =
    &[Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) }];

/// Fewer children than this have no cost of their own shown (promise C2).
const FEWEST_CHILDREN: usize = 10;
/// Fewer authorities likewise.
const FEWEST_AUTHORITIES: usize = 3;
/// What is left beside the two largest must be this many hundredths of the largest: the p% rule.
const REST_PERCENT: u128 = 15;

/// The costs of one kind of placement, in pence a week.
#[derive(Default)]
struct Costs {
    /// Of each child in care today.
    today: Vec<u64>,
    by_authority: BTreeMap<AuthorityCode, u64>,
    not_costed: u64,
    /// Pence by days, and days, in the window.
    weighed: u128,
    days: u128,
}

impl Costs {
    /// Too few children or authorities stand behind the figures, or one of them stands out.
    fn is_thin(&self, alone: bool) -> bool {
        let authorities: Vec<u64> = self.by_authority.values().copied().collect();
        let few = self.today.len() < FEWEST_CHILDREN || authorities.len() < FEWEST_AUTHORITIES;
        !alone && (few || dominated(&self.today) || dominated(&authorities))
    }

    fn mean(&self) -> Option<u64> {
        let pence = (self.weighed * 2 + self.days) / (self.days * 2).max(1);
        (self.days > 0).then(|| pounds(u64::try_from(pence).unwrap_or(u64::MAX)))
    }

    /// Median, mode, p90, trimmed mean; of none, none.
    fn typical(&self) -> [Option<u64>; 4] {
        let mut costs = self.today.clone();
        costs.sort_unstable();
        let n = costs.len();
        let rank = (n * 9).div_ceil(10);
        let cut = n / 20;
        let kept = costs.get(cut..n - cut).unwrap_or(&[]);
        let total: u64 = kept.iter().sum();
        let count = u64::try_from(kept.len()).unwrap_or(u64::MAX);
        let trimmed = (total * 2 + count).checked_div(count * 2);
        let [median, p90] = [n.saturating_sub(1) / 2, rank.saturating_sub(1)].map(|at| costs.get(at).copied());
        [median.map(pounds), mode(&costs), p90.map(pounds), trimmed.map(pounds)]
    }
}

/// The commonest whole pound, the smallest of a tie.
fn mode(costs: &[u64]) -> Option<u64> {
    let mut times: BTreeMap<u64, usize> = BTreeMap::new();
    for cost in costs {
        *times.entry(pounds(*cost)).or_default() += 1;
    }
    let most = times.values().copied().max()?;
    times.into_iter().find(|&(_, n)| n == most).map(|(cost, _)| cost)
}

/// Whole pounds, half up.
fn pounds(pence: u64) -> u64 {
    pence.saturating_add(50) / 100
}

/// What is left beside the two largest is too little to hide the largest from the second.
fn dominated(parts: &[u64]) -> bool {
    let mut parts = parts.to_vec();
    parts.sort_unstable_by(|a, b| b.cmp(a));
    let largest = parts.first().copied().map_or(0, u128::from);
    let rest: u128 = parts.iter().skip(2).copied().map(u128::from).sum();
    rest * 100 < largest * REST_PERCENT
}

/// A row for each kind of placement that anybody is in.
fn table(picture: &Picture) -> Table {
    let alone = picture.members.len() == 1;
    let rows = gather(picture).into_iter().map(|(kind, costs)| {
        let id = |measure: &str| format!("{}|{kind}|{measure}", DEFINITION.id);
        // Flagged to the gate: as many contributors as hide a cell.
        let contributors = costs.is_thin(alone).then_some(1);
        let children = u64::try_from(costs.today.len()).unwrap_or(u64::MAX);
        let typical = |value: Option<u64>| match value.and_then(|value| i64::try_from(value).ok()) {
            Some(value) => Cell::Typical { value, of: id("children") },
            None => Cell::Blank,
        };
        let mut cells = vec![
            Cell::Count { id: id("children"), value: children, contributors },
            Cell::Count { id: id("not_costed"), value: costs.not_costed, contributors: None },
            typical(costs.mean()),
        ];
        cells.extend(costs.typical().map(typical));
        Row { labels: vec![kind.to_string(), kind.label().to_owned()], cells }
    });
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    Table {
        name: DEFINITION.id.to_owned(),
        title: DEFINITION.title.to_owned(),
        definition: DEFINITION.reference(),
        dimensions: names(&["placement_type", "placement_type_name"]),
        measures: names(&["children", "not_costed", "mean", "median", "mode", "p90", "trimmed_mean"]),
        rows: rows.collect(),
        lines: Vec::new(),
    }
}

fn gather(picture: &Picture) -> BTreeMap<PlacementKind, Costs> {
    let year = Year::of(picture);
    let mut kinds: BTreeMap<PlacementKind, Costs> = BTreeMap::new();
    for (&(authority, _), child) in &picture.children.by_child {
        for piece in Walk::of(child, Reading::Stay).pieces {
            let Some(cost) = piece.episode.weekly_cost.and_then(|cost| u64::try_from(cost).ok()) else { continue };
            let days: u64 = year.split(&piece, &[]).into_iter().map(|(_, days)| days).sum();
            if days > 0 {
                let costs = kinds.entry(PlacementKind::of(piece.episode)).or_default();
                costs.weighed += u128::from(cost) * u128::from(days);
                costs.days += u128::from(days);
            }
        }
        let Some(episode) = child.now.as_ref().filter(|episode| !episode.is_temporary()) else { continue };
        let costs = kinds.entry(PlacementKind::of(episode)).or_default();
        match episode.weekly_cost.and_then(|cost| u64::try_from(cost).ok()) {
            Some(cost) => {
                costs.today.push(cost);
                *costs.by_authority.entry(authority).or_default() += cost;
            }
            None => costs.not_costed += 1,
        }
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn costs(today: &[u64], authorities: &[u64]) -> Costs {
        let codes = ["E09000023", "E09000011", "E09000008", "E09000003"].map(|code| code.parse().unwrap());
        let by_authority = codes.into_iter().zip(authorities.iter().copied()).collect();
        Costs { today: today.to_vec(), by_authority, ..Costs::default() }
    }

    #[test]
    fn few_or_dominated_costs_are_flagged_but_for_ones_own() {
        let even = [500; 10];
        assert!(!costs(&even, &[2_000, 1_500, 1_500]).is_thin(false));
        assert!(costs(&even[1..], &[2_000, 1_500, 1_000]).is_thin(false), "nine children");
        assert!(costs(&even, &[2_500, 2_500]).is_thin(false), "two authorities");
        assert!(costs(&even, &[4_000, 900, 100]).is_thin(false), "one authority stands out");
        let mut one_dear = even;
        one_dear[0] = 100_000;
        assert!(costs(&one_dear, &[2_000, 1_500, 1_500]).is_thin(false), "one child stands out");
        assert!(!costs(&even[..2], &[1_000]).is_thin(true));
        assert!(costs(&[], &[]).is_thin(false) && !dominated(&[]));
    }

    #[test]
    fn trimming_takes_a_twentieth_from_each_end() {
        let mut of_twenty: Vec<u64> = (1..=20).map(|n| n * 100).collect();
        of_twenty.reverse();
        // 2 to 19 pounds.
        assert_eq!(costs(&of_twenty, &[]).typical(), [Some(10), Some(1), Some(18), Some(11)]);
        assert_eq!(costs(&of_twenty[1..], &[]).typical()[3], Some(10), "of nineteen nothing is cut");
        assert_eq!(costs(&[], &[]).typical(), [None; 4]);
    }
}
