//! The gap as the first version of its definition had it, so that the two can be held side by side.

use std::collections::{BTreeMap, BTreeSet};

use hub_disclosure::{Cell, Cube, Dimension, Table};
use hub_domain::Provision;
use hub_domain::ages::StrategyBand;

use crate::area::{ALL, Areas};
use crate::definition::{Definition, Indicator};
use crate::matching::first::assign;
use crate::region::Picture;
use crate::search::Search;
use crate::vacancies::provisions;
use crate::{band, kind};

const DEFINITION: Definition = Definition {
    id: "market_gaps",
    title: "Children waiting for a home, and places that would serve them",
    words: "Every open search set against every usable vacancy, each place serving one child. What stays unserved is \
            the gap. There is no total over sub-regions: where one holds a single authority, it would give that one \
            back. reachable_places are the different places that could serve any child of the row: rows share \
            them, so they do not add up.",
    cohort: "Children with a search open on the day, each once (the search opened last), under the first provision \
             the search names, the sub-region of the placing authority and the age the search records.",
    datasets: "searches, vacancies, quality",
    unit: "children; places",
    limits: "Sibling groups are placed first, largest first, each where it leaves fewest places over; single children \
             then by a maximum matching. The number served is the most there can be where no group is sought for; with \
             groups it may fall short of it. Cost does not yet decide among equally large answers. Distance is \
             between the centres of authorities. no_offer counts children whose search closed without an offer in the \
             last twelve months, and is no part of the gap.",
    numerator: "Children of the row.",
    denominator: "searching, for served and unserved.",
    window: "At the day; no_offer: the twelve months up to and including it.",
    banding: "strategies, by the age the search records",
    source: "When a vacancy serves a search.",
    ..Definition::BLANK
};

/// What the registry lists.
pub(super) const INDICATOR: Indicator =
    Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) };

/// `searching` is `served` and `unserved` together.
const MEASURES: [&str; 4] = ["searching", "served", "unserved", "no_offer"];
const REACHABLE: &str = "reachable_places";
/// Labels of a row: area, its name, its level, age band, provision, its name.
const LABELS: [usize; 3] = [0, 3, 4];

/// The table: sub-region of the placing authority, age band, provision sought first.
fn table(picture: &Picture) -> Table {
    let areas = Areas::of_sub_regions(&picture.members).without_total();
    let (bands, kinds) = (band::strategy(), provisions());
    let axes = Axes { areas: &areas, bands: &bands, kinds: &kinds };
    let mut cube = Cube::new(DEFINITION.id, &MEASURES, vec![areas.dimension.clone(), bands.clone(), kinds.clone()])
        .summing(0, &[1, 2]);
    let answer = assign(&picture.searches, &picture.settings);
    let mut reach = Reach::default();
    for ((search, served_by), reachable) in picture.searches.iter().zip(&answer.served_by).zip(&answer.reachable) {
        let at = axes.place(search);
        cube.add(&at, 0, 1);
        cube.add(&at, if served_by.is_some() { 1 } else { 2 }, 1);
        reach.add(&axes.keys(&at), reachable);
    }
    for search in &picture.no_offer {
        cube.add(&axes.place(search), 3, 1);
    }
    let mut table = cube.into_table(DEFINITION.title, DEFINITION.reference(), &|_, _| None);
    reach.write(&mut table, picture);
    table
}

struct Axes<'a> {
    areas: &'a Areas,
    bands: &'a Dimension,
    kinds: &'a Dimension,
}

impl Axes<'_> {
    fn place(&self, search: &Search) -> [usize; 3] {
        let band = self.bands.find(StrategyBand::of(search.age).as_str()).unwrap_or(0);
        let kind = kind::find(self.kinds, search.provisions.first().copied().map(Provision::as_str));
        [self.areas.place.get(&search.authority).copied().unwrap_or(0), band, kind]
    }

    fn keys(&self, at: &[usize; 3]) -> [&str; 3] {
        let [area, band, kind] = *at;
        [name(&self.areas.dimension, area), name(self.bands, band), name(self.kinds, kind)]
    }
}

fn name(dimension: &Dimension, at: usize) -> &str {
    dimension.nodes.get(at).map_or(ALL, |node| node.key.as_str())
}

/// Which settings could serve each leaf of the table. Rows share places, so totals are unions.
#[derive(Default)]
struct Reach(BTreeMap<[String; 3], BTreeSet<usize>>);

impl Reach {
    fn add(&mut self, leaf: &[&str; 3], settings: &[usize]) {
        self.0.entry(leaf.map(str::to_owned)).or_default().extend(settings);
    }

    /// Adds the measure to every row.
    fn write(&self, table: &mut Table, picture: &Picture) {
        table.measures.push(REACHABLE.to_owned());
        for row in &mut table.rows {
            let keys = LABELS.map(|at| row.labels.get(at).map_or(ALL, String::as_str));
            let under = |leaf: &[String; 3]| keys.iter().zip(leaf).all(|(key, leaf)| *key == ALL || key == leaf);
            let leaves = self.0.iter().filter(|(leaf, _)| under(leaf));
            let settings: BTreeSet<usize> = leaves.flat_map(|(_, settings)| settings).copied().collect();
            let rooms = settings.iter().filter_map(|&at| picture.settings.get(at));
            let places = rooms.map(|setting| u64::try_from(setting.row.available_places).unwrap_or(0)).sum();
            let contributors = u64::try_from(settings.len()).ok().map(Into::into);
            let id = format!("{}|{}|{REACHABLE}", DEFINITION.id, keys.join("|"));
            row.cells.push(Cell::Count { id, value: places, contributors });
        }
    }
}
