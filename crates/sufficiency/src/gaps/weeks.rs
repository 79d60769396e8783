//! What the gap costs today: weeks that children without an offer have waited, and how many of them in
//! a placement farther or dearer than the one sought.

use std::collections::{BTreeMap, HashMap};

use hub_disclosure::{Cell, Cube, Table};
use hub_domain::{Date, Provision};

use super::{Axes, DEFINITION};
use crate::matching::tenths;
use crate::region::Picture;
use crate::search::Search;
use crate::usable::is_usable;

/// Two cubes of the same rows: a row's weeks have other children behind them than its costly weeks.
pub(super) struct Waiting<'a> {
    picture: &'a Picture,
    /// The middle weekly fee of usable vacancies, by kind.
    middle: BTreeMap<Provision, i64>,
    all: Cube,
    costly: Cube,
}

impl<'a> Waiting<'a> {
    pub(super) fn of(picture: &'a Picture, axes: &Axes) -> Self {
        let cube = |measure| axes.cube(DEFINITION.id, &[measure]).by_contributors();
        let middle = middle_fees(picture);
        Self { picture, middle, all: cube("weeks_waiting"), costly: cube("weeks_farther_or_dearer") }
    }

    /// Takes one open search.
    pub(super) fn add(&mut self, place: &[usize; 4], search: &Search, is_unserved: bool) {
        self.touch(place);
        if !is_unserved {
            return;
        }
        let weeks = weeks_since(search.opened_on, self.picture.as_at);
        self.all.add(place, 0, weeks);
        self.all.contribute(search.authority.as_str(), [place.as_slice()]);
        let costly = self.costly_weeks(search);
        if costly > 0 {
            self.costly.add(place, 0, costly);
            self.costly.contribute(search.authority.as_str(), [place.as_slice()]);
        }
    }

    /// The row is there, whatever is in it.
    pub(super) fn touch(&mut self, place: &[usize; 4]) {
        self.all.add(place, 0, 0);
        self.costly.add(place, 0, 0);
    }

    /// Whole weeks since the search opened in the placement of today, if that is farther from home than
    /// the search allows or costs more than the middle fee of the kind sought first.
    fn costly_weeks(&self, search: &Search) -> u64 {
        let key = (search.authority, search.child.as_str().into());
        let Some(episode) = self.picture.children.by_child.get(&key).and_then(|child| child.now.as_ref()) else {
            return 0;
        };
        let farther = episode.miles.is_some_and(|miles| miles > tenths(search.max_miles));
        let middle = search.provisions.first().and_then(|kind| self.middle.get(kind));
        let dearer = middle.zip(episode.weekly_cost).is_some_and(|(middle, cost)| cost > *middle);
        if farther || dearer { weeks_since(search.opened_on.max(episode.start), self.picture.as_at) } else { 0 }
    }

    /// Adds both measures to every row, and the sums among them.
    pub(super) fn write(self, table: &mut Table) {
        for cube in [self.all, self.costly] {
            let part = cube.into_table(DEFINITION.title, DEFINITION.reference(), &|_, _| None);
            let mut cells: HashMap<Vec<String>, Vec<Cell>> =
                part.rows.into_iter().map(|row| (row.labels, row.cells)).collect();
            table.measures.extend(part.measures);
            table.lines.extend(part.lines);
            for row in &mut table.rows {
                row.cells.extend(cells.remove(&row.labels).unwrap_or_else(|| vec![Cell::Blank]));
            }
        }
    }
}

/// Whole weeks, so that they add up.
fn weeks_since(from: Date, to: Date) -> u64 {
    to.since(from).map_or(0, |span| u64::try_from(span.get_days() / 7).unwrap_or(0))
}

/// Of usable vacancies that state a fee; of an even number, the lower middle one.
fn middle_fees(picture: &Picture) -> BTreeMap<Provision, i64> {
    let mut fees: BTreeMap<Provision, Vec<i64>> = BTreeMap::new();
    for setting in picture.settings.iter().filter(|setting| is_usable(setting, None, Date::MAX)) {
        if let (Some(kind), Some(fee)) = (setting.provision, setting.row.weekly_fee) {
            fees.entry(kind).or_default().push(fee);
        }
    }
    let middle = |mut fees: Vec<i64>| {
        fees.sort_unstable();
        fees.get(fees.len().saturating_sub(1) / 2).copied()
    };
    fees.into_iter().filter_map(|(kind, fees)| Some((kind, middle(fees)?))).collect()
}
