//! Placements and weeks over a year, by type and age.

mod days;
mod kind;

use std::collections::{BTreeSet, HashMap};

use hub_disclosure::{Cell, Cube, Dimension, Node, Table};

pub(crate) use self::days::{FIRST_AGES, Year, days_between};
pub(crate) use self::kind::PlacementKind;
use crate::area::{ALL, Areas};
use crate::definition::{Definition, Expect, Given, Indicator, Vector};
use crate::region::Picture;
use crate::stay::{Reading, Walk};
use crate::{band, kind as kinds};

const DEFINITION: Definition = Definition {
    id: "placements_by_type",
    title: "Placements and weeks over the year, by type and age",
    words: "Placements open on any day of the year, and the weeks they took. Two tables in one, which count differently: \
            a placement stands once, under the age at its start or on the first day of the year, whichever is later; its \
            weeks are split at the birthdays on which the child passes from one band to the next. Every type by age for \
            each sub-region, fostering of every kind together too; for one authority alone in its own picture.",
    cohort: "Placements: consecutive episodes with one carer or setting in one placement type; a change of type with the \
             same carer (903 RNE T or U) begins a new one. Temporary moves (T0 to T4) are bridged: no placement, and their \
             days stay with the placement kept. Agreed series of short breaks (V3, V4) are left out.",
    numerator: "placements: placements; weeks: days within the year, of which there are seven to a week.",
    window: "The twelve months up to and including the day: 1 April to 31 March where the day is 31 March.",
    banding: "strategies: for placements by age at the later of their start and the first day of the year, for weeks by \
              age on each day",
    denominator: "The row of all kinds; for the share of fostering by age, the row fostering over it.",
    source: "Indicators 10, 11 and 12 (Bromley 2022-24, placements in 2021/22); rulings 10, 11, 12, 13 and 20.",
    datasets: "placements",
    unit: "placements; days; weeks",
    rounding: "Weeks are days divided by seven, half up, each cell and each margin from its own days: rounded parts need \
               not add up to a rounded total. days are given beside them and do add up.",
    limits: "Where an episode overlaps the next by mistake its days end where the next begins. Days of a temporary move \
             with which care began are nobody's. Days that fewer than five children stand behind are hidden, and weeks with \
             them.",
    vectors: &[Vector {
        shows: "a child of four who turns five half way: one placement of 0-4, its days split; a change of type with the \
                same carer begins a placement; a stay in hospital is bridged; what ended on the first day is not in the year",
        as_at: "2022-03-31",
        given: &[
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2020-01-01","birth_month":"2016-10","reason_new_episode":"S","legal_status":"C2","placement_type":"K2"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2020-01-01","episode_end":"2021-04-08","birth_month":"2010-01","reason_new_episode":"S","legal_status":"C2","placement_type":"U6","placement_provider":"PR1"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2021-04-08","episode_end":"2021-04-15","birth_month":"2010-01","reason_new_episode":"P","legal_status":"C2","placement_type":"T1"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2021-04-15","episode_end":"2021-04-22","birth_month":"2010-01","reason_new_episode":"P","legal_status":"C2","placement_type":"U6","placement_provider":"PR1"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2021-04-22","episode_end":"2021-05-06","birth_month":"2010-01","reason_new_episode":"T","legal_status":"C2","placement_type":"U4","placement_provider":"PR1"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"c","episode_start":"2020-01-01","episode_end":"2021-04-01","birth_month":"2010-01","reason_new_episode":"S","legal_status":"C2","placement_type":"K2"}"#,
            ),
        ],
        expect: &[
            Expect { row: &["E09000023", "0-4", "childrens_home"], measure: "placements", value: 1 },
            Expect { row: &["E09000023", "0-4", "childrens_home"], measure: "days", value: 183 },
            Expect { row: &["E09000023", "0-4", "childrens_home"], measure: "weeks", value: 26 },
            Expect { row: &["E09000023", "5-9", "childrens_home"], measure: "placements", value: 0 },
            Expect { row: &["E09000023", "5-9", "childrens_home"], measure: "days", value: 182 },
            Expect { row: &["E09000023", "10-12", "childrens_home"], measure: "placements", value: 0 },
            Expect { row: &["E09000023", "10-12", "foster_not_long_term_in_house"], measure: "placements", value: 1 },
            Expect { row: &["E09000023", "10-12", "foster_not_long_term_in_house"], measure: "days", value: 21 },
            Expect { row: &["E09000023", "10-12", "foster_long_term_in_house"], measure: "placements", value: 1 },
            Expect { row: &["E09000023", "10-12", "foster_long_term_in_house"], measure: "weeks", value: 2 },
            Expect { row: &["E09000023", "10-12", "fostering"], measure: "placements", value: 2 },
            Expect { row: &["E09000023", "10-12", "fostering"], measure: "days", value: 35 },
        ],
    }],
    ..Definition::BLANK
};

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] =
    &[Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) }];

const DAYS: &str = "days";

/// The table: sub-regions by age and type.
fn table(picture: &Picture) -> Table {
    let wide = Areas::wide(&picture.members);
    let (bands, kinds) = (band::strategy(), dimension());
    let ages = crate::care::total_of(&bands);
    // First all ages together: a placement that crosses a birthday stands behind that row once.
    let mut table = block(picture, &wide, &ages, &kinds);
    table.absorb(block(picture, &wide, &bands, &kinds));
    table
}

/// One block of rows: placements, days, weeks.
fn block(picture: &Picture, areas: &Areas, bands: &Dimension, kinds: &Dimension) -> Table {
    let cube =
        |measure| Cube::new(DEFINITION.id, &[measure], vec![areas.dimension.clone(), bands.clone(), kinds.clone()]);
    let (mut placements, mut days) = (cube("placements"), cube(DAYS).by_contributors());
    let year = Year::of(picture);
    for (&(authority, _), child) in &picture.children.by_child {
        let Some(&area) = areas.place.get(&authority) else { continue };
        let walk = Walk::of(child, Reading::Placement);
        let at = |age, kind: PlacementKind| [area, bands.find(band::of(age)).unwrap_or(0), place_of(kinds, kind)];
        let mut held: BTreeSet<[usize; 3]> = BTreeSet::new();
        for (number, run) in walk.runs.iter().enumerate().filter(|(_, run)| run.touches(year.from, year.to)) {
            let on = run.start.max(year.from);
            let leaf = at(run.first.age_on(on), PlacementKind::of(run.first));
            placements.add(&leaf, 0, 1);
            days.add(&leaf, 0, 0);
            let pieces = walk.pieces.iter().filter(|piece| piece.run == number);
            let mut taken: HashMap<[usize; 3], u64> = HashMap::new();
            for (age, number) in pieces.flat_map(|piece| year.split(piece, &FIRST_AGES)) {
                *taken.entry(at(age, PlacementKind::of(run.first))).or_default() += number;
            }
            for (leaf, number) in taken {
                placements.add(&leaf, 0, 0);
                days.add(&leaf, 0, number);
                held.insert(leaf);
            }
        }
        days.contribute(authority.as_str(), held.iter().map(<[usize; 3]>::as_slice));
    }
    let rename = |_: &[&str], _: &str| None;
    let mut table = placements.into_table(DEFINITION.title, DEFINITION.reference(), &rename);
    let days = days.into_table(DEFINITION.title, DEFINITION.reference(), &rename);
    join(&mut table, days);
    table
}

/// Sets days and weeks beside the placements of the same rows.
fn join(table: &mut Table, days: Table) {
    let mut cells: HashMap<Vec<String>, Vec<Cell>> = days.rows.into_iter().map(|row| (row.labels, row.cells)).collect();
    table.measures.extend([DAYS.to_owned(), "weeks".to_owned()]);
    table.lines.extend(days.lines);
    for row in &mut table.rows {
        let mut days = cells.remove(&row.labels).unwrap_or_default();
        let weeks = days.first().map_or(Cell::Blank, weeks_of);
        row.cells.append(&mut days);
        row.cells.resize(2, Cell::Blank);
        row.cells.push(weeks);
    }
}

/// Weeks, half up; shown where the days are, so that they need no ruling of their own.
fn weeks_of(days: &Cell) -> Cell {
    let Cell::Count { id, value, .. } = days else { return Cell::Blank };
    let weeks = value.saturating_mul(2).saturating_add(7) / 14;
    Cell::typical(i64::try_from(weeks).unwrap_or(i64::MAX), id)
}

/// The kinds of placement as a dimension, fostering of every kind together first.
pub(crate) fn dimension() -> Dimension {
    let mut kinds =
        kinds::dimension("placement_type", PlacementKind::ALL.iter().map(|kind| (kind.as_str(), kind.label())));
    for node in kinds.nodes.iter_mut().skip(1) {
        let is_fostering = node.key.parse::<PlacementKind>().is_ok_and(PlacementKind::is_fostering);
        node.parent = Some(usize::from(is_fostering));
    }
    let labels = ["fostering", "All fostering, kin included"].map(str::to_owned).to_vec();
    kinds.nodes.insert(1, Node { key: "fostering".to_owned(), labels, parent: Some(0) });
    kinds
}

fn place_of(dimension: &Dimension, kind: PlacementKind) -> usize {
    dimension.find(kind.as_str()).or_else(|| dimension.find(ALL)).unwrap_or(0)
}
