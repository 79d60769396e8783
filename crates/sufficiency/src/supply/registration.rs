//! Children in settings that must be registered, by how the register has them.

use hub_disclosure::{Cube, Dimension, Node, Table};
use hub_domain::codes::PlacementGroup;

use crate::area::{ALL, Areas};
use crate::definition::{Definition, Expect, Given, Indicator, Variant, Vector};
use crate::episode::{Episode, REGISTRATIONS};
use crate::region::Picture;
use crate::register::Standing;

const DEFINITION: Definition = Definition {
    id: "registration_by_register",
    title: "Children in settings that must be registered, by how the regulator's register has them",
    words: "Children under 18 who live today where the law asks for registration, by how the URN that their placement names \
            stands in the loaded register on the day; and of them those whose placing authority says that the setting is \
            registered. Where the two differ somebody has to look.",
    cohort: "Children in care on the day and under 18 in a children's home or residential care home (903 K1, K2, R1), in \
             supported accommodation (K3, H5), or in what the return calls other placements (Z1, Z11 to Z14).",
    numerator: "Children of the row.",
    denominator: "All of the cohort in the area.",
    window: "At the day.",
    variants: &[
        Variant { id: "children", words: "By the register." },
        Variant { id: "said_registered", words: "Of them, those whose placement says registered." },
    ],
    source: "Indicator 30 (Croydon 2024-27, Lewisham 2022-25); rulings 7 and 19; Care Standards Act 2000 s 11; SI 2023/416.",
    datasets: "placements, regulator",
    unit: "children",
    limits: "Pending is not registered in law and stands by itself. A URN that the register does not have may be registered \
             where the register loaded is of one region only. Where no register is loaded the table has no rows.",
    vectors: &[Vector {
        shows: "registered, pending, over, not in the register and without a URN apart; a foster home is none of them",
        as_at: "2026-03-01",
        given: &[
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2025-03-01","birth_month":"2014-01","legal_status":"C2","placement_type":"K2","urn":"SC000001","registration":"registered"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2025-03-01","birth_month":"2014-01","legal_status":"C2","placement_type":"K2","urn":"SC000002","registration":"registered"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"c","episode_start":"2025-03-01","birth_month":"2014-01","legal_status":"C2","placement_type":"K2","urn":"SC000003","registration":"pending"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"d","episode_start":"2025-03-01","birth_month":"2009-01","legal_status":"C2","placement_type":"K3","urn":"2700009"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"e","episode_start":"2025-03-01","birth_month":"2009-01","legal_status":"C2","placement_type":"Z1"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"f","episode_start":"2025-03-01","birth_month":"2014-01","legal_status":"C2","placement_type":"U6"}"#,
            ),
            Given { dataset: "regulator", authority: "E09000023", record: REGISTERED },
            Given { dataset: "regulator", authority: "E09000023", record: OVER },
            Given { dataset: "regulator", authority: "E09000023", record: PENDING },
        ],
        expect: &[
            Expect { row: &["E09000023", "all"], measure: "children", value: 5 },
            Expect { row: &["E09000023", "registered"], measure: "children", value: 1 },
            Expect { row: &["E09000023", "ended"], measure: "said_registered", value: 1 },
            Expect { row: &["E09000023", "pending"], measure: "children", value: 1 },
            Expect { row: &["E09000023", "not_in_register"], measure: "children", value: 1 },
            Expect { row: &["E09000023", "no_urn"], measure: "children", value: 1 },
        ],
    }],
    ..Definition::BLANK
};

const REGISTERED: &str = r#"{"urn":"SC000001","entry":"registration","aspect":"","effective_from":"2020-02-01","provider_type":"childrens_home","registration_status":"registered"}"#;
const OVER: &str = r#"{"urn":"SC000002","entry":"registration","aspect":"","effective_from":"2020-02-01","effective_to":"2026-03-01","provider_type":"childrens_home","registration_status":"registered"}"#;
const PENDING: &str = r#"{"urn":"SC000003","entry":"registration","aspect":"","effective_from":"2026-02-01","provider_type":"childrens_home","registration_status":"pending"}"#;

pub(super) const INDICATOR: Indicator =
    Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) };

/// Where a URN stands: key and label.
const STANDINGS: [(&str, &str); 6] = [
    ("registered", "Registered"),
    ("pending", "Applied for, not registered in law"),
    ("suspended", "Registration suspended"),
    ("ended", "Cancelled, resigned or over"),
    ("not_in_register", "Not in the loaded register"),
    ("no_urn", "No URN recorded"),
];

fn table(picture: &Picture) -> Table {
    let areas = Areas::of_authorities(&picture.members);
    let standings = dimension();
    let measures = ["children", "said_registered", "said_otherwise"];
    let mut cube =
        Cube::new(DEFINITION.id, &measures, vec![areas.dimension.clone(), standings.clone()]).summing(0, &[1, 2]);
    let names = picture.children.names.by_number();
    let children = picture.children.by_child.iter().filter(|_| picture.others.register.is_loaded());
    for (&(authority, _), child) in children {
        let (Some(episode), Some(&area)) = (&child.now, areas.place.get(&authority)) else { continue };
        if !must_be_registered(episode) {
            continue;
        }
        let urn = episode.urn.and_then(|urn| names.get(&urn)).copied();
        let at = [area, standings.find(key(picture, urn)).unwrap_or(0)];
        cube.add(&at, 0, 1);
        cube.add(&at, if says_registered(episode) { 1 } else { 2 }, 1);
    }
    cube.into_table(DEFINITION.title, DEFINITION.reference(), &|_, _| None)
}

fn must_be_registered(episode: &Episode) -> bool {
    let group = matches!(episode.group, PlacementGroup::Residential | PlacementGroup::SemiIndependent);
    (group || episode.place.as_str().starts_with('Z')) && episode.age.is_none_or(|age| age < 18)
}

fn says_registered(episode: &Episode) -> bool {
    let word = episode.registration.and_then(|at| REGISTRATIONS.get(usize::from(at)));
    word == Some(&"registered")
}

fn key(picture: &Picture, urn: Option<&str>) -> &'static str {
    let Some(urn) = urn else { return "no_urn" };
    picture.others.register.standing(urn, picture.as_at).map_or("not_in_register", Standing::as_str)
}

fn dimension() -> Dimension {
    let node = |key: &str, label: &str, parent| Node {
        key: key.to_owned(),
        labels: vec![key.to_owned(), label.to_owned()],
        parent,
    };
    let all = node(ALL, "All who must live in a registered setting", None);
    let each = STANDINGS.iter().map(|(key, label)| node(key, label, Some(0)));
    Dimension {
        columns: vec!["standing".to_owned(), "standing_name".to_owned()],
        nodes: std::iter::once(all).chain(each).collect(),
    }
}
