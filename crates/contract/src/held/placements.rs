//! Episodes against those that are held.

use hub_domain::PlacementRow;
use hub_domain::record::from_body;

use super::Said;
use crate::rules::placements::columns as col;

/// Rules of placements against what is held.
pub(super) const RULES: [&str; 14] = [
    "903-202", "903-203", "903-204", "903-452", "903-453", "903-502", "903-503A", "903-503B", "903-503C", "903-503D",
    "903-503E", "903-503F", "903-503G", "903-503H",
];

/// Miles by which a distance may differ and be the same, as two directories of postcodes round it.
const SAME_MILES: f64 = 0.2;

/// Codes that were renamed while episodes under them went on: from, and what to.
const RENAMED: [(&str, &[&str]); 2] = [("H5", &["K3"]), ("Z1", &["Z11", "Z12", "Z13", "Z14"])];

/// An episode said otherwise than it is held.
pub(super) fn amends(said: Said<'_>, held: &str, say: &mut impl FnMut(&'static str, usize)) {
    let (Ok(now), Ok(held)) = (from_body::<PlacementRow>(said.body), from_body::<PlacementRow>(held)) else { return };
    person(&now, &held, say);
    if held.episode_end.is_none() {
        story(&now, &held, say);
    }
    place(&now, &held, say);
}

/// An episode that is not held, of a child of whom others may be.
pub(super) fn opens(said: Said<'_>, held: &[&str], missing: &[&str], say: &mut impl FnMut(&'static str, usize)) {
    let Ok(now) = from_body::<PlacementRow>(said.body) else { return };
    let rows =
        |bodies: &[&str]| -> Vec<PlacementRow> { bodies.iter().filter_map(|body| from_body(body).ok()).collect() };
    if let Some(latest) = rows(held).iter().max_by_key(|row| row.episode_start) {
        person(&now, latest, say);
    }
    if rows(missing).iter().any(|row| row.episode_end.is_none()) {
        say("903-502", col::EPISODE_START);
    }
}

/// Who the child is does not change. What was not known may become known.
fn person(now: &PlacementRow, held: &PlacementRow, say: &mut impl FnMut(&'static str, usize)) {
    if now.sex != held.sex && held.sex != "U" {
        say("903-202", col::SEX);
    }
    if now.birth_month != held.birth_month {
        say("903-203", col::BIRTH_MONTH);
    }
    if now.ethnicity != held.ethnicity && !matches!(held.ethnicity.as_str(), "NOBT" | "REFU") {
        say("903-204", col::ETHNICITY);
    }
}

/// How an episode that is open began does not change while it goes on: a change is an episode of its own.
fn story(now: &PlacementRow, held: &PlacementRow, say: &mut impl FnMut(&'static str, usize)) {
    let changed = |now: &Option<String>, held: &Option<String>| held.is_some() && now != held;
    let all = [
        (now.reason_new_episode != held.reason_new_episode, "903-503A", col::REASON_NEW_EPISODE),
        (now.legal_status != held.legal_status, "903-503B", col::LEGAL_STATUS),
        (now.category_of_need != held.category_of_need, "903-503C", col::CATEGORY_OF_NEED),
        (is_another_type(now, held), "903-503D", col::PLACEMENT_TYPE),
        (changed(&now.placement_provider, &held.placement_provider), "903-503E", col::PLACEMENT_PROVIDER),
        (changed(&now.urn, &held.urn), "903-503F", col::URN),
    ];
    all.into_iter().filter(|(differs, ..)| *differs).for_each(|(_, rule, column)| say(rule, column));
}

/// Where the placement is: the same place has one authority and one distance, and an open episode one place.
fn place(now: &PlacementRow, held: &PlacementRow, say: &mut impl FnMut(&'static str, usize)) {
    let is_same_place = now.placement_type == held.placement_type
        && now.placement_provider == held.placement_provider
        && now.urn == held.urn
        && now.placement_sector == held.placement_sector
        && now.home_sector == held.home_sector;
    let (authority, distance) = match (is_same_place, held.episode_end) {
        (true, _) => ("903-452", "903-453"),
        (false, None) => ("903-503H", "903-503G"),
        (false, Some(_)) => return,
    };
    if held.placement_la.is_some() && now.placement_la != held.placement_la {
        say(authority, col::PLACEMENT_LA);
    }
    let jumps = |held: f64| now.distance_miles.is_none_or(|now| (now - held).abs() > SAME_MILES);
    if held.distance_miles.is_some_and(jumps) {
        say(distance, col::DISTANCE_MILES);
    }
}

fn is_another_type(now: &PlacementRow, held: &PlacementRow) -> bool {
    let renamed = |(from, to): &(&str, &[&str])| held.placement_type == *from && to.contains(&&*now.placement_type);
    now.placement_type != held.placement_type && !RENAMED.iter().any(renamed)
}
