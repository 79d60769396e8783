//! All tables of a release as one set of counts and sums, and who looks at it.

use std::collections::{BTreeSet, HashMap};

use crate::behind::Contributors;
use crate::costs;
use crate::gate::Refused;
use crate::known::{Known, Past};
use crate::policy::Policy;
use crate::render::{HELD, PROVENANCE};
use crate::table::{Cell, Table};

/// A count, once, however many tables show it.
pub(crate) struct Count {
    /// Name given by the tables.
    pub(crate) id: String,
    /// True count.
    pub(crate) value: i64,
    /// Too few contributors stand behind it.
    pub(crate) thin: bool,
    /// Who stands behind it, in each table that says so.
    behind: Vec<Contributors>,
    /// A contributor that takes its own away is left with a small count, or with what few stand behind.
    pub(crate) is_telling: bool,
    /// What the releases before said of it.
    pub(crate) past: Past,
}

/// One sum: the coefficients times the counts make zero. Parts (+1) in order, then the total and what stands with it (-1) in order.
pub(crate) type Sum = Vec<(usize, i64)>;

/// Somebody who looks at the release.
#[derive(Default)]
pub(crate) struct View {
    /// The contributor; none for a reader who contributes nothing.
    pub(crate) name: Option<String>,
    /// How much of each count is its own.
    own: HashMap<usize, i64>,
}

/// Counts, sums, which sums each count is in, and who looks: the reader who contributes nothing, then each contributor.
pub(crate) struct System {
    pub(crate) counts: Vec<Count>,
    pub(crate) sums: Vec<Sum>,
    pub(crate) sums_of: Vec<Vec<usize>>,
    pub(crate) views: Vec<View>,
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

impl View {
    /// How much of the cell is the looker's own.
    pub(crate) fn own(&self, cell: usize) -> i64 {
        self.own.get(&cell).copied().unwrap_or(0)
    }
}

impl Count {
    /// What is left of those behind it, the looker's own taken away, is too few.
    fn is_few_to(&self, view: &View, policy: &Policy) -> bool {
        self.behind.iter().any(|behind| behind.are_few(view.name.as_deref(), policy))
    }
}

impl System {
    /// Reads the tables; refuses those that contradict themselves or one another.
    pub(crate) fn read(tables: &[Table], policy: &Policy, known: &Known) -> Result<Self, Refused> {
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
        let views = read_views(known, &by_id, &counts);
        for (cell, count) in counts.iter_mut().enumerate() {
            count.past = known.memory.past(&count.id, count.value);
            let left = |view: &View| count.value - view.own(cell);
            let is_left_small = |view: &View| view.own(cell) > 0 && is_small(left(view), policy);
            count.is_telling = views.iter().any(|view| is_left_small(view) || count.is_few_to(view, policy));
        }
        Ok(Self { counts, sums, sums_of, views })
    }

    /// The cells hidden on their own account.
    pub(crate) fn primary(&self, policy: &Policy) -> Vec<bool> {
        let is_primary = |count: &Count| count.thin || count.is_telling || is_small(count.value, policy);
        self.counts.iter().map(is_primary).collect()
    }

    /// The cells withheld for what they count now: those hidden on their own account, and those that have moved too little
    /// since they were shown (promise C3).
    pub(crate) fn fresh(&self, policy: &Policy) -> Vec<bool> {
        self.primary(policy)
            .into_iter()
            .zip(&self.counts)
            .map(|(is, count)| is || is_small_move(count, policy))
            .collect()
    }

    /// The cells that must not be shown anew: those, and such as were hidden before.
    pub(crate) fn withheld(&self, policy: &Policy) -> Vec<bool> {
        self.fresh(policy).into_iter().zip(&self.counts).map(|(is, count)| is || count.past.was_hidden).collect()
    }

    /// The count of that id.
    pub(crate) fn find(&self, id: &str) -> Option<&Count> {
        self.counts.iter().find(|count| count.id == id)
    }

    /// The cells whose count somebody must not work out: small ones, such as few stand behind, and such as have moved by little. A contributor's own
    /// changes are its to know, and how much of a change is its own is not kept: moves are kept from the reader alone.
    pub(crate) fn targets(&self, view: &View, policy: &Policy) -> Vec<usize> {
        let is_target = |&cell: &usize| {
            self.counts.get(cell).is_some_and(|count| {
                let left = count.value - view.own(cell);
                let is_move = view.name.is_none() && is_small_move(count, policy);
                !self.is_known(cell, view) && (is_move || count.is_few_to(view, policy) || is_small(left, policy))
            })
        };
        (0..self.counts.len()).filter(is_target).collect()
    }

    /// Whether the looker knows the count whatever is hidden: all of it is its own, or an earlier release printed it.
    pub(crate) fn is_known(&self, cell: usize, view: &View) -> bool {
        self.counts.get(cell).is_none_or(|count| {
            count.past.is_known || (view.name.is_some() && count.value > 0 && view.own(cell) == count.value)
        })
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
    pub(crate) fn bounds(&self, cell: usize, policy: &Policy, knowledge: Knowledge, view: &View) -> Bounds {
        let Some(count) = self.counts.get(cell) else { return Bounds { low: 0, high: 0 } };
        let floor = view.own(cell);
        if count.thin || count.value == 0 || is_small_move(count, policy) {
            return Bounds { low: floor, high: UNBOUNDED };
        }
        let (low, high) = match knowledge {
            // What was hidden stays so, and may have come to nothing since.
            Knowledge::Marker if count.past.was_hidden => (0, UNBOUNDED),
            Knowledge::Marker => (1, UNBOUNDED),
            Knowledge::TellsSmall if is_small(count.value, policy) => (1, signed(policy.largest_small())),
            // Hidden on account of one contributor's knowledge: that is not told by any marker.
            Knowledge::TellsSmall if count.is_telling => (1, UNBOUNDED),
            Knowledge::TellsSmall => (signed(policy.threshold), UNBOUNDED),
        };
        Bounds { low: low.max(floor), high }
    }
}

/// A count as a signed number; counts beyond the bound are held to it.
pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(UNBOUNDED).min(UNBOUNDED)
}

/// For each count, the sums it is in.
pub(crate) fn index(sums: &[Sum], counts: usize) -> Vec<Vec<usize>> {
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

pub(crate) fn is_small(value: i64, policy: &Policy) -> bool {
    value > 0 && value < signed(policy.threshold)
}

/// The count has moved, and by fewer than the threshold, since one of the releases before printed it: who kept that one would
/// read a small count off the two.
fn is_small_move(count: &Count, policy: &Policy) -> bool {
    count.past.printed.iter().any(|before| is_small((count.value - before).abs(), policy))
}

fn require_shape(table: &Table) -> Result<(), Refused> {
    let fits =
        |row: &crate::table::Row| row.labels.len() == table.dimensions.len() && row.cells.len() == table.measures.len();
    if !table.rows.iter().all(fits) {
        return Err(Refused::Shape { table: table.name.clone() });
    }
    let mut seen = BTreeSet::new();
    let own = table.dimensions.iter().chain(&table.measures).map(String::as_str);
    match own.chain(PROVENANCE).chain([HELD]).find(|column| !seen.insert(*column)) {
        None => Ok(()),
        Some(column) => Err(Refused::SameColumn { table: table.name.clone(), column: column.to_owned() }),
    }
}

fn intern<'a>(
    cell: &'a Cell,
    policy: &Policy,
    by_id: &mut HashMap<&'a str, usize>,
    counts: &mut Vec<Count>,
) -> Result<(), Refused> {
    let Cell::Count { id, value, contributors } = cell else { return Ok(()) };
    let thin = contributors.as_ref().is_some_and(|behind| behind.are_few(None, policy));
    let next = counts.len();
    let index = *by_id.entry(id).or_insert(next);
    match counts.get_mut(index) {
        None => {
            let (id, past, behind) = (id.clone(), Past::default(), contributors.iter().cloned().collect());
            counts.push(Count { id, value: signed(*value), thin, behind, is_telling: false, past });
        }
        Some(known) if known.value == signed(*value) => {
            known.thin |= thin;
            known.behind.extend(contributors.clone());
        }
        Some(known) => return Err(Refused::Contradiction { cell: known.id.clone() }),
    }
    Ok(())
}

fn read_lines(tables: &[Table], by_id: &HashMap<&str, usize>, counts: &[Count]) -> Result<Vec<Sum>, Refused> {
    let find = |id: &str| by_id.get(id).copied().ok_or_else(|| Refused::UnknownCell { cell: id.to_owned() });
    let value = |cell: usize| counts.get(cell).map_or(0, |count| count.value);
    let costs = costs::ids(tables);
    let mut sums = BTreeSet::new();
    let lines = tables.iter().flat_map(|table| &table.lines);
    for line in lines.filter(|line| !costs.contains(line.total.as_str())) {
        let all = |ids: &mut dyn Iterator<Item = &String>| ids.map(|id| find(id)).collect::<Result<BTreeSet<_>, _>>();
        let totals = all(&mut std::iter::once(&line.total).chain(&line.also))?;
        let parts = all(&mut line.parts.iter())?;
        let together = |cells: &BTreeSet<usize>| cells.iter().map(|&cell| value(cell)).sum::<i64>();
        let is_plain = parts.len() == line.parts.len() && totals.len() == line.also.len() + 1;
        if !is_plain || !parts.is_disjoint(&totals) || together(&parts) != together(&totals) {
            return Err(Refused::DoesNotAddUp { total: line.total.clone() });
        }
        if parts.is_empty() {
            continue;
        }
        let signed = |cells: BTreeSet<usize>, sign: i64| cells.into_iter().map(move |cell| (cell, sign));
        sums.insert(signed(parts, 1).chain(signed(totals, -1)).collect::<Sum>());
    }
    Ok(sums.into_iter().collect())
}

/// Everybody who looks. A share counts only where the shares of all make up the cell: where they do not, the count is not
/// one that contributors' rows add up to, and nobody can subtract its own.
fn read_views(known: &Known, by_id: &HashMap<&str, usize>, counts: &[Count]) -> Vec<View> {
    let mut together: HashMap<usize, i64> = HashMap::new();
    let find = |(id, &own): (&String, &u64)| by_id.get(id.as_str()).map(|&cell| (cell, signed(own)));
    for (cell, own) in known.shares.iter().flat_map(|(_, own)| own).filter_map(find) {
        *together.entry(cell).or_default() += own;
    }
    let adds_up = |&(cell, _): &(usize, i64)| {
        counts.get(cell).is_some_and(|count| together.get(&cell).copied() == Some(count.value))
    };
    let insider = |(name, own): (&str, &HashMap<String, u64>)| View {
        name: Some(name.to_owned()),
        own: own.iter().filter_map(find).filter(adds_up).collect(),
    };
    std::iter::once(View::default()).chain(known.shares.iter().map(insider)).collect()
}
