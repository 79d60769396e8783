//! Questions answered from searches and from who is left over.

use std::collections::{BTreeMap, BTreeSet};

use hub_disclosure::{Cell, Contributors, Dimension, Row, Table};
use hub_domain::ages::StrategyBand;
use hub_domain::{AuthorityCode, Need, Provision};

use super::{Asked, at, cube, done, linked};
use crate::area::{ALL, Areas, sub_region_key, sub_region_name};
use crate::definition::Definition;
use crate::matching::Matching;
use crate::search::Search;
use crate::setting::Needs;
use crate::{band, gaps};

const SEARCHING: &str = "searching";
const SIZES: [&str; 4] = ["1", "2", "3", "4+"];
/// Searching is served and unserved together.
const MEASURES: [&str; 4] = ["searching", "served", "unserved", "no_offer"];

/// 3. Sibling groups by size: children searched for, and served together.
pub(super) fn siblings(definition: &Definition, asked: &Asked<'_>) -> Table {
    let areas = Areas::of_sub_regions(&asked.picture.members).without_total();
    let dimensions = vec![areas.dimension.clone(), Dimension::flat("siblings", SIZES)];
    let mut cube = cube(definition, &[SEARCHING, "served", "unserved"], dimensions).summing(0, &[1, 2]);
    let mut group: BTreeMap<(AuthorityCode, &str), usize> = BTreeMap::new();
    for search in &asked.picture.searches {
        if let Some(name) = &search.group {
            *group.entry((search.authority, name)).or_default() += 1;
        }
    }
    for (search, served) in asked.picture.searches.iter().zip(&asked.matching().served_by) {
        let Some(&area) = areas.place.get(&search.authority) else { continue };
        let size = search.group.as_deref().and_then(|name| group.get(&(search.authority, name))).copied().unwrap_or(1);
        let size = SIZES.get(size.saturating_sub(1)).unwrap_or(&"4+");
        let place = [area, at(&cube, 1, size)];
        cube.add(&place, 0, 1);
        cube.add(&place, if served.is_some() { 1 } else { 2 }, 1);
    }
    linked(definition, cube, &everybody)
}

/// All of an area together are those of the gaps.
fn everybody(keys: &[&str], measure: &str) -> Option<String> {
    match keys {
        [area, ALL] if ["searching", "served", "unserved"].contains(&measure) => {
            Some(gaps::id(area, ALL, ALL, measure))
        }
        _ => None,
    }
}

fn by_area(definition: &Definition, asked: &Asked<'_>, wanted: fn(&Search) -> bool) -> Table {
    let areas = Areas::of_sub_regions(&asked.picture.members).without_total();
    let mut cube = cube(definition, &MEASURES, vec![areas.dimension.clone(), band::strategy()]).summing(0, &[1, 2]);
    let place = |search: &Search| {
        let band = band::strategy().find(StrategyBand::of(search.age).as_str()).unwrap_or(0);
        areas.place.get(&search.authority).map(|&area| [area, band])
    };
    let open = asked.picture.searches.iter().zip(&asked.matching().served_by);
    for (search, served) in open.filter(|(search, _)| wanted(search)) {
        let Some(place) = place(search) else { continue };
        cube.add(&place, 0, 1);
        cube.add(&place, if served.is_some() { 1 } else { 2 }, 1);
    }
    for place in asked.picture.no_offer.iter().filter(|search| wanted(search)).filter_map(place) {
        cube.add(&place, 3, 1);
    }
    done(definition, cube)
}

/// 4. Adolescents with complex needs.
pub(super) fn complex(definition: &Definition, asked: &Asked<'_>) -> Table {
    by_area(definition, asked, |search| {
        let complex = [Need::ComplexBehaviour, Need::Solo, Need::SelfHarm, Need::ExploitationRisk];
        let words = complex.map(Need::as_str);
        search.age >= 12 && words.iter().any(|word| Needs::of(&[word]).missing_from(search.essential) == 0)
    })
}

/// 5. Parent and child.
pub(super) fn parent_and_child(definition: &Definition, asked: &Asked<'_>) -> Table {
    by_area(definition, asked, |search| {
        let kinds = [Provision::ParentAndChild, Provision::ResidentialFamilyCentre];
        kinds.iter().any(|kind| search.provisions.contains(kind))
            || Needs::of(&[Need::ParentAndChild.as_str()]).missing_from(search.essential) == 0
    })
}

/// 6. Searches for a home today.
pub(super) fn emergency(definition: &Definition, asked: &Asked<'_>) -> Table {
    by_area(definition, asked, |search| {
        search.emergency || Needs::of(&[Need::EmergencySameDay.as_str()]).missing_from(search.essential) == 0
    })
}

/// 8. Searches by ethnic group, and those that a home well matched could serve.
pub(super) fn match_of_carers(definition: &Definition, asked: &Asked<'_>) -> Table {
    let areas = Areas::of_sub_regions(&asked.picture.members).without_total();
    let groups = Dimension::flat("ethnic_group", ["W", "M", "A", "B", "O", "not_known"]);
    let measures = [SEARCHING, "could_be_matched", "no_match"];
    let mut cube = cube(definition, &measures, vec![areas.dimension.clone(), groups]).summing(0, &[1, 2]);
    for (number, search) in asked.picture.searches.iter().enumerate() {
        let Some(&area) = areas.place.get(&search.authority) else { continue };
        let code = search.ethnicity.as_deref().unwrap_or_default();
        let group = code.get(..1).filter(|letter| ["W", "M", "A", "B", "O"].contains(letter)).unwrap_or("not_known");
        let place = [area, at(&cube, 1, group)];
        cube.add(&place, 0, 1);
        cube.add(&place, if asked.is_well_matched(number) { 1 } else { 2 }, 1);
    }
    linked(definition, cube, &everybody)
}

/// A sub-region, a kind of home and ages.
pub(crate) type Recurring = BTreeSet<(&'static str, Provision, StrategyBand)>;
/// The same, with the children left unserved and whose they are.
type Gaps = BTreeMap<(&'static str, Provision, StrategyBand), BTreeMap<AuthorityCode, u64>>;

fn found_in(searches: &[Search], answer: &Matching) -> Gaps {
    let mut gaps = Gaps::new();
    for (search, _) in searches.iter().zip(&answer.served_by).filter(|(_, served)| served.is_none()) {
        let Some(&provision) = search.provisions.first() else { continue };
        let key = (sub_region_key(search.authority), provision, StrategyBand::of(search.age));
        *gaps.entry(key).or_default().entry(search.authority).or_default() += 1;
    }
    gaps
}

/// Those in which at least three authorities' children are left unserved. Found over everybody's searches, once: what an
/// authority knows of a row is its own children in it, however few authorities it knows of.
pub(crate) fn found(searches: &[Search], answer: &Matching) -> Recurring {
    let several = |(key, children): (_, BTreeMap<AuthorityCode, u64>)| (children.len() > 2).then_some(key);
    found_in(searches, answer).into_iter().filter_map(several).collect()
}

/// 15. Gaps that recur: how many authorities of a sub-region share each. The children are those of the gaps: the same cells.
pub(super) fn recurring(definition: &Definition, asked: &Asked<'_>) -> Table {
    let found = found_in(&asked.picture.searches, asked.matching());
    let shown = found.iter().filter(|(key, _)| asked.recurring().contains(key));
    let row = |(&(area, provision, band), by): (&(&str, Provision, StrategyBand), &BTreeMap<AuthorityCode, u64>)| {
        let mut behind = Contributors::default();
        for (authority, &children) in by {
            behind.add(authority.as_str(), children);
        }
        let (kind, band) = (provision.as_str(), band.as_str());
        let authorities = Cell::Count {
            id: format!("{}|{area}|{kind}|{band}|authorities", definition.id),
            value: u64::try_from(by.len()).unwrap_or(0),
            contributors: Some(behind),
        };
        let value = by.values().sum();
        let children = Cell::Count { id: gaps::id(area, band, kind, "unserved"), value, contributors: None };
        let labels = [area, sub_region_name(area), kind, band].map(str::to_owned).to_vec();
        Row { labels, cells: vec![children, authorities] }
    };
    Table {
        name: definition.id.to_owned(),
        title: definition.title.to_owned(),
        definition: definition.reference(),
        dimensions: ["area", "area_name", "provision", "age_band"].map(str::to_owned).to_vec(),
        measures: ["unserved", "authorities"].map(str::to_owned).to_vec(),
        rows: shown.map(row).collect(),
        lines: Vec::new(),
        frames: Vec::new(),
    }
}
