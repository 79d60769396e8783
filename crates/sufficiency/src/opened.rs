//! Searches opened in the year, by how soon a home was needed.

use hub_disclosure::{Cube, Table};

use crate::area::Areas;
use crate::definition::{Definition, Expect, Given, Indicator, Vector};
use crate::region::Picture;
use crate::search::Notice;
use crate::snapshot::{find, tree};

const DEFINITION: Definition = Definition {
    id: "searches_by_notice",
    title: "Searches opened, by how soon a home was needed",
    words: "Searches opened in the twelve months, whatever came of them: those that needed a home the same day or the next, or were \
            marked as an emergency; those that had longer; and those that do not say. For each sub-region.",
    cohort: "Searches opened in the twelve months; siblings sought for together are a search each.",
    numerator: "Searches of the row short.",
    denominator: "All searches of the area: the row of all. not_said stands beside both.",
    window: "The twelve months up to and including the day.",
    source: "Indicator 50 (Croydon 2024-27, Lewisham 2022-25; Bromley 2022-24: over 40 through the emergency scheme).",
    datasets: "searches",
    unit: "searches",
    limits: "Searches carry days, not hours: less than 24 hours' notice reads as needed by the day after at the latest.",
    vectors: &[Vector {
        shows: "the next day is short, the day after that is not unless it is an emergency; a search of over a year ago is not \
                counted, a closed one is",
        as_at: "2026-03-01",
        given: &[
            search(r#"{"search_ref":"a","child_ref":"a","opened_on":"2026-01-10","needed_by":"2026-01-11","age":9}"#),
            search(r#"{"search_ref":"b","child_ref":"b","opened_on":"2026-01-10","needed_by":"2026-01-12","age":9}"#),
            search(
                r#"{"search_ref":"c","child_ref":"c","opened_on":"2026-01-10","needed_by":"2026-01-12","emergency":true,"closed_on":"2026-01-11","outcome":"placed","age":9}"#,
            ),
            search(r#"{"search_ref":"d","child_ref":"d","opened_on":"2026-01-10","age":9}"#),
            search(r#"{"search_ref":"e","child_ref":"e","opened_on":"2025-03-01","needed_by":"2025-03-01","age":9}"#),
        ],
        expect: &[
            Expect { row: &["E09000023", "all"], measure: "searches", value: 4 },
            Expect { row: &["E09000023", "short"], measure: "searches", value: 2 },
            Expect { row: &["E09000023", "longer"], measure: "searches", value: 1 },
            Expect { row: &["E09000023", "not_said"], measure: "searches", value: 1 },
        ],
    }],
    ..Definition::BLANK
};

const fn search(record: &'static str) -> Given {
    Given { dataset: "searches", authority: "E09000023", record }
}

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] =
    &[Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) }];

fn table(picture: &Picture) -> Table {
    let areas = Areas::wide(&picture.members);
    let ways = [
        ("short", "The same day or the next, or an emergency", 0),
        ("longer", "Longer", 0),
        ("not_said", "Not said", 0),
    ];
    let ways = tree("notice", "All searches", &ways);
    let mut cube = Cube::new(DEFINITION.id, &["searches"], vec![areas.dimension.clone(), ways.clone()]);
    for (authority, notice) in &picture.opened {
        let Some(&area) = areas.place.get(authority) else { continue };
        let way = match notice {
            Notice::Short => "short",
            Notice::Longer => "longer",
            Notice::NotSaid => "not_said",
        };
        cube.add(&[area, find(&ways, way)], 0, 1);
    }
    cube.into_table(DEFINITION.title, DEFINITION.reference(), &|_, _| None)
}
