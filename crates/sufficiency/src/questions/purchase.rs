//! Spot purchases made while a framework place stood free.

use std::collections::{BTreeMap, BTreeSet};

use hub_disclosure::{Dimension, Table};
use hub_domain::codes::PlacementGroup;
use hub_domain::{AuthorityCode, Provision, authority};

use super::{Asked, at, cube, linked};
use crate::area::{ALL, Areas};
use crate::definition::Definition;
use crate::episode::{Episode, ROUTES};
use crate::matching::serve::takes;
use crate::region::Picture;
use crate::route;
use crate::setting::Setting;
use crate::stay::begun_after;
use crate::usable::is_usable;

const SPOT: &str = "spot";
const FRAMEWORK: &str = "framework";
/// Kinds of placement that are purchased, and of homes that serve them.
const KINDS: [(PlacementGroup, &[Provision]); 3] = [
    (PlacementGroup::Fostering, &[Provision::FosterHousehold]),
    (PlacementGroup::Residential, &[Provision::ChildrensHome]),
    (PlacementGroup::SemiIndependent, &[Provision::SupportedAccommodation, Provision::SupportedLodgings]),
];

/// Children, and the spot purchases made for them while a framework place that suited them stood free.
pub(crate) type Beside = BTreeMap<(AuthorityCode, Box<str>), BTreeSet<hub_domain::Date>>;

/// 17. Spot purchases, and those beside a free framework place.
pub(super) fn beside_framework(definition: &Definition, asked: &Asked<'_>) -> Table {
    let picture = asked.picture;
    let areas = Areas::of_sub_regions(&picture.members).without_total();
    let groups = Dimension::flat("placement_group", KINDS.iter().map(|(group, _)| group.as_str()));
    let measures = [SPOT, "framework_free", "none_known"];
    let mut cube = cube(definition, &measures, vec![areas.dimension.clone(), groups]).summing(0, &[1, 2]);
    let beside = asked.beside_framework();
    for (key, child) in &picture.children.by_child {
        let Some(&area) = areas.place.get(&key.0) else { continue };
        for stay in begun_after(child, picture.window).into_iter().filter(|stay| is_spot(stay)) {
            let place = [area, at(&cube, 1, stay.group.as_str())];
            let is_beside = beside.get(key).is_some_and(|starts| starts.contains(&stay.start));
            cube.add(&place, 0, 1);
            cube.add(&place, if is_beside { 1 } else { 2 }, 1);
        }
    }
    // Spot purchases of a kind are those of the routes.
    let rename = |keys: &[&str], measure: &str| match keys {
        [area, group] if measure == SPOT && *group != ALL => Some(route::id(area, group, SPOT)),
        _ => None,
    };
    linked(definition, cube, &rename)
}

/// Which spot purchases of the year were made beside a free framework place. Taken from the whole picture, once: an
/// authority's own children stand in it as they do in the region's.
pub(crate) fn found(picture: &Picture) -> Beside {
    let free: Vec<&Setting> = picture.settings.iter().filter(|home| is_free_framework(home, picture)).collect();
    let mut near: BTreeMap<AuthorityCode, Vec<&Setting>> = BTreeMap::new();
    for &member in &picture.members {
        let reach = |home: &&&Setting| is_near(member, home.row.host_la, picture.rules.max_miles);
        near.insert(member, free.iter().filter(reach).copied().collect());
    }
    let mut beside = Beside::new();
    for (key, child) in &picture.children.by_child {
        let homes = near.get(&key.0).map_or(&[][..], Vec::as_slice);
        let stays = begun_after(child, picture.window).into_iter().filter(|stay| is_spot(stay));
        let starts: BTreeSet<_> =
            stays.filter(|stay| homes.iter().any(|home| suited(home, stay))).map(|stay| stay.start).collect();
        if !starts.is_empty() {
            beside.insert(key.clone(), starts);
        }
    }
    beside
}

fn is_spot(stay: &Episode) -> bool {
    let route = stay.route.and_then(|at| ROUTES.get(usize::from(at)).copied());
    route == Some(SPOT) && KINDS.iter().any(|(group, _)| *group == stay.group)
}

/// A place off a framework that can be used today, and of which it is said since when it has been free.
fn is_free_framework(home: &Setting, picture: &Picture) -> bool {
    home.row.route.as_deref() == Some(FRAMEWORK)
        && home.row.available_from.is_some()
        && is_usable(home, None, picture.as_at)
}

fn is_near(placing: AuthorityCode, host: AuthorityCode, most: f64) -> bool {
    authority::miles_between(placing, host).is_some_and(|miles| miles <= most)
}

/// The home is of that kind, took the child's age and sex, and was free on the day the stay began.
fn suited(home: &Setting, stay: &Episode) -> bool {
    let of_kind = |kinds: &[Provision]| home.provision.is_some_and(|kind| kinds.contains(&kind));
    home.row.available_from.is_some_and(|from| from <= stay.start)
        && KINDS.iter().any(|(group, kinds)| *group == stay.group && of_kind(kinds))
        && stay.age_on(stay.start).is_some_and(|age| (home.row.age_min..=home.row.age_max).contains(&i64::from(age)))
        && takes(&home.row.sex_accepted, stay.sex.as_str())
}
