//! A made-up region of the size of a consortium: seven boroughs, two thousand children.

use std::collections::BTreeMap;

use hub_disclosure::{Cell, Gated, Policy, Shown, ShownRow, Stamp, Table, gate};
use hub_domain::{AuthorityCode, PlacementRow, SearchRow, Timestamp, VacancyRow};
use hub_sufficiency::{Printed, PrintedRow, Reading, Region, largest_gaps, questions};
use jiff::civil::date;

use crate::made::{AS_AT, BARNET, CROYDON, GREENWICH, KENT, LEWISHAM, code, episode, home, search};

const MEMBERS: [&str; 7] = [LEWISHAM, GREENWICH, CROYDON, "E09000004", "E09000006", "E09000022", "E09000028"];
const PLACES: [&str; 12] = ["U1", "U4", "U4", "U6", "U6", "U6", "U3", "K2", "K3", "P1", "S1", "T1"];
const PROVISIONS: [&str; 5] =
    ["foster_household", "foster_household", "childrens_home", "supported_accommodation", "residential_school"];

struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % below).unwrap()
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(u64::try_from(from.len()).unwrap())]
    }
}

fn child(dice: &mut Dice, own: &str, name: &str) -> PlacementRow {
    let host = match dice.roll(10) {
        0..=4 => Some(code(own)),
        5..=7 => Some(code(dice.pick(&MEMBERS))),
        8 => Some(code(dice.pick(&[KENT, BARNET, "E10000030"]))),
        _ => None,
    };
    let age = i16::try_from(dice.pick(&[17, 17, 16, 16, 15, 14, 13, 12, 11, 9, 7, 5, 3, 1, 0])).unwrap();
    let month = i8::try_from(1 + dice.roll(12)).unwrap();
    PlacementRow {
        placement_la: host,
        placement_type: dice.pick(&PLACES).to_owned(),
        birth_month: format!("{}-01", 2025 - age),
        episode_start: date(dice.pick(&[2023, 2024, 2025]), month, 1),
        uasc: dice.roll(12) == 0,
        ..episode(name)
    }
}

fn room(dice: &mut Dice, own: AuthorityCode, name: &str) -> VacancyRow {
    let available = i64::try_from(dice.roll(2)).unwrap();
    VacancyRow {
        provision: dice.pick(&PROVISIONS).to_owned(),
        host_la: own,
        approved_places: 3,
        available_places: available,
        confirmed_at: Some(format!("2026-02-{}T09:00:00Z", 14 + dice.roll(14)).parse().unwrap()),
        age_min: i64::try_from(dice.roll(10)).unwrap(),
        ..home(name)
    }
}

fn drawn() -> Region {
    let mut dice = Dice(2);
    let mut region = Region::new(AS_AT, MEMBERS.map(code));
    for own in MEMBERS {
        let authority = code(own);
        for n in 0..290 {
            let child = child(&mut dice, own, &format!("c{n}"));
            // Half of them with agencies, by every route.
            let route = [None, Some("framework"), None, Some("spot"), None, Some("dps")][n % 6];
            let provider = if route.is_some() { "PR4" } else { "PR1" };
            let (provider, route) = (Some(provider.to_owned()), route.map(str::to_owned));
            region.placement(authority, &PlacementRow { placement_provider: provider, route, ..child });
        }
        for n in 0..40 {
            region.vacancy(authority, room(&mut dice, authority, &format!("{own}-{n}")));
            let age = i64::try_from(5 + dice.roll(13)).unwrap();
            let sought = vec![dice.pick(&PROVISIONS).to_owned()];
            region.search(authority, &SearchRow { provision_sought: sought, age, ..search(&format!("c{n}")) });
        }
    }
    region
}

pub(crate) fn release() -> (Vec<Table>, Gated) {
    let tables = drawn().finish().tables();
    (tables.clone(), gate(tables, &Policy::default()).unwrap())
}

/// The same region with somebody of each sort that a question asks after, hidden or not.
fn of_every_sort() -> Gated {
    let mut region = drawn();
    let authority = code(LEWISHAM);
    let needs = ["solo", "parent_and_child", "emergency_same_day", "step_down", "learning_disability"];
    for (n, need) in needs.into_iter().cycle().take(30).enumerate() {
        let wish = SearchRow { needs_essential: vec![need.to_owned()], age: 14, ..search(&format!("sort-{n}")) };
        region.search(authority, &wish);
    }
    for kind in ["secure_home", "parent_and_child", "residential_family_centre"] {
        region.vacancy(authority, VacancyRow { provision: kind.to_owned(), ..home(kind) });
    }
    for n in 0..6 {
        let secure = PlacementRow { placement_type: "K1".to_owned(), solo: Some(n > 2), ..episode(&format!("k{n}")) };
        region.placement(authority, &secure);
    }
    gate(region.finish().tables(), &Policy::default()).unwrap()
}

fn stamp() -> Stamp {
    Stamp { release: "r".to_owned(), as_at: AS_AT, as_known: Timestamp::UNIX_EPOCH }
}

#[test]
fn a_release_keeps_most_of_what_is_safe_and_shows_nothing_small() {
    let (tables, gated) = release();
    for (table, shown) in tables.iter().zip(gated.tables()) {
        let pairs = table.rows.iter().flat_map(|row| &row.cells).zip(shown.rows().iter().flat_map(ShownRow::cells));
        for (cell, shown) in pairs {
            let small = matches!(cell, Cell::Count { value: 1..5, .. });
            assert!(!small || *shown == Shown::Hidden, "{}", table.name);
        }
    }
    let utility = gated.utility();
    assert!(utility.small > 100, "nothing to protect: {utility:?}");
    assert!(utility.shown_per_mille() >= 850, "{} of 1,000: {utility:?}", utility.shown_per_mille());
}

/// A table as its readers have it.
fn printed(gated: &Gated, name: &str) -> Printed {
    Printed::read(&gated.table(name).unwrap().to_json(&stamp())).unwrap()
}

#[test]
fn the_largest_gaps_are_read_off_the_published_table_alone() {
    let (_, gated) = release();
    let marginal = printed(&gated, "marginal_value");
    let gaps = largest_gaps(&printed(&gated, "market_gaps"), Some(&marginal), 4);
    assert_eq!(gaps.len(), 4);
    assert!(gaps.iter().map(|gap| gap.unserved).is_sorted_by(|a, b| a >= b));
    let published = String::from_utf8(gated.table("market_gaps").unwrap().to_csv(&stamp())).unwrap();
    for gap in &gaps {
        let start = format!("{},{},sub_region,{},{},", gap.area, gap.area_name, gap.age_band, gap.provision);
        let line = published.lines().find(|line| line.starts_with(&start)).unwrap();
        assert!(line.contains(&format!(",{},", gap.unserved)), "{line}");
        assert!(gap.unserved >= 5);
    }
    let more: Vec<_> = gaps.iter().filter_map(|gap| Some((gap, gap.one_more.as_ref()?))).collect();
    assert!(!more.is_empty(), "one more place would do something about none of them");
    for (gap, one) in more {
        let most = marginal.rows.iter().filter(|row| {
            row["area"] == gap.area && [&row["provision"], &"all".into()].contains(&&gap.provision.as_str().into())
        });
        let most = most.filter(|row| gap.age_band == "all" || row["age_band"] == gap.age_band.as_str());
        assert_eq!(most.filter_map(|row| row["could_serve"].as_u64()).max(), Some(one.could_serve), "{gap:?}");
        assert!(one.boroughs.iter().all(|part| part.could_serve <= one.could_serve && part.borough != "all"));
    }
}

/// A published table with rows of area, ages, kind of home and those left unserved.
fn gaps_of(rows: &[(&str, &str, &str, serde_json::Value)]) -> Vec<(String, String, u64)> {
    let row = |(area, age, kind, unserved): &(&str, &str, &str, serde_json::Value)| {
        serde_json::json!({
            "area": area, "area_name": area, "area_level": "sub_region", "age_band": age, "provision": kind,
            "provision_name": kind, "need": "all", "unserved": unserved, "searching": "c",
        })
    };
    let document = serde_json::json!({
        "table": "market_gaps", "title": "", "definition": "market_gaps", "definition_version": 2, "release": "r",
        "as_at": "2026-03-01", "as_known": "2026-03-01T00:00:00Z", "denominator_vintage": null,
        "dimensions": [], "measures": [], "rows": rows.iter().map(row).collect::<Vec<_>>(),
    });
    let market = Printed::read(&serde_json::to_vec(&document).unwrap()).unwrap();
    largest_gaps(&market, None, 5).into_iter().map(|gap| (gap.provision, gap.age_band, gap.unserved)).collect()
}

#[test]
fn a_gap_is_told_once_and_as_finely_as_it_is_shown() {
    let hidden = || "c".into();
    let told = gaps_of(&[
        ("SEL", "all", "all", 40.into()),
        ("SEL", "10-12", "all", 9.into()),
        ("SEL", "13-15", "all", 31.into()),
        ("SEL", "all", "childrens_home", 30.into()),
        ("SEL", "10-12", "childrens_home", hidden()),
        ("SEL", "13-15", "childrens_home", 26.into()),
        ("SEL", "all", "foster_household", 10.into()),
        ("SEL", "10-12", "foster_household", hidden()),
        ("SEL", "16+", "foster_household", 0.into()),
    ]);
    let expected = [("childrens_home", "13-15", 26), ("foster_household", "all", 10), ("all", "10-12", 9)];
    assert_eq!(told, expected.map(|(kind, age, unserved)| (kind.to_owned(), age.to_owned(), unserved)));
}

/// The readings that are empty unless a register, households, care leavers or estimates are loaded.
const SELDOM: [&str; 7] = [
    "fostering_households",
    "staying_put",
    "beds_and_need",
    "supported_accommodation_supply",
    "children_by_grade",
    "children_by_judgement",
    "question_16",
];

#[test]
fn every_question_is_answered_from_what_was_published_and_nothing_else() {
    let (_, gated) = release();
    let bytes: BTreeMap<String, Vec<u8>> =
        gated.tables().iter().map(|table| (table.name().to_owned(), table.to_json(&stamp()))).collect();
    for question in questions() {
        let answers = question.answer(|name| bytes.get(name).map(Vec::as_slice)).unwrap();
        assert_eq!(answers.len(), question.readings.len(), "{}: a table is not there", question.id);
        for (part, reading) in answers.iter().zip(question.readings) {
            let table = printed(&gated, part.table);
            assert_eq!((part.release.as_str(), part.definition_version), ("r", table.definition_version));
            assert!(part.rows.len() + part.left_out <= table.rows.len() && part.rows.len() <= reading.most);
            for row in &part.rows {
                let is_published = |from: &&PrintedRow| row.iter().all(|(name, value)| from.get(name) == Some(value));
                assert!(table.rows.iter().any(|from| is_published(&from)), "{}: {row:?}", question.id);
            }
            let ranks: Vec<Option<u64>> = part.rows.iter().map(|row| row.get(reading.rank)?.as_u64()).collect();
            assert!(reading.rank.is_empty() || ranks.is_sorted_by(|a, b| a >= b), "{}: {ranks:?}", question.id);
        }
    }
    let none = questions()[0].answer(|_| None).unwrap();
    assert!(none.is_empty(), "an older release may not have the tables");
}

/// What is wrong with a query: a table, a column or a measure that is not there, or words that no row has.
fn faults(gated: &Gated, reading: &Reading) -> Vec<String> {
    let Some(table) = gated.table(reading.table) else { return vec![format!("no table {}", reading.table)] };
    let table = printed(gated, table.name());
    let has = |column: &str| table.dimensions.iter().chain(&table.measures).any(|name| name == column);
    let kept = reading.keep.iter().map(|(column, _)| *column);
    let ranked = Some(reading.rank).filter(|rank| !rank.is_empty());
    let columns = reading.columns.iter().copied().chain(kept).chain(ranked);
    let mut found: Vec<String> = columns.filter(|column| !has(column)).map(str::to_owned).collect();
    let keeps = |row: &&PrintedRow| {
        reading.keep.iter().all(|(column, words)| words.iter().any(|word| row.get(*column) == Some(&(*word).into())))
    };
    if found.is_empty() && !SELDOM.contains(&reading.table) && !table.rows.iter().any(|row| keeps(&row)) {
        found.push(format!("no row of {} is kept", reading.table));
    }
    found
}

#[test]
fn every_query_names_what_is_there() {
    let gated = of_every_sort();
    let readings = questions().iter().flat_map(|question| question.readings.iter().map(move |one| (question.id, one)));
    let found: Vec<_> = readings.map(|(id, reading)| (id, faults(&gated, reading))).collect();
    let found: Vec<_> = found.into_iter().filter(|(_, faults)| !faults.is_empty()).collect();
    assert!(found.is_empty(), "{found:#?}");
    let good = questions()[0].readings[0];
    for bad in [
        Reading { table: "nothing", ..good },
        Reading { columns: &["nothing"], ..good },
        Reading { rank: "nothing", ..good },
        Reading { keep: &[("age_band", &["ten"])], ..good },
    ] {
        assert_eq!(faults(&gated, &bad).len(), 1, "{bad:?}");
    }
}

#[test]
fn the_same_region_gives_the_same_bytes() {
    let stamp = stamp();
    let bytes = || release().1.tables().iter().flat_map(|table| table.to_json(&stamp)).collect::<Vec<_>>();
    assert!(bytes() == bytes());
}
