//! Registered places by the regulator's grade.

use std::collections::BTreeMap;

use hub_disclosure::{Cell, Row, Table};

use super::grades::{dimension, key_of};
use crate::area::Areas;
use crate::definition::{Definition, Expect, Given, Indicator, Vector};
use crate::region::Picture;

const DEFINITION: Definition = Definition {
    id: "places_by_grade",
    title: "Registered providers and places, by the regulator's grade",
    words: "Providers registered on the day and their places, by where they stand and by the overall grade they had on the day, each \
            scale by itself. A provider inspected since without an overall grade, and one not yet inspected, stand by themselves.",
    cohort: "Providers of the loaded register that are registered on the day and whose entry names an authority of the region.",
    numerator: "Providers, and their registered places.",
    denominator: "All of the area: the row of all.",
    window: "At the day, by the day on which the inspection ended.",
    source: "Indicator 31 (Bromley 2022-24): beside children, places.",
    datasets: "regulator",
    unit: "providers; places",
    rounding: "None: the register is public.",
    limits: "An agency or a provider of supported accommodation is one registration, not one address. Interim inspections leave the \
             grade as it stood. Where no register is loaded the table has no rows.",
    vectors: &[Vector {
        shows: "places under the grade of the day; a provider elsewhere or not registered is not there",
        as_at: "2026-03-01",
        given: &[
            entry(
                r#"{"urn":"SC000001","entry":"registration","aspect":"","effective_from":"2020-02-01","provider_type":"childrens_home","registration_status":"registered","la":"E09000023","registered_places":4}"#,
            ),
            entry(
                r#"{"urn":"SC000001","entry":"judgement","aspect":"overall","effective_from":"2025-02-01","scale":"four_point","grade":"good"}"#,
            ),
            entry(
                r#"{"urn":"SC000002","entry":"registration","aspect":"","effective_from":"2020-02-01","provider_type":"childrens_home","registration_status":"registered","la":"E09000023","registered_places":3}"#,
            ),
            entry(
                r#"{"urn":"SC000003","entry":"registration","aspect":"","effective_from":"2020-02-01","provider_type":"childrens_home","registration_status":"pending","la":"E09000023","registered_places":3}"#,
            ),
        ],
        expect: &[
            Expect { row: &["E09000023", "four_point", "good"], measure: "registered_places", value: 4 },
            Expect { row: &["E09000023", "four_point", "good"], measure: "providers", value: 1 },
            Expect { row: &["E09000023", "not_yet_inspected"], measure: "registered_places", value: 3 },
            Expect { row: &["E09000023", "all", "all"], measure: "registered_places", value: 7 },
        ],
    }],
    ..Definition::BLANK
};

/// An entry of the register.
const fn entry(record: &'static str) -> Given {
    Given { dataset: "regulator", authority: "E09000023", record }
}

pub(super) const INDICATOR: Indicator =
    Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) };

fn table(picture: &Picture) -> Table {
    let (areas, grades) = (Areas::of_authorities(&picture.members), dimension());
    let mut held: BTreeMap<[usize; 2], [u64; 2]> = BTreeMap::new();
    for provider in picture.others.register.registered(picture.as_at) {
        let Some(&area) = provider.la.as_ref().and_then(|la| areas.place.get(la)) else { continue };
        let grade = grades.find(&key_of(&provider.judged)).unwrap_or(0);
        for at in areas.above(area).flat_map(|area| grades.upward(grade).into_iter().map(move |grade| [area, grade])) {
            let [providers, places] = held.entry(at).or_default();
            (*providers, *places) = (*providers + 1, *places + provider.places);
        }
    }
    let row = |([area, grade], figures): ([usize; 2], [u64; 2])| {
        let nodes = [areas.dimension.nodes.get(area)?, grades.nodes.get(grade)?];
        let cells = figures.map(|figure| Cell::Figure(i64::try_from(figure).unwrap_or(i64::MAX)));
        Some(Row { labels: nodes.iter().flat_map(|node| node.labels.clone()).collect(), cells: cells.to_vec() })
    };
    Table {
        name: DEFINITION.id.to_owned(),
        title: DEFINITION.title.to_owned(),
        definition: DEFINITION.reference(),
        dimensions: [areas.dimension.columns.clone(), grades.columns.clone()].concat(),
        measures: ["providers", "registered_places"].map(str::to_owned).to_vec(),
        rows: held.into_iter().filter_map(row).collect(),
        lines: Vec::new(),
        frames: Vec::new(),
    }
}
