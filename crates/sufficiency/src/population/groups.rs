//! Whether children of a group are in care more often than they live in the area.

use hub_disclosure::{Cell, Cube, Dimension, Node, Table};
use hub_domain::population::{EthnicGroup, Of, Sex, Vintage, in_use};

use crate::area::{ALL, Areas};
use crate::care;
use crate::definition::{Definition, Indicator, LOOKED_AFTER};
use crate::episode::Episode;
use crate::region::Picture;

const WORDS: &str = "Children in care today by group, and for each group its share of the children in care over its share of \
                     the children who live in the area, in percent: 100 says that it is in care as often as others, 200 twice \
                     as often. low and high hold the ratio with 95 percent confidence.";
const NUMERATOR: &str = "The group's share of the children in care whose group is known.";
const DENOMINATOR: &str = "The group's share of the children of 0 to 17 by the vintage named in each row: of those loaded that \
                           have the breakdown, the one estimated last and not after the day.";
const ROUNDING: &str = "Ratios to 5 percent. A ratio is shown where the count it is of is shown and 5 or more, and so are all children \
                        and those whose group is not known: it would give back either.";
const LIMITS: &str = "The interval takes the children in care as drawn by lot and the population as known; the ratio of the \
                      logarithms' normal approximation. A group says nothing of why. Without a vintage that has the breakdown \
                      the table has no rows.";
const SOURCE: &str = "Indicator 9 (all strategies).";

const BY_ETHNICITY: Definition = Definition {
    id: "ethnicity_disproportionality",
    title: "Children in care by ethnic group, beside the children who live there",
    words: WORDS,
    cohort: LOOKED_AFTER,
    numerator: NUMERATOR,
    denominator: DENOMINATOR,
    window: "At the day.",
    source: SOURCE,
    datasets: "placements; population estimates",
    unit: "children; percent",
    rounding: ROUNDING,
    limits: LIMITS,
    ..Definition::BLANK
};

const BY_SEX: Definition = Definition {
    id: "sex_disproportionality",
    title: "Children in care by sex, beside the children who live there",
    ..BY_ETHNICITY
};

pub(super) const ETHNICITY: Indicator =
    Indicator { definition: &BY_ETHNICITY, table: Some(|_, asked| table(asked.picture, &ETHNIC)) };
pub(super) const SEX: Indicator =
    Indicator { definition: &BY_SEX, table: Some(|_, asked| table(asked.picture, &SEXES)) };

/// One way of grouping children.
struct Grouping {
    definition: &'static Definition,
    column: &'static str,
    /// The table that has the same counts, and names their cells.
    counts: &'static str,
    /// The key of those whose group is not known.
    unknown: &'static str,
    /// Key, label and whom the estimates count, group by group.
    groups: &'static [(&'static str, &'static str, Of)],
    /// The key of a child's group; `None` where it is not known.
    of: fn(&Episode) -> Option<&'static str>,
}

const ETHNIC: Grouping = Grouping {
    definition: &BY_ETHNICITY,
    column: "ethnic_group",
    counts: "children_by_ethnicity",
    unknown: "unknown",
    groups: &[
        ("asian", "Asian", Of::Ethnicity(EthnicGroup::Asian)),
        ("black", "Black", Of::Ethnicity(EthnicGroup::Black)),
        ("mixed", "Mixed", Of::Ethnicity(EthnicGroup::Mixed)),
        ("white", "White", Of::Ethnicity(EthnicGroup::White)),
        ("other", "Other", Of::Ethnicity(EthnicGroup::Other)),
    ],
    of: |episode| EthnicGroup::of(episode.ethnicity.as_str()).map(EthnicGroup::as_str),
};

const SEXES: Grouping = Grouping {
    definition: &BY_SEX,
    column: "sex",
    counts: "children_by_sex",
    unknown: "U",
    groups: &[("F", "Female", Of::Sex(Sex::F)), ("M", "Male", Of::Sex(Sex::M))],
    of: |episode| match episode.sex.as_str() {
        "F" => Some("F"),
        "M" => Some("M"),
        _ => None,
    },
};

const RATIOS: [&str; 3] = ["ratio_percent", "low", "high"];
/// Two-sided 95 percent of a normal distribution.
const NORMAL_95: f64 = 1.96;

fn table(picture: &Picture, grouping: &Grouping) -> Table {
    let areas = Areas::of_authorities(&picture.members);
    let groups = dimension(grouping);
    let says = |(_, _, of): &(&str, &str, Of)| in_use(&picture.others.populations, picture.as_at, *of);
    let vintage = grouping.groups.iter().filter_map(says).min_by_key(|vintage| vintage.estimated_on);
    let mut cube = Cube::new(grouping.definition.id, &["children"], vec![areas.dimension.clone(), groups.clone()]);
    if vintage.is_some() {
        cube = cube.dense();
    }
    for (&(authority, _), child) in picture.children.by_child.iter().filter(|_| vintage.is_some()) {
        let (Some(episode), Some(&area)) = (&child.now, areas.place.get(&authority)) else { continue };
        let group = groups.find((grouping.of)(episode).unwrap_or(grouping.unknown)).unwrap_or(0);
        cube.add(&[area, group], 0, 1);
    }
    let rename = |keys: &[&str], _: &str| match keys {
        [area, ALL] => Some(care::id(area, ALL)),
        [area, group] => Some(format!("{}|{area}|{group}|children", grouping.counts)),
        _ => None,
    };
    let definition = grouping.definition;
    let reference = vintage.map_or_else(|| definition.reference(), |vintage| definition.reference_over(&vintage.name));
    let mut table = cube.into_table(definition.title, reference, &rename);
    compare(&mut table, &areas, grouping, vintage);
    table
}

fn dimension(grouping: &Grouping) -> Dimension {
    let node = |key: &str, label: &str, parent| Node {
        key: key.to_owned(),
        labels: vec![key.to_owned(), label.to_owned()],
        parent,
    };
    let groups = grouping.groups.iter().map(|(key, label, _)| node(key, label, Some(0)));
    let nodes = std::iter::once(node(ALL, "All groups", None)).chain(groups).chain([node(
        grouping.unknown,
        "Not known",
        Some(0),
    )]);
    Dimension { columns: vec![grouping.column.to_owned(), format!("{}_name", grouping.column)], nodes: nodes.collect() }
}

/// Sets the ratio and its interval beside each count. Rows come area by area, each with all its groups.
fn compare(table: &mut Table, areas: &Areas, grouping: &Grouping, vintage: Option<&Vintage>) {
    table.measures.extend(RATIOS.map(str::to_owned));
    let width = grouping.groups.len() + 2;
    let people: Vec<Vec<Option<u64>>> = grouping
        .groups
        .iter()
        .map(|(_, _, of)| areas.sums(|code| vintage.and_then(|vintage| vintage.children(code, *of))))
        .collect();
    for (area, rows) in table.rows.chunks_mut(width).enumerate() {
        let counts: Vec<u64> = rows.iter().map(|row| row.cells.first().map_or(0, counted)).collect();
        let known: u64 = counts.iter().skip(1).take(grouping.groups.len()).sum();
        let lives: Option<Vec<u64>> = people.iter().map(|of| of.get(area).copied().flatten()).collect();
        let ids: Vec<String> = rows.iter().filter_map(|row| row.cells.first()).map(id_of).collect();
        for (at, row) in rows.iter_mut().enumerate() {
            let group = at.checked_sub(1).filter(|group| *group < grouping.groups.len());
            let ratio = group.zip(lives.as_ref()).and_then(|(group, lives)| {
                let (here, all) = (*lives.get(group)?, lives.iter().sum());
                ratio(*counts.get(at)?, known, here, all)
            });
            // Beside the group's own count a ratio tells how many of all are of a known group: all, less the unknown.
            let of = [ids.get(at), ids.first(), ids.last()].into_iter().flatten().cloned().collect::<Vec<_>>();
            let cell = |value: i64| Cell::Typical { value, of: of.clone(), people: None };
            row.cells.extend(ratio.map_or([Cell::Blank, Cell::Blank, Cell::Blank], |ratio| ratio.map(cell)));
        }
    }
}

fn counted(cell: &Cell) -> u64 {
    if let Cell::Count { value, .. } = cell { *value } else { 0 }
}

fn id_of(cell: &Cell) -> String {
    if let Cell::Count { id, .. } = cell { id.clone() } else { String::new() }
}

/// Ratio of shares and the ends of its interval, in percent to the nearest five; `None` where a share is nought.
fn ratio(children: u64, of_all: u64, people: u64, of_people: u64) -> Option<[i64; 3]> {
    let [children, of_all, people, of_people] =
        [children, of_all, people, of_people].map(|count| u32::try_from(count).map_or(f64::MAX, f64::from));
    if children < 1.0 || people < 1.0 {
        return None;
    }
    let share = children / of_all;
    let ratio = share / (people / of_people);
    let spread = (NORMAL_95 * ((1.0 - share) / children).sqrt()).exp();
    Some([ratio, ratio / spread, ratio * spread].map(to_fives))
}

#[expect(clippy::cast_possible_truncation, clippy::as_conversions, reason = "a ratio of shares is far below 2^63")]
fn to_fives(ratio: f64) -> i64 {
    (ratio * 20.0).round() as i64 * 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_of_shares_has_an_interval_around_it() {
        // 40 of 100 in care, 2 of 10 in the area: twice as often; exp(1.96 * sqrt(0.6 / 40)) = 1.271.
        assert_eq!(ratio(40, 100, 2_000, 10_000), Some([200, 155, 255]));
        assert_eq!(ratio(20, 100, 2_000, 10_000).map(|[ratio, ..]| ratio), Some(100));
        assert_eq!(ratio(100, 100, 10_000, 10_000), Some([100, 100, 100]));
        assert_eq!(ratio(0, 100, 2_000, 10_000), None);
        assert_eq!(ratio(4, 100, 0, 10_000), None);
    }
}
