//! Children in care: the count everything else is held against.

use hub_disclosure::{Cube, Dimension, Table};

use crate::area::{ALL, Areas};
use crate::band;
use crate::definition::{Definition, Expect, Given, Indicator, LOOKED_AFTER, Variant, Vector};
use crate::region::Picture;

const DEFINITION: Definition = Definition {
    id: "children_in_care",
    title: "Children in care, by placing authority, age and asylum status",
    words: "How many children each authority looks after today. Two banding schemes stand side by side: 0-4, 5-9, \
            10-12, 13-15, 16+ (the boroughs' strategies) and <1, 1-4, 5-9, 10-15, 16+ (DfE's statistics).",
    cohort: LOOKED_AFTER,
    datasets: "placements",
    unit: "children",
    limits: "Age is in whole years on the day, the birthday being taken as the first of the month of birth. A month \
             that gives no age is counted as 'unknown'.",
    numerator: "Children of the row.",
    window: "At the day.",
    banding: "strategies and DfE, by age on the day",
    variants: &[
        Variant { id: "strategy", words: "0-4, 5-9, 10-12, 13-15, 16+, as the boroughs' strategies have it." },
        Variant { id: "statistical", words: "<1, 1-4, 5-9, 10-15, 16+, as DfE has it." },
    ],
    source: "Indicators 1 and 8; rulings 12 and 13.",
    vectors: &[Vector {
        shows: "open on the day it starts, not on the day it ends; short breaks are left out; five on the first of the \
                month of birth; under one and one to four within 0-4",
        as_at: "2026-03-01",
        given: &[
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2026-03-01","birth_month":"2021-03","legal_status":"C2","placement_type":"U6"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2025-03-01","birth_month":"2025-03","legal_status":"C2","placement_type":"U6","uasc":true}"#,
            ),
            Given::placement(
                r#"{"child_ref":"c","episode_start":"2025-03-01","birth_month":"2025-04","legal_status":"C2","placement_type":"U6"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"d","episode_start":"2025-03-01","episode_end":"2026-03-01","birth_month":"2021-03","legal_status":"C2","placement_type":"U6"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"e","episode_start":"2025-03-01","birth_month":"2021-03","legal_status":"V4","placement_type":"U6"}"#,
            ),
        ],
        expect: &[
            Expect { row: &["E09000023", "all", "both", "all"], measure: "children", value: 3 },
            Expect { row: &["E09000023", "5-9"], measure: "children", value: 1 },
            Expect { row: &["E09000023", "0-4"], measure: "children", value: 2 },
            Expect { row: &["E09000023", "<1"], measure: "children", value: 1 },
            Expect { row: &["E09000023", "1-4"], measure: "children", value: 1 },
            Expect { row: &["E09000023", "uasc"], measure: "children", value: 1 },
        ],
    }],
    ..Definition::BLANK
};

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] =
    &[Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) }];

/// The table: area by age in both schemes, and area by asylum status for all ages.
pub(crate) fn table(picture: &Picture) -> Table {
    let areas = Areas::of_authorities(&picture.members);
    let status = Dimension::flat("status", ["uasc", "not_uasc"]);
    let mut by_age = cube(&areas, band::both(), total_of(&status));
    let mut by_status = cube(&areas, total_of(&band::both()), status);
    for (&(authority, _), child) in &picture.children.by_child {
        let (Some(episode), Some(&area)) = (&child.now, areas.place.get(&authority)) else { continue };
        let leaf = by_age.dimensions().get(1).and_then(|bands| bands.find(band::finest(episode.age))).unwrap_or(0);
        by_age.add(&[area, leaf, 0], 0, 1);
        by_status.add(&[area, 0, if episode.uasc { 1 } else { 2 }], 0, 1);
    }
    let mut table = by_age.into_table(DEFINITION.title, DEFINITION.reference(), &|_, _| None);
    table.absorb(by_status.into_table(DEFINITION.title, DEFINITION.reference(), &|_, _| None));
    table
}

/// The table that all counts of children in care are named after.
pub(crate) const TABLE: &str = DEFINITION.id;

/// Id of the count of children in care of an area and band, whichever table it stands in.
pub(crate) fn id(area: &str, band: &str) -> String {
    format!("{}|{area}|{band}|{ALL}|children", DEFINITION.id)
}

fn cube(areas: &Areas, bands: Dimension, status: Dimension) -> Cube {
    Cube::new(DEFINITION.id, &["children"], vec![areas.dimension.clone(), bands, status]).dense()
}

/// The dimension with nothing but its total.
pub(crate) fn total_of(dimension: &Dimension) -> Dimension {
    Dimension { columns: dimension.columns.clone(), nodes: dimension.nodes.iter().take(1).cloned().collect() }
}
