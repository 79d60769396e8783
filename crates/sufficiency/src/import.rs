//! Net import: what each authority takes in from others, and what it sends out.

use std::collections::BTreeSet;

use hub_disclosure::{Cell, Cube, Line, Table};
use hub_domain::AuthorityCode;

use crate::area::Areas;
use crate::definition::{Definition, Expect, Given, Indicator, LOOKED_AFTER, Vector};
use crate::flows;
use crate::region::Picture;
use crate::snapshot::in_care;
use crate::stay;

const DEFINITION: Definition = Definition {
    id: "net_import",
    title: "Children taken in from and placed with other areas",
    words: "For each authority: children of other members who live in its area and its own who live elsewhere, today (stock) \
            and by stays begun in the twelve months (starts). Net import is taken_in less sent_out; the ratio of import is \
            taken_in over own_in_area.",
    cohort: LOOKED_AFTER,
    numerator: "taken_in.",
    denominator: "sent_out for the net figure, own_in_area for the ratio.",
    window: "Stock: at the day. Starts: the twelve months up to and including the day.",
    source: "Indicator 21 (Croydon 2024-27: 63 a month by others against 21 of its own, a ratio of 3.0); rulings 10 and 11.",
    datasets: "placements",
    unit: "children; stays",
    limits: "Children whom authorities that are no members place in the area are not in any feed: for them see the register of \
             notices. A child whose host is not known is in none of the columns.",
    vectors: &[Vector {
        shows: "a child of Greenwich in Lewisham is taken in by the one and sent out by the other",
        as_at: "2026-03-01",
        given: &[
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2025-06-01","birth_month":"2014-03","reason_new_episode":"S","legal_status":"C2","placement_type":"U6","placement_la":"E09000023"}"#,
            ),
            Given {
                dataset: "placements",
                authority: "E09000011",
                record: r#"{"child_ref":"a","episode_start":"2024-06-01","birth_month":"2014-03","reason_new_episode":"S","legal_status":"C2","placement_type":"U6","placement_la":"E09000023"}"#,
            },
        ],
        expect: &[
            Expect { row: &["E09000023"], measure: "taken_in_stock", value: 1 },
            Expect { row: &["E09000023"], measure: "own_in_area_stock", value: 1 },
            Expect { row: &["E09000023"], measure: "own_in_area_starts", value: 1 },
            Expect { row: &["E09000011"], measure: "sent_out_stock", value: 1 },
            Expect { row: &["E09000011"], measure: "sent_out_starts", value: 0 },
        ],
    }],
    ..Definition::BLANK
};

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] =
    &[Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) }];

const MEASURES: [&str; 6] = [
    "own_in_area_stock",
    "taken_in_stock",
    "sent_out_stock",
    "own_in_area_starts",
    "taken_in_starts",
    "sent_out_starts",
];

/// One row for each authority, and sums that tie them to the flows.
fn table(picture: &Picture) -> Table {
    let areas = Areas::of_region(&picture.members).without_total();
    let mut cube = Cube::new(DEFINITION.id, &MEASURES, vec![areas.dimension.clone()]).dense();
    let mut add = |placing: AuthorityCode, host: Option<AuthorityCode>, first: usize| {
        let (Some(host), Some(&from)) = (host, areas.place.get(&placing)) else { return };
        if host == placing {
            cube.add(&[from], first, 1);
            return;
        }
        cube.add(&[from], first + 2, 1);
        if let Some(&to) = areas.place.get(&host) {
            cube.add(&[to], first + 1, 1);
        }
    };
    for (authority, episode) in in_care(picture) {
        add(authority, episode.host, 0);
    }
    for (&(authority, _), child) in &picture.children.by_child {
        for episode in stay::begun_after(child, picture.window) {
            add(authority, episode.host, 3);
        }
    }
    let rename = |keys: &[&str], measure: &str| match (keys, measure.rsplit_once('_')) {
        ([area], Some(("own_in_area", measure))) => Some(flows::id(area, "in_area", measure)),
        _ => None,
    };
    let mut table = cube.into_table(DEFINITION.title, DEFINITION.reference(), &rename);
    tie(picture, &mut table);
    table
}

/// What an authority takes in is, with its own in its area, all that the flows show it to host; what it sends out is what it
/// places elsewhere in the region and outside it.
fn tie(picture: &Picture, table: &mut Table) {
    let flows = flows::table(picture);
    let cells = flows.rows.iter().flat_map(|row| &row.cells);
    let present: BTreeSet<String> = cells.filter_map(named).collect();
    for &code in &picture.members {
        let area = code.as_str();
        for measure in ["stock", "starts"] {
            let own = flows::id(area, "in_area", measure);
            let here = |which: &str| format!("{}|{area}|{which}_{measure}", DEFINITION.id);
            let hosted = flows::id("all", area, measure);
            if present.contains(&hosted) {
                table.lines.push(Line::of(hosted, vec![own, here("taken_in")]));
            }
            let elsewhere = ["elsewhere_in_region", "outside_region"].map(|host| flows::id(area, host, measure));
            let parts: Vec<String> = elsewhere.into_iter().filter(|id| present.contains(id)).collect();
            if !parts.is_empty() {
                table.lines.push(Line::of(here("sent_out"), parts));
            }
        }
    }
}

fn named(cell: &Cell) -> Option<String> {
    if let Cell::Count { id, .. } = cell { Some(id.clone()) } else { None }
}
