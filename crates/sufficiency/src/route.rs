//! How places were found.

use std::collections::{BTreeMap, BTreeSet};

use hub_disclosure::{Cube, Dimension, Line, Table};
use hub_domain::AuthorityCode;
use hub_domain::codes::PlacementGroup;

use crate::area::{ALL, Areas};
use crate::definition::{Definition, Expect, Given, Indicator, Vector};
use crate::episode::{Episode, ROUTES};
use crate::region::Picture;
use crate::snapshot::{find, tree};
use crate::{flows, kind, stay};

const DEFINITION: Definition = Definition {
    id: "commissioning_route",
    title: "New placements by how the place was found",
    words: "Stays begun in the twelve months by route: from a framework, a dynamic purchasing system, a block contract, spot \
            purchase, another authority, none, or not said. Places with the authority's own carers and homes (in_house) and with \
            kin stand in rows of their own. By kind of placement for each sub-region.",
    cohort: "Stays with one carer or setting that began in the twelve months; temporary moves (T0 to T4) are bridged, agreed \
             short breaks (V3, V4) left out.",
    numerator: "Stays of the route.",
    denominator: "All stays of the area: the row of all routes. purchased is what was neither in house nor with kin.",
    window: "The twelve months up to and including the day.",
    source: "Indicator 25 (Bromley 2022-24: of 102 new placements 68 through the alliance; Lewisham 2022-25); rulings 10 and 21.",
    datasets: "placements",
    unit: "stays",
    limits: "A stay is in house where the route says so, or where none is given and the provider is the authority itself (PR1).",
    vectors: &[Vector {
        shows: "kin before all, the authority's own where no route is given, then the route; a continued stay is none",
        as_at: "2026-03-01",
        given: &[
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2025-06-01","birth_month":"2014-03","reason_new_episode":"S","legal_status":"C2","placement_type":"U3","placement_provider":"PR1"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2025-06-01","birth_month":"2014-03","reason_new_episode":"S","legal_status":"C2","placement_type":"U6","placement_provider":"PR1"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"c","episode_start":"2025-06-01","episode_end":"2025-07-01","birth_month":"2014-03","reason_new_episode":"S","legal_status":"C2","placement_type":"K2","placement_provider":"PR4","route":"spot"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"c","episode_start":"2025-07-01","birth_month":"2014-03","reason_new_episode":"L","legal_status":"C1","placement_type":"K2","placement_provider":"PR4","route":"spot"}"#,
            ),
        ],
        expect: &[
            Expect { row: &["E09000023", "authority", "all", "all"], measure: "stays", value: 3 },
            Expect { row: &["E09000023", "authority", "all", "kinship"], measure: "stays", value: 1 },
            Expect { row: &["E09000023", "authority", "all", "in_house"], measure: "stays", value: 1 },
            Expect { row: &["E09000023", "authority", "all", "purchased"], measure: "stays", value: 1 },
            Expect { row: &["E09000023", "residential", "spot"], measure: "stays", value: 1 },
        ],
    }],
    ..Definition::BLANK
};

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] =
    &[Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) }];

const KIN: &str = "kinship";
const OWN: &str = "in_house";

/// Id of the count of stays of a kind begun in an area by a route, whichever table it stands in.
pub(crate) fn id(area: &str, group: &str, route: &str) -> String {
    format!("{}|{area}|{group}|{route}|stays", DEFINITION.id)
}

fn routes() -> Dimension {
    let ways = [
        (OWN, "In house", 0),
        (KIN, "Kin", 0),
        ("purchased", "Purchased", 0),
        ("framework", "Framework", 3),
        ("dps", "Dynamic purchasing system", 3),
        ("block", "Block contract", 3),
        ("spot", "Spot purchase", 3),
        ("other_la", "Another authority", 3),
        ("none", "None", 3),
        ("not_said", "Not said", 3),
    ];
    tree("route", "All routes", &ways)
}

fn route(episode: &Episode) -> &'static str {
    let said = episode.route.and_then(|at| ROUTES.get(usize::from(at)).copied());
    match (episode.group, said, episode.provider) {
        (PlacementGroup::Kinship, ..) => KIN,
        (_, Some(route), _) => route,
        (_, None, Some(b'1')) => OWN,
        (_, None, _) => "not_said",
    }
}

/// Sub-regions by kind and route.
fn table(picture: &Picture) -> Table {
    let kinds =
        kind::dimension("placement_group", PlacementGroup::ALL.iter().map(|group| (group.as_str(), group.label())));
    let (areas, routes) = (Areas::wide(&picture.members), routes());
    let mut cube = Cube::new(DEFINITION.id, &["stays"], vec![areas.dimension.clone(), kinds.clone(), routes.clone()]);
    for (&(authority, _), child) in &picture.children.by_child {
        let Some(&area) = areas.place.get(&authority) else { continue };
        for episode in stay::begun_after(child, picture.window) {
            cube.add(&[area, find(&kinds, episode.group.as_str()), find(&routes, route(episode))], 0, 1);
        }
    }
    // All kinds by all routes are the stays begun of the flows.
    let rename = |keys: &[&str], _: &str| match keys {
        [area, ALL, ALL] => Some(flows::id(area, ALL, "starts")),
        _ => None,
    };
    let mut table = cube.into_table(DEFINITION.title, DEFINITION.reference(), &rename);
    tie(picture, &areas, &mut table);
    table
}

/// The flows have no sub-regions: a sub-region's stays are those of its authorities there.
fn tie(picture: &Picture, areas: &Areas, table: &mut Table) {
    let mut within: BTreeMap<usize, BTreeSet<AuthorityCode>> = BTreeMap::new();
    for (&(authority, _), child) in &picture.children.by_child {
        let is_there = child.now.is_some() || !stay::begun_after(child, picture.window).is_empty();
        if let Some(&area) = areas.place.get(&authority).filter(|_| is_there) {
            within.entry(area).or_default().insert(authority);
        }
    }
    let id = |area: &str| flows::id(area, ALL, "starts");
    let present: BTreeSet<String> = table.ids().map(str::to_owned).collect();
    for (area, authorities) in within {
        let Some(total) = areas.dimension.nodes.get(area).map(|node| id(&node.key)) else { continue };
        let parts: Vec<String> = authorities.iter().map(|code| id(code.as_str())).collect();
        // Of one authority alone, the two are one cell.
        if present.contains(&total) && !parts.contains(&total) {
            table.lines.push(Line::of(total, parts));
        }
    }
}
