//! Fostering households: on their way to approval, and on the service's books.

use std::collections::HashMap;

use hub_disclosure::{Cell, Cube, Dimension, Node, Table};
use hub_domain::{Date, FosteringRow};

use crate::area::Areas;
use crate::definition::{Definition, Expect, Given, Indicator, Vector};
use crate::placed::days_between;
use crate::region::Picture;

const PIPELINE: Definition = Definition {
    id: "fostering_recruitment",
    title: "Fostering recruitment, step by step",
    words: "Households of the services of the area that reached each step in the last twelve months, how many days after the \
            step before it, and how many stand at it today. Enquiry, visit, application, stage 1, stage 2, panel, approval.",
    cohort: "Households of the fostering feeds.",
    numerator: "reached_12_months: households that took the step within the twelve months. standing_now: households whose last \
                step it is, not ended and not approved. median_days: days from the last step taken before it, of those that \
                reached it within the twelve months.",
    window: "The twelve months up to and including the day; standing_now: at the day.",
    source: "Indicator 41 (Bromley 2022-24, Lewisham 2022-25, Southwark 2018-22); SI 2011/581 regs 25 to 28.",
    datasets: "fostering",
    unit: "households; days",
    rounding: "Days are the lower median; shown where the count it is of is shown and 5 or more.",
    limits: "A household at several steps in the twelve months counts at each. A step passed over has no day and counts \
             nowhere. Households are counted, not people.",
    vectors: &[Vector {
        shows: "a step counts on its day, not a day over twelve months ago; days run from the last step taken; who ended \
                stands nowhere",
        as_at: "2026-03-01",
        given: HOUSEHOLDS,
        expect: &[
            Expect { row: &["E09000023", "enquiry"], measure: "reached_12_months", value: 3 },
            Expect { row: &["E09000023", "enquiry"], measure: "standing_now", value: 0 },
            Expect { row: &["E09000023", "visit"], measure: "reached_12_months", value: 3 },
            Expect { row: &["E09000023", "visit"], measure: "median_days", value: 10 },
            Expect { row: &["E09000023", "visit"], measure: "standing_now", value: 1 },
            Expect { row: &["E09000023", "approval"], measure: "reached_12_months", value: 1 },
            Expect { row: &["E09000023", "approval"], measure: "median_days", value: 181 },
        ],
    }],
    ..Definition::BLANK
};

const STOCK: Definition = Definition {
    id: "fostering_households",
    title: "Approved fostering households and places, and how they changed in a year",
    words: "Households approved a year ago and today, those approved and those that left between, and the places of today's. \
            Households a year ago and those approved since are today's and those that left: the net change is households_now \
            less households_before.",
    cohort: "Households of the fostering feeds with an approval.",
    numerator: "Households; places they are approved for.",
    window: "At the day, at the same day a year before, and the twelve months between.",
    source: "Indicator 41 (Lewisham 2022-25: 76 households, 143 places, 6 in, 12 out; Bromley 2022-24: 11 in, 9 out).",
    datasets: "fostering",
    unit: "households; places",
    limits: "A household approved and gone within the twelve months is in both flows. Kinship households count like any other. \
             Places are shown where the households are shown and 5 or more.",
    vectors: &[Vector {
        shows: "approved on the day is in; gone on the day is out; who was approved before the year is in both stocks",
        as_at: "2026-03-01",
        given: HOUSEHOLDS,
        expect: &[
            Expect { row: &["E09000023"], measure: "households_before", value: 2 },
            Expect { row: &["E09000023"], measure: "approved_12_months", value: 1 },
            Expect { row: &["E09000023"], measure: "left_12_months", value: 1 },
            Expect { row: &["E09000023"], measure: "households_now", value: 2 },
            Expect { row: &["E09000023"], measure: "places_now", value: 5 },
        ],
    }],
    ..Definition::BLANK
};

const HOUSEHOLDS: &[Given] = &[
    household(r#"{"household_ref":"a","enquiry_on":"2025-08-01","visit_on":"2025-08-11"}"#),
    household(
        r#"{"household_ref":"b","enquiry_on":"2025-08-22","visit_on":"2025-09-01","approved_on":"2026-03-01","approved_places":2}"#,
    ),
    household(r#"{"household_ref":"c","enquiry_on":"2025-03-02","visit_on":"2025-04-01","ended_on":"2025-05-01"}"#),
    household(r#"{"household_ref":"d","enquiry_on":"2025-03-01","approved_on":"2025-03-01","approved_places":3}"#),
    household(
        r#"{"household_ref":"e","enquiry_on":"2014-03-01","approved_on":"2015-03-01","approved_places":1,"deregistered_on":"2026-03-01"}"#,
    ),
];

/// A household of Lewisham's.
const fn household(record: &'static str) -> Given {
    Given { dataset: "fostering", authority: "E09000023", record }
}

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] = &[
    Indicator { definition: &PIPELINE, table: Some(|_, asked| pipeline(asked.picture)) },
    Indicator { definition: &STOCK, table: Some(|_, asked| stock(asked.picture)) },
];

/// The steps in their order: key, label.
const STEPS: [(&str, &str); 7] = [
    ("enquiry", "First enquiry"),
    ("visit", "Initial visit"),
    ("application", "Application"),
    ("stage_1", "Stage 1 of the assessment"),
    ("stage_2", "Stage 2 of the assessment"),
    ("panel", "Panel"),
    (APPROVAL, "Approval"),
];
const APPROVAL: &str = "approval";
const REACHED: &str = "reached_12_months";

fn pipeline(picture: &Picture) -> Table {
    let areas = Areas::of_authorities(&picture.members);
    let steps = dimension();
    let mut cube = Cube::new(PIPELINE.id, &[REACHED, "standing_now"], vec![areas.dimension.clone(), steps]);
    if !picture.others.households.is_empty() {
        cube = cube.dense();
    }
    let mut waits: HashMap<(usize, usize), Vec<i64>> = HashMap::new();
    for (authority, row) in &picture.others.households {
        let Some(&area) = areas.place.get(authority) else { continue };
        if let Some(step) = standing(row, picture.as_at) {
            cube.add(&[area, step], 1, 1);
        }
        for (step, days) in reached(row, picture) {
            cube.add(&[area, step], 0, 1);
            let Some(days) = days else { continue };
            areas.above(area).for_each(|at| waits.entry((at, step)).or_default().push(days));
        }
    }
    // Who was approved in the year stands among the households on the books, too.
    let rename = |keys: &[&str], measure: &str| match keys {
        [area, APPROVAL] if measure == REACHED => Some(format!("{}|{area}|{APPROVED}", STOCK.id)),
        _ => None,
    };
    let mut table = cube.into_table(PIPELINE.title, PIPELINE.reference(), &rename);
    table.measures.push("median_days".to_owned());
    for (number, row) in table.rows.iter_mut().enumerate() {
        let at = (number / STEPS.len(), number % STEPS.len());
        let days = waits.get_mut(&at).and_then(|days| Some((lower_median(days)?, u64::try_from(days.len()).ok())));
        let cell = match (days, row.cells.first()) {
            // Not every household that took the step took one before it.
            (Some((value, people)), Some(Cell::Count { id, .. })) => {
                Cell::Typical { value, of: vec![id.clone()], people }
            }
            _ => Cell::Blank,
        };
        row.cells.push(cell);
    }
    table
}

/// The step a household stands at: the last it took, while it neither ended nor was approved.
fn standing(row: &FosteringRow, as_at: Date) -> Option<usize> {
    let over = [row.ended_on, row.approved_on, row.deregistered_on].into_iter().flatten().any(|day| day <= as_at);
    let taken = row.steps().into_iter().enumerate().filter(|(_, day)| day.is_some_and(|day| day <= as_at));
    taken.map(|(step, _)| step).next_back().filter(|_| !over)
}

/// The steps taken within the twelve months, each with its days since the one before.
fn reached<'a>(row: &FosteringRow, picture: &'a Picture) -> impl Iterator<Item = (usize, Option<i64>)> + use<'a> {
    let mut last = None;
    let (window, as_at) = (picture.window, picture.as_at);
    row.steps().into_iter().enumerate().filter_map(move |(step, day)| {
        let day = day?;
        let days = last.replace(day).and_then(|last| i64::try_from(days_between(last, day)).ok());
        (day > window && day <= as_at).then_some((step, days))
    })
}

fn lower_median(days: &mut [i64]) -> Option<i64> {
    days.sort_unstable();
    days.get(days.len().saturating_sub(1) / 2).copied()
}

fn dimension() -> Dimension {
    let node = |(key, label): &(&str, &str)| Node {
        key: (*key).to_owned(),
        labels: vec![(*key).to_owned(), (*label).to_owned()],
        parent: None,
    };
    Dimension { columns: vec!["step".to_owned(), "step_name".to_owned()], nodes: STEPS.iter().map(node).collect() }
}

/// A total that only ties the two sums together, and is shown: households that were approved on any day of the twelve months.
const MEASURES: [&str; 5] = ["households_in_year", "households_before", APPROVED, "left_12_months", "households_now"];
const APPROVED: &str = "approved_12_months";

/// Id of the count of households approved today of an area, whichever table it stands in.
pub(crate) fn households_id(area: &str) -> String {
    format!("{}|{area}|households_now", STOCK.id)
}

fn stock(picture: &Picture) -> Table {
    let areas = Areas::of_authorities(&picture.members);
    let mut cube =
        Cube::new(STOCK.id, &MEASURES, vec![areas.dimension.clone()]).summing(0, &[1, 2]).summing(0, &[3, 4]);
    if !picture.others.households.is_empty() {
        cube = cube.dense();
    }
    let mut places = vec![0_i64; areas.dimension.nodes.len()];
    for (authority, row) in &picture.others.households {
        let (Some(&area), Some(approved)) = (areas.place.get(authority), row.approved_on) else { continue };
        // Who left before the approval is approved again.
        let left = row.deregistered_on.filter(|left| *left <= picture.as_at && *left >= approved);
        if approved > picture.as_at || left.is_some_and(|left| left <= picture.window) {
            continue;
        }
        cube.add(&[area], 0, 1);
        cube.add(&[area], if approved <= picture.window { 1 } else { 2 }, 1);
        cube.add(&[area], if left.is_some() { 3 } else { 4 }, 1);
        if left.is_none() {
            let own = row.approved_places.unwrap_or(0);
            areas.above(area).for_each(|at| places.get_mut(at).into_iter().for_each(|sum| *sum += own));
        }
    }
    let mut table = cube.into_table(STOCK.title, STOCK.reference(), &|_, _| None);
    table.measures.push("places_now".to_owned());
    for (row, places) in table.rows.iter_mut().zip(places) {
        let cell = match row.cells.last() {
            Some(Cell::Count { id, .. }) => Cell::typical(places, id),
            _ => Cell::Blank,
        };
        row.cells.push(cell);
    }
    table
}
