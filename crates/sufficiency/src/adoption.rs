//! How long children wait to move in with an adoptive family.

use std::collections::HashMap;

use hub_disclosure::{Cell, Cube, Table};
use hub_domain::Date;
use hub_domain::codes::PlacementGroup;

use crate::area::Areas;
use crate::definition::{Definition, Expect, Given, Indicator, Vector};
use crate::episode::Child;
use crate::placed::days_between;
use crate::region::Picture;
use crate::stay::{Period, Reading, Walk, periods};

const DEFINITION: Definition = Definition {
    id: "adoption_timeliness",
    title: "Days from entering care to moving in with an adoptive family",
    words: "Children who moved in with an adoptive family in the twelve months, and the days since their period of care began: the \
            mean and the median. For each sub-region.",
    cohort: "Children whose first stay placed for adoption (903 A3 to A6) in their period of care began in the twelve months.",
    numerator: "Days from the start of care to the day the stay began.",
    denominator: "children.",
    window: "The twelve months up to and including the day.",
    source: "Indicator 47 (Croydon 2019-20: 553 days; DfE adoption scorecard A10).",
    datasets: "placements",
    unit: "children; days",
    rounding: "Days half up; the median of an even number is the lower of the two in the middle. Shown where children is shown and 5 \
               or more.",
    limits: "A child who was fostered by those who adopt counts from the day the placement became one for adoption, not from the day \
             they met. Whether the adoption is granted later is not waited for. The start of care is the one the records state \
             where its first episode is not in the feed.",
    vectors: &[Vector {
        shows: "days run from the start of care, through placements before; a change of code within the adoptive family is no second \
                move",
        as_at: "2026-03-01",
        given: &[
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2025-01-01","episode_end":"2025-07-01","birth_month":"2023-03","reason_new_episode":"S","legal_status":"C2","placement_type":"U6"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2025-07-01","episode_end":"2025-09-01","birth_month":"2023-03","reason_new_episode":"P","legal_status":"E1","placement_type":"A5"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2025-09-01","birth_month":"2023-03","reason_new_episode":"T","legal_status":"E1","placement_type":"A6"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2025-07-01","episode_end":"2025-07-11","birth_month":"2023-03","reason_new_episode":"S","legal_status":"C2","placement_type":"U6"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2025-07-11","birth_month":"2023-03","reason_new_episode":"P","legal_status":"E1","placement_type":"A3"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"c","episode_start":"2025-01-01","birth_month":"2023-03","reason_new_episode":"S","legal_status":"E1","placement_type":"A3"}"#,
            ),
        ],
        expect: &[
            Expect { row: &["E09000023"], measure: "children", value: 2 },
            Expect { row: &["E09000023"], measure: "mean_days", value: 96 },
            Expect { row: &["E09000023"], measure: "median_days", value: 10 },
        ],
    }],
    ..Definition::BLANK
};

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] =
    &[Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) }];

fn table(picture: &Picture) -> Table {
    let areas = Areas::wide(&picture.members);
    let mut cube = Cube::new(DEFINITION.id, &["children"], vec![areas.dimension.clone()]);
    let mut waits: HashMap<String, Vec<u64>> = HashMap::new();
    for (&(authority, _), child) in &picture.children.by_child {
        let (Some(&area), Some(days)) = (areas.place.get(&authority), waited(child, picture.window)) else { continue };
        cube.add(&[area], 0, 1);
        if let Some(node) = areas.dimension.nodes.get(area) {
            waits.entry(node.key.clone()).or_default().push(days);
        }
    }
    let mut table = cube.into_table(DEFINITION.title, DEFINITION.reference(), &|_, _| None);
    table.measures.extend(["mean_days", "median_days"].map(str::to_owned));
    for row in &mut table.rows {
        let days = row.labels.first().and_then(|key| waits.get_mut(key)).map(|days| typical(days)).unwrap_or_default();
        let Some(Cell::Count { id, .. }) = row.cells.first() else { continue };
        let id = id.clone();
        row.cells.extend(days.map(|days| days.map_or(Cell::Blank, |days| Cell::typical(days, &id))));
    }
    table
}

/// Days from the start of care to the day the child moved in with an adoptive family, if that was after `window`.
fn waited(child: &Child, window: Date) -> Option<u64> {
    let walk = Walk::of(child, Reading::Stay);
    let moved_in = walk.runs.iter().filter(|run| run.is_begun && run.first.group == PlacementGroup::Adoption);
    let periods = periods(child);
    let period = |on: Date| periods.iter().rev().map(Period::start).find(|start| *start <= on);
    let mut first: HashMap<Date, Date> = HashMap::new();
    for run in moved_in {
        let Some(start) = period(run.start) else { continue };
        first.entry(start).and_modify(|day| *day = run.start.min(*day)).or_insert(run.start);
    }
    first.into_iter().filter(|(_, day)| *day > window).map(|(start, day)| days_between(start, day)).max()
}

/// Mean, and lower median.
fn typical(days: &mut [u64]) -> [Option<i64>; 2] {
    days.sort_unstable();
    let (sum, n) = (days.iter().sum::<u64>(), u64::try_from(days.len()).unwrap_or(u64::MAX));
    let mean = (sum * 2 + n).checked_div(n * 2);
    let median = days.get(days.len().saturating_sub(1) / 2).copied();
    [mean, median].map(|days| days.and_then(|days| i64::try_from(days).ok()))
}
