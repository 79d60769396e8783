//! A made-up region of the size of a consortium: seven boroughs, two thousand children.

use hub_disclosure::{Cell, Gated, Policy, Shown, ShownRow, Stamp, Table, gate};
use hub_domain::{AuthorityCode, PlacementRow, SearchRow, Timestamp, VacancyRow};
use hub_sufficiency::{Region, largest_gaps};
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

pub(crate) fn release() -> (Vec<Table>, Gated) {
    let mut dice = Dice(2);
    let mut region = Region::new(AS_AT, MEMBERS.map(code));
    for own in MEMBERS {
        let authority = code(own);
        for n in 0..290 {
            region.placement(authority, &child(&mut dice, own, &format!("c{n}")));
        }
        for n in 0..40 {
            region.vacancy(authority, room(&mut dice, authority, &format!("{own}-{n}")));
            let age = i64::try_from(5 + dice.roll(13)).unwrap();
            let sought = vec![dice.pick(&PROVISIONS).to_owned()];
            region.search(authority, &SearchRow { provision_sought: sought, age, ..search(&format!("c{n}")) });
        }
    }
    let tables = region.finish().tables();
    (tables.clone(), gate(tables, &Policy::default()).unwrap())
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

#[test]
fn the_largest_gaps_are_read_off_the_published_table_alone() {
    let (_, gated) = release();
    let table = gated.table("market_gaps").unwrap();
    let gaps = largest_gaps(table, 4);
    assert_eq!(gaps.len(), 4);
    let published = String::from_utf8(table.to_csv(&stamp())).unwrap();
    for gap in &gaps {
        let start = format!("{},{},sub_region,{},{},", gap.area, gap.area_name, gap.age_band, gap.provision);
        let line = published.lines().find(|line| line.starts_with(&start)).unwrap();
        assert!(line.contains(&format!(",{},", gap.unserved)), "{line}");
        assert!(gap.unserved >= 5);
    }
    let specific = gaps.iter().take_while(|gap| gap.provision != "all").map(|gap| gap.unserved);
    assert!(specific.is_sorted_by(|a, b| a >= b));
}

#[test]
fn the_same_region_gives_the_same_bytes() {
    let stamp = stamp();
    let bytes = || release().1.tables().iter().flat_map(|table| table.to_json(&stamp)).collect::<Vec<_>>();
    assert!(bytes() == bytes());
}
