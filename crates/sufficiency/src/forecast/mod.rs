//! How many children will be in care, by age, with what the same model would have said of today.

mod model;
mod spell;
#[cfg(test)]
mod tests;

use hub_disclosure::{Cell, Node, Row, Table};
use hub_domain::Date;
use jiff::ToSpan as _;

use self::model::{BANDS, Expected, Rates, band as band_of_years, key};
use self::spell::Spell;
use crate::area::{ALL, Areas};
use crate::definition::{Definition, Indicator};
use crate::region::Picture;
use crate::{band, care};

const DEFINITION: Definition = Definition {
    id: "children_in_care_forecast",
    title: "Children in care in three, six and twelve months, by age, and how the same model would have fared",
    words: "How many children the area is expected to look after, and the ends between which four outcomes of five should lie. \
            Beside it stands what the same model, knowing what was known as many months ago, would have said of today: \
            tested_error is today's count less that.",
    cohort: "Children under 18 whose month of birth is known and who are in care, agreed series of short breaks (V3, V4) left \
             out.",
    numerator: "children: those of children_in_care. forecast: those expected.",
    window: "Three, six and twelve months after the day. Rates are those of the eighteen months before it; of the test, of the \
             eighteen months before its own beginning.",
    banding: "strategies, by age on the day that is forecast",
    source: "Indicator 39 (Bromley 2022-24: five years by age band, out by two children).",
    datasets: "placements",
    unit: "children",
    rounding: "Whole children. Forecasts are shown where today's count is shown and 5 or more; tests where both counts were 10 or \
               more.",
    limits: "A stock-and-flow model: every child in care grows older by the known birthday, leaves with the chance of the age \
             band, and at 18; others enter as often, at each age, as they did. The interval holds chance, the rates' own \
             uncertainty and siblings entering together; a change of law or policy is in none of them. There is no season in it: \
             eighteen months have one and a half of each. Bands are forecast by themselves, so their ends do not add up. A feed \
             that began less than thirty months ago has not the history that the test needs.",
    ..Definition::BLANK
};

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] =
    &[Indicator { definition: &DEFINITION, table: Some(|_, asked| table(asked.picture)) }];

/// Months ahead.
const HORIZONS: [i32; 3] = [3, 6, 12];
const MEASURES: [&str; 8] =
    ["children", "forecast", "low", "high", "tested_forecast", "tested_low", "tested_high", "tested_error"];
/// A test is shown where both counts are no smaller.
const FEWEST: u64 = 10;

fn table(picture: &Picture) -> Table {
    let areas = Areas::of_authorities(&picture.members);
    let mut spells: Vec<Vec<Spell>> = vec![Vec::new(); areas.dimension.nodes.len()];
    let mut counts = vec![[0_u64; BANDS + 1]; areas.dimension.nodes.len()];
    for (&(authority, _), child) in &picture.children.by_child {
        let Some(&place) = areas.place.get(&authority) else { continue };
        let own = Spell::of(child);
        let now = child.now.as_ref().map(|episode| band::of(episode.age));
        for at in areas.above(place) {
            spells.get_mut(at).into_iter().for_each(|all| all.extend(&own));
            let Some((counts, now)) = counts.get_mut(at).zip(now) else { continue };
            let is_counted = |index: usize| index == BANDS || key(index) == now;
            counts.iter_mut().enumerate().filter(|(index, _)| is_counted(*index)).for_each(|(_, count)| *count += 1);
        }
    }
    // Sums of fractions depend on the order of what is summed, and a release must come out the same again.
    for all in &mut spells {
        all.sort_unstable();
    }
    let each = areas.dimension.nodes.iter().zip(&spells).zip(&counts);
    let rows = each.flat_map(|((node, spells), counts)| rows(node, spells, counts, picture.as_at));
    let names = ["age_band", "months_ahead"].map(str::to_owned);
    Table {
        name: DEFINITION.id.to_owned(),
        title: DEFINITION.title.to_owned(),
        definition: DEFINITION.reference(),
        dimensions: areas.dimension.columns.iter().cloned().chain(names).collect(),
        measures: MEASURES.map(str::to_owned).to_vec(),
        rows: rows.collect(),
        lines: Vec::new(),
        frames: Vec::new(),
    }
}

/// The rows of an area: all ages, then each band; each some months ahead.
fn rows(node: &Node, spells: &[Spell], counts: &[u64; BANDS + 1], as_at: Date) -> Vec<Row> {
    let rates = Rates::learn(spells.iter(), as_at);
    let mut rows = Vec::new();
    for months in HORIZONS {
        let ahead = with_all(&rates.project(spells.iter(), as_at, months));
        let origin = as_at.checked_sub(months.months()).unwrap_or(Date::MIN);
        let tested = with_all(&Rates::learn(spells.iter(), origin).project(spells.iter(), origin, months));
        let then = held(spells, origin);
        let each = ahead.iter().zip(tested).zip(counts).zip(then).enumerate();
        rows.extend(each.map(|(index, (((ahead, tested), &count), then))| {
            let band = if index == BANDS { ALL } else { key(index) };
            let labels = node.labels.iter().cloned().chain([band.to_owned(), months.to_string()]).collect();
            let tested = (count >= FEWEST && then >= FEWEST).then_some(tested);
            Row { labels, cells: cells(&care::id(&node.key, band), count, ahead, tested) }
        }));
    }
    rows
}

fn cells(id: &str, count: u64, ahead: &Expected, tested: Option<Expected>) -> Vec<Cell> {
    let typical = |value: i64| Cell::typical(value, id);
    let mut cells = vec![Cell::Count { id: id.to_owned(), value: count, contributors: None }];
    cells.extend(ahead.interval().map(typical));
    match tested.map(|tested| tested.interval()) {
        Some([forecast, low, high]) => {
            let error = i64::try_from(count).unwrap_or(i64::MAX) - forecast;
            cells.extend([forecast, low, high, error].map(typical));
        }
        None => cells.extend([Cell::Blank, Cell::Blank, Cell::Blank, Cell::Blank]),
    }
    cells
}

/// The bands, and all of them together.
fn with_all(bands: &[Expected; BANDS]) -> Vec<Expected> {
    let all = bands.iter().fold(Expected::default(), |all, band| all.and(band));
    bands.iter().copied().chain([all]).collect()
}

/// Children of each band in care on a day, and of all.
fn held(spells: &[Spell], on: Date) -> Vec<u64> {
    let mut held = vec![0; BANDS + 1];
    for spell in spells.iter().filter(|spell| spell.holds(on)) {
        let band = band_of_years(spell.age(on)).unwrap_or(BANDS);
        held.iter_mut().enumerate().filter(|(index, _)| *index == band || *index == BANDS).for_each(|(_, n)| *n += 1);
    }
    held
}
