//! Made-up rows for the tests.

use hub_disclosure::{Cell, Policy, Table, gate};
use hub_domain::{AuthorityCode, Date, PlacementRow, QualityRow, SearchRow, VacancyRow};
use hub_sufficiency::Region;
use jiff::civil::date;

pub(crate) const AS_AT: Date = date(2026, 3, 1);
pub(crate) const LEWISHAM: &str = "E09000023";
pub(crate) const GREENWICH: &str = "E09000011";
pub(crate) const CROYDON: &str = "E09000008";
pub(crate) const BARNET: &str = "E09000003";
pub(crate) const KENT: &str = "E10000016";

pub(crate) fn code(text: &str) -> AuthorityCode {
    text.parse().unwrap()
}

pub(crate) fn region() -> Region {
    Region::new(AS_AT, [LEWISHAM, GREENWICH, CROYDON, BARNET].map(code))
}

/// An open foster placement of a twelve-year-old in Lewisham since 2024.
pub(crate) fn episode(child: &str) -> PlacementRow {
    PlacementRow {
        child_ref: child.to_owned(),
        episode_start: date(2024, 5, 1),
        birth_month: "2013-06".to_owned(),
        sex: "F".to_owned(),
        reason_new_episode: "S".to_owned(),
        legal_status: "C2".to_owned(),
        placement_type: "U6".to_owned(),
        placement_provider: Some("PR1".to_owned()),
        placement_la: Some(code(LEWISHAM)),
        ..PlacementRow::default()
    }
}

/// A foster household in Lewisham with one free place, confirmed on the day.
pub(crate) fn home(setting: &str) -> VacancyRow {
    VacancyRow {
        urn: "1234567".to_owned(),
        setting_ref: setting.to_owned(),
        provision: "foster_household".to_owned(),
        sector: "in_house".to_owned(),
        host_la: code(LEWISHAM),
        approved_places: 2,
        occupied_places: 1,
        available_places: 1,
        age_min: 5,
        age_max: 17,
        sex_accepted: "any".to_owned(),
        confirmed_at: Some("2026-03-01T07:00:00Z".parse().unwrap()),
        ..VacancyRow::default()
    }
}

/// A search for a foster household for a girl of twelve.
pub(crate) fn search(child: &str) -> SearchRow {
    SearchRow {
        search_ref: format!("s-{child}"),
        child_ref: child.to_owned(),
        opened_on: date(2026, 2, 20),
        provision_sought: vec!["foster_household".to_owned()],
        age: 12,
        sex: "F".to_owned(),
        ..SearchRow::default()
    }
}

/// One of a group of siblings.
pub(crate) fn sibling(child: &str, group: &str, may_split: Option<bool>) -> SearchRow {
    SearchRow { sibling_group_ref: Some(group.to_owned()), siblings_may_split: may_split, ..search(child) }
}

pub(crate) fn event(reference: &str, kind: &str) -> QualityRow {
    QualityRow {
        event_ref: reference.to_owned(),
        urn: "1234567".to_owned(),
        kind: kind.to_owned(),
        occurred_on: date(2026, 2, 1),
        source: "borough_qa".to_owned(),
        ..QualityRow::default()
    }
}

pub(crate) fn table(tables: &[Table], name: &str) -> Table {
    tables.iter().find(|table| table.name == name).unwrap().clone()
}

/// The count in the row with these labels in it, in that order and among others; a row that is not there is nought.
pub(crate) fn count(table: &Table, labels: &[&str], measure: &str) -> u64 {
    let column = table.measures.iter().position(|name| name == measure).unwrap();
    let matches = |row: &&hub_disclosure::Row| {
        let mut rest = row.labels.iter();
        labels.iter().all(|label| rest.any(|have| have == label))
    };
    let found: Vec<_> = table.rows.iter().filter(matches).collect();
    assert!(found.len() < 2, "{labels:?} names {} rows", found.len());
    found.first().map_or(0, |row| if let Cell::Count { value, .. } = row.cells[column] { value } else { u64::MAX })
}

/// Everything passes the gate; answers with the finished region's tables.
pub(crate) fn tables(region: Region) -> Vec<Table> {
    let tables = region.finish().tables();
    gate(tables.clone(), &Policy::default()).unwrap();
    tables
}
