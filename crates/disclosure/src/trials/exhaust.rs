//! The attacker who tries everything.

use std::collections::HashMap;

use crate::system::{Bounds, Knowledge, Sum, System, View};
use crate::{Cell, Gated, Known, Policy, Shown, ShownRow, Table};

/// What a reader of `gated` knows, by cell id: the count shown, or `None`.
fn read_shown(tables: &[Table], gated: &Gated) -> HashMap<String, Option<i64>> {
    let mut known = HashMap::new();
    for (table, shown) in tables.iter().zip(gated.tables()) {
        let cells = table.rows.iter().flat_map(|row| &row.cells).zip(shown.rows().iter().flat_map(ShownRow::cells));
        for (cell, shown) in cells {
            let Cell::Count { id, .. } = cell else { continue };
            let value = if let Shown::Count(count) = shown { Some(i64::try_from(*count).unwrap()) } else { None };
            let before = known.insert(id.clone(), value);
            assert!(before.is_none_or(|before| before == value), "one cell, two fates: {id}");
        }
    }
    known
}

/// Is there any set of counts with these bounds in which every sum holds?
fn is_satisfiable(sums: &[Sum], mut bounds: Vec<Bounds>) -> bool {
    loop {
        let before = bounds.clone();
        for sum in sums {
            tighten(sum, &mut bounds);
        }
        if bounds.iter().any(|range| range.low > range.high) {
            return false;
        }
        if before == bounds {
            break;
        }
    }
    let open = (0..bounds.len()).filter(|&cell| bounds[cell].low < bounds[cell].high);
    let Some(cell) = open.min_by_key(|&cell| bounds[cell].high - bounds[cell].low) else { return true };
    (bounds[cell].low..=bounds[cell].high).any(|value| is_satisfiable(sums, fix(&bounds, cell, value)))
}

fn tighten(sum: &Sum, bounds: &mut [Bounds]) {
    for &(cell, sign) in sum {
        let others = sum.iter().filter(|&&(other, _)| other != cell);
        let ends = others.map(|&(other, sign)| (bounds[other].low * sign, bounds[other].high * sign));
        let (low, high) = ends.fold((0, 0), |(low, high), (a, b)| (low + a.min(b), high + a.max(b)));
        let (low, high) = if sign > 0 { (-high, -low) } else { (low, high) };
        bounds[cell] = Bounds { low: bounds[cell].low.max(low), high: bounds[cell].high.min(high) };
    }
}

fn fix(bounds: &[Bounds], cell: usize, value: i64) -> Vec<Bounds> {
    let mut fixed = bounds.to_vec();
    fixed[cell] = Bounds { low: value, high: value };
    fixed
}

/// The cells to be kept from that looker whose possible values lie no further apart than the policy's protection.
pub(super) fn recovered_by(
    system: &System,
    shown: &[Option<i64>],
    policy: &Policy,
    knowledge: Knowledge,
    view: &View,
) -> Vec<usize> {
    let most = 60 + (0..system.counts.len()).map(|cell| system.value(cell)).max().unwrap_or(0);
    let guess = |(cell, shown): (usize, &Option<i64>)| {
        let known = system.bounds(cell, policy, knowledge, view);
        let told = shown.or_else(|| system.is_known(cell, view).then(|| system.value(cell)));
        told.map_or(Bounds { high: known.high.min(most), ..known }, |value| Bounds { low: value, high: value })
    };
    let bounds: Vec<Bounds> = shown.iter().enumerate().map(guess).collect();
    let spread = |cell: usize| {
        let truth = system.value(cell);
        let values = bounds[cell].low.max(truth - 6)..=bounds[cell].high.min(truth + 6);
        let possible: Vec<i64> =
            values.filter(|&value| is_satisfiable(&system.sums, fix(&bounds, cell, value))).collect();
        possible.last().unwrap_or(&0) - possible.first().unwrap_or(&0)
    };
    let narrow = |cell: &usize| spread(*cell) <= i64::try_from(policy.protection).unwrap();
    system.targets(view, policy).into_iter().filter(narrow).collect()
}

/// The same for the reader who contributes nothing.
pub(super) fn recovered(system: &System, shown: &[Option<i64>], policy: &Policy, knowledge: Knowledge) -> Vec<usize> {
    recovered_by(system, shown, policy, knowledge, &View::default())
}

/// Cells the release gives away: to the worst attacker, unless even hiding every count would not keep
/// him out; then to whoever reads the marker; and to each contributor, who reads the marker and knows its own rows.
pub(super) fn recovered_from(tables: &[Table], gated: &Gated, policy: &Policy, by: &Known) -> Vec<String> {
    let system = System::read(tables, policy, by).unwrap();
    let known = read_shown(tables, gated);
    let shown: Vec<Option<i64>> = system.counts.iter().map(|count| known[&count.id]).collect();
    let zeros: Vec<Option<i64>> = shown.iter().map(|shown| shown.filter(|&count| count == 0)).collect();
    let hopeless = recovered(&system, &zeros, policy, Knowledge::TellsSmall);
    let mut found = recovered(&system, &shown, policy, Knowledge::TellsSmall);
    found.retain(|cell| !hopeless.contains(cell));
    for view in &system.views {
        found.extend(recovered_by(&system, &shown, policy, Knowledge::Marker, view));
    }
    found.into_iter().map(|cell| system.counts[cell].id.clone()).collect()
}
