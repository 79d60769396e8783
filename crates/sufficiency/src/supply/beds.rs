//! Registered places in an area beside the area's own children who live in such a home.

use std::collections::HashMap;

use hub_disclosure::{Cell, Cube, Dimension, Node, Table};
use hub_domain::AuthorityCode;
use hub_domain::codes::PlacementGroup;

use crate::area::Areas;
use crate::definition::{Definition, Expect, Given, Indicator, LOOKED_AFTER, Vector};
use crate::region::Picture;

const DEFINITION: Definition = Definition {
    id: "beds_and_need",
    title: "Registered places in an area beside the area's own children who need such a place",
    words: "How many places of each kind are registered in the area, how many of the area's own children live in a home of that \
            kind wherever it stands, and how many of those live in one within the area. A ratio of 450 says that there are four \
            and a half places for every child of the area's own.",
    cohort: LOOKED_AFTER,
    numerator: "registered_places: places of providers registered on the day whose authority is in the area.",
    denominator: "children: the area's own children in residential care (903 K1, K2, R1) or in supported accommodation (K3, \
                  H5).",
    window: "At the day.",
    source: "Indicator 22 (Croydon 2024-27: 4.5 times as many places in homes as needed, three own children in them).",
    datasets: "placements, regulator",
    unit: "places; children; percent",
    rounding: "Percent whole, half up; shown where the children are shown and 5 or more.",
    limits: "Need is who lives in such a home, not who should. A place registered may be closed, or be for another need. A \
             provider whose register entry names no authority counts nowhere. The region's own children within it count as in \
             the area of the region, and of their own authority only where they live there. Where no register is loaded the \
             table has no rows.",
    vectors: &[Vector {
        shows: "places of registered providers only; own children wherever they live; those within the area apart",
        as_at: "2026-03-01",
        given: &[
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2025-03-01","birth_month":"2014-01","legal_status":"C2","placement_type":"K2","placement_la":"E09000023"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2025-03-01","birth_month":"2014-01","legal_status":"C2","placement_type":"K2","placement_la":"E09000008"}"#,
            ),
            Given { dataset: "regulator", authority: "E09000023", record: HOME },
            Given { dataset: "regulator", authority: "E09000023", record: OVER },
        ],
        expect: &[
            Expect { row: &["E09000023", "childrens_home"], measure: "registered_places", value: 9 },
            Expect { row: &["E09000023", "childrens_home"], measure: "children", value: 2 },
            Expect { row: &["E09000023", "childrens_home"], measure: "in_area", value: 1 },
            Expect { row: &["E09000023", "childrens_home"], measure: "places_percent_of_children", value: 450 },
        ],
    }],
    ..Definition::BLANK
};

const HOME: &str = r#"{"urn":"SC000001","entry":"registration","aspect":"","effective_from":"2020-02-01","provider_type":"childrens_home","registration_status":"registered","la":"E09000023","registered_places":9}"#;
const OVER: &str = r#"{"urn":"SC000002","entry":"registration","aspect":"","effective_from":"2020-02-01","provider_type":"childrens_home","registration_status":"cancelled","la":"E09000023","registered_places":4}"#;

pub(super) const INDICATOR: Indicator =
    Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) };

/// Kinds of home: key, label, group of the children, kinds of provider.
const KINDS: [(&str, &str, PlacementGroup, &[&str]); 2] = [
    ("childrens_home", "Children's homes", PlacementGroup::Residential, &["childrens_home", "secure_childrens_home"]),
    (
        "supported_accommodation",
        "Supported accommodation",
        PlacementGroup::SemiIndependent,
        &["supported_accommodation"],
    ),
];
const PLACES: &str = "registered_places";
const RATIO: &str = "places_percent_of_children";

fn table(picture: &Picture) -> Table {
    let areas = Areas::of_authorities(&picture.members);
    let kinds = dimension();
    let measures = ["children", "in_area", "elsewhere"];
    let mut cube = Cube::new(DEFINITION.id, &measures, vec![areas.dimension.clone(), kinds]).summing(0, &[1, 2]);
    let is_loaded = picture.others.register.is_loaded();
    if is_loaded {
        cube = cube.dense();
    }
    let children = picture.children.by_child.iter().filter(|_| is_loaded);
    for (&(authority, _), child) in children {
        let (Some(episode), Some(&area)) = (&child.now, areas.place.get(&authority)) else { continue };
        let Some(kind) = KINDS.iter().position(|(_, _, group, _)| *group == episode.group) else { continue };
        let within = if episode.host == Some(authority) { 1 } else { 2 };
        cube.add(&[area, kind], 0, 1);
        cube.add(&[area, kind], within, 1);
    }
    // The same count as the mix has of the group: one cell, one fate.
    let rename = |keys: &[&str], measure: &str| match (keys, measure) {
        ([area, kind], "children") => {
            let (_, _, group, _) = KINDS.iter().find(|(key, ..)| key == kind)?;
            Some(crate::mix::id(area, *group))
        }
        _ => None,
    };
    let mut table = cube.into_table(DEFINITION.title, DEFINITION.reference(), &rename);
    set_beside(&mut table, &places(picture, &areas));
    table
}

/// Registered places by area, in its order, and kind.
fn places(picture: &Picture, areas: &Areas) -> Vec<u64> {
    let mut of: HashMap<(AuthorityCode, usize), u64> = HashMap::new();
    for provider in picture.others.register.registered(picture.as_at) {
        let kind = KINDS.iter().position(|(.., providers)| providers.contains(&provider.kind));
        if let Some(key) = provider.la.zip(kind) {
            *of.entry(key).or_default() += provider.places;
        }
    }
    let by_kind: Vec<Vec<u64>> =
        (0..KINDS.len()).map(|kind| areas.totals(|code| of.get(&(code, kind)).copied().unwrap_or_default())).collect();
    let area = |at: usize| by_kind.iter().filter_map(move |all| all.get(at).copied());
    (0..areas.dimension.nodes.len()).flat_map(area).collect()
}

fn set_beside(table: &mut Table, places: &[u64]) {
    table.measures.extend([PLACES, RATIO].map(str::to_owned));
    for (row, places) in table.rows.iter_mut().zip(places) {
        let ratio = match row.cells.first() {
            Some(Cell::Count { id, value, .. }) => {
                percent(*places, *value).map_or(Cell::Blank, |value| Cell::typical(value, id))
            }
            _ => Cell::Blank,
        };
        row.cells.extend([Cell::Figure(i64::try_from(*places).unwrap_or(i64::MAX)), ratio]);
    }
}

fn percent(part: u64, whole: u64) -> Option<i64> {
    i64::try_from((part * 200 + whole).checked_div(2 * whole)?).ok()
}

fn dimension() -> Dimension {
    let node = |(key, label, ..): &(&str, &str, PlacementGroup, &[&str])| Node {
        key: (*key).to_owned(),
        labels: vec![(*key).to_owned(), (*label).to_owned()],
        parent: None,
    };
    Dimension { columns: vec!["kind".to_owned(), "kind_name".to_owned()], nodes: KINDS.iter().map(node).collect() }
}
