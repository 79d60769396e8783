//! Unaccompanied children in care beside the national transfer scheme's threshold.

use hub_disclosure::{Cell, Row, Table};
use hub_domain::population::{Of, Vintage, in_use};

use crate::area::{ALL, Areas};
use crate::care;
use crate::definition::{Definition, Indicator, LOOKED_AFTER};
use crate::region::Picture;
use crate::snapshot::in_care;

const DEFINITION: Definition = Definition {
    id: "uasc_threshold",
    title: "Unaccompanied children in care, beside the national transfer scheme's threshold",
    words: "Unaccompanied asylum-seeking children in care today, and how many would be 0.1 percent of the children of 0 to 17 who \
            live in the area: the number above which the national transfer scheme asks no authority to take more.",
    cohort: LOOKED_AFTER,
    numerator: "children: those of children_in_care with the status uasc.",
    denominator: "threshold: 0.1 percent of the population, by the vintage named in each row: of those loaded, the one estimated \
                  last and not after the day.",
    window: "At the day.",
    source: "Indicator 40 (Lewisham 2022-25: 64); National Transfer Scheme protocol.",
    datasets: "placements; population estimates",
    unit: "children",
    rounding: "The threshold is whole, half up. Counts from 1 to 4 are hidden, with others beside them.",
    limits: "Of a region or sub-region the threshold is that of all its members together: the scheme knows authorities alone. Where \
             no vintage is loaded the table has no rows.",
    ..Definition::BLANK
};

pub(super) const INDICATOR: Indicator =
    Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) };

fn table(picture: &Picture) -> Table {
    let areas = Areas::of_authorities(&picture.members);
    let vintage = in_use(&picture.others.populations, picture.as_at, Of::Everybody);
    Table {
        name: DEFINITION.id.to_owned(),
        title: DEFINITION.title.to_owned(),
        definition: vintage.map_or_else(|| DEFINITION.reference(), |vintage| DEFINITION.reference_over(&vintage.name)),
        dimensions: areas.dimension.columns.clone(),
        measures: ["children", "threshold", "population"].map(str::to_owned).to_vec(),
        rows: vintage.map_or_else(Vec::new, |vintage| rows(picture, &areas, vintage)),
        lines: Vec::new(),
        frames: Vec::new(),
    }
}

fn rows(picture: &Picture, areas: &Areas, vintage: &Vintage) -> Vec<Row> {
    let mut held = std::collections::HashMap::new();
    for (authority, _) in in_care(picture).filter(|(_, episode)| episode.uasc) {
        *held.entry(authority).or_insert(0) += 1;
    }
    let children = areas.totals(|code| held.get(&code).copied().unwrap_or(0));
    let people = areas.sums(|code| vintage.children(code, Of::Everybody));
    let each = areas.dimension.nodes.iter().zip(children).zip(people);
    let figure =
        |value: Option<u64>| value.and_then(|value| i64::try_from(value).ok()).map_or(Cell::Blank, Cell::Figure);
    let row = |((node, value), people): ((&hub_disclosure::Node, u64), Option<u64>)| {
        let id = format!("{}|{}|{ALL}|uasc|children", care::TABLE, node.key);
        let count = Cell::Count { id, value, contributors: None };
        let threshold = people.map(|people| people.saturating_add(500) / 1_000);
        Row { labels: node.labels.clone(), cells: vec![count, figure(threshold), figure(people)] }
    };
    each.map(row).collect()
}
