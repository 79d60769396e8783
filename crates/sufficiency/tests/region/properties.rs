//! What must hold of any region.

use std::collections::BTreeMap;

use hub_disclosure::{Cell, Policy, Shown, ShownRow, Table, gate};
use hub_domain::{PlacementRow, QualityRow, SearchRow, VacancyRow};
use hub_sufficiency::Region;
use jiff::civil::date;
use proptest::prelude::*;

use crate::made::{
    BARNET, CROYDON, GREENWICH, KENT, LEWISHAM, code, count, episode, event, home, region, search, table,
};

const MEMBERS: [&str; 4] = [LEWISHAM, GREENWICH, CROYDON, BARNET];
const HOSTS: [&str; 5] = [LEWISHAM, GREENWICH, CROYDON, BARNET, KENT];

#[derive(Debug, Clone)]
enum Record {
    Placement(usize, PlacementRow),
    Vacancy(usize, VacancyRow),
    Search(usize, SearchRow),
    Quality(usize, QualityRow),
}

fn placements() -> impl Strategy<Value = Record> {
    let place = prop::sample::select(vec!["U1", "U4", "U6", "K2", "K3", "T1", "P1", "R5"]);
    (0..4_usize, 0..40_u32, place, prop::option::of(0..5_usize), 2009..2026_i16, 1..28_i8, any::<bool>()).prop_map(
        |(authority, child, place, host, year, day, uasc)| {
            let row = PlacementRow {
                placement_type: place.to_owned(),
                placement_la: host.map(|host| code(HOSTS[host])),
                birth_month: format!("{year}-01"),
                episode_start: date(2025, 1 + day % 12, day),
                uasc,
                ..episode(&format!("c{child}"))
            };
            Record::Placement(authority, row)
        },
    )
}

fn vacancies() -> impl Strategy<Value = Record> {
    let provision = prop::sample::select(vec!["foster_household", "childrens_home", "supported_accommodation"]);
    (0..4_usize, 0..12_u32, provision, 0..5_usize, 0..4_i64, 0..4_i64, 20..28_i8).prop_map(
        |(authority, setting, provision, host, available, siblings, day)| {
            let row = VacancyRow {
                provision: provision.to_owned(),
                host_la: code(HOSTS[host]),
                available_places: available,
                sibling_places: Some(siblings),
                confirmed_at: Some(format!("2026-02-{day}T08:00:00Z").parse().unwrap()),
                ..home(&format!("h{setting}"))
            };
            Record::Vacancy(authority, row)
        },
    )
}

fn searches() -> impl Strategy<Value = Record> {
    let provision = prop::sample::select(vec!["foster_household", "childrens_home", "supported_accommodation"]);
    (0..4_usize, 0..30_u32, provision, 5..18_i64, prop::option::of(0..4_u32), any::<bool>()).prop_map(
        |(authority, child, provision, age, group, may_split)| {
            let row = SearchRow {
                provision_sought: vec![provision.to_owned()],
                age,
                sibling_group_ref: group.map(|group| format!("g{group}")),
                siblings_may_split: Some(may_split),
                ..search(&format!("c{child}"))
            };
            Record::Search(authority, row)
        },
    )
}

fn events() -> impl Strategy<Value = Record> {
    (0..4_usize, prop::sample::select(vec!["visit", "concern", "suspension"]), 0..12_u32).prop_map(
        |(authority, kind, setting)| {
            let row = QualityRow {
                setting_ref: Some(format!("h{setting}")),
                concern_level: Some("serious".to_owned()),
                ..event(&format!("{authority}{kind}{setting}"), kind)
            };
            Record::Quality(authority, row)
        },
    )
}

fn records() -> impl Strategy<Value = Vec<Record>> {
    let one = prop_oneof![4 => placements(), 2 => vacancies(), 2 => searches(), 1 => events()];
    prop::collection::vec(one, 0..120).prop_map(|records| {
        // A key names one record of an authority, as in the store.
        let key = |record: &Record| match record {
            Record::Placement(authority, row) => (*authority, format!("p{}/{}", row.child_ref, row.episode_start)),
            Record::Vacancy(authority, row) => (*authority, format!("v{}", row.setting_ref)),
            Record::Search(authority, row) => (*authority, format!("s{}", row.search_ref)),
            Record::Quality(authority, row) => (*authority, format!("q{}", row.event_ref)),
        };
        let by_key: BTreeMap<_, _> = records.into_iter().map(|record| (key(&record), record)).collect();
        by_key.into_values().collect()
    })
}

fn fold(records: &[Record]) -> Region {
    let mut region = region();
    for record in records {
        match record {
            Record::Placement(authority, row) => region.placement(code(MEMBERS[*authority]), row),
            Record::Vacancy(authority, row) => region.vacancy(code(MEMBERS[*authority]), row.clone()),
            Record::Search(authority, row) => region.search(code(MEMBERS[*authority]), row),
            Record::Quality(authority, row) => region.quality(code(MEMBERS[*authority]), row),
        }
    }
    region
}

/// Every available place, once: what is served never exceeds what was there.
fn most_places(tables: &[Table]) -> u64 {
    let vacancies = table(tables, "vacancies");
    let areas = ["NCL", "SEL", "SWL", "outside_london"];
    areas.map(|area| count(&vacancies, &[area, "all"], "available")).iter().sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_region_passes_the_gate_and_adds_up(records in records()) {
        let tables = fold(&records).finish().tables();
        let gaps = table(&tables, "market_gaps");
        let areas = ["NCL", "SEL", "SWL"];
        let whole = |measure| areas.map(|area| count(&gaps, &[area, "all", "all", "all"], measure)).iter().sum::<u64>();
        prop_assert_eq!(whole("searching"), whole("served") + whole("unserved"));
        prop_assert!(whole("served") <= most_places(&tables));
        for area in areas {
            prop_assert!(count(&gaps, &[area, "all", "all", "all"], "reachable_places") <= most_places(&tables));
        }
        // The gate refuses whatever does not add up.
        let gated = gate(tables.clone(), &Policy::default()).unwrap();
        for (table, shown) in tables.iter().zip(gated.tables()) {
            let cells = table.rows.iter().flat_map(|row| &row.cells);
            for (cell, shown) in cells.zip(shown.rows().iter().flat_map(ShownRow::cells)) {
                let small = matches!(cell, Cell::Count { value: 1..5, .. });
                prop_assert!(!small || *shown == Shown::Hidden);
            }
        }
    }

    #[test]
    fn the_order_of_records_does_not_matter((there, back) in records().prop_flat_map(|records| {
        (Just(records.clone()), Just(records).prop_shuffle())
    })) {
        let (there, back) = (fold(&there).finish(), fold(&back).finish());
        prop_assert!(there.tables() == back.tables());
        prop_assert_eq!(there.disagreements(), back.disagreements());
    }
}
