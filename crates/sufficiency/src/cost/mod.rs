//! What a week costs, by kind of placement.

mod figures;
mod payer;

use std::collections::{BTreeMap, BTreeSet};

use hub_disclosure::{Cell, Dimension, Line, Row, Stake, Table};
use hub_domain::codes::PlacementGroup;

use self::figures::Costs;
use crate::area::ALL;
use crate::definition::{Definition, Expect, Given, Indicator, Vector};
use crate::episode::Child;
use crate::mix;
use crate::placed::{PlacementKind, Year};
use crate::region::Picture;
use crate::snapshot::{find, tree};
use crate::stay::{Reading, Walk};

const DEFINITION: Definition = Definition {
    id: "weekly_cost",
    title: "What a week costs, by kind of placement",
    words: "Pounds a week, all payers together, by kind of placement, for the whole region: the mean over every day of the \
            twelve months, and of the children in care today with a cost recorded the median, the mode, the cost that nine in \
            ten do not exceed (p90), and the mean without the dearest and cheapest twentieth (trimmed_mean). Fostering in house and by agencies stands together too, and so do all kinds.",
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
             total less the two largest must be 15% of the largest or more; the mean is held to that by the days of the twelve \
             months, the rest by the children of the day. A mode that fewer than five children cost is hidden. A cost is told \
             anew when the count of children is, and held in between. An authority's own figures are not held to that. No \
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
            Expect { row: &["all"], measure: "children", value: 12 },
            Expect { row: &["all"], measure: "mean", value: 526 },
        ],
    }],
    ..Definition::BLANK
};

const fn cost(record: &'static str) -> Given {
    Given::placement(record)
}

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] =
    &[Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) }, payer::INDICATOR];

const CHILDREN: &str = "children";
const NOT_COSTED: &str = "not_costed";
/// What is told of a cost, in the order of the columns. The first is of the twelve months, the others of the day.
const COSTS: [&str; 5] = ["mean", "median", "mode", "p90", "trimmed_mean"];
/// Those that times the number behind them give back a total: their sums are declared.
const ADDITIVE: [&str; 2] = ["mean", "trimmed_mean"];

/// All kinds, fostering in house and by agencies, and each kind.
fn kinds() -> Dimension {
    let totals =
        [("fostering_in_house", "Fostering, in-house", 0), ("fostering_agency", "Fostering, private or voluntary", 0)];
    let each = PlacementKind::ALL.iter().map(|kind| (kind.as_str(), kind.label(), total_of(*kind)));
    tree("placement_type", "All kinds", &totals.into_iter().chain(each).collect::<Vec<_>>())
}

/// The number of the total that a kind counts towards.
fn total_of(kind: PlacementKind) -> usize {
    use PlacementKind as Kind;
    let totals = [[Kind::FosterLongOwn, Kind::FosterShortOwn], [Kind::FosterLongAgency, Kind::FosterShortAgency]];
    totals.iter().position(|kinds| kinds.contains(&kind)).map_or(0, |at| at + 1)
}

fn id(kind: &str, measure: &str) -> String {
    format!("{}|{kind}|{measure}", DEFINITION.id)
}

/// Ids of the counts of children of a kind with a cost and without.
pub(crate) fn children_ids(kind: &str) -> [String; 2] {
    [id(kind, CHILDREN), id(kind, NOT_COSTED)]
}

/// A row for each kind of placement that anybody is or was in, and for the totals over them.
fn table(picture: &Picture) -> Table {
    let kinds = kinds();
    let Gathered { costs, groups } = Gathered::of(picture, &kinds);
    let key = |at: usize| kinds.nodes.get(at).map_or(ALL, |node| node.key.as_str());
    let mut lines = Vec::new();
    for (&total, of_all) in &costs {
        for measure in [CHILDREN, NOT_COSTED].into_iter().chain(ADDITIVE).filter(|measure| of_all.has(measure)) {
            let has = |at: &usize| costs.get(at).is_some_and(|costs| costs.has(measure));
            let parts: Vec<String> = kinds.below(total).filter(has).map(|at| id(key(at), measure)).collect();
            if !parts.is_empty() {
                lines.push(Line::of(id(key(total), measure), parts));
            }
        }
    }
    // With a cost and without, the children of a group are those of the placement mix.
    for (group, kinds) in groups {
        let parts = kinds.iter().flat_map(|&at| [id(key(at), CHILDREN), id(key(at), NOT_COSTED)]).collect();
        lines.push(Line::of(mix::id(ALL, group), parts));
    }
    let rows = costs.iter().filter_map(|(&at, costs)| {
        let node = kinds.nodes.get(at)?;
        Some(Row { labels: node.labels.clone(), cells: cells(&node.key, costs) })
    });
    Table {
        name: DEFINITION.id.to_owned(),
        title: DEFINITION.title.to_owned(),
        definition: DEFINITION.reference(),
        rows: rows.collect(),
        measures: [CHILDREN, NOT_COSTED].into_iter().chain(COSTS).map(str::to_owned).collect(),
        dimensions: kinds.columns.clone(),
        lines,
        frames: Vec::new(),
    }
}

fn cells(key: &str, costs: &Costs) -> Vec<Cell> {
    let count = |measure, value| Cell::Count { id: id(key, measure), value, contributors: None };
    let cost = |measure: &str, value: Option<u64>, (stake, alike): (&Stake, Option<u64>)| {
        let (id, of, stake) = (id(key, measure), id(key, CHILDREN), stake.clone());
        let value = value.and_then(|value| i64::try_from(value).ok());
        value.map_or(Cell::Blank, |value| Cell::Cost { id, value, of, stake, alike })
    };
    let (today, typical) = (&costs.of_today, costs.typical());
    let alike = |measure| if measure == "mode" { Some(costs.at_the_mode()) } else { None };
    let [mean, of_the_day @ ..] = COSTS;
    let mut cells = vec![count(CHILDREN, costs.children()), count(NOT_COSTED, costs.not_costed)];
    cells.push(cost(mean, costs.mean(), (&costs.of_the_year, None)));
    cells.extend(of_the_day.into_iter().zip(typical).map(|(name, value)| cost(name, value, (today, alike(name)))));
    cells
}

/// Costs by place among the kinds, totals included; and the kinds in which anybody lives today, by group.
struct Gathered {
    costs: BTreeMap<usize, Costs>,
    groups: BTreeMap<PlacementGroup, BTreeSet<usize>>,
}

impl Gathered {
    fn of(picture: &Picture, kinds: &Dimension) -> Self {
        let year = Year::of(picture);
        let mut all = Self { costs: BTreeMap::new(), groups: BTreeMap::new() };
        for (&(authority, _), child) in &picture.children.by_child {
            let own = of_the_year(child, &year, kinds);
            all.take_year(kinds, authority.as_str(), &own);
            let Some(episode) = child.now.as_ref().filter(|episode| !episode.is_temporary()) else { continue };
            let at = find(kinds, PlacementKind::of(episode).as_str());
            all.groups.entry(episode.group).or_default().insert(at);
            let cost = episode.weekly_cost.and_then(|cost| u64::try_from(cost).ok());
            for at in kinds.upward(at) {
                all.costs.entry(at).or_default().take_today(authority.as_str(), cost);
            }
        }
        all
    }

    /// A child's pence by days, and days, of the twelve months: once for each kind, and once for each total over them.
    fn take_year(&mut self, kinds: &Dimension, authority: &str, own: &BTreeMap<usize, (u64, u64)>) {
        let mut together: BTreeMap<usize, (u64, u64)> = BTreeMap::new();
        for (&at, &(pence, days)) in own {
            for above in kinds.upward(at) {
                let sum = together.entry(above).or_default();
                *sum = (sum.0.saturating_add(pence), sum.1 + days);
            }
        }
        for (at, (pence, days)) in together {
            self.costs.entry(at).or_default().take_year(authority, pence, days);
        }
    }
}

/// A child's pence by days, and days, of the twelve months, by kind.
fn of_the_year(child: &Child, year: &Year, kinds: &Dimension) -> BTreeMap<usize, (u64, u64)> {
    let mut own: BTreeMap<usize, (u64, u64)> = BTreeMap::new();
    for piece in Walk::of(child, Reading::Stay).pieces {
        let days: u64 = year.split(&piece, &[]).into_iter().map(|(_, days)| days).sum();
        let cost = piece.episode.weekly_cost.and_then(|cost| u64::try_from(cost).ok());
        if let Some(cost) = cost.filter(|_| days > 0) {
            let sum = own.entry(find(kinds, PlacementKind::of(piece.episode).as_str())).or_default();
            *sum = (sum.0.saturating_add(cost.saturating_mul(days)), sum.1 + days);
        }
    }
    own
}

#[cfg(test)]
mod tests {
    use hub_domain::codes::{self, CodeList};

    use super::*;

    /// The lines that tie this table to the placement mix rest on it.
    #[test]
    fn every_kind_is_of_one_group() {
        let mut groups: BTreeMap<PlacementKind, PlacementGroup> = BTreeMap::new();
        for (place, provider) in codes::all(CodeList::Place).flat_map(|code| b"012345".map(|by| (&code.code, by))) {
            let group = PlacementGroup::of(place).unwrap_or(PlacementGroup::Other);
            if group != PlacementGroup::Temporary {
                let known = *groups.entry(PlacementKind::of_place(place, Some(provider))).or_insert(group);
                assert_eq!(known, group, "{place}");
            }
        }
        assert!(groups.len() > 15);
        assert_eq!(PlacementKind::of_place("no code", None), PlacementKind::Other);
    }
}
