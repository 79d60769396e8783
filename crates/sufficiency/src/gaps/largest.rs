//! The largest gaps of a published table, for a page or a screen.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use hub_disclosure::{GatedTable, Shown};
use serde::Serialize;

use crate::area::ALL;

/// One row of the published table in which children are left without a home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// Sub-region of the placing authorities.
    pub area: String,
    /// Its name.
    pub area_name: String,
    /// Age band, or `all`.
    pub age_band: String,
    /// Provision sought first.
    pub provision: String,
    /// Its name.
    pub provision_name: String,
    /// Children with an open search; `None` where hidden.
    pub searching: Option<u64>,
    /// Children left over.
    pub unserved: u64,
    /// Different places that could serve any of them; `None` where hidden.
    pub reachable_places: Option<u64>,
    /// Weeks they have waited in a placement farther or dearer than the one sought; `None` where hidden.
    pub weeks_farther_or_dearer: Option<u64>,
    /// Miles to the nearest usable home, as a band; `None` where few homes stand behind it.
    pub nearest_usable_miles: Option<String>,
}

/// The largest gaps that the published table shows. First by sub-region, provision and age band, with
/// all ages together where no single band of that sub-region and provision is shown; if those are
/// fewer than `most`, then for all provisions together by sub-region and band.
pub fn largest_gaps(table: &GatedTable, most: usize) -> Vec<Gap> {
    let gaps = table.rows().iter().filter_map(|row| read(row.labels(), row.cells()));
    let (mut by_kind, mut over_kinds): (Vec<Gap>, Vec<Gap>) = gaps.partition(|gap| gap.provision != ALL);
    drop_covered(&mut by_kind);
    drop_covered(&mut over_kinds);
    // Rows come in a fixed order and the sort keeps it among equals.
    by_kind.sort_by_key(|gap| Reverse(gap.unserved));
    over_kinds.sort_by_key(|gap| Reverse(gap.unserved));
    by_kind.into_iter().chain(over_kinds).take(most).collect()
}

/// Drops all ages together where one band of the same area and provision is there.
fn drop_covered(gaps: &mut Vec<Gap>) {
    let key = |gap: &Gap| (gap.area.clone(), gap.provision.clone());
    let bands = gaps.iter().filter(|gap| gap.age_band != ALL);
    let covered: BTreeSet<(String, String)> = bands.map(key).collect();
    gaps.retain(|gap| gap.age_band != ALL || !covered.contains(&key(gap)));
}

fn read(labels: &[String], cells: &[Shown]) -> Option<Gap> {
    let [area, area_name, level, age_band, provision, provision_name, need, _] = labels else { return None };
    let [searching, _, unserved, _, _, weeks, places, nearest] = cells else { return None };
    let unserved = count(unserved).filter(|&count| count > 0)?;
    if level != "sub_region" || need != ALL {
        return None;
    }
    Some(Gap {
        area: area.clone(),
        area_name: area_name.clone(),
        age_band: age_band.clone(),
        provision: provision.clone(),
        provision_name: provision_name.clone(),
        searching: count(searching),
        unserved,
        reachable_places: count(places),
        weeks_farther_or_dearer: count(weeks),
        nearest_usable_miles: if let Shown::Text(miles) = nearest { Some(miles.clone()) } else { None },
    })
}

fn count(cell: &Shown) -> Option<u64> {
    cell.count()
}
