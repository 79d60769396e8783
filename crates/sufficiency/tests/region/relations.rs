//! Every linear relation among the counts of a release must be declared: one that is not is an unguarded door.
//!
//! Of regions drawn by lot, with every dataset filled, each is an equation of a matrix (regions by cells). What the matrix sends to
//! nought is a relation that held in all of them, and must follow from the declared lines. Exact, over a prime field.

use std::collections::{BTreeMap, BTreeSet};

use hub_disclosure::{Cell, Table};

use crate::drawn::draw;
use crate::made::{CROYDON, GREENWICH, LEWISHAM, code};

/// The field: a Mersenne prime, far above any count.
const PRIME: u64 = (1 << 31) - 1;
/// So many equations: a third more than there are cells that no declared line makes of others.
const REGIONS: u64 = 390;
const MEMBERS: [&str; 3] = [LEWISHAM, GREENWICH, CROYDON];

type Vector = BTreeMap<usize, u64>;

fn power(base: u64, exponent: u64) -> u64 {
    let (mut result, mut base, mut exponent) = (1, base % PRIME, exponent);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        exponent >>= 1;
    }
    result
}

/// Adds a multiple of one vector to another.
fn add(vector: &mut Vector, by: u64, other: &Vector) {
    for (&at, value) in other {
        let sum = vector.entry(at).or_default();
        *sum = (*sum + by * value) % PRIME;
        if *sum == 0 {
            vector.remove(&at);
        }
    }
}

/// The first term of a vector after that place, or of all.
fn next_after(vector: &Vector, done: Option<usize>) -> Option<(usize, u64)> {
    let from = done.map_or(0, |at| at + 1);
    vector.range(from..).next().map(|(&at, &by)| (at, by))
}

/// Independent vectors, each led by a cell that none of the others begins with.
#[derive(Default)]
struct Echelon(BTreeMap<usize, Vector>);

impl Echelon {
    /// Adds what is new in a vector.
    fn add(&mut self, vector: Vector) {
        let vector = self.rest(vector);
        if let Some((&lead, &by)) = vector.first_key_value() {
            let mut led = Vector::new();
            add(&mut led, power(by, PRIME - 2), &vector);
            self.0.insert(lead, led);
        }
    }

    /// What is left of a vector that these cannot make.
    fn rest(&self, mut vector: Vector) -> Vector {
        let mut done = None;
        while let Some((lead, by)) = next_after(&vector, done) {
            if let Some(known) = self.0.get(&lead) {
                add(&mut vector, PRIME - by, known);
            }
            done = Some(lead);
        }
        vector
    }
}

type Counts = BTreeMap<String, u64>;

/// What a region's tables count, by cell.
fn counts(tables: &[Table]) -> Counts {
    let cells = tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells);
    let count = |cell: &Cell| if let Cell::Count { id, value, .. } = cell { Some((id.clone(), *value)) } else { None };
    cells.filter_map(count).collect()
}

/// The cell with every sub-region and every authority taken together: what holds in each area holds of their sums.
fn folded(id: &str) -> String {
    let fold = |part: &str| match part {
        "SEL" | "SWL" | "NCL" => "each_sub_region".to_owned(),
        code if code.len() == 9 && code.starts_with("E09") => "each_authority".to_owned(),
        other => other.to_owned(),
    };
    id.split('|').map(fold).collect::<Vec<_>>().join("|")
}

/// In how many ways a cell is cut beside by area.
fn cuts(folded: &str) -> usize {
    let parts: Vec<&str> = folded.split('|').collect();
    let within = parts.get(1..parts.len().saturating_sub(1)).unwrap_or_default();
    within.iter().filter(|part| **part != "all" && !part.starts_with("each_")).count()
}

/// A month's own row: what holds in it holds of the twelve together.
fn is_of_a_month(folded: &str) -> bool {
    folded.split('|').any(|part| part.len() == 7 && part.starts_with("202"))
}

/// What is tried: drawn regions, and one large one that says which lines are declared.
struct Trial {
    declared: Echelon,
    /// Folded cells, each with the cells it is of.
    cells: Vec<(String, Vec<usize>)>,
    /// A row for each region: what it counts in each folded cell.
    rows: Vec<Vec<u64>>,
}

impl Trial {
    fn of(large: &[Table], small: &[Counts]) -> Self {
        // What is nought everywhere is no term of any relation.
        let mut ever = counts(large);
        for (id, value) in small.iter().flatten() {
            ever.entry(id.clone()).and_modify(|sum| *sum += value);
        }
        let is_there = |id: &String| ever.get(id).is_some_and(|sum| *sum > 0);
        let ids: Vec<String> = ever.keys().filter(|id| is_there(id)).cloned().collect();
        let at = |id: &str| ids.binary_search_by(|known| known.as_str().cmp(id)).ok();
        let mut declared = Echelon::default();
        let mut totals = BTreeSet::new();
        for line in large.iter().flat_map(|table| &table.lines) {
            let these = std::iter::once(&line.total).chain(&line.also).map(|id| (at(id), PRIME - 1));
            let line_of = these.chain(line.parts.iter().map(|id| (at(id), 1)));
            // Lines of costs are of no counts.
            if ever.contains_key(&line.total) {
                declared.add(line_of.filter_map(|(at, by)| Some((at?, by))).collect());
            }
            if line.also.is_empty()
                && line.parts.iter().map(|part| folded(part)).all(|part| cuts(&part) < 2 && !is_of_a_month(&part))
            {
                totals.insert(folded(&line.total));
            }
        }
        let mut of: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, id) in ids.iter().enumerate() {
            of.entry(folded(id)).or_default().push(at);
        }
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for (id, value) in small.iter().flatten() {
            // What the large region lacks is not looked at, nor what it would be added to.
            *seen.entry(folded(id)).or_default() += usize::from(*value > 0);
            if *value > 0 && at(id).is_none() {
                of.remove(&folded(id));
            }
        }
        let is_kept = |id: &String| {
            cuts(id) < 2 && !is_of_a_month(id) && !totals.contains(id) && seen.get(id).is_some_and(|seen| *seen > 9)
        };
        let cells: Vec<(String, Vec<usize>)> = of.into_iter().filter(|(id, _)| is_kept(id)).collect();
        let row = |counts: &Counts| {
            let value = |&at: &usize| counts.get(&ids[at]).copied().unwrap_or(0);
            cells.iter().map(|(_, of)| of.iter().map(value).sum::<u64>()).collect()
        };
        let rows = small.iter().map(row).collect();
        Self { declared, cells, rows }
    }

    /// Relations that held in every region and that no declared line makes, in words.
    fn undeclared(&self) -> Vec<String> {
        let (pivots, rows) = reduced(self.rows.clone(), self.cells.len());
        assert!(pivots.len() < self.rows.len(), "more regions are needed: {} of {}", pivots.len(), self.rows.len());
        let led: BTreeSet<usize> = pivots.iter().copied().collect();
        let mut found = Vec::new();
        for free in (0..self.cells.len()).filter(|at| !led.contains(at)) {
            let others = pivots.iter().zip(&rows).map(|(&pivot, row)| (pivot, (PRIME - row[free]) % PRIME));
            let relation: Vector = others.chain([(free, 1)]).filter(|(_, by)| *by > 0).collect();
            let of = |(&at, &by): (&usize, &u64)| self.cells[at].1.iter().map(move |&cell| (cell, by));
            if !self.declared.rest(relation.iter().flat_map(of).collect()).is_empty() {
                found.push(self.words(&relation));
            }
        }
        found
    }

    fn words(&self, relation: &Vector) -> String {
        let word = |(at, by): (&usize, &u64)| {
            let signed = if *by > PRIME / 2 { format!("-{}", PRIME - by) } else { format!("+{by}") };
            format!("{signed} {}", self.cells[*at].0)
        };
        relation.iter().map(word).collect::<Vec<_>>().join("  ")
    }
}

/// The rows brought to echelon form, and the column that leads each.
fn reduced(mut rows: Vec<Vec<u64>>, width: usize) -> (Vec<usize>, Vec<Vec<u64>>) {
    let mut pivots = Vec::new();
    for column in 0..width {
        let done = pivots.len();
        let Some(found) = (done..rows.len()).find(|&row| rows[row][column] > 0) else { continue };
        rows.swap(done, found);
        let inverse = power(rows[done][column], PRIME - 2);
        let lead: Vec<u64> = rows[done].iter().map(|value| value * inverse % PRIME).collect();
        for (_, row) in rows.iter_mut().enumerate().filter(|(at, row)| *at != done && row[column] > 0) {
            let by = PRIME - row[column];
            for (value, lead) in row.iter_mut().zip(&lead).skip(column) {
                *value = (*value + by * lead) % PRIME;
            }
        }
        rows[done] = lead;
        pivots.push(column);
    }
    rows.truncate(pivots.len());
    (pivots, rows)
}

/// A rename forgotten: a table counts what another counts under a name of its own, and says nothing of it.
fn forget_a_rename(large: &mut [Table], small: &mut [Counts]) {
    let is_planted = |id: &str| id.starts_with("market_gaps|") && id.ends_with("|all|all|all|no_offer");
    let renamed = |id: &str| id.replacen("market_gaps", "market_gaps_by_need", 1);
    let table = large.iter_mut().find(|table| table.name == "market_gaps_by_need").unwrap();
    for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells) {
        if let Cell::Count { id, .. } = cell
            && is_planted(id)
        {
            *id = renamed(id);
        }
    }
    for line in &mut table.lines {
        line.parts.iter_mut().chain([&mut line.total]).filter(|id| is_planted(id)).for_each(|id| *id = renamed(id));
    }
    for counts in small {
        let planted: Vec<_> = counts.iter().filter(|(id, _)| is_planted(id)).map(|(id, &n)| (renamed(id), n)).collect();
        counts.extend(planted);
    }
}

#[test]
fn every_relation_among_counts_is_declared() {
    let members = MEMBERS.map(code);
    let mut large = draw(9_999, &members, 150).finish().tables();
    let mut small: Vec<Counts> = (0..REGIONS).map(|seed| counts(&draw(seed, &members, 5).finish().tables())).collect();
    assert_eq!(Trial::of(&large, &small).undeclared(), Vec::<String>::new());
    // The planted fault.
    forget_a_rename(&mut large, &mut small);
    let found = Trial::of(&large, &small).undeclared();
    assert!(found.iter().any(|relation| relation.contains("market_gaps_by_need|each_sub_region")), "{found:?}");
}
