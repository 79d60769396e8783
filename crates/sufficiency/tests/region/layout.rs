//! Reporting tools are promised the columns of every table, empty or not, and what is in them.

use hub_disclosure::{Cell, Table};
use hub_domain::AuthorityCode;
use hub_domain::population::read;
use hub_domain::timeliness::{NoticeStart, Timeliness};
use hub_sufficiency::{Layout, Region, Values, definitions, find_definition, is_published, layout};
use jiff::civil::date;

use crate::made::{KENT, LEWISHAM, code, episode};
use crate::{borough, definitions as vectors};

/// Tables that no region here fills: shares by sex and ethnic group want estimates told apart so, and answers to questions want
/// much at once. All they hold are counts.
const UNSEEN: [&str; 6] = [
    "ethnicity_disproportionality",
    "sex_disproportionality",
    "question_04",
    "question_05",
    "question_06",
    "question_16",
];

/// What of a table its layout does not say.
fn unlike(table: &Table, promised: &Layout) -> Vec<String> {
    let mut found = Vec::new();
    let names: Vec<&String> = promised.measures.iter().map(|(name, _)| name).collect();
    if table.dimensions != promised.dimensions || !table.measures.iter().eq(names) {
        found.push(format!("{}: its columns", table.name));
    }
    for (at, (name, values)) in promised.measures.iter().enumerate() {
        let fits = |cell: &Cell| match (cell, values) {
            (Cell::Blank, _)
            | (Cell::Text(_), Values::Text)
            | (Cell::Count { .. } | Cell::Typical { .. } | Cell::Cost { .. } | Cell::Figure(_), Values::Number) => true,
            (Cell::Text(text), Values::Day) => text.parse::<jiff::civil::Date>().is_ok(),
            _ => false,
        };
        if !table.rows.iter().all(|row| fits(&row.cells[at])) {
            found.push(format!("{}: {name}", table.name));
        }
    }
    found
}

/// A region with what no record says: a notice, and how many children live where.
fn beside_records() -> Region {
    let own: AuthorityCode = code(LEWISHAM);
    let on = date(2026, 8, 3);
    let mut region = Region::new(date(2026, 9, 20), [own]);
    region.placement(own, &episode("one"));
    let outcome = Timeliness::Late;
    region.notice(NoticeStart { placing: own, host: code(KENT), on, outcome, days_late: Some(3) });
    let estimates = include_str!("../../../../examples/population/ons-mid-2020.csv");
    region.populations(vec![read(estimates).unwrap()]);
    region
}

/// Every table of every region that the definitions' own vectors make, of three whole boroughs, and of one more.
fn tables() -> Vec<Table> {
    let regions = definitions().flat_map(|definition| definition.vectors).map(vectors::fold);
    let made = regions.chain([beside_records()]).flat_map(|region| region.finish().tables());
    made.chain(borough::release().0).collect()
}

#[test]
fn every_table_has_the_columns_that_an_empty_one_has_and_values_as_said() {
    let tables = tables();
    let unlike: Vec<_> = tables.iter().flat_map(|table| unlike(table, layout(&table.name).unwrap())).collect();
    assert_eq!(unlike, Vec::<String>::new());
    let mut empty = Vec::new();
    for definition in definitions().filter(|definition| is_published(definition.id)) {
        let promised = layout(definition.id).unwrap();
        assert_eq!(promised.version, find_definition(definition.id).unwrap().version, "{}", definition.id);
        let filled = |table: &&Table| table.name == definition.id && !table.rows.is_empty();
        if !tables.iter().any(|table| filled(&table)) {
            empty.push(definition.id);
        }
    }
    assert_eq!(empty, UNSEEN, "nothing is known of what these hold");
    assert!(layout("nothing").is_none());
}

/// Rows are read by the names of their columns: of two that share one, one is lost.
#[test]
fn no_two_columns_of_a_table_share_a_name() {
    let ends = hub_disclosure::PROVENANCE.into_iter().chain([hub_disclosure::HELD]);
    for definition in definitions() {
        let Some(table) = beside_records().finish().table(definition.id, definition.version) else { continue };
        let mut seen = std::collections::BTreeSet::new();
        let columns = table.dimensions.iter().chain(&table.measures).map(String::as_str).chain(ends.clone());
        for column in columns {
            assert!(seen.insert(column.to_owned()), "{} {}: {column}", definition.id, definition.version);
        }
    }
}

#[test]
fn a_measure_said_to_be_what_it_is_not_is_found() {
    let table = tables().into_iter().find(|table| table.name == "children_in_care" && !table.rows.is_empty()).unwrap();
    let mut wrong = layout("children_in_care").unwrap().clone();
    wrong.measures[0].1 = Values::Day;
    assert_eq!(unlike(&table, &wrong).len(), 1);
}
