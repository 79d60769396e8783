//! Registered supported accommodation by category.

use std::collections::BTreeSet;

use hub_disclosure::{Cell, Row, Table};

use crate::area::{ALL, Areas};
use crate::definition::{Definition, Expect, Given, Indicator, Vector};
use crate::region::Picture;
use crate::register::Registered;

const DEFINITION: Definition = Definition {
    id: "supported_accommodation_supply",
    title: "Registered supported accommodation, by category",
    words: "Providers of supported accommodation registered on the day, and their places, by where they stand and by category: 1 \
            single occupancy, 2 shared by looked-after children and care leavers, 3 shared with others, 4 in private homes.",
    cohort: "Providers of the loaded register that are registered on the day.",
    numerator: "Providers, and their registered places.",
    window: "At the day.",
    source: "Market-gap question 12; SI 2023/416 reg 2.",
    datasets: "regulator",
    unit: "providers; places",
    rounding: "None: the register is public.",
    limits: "A provider of several categories stands under each with all its places: the register does not divide them. The row of \
             all counts it once. A provider whose entry names no authority, or one outside the region, counts nowhere.",
    vectors: &[Vector {
        shows: "under each of its categories, once in all; who is not registered is not there",
        as_at: "2026-03-01",
        given: &[
            Given { dataset: "regulator", authority: "E09000023", record: BOTH },
            Given { dataset: "regulator", authority: "E09000023", record: PENDING },
        ],
        expect: &[
            Expect { row: &["E09000023", "1"], measure: "registered_places", value: 12 },
            Expect { row: &["E09000023", "4"], measure: "providers", value: 1 },
            Expect { row: &["E09000023", "2"], measure: "providers", value: 0 },
            Expect { row: &["E09000023", "all"], measure: "registered_places", value: 12 },
        ],
    }],
    ..Definition::BLANK
};

const BOTH: &str = r#"{"urn":"2700001","entry":"registration","aspect":"","effective_from":"2024-02-01","provider_type":"supported_accommodation","registration_status":"registered","la":"E09000023","registered_places":12,"categories":["1","4"]}"#;
const PENDING: &str = r#"{"urn":"2700002","entry":"registration","aspect":"","effective_from":"2024-02-01","provider_type":"supported_accommodation","registration_status":"pending","la":"E09000023","registered_places":5,"categories":["2"]}"#;

pub(super) const INDICATOR: Indicator =
    Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) };

const CATEGORIES: [&str; 5] = [ALL, "1", "2", "3", "4"];
const KIND: &str = "supported_accommodation";

fn table(picture: &Picture) -> Table {
    let areas = Areas::of_authorities(&picture.members);
    let register = &picture.others.register;
    let registered: Vec<Registered<'_>> =
        register.registered(picture.as_at).filter(|provider| provider.kind == KIND).collect();
    let held: BTreeSet<usize> =
        registered.iter().filter_map(|provider| areas.place.get(&provider.la?).copied()).collect();
    let mut rows = Vec::new();
    for (at, node) in areas.dimension.nodes.iter().enumerate() {
        let holds = |place: usize| areas.above(place).any(|above| above == at);
        if !held.iter().any(|&place| holds(place)) {
            continue;
        }
        for category in CATEGORIES {
            let here = registered.iter().filter(|provider| {
                let place = provider.la.and_then(|la| areas.place.get(&la).copied());
                place.is_some_and(holds) && (category == ALL || provider.categories.iter().any(|one| one == category))
            });
            let (providers, places) = here.fold((0, 0), |(count, sum), provider| (count + 1, sum + provider.places));
            let labels = node.labels.iter().cloned().chain([category.to_owned()]).collect();
            let cells = [providers, places].map(|count: u64| Cell::Figure(i64::try_from(count).unwrap_or(i64::MAX)));
            rows.push(Row { labels, cells: cells.to_vec() });
        }
    }
    Table {
        name: DEFINITION.id.to_owned(),
        title: DEFINITION.title.to_owned(),
        definition: DEFINITION.reference(),
        dimensions: areas.dimension.columns.iter().cloned().chain(["category".to_owned()]).collect(),
        measures: ["providers", "registered_places"].map(str::to_owned).to_vec(),
        rows,
        lines: Vec::new(),
        frames: Vec::new(),
    }
}
