//! Where children live: by kind of placement and age.

use hub_disclosure::{Cube, Dimension, Table};
use hub_domain::codes::PlacementGroup;

use crate::area::{ALL, Areas};
use crate::care::{self, total_of};
use crate::definition::PLACEMENT_MIX as DEFINITION;
use crate::region::Picture;
use crate::{band, kind};

/// The table: sub-regions by age and kind, and authorities by kind for all ages.
pub(crate) fn table(picture: &Picture) -> Table {
    let (wide, fine) =
        (Areas::of_sub_regions(&picture.members).without_total(), Areas::of_authorities(&picture.members));
    let (bands, kinds) = (band::strategy(), kinds());
    let ages = total_of(&bands);
    let measures = ["children"];
    let mut by_age = Cube::new(DEFINITION.id, &measures, vec![wide.dimension.clone(), bands.clone(), kinds.clone()]);
    let mut by_authority = Cube::new(DEFINITION.id, &measures, vec![fine.dimension.clone(), ages, kinds.clone()]);
    for (&(authority, _), child) in &picture.children.by_child {
        let Some(episode) = &child.now else { continue };
        let (Some(&sub_region), Some(&area)) = (wide.place.get(&authority), fine.place.get(&authority)) else {
            continue;
        };
        let kind = kind::find(&kinds, Some(episode.group.as_str()));
        by_age.add(&[sub_region, bands.find(band::of(episode.age)).unwrap_or(0), kind], 0, 1);
        by_authority.add(&[area, 0, kind], 0, 1);
    }
    // All kinds together are the children in care, and the same cell.
    let rename = |keys: &[&str], _: &str| match keys {
        [area, band, ALL] => Some(care::id(area, band)),
        _ => None,
    };
    let mut table = by_age.into_table(DEFINITION.title, DEFINITION.reference(), &rename);
    table.absorb(by_authority.into_table(DEFINITION.title, DEFINITION.reference(), &rename));
    table
}

fn kinds() -> Dimension {
    kind::dimension("placement_group", PlacementGroup::ALL.iter().map(|group| (group.as_str(), group.label())))
}
