//! How far from home, by three measures that strategies mix up; and in whose area.

use hub_disclosure::{Cube, Node, Table};
use hub_domain::AuthorityCode;
use hub_domain::authority::miles_between;

use crate::area::{ALL, Areas};
use crate::care;
use crate::definition::{Definition, Expect, Given, Indicator, LOOKED_AFTER, Variant, Vector};
use crate::episode::Episode;
use crate::matching::tenths;
use crate::region::Picture;
use crate::snapshot::{self, find, in_care, tree};

const DISTANCE: Definition = Definition {
    id: "distance",
    title: "How far children in care live, by three measures",
    words: "Children in care today by miles in a straight line, measured three ways that must not be mixed: from home to \
            placement, from the nearest point of the borough to the placement, and from the centre of the placing authority to \
            the centre of the host. Bands: up to 5, to 10, to 20, to 50 and over, each with its upper end, for each sub-region; within 20 miles and beyond for each authority.",
    cohort: LOOKED_AFTER,
    numerator: "Children of the row: within_20 for the share within 20 miles.",
    denominator: "Children whose distance by that measure is known: the row known. unknown stands beside it.",
    window: "At the day.",
    variants: &[
        Variant {
            id: "home",
            words: "From home to placement, computed at the borough on full postcodes; blank for UASC.",
        },
        Variant { id: "boundary", words: "From the nearest point of the borough to the placement." },
        Variant {
            id: "centres",
            words: "From the centre of the placing authority to the centre of the host authority.",
        },
    ],
    source: "Indicator 19 (Croydon 2024-27 and Lewisham 2022-25 from home, Southwark 2018-22 from the borough, Bromley 2022-24 \
             out of borough and over 20); rulings 4 and 16.",
    datasets: "placements",
    unit: "children",
    rounding: "None: whole counts. Miles to a tenth before they are banded. Counts from 1 to 4 are hidden, with others beside \
               them.",
    limits: "The centre of the host stands in for the placement itself, whose place the hub does not hold. Where the hub knows \
             no centre of either authority, the distance is unknown.",
    vectors: &[Vector {
        shows: "20.0 miles are within 20, 20.1 are not; a child whose distance is not known is in neither",
        as_at: "2026-03-01",
        given: &[
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2025-03-01","birth_month":"2014-03","legal_status":"C2","placement_type":"U6","distance_miles":20.0}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2025-03-01","birth_month":"2014-03","legal_status":"C2","placement_type":"U6","distance_miles":20.1}"#,
            ),
            Given::placement(
                r#"{"child_ref":"c","episode_start":"2025-03-01","birth_month":"2014-03","legal_status":"C2","placement_type":"U6","placement_la":"E09000023"}"#,
            ),
        ],
        expect: &[
            Expect { row: &["E09000023", "home", "within_20"], measure: "children", value: 1 },
            Expect { row: &["E09000023", "home", "known"], measure: "children", value: 2 },
            Expect { row: &["E09000023", "home", "unknown"], measure: "children", value: 1 },
            Expect { row: &["E09000023", "centres", "up_to_5"], measure: "children", value: 1 },
            Expect { row: &["E09000023", "boundary", "known"], measure: "children", value: 0 },
        ],
    }],
    ..Definition::BLANK
};

const IN_BOROUGH: Definition = Definition {
    id: "in_borough",
    title: "Children in care who live in their own borough",
    words: "Children in care today who live in the area of the authority that looks after them, elsewhere, or where the \
            record does not say.",
    cohort: LOOKED_AFTER,
    numerator: "Children of the row in_area.",
    denominator: "Children whose host is known: the row known.",
    window: "At the day.",
    source: "Indicator 20 (Lewisham 2022-25, Croydon 2019-20).",
    datasets: "placements",
    unit: "children",
    limits: "The host is the one the placing authority's record names.",
    ..Definition::BLANK
};

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] = &[
    Indicator { definition: &DISTANCE, table: Some(|_, asked| distance(asked.picture)) },
    Indicator { definition: &IN_BOROUGH, table: Some(|_, asked| in_borough(asked.picture)) },
];

const BASES: [(&str, &str); 3] =
    [("home", "From home"), ("boundary", "From the nearest point of the borough"), ("centres", "Between centres")];
const BANDS: [(&str, &str, usize); 9] = [
    ("known", "Known", 0),
    ("unknown", "Not known", 0),
    ("within_20", "Up to 20 miles", 1),
    ("beyond_20", "Over 20 miles", 1),
    ("up_to_5", "Up to 5 miles", 3),
    ("up_to_10", "Over 5, up to 10 miles", 3),
    ("up_to_20", "Over 10, up to 20 miles", 3),
    ("up_to_50", "Over 20, up to 50 miles", 4),
    ("over_50", "Over 50 miles", 4),
];

/// The first of them tell within 20 miles from beyond.
const HALVES: usize = 4;

/// The band of tenths of a mile.
fn band(miles: Option<u64>) -> &'static str {
    match miles {
        None => "unknown",
        Some(..=50) => "up_to_5",
        Some(..=100) => "up_to_10",
        Some(..=200) => "up_to_20",
        Some(..=500) => "up_to_50",
        Some(_) => "over_50",
    }
}

/// By each measure apart: they share children.
fn distance(picture: &Picture) -> Table {
    let (wide, fine) = (Areas::wide(&picture.members), Areas::of_authorities(&picture.members));
    let mut table = block(picture, &wide, BANDS.len());
    table.absorb(block(picture, &fine, HALVES));
    table
}

/// By so many of the ways: a band that is not among them counts in the half it is of.
fn block(picture: &Picture, areas: &Areas, ways: usize) -> Table {
    let bands = tree("miles", "All", BANDS.get(..ways).unwrap_or(&BANDS));
    let bases = BASES.map(|(key, words)| Node {
        key: key.to_owned(),
        labels: vec![key.to_owned(), words.to_owned()],
        parent: None,
    });
    let columns = ["measured", "measured_name"].map(str::to_owned).to_vec();
    let bases = hub_disclosure::Dimension { columns, nodes: bases.to_vec() };
    let mut cube = Cube::new(DISTANCE.id, &["children"], vec![areas.dimension.clone(), bases, bands.clone()]);
    for (authority, episode) in in_care(picture) {
        let Some(&area) = areas.place.get(&authority) else { continue };
        let between = episode.host.and_then(|host| miles_between(authority, host)).map(tenths);
        for (base, miles) in [episode.miles, episode.boundary, between].into_iter().enumerate() {
            let band = band(miles);
            let half = if matches!(band, "up_to_50" | "over_50") { "beyond_20" } else { "within_20" };
            let at = bands.find(band).unwrap_or_else(|| find(&bands, half));
            cube.add(&[area, base, at], 0, 1);
        }
    }
    let rename = |keys: &[&str], _: &str| match keys {
        [area, _, ALL] => Some(care::id(area, ALL)),
        _ => None,
    };
    cube.into_table(DISTANCE.title, DISTANCE.reference(), &rename)
}

fn in_borough(picture: &Picture) -> Table {
    let ways = [
        ("known", "Known", 0),
        ("unknown", "Not known", 0),
        ("in_area", "In the authority's own area", 1),
        ("out_of_area", "Elsewhere", 1),
    ];
    let ways = tree("where", "All", &ways);
    let place = |authority: AuthorityCode, episode: &Episode| {
        let key = match episode.host {
            None => "unknown",
            Some(host) if host == authority => "in_area",
            Some(_) => "out_of_area",
        };
        find(&ways, key)
    };
    // The same counts as in the flows, which stand there for the region and for each authority.
    let shared = |area: &str, way: &str| match way {
        "in_area" | "unknown" => Some(crate::flows::id(area, way, "stock")),
        _ => None,
    };
    snapshot::table(&IN_BOROUGH, (picture, &Areas::of_authorities(&picture.members)), &ways, &shared, place)
}
