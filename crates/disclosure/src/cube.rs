//! Builds a table with all its margins, and declares every sum among them.

use std::collections::{BTreeMap, BTreeSet};

use crate::behind::Contributors;
use crate::table::{Cell, DefinitionRef, Line, Row, Table};

/// A place on a dimension: a leaf that counts are added to, or a total over those below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Names the place in cell ids; unique on its dimension.
    pub key: String,
    /// What the label columns say.
    pub labels: Vec<String>,
    /// The total this place counts towards; always earlier in the list.
    pub parent: Option<usize>,
}

/// One way of cutting the counts, with its totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// Names of the label columns.
    pub columns: Vec<String>,
    /// Places, totals before what they total, in the order shown.
    pub nodes: Vec<Node>,
}

/// Counts by leaf, which become a table with every margin.
#[derive(Clone)]
pub struct Cube {
    name: String,
    measures: Vec<String>,
    dimensions: Vec<Dimension>,
    sums: Vec<(usize, Vec<usize>)>,
    leaves: BTreeMap<Vec<usize>, Vec<u64>>,
    /// Who stands behind each place, totals included.
    behind: BTreeMap<Vec<usize>, Contributors>,
    by_contributors: bool,
    dense: bool,
}

/// Gives a cell another id than its own, by the keys of its places and its measure: how a count that
/// stands in two tables is made one.
pub type Rename<'a> = &'a dyn Fn(&[&str], &str) -> Option<String>;

impl std::fmt::Debug for Cube {
    /// Name and size only.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cube").field("name", &self.name).field("leaves", &self.leaves.len()).finish_non_exhaustive()
    }
}

impl Dimension {
    /// A dimension of one label column: a total named `all`, then `leaves`.
    pub fn flat<T: Into<String>>(column: &str, leaves: impl IntoIterator<Item = T>) -> Self {
        let total = Node { key: "all".to_owned(), labels: vec!["all".to_owned()], parent: None };
        let leaves = leaves.into_iter().map(Into::into);
        let leaves = leaves.map(|key| Node { labels: vec![key.clone()], key, parent: Some(0) });
        Self { columns: vec![column.to_owned()], nodes: std::iter::once(total).chain(leaves).collect() }
    }

    /// Where the place of that key stands.
    pub fn find(&self, key: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.key == key)
    }

    /// The place and every total above it.
    pub fn upward(&self, at: usize) -> Vec<usize> {
        std::iter::successors(Some(at), |&at| self.nodes.get(at).and_then(|node| node.parent)).collect()
    }

    /// The places that count towards it straight away.
    pub fn below(&self, at: usize) -> impl Iterator<Item = usize> {
        self.nodes.iter().enumerate().filter(move |(_, node)| node.parent == Some(at)).map(|(index, _)| index)
    }
}

impl Cube {
    /// An empty cube. Rows that hold nothing are left out unless [`Cube::dense`].
    pub fn new(name: &str, measures: &[&str], dimensions: Vec<Dimension>) -> Self {
        Self {
            name: name.to_owned(),
            measures: measures.iter().map(|&measure| measure.to_owned()).collect(),
            dimensions,
            sums: Vec::new(),
            leaves: BTreeMap::new(),
            behind: BTreeMap::new(),
            by_contributors: false,
            dense: false,
        }
    }

    /// Every row is shown, also those that hold nothing.
    #[must_use]
    pub fn dense(mut self) -> Self {
        self.dense = true;
        self
    }

    /// In every row, the measure `total` is the measures `parts` together.
    #[must_use]
    pub fn summing(mut self, total: usize, parts: &[usize]) -> Self {
        self.sums.push((total, parts.to_vec()));
        self
    }

    /// Cells say how many contributors stand behind them: see [`Cube::contribute`].
    #[must_use]
    pub fn by_contributors(mut self) -> Self {
        self.by_contributors = true;
        self
    }

    /// The dimensions.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// Adds `count` to a measure at a leaf, given by one place per dimension.
    pub fn add(&mut self, at: &[usize], measure: usize, count: u64) {
        let width = self.measures.len();
        let counts = self.leaves.entry(at.to_vec()).or_default();
        counts.resize(width, 0);
        if let Some(sum) = counts.get_mut(measure) {
            *sum = sum.saturating_add(count);
        }
    }

    /// One more contributor, of `owner`'s, stands behind these leaves and behind every total over them: behind each once, however
    /// many of the leaves it holds. To be called once for each contributor.
    pub fn contribute<'a>(&mut self, owner: &str, leaves: impl IntoIterator<Item = &'a [usize]>) {
        let chains = |leaf: &[usize]| combine(&self.chains(leaf));
        let places: BTreeSet<Vec<usize>> = leaves.into_iter().flat_map(chains).collect();
        for at in places {
            self.behind.entry(at).or_default().add(owner, 1);
        }
    }

    /// A leaf and every total over it, dimension by dimension.
    fn chains(&self, leaf: &[usize]) -> Vec<Vec<usize>> {
        self.dimensions.iter().zip(leaf).map(|(dimension, &place)| dimension.upward(place)).collect()
    }

    /// The table with every margin, and a line for every sum.
    pub fn into_table(self, title: &str, definition: DefinitionRef, rename: Rename<'_>) -> Table {
        let sums = self.roll_up();
        let rows = sums.iter().map(|(at, counts)| self.row(at, counts, rename)).collect();
        let mut lines = Vec::new();
        for at in sums.keys() {
            self.add_lines(at, &sums, rename, &mut lines);
        }
        let columns = self.dimensions.iter().flat_map(|dimension| dimension.columns.iter().cloned()).collect();
        Table {
            name: self.name,
            title: title.to_owned(),
            definition,
            dimensions: columns,
            measures: self.measures,
            rows,
            lines,
            frames: vec![self.dimensions],
        }
    }

    fn roll_up(&self) -> BTreeMap<Vec<usize>, Vec<u64>> {
        let width = self.measures.len();
        let mut sums: BTreeMap<Vec<usize>, Vec<u64>> = BTreeMap::new();
        if self.dense {
            let all = self.dimensions.iter().map(|dimension| (0..dimension.nodes.len()).collect()).collect::<Vec<_>>();
            sums.extend(combine(&all).into_iter().map(|at| (at, vec![0; width])));
        }
        for (leaf, counts) in &self.leaves {
            for at in combine(&self.chains(leaf)) {
                let sum = sums.entry(at).or_default();
                sum.resize(width, 0);
                sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            }
        }
        sums
    }

    fn row(&self, at: &[usize], counts: &[u64], rename: Rename<'_>) -> Row {
        let contributors = self.by_contributors.then(|| self.behind.get(at).cloned().unwrap_or_default());
        let cells = self.measures.iter().zip(counts).map(|(measure, &value)| Cell::Count {
            id: self.id(at, measure, rename),
            value,
            contributors: contributors.clone(),
        });
        Row { labels: self.places(at).flat_map(|node| node.labels.iter().cloned()).collect(), cells: cells.collect() }
    }

    fn add_lines(
        &self,
        at: &[usize],
        sums: &BTreeMap<Vec<usize>, Vec<u64>>,
        rename: Rename<'_>,
        lines: &mut Vec<Line>,
    ) {
        for (axis, dimension) in self.dimensions.iter().enumerate() {
            let Some(&place) = at.get(axis) else { continue };
            let under: Vec<Vec<usize>> = dimension
                .below(place)
                .map(|below| at.iter().enumerate().map(|(i, &old)| if i == axis { below } else { old }).collect())
                .filter(|under| sums.contains_key(under))
                .collect();
            if under.is_empty() {
                continue;
            }
            lines.extend(self.measures.iter().map(|measure| {
                Line::of(
                    self.id(at, measure, rename),
                    under.iter().map(|under| self.id(under, measure, rename)).collect(),
                )
            }));
        }
        let name = |index: &usize| self.measures.get(*index).map(|measure| self.id(at, measure, rename));
        lines.extend(
            self.sums
                .iter()
                .filter_map(|(total, parts)| Some(Line::of(name(total)?, parts.iter().filter_map(name).collect()))),
        );
    }

    fn id(&self, at: &[usize], measure: &str, rename: Rename<'_>) -> String {
        let keys: Vec<&str> = self.places(at).map(|node| node.key.as_str()).collect();
        rename(&keys, measure).unwrap_or_else(|| format!("{}|{}|{measure}", self.name, keys.join("|")))
    }

    fn places(&self, at: &[usize]) -> impl Iterator<Item = &Node> {
        self.dimensions.iter().zip(at).filter_map(|(dimension, &place)| dimension.nodes.get(place))
    }
}

/// One of each list, in every way.
fn combine(lists: &[Vec<usize>]) -> Vec<Vec<usize>> {
    lists.iter().fold(vec![Vec::new()], |all, list| {
        let with =
            |start: &Vec<usize>| list.iter().map(|&item| [start.as_slice(), &[item]].concat()).collect::<Vec<_>>();
        all.iter().flat_map(with).collect()
    })
}
