//! Long in one placement, of those long in care.

use hub_disclosure::{Line, Table};
use hub_domain::Date;
use hub_domain::codes::PlacementGroup;
use jiff::ToSpan as _;

use crate::area::{ALL, Areas};
use crate::care;
use crate::definition::{Definition, Expect, Given, Indicator, Variant, Vector};
use crate::episode::Child;
use crate::region::Picture;
use crate::snapshot::{find, tree};
use crate::stay::{Reading, Run, Walk, periods};

const DEFINITION: Definition = Definition {
    id: "stability_long",
    title: "Children long in care who have been long in one placement",
    words: "Of children under 16 who have been looked after without a break for two and a half years or more, those who have \
            been for two years or more in the same placement, or with the same carer, or are placed for adoption and their \
            adoptive placement and the one before it together come to two years.",
    cohort: "Children in care today, under 16 today, whose period of care began two and a half years ago or earlier: the row \
             long_in_care.",
    numerator: "Children of the row: same_placement or same_carer.",
    denominator: "The row long_in_care.",
    window: "At the day. Two years and two and a half are calendar months, the day included.",
    banding: "under 16, by age on the day",
    variants: &[
        Variant {
            id: "same_placement",
            words: "Two years in one placement: one carer or setting, and one placement type (DfE's wording to 2023).",
        },
        Variant {
            id: "same_carer",
            words: "Two years with one carer or setting, whatever the type (DfE's wording of 2024). Holds the other.",
        },
    ],
    source: "Indicator 17 (DfE; Bromley 2022-24, Croydon 2024-27, Lewisham 2022-25, Southwark 2018-22); rulings 10, 11 and 13.",
    datasets: "placements",
    unit: "children",
    limits: "A child on a temporary move (T0 to T4) is in the placement kept meanwhile.",
    vectors: &[Vector {
        shows: "exactly two and a half years in care and two in the placement count; a day less in the placement does not; a \
                change of type with the same carer breaks the placement, not the carer; adoption and the placement before it \
                are taken together; at sixteen a child is out of it",
        as_at: "2026-03-31",
        given: &[
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2023-09-30","episode_end":"2024-03-31","birth_month":"2014-01","reason_new_episode":"S","legal_status":"C2","placement_type":"K2"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2024-03-31","birth_month":"2014-01","reason_new_episode":"P","legal_status":"C2","placement_type":"U6"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2020-09-30","episode_end":"2024-04-01","birth_month":"2014-01","reason_new_episode":"S","legal_status":"C2","placement_type":"K2"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2024-04-01","birth_month":"2014-01","reason_new_episode":"P","legal_status":"C2","placement_type":"U6"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"c","episode_start":"2020-09-30","episode_end":"2025-04-01","birth_month":"2014-01","reason_new_episode":"S","legal_status":"C2","placement_type":"U6"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"c","episode_start":"2025-04-01","birth_month":"2014-01","reason_new_episode":"T","legal_status":"C2","placement_type":"U4"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"d","episode_start":"2020-09-30","episode_end":"2025-04-01","birth_month":"2018-01","reason_new_episode":"S","legal_status":"C2","placement_type":"U6"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"d","episode_start":"2025-04-01","birth_month":"2018-01","reason_new_episode":"P","legal_status":"E1","placement_type":"A6"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"e","episode_start":"2020-09-30","birth_month":"2010-03","reason_new_episode":"S","legal_status":"C2","placement_type":"U6"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"f","episode_start":"2023-10-01","birth_month":"2014-01","reason_new_episode":"S","legal_status":"C2","placement_type":"U6"}"#,
            ),
        ],
        expect: &[
            Expect { row: &["E09000023", "long_in_care"], measure: "children", value: 4 },
            Expect { row: &["E09000023", "same_carer"], measure: "children", value: 3 },
            Expect { row: &["E09000023", "same_placement"], measure: "children", value: 2 },
            Expect { row: &["E09000023", "shorter_in_care"], measure: "children", value: 1 },
        ],
    }],
    ..Definition::BLANK
};

/// What the registry lists.
pub(super) const INDICATOR: Indicator =
    Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) };

/// Bands of `children_in_care` that are not of children known to be under 16.
const NOT_UNDER: [&str; 2] = ["16+", "unknown"];
const IN_CARE_MONTHS: i32 = 30;
const PLACED_MONTHS: i32 = 24;

fn table(picture: &Picture) -> Table {
    let ways = [
        ("long_in_care", "In care for two and a half years", 0),
        ("shorter_in_care", "In care for less", 0),
        ("same_carer", "Two years with the same carer", 1),
        ("less_long", "Less long with the same carer", 1),
        ("same_placement", "Two years in the same placement", 3),
        ("same_carer_alone", "Two years with the same carer, not in the same placement", 3),
    ];
    let mut ways = tree("in_placement", "All under 16", &ways);
    // All of them are not all children in care, and the total says so.
    if let Some(total) = ways.nodes.first_mut() {
        UNDER.clone_into(&mut total.key);
        total.labels = vec![UNDER.to_owned(), "All under 16".to_owned()];
    }
    let mut table = super::by_child(&DEFINITION, picture, &ways, |child| Some(find(&ways, standing(child, picture)?)));
    tie(picture, &mut table);
    table
}

const UNDER: &str = "under_16";

/// Whoever is not under 16 stands in children_in_care: the three make the whole.
fn tie(picture: &Picture, table: &mut Table) {
    let present: std::collections::BTreeSet<&str> =
        table.rows.iter().flat_map(|row| &row.cells).filter_map(cell).collect();
    let areas = Areas::of_authorities(&picture.members).dimension.nodes;
    let lines = areas.iter().map(|node| {
        let under = format!("{}|{}|{UNDER}|children", DEFINITION.id, node.key);
        let others = NOT_UNDER.map(|band| care::id(&node.key, band));
        let parts = others.into_iter().chain(present.contains(under.as_str()).then_some(under)).collect();
        Line::of(care::id(&node.key, ALL), parts)
    });
    let lines: Vec<Line> = lines.collect();
    table.lines.extend(lines);
}

fn cell(cell: &hub_disclosure::Cell) -> Option<&str> {
    if let hub_disclosure::Cell::Count { id, .. } = cell { Some(id) } else { None }
}

/// Where a child under 16 stands; `None` for one who is not.
fn standing(child: &Child, picture: &Picture) -> Option<&'static str> {
    child.now.as_ref()?.age.filter(|age| *age < 16)?;
    let long_ago = |months: i32| picture.as_at.checked_sub(months.months()).unwrap_or(Date::MIN);
    let began = periods(child).last()?.start();
    if began > long_ago(IN_CARE_MONTHS) {
        return Some("shorter_in_care");
    }
    let is_long = |reading| settled_since(child, reading, began).is_some_and(|since| since <= long_ago(PLACED_MONTHS));
    Some(match (is_long(Reading::Placement), is_long(Reading::Stay)) {
        (true, _) => "same_placement",
        (false, true) => "same_carer_alone",
        (false, false) => "less_long",
    })
}

/// Since when the child has been where they are; placed for adoption, since the placement before it began, if care did not
/// begin after it.
fn settled_since(child: &Child, reading: Reading, care: Date) -> Option<Date> {
    let walk = Walk::of(child, reading);
    let (now, before) = walk.runs.split_last()?;
    let goes_on = |last: &&Run<'_>| last.end == Some(now.start) && care < now.start;
    let is_adoption = now.first.group == PlacementGroup::Adoption;
    let before = before.last().filter(|_| is_adoption).filter(goes_on);
    Some(before.map_or(now.start, |before| before.start))
}
