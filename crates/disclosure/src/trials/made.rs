//! Made-up releases for the trials.

use crate::{Cell, Cube, DefinitionRef, Dimension, Table};

/// Deterministic numbers for made-up tables.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

pub(super) fn definition() -> DefinitionRef {
    DefinitionRef { id: "trial".to_owned(), version: 1, vintage: None }
}

pub(super) fn axis(name: &str, size: usize) -> Dimension {
    Dimension::flat(name, (0..size).map(|i| format!("{name}{i}")))
}

/// A tree: all, then groups, then two leaves under each.
fn tree(name: &str, groups: usize) -> Dimension {
    let mut dimension = axis(name, groups);
    for group in 1..=groups {
        for leaf in 0..2 {
            let key = format!("{name}{group}.{leaf}");
            dimension.nodes.push(crate::Node { labels: vec![key.clone()], key, parent: Some(group) });
        }
    }
    dimension
}

fn leaves(dimension: &Dimension) -> Vec<usize> {
    let is_leaf = |at: &usize| !dimension.nodes.iter().any(|node| node.parent == Some(*at));
    (0..dimension.nodes.len()).filter(is_leaf).collect()
}

fn made_up(dice: &mut Dice, name: &str, dimensions: Vec<Dimension>, most: u64) -> Table {
    let places: Vec<Vec<usize>> = dimensions.iter().map(leaves).collect();
    let mut cube = Cube::new(name, &["n"], dimensions).dense();
    let mut at = vec![0; places.len()];
    loop {
        let leaf: Vec<usize> = at.iter().zip(&places).map(|(&i, list)| list[i]).collect();
        // A mixture of empty, small and safe cells, as real tables are.
        let count = if dice.roll(3) == 0 { 0 } else { dice.roll(most) };
        cube.add(&leaf, 0, count);
        let Some(next) = (0..at.len()).rev().find(|&i| at[i] + 1 < places[i].len()) else { break };
        at[next] += 1;
        at[next + 1..].fill(0);
    }
    cube.into_table(name, definition(), &|_, _| None)
}

pub(super) fn shapes(dice: &mut Dice, trial: usize) -> Vec<Table> {
    let most = 2 + dice.roll(14);
    match trial % 5 {
        0 => vec![made_up(dice, "flat", vec![axis("a", 3), axis("b", 3)], most)],
        1 => vec![made_up(dice, "cube", vec![axis("a", 2), axis("b", 2), axis("c", 2)], most)],
        2 => vec![made_up(dice, "tree", vec![tree("a", 2), axis("b", 2)], most)],
        3 => vec![made_up(dice, "line", vec![axis("a", 4)], most)],
        _ => linked(dice, most),
    }
}

/// Two tables of the same people, by a × b and by a × c: their a-margins are the same cells.
fn linked(dice: &mut Dice, most: u64) -> Vec<Table> {
    let mut one = Cube::new("one", &["n"], vec![axis("a", 2), axis("b", 2)]).dense();
    let mut two = Cube::new("two", &["n"], vec![axis("a", 2), axis("c", 3)]).dense();
    for a in 1..=2 {
        for _ in 0..dice.roll(most * 3) {
            let (b, c) = (usize::try_from(1 + dice.roll(2)).unwrap(), usize::try_from(1 + dice.roll(3)).unwrap());
            one.add(&[a, b], 0, 1);
            two.add(&[a, c], 0, 1);
        }
    }
    let margin = |keys: &[&str], _: &str| (keys[1] == "all").then(|| format!("people|{}", keys[0]));
    vec![one.into_table("one", definition(), &margin), two.into_table("two", definition(), &margin)]
}

pub(super) fn row_of(values: &[(&str, u64)], lines: &[(&str, &[&str])]) -> Table {
    let rows = values.iter().map(|&(id, value)| crate::Row {
        labels: vec![id.to_owned()],
        cells: vec![Cell::Count { id: id.to_owned(), value, contributors: None }],
    });
    let lines = lines.iter().map(|(total, parts)| {
        crate::Line::of((*total).to_owned(), parts.iter().map(|part| (*part).to_owned()).collect())
    });
    Table {
        name: "t".to_owned(),
        title: String::new(),
        definition: definition(),
        dimensions: vec!["id".to_owned()],
        measures: vec!["n".to_owned()],
        rows: rows.collect(),
        lines: lines.collect(),
        frames: Vec::new(),
    }
}

/// A region of a few authorities: two tables that share the counts by age, and what each authority knows.
pub(super) fn region(dice: &mut Dice, authorities: usize, children: u64) -> (Vec<Table>, crate::Shares) {
    let mut rows = Vec::new();
    for authority in 1..=authorities {
        for _ in 0..dice.roll(children) {
            rows.push([authority, pick(dice, 2), pick(dice, 2)]);
        }
    }
    of_rows(&rows, authorities)
}

/// A child of any authority, age and kind of home.
pub(super) fn child(dice: &mut Dice, authorities: usize) -> [usize; 3] {
    [pick(dice, u64::try_from(authorities).unwrap()), pick(dice, 2), pick(dice, 2)]
}

/// The region of these children.
pub(super) fn of_rows(rows: &[[usize; 3]], authorities: usize) -> (Vec<Table>, crate::Shares) {
    let mut shares = crate::Shares::default();
    for authority in 1..=authorities {
        let own: Vec<[usize; 3]> = rows.iter().filter(|row| row[0] == authority).copied().collect();
        shares.take(&format!("a{}", authority - 1), &by_age_and_kind(&own, authorities));
    }
    (by_age_and_kind(rows, authorities), shares)
}

fn pick(dice: &mut Dice, of: u64) -> usize {
    usize::try_from(1 + dice.roll(of)).unwrap()
}

/// Authorities by age; ages by kind of home, over all authorities.
fn by_age_and_kind(rows: &[[usize; 3]], authorities: usize) -> Vec<Table> {
    let mut one = Cube::new("one", &["n"], vec![axis("a", authorities), axis("b", 2)]).dense();
    let mut two = Cube::new("two", &["n"], vec![axis("b", 2), axis("c", 2)]).dense();
    for &[a, b, c] in rows {
        one.add(&[a, b], 0, 1);
        two.add(&[b, c], 0, 1);
    }
    let of_one = |keys: &[&str], _: &str| (keys[0] == "all").then(|| format!("age|{}", keys[1]));
    let of_two = |keys: &[&str], _: &str| (keys[1] == "all").then(|| format!("age|{}", keys[0]));
    vec![one.into_table("one", definition(), &of_one), two.into_table("two", definition(), &of_two)]
}
