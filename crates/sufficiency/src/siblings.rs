//! Brothers and sisters in care: whether they live together.

use std::collections::HashMap;

use hub_disclosure::{Cube, Dimension, Table};
use hub_domain::AuthorityCode;

use crate::area::Areas;
use crate::definition::{Definition, Expect, Given, Indicator, Vector};
use crate::episode::Episode;
use crate::region::Picture;
use crate::snapshot::{find, in_care, tree};

const DEFINITION: Definition = Definition {
    id: "siblings_together",
    title: "Brothers and sisters in care, by whether they live together",
    words: "Children in care today whose record names a group of siblings of whom another is in care too, by how many of the \
            group are in care and by whether the child lives with all of them, with some, or with none; for each sub-region.",
    cohort: "Children in care on the day, agreed series of short breaks (V3, V4) left out, in a group of two or more of one \
             authority who are.",
    numerator: "Children of the row: together for the share who live with all of their group.",
    denominator: "Children of the same size of group: the row of all. not_known, whose home or whose siblings' home has no \
                  setting_ref, stand beside it.",
    window: "At the day.",
    source: "Market-gap question 3; issue 4, tables.",
    datasets: "placements",
    unit: "children",
    limits: "A group is what the authority calls one: siblings it does not look after, or of another authority, are in no feed. \
             Rows that fewer than five groups stand behind are hidden: one family can fill a row. A temporary move counts as \
             where the child is.",
    vectors: &[Vector {
        shows: "two in one home are together; of three, two share a home and one is apart; a group of one is none; without a \
                setting it is not known",
        as_at: "2026-03-01",
        given: &[
            sibling(
                r#"{"child_ref":"a","sibling_group_ref":"g","setting_ref":"h","episode_start":"2025-06-01","birth_month":"2014-03","legal_status":"C2","placement_type":"U6"}"#,
            ),
            sibling(
                r#"{"child_ref":"b","sibling_group_ref":"g","setting_ref":"h","episode_start":"2025-06-01","birth_month":"2014-03","legal_status":"C2","placement_type":"U6"}"#,
            ),
            sibling(
                r#"{"child_ref":"c","sibling_group_ref":"i","setting_ref":"h","episode_start":"2025-06-01","birth_month":"2014-03","legal_status":"C2","placement_type":"U6"}"#,
            ),
            sibling(
                r#"{"child_ref":"d","sibling_group_ref":"i","setting_ref":"h","episode_start":"2025-06-01","birth_month":"2014-03","legal_status":"C2","placement_type":"U6"}"#,
            ),
            sibling(
                r#"{"child_ref":"e","sibling_group_ref":"i","setting_ref":"j","episode_start":"2025-06-01","birth_month":"2014-03","legal_status":"C2","placement_type":"U6"}"#,
            ),
            sibling(
                r#"{"child_ref":"f","sibling_group_ref":"k","setting_ref":"j","episode_start":"2025-06-01","birth_month":"2014-03","legal_status":"C2","placement_type":"U6"}"#,
            ),
            sibling(
                r#"{"child_ref":"l","sibling_group_ref":"m","setting_ref":"j","episode_start":"2025-06-01","birth_month":"2014-03","legal_status":"C2","placement_type":"U6"}"#,
            ),
            sibling(
                r#"{"child_ref":"n","sibling_group_ref":"m","episode_start":"2025-06-01","birth_month":"2014-03","legal_status":"C2","placement_type":"U6"}"#,
            ),
        ],
        expect: &[
            Expect { row: &["E09000023", "all", "all"], measure: "children", value: 7 },
            Expect { row: &["E09000023", "2", "together"], measure: "children", value: 2 },
            Expect { row: &["E09000023", "2", "not_known"], measure: "children", value: 2 },
            Expect { row: &["E09000023", "3", "with_some"], measure: "children", value: 2 },
            Expect { row: &["E09000023", "3", "apart"], measure: "children", value: 1 },
        ],
    }],
    ..Definition::BLANK
};

const fn sibling(record: &'static str) -> Given {
    Given::placement(record)
}

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] =
    &[Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) }];

const SIZES: [&str; 3] = ["2", "3", "4+"];

fn table(picture: &Picture) -> Table {
    let mut groups: HashMap<(AuthorityCode, u32), Vec<&Episode>> = HashMap::new();
    for (authority, episode) in in_care(picture) {
        if let Some(group) = episode.siblings {
            groups.entry((authority, group)).or_default().push(episode);
        }
    }
    let areas = Areas::wide(&picture.members);
    let (sizes, ways) = (Dimension::flat("siblings_in_care", SIZES), ways());
    let dimensions = vec![areas.dimension.clone(), sizes.clone(), ways.clone()];
    let mut cube = Cube::new(DEFINITION.id, &["children"], dimensions).by_contributors();
    for ((authority, _), group) in groups.iter().filter(|(_, group)| group.len() > 1) {
        let Some(&area) = areas.place.get(authority) else { continue };
        let size = find(&sizes, SIZES.get(group.len().saturating_sub(2)).copied().unwrap_or("4+"));
        let mut counts: HashMap<&str, u64> = HashMap::new();
        for child in group {
            *counts.entry(lives(child, group)).or_default() += 1;
        }
        let held: Vec<([usize; 3], u64)> =
            counts.into_iter().map(|(way, children)| ([area, size, find(&ways, way)], children)).collect();
        for (at, children) in &held {
            cube.add(at, 0, *children);
        }
        cube.contribute(authority.as_str(), held.iter().map(|(at, _)| at.as_slice()));
    }
    cube.into_table(DEFINITION.title, DEFINITION.reference(), &|_, _| None)
}

fn ways() -> Dimension {
    let ways = [
        ("together", "With all of the group", 0),
        ("with_some", "With some of the group", 0),
        ("apart", "With none of the group", 0),
        ("not_known", "Not known", 0),
    ];
    tree("lives", "All", &ways)
}

/// Whether one of a group lives with the others of it. It is not known where a home that matters has no name.
fn lives(child: &Episode, group: &[&Episode]) -> &'static str {
    let Some(home) = child.setting else { return "not_known" };
    let here = group.iter().filter(|other| other.setting == Some(home)).count();
    let unnamed = group.iter().any(|other| other.setting.is_none());
    match here {
        here if here == group.len() => "together",
        _ if unnamed => "not_known",
        1 => "apart",
        _ => "with_some",
    }
}
