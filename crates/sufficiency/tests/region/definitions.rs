//! The registry: every definition whole, every test vector computed, every version beside the others.

use std::collections::BTreeSet;

use hub_disclosure::{Cell, Table};
use hub_domain::{PlacementRow, SearchRow};
use hub_sufficiency::{
    Expect, Region, Vector, definitions, definitions_page, find_definition, find_definition_version, is_published,
};

use crate::made::{LEWISHAM, code, count, region, search};

/// The picture that a vector's records make.
pub(crate) fn fold(vector: &Vector) -> Region {
    let members: BTreeSet<_> = vector.given.iter().map(|given| code(given.authority)).collect();
    let mut region = Region::new(vector.as_at.parse().unwrap(), members);
    for given in vector.given {
        let authority = code(given.authority);
        match given.dataset {
            "placements" => region.placement(authority, &serde_json::from_str(given.record).unwrap()),
            "vacancies" => region.vacancy(authority, serde_json::from_str(given.record).unwrap()),
            "searches" => region.search(authority, &serde_json::from_str(given.record).unwrap()),
            "quality" => region.quality(authority, &serde_json::from_str(given.record).unwrap()),
            "regulator" => region.regulator(serde_json::from_str(given.record).unwrap()),
            "fostering" => region.fostering(authority, serde_json::from_str(given.record).unwrap()),
            "care_leavers" => region.leaver(authority, serde_json::from_str(given.record).unwrap()),
            other => panic!("no vector reads {other}"),
        }
    }
    region
}

/// What the only row with these labels, in this order, says; a row that is not there says nought.
fn figure(table: &Table, expect: &Expect) -> i64 {
    let column = table.measures.iter().position(|name| name == expect.measure).unwrap();
    let is_it = |labels: &[String]| {
        let mut rest = labels.iter();
        expect.row.iter().all(|label| rest.any(|have| have == label))
    };
    let found: Vec<_> = table.rows.iter().filter(|row| is_it(&row.labels)).collect();
    assert!(found.len() < 2, "{:?} names {} rows of {}", expect.row, found.len(), table.name);
    found.first().map_or(0, |row| match &row.cells[column] {
        Cell::Count { value, .. } => i64::try_from(*value).unwrap(),
        Cell::Typical { value, .. } | Cell::Cost { value, .. } | Cell::Figure(value) => *value,
        Cell::Text(_) | Cell::Blank => panic!("{} of {:?} is no figure", expect.measure, expect.row),
    })
}

#[test]
fn every_test_vector_comes_out() {
    for definition in definitions() {
        for vector in definition.vectors {
            let table = fold(vector).finish().table(definition.id, definition.version).unwrap();
            for expect in vector.expect {
                let label = format!("{} {}: {:?} {}", definition.id, vector.shows, expect.row, expect.measure);
                assert_eq!(figure(&table, expect), expect.value, "{label}");
            }
        }
    }
}

#[test]
fn a_vector_that_is_wrong_is_found() {
    let vector = find_definition("children_in_care").unwrap().vectors[0];
    let table = fold(&vector).finish().table("children_in_care", 1).unwrap();
    let wrong = Expect { value: vector.expect[0].value + 1, ..vector.expect[0] };
    assert_ne!(figure(&table, &wrong), wrong.value);
}

#[test]
fn every_definition_says_all_it_must() {
    let mut seen = BTreeSet::new();
    for definition in definitions() {
        let named = [definition.id, definition.title, definition.words, definition.cohort, definition.numerator];
        let rules = [definition.window, definition.banding, definition.source, definition.datasets, definition.unit];
        for text in named.into_iter().chain(rules).chain([definition.rounding, definition.owner]) {
            assert!(!text.trim().is_empty(), "{} leaves something blank", definition.id);
        }
        assert!(seen.insert((definition.id, definition.version)), "{} is there twice", definition.id);
        assert!(find_definition_version(definition.id, definition.version) == Some(definition));
        assert!(find_definition(definition.id).unwrap().version >= definition.version);
    }
    assert!(find_definition("no_such").is_none() && find_definition_version("market_gaps", 9).is_none());
    assert!(is_published("flows") && !is_published("replay") && !is_published("no_such"));
}

/// The second version of the market gaps lets cost decide among answers that serve as many, counts what waiting costs, and
/// groups by assignment rather than largest first: both stand beside each other, on the same records.
#[test]
fn two_versions_of_one_definition_are_computed_side_by_side() {
    let mut region = region();
    for child in ["a", "b", "c"] {
        region.search(code(LEWISHAM), &SearchRow { age: 12, ..search(child) });
    }
    region.placement(code(LEWISHAM), &PlacementRow { weekly_cost: Some(100), ..crate::made::episode("a") });
    region.vacancy(code(LEWISHAM), crate::made::home("h"));
    let picture = region.finish();
    let [now, before] = [2, 1].map(|version| picture.table("market_gaps", version).unwrap());
    assert_eq!([&now, &before].map(|table| table.definition.version), [2, 1]);
    assert_eq!((now.name.as_str(), before.name.as_str()), ("market_gaps", "market_gaps"));
    // The later one is cut by need as well.
    for (table, row) in [(&now, ["SEL", "all", "all", "all"].as_slice()), (&before, &["SEL", "all", "all"])] {
        assert_eq!(count(table, row, "unserved"), 2, "both count whom no place is left for");
    }
    let weeks = |table: &Table| table.measures.iter().any(|measure| measure == "weeks_waiting");
    assert!(weeks(&now) && !weeks(&before), "only the later one counts the weeks waited");
    assert!(picture.table("market_gaps", 3).is_none() && picture.table("replay", 1).is_none());
    // A release holds the one in force.
    let published: Vec<_> = picture.tables().into_iter().filter(|table| table.name == "market_gaps").collect();
    assert_eq!(published.iter().map(|table| table.definition.version).collect::<Vec<_>>(), [2]);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the switch of a test")]
fn the_reference_page_is_what_the_registry_makes() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/definitions.md");
    if std::env::var("HUB_WRITE_REFERENCE").is_ok() {
        std::fs::write(path, definitions_page()).unwrap();
    }
    assert!(
        std::fs::read_to_string(path).unwrap_or_default() == definitions_page(),
        "docs/reference/definitions.md is not what the registry makes: HUB_WRITE_REFERENCE=1 cargo test -p hub-sufficiency"
    );
}
