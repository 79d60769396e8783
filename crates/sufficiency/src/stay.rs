//! Stays: consecutive episodes with one carer or setting are one.

use hub_domain::Date;

use crate::episode::{Child, Episode};

/// Reason for a new episode (903 RNE): started to be looked after.
const STARTED: u8 = b'S';
/// Placement and carer; legal status, placement and carer.
const NEW_CARER: [u8; 2] = [b'P', b'B'];

/// The first episode of each stay that began after `from`.
pub(crate) fn begun_after(child: &Child, from: Date) -> Vec<&Episode> {
    let mut episodes: Vec<&Episode> = child.before.iter().chain(&child.recent).collect();
    episodes.sort_unstable_by_key(|episode| episode.start);
    let mut begun = Vec::new();
    let mut last: Option<&Episode> = None;
    let mut bridged = false;
    for episode in episodes {
        if episode.is_temporary() {
            bridged = true;
            continue;
        }
        if begins(last, episode, bridged) && episode.start > from {
            begun.push(episode);
        }
        last = Some(episode);
        bridged = false;
    }
    begun
}

/// Whether `episode` begins a stay rather than continues `last`; `bridged` when a temporary move lay between.
fn begins(last: Option<&Episode>, episode: &Episode, bridged: bool) -> bool {
    let told = episode.reason == STARTED || NEW_CARER.contains(&episode.reason);
    let Some(last) = last else { return told };
    if episode.reason == STARTED {
        return true;
    }
    match (last.setting, episode.setting) {
        (Some(before), Some(now)) => before != now,
        _ if bridged && last.likeness == episode.likeness => false,
        _ => told,
    }
}

#[cfg(test)]
mod tests {
    use hub_domain::codes::PlacementGroup;
    use jiff::civil::date;

    use super::*;

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
            is_secure: false,
            is_alone: false,
            eighteen: None,
            weekly_cost: None,
            miles: None,
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
}
