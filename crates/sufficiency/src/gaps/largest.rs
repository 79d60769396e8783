//! The largest gaps that a release shows, for a page or a screen, and what one more place would do about each.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde::Serialize;

use crate::area::ALL;
use crate::printed::{Printed, PrintedRow, count, text};

/// A row of the published table in which children are left without a home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// Sub-region of the placing authorities.
    pub area: String,
    /// Its name.
    pub area_name: String,
    /// Age band, or `all`.
    pub age_band: String,
    /// Provision sought first, or `all`.
    pub provision: String,
    /// Its name.
    pub provision_name: String,
    /// Children with an open search; `None` where hidden.
    pub searching: Option<u64>,
    /// Children left over.
    pub unserved: u64,
    /// Different places that could serve any of them; `None` where hidden.
    pub reachable_places: Option<u64>,
    /// Weeks they have waited in a placement farther or dearer than the one sought; `None` where hidden.
    pub weeks_farther_or_dearer: Option<u64>,
    /// Miles to the nearest usable home, as a band; `None` where few homes stand behind it.
    pub nearest_usable_miles: Option<String>,
    /// What one more such place would do: of the profiles that the release shows of this gap, the one that could serve
    /// most; `None` where none is shown.
    pub one_more: Option<OneMore>,
}

/// What one more place would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OneMore {
    /// The ages that the place would take.
    pub age_band: String,
    /// The one need that it would meet; `none` where none is asked for.
    pub need: String,
    /// The authority in which it would stand.
    pub host: String,
    /// Its name.
    pub host_name: String,
    /// Children whom it could serve, one of them at a time.
    pub could_serve: u64,
    /// How many such places would be filled one after another; `None` where hidden.
    pub would_fill: Option<u64>,
    /// Whose children those are, where the release shows it.
    pub boroughs: Vec<Benefit>,
}

/// A borough's part in what one more place could do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Benefit {
    /// The borough.
    pub borough: String,
    /// Its name.
    pub borough_name: String,
    /// Its children whom the place could serve.
    pub could_serve: u64,
}

/// The largest gaps of `market_gaps` as it was published, at most so many: by sub-region, provision and age band, and for
/// all ages together where no band of that sub-region and provision is shown; where those are few, also for all
/// provisions together of an age band of which no provision is shown. Largest first. `marginal` is `marginal_value` of the
/// same release.
pub fn largest_gaps(market: &Printed, marginal: Option<&Printed>, most: usize) -> Vec<Gap> {
    let gaps = market.rows.iter().filter_map(read);
    let (mut by_kind, mut over_kinds): (Vec<Gap>, Vec<Gap>) = gaps.partition(|gap| gap.provision != ALL);
    let banded: BTreeSet<(String, String)> =
        by_kind.iter().filter(|gap| gap.age_band != ALL).map(|gap| (gap.area.clone(), gap.provision.clone())).collect();
    by_kind.retain(|gap| gap.age_band != ALL || !banded.contains(&(gap.area.clone(), gap.provision.clone())));
    let said: BTreeSet<(&str, &str)> = by_kind.iter().map(|gap| (gap.area.as_str(), gap.age_band.as_str())).collect();
    over_kinds.retain(|gap| gap.age_band != ALL && !said.contains(&(gap.area.as_str(), gap.age_band.as_str())));
    // Rows come in a fixed order and the sorts keep it among equals.
    for gaps in [&mut by_kind, &mut over_kinds] {
        gaps.sort_by_key(|gap| Reverse(gap.unserved));
    }
    by_kind.extend(over_kinds);
    by_kind.truncate(most);
    by_kind.sort_by_key(|gap| Reverse(gap.unserved));
    for gap in &mut by_kind {
        gap.one_more = marginal.and_then(|marginal| one_more(marginal, gap));
    }
    by_kind
}

fn read(row: &PrintedRow) -> Option<Gap> {
    let word = |column: &str| text(row, column).map(str::to_owned);
    let unserved = count(row, "unserved").filter(|&count| count > 0)?;
    if text(row, "area_level")? != "sub_region" || text(row, "need").is_some_and(|need| need != ALL) {
        return None;
    }
    Some(Gap {
        area: word("area")?,
        area_name: word("area_name")?,
        age_band: word("age_band")?,
        provision: word("provision")?,
        provision_name: word("provision_name")?,
        searching: count(row, "searching"),
        unserved,
        reachable_places: count(row, "reachable_places"),
        weeks_farther_or_dearer: count(row, "weeks_farther_or_dearer"),
        nearest_usable_miles: word("nearest_usable_miles"),
        one_more: None,
    })
}

/// The profile of the gap that could serve most; of equals, the first.
fn one_more(marginal: &Printed, gap: &Gap) -> Option<OneMore> {
    let of_gap = |row: &&PrintedRow| {
        let says = |column, word: &str| word == ALL || text(row, column) == Some(word);
        says("area", &gap.area) && says("provision", &gap.provision) && says("age_band", &gap.age_band)
    };
    let totals = marginal.rows.iter().filter(of_gap).filter(|row| text(row, "borough") == Some(ALL));
    let shown = totals.filter_map(|row| Some((count(row, "could_serve")?, row)));
    let (could_serve, total) = shown.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    let word = |column: &str| text(total, column).map(str::to_owned);
    let profile = ["area", "age_band", "provision", "need"];
    let alike = |row: &&PrintedRow| profile.iter().all(|column| text(row, column) == text(total, column));
    let benefit = |row: &PrintedRow| {
        let could_serve = count(row, "could_serve")?;
        let borough = text(row, "borough").filter(|borough| *borough != ALL)?.to_owned();
        Some(Benefit { borough, borough_name: text(row, "borough_name")?.to_owned(), could_serve })
    };
    Some(OneMore {
        age_band: word("age_band")?,
        need: word("need")?,
        host: word("host")?,
        host_name: word("host_name")?,
        could_serve,
        would_fill: count(total, "would_fill"),
        boroughs: marginal.rows.iter().filter(alike).filter_map(benefit).collect(),
    })
}
