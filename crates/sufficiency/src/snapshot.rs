//! Children in care on the day, by area and one way of telling them apart: what many indicators come to.

use hub_disclosure::{Cube, Dimension, Node, Table};
use hub_domain::AuthorityCode;

use crate::area::{ALL, Areas};
use crate::care;
use crate::definition::Definition;
use crate::episode::Episode;
use crate::region::Picture;

/// The name of a cell that stands in another table too, by area and way.
pub(crate) type Shared<'a> = &'a dyn Fn(&str, &str) -> Option<String>;

/// The children in care of every one of these areas, told apart. All together are those of `children_in_care`, and the same cell.
pub(crate) fn table(
    definition: &Definition,
    (picture, areas): (&Picture, &Areas),
    ways: &Dimension,
    shared: Shared<'_>,
    place: impl Fn(AuthorityCode, &Episode) -> usize,
) -> Table {
    let mut cube = Cube::new(definition.id, &["children"], vec![areas.dimension.clone(), ways.clone()]);
    for (authority, episode) in in_care(picture) {
        if let Some(&area) = areas.place.get(&authority) {
            cube.add(&[area, place(authority, episode)], 0, 1);
        }
    }
    let rename = |keys: &[&str], _: &str| match keys {
        [area, ALL] => Some(care::id(area, ALL)),
        [area, way] => shared(area, way),
        _ => None,
    };
    cube.into_table(definition.title, definition.reference(), &rename)
}

/// Each child in care with the episode of the day.
pub(crate) fn in_care(picture: &Picture) -> impl Iterator<Item = (AuthorityCode, &Episode)> {
    let children = picture.children.by_child.iter();
    children.filter_map(|(&(authority, _), child)| Some((authority, child.now.as_ref()?)))
}

/// No cell stands elsewhere but the total.
pub(crate) fn alone(_: &str, _: &str) -> Option<String> {
    None
}

/// A dimension of totals within totals: key, words for people, and the number of the total it counts towards.
pub(crate) fn tree(column: &str, total: &str, ways: &[(&str, &str, usize)]) -> Dimension {
    let node = |key: &str, words: &str, parent| Node {
        key: key.to_owned(),
        labels: vec![key.to_owned(), words.to_owned()],
        parent,
    };
    let ways = ways.iter().map(|&(key, words, parent)| node(key, words, Some(parent)));
    let nodes = std::iter::once(node(ALL, total, None)).chain(ways).collect();
    Dimension { columns: vec![column.to_owned(), format!("{column}_name")], nodes }
}

/// Where a way stands; the total where there is none of that key.
pub(crate) fn find(dimension: &Dimension, key: &str) -> usize {
    dimension.find(key).unwrap_or(0)
}
