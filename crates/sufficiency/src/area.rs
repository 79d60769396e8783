//! Areas as a dimension: the region, its sub-regions, its authorities.

use std::collections::{BTreeSet, HashMap};

use hub_disclosure::{Dimension, Line, Node};
use hub_domain::{AuthorityCode, SubRegion, authority};

/// Key of every total.
pub(crate) const ALL: &str = "all";
/// Name of the region's total.
const WHOLE: &str = "Whole region";
/// Key of what lies outside London.
pub(crate) const OUTSIDE: &str = "outside_london";

/// A dimension of areas and where each authority stands on it.
pub(crate) struct Areas {
    pub(crate) dimension: Dimension,
    pub(crate) place: HashMap<AuthorityCode, usize>,
}

impl Areas {
    /// Region, sub-regions and the authorities themselves.
    pub(crate) fn of_authorities(authorities: &BTreeSet<AuthorityCode>) -> Self {
        let mut areas = Self::of_sub_regions(authorities);
        for &code in authorities {
            let parent = areas.place.get(&code).copied();
            areas.place.insert(code, areas.dimension.nodes.len());
            areas.dimension.nodes.push(node(code.as_str(), &name_of(code), "authority", parent));
        }
        areas
    }

    /// A count of each authority, added up for every area in the order of the dimension.
    pub(crate) fn totals(&self, of: impl Fn(AuthorityCode) -> u64) -> Vec<u64> {
        self.sums(|code| Some(of(code))).into_iter().map(Option::unwrap_or_default).collect()
    }

    /// The same where some authorities may have none: then no area that holds one has a sum.
    pub(crate) fn sums(&self, of: impl Fn(AuthorityCode) -> Option<u64>) -> Vec<Option<u64>> {
        let mut sums = vec![Some(0_u64); self.dimension.nodes.len()];
        for (&code, &place) in &self.place {
            let own = of(code);
            let above: Vec<usize> = self.above(place).collect();
            for (_, sum) in sums.iter_mut().enumerate().filter(|(at, _)| above.contains(at)) {
                *sum = sum.zip(own).map(|(sum, own)| sum.saturating_add(own));
            }
        }
        sums
    }

    /// A place and every area that holds it.
    pub(crate) fn above(&self, place: usize) -> impl Iterator<Item = usize> {
        let parent = |at: &usize| self.dimension.nodes.get(*at).and_then(|node| node.parent);
        std::iter::successors(Some(place), parent)
    }

    /// The region and its authorities.
    pub(crate) fn of_region(authorities: &BTreeSet<AuthorityCode>) -> Self {
        let mut nodes = vec![node(ALL, WHOLE, "region", None)];
        nodes.extend(authorities.iter().map(|&code| node(code.as_str(), &name_of(code), "authority", Some(0))));
        let place = authorities.iter().enumerate().map(|(at, &code)| (code, at + 1)).collect();
        Self { dimension: Dimension { columns: columns(), nodes }, place }
    }

    /// The same areas without the region's total: where a sub-region holds one authority only, the
    /// total would give it back, and much else would have to be hidden for its sake.
    pub(crate) fn without_total(mut self) -> Self {
        self.dimension.nodes.remove(0);
        for node in &mut self.dimension.nodes {
            node.parent = node.parent.and_then(|parent| parent.checked_sub(1));
        }
        for place in self.place.values_mut() {
            *place = place.saturating_sub(1);
        }
        self
    }

    /// Where an authority stands, and every total above it.
    pub(crate) fn upward(&self, authority: AuthorityCode) -> Vec<usize> {
        let parent = |&at: &usize| self.dimension.nodes.get(at).and_then(|node| node.parent);
        std::iter::successors(self.place.get(&authority).copied(), parent).collect()
    }

    /// Declares, for a cell that every area has, that each total is what is below it. `name` is the cell's id in an area.
    pub(crate) fn add_up(&self, lines: &mut Vec<Line>, name: &dyn Fn(&str) -> String) {
        for (at, total) in self.dimension.nodes.iter().enumerate() {
            let below = self.dimension.nodes.iter().filter(|node| node.parent == Some(at));
            let parts: Vec<String> = below.map(|node| name(&node.key)).collect();
            if !parts.is_empty() {
                lines.push(Line::of(name(&total.key), parts));
            }
        }
    }

    /// What is cut finely: the sub-regions, or the authority itself where it is the only one.
    pub(crate) fn wide(authorities: &BTreeSet<AuthorityCode>) -> Self {
        match authorities.iter().collect::<Vec<_>>().as_slice() {
            [_alone] => Self::of_region(authorities).without_total(),
            _ => Self::of_sub_regions(authorities).without_total(),
        }
    }

    /// Region and sub-regions; an authority stands where its sub-region does.
    pub(crate) fn of_sub_regions(authorities: &BTreeSet<AuthorityCode>) -> Self {
        let mut nodes = vec![node(ALL, WHOLE, "region", None)];
        let held: BTreeSet<Option<SubRegion>> = authorities.iter().map(|&code| sub_region(code)).collect();
        for sub in SubRegion::ALL.iter().filter(|&&sub| held.contains(&Some(sub))) {
            nodes.push(node(sub.as_str(), sub.label(), "sub_region", Some(0)));
        }
        if held.contains(&None) {
            nodes.push(node(OUTSIDE, "Outside London", "sub_region", Some(0)));
        }
        let find = |key: &str| nodes.iter().position(|node| node.key == key).unwrap_or(0);
        let place = authorities.iter().map(|&code| (code, find(sub_region_key(code)))).collect();
        Self { dimension: Dimension { columns: columns(), nodes }, place }
    }
}

/// Key of an authority's sub-region.
pub(crate) fn sub_region_key(code: AuthorityCode) -> &'static str {
    sub_region(code).map_or(OUTSIDE, SubRegion::as_str)
}

/// An authority's name, or its code where the registry does not know it.
pub(crate) fn name_of(code: AuthorityCode) -> String {
    authority::find(code).map_or_else(|| code.to_string(), |authority| authority.name.clone())
}

fn columns() -> Vec<String> {
    ["area", "area_name", "area_level"].map(str::to_owned).to_vec()
}

fn sub_region(code: AuthorityCode) -> Option<SubRegion> {
    authority::find(code).and_then(|authority| authority.subregion)
}

pub(crate) fn node(key: &str, name: &str, level: &str, parent: Option<usize>) -> Node {
    Node { key: key.to_owned(), labels: vec![key.to_owned(), name.to_owned(), level.to_owned()], parent }
}

/// The name of a sub-region by its key.
pub(crate) fn sub_region_name(key: &str) -> &str {
    SubRegion::ALL.iter().find(|sub| sub.as_str() == key).map_or("Outside London", |sub| sub.label())
}
