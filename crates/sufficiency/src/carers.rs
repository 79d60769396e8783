//! Who fosters for the authority: how old the carers are, and where they live.

use hub_disclosure::{Cube, Dimension, Table};
use hub_domain::FosteringRow;

use crate::area::{ALL, Areas};
use crate::definition::{Definition, Expect, Given, Indicator, Vector};
use crate::recruitment;
use crate::region::Picture;
use crate::snapshot::{find, tree};

const COHORT: &str = "Households of the fostering feeds approved on the day: households_now of fostering_households.";
const LIMITS: &str = "Households of the authority's own service; agencies' are in no feed. Where no households are fed the table has \
                      no rows.";

const BY_AGE: Definition = Definition {
    id: "carers_by_age",
    title: "Approved fostering households, by age of the main carer",
    words: "Approved households by the age of the main carer, in tens: for each sub-region.",
    cohort: COHORT,
    numerator: "Households of the row.",
    denominator: "All approved households of the area: the row of all.",
    window: "At the day.",
    source: "Indicator 42 (Croydon 2024-27, Lewisham 2022-25).",
    datasets: "fostering",
    unit: "households",
    limits: LIMITS,
    ..Definition::BLANK
};

const BY_HOME: Definition = Definition {
    id: "carers_in_area",
    title: "Approved fostering households, inside and outside the authority's area",
    words: "Approved households by whether they live in the authority's own area: for the region and each authority.",
    cohort: COHORT,
    numerator: "Households of the row inside.",
    denominator: "All approved households of the area: the row of all. not_said stands beside both.",
    window: "At the day.",
    source: "Indicator 24 (Lewisham 2022-25: 53 in, 29 out; Croydon 2024-27).",
    datasets: "fostering",
    unit: "households",
    limits: LIMITS,
    vectors: &[Vector {
        shows: "approved on the day is in, gone on the day is out",
        as_at: "2026-03-01",
        given: &[
            household(r#"{"household_ref":"a","approved_on":"2026-03-01","inside_borough":true}"#),
            household(r#"{"household_ref":"b","approved_on":"2020-03-01","inside_borough":false}"#),
            household(r#"{"household_ref":"c","approved_on":"2020-03-01"}"#),
            household(
                r#"{"household_ref":"d","approved_on":"2020-03-01","inside_borough":true,"deregistered_on":"2026-03-01"}"#,
            ),
            household(r#"{"household_ref":"e","enquiry_on":"2026-01-01","inside_borough":true}"#),
        ],
        expect: &[
            Expect { row: &["E09000023", "all"], measure: "households", value: 3 },
            Expect { row: &["E09000023", "inside"], measure: "households", value: 1 },
            Expect { row: &["E09000023", "outside"], measure: "households", value: 1 },
            Expect { row: &["E09000023", "not_said"], measure: "households", value: 1 },
        ],
    }],
    ..Definition::BLANK
};

const fn household(record: &'static str) -> Given {
    Given { dataset: "fostering", authority: "E09000023", record }
}

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] = &[
    Indicator { definition: &BY_AGE, table: Some(|_, asked| by_age(asked.picture)) },
    Indicator { definition: &BY_HOME, table: Some(|_, asked| by_home(asked.picture)) },
];

const NOT_SAID: (&str, &str, usize) = ("not_said", "Not said", 0);

/// Bands in the contract's words.
const BANDS: [(&str, &str, usize); 7] = [
    ("under_30", "Under 30", 0),
    ("30_39", "30 to 39", 0),
    ("40_49", "40 to 49", 0),
    ("50_59", "50 to 59", 0),
    ("60_69", "60 to 69", 0),
    ("70_plus", "70 and over", 0),
    NOT_SAID,
];

fn by_age(picture: &Picture) -> Table {
    let ways = tree("carer_age_band", "All ages", &BANDS);
    table(&BY_AGE, (picture, &Areas::wide(&picture.members)), &ways, |row| {
        row.carer_age_band.as_deref().and_then(|band| ways.find(band)).unwrap_or(ways.nodes.len().saturating_sub(1))
    })
}

fn by_home(picture: &Picture) -> Table {
    let ways = [("inside", "In the authority's area", 0), ("outside", "Outside it", 0), NOT_SAID];
    let ways = tree("lives", "All households", &ways);
    table(&BY_HOME, (picture, &Areas::of_authorities(&picture.members)), &ways, |row| {
        find(&ways, row.inside_borough.map_or("not_said", |inside| if inside { "inside" } else { "outside" }))
    })
}

/// Approved households of each area, told apart one way. All together are those of fostering_households, and the same cell.
fn table(
    definition: &Definition,
    (picture, areas): (&Picture, &Areas),
    ways: &Dimension,
    way: impl Fn(&FosteringRow) -> usize,
) -> Table {
    let mut cube = Cube::new(definition.id, &["households"], vec![areas.dimension.clone(), ways.clone()]);
    for (authority, row) in &picture.others.households {
        let is_approved = row.approved_on.is_some_and(|day| day <= picture.as_at);
        let has_left = row.deregistered_on.is_some_and(|day| day <= picture.as_at);
        if let Some(&area) = areas.place.get(authority).filter(|_| is_approved && !has_left) {
            cube.add(&[area, way(row)], 0, 1);
        }
    }
    let rename = |keys: &[&str], _: &str| match keys {
        [area, ALL] => Some(recruitment::households_id(area)),
        _ => None,
    };
    cube.into_table(definition.title, definition.reference(), &rename)
}
