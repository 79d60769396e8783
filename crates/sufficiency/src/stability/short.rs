//! Three or more placements in a year: a count of placements, never of moves.

use hub_disclosure::Table;
use hub_domain::Date;
use jiff::ToSpan as _;

use crate::definition::{Definition, Expect, Given, Indicator, LOOKED_AFTER, Variant, Vector};
use crate::episode::Child;
use crate::region::Picture;
use crate::snapshot::{find, tree};
use crate::stay::{Reading, Run, Walk, periods};

const DEFINITION: Definition = Definition {
    id: "stability_short",
    title: "Children in care with three or more placements",
    words: "Children in care today who had three placements or more: in the year, in the year within today's period of care \
            alone, and in two years. Placements are counted, never moves: three moves make four placements. The placement in \
            which the year began is one of them.",
    cohort: LOOKED_AFTER,
    numerator: "Children of the row: three_in_year unless another is named.",
    denominator: "All children in care of the area: the row of all.",
    window: "The twelve months up to and including the day; of two years, the twenty-four.",
    variants: &[
        Variant { id: "three_in_year", words: "Three or more in the year, in whatever period of care (DfE)." },
        Variant {
            id: "three_in_period",
            words: "Three or more in the year, in the period of care that holds the day.",
        },
        Variant { id: "three_in_two_years", words: "Three or more in two years, in whatever period of care." },
    ],
    source: "Indicator 16 (DfE; Bromley 2022-24, Croydon 2024-27, Lewisham 2022-25, Southwark 2018-22); rulings 10, 11, 12 and \
             14.",
    datasets: "placements",
    unit: "children",
    limits: "A placement is a stay with one carer or setting: consecutive episodes in one setting_ref, and without one the reason \
             for the new episode tells (903 RNE S, P and B begin a stay; L, T and U continue it). Temporary moves (T0 to T4) \
             are none, and a return to the same placement after one is no new placement.",
    vectors: &[Vector {
        shows: "three placements in the year count, a hospital stay between two of them and a change of status do not; the one \
                that ended on the first day of the year is not in it, and makes a third in two years",
        as_at: "2026-03-31",
        given: &[
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2025-01-01","episode_end":"2025-06-01","birth_month":"2014-01","reason_new_episode":"S","legal_status":"C2","placement_type":"U6"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2025-06-01","episode_end":"2025-06-20","birth_month":"2014-01","reason_new_episode":"P","legal_status":"C2","placement_type":"K2"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2025-06-20","birth_month":"2014-01","reason_new_episode":"P","legal_status":"C2","placement_type":"U6"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2024-05-01","episode_end":"2025-04-01","birth_month":"2014-01","reason_new_episode":"S","legal_status":"C2","placement_type":"U6"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2025-04-01","episode_end":"2025-06-01","birth_month":"2014-01","reason_new_episode":"P","legal_status":"C2","placement_type":"U3"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2025-06-01","episode_end":"2025-06-05","birth_month":"2014-01","reason_new_episode":"P","legal_status":"C2","placement_type":"T1"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2025-06-05","episode_end":"2025-07-05","birth_month":"2014-01","reason_new_episode":"P","legal_status":"C2","placement_type":"U3"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2025-07-05","episode_end":"2025-08-05","birth_month":"2014-01","reason_new_episode":"P","legal_status":"C2","placement_type":"U6"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2025-08-05","birth_month":"2014-01","reason_new_episode":"T","legal_status":"C2","placement_type":"U4"}"#,
            ),
        ],
        expect: &[
            Expect { row: &["E09000023", "three_in_year"], measure: "children", value: 1 },
            Expect { row: &["E09000023", "three_in_period"], measure: "children", value: 1 },
            Expect { row: &["E09000023", "three_in_two_years"], measure: "children", value: 2 },
            Expect { row: &["E09000023", "all"], measure: "children", value: 2 },
        ],
    }],
    ..Definition::BLANK
};

/// What the registry lists.
pub(super) const INDICATOR: Indicator =
    Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) };

/// So many placements are what the indicator asks after.
const MANY: usize = 3;

/// Each reading holds the next: what is three in the period is three in the year, and that is three in two years.
fn table(picture: &Picture) -> Table {
    let ways = [
        ("three_in_two_years", "Three or more in two years", 0),
        ("fewer", "Fewer in two years", 0),
        ("three_in_year", "Three or more in the year", 1),
        ("two_years_alone", "Three or more in two years, fewer in the year", 1),
        ("three_in_period", "Three or more in the year and this period of care", 3),
        ("earlier_period", "Three or more in the year, fewer in this period of care", 3),
    ];
    let ways = tree("placements", "All", &ways);
    super::by_child(&DEFINITION, picture, &ways, |child| Some(find(&ways, reading(child, picture))))
}

/// The narrowest reading by which a child had three.
fn reading(child: &Child, picture: &Picture) -> &'static str {
    let to = picture.as_at.tomorrow().unwrap_or(Date::MAX);
    let after = |months: i32| {
        let before = picture.as_at.checked_sub(months.months()).unwrap_or(Date::MIN);
        before.tomorrow().unwrap_or(Date::MAX)
    };
    let walk = Walk::of(child, Reading::Stay);
    let within = |from: Date| walk.runs.iter().filter(move |run: &&Run<'_>| run.touches(from, to));
    let period = periods(child).last().map_or(Date::MIN, |period| period.first.start);
    if within(after(24)).count() < MANY {
        "fewer"
    } else if within(after(12)).count() < MANY {
        "two_years_alone"
    } else if within(after(12)).filter(|run| run.start >= period).count() < MANY {
        "earlier_period"
    } else {
        "three_in_period"
    }
}
