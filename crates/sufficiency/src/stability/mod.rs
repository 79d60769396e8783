//! Stability: how many placements in a year, and how long in one.

mod long;
mod short;

use hub_disclosure::{Cube, Dimension, Table};

use crate::area::{ALL, Areas};
use crate::care;
use crate::definition::{Definition, Indicator};
use crate::episode::Child;
use crate::region::Picture;

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] = &[short::INDICATOR, long::INDICATOR];

/// Children in care by area and where their history puts them; `None` leaves a child out. All together are
/// `children_in_care` where the total goes by that name.
fn by_child(
    definition: &Definition,
    picture: &Picture,
    ways: &Dimension,
    place: impl Fn(&Child) -> Option<usize>,
) -> Table {
    let areas = Areas::of_authorities(&picture.members);
    let mut cube = Cube::new(definition.id, &["children"], vec![areas.dimension.clone(), ways.clone()]);
    for (&(authority, _), child) in picture.children.by_child.iter().filter(|(_, child)| child.now.is_some()) {
        if let (Some(&area), Some(way)) = (areas.place.get(&authority), place(child)) {
            cube.add(&[area, way], 0, 1);
        }
    }
    let rename = |keys: &[&str], _: &str| match keys {
        [area, ALL] => Some(care::id(area, ALL)),
        _ => None,
    };
    cube.into_table(definition.title, definition.reference(), &rename)
}
