//! Where registration is lacking, and who lives alone or deprived of liberty.

use std::collections::BTreeSet;

use hub_disclosure::{Cube, Table};
use hub_domain::AuthorityCode;

use crate::area::Areas;
use crate::definition::{Definition, Expect, Given, Indicator, LOOKED_AFTER, Vector};
use crate::episode::{Episode, REGISTRATIONS};
use crate::placed::Year;
use crate::region::Picture;
use crate::snapshot::{self, alone, find, tree};
use crate::stay::{Reading, Walk};

const REGISTRATION: Definition = Definition {
    id: "registration",
    title: "Children in care, by whether their home is registered",
    words: "Children in care today by what their record says of the home's registration: registered, not required, lacking \
            (pending or unregistered: pending is unregistered in law and stands apart), or not said; for each sub-region.",
    cohort: LOOKED_AFTER,
    numerator: "Children of the row lacking.",
    denominator: "All children in care of the area: the row of all.",
    window: "At the day.",
    source: "Indicator 30 (Croydon 2024-27, Lewisham 2022-25; Care Standards Act 2000, SI 2023/416); ruling 19.",
    datasets: "placements",
    unit: "children",
    limits: "What the placing authority's record says, not what the regulator's register says.",
    ..Definition::BLANK
};

const NIGHTS: Definition = Definition {
    id: "unregistered_nights",
    title: "Nights in homes that lack registration",
    words: "Nights in the twelve months that children under 18 spent where registration is lacking, pending or not: under 16, and \
            16 and 17. For each sub-region.",
    cohort: "Episodes of care whose record says unregistered or pending; agreed short breaks (V3, V4) left out, a temporary \
             move's nights in the placement kept.",
    numerator: "Nights.",
    window: "The twelve months up to and including the day.",
    banding: "under 16, and 16 and 17, by age on each day",
    source: "Indicator 30 (Croydon 2024-27, Lewisham 2022-25); rulings 11, 12, 13 and 19.",
    datasets: "placements",
    unit: "nights",
    limits: "Nights that fewer than five children stand behind are hidden.",
    vectors: &[Vector {
        shows: "nights are split at the sixteenth birthday and end at the eighteenth; pending counts",
        as_at: "2026-03-31",
        given: &[
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2025-05-25","episode_end":"2025-06-03","birth_month":"2009-06","reason_new_episode":"S","legal_status":"C2","placement_type":"Z1","registration":"pending"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2025-05-25","episode_end":"2025-06-03","birth_month":"2007-06","reason_new_episode":"S","legal_status":"C2","placement_type":"Z1","registration":"unregistered"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"c","episode_start":"2025-05-25","episode_end":"2025-06-03","birth_month":"2009-06","reason_new_episode":"S","legal_status":"C2","placement_type":"K2","registration":"registered"}"#,
            ),
        ],
        expect: &[
            Expect { row: &["E09000023", "under_16"], measure: "nights", value: 7 },
            Expect { row: &["E09000023", "16_and_17"], measure: "nights", value: 9 },
            Expect { row: &["E09000023", "all"], measure: "nights", value: 16 },
        ],
    }],
    ..Definition::BLANK
};

const RESTRICTED: Definition = Definition {
    id: "alone_or_deprived",
    title: "Children in care who live alone with staff or are deprived of liberty",
    words: "Children in care today under a deprivation of liberty order, living alone with staff, both, or neither; for each \
            sub-region.",
    cohort: LOOKED_AFTER,
    numerator: "Children of the row: deprived for the share under an order, alone for the share living alone.",
    denominator: "All children in care of the area: the row of all.",
    window: "At the day.",
    source: "Indicator 30 (Croydon 2024-27, Lewisham 2022-25); market-gap questions 4 and 10.",
    datasets: "placements",
    unit: "children",
    limits: "both stands in deprived and is given apart, so that a child alone and deprived is counted once; all who live alone are \
             alone and both. What the record leaves blank reads as no.",
    vectors: &[Vector {
        shows: "both is within deprived, alone is the rest of those who live alone",
        as_at: "2026-03-01",
        given: &[
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2025-06-01","birth_month":"2012-03","legal_status":"C2","placement_type":"K2","solo":true,"deprivation_of_liberty":true}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2025-06-01","birth_month":"2012-03","legal_status":"C2","placement_type":"K2","solo":true}"#,
            ),
            Given::placement(
                r#"{"child_ref":"c","episode_start":"2025-06-01","birth_month":"2012-03","legal_status":"C2","placement_type":"K1","deprivation_of_liberty":true}"#,
            ),
        ],
        expect: &[
            Expect { row: &["E09000023", "deprived"], measure: "children", value: 2 },
            Expect { row: &["E09000023", "both"], measure: "children", value: 1 },
            Expect { row: &["E09000023", "alone"], measure: "children", value: 1 },
        ],
    }],
    ..Definition::BLANK
};

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] = &[
    Indicator { definition: &REGISTRATION, table: Some(|_, asked| registration(asked.picture)) },
    Indicator { definition: &NIGHTS, table: Some(|_, asked| nights(asked.picture)) },
    Indicator { definition: &RESTRICTED, table: Some(|_, asked| restricted(asked.picture)) },
];

const LACKING: [&str; 2] = ["pending", "unregistered"];

fn state(episode: &Episode) -> Option<&'static str> {
    episode.registration.and_then(|at| REGISTRATIONS.get(usize::from(at)).copied())
}

fn registration(picture: &Picture) -> Table {
    let ways = [
        ("registered", "Registered", 0),
        ("not_required", "Not required", 0),
        ("lacking", "Lacking", 0),
        ("not_said", "Not said", 0),
        ("pending", "Applied for", 3),
        ("unregistered", "Unregistered", 3),
    ];
    let ways = tree("registration", "All", &ways);
    let place = |_: AuthorityCode, episode: &Episode| find(&ways, state(episode).unwrap_or("not_said"));
    snapshot::table(&REGISTRATION, (picture, &Areas::wide(&picture.members)), &ways, &alone, place)
}

fn nights(picture: &Picture) -> Table {
    let areas = Areas::wide(&picture.members);
    let ages = tree("age", "Under 18", &[("under_16", "Under 16", 0), ("16_and_17", "16 and 17", 0)]);
    let mut cube = Cube::new(NIGHTS.id, &["nights"], vec![areas.dimension.clone(), ages.clone()]).by_contributors();
    let year = Year::of(picture);
    for (&(authority, _), child) in &picture.children.by_child {
        let Some(&area) = areas.place.get(&authority) else { continue };
        let walk = Walk::of(child, Reading::Stay);
        let lacks = |episode: &Episode| state(episode).is_some_and(|state| LACKING.contains(&state));
        let mut held: BTreeSet<[usize; 2]> = BTreeSet::new();
        for piece in walk.pieces.iter().filter(|piece| lacks(piece.episode)) {
            for (age, number) in year.split(piece, &[16, 18]) {
                let band = match age {
                    Some(18..) => continue,
                    Some(16 | 17) => "16_and_17",
                    _ => "under_16",
                };
                let at = [area, find(&ages, band)];
                cube.add(&at, 0, number);
                held.insert(at);
            }
        }
        cube.contribute(authority.as_str(), held.iter().map(<[usize; 2]>::as_slice));
    }
    cube.into_table(NIGHTS.title, NIGHTS.reference(), &|_, _| None)
}

fn restricted(picture: &Picture) -> Table {
    let ways = [
        ("deprived", "Deprived of liberty", 0),
        ("alone", "Alone with staff, not deprived of liberty", 0),
        ("neither", "Neither", 0),
        ("both", "Deprived of liberty and alone with staff", 1),
        ("deprived_with_others", "Deprived of liberty, not alone", 1),
    ];
    let ways = tree("restriction", "All", &ways);
    let place = |_: AuthorityCode, episode: &Episode| {
        let key = match (episode.deprived, episode.solo) {
            (true, true) => "both",
            (true, false) => "deprived_with_others",
            (false, true) => "alone",
            (false, false) => "neither",
        };
        find(&ways, key)
    };
    snapshot::table(&RESTRICTED, (picture, &Areas::wide(&picture.members)), &ways, &alone, place)
}
