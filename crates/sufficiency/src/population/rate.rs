//! Children in care per 10,000 children.

use std::collections::HashMap;

use hub_disclosure::{Cell, Row, Table};
use hub_domain::AuthorityCode;
use hub_domain::population::{Of, Vintage, in_use};

use crate::area::{ALL, Areas};
use crate::care;
use crate::definition::{Definition, Indicator, LOOKED_AFTER, Variant};
use crate::region::Picture;

const DEFINITION: Definition = Definition {
    id: "children_in_care_rate",
    title: "Children in care per 10,000 children, with and without asylum-seeking children",
    words: "Children in care today for every 10,000 children of 0 to 17 who live in the area.",
    cohort: LOOKED_AFTER,
    numerator: "Children of children_in_care for the same area: all of them, and those who are not unaccompanied \
                asylum-seeking children.",
    denominator: "Children of 0 to 17 by the vintage named in each row: of those loaded, the one estimated last and not after \
                  the day. Of a region or sub-region, of all its members together; where the vintage lacks one of them, there \
                  is no rate.",
    window: "At the day.",
    variants: &[
        Variant { id: "rate_per_10000", words: "All children in care, as DfE has it." },
        Variant {
            id: "rate_not_uasc_per_10000",
            words: "Without unaccompanied asylum-seeking children (Croydon 2024-27).",
        },
    ],
    source: "Indicator 2; DfE: children looked after in England.",
    datasets: "placements; population estimates",
    unit: "children for every 10,000",
    rounding: "Whole, half up. A rate is shown where the count it is of is shown and 5 or more.",
    limits: "Where no vintage is loaded the table has no rows.",
    ..Definition::BLANK
};

pub(super) const INDICATOR: Indicator =
    Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) };

const MEASURES: [&str; 5] =
    ["children", "rate_per_10000", "children_not_uasc", "rate_not_uasc_per_10000", "population"];

fn table(picture: &Picture) -> Table {
    let areas = Areas::of_authorities(&picture.members);
    let vintage = in_use(&picture.others.populations, picture.as_at, Of::Everybody);
    Table {
        name: DEFINITION.id.to_owned(),
        title: DEFINITION.title.to_owned(),
        definition: vintage.map_or_else(|| DEFINITION.reference(), |vintage| DEFINITION.reference_over(&vintage.name)),
        dimensions: areas.dimension.columns.clone(),
        measures: MEASURES.map(str::to_owned).to_vec(),
        rows: vintage.map_or_else(Vec::new, |vintage| rows(picture, &areas, vintage)),
        lines: Vec::new(),
        frames: Vec::new(),
    }
}

fn rows(picture: &Picture, areas: &Areas, vintage: &Vintage) -> Vec<Row> {
    let held = held(picture);
    let of = |code: AuthorityCode| held.get(&code).copied().unwrap_or_default();
    let (all, settled) = (areas.totals(|code| of(code).0), areas.totals(|code| of(code).1));
    let people = areas.sums(|code| vintage.children(code, Of::Everybody));
    let each = areas.dimension.nodes.iter().zip(all).zip(settled).zip(people);
    let rows = each.map(|(((node, all), settled), people)| {
        let (of_all, of_settled) =
            (care::id(&node.key, ALL), format!("{}|{}|{ALL}|not_uasc|children", care::TABLE, node.key));
        let figure = people.and_then(|people| i64::try_from(people).ok()).map_or(Cell::Blank, Cell::Figure);
        let cells = [
            rate(all, people, &of_all),
            Cell::Count { id: of_settled.clone(), value: settled, contributors: None },
            rate(settled, people, &of_settled),
            figure,
        ];
        let counted = Cell::Count { id: of_all.clone(), value: all, contributors: None };
        Row { labels: node.labels.clone(), cells: std::iter::once(counted).chain(cells).collect() }
    });
    rows.collect()
}

/// Children for every 10,000, half up.
fn rate(children: u64, people: Option<u64>, of: &str) -> Cell {
    let doubled = |people: u64| children.saturating_mul(20_000).checked_div(people).map(|twice| twice.div_ceil(2));
    let rate = people.and_then(doubled).and_then(|rate| i64::try_from(rate).ok());
    rate.map_or(Cell::Blank, |value| Cell::typical(value, of))
}

/// Children in care by authority: all, and those who are not unaccompanied asylum-seeking children.
fn held(picture: &Picture) -> HashMap<AuthorityCode, (u64, u64)> {
    let mut held: HashMap<AuthorityCode, (u64, u64)> = HashMap::new();
    for ((authority, _), child) in &picture.children.by_child {
        let Some(episode) = &child.now else { continue };
        let (all, settled) = held.entry(*authority).or_default();
        *all += 1;
        *settled += u64::from(!episode.uasc);
    }
    held
}
