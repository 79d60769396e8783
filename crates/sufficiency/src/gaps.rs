//! The true gap: who is still without a home after every place has been offered once.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use hub_disclosure::{Cell, Cube, Dimension, GatedTable, Shown, Table};
use hub_domain::Provision;
use hub_domain::ages::StrategyBand;
use serde::Serialize;

use crate::area::{ALL, Areas};
use crate::definition::MARKET_GAPS as DEFINITION;
use crate::matching::assign;
use crate::region::Picture;
use crate::search::Search;
use crate::vacancies::provisions;
use crate::{band, kind};

/// `searching` is `served` and `unserved` together.
const MEASURES: [&str; 4] = ["searching", "served", "unserved", "no_offer"];
const REACHABLE: &str = "reachable_places";
/// Labels of a row: area, its name, its level, age band, provision, its name.
const LABELS: [usize; 3] = [0, 3, 4];

/// The table: sub-region of the placing authority, age band, provision sought first.
pub(crate) fn table(picture: &Picture) -> Table {
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
            let contributors = u64::try_from(settings.len()).ok();
            let id = format!("{}|{}|{REACHABLE}", DEFINITION.id, keys.join("|"));
            row.cells.push(Cell::Count { id, value: places, contributors });
        }
    }
}

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
    let ([area, area_name, level, age_band, provision, provision_name], [searching, _, unserved, _, places]) =
        (labels, cells)
    else {
        return None;
    };
    let unserved = count(unserved).filter(|&count| count > 0)?;
    if level != "sub_region" {
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
    })
}

fn count(cell: &Shown) -> Option<u64> {
    if let Shown::Count(count) = cell { Some(*count) } else { None }
}
