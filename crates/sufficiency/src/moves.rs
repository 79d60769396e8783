//! Moves from one carer or setting to another: planned or not, why, and out of residential care.

use hub_disclosure::{Cube, Dimension, Table};
use hub_domain::codes::PlacementGroup;

use crate::area::{ALL, Areas};
use crate::definition::{Definition, Expect, Given, Indicator, Vector};
use crate::episode::{CHANGES, Episode};
use crate::region::Picture;
use crate::snapshot::{find, tree};
use crate::stay::moves_after;

const COHORT: &str = "Moves: stays with one carer or setting that began in the twelve months in the same period of care as the \
                      stay before them. A temporary move (T0 to T4) is bridged and is none; agreed short breaks (V3, V4) are \
                      left out; a change of status or of type with the same carer is none.";
const WINDOW: &str = "The twelve months up to and including the day.";
const LIMITS: &str = "A move is counted where the feed holds the stay before it. Three or more placements in a year are another \
                      count: see stability_short.";

const PLANNED: Definition = Definition {
    id: "planned_moves",
    title: "Moves of children in care, planned and not",
    words: "Moves in the twelve months by whether the placement moved to was planned, for each sub-region.",
    cohort: COHORT,
    numerator: "Moves of the row planned.",
    denominator: "All moves of the area: the row of all. not_said stands beside both.",
    window: WINDOW,
    source: "Indicator 18 (Croydon 2024-27, Lewisham 2022-25); ruling 6.",
    datasets: "placements",
    unit: "moves",
    limits: LIMITS,
    vectors: &[Vector {
        shows: "a first placement is no move, nor is a hospital stay or a change of status; the flag of the placement moved to \
                counts",
        as_at: "2026-03-01",
        given: STAYS,
        expect: &[
            Expect { row: &["E09000023", "all"], measure: "moves", value: 3 },
            Expect { row: &["E09000023", "planned"], measure: "moves", value: 1 },
            Expect { row: &["E09000023", "not_planned"], measure: "moves", value: 1 },
            Expect { row: &["E09000023", "not_said"], measure: "moves", value: 1 },
        ],
    }],
    ..Definition::BLANK
};

const WHY: Definition = Definition {
    id: "moves_by_reason",
    title: "Moves of children in care, by the reason for the change",
    words: "The moves of planned_moves by the reason that the placement before gave for its end (903 REASON_PLACE_CHANGE): the \
            care plan (CARPL), the carer asked (CREQB, CREQO), the child asked (CHILD), the authority asked (LAREQ), standards or \
            an allegation (STAND, ALLEG), provision closed or approval removed (CLOSE, APPRR), custody (CUSTOD), another (OTHER, \
            PLACE), none given. For each sub-region.",
    cohort: COHORT,
    numerator: "Moves of the row care_plan, which DfE's reading calls planned.",
    denominator: "All moves of the area: the row of all.",
    window: WINDOW,
    source: "Indicator 18; 903 REASON_PLACE_CHANGE.",
    datasets: "placements",
    unit: "moves",
    limits: LIMITS,
    vectors: &[Vector {
        shows: "the reason is that of the episode that ended",
        as_at: "2026-03-01",
        given: STAYS,
        expect: &[
            Expect { row: &["E09000023", "care_plan"], measure: "moves", value: 1 },
            Expect { row: &["E09000023", "carer"], measure: "moves", value: 1 },
            Expect { row: &["E09000023", "not_said"], measure: "moves", value: 1 },
        ],
    }],
    ..Definition::BLANK
};

const STEP_DOWN: Definition = Definition {
    id: "moves_out_of_residential",
    title: "Moves out of residential care, by where to",
    words: "The moves of planned_moves that left a children's home, a secure home or a residential care home (903 K1, K2, R1): to \
            a family (kin, foster carers, an adoptive family, own parents), to another residential home, to supported \
            accommodation or independent living, elsewhere. For each sub-region.",
    cohort: COHORT,
    numerator: "Moves of the row family: steps down.",
    denominator: "All moves out of residential care of the area: the row of all.",
    window: WINDOW,
    source: "Indicator 51 (Bromley 2022-24: four through New Horizons); market-gap question 10.",
    datasets: "placements",
    unit: "moves",
    limits: "Children who left care from a home are no moves: see ceases_by_reason.",
    vectors: &[Vector {
        shows: "out of a home to foster carers is a step down",
        as_at: "2026-03-01",
        given: STAYS,
        expect: &[
            Expect { row: &["E09000023", "all"], measure: "moves", value: 2 },
            Expect { row: &["E09000023", "family"], measure: "moves", value: 1 },
            Expect { row: &["E09000023", "residential"], measure: "moves", value: 1 },
        ],
    }],
    ..Definition::BLANK
};

const STAYS: &[Given] = &[
    Given::placement(
        r#"{"child_ref":"a","episode_start":"2025-01-01","episode_end":"2025-06-01","birth_month":"2014-03","reason_new_episode":"S","legal_status":"C2","placement_type":"K2","setting_ref":"h","reason_place_change":"CARPL"}"#,
    ),
    Given::placement(
        r#"{"child_ref":"a","episode_start":"2025-06-01","episode_end":"2025-07-01","birth_month":"2014-03","reason_new_episode":"P","legal_status":"C2","placement_type":"U6","setting_ref":"i","planned":true}"#,
    ),
    Given::placement(
        r#"{"child_ref":"a","episode_start":"2025-07-01","episode_end":"2025-07-08","birth_month":"2014-03","reason_new_episode":"P","legal_status":"C2","placement_type":"T1"}"#,
    ),
    Given::placement(
        r#"{"child_ref":"a","episode_start":"2025-07-08","episode_end":"2025-08-01","birth_month":"2014-03","reason_new_episode":"P","legal_status":"C2","placement_type":"U6","setting_ref":"i"}"#,
    ),
    Given::placement(
        r#"{"child_ref":"a","episode_start":"2025-08-01","birth_month":"2014-03","reason_new_episode":"L","legal_status":"C1","placement_type":"U6","setting_ref":"i"}"#,
    ),
    Given::placement(
        r#"{"child_ref":"b","episode_start":"2025-05-01","episode_end":"2025-06-01","birth_month":"2014-03","reason_new_episode":"S","legal_status":"C2","placement_type":"K2","setting_ref":"h","reason_place_change":"CREQB"}"#,
    ),
    Given::placement(
        r#"{"child_ref":"b","episode_start":"2025-06-01","birth_month":"2014-03","reason_new_episode":"P","legal_status":"C2","placement_type":"K2","setting_ref":"j","planned":false}"#,
    ),
    Given::placement(
        r#"{"child_ref":"c","episode_start":"2025-05-01","episode_end":"2025-06-01","birth_month":"2014-03","reason_new_episode":"S","legal_status":"C2","placement_type":"U6","setting_ref":"i"}"#,
    ),
    Given::placement(
        r#"{"child_ref":"c","episode_start":"2025-06-01","birth_month":"2014-03","reason_new_episode":"P","legal_status":"C2","placement_type":"U6","setting_ref":"k"}"#,
    ),
];

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] = &[
    Indicator { definition: &PLANNED, table: Some(|_, asked| planned(asked.picture)) },
    Indicator { definition: &WHY, table: Some(|_, asked| by_reason(asked.picture)) },
    Indicator { definition: &STEP_DOWN, table: Some(|_, asked| step_down(asked.picture)) },
];

const NOT_SAID: (&str, &str, usize) = ("not_said", "Not said", 0);

fn planned(picture: &Picture) -> Table {
    let ways = [("planned", "Planned", 0), ("not_planned", "Not planned", 0), NOT_SAID];
    let of = |[_, to]: [&Episode; 2]| {
        Some(match to.planned {
            Some(true) => "planned",
            Some(false) => "not_planned",
            None => "not_said",
        })
    };
    table(&PLANNED, picture, &tree("planned", "All moves", &ways), of)
}

fn by_reason(picture: &Picture) -> Table {
    let ways = [
        ("care_plan", "Care plan", 0),
        ("carer", "The carer asked", 0),
        ("child", "The child asked", 0),
        ("authority", "The authority asked", 0),
        ("standards", "Standards or an allegation", 0),
        ("closed", "Provision closed, or approval removed", 0),
        ("custody", "Custody", 0),
        ("other", "Another reason", 0),
        NOT_SAID,
    ];
    let of = |[from, _]: [&Episode; 2]| {
        let code = from.change.and_then(|at| CHANGES.get(usize::from(at)).copied());
        Some(match code {
            Some("CARPL") => "care_plan",
            Some("CREQB" | "CREQO") => "carer",
            Some("CHILD") => "child",
            Some("LAREQ") => "authority",
            Some("STAND" | "ALLEG") => "standards",
            Some("CLOSE" | "APPRR") => "closed",
            Some("CUSTOD") => "custody",
            Some(_) => "other",
            None => "not_said",
        })
    };
    table(&WHY, picture, &tree("reason", "All moves", &ways), of)
}

fn step_down(picture: &Picture) -> Table {
    let ways = [
        ("family", "A family", 0),
        ("residential", "Another residential home", 0),
        ("supported", "Supported accommodation or independent living", 0),
        ("elsewhere", "Elsewhere", 0),
    ];
    let of = |[from, to]: [&Episode; 2]| {
        let supported = [PlacementGroup::SemiIndependent, PlacementGroup::Independent];
        let way = if to.group.is_family_based() {
            "family"
        } else if to.group == PlacementGroup::Residential {
            "residential"
        } else if supported.contains(&to.group) {
            "supported"
        } else {
            "elsewhere"
        };
        (from.group == PlacementGroup::Residential).then_some(way)
    };
    table(&STEP_DOWN, picture, &tree("moved_to", "All moves out", &ways), of)
}

/// Moves of each sub-region, told apart one way. All moves together are one cell, whichever way they are told apart.
fn table(
    definition: &Definition,
    picture: &Picture,
    ways: &Dimension,
    way: impl Fn([&Episode; 2]) -> Option<&'static str>,
) -> Table {
    let areas = Areas::wide(&picture.members);
    let mut cube = Cube::new(definition.id, &["moves"], vec![areas.dimension.clone(), ways.clone()]);
    for (&(authority, _), child) in &picture.children.by_child {
        let Some(&area) = areas.place.get(&authority) else { continue };
        for way in moves_after(child, picture.window).into_iter().filter_map(&way) {
            cube.add(&[area, find(ways, way)], 0, 1);
        }
    }
    let rename = |keys: &[&str], _: &str| match keys {
        [area, ALL] if definition.id == WHY.id => Some(format!("{}|{area}|{ALL}|moves", PLANNED.id)),
        _ => None,
    };
    cube.into_table(definition.title, definition.reference(), &rename)
}
