//! The costs of a release: which may be printed, which are hidden beside those that may not, and who could work one out.
//!
//! A cost that too few stand behind, or that one of them dominates, is hidden. Costs that are sums of others are hidden
//! with it until nobody who knows what is printed, and a contributor what is its own besides, can tell what others pay to
//! within the policy's percentage. What is printed is taken to give back the exact total behind it (a mean times its weight).
//! Hiding can always do it: with every cost of a sum hidden, all of them may be dearer or cheaper together.

mod range;

use std::collections::{BTreeSet, HashMap};

use crate::gate::Refused;
use crate::known::{Memory, Past};
use crate::policy::Policy;
use crate::stake::Stake;
use crate::system::{Sum, is_small, signed};
use crate::table::{Cell, Line, Table};

/// A cost, once, however many tables show it.
pub(crate) struct Cost {
    pub(crate) id: String,
    pub(crate) value: u64,
    /// Id of the count it is of.
    pub(crate) of: String,
    stake: Stake,
    /// Not to be printed for what stands behind it.
    pub(crate) is_thin: bool,
    /// What the releases before said of it.
    pub(crate) past: Past,
}

/// Costs, their sums, and who looks: the reader, who has no name, then every contributor.
pub(crate) struct Costs {
    pub(crate) cells: Vec<Cost>,
    pub(crate) lookers: Vec<Option<String>>,
    sums: Vec<Sum>,
    sums_of: Vec<Vec<usize>>,
}

/// A cost that somebody can tell, and by place among the lookers who.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Told {
    pub(crate) cell: usize,
    pub(crate) looker: usize,
}

impl Costs {
    /// Reads the tables; refuses those that contradict themselves or one another.
    pub(crate) fn read(tables: &[Table], policy: &Policy, memory: &Memory) -> Result<Self, Refused> {
        let mut by_id: HashMap<&str, usize> = HashMap::new();
        let mut cells: Vec<Cost> = Vec::new();
        for cell in tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells) {
            intern(cell, policy, &mut by_id, &mut cells)?;
        }
        for cost in &mut cells {
            cost.past = memory.past(&cost.id, signed(cost.value));
        }
        let sums = read_sums(tables, &by_id, &cells)?;
        let sums_of = crate::system::index(&sums, cells.len());
        let names: BTreeSet<&str> = cells.iter().flat_map(|cost| cost.stake.contributors()).collect();
        let lookers = std::iter::once(None).chain(names.into_iter().map(|name| Some(name.to_owned()))).collect();
        Ok(Self { cells, lookers, sums, sums_of })
    }

    /// Hides beside those hidden already until nobody can tell a cost that is thin; `hidden` has every thin cost in it.
    pub(crate) fn hide_beside(&self, mut hidden: Vec<bool>, policy: &Policy) -> Vec<bool> {
        // Hiding more never makes a protected cost less so: once through is enough.
        for told in self.targets() {
            while let Some(next) = self.next_beside(told, &hidden, policy) {
                set(&mut hidden, next);
            }
        }
        hidden
    }

    /// The cost to hide next where somebody can tell that one.
    fn next_beside(&self, told: Told, hidden: &[bool], policy: &Policy) -> Option<usize> {
        self.can_tell(told, hidden, policy).then(|| self.nearest(told.cell, hidden)).flatten()
    }

    /// What somebody can tell all the same: thin costs that are printed, and such as sums give back.
    pub(crate) fn told(&self, hidden: &[bool], policy: &Policy) -> Vec<Told> {
        let is_printed = |cell: usize| !hidden.get(cell).copied().unwrap_or(false);
        let targets = self.targets();
        targets.into_iter().filter(|told| is_printed(told.cell) || self.can_tell(*told, hidden, policy)).collect()
    }

    /// The thin costs, for each looker those in which others have a part.
    pub(crate) fn targets(&self) -> Vec<Told> {
        let thin = || self.cells.iter().enumerate().filter(|(_, cost)| cost.is_thin);
        let others = |cost: &Cost, looker: usize| cost.stake.total() > self.own(cost, looker);
        let of = |looker: usize| {
            thin().filter(move |(_, cost)| others(cost, looker)).map(move |(cell, _)| Told { cell, looker })
        };
        (0..self.lookers.len()).flat_map(of).collect()
    }

    /// How much of a cost is the looker's own.
    fn own(&self, cost: &Cost, looker: usize) -> u64 {
        let name = self.lookers.get(looker).and_then(Option::as_deref);
        name.map_or(0, |name| cost.stake.own(name))
    }

    /// The cheapest printed cost in a sum with this one, or in a sum with a cost so found, and so on.
    fn nearest(&self, cell: usize, hidden: &[bool]) -> Option<usize> {
        let mut seen = BTreeSet::from([cell]);
        let mut ring = vec![cell];
        while !ring.is_empty() {
            let near: BTreeSet<usize> = ring
                .iter()
                .flat_map(|&cell| self.sums_of.get(cell).into_iter().flatten())
                .filter_map(|&sum| self.sums.get(sum))
                .flatten()
                .map(|&(cell, _)| cell)
                .collect();
            let printed = near.iter().copied().filter(|&cell| hidden.get(cell) == Some(&false));
            if let Some(found) = printed.min_by_key(|&cell| (self.cells.get(cell).map(|cost| cost.stake.total()), cell))
            {
                return Some(found);
            }
            ring = near.into_iter().filter(|&cell| seen.insert(cell)).collect();
        }
        None
    }
}

/// The ids of a release's costs.
pub(crate) fn ids(tables: &[Table]) -> BTreeSet<&str> {
    let cells = tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells);
    cells.filter_map(|cell| if let Cell::Cost { id, .. } = cell { Some(id.as_str()) } else { None }).collect()
}

fn set(flags: &mut [bool], cell: usize) {
    if let Some(flag) = flags.get_mut(cell) {
        *flag = true;
    }
}

fn intern<'a>(
    cell: &'a Cell,
    policy: &Policy,
    by_id: &mut HashMap<&'a str, usize>,
    cells: &mut Vec<Cost>,
) -> Result<(), Refused> {
    let Cell::Cost { id, value, of, stake, alike } = cell else { return Ok(()) };
    let value = u64::try_from(*value).unwrap_or(0);
    let too_few = alike.is_some_and(|alike| is_small(signed(alike), policy));
    let is_thin = too_few || stake.is_thin(policy);
    let next = cells.len();
    match cells.get(*by_id.entry(id).or_insert(next)) {
        None => {
            let (id, of, stake, past) = (id.clone(), of.clone(), stake.clone(), Past::default());
            cells.push(Cost { id, value, of, stake, is_thin, past });
            Ok(())
        }
        Some(known) if known.value == value && known.stake == *stake && known.of == *of => Ok(()),
        Some(known) => Err(Refused::Contradiction { cell: known.id.clone() }),
    }
}

fn read_sums(tables: &[Table], by_id: &HashMap<&str, usize>, cells: &[Cost]) -> Result<Vec<Sum>, Refused> {
    let lines = tables.iter().flat_map(|table| &table.lines).filter(|line| by_id.contains_key(line.total.as_str()));
    let sums: BTreeSet<Sum> = lines.map(|line| read_sum(line, by_id, cells)).collect::<Result<_, _>>()?;
    Ok(sums.into_iter().filter(|sum| sum.len() > 1).collect())
}

fn read_sum(line: &Line, by_id: &HashMap<&str, usize>, cells: &[Cost]) -> Result<Sum, Refused> {
    let find = |id: &String| by_id.get(id.as_str()).copied().ok_or_else(|| Refused::UnknownCell { cell: id.clone() });
    let total = find(&line.total)?;
    let parts = line.parts.iter().map(find).collect::<Result<BTreeSet<_>, _>>()?;
    let stakes: Vec<&Stake> = parts.iter().filter_map(|&part| cells.get(part)).map(|cost| &cost.stake).collect();
    let adds_up = cells.get(total).is_some_and(|cost| cost.stake.is_sum_of(&stakes));
    if !line.also.is_empty() || parts.len() != line.parts.len() || parts.contains(&total) || !adds_up {
        return Err(Refused::DoesNotAddUp { total: line.total.clone() });
    }
    Ok(parts.into_iter().map(|part| (part, 1)).chain([(total, -1)]).collect())
}
