//! All tables of a release as one set of counts and sums.

use std::collections::{BTreeSet, HashMap};

use crate::gate::Refused;
use crate::policy::Policy;
use crate::table::{Cell, Table};

/// A count, once, however many tables show it.
pub(crate) struct Count {
    /// Name given by the tables.
    pub(crate) id: String,
    /// True count.
    pub(crate) value: i64,
    /// Too few contributors stand behind it.
    pub(crate) thin: bool,
}

/// One sum: the coefficients times the counts make zero (parts +1, total -1).
pub(crate) type Sum = Vec<(usize, i64)>;

/// Counts, sums, and which sums each count is in.
pub(crate) struct System {
    pub(crate) counts: Vec<Count>,
    pub(crate) sums: Vec<Sum>,
    pub(crate) sums_of: Vec<Vec<usize>>,
}

/// What somebody who knows the rules, and which cells were hidden for being small, knows of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) low: i64,
    pub(crate) high: i64,
}

/// What an attacker can tell of a hidden cell from the marker alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Knowledge {
    /// Which cells were hidden for being small and which only beside them: the worst case.
    TellsSmall,
    /// That no zero is hidden, and no more: what the marker says. Used where no protection from the
    /// worst case is found though every count but zero were hidden, as when three small cells have
    /// a small total.
    Marker,
}

/// Stands for "no upper bound": far above any count, far below overflow.
pub(crate) const UNBOUNDED: i64 = i64::MAX / 1024;

impl System {
    /// Reads the tables; refuses those that contradict themselves or one another.
    pub(crate) fn read(tables: &[Table], policy: &Policy) -> Result<Self, Refused> {
        let mut by_id: HashMap<&str, usize> = HashMap::new();
        let mut counts: Vec<Count> = Vec::new();
        for table in tables {
            require_shape(table)?;
            for cell in table.rows.iter().flat_map(|row| &row.cells) {
                intern(cell, policy, &mut by_id, &mut counts)?;
            }
        }
        let sums = read_lines(tables, &by_id, &counts)?;
        let sums_of = index(&sums, counts.len());
        Ok(Self { counts, sums, sums_of })
    }

    /// The cells hidden on their own account.
    pub(crate) fn primary(&self, policy: &Policy) -> Vec<bool> {
        self.counts.iter().map(|count| count.thin || is_small(count.value, policy)).collect()
    }

    /// True count of a cell.
    pub(crate) fn value(&self, cell: usize) -> i64 {
        self.counts.get(cell).map_or(0, |count| count.value)
    }

    /// A sum's cells.
    pub(crate) fn sum(&self, index: usize) -> &[(usize, i64)] {
        self.sums.get(index).map_or(&[], Vec::as_slice)
    }

    /// The sums a cell is in.
    pub(crate) fn sums_of(&self, cell: usize) -> &[usize] {
        self.sums_of.get(cell).map_or(&[], Vec::as_slice)
    }

    /// What is known of a hidden cell before any sum is looked at.
    pub(crate) fn bounds(&self, cell: usize, policy: &Policy, knowledge: Knowledge) -> Bounds {
        let (value, thin) = self.counts.get(cell).map_or((0, false), |count| (count.value, count.thin));
        if thin || value == 0 {
            return Bounds { low: 0, high: UNBOUNDED };
        }
        match knowledge {
            Knowledge::Marker => Bounds { low: 1, high: UNBOUNDED },
            Knowledge::TellsSmall if is_small(value, policy) => Bounds { low: 1, high: signed(policy.largest_small()) },
            Knowledge::TellsSmall => Bounds { low: signed(policy.threshold), high: UNBOUNDED },
        }
    }
}

/// A count as a signed number; counts beyond the bound are held to it.
pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(UNBOUNDED).min(UNBOUNDED)
}

/// For each count, the sums it is in.
fn index(sums: &[Sum], counts: usize) -> Vec<Vec<usize>> {
    let mut sums_of = vec![Vec::new(); counts];
    for (index, &(cell, _)) in
        sums.iter().enumerate().flat_map(|(index, sum)| sum.iter().map(move |cell| (index, cell)))
    {
        if let Some(list) = sums_of.get_mut(cell) {
            list.push(index);
        }
    }
    sums_of
}

fn is_small(value: i64, policy: &Policy) -> bool {
    value > 0 && value < signed(policy.threshold)
}

fn require_shape(table: &Table) -> Result<(), Refused> {
    let fits =
        |row: &crate::table::Row| row.labels.len() == table.dimensions.len() && row.cells.len() == table.measures.len();
    if table.rows.iter().all(fits) { Ok(()) } else { Err(Refused::Shape { table: table.name.clone() }) }
}

fn intern<'a>(
    cell: &'a Cell,
    policy: &Policy,
    by_id: &mut HashMap<&'a str, usize>,
    counts: &mut Vec<Count>,
) -> Result<(), Refused> {
    let Cell::Count { id, value, contributors } = cell else { return Ok(()) };
    let thin = contributors.is_some_and(|n| n > 0 && n < policy.contributors);
    let next = counts.len();
    let index = *by_id.entry(id).or_insert(next);
    match counts.get_mut(index) {
        None => counts.push(Count { id: id.clone(), value: signed(*value), thin }),
        Some(known) if known.value == signed(*value) => known.thin |= thin,
        Some(known) => return Err(Refused::Contradiction { cell: known.id.clone() }),
    }
    Ok(())
}

fn read_lines(tables: &[Table], by_id: &HashMap<&str, usize>, counts: &[Count]) -> Result<Vec<Sum>, Refused> {
    let find = |id: &str| by_id.get(id).copied().ok_or_else(|| Refused::UnknownCell { cell: id.to_owned() });
    let value = |cell: usize| counts.get(cell).map_or(0, |count| count.value);
    let mut sums = BTreeSet::new();
    for line in tables.iter().flat_map(|table| &table.lines) {
        let total = find(&line.total)?;
        let parts = line.parts.iter().map(|part| find(part)).collect::<Result<BTreeSet<_>, _>>()?;
        let together: i64 = parts.iter().map(|&part| value(part)).sum();
        if parts.len() != line.parts.len() || parts.contains(&total) || together != value(total) {
            return Err(Refused::DoesNotAddUp { total: line.total.clone() });
        }
        if parts.is_empty() {
            continue;
        }
        let mut sum: Sum = parts.into_iter().map(|part| (part, 1)).collect();
        sum.push((total, -1));
        sums.insert(sum);
    }
    Ok(sums.into_iter().collect())
}
