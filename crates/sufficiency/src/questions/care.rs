//! Questions answered from children in care.

use std::collections::BTreeSet;

use hub_disclosure::{Dimension, Line, Table};
use hub_domain::codes::PlacementGroup;
use hub_domain::{AuthorityCode, Date};
use jiff::Span;

use super::{Asked, at, cube, done, linked};
use crate::area::{ALL, Areas};
use crate::definition::Definition;
use crate::episode::Episode;
use crate::placed::PlacementKind;
use crate::{band, cost, mix};

const IN_HOUSE: &str = "in_house";
const AGENCY: &str = "agency";
/// The ages that question 1 asks for.
const TEN: &str = "10-12";

fn areas(asked: &Asked<'_>) -> Areas {
    Areas::of_sub_regions(&asked.picture.members).without_total()
}

/// Who fosters the child, or that the child is in residential care; `None` for all else.
fn setting(episode: &Episode) -> Option<&'static str> {
    match (episode.group, episode.provider) {
        (PlacementGroup::Fostering, Some(b'1')) => Some(IN_HOUSE),
        (PlacementGroup::Fostering, Some(b'4' | b'5')) => Some(AGENCY),
        (PlacementGroup::Fostering, _) => Some("other"),
        (PlacementGroup::Residential, _) => Some("residential"),
        _ => None,
    }
}

/// Whole weeks of the twelve months that the episode took, rounded down.
fn weeks(episode: &Episode, asked: &Asked<'_>) -> u64 {
    let (from, to) = (episode.start.max(asked.picture.window), asked.picture.as_at);
    let to = episode.end.map_or(to, |end| end.min(to));
    to.since(from).map_or(0, |span| u64::try_from(span.get_days() / 7).unwrap_or(0))
}

fn weeks_table(definition: &Definition, asked: &Asked<'_>, wanted: fn(&str, Option<i16>) -> bool) -> Table {
    let areas = areas(asked);
    let settings = Dimension::flat("setting", [IN_HOUSE, AGENCY, "other", "residential"]);
    let mut cube =
        cube(definition, &["weeks"], vec![areas.dimension.clone(), band::strategy(), settings]).by_contributors();
    for (&(authority, _), child) in &asked.picture.children.by_child {
        let Some(&area) = areas.place.get(&authority) else { continue };
        let within = |episode: &&Episode| episode.end.is_none_or(|end| end > asked.picture.window);
        let mut held: BTreeSet<[usize; 3]> = BTreeSet::new();
        for episode in child.recent.iter().filter(within) {
            let Some(setting) = setting(episode).filter(|setting| wanted(setting, episode.age)) else { continue };
            let place = [area, at(&cube, 1, band::of(episode.age)), at(&cube, 2, setting)];
            cube.add(&place, 0, weeks(episode, asked));
            held.insert(place);
        }
        cube.contribute(authority.as_str(), held.iter().map(<[usize; 3]>::as_slice));
    }
    // The weeks of this age and this carer are one count, whichever question asks for them.
    let rename = |keys: &[&str], measure: &str| match keys {
        [area, TEN, AGENCY] => Some(["weeks_of_question", area, TEN, AGENCY, measure].join("|")),
        _ => None,
    };
    linked(definition, cube, &rename)
}

/// 1. Weeks of 10 to 12 year olds by who cared for them.
pub(super) fn ten_to_twelve(definition: &Definition, asked: &Asked<'_>) -> Table {
    weeks_table(definition, asked, |_, age| age.is_some_and(|age| (10..=12).contains(&age)))
}

/// 2. Agency fostering weeks by age.
pub(super) fn agency_weeks(definition: &Definition, asked: &Asked<'_>) -> Table {
    weeks_table(definition, asked, |setting, _| setting == AGENCY)
}

/// 7. Unaccompanied children of 16 and over, and the places that take them.
pub(super) fn uasc(definition: &Definition, asked: &Asked<'_>) -> Table {
    let areas = areas(asked);
    let kinds = Dimension::flat("placement_group", PlacementGroup::ALL.iter().map(|group| group.as_str()));
    let mut cube = cube(definition, &["children"], vec![areas.dimension.clone(), kinds]);
    let now = |episode: &Episode| episode.uasc && episode.age.is_some_and(|age| age >= 16);
    for (authority, episode) in in_care(asked).filter(|(_, episode)| now(episode)) {
        let Some(&area) = areas.place.get(&authority) else { continue };
        let place = [area, at(&cube, 1, episode.group.as_str())];
        cube.add(&place, 0, 1);
    }
    done(definition, cube)
}

/// 10. Children in secure homes.
pub(super) fn secure(definition: &Definition, asked: &Asked<'_>) -> Table {
    let areas = areas(asked);
    let mut cube = cube(definition, &["children"], vec![areas.dimension.clone()]);
    let mut kinds = BTreeSet::new();
    for (authority, episode) in in_care(asked).filter(|(_, episode)| episode.is_secure()) {
        if let Some(&area) = areas.place.get(&authority) {
            cube.add(&[area], 0, 1);
            kinds.insert(PlacementKind::of(episode).as_str());
        }
    }
    let mut table = done(definition, cube);
    // All areas together, they are those whose cost is told and those whose is not.
    let costed = kinds.into_iter().flat_map(cost::children_ids).collect();
    table.lines.extend(Line::between(table.ids().map(str::to_owned).collect(), costed));
    table
}

/// 13. Who turns 18 soon, in which kind of placement.
pub(super) fn eighteen_soon(definition: &Definition, asked: &Asked<'_>) -> Table {
    let areas = areas(asked);
    let within = Dimension::flat("within_months", ["0-6", "6-12", "12-18"]);
    let kinds = Dimension::flat("placement_group", PlacementGroup::ALL.iter().map(|group| group.as_str()));
    let mut cube = cube(definition, &["children"], vec![areas.dimension.clone(), within, kinds]);
    for (authority, episode) in in_care(asked) {
        let Some(within) = episode.birthday(18).and_then(|day| months_to(asked.picture.as_at, day)) else { continue };
        if let Some(&area) = areas.place.get(&authority) {
            let place = [area, at(&cube, 1, within), at(&cube, 2, episode.group.as_str())];
            cube.add(&place, 0, 1);
        }
    }
    done(definition, cube)
}

fn months_to(as_at: Date, day: Date) -> Option<&'static str> {
    let by = |months: i32| as_at.checked_add(Span::new().months(months)).unwrap_or(Date::MAX);
    let bands = [(6, "0-6"), (12, "6-12"), (18, "12-18")];
    (day > as_at).then(|| bands.into_iter().find(|&(months, _)| day <= by(months)).map(|(_, band)| band))?
}

fn in_care<'a>(asked: &'a Asked<'_>) -> impl Iterator<Item = (AuthorityCode, &'a Episode)> {
    let children = asked.picture.children.by_child.iter();
    children.filter_map(|(&(authority, _), child)| Some((authority, child.now.as_ref()?)))
}

/// 9. Children in residential care by where they live, beside places of children's homes.
pub(super) fn residential(definition: &Definition, asked: &Asked<'_>) -> Table {
    let areas = areas(asked);
    let wheres = Dimension::flat("where", ["in_sub_region", "elsewhere", "unknown"]);
    let mut cube = cube(definition, &["children"], vec![areas.dimension.clone(), wheres]);
    for (authority, episode) in in_care(asked).filter(|(_, episode)| episode.group == PlacementGroup::Residential) {
        let Some(&area) = areas.place.get(&authority) else { continue };
        let host = episode.host.map(crate::area::sub_region_key);
        let place = match host {
            None => "unknown",
            Some(host) if host == crate::area::sub_region_key(authority) => "in_sub_region",
            Some(_) => "elsewhere",
        };
        let place = [area, at(&cube, 1, place)];
        cube.add(&place, 0, 1);
    }
    // Wherever they live, they are those of the placement mix.
    let rename = |keys: &[&str], _: &str| match keys {
        [area, ALL] => Some(mix::id(area, PlacementGroup::Residential)),
        _ => None,
    };
    linked(definition, cube, &rename)
}
