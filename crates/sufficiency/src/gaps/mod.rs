//! The true gap: who is still without a home after every place has been offered once, and what that costs.

pub(crate) mod first;
mod largest;
mod reach;
mod weeks;

use hub_disclosure::{Cube, Dimension, Row, Table};
use hub_domain::ages::StrategyBand;
use hub_domain::{Need, Provision};

pub use self::largest::{Gap, largest_gaps};
use self::reach::Reach;
use self::weeks::Waiting;
use crate::area::{ALL, Areas};
use crate::definition::{MARKET_GAPS as DEFINITION, MARKET_GAPS_BY_NEED as BY_NEED};
use crate::matching::Matching;
use crate::region::Picture;
use crate::search::{NO_NEED, Search};
use crate::vacancies::provisions;
use crate::{band, kind};

/// `searching` is `served` and `unserved` together.
const MEASURES: [&str; 4] = ["searching", "served", "unserved", "no_offer"];
/// Which labels of a row are the keys: area, its name, its level, age band, provision, its name, need, its name.
const KEYS: [usize; 4] = [0, 3, 4, 6];

/// The table: sub-region of the placing authority, age band, provision sought first. Needs stand in a table of their own:
/// cut by all four at once, nearly every cell is too small to be shown.
pub(crate) fn table(picture: &Picture, answer: &Matching) -> Table {
    let axes = Axes::of(picture).without_needs();
    let mut children = axes.cube(DEFINITION.id, &MEASURES).summing(0, &[1, 2]);
    let mut waiting = Waiting::of(picture, &axes);
    let mut reach = Reach::of(picture);
    for (at, (search, served_by)) in picture.searches.iter().zip(&answer.served_by).enumerate() {
        let place = axes.place(search);
        children.add(&place, 0, 1);
        children.add(&place, if served_by.is_some() { 1 } else { 2 }, 1);
        waiting.add(&place, search, served_by.is_none());
        reach.add(&axes.keys(&place), answer.reachable(at));
        if served_by.is_none() {
            reach.add_nearest(&axes.keys(&place), search);
        }
    }
    for search in &picture.no_offer {
        let place = axes.place(search);
        children.add(&place, 3, 1);
        waiting.touch(&place);
    }
    let mut table = children.into_table(DEFINITION.title, DEFINITION.reference(), &|_, _| None);
    waiting.write(&mut table);
    reach.write(&mut table);
    table
}

/// The same children by sub-region and the essential need named first.
pub(crate) fn by_need(picture: &Picture, answer: &Matching) -> Table {
    let axes = Axes::of(picture).with_needs_alone();
    let mut children = axes.cube(BY_NEED.id, &MEASURES).summing(0, &[1, 2]);
    for (search, served_by) in picture.searches.iter().zip(&answer.served_by) {
        let place = axes.place(search);
        children.add(&place, 0, 1);
        children.add(&place, if served_by.is_some() { 1 } else { 2 }, 1);
    }
    for search in &picture.no_offer {
        children.add(&axes.place(search), 3, 1);
    }
    children.into_table(BY_NEED.title, BY_NEED.reference(), &|_, _| None)
}

/// The four ways of cutting demand.
pub(crate) struct Axes {
    areas: Areas,
    bands: Dimension,
    kinds: Dimension,
    needs: Dimension,
}

impl Axes {
    pub(crate) fn of(picture: &Picture) -> Self {
        let words = Need::ALL.iter().map(|need| (need.as_str(), need.label()));
        Self {
            areas: Areas::of_sub_regions(&picture.members).without_total(),
            bands: band::strategy(),
            kinds: provisions(),
            needs: kind::dimension("need", [(NO_NEED, "None named")].into_iter().chain(words)),
        }
    }

    /// The same, needs taken together.
    fn without_needs(mut self) -> Self {
        self.needs.nodes.truncate(1);
        self
    }

    /// The same, ages and kinds of home taken together.
    fn with_needs_alone(mut self) -> Self {
        self.bands.nodes.truncate(1);
        self.kinds.nodes.truncate(1);
        self
    }

    /// An empty cube cut in these ways.
    fn cube(&self, id: &str, measures: &[&str]) -> Cube {
        let dimensions = [&self.areas.dimension, &self.bands, &self.kinds, &self.needs];
        Cube::new(id, measures, dimensions.map(Clone::clone).to_vec())
    }

    fn place(&self, search: &Search) -> [usize; 4] {
        let band = self.bands.find(StrategyBand::of(search.age).as_str()).unwrap_or(0);
        let kind = kind::find(&self.kinds, search.provisions.first().copied().map(Provision::as_str));
        let need = kind::find(&self.needs, Some(&search.leading));
        [self.areas.place.get(&search.authority).copied().unwrap_or(0), band, kind, need]
    }

    /// The keys of a search's place.
    pub(crate) fn keys_of(&self, search: &Search) -> [&str; 4] {
        self.keys(&self.place(search))
    }

    fn keys(&self, at: &[usize; 4]) -> [&str; 4] {
        let [area, band, kind, need] = *at;
        [key(&self.areas.dimension, area), key(&self.bands, band), key(&self.kinds, kind), key(&self.needs, need)]
    }
}

fn key(dimension: &Dimension, at: usize) -> &str {
    dimension.nodes.get(at).map_or(ALL, |node| node.key.as_str())
}

/// The keys of a row: `all` where it is over the whole of a dimension.
fn keys_of(row: &Row) -> [&str; 4] {
    KEYS.map(|at| row.labels.get(at).map_or(ALL, String::as_str))
}

/// The row is the leaf, or a total over it.
fn is_over(keys: [&str; 4], leaf: &[String; 4]) -> bool {
    keys.iter().zip(leaf).all(|(key, leaf)| *key == ALL || key == leaf)
}
