//! Children in care: the count everything else is held against.

use hub_disclosure::{Cube, Dimension, Table};

use crate::area::{ALL, Areas};
use crate::band;
use crate::definition::CHILDREN_IN_CARE as DEFINITION;
use crate::region::Picture;

/// The table: area by age in both schemes, and area by asylum status for all ages.
pub(crate) fn table(picture: &Picture) -> Table {
    let areas = Areas::of_authorities(&picture.members);
    let status = Dimension::flat("status", ["uasc", "not_uasc"]);
    let mut by_age = cube(&areas, band::both(), total_of(&status));
    let mut by_status = cube(&areas, total_of(&band::both()), status);
    for (&(authority, _), child) in &picture.children.by_child {
        let (Some(episode), Some(&area)) = (&child.now, areas.place.get(&authority)) else { continue };
        let leaf = by_age.dimensions().get(1).and_then(|bands| bands.find(band::finest(episode.age))).unwrap_or(0);
        by_age.add(&[area, leaf, 0], 0, 1);
        by_status.add(&[area, 0, if episode.uasc { 1 } else { 2 }], 0, 1);
    }
    let mut table = by_age.into_table(DEFINITION.title, DEFINITION.reference(), &|_, _| None);
    table.absorb(by_status.into_table(DEFINITION.title, DEFINITION.reference(), &|_, _| None));
    table
}

/// Id of the count of children in care of an area and band, whichever table it stands in.
pub(crate) fn id(area: &str, band: &str) -> String {
    format!("{}|{area}|{band}|{ALL}|children", DEFINITION.id)
}

fn cube(areas: &Areas, bands: Dimension, status: Dimension) -> Cube {
    Cube::new(DEFINITION.id, &["children"], vec![areas.dimension.clone(), bands, status]).dense()
}

/// The dimension with nothing but its total.
pub(crate) fn total_of(dimension: &Dimension) -> Dimension {
    Dimension { columns: dimension.columns.clone(), nodes: dimension.nodes.iter().take(1).cloned().collect() }
}
