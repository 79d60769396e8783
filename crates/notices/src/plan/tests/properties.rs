//! What holds of any episodes in any order.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{NoticeKind, Terms};
use hub_domain::{AuthorityCode, Date};

const HOSTS: [&str; 6] = ["lewisham", "southwark", "kent", "essex", "W06000015", ""];
const PLACES: [&str; 6] = ["U6", "U4", "K2", "K3", "T1", "Z12"];
const REASONS: [&str; 5] = ["S", "P", "B", "L", "T"];

/// Episodes of two children, each following or leaving a gap after the one before it.
fn history() -> impl Strategy<Value = Vec<PlacementRow>> {
    let episode = (0..2_usize, 0..REASONS.len(), 0..PLACES.len(), 0..HOSTS.len(), 1..40_i64, 0..3_i64, any::<bool>());
    prop::collection::vec(episode, 1..9).prop_map(|parts| {
        let mut next = [day("2026-03-01"), day("2026-03-10")];
        let mut rows = Vec::new();
        for (child, reason, place, host, days, gap, emergency) in parts {
            let start = plus(next[child], if gap == 2 { 5 } else { 0 });
            let end = plus(start, days);
            next[child] = end;
            let text = format!("c{child} {start}..{end} {} {} {}", REASONS[reason], PLACES[place], HOSTS[host]);
            let mut row = crate::fixture::row(text.trim_end());
            row.emergency = Some(emergency);
            rows.push(row);
        }
        // The last episode of the first child is open.
        if let Some(last) = rows.iter_mut().rev().find(|row| row.child_ref.ends_with("c0")) {
            last.episode_end = None;
        }
        rows
    })
}

fn plus(day: Date, days: i64) -> Date {
    day.saturating_add(jiff::Span::new().days(days))
}

type Live = BTreeMap<uuid::Uuid, (AuthorityCode, Date, NoticeKind, Terms, NoticeState)>;

fn live(hub: &Hub) -> Live {
    let open = hub.notices.iter().filter(|notice| notice.state.is_live() || notice.state == NoticeState::Held);
    open.map(|it| (it.id, (it.host, it.start, it.kind, it.terms.clone(), it.state))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arrival_in_any_order_ends_in_the_same_live_notices(
        (rows, shuffled) in history().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
    ) {
        let mut at_once = Hub::new();
        at_once.night_of(&rows);
        let mut one_by_one = Hub::new();
        for seen in 1..=shuffled.len() {
            one_by_one.night_of(&shuffled[..seen]);
        }
        prop_assert_eq!(live(&one_by_one), live(&at_once));
    }

    #[test]
    fn every_stay_that_is_out_of_area_and_open_has_one_open_notice(rows in history()) {
        let mut hub = Hub::new();
        hub.night_of(&rows);
        let stays = crate::stays(code("lewisham"), &rows);
        let open = stays.iter().filter(|stay| stay.end.is_none());
        let mut wanted: Vec<_> = open.map(|stay| (stay.child_ref.to_owned(), stay.start)).collect();
        wanted.sort_unstable();
        let mut found: Vec<_> = hub
            .notices
            .iter()
            .filter(|notice| notice.ending.is_none() && notice.state != NoticeState::Withdrawn)
            .map(|notice| (notice.child_ref.clone(), notice.start))
            .collect();
        found.sort_unstable();
        prop_assert_eq!(found, wanted);
    }

    #[test]
    fn taking_everything_back_leaves_nothing_open(rows in history()) {
        let mut hub = Hub::new();
        hub.night_of(&rows);
        hub.night_of(&[]);
        prop_assert!(live(&hub).is_empty());
    }
}
