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

/// Independent vectors, each led by a cell that none of the others begins with.
#[derive(Default)]
struct Echelon(BTreeMap<usize, Vector>);

impl Echelon {
    /// Adds what is new in a vector; says whether anything was.
    fn add(&mut self, mut vector: Vector) -> bool {
        while let Some((&lead, &by)) = vector.first_key_value() {
            let Some(known) = self.0.get(&lead) else {
                let inverse = power(by, PRIME - 2);
                vector.values_mut().for_each(|value| *value = *value * inverse % PRIME);
                self.0.insert(lead, vector);
                return true;
            };
            for (&at, value) in known {
                let sum = vector.entry(at).or_default();
                *sum = (*sum + (PRIME - by) * value) % PRIME;
            }
            vector.retain(|_, value| *value > 0);
        }
        false
    }
}

/// What a region's tables count, by cell.
fn counts(tables: &[Table]) -> BTreeMap<String, u64> {
    let cells = tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells);
    let count = |cell: &Cell| if let Cell::Count { id, value, .. } = cell { Some((id.clone(), *value)) } else { None };
    cells.filter_map(count).collect()
}

#[test]
fn probe() {
    let members = MEMBERS.map(code);
    let started = std::time::Instant::now();
    let big = draw(9_999, &members, 400).finish().tables();
    eprintln!("big {:?}", started.elapsed());
    let n: usize = std::env::var("N").ok().and_then(|n| n.parse().ok()).unwrap_or(50);
    let started = std::time::Instant::now();
    let mut often: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..n {
        for (id, value) in counts(&draw(seed as u64, &members, 20).finish().tables()) {
            *often.entry(id).or_default() += usize::from(value > 0);
        }
    }
    eprintln!("{n} in {:?}", started.elapsed());
    let all = counts(&big);
    let is_local = |id: &str| id.split('|').any(|part| part.starts_with("E09") || part.starts_with("E10"));
    for k in [1, 5, 10, 20] {
        let kept: BTreeSet<_> = often.iter().filter(|(id, n)| **n >= k && all.contains_key(*id)).map(|(id, _)| id).collect();
        eprintln!("at least {k}: {} cells, {} not local", kept.len(), kept.iter().filter(|id| !is_local(id)).count());
    }
    let mut by: BTreeMap<&str, usize> = BTreeMap::new();
    for id in often.keys().filter(|id| !is_local(id)) {
        *by.entry(id.split('|').next().unwrap()).or_default() += 1;
    }
    eprintln!("{} cells big {:?}", all.len(), by);
    let _ = Echelon::default();
}
