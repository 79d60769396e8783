//! Walks a child's episodes once, in order, and joins them into stays.

use hub_domain::codes::{PlacementGroup, is_short_break, is_temporary};
use hub_domain::{Date, PlacementRow, authority};

use super::{Origin, Stay};

/// Every stay in one child's episodes, which are sorted by start.
pub(super) fn stays<'a>(rows: &[&'a PlacementRow]) -> Vec<Stay<'a>> {
    let mut walk = Walk::default();
    for row in rows.iter().filter(|row| is_episode(row)) {
        if is_temporary(&row.placement_type) { walk.bridge(row) } else { walk.take(row) }
    }
    walk.stays
}

fn is_episode(row: &PlacementRow) -> bool {
    !is_short_break(&row.legal_status) && row.episode_end.is_none_or(|end| end > row.episode_start)
}

#[derive(Default)]
struct Walk<'a> {
    stays: Vec<Stay<'a>>,
    /// The last episode seen was a temporary move.
    away: bool,
    /// A temporary move with nothing before it: what it returns to began before the feed.
    unplaced: Option<&'a PlacementRow>,
}

impl<'a> Walk<'a> {
    fn bridge(&mut self, row: &'a PlacementRow) {
        match self.stays.last_mut() {
            Some(stay) if reaches(stay.end, row.episode_start) => {
                stay.end = later(stay.end, row.episode_end);
                stay.last = row;
                self.away = true;
            }
            _ => self.unplaced = Some(row),
        }
    }

    fn take(&mut self, row: &'a PlacementRow) {
        let away = std::mem::take(&mut self.away);
        let unplaced = self.unplaced.take().is_some_and(|away| reaches(away.episode_end, row.episode_start));
        let origin = match self.stays.last_mut() {
            Some(stay) if reaches(stay.end, row.episode_start) => {
                let same = is_same_carer(stay, row, away);
                if same && is_same_host(stay, row) {
                    extend(stay, row);
                    return;
                }
                stay.end = Some(row.episode_start);
                if same { moved_host(stay, row) } else { Origin::Placement }
            }
            _ if unplaced || continues(row) => Origin::Continuation,
            _ => Origin::Placement,
        };
        self.stays.push(Stay {
            child_ref: &row.child_ref,
            start: row.episode_start,
            end: row.episode_end,
            host: row.placement_la,
            origin,
            episodes: vec![row],
            last: row,
        });
    }
}

fn extend<'a>(stay: &mut Stay<'a>, row: &'a PlacementRow) {
    stay.end = row.episode_end;
    stay.host = stay.host.or(row.placement_la);
    stay.episodes.push(row);
    stay.last = row;
}

/// What ended at `end` (`None` = not) touches what starts at `start`. An overlap touches.
fn reaches(end: Option<Date>, start: Date) -> bool {
    end.is_none_or(|end| end >= start)
}

fn later(a: Option<Date>, b: Option<Date>) -> Option<Date> {
    a.zip(b).map(|(a, b)| a.max(b))
}

fn is_same_host(stay: &Stay<'_>, row: &PlacementRow) -> bool {
    agree(stay.host, row.placement_la)
}

/// The same carer or setting as the stay's.
fn is_same_carer(stay: &Stay<'_>, row: &PlacementRow, away: bool) -> bool {
    let before = stay.newest(|episode| episode.setting_ref.clone());
    match (before, &row.setting_ref) {
        (Some(before), Some(now)) => before == *now,
        _ => continues(row) || (away && row.reason_new_episode != "S" && is_return(stay, row)),
    }
}

/// L, T and U: the carer is the same as before.
fn continues(row: &PlacementRow) -> bool {
    matches!(row.reason_new_episode.as_str(), "L" | "T" | "U")
}

/// After a temporary move the child goes back to the same placement and postcode, and the return says
/// P (DfE rule 383): the placement is the same where nothing known of the two differs.
fn is_return(stay: &Stay<'_>, row: &PlacementRow) -> bool {
    let before = stay.latest();
    PlacementGroup::of(&before.placement_type) == PlacementGroup::of(&row.placement_type)
        && agree(before.placement_sector.as_ref(), row.placement_sector.as_ref())
        && agree(before.urn.as_ref(), row.urn.as_ref())
        && agree(before.placement_provider.as_ref(), row.placement_provider.as_ref())
}

/// Equal, or one of them not said.
fn agree<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
    a.zip(b).is_none_or(|(a, b)| a == b)
}

fn moved_host(stay: &Stay<'_>, row: &PlacementRow) -> Origin {
    match stay.host.zip(row.placement_la) {
        Some((before, now)) if authority::succeeds(now, before) => Origin::Succession,
        _ => Origin::Relocation,
    }
}
