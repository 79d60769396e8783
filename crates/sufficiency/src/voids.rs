//! Places that nobody lives in, and why.

use std::collections::BTreeSet;

use hub_disclosure::{Cube, Line, Table};

use crate::area::Areas;
use crate::definition::{Definition, Expect, Given, Indicator, Vector};
use crate::region::Picture;
use crate::setting::Setting;
use crate::snapshot::{find, tree};
use crate::vacancies;

const DEFINITION: Definition = Definition {
    id: "voids",
    title: "Places that nobody lives in, and why",
    words: "Approved places that are not occupied today, by the sub-region they stand in: available (looked at lately enough to \
            rely on, or not), held for somebody, or closed by reason: staffing, matching, household limit, leave, works, by order of \
            the regulator, or no reason given.",
    cohort: "Settings in the vacancies feeds, each once: where several authorities report one, the report confirmed last.",
    numerator: "Places of the row: closed for voids, not_relied_on for vacancies that nobody has looked at for too long.",
    denominator: "Approved places: places in the table vacancies.",
    window: "At the day.",
    source: "Indicator 43 (Croydon 2024-27 and Lewisham 2022-25: no unapproved voids; Bromley 2022-24); rulings 1 and 5.",
    datasets: "vacancies",
    unit: "places",
    limits: "Places on the day, not nights over time. A home of one or two places is personal data: rows that fewer than five \
             settings stand behind are hidden whole.",
    vectors: &[Vector {
        shows: "closed places stand by reason; an available place confirmed three days ago is relied on in a children's home, one \
                confirmed four days ago is not",
        as_at: "2026-03-05",
        given: &[
            vacancy(
                r#"{"urn":"1","setting_ref":"a","provision":"childrens_home","host_la":"E09000023","approved_places":4,"occupied_places":1,"available_places":1,"closed_places":2,"closed_reason":"staffing","confirmed_at":"2026-03-02T12:00:00Z"}"#,
            ),
            vacancy(
                r#"{"urn":"2","setting_ref":"b","provision":"childrens_home","host_la":"E09000023","approved_places":4,"available_places":3,"held_places":1,"confirmed_at":"2026-03-01T12:00:00Z"}"#,
            ),
        ],
        expect: &[
            Expect { row: &["SEL", "staffing"], measure: "places", value: 2 },
            Expect { row: &["SEL", "closed"], measure: "places", value: 2 },
            Expect { row: &["SEL", "relied_on"], measure: "places", value: 1 },
            Expect { row: &["SEL", "not_relied_on"], measure: "places", value: 3 },
            Expect { row: &["SEL", "held"], measure: "places", value: 1 },
            Expect { row: &["SEL", "all"], measure: "places", value: 7 },
        ],
    }],
    ..Definition::BLANK
};

const fn vacancy(record: &'static str) -> Given {
    Given { dataset: "vacancies", authority: "E09000023", record }
}

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] =
    &[Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) }];

const WAYS: [(&str, &str, usize); 12] = [
    ("available", "Available", 0),
    ("held", "Held for somebody", 0),
    ("closed", "Closed", 0),
    ("relied_on", "Available, looked at lately", 1),
    ("not_relied_on", "Available, not looked at lately", 1),
    ("staffing", "Closed: staffing", 3),
    ("matching", "Closed: matching", 3),
    ("household_limit", "Closed: household limit", 3),
    ("leave", "Closed: leave", 3),
    ("works", "Closed: works", 3),
    ("regulator", "Closed: regulator", 3),
    ("no_reason", "Closed: no reason given", 3),
];

pub(crate) fn table(picture: &Picture) -> Table {
    let hosts: BTreeSet<_> = picture.settings.iter().map(|setting| setting.row.host_la).collect();
    let areas = Areas::of_sub_regions(&hosts).without_total();
    let ways = tree("why", "All places not occupied", &WAYS);
    let dimensions = vec![areas.dimension.clone(), ways.clone()];
    // Every row, so that the sums that tie it to the vacancies name cells that are there.
    let mut cube = Cube::new(DEFINITION.id, &["places"], dimensions).by_contributors().dense();
    for setting in &picture.settings {
        let Some(&area) = areas.place.get(&setting.row.host_la) else { continue };
        let held = split(setting).into_iter().filter(|(_, places)| *places > 0);
        let held: Vec<([usize; 2], u64)> = held.map(|(why, places)| ([area, find(&ways, why)], places)).collect();
        for (at, places) in &held {
            cube.add(at, 0, *places);
        }
        cube.contribute(setting.reported_by.as_str(), held.iter().map(|(at, _)| at.as_slice()));
    }
    let rename = |keys: &[&str], _: &str| match keys {
        [area, way @ ("available" | "closed")] => Some(vacancies::id(area, way)),
        [area, "held"] => Some(vacancies::id(area, "held_places")),
        [area, "not_relied_on"] => Some(vacancies::id(area, "stale")),
        _ => None,
    };
    let mut table = cube.into_table(DEFINITION.title, DEFINITION.reference(), &rename);
    table.lines.extend(areas.dimension.nodes.iter().map(|node| {
        Line::of(
            format!("{}|{}|relied_on|places", DEFINITION.id, node.key),
            ["usable", "unusable"].map(|measure| vacancies::id(&node.key, measure)).to_vec(),
        )
    }));
    table
}

fn split(setting: &Setting) -> [(&str, u64); 3] {
    let row = &setting.row;
    let [available, held, closed] =
        [row.available_places, row.held_places, row.closed_places].map(|places| u64::try_from(places).unwrap_or(0));
    let available_way = if setting.is_stale() { "not_relied_on" } else { "relied_on" };
    let said =
        row.closed_reason.as_deref().filter(|said| WAYS.iter().any(|(way, _, parent)| way == said && *parent == 3));
    [(available_way, available), ("held", held), (said.unwrap_or("no_reason"), closed)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_of_the_contract_has_its_row() {
        for reason in ["staffing", "matching", "household_limit", "leave", "works", "regulator"] {
            assert!(WAYS.iter().any(|(way, _, parent)| *way == reason && *parent == 3), "{reason}");
        }
    }
}
