//! Which places could serve a row at all, and how far off the nearest usable home is.

use std::collections::BTreeMap;

use hub_disclosure::{Cell, Contributors, Table};

use super::{DEFINITION, is_over, keys_of};
use crate::matching::Supply;
use crate::region::Picture;
use crate::search::Search;

const REACHABLE: &str = "reachable_places";
const NEAREST: &str = "nearest_usable_miles";
/// Fewer homes than this behind a distance would point at one of them.
const FEWEST_HOMES: usize = 5;
/// Bands of distance, in tenths of a mile, as the strategies have them.
const BANDS: [(u64, &str); 4] = [(50, "0-5"), (100, "5-10"), (200, "10-20"), (500, "20-50")];

/// Which settings could serve each leaf of the table. Rows share places, so totals are unions.
pub(super) struct Reach<'a> {
    picture: &'a Picture,
    supply: Supply<'a>,
    leaves: BTreeMap<[String; 4], Leaf>,
}

#[derive(Clone, Default)]
struct Leaf {
    /// Settings that could serve somebody of the leaf.
    near: Bits,
    /// Settings that could, were distance nothing, somebody left without a home.
    anywhere: Bits,
    /// Tenths of a mile to the nearest of those.
    nearest: Option<u64>,
}

/// A set of small numbers.
#[derive(Clone, Default)]
struct Bits(Vec<u64>);

impl<'a> Reach<'a> {
    pub(super) fn of(picture: &'a Picture) -> Self {
        Self { picture, supply: Supply::of(&picture.settings, &picture.searches), leaves: BTreeMap::new() }
    }

    pub(super) fn add(&mut self, leaf: &[&str; 4], settings: impl Iterator<Item = usize>) {
        let leaf = self.leaves.entry(leaf.map(str::to_owned)).or_default();
        settings.for_each(|setting| leaf.near.insert(setting));
    }

    pub(super) fn add_nearest(&mut self, leaf: &[&str; 4], search: &Search) {
        let offers = self.supply.offers_anywhere(search);
        let leaf = self.leaves.entry(leaf.map(str::to_owned)).or_default();
        for (cost, setting) in offers {
            leaf.anywhere.insert(setting);
            leaf.nearest = Some(leaf.nearest.map_or(cost.miles, |nearest| nearest.min(cost.miles)));
        }
    }

    /// Adds both measures to every row.
    pub(super) fn write(&self, table: &mut Table) {
        table.measures.extend([REACHABLE, NEAREST].map(str::to_owned));
        for row in &mut table.rows {
            let keys = keys_of(row);
            let id = format!("{}|{}|{REACHABLE}", DEFINITION.id, keys.join("|"));
            let mut all = Leaf::default();
            for leaf in self.leaves.iter().filter(|(leaf, _)| is_over(keys, leaf)).map(|(_, leaf)| leaf) {
                all.join(leaf);
            }
            row.cells.extend([self.places(id, &all.near), all.distance()]);
        }
    }

    fn places(&self, id: String, settings: &Bits) -> Cell {
        let rooms = settings.iter().filter_map(|at| self.picture.settings.get(at));
        let mut behind = Contributors::default();
        let mut value = 0;
        for setting in rooms {
            value += u64::try_from(setting.row.available_places).unwrap_or(0);
            behind.add(setting.reported_by.as_str(), 1);
        }
        Cell::Count { id, value, contributors: Some(behind) }
    }
}

impl Leaf {
    fn join(&mut self, other: &Self) {
        self.near.join(&other.near);
        self.anywhere.join(&other.anywhere);
        self.nearest = self.nearest.into_iter().chain(other.nearest).min();
    }

    /// A band of miles; blank where few homes stand behind it, or none.
    fn distance(&self) -> Cell {
        let Some(nearest) = self.nearest.filter(|_| self.anywhere.iter().nth(FEWEST_HOMES - 1).is_some()) else {
            return Cell::Blank;
        };
        let band = BANDS.iter().find(|(most, _)| nearest <= *most).map_or("50+", |(_, band)| band);
        Cell::Text(band.to_owned())
    }
}

impl Bits {
    fn insert(&mut self, number: usize) {
        let word = number / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        if let Some(bits) = self.0.get_mut(word) {
            *bits |= 1 << (number % 64);
        }
    }

    fn join(&mut self, other: &Self) {
        self.0.resize(self.0.len().max(other.0.len()), 0);
        self.0.iter_mut().zip(&other.0).for_each(|(bits, more)| *bits |= more);
    }

    fn iter(&self) -> impl Iterator<Item = usize> {
        let ones = |(at, &bits): (usize, &u64)| {
            (0..64).filter(move |bit| bits & (1 << bit) != 0).map(move |bit| at * 64 + bit)
        };
        self.0.iter().enumerate().flat_map(ones)
    }
}
