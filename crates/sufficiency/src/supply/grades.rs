//! Children by the regulator's grade of where they live.

use std::collections::{BTreeMap, BTreeSet};

use hub_disclosure::{Cube, Dimension, Line, Node, Table};

use crate::area::{ALL, Areas};
use crate::definition::{Definition, Expect, Given, Indicator, LOOKED_AFTER, Vector};
use crate::region::Picture;
use crate::register::Judged;
use crate::{care, judged, quality};

const DEFINITION: Definition = Definition {
    id: "children_by_grade",
    title: "Children in care by the regulator's grade of the provider they live with",
    words: "Children, not homes, by the overall grade that their provider's URN had on the day, each scale by itself: the four \
            points of children's homes and agencies, the three outcomes of supported accommodation. A provider inspected since \
            without an overall grade, one not yet inspected, one that the loaded register does not have, and a child of whom no \
            URN is recorded stand by themselves.",
    cohort: LOOKED_AFTER,
    numerator: "Children of the row.",
    denominator: "Children of the same scale together, or children_in_care for the area; shares are left to the reader, since \
                  one beside a hidden count would give it back.",
    window: "At the day, by the day on which the inspection ended.",
    source: "Indicator 31 (Bromley 2022-24, Croydon 2019-20); decision 0022.",
    datasets: "placements, regulator",
    unit: "children",
    limits: "Scales are never folded into one another. Interim inspections, which say how things went since, leave the grade \
             as it stood. A fostering agency's grade is that of the agency, not of the household. Where no register is \
             loaded the table has no rows.",
    vectors: &[Vector {
        shows: "the grade as at the day, scales apart; an inspection without an overall grade ends the grade before it",
        as_at: "2026-03-01",
        given: &[
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2025-03-01","birth_month":"2014-01","legal_status":"C2","placement_type":"K2","urn":"SC000001"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2025-03-01","birth_month":"2009-01","legal_status":"C2","placement_type":"K3","urn":"2700001"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"c","episode_start":"2025-03-01","birth_month":"2014-01","legal_status":"C2","placement_type":"K2","urn":"SC000002"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"d","episode_start":"2025-03-01","birth_month":"2014-01","legal_status":"C2","placement_type":"K2","urn":"SC000003"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"e","episode_start":"2025-03-01","birth_month":"2014-01","legal_status":"C2","placement_type":"K2","urn":"SC000009"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"f","episode_start":"2025-03-01","birth_month":"2014-01","legal_status":"C2","placement_type":"U6"}"#,
            ),
            REGISTERED_HOME,
            entry(
                r#"{"urn":"SC000001","entry":"judgement","aspect":"overall","effective_from":"2024-02-01","scale":"four_point","grade":"inadequate"}"#,
            ),
            entry(
                r#"{"urn":"SC000001","entry":"judgement","aspect":"overall","effective_from":"2026-02-01","scale":"four_point","grade":"good"}"#,
            ),
            entry(
                r#"{"urn":"SC000001","entry":"judgement","aspect":"overall","effective_from":"2026-03-02","scale":"four_point","grade":"outstanding"}"#,
            ),
            entry(
                r#"{"urn":"2700001","entry":"judgement","aspect":"overall","effective_from":"2026-02-01","scale":"supported_accommodation","grade":"inconsistent"}"#,
            ),
            entry(
                r#"{"urn":"SC000002","entry":"judgement","aspect":"overall","effective_from":"2025-02-01","scale":"four_point","grade":"good"}"#,
            ),
            entry(
                r#"{"urn":"SC000002","entry":"judgement","aspect":"protection","effective_from":"2026-02-01","scale":"four_point","grade":"good"}"#,
            ),
            entry(
                r#"{"urn":"SC000003","entry":"registration","aspect":"","effective_from":"2025-02-01","provider_type":"childrens_home","registration_status":"registered"}"#,
            ),
        ],
        expect: &[
            Expect { row: &["E09000023", "four_point", "good"], measure: "children", value: 1 },
            Expect { row: &["E09000023", "four_point", "inadequate"], measure: "children", value: 0 },
            Expect { row: &["E09000023", "supported_accommodation", "inconsistent"], measure: "children", value: 1 },
            Expect { row: &["E09000023", "without_overall"], measure: "children", value: 1 },
            Expect { row: &["E09000023", "not_yet_inspected"], measure: "children", value: 1 },
            Expect { row: &["E09000023", "not_in_register"], measure: "children", value: 1 },
            Expect { row: &["E09000023", "no_urn"], measure: "children", value: 1 },
            Expect { row: &["E09000023", "all", "all"], measure: "children", value: 6 },
        ],
    }],
    ..Definition::BLANK
};

const REGISTERED_HOME: Given = entry(
    r#"{"urn":"SC000001","entry":"registration","aspect":"","effective_from":"2020-02-01","provider_type":"childrens_home","registration_status":"registered"}"#,
);

/// An entry of the register.
const fn entry(record: &'static str) -> Given {
    Given { dataset: "regulator", authority: "E09000023", record }
}

pub(super) const INDICATOR: Indicator =
    Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) };

const WITHOUT_OVERALL: &str = "without_overall";
const NOT_YET: &str = "not_yet_inspected";
const NOT_LISTED: &str = "not_in_register";
const NO_URN: &str = "no_urn";

fn table(picture: &Picture) -> Table {
    let areas = Areas::of_authorities(&picture.members);
    let grades = dimension();
    let mut cube = Cube::new(DEFINITION.id, &["children"], vec![areas.dimension.clone(), grades.clone()]);
    if picture.others.register.is_loaded() {
        let names = picture.children.names.by_number();
        for (&(authority, _), child) in &picture.children.by_child {
            let (Some(episode), Some(&area)) = (&child.now, areas.place.get(&authority)) else { continue };
            let urn = episode.urn.and_then(|urn| names.get(&urn)).copied();
            cube.add(&[area, grades.find(&key(picture, urn)).unwrap_or(0)], 0, 1);
        }
    }
    let rename = |keys: &[&str], _: &str| match keys {
        [area, ALL] => Some(care::id(area, ALL)),
        // Whose placement names no provider is in neither scale.
        [area, NO_URN] => Some(judged::id(area, judged::NO_PROVIDER)),
        _ => None,
    };
    let mut table = cube.into_table(DEFINITION.title, DEFINITION.reference(), &rename);
    if picture.others.register.is_loaded() {
        table.lines.extend(by_provider(picture, &grades));
    }
    table
}

/// Children of the region by grade are those of all providers so graded: anybody reads in the register which they are.
fn by_provider(picture: &Picture, grades: &Dimension) -> Vec<Line> {
    let held = picture.children_by_urn();
    let mut providers: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for urn in held.keys().copied() {
        providers.entry(key(picture, Some(urn))).or_default().insert(urn);
    }
    providers.retain(|key, _| grades.find(key).is_some());
    let line = |(key, urns): (String, BTreeSet<&str>)| {
        let graded = format!("{}|{ALL}|{key}|children", DEFINITION.id);
        Line::of(graded, urns.into_iter().map(quality::children_id).collect())
    };
    providers.into_iter().map(line).collect()
}

fn key(picture: &Picture, urn: Option<&str>) -> String {
    let Some(urn) = urn else { return NO_URN.to_owned() };
    picture.others.register.judged(urn).map_or_else(|| NOT_LISTED.to_owned(), |judged| key_of(&judged))
}

/// The key of a grade on [`dimension`].
pub(super) fn key_of(judged: &Judged) -> String {
    match judged {
        Judged::NotYet => NOT_YET.to_owned(),
        Judged::WithoutOverall => WITHOUT_OVERALL.to_owned(),
        Judged::Graded { scale, grade } => format!("{scale}/{grade}"),
    }
}

/// All, then each scale with its grades below it, then those who have none.
pub(super) fn dimension() -> Dimension {
    let node = |key: String, scale: &str, grade: &str, parent| Node {
        key,
        labels: vec![scale.to_owned(), grade.to_owned()],
        parent,
    };
    let mut nodes = vec![node(ALL.to_owned(), ALL, ALL, None)];
    let scales: [(&str, &[&str]); 2] = [
        ("four_point", &["outstanding", "good", "requires_improvement", "inadequate"]),
        ("supported_accommodation", &["consistently_strong", "inconsistent", "serious_weaknesses"]),
    ];
    for (scale, grades) in scales {
        let total = nodes.len();
        nodes.push(node(scale.to_owned(), scale, ALL, Some(0)));
        nodes.extend(grades.iter().map(|grade| node(format!("{scale}/{grade}"), scale, grade, Some(total))));
    }
    nodes.extend([WITHOUT_OVERALL, NOT_YET, NOT_LISTED, NO_URN].map(|key| node(key.to_owned(), key, "none", Some(0))));
    Dimension { columns: vec!["scale".to_owned(), "grade".to_owned()], nodes }
}
