//! A home that was not there, counted by hand.

use hub_disclosure::{Cell, Policy, Shown, Table, gate};
use hub_domain::ages::StrategyBand;
use hub_domain::{PlacementRow, Provision};
use hub_sufficiency::{NotOnTheGrid, Proposal, Replay};
use jiff::civil::date;

use crate::made::{AS_AT, BARNET, CROYDON, GREENWICH, KENT, LEWISHAM, code, count, episode};

fn proposal(places: u32) -> Proposal {
    Proposal {
        provision: Provision::ChildrensHome,
        places,
        age_band: StrategyBand::of(14),
        host: code(LEWISHAM),
        from: date(2025, 3, 1),
        takes_solo: false,
        weekly_fee: Some(500_000),
    }
}

/// A stay in a children's home far away, of a child of fourteen.
fn stay(child: &str, start: (i16, i8, i8), end: Option<(i16, i8, i8)>) -> PlacementRow {
    PlacementRow {
        episode_start: date(start.0, start.1, start.2),
        episode_end: end.map(|(year, month, day)| date(year, month, day)),
        birth_month: "2011-01".to_owned(),
        placement_type: "K2".to_owned(),
        distance_miles: Some(60.0),
        weekly_cost: Some(700_000),
        ..episode(child)
    }
}

fn replay(places: u32, stays: &[(&str, PlacementRow)]) -> Table {
    let members = [LEWISHAM, GREENWICH, CROYDON, BARNET].map(code);
    let mut replay = Replay::new(AS_AT, members, proposal(places)).unwrap();
    for (placing, row) in stays {
        replay.placement(code(placing), row);
    }
    replay.finish()
}

fn weeks(places: u32, stays: &[(&str, PlacementRow)]) -> u64 {
    count(&replay(places, stays), &[LEWISHAM], "weeks_nearer")
}

#[test]
fn whoever_comes_while_it_is_full_does_not() {
    let year = (2025, 3, 1);
    let two = [(LEWISHAM, stay("a", year, None)), (GREENWICH, stay("b", (2025, 3, 2), None))];
    assert_eq!((weeks(1, &two), weeks(2, &two)), (50, 100));
    let one_after_another =
        [(LEWISHAM, stay("a", year, Some((2025, 9, 1)))), (GREENWICH, stay("b", (2025, 9, 1), None))];
    assert_eq!(weeks(1, &one_after_another), 50);
    assert_eq!(count(&replay(1, &one_after_another), &[LEWISHAM], "occupancy_percent"), 100);
    assert_eq!(count(&replay(2, &one_after_another), &[LEWISHAM], "occupancy_percent"), 50);
}

#[test]
fn only_children_it_suits_and_for_whom_it_is_nearer_come() {
    let base = stay("a", (2025, 3, 1), None);
    let comes = |row: PlacementRow| weeks(4, &[(LEWISHAM, row)]) > 0;
    assert!(comes(base.clone()));
    assert!(!comes(PlacementRow { distance_miles: None, ..base.clone() }));
    assert!(weeks(4, &[(CROYDON, PlacementRow { distance_miles: Some(1.0), ..base.clone() })]) == 0);
    assert!(!comes(PlacementRow { birth_month: "2014-01".to_owned(), ..base.clone() }));
    assert!(!comes(PlacementRow { placement_type: "U6".to_owned(), ..base.clone() }));
    assert!(!comes(PlacementRow { placement_type: "K1".to_owned(), ..base.clone() }));
    assert!(!comes(PlacementRow { solo: Some(true), ..base.clone() }));
    assert!(!comes(PlacementRow { episode_start: date(2025, 2, 28), ..base.clone() }));
    assert!(!comes(PlacementRow { reason_new_episode: "L".to_owned(), ..base.clone() }));
    assert_eq!(weeks(4, &[(KENT, base)]), 0, "not a member");
}

#[test]
fn a_stay_goes_on_through_a_change_of_status() {
    let first = stay("a", (2025, 3, 1), Some((2025, 9, 1)));
    let second = PlacementRow { reason_new_episode: "L".to_owned(), ..stay("a", (2025, 9, 1), None) };
    assert_eq!(weeks(1, &[(LEWISHAM, second), (LEWISHAM, first)]), 50);
}

#[test]
fn few_children_or_few_authorities_are_hidden_and_many_are_shown_with_an_interval() {
    let shown = |members: &[&str], children: usize| {
        let rows: Vec<(&str, PlacementRow)> = (0..children)
            .map(|n| {
                let day = i8::try_from(1 + n).unwrap();
                let row = stay(&format!("c{n:02}"), (2025, 4, day), Some((2025, 10, day)));
                (members[n % members.len()], row)
            })
            .collect();
        let gated = gate(vec![replay(10, &rows)], &Policy::default()).unwrap();
        let table = gated.table("replay").unwrap().clone();
        let at = |name: &str| table.measures().iter().position(|measure| measure == name).unwrap();
        ["weeks_nearer", "paid_pounds", "weeks_nearer_low", "weeks_nearer_high"]
            .map(|name| table.rows()[0].cells()[at(name)].clone())
    };
    let three = [LEWISHAM, GREENWICH, CROYDON];
    assert!(shown(&three, 4).iter().all(|cell| *cell == Shown::Hidden));
    assert!(shown(&three[..2], 10).iter().all(|cell| *cell == Shown::Hidden));
    assert!(matches!(shown(&three, 6)[..2], [Shown::Count(160), Shown::Hidden]));
    let [Shown::Count(weeks), Shown::Figure(1_830_000), Shown::Count(low), Shown::Count(high)] = shown(&three, 10)[..]
    else {
        panic!("all shown")
    };
    assert!(weeks == 260 && low <= weeks && weeks <= high);
}

#[test]
fn an_interval_holds_what_it_is_of_and_pounds_are_of_stays_with_a_cost() {
    let members = [LEWISHAM, GREENWICH, CROYDON];
    let of = |costed: usize| {
        let rows: Vec<(&str, PlacementRow)> = (0..40)
            .map(|n| {
                let day = i8::try_from(1 + n % 28).unwrap();
                let row = stay(&format!("c{n:02}"), (2025, 4, day), Some((2025, 7, day)));
                (members[n % 3], PlacementRow { weekly_cost: row.weekly_cost.filter(|_| n < costed), ..row })
            })
            .collect();
        let table = replay(10, &rows);
        move |name: &str| match &table.rows[0].cells[table.measures.iter().position(|one| one == name).unwrap()] {
            Cell::Count { value, .. } => i64::try_from(*value).unwrap(),
            Cell::Cost { value, .. } => *value,
            Cell::Typical { .. } | Cell::Figure(_) | Cell::Text(_) | Cell::Blank => panic!("a figure"),
        }
    };
    let (all, half) = (of(40), of(20));
    for name in ["children", "weeks_nearer", "paid_pounds"] {
        let [low, high] = ["_low", "_high"].map(|end| all(&format!("{name}{end}")));
        assert!(low <= all(name) && all(name) <= high, "{name}: {low} to {high} of {}", all(name));
    }
    assert_eq!(all("weeks_costed"), all("weeks_nearer"));
    assert_eq!(half("weeks_nearer"), all("weeks_nearer"));
    assert!(half("weeks_costed") < all("weeks_costed") && half("paid_pounds") < all("paid_pounds"));
    assert!(half("cost_by_the_night_pounds") < all("cost_by_the_night_pounds"), "like is set against like");
}

#[test]
fn what_is_not_on_the_grid_is_refused_and_the_same_asked_twice_is_the_same() {
    let new = |proposal| Replay::new(AS_AT, [code(LEWISHAM)], proposal).map(|_| ());
    assert_eq!(new(Proposal { places: 0, ..proposal(1) }), Err(NotOnTheGrid::Places));
    assert_eq!(new(Proposal { places: 11, ..proposal(1) }), Err(NotOnTheGrid::Places));
    assert_eq!(new(Proposal { from: date(2025, 3, 2), ..proposal(1) }), Err(NotOnTheGrid::From));
    assert_eq!(new(Proposal { from: date(2024, 2, 1), ..proposal(1) }), Err(NotOnTheGrid::From));
    assert_eq!(new(Proposal { from: date(2024, 3, 1), ..proposal(1) }), Ok(()));
    assert_eq!(new(Proposal { provision: Provision::ShortBreak, ..proposal(1) }), Err(NotOnTheGrid::Provision));
    let rows = [(LEWISHAM, stay("a", (2025, 3, 1), None)), (CROYDON, stay("b", (2025, 4, 2), None))];
    let values = |table: Table| {
        table.rows[0]
            .cells
            .iter()
            .map(|cell| if let Cell::Count { value, .. } = cell { *value } else { 0 })
            .collect::<Vec<_>>()
    };
    assert_eq!(values(replay(1, &rows)), values(replay(1, &rows)));
}
