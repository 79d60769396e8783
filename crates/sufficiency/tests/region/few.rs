//! Days and places that few children or homes stand behind are theirs, to a reader and to an authority that takes its own away.

use hub_disclosure::{Known, Policy, Shown, gate_knowing};
use hub_domain::{PlacementRow, VacancyRow};
use hub_sufficiency::Region;
use jiff::Span;
use jiff::civil::date;

use crate::made::{AS_AT, GREENWICH, LEWISHAM, code, episode, home};

/// Of the same sub-region as the two.
const BROMLEY: &str = "E09000006";

/// What the gate shows of a measure of South East London's row, facing authorities who know their own rows.
fn shown(region: Region, name: &str, row: &[&str], measure: &str) -> Shown {
    let (tables, shares, _) = region.finish().tables_and_shares(None);
    let gated = gate_knowing(tables, &Policy::default(), &Known { shares, ..Known::default() }).unwrap();
    let table = gated.table(name).unwrap();
    let at = table.measures().iter().position(|name| name == measure).unwrap();
    let is_it = |labels: &[String]| {
        let mut rest = labels.iter();
        ["SEL"].iter().chain(row).all(|label| rest.any(|have| have == label))
    };
    table.rows().iter().find(|row| is_it(row.labels())).unwrap().cells()[at].clone()
}

/// So many children of each in homes that lack registration, for so many stays one after another.
fn unregistered(children: &[(&str, usize)], stays: i64) -> Region {
    let mut region = Region::new(AS_AT, [LEWISHAM, GREENWICH, BROMLEY].map(code));
    for &(authority, many) in children {
        for (child, stay) in (0..many).flat_map(|child| (0..stays).map(move |stay| (child, stay))) {
            let on = |stay: i64| date(2025, 6, 1).checked_add(Span::new().days(stay * 20)).unwrap();
            let row = PlacementRow {
                episode_start: on(stay),
                episode_end: Some(on(stay + 1)),
                reason_new_episode: if stay == 0 { "S" } else { "P" }.to_owned(),
                placement_type: "Z1".to_owned(),
                registration: Some("unregistered".to_owned()),
                ..episode(&format!("c{child}"))
            };
            region.placement(code(authority), &row);
        }
    }
    region
}

fn nights(children: &[(&str, usize)], stays: i64) -> Shown {
    shown(unregistered(children, stays), "unregistered_nights", &["all"], "nights")
}

#[test]
fn six_stays_of_one_child_are_one_child() {
    assert_eq!(nights(&[(LEWISHAM, 1)], 6), Shown::Hidden);
    assert_eq!(nights(&[(LEWISHAM, 4)], 6), Shown::Hidden);
    assert_eq!(nights(&[(LEWISHAM, 5)], 1), Shown::Count(100));
    let days =
        |children: &[(&str, usize)]| shown(unregistered(children, 6), "placements_by_type", &["all", "other"], "days");
    assert_eq!(days(&[(LEWISHAM, 1)]), Shown::Hidden);
    assert_eq!(days(&[(LEWISHAM, 5)]), Shown::Count(600));
}

#[test]
fn days_of_one_child_are_not_left_to_who_knows_the_others() {
    assert_eq!(nights(&[(LEWISHAM, 6), (GREENWICH, 1)], 1), Shown::Hidden, "seven less six are Greenwich's child");
    assert_eq!(nights(&[(LEWISHAM, 6), (GREENWICH, 3), (BROMLEY, 3)], 1), Shown::Count(240));
}

#[test]
fn homes_of_few_are_not_left_to_who_reports_the_others() {
    let places = |homes: &[(&str, usize)]| {
        let mut region = Region::new(AS_AT, [LEWISHAM, GREENWICH, BROMLEY].map(code));
        for &(authority, many) in homes {
            for n in 0..many {
                let home = home(&format!("{authority}-{n}"));
                region.vacancy(code(authority), VacancyRow { approved_places: 6, ..home });
            }
        }
        shown(region, "vacancies", &["all"], "places")
    };
    assert_eq!(places(&[(LEWISHAM, 8), (GREENWICH, 1)]), Shown::Hidden, "54 less 48 are the places of one home");
    assert_eq!(places(&[(LEWISHAM, 8)]), Shown::Count(48), "nobody else's");
    assert_eq!(places(&[(LEWISHAM, 8), (GREENWICH, 3), (BROMLEY, 3)]), Shown::Count(84));
}
