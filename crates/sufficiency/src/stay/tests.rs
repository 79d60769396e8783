use hub_domain::codes::PlacementGroup;
use jiff::civil::date;

use super::*;
use crate::episode::Code;

fn episode(day: i8, place: &str, reason: u8, setting: Option<u32>) -> Episode {
    Episode {
        start: date(2025, 5, day),
        end: Some(date(2025, 5, day + 1)),
        group: PlacementGroup::of(place).unwrap(),
        reason,
        setting,
        likeness: u32::from(place.as_bytes()[1]),
        host: None,
        urn: None,
        uasc: false,
        provider: None,
        place: Code::of(place),
        need: Code::default(),
        ceased: Code::default(),
        ethnicity: Code::default(),
        sex: Code::default(),
        route: None,
        change: None,
        planned: None,
        siblings: None,
        registration: None,
        solo: false,
        deprived: false,
        care_start: None,
        born: None,
        weekly_cost: None,
        shares: [None; 2],
        miles: None,
        boundary: None,
        age: Some(12),
    }
}

fn days(recent: Vec<Episode>) -> Vec<i8> {
    let child = Child { now: None, before: None, recent };
    begun_after(&child, date(2025, 4, 30)).into_iter().map(|episode| episode.start.day()).collect()
}

#[test]
fn the_reason_tells_where_no_setting_is_named() {
    let recent = [(1, b'S'), (2, b'L'), (3, b'P'), (4, b'T'), (5, b'U'), (6, b'B'), (7, b'S')];
    let recent = recent.into_iter().map(|(day, reason)| episode(day, "U6", reason, None)).collect();
    assert_eq!(days(recent), [1, 3, 6, 7]);
}

#[test]
fn the_setting_tells_where_it_is_named() {
    let recent = vec![
        episode(1, "U6", b'S', Some(1)),
        episode(2, "U4", b'P', Some(1)),
        episode(3, "U4", b'L', Some(2)),
        episode(4, "U4", b'S', Some(2)),
    ];
    assert_eq!(days(recent), [1, 3, 4]);
}

#[test]
fn temporary_moves_are_bridged() {
    // Back to the same placement after hospital: one stay. On to another: two.
    let back = vec![episode(1, "U6", b'S', None), episode(2, "T1", b'P', None), episode(3, "U6", b'P', None)];
    assert_eq!(days(back), [1]);
    let on = vec![episode(1, "U6", b'S', None), episode(2, "T1", b'P', None), episode(3, "K2", b'P', None)];
    assert_eq!(days(on), [1, 3]);
    // A temporary move alone is never a stay.
    assert_eq!(days(vec![episode(1, "T4", b'S', None)]), Vec::<i8>::new());
}

#[test]
fn order_of_arrival_does_not_matter() {
    let there = vec![episode(1, "U6", b'S', None), episode(2, "T1", b'P', None), episode(3, "U6", b'P', None)];
    let back = there.iter().rev().cloned().collect();
    assert_eq!(days(there), days(back));
}

#[test]
fn what_began_before_the_window_is_no_start_and_still_tells_what_follows() {
    let before = Some(Episode { start: date(2025, 1, 1), ..episode(1, "U6", b'S', Some(9)) });
    let recent = vec![episode(2, "U6", b'P', Some(9)), episode(3, "U6", b'P', Some(8))];
    let child = Child { now: None, before, recent };
    let begun = begun_after(&child, date(2025, 4, 30));
    assert_eq!(begun.iter().map(|episode| episode.start.day()).collect::<Vec<_>>(), [3]);
}

fn spans(reading: Reading, recent: Vec<Episode>) -> Vec<(i8, i8)> {
    let child = Child { now: None, before: None, recent };
    let walk = Walk::of(&child, reading);
    walk.runs.iter().map(|run| (run.start.day(), run.end.unwrap().day())).collect()
}

#[test]
fn a_change_of_type_with_the_same_carer_begins_a_placement_but_no_stay() {
    let recent = || {
        let there = [(1, "U6", b'S'), (2, "U6", b'L'), (3, "U4", b'T'), (4, "U4", b'U'), (5, "A3", b'U')];
        there.into_iter().map(|(day, place, reason)| episode(day, place, reason, None)).collect::<Vec<_>>()
    };
    assert_eq!(spans(Reading::Stay, recent()), [(1, 6)]);
    assert_eq!(spans(Reading::Placement, recent()), [(1, 3), (3, 5), (5, 6)]);
}

#[test]
fn the_days_of_a_temporary_move_stay_with_the_placement_kept() {
    let recent = || vec![episode(1, "U6", b'S', None), episode(2, "T1", b'P', None), episode(3, "K2", b'P', None)];
    assert_eq!(spans(Reading::Placement, recent()), [(1, 3), (3, 4)]);
    // Care began with the temporary move: nothing is kept meanwhile.
    let alone = vec![episode(1, "T4", b'S', None), episode(2, "U6", b'P', None)];
    assert_eq!(spans(Reading::Placement, alone), [(2, 3)]);
}

#[test]
fn what_overlaps_by_mistake_is_counted_once() {
    let long = Episode { end: None, ..episode(1, "U6", b'S', None) };
    assert_eq!(spans(Reading::Stay, vec![long, episode(3, "K2", b'P', None)]), [(1, 3), (3, 4)]);
}

#[test]
fn a_period_of_care_lasts_until_a_gap_or_a_new_start() {
    let there = [(1, b'S', "X1"), (2, b'P', "E4A"), (5, b'S', "X1"), (6, b'S', "E8")];
    let make = |(day, reason, ceased)| Episode { ceased: Code::of(ceased), ..episode(day, "U6", reason, None) };
    let child = Child { now: None, before: None, recent: there.into_iter().map(make).collect() };
    let periods = periods(&child);
    let seen: Vec<_> = periods.iter().map(|one| (one.first.start.day(), one.ceased_on().map(Date::day))).collect();
    assert_eq!(seen, [(1, Some(3)), (5, None), (6, Some(7))]);
}
