//! Where children live: by kind of placement and age.

use hub_disclosure::{Cube, Dimension, Table};
use hub_domain::codes::PlacementGroup;

use crate::area::{ALL, Areas};
use crate::care::{self, total_of};
use crate::definition::{Definition, Indicator, LOOKED_AFTER};
use crate::region::Picture;
use crate::{band, kind};

const DEFINITION: Definition = Definition {
    id: "placement_mix",
    title: "Where children in care live, by kind of placement and age",
    words: "Children in care today by the kind of placement they are in: by age band for each sub-region, for all ages \
            together for the region and each authority.",
    cohort: LOOKED_AFTER,
    datasets: "placements",
    unit: "children",
    limits: "A child on a temporary move (T0-T4) is shown as 'temporary', not at the placement kept for them. \
             Supported lodgings are not told from other supported accommodation. A kind with no children has no row.",
    numerator: "Children of the row, by the group of placement types they are in.",
    denominator: "All kinds together in the row's area: children_in_care.",
    window: "At the day.",
    banding: "strategies, by age on the day",
    source: "Indicator 13; rulings 11, 12 and 22.",
    ..Definition::BLANK
};

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] =
    &[Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) }];

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

/// Id of the count of children of an area in a group, all ages together, whichever table it stands in.
pub(crate) fn id(area: &str, group: PlacementGroup) -> String {
    format!("{}|{area}|{ALL}|{group}|children", DEFINITION.id)
}

fn kinds() -> Dimension {
    kind::dimension("placement_group", PlacementGroup::ALL.iter().map(|group| (group.as_str(), group.label())))
}
